package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// A page put together around another key is the page that was drawn, but for the key,
// packed or not, wherever the key stands.
func TestKeptPageIsThePage(t *testing.T) {
	old, key := "06eg0000000000000000000old", "06eg0000000000000000000new"
	for name, page := range map[string]string{
		"keys inside":        "<p>" + strings.Repeat("việc "+old+" của tôi ", 400) + "</p>",
		"at both ends":       old + strings.Repeat("x", 3000) + old + old,
		"none":               strings.Repeat("không có khóa nào ", 300),
		"a key and its head": strings.Repeat(old[:20], 200) + old,
	} {
		for _, zip := range []bool{false, true} {
			d, err := cut([]byte(page), old, zip)
			if err != nil {
				t.Fatal(err)
			}
			got := d.with(key)
			if zip {
				z, err := gzip.NewReader(bytes.NewReader(got))
				if err != nil {
					t.Fatal(err)
				}
				if got, err = io.ReadAll(z); err != nil { // sum and length are checked here
					t.Fatalf("%s: %v", name, err)
				}
			}
			if want := strings.ReplaceAll(page, old, key); string(got) != want {
				t.Errorf("%s, packed %v: not the page: %.200s", name, zip, got)
			}
		}
	}
}

// The inbox is drawn once while nothing is committed, for each officer his own; whatever is
// committed, whoever's, makes it anew.
func TestKeptPageIsDrawnAnew(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		a, b := s.as(lttest.OfficerA), s.as(lttest.OfficerB)
		asked := 0
		s.DB.BeforeStatement = func(*db.Tx, string) { asked++ }
		statements := func(c *http.Client, path string) (answer, int) {
			t.Helper()
			asked = 0
			page := s.get(c, path)
			if page.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %.200s", path, page.StatusCode, page.text)
			}
			return page, asked
		}
		first, drawn := statements(a, "/")
		kept := 0
		for range 20 { // each reading connection draws it once
			page, n := statements(a, "/")
			if page.text != first.text { // this officer's page has no form, so no key
				t.Fatal("the page is another without any change")
			}
			if n < drawn {
				kept++
			}
		}
		if kept == 0 && !s.DB.Postgres() { // a server's other databases change its snapshots too
			t.Errorf("drawn each time, with %d statements", drawn)
		}
		if other, _ := statements(b, "/"); other.text == first.text {
			t.Error("two officers got the same page")
		}
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE officer SET name = 'Tên vừa đổi' WHERE id = $1`, string(lttest.OfficerA))
			if err != nil {
				return err
			}
			return tx.Bump("org.people")
		})
		for range 20 {
			if page, _ := statements(a, "/"); !strings.Contains(page.text, "Tên vừa đổi") {
				t.Fatal("a page from before a commit was given after it")
			}
		}
	})
}
