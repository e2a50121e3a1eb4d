// Package tracker follows assignments across units (theo dõi nhiệm vụ): how many run, are
// late, come due this week or have no date, by unit, field, leader and directive, and the
// lists behind these numbers.
//
// Figures are sums of the counters that duty keeps in the transactions that change them;
// lists seek their index and carry one page. A body that is only asked is in no figure, and
// neither is what a unit gives to its own sections. The sheet of a list has the columns in
// which a province keeps its own tracker, and such a sheet can be read back: Compare says
// what in it is new, the same or in conflict, and nothing is issued by it.
package tracker

import (
	"slices"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Dimension is what the rows of the tracker are.
type Dimension string

// The dimensions; the zero value is ByUnit.
const (
	ByUnit      Dimension = ""
	ByField     Dimension = "field"
	ByLeader    Dimension = "leader"
	ByDirective Dimension = "directive"
)

// Figures count assignments.
type Figures struct {
	Open     int64 // running, whatever their date
	Late     int64 // of them past their date
	Week     int64 // of them due up to the end of this week, not late
	Dateless int64 // of them "không nêu hạn"
	Met      int64 // results handed in in time
	DoneLate int64 // results handed in late
}

func (f *Figures) plus(g Figures) {
	f.Open, f.Late, f.Week, f.Dateless, f.Met, f.DoneLate = f.Open+g.Open, f.Late+g.Late, f.Week+g.Week, f.Dateless+g.Dateless, f.Met+g.Met, f.DoneLate+g.DoneLate
}

// A Row is a unit, a field, a leader or a directive with its figures; Key goes into a Filter.
type Row struct {
	Key, Name string
	Figures
}

// A Tracker is the answer for one reader.
type Tracker struct {
	At       time.Time
	WeekEnds workday.Date
	Rows     []Row // those with any figure, in the order of the office; directives newest first
	More     bool  // directives beyond the first Newest have no row
	Total    Figures
	Waiting  int64 // results that wait to be accepted; at most Most
	Returned int64 // given back and running again; at most Most
	Beside   int64 // parts that the reader's units have beside a lead, running; at most Most
	All      bool  // the reader follows every unit
}

// Most is where a count that is no counter stops: beyond it a page says "trên".
const Most = 200

// Newest is how many directives have a row of their own.
const Newest = 25

// A Filter narrows figures and lists.
type Filter struct {
	Units     []org.UnitID  `json:"units,omitempty"`     // none: all that the reader may follow
	Field     string        `json:"field,omitempty"`     // of the catalogue, with the fields below it
	Leader    org.OfficerID `json:"leader,omitempty"`    // whose charge the units lie in
	Directive casefile.ID   `json:"directive,omitempty"` // that gave them
}

// A scene is one reader's question: whose assignments, as of when.
type scene struct {
	tx    *db.Tx
	who   org.Actor
	f     Filter
	units []org.UnitID // of the filter, among those he may follow
	all   bool         // he may follow every unit
	whole bool         // and the filter leaves every one
	week  workday.Date // its last day
}

// sceneOf reads whom an officer follows and narrows it.
func sceneOf(tx *db.Tx, who org.Actor, f Filter) (s *scene, err error) {
	s = &scene{tx: tx, who: who, f: f, week: weekEnd(workday.Of(tx.Now))}
	may, all, err := scope(tx, who)
	if err != nil {
		return nil, err
	}
	s.all, s.whole = all, all && len(f.Units) == 0 && f.Leader == ""
	s.units, err = f.narrow(tx, may)
	return s, err
}

// Read returns the figures that an officer may see: of every unit for those who follow
// assignments, of their own units for all others.
func Read(tx *db.Tx, who org.Actor, by Dimension, f Filter) (t *Tracker, err error) {
	defer fault.Wrap(&err, "tracker")
	s, err := sceneOf(tx, who, f)
	if err != nil {
		return nil, err
	}
	t = &Tracker{At: tx.Now, WeekEnds: s.week, All: s.all}
	if len(s.units) == 0 {
		return t, nil
	}
	cells, err := s.count(by)
	if err != nil {
		return nil, err
	}
	for _, c := range cells {
		t.Total.plus(c.Figures)
	}
	if t.Rows, t.More, err = s.lay(by, cells); err != nil {
		return nil, err
	}
	for slice, n := range map[Slice]*int64{Waiting: &t.Waiting, Returned: &t.Returned, Beside: &t.Beside} {
		if *n, err = s.bounded(slice); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// weekEnd is the Sunday of a day's week.
func weekEnd(d workday.Date) workday.Date { return d.AddDays((7 - int(d.Weekday())) % 7) }

// scope returns the units that an officer follows, in the order of the office.
func scope(tx *db.Tx, who org.Actor) (units []org.UnitID, all bool, err error) {
	keys, err := org.Readers(tx, who.Officer)
	if err != nil {
		return nil, false, err
	}
	all = slices.Contains(keys, directive.AssignmentScope)
	every, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	for _, u := range every {
		if all || who.In(u.ID) || slices.Contains(keys, org.OfUnit(u.ID)) {
			units = append(units, u.ID)
		}
	}
	return units, all, err
}

// narrow leaves the units that the filter names and that lie in the leader's charge.
func (f *Filter) narrow(tx *db.Tx, may []org.UnitID) ([]org.UnitID, error) {
	var of []org.UnitID
	whole := true
	if f.Leader != "" {
		var err error
		if of, whole, err = board.InCharge(tx, f.Leader); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(may), func(u org.UnitID) bool {
		return len(f.Units) > 0 && !slices.Contains(f.Units, u) || !whole && !slices.Contains(of, u)
	}), nil
}
