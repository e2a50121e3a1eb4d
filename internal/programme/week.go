package programme

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// weeks are the units that owe a weekly programme now, as the rulebook in force names them.
// Vertical bodies and companies owe none; nor does whoever receives them.
func weeks(tx *db.Tx) (all []duty.Occasion, err error) {
	since, err := adopted(tx)
	if err != nil {
		return nil, err
	}
	units, err := org.Units(tx, org.Filter{})
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		rule, ok, err := apply(tx, MustSend, u.ID)
		if err != nil {
			return nil, err
		}
		to := rule.Role("to").Unit
		if !ok || to == "" || to == u.ID {
			continue
		}
		for _, again := range rule.Recurrences("due") {
			all = append(all, duty.Occasion{Owner: u.ID, Fallback: to, Again: again, Since: since, Clause: clauseOf(rule), Basis: rule.Basis()})
		}
	}
	return all, nil
}

func clauseOf(rule regulation.Applied) string {
	if len(rule.Clauses) == 0 {
		return ""
	}
	return string(rule.Clauses[0])
}

// openWeek opens the case of one unit's week. Under a model of another place it is only
// asked for: never late, in no figure.
func openWeek(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
	rule, ok, err := apply(tx, MustSend, o.Owner)
	if err != nil || !ok { // its owner merged into a unit that no rule names
		return nil, duty.New{}, firstOf(err, fault.NotFound)
	}
	place := PlaceOf(OneWeek, o.Period)
	if rule.Text("of") == "next-week" {
		place = place.Next()
	}
	to := rule.Role("to").Unit
	p, err := begin(tx, Programme{Unit: o.Owner, What: Week, Place: place}, "Chương trình công tác "+place.Say(), "programme.opened", org.System("sweep"),
		casefile.Party{Unit: to, Function: access.Told})
	if err != nil {
		return nil, duty.New{}, err
	}
	if err := awaitWhole(tx, place); err != nil {
		return nil, duty.New{}, err
	}
	return p.Case, duty.New{Counterpart: to, Request: rule.Request || rule.Model, Reminders: reminders(rule)}, nil
}

func reminders(rule regulation.Applied) string {
	var days []string
	for _, l := range rule.Limits("remind") {
		days = append(days, itoa(int64(l.N)))
	}
	return strings.Join(days, ",")
}

