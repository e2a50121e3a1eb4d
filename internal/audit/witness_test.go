package audit_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// A signature by another key, and a head that says other than its checkpoint.
func TestHeadIsWatched(t *testing.T) {
	for _, tt := range []struct {
		name   string
		attack func(o *office)
		say    string
	}{
		{"another key signs", func(o *office) {
			secret, verifier, err := note.GenerateKey(nil, "lienthong/x")
			if err != nil {
				o.t.Fatal(err)
			}
			o.exec(`UPDATE log_key SET secret = $1, verifier = $2 WHERE id = 1`, secret, verifier)
			o.write(1)
		}, "Chữ ký dưới điểm chốt"},
		{"the head is shortened", func(o *office) { o.exec(`UPDATE log_head SET size = 5 WHERE id = 1`) }, "điểm chốt đã ký ghi 10 mục"},
		{"the head is gone", func(o *office) { o.exec(`DELETE FROM log_head WHERE id = 1`) }, "mất dòng"},
		{"the root is another", func(o *office) { o.exec(`UPDATE log_head SET root = 'x' WHERE id = 1`) }, "Dấu tổng"},
		{"a tile is gone", func(o *office) { o.exec(`DELETE FROM tile WHERE n = 0`) }, "mảnh ngắn hơn"},
	} {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				o := newOffice(t, d, clock)
				o.write(10)
				tt.attack(o)
				r := o.verify("")
				if r.OK() || !strings.Contains(r.Text(), tt.say) {
					t.Errorf("want %q in:\n%s", tt.say, r.Text())
				}
			})
		})
	}
}

// A sequencer does not sign over damage.
func TestNoSealOverDamage(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(10)
		o.exec(`UPDATE tile SET bytes = $1 WHERE level = 0`, make([]byte, 320))
		leave(t, d, "z", 1, 1)
		if _, err := audit.Sequence(ctx, d); err == nil {
			t.Error("sealed over a damaged tile")
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, err := audit.Prove(tx, ref(3)); err == nil {
				t.Error("proof out of a damaged tile")
			}
			return nil
		})
	})
}

// Folders grow by what is new, keep what they had, and are believed only as far as
// their own signatures cover them.
func TestWitnessFolder(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.export()
		for _, n := range []int{1, 254, 1, 44, 212, 600} {
			o.write(n)
			o.export()
			o.export() // nothing new: nothing changes
			if r := o.verify(o.witness); !r.OK() || r.WitnessSize != int64(o.n) {
				t.Fatalf("after %d entries, witness of %d:\n%s", o.n, r.WitnessSize, r.Text())
			}
		}
		size := int64(0)
		if err := filepath.WalkDir(o.witness, func(_ string, e os.DirEntry, err error) error {
			if info, infoErr := e.Info(); infoErr == nil && !e.IsDir() {
				size += info.Size()
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if most := int64(o.n)*32*11/10 + 4096; size > most {
			t.Errorf("witness of %d entries takes %d bytes, more than %d", o.n, size, most)
		}
		tile := filepath.Join(o.witness, "tile", "8", "0", "001")
		b, err := os.ReadFile(tile)
		if err != nil {
			t.Fatal(err)
		}
		b[7] ^= 1
		if err := os.WriteFile(tile, b, 0o644); err != nil {
			t.Fatal(err)
		}
		r := o.verify(o.witness)
		if r.WitnessSize != 256 || r.OK() || strings.Contains(r.Text(), "đã bị sửa") {
			t.Errorf("with a damaged folder, witness of %d:\n%s", r.WitnessSize, r.Text())
		}
	})
}

// Tiles that were damaged while the entries are right: the tiles are to blame, and
// the positions are named.
func TestDamagedTiles(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(600)
		o.exec(`UPDATE tile SET bytes = (SELECT bytes FROM tile WHERE level = 0 AND n = 0) WHERE level = 0 AND n = 1`)
		r := o.verify("")
		expect(t, r)
		for _, seq := range []int64{256, 511} {
			if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return f.Ref == ref(int(seq)) && f.Seq == seq }) {
				t.Errorf("position %d is not named:\n%.2000s", seq, r.Text())
			}
		}
	})
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(600)
		o.exec(`UPDATE tile SET bytes = $1 WHERE level = 1`, make([]byte, 64))
		if text := o.verify("").Text(); !strings.Contains(text, "Mảnh 1/0") {
			t.Error(text)
		}
	})
}
