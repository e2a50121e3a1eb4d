package bank_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

const (
	question = "Sổ gốc hộ tịch không còn thì cấp bản sao trích lục khai sinh thế nào?"
	reply    = "Tra cơ sở dữ liệu hộ tịch điện tử; có dữ liệu thì cấp bản sao từ đó, không có thì trả lời bằng văn bản."
	basis    = "khoản 2 Điều 9 Luật 60/2014/QH13; Nghị định 123/2015/NĐ-CP"
)

func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

func propose(t *testing.T, d *db.DB, o province.Office, q string) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		e, err := bank.Propose(tx, o.Leader, bank.New{Unit: o.DepartmentUnit, Field: o.Field, Question: q, Answer: reply, Basis: basis, Submit: true})
		if err == nil {
			id = e.ID
		}
		return err
	})
	return id
}

func approve(t *testing.T, d *db.DB, o province.Office, id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := bank.Approve(tx, o.Leader, id, bank.Approval{})
		return err
	})
}

func likely(t *testing.T, d *db.DB, who org.Actor, text string) (entries, petitions []bank.Likely) {
	t.Helper()
	if _, err := audit.Sequence(t.Context(), d); err != nil { // answers are learned from the log
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		entries, petitions, err = bank.Like(tx, who, text, "", 3)
		return err
	})
	return entries, petitions
}

// A commune finds an entry once it is approved, not before, and not after it is retracted.
func TestAnEntryIsForAllOnceApproved(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		id := propose(t, d, o, question)
		get := func(tx *db.Tx) error { _, err := bank.Get(tx, o.Commune, id); return err }
		if err := try(d, get); !errors.Is(err, fault.NotFound) {
			t.Errorf("a commune reads what is not approved: %v", err)
		}
		if found, _ := likely(t, d, o.Commune, "mất sổ hộ tịch gốc, cấp trích lục khai sinh ra sao"); len(found) != 0 {
			t.Errorf("found before it was approved: %v", found)
		}
		approve(t, d, o, id)
		found, _ := likely(t, d, o.Commune, "mat so ho tich goc, cap trich luc khai sinh ra sao")
		if len(found) != 1 || found[0].ID != id || found[0].Outdated {
			t.Fatalf("%+v", found)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			e, err := bank.Get(tx, o.Commune, id)
			if err != nil || e.ApprovedBy != o.Leader.Officer || e.State != bank.Approved {
				t.Errorf("%+v %v", e, err)
			}
			history, err := casefile.History(tx, o.Commune, id, 50)
			if len(history) != 1 || history[0].Kind != "bank.approved" {
				t.Errorf("a commune reads what stood there before: %+v", history)
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := bank.Retract(tx, o.Leader, id, "Quy định đã khác.", 0)
			return err
		})
		if found, _ := likely(t, d, o.Commune, question); len(found) != 0 {
			t.Errorf("found after it was retracted: %v", found)
		}
		if err := try(d, get); !errors.Is(err, fault.NotFound) {
			t.Errorf("a commune reads what was retracted: %v", err)
		}
	})
}

// An entry whose basis has ended is approved only with a word on why it holds; what waits
// has no day of approval.
func TestEndedBasisNeedsAWord(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		id := propose(t, d, o, question)
		var basis string
		lttest.View(t, d, func(tx *db.Tx) error {
			e, err := bank.Get(tx, o.Leader, id)
			basis = e.Basis
			waiting, _, err2 := bank.List(tx, o.Leader, bank.Filter{State: bank.Waiting}, "", 10)
			if err2 != nil || len(waiting) != 1 || !waiting[0].ApprovedAt.IsZero() || waiting[0].OpenedAt.IsZero() {
				t.Errorf("%+v, %v", waiting, err2)
			}
			return err
		})
		symbol := regexp.MustCompile(`\d+/\d{4}/[\p{L}\d-]+`).FindString(basis)
		lttest.Update(t, d, func(tx *db.Tx) error {
			return bank.EndText(tx, org.System("test"), bank.Ended{Symbol: symbol, EndedOn: workday.Of(tx.Now), ReplacedBy: "12/2026/NĐ-CP", Source: "Nghị định mới"})
		})
		err := try(d, func(tx *db.Tx) error { _, err := bank.Approve(tx, o.Leader, id, bank.Approval{}); return err })
		if said, ok := fault.Sentence(err); fault.Kind(err) != fault.Invalid || !ok || !strings.Contains(said.Say, "12/2026/NĐ-CP") {
			t.Fatalf("approved on a text that ended: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := bank.Approve(tx, o.Leader, id, bank.Approval{Stands: "Văn bản mới giữ nguyên quy định này."})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			history, err := casefile.History(tx, o.Leader, id, 50)
			said := slices.IndexFunc(history, func(e casefile.Event) bool { return e.Kind == "bank.stands" })
			if said < 0 || !strings.Contains(history[said].Text, "giữ nguyên") || !strings.Contains(history[said].Text, symbol) {
				t.Errorf("%+v", history)
			}
			return err
		})
	})
}

