package inbox

import (
	"cmp"
	"database/sql"
	"encoding/base64"
	"math"
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

// A place is where a list goes on: the order of lists, in its parts.
type place struct {
	due   string // text of the store, sorts like the instant
	id    string
	rule  string
	owner string
	round int64
}

// The place of an item in the order of the list: by due instant, those without one last.
func (i *Item) place() place {
	due := never
	if !i.DueAt.IsZero() {
		due = db.FormatInstant(i.DueAt)
	}
	return place{due, string(i.Case), i.Rule, string(i.Owner), i.Round}
}

var never = db.FormatInstant(time.Date(neverYear, 12, 31, 0, 0, 0, 0, time.UTC))

// The whole key is compared, so that two items with one due instant have an order.
func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.due, q.due), cmp.Compare(p.id, q.id), cmp.Compare(p.rule, q.rule),
		cmp.Compare(p.owner, q.owner), cmp.Compare(p.round, q.round))
}

// The place after which the next page begins.
func (p place) cursor() string {
	s := strings.Join([]string{p.due, p.id, p.rule, p.owner, strconv.FormatInt(p.round, 10)}, "|")
	return base64.RawURLEncoding.EncodeToString([]byte(s))
}

// A cursor that is not ours is told as a page that is gone: nothing better can be said of it.
func parseCursor(s string) (p place, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	part := strings.Split(string(raw), "|")
	if err != nil || len(part) != 5 || !db.Storable(string(raw)) {
		return p, fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
	}
	p = place{part[0], part[1], part[2], part[3], 0}
	if p.round, err = strconv.ParseInt(part[4], 10, 64); err != nil {
		return p, fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
	}
	return p, nil
}

