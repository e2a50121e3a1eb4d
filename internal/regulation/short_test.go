package regulation

import (
	"strings"
	"testing"
)

// Every citation has a short form for lists: the place as it is, and the text's short name.
func TestShortCitations(t *testing.T) {
	lib := library(t)
	for id, r := range lib.Regulations {
		if r.Short == "" {
			t.Errorf("%s: no short name", id)
		}
		for _, c := range r.Clauses {
			if !strings.HasSuffix(c.Short, " "+r.Short) && !strings.Contains(c.Cite, "Biểu") {
				t.Errorf("%s: %q has the short form %q", c.ID, c.Cite, c.Short)
			}
			if len(c.Short) >= len(c.Cite) {
				t.Errorf("%s: %q is not shorter than %q", c.ID, c.Short, c.Cite)
			}
		}
	}
	for _, tt := range []struct{ cite, want string }{
		{"khoản 2 Điều 6 Quy chế kèm Quyết định 06/2026/QĐ-CTUBND", "khoản 2 Điều 6 QĐ 06/2026"},
		{"Điều 2 Quyết định 06/2026/QĐ-CTUBND", "Điều 2 QĐ 06/2026"},
		{"Điều 2 Quyết định khác", ""},
	} {
		if got := lib.Regulations["PT06"].shortOf(tt.cite); got != tt.want {
			t.Errorf("shortOf(%s) = %q, want %q", tt.cite, got, tt.want)
		}
	}
}
