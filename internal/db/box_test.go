package db_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

func seal(t *testing.T, d *db.DB, secret, of string) (sealed string) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) { sealed, err = tx.Seal(secret, of); return err })
	return sealed
}

func unseal(d *db.DB, sealed, of string) (secret string, err error) {
	err = d.View(ctx, func(tx *db.Tx) (err error) { secret, err = tx.Unseal(sealed, of); return err })
	return secret, err
}

func TestBox(t *testing.T) {
	d, _ := lttest.SQLite(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "secret.key")
	box := db.FileBox(dir)
	d.SetBox(box)
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a store without secrets has a key: %v", err)
	}
	sealed := seal(t, d, "JBSWY3DP", "totp:an")
	if strings.Contains(sealed, "JBSWY3DP") || sealed == seal(t, d, "JBSWY3DP", "totp:an") {
		t.Errorf("sealed %q shows the secret, or is the same twice", sealed)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file %v (%v), want one that its owner alone reads", info, err)
	}
	if got, err := unseal(d, sealed, "totp:an"); got != "JBSWY3DP" || err != nil {
		t.Errorf("Unseal = %q, %v", got, err)
	}
	if got, err := unseal(d, "JBSWY3DP", "totp:an"); got != "JBSWY3DP" || err != nil {
		t.Errorf("what an older release kept = %q, %v", got, err)
	}
	for name, bad := range map[string][2]string{
		"another officer": {sealed, "totp:binh"}, "cut short": {sealed[:len(sealed)-30], "totp:an"}, "another letter": {sealed[:len(sealed)-1] + "_", "totp:an"},
	} {
		if got, err := unseal(d, bad[0], bad[1]); err == nil {
			t.Errorf("%s opens: %q", name, got)
		}
	}
	id, err := box.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := unseal(d, sealed, "totp:an"); got != "JBSWY3DP" || err != nil {
		t.Errorf("after a rotation the old one = %q, %v", got, err)
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		anew, changed, err := tx.Reseal(sealed, "totp:an")
		if !changed || !strings.Contains(anew, id) || strings.Contains(sealed, id) {
			t.Errorf("sealed anew %q, changed %v; want key %s", anew, changed, id)
		}
		if _, changed, _ := tx.Reseal(anew, "totp:an"); changed {
			t.Error("what is under the newest key is sealed again")
		}
		return err
	})
	d.SetBox(db.FileBox(t.TempDir()))
	if got, err := unseal(d, sealed, "totp:an"); err == nil {
		t.Errorf("without its key it opens: %q", got)
	}
}

// A server that runs while the key is rotated elsewhere finds the new one.
func TestBoxRotatedElsewhere(t *testing.T) {
	a, _ := lttest.SQLite(t)
	b, _ := lttest.SQLite(t)
	dir := t.TempDir()
	a.SetBox(db.FileBox(dir))
	first := seal(t, a, "một", "x")
	cli := db.FileBox(dir)
	if _, err := cli.Rotate(); err != nil {
		t.Fatal(err)
	}
	b.SetBox(cli)
	if got, err := unseal(a, seal(t, b, "hai", "x"), "x"); got != "hai" || err != nil {
		t.Errorf("a secret under the new key = %q, %v", got, err)
	}
	if got, err := unseal(b, first, "x"); got != "một" || err != nil {
		t.Errorf("a secret under the old key = %q, %v", got, err)
	}
}

// Many that seal the first secret at once agree on one key.
func TestBoxIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	sealed := make([]string, 8)
	for i := range sealed {
		d, _ := lttest.SQLite(t)
		d.SetBox(db.FileBox(dir))
		all.Go(func() { sealed[i] = seal(t, d, "x", "y") })
	}
	all.Wait()
	d, _ := lttest.SQLite(t)
	d.SetBox(db.FileBox(dir))
	for _, s := range sealed {
		if got, err := unseal(d, s, "y"); got != "x" || err != nil {
			t.Errorf("Unseal = %q, %v", got, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestGivenBox(t *testing.T) {
	key := func(b byte) string { return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(b), 32))) }
	d, _ := lttest.SQLite(t)
	give := func(text string) {
		t.Helper()
		b, err := db.GivenBox(text)
		if err != nil {
			t.Fatal(err)
		}
		d.SetBox(b)
	}
	give(key('a'))
	old := seal(t, d, "x", "y")
	give(key('b') + "," + key('a'))
	if got, err := unseal(d, old, "y"); got != "x" || err != nil {
		t.Errorf("under the second key = %q, %v", got, err)
	}
	give(key('b'))
	if _, err := unseal(d, old, "y"); err == nil {
		t.Error("opens without its key")
	}
	for _, bad := range []string{"", "abc", key('a')[:20], "a secret word"} {
		_, err := db.GivenBox(bad)
		if !errors.Is(err, fault.Invalid) || len(bad) > 3 && strings.Contains(err.Error(), bad) {
			t.Errorf("GivenBox(%q) = %v, want a refusal that does not repeat it", bad, err)
		}
	}
}
