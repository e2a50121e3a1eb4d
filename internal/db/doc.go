// Package db is the only door to the store: one SQL text, two databases.
//
// View reads in one snapshot, Update writes in one transaction; nothing else opens
// the store. On SQLite one writer takes the queued updates, runs each in its
// savepoint and commits them together, durably; an Update returns after the commit
// that holds it. On PostgreSQL updates run side by side under the lock that
// casefile.Lock takes, and are tried again after a serialization failure.
//
// The package also keeps what depends on the database: migrations, leases, ids,
// numbers, idempotency keys and the one search query that has two texts. It knows no tables
// of the slices.
package db
