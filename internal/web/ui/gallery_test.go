package ui

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"lienthong/internal/web/static"
)

// keep leaves the gallery in a folder, to be looked at: go test ./internal/web/ui -run Gallery -gallery DIR.
var keep = flag.String("gallery", "", "write the gallery's pages and files into this folder")

// Framed is Card for the gallery, which is written in Go.
func Framed(title string, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return Card(title).Render(templ.WithChildren(ctx, body), w)
	})
}

// Every part, with invented data, as whole pages: each must be sound HTML that the content policy lets
// through and that says itself to a screen reader.
func TestGallery(t *testing.T) {
	dir := t.TempDir()
	if *keep != "" {
		dir = *keep
	}
	for name, page := range gallery() {
		var b bytes.Buffer
		if err := page.Render(context.Background(), &b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".html"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(dir)))
	mux.Handle(static.Prefix, static.Handler())
	server := httptest.NewServer(mux)
	defer server.Close()

	for name := range gallery() {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, get(t, server.URL+"/"+name+".html"))
			checkPolicy(t, doc)
			checkNames(t, doc)
			for _, u := range loaded(doc) {
				body := get(t, server.URL+u)
				if *keep != "" {
					store(t, filepath.Join(dir, u), body)
				}
				for _, m := range regexp.MustCompile(`url\((/static/[^)]*)\)`).FindAllStringSubmatch(body, -1) {
					if font := get(t, server.URL+m[1]); *keep != "" {
						store(t, filepath.Join(dir, m[1]), font)
					}
				}
			}
		})
	}
}

func store(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("GET %s: %d, %v", url, r.StatusCode, err)
	}
	return string(body)
}

func parse(t *testing.T, s string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// words is the text below n.
func words(n *html.Node) (s string) {
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s += d.Data
		}
	}
	return strings.TrimSpace(s)
}

// loaded lists what the page itself loads.
func loaded(doc *html.Node) (urls []string) {
	for n := range doc.Descendants() {
		for _, key := range []string{"src", "href"} {
			if v, ok := attr(n, key); ok && (n.Data == "script" || n.Data == "link" || n.Data == "img") {
				urls = append(urls, v)
			}
		}
	}
	return urls
}

// checkPolicy: no inline style, script or handler, nothing from another machine.
func checkPolicy(t *testing.T, doc *html.Node) {
	t.Helper()
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || (n.Data == "script" && n.FirstChild != nil) {
			t.Errorf("inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
				t.Errorf("<%s %s=%q>: the content policy refuses it", n.Data, a.Key, a.Val)
			}
			if (a.Key == "src" || a.Key == "href" || a.Key == "action") && strings.Contains(a.Val, "://") {
				t.Errorf("<%s %s=%q> leaves the machine", n.Data, a.Key, a.Val)
			}
		}
	}
}

// checkNames: ids are unique, references meet, every control, link and button has a name, one title.
func checkNames(t *testing.T, doc *html.Node) {
	t.Helper()
	seen, labelled, titles := map[string]bool{}, map[string]bool{}, 0
	for n := range doc.Descendants() {
		if id, ok := attr(n, "id"); ok {
			if seen[id] {
				t.Errorf("id %q twice", id)
			}
			seen[id] = true
		}
		if f, ok := attr(n, "for"); ok {
			labelled[f] = true
		}
		if n.Data == "h1" {
			titles++
		}
	}
	if titles != 1 {
		t.Errorf("%d <h1>, want one", titles)
	}
	for n := range doc.Descendants() {
		for _, key := range []string{"aria-describedby", "aria-labelledby", "for", "list", "popovertarget", "data-left"} {
			v, _ := attr(n, key)
			for _, id := range strings.Fields(v) {
				if !seen[id] {
					t.Errorf("<%s %s=%q> points nowhere", n.Data, key, id)
				}
			}
		}
		if _, ok := attr(n, "data-live"); ok && n.Data != "body" {
			if _, ok := attr(n, "id"); !ok {
				t.Errorf("<%s data-live> has no id to be renewed under", n.Data)
			}
		}
		checkNamed(t, n, labelled)
	}
}

func checkNamed(t *testing.T, n *html.Node, labelled map[string]bool) {
	t.Helper()
	aria, _ := attr(n, "aria-label")
	switch n.Data {
	case "a", "button", "summary":
		if words(n) == "" && aria == "" {
			t.Errorf("<%s> without words: %v", n.Data, n.Attr)
		}
	case "input", "select", "textarea":
		kind, _ := attr(n, "type")
		id, _ := attr(n, "id")
		inside := n.Parent != nil && n.Parent.Data == "label"
		if kind != "hidden" && !labelled[id] && aria == "" && !inside {
			t.Errorf("<%s> without label: %v", n.Data, n.Attr)
		}
	}
}

// A text that came from a person is shown, never run.
func TestTextIsEscaped(t *testing.T) {
	evil := `<script>x</script>" onload="x`
	var b bytes.Buffer
	all := templ.Join(DutyRow(Row{Href: "javascript:x", Do: evil}), TextArea(Input{Name: "a", Label: evil, Value: evil}), Prose(evil), Halt(Problem{Title: evil}))
	if err := all.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Contains(s, "<script") || strings.Contains(s, `" onload`) || strings.Contains(s, "javascript:") {
		t.Errorf("not escaped: %s", s)
	}
}

func TestNumbersAreWrittenAsReadHere(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 1250000: "1.250.000", -4000: "−4.000"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s, want %s", n, got, want)
		}
	}
}
