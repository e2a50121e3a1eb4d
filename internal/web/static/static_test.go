package static

import (
	"io/fs"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The first visit of screens/README: every file a page loads, and room for the page itself.
func TestFirstVisitIsLight(t *testing.T) {
	const page, limit = 16_000, 150_000
	sum := page
	for name := range load().plain {
		sum += Weight(name)
	}
	if sum > limit {
		t.Errorf("a first visit costs %d bytes, want at most %d", sum, limit)
	}
	t.Logf("first visit: %d bytes", sum)
}

func TestAddressesCarryTheirBytes(t *testing.T) {
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", URL(name), nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		Handler().ServeHTTP(w, r)
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: status %d, headers %v", name, w.Code, w.Header())
		}
		packed := w.Header().Get("Content-Encoding") == "gzip"
		if woff := strings.HasSuffix(name, ".woff2"); packed == woff {
			t.Errorf("%s: gzip %v", name, packed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/static/app.css", "/static/app.000000000000.css", "/static/static.go", "/static/../go.mod"} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 404 {
			t.Errorf("GET %s = %d, want 404", path, w.Code)
		}
	}
}

// Nothing the browser loads may name another machine, or anything the content policy refuses.
func TestSheetAndScriptStayAtHome(t *testing.T) {
	sheet := string(load().plain["app.css"].body)
	for _, u := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(sheet, -1) {
		if _, ok := load().hashed[strings.TrimPrefix(u[1], Prefix)]; !ok {
			t.Errorf("the sheet loads %s, which is not embedded", u[1])
		}
	}
	for _, name := range []string{"app.css", "app.js", "lines.js"} {
		body := string(load().plain[name].body)
		for _, bad := range []string{"http://", "https://", "data:", "@import", "eval(", "innerHTML", "alert(", "new Function"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
}
