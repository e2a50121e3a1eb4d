// Package score makes the yearly table of how units worked together (tổng hợp kết quả phối
// hợp hằng năm): what departments answered in time, and what communes raised that they could
// have settled at home.
//
//	preparing --show--> shown --objections, decisions--> published
//
// Before its year has ended a table is a draft for whoever makes it, which may be counted
// again; it is shown to the units with everything the year brought. // Every answer that fell due and every petition that was raised is an item; a figure is a
// count of items and opens them. A person excuses a late answer, for a cause the rule names,
// or marks a petition; who and why stand beside the figure, never inside it. Units object
// through their own signed papers while the table is shown; both stay. Published, it is
// frozen. The words of an objection are for the unit that wrote them and for those who decide
// or watch; all others see that there is one and what became of it. Units only: no list is of persons, none ranks, and the rating itself is the
// authority's that the law names.
package score

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// The kind of a year's case, and the rule that says who makes it.
const (
	CaseKind = "score"
	Rule     = "score.yearly"
	prefix   = "TH"
)

// The states of a year's table, on its case.
const (
	Preparing = "preparing"
	Shown     = "shown"
	Published = "published"
)

// States are the states as screens name them.
var States = map[string]string{Preparing: "Đang tổng hợp", Shown: "Lấy ý kiến các đơn vị", Published: "Đã công bố"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"score.begun":     "Lập bảng tổng hợp năm",
	"score.counted":   "Cập nhật số liệu của bảng tổng hợp",
	"score.excused":   "Tính riêng một việc quá hạn, có lý do",
	"score.unexcused": "Bỏ tính riêng một việc",
	"score.home":      "Ghi nhận kiến nghị xã có thể tự giải quyết",
	"score.shown":     "Gửi lấy ý kiến các đơn vị",
	"score.objected":  "Đơn vị có ý kiến về bảng tổng hợp",
	"score.accepted":  "Tiếp thu ý kiến về bảng tổng hợp",
	"score.declined":  "Không tiếp thu ý kiến về bảng tổng hợp",
	"score.published": "Công bố bảng tổng hợp năm",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"score.shown":     "Có bảng tổng hợp kết quả phối hợp năm; đơn vị xem và có ý kiến nếu số liệu chưa đúng",
	"score.objected":  "Một đơn vị có ý kiến về bảng tổng hợp năm",
	"score.decided":   "Ý kiến của đơn vị về bảng tổng hợp năm đã được xem xét",
	"score.published": "Bảng tổng hợp kết quả phối hợp năm đã được công bố",
}

// Keys are the rule keys of the yearly table.
func Keys() []regulation.Key {
	return []regulation.Key{{Name: Rule, Doc: "who sums up every year how units worked together", Params: []regulation.Param{
		{Name: "role", Type: regulation.Role, Doc: "who makes the table"},
		{Name: "objection", Type: regulation.Duration, Doc: "how long units may object before it is published"},
		{Name: "causes", Type: regulation.Text, List: true, Doc: "the causes for which a late answer is counted apart"},
		{Name: "readers", Type: regulation.Role, List: true, Optional: true,
			Doc: "who reads the words of a unit's objection beside that unit and whoever makes the table; none named, nobody else"},
	}}}
}

var (
	actMake = access.Act{Name: "score.make", Say: "lập bảng tổng hợp hằng năm", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head, org.Specialist}}}}
	actDecide = access.Act{Name: "score.decide", Say: "gửi lấy ý kiến, quyết định và công bố bảng tổng hợp hằng năm", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
)

// A Year is the table of one year beside its case.
type Year struct {
	*casefile.Case
	Year      int
	OpenUntil time.Time // objections are taken before it; zero while preparing
	Number    string    // số, ký hiệu of the paper that published it
	IssuedOn  string
}

// Get returns a year's table that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Year, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// The year of a case that the caller holds.
func of(tx *db.Tx, c *casefile.Case) (*Year, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	y := &Year{Case: c}
	err := tx.One(`SELECT year, open_until, number, issued_on FROM score_year WHERE case_id = $1`, []any{string(c.ID)},
		&y.Year, db.Instant(&y.OpenUntil), &y.Number, &y.IssuedOn)
	return y, err
}

// Years lists the tables that the actor may read, the newest first.
func Years(tx *db.Tx, who org.Actor) (all []*Year, err error) {
	defer fault.Wrap(&err, "yearly tables")
	var ids []casefile.ID
	err = tx.All(`SELECT y.case_id FROM score_year y WHERE `+access.Visible("y.case_id", "$1")+` ORDER BY y.year DESC`, []any{who.Reader()}, func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		y, err := Get(tx, who, id)
		if err != nil {
			return nil, err
		}
		all = append(all, y)
	}
	return all, nil
}

