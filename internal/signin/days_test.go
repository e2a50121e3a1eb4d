package signin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// For five days somebody guesses at one account every two minutes, from a new address
// each time. He gets few guesses; the owner enters every morning from his own browser;
// from a strange one he waits no longer than the longest delay.
func TestGuessedAtForDays(t *testing.T) {
	d, clock := lttest.SQLite(t)
	k := door(t, d)
	k.Hasher = NewHasher()
	home := mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
	guesses, n := 0, 0
	const days = 5
	for day := range days {
		for end := clock.Now().Add(24 * time.Hour); clock.Now().Before(end); clock.Add(2 * time.Minute) {
			n++
			if free, err := mayTry(k, "an.so-thu", n); err != nil {
				t.Fatal(err)
			} else if free {
				guesses++
			}
		}
		if e, err := try(k, "an.so-thu", good, home.Device, "10.0.0.1"); err != nil || e.Stage != Full {
			t.Fatalf("on day %d the owner is kept out of his own browser: %v", day+1, err)
		}
	}
	perDay := int(24*time.Hour/k.Rules().LongestWait) + 20
	if guesses > days*perDay {
		t.Errorf("%d guesses in %d days, want at most %d", guesses, days, days*perDay)
	}
	if guesses < days*50 {
		t.Errorf("only %d guesses: the test does not try", guesses)
	}
	clock.Add(k.Rules().LongestWait)
	if _, err := try(k, "an.so-thu", good, "", "192.0.2.200"); err != nil {
		t.Errorf("after the longest delay the right word from a strange browser: %v", err)
	}
}

// mayTry counts a guess as SignIn does, without the hash: its cost is not what is tried.
func mayTry(k *Keeper, login string, n int) (free bool, err error) {
	t := Try{Login: login, Address: from(fmt.Sprintf("198.51.%d.%d", n/250%250, n%250))}
	err = k.DB.Update(context.Background(), func(tx *db.Tx) error {
		for _, s := range k.subjects(login, t, false) {
			if _, err := k.count(tx, s, k.free(s)); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, fault.TooMany) {
		return false, nil
	}
	return err == nil, err
}

// What ends a session stands in the store: a server that starts again knows how long it was
// unused, and when it ends for good.
func TestSessionsOverARestart(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		restart := func() {
			t.Helper()
			if err := k.Flush(ctx); err != nil { // as Run does when it is told to stop
				t.Fatal(err)
			}
			var err error
			if k, err = New(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		used, idle := mustEnter(t, k, "an.so-thu", "", "10.0.0.1"), mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
		began := clock.Now()
		for clock.Now().Sub(began) < k.Rules().Absolute-k.Rules().Idle {
			clock.Add(k.Rules().Idle - time.Minute)
			restart()
			s, err := k.Session(ctx, used.Session)
			if err != nil {
				t.Fatalf("after %s a used session: %v", clock.Now().Sub(began), err)
			}
			k.Touch(s, clock.Now())
		}
		restart()
		if _, err := k.Session(ctx, idle.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("an unused session lives after a restart: %v", err)
		}
		clock.Set(began.Add(k.Rules().Absolute))
		restart()
		if _, err := k.Session(ctx, used.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("a session lives beyond its end after a restart: %v", err)
		}
	})
}

// Very many senders and tokens take bounded memory, and the quiet ones make room.
func TestManySenders(t *testing.T) {
	l := NewLimiter()
	now := lttest.Start
	for i := range 3 * bucketBound {
		if err := l.Take(fmt.Sprint("t:", i), 5, now.Add(time.Duration(i)*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if len(l.m) > bucketBound {
			t.Fatalf("%d senders are kept", len(l.m))
		}
	}
	k := &Keeper{}
	for i := range 2 * shelfBound {
		key := fmt.Sprint(i)
		if _, err := k.tokens.get(key, now, func() (Token, error) { return Token{ID: key}, nil }); err != nil {
			t.Fatal(err)
		}
		k.firsts.note(Token{ID: key}, now, "")
	}
	if len(k.tokens.m) > shelfBound || len(k.firsts.m) > shelfBound {
		t.Errorf("%d tokens and %d first uses are kept", len(k.tokens.m), len(k.firsts.m))
	}
}
