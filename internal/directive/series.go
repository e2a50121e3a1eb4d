package directive

import (
	"database/sql"
	"encoding/json"
	"strings"
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

// A SeriesID names a series: its directive, the task of it, and the unit that the directive
// names for it, with hyphens between.
type SeriesID string

// name is what the calendar counts a series under, whoever has it today.
func seriesName(id casefile.ID, n int64, lead org.UnitID) string {
	return string(id) + "/" + itoa(n) + "/" + string(lead)
}

// A Series is what a directive asks one unit for again and again (nhiệm vụ định kỳ). The
// calendar opens an assignment each time.
type Series struct {
	ID        SeriesID
	Directive casefile.ID
	Number    string // of the directive
	Title     string // of the directive
	N         int64  // the task of it
	Clause    string
	Content   string     // what is to be done; "" out of reach
	Named     org.UnitID // whom the directive names
	Lead      org.UnitID // who has it today
	Raiser    org.UnitID
	Again     workday.Recurrence
	Since     time.Time
	EndsOn    workday.Date    // the first day on which no occasion falls any more; zero: it runs on
	Next      []duty.Occasion // that are not opened yet, the next first
	Version   int64           // of the directive
	basis     string
}

// Over says whether nothing of the series comes any more.
func (s *Series) Over(now time.Time) bool {
	return !s.EndsOn.IsZero() && !workday.Of(now).Before(s.EndsOn)
}

func (s *Series) name() string { return seriesName(s.Directive, s.N, s.Named) }

// occasion is the series as the calendar asks for it.
func (s *Series) occasion() duty.Occasion {
	return duty.Occasion{Owner: s.Lead, Name: s.name(), Again: s.Again, Since: s.Since, Until: s.EndsOn, Basis: s.basis}
}

const seriesColumns = `s.case_id, s.n, s.lead, s.held_by, s.again, s.basis, s.since_at, s.ends_on`

// scan reads a row that begins with seriesColumns.
func (s *Series) scan(r *sql.Rows, more ...any) error {
	var held org.UnitID
	var again string
	err := r.Scan(append([]any{&s.Directive, &s.N, &s.Named, &held, &again, &s.basis, db.Instant(&s.Since), &s.EndsOn}, more...)...)
	if err != nil {
		return err
	}
	s.ID, s.Lead = SeriesID(string(s.Directive)+"-"+itoa(s.N)+"-"+string(s.Named)), s.Named
	if held != "" {
		s.Lead = held
	}
	s.Again, err = workday.ParseRecurrence(again)
	return err
}

// A SeriesFilter narrows a list of series; its zero value is all.
type SeriesFilter struct {
	Directive casefile.ID
	Lead      org.UnitID
}

// nextShown is how many occasions ahead a series shows.
const nextShown = 3

// SeriesList returns the series of directives that the reader may see, the newest first, with
// their next occasions, at most limit, and the cursor of the rest.
func SeriesList(tx *db.Tx, who org.Actor, f SeriesFilter, cursor string, limit int) (all []*Series, next string, err error) {
	defer fault.Wrap(&err, "list series")
	after, err := decode(cursor)
	if err != nil {
		return nil, "", err
	}
	c, n, named := SeriesID(after).parts()
	all, err = readSeries(tx, who, `(s.case_id, s.n, s.lead) < ($1, $2, $3) AND ($4 = '' OR s.case_id = $4)
			AND ($5 = '' OR s.held_by = $5 OR s.held_by = '' AND s.lead = $5)`, string(c), n, string(named), string(f.Directive), string(f.Lead), limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, ahead(tx, all)
}

// parts are the directive, the task and the unit that an id names.
func (id SeriesID) parts() (directive casefile.ID, n int64, named org.UnitID) {
	c, rest, _ := strings.Cut(string(id), "-")
	task, unit, _ := strings.Cut(rest, "-")
	return casefile.ID(c), parseN(task), org.UnitID(unit)
}

// readSeries reads series under a condition; the last argument bounds how many.
func readSeries(tx *db.Tx, who org.Actor, where string, args ...any) (all []*Series, err error) {
	args = append(args, who.Reader())
	reader, limit := "$"+itoa(int64(len(args))), "$"+itoa(int64(len(args)-1))
	err = tx.All(`SELECT `+seriesColumns+`, g.number, c.title, c.raiser, c.version, p.body FROM assignment_series s
		JOIN casefile c ON c.id = s.case_id JOIN directive g ON g.case_id = s.case_id JOIN directive_proposal p ON p.case_id = s.case_id AND p.n = s.n
		WHERE `+where+` AND `+access.Visible("c.id", reader)+` ORDER BY s.case_id DESC, s.n DESC, s.lead DESC LIMIT `+limit, args, func(r *sql.Rows) error {
		s := new(Series)
		var body string
		if err := s.scan(r, &s.Number, &s.Title, &s.Raiser, &s.Version, &body); err != nil {
			return err
		}
		var t Task
		if body != "" { // a sealed one has none
			if err := json.Unmarshal([]byte(body), &t); err != nil {
				return err
			}
		}
		s.Content, s.Clause = t.Content, t.Clause
		all = append(all, s)
		return nil
	})
	return all, err
}

// ahead says of each series who stands in its unit's place today and what comes next.
func ahead(tx *db.Tx, all []*Series) (err error) {
	occasions := make([]duty.Occasion, len(all))
	for i, s := range all {
		if s.Lead, err = org.Successor(tx, s.Lead); err != nil {
			return err
		}
		occasions[i] = s.occasion()
	}
	next, err := duty.Upcoming(tx, MustRecur, occasions, nextShown)
	for i, s := range all {
		if err == nil {
			s.Next = next[i]
		}
	}
	return err
}

// GetSeries returns a series of a directive that the actor may read.
func GetSeries(tx *db.Tx, who org.Actor, id SeriesID) (*Series, error) {
	if !db.Storable(string(id)) {
		return nil, fault.NotFound
	}
	c, n, named := id.parts()
	all, err := readSeries(tx, who, `s.case_id = $1 AND s.n = $2 AND s.lead = $3`, string(c), n, string(named), 1)
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return nil, err
	}
	return all[0], ahead(tx, all)
}

// Opened returns the assignments that the calendar opened for a series and that the reader
// may see, the newest first, at most limit.
func (s *Series) Opened(tx *db.Tx, who org.Actor, limit int) (all []Line, err error) {
	ids, err := s.cases(tx, workday.Date{}, limit)
	if err != nil {
		return nil, err
	}
	return LinesOf(tx, who, ids)
}

// cases are the assignments of a series from a period on, the newest first.
func (s *Series) cases(tx *db.Tx, from workday.Date, limit int) (ids []casefile.ID, err error) {
	// system: the series is of a directive that the caller reads; lines ask for each case
	err = tx.All(`SELECT case_id FROM duty_arming WHERE rule = $1 AND owner = $2 AND period >= $3 AND case_id IS NOT NULL ORDER BY period DESC LIMIT $4`,
		[]any{MustRecur, s.name(), from.String(), limit}, rowIDs(&ids))
	return ids, err
}

// series is of which series an assignment is an occasion.
func (a *Assignment) series(tx *db.Tx) (id SeriesID, err error) {
	// system: the caller holds the assignment
	err = tx.All(`SELECT owner FROM duty_arming WHERE rule = $1 AND period = $2 AND case_id = $3`, []any{MustRecur, a.Period.String(), string(a.ID)}, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		id = SeriesID(strings.Replace(name, "/", "-", 2))
		return err
	})
	return id, err
}

