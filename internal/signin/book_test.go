package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

func book(t *testing.T, d *db.DB, officer org.OfficerID) (all []What) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		lines, err := BookOf(tx, officer, "", 100)
		for _, l := range slices.Backward(lines) {
			if l.Say() == "" {
				t.Errorf("%s has no word", l.What)
			}
			all = append(all, l.What)
		}
		return err
	})
	return all
}

// enrol gives "quan" a second factor and returns its secret.
func enrol(t *testing.T, k *Keeper, clock *lttest.Clock) (secret Secret, s Session, codes []Secret) {
	t.Helper()
	ctx := context.Background()
	e := mustEnter(t, k, "quan.so-thu", "", "10.0.0.1")
	s, err := k.Session(ctx, e.Session)
	if err != nil {
		t.Fatal(err)
	}
	var next Secret
	lttest.Update(t, k.DB, func(tx *db.Tx) (err error) { secret, err = k.Offer(tx, s); return err })
	lttest.Update(t, k.DB, func(tx *db.Tx) (err error) {
		next, codes, err = k.Confirm(tx, s, Secret(codeAt(t, secret, clock.Now())))
		return err
	})
	if s, err = k.Session(ctx, next); err != nil {
		t.Fatal(err)
	}
	return secret, s, codes
}

// second opens a half session and gives it a code.
func second(t *testing.T, k *Keeper, code Secret) error {
	t.Helper()
	half := mustEnter(t, k, "quan.so-thu", "", "10.0.0.1")
	s, err := k.Session(context.Background(), half.Session)
	if err != nil {
		t.Fatal(err)
	}
	var refused error
	err = k.DB.Update(context.Background(), func(tx *db.Tx) (err error) { _, refused, err = k.Second(tx, s, code); return err })
	return errors.Join(refused, err)
}

// The book tells each thing that happens at a door, in order, and no secret.
func TestBook(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		const wrong = Secret("sai mật khẩu rồi")
		for range 6 {
			_, _ = try(k, "an.so-thu", wrong, "", "192.0.2.1") // refused, which the book tells
		}
		clock.Add(time.Hour)
		e := mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
		s, err := k.Session(ctx, e.Session)
		if err != nil {
			t.Fatal(err)
		}
		fresh := Secret("cầu mới qua sông Lô")
		if _, err := k.ChangePassword(ctx, s, good, fresh); err != nil {
			t.Fatal(err)
		}
		var token Secret
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			token, _, err = k.NewToken(tx, "quan", "an", "máy quét", time.Time{}, 0)
			return err
		})
		tok, err := k.Token(From(ctx, from("198.51.100.7")), token)
		for range 2 { // used again, it is no first use
			if err == nil {
				err = k.Flush(ctx)
			}
			if err == nil {
				_, err = k.Token(From(ctx, from("198.51.100.8")), token)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return k.Revoke(tx, tok.ID) })
		want := []What{PasswordSet, Refused, Refused, Refused, Refused, Refused, Refused, Delayed, SignedIn, EndedAll, PasswordChanged, TokenMade, TokenUsed, TokenRevoked}
		if got := book(t, d, "an"); !slices.Equal(got, want) {
			t.Errorf("the book tells\n%v, want\n%v", got, want)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := Book(tx, "", 1000)
			text := fmt.Sprintf("%+v", all)
			for _, secret := range []Secret{good, wrong, fresh, token, e.Session, e.Device} {
				if strings.Contains(text, secret.Reveal()) || strings.Contains(text, hashed(secret)) {
					t.Errorf("the book holds a secret: %s", text)
				}
			}
			if !strings.Contains(text, "198.51.100.7") || !strings.Contains(text, "192.0.2.1") {
				t.Errorf("the book holds no address: %s", text)
			}
			return err
		})
	})
}

// A name that nobody has may be a password typed in the wrong field.
func TestBookOfNobody(t *testing.T) {
	d, _ := lttest.SQLite(t)
	k := door(t, d)
	r := k.Rules()
	r.AddressFree = 3
	k.SetRules(r)
	for range 5 {
		_, _ = try(k, "matkhaucuatoi", "x-y-z-1-2", "", "192.0.2.1") // refused
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := Book(tx, "", 1000)
		delayed := 0
		for _, l := range all {
			if strings.Contains(fmt.Sprintf("%+v", l), "matkhaucuatoi") {
				t.Errorf("the book keeps a name that nobody has: %+v", l)
			}
			if l.What == Delayed && l.Officer == "" && l.Address == "192.0.2.1" {
				delayed++
			}
		}
		if delayed == 0 {
			t.Errorf("the address's delay is not told: %+v", all)
		}
		return err
	})
}

func TestBookOfSecondFactors(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		k := door(t, d)
		secret, _, codes := enrol(t, k, clock)
		clock.Add(time.Minute)
		if err := second(t, k, "000000"); !errors.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		if err := second(t, k, Secret(codeAt(t, secret, clock.Now()))); err != nil {
			t.Fatal(err)
		}
		if err := second(t, k, codes[0]); err != nil {
			t.Fatal(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return k.DropSecond(tx, "cli:thu", "quan") })
		want := []What{PasswordSet, SignedIn, SecondSet, CodeRefused, SignedIn, RecoveryUsed, SignedIn, SecondDropped, EndedAll}
		if got := book(t, d, "quan"); !slices.Equal(got, want) {
			t.Errorf("the book tells\n%v, want\n%v", got, want)
		}
	})
}

