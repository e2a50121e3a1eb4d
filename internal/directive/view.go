package directive

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// A Note is one line of progress or one difficulty; its words stand in the history.
type Note struct {
	N        int64 // the event
	Unit     org.UnitID
	Percent  int64
	What     string      // "progress" or "difficulty"
	Petition casefile.ID // that a difficulty became, where the reader may read it
	Linked   bool        // it became one, whoever reads
	At       time.Time
	Text     string
}

// A View is an assignment with all that its page shows (màn hình một nhiệm vụ).
type View struct {
	A          *Assignment
	Given      string // the whole of what is to be done; "" out of reach
	Source     *Directive
	Readable   bool // the reader may open the directive
	Duties     []*duty.Duty
	Lead       *duty.Duty // what the lead owes; nil before it is armed
	Parts      []Part
	Notes      []Note
	Extensions []*Extension
	Subs       []Line
	Rollup     Rollup
	Papers     []*signoff.Paper
	Place      direct.Place // where it lies inside the reader's unit, for its own people
	Qualities  []string     // the words in which an accepted result is rated
	Forms      []string     // of coordination; none where no rule names them
	Series     SeriesID     // of an occasion of what comes again, where the reader may read its directive; "" else
	WholeDue   workday.Due  // of a part: by when the whole is due, where that is before its own date
	undated    bool
	may        map[string]bool
	mine       org.UnitID // the reader's unit that has a part in it
	waitsFor   map[string]bool
}

// Undated says that nobody states a date: the page warns until somebody sets one.
func (v *View) Undated() bool { return v.undated }

// ViewOf reads an assignment: everything its page shows to one officer, who has it from
// GetAssignment.
func ViewOf(tx *db.Tx, who org.Actor, a *Assignment) (v *View, err error) {
	defer fault.Wrap(&err, "view assignment %s", a.ID)
	v = &View{A: a, may: map[string]bool{}, waitsFor: map[string]bool{}}
	if v.Given, err = casefile.EventText(tx, a.ID, a.GivenN); err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	if v.Source, err = a.source(tx); err != nil {
		return nil, err
	}
	if v.Source != nil {
		_, err := casefile.Get(tx, who, v.Source.ID)
		if v.Readable = err == nil; err != nil && !errors.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	if v.Duties, err = duty.OfCase(tx, a.ID); err != nil {
		return nil, err
	}
	if v.Lead, err = a.leadDuty(tx); err != nil && !errors.Is(err, fault.Conflict) {
		return nil, err
	}
	v.undated = v.Lead != nil && len(v.Lead.Limits) == 0
	if v.Readable && !a.Period.IsZero() {
		if v.Series, err = a.series(tx); err != nil {
			return nil, err
		}
	}
	whole, err := a.wholeDue(tx)
	if err != nil {
		return nil, err
	}
	if v.Lead != nil && whole != nil && !whole.DueAt.IsZero() && v.Lead.DueAt.After(whole.DueAt) {
		v.WholeDue = whole.Due()
	}
	if v.Parts, err = parts(tx, a.ID); err != nil {
		return nil, err
	}
	if v.Extensions, err = Extensions(tx, a.ID); err != nil {
		return nil, err
	}
	if v.Notes, err = Notes(tx, who, a.ID); err != nil {
		return nil, err
	}
	if v.Subs, err = Subs(tx, who, a.ID); err != nil {
		return nil, err
	}
	v.Rollup = rollup(v.Subs)
	if v.Papers, err = signoff.OfCase(tx, who, a.ID); err != nil {
		return nil, err
	}
	return v, v.rights(tx, who)
}

// rights reads what the officer may do: each right once, for the page and the API alike.
func (v *View) rights(tx *db.Tx, who org.Actor) error {
	a := v.A
	f, err := a.facts(tx)
	if err != nil {
		return err
	}
	for _, act := range []access.Act{actRegister, actProgress, actSubmit, actCoordinate, actExtend, actSub, actReport, actPart} {
		v.may[act.Name] = access.May(who, act, f) == nil
	}
	for _, u := range append([]org.UnitID{a.Lead}, f.Units[access.Coordinating]...) {
		if who.In(u) {
			v.mine = u
			if v.Place, err = direct.Where(tx, a.ID, u); err != nil {
				return err
			}
			v.may["direct"] = direct.MayDown(who, u, v.Place)
			break
		}
	}
	above := map[string]access.Act{RuleAccept: actAccept, RuleDate: actDate}
	for key, act := range above {
		unit, rule, err := a.giver(tx, key)
		if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied || k == fault.Invalid {
			continue
		}
		if err != nil {
			return err
		}
		v.may[act.Name] = access.May(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}}) == nil
		if key == RuleAccept {
			v.Qualities = rule.List("quality")
		}
	}
	return v.others(tx, who)
}

