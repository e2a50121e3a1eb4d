package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/db"
	"lienthong/internal/inbox"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
)

// After a conflict the officer goes back to the form with what was typed, and sends it
// under what stands there now.
func TestConflictGivesTheFormBack(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		slow := s.visit("leader").open(at + "/ask")
		s.visit("clerk").open(at).must("/register")
		a := slow.send("/ask", "text", "Xã làm rõ giúp phần mềm nào", "nosecret", "1")
		a.want(t, http.StatusConflict, "Về biểu mẫu với nội dung đã gõ", "Mở việc này")
		back := &visit{s: s, c: slow.c, answer: a, path: at + "/ask"}
		form := back.send("/ask")
		form.want(t, http.StatusOK, "đã có diễn biến mới")
		if text := form.value("text"); text != "Xã làm rõ giúp phần mềm nào" {
			t.Errorf("the form holds %q", text)
		}
		again := &visit{s: s, c: slow.c, answer: form, path: at + "/ask"}
		again.must("/ask", "text", form.value("text"), "nosecret", "1").wants("hỏi lại xã")
	})
}

// A form that is only asked for again is never carried out.
func TestReformDoesNothing(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		v := s.visit("leader").open(at + "/ask")
		s.post(v.c, at+"/ask", "key", v.value("key"), "text", "Câu hỏi", "nosecret", "1", reformField, "1").want(t, http.StatusOK, "Câu hỏi")
		s.visit("xa").open(at).lacks("hỏi lại xã")
	})
}

// A file that came with a refused form goes with the next try without being chosen again;
// nobody else can use its token, and no token can be made up.
func TestFilesOutliveARefusal(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		v := s.visit("xa").open("/petitions/new")
		send := func(c *http.Client, file bool, pairs ...string) answer {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			for i := 0; i < len(pairs); i += 2 {
				if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
					t.Fatal(err)
				}
			}
			if file {
				w, err := m.CreateFormFile(upload.Field, "ghi-chu.txt")
				if err == nil {
					_, err = w.Write([]byte("ảnh màn hình báo lỗi"))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			req := s.form("/petitions")
			req.Body = http.NoBody
			req, err := http.NewRequest(http.MethodPost, req.URL.String(), &b)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", m.FormDataContentType())
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			return s.do(c, req)
		}
		refused := send(v.c, true, "key", v.value("key"), "title", "", "field", journeyField, "text", "Nội dung", "tried", "Đã gọi", "do", "draft")
		refused.want(t, http.StatusUnprocessableEntity, "Tệp đã nhận, gửi kèm lần này", "ghi-chu.txt")
		token := ""
		each(refused.root, func(n *html.Node) bool {
			if n.Data == "input" && attr(n, "name") == keptField && has(n, "checked") {
				token = attr(n, "value")
			}
			return false
		})
		if token == "" {
			t.Fatal("no token of the file")
		}
		whole := func(token string, v *visit, key string) answer {
			return send(v.c, false, "key", key, "title", "Có tệp kèm", "field", journeyField, "text", "Nội dung", "tried", "Đã gọi", "do", "draft", keptField, token)
		}
		stranger := s.visit("xa-head").open("/petitions/new")
		whole(token, stranger, stranger.value("key")).want(t, http.StatusUnprocessableEntity, "không còn giữ được")
		whole("x"+token, v, refused.value("key")).want(t, http.StatusUnprocessableEntity, "không còn giữ được")
		v = v.open("/petitions/new")
		key := v.value("key")
		kept := whole(token, v, key)
		kept.want(t, http.StatusSeeOther)
		if twice := whole(token, v, key); twice.Header.Get("Location") != kept.Header.Get("Location") {
			t.Errorf("the same form sent twice: %d %s", twice.StatusCode, twice.Header.Get("Location"))
		}
		var waits int64
		lttest.View(t, s.DB, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM upload WHERE NOT taken`, nil, &waits) })
		if waits != 0 {
			t.Errorf("%d files count as waiting after their act took them", waits)
		}
		v.open(kept.Header.Get("Location")).wants("ghi-chu.txt", "Có tệp kèm")
	})
}

// What was told about a case is read once its page is opened.
func TestOpeningACaseReadsItsNotices(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		v := s.visit("clerk").open("/").wants("thông báo mới")
		s.get(s.as(s.people["xa"]), at) // not the one who was told
		v.open("/notices").wants("Có kiến nghị mới đến đơn vị").open(at).open("/notices").wants("Không có thông báo mới")
	})
}

// The list of petitions holds what each may see, ended ones too, and narrows by what
// people remember.
func TestListOfPetitions(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		title := "Chưa thực hiện được chứng thực bản sao điện tử"
		for _, who := range []string{"xa", "clerk", "leader", "specialist", "overseer"} {
			v := s.visit(who).open("/petitions").wants(title, "Mới đến")
			v.open("/petitions?state=received&commune=" + journeyCommune).wants(title)
			v.open("/petitions?lead=" + journeyDepartment).wants(title)
			v.open("/petitions?state=settled").wants("Không có kiến nghị nào khớp")
			v.open("/petitions?from=2026-03-01").wants("Không có kiến nghị nào khớp")
		}
		s.desk()
		lacks := s.visit("desk").open("/petitions?field=y-te")
		lacks.lacks(title)
		s.visit("xa-leader").open("/petitions?outcome=guided").lacks(title)
		s.get(s.as(s.people["xa"]), "/petitions?from=hom-qua").want(t, http.StatusUnprocessableEntity, "không phải là ngày")
		if links := s.visit("xa").open("/petitions").links("/petitions/"); links[at] == "" {
			t.Errorf("the list does not lead to %s: %v", at, links)
		}
	})
}

// Who signed stands in the history, and who only released.
func TestHistoryNamesSignerAndClerk(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		v := s.visit("xa").open(at).wants("ký (TM.); ", "Văn thư phát hành")
		if n := strings.Count(v.words(), "ký (TM.)"); n != 1 {
			t.Errorf("the signature is said %d times", n)
		}
	})
}

func TestHereIsTheLongestAddress(t *testing.T) {
	nav := []ui.NavItem{{Href: "/"}, {Href: "/petitions"}, {Href: "/petitions/new"}, {Href: "/board"}}
	for path, want := range map[string]int{"/": 0, "/petitions": 1, "/petitions/06g": 1, "/petitions/new": 2, "/board/list": 3, "/papers/1": -1, "/boards": -1} {
		if got := here(nav, path); got != want {
			t.Errorf("here(%s) = %d, want %d", path, got, want)
		}
	}
}

// Who leads a unit that oversees finds what waits for its decision in his own lists; what
// others do is listed and not counted as his.
func TestOverseersLists(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		s.visit("overseer").open("/").wants("Cần đôn đốc", "Xem xét việc quá hạn")
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, s.people["leader"])
			if err != nil {
				return err
			}
			trays, err := inbox.Trays(tx, who, mostCounted)
			if err != nil {
				return err
			}
			want := 0
			for _, tray := range trays {
				if !tray.Others {
					want += tray.Count
				}
			}
			n, _, err := inbox.Waiting(tx, who, mostCounted)
			if n != want {
				t.Errorf("the badge says %d, the lists hold %d", n, want)
			}
			return err
		})
	})
}
