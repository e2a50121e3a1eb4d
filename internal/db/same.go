package db

import (
	"strconv"
	"sync"
)

// same keeps what views made of one state of the store (a whole page, the figures of a
// board) for whoever asks the same question before anything is committed. It is exact where
// recent is near: the database itself says whether a view sees what an earlier one saw, so
// whatever any program commits, an act of the same officer or a sealing from the command
// line, is seen by the next view.
type same struct {
	mu   sync.Mutex
	all  map[string]made
	held int // bytes
}

// What was made, of which state, in which second. The clock stands in what is made too: hours
// left, what is late. It goes on by seconds.
type made struct {
	v     any
	size  int
	state string
	at    int64
}

// sameBound is how many bytes are kept; past it all are forgotten. A page weighs about
// 50 kB, and only officers who ask again within a second find theirs.
const sameBound = 8 << 20

// Same returns what load made for this key in the same state of the store and the same
// second of tx.Now, or calls it; size says in bytes how much it is. key names everything
// else that the answer rests on: who asks, in which post, with which address. What is
// returned is shared: nobody changes it. In an update nothing is kept: load is called.
func (tx *Tx) Same(key string, load func() (v any, size int, err error)) (any, error) {
	if tx.writes {
		v, _, err := load()
		return v, err
	}
	where, state, err := tx.state()
	if err != nil {
		return nil, err
	}
	k, now := &tx.db.same, tx.Now.Unix()
	key = where + key
	k.mu.Lock()
	m, ok := k.all[key]
	k.mu.Unlock()
	if ok && m.state == state && m.at == now {
		return m.v, nil
	}
	v, size, err := load()
	if err == nil {
		k.put(key, made{v, size + len(key), state, now})
	}
	return v, err
}

// put keeps what was made in the place of what was made before.
func (k *same) put(key string, m made) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held += m.size - k.all[key].size
	if k.all == nil || k.held > sameBound {
		k.all, k.held = make(map[string]made), m.size
	}
	k.all[key] = m
}

// state names the state of the store that this view sees. On PostgreSQL two snapshots that
// read alike see the same transactions, whichever connection took them. On SQLite each
// connection counts for itself how often another one, of whichever program, has changed the
// file: where says whose count it is.
func (tx *Tx) state() (where, state string, err error) {
	if tx.Postgres() {
		err = tx.One(`SELECT CAST(pg_current_snapshot() AS TEXT)`, nil, &state)
		return "", state, err
	}
	var n int64
	err = tx.One(`PRAGMA data_version`, nil, &n)
	if c, ok := tx.q.(*liteConn); ok {
		where = strconv.Itoa(c.n) + "|"
	}
	return where, strconv.FormatInt(n, 10), err
}