// MayChange says whether an actor may end a series or hand it over, as the operations ask.
func (s *Series) MayChange(tx *db.Tx, who org.Actor) (bool, error) {
	d, err := Get(tx, org.System("directive"), s.Directive)
	if err != nil {
		return false, err
	}
	_, err = s.asGiver(tx, who, d, actAccept)
	if k := fault.Kind(err); k == fault.Denied || k == fault.NotFound || k == fault.Invalid {
		return false, nil
	}
	return err == nil, err
}

// asGiver is the actor in the post in which he decides about a series: of the unit that
// issued its directive, else of the one that the rule names, as for its assignments.
func (s *Series) asGiver(tx *db.Tx, who org.Actor, d *Directive, act access.Act) (org.Actor, error) {
	rb, err := d.rulebook(tx)
	if err != nil {
		return who, err
	}
	a := &Assignment{Case: &casefile.Case{Rulebook: d.Rulebook, Lead: s.Lead, Field: d.Field, Raiser: d.Raiser}}
	unit, _, err := a.giverUnder(tx, rb, RuleAccept)
	if err != nil {
		return who, err
	}
	return access.Pick(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}})
}

// holdSeries holds the directive of a series for an act of whoever gave it. The calendar
// holds it too when it opens an occasion: neither sees half of the other.
func holdSeries(tx *db.Tx, who org.Actor, id SeriesID, seen int64, act access.Act) (*Series, *Directive, org.Actor, error) {
	if !db.Storable(string(id)) {
		return nil, nil, who, fault.NotFound
	}
	c, _, _ := id.parts()
	d, err := lock(tx, who, c, seen)
	if err != nil {
		return nil, nil, who, err
	}
	s, err := GetSeries(tx, who, id)
	if err != nil {
		return nil, nil, who, err
	}
	if who, err = s.asGiver(tx, who, d, act); err != nil {
		return nil, nil, who, err
	}
	if s.Over(tx.Now) {
		return nil, nil, who, fault.Refuse(fault.Conflict, "Nhiệm vụ định kỳ này đã thôi từ ngày %s.", s.EndsOn.Long())
	}
	return s, d, who, nil
}

