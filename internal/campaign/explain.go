package campaign

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// PaperExplain is the kind of a department's written explanation before the session.
const PaperExplain = "campaign.explanation"

// Papers are the kinds of paper that campaigns walk through signoff.
func Papers() []signoff.Kind {
	return []signoff.Kind{{Name: PaperExplain, Say: "Báo cáo giải trình trước phiên họp", Code: "BC", Check: checkExplanation, Released: explanationReleased, Text: readExplanation}}
}

// explanation is the body of that paper.
type explanation struct {
	Text string `json:"text"`
}

func readExplanation(body string) string {
	var in explanation
	if json.Unmarshal([]byte(body), &in) != nil {
		return body
	}
	return in.Text
}

func checkExplanation(_ *db.Tx, body string) error {
	_, err := prose("text", readExplanation(body), "Hãy ghi nội dung giải trình.")
	return err
}

// A Demand asks departments for written explanations.
type Demand struct {
	Units    []org.UnitID // empty: every unit that leads a group and was not asked yet
	By       time.Time    // the hour that is set; whether it is late itself is the rule's
	Number   string       // of the document that asks: "1537/UBND-TH"
	IssuedOn workday.Date
	Text     string
	Version  int64
}

// Ask makes departments owe a written explanation by an instant.
func Ask(tx *db.Tx, who org.Actor, id casefile.ID, in Demand) (c *Campaign, err error) {
	defer fault.Wrap(&err, "ask for explanations in campaign %s", id)
	if c, who, err = run(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if c.State != Collecting {
		return nil, fault.Refuse(fault.Conflict, "Phiên họp đã bắt đầu; không yêu cầu giải trình trước phiên họp nữa.")
	}
	if err := in.check(tx, c); err != nil {
		return nil, err
	}
	if in.Units, err = c.toAsk(tx, in.Units); err != nil {
		return nil, err
	}
	for _, u := range in.Units {
		if err := c.ask(tx, who, u, in); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// check wants the document that asks: number and day stand beside the limit, which ends
// before the session for which it is asked.
func (in *Demand) check(tx *db.Tx, c *Campaign) (err error) {
	if in.Number, err = oneLine("number", in.Number, "Hãy ghi số, ký hiệu văn bản yêu cầu giải trình."); err != nil {
		return err
	}
	if in.IssuedOn.IsZero() || workday.Of(tx.Now).Before(in.IssuedOn) {
		return fault.Field("issued_on", "Hãy ghi ngày của văn bản, không sau hôm nay.")
	}
	switch {
	case in.By.IsZero():
		return fault.Field("by", "Hãy ghi báo cáo phải gửi trước giờ nào, ngày nào.")
	case wholeMinute("by", in.By) != nil:
		return wholeMinute("by", in.By)
	case !in.By.After(tx.Now):
		return fault.Field("by", "Hạn giải trình phải sau lúc này (%s).", clock(tx.Now))
	case !c.At.IsZero() && in.By.After(c.At):
		return fault.Field("by", "Báo cáo giải trình gửi trước phiên họp (%s); hãy ghi hạn không sau giờ họp.", clock(c.At))
	}
	in.Text, err = prose("text", in.Text, "")
	return err
}

// toAsk are the units that lead groups and have no explanation running.
func (c *Campaign) toAsk(tx *db.Tx, asked []org.UnitID) (units []org.UnitID, err error) {
	all, err := Themes(tx, org.System("campaign"), c.ID)
	if err != nil {
		return nil, err
	}
	open, err := c.open(tx, MustExplain)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		waits := slices.ContainsFunc(open, func(d *duty.Duty) bool { return d.Owner == t.Lead })
		if !waits && !slices.Contains(units, t.Lead) && (len(asked) == 0 || slices.Contains(asked, t.Lead)) {
			units = append(units, t.Lead)
		}
	}
	if len(units) == 0 || (len(asked) > 0 && len(units) < len(asked)) {
		return nil, fault.Field("units", "Chỉ yêu cầu cơ quan chủ trì một nhóm vấn đề và chưa được yêu cầu.")
	}
	return units, nil
}

// open are the running duties of a rule on the campaign.
func (c *Campaign) open(tx *db.Tx, rule string) (open []*duty.Duty, err error) {
	all, err := duty.OfCase(tx, c.ID)
	for _, d := range all {
		if d.Rule == rule && (d.Fate == duty.Open || d.Fate == duty.Suspended) {
			open = append(open, d)
		}
	}
	return open, err
}

// ask arms one department's duty. A day and hour that a document sets are nobody's clause:
// the limit names the document and who entered it.
func (c *Campaign) ask(tx *db.Tx, who org.Actor, unit org.UnitID, in Demand) error {
	rb, err := regulation.ByHash(tx, c.Rulebook)
	if err != nil {
		return err
	}
	rule, err := rb.Apply(tx, MustExplain, unit, "")
	if err != nil {
		return err
	}
	// the first instant that is late: the hour itself where the text says "trước"
	late, words := in.By, "trước "
	if !rule.Bool("before") {
		late, words = in.By.Add(time.Minute), "chậm nhất "
	}
	n, err := casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.asked", By: who, Audience: audience(c.Raiser, unit), Text: in.Text,
		Facts: map[string]string{"owner": string(unit), "number": in.Number, "issued_on": in.IssuedOn.String(), "due": late.Format(time.RFC3339)}})
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: c.ID, Rule: MustExplain, Owner: unit, Round: n}, Counterpart: rule.Role("through").Unit, Request: rule.Request,
		Limits: []duty.Limit{{Basis: words + clock(in.By) + ", văn bản số " + in.Number + " ngày " + in.IssuedOn.Long(), Text: instant(late), SetBy: who.Officer}}})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: unit, Role: org.Leader, Case: c.ID, Kind: "campaign.asked"})
}

