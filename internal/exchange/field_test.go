package exchange_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// A letter's field is one that its addressee answers; what belongs to another, or is not
// clear, is left to a person.
func TestFieldOfLetter(t *testing.T) {
	d, _ := province.SQLite(t)
	province.Open(t, d)
	tests := []struct {
		name, text string
		to         org.UnitID
		clear      bool
	}{
		{"certifying, to Justice", "V/v vướng mắc trong chứng thực chữ ký, đăng ký hộ tịch", "so-tu-phap", true},
		{"certifying, to Health", "V/v vướng mắc trong chứng thực chữ ký, đăng ký hộ tịch", "so-y-te", false},
		{"nothing said", "V/v đề nghị hỗ trợ", "so-tu-phap", false},
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		for _, tt := range tests {
			f, err := exchange.ByRoute(tx, tt.to, tt.text)
			if err != nil || (f != "") != tt.clear {
				t.Errorf("%s: %q, %v", tt.name, f, err)
			}
		}
		return nil
	})
}