func TestRefusals(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		personal := propose(t, d, o, "Ông Nguyễn Văn Tám ở xã Hy Cương, số 0912 345 678, xin cấp trích lục khai sinh")
		ready := propose(t, d, o, question)
		var other org.Actor
		var specialist org.Actor
		lttest.View(t, d, func(tx *db.Tx) (err error) {
			held, err := org.Holders(tx, "so-tai-chinh", org.Leader)
			if err != nil {
				return err
			}
			if other, err = org.ActorOf(tx, held[0].Officer.ID); err != nil {
				return err
			}
			specialist, err = org.ActorOf(tx, o.Specialist)
			return err
		})
		tests := []struct {
			name string
			act  func(tx *db.Tx) error
			want error
			say  string
		}{
			{"names are left in", func(tx *db.Tx) error { _, err := bank.Approve(tx, o.Leader, personal, bank.Approval{}); return err }, fault.Invalid, "Ông Nguyễn Văn Tám"},
			{"a number is left in", func(tx *db.Tx) error {
				_, err := bank.Approve(tx, o.Leader, personal, bank.Approval{Keep: map[string]string{"person:ong nguyen van tam": "Nhân vật lịch sử.", "place:xa hy cuong": "Tên văn bản."}})
				return err
			}, fault.Invalid, "0912 345 678"},
			{"a specialist approves", func(tx *db.Tx) error { _, err := bank.Approve(tx, specialist, ready, bank.Approval{}); return err }, fault.Denied, ""},
			{"another department reads a draft", func(tx *db.Tx) error { _, err := bank.Approve(tx, other, ready, bank.Approval{}); return err }, fault.NotFound, ""},
			{"a capacity he has not", func(tx *db.Tx) error {
				_, err := bank.Approve(tx, o.Leader, ready, bank.Approval{Capacity: org.Delegated})
				return err
			}, fault.Denied, ""},
			{"an old page", func(tx *db.Tx) error {
				_, err := bank.Approve(tx, o.Leader, ready, bank.Approval{Version: 99})
				return err
			}, fault.Conflict, ""},
			{"a commune proposes", func(tx *db.Tx) error {
				_, err := bank.Propose(tx, o.Commune, bank.New{Field: o.Field, Question: question, Answer: reply})
				return err
			}, fault.Denied, ""},
			{"without an answer", func(tx *db.Tx) error {
				_, err := bank.Propose(tx, o.Leader, bank.New{Unit: o.DepartmentUnit, Field: o.Field, Question: question})
				return err
			}, fault.Invalid, ""},
			{"a field of others", func(tx *db.Tx) error {
				_, err := bank.Propose(tx, o.Leader, bank.New{Unit: o.DepartmentUnit, Field: "khong-co", Question: question, Answer: reply})
				return err
			}, fault.Invalid, ""},
			{"a secret", func(tx *db.Tx) error {
				_, err := bank.Propose(tx, o.Leader, bank.New{Unit: o.DepartmentUnit, Field: o.Field, Question: "TỐI MẬT\nKế hoạch", Answer: reply})
				return err
			}, fault.Invalid, "độ mật"},
			{"retracted without a reason", func(tx *db.Tx) error { _, err := bank.Retract(tx, o.Leader, ready, "", 0); return err }, fault.Conflict, ""},
			{"a commune says that a text ends", func(tx *db.Tx) error { return bank.EndText(tx, o.Commune, bank.Ended{Symbol: "1/2020/NĐ-CP"}) }, fault.Denied, ""},
		}
		for _, tt := range tests {
			err := try(d, tt.act)
			r, _ := fault.Sentence(err)
			if !errors.Is(err, tt.want) || tt.say != "" && (r == nil || !strings.Contains(r.Say, tt.say)) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := bank.Approve(tx, o.Leader, personal, bank.Approval{Keep: map[string]string{"person:ong nguyen van tam": "Ví dụ trong luật.",
				"place:xa hy cuong": "Ví dụ trong luật.", "phone:0912 345 678": "Đường dây nóng công khai."}})
			return err
		})
	})
}