func TestOldLinesAreSwept(t *testing.T) {
	d, clock := lttest.SQLite(t)
	k := door(t, d)
	clock.Add(k.Rules().KeepBook + time.Hour)
	mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
	if err := k.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := book(t, d, "an"); !slices.Equal(got, []What{SignedIn}) {
		t.Errorf("after the sweep %v", got)
	}
}

// What stands in the table is no secret: neither what is confirmed nor what is offered.
// What an older release left open is sealed, and a rotated key takes over.
func TestSecondFactorsAreSealed(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		box := db.FileBox(t.TempDir())
		d.SetBox(box)
		secret, _, codes := enrol(t, k, clock)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := k.Offer(tx, Session{Officer: "an", Stage: Enrol, key: "thu"})
			return err
		})
		rows := func() (text string) {
			lttest.View(t, d, func(tx *db.Tx) error {
				for _, o := range []org.OfficerID{"quan", "an"} {
					a, err := AccountOf(tx, o)
					if err != nil {
						return err
					}
					text += a.totp + " " + a.next + "\n"
				}
				return nil
			})
			return text
		}
		if text := rows(); strings.Contains(text, secret.Reveal()) || strings.Count(text, "sealed1:") != 2 {
			t.Errorf("the table holds %s", text)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { // as an older release left it
			_, err := tx.Exec(`UPDATE account SET totp = $1 WHERE officer = 'quan'`, secret.Reveal())
			return err
		})
		if n, err := k.Reseal(ctx); n != 1 || err != nil || strings.Contains(rows(), secret.Reveal()) {
			t.Errorf("sealed %d old rows (%v): %s", n, err, rows())
		}
		id, err := box.Rotate()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := k.Reseal(ctx); n != 2 || err != nil || strings.Count(rows(), id) != 2 {
			t.Errorf("after the rotation %d rows moved (%v), want both under %s: %s", n, err, id, rows())
		}
		clock.Add(time.Minute)
		if err := second(t, k, Secret(codeAt(t, secret, clock.Now()))); err != nil {
			t.Errorf("a code after all this: %v", err)
		}
		d.SetBox(db.FileBox(t.TempDir())) // the keys are lost
		if _, err := k.Reseal(ctx); err == nil || strings.Contains(err.Error(), secret.Reveal()) {
			t.Errorf("lost keys: %v", err)
		}
		clock.Add(time.Minute)
		if err := second(t, k, Secret(codeAt(t, secret, clock.Now()))); err == nil {
			t.Error("a code is taken although its secret does not open")
		}
		if err := second(t, k, codes[0]); err != nil {
			t.Errorf("a recovery code needs no key: %v", err)
		}
	})
}

// A store that came back without its keys still opens: a recovery code gets its owner in,
// no other code does, and a second factor is set up anew under the new key. With the key
// brought from where it was kept nothing has changed.
func TestRestoredWithoutKeys(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		kept := t.TempDir()
		d.SetBox(db.FileBox(kept))
		k := door(t, d)
		secret, _, codes := enrol(t, k, clock)
		clock.Add(time.Minute)
		d.SetBox(db.FileBox(t.TempDir()))
		if err := second(t, k, Secret(codeAt(t, secret, clock.Now()))); !errors.Is(err, fault.Denied) || !errors.Is(err, db.ErrKeyMissing) {
			t.Errorf("a code that nothing can judge: %v", err)
		}
		if _, err := k.Reseal(context.Background()); !errors.Is(err, db.ErrKeyMissing) {
			t.Errorf("the lost key is not told: %v", err)
		}
		if err := second(t, k, codes[0]); err != nil {
			t.Errorf("a recovery code: %v", err)
		}
		d.SetBox(db.FileBox(kept))
		clock.Add(time.Minute)
		if err := second(t, k, Secret(codeAt(t, secret, clock.Now()))); err != nil {
			t.Errorf("with the key brought back: %v", err)
		}
		d.SetBox(db.FileBox(t.TempDir()))
		lttest.Update(t, d, func(tx *db.Tx) error { return k.DropSecond(tx, "cli:thu", "quan") })
		clock.Add(time.Minute)
		if again, _, _ := enrol(t, k, clock); again == secret {
			t.Error("the new second factor is the old one")
		}
	})
}

// A second factor that was only offered under a key that is lost is offered anew.
func TestOfferUnderALostKey(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		k := door(t, d)
		var first, next Secret
		waits := Session{Officer: "quan", Stage: Enrol, key: "thu"}
		lttest.Update(t, d, func(tx *db.Tx) (err error) { first, err = k.Offer(tx, waits); return err })
		d.SetBox(db.FileBox(t.TempDir()))
		lttest.Update(t, d, func(tx *db.Tx) (err error) { next, err = k.Offer(tx, waits); return err })
		if next == "" || next == first {
			t.Errorf("offered %q after %q", next, first)
		}
	})
}
