package board_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// kinds of the petitions' duties, as serve lists them.
func kinds() duty.Kinds {
	all := duty.Kinds{}
	for _, k := range petition.Duties() {
		all[k.Rule] = k
	}
	return all
}

// live plays n petitions over some weeks, each as far as chance takes it.
func live(t *testing.T, d *db.DB, clock *lttest.Clock, o province.Office, n int) {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	sweeper := duty.Sweeper{DB: d, Kinds: kinds(), Node: "test"}
	justice := leader(t, d, "so-tu-phap")
	do := func(fn func(tx *db.Tx) error) bool { return d.Update(t.Context(), fn) == nil }
	var open []casefile.ID
	for i := range n {
		clock.Add(time.Duration(r.IntN(24)) * time.Hour)
		do(func(tx *db.Tx) error {
			tried := "đã tự làm"
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: fmt.Sprintf("Việc %d", i), Field: o.Field, Text: "nội dung", Tried: &tried})
			if err == nil {
				tx.Done(func() { open = append(open, p.ID) })
			}
			return err
		})
		id := open[r.IntN(len(open))]
		k := duty.Key{Case: id, Rule: petition.MustAnswer, Owner: o.DepartmentUnit, Round: 1}
		switch r.IntN(9) {
		case 0, 1, 2:
			outcome := petition.Outcomes[r.IntN(4)]
			do(func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, o.Leader, id, petition.Reply{Text: "trả lời", Outcome: outcome, ReferredTo: "Bộ, số 1"})
				return err
			})
		case 3:
			do(func(tx *db.Tx) error {
				_, err := petition.Settle(tx, o.Commune, id, petition.Verdict{Settled: r.IntN(2) == 0, Comment: "còn vướng"})
				return err
			})
		case 4:
			do(func(tx *db.Tx) error {
				if _, err := casefile.LockQuiet(tx, org.System("test"), id); err != nil {
					return err
				}
				_, err := duty.Suspend(tx, k, duty.Ground{Reason: "chờ"})
				return err
			})
		case 6: // the other department gets it, early or late
			do(func(tx *db.Tx) error {
				_, err := petition.Forward(tx, o.Leader, id, petition.Forwarding{To: "so-tu-phap", Reason: "đúng chức năng đơn vị nhận"})
				return err
			})
		case 7:
			do(func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, justice, id, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
				return err
			})
		case 5: // an hour of today ends one
			do(func(tx *db.Tx) error {
				c, err := casefile.LockQuiet(tx, org.System("test"), id)
				if err != nil {
					return err
				}
				if was, err := duty.Waive(tx, k, "thử"); err != nil || !was.MissedAt.IsZero() {
					return fmt.Errorf("missed already: %w", fault.Conflict) // its overseers have it
				}
				_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: c.ID, Rule: petition.MustAnswer, Owner: o.DepartmentUnit, Round: 50 + int64(i)}, Counterpart: c.Raiser, Field: c.Field,
					Limits: []duty.Limit{{Basis: "thử", Text: "2wh"}}})
				return err
			})
		}
		if i%10 == 0 {
			if _, err := sweeper.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func follow(t *testing.T, d *db.DB) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	f := board.Follower(d)
	for n := 1; n > 0; {
		var err error
		if n, err = f.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func length(tx *db.Tx, who org.Actor, f board.Filter, page int) (n int64, err error) {
	seen := map[duty.Key]bool{}
	for cursor := ""; ; {
		items, next, err := board.List(tx, who, f, cursor, page)
		if err != nil {
			return 0, err
		}
		for _, i := range items {
			if seen[i.Key()] {
				return 0, fmt.Errorf("%v stands in the list twice", i.Key())
			}
			seen[i.Key()] = true
		}
		n += int64(len(items))
		if next == "" {
			return n, nil
		}
		cursor = next
	}
}

// overseer returns a person of a unit that oversees petitions; a leader of it.
func overseer(t *testing.T, d *db.DB) (who org.Actor) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		return org.Oversee(tx, org.System("test"), "van-phong-ubnd-tinh", petition.CaseKind, true)
	})
	return leader(t, d, "van-phong-ubnd-tinh")
}

func leader(t *testing.T, d *db.DB, unit org.UnitID) (who org.Actor) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, org.Leader)
		if err != nil || len(held) == 0 {
			return fmt.Errorf("no leader of %s: %w", unit, err)
		}
		who, err = org.ActorOf(tx, held[0].Officer.ID)
		return err
	})
	return who
}