// A text that ends marks what rests on it, from its day on, and the history says so once.
func TestABasisEnds(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		id := propose(t, d, o, question)
		approve(t, d, o, id)
		on := workday.Of(clock.Now()).AddDays(10)
		for range 2 {
			lttest.Update(t, d, func(tx *db.Tx) error {
				return bank.EndText(tx, org.System("test"), bank.Ended{Symbol: "123/2015/nđ-cp", EndedOn: on, ReplacedBy: "Nghị định mới", Source: "Công báo"})
			})
		}
		outdated := func() bool {
			found, _ := likely(t, d, o.Commune, question)
			return len(found) == 1 && found[0].Outdated
		}
		if outdated() {
			t.Error("outdated before the day")
		}
		clock.Add(10 * 24 * 3600 * 1e9)
		if !outdated() {
			t.Error("not outdated on the day")
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			ended, err := bank.EndedOf(tx, id)
			if len(ended) != 1 || ended[0].Symbol != "123/2015/NĐ-CP" || ended[0].EndedOn != on {
				t.Errorf("%+v", ended)
			}
			history, _ := casefile.History(tx, o.Leader, id, 50)
			n := 0
			for _, e := range history {
				if e.Kind == "bank.outdated" {
					n++
				}
			}
			if n != 1 {
				t.Errorf("told %d times", n)
			}
			return err
		})
	})
}

// A new entry takes the place of an approved one; what helped is counted by month.
func TestReplaceAndCount(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		old := propose(t, d, o, question)
		approve(t, d, o, old)
		var id casefile.ID
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, err := bank.Spare(tx, o.Commune, old); err != nil {
				return err
			}
			e, err := bank.Propose(tx, o.Leader, bank.New{Unit: o.DepartmentUnit, Field: o.Field, Question: question, Answer: "Cách làm mới.", Basis: basis, Replaces: old, Submit: true})
			if err != nil {
				return err
			}
			id = e.ID
			return bank.Used(tx, bank.Shown, old)
		})
		approve(t, d, o, id)
		found, _ := likely(t, d, o.Commune, question)
		if len(found) != 1 || found[0].ID != id {
			t.Errorf("%+v", found)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			figures, err := bank.Figures(tx, o.Leader, 10)
			if len(figures) != 1 || figures[0].Spared != 1 || figures[0].Shown != 1 || figures[0].Lead != o.DepartmentUnit {
				t.Errorf("%+v", figures)
			}
			return err
		})
	})
}

// Petitions are found only by who may open them; one of them becomes an entry.
func TestFromAPetition(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		tried := "Đã hỏi."
		var id casefile.ID
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Không cấp được trích lục khai sinh", Field: o.Field, Text: "Sổ gốc bị mất do lũ.", Tried: &tried})
			if err == nil {
				id = p.ID
			}
			return err
		})
		from := func(tx *db.Tx) error { _, err := bank.From(tx, o.Leader, id); return err }
		if err := try(d, from); !errors.Is(err, fault.Conflict) {
			t.Errorf("made from what is not answered: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, id, petition.Reply{Text: reply, Outcome: petition.Guided, Basis: basis})
			return err
		})
		if err := try(d, from); err != nil {
			t.Error(err)
		}
		for who, want := range map[*org.Actor]int{&o.Commune: 1, {Officer: "nobody"}: 0} {
			if _, found := likely(t, d, *who, "trích lục khai sinh khi sổ gốc bị mất"); len(found) != want {
				t.Errorf("%s finds %d petitions, want %d", who.Officer, len(found), want)
			}
		}
		entry := propose(t, d, o, question)
		approve(t, d, o, entry)
		lttest.Update(t, d, func(tx *db.Tx) error {
			for range 2 {
				e, err := bank.Copy(tx, o.Leader, entry, id)
				if err != nil {
					return err
				}
				if text, basis := e.Quoted(); text != reply || !strings.Contains(basis, e.Code) {
					t.Errorf("%q %q", text, basis)
				}
			}
			refs, err := bank.RefsOf(tx, o.Leader, id)
			if len(refs) != 1 {
				t.Errorf("%+v", refs)
			}
			return err
		})
	})
}

