package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lienthong/internal/audit"
	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// work fills the province with petitions: some answered, some late, two fields.
func (s *provinceSite) work() {
	s.t.Helper()
	s.clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
	tried := "đã tự làm"
	do := func(fn func(tx *db.Tx) error) { lttest.Update(s.t, s.DB, fn) }
	for i := range 6 {
		field := s.office.Field
		if i%2 == 1 {
			field = journeyField
		}
		do(func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: fmt.Sprintf("Vướng mắc %d", i), Field: field, Text: "nội dung", Tried: &tried})
			if err != nil || i%3 != 0 || field != s.office.Field {
				return err
			}
			_, err = petition.AnswerNow(tx, s.office.Leader, p.ID, petition.Reply{Text: "trả lời", Outcome: petition.Outcomes[2]})
			return err
		})
		s.clock.Add(26 * time.Hour)
	}
	s.clock.Set(workday.MustDate("2026-03-16").At(9 * 60))
	sweeper := duty.Sweeper{DB: s.DB, Kinds: dutyKinds(), Node: "test"}
	if _, err := sweeper.Sweep(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// links returns the addresses on the page that begin so, with the text of each.
func (v *visit) links(prefix string) map[string]string {
	all := map[string]string{}
	walk(v.root, func(n *html.Node) {
		if to := attr(n, "href"); n.Data == "a" && strings.HasPrefix(to, prefix) {
			all[to] = words(n)
		}
	})
	return all
}

// rows counts the duties that a list shows, over all its pages.
func (s *provinceSite) rows(c *http.Client, path string) (n int) {
	for path != "" {
		page := s.get(c, path)
		page.want(s.t, 200)
		path = ""
		walk(page.root, func(x *html.Node) {
			if x.Data == "a" && attr(x, "class") == "row" {
				n++
			}
			if x.Data == "a" && attr(x, "rel") == "next" {
				path = attr(x, "href")
			}
		})
	}
	return n
}

// counted gives the answers their places in the log and lets the follower of the figures
// read them, as the background of serve does.
func (s *provinceSite) counted(t *testing.T) {
	t.Helper()
	for _, step := range []func(context.Context) (int, error){
		func(ctx context.Context) (int, error) { return audit.Sequence(ctx, s.DB) },
		board.Follower(s.DB).Step,
	} {
		for n := 1; n > 0; {
			var err error
			if n, err = step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Every number opens its list, which has as many rows under the same filter.
func TestEveryNumberOpensItsList(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		over := s.visit("overseer")
		for _, ask := range []string{"", "?field=tu-phap", "?field=" + s.office.Field, "?commune=" + string(s.office.CommuneUnit), "?commune=" + journeyCommune,
			"?from=2026-03-12&to=2026-03-13", "?unit=" + journeyDepartment} {
			over.open("/board" + ask)
			numbers := over.links("/board/list")
			if len(numbers) < 4 {
				t.Fatalf("%s: %d links only", ask, len(numbers))
			}
			for to, text := range numbers {
				want, err := strconv.Atoi(strings.ReplaceAll(strings.Fields(strings.TrimPrefix(text, "! "))[0], ".", ""))
				if err != nil {
					t.Fatalf("%s: the link %s says %q", ask, to, text)
				}
				if got := s.rows(over.c, to); got != want {
					t.Errorf("%s: %s says %d and lists %d", ask, to, want, got)
				}
			}
		}
		over.open("/board").wants("quá hạn chưa xong", "việc chưa có đơn vị chịu trách nhiệm").lacks("Một nửa trả lời trong")
		s.counted(t)
		over.open("/board").wants("Một nửa trả lời trong")
		over.open("/board/orphans").wants("Không có việc nào")
	})
}

// A leader sees his own unit with the same numbers; who leads and oversees nothing sees
// no board.
func TestBoardOfOneUnit(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		lead := s.visit("leader").open("/board").wants("Sở Tư pháp").lacks("Sở Tài chính", "việc chưa có đơn vị")
		over := s.visit("overseer").open("/board?unit=" + journeyDepartment)
		for to, text := range lead.links("/board/list") {
			u, err := url.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			if q := u.Query(); q.Get("unit") != "" && over.links("/board/list")[to] != text {
				t.Errorf("%s: the unit reads %q, the overseer %q", to, text, over.links("/board/list")[to])
			}
		}
		s.get(s.as(s.people["specialist"]), "/board").want(t, 403, "Anh/chị không có quyền xem bảng điều hành")
		s.get(over.c, "/board?from=hôm-qua").want(t, 422, "không phải là ngày")
		s.get(over.c, "/board/list?figure=xyz").want(t, 422)
	})
}

// The overseer urges from the row: the machine proposes the words, a person sends them,
// once, and comes back to the list.
func TestUrgeFromTheList(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		over := s.visit("overseer").open("/board/list?figure=missed").wants("đơn vị chưa phân công", "gần nhất: Quá hạn chưa xong", "Đôn đốc")
		var to string
		for href := range over.links("/board/urge/") {
			to = href
		}
		over.open(to)
		if draft := over.value("text"); !strings.Contains(draft, "trả lời kiến nghị") || !strings.Contains(draft, "quá") {
			t.Errorf("the proposed words: %q", draft)
		}
		path := strings.Split(to, "?")[0]
		refused := over.send(path, "text", " ")
		refused.want(t, 422, "Hãy ghi nội dung đôn đốc.")
		over.open(to).must(path, "text", "Đề nghị trả lời ngay trong hôm nay.").wants("Quá hạn chưa xong", "Đã gửi đôn đốc", "đôn đốc Sở")
		s.visit("leader").open("/board/list?figure=missed")
		if links := s.visit("leader").open("/board/list?figure=missed").links("/board/urge/"); len(links) > 0 {
			t.Error("a leader may urge himself")
		}
	})
}
