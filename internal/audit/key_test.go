package audit_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// rotate changes the key and returns the new one.
func (o *office) rotate() string {
	o.t.Helper()
	c, err := audit.Rotate(ctx, o.d, "cli:thu", false)
	if err != nil {
		o.t.Fatal(err)
	}
	return c.New
}

func (o *office) secret() (kept string) {
	o.t.Helper()
	lttest.View(o.t, o.d, func(tx *db.Tx) error { return tx.One(`SELECT secret FROM log_key WHERE id = 1`, nil, &kept) })
	return kept
}

// Who has the rows, or a backup of them, has no key: it does not stand there open, and what
// an older release kept open is sealed at the start.
func TestKeyIsSealed(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(3)
		if kept := o.secret(); !strings.HasPrefix(kept, "sealed1:") || strings.Contains(kept, "PRIVATE") {
			t.Fatalf("the signing key stands open: %.30s", kept)
		}
		secret, verifier, err := note.GenerateKey(rand.Reader, "lienthong/cu")
		if err != nil {
			t.Fatal(err)
		}
		o.exec(`UPDATE log_key SET secret = $1, verifier = $2 WHERE id = 1`, secret, verifier)
		for _, want := range []bool{true, false} {
			if moved, err := audit.Reseal(ctx, d); moved != want || err != nil {
				t.Errorf("Reseal = %v, %v, want %v", moved, err, want)
			}
		}
		if kept := o.secret(); !strings.HasPrefix(kept, "sealed1:") {
			t.Errorf("after Reseal: %.30s", kept)
		}
		o.write(1) // signs with it
	})
}

// A store that came back without its keys signs nothing, and says what to do.
func TestKeyLost(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(3)
		if _, err := audit.Rotate(ctx, d, "cli", true); !errors.Is(err, fault.Conflict) {
			t.Errorf("--lost while the key opens: %v", err)
		}
		d.SetBox(db.FileBox(t.TempDir()))
		leave(t, d, "z", 1, 1)
		if _, err := audit.Sequence(ctx, d); err == nil || !strings.Contains(err.Error(), "rotate-key --lost") {
			t.Errorf("Sequence without the key: %v", err)
		}
		if _, err := audit.Rotate(ctx, d, "cli", false); !errors.Is(err, fault.Conflict) {
			t.Errorf("Rotate without the key: %v", err)
		}
		if _, err := audit.Rotate(ctx, d, "cli", true); err != nil {
			t.Fatal(err)
		}
		drain(t, d)
		if text := o.verify("").Text(); !strings.Contains(text, "không do khóa đã cho ký chuyển") {
			t.Errorf("the old key follows a handover it did not sign:\n%s", text)
		}
	})
}

// The old key of an outsider goes on working over two changes, with a folder begun before
// them, and the report says when the key changed.
func TestRotateKey(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(300)
		o.export()
		second := o.rotate()
		o.write(20)
		o.export()
		third := o.rotate()
		o.write(5)
		o.export()
		if o.key == second || second == third {
			t.Fatal("the key did not change")
		}
		for _, key := range []string{o.key, second, third} {
			for _, folder := range []string{"", o.witness} {
				c := o.check(folder)
				c.Key = key
				r, err := audit.Verify(ctx, d, c)
				if err != nil || !r.OK() || len(r.Changes) != 2 || folder != "" && r.WitnessSize != int64(o.n) {
					t.Fatalf("verify under %s: %v\n%s", key, err, r.Text())
				}
				if !strings.Contains(r.Text(), "Khóa ký đã đổi lúc") || r.Changes[0].Size != 300 || r.Changes[1].New != third {
					t.Errorf("the change is not told:\n%s", r.Text())
				}
			}
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			p, err := audit.Prove(tx, ref(3))
			if err != nil {
				return err
			}
			b, _ := json.Marshal(p)
			var read audit.Proof
			if err := json.Unmarshal(b, &read); err != nil {
				return err
			}
			for _, key := range []string{o.key, second, third} {
				if err := audit.VerifyProof(read, key); err != nil {
					t.Errorf("proof under %s: %v", key, err)
				}
			}
			read.Changes = nil
			if err := audit.VerifyProof(read, o.key); err == nil {
				t.Error("a proof without the changes holds under the old key")
			}
			return nil
		})
	})
}