// rule is what the regulation in force says about the table.
func rule(tx *db.Tx) (regulation.Applied, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return regulation.Applied{}, err
	}
	return rb.Apply(tx, Rule, "", "")
}

// acting returns the actor in the post in which he does an act of whoever makes the table.
func acting(tx *db.Tx, who org.Actor, act access.Act) (org.Actor, regulation.Applied, error) {
	a, err := rule(tx)
	if err != nil {
		return who, a, err
	}
	who, err = access.Pick(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {a.Role("role").Unit}}})
	return who, a, err
}

// May says whether the actor may prepare tables, and whether he decides on them.
func May(tx *db.Tx, who org.Actor) (makes, decides bool, err error) {
	for act, may := range map[*access.Act]*bool{&actMake: &makes, &actDecide: &decides} {
		_, _, err := acting(tx, who, *act)
		switch kind := fault.Kind(err); {
		case err == nil:
			*may = true
		case kind != fault.Denied && kind != fault.NotFound && kind != fault.Invalid:
			return false, false, err
		}
	}
	return makes, decides, nil
}

// Causes are those for which a late answer may be counted apart, in the office's words.
func Causes(tx *db.Tx) ([]string, error) {
	a, err := rule(tx)
	if err != nil {
		return nil, err
	}
	return a.List("causes"), nil
}

// Begin makes the table of a year from what the store has: every answer to a petition
// that fell due in it, bodies that were only asked left out, and every petition raised in it.
func Begin(tx *db.Tx, who org.Actor, year int) (y *Year, err error) {
	defer fault.Wrap(&err, "begin table of %d", year)
	who, a, err := acting(tx, who, actMake)
	if err != nil {
		return nil, err
	}
	today := workday.Of(tx.Now)
	if year < 2000 || year > today.Year() {
		return nil, fault.Field("year", "Chỉ lập bảng tổng hợp của năm nay hoặc năm trước.")
	}
	var have int
	// system: whether the year has a table, which everybody may know
	if err := tx.One(`SELECT count(*) FROM score_year WHERE year = $1`, []any{year}, &have); err != nil {
		return nil, err
	}
	if have > 0 {
		return nil, fault.Refuse(fault.Conflict, "Năm %d đã có bảng tổng hợp.", year)
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	home := a.Role("role").Unit
	c, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: fmt.Sprintf("Tổng hợp kết quả phối hợp năm %d", year), State: Preparing,
		Rulebook: rb.Hash(), Raiser: home, Lead: home})
	if err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, c.ID, casefile.Party{Unit: home, Function: access.Lead}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`INSERT INTO score_year (case_id, year) VALUES ($1, $2)`, string(c.ID), year); err != nil {
		return nil, err
	}
	n, err := gather(tx, c.ID, year)
	if err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, c, casefile.Event{Kind: "score.begun", By: who, Facts: map[string]string{"year": fmt.Sprint(year), "items": fmt.Sprint(n)}}, "PT06/D7.K2", "PT06/D7.K2-4")
	return &Year{Case: c, Year: year}, err
}

// ends is the first instant after the year: until then it is not all there.
func (y *Year) ends() time.Time { return workday.NewDate(y.Year+1, time.January, 1).Midnight() }

// Ended says whether the year is over at an instant, so that its table can be shown and
// published.
func (y *Year) Ended(at time.Time) bool { return !at.Before(y.ends()) }

// ended refuses an act on a table of a year that still runs: what the rule wants is the
// result of a year.
func (y *Year) ended(tx *db.Tx, a regulation.Applied) error {
	if y.Ended(tx.Now) {
		return nil
	}
	r := &fault.Refusal{Kind: fault.Conflict, Say: fmt.Sprintf("Năm %d chưa hết nên bảng này mới là bản tạm tính; từ ngày %s mới gửi lấy ý kiến và công bố được. Căn cứ: %s (tổng hợp hằng năm).",
		y.Year, workday.Of(y.ends()).Long(), a.Basis())}
	if len(a.Clauses) > 0 {
		r.Clause = string(a.Clauses[0])
	}
	return r
}

