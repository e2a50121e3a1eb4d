package export_test

import (
	"testing"
	"time"

	"lienthong/internal/export"
)

// A code has a slash, which a browser takes for a folder: the name keeps the whole code.
func TestNameKeepsTheCode(t *testing.T) {
	at := time.Date(2026, 11, 22, 11, 24, 0, 0, time.UTC)
	f := export.File{List: export.List{Title: "Phụ lục DTT-0001/2026"}, At: at}
	if got, want := f.Name(), "Phụ lục DTT-0001-2026 2026-11-22 18h24.xlsx"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
