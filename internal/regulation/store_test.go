package regulation

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

func TestAdoptAndRead(t *testing.T) {
	phuTho, mau := compiled(t, "phu-tho", testKeys()), compiled(t, "tinh-mau", testKeys())
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, err := Current(tx); !errors.Is(err, fault.NotFound) {
				t.Errorf("an office without a rulebook: %v", err)
			}
			return nil
		})
		for _, rb := range []*Rulebook{phuTho, mau, mau, phuTho} {
			lttest.Update(t, d, func(tx *db.Tx) error {
				if err := Adopt(tx, rb, "Văn phòng UBND tỉnh"); err != nil {
					return err
				}
				got, err := Current(tx)
				if err == nil && got.Hash() != rb.Hash() {
					t.Errorf("current is %s, want %s", got.Profile(), rb.Profile())
				}
				return err
			})
			clock.Add(time.Hour)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := Adoptions(tx, 10)
			var profiles []string
			for _, a := range all {
				profiles = append(profiles, a.Profile)
			}
			if want := []string{"phu-tho", "tinh-mau", "phu-tho"}; !slices.Equal(profiles, want) {
				t.Errorf("adoptions %v, want %v: adopting the current one again is none", profiles, want)
			}
			return err
		})
		readsBack(t, d, mau)
	})
}

// readsBack checks that a superseded rulebook stays readable by its hash, byte for byte,
// and costs no SQL from the second time.
func readsBack(t *testing.T, d *db.DB, rb *Rulebook) {
	t.Helper()
	for i, want := range []int{-1, 0} {
		lttest.View(t, d, func(tx *db.Tx) error {
			got, err := ByHash(tx, rb.Hash())
			if err != nil {
				return err
			}
			if string(got.Bytes()) != string(rb.Bytes()) {
				t.Errorf("bytes differ")
			}
			if want >= 0 && tx.Stats().Reads != want {
				t.Errorf("read %d: %d statements, want %d", i, tx.Stats().Reads, want)
			}
			return nil
		})
	}
}

func TestApplyAsksOnceATransaction(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error { return Adopt(tx, rb, "Văn phòng UBND tỉnh") })
		for _, most := range []int{3, 1} { // version, adoption and bytes; then only the version
			lttest.View(t, d, func(tx *db.Tx) error {
				for range 3 {
					a, err := Apply(tx, "petition.answer", "so-y-te", "y-te")
					if err != nil || a.Limit("limit").String() != "7wd" {
						t.Errorf("%s (%v)", a.Limit("limit"), err)
					}
				}
				if n := tx.Stats().Reads; n > most {
					t.Errorf("%d statements for three rules", n)
				}
				return nil
			})
		}
	})
}

func TestDecodeRefusesChangedBytes(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	b := slices.Clone(rb.Bytes())
	b[len(b)/2] ^= 1
	if _, err := Decode(b, rb.Hash()); err == nil {
		t.Error("changed bytes pass under the old hash")
	}
	again := compiled(t, "phu-tho", testKeys())
	if again.Hash() != rb.Hash() {
		t.Error("the same profile compiles to two hashes")
	}
	if back, err := Decode(rb.Bytes(), rb.Hash()); err != nil || !slices.Equal(back.Keys(), rb.Keys()) {
		t.Errorf("decode: %v", err)
	}
}