// others are the rights of overseers, deciders and whoever takes over.
func (v *View) others(tx *db.Tx, who org.Actor) error {
	a := v.A
	over := func(units ...org.UnitID) access.Facts {
		return access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: units}}
	}
	units, err := a.overseers(tx, a.Lead)
	if err != nil {
		return err
	}
	v.may[actOversee.Name] = access.May(who, actOversee, over(units...)) == nil
	rb, err := a.rulebook(tx)
	if err != nil {
		return err
	}
	if rule, ok, err := ruled(tx, rb, RuleTakeOver, a.Lead, a.Field); err != nil {
		return err
	} else if ok {
		v.may[actTakeOver.Name] = access.May(who, actTakeOver, over(rule.Role("role").Unit)) == nil
	}
	if rule, ok, err := ruled(tx, rb, MustExplain, a.Lead, a.Field); err != nil {
		return err
	} else if ok {
		var by []org.UnitID
		for _, r := range rule.Roles("by") {
			by = append(by, r.Unit)
		}
		v.may[actExplain.Name] = access.May(who, actExplain, over(by...)) == nil
	}
	if rule, ok, err := ruled(tx, rb, RuleForm, a.Lead, a.Field); err != nil {
		return err
	} else if ok {
		v.Forms = rule.List("forms")
		v.may[actForm.Name] = access.May(who, actForm, over(rule.Role("task").Unit)) == nil
	}
	for _, x := range v.Extensions {
		if x.State == "asked" && access.May(who, actGrant, over(x.Decider)) == nil {
			v.waitsFor["extension"] = true
		}
	}
	for _, d := range v.Duties {
		if d.EndedAt.IsZero() && who.In(d.Owner) {
			v.waitsFor[d.Rule] = true
		}
	}
	_, v.may[RuleBreach], err = ruled(tx, rb, RuleBreach, a.Lead, a.Field)
	return err
}

// Acts returns what the officer may do now, what waits for him first. An operation asks
// again under the case's lock; what is not here it would refuse.
func (v *View) Acts(who org.Actor) (all []Act) {
	add := func(name, say string, waits, may bool) {
		if may {
			all = append(all, Act{Name: name, Say: say, Waits: waits})
		}
	}
	for _, x := range v.Papers {
		if x.State != signoff.Released && x.State != signoff.Dropped && who.In(x.Unit) {
			all = append(all, Act{Name: "paper", Say: "Xem dự thảo", Waits: x.Turn(who), Paper: x.ID})
		}
	}
	open, submitted := v.A.State == Open, v.A.State == Submitted
	add("accept", "Công nhận hoàn thành", true, submitted && v.may[actAccept.Name])
	add("return", "Trả lại, chưa hoàn thành", true, submitted && v.may[actAccept.Name])
	add("decide-extension", "Quyết định đề nghị gia hạn", true, v.waitsFor["extension"])
	add("explanation", "Giải trình", true, v.waitsFor[MustExplain])
	add("decide-form", "Quyết định hình thức phối hợp", true, open && v.A.FormState == "asked" && v.may[actForm.Name])
	add("register", "Vào sổ", true, open && v.waitsFor[MustRegister] && v.may[actRegister.Name])
	add("set-date", "Đặt hạn", v.undated, open && v.undated && v.may[actDate.Name])
	v.working(add, open)
	add("urge", "Đôn đốc", v.waitsFor[MustOversee], (open || submitted) && v.may[actOversee.Name])
	add("demand", "Yêu cầu giải trình", false, v.may[actExplain.Name])
	add("take-over", "Trực tiếp chỉ đạo, giải quyết", false, open && v.may[actTakeOver.Name])
	add("hand", "Chuyển đơn vị thực hiện", false, (open || submitted) && v.may[actAccept.Name])
	add("end", "Cho thôi thực hiện", false, (open || submitted) && v.may[actAccept.Name])
	slices.SortStableFunc(all, func(a, b Act) int { return rank(a) - rank(b) })
	return all
}

