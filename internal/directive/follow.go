package directive

import (
	"database/sql"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Inside says what becomes of the parts that lie in the sections or with the officers of a
// unit, when that unit gives the whole away.
type Inside string

// What becomes of the parts inside.
const (
	EndInside  Inside = ""     // they end, with the reason
	MoveInside Inside = "move" // they go along and lie on the new lead's desk
)

// A givenOn is a part that was given on under an assignment, of any depth that its lead
// itself reached.
type givenOn struct {
	id           casefile.ID
	parent       casefile.ID
	raiser, lead org.UnitID
	state        string
}

// inner says whether a part lies inside the unit that gave it.
func (g *givenOn) inner() bool { return g.raiser == g.lead }

func (g *givenOn) alive() bool { return g.state == Open || g.state == Submitted }

// givenOn returns the parts under an assignment in the order of their ids, which is the order
// in which cases are locked. deeper says below which parts it looks further.
func (a *Assignment) givenOn(tx *db.Tx, deeper func(g *givenOn) bool) (all []givenOn, err error) {
	for above := []casefile.ID{a.ID}; len(above) > 0; above = above[1:] {
		// system: the caller holds the assignment that these are parts of
		err := tx.All(`SELECT s.case_id, s.parent, c.raiser, c.lead, c.state FROM assignment s JOIN casefile c ON c.id = s.case_id
			WHERE s.parent = $1 ORDER BY s.case_id`, []any{string(above[0])}, func(r *sql.Rows) error {
			var g givenOn
			if err := r.Scan(&g.id, &g.parent, &g.raiser, &g.lead, &g.state); err != nil {
				return err
			}
			if all = append(all, g); deeper(&g) {
				above = append(above, g.id)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(x, y givenOn) int {
		switch {
		case x.id < y.id:
			return -1
		case x.id > y.id:
			return 1
		}
		return 0
	})
	return all, nil
}

// A handing is what one hand-over says of every part below it.
type handing struct {
	by     org.Actor
	whole  *Assignment // under which the parts stand from now on
	from   org.UnitID
	to     org.UnitID
	reason string
	inside Inside
	gone   map[casefile.ID]bool // parts that ended, whose own parts go up to the whole
}

// follow brings the parts that a lead gave on after their assignment: those of other units
// are of the new lead, who accepts, extends and ends them; one that the new lead had itself
// goes up in the whole; those inside the unit before end or go along.
func (a *Assignment) follow(tx *db.Tx, h handing) error {
	all, err := a.givenOn(tx, func(g *givenOn) bool { return g.raiser == h.from && (g.lead == h.from || g.lead == h.to) })
	if err != nil {
		return err
	}
	h.gone = map[casefile.ID]bool{a.ID: a.ID != h.whole.ID}
	for i := range all {
		if err := h.one(tx, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

// one moves a single part.
func (h *handing) one(tx *db.Tx, g *givenOn) error {
	own := g.inner() && g.raiser == h.from
	if !g.alive() {
		if h.gone[g.id] = true; own || g.raiser != h.from {
			return nil
		}
		// what is done and over stays as it was given; the new lead reads what came of it
		return casefile.Join(tx, g.id, casefile.Party{Unit: h.to, Function: access.Told})
	}
	c, err := casefile.Lock(tx, org.System("directive"), g.id)
	if err != nil {
		return err
	}
	s, err := assignmentOf(tx, c)
	if err != nil {
		return err
	}
	switch {
	case own && h.inside == EndInside:
		h.gone[s.ID] = true
		return s.ends(tx, h.by, h.reason)
	case own:
		return h.along(tx, s)
	case g.raiser == h.from && g.lead == h.to:
		h.gone[s.ID] = true
		return s.ends(tx, h.by, h.reason+" Phần này nhập vào nhiệm vụ chung.")
	}
	return h.given(tx, s)
}

// given makes the new lead the giver of a part that another unit has.
func (h *handing) given(tx *db.Tx, s *Assignment) error {
	if err := h.record(tx, s); err != nil {
		return err
	}
	if s.Raiser == h.from {
		if err := s.turnTo(tx, h); err != nil {
			return err
		}
		if err := casefile.Regive(tx, s.Case, h.to); err != nil {
			return err
		}
		if err := s.swap(tx, h.from, h.to, access.Raiser); err != nil {
			return err
		}
	}
	return notice.Tell(tx, notice.Note{Unit: s.Lead, Role: leaders, Case: s.ID, Kind: "assignment.follows"})
}

// along takes a part inside the unit before into the new lead, on its leaders' desk: whom it
// had directed stayed behind, unless the section came along.
func (h *handing) along(tx *db.Tx, s *Assignment) error {
	if s.Section != "" {
		section, err := org.UnitOf(tx, s.Section)
		if err != nil && fault.Kind(err) != fault.NotFound {
			return err
		}
		if err != nil || section.Owner != h.to || !section.Stands(workday.Of(tx.Now)) {
			s.Section = ""
		}
	}
	if err := h.record(tx, s); err != nil {
		return err
	}
	if err := s.turnTo(tx, h); err != nil {
		return err
	}
	if err := casefile.Regive(tx, s.Case, h.to); err != nil {
		return err
	}
	s.Lead = h.to
	for _, f := range []access.Function{access.Raiser, access.Lead} {
		if err := s.swap(tx, h.from, h.to, f); err != nil {
			return err
		}
	}
	return notice.Tell(tx, notice.Note{Unit: h.to, Role: leaders, Case: s.ID, Kind: "assignment.handed"})
}

// record tells a part's history to whom it belongs now, and hangs it under the whole where
// what stood between them ended.
func (h *handing) record(tx *db.Tx, s *Assignment) error {
	if h.gone[s.Parent] {
		s.Parent = h.whole.ID
	}
	if _, err := casefile.Record(tx, s.Case, casefile.Event{Kind: "assignment.follows", By: h.by, Text: h.reason,
		Facts: casefile.Pairs("from", string(h.from), "to", string(h.to), "parent", h.whole.Code)}); err != nil {
		return err
	}
	return s.update(tx)
}

// turnTo moves what a unit owes on an assignment, and what is owed to it, to another; the
// account that it was asked for stays its own.
func (s *Assignment) turnTo(tx *db.Tx, h *handing) error {
	all, err := duty.OfCase(tx, s.ID)
	if err != nil {
		return err
	}
	for _, d := range slices.Clone(all) {
		// a unit accounts for itself, and what an overseer has about the lead before stays so
		if !d.EndedAt.IsZero() || d.Owner == h.from && d.Rule == MustExplain || s.Lead == h.from && d.Rule == MustOversee {
			continue
		}
		k := d.Key
		if d.Owner == h.from {
			_, fresh, err := duty.HandOver(tx, k, h.to, duty.Ground{Reason: h.reason, By: h.by})
			if err != nil {
				return err
			}
			k = fresh.Key
		}
		if d.Counterpart == h.from {
			if err := duty.Turn(tx, k, h.to); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec(`UPDATE assignment_extension SET unit = CASE WHEN unit = $1 THEN $2 ELSE unit END, decider = CASE WHEN decider = $1 THEN $2 ELSE decider END
		WHERE case_id = $3 AND state = 'asked' AND (unit = $1 OR decider = $1)`, string(h.from), string(h.to), string(s.ID))
	return err
}

// fold ends an assignment whose giver has it itself from now on: it goes up in the whole,
// and so do its parts.
func (a *Assignment) fold(tx *db.Tx, in handing) error {
	// only read: a part is locked behind its whole everywhere, never before it
	whole, err := GetAssignment(tx, org.System("directive"), a.Parent)
	if err != nil {
		return err
	}
	in.whole = whole
	if err := a.follow(tx, in); err != nil {
		return err
	}
	return a.ends(tx, in.by, in.reason+" Phần này nhập vào nhiệm vụ chung.")
}

// ends lets one assignment go, which the transaction holds.
func (a *Assignment) ends(tx *db.Tx, who org.Actor, reason string) error {
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.ended", By: who, Text: reason}); err != nil {
		return err
	}
	a.State, a.ClosedAt = Ended, tx.Now
	if err := a.endParts(tx, reason); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: a.Lead, Role: leaders, Case: a.ID, Kind: "assignment.ended"})
}

// endGivenOn lets the parts of an assignment go with it: nobody would wait for them any more.
func (a *Assignment) endGivenOn(tx *db.Tx, who org.Actor, reason string) error {
	all, err := a.givenOn(tx, func(*givenOn) bool { return true })
	if err != nil {
		return err
	}
	for _, g := range all {
		if !g.alive() {
			continue
		}
		s, err := lockAssignment(tx, org.System("directive"), g.id, 0)
		if err != nil {
			return err
		}
		if err := s.ends(tx, who, reason+" Nhiệm vụ chung thôi thực hiện."); err != nil {
			return err
		}
	}
	return nil
}

// wholeDue is by when the assignment is due of which this one is a part; zero where it is
// none, or the whole has no date.
func (a *Assignment) wholeDue(tx *db.Tx) (d *duty.Duty, err error) {
	if a.Parent == "" {
		return nil, nil
	}
	// who has a part may not read the whole; its date binds him all the same
	whole, err := GetAssignment(tx, org.System("directive"), a.Parent)
	if err != nil {
		return nil, err
	}
	if d, err = whole.leadDuty(tx); fault.Kind(err) == fault.Conflict {
		return nil, nil // it is being issued
	}
	return d, err
}

// within refuses a date of a part that lies behind the date of the whole: who did it in time
// would be late. Both dates are named.
func within(whole *duty.Duty, l workday.Limit) error {
	if whole == nil || whole.DueAt.IsZero() || whole.Request || !l.At.After(whole.DueAt) {
		return nil
	}
	return fault.Field("until", "Hạn của phần việc (%s) không thể sau hạn của cả nhiệm vụ (%s). Cần thêm thời gian thì xin gia hạn cả nhiệm vụ trước.",
		endOf(l.At), endOf(whole.DueAt))
}

// endOf says the last instant still in time: a day, or an hour of it.
func endOf(due time.Time) string {
	if day := workday.Of(due); !day.Midnight().Equal(due) {
		return due.In(workday.Office).Format("15:04") + " ngày " + day.Long()
	}
	return "hết ngày " + workday.Of(due.Add(-1)).Long()
}