// A SeriesEnd lets a series go.
type SeriesEnd struct {
	From    workday.Date // the first day on which nothing falls any more; zero: today
	Reason  string       // why, and the paper that says so
	Version int64        // of the directive
}

// EndSeries lets a series go from a day on: no occasion of that day or later is opened, and
// those that were opened ahead end with the reason. What is owed before that day stays owed.
func EndSeries(tx *db.Tx, who org.Actor, id SeriesID, in SeriesEnd) (s *Series, err error) {
	defer fault.Wrap(&err, "end series %s", id)
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu lý do và văn bản cho thôi thực hiện."); err != nil {
		return nil, err
	}
	s, d, who, err := holdSeries(tx, who, id, in.Version, actAccept)
	if err != nil {
		return nil, err
	}
	today := workday.Of(tx.Now)
	if in.From.IsZero() {
		in.From = today
	}
	if in.From.Before(today) {
		return nil, fault.Field("from", "Ngày thôi thực hiện phải từ hôm nay trở đi; kỳ đã qua mà không cần làm thì cho thôi ở chính kỳ ấy.")
	}
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.series_ended", By: who, Text: in.Reason,
		Facts: casefile.Pairs("unit", string(s.Lead), "clause", s.Clause, "ends_on", in.From.String())}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE assignment_series SET ended_at = $1, ends_on = $2 WHERE case_id = $3 AND n = $4 AND lead = $5`,
		tx.Now, in.From.String(), string(s.Directive), s.N, string(s.Named)); err != nil {
		return nil, err
	}
	s.EndsOn = in.From
	err = s.each(tx, in.From, func(a *Assignment) error {
		if a.State != Open { // a result that waits is looked at
			return nil
		}
		if err := a.ends(tx, who, in.Reason); err != nil {
			return err
		}
		return a.endGivenOn(tx, who, in.Reason)
	})
	if err != nil {
		return nil, err
	}
	return s, s.tell(tx, d, s.Lead, "assignment.series_ended")
}

// each does something with the assignments of a series from a period on that still run, in
// the order of their ids.
func (s *Series) each(tx *db.Tx, from workday.Date, do func(a *Assignment) error) error {
	ids, err := s.cases(tx, from, mostTasks)
	if err != nil {
		return err
	}
	cases, err := casefile.LockAll(tx, org.System("directive"), ids...)
	if err != nil {
		return err
	}
	for _, c := range cases {
		a, err := assignmentOf(tx, c)
		if err != nil {
			return err
		}
		if a.alive() != nil {
			continue
		}
		if err := do(a); err != nil {
			return err
		}
	}
	return nil
}

// tell lets a unit's leaders know, and reads anew what comes next.
func (s *Series) tell(tx *db.Tx, d *Directive, unit org.UnitID, kind string) error {
	if err := ahead(tx, []*Series{s}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: unit, Role: leaders, Case: d.ID, Kind: kind})
}

// HandSeries moves a series to another unit, with what of it is open: the calendar asks that
// unit from now on. Rights and reasons are those of Hand.
func HandSeries(tx *db.Tx, who org.Actor, id SeriesID, in Handing) (s *Series, err error) {
	defer fault.Wrap(&err, "hand over series %s", id)
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu lý do và văn bản chuyển nhiệm vụ."); err != nil {
		return nil, err
	}
	s, d, who, err := holdSeries(tx, who, id, in.Version, actHand)
	if err != nil {
		return nil, err
	}
	to, err := org.UnitOf(tx, in.To)
	if err != nil || !to.Agency() || !to.Stands(workday.Of(tx.Now)) {
		return nil, fault.Field("to", "Không có đơn vị nào mang mã “%.60s” đang hoạt động.", string(in.To))
	}
	if in.To == s.Lead {
		return nil, fault.Field("to", "Đơn vị này đang giữ nhiệm vụ.")
	}
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.series_handed", By: who, Text: in.Reason,
		Facts: casefile.Pairs("from", string(s.Lead), "to", string(in.To), "clause", s.Clause)}); err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, d.ID, casefile.Party{Unit: in.To, Function: access.Told}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE assignment_series SET held_by = $1 WHERE case_id = $2 AND n = $3 AND lead = $4`,
		string(in.To), string(s.Directive), s.N, string(s.Named)); err != nil {
		return nil, err
	}
	from := s.Lead
	s.Lead = in.To
	err = s.each(tx, workday.Date{}, func(a *Assignment) error {
		has, err := org.Successor(tx, a.Lead)
		if err != nil || has != from { // one occasion was another unit's already
			return err
		}
		return a.hand(tx, who, Handing{From: a.Lead, To: in.To, Reason: in.Reason, Inside: in.Inside})
	})
	if err != nil {
		return nil, err
	}
	return s, s.tell(tx, d, in.To, "assignment.series_handed")
}

