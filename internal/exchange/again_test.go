package exchange_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// match follows the log and tries what it marked; it returns how many no longer wait.
func (s *scene) match() int {
	s.t.Helper()
	m := &exchange.Matcher{DB: s.d, Field: s.intake.Field}
	s.follow(m.Follower())
	n, err := m.Round(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// unclear is a commune's letter that no program places: its field is not clear.
func (s *scene) unclear() {
	s.intake.Field = func(*db.Tx, org.UnitID, string) (string, error) { return "", nil }
}

// An answer that came while its letter waited for a clerk is matched once the letter is
// opened, whichever of them came as a packet or on a list.
func TestAnswerFollowsItsLetter(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		s.unclear()
		var to, from string
		lttest.View(t, d, func(tx *db.Tx) error {
			u, err := org.UnitOf(tx, s.o.DepartmentUnit)
			to = u.Name
			if err == nil {
				u, err = org.UnitOf(tx, s.o.CommuneUnit)
				from = u.Name
			}
			return err
		})
		clock.Add(72 * time.Hour)
		list := func(issuer string, line ...any) {
			list, err := exchange.ReadList(bytes.NewReader(exported(t, issuer, line)))
			if err != nil {
				t.Fatal(err)
			}
			if r, err := s.intake.TakeList(t.Context(), list.Lines); err != nil || r.Waiting != 1 {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		// letters without a trace: nobody knows when they arrived but from reading them
		late := letter("12/UBND-VP")
		late.Trace = nil
		s.put("1.edxml", late)
		s.put("2.edxml", reply("5/ST", "12/UBND-VP"))
		list(from, 1, "13/UBND-VP", "10/02/2026", "", "V/v khó khăn, vướng mắc", "", to)
		list(to, 1, "6/ST", "12/02/2026", "", "V/v trả lời Công văn số 13/UBND-VP ngày 10/02/2026", "13/02/2026", from)
		s.round()
		if n := len(s.list(exchange.Waiting)); n != 4 {
			t.Fatalf("%d wait, want 4", n)
		}
		if n := s.match(); n != 0 {
			t.Fatalf("%d matched before anything was opened", n)
		}
		clerk := s.clerk(s.o.DepartmentUnit)
		var cases []casefile.ID
		for _, x := range s.list(exchange.Waiting) {
			if x.WaitsFor != "field" {
				continue
			}
			lttest.Update(t, d, func(tx *db.Tx) error {
				x, err := exchange.Open(tx, clerk, x.ID, exchange.Opening{Field: s.o.Field})
				cases = append(cases, x.Case)
				return err
			})
		}
		if n := s.match(); n != 2 || len(cases) != 2 {
			t.Fatalf("%d matched of %d, waiting: %+v", n, len(cases), s.list(exchange.Waiting))
		}
		for _, id := range cases {
			if p := s.petition(id); p.State != petition.Answered {
				t.Errorf("%s is %s", p.Symbol, p.State)
			}
		}
		if s.match() != 0 || len(s.list(exchange.Joined)) != 2 {
			t.Error("matched twice")
		}
	})
}

// The letter that somebody typed here is as good; the letter itself, come as a packet, is
// that case.
func TestAnswerFollowsATypedLetter(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		s.unclear()
		clock.Add(72 * time.Hour)
		s.put("1.edxml", reply("5/ST", "12/UBND-VP"))
		s.put("2.edxml", letter("12/UBND-VP"))
		if r := s.round(); r.Waiting != 2 {
			t.Fatalf("%+v", r)
		}
		tried := "Xã đã tự làm."
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.RaiseNow(tx, s.o.Commune, petition.Raise{Title: "Vướng mắc", Field: s.o.Field, Text: "Vướng mắc.", Tried: &tried,
				Paper: signoff.Outer{Symbol: "12/UBND-VP", IssuedOn: workday.MustDate("2026-02-10")}})
			return err
		})
		if n := s.match(); n != 2 {
			t.Fatalf("%d matched: %+v", n, s.list(exchange.Waiting))
		}
		all := s.list(exchange.Joined)
		if len(all) != 2 || all[0].Case != all[1].Case || s.petition(all[0].Case).State != petition.Answered {
			t.Errorf("%+v", all)
		}
	})
}

