package signin

import (
	"sync"
	"time"

	"lienthong/internal/fault"
)

// A Limiter holds how many requests each sender may still make: a bucket that fills at
// a steady rate and holds burstSeconds of it. It counts on this node alone.
type Limiter struct {
	mu sync.Mutex
	m  map[string]*bucket
}

// What is left of a rate and since when.
type bucket struct {
	left float64
	at   time.Time
}

const (
	burstSeconds = 4
	bucketBound  = 100000
)

// NewLimiter returns a limiter in which every bucket is full.
func NewLimiter() *Limiter { return &Limiter{m: make(map[string]*bucket)} }

// Take takes one request of a sender at rate a second. When none is left it returns a
// Later that says when the next one will be. A rate of 0 or less is no limit.
func (l *Limiter) Take(sender string, rate int, now time.Time) error {
	if rate <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	full := float64(rate * burstSeconds)
	b := l.m[sender]
	if b == nil {
		l.sweep(now)
		b = &bucket{left: full, at: now}
		l.m[sender] = b
	}
	if past := now.Sub(b.at); past > 0 {
		b.left = min(full, b.left+past.Seconds()*float64(rate))
		b.at = now
	}
	if b.left < 1 {
		wait := time.Duration((1 - b.left) / float64(rate) * float64(time.Second))
		return &Later{After: max(wait, time.Second), Why: fault.Refuse(fault.TooMany, "Gửi quá nhiều yêu cầu trong một lúc. Chờ ít giây rồi thử lại.")}
	}
	b.left--
	return nil
}

// sweep forgets senders that have been quiet long enough to be full again.
func (l *Limiter) sweep(now time.Time) {
	if len(l.m) < bucketBound {
		return
	}
	for sender, b := range l.m {
		if now.Sub(b.at) > burstSeconds*time.Second {
			delete(l.m, sender)
		}
	}
	if len(l.m) >= bucketBound { // a flood of senders: start anew rather than grow
		clear(l.m)
	}
}

// Allow takes a request of a token.
func (k *Keeper) Allow(t Token, now time.Time) error {
	rate := t.Rate
	if rate == 0 {
		rate = k.Rules().TokenRate
	}
	return k.Limits.Take("t:"+t.ID, rate, now)
}