// sweptAtOnce is how many series the calendar reads in one query.
const sweptAtOnce = 1000

// occasions are what released directives ask for again and again: who owes each next
// time is the unit that stands in the series' place today (duty finds it). What ended is
// among them up to its last day: an occasion before it that fell due while nothing ran is owed.
func occasions(tx *db.Tx) (all []duty.Occasion, err error) {
	for last := new(Series); last != nil; {
		after := last
		last = nil
		n := 0
		// system: the calendar asks for every series
		err := tx.All(`SELECT `+seriesColumns+` FROM assignment_series s WHERE (s.case_id, s.n, s.lead) > ($1, $2, $3) ORDER BY s.case_id, s.n, s.lead LIMIT $4`,
			[]any{string(after.Directive), after.N, string(after.Named), sweptAtOnce}, func(r *sql.Rows) error {
				s := new(Series)
				if err := s.scan(r); err != nil {
					return err
				}
				all = append(all, s.occasion())
				if n++; n == sweptAtOnce {
					last = s
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// stands refuses an occasion whose series ended or went to another unit since the calendar
// asked for it: the next sweep asks anew.
func stands(tx *db.Tx, id casefile.ID, n int64, o duty.Occasion) error {
	_, named, _ := strings.Cut(o.Name, "/")
	_, named, _ = strings.Cut(named, "/")
	var found *Series
	// system: the calendar asks for every series
	err := tx.All(`SELECT `+seriesColumns+` FROM assignment_series s WHERE s.case_id = $1 AND s.n = $2 AND s.lead = $3`, []any{string(id), n, named}, func(r *sql.Rows) error {
		found = new(Series)
		return found.scan(r)
	})
	if err != nil {
		return err
	}
	has := org.UnitID("")
	if found != nil && (found.EndsOn.IsZero() || o.Period.Before(found.EndsOn)) {
		if has, err = org.Successor(tx, found.Lead); err != nil {
			return err
		}
	}
	if has != o.Owner && !o.Absent {
		return fault.Refuse(fault.Conflict, "Nhiệm vụ định kỳ vừa thay đổi.")
	}
	return nil
}
