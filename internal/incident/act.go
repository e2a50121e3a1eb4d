package incident

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

func scanUnits(all *[]org.UnitID) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var u org.UnitID
		err := r.Scan(&u)
		*all = append(*all, u)
		return err
	}
}

// An Ask is what is asked of a unit: what, how many, by when (nguồn lực đề nghị).
type Ask struct {
	Of      org.UnitID
	What    string // "xuồng máy"
	Each    string // what is counted: "chiếc"
	Amount  int64
	Due     string // "2006-01-02" or "2006-01-02T15:04"; "" states no time
	Version int64
}

// asked are the words of a request, under its event.
type asked struct {
	What string `json:"what"`
	Each string `json:"each"`
}

// maxWhat bounds the name of a thing, in letters.
const maxWhat = 200

// AskFor asks a unit for people or things; it becomes a party, and owes an answer.
func AskFor(tx *db.Tx, who org.Actor, id casefile.ID, in Ask) (x *Incident, n int64, err error) {
	defer fault.Wrap(&err, "ask for incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actAsk); err != nil {
		return nil, 0, err
	}
	if err := cmp.Or(x.plain(), x.running()); err != nil {
		return nil, 0, err
	}
	in.What, in.Each = tidy(in.What), tidy(in.Each)
	if err := in.check(); err != nil {
		return nil, 0, err
	}
	limits, err := limitOf(tx, who, in.Due)
	if err != nil {
		return nil, 0, err
	}
	text, err := packed(asked{in.What, in.Each})
	if err != nil {
		return nil, 0, err
	}
	if err := x.partyOf(tx, in.Of); err != nil {
		return nil, 0, err
	}
	n, err = casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.asked", By: who, Text: text, Facts: casefile.Pairs("of", string(in.Of), "amount", itoa(in.Amount), "due", in.Due)})
	if err != nil {
		return nil, 0, err
	}
	_, err = tx.Exec(`INSERT INTO incident_resource (case_id, n, asker, owner, asked) VALUES ($1, $2, $3, $4, $5)`,
		string(x.ID), n, string(who.Post.Unit), string(in.Of), in.Amount)
	if err != nil {
		return nil, 0, err
	}
	if _, err = x.arm(tx, MustGive, in.Of, n, who.Post.Unit, limits, ""); err != nil {
		return nil, 0, err
	}
	return x, n, notice.Tell(tx, notice.Note{Unit: in.Of, Case: x.ID, Kind: "incident.asked"})
}

func (in *Ask) check() error {
	switch {
	case in.What == "" || len([]rune(in.What)) > maxWhat:
		return fault.Field("what", "Hãy ghi cần gì, trong %d chữ.", maxWhat)
	case in.Each == "" || len([]rune(in.Each)) > 30:
		return fault.Field("each", "Hãy ghi đơn vị tính: người, chiếc, kg…")
	case in.Amount <= 0 || in.Amount > mostAmount:
		return fault.Field("amount", "Hãy ghi số lượng lớn hơn 0.")
	}
	return checkText("what", in.What+" "+in.Each)
}

