package db

import "slices"

// A put is one write of which nobody asks how many rows it changed.
type put struct {
	query string
	args  []any
}

// Put writes, and asks for no count. On PostgreSQL the writes of an operation that stand
// behind each other go to the server together, with the commit where they are its last: an
// operation was 14 to 17 trips to the server, most of them for an answer that nobody read. What is
// put is there for every later statement of the transaction. An error may come
// with a later statement or with the commit, so who must answer a broken rule
// itself uses Exec. For the count of rows a put is one row on PostgreSQL.
func (tx *Tx) Put(query string, args ...any) error {
	if !tx.Postgres() {
		_, err := tx.Exec(query, args...)
		return err
	}
	if err := tx.alive(true); err != nil {
		return err
	}
	args = storable(slices.Clone(args)) // the caller may use its list again before it is sent
	tx.heard(query, args)
	tx.stats.Writes++
	tx.puts = append(tx.puts, put{query, args})
	return nil
}

// send sends what was put, with more behind it, in one trip; n is what the last changed.
func (tx *Tx) send(more ...put) (n int64, err error) {
	all := append(tx.puts, more...)
	if len(all) == 0 {
		return 0, nil
	}
	for _, p := range tx.puts { // what stands behind them has asked already
		if err := tx.ready(true, p.query); err != nil {
			return 0, err
		}
	}
	tx.puts = nil
	n, err = tx.q.(*pgTx).batch(all)
	return n, explain(err)
}
