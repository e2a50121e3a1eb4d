package score

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// PaperObjection is the kind of a unit's paper that objects to an item.
const PaperObjection = "score.objection"

// An Objection is what a unit says of one item, and what was decided. Everybody who reads the
// table sees that there is one and its outcome, with the words of whoever decided; the words
// of the unit are read by itself, by whoever makes the table and by those the rule names.
type Objection struct {
	N        int64
	Item     int64
	Unit     org.UnitID
	Text     string // "" for a reader whom the words are not for
	Closed   bool   // the words are not for this reader
	Decision string // "", accepted, declined
	Reason   string // of the decision
}

// hearers are the units beside the objecting one that read its words: whoever makes the
// table, and those that the rule names.
func (y *Year) hearers(tx *db.Tx) (units []org.UnitID, err error) {
	a, err := rule(tx)
	if err != nil {
		return nil, err
	}
	units = []org.UnitID{y.Lead}
	for _, r := range a.Roles("readers") {
		if r.Unit != "" && !slices.Contains(units, r.Unit) {
			units = append(units, r.Unit)
		}
	}
	return units, nil
}

// audience is who hears an objection of a unit, as an event keeps it.
func (y *Year) audience(tx *db.Tx, unit org.UnitID) (string, error) {
	units, err := y.hearers(tx)
	keys := []string{org.OfUnit(unit)}
	for _, u := range units {
		if u != unit {
			keys = append(keys, org.OfUnit(u))
		}
	}
	return strings.Join(keys, ","), err
}

