package signin

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
)

// A Keeper keeps the door of one node. It is safe for use by many goroutines.
type Keeper struct {
	DB     *db.DB
	Hasher *Hasher
	Limits *Limiter

	rules    atomic.Pointer[Rules]
	sessions shelf[Session]
	tokens   shelf[Token]
	seen     seen
	firsts   firsts
}

// New returns a keeper with this tenant's settings.
func New(ctx context.Context, d *db.DB) (k *Keeper, err error) {
	k = &Keeper{DB: d, Hasher: NewHasher(), Limits: NewLimiter()}
	err = d.View(ctx, func(tx *db.Tx) error {
		r, err := Load(tx)
		k.SetRules(r)
		return err
	})
	return k, err
}

// Rules returns the settings in force.
func (k *Keeper) Rules() Rules { return *k.rules.Load() }

// SetRules replaces the settings, as a demonstration does that asks no second factor.
func (k *Keeper) SetRules(r Rules) { k.rules.Store(&r) }

// Run seals what an older release kept open, writes down every minute which sessions
// and tokens were used and clears away what is long over, until ctx ends; what it could
// not write goes to report.
func (k *Keeper) Run(ctx context.Context, report func(error)) {
	if _, err := k.Reseal(ctx); err != nil {
		report(err)
	}
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			if err := k.Flush(context.WithoutCancel(ctx)); err != nil {
				report(err)
			}
			return
		case <-tick.C:
		}
		if err := k.Flush(ctx); err != nil {
			report(err)
		}
		if n%60 == 0 {
			if err := k.Sweep(ctx); err != nil {
				report(err)
			}
		}
	}
}

// kept is how long a node trusts a row it has read. A session ended on this node is
// forgotten at once; one ended on another opens doors here for at most so long.
const kept = 15 * time.Second

const shelfBound = 50000

// A shelf holds rows read a moment ago.
type shelf[V any] struct {
	mu  sync.Mutex
	m   map[string]shelved[V]
	gen uint64 // counts forgettings: a row read before one is not kept after it
}

// A value with when it was read.
type shelved[V any] struct {
	v    V
	read time.Time
}

// get returns the row kept under key, or what load reads.
func (s *shelf[V]) get(key string, now time.Time, load func() (V, error)) (V, error) {
	s.mu.Lock()
	e, ok := s.m[key]
	gen := s.gen
	s.mu.Unlock()
	if age := now.Sub(e.read); ok && age >= 0 && age < kept {
		return e.v, nil
	}
	v, err := load()
	if err != nil {
		return v, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gen != gen {
		return v, nil
	}
	if s.m == nil || len(s.m) >= shelfBound {
		s.m = make(map[string]shelved[V])
	}
	s.m[key] = shelved[V]{v, now}
	return v, nil
}

// forget drops the rows for which gone is true; nil drops all.
func (s *shelf[V]) forget(gone func(key string, v V) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gen++
	for key, e := range s.m {
		if gone == nil || gone(key, e.v) {
			delete(s.m, key)
		}
	}
}

// seen are the sessions used since the last Flush, with the instant.
type seen struct {
	mu sync.Mutex
	m  map[string]time.Time
}

// When something was seen; the zero time for never.
func (s *seen) at(key string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[key]
}

// Touch notes that a person used the session. What a page asks by itself is no use of
// it: an open page must not keep a session alive.
func (k *Keeper) Touch(s Session, at time.Time) {
	k.seen.mu.Lock()
	defer k.seen.mu.Unlock()
	if k.seen.m == nil {
		k.seen.m = make(map[string]time.Time)
	}
	if k.seen.m[s.key].Before(at) {
		k.seen.m[s.key] = at
	}
}

// flushChunk keeps one update short, as every update must be.
const flushChunk = 200

// Flush writes down when sessions were last used and tokens first.
func (k *Keeper) Flush(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "note used sessions")
	k.seen.mu.Lock()
	all := k.seen.m
	k.seen.m = nil
	k.seen.mu.Unlock()
	for len(all) > 0 {
		part := map[string]time.Time{}
		for key, at := range all {
			part[key] = at
			delete(all, key)
			if len(part) == flushChunk {
				break
			}
		}
		if err := k.DB.Update(ctx, func(tx *db.Tx) error {
			for key, at := range part {
				if _, err := tx.Exec(`UPDATE session SET seen_at = $1 WHERE hash = $2 AND seen_at < $1`, at, key); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	k.sessions.forget(nil) // rows read before this show an older use
	return k.flushFirsts(ctx)
}

// Sweep removes sessions long over, old lines of the book, keys of forms that nobody sends
// again and failures nobody counts any more.
func (k *Keeper) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "sweep sign-ins")
	return k.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE ends_at < $1 ORDER BY ends_at, hash LIMIT 1000)`,
			tx.Now.Add(-k.Rules().KeepEnded)); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM door_log WHERE id IN (SELECT id FROM door_log WHERE at < $1 ORDER BY at, id LIMIT 1000)`,
			tx.Now.Add(-k.Rules().KeepBook)); err != nil {
			return err
		}
		keep, err := setting.SpanOf(tx, "request.keep")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM request_key WHERE at < $1 AND key IN (SELECT key FROM request_key WHERE at < $1 ORDER BY at, key LIMIT 1000)`, tx.Now.Add(-keep)); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM failure WHERE subject IN (SELECT subject FROM failure WHERE last_at < $1 ORDER BY last_at, subject LIMIT 1000)`,
			tx.Now.Add(-k.Rules().Forget))
		return err
	})
}

// Actor returns the officer of a session with today's posts, acting in the post chosen
// at the session when it is still held.
func Actor(tx *db.Tx, s Session) (org.Actor, error) {
	a, err := org.ActorOf(tx, s.Officer)
	if err != nil {
		return a, err
	}
	for _, p := range a.Posts {
		if p.ID == s.Post {
			return a.As(p), nil
		}
	}
	return a, nil
}
