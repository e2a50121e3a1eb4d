package db

import (
	"context"
	"time"

	"lienthong/internal/fault"
)

// Lease tries to take or to keep the named lease for holder until d from now; won
// says whether holder has it. Any number of nodes may try: one wins. On PostgreSQL
// the database's clock counts, so that nodes need not agree on the time.
func (d *DB) Lease(ctx context.Context, name, holder string, length time.Duration) (won bool, err error) {
	defer fault.Wrap(&err, "lease %s", name)
	err = d.Update(ctx, func(tx *Tx) error {
		now, err := tx.LeaseClock()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO lease (name, holder, until) VALUES ($1, '', '') ON CONFLICT (name) DO NOTHING`, name); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE lease SET holder = $1, until = $2 WHERE name = $3 AND (until < $4 OR holder = $1)`,
			holder, FormatInstant(now.Add(length)), name, FormatInstant(now))
		won = n == 1
		return err
	})
	return won, err
}

// Release gives the lease up early, so that another node need not wait.
func (d *DB) Release(ctx context.Context, name, holder string) error {
	return d.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE lease SET until = '' WHERE name = $1 AND holder = $2`, name, holder)
		return err
	})
}

// LeaseClock is real time, never tx.Now: a lease is about machines, not matters. On
// PostgreSQL it is the clock of the server, which all nodes share.
func (tx *Tx) LeaseClock() (now time.Time, err error) {
	if !tx.Postgres() {
		return time.Now(), nil
	}
	var s string
	err = tx.One(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, nil, &s)
	if err != nil {
		return now, err
	}
	return ParseInstant(s)
}

// ClockSkew returns how far this node's clock is from the database's; zero on SQLite.
func (d *DB) ClockSkew(ctx context.Context) (skew time.Duration, err error) {
	err = d.View(ctx, func(tx *Tx) error {
		now, err := tx.LeaseClock()
		skew = time.Since(now).Abs()
		return err
	})
	if !d.Postgres() {
		skew = 0
	}
	return skew, err
}
