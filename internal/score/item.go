package score

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// The two sides that are counted, and what a person says of an item.
const (
	Answers = "answers" // a department's answers
	Raised  = "raised"  // a commune's petitions

	InTime  = "in_time"
	Late    = "late"
	Waived  = "waived"
	Excused = "excused" // a late answer counted apart
	Home    = "home"    // a petition that could have been settled at home
)

// longestReason bounds what a person writes about an item, in letters.
const longestReason = 2000

// A Line is the figures of one unit on one side. Late has none of those excused.
type Line struct {
	Unit    org.UnitID
	Name    string
	Side    string
	All     int64 // answers that fell due and were owed to the end; petitions raised
	InTime  int64
	Late    int64
	Excused int64 // was late, counted apart by a person, or waived with its clause
	Home    int64
}

// An Item is one answer or one petition behind a figure.
type Item struct {
	N        int64
	Petition casefile.ID
	Code     string
	Title    string
	Unit     org.UnitID
	Side     string
	Fate     string
	DueDay   string
	Mark     string
	Cause    string
	MarkedBy org.OfficerID
	Why      string // the words of whoever marked it
}

// figure is the condition of one figure of a line on an item i; "" where there is none.
func figure(name string) string {
	switch name {
	case "all":
		return `TRUE`
	case InTime:
		return `i.fate = 'in_time'`
	case Late:
		return `i.fate = 'late' AND i.mark = ''`
	case Excused:
		return `(i.fate = 'waived' OR i.mark = 'excused')`
	case Home:
		return `i.mark = 'home'`
	}
	return ""
}

// Lines returns the figures of every unit on a side, in the order of units. Who may read
// the table may read them.
func Lines(tx *db.Tx, y *Year, side string) (all []Line, err error) {
	defer fault.Wrap(&err, "lines of %d", y.Year)
	of := map[org.UnitID]Line{}
	// system: figures of a table that the caller has read by Get
	err = tx.All(`SELECT i.unit, count(*), count(*) FILTER (WHERE `+figure(InTime)+`), count(*) FILTER (WHERE `+figure(Late)+`),
			count(*) FILTER (WHERE `+figure(Excused)+`), count(*) FILTER (WHERE `+figure(Home)+`)
		FROM score_item i WHERE i.case_id = $1 AND i.side = $2 GROUP BY i.unit ORDER BY i.unit`, []any{string(y.ID), side}, func(r *sql.Rows) error {
		l := Line{Side: side}
		err := r.Scan(&l.Unit, &l.All, &l.InTime, &l.Late, &l.Excused, &l.Home)
		of[l.Unit] = l
		return err
	})
	if err != nil {
		return nil, err
	}
	every, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	for _, u := range every {
		if l, ok := of[u.ID]; ok {
			l.Name = u.Short
			all = append(all, l)
		}
	}
	return all, err
}

// Items lists the items behind a figure ("all", in_time, late, excused, home) of a unit on
// a side ("" is any), behind number after, at most limit: those whose petitions the actor may read.
func Items(tx *db.Tx, who org.Actor, y *Year, unit org.UnitID, side, name string, after int64, limit int) (all []Item, err error) {
	defer fault.Wrap(&err, "items of %d", y.Year)
	cond := figure(name)
	if cond == "" {
		return nil, fault.Field("figure", "Không có con số %.40q.", name)
	}
	var marked []int64 // the events with the words
	err = tx.All(`SELECT i.n, i.petition, c.code, c.title, i.unit, i.side, i.fate, i.due_day, i.mark, i.cause, i.marked_by, i.marked_n
		FROM score_item i JOIN casefile c ON c.id = i.petition
		WHERE i.case_id = $1 AND ($2 = '' OR i.unit = $2) AND ($3 = '' OR i.side = $3) AND i.n > $4 AND `+cond+` AND `+access.Visible("i.petition", "$5")+`
		ORDER BY i.n LIMIT $6`, []any{string(y.ID), string(unit), side, after, who.Reader(), limit}, func(r *sql.Rows) error {
		var i Item
		var said int64
		err := r.Scan(&i.N, &i.Petition, &i.Code, &i.Title, &i.Unit, &i.Side, &i.Fate, &i.DueDay, &i.Mark, &i.Cause, &i.MarkedBy, &said)
		all, marked = append(all, i), append(marked, said)
		return err
	})
	if err != nil || slices.Max(append(marked, 0)) == 0 {
		return all, err
	}
	events, err := casefile.History(tx, who, y.ID, mostEvents)
	for _, e := range events {
		for n, said := range marked {
			if said == e.N {
				all[n].Why = e.Text
			}
		}
	}
	return all, err
}

