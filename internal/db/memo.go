package db

import "sync"

// memo keeps immutable things read once from the store (rulebooks by hash,
// calendars by revision). It forgets everything when it grows past its bound.
type memo struct {
	mu sync.RWMutex
	m  map[string]any
}

const memoBound = 4096

// memoKey is where an update keeps what it loaded until its commit.
type memoKey string

// Memo returns the value kept under key, or calls load once and keeps it.
// Only what never changes under its key may be kept: another node does not hear
// of a change here.
func (tx *Tx) Memo(key string, load func() (any, error)) (any, error) {
	k := &tx.db.keep
	k.mu.RLock()
	v, ok := k.m[key]
	k.mu.RUnlock()
	if ok {
		return v, nil
	}
	if v := tx.Value(memoKey(key)); v != nil {
		return v, nil
	}
	v, err := load()
	if err != nil {
		return nil, err
	}
	// an update that has not committed may yet be rolled back: keep after the commit
	if tx.writes {
		tx.SetValue(memoKey(key), v)
		tx.Done(func() { k.put(key, v) })
	} else {
		k.put(key, v)
	}
	return v, nil
}

// A bound keeps what is remembered from growing; forgetting costs a second reading and nothing else.
func (k *memo) put(key string, v any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil || len(k.m) >= memoBound {
		k.m = make(map[string]any)
	}
	k.m[key] = v
}
