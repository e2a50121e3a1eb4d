package bank_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// A petition answered from an entry teaches another way to ask for it: who asks in those
// words, which the entry does not have, is shown the entry; nobody is shown the petition
// who may not open it.
func TestWordsOfAnAnsweredPetition(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		entry := propose(t, d, o, question)
		approve(t, d, o, entry)
		const asked = "quyển ghi chép ngày trước trôi mất vì nước lên, bà con xin giấy cho cháu"
		if found, _ := likely(t, d, o.Commune, asked); len(found) != 0 {
			t.Fatalf("found before anything was learned: %+v", found)
		}
		tried := "Đã hỏi."
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Quyển ghi chép trôi mất", Field: o.Field, Text: "Quyển ghi chép ngày trước trôi mất vì nước lên, bà con xin giấy cho cháu không được.", Tried: &tried})
			if err != nil {
				return err
			}
			if _, err := bank.Copy(tx, o.Leader, entry, p.ID); err != nil {
				return err
			}
			_, err = petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: reply, Outcome: petition.Guided, Basis: basis})
			return err
		})
		found, _ := likely(t, d, o.Commune, asked)
		if len(found) != 1 || found[0].ID != entry {
			t.Errorf("%+v, not the entry", found)
		}
		if found, petitions := likely(t, d, org.Actor{Officer: "nobody"}, asked); len(found)+len(petitions) != 0 {
			t.Errorf("a stranger finds %+v %+v", found, petitions)
		}
	})
}

// What nobody opens is not shown any more; what somebody opens stays.
func TestLeastLikenessIsLearned(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		entry := propose(t, d, o, question)
		approve(t, d, o, entry)
		const some = "cán bộ xã làm mất sổ gốc hộ tịch thì bị xử lý kỷ luật hay không"
		found, _ := likely(t, d, o.Commune, some)
		if len(found) != 1 || found[0].Score >= 0.5 {
			t.Fatalf("the sentence is to be a little like: %+v", found)
		}
		at := found[0].Degree()
		count := func(what string, n int) {
			lttest.Update(t, d, func(tx *db.Tx) error {
				for degree := 4; degree <= at; degree++ {
					for range n {
						if err := bank.UsedAt(tx, what, degree); err != nil {
							return err
						}
					}
				}
				return nil
			})
			clock.Add(time.Hour) // nodes look at the figures now and then
		}
		count(bank.Shown, 200)
		if found, _ := likely(t, d, o.Commune, some); len(found) != 0 {
			t.Errorf("shown though nobody ever opens it: %+v", found)
		}
		if found, _ := likely(t, d, o.Commune, question); len(found) != 1 {
			t.Errorf("the same question finds %+v", found)
		}
		count(bank.Opened, 10)
		if found, _ := likely(t, d, o.Commune, some); len(found) != 1 {
			t.Errorf("not shown though people open it: %+v", found)
		}
		if err := try(d, func(tx *db.Tx) error { return bank.UsedAt(tx, bank.Shown, -1, 99) }); err != nil {
			t.Error(err)
		}
	})
}

// A node that begins answers at once from what it knows, and Warm reads the rest beside it.
func TestANodeBegins(t *testing.T) {
	d, _ := province.SQLite(t)
	o := province.Open(t, d)
	const n = 3000
	lttest.Update(t, d, func(tx *db.Tx) error {
		var cases, entries []string
		for i := range n {
			cases = append(cases, fmt.Sprintf("('B%025d', 'bank', 'GD-%d', 'x', 'approved', 'all', '', '%s', '%s', '', 1, '2026-01-01T00:00:00.000Z')", i, i, o.Field, o.DepartmentUnit))
			entries = append(entries, fmt.Sprintf("('B%025d', 'câu hỏi thứ%d về việc riêng%d của thôn', 'Đáp', '', 'x', 1)", i, i, i))
		}
		if _, err := tx.Exec(`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) VALUES ` + strings.Join(cases, ", ")); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO bank_entry (case_id, question, answer, basis, proposed_by, changed) VALUES ` + strings.Join(entries, ", ")); err != nil {
			return err
		}
		return tx.Bump("bank")
	})
	ask := func(i int) (found []bank.Likely) {
		found, _ = likely(t, d, o.Commune, fmt.Sprintf("câu hỏi thứ%d về việc riêng%d", i, i))
		return found
	}
	if found := ask(n - 1); len(found) != 0 {
		t.Errorf("the first question read the whole bank: %+v", found)
	}
	ctx, stop := context.WithCancel(t.Context())
	began := make(chan bool, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		bank.Warm(ctx, d, func(err error) {
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}, func() { began <- len(ask(n-1)) > 0 })
	}()
	until := time.Now().Add(20 * time.Second)
	for len(ask(n-1)) == 0 && time.Now().Before(until) {
		time.Sleep(10 * time.Millisecond)
	}
	if !<-began {
		t.Error("begun before all was read")
	}
	stop()
	<-done
	for _, i := range []int{0, n / 2, n - 1} {
		if found := ask(i); len(found) == 0 || found[0].ID != casefile.ID(fmt.Sprintf("B%025d", i)) {
			t.Errorf("entry %d: %+v", i, found)
		}
	}
}

// A node that begins reads the newest answered petitions, and of the older ones those that
// were answered from an entry; nothing else of the past.
func TestANodeReadsTheNewest(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		entry := propose(t, d, o, question)
		approve(t, d, o, entry)
		var ids []casefile.ID
		for i := range 5 {
			lttest.Update(t, d, func(tx *db.Tx) error {
				tried := "Đã hỏi."
				p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: fmt.Sprint("Việc ", i), Field: o.Field, Text: "Nội dung.", Tried: &tried})
				if err != nil {
					return err
				}
				if i < 3 && i != 1 {
					if _, err := bank.Copy(tx, o.Leader, entry, p.ID); err != nil {
						return err
					}
				}
				ids = append(ids, p.ID)
				_, err = petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: reply, Outcome: petition.Guided, Basis: basis})
				return err
			})
		}
		if _, err := audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			for most, want := range [][]casefile.ID{
				1: {ids[2], ids[4]}, 2: {ids[0], ids[2], ids[3], ids[4]}, 3: {ids[0], ids[2], ids[3], ids[4]}, 5: ids, 9: ids,
			} {
				if want == nil {
					continue
				}
				if got, err := bank.Walk(tx, most); err != nil || !slices.Equal(got, want) {
					t.Errorf("the newest %d: %v, want %v, %v", most, got, want, err)
				}
			}
			return nil
		})
	})
}