// List returns the running duties that the filter takes and who may see, soonest
// first, at most limit, and the cursor of the rest, "" at the end. Duties without a
// date come last.
func List(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (items []Item, next string, err error) {
	defer fault.Wrap(&err, "list duties")
	after := place{}
	if cursor != "" {
		if after, err = parseCursor(cursor); err != nil {
			return nil, "", err
		}
	}
	leads := f.leads(who)
	for _, l := range leads {
		some, err := f.page(tx, who, l, after, limit+1)
		if err != nil {
			return nil, "", err
		}
		items = append(items, some...)
	}
	if len(leads) > 1 {
		slices.SortFunc(items, func(a, b Item) int { return a.place().compare(b.place()) })
	}
	if len(items) > limit {
		items = items[:limit]
		next = items[limit-1].place().cursor()
	}
	for i := range items {
		items[i].show(who)
	}
	return items, next, nil
}

// show marks what is another's work, and hides how another unit works inside: its
// section, its officer, the day its leader set, the way of its paper.
func (i *Item) show(who org.Actor) {
	if who.System == "" && !who.In(i.Owner) {
		i.Section, i.Officer, i.InnerOn, i.paper = "", "", workday.Date{}, ""
	}
	if slices.Contains(who.Cover, i.Officer) {
		i.For = i.Officer
	}
}

// A lead is the leading filter of one query: equality on the first column of an index.
type lead struct {
	scope Scope
	value string
}

// leads returns the queries that the filter needs. A duty is in one of them only:
// it has one owner, and one officer in charge.
func (f *Filter) leads(who org.Actor) (all []lead) {
	inner := (f.Officer != "" || f.Section != "") && who.System == ""
	add := func(l lead) {
		if l.scope == Ours && inner && !who.In(org.UnitID(l.value)) {
			return // who does what inside another unit is nobody else's question
		}
		if l.value != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	switch f.Scope {
	case Mine:
		add(lead{Mine, string(who.Officer)})
		for _, o := range who.Cover {
			add(lead{Mine, string(o)})
		}
	case Watching:
		add(lead{Watching, string(who.Officer)})
	default:
		for _, u := range f.Units {
			add(lead{Ours, string(u)})
		}
		if len(f.Units) == 0 {
			for _, p := range who.Posts {
				add(lead{Ours, string(p.Unit)})
			}
		}
	}
	return all
}

// query gives the condition of one lead's duties that who may see.
func (f *Filter) query(tx *db.Tx, who org.Actor, l lead) (*binder, error) {
	b := &binder{args: make([]any, 0, 12)}
	reader, v := b.arg(who.Reader()), b.arg(l.value)
	b.where.WriteString("d.ended_at IS NULL")
	switch l.scope {
	case Mine:
		b.and("d.officer = " + v + " AND d.officer <> ''")
	case Watching:
		b.and(`d.case_id IN (SELECT w.case_id FROM directed w WHERE w.officer = ` + v + ` AND w.until_at IS NULL AND w.part <> 'charge'
			UNION SELECT w.case_id FROM case_reader w WHERE w.reader = ` + b.arg(org.OfOfficer(who.Officer)) + ` AND w.until_at IS NULL AND w.party = 'told')`)
	default:
		b.and("d.owner = " + v)
	}
	if l.scope != Ours && len(f.Units) > 0 {
		units := make([]string, len(f.Units))
		for i, u := range f.Units {
			units[i] = string(u)
		}
		b.and("d.owner IN (" + b.list(units) + ")")
	}
	if f.Given {
		b.given(who.Officer)
	}
	if err := f.narrow(tx, b); err != nil {
		return nil, err
	}
	if who.System == "" {
		b.and(access.Visible("d.case_id", reader))
	} else {
		b.and(reader + " = ''") // the program's own reports
	}
	return b, nil
}

// page reads one lead's duties behind a place.
func (f *Filter) page(tx *db.Tx, who org.Actor, l lead, after place, limit int) (items []Item, err error) {
	b, err := f.query(tx, who, l)
	if err != nil {
		return nil, err
	}
	order := "d.due_at, d.case_id, d.rule, d.owner, d.round"
	if l.scope == Ours {
		order = "d.due_at, d.case_id, d.rule, d.round"
	}
	if after.id != "" {
		b.and("(" + order + ") > (" + b.behind(l, after) + ")")
	}
	items = make([]Item, 0, limit)
	// system: the condition holds access.Visible, see query
	err = tx.All(`SELECT `+withPaper+` FROM duty d JOIN casefile c ON c.id = d.case_id WHERE `+b.where.String()+
		` ORDER BY `+order+` LIMIT `+b.arg(limit), b.args, func(r *sql.Rows) error {
		items = append(items, Item{})
		return items[len(items)-1].Scan(r)
	})
	return items, err
}

// behind binds the place. One owner's query has no owner in its order: an owner that
// sorts before the cursor's has shown its rows of the same rule, one after it has not.
func (b *binder) behind(l lead, p place) string {
	round := p.round
	if l.scope != Ours {
		return b.list([]string{p.due, p.id, p.rule, p.owner}) + ", " + b.arg(round)
	}
	switch cmp.Compare(l.value, p.owner) {
	case 1:
		round = -1
	case -1:
		round = math.MaxInt64
	}
	return b.list([]string{p.due, p.id, p.rule}) + ", " + b.arg(round)
}

// Count returns how many duties List would give in all, up to most: a badge says
// "99+" and need not know more.
func Count(tx *db.Tx, who org.Actor, f Filter, most int) (n int, err error) {
	defer fault.Wrap(&err, "count duties")
	for _, l := range f.leads(who) {
		b, err := f.query(tx, who, l)
		if err != nil {
			return 0, err
		}
		k := 0
		// system: the condition holds access.Visible, see query
		err = tx.One(`SELECT count(*) FROM (SELECT 1 AS x FROM duty d JOIN casefile c ON c.id = d.case_id WHERE `+b.where.String()+
			` LIMIT `+b.arg(most-n)+`) held`, b.args, &k)
		if n += k; err != nil || n >= most {
			return n, err
		}
	}
	return n, nil
}

// Of returns the duties of some cases that are running and that who may see, in the
// order of lists: what a search result shows beside each case.
func Of(tx *db.Tx, who org.Actor, ids []casefile.ID) (items []Item, err error) {
	defer fault.Wrap(&err, "duties of %d cases", len(ids))
	if len(ids) == 0 {
		return nil, nil
	}
	b := &binder{}
	reader := b.arg(who.Reader())
	in := make([]string, len(ids))
	for i, id := range ids {
		in[i] = string(id)
	}
	err = tx.All(`SELECT `+Columns+` FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.ended_at IS NULL AND d.case_id IN (`+b.list(in)+`) AND `+access.Visible("d.case_id", reader)+`
		ORDER BY d.due_at, d.case_id, d.rule, d.owner, d.round`, b.args, func(r *sql.Rows) error {
		items = append(items, Item{})
		return items[len(items)-1].Scan(r)
	})
	return items, err
}