// DraftExplanation begins the paper of a department that was asked.
func DraftExplanation(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, text string, seen int64) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft explanation in campaign %s", id)
	c, d, err := toExplain(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	papers, err := signoff.OfCase(tx, who, id)
	if err != nil {
		return nil, err
	}
	for _, x := range papers {
		if x.Kind == PaperExplain && x.Unit == d.Owner && x.State != signoff.Released && x.State != signoff.Dropped {
			return nil, fault.Refuse(fault.Conflict, "Đã có một dự thảo giải trình đang xử lý; hãy mở dự thảo ấy.")
		}
	}
	body, err := json.Marshal(explanation{text})
	if err != nil {
		return nil, err
	}
	return desk.Draft(tx, who, signoff.New{Case: id, Kind: PaperExplain, Unit: d.Owner, Title: "Giải trình khó khăn, vướng mắc của cấp xã: " + c.Title, Body: string(body)})
}

// toExplain holds a campaign in which a unit of the actor owes an explanation.
func toExplain(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Campaign, *duty.Duty, error) {
	c, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, nil, err
	}
	open, err := c.open(tx, MustExplain)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range open {
		if who.In(d.Owner) {
			return c, d, nil
		}
	}
	return nil, nil, fault.Refuse(fault.Conflict, "Đơn vị không có yêu cầu giải trình nào đang chờ.")
}

// ExplainNow releases the explanation in one act, by an actor whose unit's path is one step.
func ExplainNow(tx *db.Tx, who org.Actor, id casefile.ID, text string, outer signoff.Outer, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "explain in campaign %s", id)
	c, d, err := toExplain(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	if who, err = signoff.Direct(tx, who, d.Owner, PaperExplain, ""); err != nil {
		return nil, err
	}
	if text, err = prose("text", text, "Hãy ghi nội dung giải trình."); err != nil {
		return nil, err
	}
	kind := Papers()[0]
	e, err := signoff.Enter(tx, who, signoff.Entry{Unit: d.Owner, Book: kind.Book(), Code: kind.Code, Case: id}, outer)
	if err != nil {
		return nil, err
	}
	_, err = c.explained(tx, who, d, text, map[string]string{"number": e.Symbol, "signer": string(who.Officer), "capacity": string(who.Capacity)})
	return c, err
}

// explanationReleased is what the release of the paper means: it meets the duty.
func explanationReleased(tx *db.Tx, who org.Actor, k *casefile.Case, x *signoff.Paper, body string) error {
	c, err := of(tx, k)
	if err != nil {
		return err
	}
	open, err := c.open(tx, MustExplain)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(open, func(d *duty.Duty) bool { return d.Owner == x.Unit })
	if at < 0 {
		return fault.Refuse(fault.Conflict, "Không có yêu cầu giải trình nào đang chờ.")
	}
	n, err := c.explained(tx, who, open[at], readExplanation(body), map[string]string{"number": x.Symbol, "paper": string(x.ID), "signer": string(x.Signer), "capacity": string(x.Capacity)})
	if err != nil {
		return err
	}
	return casefile.Release(tx, string(x.ID), n)
}

// explained records an explanation and meets its duty at the instant of the release.
func (c *Campaign) explained(tx *db.Tx, who org.Actor, d *duty.Duty, text string, signed map[string]string) (int64, error) {
	signed["owner"] = string(d.Owner)
	n, err := casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.explained", By: who, Audience: audience(c.Raiser, d.Counterpart, d.Owner), Text: text, Facts: signed})
	if err != nil {
		return 0, err
	}
	if _, err := duty.Meet(tx, d.Key); err != nil {
		return 0, err
	}
	return n, notice.Tell(tx, notice.Note{Unit: d.Counterpart, Role: org.Desk, Case: c.ID, Kind: "campaign.explained"})
}

// document names the document that opened the campaign.
func (c *Campaign) document() string {
	if d, err := workday.ParseDate(c.IssuedOn); err == nil {
		return "văn bản số " + c.Number + " ngày " + d.Long()
	}
	return "văn bản số " + c.Number
}

// clock is an instant as papers write it: "16h00 ngày 04/08/2025".
func clock(at time.Time) string {
	return hour(at) + " ngày " + workday.Of(at).Long()
}

// hour is the hour of an instant as papers write it: "16h00".
func hour(at time.Time) string {
	at = at.In(workday.Office)
	return fmt.Sprintf("%02dh%02d", at.Hour(), at.Minute())
}

// wholeMinute refuses an instant that papers cannot write: they give hour and minute.
func wholeMinute(field string, at time.Time) error {
	if at.Truncate(time.Minute) != at {
		return fault.Field(field, "Giờ ghi đến phút, như 16h00.")
	}
	return nil
}

// instant is an instant as limits are written.
func instant(at time.Time) string { return at.In(workday.Office).Format("2006-01-02T15:04") }

// parties of the explanation and of the session share this: who runs the campaign is told.
func (c *Campaign) runs(who org.Actor) bool {
	return access.May(who, actMerge, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {c.Raiser}}}) == nil
}

// OwesExplanation says whether a unit of the actor owes an explanation.
func OwesExplanation(tx *db.Tx, who org.Actor, c *Campaign) (bool, error) {
	open, err := c.open(tx, MustExplain)
	return slices.ContainsFunc(open, func(d *duty.Duty) bool { return who.In(d.Owner) }), err
}
