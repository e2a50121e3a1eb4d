package db

import (
	"context"
	"errors"
	"sync"
	"time"

	"lienthong/internal/fault"
)

// numbers are the tracking numbers this process has reserved and not yet given out.
type numbers struct {
	mu sync.Mutex
	m  map[string]*block // taken in blocks, so that two who number do not wait
}

// A block is a run of reserved numbers: next … end-1.
type block struct{ next, end int64 }

// blockSize is how many tracking numbers PostgreSQL reserves at once. A process that
// ends loses at most this many a name; the numbers only have to be unique.
const blockSize = 20

const countUp = `
	INSERT INTO counter (name, n) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET n = counter.n + excluded.n RETURNING n`

// Number returns the next tracking number of name, from 1: unique, not gapless. On
// PostgreSQL blocks are reserved in a small transaction of their own, so that cases
// raised at once do not wait for each other's commit. A name used here is never
// given to Gapless.
func (tx *Tx) Number(name string) (n int64, err error) {
	if !tx.Postgres() {
		return tx.Gapless(name)
	}
	if err := tx.ready(true, countUp); err != nil {
		return 0, err
	}
	s := &tx.db.nums
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.m[name]
	if b == nil || b.next == b.end {
		if b, err = tx.db.pg.reserve(name, tx.db.updateLimit()); err != nil {
			return 0, err
		}
		if s.m == nil {
			s.m = make(map[string]*block)
		}
		s.m[name] = b
	}
	b.next++
	return b.next - 1, nil
}

// reserve takes the next block of name. It uses its own connection: all of the pool's
// may be held by updates that wait for this number.
func (p *postgres) reserve(name string, limit time.Duration) (b *block, err error) {
	defer fault.Wrap(&err, "reserve numbers of %s", name)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var last int64
	if err := p.side.QueryRowContext(ctx, countUp, name, blockSize).Scan(&last); err != nil {
		return nil, explain(err)
	}
	return &block{last - blockSize + 1, last + 1}, nil
}

// Gapless returns the next register number of name, from 1, in this transaction: a
// rollback gives it back, so the numbers of a register have no gaps. On PostgreSQL the name
// stays locked until the commit; take it as late as possible (see Last).
func (tx *Tx) Gapless(name string) (n int64, err error) {
	if group, ok := tx.q.(*liteConn); ok {
		return tx.gaplessOf(group, name)
	}
	err = tx.One(countUp, []any{name, 1}, &n)
	tx.stats.Reads--
	tx.stats.Writes++
	return n, err
}

// gaplessOf counts up on SQLite, where nobody else writes while a group does: its last number
// is read once for all of the group, and written without asking for it back, for which
// SQLite makes a table each time.
func (tx *Tx) gaplessOf(group *liteConn, name string) (n int64, err error) {
	n, known := group.counters[name]
	if !known {
		err = tx.One(`SELECT n FROM counter WHERE name = $1`, []any{name}, &n)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return 0, err
		}
	}
	n++
	_, err = tx.Exec(`INSERT INTO counter (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1`, name)
	if err != nil {
		return 0, err
	}
	if group.counters == nil {
		group.counters = make(map[string]int64)
	}
	group.counters[name] = n
	return n, nil
}
