package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/setting"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
)

func TestFilesOfAForm(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	s.Upload.MaxFiles = 2
	var got []casefile.Document
	s.handle("GET /tep", s.tryPage)
	s.handle("POST /tep", func(w http.ResponseWriter, r *http.Request) (err error) {
		got, err = s.Server.attached(r)
		if err == nil {
			_, err = w.Write([]byte("nhận"))
		}
		return s.again(w, r, err, s.tryPage)
	})
	c := s.as(lttest.OfficerA)
	send := func(pairs ...string) answer {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		if err := m.WriteField("text", "đã gõ"); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(pairs); i += 2 {
			w, err := m.CreateFormFile(upload.Field, pairs[i])
			if err == nil {
				_, err = w.Write([]byte(pairs[i+1]))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(http.MethodPost, s.url+"/tep", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", m.FormDataContentType())
		return s.do(c, req)
	}
	send("Ghi chú.txt", "Kính gửi Sở Thử", "b.csv", "a,b\n1,2\n").want(t, 200, "nhận")
	if len(got) != 2 || got[0].Name != "Ghi chú.txt" || got[0].Scan != upload.Unscanned || got[0].AddedBy != lttest.OfficerA || got[0].Size == 0 {
		t.Errorf("received %+v", got)
	}
	refused := send("a.pdf", "MZ không phải PDF")
	refused.want(t, 422, "không đúng là văn bản PDF")
	if refused.value("text") != "đã gõ" {
		t.Error("a refused file takes the text with it")
	}
	send("a.txt", "1", "b.txt", "2", "c.txt", "3").want(t, 422, "tối đa 2 tệp")
	send().want(t, 200)
	send("", "").want(t, 200) // the field left empty, as browsers send it
	s.Upload.MaxFile, s.Upload.MaxTotal = 10, 15
	send("a.txt", "01234567890").want(t, 413, "quá mức")
	send("a.txt", "0123456789", "b.txt", "0123456789").want(t, 413, "chia thành nhiều lần")
	s.post(c, "/tep", "key", db.NewSecret()).want(t, 200)
	lttest.Update(t, d, func(tx *db.Tx) error { return setting.Set(tx, "cli:thu", "upload.max_waiting", "55", "thử") })
	send("a.txt", "0123456789").want(t, 200)
	full := send("a.txt", "0123456789")
	full.want(t, 413, "chưa gắn vào việc nào")
	if full.value("text") != "đã gõ" {
		t.Error("a full quota takes the text with it")
	}
}

// The form of a draft shows its files ticked; the tick taken out takes the file off, and a
// refused form remembers it.
func TestFileIsTakenOffADraft(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		s.down(at)
		sp := s.visit("specialist").open(at+"/answer").must("/answer", "text", "Đã cấp.", "outcome", "guided", "do", "draft")
		paper := sp.path
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, s.people["specialist"])
			if err != nil {
				return err
			}
			_, err = s.Desk.Enclose(tx, who, signoff.ID(strings.TrimPrefix(paper, "/papers/")), signoff.Files{Add: []casefile.Document{
				{Name: "nhầm.pdf", MediaType: "application/pdf", Hash: "h1", Scan: upload.Clean}, {Name: "đúng.pdf", MediaType: "application/pdf", Hash: "h2", Scan: upload.Clean}}}, "", 0)
			return err
		})
		sp.open(paper+"/edit").wants("Tệp đang kèm theo dự thảo", "nhầm.pdf", "đúng.pdf")
		ticked := func(root *html.Node, name string) *html.Node {
			return find(root, func(n *html.Node) bool {
				return attr(n, "name") == heldField && strings.Contains(words(n.Parent), name) && has(n, "checked")
			})
		}
		right := attr(ticked(sp.root, "đúng.pdf"), "value")
		refused := sp.send("/edit", "title", "", "text", "Đã cấp.", "outcome", "guided", heldField, right, "nosecret", "1")
		if refused.StatusCode != http.StatusUnprocessableEntity || ticked(refused.root, "nhầm.pdf") != nil || ticked(refused.root, "đúng.pdf") == nil {
			t.Errorf("status %d; the refused form forgot what was taken out", refused.StatusCode)
		}
		sp.must("/edit", "title", "V/v trả lời", "text", "Đã cấp.", "outcome", "guided", heldField, right, "do", "draft").
			wants("đúng.pdf", "bỏ tệp “nhầm.pdf”", "Thay đổi tệp kèm theo dự thảo")
		sp.open(paper + "/edit").lacks("nhầm.pdf")
	})
}
