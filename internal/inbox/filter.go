package inbox

import (
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A Scope says whose duties a list holds.
type Scope string

// The scopes of a list.
const (
	Ours     Scope = ""         // của đơn vị, của phòng
	Mine     Scope = "mine"     // giao cho tôi, và của người tôi làm thay
	Watching Scope = "watching" // tôi phối hợp hoặc được xem để biết
)

// A Standing says how a running duty stands with regard to its date.
type Standing string

// The standings. Missed and Soon are of now; Open holds both. What was only asked
// (Asked) is in none of the others.
const (
	Any       Standing = ""
	Open      Standing = "open"      // đang mở
	Missed    Standing = "missed"    // quá hạn chưa xong
	Inherited Standing = "inherited" // quá hạn khi nhận từ đơn vị khác, phần thời gian của đơn vị chưa hết
	Soon      Standing = "soon"      // đến hạn trong 2 ngày làm việc
	Dateless  Standing = "dateless"  // không nêu hạn
	Suspended Standing = "suspended" // đang tạm dừng
	Asked     Standing = "asked"     // được đề nghị
)

// soonDays is a matter of what screens call near, as in workday.Say; no law.
const soonDays = 2

// A Filter narrows a list; its zero value is everything of the actor's units.
type Filter struct {
	Scope        Scope
	Units        []org.UnitID // owners; none: the units of the actor's posts
	Section      org.UnitID
	Officer      org.OfficerID // in charge
	Rules        []string      // rule keys; none for all
	Fields       []string      // an id, or one that holds it: "tu-phap" takes "tu-phap.03"
	Counterpart  org.UnitID
	Raiser       org.UnitID
	State        string // of the case
	Outcome      string // of the petition's last answer
	Standing     Standing
	From, To     workday.Date // falls due from, to; both inside
	Given        bool         // directed by the actor himself to others, and not returned to him
	Undirected   bool         // neither an officer nor, above sections, a section is named yet
	Unregistered bool         // not yet in the unit's book of what comes in

	// More writes a further condition on the duty d and its case c, beginning with AND; it
	// binds what it needs by arg. Boards narrow by what no other list asks.
	More func(arg func(any) string) string `json:"-"`
}

// SoonDay returns the last day that counts as near today: the one before the third
// working day after it.
func SoonDay(rev workday.Revision, today workday.Date) workday.Date {
	d := today
	for workday.WorkingDaysBetween(rev, today, d.AddDays(1)) <= soonDays {
		d = d.AddDays(1)
	}
	return d
}

// binder collects the conditions of one query and their arguments.
type binder struct {
	where strings.Builder
	args  []any // in the order of their places
}

// One more argument; numbers are given in the order of asking, as both stores count them.
func (b *binder) arg(v any) string {
	b.args = append(b.args, v)
	return "$" + strconv.Itoa(len(b.args))
}

// One more condition; there is always one before it, the reader's.
func (b *binder) and(cond string) { b.where.WriteString(" AND " + cond) }

// A condition on a column, when the filter names a value.
func (b *binder) equal(column, v string) {
	if v != "" {
		b.and(column + " = " + b.arg(v))
	}
}

// narrow adds what the filter asks beyond whose duties they are.
func (f *Filter) narrow(tx *db.Tx, b *binder) error {
	b.equal("d.section", string(f.Section))
	b.equal("d.counterpart", string(f.Counterpart))
	b.equal("c.raiser", string(f.Raiser))
	b.equal("c.state", f.State)
	if f.Scope != Mine {
		b.equal("d.officer", string(f.Officer))
	}
	b.rules(f.Rules)
	b.fields(f.Fields)
	if !f.From.IsZero() {
		b.and("d.due_day >= " + b.arg(f.From.String()))
	}
	if !f.To.IsZero() {
		b.and("d.due_day <> '' AND d.due_day <= " + b.arg(f.To.String()))
	}
	if f.Undirected {
		b.and("d.officer = ''")
		if f.Section == "" {
			b.and("d.section = ''")
		}
	}
	if f.Outcome != "" {
		// system: a condition on a case that query shows to the reader
		b.and(`(SELECT o.outcome FROM petition_answer o WHERE o.case_id = d.case_id ORDER BY o.round DESC LIMIT 1) = ` + b.arg(f.Outcome))
	}
	if f.Unregistered {
		b.equal("d.rule", petition.MustAnswer)
		// system: a condition on a case that query shows to the reader
		b.and(`NOT EXISTS (SELECT 1 FROM incoming_entry i JOIN petition t ON t.case_id = i.case_id
			WHERE i.case_id = d.case_id AND i.unit = d.owner AND i.round = t.round + t.hops)`)
	}
	if f.More != nil {
		b.where.WriteString(f.More(b.arg))
	}
	return f.standing(tx, b)
}

// given takes what an officer directed on, in the units of the list: his direction stands
// until the matter comes back up or the head of the unit directs it anew.
func (b *binder) given(officer org.OfficerID) {
	me := b.arg(string(officer))
	b.and("(d.officer <> '' OR d.section <> '') AND d.officer <> " + me)
	// system: a condition on a case that query shows to the reader
	b.and(`EXISTS (SELECT 1 FROM direction g WHERE g.case_id = d.case_id AND g.unit = d.owner AND g.by = ` + me + ` AND g.what = 'directed'
		AND NOT EXISTS (SELECT 1 FROM direction h WHERE h.case_id = g.case_id AND h.unit = g.unit AND h.n > g.n AND h.what = 'directed'
			AND h.by <> g.by AND h.seat_section = '' AND h.seat_officer = ''))`)
}

// What a standing means in terms of the due instant and now. Requests are apart from all of them: nobody
// is late with what he was only asked.
func (f *Filter) standing(tx *db.Tx, b *binder) error {
	if f.Standing == Asked {
		b.and("d.request")
		return nil
	}
	if f.Standing != Any {
		b.and("NOT d.request")
	}
	switch f.Standing {
	case Open:
		b.and("d.fate = 'open'")
	case Missed:
		b.and("d.fate = 'open' AND d.due_at <= " + b.arg(tx.Now))
	case Inherited:
		now := b.arg(tx.Now)
		b.and("d.fate = 'open' AND d.own_due_at > d.due_at AND d.due_at <= " + now + " AND d.own_due_at > " + now)
	case Soon:
		_, rev, err := duty.Calendar(tx)
		if err != nil {
			return err
		}
		soon := SoonDay(rev, workday.Of(tx.Now))
		b.and("d.fate = 'open' AND d.due_at > " + b.arg(tx.Now) + " AND d.due_at <= " + b.arg(soon.AddDays(1).Midnight()))
	case Dateless:
		b.and("d.fate = 'open' AND d.due_day = ''")
	case Suspended:
		b.and("d.fate = 'suspended'")
	}
	return nil
}

// Places for a list of values.
func (b *binder) list(all []string) string {
	in := make([]string, len(all))
	for i, v := range all {
		in[i] = b.arg(v)
	}
	return strings.Join(in, ", ")
}

// many are the rules of which a unit has thousands running; duty_rare leaves them out.
var many = []string{petition.MustAnswer, petition.MustSettle, petition.MustOversee, directive.MustDo, directive.MustTakePart}

// rules takes duties of some rules. Where a unit has few of each, the condition of the small index
// stands beside: a tray that holds nothing must not look at all that its unit has to answer.
func (b *binder) rules(all []string) {
	switch {
	case len(all) == 0:
		return
	case len(all) == 1:
		b.equal("d.rule", all[0])
	default:
		b.and("d.rule IN (" + b.list(all) + ")")
	}
	if !slices.ContainsFunc(all, func(r string) bool { return slices.Contains(many, r) }) {
		b.and("d.rule NOT IN ('" + strings.Join(many, "', '") + "')") // written out, as the index is
	}
}

// fields takes a field and what it holds.
func (b *binder) fields(all []string) {
	if len(all) == 0 {
		return
	}
	arms := make([]string, len(all))
	for i, f := range all {
		arms[i] = "d.field = " + b.arg(f) + " OR substr(d.field, 1, " + b.arg(len(f)+1) + ") = " + b.arg(f+".")
	}
	b.and("(" + strings.Join(arms, " OR ") + ")")
}
