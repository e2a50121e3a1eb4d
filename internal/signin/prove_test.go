package signin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

func offeredIn(t *testing.T, k *Keeper, s Session) (secret Secret) {
	t.Helper()
	lttest.View(t, k.DB, func(tx *db.Tx) (err error) { secret, _, err = Offered(tx, s); return err })
	return secret
}

func confirm(k *Keeper, s Session, code string) (next Secret, err error) {
	err = k.DB.Update(context.Background(), func(tx *db.Tx) (err error) { next, _, err = k.Confirm(tx, s, Secret(code)); return err })
	return next, err
}

// Who has an open session and nothing else - a stolen cookie, a screen left open - does not
// replace the second factor, does not see the one that its owner is setting up, and does
// not guess his way in.
func TestSessionAloneChangesNoSecondFactor(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		old, thief, codes := enrol(t, k, clock)
		if err := d.Update(ctx, func(tx *db.Tx) error { _, err := k.Offer(tx, thief); return err }); !errors.Is(err, fault.Denied) {
			t.Errorf("Offer in a full session: %v", err)
		}
		for _, proof := range []Secret{"", "000000", "mật khẩu đoán bừa", "AAAA-BBBB-CCCC"} {
			if err := k.Reoffer(ctx, thief, proof); !errors.Is(err, fault.Invalid) {
				t.Errorf("Reoffer with %q: %v", proof.Reveal(), err)
			}
		}
		if got := book(t, d, "quan"); !slices.Contains(got, Refused) {
			t.Errorf("the tries are not in the book: %v", got)
		}
		var wait *Later
		for range 20 {
			if err := k.Reoffer(ctx, thief, "123456"); errors.As(err, &wait) {
				break
			}
		}
		if wait == nil {
			t.Error("guessing costs no wait")
		}
		if offeredIn(t, k, thief) != "" {
			t.Error("a secret is offered without proof")
		}
		// the owner, in another session, begins anew: the thief does not see the secret and
		// cannot confirm it
		clock.Add(time.Hour)
		if err := second(t, k, Secret(codeAt(t, old, clock.Now()))); err != nil {
			t.Fatal(err)
		}
		owner := fullSession(t, k, codes[1])
		if err := k.Reoffer(ctx, owner, "sai mật khẩu rồi"); err == nil {
			t.Fatal("a wrong password is taken")
		}
		if err := k.Reoffer(ctx, owner, codes[2]); err != nil {
			t.Fatal(err)
		}
		fresh := offeredIn(t, k, owner)
		if fresh == "" || fresh == old || offeredIn(t, k, thief) != "" {
			t.Fatalf("offered %q to the owner, %q to the thief", fresh.Reveal(), offeredIn(t, k, thief).Reveal())
		}
		if _, err := confirm(k, thief, codeAt(t, fresh, clock.Now())); !errors.Is(err, fault.Conflict) {
			t.Errorf("the thief confirms: %v", err)
		}
		if _, err := confirm(k, owner, codeAt(t, fresh, clock.Now())); err != nil {
			t.Fatal(err)
		}
		var open []Session
		lttest.View(t, d, func(tx *db.Tx) (err error) { open, err = Sessions(tx, "quan", k.Rules().Idle); return err })
		if len(open) != 1 {
			t.Errorf("%d sessions stay open after the second factor was replaced, want the owner's", len(open))
		}
	})
}

// fullSession signs "quan" in with a code and returns the session.
func fullSession(t *testing.T, k *Keeper, code Secret) (s Session) {
	t.Helper()
	ctx := context.Background()
	half, err := k.Session(ctx, mustEnter(t, k, "quan.so-thu", "", "10.0.0.2").Session)
	if err != nil {
		t.Fatal(err)
	}
	var e Entry
	var refused error
	if err := k.DB.Update(ctx, func(tx *db.Tx) (err error) { e, refused, err = k.Second(tx, half, code); return err }); err != nil || refused != nil {
		t.Fatal(err, refused)
	}
	if s, err = k.Session(ctx, e.Session); err != nil {
		t.Fatal(err)
	}
	return s
}

