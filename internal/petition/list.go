package petition

import (
	"cmp"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A ListFilter narrows the list of petitions; its zero value is every one that the
// reader may see.
type ListFilter struct {
	State    string
	Field    string // an id, or one that holds it: "tu-phap" takes "tu-phap.03"
	Raiser   org.UnitID
	Lead     org.UnitID
	Outcome  Outcome       // of the last answer
	From, To workday.Date  // opened on a day from, to; both inside
	Late     bool          `json:",omitempty"` // its answer is past due now and not given
	IDs      []casefile.ID `json:",omitempty"` // these alone, picked in a list; at most MostPicked
}

// MostPicked is how many items of a list are picked at once.
const MostPicked = 200

// Narrowed says whether the filter takes less than everything.
func (f *ListFilter) Narrowed() bool {
	return f.State != "" || f.Field != "" || f.Raiser != "" || f.Lead != "" || f.Outcome != "" || !f.From.IsZero() || !f.To.IsZero() || f.Late || len(f.IDs) > 0
}

// Where returns the filter's conditions on a row c of casefile; arg binds a value and
// gives its placeholder. Lists, search and sheets ask by it, so that one filter gives one
// number. What it takes is not yet what a reader may see: the query asks access.Visible.
func (f *ListFilter) Where(now time.Time, arg func(any) string) (all []string) {
	and := func(cond string) { all = append(all, cond) }
	for _, one := range [][2]string{{"c.state", f.State}, {"c.raiser", string(f.Raiser)}, {"c.lead", string(f.Lead)}} {
		if one[1] != "" {
			and(one[0] + " = " + arg(one[1]))
		}
	}
	if f.Field != "" {
		and("(c.field = " + arg(f.Field) + " OR substr(c.field, 1, " + arg(len(f.Field)+1) + ") = " + arg(f.Field+".") + ")")
	}
	if !f.From.IsZero() {
		and("c.opened_at >= " + arg(f.From.Midnight()))
	}
	if !f.To.IsZero() {
		and("c.opened_at < " + arg(f.To.AddDays(1).Midnight()))
	}
	if f.Outcome != "" {
		and(lastOutcome + " = " + arg(string(f.Outcome)))
	}
	if f.Late {
		// system: a condition only, the query that it stands in asks access.Visible
		and("EXISTS (SELECT 1 FROM duty l WHERE l.case_id = c.id AND l.rule = " + arg(MustAnswer) + " AND l.ended_at IS NULL AND l.fate = 'open' AND NOT l.request AND l.due_at <= " + arg(now) + ")")
	}
	if len(f.IDs) > 0 {
		marks := make([]string, len(f.IDs))
		for i, id := range f.IDs {
			marks[i] = arg(string(id))
		}
		and("c.id IN (" + strings.Join(marks, ", ") + ")")
	}
	return all
}

// lastOutcome is what the last answer of a case came to. system: a column of a case that
// the query it stands in shows to its reader
const lastOutcome = `coalesce((SELECT o.outcome FROM petition_answer o WHERE o.case_id = c.id ORDER BY o.round DESC LIMIT 1), '')`

// A Listed is one petition in the list.
type Listed struct {
	ID       casefile.ID
	Code     string // tracking code, never printed bare
	Title    string
	State    string
	Field    string
	Lead     org.UnitID
	Raiser   org.UnitID
	OpenedAt time.Time
	Outcome  Outcome // of the last answer; "" before any
}

// List returns the petitions that who may see and the filter takes, those that came
// last first, at most limit, and the cursor of the rest. Whoever oversees petitions reads
// them by the day; all others by their own units, from whatever side these stand on them.
func List(tx *db.Tx, who org.Actor, f ListFilter, cursor string, limit int) (all []Listed, next string, err error) {
	defer fault.Wrap(&err, "list petitions")
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	leads, err := f.leads(tx, who)
	if err != nil {
		return nil, "", err
	}
	for _, l := range leads {
		some, err := f.page(tx, who, l, after, limit+1)
		if err != nil {
			return nil, "", err
		}
		all = append(all, some...)
	}
	if len(leads) > 1 {
		slices.SortFunc(all, func(a, b Listed) int { return cmp.Compare(b.ID, a.ID) })
		all = slices.CompactFunc(all, func(a, b Listed) bool { return a.ID == b.ID })
	}
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, nil
}

// owing begins the condition of cases on which a unit owes or owed something; running and
// ended duties have an index each. system: a condition only, the query that it leads asks
// access.Visible, see page.
const owing = "c.id IN (SELECT w.case_id FROM duty w WHERE w.ended_at IS "

// A listLead is the leading condition of one query, with its argument.
type listLead struct{ cond, arg string }

// leads are the queries that a reader's list needs: one over all petitions for who
// oversees them, else one a unit and side. Whoever asks for one unit gets that one.
func (f *ListFilter) leads(tx *db.Tx, who org.Actor) (all []listLead, err error) {
	add := func(cond string, unit org.UnitID) {
		if l := (listLead{cond, string(unit)}); !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	switch {
	case f.Raiser != "":
		add("c.raiser = ", f.Raiser)
		return all, nil
	case f.Lead != "":
		add(owing+"NULL AND w.owner = ", f.Lead)
		add(owing+"NOT NULL AND w.owner = ", f.Lead)
		return all, nil
	}
	keys := []string{Scope}
	if who.System == "" {
		if keys, err = org.Readers(tx, who.Officer); err != nil {
			return nil, err
		}
	}
	if slices.Contains(keys, Scope) {
		return []listLead{{"c.kind = ", CaseKind}}, nil
	}
	for _, p := range who.Posts {
		add("c.raiser = ", p.Unit)
		add(owing+"NULL AND w.owner = ", p.Unit)
		add(owing+"NOT NULL AND w.owner = ", p.Unit)
	}
	return all, nil
}

// One page of a list for one lead condition: each of them has an index of its own, and they are merged in
// memory.
func (f *ListFilter) page(tx *db.Tx, who org.Actor, l listLead, after string, limit int) (all []Listed, err error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	reader, where := arg(who.Reader()), l.cond+arg(l.arg)
	if strings.Contains(l.cond, "(") {
		where += ")"
	}
	and := func(cond string) { where += " AND " + cond }
	and("c.kind = " + arg(CaseKind))
	for _, cond := range f.Where(tx.Now, arg) {
		and(cond)
	}
	if after != "" {
		and("c.id < " + arg(after))
	}
	if who.System == "" {
		and(access.Visible("c.id", reader))
	} else {
		and(reader + " = ''") // the program's own reports
	}
	// system: the condition holds access.Visible, see above
	err = tx.All(`SELECT c.id, c.code, c.title, c.state, c.field, c.lead, c.raiser, c.opened_at, `+lastOutcome+`
		FROM casefile c WHERE `+where+` ORDER BY c.id DESC LIMIT `+arg(limit), args, func(r *sql.Rows) error {
		var p Listed
		err := r.Scan(&p.ID, &p.Code, &p.Title, &p.State, &p.Field, &p.Lead, &p.Raiser, db.Instant(&p.OpenedAt), &p.Outcome)
		all = append(all, p)
		return err
	})
	return all, err
}
