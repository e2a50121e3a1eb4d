package web

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/upload"
)

// attached opens a case of the department and puts one file on it.
func (s *site) attached(d casefile.Document, body string) (id string) {
	s.t.Helper()
	hash, size, err := s.Blobs.Put(strings.NewReader(body), 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Thử", State: "mở", Scope: "k:thu", Lead: lttest.Department, Raiser: lttest.Commune})
		if err != nil {
			return err
		}
		if err := casefile.Join(tx, c.ID, casefile.Party{Unit: lttest.Department, Function: access.Lead}); err != nil {
			return err
		}
		d.Case, d.Hash, d.Size = c.ID, string(hash), size
		id, err = casefile.Attach(tx, d)
		return err
	})
	return id
}

func TestDownloads(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		in, colleague := s.as(lttest.OfficerA), s.as(lttest.OfficerB)
		base := casefile.Document{EventN: 1, Name: "Tờ trình \"số 1\".html", MediaType: "text/html", Scan: upload.Clean, AddedBy: lttest.OfficerA}
		id := s.attached(base, "<script>alert(1)</script>")
		a := s.get(in, "/documents/"+id)
		a.want(t, 200)
		if a.text != "<script>alert(1)</script>" {
			t.Errorf("bytes %q", a.text)
		}
		want := `attachment; filename="To trinh so 1.html"; filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh%20s%E1%BB%91%201.html`
		if got := a.Header.Get("Content-Disposition"); !strings.EqualFold(got, want) {
			t.Errorf("Content-Disposition %s, want %s", got, want)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("headers %v", a.Header)
		}
		s.get(s.browser(), "/documents/"+id).want(t, 303)
		s.get(in, "/documents/khong-co").want(t, 404)

		ill := base
		ill.Scan = upload.Infected
		s.get(in, "/documents/"+s.attached(ill, "x")).want(t, 403, "mã độc")
		ill.Scan = upload.Waiting
		s.get(in, "/documents/"+s.attached(ill, "x")).want(t, 403, "chờ quét")

		draft := base
		draft.EventN = 0
		s.get(colleague, "/documents/"+s.attached(draft, "x")).want(t, 200) // the same unit
		draft.AddedBy = lttest.CommuneOfficer
		s.get(in, "/documents/"+s.attached(draft, "x")).want(t, 404) // a draft of the other side

		hidden := s.attached(base, "y")
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM case_reader WHERE case_id = (SELECT case_id FROM document WHERE id = $1)`, hidden)
			return err
		})
		s.get(in, "/documents/"+hidden).want(t, 404)
	})
}

// A node that stops lets what runs come to its end and takes nothing new.
func TestServeStopsGently(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	begun := make(chan bool)
	s.open("GET /cham", func(w http.ResponseWriter, r *http.Request) error {
		close(begun)
		time.Sleep(200 * time.Millisecond)
		_, err := w.Write([]byte("xong"))
		return err
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, "", "") }()
	s.url = "http://" + l.Addr().String()
	go func() {
		<-begun
		stop()
	}()
	if a := s.get(s.browser(), "/cham"); a.text != "xong" {
		t.Errorf("a running request was cut: %q", a.text)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve = %v", err)
	}
	if _, err := net.DialTimeout("tcp", l.Addr().String(), time.Second); err == nil {
		t.Error("still listening")
	}
}

// An officer with two posts has one account; the chosen post is the one he acts in.
func TestChooseAmongPosts(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := org.AssignPost(tx, org.System("test"), org.Post{Officer: lttest.OfficerB, Unit: lttest.OneStep, Role: org.Specialist, Title: "Tổ trưởng"})
		return err
	})
	c := s.as(lttest.OfficerB)
	page := s.get(c, "/profile")
	page.want(t, 200, "Tổ trưởng", "Anh/chị đang làm việc với chức danh")
	var id string
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.One(`SELECT id FROM post WHERE officer = $1 AND title = 'Tổ trưởng'`, []any{string(lttest.OfficerB)}, &id)
	})
	s.post(c, "/post", "key", page.value("key"), "post", id).want(t, 303)
	s.get(c, "/profile").want(t, 200, "làm việc với chức danh Tổ trưởng.")
}