// Each proof opens the way once: the code of the app, a recovery code, the password.
func TestProofs(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		secret, s, codes := enrol(t, k, clock)
		clock.Add(time.Minute)
		code := Secret(codeAt(t, secret, clock.Now()))
		for _, proof := range []Secret{code, codes[3], good} {
			if err := k.Reoffer(ctx, s, proof); err != nil {
				t.Errorf("proof %q: %v", proof.Reveal(), err)
			}
		}
		for _, used := range []Secret{code, codes[3]} {
			if err := k.Reoffer(ctx, s, used); !errors.Is(err, fault.Invalid) {
				t.Errorf("%q again: %v", used.Reveal(), err)
			}
		}
	})
}

// A password that was reset, by an administrator or by its owner, ends every session and
// every token that came in under the old one; the book says who did it.
func TestResetRevokes(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		token := func() (secret Secret) {
			lttest.Update(t, d, func(tx *db.Tx) (err error) {
				secret, _, err = k.NewToken(tx, "an", "an", "máy in", time.Time{}, 0)
				return err
			})
			if _, err := k.Token(ctx, secret); err != nil {
				t.Fatal(err)
			}
			return secret
		}
		gone := func(how string, tokens []Secret, sessions ...Secret) {
			t.Helper()
			for _, x := range tokens {
				if _, err := k.Token(ctx, x); !errors.Is(err, fault.SignedOut) {
					t.Errorf("after %s a token still opens: %v", how, err)
				}
			}
			for _, x := range sessions {
				if _, err := k.Session(ctx, x); !errors.Is(err, fault.SignedOut) {
					t.Errorf("after %s another session is open: %v", how, err)
				}
			}
		}
		mine, other := mustEnter(t, k, "an.so-thu", "", "10.0.0.1"), mustEnter(t, k, "an.so-thu", "", "10.0.0.9")
		first := []Secret{token(), token()}
		s, err := k.Session(ctx, mine.Session)
		if err != nil {
			t.Fatal(err)
		}
		next, err := k.ChangePassword(ctx, s, good, "đồi cọ rừng chè 2026")
		if err != nil {
			t.Fatal(err)
		}
		gone("the own change", first, mine.Session, other.Session)
		if _, err := k.Session(ctx, next); err != nil {
			t.Errorf("the session that changed it: %v", err)
		}
		second := []Secret{token()}
		phc, err := k.Hasher.Hash(ctx, "tạm thời mưa phùn 77")
		if err != nil {
			t.Fatal(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			n, err := k.SetPassword(tx, "quan", "an", "", phc)
			if n != 1 {
				t.Errorf("%d tokens revoked, want 1", n)
			}
			return err
		})
		gone("the reset", second, next)
		var by []string
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := BookOf(tx, "an", "", 2)
			for _, l := range all {
				by = append(by, string(l.What)+" "+l.By)
			}
			return err
		})
		if text := strings.Join(by, ", "); !strings.Contains(text, "token_revoked quan") {
			t.Errorf("the book tells %s", text)
		}
		// nobody resets, closes or unlocks himself this way: that needs the old password
		for name, own := range map[string]func(tx *db.Tx) error{
			"password": func(tx *db.Tx) error { _, err := k.SetPassword(tx, "quan", "quan", "", phc); return err },
			"close":    func(tx *db.Tx) error { _, err := k.CloseAccount(tx, "quan", "quan"); return err },
			"second":   func(tx *db.Tx) error { return k.DropSecond(tx, "quan", "quan") },
		} {
			if err := d.Update(ctx, own); !errors.Is(err, fault.Denied) {
				t.Errorf("own %s: %v", name, err)
			}
		}
	})
}