// partyOf makes an agency a party of the case when it is none yet.
func (x *Incident) partyOf(tx *db.Tx, id org.UnitID) error {
	there, err := casefile.Parties(tx, x.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(there, func(p casefile.Party) bool { return p.Unit == id }) {
		return nil
	}
	return x.joins(tx, id)
}

// A Gift is what a unit gives of what it was asked for.
type Gift struct {
	Resource int64 // the request, by the number of its event
	Amount   int64
	HandedAt time.Time // when it was given; zero: now
	Version  int64
}

// Give keeps what was given and when; the request is met when all of it is there.
func Give(tx *db.Tx, who org.Actor, id casefile.ID, in Gift) (x *Incident, err error) {
	defer fault.Wrap(&err, "give for incident %s", id)
	x, r, who, err := holdAsked(tx, who, id, in.Resource, in.Version)
	if err != nil {
		return nil, err
	}
	if in.HandedAt.IsZero() {
		in.HandedAt = tx.Now
	}
	switch {
	case in.Amount <= 0 || in.Amount > mostAmount:
		return nil, fault.Field("amount", "Hãy ghi số lượng lớn hơn 0.")
	case in.HandedAt.After(tx.Now):
		return nil, fault.Field("handed_at", "Lúc giao không thể sau bây giờ.")
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.given", By: who, OccurredAt: in.HandedAt,
		Facts: casefile.Pairs("request", itoa(r.N), "amount", itoa(in.Amount))})
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO incident_delivery (case_id, n, resource, amount_given, handed_at) VALUES ($1, $2, $3, $4, $5)`,
		string(x.ID), n, r.N, in.Amount, in.HandedAt)
	if err != nil {
		return nil, err
	}
	r.Given += in.Amount
	if r.Given >= r.Asked {
		r.State = "given"
		if _, err := duty.MeetAt(tx, duty.Key{Case: x.ID, Rule: MustGive, Owner: r.Of, Round: r.N}, in.HandedAt); err != nil {
			return nil, err
		}
	}
	return x, x.settleAsked(tx, r)
}

// Decline says why a unit cannot give (all of) what it was asked for.
func Decline(tx *db.Tx, who org.Actor, id casefile.ID, resource int64, reason string, seen int64) (x *Incident, err error) {
	defer fault.Wrap(&err, "decline for incident %s", id)
	x, r, who, err := holdAsked(tx, who, id, resource, seen)
	if err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(vntext.NFC(reason)); vntext.IsBlank(reason) {
		return nil, fault.Field("reason", "Hãy ghi vì sao không đáp ứng được.")
	}
	if err := checkText("reason", reason); err != nil {
		return nil, err
	}
	text, err := packed(words{reason})
	if err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.declined", By: who, Text: text, Facts: casefile.Pairs("request", itoa(r.N))}); err != nil {
		return nil, err
	}
	r.State = "declined"
	if _, err := duty.GiveUp(tx, duty.Key{Case: x.ID, Rule: MustGive, Owner: r.Of, Round: r.N}, "không đáp ứng được, có lý do"); err != nil {
		return nil, err
	}
	return x, x.settleAsked(tx, r)
}

// settleAsked keeps how far a request is met, and tells who asked.
func (x *Incident) settleAsked(tx *db.Tx, r *Resource) error {
	if r.State != "asked" {
		r.EndedAt = tx.Now
	}
	_, err := tx.Exec(`UPDATE incident_resource SET given = $1, state = $2, ended_at = $3 WHERE case_id = $4 AND n = $5`,
		r.Given, r.State, r.EndedAt, string(x.ID), r.N)
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: r.By, Case: x.ID, Kind: "incident.answered"})
}

// holdAsked holds the incident for the unit that a request went to.
func holdAsked(tx *db.Tx, who org.Actor, id casefile.ID, n, seen int64) (*Incident, *Resource, org.Actor, error) {
	x, err := hold(tx, who, id, seen)
	if err != nil {
		return nil, nil, who, err
	}
	r := &Resource{N: n}
	err = tx.One(`SELECT asker, owner, asked, given, state FROM incident_resource WHERE case_id = $1 AND n = $2`, []any{string(id), n},
		&r.By, &r.Of, &r.Asked, &r.Given, &r.State)
	if err != nil {
		return nil, nil, who, err
	}
	who, err = access.Pick(who, actGive, access.Facts{Units: map[access.Function][]org.UnitID{access.Told: {r.Of}}})
	if err == nil && r.State != "asked" {
		err = fault.Refuse(fault.Conflict, "Đề nghị này đã được trả lời xong.")
	}
	return x, r, who, err
}

// hold holds an incident for an act whose right is asked afterwards.
func hold(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Incident, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	x, err := of(tx, c)
	if err == nil && !x.ClosedAt.IsZero() {
		err = fault.Refuse(fault.Conflict, "Sự cố đã tổng kết, hồ sơ đã đóng.")
	}
	return x, err
}

// A Decision names what is to be done, by which unit and which person, by when.
type Decision struct {
	Text    string
	Unit    org.UnitID
	Officer org.OfficerID
	Due     string // "2006-01-02" or "2006-01-02T15:04"; "" states no time
	Version int64
}

// Decide keeps a decision, and makes it a duty of the unit with the person in charge
// (PT06/D3.K3). A commune's own leader decides for his own unit, the lead for every party.
func Decide(tx *db.Tx, who org.Actor, id casefile.ID, in Decision) (x *Incident, n int64, err error) {
	defer fault.Wrap(&err, "decide on incident %s", id)
	if x, who, err = decider(tx, who, id, in); err != nil {
		return nil, 0, err
	}
	if err := cmp.Or(x.plain(), x.running()); err != nil {
		return nil, 0, err
	}
	if err := in.check(tx, x); err != nil {
		return nil, 0, err
	}
	limits, err := limitOf(tx, who, in.Due)
	if err != nil {
		return nil, 0, err
	}
	text, err := packed(words{in.Text})
	if err != nil {
		return nil, 0, err
	}
	if err := x.partyOf(tx, in.Unit); err != nil {
		return nil, 0, err
	}
	n, err = casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.decided", By: who, Text: text,
		Facts: casefile.Pairs("unit", string(in.Unit), "person", string(in.Officer), "due", in.Due)}, "PT06/D3.K3")
	if err != nil {
		return nil, 0, err
	}
	_, err = tx.Exec(`INSERT INTO incident_decision (case_id, n, owner, officer) VALUES ($1, $2, $3, $4)`, string(x.ID), n, string(in.Unit), string(in.Officer))
	if err != nil {
		return nil, 0, err
	}
	if _, err = x.arm(tx, MustAct, in.Unit, n, who.Post.Unit, limits, in.Officer); err != nil {
		return nil, 0, err
	}
	told := notice.Note{Unit: in.Unit, Role: org.Leader, Case: x.ID, Kind: "incident.decided"}
	if err := notice.Tell(tx, told); err != nil || in.Officer == "" {
		return x, n, err
	}
	return x, n, notice.Tell(tx, notice.Note{Officer: in.Officer, Case: x.ID, Kind: "incident.decided"})
}

// decider holds the incident for who may decide: above all parties, or in his own unit.
func decider(tx *db.Tx, who org.Actor, id casefile.ID, in Decision) (x *Incident, as org.Actor, err error) {
	x, as, err = lockFor(tx, who, id, in.Version, actDecide)
	if fault.Kind(err) != fault.Denied {
		return x, as, err
	}
	if x, as, err = lockFor(tx, who, id, in.Version, actDecideOwn); err != nil {
		return nil, who, err
	}
	if in.Unit != as.Post.Unit {
		return nil, who, fault.Field("unit", "Lãnh đạo xã, phường và đơn vị phối hợp chỉ giao việc trong đơn vị mình; giao đơn vị khác do cơ quan chủ trì.")
	}
	return x, as, nil
}

func (in *Decision) check(tx *db.Tx, x *Incident) error {
	if in.Text = strings.TrimSpace(vntext.NFC(in.Text)); vntext.IsBlank(in.Text) {
		return fault.Field("text", "Hãy ghi việc phải làm.")
	}
	if err := checkText("text", in.Text); err != nil {
		return err
	}
	if in.Unit == "" {
		return fault.Field("unit", "Hãy chọn đơn vị thực hiện.")
	}
	if in.Officer == "" {
		rb, err := regulation.ByHash(tx, x.Rulebook)
		if err != nil {
			return err
		}
		rule, err := rb.Apply(tx, MustAct, in.Unit, "")
		if err == nil && rule.Bool("person") {
			return &fault.Refusal{Kind: fault.Invalid, Field: "officer", Clause: string(rule.ClausesOf("person")[0]),
				Say: "Hãy chọn một người chịu trách nhiệm thực hiện (" + rb.Citation(rule.ClausesOf("person")[0]) + ")."}
		}
		return quiet(err)
	}
	held, err := org.Officers(tx, in.Unit)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(held, func(h org.Held) bool { return h.Officer.ID == in.Officer }) {
		return fault.Field("officer", "Người được giao phải đang giữ chức danh ở đơn vị thực hiện.")
	}
	return nil
}

// A Result is what became of a decision.
type Result struct {
	Decision int64
	Text     string
	Files    []casefile.Document
	Version  int64
}

// Done reports the result of a decision and meets its duty; the unit or the person named does.
func Done(tx *db.Tx, who org.Actor, id casefile.ID, in Result) (x *Incident, err error) {
	defer fault.Wrap(&err, "result on incident %s", id)
	if x, err = hold(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	var unit org.UnitID
	var officer org.OfficerID
	var done int64
	err = tx.One(`SELECT owner, officer, done_n FROM incident_decision WHERE case_id = $1 AND n = $2`, []any{string(id), in.Decision}, &unit, &officer, &done)
	if err != nil {
		return nil, err
	}
	f := access.Facts{Units: map[access.Function][]org.UnitID{access.Told: {unit}}, Officers: []org.OfficerID{officer}}
	if who, err = access.Pick(who, actDone, f); err != nil {
		return nil, err
	}
	if done != 0 {
		return nil, fault.Refuse(fault.Conflict, "Quyết định này đã có kết quả.")
	}
	if in.Text = strings.TrimSpace(vntext.NFC(in.Text)); vntext.IsBlank(in.Text) {
		return nil, fault.Field("text", "Hãy ghi kết quả thực hiện.")
	}
	if err := checkText("text", in.Text); err != nil {
		return nil, err
	}
	text, err := packed(words{in.Text})
	if err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.done", By: who, Text: text, Facts: casefile.Pairs("decision", itoa(in.Decision))})
	if err != nil {
		return nil, err
	}
	if err := attach(tx, who, x.ID, n, in.Files); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE incident_decision SET done_n = $1 WHERE case_id = $2 AND n = $3`, n, string(id), in.Decision); err != nil {
		return nil, err
	}
	d, err := duty.Meet(tx, duty.Key{Case: x.ID, Rule: MustAct, Owner: unit, Round: in.Decision})
	if err != nil {
		return nil, err
	}
	return x, notice.Tell(tx, notice.Note{Unit: d.Counterpart, Case: x.ID, Kind: "incident.done"})
}