// working are the acts of those who do it.
func (v *View) working(add func(name, say string, waits, may bool), open bool) {
	leads := v.mine == v.A.Lead
	add("direct", "Phân công", v.Place == (direct.Place{}), open && v.may["direct"])
	add("submit", "Báo cáo kết quả", leads, open && v.may[actSubmit.Name])
	add("contribute", "Gửi phần việc phối hợp", true, open && v.may[actPart.Name] && (v.waitsFor[MustTakePart] || v.waitsFor[MustReply]))
	add("progress", "Báo cáo tiến độ", false, open && (v.may[actProgress.Name] || v.may[actPart.Name]))
	add("difficulty", "Nêu khó khăn, vướng mắc", false, open && (v.may[actProgress.Name] || v.may[actPart.Name]))
	dated := v.Lead != nil && !v.Lead.DueAt.IsZero()
	add("ask-extension", "Xin gia hạn", false, open && dated && (v.may[actExtend.Name] || v.mine != "" && !leads))
	add("sub-assign", "Giao tiếp một phần", false, open && v.may[actSub.Name])
	add("coordinators", "Thêm đơn vị phối hợp", false, open && v.may[actCoordinate.Name])
	add("parts", "Phân việc cho đơn vị phối hợp", false, open && v.may[actCoordinate.Name] && len(v.Parts) > 0)
	add("reply", "Ghi trả lời của cơ quan được đề nghị", false, open && v.may[actCoordinate.Name] && slices.ContainsFunc(v.Parts, func(p Part) bool { return p.Requested && p.State == "open" }))
	add("urge-part", "Đôn đốc đơn vị phối hợp", false, open && v.may[actCoordinate.Name] && len(v.Parts) > 0)
	add("form", "Chọn hình thức phối hợp", false, open && v.may[actCoordinate.Name] && len(v.Forms) > 0 && v.A.FormState == "")
	add("breach", "Báo cáo đơn vị không thực hiện trách nhiệm", false, open && v.may[RuleBreach] && (v.may[actReport.Name] || v.mine != "" && !leads) && len(v.Parts) > 0)
}

func rank(a Act) int {
	if a.Waits {
		return 0
	}
	return 1
}

// Notes returns progress and difficulties with their words, oldest first, at most a
// thousand, to whoever has the assignment from GetAssignment. The petition that one became
// is named to whoever may read it, and to nobody else.
func Notes(tx *db.Tx, who org.Actor, id casefile.ID) (all []Note, err error) {
	// system: the caller holds the assignment through GetAssignment
	err = tx.All(`SELECT p.n, p.unit, p.percent, p.what, p.petition, coalesce(c.id, ''), p.at, e.text FROM assignment_progress p
		JOIN event e ON e.case_id = p.case_id AND e.n = p.n
		LEFT JOIN casefile c ON c.id = p.petition AND `+access.Visible("c.id", "$2")+`
		WHERE p.case_id = $1 ORDER BY p.n LIMIT 1000`, []any{string(id), who.Reader()}, func(r *sql.Rows) error {
		var n Note
		var text casefile.StoredText
		var linked string
		err := r.Scan(&n.N, &n.Unit, &n.Percent, &n.What, &linked, &n.Petition, db.Instant(&n.At), &text)
		n.Text, n.Linked = string(text), linked != ""
		all = append(all, n)
		return err
	})
	return all, err
}

// A Line is one assignment in a list, with what its lead owes.
type Line struct {
	ID           casefile.ID
	Code         string
	Title        string
	State        string
	Field        string
	Lead         org.UnitID
	Raiser       org.UnitID
	Directive    casefile.ID
	Number       string // of the directive
	Proposal     int64
	Clause       string
	Parent       casefile.ID
	Period       workday.Date
	Urgency      Urgency
	Percent      int64
	Section      org.UnitID
	Officer      org.OfficerID // in charge inside the lead, once named
	Request      bool          // the lead is only asked: listed apart, never "quá hạn"
	DueAt        time.Time     // the first instant that is late; zero: không nêu hạn
	DoneAt       time.Time     // when the result was handed in that stands
	ResultNumber string
	Returns      int64
	OpenedAt     time.Time
}

// Late says whether the result came, or still has not come, in time; never of a request.
func (l *Line) Late(now time.Time) bool {
	if l.Request || l.DueAt.IsZero() || l.State == Ended {
		return false
	}
	if !l.DoneAt.IsZero() {
		now = l.DoneAt
	}
	return !now.Before(l.DueAt)
}

const lineColumns = `c.id, c.code, c.title, c.state, c.field, c.lead, c.raiser, a.directive, coalesce(dr.number, ''), a.proposal, a.clause, a.parent, a.period, a.urgency, a.percent,
	a.section, coalesce(d.officer, ''), coalesce(d.request, FALSE), coalesce(d.due_at, ''), d.ended_at, a.result_number, a.returns, c.opened_at`

// lineFrom joins what the lead owes: of all leads that an assignment had, one duty was not
// handed on. system: every list that uses it asks access.Visible itself.
const lineFrom = ` FROM assignment a JOIN casefile c ON c.id = a.case_id
	LEFT JOIN directive dr ON dr.case_id = a.directive
	LEFT JOIN duty d ON d.case_id = c.id AND d.rule IN ('assignment.do', 'assignment.recur') AND d.fate <> 'handed' `

