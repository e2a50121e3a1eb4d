package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/lttest/province"
)

// The form asks for proposals while it is written, each of which a button chooses from
// the select beside it.
func TestProposalsWhileWriting(t *testing.T) {
	d, clock := province.SQLite(t)
	s := newProvinceSite(t, d, clock)
	c := s.as(s.people["xa"])
	form := s.get(c, "/petitions/new")
	form.want(t, 200, "Lĩnh vực")
	options, asks := map[string]bool{}, false
	each(form.root, func(n *html.Node) bool {
		if n.Data == "option" {
			options[attr(n, "value")] = true
		}
		asks = asks || attr(n, "hx-post") == "/petitions/proposals"
		return false
	})
	if !asks {
		t.Error("the form asks for no proposals")
	}
	tests := []struct{ title, text, first, say string }{
		{"Làm giấy khai sinh chậm", "Người dân chờ lâu, sổ hộ tịch chưa số hóa.", "tu-phap.03", "vì có"},
		{"may chu nhiem ma doc", "", "an-toan-thong-tin", "quy chế chưa nêu"},
		{"Cấp căn cước công dân, tuyển quân", "", "ngoai-14-linh-vuc", "quy chế chưa nêu"},
		{"Chợ", "", "", ""},
	}
	for _, tt := range tests {
		a := s.post(c, "/petitions/proposals", "title", tt.title, "text", tt.text)
		a.want(t, 200)
		first, n := "", 0
		each(a.root, func(x *html.Node) bool {
			if v := attr(x, "data-choose"); v != "" {
				if n++; n == 1 {
					first = v
				}
				if !options[v] {
					t.Errorf("%s: %q cannot be chosen", tt.title, v)
				}
			}
			return false
		})
		if first != tt.first || n > proposalsMost || !strings.Contains(strings.ToLower(a.text), tt.say) {
			t.Errorf("%s: first %q of %d: %s", tt.title, first, n, a.text)
		}
	}
	if a := s.post(s.browser(), "/petitions/proposals", "title", "Làm giấy khai sinh chậm"); strings.Contains(a.text, "data-choose") {
		t.Error("a stranger gets proposals")
	}
}