// begin opens the case of a programme with its lead and the parties given.
func begin(tx *db.Tx, in Programme, title, kind string, who org.Actor, parties ...casefile.Party) (*Programme, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	in.Case, err = casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: casePrefix, Title: title, State: Open, Scope: org.OfKind(CaseKind),
		Rulebook: rb.Hash(), Lead: in.Unit, Raiser: in.Unit})
	if err != nil {
		return nil, err
	}
	if in.What == Plan {
		in.Scope = "" // nobody else reads it before it is sent
	}
	_, err = tx.Exec(`INSERT INTO programme (case_id, unit, what, grain, from_on, until_on) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(in.ID), string(in.Unit), in.What, in.Place.Grain, in.Place.From, in.Place.Until)
	if err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, in.ID, append([]casefile.Party{{Unit: in.Unit, Function: access.Lead}}, parties...)...); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, in.Case, casefile.Event{Kind: kind, By: who, Facts: map[string]string{"unit": string(in.Unit), "period": in.Place.String()}})
	return &in, err
}

// awaitWhole makes the Office owe the whole week, once, from when its first unit does. No
// text states by when.
func awaitWhole(tx *db.Tx, place Place) error {
	rule, ok, err := apply(tx, MustCollect, "")
	if err != nil || !ok || rule.Role("role").Unit == "" {
		return err
	}
	by := rule.Role("role").Unit
	var have string
	// system: whether the week has its whole
	err = tx.One(`SELECT case_id FROM programme WHERE what = 'whole' AND grain = $1 AND from_on = $2 AND unit = $3`, []any{place.Grain, place.From, string(by)}, &have)
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	to := rule.Role("to").Unit
	p, err := begin(tx, Programme{Unit: by, What: Whole, Place: place}, "Tổng hợp chương trình công tác "+place.Say(), "programme.whole_awaiting", org.System("sweep"),
		casefile.Party{Unit: to, Function: access.Told})
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustCollect, Owner: by, Round: 1}, Counterpart: to, Request: rule.Request || rule.Model})
	return err
}

// weekRemind tells the unit before its hour.
func weekRemind(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	return notice.Tell(tx, notice.Note{Unit: d.Owner, Role: org.Leader, Case: c.ID, Kind: "programme.remind"}, notice.Note{Unit: d.Owner, Role: org.Clerk, Case: c.ID, Kind: "programme.remind"})
}

// weekMissed tells the unit and whoever waits for its week, and keeps it in the history.
func weekMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	if _, err := casefile.Record(tx, c, casefile.Event{Kind: "programme.late", By: org.System("sweep"), Facts: map[string]string{"unit": string(d.Owner)}}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: d.Owner, Role: org.Leader, Case: c.ID, Kind: "programme.late"},
		notice.Note{Unit: d.Counterpart, Role: org.Desk, Case: c.ID, Kind: "programme.late"})
}

// A Stand is how one unit's week stands.
type Stand struct {
	ID      casefile.ID
	Unit    org.UnitID
	Due     workday.Due // zero where no instant binds
	SentAt  time.Time
	Late    bool // sent after its hour, or not sent and past it
	Items   int64
	Basis   string
	Request bool // only asked for, as under a model: late is said, and counted nowhere
}

// Weekly returns how the week of each unit stands that the actor may read, those that are
// late first, then those not sent.
func Weekly(tx *db.Tx, who org.Actor, week Place) (all []Stand, err error) {
	defer fault.Wrap(&err, "weekly programmes of %s", week)
	cond, args := visible(who, "p.case_id", 3)
	var last casefile.ID
	err = tx.All(`SELECT `+duty.Columns()+`, p.unit, p.sent_at,
			(SELECT count(*) FROM programme_item i JOIN casefile c ON c.id = i.case_id
			 WHERE i.unit = p.unit AND i.from_on <= p.until_on AND i.until_on >= p.from_on AND i.grain IN ('week', 'day') AND c.state IN ('planned', 'done'))
		FROM programme p JOIN duty d ON d.case_id = p.case_id AND d.rule = '`+MustSend+`'
		WHERE p.what = 'week' AND p.grain = $1 AND p.from_on = $2 AND `+cond+` ORDER BY p.unit, d.from_at, d.round`,
		append([]any{OneWeek, week.From}, args...), func(r *sql.Rows) error {
			var d duty.Duty
			var s Stand
			if err := d.Scan(r, &s.Unit, db.Instant(&s.SentAt), &s.Items); err != nil {
				return err
			}
			s.take(&d, tx.Now)
			if s.ID == last { // it changed hands: the newest owner's duty counts
				all = all[:len(all)-1]
			}
			last = s.ID
			all = append(all, s)
			return nil
		})
	sortStands(all)
	return all, err
}

// SendNow sends the unit's week in one act, by an actor whose unit's path is one step. note
// is what else there is to say; required where the week has no item. Sent again, it is a
// supplement: the first receipt counts.
func SendNow(tx *db.Tx, who org.Actor, id casefile.ID, note string, version int64) (p *Programme, err error) {
	defer fault.Wrap(&err, "send week %s", id)
	if p, err = holdWeek(tx, who, id, version); err != nil {
		return nil, err
	}
	if who, err = direct(tx, who, p, PaperWeek); err != nil {
		return nil, err
	}
	text, err := p.weekText(tx, who, note)
	if err != nil {
		return nil, err
	}
	return p, p.send(tx, who, text, "")
}

// holdWeek holds a unit's week together with its items, in the order of ids.
func holdWeek(tx *db.Tx, who org.Actor, id casefile.ID, version int64) (*Programme, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	p, err := programmeOf(tx, c)
	if err != nil {
		return nil, err
	}
	if p.What != Week {
		return nil, fault.NotFound
	}
	if !who.In(p.Lead) {
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị mới gửi chương trình công tác của mình.")
	}
	return lockProgramme(tx, who, id, version, Week)
}

// weekText is the week as it is sent: its items day by day, then the note.
func (p *Programme) weekText(tx *db.Tx, who org.Actor, note string) (string, error) {
	all, err := p.items(tx, org.System("programme"))
	if err != nil {
		return "", err
	}
	empty := ""
	if len(all) == 0 {
		empty = "Tuần này chưa có việc nào trong chương trình; hãy thêm việc, hoặc ghi rõ không có lịch."
	}
	if note, err = typed("note", note, empty, longestText); err != nil {
		return "", err
	}
	text, err := sayItems(tx, all)
	if note != "" {
		text = strings.TrimSpace(text + "\n" + note)
	}
	return text, err
}

// send makes a week sent: whoever keeps the programmes reads its items from now on.
func (p *Programme) send(tx *db.Tx, who org.Actor, text, number string) error {
	facts := map[string]string{"unit": string(p.Unit), "period": p.Place.String(), "number": number}
	if !p.SentAt.IsZero() {
		facts["again"] = "yes"
	}
	if err := p.release(tx); err != nil {
		return err
	}
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "programme.sent", By: who, Text: text, Facts: facts}); err != nil {
		return err
	}
	if !p.SentAt.IsZero() {
		return nil
	}
	p.State, p.SentAt = Sent, tx.Now
	if _, err := tx.Exec(`UPDATE programme SET sent_at = $1 WHERE case_id = $2`, tx.Now, string(p.ID)); err != nil {
		return err
	}
	rule, _, err := apply(tx, MustSend, p.Unit)
	if err != nil {
		return err
	}
	if to := rule.Role("to").Unit; to != "" {
		if err := notice.Tell(tx, notice.Note{Unit: to, Role: org.Desk, Case: p.ID, Kind: "programme.sent"}); err != nil {
			return err
		}
	}
	return p.meet(tx, MustSend)
}

// release opens the unit's own items of the week to whoever keeps the programmes.
func (p *Programme) release(tx *db.Tx) error {
	all, err := p.items(tx, org.System("programme"))
	if err != nil {
		return err
	}
	for _, x := range all { // they come in the order of their ids
		c, err := casefile.LockQuiet(tx, org.System("programme"), x.ID)
		if errors.Is(err, fault.Conflict) {
			continue // sealed meanwhile
		}
		if err != nil {
			return err
		}
		c.Scope = org.OfKind(ItemKind)
	}
	return nil
}

// meet ends the running duties of a rule on the programme, as done.
func (p *Programme) meet(tx *db.Tx, rule string) error {
	all, err := duty.OfCase(tx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Rule == rule && d.EndedAt.IsZero() {
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Urge reminds a unit that has not sent its week, by whoever keeps the programmes.
func Urge(tx *db.Tx, who org.Actor, id casefile.ID, text string, version int64) (p *Programme, err error) {
	defer fault.Wrap(&err, "urge %s", id)
	if p, err = lockProgramme(tx, who, id, version, Week); err != nil {
		return nil, err
	}
	rule, ok, err := apply(tx, MustCollect, "")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, offWeekly()
	}
	if who, err = access.Pick(who, actKeep, roleFacts(rule)); err != nil {
		return nil, err
	}
	if p.State != Open {
		return nil, fault.Refuse(fault.Conflict, "Đơn vị đã gửi chương trình công tác tuần này.")
	}
	if text, err = typed("text", text, "", longestText); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "programme.urged", By: who, Text: text}, "TX108/D18.K2-2"); err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Unit, Role: org.Leader, Case: p.ID, Kind: "programme.urged"})
}

func offWeekly() error {
	return fault.Refuse(fault.Denied, "Quy chế đang áp dụng không có việc gửi, tổng hợp chương trình công tác tuần.")
}

func roleFacts(rule regulation.Applied) access.Facts {
	return access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {rule.Role("role").Unit}}}
}

// Collect puts the week of all units together and reports it to whom the rule names, with
// the units that were late and those that sent nothing. Done again, it is a new report.
func Collect(tx *db.Tx, who org.Actor, id casefile.ID, note string, version int64) (p *Programme, err error) {
	defer fault.Wrap(&err, "collect week %s", id)
	if p, err = lockProgramme(tx, who, id, version, Whole); err != nil {
		return nil, err
	}
	rule, ok, err := apply(tx, MustCollect, "")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, offWeekly()
	}
	if who, err = access.Pick(who, actKeep, roleFacts(rule)); err != nil {
		return nil, err
	}
	if note, err = typed("note", note, "", longestText); err != nil {
		return nil, err
	}
	stands, err := Weekly(tx, who, p.Place)
	if err != nil {
		return nil, err
	}
	all, err := wholeItems(tx, who, p.Place, stands)
	if err != nil {
		return nil, err
	}
	text, facts, err := wholeText(tx, all, stands, note)
	if err != nil {
		return nil, err
	}
	facts["period"] = p.Place.String()
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "programme.collected", By: who, Text: text, Facts: facts}); err != nil {
		return nil, err
	}
	p.State, p.SentAt = Sent, tx.Now
	if _, err := tx.Exec(`UPDATE programme SET sent_at = $1 WHERE case_id = $2`, tx.Now, string(p.ID)); err != nil {
		return nil, err
	}
	if err := p.meet(tx, MustCollect); err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: rule.Role("to").Unit, Role: org.Leader, Case: p.ID, Kind: "programme.collected"})
}