// Counts in text.
func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Show sends the table of a year that is over to every unit in it, counted to its end; from
// now on until the end of the rule's time they may object.
func Show(tx *db.Tx, who org.Actor, id casefile.ID, version int64) (y *Year, err error) {
	defer fault.Wrap(&err, "show table %s", id)
	y, who, a, err := hold(tx, who, id, version, actDecide)
	if err != nil {
		return nil, err
	}
	if y.State != Preparing {
		return nil, fault.Refuse(fault.Conflict, "Bảng tổng hợp đã gửi lấy ý kiến.")
	}
	if err := y.ended(tx, a); err != nil {
		return nil, err
	}
	if y.OpenUntil, err = until(tx, a); err != nil {
		return nil, err
	}
	if _, err := gather(tx, id, y.Year); err != nil {
		return nil, err
	}
	var parties []casefile.Party
	var notes []notice.Note
	// system: the units of a table that the actor holds
	err = tx.All(`SELECT DISTINCT unit FROM score_item WHERE case_id = $1 ORDER BY unit`, []any{string(id)}, func(r *sql.Rows) error {
		var u org.UnitID
		err := r.Scan(&u)
		if u != y.Lead {
			parties = append(parties, casefile.Party{Unit: u, Function: access.Told})
			notes = append(notes, notice.Note{Unit: u, Role: org.Leader, Case: id, Kind: "score.shown"})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	// who reads the objections reads the table, whether it has a line in it or not
	hear, err := y.hearers(tx)
	if err != nil {
		return nil, err
	}
	for _, u := range hear {
		if u != y.Lead && !slices.ContainsFunc(parties, func(p casefile.Party) bool { return p.Unit == u }) {
			parties = append(parties, casefile.Party{Unit: u, Function: access.Told})
		}
	}
	if err := casefile.Join(tx, id, parties...); err != nil {
		return nil, err
	}
	y.State = Shown
	if _, err := tx.Exec(`UPDATE score_year SET open_until = $1 WHERE case_id = $2`, y.OpenUntil, string(id)); err != nil {
		return nil, err
	}
	last := workday.Due{At: y.OpenUntil}.Last().String()
	if _, err := casefile.Record(tx, y.Case, casefile.Event{Kind: "score.shown", By: who, Facts: map[string]string{"until": last}}, "PT06/D7.K2-4"); err != nil {
		return nil, err
	}
	return y, notice.Tell(tx, notes...)
}

// objectable holds the table for an objection of the item's own unit.
func objectable(tx *db.Tx, who org.Actor, id casefile.ID, n int64) (y *Year, item Item, err error) {
	c, err := casefile.Lock(tx, who, id)
	if err != nil {
		return nil, item, err
	}
	if y, err = of(tx, c); err != nil {
		return nil, item, err
	}
	if item, err = y.item(tx, n); err != nil {
		return nil, item, err
	}
	switch {
	case !who.In(item.Unit):
		err = fault.Refuse(fault.Denied, "Chỉ đơn vị có việc này mới có ý kiến về nó.")
	case y.State != Shown:
		err = fault.Refuse(fault.Conflict, "Bảng tổng hợp không ở thời gian lấy ý kiến.")
	case !tx.Now.Before(y.OpenUntil):
		err = fault.Refuse(fault.Conflict, "Thời gian lấy ý kiến đã hết ngày %s.", workday.Due{At: y.OpenUntil}.Last().Long())
	}
	return y, item, err
}

// ObjectNow objects in one act, by an actor whose unit's path is one step.
func ObjectNow(tx *db.Tx, who org.Actor, id casefile.ID, n int64, text string) (y *Year, err error) {
	defer fault.Wrap(&err, "object to %s", id)
	y, item, err := objectable(tx, who, id, n)
	if err != nil {
		return nil, err
	}
	if who, err = signoff.Direct(tx, who, item.Unit, PaperObjection, ""); err != nil {
		return nil, err
	}
	if text, err = words("text", text, "Hãy ghi ý kiến của đơn vị."); err != nil {
		return nil, err
	}
	o, err := y.objection(tx, item, "")
	if err != nil {
		return nil, err
	}
	return y, y.objected(tx, who, o, item.Unit, text)
}

// DraftObjection begins the unit's paper that objects; its release makes the objection.
func DraftObjection(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, n int64, text string) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft objection to %s", id)
	y, item, err := objectable(tx, who, id, n)
	if err != nil {
		return nil, err
	}
	hear, err := y.hearers(tx)
	if err != nil {
		return nil, err
	}
	x, err = desk.Draft(tx, who, signoff.New{Case: id, Kind: PaperObjection, Unit: item.Unit, Title: "V/v ý kiến về " + y.Title, Body: text, OnlyFor: hear})
	if err != nil {
		return nil, err
	}
	_, err = y.objection(tx, item, string(x.ID))
	return x, err
}

// objection opens the row of an objection; an item has one that is not decided at most.
func (y *Year) objection(tx *db.Tx, item Item, paper string) (n int64, err error) {
	var waiting int64
	// system: rows of a table that the transaction holds
	err = tx.One(`SELECT count(*), count(*) FILTER (WHERE item = $2 AND made_n > 0 AND decision = '') FROM score_objection WHERE case_id = $1`, []any{string(y.ID), item.N}, &n, &waiting)
	if err != nil {
		return 0, err
	}
	if waiting > 0 {
		return 0, fault.Refuse(fault.Conflict, "Đơn vị đã có ý kiến về việc này, đang chờ xem xét.")
	}
	n++
	_, err = tx.Exec(`INSERT INTO score_objection (case_id, n, item, unit, paper_id) VALUES ($1, $2, $3, $4, $5)`, string(y.ID), n, item.N, string(item.Unit), paper)
	return n, err
}

// objected makes an objection count: signed, by its unit.
func (y *Year) objected(tx *db.Tx, who org.Actor, o int64, unit org.UnitID, text string) error {
	audience, err := y.audience(tx, unit)
	if err != nil {
		return err
	}
	n, err := casefile.Record(tx, y.Case, casefile.Event{Kind: "score.objected", By: who, Audience: audience, Text: text, Facts: map[string]string{"objection": itoa(o), "unit": string(unit)}})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE score_objection SET made_n = $1 WHERE case_id = $2 AND n = $3`, n, string(y.ID), o); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: y.Lead, Case: y.ID, Kind: "score.objected"})
}

// Papers are the kinds of papers of the yearly table.
func Papers() []signoff.Kind {
	return []signoff.Kind{{Name: PaperObjection, Say: "Văn bản có ý kiến về bảng tổng hợp năm",
		Check: func(_ *db.Tx, body string) error {
			_, err := words("text", body, "Hãy ghi ý kiến của đơn vị.")
			return err
		},
		Released: func(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
			y, err := of(tx, c)
			if err != nil {
				return err
			}
			var o int64
			// system: the row of a paper whose case is held
			if err := tx.One(`SELECT n FROM score_objection WHERE paper_id = $1`, []any{string(x.ID)}, &o); err != nil {
				return err
			}
			if y.State != Shown || !tx.Now.Before(y.OpenUntil) {
				return fault.Refuse(fault.Conflict, "Thời gian lấy ý kiến về bảng tổng hợp đã hết.")
			}
			return y.objected(tx, who, o, x.Unit, body)
		}}}
}

// A Verdict is what is decided on an objection.
type Verdict struct {
	Objection int64
	Accept    bool
	Reason    string
	Version   int64
}

// Decide accepts or declines an objection with a reason; both stay. An accepted one
// counts a late answer apart, or takes a petition's mark away.
func Decide(tx *db.Tx, who org.Actor, id casefile.ID, in Verdict) (y *Year, err error) {
	defer fault.Wrap(&err, "decide objection of %s", id)
	y, who, _, err = hold(tx, who, id, in.Version, actDecide)
	if err != nil {
		return nil, err
	}
	if in.Reason, err = words("reason", in.Reason, "Hãy ghi lý do tiếp thu hoặc không tiếp thu."); err != nil {
		return nil, err
	}
	var on, made int64
	var unit, decision string
	// system: rows of a table that the transaction holds
	err = tx.One(`SELECT item, unit, made_n, decision FROM score_objection WHERE case_id = $1 AND n = $2`, []any{string(id), in.Objection}, &on, &unit, &made, &decision)
	if errors.Is(err, fault.NotFound) || err == nil && made == 0 {
		return nil, fault.Field("objection", "Không có ý kiến số %d.", in.Objection)
	}
	if err != nil {
		return nil, err
	}
	if decision != "" {
		return nil, fault.Refuse(fault.Conflict, "Ý kiến này đã được xem xét.")
	}
	kind, decision := "score.declined", "declined"
	if in.Accept {
		kind, decision = "score.accepted", "accepted"
	}
	n, err := casefile.Record(tx, y.Case, casefile.Event{Kind: kind, By: who, Text: in.Reason, Facts: map[string]string{"objection": itoa(in.Objection), "unit": unit}}, "PT06/D7.K2-4")
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE score_objection SET decision = $1, decided_n = $2 WHERE case_id = $3 AND n = $4`, decision, n, string(id), in.Objection); err != nil {
		return nil, err
	}
	if in.Accept {
		if err := y.accepted(tx, who, on, in.Reason); err != nil {
			return nil, err
		}
	}
	return y, notice.Tell(tx, notice.Note{Unit: org.UnitID(unit), Role: org.Leader, Case: id, Kind: "score.decided"})
}

// accepted does to the item what its unit asked.
func (y *Year) accepted(tx *db.Tx, who org.Actor, n int64, reason string) error {
	item, err := y.item(tx, n)
	switch {
	case err != nil:
		return err
	case item.Side == Raised && item.Mark == Home:
		return y.mark(tx, who, item, "score.unexcused", "", "", reason)
	case item.Fate == Late && item.Mark == "":
		return y.mark(tx, who, item, "score.excused", Excused, "tiếp thu ý kiến của đơn vị", reason)
	}
	return nil
}

// Objections lists the objections that were made, in their order, with the words that are
// for the actor.
func Objections(tx *db.Tx, who org.Actor, y *Year) (all []Objection, err error) {
	defer fault.Wrap(&err, "objections to %d", y.Year)
	said := map[int64]string{}
	events, err := casefile.History(tx, who, y.ID, mostEvents)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		said[e.N] = e.Text
	}
	// system: rows of a table that the actor may read, by History
	err = tx.All(`SELECT n, item, unit, made_n, decision, decided_n FROM score_objection WHERE case_id = $1 AND made_n > 0 ORDER BY n`, []any{string(y.ID)}, func(r *sql.Rows) error {
		var o Objection
		var made, decided int64
		err := r.Scan(&o.N, &o.Item, &o.Unit, &made, &o.Decision, &decided)
		text, heard := said[made]
		o.Text, o.Closed, o.Reason = text, !heard, said[decided]
		all = append(all, o)
		return err
	})
	return all, err
}