// gather counts the items of a year as they stand now. A department's answer is late by its
// own share of the time, done, handed over or still running (doc/decisions/0003-own-share.md).
// An item that is there keeps its number and what a person said of it.
func gather(tx *db.Tx, id casefile.ID, year int) (n int64, err error) {
	from, to := workday.NewDate(year, time.January, 1), workday.NewDate(year+1, time.January, 1)
	args := []any{string(id), petition.MustAnswer, from.String(), to.String(), tx.Now, petition.CaseKind, from.Midnight(), to.Midnight()}
	// system: the whole year is counted, whoever counts it; lists ask access.Visible
	_, err = tx.Exec(`DELETE FROM score_item WHERE case_id = $1 AND NOT EXISTS (SELECT 1 FROM (`+counted+`) x WHERE `+sameItem+`)`, args...)
	if err != nil {
		return 0, err
	}
	// system: as above
	_, err = tx.Exec(`UPDATE score_item SET fate = x.fate, due_day = x.due_day FROM (`+counted+`) x
		WHERE score_item.case_id = $1 AND `+sameItem, args...)
	if err != nil {
		return 0, err
	}
	// system: as above
	_, err = tx.Exec(`
		INSERT INTO score_item (case_id, n, petition, unit, side, round, fate, due_day)
		SELECT $1, (SELECT coalesce(max(k.n), 0) FROM score_item k WHERE k.case_id = $1) + row_number() OVER (ORDER BY case_id, side, unit, round), case_id, unit, side, round, fate, due_day
		FROM (`+counted+`) x
		WHERE NOT EXISTS (SELECT 1 FROM score_item WHERE score_item.case_id = $1 AND `+sameItem+`)`, args...)
	if err != nil {
		return 0, err
	}
	// system: as above
	err = tx.One(`SELECT count(*) FROM score_item WHERE case_id = $1`, args[:1], &n)
	return n, err
}

// counted are the items of a year: $2 the rule of answers, $3 to $4 its days, $5 now, $6 the
// kind of petitions, $7 to $8 its instants.
//
// system: the whole year is counted, whoever counts it; lists ask access.Visible
const counted = `
	SELECT d.case_id, d.owner AS unit, 'answers' AS side, d.round, d.due_day,
		CASE WHEN d.fate = 'waived' THEN 'waived' WHEN d.fate = 'met' AND d.ended_at < d.own_due_at THEN 'in_time' ELSE 'late' END AS fate
	FROM duty d
	WHERE d.rule = $2 AND NOT d.request AND d.due_day >= $3 AND d.due_day < $4
		AND (d.fate IN ('met', 'waived') OR d.fate = 'handed' AND d.ended_at >= d.own_due_at OR d.fate = 'open' AND d.own_due_at <= $5)
	UNION ALL
	SELECT c.id, c.raiser, 'raised', 0, '', 'raised'
	FROM casefile c JOIN unit u ON u.id = c.raiser
	WHERE c.kind = $6 AND c.scope <> '' AND c.opened_at >= $7 AND c.opened_at < $8 AND u.level = 'xa'`

// sameItem says that an item of the table is x, of what is counted.
const sameItem = `score_item.petition = x.case_id AND score_item.unit = x.unit AND score_item.side = x.side AND score_item.round = x.round`

// Recount takes into a table that is being prepared what happened since it was counted.
func Recount(tx *db.Tx, who org.Actor, id casefile.ID, version int64) (y *Year, err error) {
	defer fault.Wrap(&err, "recount table %s", id)
	y, who, _, err = hold(tx, who, id, version, actMake)
	if err != nil {
		return nil, err
	}
	if y.State != Preparing {
		return nil, fault.Refuse(fault.Conflict, "Bảng tổng hợp đã gửi lấy ý kiến; số liệu không đổi nữa.")
	}
	n, err := gather(tx, id, y.Year)
	if err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, y.Case, casefile.Event{Kind: "score.counted", By: who, Facts: map[string]string{"items": itoa(n)}})
	return y, err
}

// hold locks the table for an act of whoever makes it; seen is the version that the
// person saw, 0 for no check.
func hold(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Year, org.Actor, regulation.Applied, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, who, regulation.Applied{}, err
	}
	y, err := of(tx, c)
	if err != nil {
		return nil, who, regulation.Applied{}, err
	}
	who, a, err := acting(tx, who, act)
	if err == nil && y.State == Published {
		err = fault.Refuse(fault.Conflict, "Bảng tổng hợp năm %d đã công bố, không sửa được nữa.", y.Year)
	}
	return y, who, a, err
}

// until is the first instant at which no unit may object any more.
func until(tx *db.Tx, a regulation.Applied) (time.Time, error) {
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return time.Time{}, err
	}
	due, err := workday.Reckon(rev, tx.Now, a.Limit("objection"), nil, nil)
	if err == nil && due.At.IsZero() {
		err = errors.New("the time for objections has no end")
	}
	return due.At, err
}
