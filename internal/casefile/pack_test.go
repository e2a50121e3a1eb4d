package casefile

import (
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// What was hashed comes back byte for byte, whatever it is and however it is stored.
func TestPackedComesBackExactly(t *testing.T) {
	d, _ := lttest.SQLite(t)
	lttest.View(t, d, func(tx *db.Tx) error {
		rapid.Check(t, func(t *rapid.T) {
			word := rapid.SampledFrom([]string{"hồ sơ ", "tiếp nhận ", `{"format":1,`, "x", "ư", "\n"})
			var raw []byte
			for range rapid.IntRange(0, 400).Draw(t, "words") {
				raw = append(raw, word.Draw(t, "word")...)
			}
			got, err := Unpack(pack(tx, raw))
			if err != nil || string(got) != string(raw) {
				t.Fatalf("Unpack(pack(%q)) = %q, %v", raw, got, err)
			}
			var text StoredText
			if err := text.Scan(packText(tx, string(raw))); err != nil || string(text) != string(raw) {
				t.Fatalf("text %q came back as %q, %v", raw, text, err)
			}
		})
		return nil
	})
}

// A damaged row is an error, never a text.
func TestDamagedPackIsAnError(t *testing.T) {
	if got, err := Unpack([]byte{packedMark, 0xff, 0x01, 0x02}); err == nil {
		t.Errorf("damaged bytes gave %q", got)
	}
}
