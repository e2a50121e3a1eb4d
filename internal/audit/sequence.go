package audit

import (
	"context"
	"database/sql"
	"fmt"
	"sort"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A batch is bounded so that it holds the SQLite writer for less than 20 ms (500 take
// 5 ms, BenchmarkSequence prints it). PostgreSQL has no one writer to hold: there a
// batch is as large as the leaves of the round trips that it saves.
const (
	liteBatch     = 500
	postgresBatch = 4000
)

// PostgreSQL pays for each trip and takes many at once; SQLite would keep its one writer from others.
func batchSize(postgres bool) int {
	if postgres {
		return postgresBatch
	}
	return liteBatch
}

// Sequence gives positions to the oldest waiting leaves, at most one batch, writes
// their tiles, signs the new head, and returns how many there were: all in one
// transaction, so that a killed process leaves the log as it was. It refuses to go on
// over a log whose tiles do not give the signed root, because a new signature would
// cover the damage.
func Sequence(ctx context.Context, d *db.DB) (n int, err error) {
	defer fault.Wrap(&err, "sequence")
	err = d.Update(ctx, func(tx *db.Tx) error {
		n, err = sequence(tx)
		return err
	})
	return n, err
}

// Gives positions to what waits, in one transaction: leaves, tiles and head are either all there or none.
func sequence(tx *db.Tx) (int, error) {
	h, err := holdHead(tx)
	if err != nil {
		return 0, err
	}
	batch, err := place(tx, h.size)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	e, err := loadEdge(tx, h.size)
	if err != nil {
		return 0, err
	}
	if root, err := e.root(); err != nil {
		return 0, err
	} else if root != h.root {
		return 0, fmt.Errorf("tiles give root %s, the head says %s: the log is damaged, run 'lienthong audit verify'", root, h.root)
	}
	if err := grow(tx, e, batch); err != nil {
		return 0, err
	}
	key, err := signer(tx)
	if err != nil {
		return 0, err
	}
	h.size = e.size
	if h.root, err = e.root(); err != nil {
		return 0, err
	}
	return len(batch), h.sign(tx, key)
}

// place gives the next positions to the oldest waiting leaves in one statement.
func place(tx *db.Tx, size int64) (batch []Leaf, err error) {
	err = tx.All(`
		WITH waiting AS (
			SELECT ref AS name, row_number() OVER (ORDER BY left_at, ref) AS nth
			FROM (SELECT ref, left_at FROM leaf WHERE seq IS NULL ORDER BY left_at, ref LIMIT $1) AS oldest
		)
		UPDATE leaf SET seq = $2 + nth - 1 FROM waiting WHERE ref = name
		RETURNING ref, hash, seq`, []any{batchSize(tx.Postgres()), size}, func(r *sql.Rows) error {
		l, err := scanLeaf(r)
		batch = append(batch, l)
		return err
	})
	sort.Slice(batch, func(i, j int) bool { return batch[i].Seq < batch[j].Seq })
	return batch, err
}

// grow appends the batch to the tree and writes every tile that changed, each once.
func grow(tx *db.Tx, e *edge, batch []Leaf) error {
	e.full = func(level int, n int64, b []byte) error { return writeTile(tx, level, n, b) }
	for _, l := range batch {
		if l.Seq != e.size {
			return fmt.Errorf("leaf %s got position %d, wanted %d", l.Ref, l.Seq, e.size)
		}
		if err := e.add(node(l.Ref, l.Hash)); err != nil {
			return err
		}
	}
	for level, t := range e.rim {
		if t.dirty && len(t.bytes) > 0 {
			if err := writeTile(tx, level, t.n, t.bytes); err != nil {
				return err
			}
		}
	}
	return nil
}
