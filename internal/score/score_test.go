package score_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/score"
	"lienthong/internal/workday"
)

// office is a province in which one petition is answered in time and one late.
type office struct {
	*testing.T
	db    *db.DB
	clock *lttest.Clock
	province.Office
	home org.Actor // who makes the table: a leader of the Department of Home Affairs
	late casefile.ID
}

func each(t *testing.T, fn func(o *office)) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := &office{T: t, db: d, clock: clock, Office: province.Open(t, d)}
		lttest.View(t, d, func(tx *db.Tx) error {
			held, err := org.Holders(tx, "so-noi-vu", org.Leader)
			if err != nil || len(held) == 0 {
				return fmt.Errorf("no leader of home affairs: %w", err)
			}
			o.home, err = org.ActorOf(tx, held[0].Officer.ID)
			return err
		})
		for _, days := range []int{1, 30} {
			o.late = o.raise()
			clock.Add(time.Duration(days) * 24 * time.Hour)
			o.do(func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, o.Leader, o.late, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
				return err
			})
		}
		fn(o)
	})
}

func (o *office) do(fn func(tx *db.Tx) error) { o.Helper(); lttest.Update(o, o.db, fn) }

func (o *office) raise() (id casefile.ID) {
	tried := "đã tự làm"
	o.do(func(tx *db.Tx) error {
		p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Việc", Field: o.Field, Text: "nội dung", Tried: &tried})
		if err == nil {
			id = p.ID
		}
		return err
	})
	return id
}

// refused runs an act that must be refused with a kind.
func (o *office) refused(kind error, fn func(tx *db.Tx) error) {
	o.Helper()
	if err := o.db.Update(o.Context(), fn); fault.Kind(err) != kind {
		o.Errorf("got %v, want %v", err, kind)
	}
}

// line returns the figures of a unit, and checks that each opens as many items.
func (o *office) line(id casefile.ID, unit org.UnitID, side string) (l score.Line) {
	o.Helper()
	lttest.View(o, o.db, func(tx *db.Tx) error {
		y, err := score.Get(tx, o.home, id)
		if err != nil {
			return err
		}
		all, err := score.Lines(tx, y, side)
		for _, x := range all {
			if x.Unit == unit {
				l = x
			}
		}
		for name, n := range map[string]int64{"all": l.All, score.InTime: l.InTime, score.Late: l.Late, score.Excused: l.Excused, score.Home: l.Home} {
			items, err := score.Items(tx, o.home, y, unit, side, name, 0, 100)
			if err != nil || int64(len(items)) != n {
				o.Errorf("%s of %s: figure %d, items %d, %v", name, unit, n, len(items), err)
			}
		}
		return err
	})
	return l
}

// A year from its beginning to its publication: an excuse with who and why, a petition that
// could have been settled at home, an objection through the unit's own signature, and
// nothing changes once it is published.
func TestYear(t *testing.T) {
	each(t, func(o *office) {
		lttest.Update(o, o.db, func(tx *db.Tx) error {
			return org.Oversee(tx, org.System("test"), "so-noi-vu", petition.CaseKind, true)
		})
		lttest.View(o, o.db, func(tx *db.Tx) (err error) { o.home, err = org.ActorOf(tx, o.home.Officer); return err })
		year := workday.Of(o.clock.Now()).Year()
		o.refused(fault.Denied, func(tx *db.Tx) error { _, err := score.Begin(tx, o.Leader, year); return err })
		o.refused(fault.Invalid, func(tx *db.Tx) error { _, err := score.Begin(tx, o.home, year+1); return err })
		var id casefile.ID
		o.do(func(tx *db.Tx) error {
			y, err := score.Begin(tx, o.home, year)
			if err == nil {
				id = y.ID
			}
			return err
		})
		o.refused(fault.Conflict, func(tx *db.Tx) error { _, err := score.Begin(tx, o.home, year); return err })
		if l := o.line(id, o.DepartmentUnit, score.Answers); l.All != 2 || l.InTime != 1 || l.Late != 1 {
			o.Errorf("the department: %+v", l)
		}
		raised := o.line(id, o.CommuneUnit, score.Raised)
		if raised.All != 2 || raised.Home != 0 {
			o.Errorf("the commune: %+v", raised)
		}
		late, own := o.item(id, o.DepartmentUnit, score.Answers, score.Late), o.item(id, o.CommuneUnit, score.Raised, "all")
		o.refused(fault.Invalid, func(tx *db.Tx) error {
			_, err := score.Judge(tx, o.home, id, score.Mark{Item: late, Cause: "bịa ra", Reason: "vì"})
			return err
		})
		o.do(func(tx *db.Tx) error {
			_, err := score.Judge(tx, o.home, id, score.Mark{Item: own, Reason: "Thuộc thẩm quyền của xã."})
			return err
		})
		if l := o.line(id, o.CommuneUnit, score.Raised); l.Home != 1 {
			o.Errorf("after the mark: %+v", l)
		}
		o.objects(id, late)
		o.publishes(id)
		o.refused(fault.Conflict, func(tx *db.Tx) error {
			_, err := score.Judge(tx, o.home, id, score.Mark{Item: own, Off: true, Reason: "đổi ý"})
			return err
		})
	})
}