// missed tells of what was not done in time and puts it on the desk of who watches.
func missed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	x, err := of(tx, c)
	if err != nil {
		return err
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.missed", By: org.System("sweep"),
		Facts: casefile.Pairs("rule", d.Rule, "owner", string(d.Owner), "due", db.FormatInstant(d.DueAt))})
	if err != nil {
		return err
	}
	if err := notice.Tell(tx, notice.Note{Unit: d.Owner, Role: org.Leader, Case: x.ID, Kind: "incident.missed"}); err != nil {
		return err
	}
	watch, err := x.watchers(tx)
	if err != nil {
		return err
	}
	if !slices.Contains(watch, x.Lead) {
		watch = append(watch, x.Lead)
	}
	for _, u := range watch {
		if u == d.Owner {
			continue
		}
		if _, err := x.arm(tx, MustOversee, u, n, d.Owner, nil, ""); err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: u, Case: x.ID, Kind: "incident.missed"}); err != nil {
			return err
		}
	}
	return nil
}

func remind(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	return direct.Remind(tx, c, d, "incident.due_soon")
}

// Urge (đôn đốc) reminds a unit of what it owes on the incident; what lay on the desk of
// who urges is done with it.
func Urge(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID, text string, seen int64) (x *Incident, err error) {
	defer fault.Wrap(&err, "urge incident %s", id)
	if x, who, err = lockFor(tx, who, id, seen, actUrge); err != nil {
		return nil, err
	}
	if text = strings.TrimSpace(vntext.NFC(text)); vntext.IsBlank(text) && !x.Secret {
		return nil, fault.Field("text", "Hãy ghi nội dung đôn đốc.")
	}
	if x.Secret && text != "" {
		return nil, x.plain()
	}
	if err := checkText("text", text); err != nil {
		return nil, err
	}
	if err := x.partyOf(tx, unit); err != nil {
		return nil, err
	}
	e := casefile.Event{Kind: "incident.urged", By: who, Facts: casefile.Pairs("unit", string(unit))}
	if text != "" {
		if e.Text, err = packed(words{text}); err != nil {
			return nil, err
		}
	}
	if _, err := casefile.Record(tx, x.Case, e); err != nil {
		return nil, err
	}
	all, err := duty.OfCase(tx, x.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Rule == MustOversee && d.Owner == who.Post.Unit && d.Counterpart == unit && d.EndedAt.IsZero() {
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return nil, err
			}
		}
	}
	return x, notice.Tell(tx, notice.Note{Unit: unit, Role: org.Leader, Case: x.ID, Kind: "incident.urged"})
}