// mostEvents is more than a year's table ever has.
const mostEvents = 100_000

// An Issue is the paper with which a table is published.
type Issue struct {
	Number   string // số, ký hiệu
	IssuedOn string
	Version  int64
}

// Publish makes the table final, by a leader's signed paper, once the time for objections
// is over and each was decided. Nothing of it changes afterwards.
func Publish(tx *db.Tx, who org.Actor, id casefile.ID, in Issue) (y *Year, err error) {
	defer fault.Wrap(&err, "publish table %s", id)
	y, who, a, err := hold(tx, who, id, in.Version, actDecide)
	if err != nil {
		return nil, err
	}
	if err := y.ended(tx, a); err != nil { // one that was shown before this was asked
		return nil, err
	}
	if y.State != Shown || tx.Now.Before(y.OpenUntil) {
		return nil, fault.Refuse(fault.Conflict, "Chỉ công bố sau khi hết thời gian lấy ý kiến các đơn vị.")
	}
	var waiting int64
	// system: rows of a table that the transaction holds
	if err := tx.One(`SELECT count(*) FROM score_objection WHERE case_id = $1 AND made_n > 0 AND decision = ''`, []any{string(id)}, &waiting); err != nil {
		return nil, err
	}
	if waiting > 0 {
		return nil, fault.Refuse(fault.Conflict, "Còn %d ý kiến của đơn vị chưa được xem xét.", waiting)
	}
	if in.Number, err = words("number", in.Number, "Hãy ghi số, ký hiệu của văn bản công bố."); err != nil {
		return nil, err
	}
	day, err := workday.TypedDate(in.IssuedOn)
	if err != nil || day.After(workday.Of(tx.Now)) {
		return nil, fault.Field("issued_on", "Hãy ghi ngày của văn bản công bố, không sau hôm nay.")
	}
	if _, err := tx.Exec(`UPDATE score_year SET number = $1, issued_on = $2 WHERE case_id = $3`, in.Number, day.String(), string(id)); err != nil {
		return nil, err
	}
	y.State, y.ClosedAt, y.Number, y.IssuedOn = Published, tx.Now, in.Number, day.String()
	_, err = casefile.Record(tx, y.Case, casefile.Event{Kind: "score.published", By: who,
		Facts: map[string]string{"number": in.Number, "issued_on": day.String(), "signer_name": who.Name, "signer_title": who.Post.Title}}, "PT06/D7.K2", "PT06/D7.K2-4")
	if err != nil {
		return nil, err
	}
	return y, y.tell(tx, "score.published")
}

// tell notifies the units in the table.
func (y *Year) tell(tx *db.Tx, kind string) error {
	all, err := casefile.Parties(tx, y.ID)
	if err != nil {
		return err
	}
	var notes []notice.Note
	for _, p := range all {
		if p.Unit != "" && p.Unit != y.Lead {
			notes = append(notes, notice.Note{Unit: p.Unit, Role: org.Leader, Case: y.ID, Kind: kind})
		}
	}
	return notice.Tell(tx, notes...)
}