// objects sends the table round; the department objects and is heard.
func (o *office) objects(id casefile.ID, late int64) {
	object := func(tx *db.Tx) error {
		_, err := score.ObjectNow(tx, o.Leader, id, late, "Sở phải chờ ý kiến của Bộ.")
		return err
	}
	o.refused(fault.NotFound, object) // it is not shown yet
	o.overYear(id)
	o.refused(fault.Denied, func(tx *db.Tx) error { _, err := score.ObjectNow(tx, o.Commune, id, late, "của sở"); return err })
	o.do(object)
	o.refused(fault.Conflict, object)
	o.do(func(tx *db.Tx) error {
		_, err := score.Decide(tx, o.home, id, score.Verdict{Objection: 1, Accept: true, Reason: "Đúng là chờ Bộ."})
		return err
	})
	if l := o.line(id, o.DepartmentUnit, score.Answers); l.Late != 2 || l.Excused != 1 {
		o.Errorf("after the objection: %+v", l)
	}
	o.hear(id)
}

// overYear wants a table of a year that still runs to be a draft: it is counted again, but
// neither shown nor published. What came after it was begun is in it once it is shown.
func (o *office) overYear(id casefile.ID) {
	o.Helper()
	show := func(tx *db.Tx) error { _, err := score.Show(tx, o.home, id, 0); return err }
	err := o.db.Update(o.Context(), show)
	if r, ok := fault.Sentence(err); !ok || r.Kind != fault.Conflict || r.Clause != "PT06/D7.K2" {
		o.Errorf("shown while the year runs: %v", err)
	}
	before := o.line(id, o.CommuneUnit, score.Raised)
	o.raise()
	o.do(func(tx *db.Tx) error { _, err := score.Recount(tx, o.home, id, 0); return err })
	o.refused(fault.NotFound, func(tx *db.Tx) error { _, err := score.Recount(tx, o.Leader, id, 0); return err })
	o.raise()
	year := workday.Of(o.clock.Now()).Year()
	o.clock.Set(workday.NewDate(year+1, time.January, 1).Midnight().Add(-time.Second))
	o.refused(fault.Conflict, show)
	o.clock.Add(time.Second)
	o.do(show)
	o.refused(fault.Conflict, func(tx *db.Tx) error { _, err := score.Recount(tx, o.home, id, 0); return err })
	if l := o.line(id, o.CommuneUnit, score.Raised); l.All != before.All+2 || l.Home != before.Home {
		o.Errorf("the whole year: %+v, before %+v", l, before)
	}
	if l := o.line(id, o.DepartmentUnit, score.Answers); l.All != 4 || l.InTime != 1 || l.Late != 3 {
		o.Errorf("two were never answered: %+v", l)
	}
}

// hear asks everyone for the objection: its words are for the unit that wrote them, for whoever
// makes the table and for the Office; a commune sees that there is one, and what came of it.
func (o *office) hear(id casefile.ID) {
	o.Helper()
	lttest.View(o, o.db, func(tx *db.Tx) error {
		desk, err := org.Holders(tx, "van-phong-ubnd-tinh", org.Leader)
		if err != nil || len(desk) == 0 {
			return fmt.Errorf("no leader of the office: %w", err)
		}
		watch, err := org.ActorOf(tx, desk[0].Officer.ID)
		if err != nil {
			return err
		}
		for who, reads := range map[*org.Actor]bool{&o.Leader: true, &o.home: true, &watch: true, &o.Commune: false} {
			y, err := score.Get(tx, *who, id)
			if err != nil {
				return err
			}
			all, err := score.Objections(tx, *who, y)
			if err != nil {
				return err
			}
			words := map[bool]string{true: "Sở phải chờ ý kiến của Bộ."}[reads]
			if len(all) != 1 || all[0].Text != words || all[0].Closed == reads || all[0].Reason != "Đúng là chờ Bộ." || all[0].Decision != "accepted" {
				o.Errorf("%s: %+v", who.Name, all)
			}
			events, err := casefile.History(tx, *who, id, 100)
			if err != nil {
				return err
			}
			told := slices.ContainsFunc(events, func(e casefile.Event) bool { return e.Kind == "score.objected" })
			if told != reads {
				o.Errorf("%s: the words in the history: %v", who.Name, told)
			}
		}
		return nil
	})
}

// publishes waits for the time of objections, which is the rule's, and publishes.
func (o *office) publishes(id casefile.ID) {
	day := workday.Of(o.clock.Now()).String()
	publish := func(tx *db.Tx) error {
		_, err := score.Publish(tx, o.home, id, score.Issue{Number: "12/BC-SNV", IssuedOn: day})
		return err
	}
	o.refused(fault.Conflict, publish) // units may still object
	o.clock.Add(20 * 24 * time.Hour)
	o.refused(fault.Conflict, func(tx *db.Tx) error { _, err := score.ObjectNow(tx, o.Leader, id, 1, "muộn"); return err })
	o.do(publish)
	o.refused(fault.Conflict, publish)
}

// item returns the first item behind a figure.
func (o *office) item(id casefile.ID, unit org.UnitID, side, name string) (n int64) {
	lttest.View(o, o.db, func(tx *db.Tx) error {
		y, err := score.Get(tx, o.home, id)
		if err != nil {
			return err
		}
		items, err := score.Items(tx, o.home, y, unit, side, name, 0, 1)
		if len(items) == 1 {
			n = items[0].N
		}
		return err
	})
	return n
}
