package db

import "database/sql"

// versions are the numbers of the things that nodes keep in memory, as one transaction
// saw them.
type versions map[string]int64

// Versions read in a transaction stand under this key: all of it sees the same.
type versionsKey struct{}

// Version returns how often what is called name has changed; 0 for never. All numbers
// are read together, once a transaction, so that several packages that keep things in
// memory cost one read between them - on SQLite even one for all updates that commit
// together, because nobody else writes while they do. Use it with Memo: the number belongs into the key.
func (tx *Tx) Version(name string) (int64, error) {
	if v, ok := tx.Value(versionsKey{}).(versions); ok {
		return v[name], nil
	}
	group, grouped := tx.q.(*liteConn)
	if grouped && tx.writes && group.versions != nil {
		return group.versions[name], nil
	}
	v := versions{}
	err := tx.All(`SELECT name, n FROM version`, nil, func(r *sql.Rows) error {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		v[name] = n
		return err
	})
	if err != nil {
		return 0, err
	}
	tx.SetValue(versionsKey{}, v)
	if grouped && tx.writes {
		group.versions = v
	}
	return v[name], nil
}

// Bump says that what is called name has changed: from the commit on every node reads
// it again.
func (tx *Tx) Bump(name string) error {
	_, err := tx.Exec(`INSERT INTO version (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = version.n + 1`, name)
	tx.ForgetVersions()
	return err
}

// ForgetVersions makes this transaction read the numbers again: it has just waited for
// another that may have changed them.
func (tx *Tx) ForgetVersions() {
	delete(tx.values, versionsKey{})
	if group, ok := tx.q.(*liteConn); ok {
		group.versions = nil
	}
}