func (l *Line) scan(r *sql.Rows) error {
	var due string
	var done time.Time
	err := r.Scan(&l.ID, &l.Code, &l.Title, &l.State, &l.Field, &l.Lead, &l.Raiser, &l.Directive, &l.Number, &l.Proposal, &l.Clause, &l.Parent, &l.Period, &l.Urgency, &l.Percent,
		&l.Section, &l.Officer, &l.Request, &due, db.Instant(&done), &l.ResultNumber, &l.Returns, db.Instant(&l.OpenedAt))
	if err != nil {
		return err
	}
	if l.State == Submitted || l.State == Accepted {
		l.DoneAt = done
	}
	if due == "" {
		return nil
	}
	at, err := db.ParseInstant(due)
	if err == nil && at.Year() < 9000 { // what has no date sorts last under a far one
		l.DueAt = at
	}
	return err
}

// A Filter chooses assignments; its zero value is every one that was not given on.
type Filter struct {
	Directive casefile.ID
	Lead      org.UnitID
	Field     string
	State     string
	Parent    casefile.ID // the parts that one gave on
	All       bool        // parts that were given on too
}

// Assignments returns the assignments that the reader may see, the newest first, at most
// limit, and the cursor of the rest. Lists by lateness and by unit are the tracker's.
func Assignments(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (all []Line, next string, err error) {
	defer fault.Wrap(&err, "list assignments")
	after, err := decode(cursor)
	if err != nil {
		return nil, "", err
	}
	err = tx.All(`SELECT `+lineColumns+lineFrom+`
		WHERE a.case_id < $1 AND ($2 = '' OR a.directive = $2) AND ($3 = '' OR c.lead = $3) AND ($4 = '' OR c.field = $4) AND ($5 = '' OR c.state = $5)
			AND ($6 = '' OR a.parent = $6) AND ($7 OR $6 <> '' OR a.parent = '') AND `+access.Visible("c.id", "$8")+`
		ORDER BY a.case_id DESC LIMIT $9`,
		[]any{after, string(f.Directive), string(f.Lead), f.Field, f.State, string(f.Parent), f.All, who.Reader(), limit + 1}, func(r *sql.Rows) error {
			var l Line
			err := l.scan(r)
			all = append(all, l)
			return err
		})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// Subs returns the parts that an assignment gave on and that the reader may see, in the
// order they were given, at most five hundred.
func Subs(tx *db.Tx, who org.Actor, id casefile.ID) (all []Line, err error) {
	err = tx.All(`SELECT `+lineColumns+lineFrom+` WHERE a.parent = $1 AND `+access.Visible("c.id", "$2")+` ORDER BY a.case_id LIMIT 500`,
		[]any{string(id), who.Reader()}, func(r *sql.Rows) error {
			var l Line
			err := l.scan(r)
			all = append(all, l)
			return err
		})
	return all, err
}

// Thread returns every assignment of a directive that the reader may see, in the order of
// its text, at most five thousand: directive, clause, assignment and result in one line each.
func Thread(tx *db.Tx, who org.Actor, id casefile.ID) (all []Line, err error) {
	defer fault.Wrap(&err, "thread of directive %s", id)
	err = tx.All(`SELECT `+lineColumns+lineFrom+` WHERE a.directive = $1 AND a.parent = '' AND `+access.Visible("c.id", "$2")+` ORDER BY a.case_id LIMIT 5000`,
		[]any{string(id), who.Reader()}, func(r *sql.Rows) error {
			var l Line
			err := l.scan(r)
			all = append(all, l)
			return err
		})
	if err != nil || len(all) == 0 {
		return all, err
	}
	// what was merged, split or added has a later number than its place in the text
	proposals, err := Proposals(tx, id)
	place := map[int64]int{}
	for i, p := range proposals {
		place[p.N] = i
	}
	slices.SortStableFunc(all, func(a, b Line) int { return place[a.Proposal] - place[b.Proposal] })
	return all, err
}

// A Rollup is how far the parts are that an assignment gave on.
type Rollup struct {
	All, Done, Ended int
	Percent          int64 // the mean of those that were not let go
}

func rollup(all []Line) (r Rollup) {
	var sum int64
	for _, l := range all {
		switch l.State {
		case Ended:
			r.Ended++
			continue
		case Accepted:
			r.Done++
		}
		r.All++
		sum += l.Percent
	}
	if r.All > 0 {
		r.Percent = sum / int64(r.All)
	}
	return r
}