// What somebody with the store, or with the old or the new key, may try around a change.
func TestKeyChangeIsWatched(t *testing.T) {
	for _, tt := range []struct {
		name   string
		attack func(o *office)
		say    string
	}{
		{"the change is taken away", func(o *office) { o.exec(`DELETE FROM log_key_change`) }, "không do khóa đã cho ký chuyển"},
		{"a key calls itself the heir", func(o *office) {
			evil, verifier, _ := note.GenerateKey(rand.Reader, name(o.key))
			signer, _ := note.NewSigner(evil)
			var text string
			lttest.View(o.t, o.d, func(tx *db.Tx) error { return tx.One(`SELECT note FROM log_key_change`, nil, &text) })
			body, _, _ := strings.Cut(text, "\n\n")
			lines := strings.Split(body, "\n")
			lines[6] = "new " + verifier
			signed, _ := note.Sign(&note.Note{Text: strings.Join(lines, "\n") + "\n"}, signer)
			o.exec(`UPDATE log_key_change SET note = $1`, string(signed))
			o.exec(`UPDATE log_key SET secret = $1, verifier = $2 WHERE id = 1`, evil, verifier)
			o.write(1)
		}, "không do khóa đã cho ký chuyển"},
		{"the new key rewrites what was before it", func(o *office) {
			o.exec(`UPDATE entry SET payload = 'khác' WHERE ref = $1`, ref(2))
			o.reseal()
		}, "lúc đổi khóa ký"},
		{"the change is edited", func(o *office) {
			o.exec(`UPDATE log_key_change SET note = replace(note, 'key change', 'key  change')`)
		}, "không do khóa đã cho ký chuyển"},
	} {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				o := newOffice(t, d, clock)
				o.write(10)
				o.rotate()
				o.write(3)
				if r := o.verify(""); !r.OK() {
					t.Fatal(r.Text())
				}
				tt.attack(o)
				if r := o.verify(""); r.OK() || !strings.Contains(r.Text(), tt.say) {
					t.Errorf("want %q in:\n%s", tt.say, r.Text())
				}
			})
		})
	}
}

func name(verifier string) string { n, _, _ := strings.Cut(verifier, "+"); return n }

// An old key that leaked signs for a witness folder after its turn: its checkpoint is not
// believed; and a second handover by it is told.
func TestOldKeyAfterItsTurn(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		secret, verifier, err := note.GenerateKey(rand.Reader, name(o.key))
		if err != nil {
			t.Fatal(err)
		}
		o.exec(`UPDATE log_key SET secret = $1, verifier = $2 WHERE id = 1`, secret, verifier) // the one that leaks
		o.exec(`UPDATE log_head SET root = '', checkpoint = '' WHERE id = 1`)
		o.key = verifier
		if _, err := audit.Prepare(ctx, d); err != nil {
			t.Fatal(err)
		}
		o.exec(`UPDATE log_head SET root = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' WHERE id = 1`)
		o.write(10)
		o.rotate()
		o.write(10)
		o.export()
		signer, _ := note.NewSigner(secret)
		path := filepath.Join(o.witness, "checkpoint.20")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(b), "\n\n")
		forged, _ := note.Sign(&note.Note{Text: body + "\n"}, signer)
		if err := os.WriteFile(path, forged, 0o644); err != nil {
			t.Fatal(err)
		}
		if r := o.verify(o.witness); r.OK() || r.WitnessSize != 0 {
			t.Errorf("a checkpoint of the old key after its turn is believed:\n%s", r.Text())
		}
		first := slices.Clone(b)
		if err := os.WriteFile(path, first, 0o644); err != nil {
			t.Fatal(err)
		}
		// the thief hands over once more, to his own key, and puts both into the store
		var text string
		lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT note FROM log_key_change`, nil, &text) })
		evil, heir, _ := note.GenerateKey(rand.Reader, name(o.key))
		evilSigner, _ := note.NewSigner(evil)
		body, _, _ = strings.Cut(text, "\n\n")
		lines := strings.Split(body, "\n")
		lines[6] = "new " + heir
		both, _ := note.Sign(&note.Note{Text: strings.Join(lines, "\n") + "\n"}, signer, evilSigner)
		o.exec(`UPDATE log_key_change SET note = $1`, string(both))
		o.exec(`UPDATE log_key SET secret = $1, verifier = $2 WHERE id = 1`, evil, heir)
		if r := o.verify(o.witness); r.OK() || !strings.Contains(r.Text(), "hai khóa khác nhau") {
			t.Errorf("the second handover is not told:\n%s", r.Text())
		}
	})
}
