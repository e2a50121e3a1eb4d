package incident

import (
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Link hangs another case on the incident (việc con): an epidemic after a flood, a road, a
// petition. Who may not read the other case does not see the link.
func Link(tx *db.Tx, who org.Actor, id, other casefile.ID, seen int64) (x *Incident, err error) {
	defer fault.Wrap(&err, "link to incident %s", id)
	if id == other {
		return nil, fault.Field("code", "Một sự cố không nối vào chính nó.")
	}
	both, err := casefile.LockAll(tx, who, id, other)
	if fault.Kind(err) == fault.NotFound {
		return nil, fault.Field("code", "Không có việc nào như thế trong hồ sơ anh/chị được xem.")
	}
	if err != nil {
		return nil, err
	}
	if x, who, err = lockFor(tx, who, id, seen, actLink); err != nil {
		return nil, err
	}
	if err := x.plain(); err != nil {
		return nil, err
	}
	return x, x.link(tx, who, both[1])
}

// link keeps the link to a case that this transaction holds.
func (x *Incident) link(tx *db.Tx, who org.Actor, c *casefile.Case) error {
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.linked", By: who, Audience: "u:" + string(who.Post.Unit) + ",u:" + string(x.Lead),
		Facts: casefile.Pairs("code", c.Code)})
	if err != nil {
		return err
	}
	done, err := tx.Exec(`INSERT INTO incident_link (case_id, other, n) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, string(x.ID), string(c.ID), n)
	if err == nil && done == 0 {
		err = fault.Refuse(fault.Conflict, "Việc này đã nối vào sự cố.")
	}
	return err
}

// An Ending says how an incident ended.
type Ending struct {
	Text    string
	Left    bool // who ends it knows that decisions without a result stay owed
	Version int64
}

// End says that the incident is over: what ran is waived with that reason, except what was
// decided, which stays owed and which who ends it says he knows; the lead owes the lessons
// (PT06/D3.K5).
func End(tx *db.Tx, who org.Actor, id casefile.ID, in Ending) (x *Incident, err error) {
	defer fault.Wrap(&err, "end incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actEnd); err != nil {
		return nil, err
	}
	if x.State != Open {
		return nil, fault.Refuse(fault.Conflict, "Sự cố đã kết thúc.")
	}
	in.Text = strings.TrimSpace(vntext.NFC(in.Text))
	if x.Secret && in.Text != "" {
		return nil, x.plain()
	}
	if err := checkText("text", in.Text); err != nil {
		return nil, err
	}
	left, err := x.undone(tx)
	if err != nil {
		return nil, err
	}
	e := casefile.Event{Kind: "incident.ended", By: who}
	if left > 0 {
		if !in.Left {
			return nil, fault.Field("left", "Còn %d quyết định chưa có kết quả. Kết thúc thì các quyết định ấy vẫn phải làm xong: hãy đánh dấu đã biết, hoặc chờ kết quả.", left)
		}
		e.Facts = casefile.Pairs("left", itoa(int64(left)))
	}
	if in.Text != "" {
		if e.Text, err = packed(words{in.Text}); err != nil {
			return nil, err
		}
	}
	n, err := casefile.Record(tx, x.Case, e)
	if err != nil {
		return nil, err
	}
	if err := x.finish(tx); err != nil {
		return nil, err
	}
	x.State, x.EndedAt = Ended, tx.Now
	if err := x.save(tx); err != nil {
		return nil, err
	}
	return x, x.afterwards(tx, n)
}

// finish ends the duties that the end of an incident makes void.
func (x *Incident) finish(tx *db.Tx) error {
	all, err := duty.OfCase(tx, x.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case !d.EndedAt.IsZero() || d.Rule == MustAct || d.Rule == MustOversee || d.Rule == MustConfirm:
		case d.Rule == MustLead:
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return err
			}
		default:
			if _, err := duty.Waive(tx, d.Key, "sự cố đã kết thúc"); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec(`UPDATE incident_resource SET state = 'over', ended_at = $1 WHERE case_id = $2 AND state = 'asked'`, tx.Now, string(x.ID))
	return err
}

// afterwards makes the lead owe the lessons, or closes the case where no rule asks for them.
func (x *Incident) afterwards(tx *db.Tx, n int64) error {
	rb, err := regulation.ByHash(tx, x.Rulebook)
	if err != nil {
		return err
	}
	rule, err := rb.Apply(tx, MustReview, x.Lead, "")
	if err != nil && quiet(err) != nil {
		return err
	}
	if err != nil || !rule.Bool("required") || x.Secret { // the lessons of a secret matter go the secret way too
		x.State, x.ClosedAt = Reviewed, tx.Now
		return nil
	}
	var limits []duty.Limit
	if l := rule.Limit("limit"); l.String() != "none" {
		limits = []duty.Limit{{Clause: string(rule.ClausesOf("limit")[0]), Basis: rule.Basis(), Short: rule.ShortBasis(), Text: l.String()}}
	}
	if _, err := x.arm(tx, MustReview, x.Lead, n, "", limits, ""); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: x.Lead, Case: x.ID, Kind: "incident.ended"})
}

// A Review is what was learned from an incident (rút kinh nghiệm).
type Review struct {
	Good    string // what went well
	Bad     string // what did not, and why
	Propose string // what is to be changed
	Files   []casefile.Document
	Version int64
}

// lessons are the words of a review, under its event.
type lessons struct {
	Good    string `json:"good"`
	Bad     string `json:"bad"`
	Propose string `json:"propose,omitempty"`
}

// ReviewNow keeps the lessons and closes the case. What was decided must be done first, or
// its duty stays open on a closed case, which is refused.
func ReviewNow(tx *db.Tx, who org.Actor, id casefile.ID, in Review) (x *Incident, err error) {
	defer fault.Wrap(&err, "review incident %s", id)
	if x, who, err = lockFor(tx, who, id, in.Version, actReview); err != nil {
		return nil, err
	}
	if x.State != Ended {
		return nil, fault.Refuse(fault.Conflict, "Rút kinh nghiệm sau khi sự cố đã kết thúc.")
	}
	in.Good, in.Bad, in.Propose = strings.TrimSpace(vntext.NFC(in.Good)), strings.TrimSpace(vntext.NFC(in.Bad)), strings.TrimSpace(vntext.NFC(in.Propose))
	if vntext.IsBlank(in.Good) {
		return nil, fault.Field("good", "Hãy ghi việc đã làm tốt.")
	}
	if vntext.IsBlank(in.Bad) {
		return nil, fault.Field("bad", "Hãy ghi việc chưa tốt và nguyên nhân.")
	}
	for _, t := range [][2]string{{"good", in.Good}, {"bad", in.Bad}, {"propose", in.Propose}} {
		if err := checkText(t[0], t[1]); err != nil {
			return nil, err
		}
	}
	if err := x.allDone(tx); err != nil {
		return nil, err
	}
	return x, x.close(tx, who, in)
}

// allDone refuses to close over decisions that nobody reported a result on.
func (x *Incident) allDone(tx *db.Tx) error {
	left, err := x.undone(tx)
	if err == nil && left > 0 {
		err = fault.Refuse(fault.Conflict, "Còn %d quyết định chưa có kết quả; báo kết quả trước khi rút kinh nghiệm.", left)
	}
	return err
}

// undone counts the decisions that nobody reported a result on.
func (x *Incident) undone(tx *db.Tx) (n int, err error) {
	all, err := duty.OfCase(tx, x.ID)
	for _, d := range all {
		if d.Rule == MustAct && d.EndedAt.IsZero() {
			n++
		}
	}
	return n, err
}

// Reopen takes up again an incident that was ended too early, or that came back, with the
// reason: the lead handles it again, the lessons wait for the next end. What the end made
// void (help asked for, situations owed) is asked for anew.
func Reopen(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (x *Incident, err error) {
	defer fault.Wrap(&err, "reopen incident %s", id)
	if x, who, err = lockFor(tx, who, id, seen, actEnd); err != nil {
		return nil, err
	}
	if x.State != Ended {
		return nil, fault.Refuse(fault.Conflict, "Sự cố này đang được xử lý.")
	}
	if reason = strings.TrimSpace(vntext.NFC(reason)); vntext.IsBlank(reason) {
		return nil, fault.Field("text", "Hãy ghi vì sao mở lại hồ sơ.")
	}
	if err := checkText("text", reason); err != nil {
		return nil, err
	}
	e := casefile.Event{Kind: "incident.reopened", By: who}
	if e.Text, err = packed(words{reason}); err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, x.Case, e)
	if err != nil {
		return nil, err
	}
	all, err := duty.OfCase(tx, x.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Rule == MustReview && d.EndedAt.IsZero() {
			if _, err := duty.Waive(tx, d.Key, "mở lại hồ sơ sự cố"); err != nil {
				return nil, err
			}
		}
	}
	if _, err := x.arm(tx, MustLead, x.Lead, n, x.Raiser, nil, ""); err != nil {
		return nil, err
	}
	x.State, x.EndedAt = Open, time.Time{}
	if err := x.save(tx); err != nil {
		return nil, err
	}
	return x, x.tellAll(tx, "incident.reopened")
}

func (x *Incident) close(tx *db.Tx, who org.Actor, in Review) error {
	text, err := packed(lessons{in.Good, in.Bad, in.Propose})
	if err != nil {
		return err
	}
	n, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.reviewed", By: who, Text: text}, "PT06/D3.K5")
	if err != nil {
		return err
	}
	if err := attach(tx, who, x.ID, n, in.Files); err != nil {
		return err
	}
	x.State, x.ClosedAt = Reviewed, tx.Now
	all, err := duty.OfCase(tx, x.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case !d.EndedAt.IsZero():
		case d.Rule == MustReview:
			_, err = duty.Meet(tx, d.Key)
		default:
			_, err = duty.Waive(tx, d.Key, "sự cố đã tổng kết")
		}
		if err != nil {
			return err
		}
	}
	return x.tellAll(tx, "incident.reviewed")
}

// tellAll tells every unit on the case.
func (x *Incident) tellAll(tx *db.Tx, kind string) error {
	parties, err := casefile.Parties(tx, x.ID)
	if err != nil {
		return err
	}
	told := map[org.UnitID]bool{}
	for _, p := range parties {
		if p.Unit == "" || told[p.Unit] {
			continue
		}
		told[p.Unit] = true
		if err := notice.Tell(tx, notice.Note{Unit: p.Unit, Case: x.ID, Kind: kind}); err != nil {
			return err
		}
	}
	return nil
}