// A Mark says something of an item in a person's name. Cause is one of the rule's for a
// late answer; Off takes back what was said.
type Mark struct {
	Item    int64
	Cause   string
	Reason  string
	Off     bool
	Version int64
}

// Judge counts a late answer apart, or notes that a commune could have settled a petition
// at home; the reason and the person stand in the history.
func Judge(tx *db.Tx, who org.Actor, id casefile.ID, in Mark) (y *Year, err error) {
	defer fault.Wrap(&err, "judge item of %s", id)
	y, who, a, err := hold(tx, who, id, in.Version, actMake)
	if err != nil {
		return nil, err
	}
	item, err := y.item(tx, in.Item)
	if err != nil {
		return nil, err
	}
	if in.Reason, err = words("reason", in.Reason, "Hãy ghi lý do."); err != nil {
		return nil, err
	}
	kind, mark := "score.excused", Excused
	switch {
	case in.Off:
		kind, mark, in.Cause = "score.unexcused", "", ""
	case item.Side == Raised:
		kind, mark, in.Cause = "score.home", Home, ""
	case item.Fate != Late:
		return nil, fault.Refuse(fault.Conflict, "Chỉ việc quá hạn mới cần tính riêng.")
	case !slices.Contains(a.List("causes"), in.Cause):
		return nil, fault.Field("cause", "Hãy chọn một nguyên nhân trong danh mục.")
	}
	return y, y.mark(tx, who, item, kind, mark, in.Cause, in.Reason)
}

// mark records what a person says of an item and keeps it beside the item.
func (y *Year) mark(tx *db.Tx, who org.Actor, item Item, kind, mark, cause, reason string) error {
	n, err := casefile.Record(tx, y.Case, casefile.Event{Kind: kind, By: who, Text: reason, Facts: map[string]string{"item": itoa(item.N), "unit": string(item.Unit), "cause": cause}}, "PT06/D7.K2-4")
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE score_item SET mark = $1, cause = $2, marked_by = $3, marked_n = $4 WHERE case_id = $5 AND n = $6`,
		mark, cause, string(who.Officer), n, string(y.ID), item.N)
	return err
}

// item reads one item of a table that the transaction holds.
func (y *Year) item(tx *db.Tx, n int64) (i Item, err error) {
	i.N = n
	// system: an item of a table that the actor may read
	err = tx.One(`SELECT petition, unit, side, fate, mark FROM score_item WHERE case_id = $1 AND n = $2`, []any{string(y.ID), n}, &i.Petition, &i.Unit, &i.Side, &i.Fate, &i.Mark)
	if fault.Kind(err) == fault.NotFound {
		err = fault.Field("item", "Bảng tổng hợp không có việc số %d.", n)
	}
	return i, err
}

// words cleans what a person wrote and refuses nothing, too much and marks of secrecy.
func words(field, text, empty string) (string, error) {
	text = vntext.NFC(strings.TrimSpace(text))
	mark, secret := vntext.SecretMark(text)
	switch {
	case vntext.IsBlank(text):
		return "", fault.Field(field, "%s", empty)
	case len([]rune(text)) > longestReason:
		return "", fault.Field(field, "Nội dung dài quá %d chữ.", longestReason)
	case secret:
		return "", fault.Field(field, "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return text, nil
}

// UnitOf returns the unit of an item of a table that the actor may read.
func UnitOf(tx *db.Tx, who org.Actor, id casefile.ID, n int64) (org.UnitID, error) {
	y, err := Get(tx, who, id)
	if err != nil {
		return "", err
	}
	i, err := y.item(tx, n)
	return i.Unit, err
}
