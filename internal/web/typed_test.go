package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// What is asked while somebody types looks at the beginning of a text only: tens of
// megabytes pasted into a form would keep a processor busy at every pause.
func TestTypedIsBounded(t *testing.T) {
	for _, text := range []string{"khó khăn", strings.Repeat("khó khăn ", 1<<20), "x" + strings.Repeat("ữ", 1<<20)} {
		got := typedSoFar(&http.Request{PostForm: url.Values{"title": {"Vướng mắc"}, "text": {text}}})
		if len(got) > typedMost || !utf8.ValidString(got) || !strings.HasPrefix(got, "Vướng mắc\n"+text[:4]) {
			t.Errorf("of %d bytes %d are looked at, valid %v", len(text), len(got), utf8.ValidString(got))
		}
	}
}