// What waits for the code of its issuer is placed when the code becomes known.
func TestCodeBecomesKnown(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		p := letter("12/UBND-VP")
		p.From.ID = "H44.99.7"
		s.put("1.edxml", p)
		if r := s.round(); r.Waiting != 1 {
			t.Fatalf("%+v", r)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			return exchange.SetUnit(tx, org.System("test"), exchange.Unit{Unit: s.o.CommuneUnit, Codes: []string{communeCode, "H44.99.7"}})
		})
		if n := s.match(); n != 1 || len(s.list(exchange.Opened)) != 1 {
			t.Fatalf("%d matched: %+v", n, s.list(exchange.Waiting))
		}
		// under the new code it is the same document
		s.put("2.edxml", letter("12/UBND-VP"))
		if r := s.round(); r.Again != 1 {
			t.Errorf("%+v", r)
		}
	})
}

// The same number, day and issuer with other words or another file is no repetition: it
// waits with both in sight, once; what is exactly the same, or less, is one.
func TestOtherTextUnderOneNumber(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		first := letter("12/UBND-VP")
		first.Files = []edxml.File{{Name: "a.txt", Body: strings.NewReader("biểu một")}}
		s.put("1.edxml", first)
		s.round()
		other := letter("12/UBND-VP")
		other.Content = "Xã gặp vướng mắc khác."
		other.Files = []edxml.File{{Name: "b.txt", Body: strings.NewReader("biểu hai")}}
		less := letter("12/UBND-VP")
		less.Content += "\n  "
		s.put("2.edxml", other)
		s.put("3.edxml", other)
		s.put("4.edxml", less)
		if r := s.round(); r.Waiting != 1 || r.Again != 2 {
			t.Fatalf("%+v", r)
		}
		x := s.list(exchange.Waiting)[0]
		clerk := s.clerk(s.o.DepartmentUnit)
		lttest.View(t, d, func(tx *db.Tx) error {
			diff, err := exchange.Differs(tx, clerk, &x)
			if x.WaitsFor != "changed" || !slices.Equal(diff.Parts, []string{exchange.DiffContent, exchange.DiffFiles}) || !slices.Equal(diff.Added, []string{"b.txt"}) ||
				!slices.Equal(diff.Gone, []string{"a.txt"}) || diff.Before.Content != first.Content {
				t.Errorf("%+v %+v", x, diff)
			}
			return err
		})
		if s.match() != 0 {
			t.Error("a document with other words was placed by itself")
		}
		was := s.list(exchange.Opened)[0]
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := exchange.Join(tx, clerk, x.ID, exchange.Joining{Case: was.Case, Reason: "Bản sửa."})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			docs, err := casefile.Documents(tx, org.System("test"), was.Case)
			if len(docs) != 2 {
				t.Errorf("%d files on the case", len(docs))
			}
			history, err2 := casefile.History(tx, org.System("test"), was.Case, 100)
			if last := history[len(history)-1]; err2 != nil || !strings.Contains(last.Text, other.Content) {
				t.Errorf("the other words are lost: %+v", last)
			}
			return err
		})
	})
}

// A document that was opened from a list takes the text and files of its packet; one with
// a mark of secrecy raises the alarm though its number is known.
func TestPacketAfterItsList(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			in := exchange.Of(letter("12/UBND-VP"))
			in.Way, in.Content, in.Subject = exchange.ByList, "", "Khó khăn, vướng mắc khi thực hiện"
			_, _, err := exchange.Take(tx, in, s.intake.Field)
			return err
		})
		p := letter("12/UBND-VP")
		p.Files = []edxml.File{{Name: "a.txt", Body: strings.NewReader("biểu một")}}
		s.put("1.edxml", p)
		s.put("2.edxml", p)
		if r := s.round(); r.Again != 2 {
			t.Fatalf("%+v", r)
		}
		id := s.list(exchange.Opened)[0].Case
		lttest.View(t, d, func(tx *db.Tx) error {
			docs, err := casefile.Documents(tx, org.System("test"), id)
			history, err2 := casefile.History(tx, org.System("test"), id, 100)
			last := history[len(history)-1]
			if len(docs) != 1 || err2 != nil || last.Kind != "exchange.known" || !strings.Contains(last.Text, p.Content) || docs[0].EventN != last.N {
				t.Errorf("%+v, %+v", docs, last)
			}
			return err
		})
		p.Files = []edxml.File{{Name: "b.txt", Body: strings.NewReader("TỐI MẬT\nKế hoạch")}}
		s.put("3.edxml", p)
		s.put("4.edxml", p)
		if r := s.round(); r.Secret+r.Again != 2 || len(s.list(exchange.Secret)) != 1 {
			t.Errorf("%+v, %d alarms", r, len(s.list(exchange.Secret)))
		}
	})
}
