// Package board answers "where is it stuck, who owes it" (bảng điều hành): figures by
// unit, each of which opens its list.
//
// Overseers see every unit, a unit's leaders their own and those below them; nobody sees
// figures of persons, and no list ranks. Figures come from the tally that duty keeps in
// the same transaction as the duty; a missed one is a day gone by, corrected for the hours
// that end today. What runs is missed by the matter's own date, whoever has it; what ended
// is late with the unit whose own share of the time was over
// (doc/decisions/0003-own-share.md). Bodies that were only asked stand apart, without
// lateness. A number and the list behind it ask the same thing.
package board

import (
	"database/sql"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// A Query says which board is asked for; its zero value is the petitions of this year
// in every unit that the reader may see.
type Query struct {
	Rule     string        // the act whose owners are the rows; "" petition.answer
	Units    []org.UnitID  // only these
	Charge   org.OfficerID // only the units in this officer's charge (phó chủ tịch phụ trách)
	From, To workday.Date  // done duties: those that fell due in this time; zero From is 1 January
}

// Everything as a charge is the board that somebody with a charge of his own has widened to all.
const Everything org.OfficerID = "all"

// A Row is the figures of one unit, or of what else the board is laid out by.
type Row struct {
	Unit        org.UnitID // "" where rows are no units
	Key         string     // the unit, field, area, commune or desk officer; None for what has none
	Name        string
	Open        int64   // running, those missed included
	Missed      int64   // running and past their due instant
	Inherited   int64   // of Missed: it came from another unit, and this one's own share is not over
	Soon        int64   // running and due in two working days
	Dateless    int64   // running, no date stated
	Suspended   int64   // not missed: their time stands still
	Met         int64   // done within the unit's own share of the time
	Late        int64   // done, or handed over, after it
	Waived      int64   // need not be done any more, for a stated reason
	Unconfirmed int64   // answered, and the commune has said nothing yet
	Unresolved  int64   // answered, and the matter is still open: a report is owed
	InProgress  int64   // of Unresolved: taken up, the lead goes on (tiếp thu, đang xử lý)
	ReferredUp  int64   // of Unresolved: beyond its authority, referred up (đã kiến nghị cấp trên)
	Answered    int64   // answers in the time asked for
	Half        int     // half of them took at most so many working days of the unit's own share
	Average     float64 // working days
}

// An Asked is a body that was only asked (đề nghị): never late, in no figure.
type Asked struct {
	Unit org.UnitID
	Name string
	N    int64
}

// A Board is the answer: rows by the order of units, their sum, and what stands apart.
type Board struct {
	At        time.Time // figures up to
	Query     Query
	SoonDay   workday.Date // "soon" is up to this day
	Rows      []Row
	Total     Row
	Requested []Asked      // in no figure
	Orphans   duty.Orphans // duties that nothing would ever move: must be zero; overseers only
	All       bool         // the reader oversees every unit
}

// Read returns the board that who may see; someone who leads and oversees nothing is
// refused.
func Read(tx *db.Tx, who org.Actor, q Query, kinds duty.Kinds) (b *Board, err error) {
	defer fault.Wrap(&err, "board")
	return ReadFor(tx, who, Filter{Query: q}, kinds)
}

// ReadFor is Read narrowed and laid out by whatever the filter names: rows by unit, field,
// area, commune or desk officer. Counters are summed; only what they do not know, a state
// of the case or an outcome of its last answer, is counted duty by duty.
func ReadFor(tx *db.Tx, who org.Actor, f Filter, kinds duty.Kinds) (b *Board, err error) {
	return readFor(tx, who, f, kinds, false)
}

// readFor reads a board; running leaves out what ended and what follows an answer.
func readFor(tx *db.Tx, who org.Actor, f Filter, kinds duty.Kinds, running bool) (b *Board, err error) {
	defer fault.Wrap(&err, "board")
	b = &Board{At: tx.Now, Query: f.Query}
	units, all, err := seen(tx, who)
	if err != nil {
		return nil, err
	}
	b.All = all
	if units, err = b.Query.units(tx, units); err != nil {
		return nil, err
	}
	today := workday.Of(tx.Now)
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	b.SoonDay = inbox.SoonDay(rev, today)
	b.Query.defaults(today)
	f.Query = b.Query
	g, err := newFigures(tx, units, f)
	if err != nil {
		return nil, err
	}
	g.running = running
	for _, step := range g.steps() {
		if err := step(tx, b); err != nil {
			return nil, err
		}
	}
	if err := g.rows(tx, b); err != nil {
		return nil, err
	}
	if b.All {
		b.Orphans, err = orphans(tx, kinds)
	}
	return b, err
}

// What a board asks when nothing is said: answers to petitions, of this year.
func (q *Query) defaults(today workday.Date) {
	if q.Rule == "" {
		q.Rule = petition.MustAnswer
	}
	if q.From.IsZero() {
		q.From = workday.NewDate(today.Year(), time.January, 1)
	}
	if q.To.IsZero() {
		q.To = workday.MustDate("2999-12-31")
	}
}

// seen returns the units whose figures who may see, in the order of lists. Reading is
// what membership says; figures are for those who oversee, and for leaders.
func seen(tx *db.Tx, who org.Actor) (units []org.UnitID, all bool, err error) {
	keys := []string{org.OfKind(petition.CaseKind)}
	if who.System == "" {
		if keys, err = org.Readers(tx, who.Officer); err != nil {
			return nil, false, err
		}
	}
	every, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	if err != nil {
		return nil, false, err
	}
	all = slices.Contains(keys, org.OfKind(petition.CaseKind))
	lead, above := map[org.UnitID]bool{}, false
	for _, p := range who.Posts {
		if p.Role != org.Leader {
			continue
		}
		lead[p.Unit] = true
		u, err := org.UnitOf(tx, p.Unit)
		if err != nil {
			return nil, false, err
		}
		above = above || u.Collective() && u.Level == org.LevelProvince
	}
	for _, u := range every {
		if all || lead[u.ID] || above && slices.Contains(keys, org.OfUnit(u.ID)) {
			units = append(units, u.ID)
		}
	}
	if len(units) == 0 {
		return nil, false, fault.Refuse(fault.Denied, "Anh/chị không có quyền xem bảng điều hành: bảng này dành cho cơ quan theo dõi, đôn đốc và lãnh đạo đơn vị.")
	}
	return units, all, nil
}

// units narrows what may be seen to what is asked for.
func (q *Query) units(tx *db.Tx, may []org.UnitID) ([]org.UnitID, error) {
	var wanted []org.UnitID
	whole := true
	if q.Charge != "" && q.Charge != Everything {
		var err error
		if wanted, whole, err = InCharge(tx, q.Charge); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(may), func(u org.UnitID) bool {
		return len(q.Units) > 0 && !slices.Contains(q.Units, u) || !whole && !slices.Contains(wanted, u)
	}), nil
}

// InCharge returns the units that an officer looks after today: those of the fields of
// his charge, as the rulebook in force gives fields to units, and the areas it names.
// whole says that his charge is everything.
func InCharge(tx *db.Tx, officer org.OfficerID) (units []org.UnitID, whole bool, err error) {
	defer fault.Wrap(&err, "charge of %s", officer)
	charges, err := org.ChargesOf(tx, officer)
	if err != nil {
		return nil, false, err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, false, err
	}
	for _, c := range charges {
		if c.Whole {
			return nil, true, nil
		}
		units = append(units, c.Areas...)
		fields, _ := rb.Table()
		for _, row := range fields {
			for _, f := range c.Fields {
				if row.Field == f || strings.HasPrefix(row.Field, f+".") || strings.HasPrefix(f, row.Field+".") {
					units = append(units, row.Unit)
				}
			}
		}
	}
	slices.Sort(units)
	return slices.Compact(units), false, nil
}

// orphans counts the running duties that nothing would ever move, each from an index
// that holds nothing else, or from the tally.
func orphans(tx *db.Tx, kinds duty.Kinds) (o duty.Orphans, err error) {
	// system: counts of the whole store, shown to overseers
	if err := tx.One(`SELECT count(*) FROM duty WHERE owner = '' AND ended_at IS NULL`, nil, &o.NoOwner); err != nil {
		return o, err
	}
	rules, dated := []string{}, []string{}
	for rule, k := range kinds {
		rules = append(rules, rule)
		if k.Dated {
			dated = append(dated, rule)
		}
	}
	slices.Sort(rules) // one text for the same kinds
	slices.Sort(dated)
	a := args{}
	// by rule, so that the index of lost duties is asked and not that of all that run
	// system: counts of the whole store, shown to overseers
	err = tx.One(`SELECT count(*) FROM duty WHERE `+oneOf("rule", rules, a.add)+` AND ended_at IS NULL AND due_day <> '' AND missed_at IS NULL
		AND next_at >= '9999' AND NOT request`, a, &o.NoNext)
	if err != nil {
		return o, err
	}
	a = args{}
	some := oneOf("rule", dated, a.add)
	// system: counts of the whole store, shown to overseers
	err = tx.One(`SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM (
			SELECT n FROM duty_count WHERE `+some+` AND fate = 'open' AND due_day = ''
			UNION ALL SELECT n FROM duty_tally WHERE `+some+` AND fate = 'open' AND due_day = '') x`, a, &o.NoDue)
	if err != nil {
		return o, err
	}
	return o, nil
}

// requested counts what the bodies that were only asked still have.
func (b *Board) requested(tx *db.Tx, names map[org.UnitID]string) error {
	// system: counts of units that the reader may see
	return tx.All(`SELECT owner, count(*) FROM duty WHERE request AND ended_at IS NULL GROUP BY owner ORDER BY owner`, nil, func(r *sql.Rows) error {
		var a Asked
		err := r.Scan(&a.Unit, &a.N)
		if name, ok := names[a.Unit]; ok {
			a.Name = name
			b.Requested = append(b.Requested, a)
		}
		return err
	})
}