// A hundred thousand entries: the rows are written as they would stand after years.
func benchmarkLike(b *testing.B, d *db.DB) {
	o := province.Open(b, d)
	words := strings.Fields("cấp trích lục khai sinh sổ gốc đất đai tách thửa phép xây dựng nhà ở phụ cấp thôn trụ sở dôi dư học phí rừng điện đường chợ giáo viên y tế rác nước sạch thuế biên chế tuyển dụng chữ ký số máy in mạng lỗi đồng bộ tài khoản quy hoạch đền bù hộ nghèo trợ cấp mai táng khuyết tật lễ hội karaoke chứng thực hòa giải giám hộ con nuôi địa giới sáp nhập lệ phí biên lai báo cáo bầu cử cư trú")
	const n, rows = 100_000, 500
	for from := 0; from < n; from += rows {
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			var cases, entries strings.Builder
			for i := from; i < from+rows; i++ {
				text := ""
				for k := range 24 {
					text += words[(i*31+k*k*(i%97+1)+i/97)%len(words)] + fmt.Sprint(" ", (i*7+k*13)%900, " ")
				}
				sep := ", "
				if i == from {
					sep = " "
				}
				fmt.Fprintf(&cases, "%s('B%025d', 'bank', 'GD-%d', 'x', 'approved', 'all', '', '%s', '%s', '', 1, '2026-01-01T00:00:00.000Z')", sep, i, i, o.Field, o.DepartmentUnit)
				fmt.Fprintf(&entries, "%s('B%025d', '%s', '%s', '', 'x', 1)", sep, i, text, text+text)
			}
			if _, err := tx.Exec(`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) VALUES ` + cases.String()); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO bank_entry (case_id, question, answer, basis, proposed_by, changed) VALUES ` + entries.String())
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := try(d, func(tx *db.Tx) error { return tx.Bump("bank") }); err != nil {
		b.Fatal(err)
	}
	ask := func(text string) {
		if err := d.View(context.Background(), func(tx *db.Tx) error { _, _, err := bank.Like(tx, o.Commune, text, o.Field, 3); return err }); err != nil {
			b.Fatal(err)
		}
	}
	// what a question costs while the node still reads, and how long reading takes by questions alone
	longest, began := time.Duration(0), time.Now()
	for range n/250 + 1 {
		start := time.Now()
		ask(question)
		longest = max(longest, time.Since(start))
	}
	b.Logf("%d entries read in %v beside questions, the longest of which took %v", n, time.Since(began), longest)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		ask(fmt.Sprint(question, " Người dân ở thôn xin tách thửa đất, xây dựng nhà ở, cấp chứng thực và đồng bộ tài khoản; hệ thống báo lỗi ", i%900))
	}
}

func BenchmarkLikeSQLite(b *testing.B) {
	d, _ := lttest.SQLite(b)
	benchmarkLike(b, d)
}

func BenchmarkLikePostgres(b *testing.B) {
	d, _ := lttest.Postgres(b)
	benchmarkLike(b, d)
}

// Where answers pass through several hands, who wrote an entry does not approve it.
func TestTwoPairsOfEyes(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		province.Open(t, d)
		const unit = org.UnitID("so-tai-chinh")
		var leaders []org.Actor
		var id casefile.ID
		lttest.Update(t, d, func(tx *db.Tx) error {
			if path, err := org.Path(tx, unit, petition.PaperAnswer); err != nil || len(path) < 2 {
				t.Fatalf("%s answers in %d steps, %v", unit, len(path), err)
			}
			held, err := org.Holders(tx, unit, org.Leader)
			if err != nil {
				return err
			}
			for _, h := range held {
				who, err := org.ActorOf(tx, h.Officer.ID)
				if err != nil {
					return err
				}
				leaders = append(leaders, who)
			}
			fields, err := bank.Fields(tx, unit)
			if err != nil {
				return err
			}
			e, err := bank.Propose(tx, leaders[0], bank.New{Unit: unit, Field: fields[0].Field, Question: question, Answer: reply, Basis: basis, Submit: true})
			if err == nil {
				id = e.ID
			}
			return err
		})
		if err := try(d, func(tx *db.Tx) error { _, err := bank.Approve(tx, leaders[0], id, bank.Approval{}); return err }); !errors.Is(err, fault.Denied) {
			t.Errorf("approved by who wrote it: %v", err)
		}
		approved := false
		for _, who := range leaders[1:] {
			approved = approved || try(d, func(tx *db.Tx) error { _, err := bank.Approve(tx, who, id, bank.Approval{}); return err }) == nil
		}
		if !approved {
			t.Error("no other leader may approve it")
		}
	})
}
