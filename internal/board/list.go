package board

import (
	"cmp"
	"database/sql"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A Figure is a column of the board.
type Figure string

// The figures; the name of each stands in the address of its list.
const (
	Open        Figure = "open"
	Missed      Figure = "missed"
	Inherited   Figure = "inherited"
	Soon        Figure = "soon"
	Dateless    Figure = "dateless"
	Suspended   Figure = "suspended"
	Met         Figure = "met"
	Late        Figure = "late"
	Waived      Figure = "waived"
	Unconfirmed Figure = "unconfirmed"
	Unresolved  Figure = "unresolved"
	Requested   Figure = "asked"
	Next        Figure = "next" // running, dated and not past its date: what comes due, the soonest first
)

// Figures lists the figures in the order of columns, with their headings.
var Figures = []struct {
	Figure Figure
	Say    string
}{
	{Open, "Đang mở"}, {Missed, "Quá hạn chưa xong"}, {Inherited, "Quá hạn do nhận lại, đơn vị còn thời gian"},
	{Soon, "Đến hạn trong 2 ngày làm việc"}, {Dateless, "Không nêu hạn"},
	{Suspended, "Đang tạm dừng"}, {Met, "Xong đúng hạn"}, {Late, "Xong quá hạn"}, {Waived, "Cho thôi thực hiện"},
	{Unconfirmed, "Đã trả lời, xã chưa xác nhận"}, {Unresolved, "Đã trả lời, chưa giải quyết xong"}, {Requested, "Đã gửi đề nghị"}, {Next, "Sắp đến hạn"},
}

// Of returns a figure of the row.
func (r *Row) Of(f Figure) int64 {
	switch f {
	case Open:
		return r.Open
	case Missed:
		return r.Missed
	case Inherited:
		return r.Inherited
	case Soon:
		return r.Soon
	case Dateless:
		return r.Dateless
	case Suspended:
		return r.Suspended
	case Met:
		return r.Met
	case Late:
		return r.Late
	case Waived:
		return r.Waived
	case Unconfirmed:
		return r.Unconfirmed
	case Unresolved:
		return r.Unresolved
	case Next:
		return r.Open - r.Missed - r.Dateless
	}
	return 0
}

// A Filter names the list behind a figure, and what people narrow it by.
type Filter struct {
	Query
	By      Dimension // what the rows of the board are; no list is another for it
	Figure  Figure    // "" Open
	Field   string    // an id, or one that holds it; None for no field
	Commune org.UnitID
	Area    string           // a region of communes; None for units of no region
	Desk    string           // the desk officer who follows the field and the commune; None for nobody
	State   string           // of the case
	Outcome petition.Outcome // of its last answer
	Cause   Cause            // why it waits
	Dated   bool             // of what ended, only what had a date
}

// Values puts the filter into an address.
func (f Filter) Values() url.Values {
	v := url.Values{}
	set := func(name, s string) {
		if s != "" {
			v.Set(name, s)
		}
	}
	set("rule", f.Rule)
	for _, u := range f.Units {
		v.Add("unit", string(u))
	}
	set("charge", string(f.Charge))
	set("from", f.From.String())
	set("to", f.To.String())
	set("by", string(f.By))
	set("figure", string(f.Figure))
	set("field", f.Field)
	set("commune", string(f.Commune))
	set("area", f.Area)
	set("desk", f.Desk)
	set("state", f.State)
	set("outcome", string(f.Outcome))
	set("cause", string(f.Cause))
	if f.Dated {
		v.Set("dated", "1")
	}
	return v
}

// List returns the duties behind a figure that who may see: running ones soonest
// first, ended ones newest first, at most limit, and the cursor of the rest.
func List(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (items []inbox.Item, next string, err error) {
	defer fault.Wrap(&err, "list %s", f.Figure)
	may, _, err := seen(tx, who)
	if err != nil {
		return nil, "", err
	}
	units, err := f.Query.units(tx, may)
	if err != nil || len(units) == 0 {
		return nil, "", err
	}
	f.defaults(workday.Of(tx.Now))
	switch f.Figure {
	case Met, Late, Waived, Unconfirmed:
		return f.ended(tx, who, units, cursor, limit)
	}
	p, err := f.places(tx)
	if err != nil {
		return nil, "", err
	}
	in := inbox.Filter{Units: units, Rules: []string{f.Rule}, Standing: inbox.Standing(f.Figure),
		More: func(arg func(any) string) string { return f.narrow(p, "d.field", arg) }}
	switch f.Figure {
	case "":
		in.Standing = inbox.Open
	case Next:
		in.Standing = inbox.Open
		in.More = func(arg func(any) string) string {
			return f.narrow(p, "d.field", arg) + ` AND d.due_day <> '' AND d.due_at > ` + arg(tx.Now)
		}
	case Unresolved:
		in.Standing, in.Rules = inbox.Open, []string{petition.MustReport}
	case Requested:
		in.Rules = nil
	}
	if in.Units, err = holding(tx, in); err != nil {
		return nil, "", err
	}
	if len(in.Units) == 0 {
		return nil, "", nil
	}
	return inbox.List(tx, who, in, cursor, limit)
}

// holding drops the units that have nothing of the rule: a list over all units is one
// query a unit.
func holding(tx *db.Tx, f inbox.Filter) (units []org.UnitID, err error) {
	if len(f.Rules) != 1 || len(f.Units) < 3 {
		return f.Units, nil
	}
	n, mine := map[org.UnitID]int64{}, among(f.Units)
	err = duty.EachOpen(tx, f.Rules[0], func(s *duty.Sum) {
		if mine[s.Owner] {
			n[s.Owner] += s.N
		}
	})
	for u := range n {
		if n[u] > 0 {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	return units, err
}

// An end is where a list of what ended goes on, the newest first.
type end struct {
	at, id string
	round  int64
	unit   string
}

// The order of the list: by time, and for the same time by key, so that no row is on two pages.
func (e end) compare(o end) int {
	return cmp.Or(cmp.Compare(e.at, o.at), cmp.Compare(e.id, o.id), cmp.Compare(e.round, o.round), cmp.Compare(e.unit, o.unit))
}

// A cursor is the place of the last row; rows that come or go meanwhile move nothing.
func (e end) cursor() string {
	s := strings.Join([]string{e.at, e.id, strconv.FormatInt(e.round, 10), e.unit}, "|")
	return base64.RawURLEncoding.EncodeToString([]byte(s))
}

// A cursor comes from outside: one that is damaged, or holds what a store cannot keep, is refused in
// words.
func parseEnd(cursor string) (e end, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	part := strings.SplitN(string(b), "|", 4)
	if err == nil && len(part) == 4 && db.Storable(string(b)) {
		e = end{at: part[0], id: part[1], unit: part[3]}
		if e.round, err = strconv.ParseInt(part[2], 10, 64); err == nil {
			return e, nil
		}
	}
	return e, fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
}

// ended lists what is done or waits for the commune's word, the newest first: one query
// a unit, each over its index, merged.
func (f *Filter) ended(tx *db.Tx, who org.Actor, units []org.UnitID, cursor string, limit int) (items []inbox.Item, next string, err error) {
	var after end
	if cursor != "" {
		if after, err = parseEnd(cursor); err != nil {
			return nil, "", err
		}
	}
	type found struct {
		inbox.Item
		end
	}
	p, err := f.places(tx)
	if err != nil {
		return nil, "", err
	}
	var all []found
	for _, u := range units {
		q := f.endedOf(who, p, u, after, limit+1)
		// query joins access.Visible
		err := tx.All(q.text, q.args, func(r *sql.Rows) error {
			x := found{end: end{unit: string(u)}}
			err := x.Scan(r, &x.at, &x.end.round)
			x.id = string(x.Case)
			all = append(all, x)
			return err
		})
		if err != nil {
			return nil, "", err
		}
	}
	slices.SortFunc(all, func(a, b found) int { return b.end.compare(a.end) })
	if len(all) > limit {
		all = all[:limit]
		next = all[limit-1].cursor()
	}
	for _, x := range all {
		items = append(items, x.Item)
	}
	return items, next, nil
}

// A statement is a query with its arguments.
type statement struct {
	text string // for both databases
	args []any
}

// One more argument and its place in the statement.
func (q *statement) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// endedOf is the query of one unit's ended duties behind a place; after is zero for the
// first page. A unit that sorts before the cursor's has yet to show its row of the same
// instant, case and round.
func (f *Filter) endedOf(who org.Actor, p places, unit org.UnitID, after end, limit int) *statement {
	q := &statement{}
	where := access.Visible("d.case_id", q.arg(who.Reader()))
	from, at, id, round := `duty d JOIN casefile c ON c.id = d.case_id`, `d.ended_at`, `d.case_id`, `d.round`
	if f.Figure == Unconfirmed {
		from = `petition_answer a JOIN duty d ON d.case_id = a.case_id AND d.rule = ` + q.arg(petition.MustSettle) +
			` AND d.round = a.round JOIN casefile c ON c.id = d.case_id`
		at, id, round = `a.answered_at`, `a.case_id`, `a.round`
		where += ` AND a.settled = '' AND d.ended_at IS NULL AND NOT d.request AND a.unit = ` + q.arg(string(unit))
	} else {
		where += ` AND d.ended_at IS NOT NULL AND d.owner = ` + q.arg(string(unit)) + ` AND d.rule = ` + q.arg(f.Rule) + f.fate() + f.days(q.arg)
	}
	where += f.narrow(p, "d.field", q.arg)
	order := at + `, ` + id + `, ` + round
	if after.id != "" {
		if string(unit) < after.unit {
			after.round++
		}
		where += ` AND (` + order + `) < (` + q.arg(after.at) + `, ` + q.arg(after.id) + `, ` + q.arg(after.round) + `)`
	}
	q.text = `SELECT ` + inbox.Columns + `, ` + at + `, ` + round + ` FROM ` + from + ` WHERE ` + where +
		` ORDER BY ` + at + ` DESC, ` + id + ` DESC, ` + round + ` DESC LIMIT ` + q.arg(limit)
	return q
}

// fate is the condition of the figure among ended duties.
func (f *Filter) fate() string {
	switch f.Figure {
	case Met:
		return ` AND NOT d.request AND d.fate = 'met' AND d.ended_at < d.own_due_at`
	case Late:
		return ` AND NOT d.request AND d.fate IN ('met', 'handed') AND d.ended_at >= d.own_due_at`
	}
	return ` AND NOT d.request AND d.fate = 'waived'`
}

// Days between From and To. Duties without a limit count too unless only dated ones are asked for: they
// are owed as well.
func (f *Filter) days(arg func(any) string) string {
	none := `d.due_day = '' OR `
	if f.Dated {
		none = ``
	}
	return ` AND (` + none + `d.due_day >= ` + arg(f.From.String()) + ` AND d.due_day <= ` + arg(f.To.String()) + `)`
}

// ofCase is the condition on what became of the case.
func (f *Filter) ofCase(arg func(any) string) (cond string) {
	switch f.Cause {
	case "":
	case Unsaid:
		// system: a condition on a case that the list shows to the reader, or a count
		cond += ` AND NOT EXISTS (SELECT 1 FROM duty w WHERE w.case_id = c.id AND ` + beside + `)`
	default:
		// system: a condition on a case that the list shows to the reader, or a count
		cond += ` AND EXISTS (SELECT 1 FROM duty w WHERE w.case_id = c.id AND w.rule = ` + arg(string(f.Cause)) + ` AND ` + beside + `)`
	}
	if f.State != "" {
		cond += ` AND c.state = ` + arg(f.State)
	}
	if f.Outcome != "" {
		// system: a condition on a case that endedOf shows to the reader, or a count
		cond += ` AND (SELECT o.outcome FROM petition_answer o WHERE o.case_id = c.id ORDER BY o.round DESC LIMIT 1) = ` + arg(string(f.Outcome))
	}
	return cond
}