// Every number opens its list, and the list is as long as the number says.
func TestEveryNumberIsItsList(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		live(t, d, clock, o, 120)
		follow(t, d)
		readers := map[string]org.Actor{"overseer": overseer(t, d), "leader": o.Leader, "commune": o.Commune}
		rules := []string{petition.MustAnswer, petition.MustSettle, petition.MustReport, petition.MustOversee}
		nonzero := map[board.Figure]bool{}
		for name, who := range readers {
			for _, rule := range rules {
				lttest.View(t, d, func(tx *db.Tx) error {
					b, err := board.Read(tx, who, board.Query{Rule: rule}, kinds())
					if err != nil {
						return fmt.Errorf("%s: %w", name, err)
					}
					rows := append(b.Rows, b.Total)
					for i, row := range rows {
						for _, x := range board.Figures {
							if x.Figure == board.Requested {
								continue
							}
							f := board.Filter{Query: b.Query, Figure: x.Figure}
							if i < len(b.Rows) {
								f.Units = []org.UnitID{row.Unit}
							}
							q, err := board.Conditions(kinds()).Read(f.Values())
							if err != nil {
								return err
							}
							f = board.FilterOf(q)
							n, err := length(tx, who, f, 7)
							if rule != petition.MustAnswer && (x.Figure == board.Unconfirmed || x.Figure == board.Unresolved) {
								continue // these two belong to answers
							}
							if err != nil || n != row.Of(x.Figure) {
								t.Errorf("%s, %s of %q under %s: number %d, list %d, %v", name, x.Figure, row.Unit, rule, row.Of(x.Figure), n, err)
							}
							nonzero[x.Figure] = nonzero[x.Figure] || n > 0
						}
					}
					if b.Orphans != (duty.Orphans{}) {
						t.Errorf("orphans %+v", b.Orphans)
					}
					return nil
				})
			}
		}
		for _, f := range []board.Figure{board.Open, board.Missed, board.Inherited, board.Soon, board.Dateless, board.Suspended, board.Met, board.Late, board.Unconfirmed, board.Unresolved} {
			if !nonzero[f] {
				t.Errorf("%s was zero everywhere: the property proved nothing about it", f)
			}
		}
	})
}

// A number narrowed by what its list is narrowed by is as long as that list.
func TestNarrowedNumberIsItsList(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		live(t, d, clock, o, 90)
		who, nonzero := overseer(t, d), map[string]bool{}
		for name, f := range map[string]board.Filter{
			"field": {Field: o.Field}, "another field": {Field: "khong-co"}, "commune": {Commune: o.CommuneUnit}, "state": {State: petition.Answered},
			"outcome": {Outcome: petition.Guided}, "both": {State: petition.Reopened, Field: o.Field},
		} {
			lttest.View(t, d, func(tx *db.Tx) error {
				b, err := board.ReadFor(tx, who, f, kinds())
				if err != nil {
					return err
				}
				for _, row := range append(b.Rows, b.Total) {
					for _, x := range board.Figures {
						if x.Figure == board.Requested {
							continue
						}
						g := f
						g.Query, g.Figure = b.Query, x.Figure
						if row.Unit != "" {
							g.Units = []org.UnitID{row.Unit}
						}
						n, err := length(tx, who, g, 11)
						if err != nil || n != row.Of(x.Figure) {
							t.Errorf("%s, %s of %q: number %d, list %d, %v", name, x.Figure, row.Unit, row.Of(x.Figure), n, err)
						}
						nonzero[name] = nonzero[name] || n > 0
					}
				}
				return nil
			})
		}
		for _, name := range []string{"field", "commune", "state", "outcome"} {
			if !nonzero[name] {
				t.Errorf("narrowed by %s everything was zero: nothing proved", name)
			}
		}
	})
}

// A specialist sees no figures; a leader sees only his own unit's.
func TestWhoSeesFigures(t *testing.T) {
	d, clock := province.SQLite(t)
	o := province.Open(t, d)
	live(t, d, clock, o, 20)
	lttest.View(t, d, func(tx *db.Tx) error {
		specialist, err := org.ActorOf(tx, o.Specialist)
		if err != nil {
			return err
		}
		if _, err := board.Read(tx, specialist, board.Query{}, kinds()); fault.Kind(err) != fault.Denied {
			t.Errorf("a specialist: %v, want a refusal", err)
		}
		if _, _, err := board.List(tx, specialist, board.Filter{}, "", 5); fault.Kind(err) != fault.Denied {
			t.Errorf("a specialist's list: %v, want a refusal", err)
		}
		b, err := board.Read(tx, o.Leader, board.Query{}, kinds())
		if err != nil {
			return err
		}
		if b.All || len(b.Rows) != 1 || b.Rows[0].Unit != o.DepartmentUnit {
			t.Errorf("a leader's board: %+v", b.Rows)
		}
		items, _, err := board.List(tx, o.Leader, board.Filter{Query: board.Query{Units: []org.UnitID{o.CommuneUnit}, Rule: petition.MustSettle}}, "", 5)
		if len(items) != 0 {
			t.Errorf("a leader opens another unit's list: %+v", items)
		}
		return err
	})
}

// A unit's figure uses its own share of the time, in this round.
func TestShareOfTheAnswer(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		at := func(s string) { clock.Set(workday.MustDate(s).At(9 * 60)) }
		answer := func(id casefile.ID) {
			lttest.Update(t, d, func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, o.Leader, id, petition.Reply{Text: "trả lời", Outcome: petition.Guided, Paper: signoff.Outer{}})
				return err
			})
		}
		var id casefile.ID
		at("2026-03-02") // Monday
		lttest.Update(t, d, func(tx *db.Tx) error {
			tried := "đã tự làm"
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Việc", Field: o.Field, Text: "nội dung", Tried: &tried})
			if err == nil {
				id = p.ID
			}
			return err
		})
		at("2026-03-09")
		answer(id) // five working days
		at("2026-03-10")
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Settle(tx, o.Commune, id, petition.Verdict{Comment: "còn vướng"})
			return err
		})
		at("2026-03-11")
		answer(id) // one, since it was opened again
		follow(t, d)
		follow(t, d) // nothing is counted twice
		lttest.View(t, d, func(tx *db.Tx) error {
			b, err := board.Read(tx, o.Leader, board.Query{}, kinds())
			if err != nil {
				return err
			}
			if r := b.Rows[0]; r.Answered != 2 || r.Half != 1 || r.Average != 3 {
				t.Errorf("answered %d, half within %d, average %v; want 2, 1, 3", r.Answered, r.Half, r.Average)
			}
			return nil
		})
	})
}
