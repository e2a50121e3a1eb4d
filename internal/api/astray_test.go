package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// An address, a method or a tracking code that leads nowhere is refused like everything else: as a
// problem, in Vietnamese.
func TestAstray(t *testing.T) {
	f := one(t)
	for _, c := range []struct {
		method, path string
		status       int
		title, say   string
	}{
		{"GET", "/api/v1/nothing", http.StatusNotFound, "Không có địa chỉ này", "openapi.json"},
		{"GET", "/api/v1/petitions/KN-0052/2026", http.StatusNotFound, "Không có địa chỉ này", "id 26 ký tự"},
		{"DELETE", "/api/v1/petitions", http.StatusMethodNotAllowed, "Không nhận cách gọi này", "POST"},
	} {
		a := f.do(f.office.Commune.Officer, c.method, c.path, nil)
		if a.status != c.status || a.text("title") != c.title || !strings.Contains(a.text("detail"), c.say) {
			t.Errorf("%s %s: %d %s, want %d %q with %q", c.method, c.path, a.status, a.raw, c.status, c.title, c.say)
		}
		if media := a.header.Get("Content-Type"); media != "application/problem+json" {
			t.Errorf("%s %s: %s", c.method, c.path, media)
		}
	}
	if allow := f.do(f.office.Commune.Officer, "DELETE", "/api/v1/petitions", nil).header.Get("Allow"); !strings.Contains(allow, "POST") {
		t.Errorf("Allow: %q", allow)
	}
}

// A sender who writes the whole of a body far too long still reads why it was refused: the server
// takes the rest in before it closes.
func TestTooLongBodyReadsItsRefusal(t *testing.T) {
	f := one(t)
	srv := httptest.NewServer(f.Server)
	defer srv.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	body := `{"title":"a","text":"` + strings.Repeat("b", 10_000_000) + `"}`
	r, err := http.NewRequest("POST", srv.URL+"/api/v1/petitions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+f.token(f.office.Commune.Officer))
	if err := r.Write(conn); err != nil {
		t.Fatalf("the server hung up on its sender: %v", err)
	}
	// read as an answer: its end is where it says, not where the connection ends
	answer, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 2000))
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "1 MB") {
		t.Fatalf("%d %v %s", answer.StatusCode, err, text)
	}
}
