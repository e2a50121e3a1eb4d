package campaign

import (
	"fmt"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// JobKind is the kind of the job that carries answers to the items of groups.
const JobKind = "campaign.reach"

// chunk is how many items one step of that job reaches: the writer is not held for long.
const chunk = 50

// Plan sets when the online session begins: when nothing is collected any more and what was
// asked of departments is there.
func Plan(tx *db.Tx, who org.Actor, id casefile.ID, at time.Time, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "plan session of campaign %s", id)
	if c, who, err = run(tx, who, id, seen); err != nil {
		return nil, err
	}
	if c.State != Collecting {
		return nil, fault.Refuse(fault.Conflict, "Phiên họp đã bắt đầu.")
	}
	if err := c.suits(tx, at); err != nil {
		return nil, err
	}
	c.At = at
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.session_planned", By: who, Facts: map[string]string{"at": at.Format(time.RFC3339)}}, "PT1537/M1-4")
	if err != nil {
		return nil, err
	}
	return c, c.update(tx)
}

// suits refuses an hour of the session at which communes may still enter, or before a
// written explanation is due that was asked for.
func (c *Campaign) suits(tx *db.Tx, at time.Time) error {
	switch {
	case wholeMinute("at", at) != nil:
		return wholeMinute("at", at)
	case !at.After(tx.Now):
		return fault.Field("at", "Giờ họp phải sau lúc này.")
	case at.Before(c.Until):
		return fault.Field("at", "Giờ họp phải sau hạn thu thập (%s).", clock(c.Until))
	}
	open, err := c.open(tx, MustExplain)
	for _, d := range open {
		if at.Before(d.DueAt) {
			return fault.Field("at", "Giờ họp phải sau hạn báo cáo giải trình đã yêu cầu (%s).", clock(d.DueAt))
		}
	}
	return err
}

// An Opening begins a session. Reason says why it begins before the hour that was planned;
// otherwise it is empty.
type Opening struct {
	Reason  string
	Version int64
}

// Begin opens the session: from now on answers are recorded, and each department owes one
// for each of its groups on this day. The plan stays beside the instant at which it truly
// began; before the planned one it begins only with a word, and never while communes may
// still enter what they were asked for.
func Begin(tx *db.Tx, who org.Actor, id casefile.ID, in Opening) (c *Campaign, err error) {
	defer fault.Wrap(&err, "begin session of campaign %s", id)
	if c, who, err = run(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if err := c.begins(tx, &in); err != nil {
		return nil, err
	}
	all, err := Themes(tx, org.System("campaign"), id)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.Refuse(fault.Conflict, "Chương trình chưa có nhóm vấn đề nào.")
	}
	c.State, c.BegunAt = Session, tx.Now
	if _, err := casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.begun", By: who, Text: in.Reason, Facts: map[string]string{"groups": fmt.Sprint(len(all)), "planned": c.At.Format(time.RFC3339)}}); err != nil {
		return nil, err
	}
	for _, t := range all {
		if err := c.armAnswer(tx, t); err != nil {
			return nil, err
		}
	}
	return c, c.update(tx)
}

// Early says whether a session that begins now begins before the hour that was planned.
func (c *Campaign) Early(now time.Time) bool { return now.Before(c.At) }

// begins says why a session cannot begin now.
func (c *Campaign) begins(tx *db.Tx, in *Opening) (err error) {
	switch {
	case c.State != Collecting || c.At.IsZero():
		return fault.Refuse(fault.Conflict, "Chưa định giờ họp, hoặc phiên họp đã bắt đầu.")
	case tx.Now.Before(c.Until):
		return fault.Refuse(fault.Conflict, "Xã, phường còn được nhập đến trước %s; muốn họp sớm hơn thì đổi hạn thu thập trước.", clock(c.Until))
	case !c.Early(tx.Now):
		in.Reason = ""
		return nil
	}
	in.Reason, err = prose("reason", in.Reason, "Phiên họp định lúc "+clock(c.At)+"; hãy ghi vì sao họp sớm hơn, hoặc định lại giờ họp.")
	return err
}

// Held is when the session was held, in words; before it was, when it is planned; "" when it
// is not.
func (c *Campaign) Held() string {
	switch {
	case c.BegunAt.IsZero() && c.At.IsZero():
		return ""
	case c.BegunAt.IsZero():
		return "dự kiến " + clock(c.At)
	case c.EndedAt.IsZero():
		return "bắt đầu " + clock(c.BegunAt)
	case workday.Of(c.BegunAt) == workday.Of(c.EndedAt):
		return "từ " + hour(c.BegunAt) + " đến " + clock(c.EndedAt)
	}
	return "từ " + clock(c.BegunAt) + " đến " + clock(c.EndedAt)
}

// armAnswer makes a department owe its answer to one group on the day of the session: no
// text says by which hour of it.
func (c *Campaign) armAnswer(tx *db.Tx, t *Theme) error {
	rule, err := c.answering(tx, t.Lead)
	if err != nil {
		return err
	}
	limit := duty.Limit{Basis: "phiên họp " + clock(c.BegunAt) + "; " + rule.Basis(), Short: "phiên họp " + clock(c.BegunAt), Text: workday.Of(c.BegunAt).String()}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: c.ID, Rule: MustAnswer, Owner: t.Lead, Round: t.N}, Counterpart: c.Raiser, Request: rule.Request, Limits: []duty.Limit{limit}})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: t.Lead, Role: org.Leader, Case: c.ID, Kind: "campaign.begun"})
}

// A Reply is what a department answers to a group.
type Reply struct {
	Theme   int64
	Speaker string // who answered, as people name him: "Giám đốc Sở Tư pháp"
	Outcome petition.Outcome
	Text    string
	Number  string // of the document that it rests on, with its day
	NextOn  workday.Date
	Version int64
}

// Answer records an answer to a group: while the session runs by who runs it, as it is
// given there; after the session by the department, whose newer answer holds from then on
// and reaches the communes again. No answer is written over.
func Answer(tx *db.Tx, who org.Actor, id casefile.ID, in Reply) (c *Campaign, err error) {
	defer fault.Wrap(&err, "answer group %d of campaign %s", in.Theme, id)
	if c, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	t, err := c.theme(tx, in.Theme)
	if err != nil {
		return nil, err
	}
	if who, err = c.mayAnswer(tx, who, t); err != nil {
		return nil, err
	}
	if err := c.byGroup(tx, t); err != nil {
		return nil, err
	}
	if in.Speaker == "" && c.State == Answered {
		in.Speaker = who.Post.Title + " " + who.Name
	}
	if err := in.check(tx); err != nil {
		return nil, err
	}
	if err := c.answer(tx, who, t, in); err != nil {
		return nil, err
	}
	if err := c.meetAnswer(tx, t, in); err != nil || c.State != Answered {
		return c, err
	}
	if err := notice.Tell(tx, notice.Note{Unit: c.Raiser, Role: org.Desk, Case: c.ID, Kind: "campaign.answer_changed"}); err != nil {
		return nil, err
	}
	_, err = job.Start(tx, JobKind, reachInput(c.ID, t.N), string(who.Officer))
	return c, err
}

// mayAnswer says who records an answer now.
func (c *Campaign) mayAnswer(tx *db.Tx, who org.Actor, t *Theme) (org.Actor, error) {
	switch c.State {
	case Session:
		return mayMerge(tx, who)
	case Answered:
		return access.Pick(who, actAnswer, facts(access.Lead, t.Lead))
	}
	return who, fault.Refuse(fault.Conflict, "Câu trả lời ghi trong phiên họp hoặc sau phiên họp; đợt này: %s.", strings.ToLower(States[c.State]))
}

// byGroup refuses one answer for several items where the rule wants one for each.
func (c *Campaign) byGroup(tx *db.Tx, t *Theme) error {
	rule, err := c.answering(tx, t.Lead)
	if err != nil || rule.Bool("by_group") {
		return err
	}
	var n int64
	// system: the campaign is held
	if err := tx.One(`SELECT count(*) FROM campaign_item WHERE campaign = $1 AND theme = $2`, []any{string(c.ID), t.N}, &n); err != nil {
		return err
	}
	if n > 1 {
		return fault.Refuse(fault.Conflict, "Quy chế đang áp dụng yêu cầu giải đáp từng nội dung, không theo nhóm.")
	}
	return nil
}

// check wants the day of the next report wherever the outcome leaves the matter open: what
// has no day is forgotten.
func (in *Reply) check(tx *db.Tx) (err error) {
	if in.Speaker, err = oneLine("speaker", in.Speaker, "Hãy ghi ai trả lời."); err != nil {
		return err
	}
	if in.Number, err = oneLine("number", in.Number, ""); err != nil {
		return err
	}
	if in.Text, err = prose("text", in.Text, "Hãy ghi nội dung trả lời."); err != nil {
		return err
	}
	switch in.Outcome {
	case petition.Resolved, petition.Guided:
		in.NextOn = workday.Date{}
	case petition.InProgress, petition.ReferredUp:
		if in.NextOn.IsZero() || in.NextOn.Before(workday.Of(tx.Now)) {
			return fault.Field("next_on", "Việc còn mở thì ghi ngày báo tiếp, từ hôm nay trở đi.")
		}
	default:
		return fault.Field("outcome", "Hãy chọn kết quả: đã giải quyết, đã hướng dẫn, tiếp thu đang xử lý, hoặc vượt thẩm quyền đã kiến nghị cấp trên.")
	}
	return nil
}

// answer adds a row and an event, read by the department and by who runs the campaign until
// the answer is carried to the communes.
func (c *Campaign) answer(tx *db.Tx, who org.Actor, t *Theme, in Reply) error {
	kind := "campaign.answered"
	if len(t.Answers) > 0 {
		kind = "campaign.answer_changed"
	}
	next := ""
	if !in.NextOn.IsZero() {
		next = in.NextOn.String()
	}
	n, err := casefile.Record(tx, c.Case, casefile.Event{Kind: kind, By: who, Audience: audience(c.Raiser, t.Lead), Text: in.Text,
		Facts: map[string]string{"group": t.Title, "speaker": in.Speaker, "outcome": string(in.Outcome), "number": in.Number, "next_on": next}})
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO campaign_answer (case_id, theme, n, event_n, unit, speaker, outcome, number, next_on, in_session, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		string(c.ID), t.N, len(t.Answers)+1, n, string(t.Lead), in.Speaker, string(in.Outcome), in.Number, next, c.State == Session, tx.Now)
	return err
}

// meetAnswer ends what the department owed on the group, and arms the next report where
// the matter stays open.
func (c *Campaign) meetAnswer(tx *db.Tx, t *Theme, in Reply) error {
	open, err := c.open(tx, MustAnswer)
	if err != nil {
		return err
	}
	reports, err := c.open(tx, MustReport)
	if err != nil {
		return err
	}
	for _, d := range append(open, reports...) {
		if d.Owner != t.Lead || (d.Rule == MustAnswer && d.Round != t.N) || (d.Rule == MustReport && d.Round/1000 != t.N) {
			continue
		}
		if _, err := duty.Meet(tx, d.Key); err != nil {
			return err
		}
	}
	if in.NextOn.IsZero() {
		return nil
	}
	// one round for each answer of each group
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: c.ID, Rule: MustReport, Owner: t.Lead, Round: t.N*1000 + int64(len(t.Answers)) + 1}, Counterpart: c.Raiser,
		Limits: []duty.Limit{{Basis: "ngày báo tiếp " + in.Speaker + " nêu ngày " + workday.Of(tx.Now).Long(), Text: in.NextOn.String()}}})
	return err
}

// End ends the session; what was answered is carried to every commune of each group.
func End(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "end session of campaign %s", id)
	if c, who, err = run(tx, who, id, seen); err != nil {
		return nil, err
	}
	if c.State != Session {
		return nil, fault.Refuse(fault.Conflict, "Không có phiên họp nào đang diễn ra.")
	}
	all, err := Themes(tx, org.System("campaign"), id)
	if err != nil {
		return nil, err
	}
	open := 0
	for _, t := range all {
		if t.Open() {
			open++
		}
	}
	c.State, c.EndedAt = Answered, tx.Now
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.ended", By: who, Facts: map[string]string{"groups": fmt.Sprint(len(all)), "open": fmt.Sprint(open)}})
	if err != nil {
		return nil, err
	}
	if err := c.update(tx); err != nil {
		return nil, err
	}
	_, err = job.Start(tx, JobKind, reachInput(c.ID, 0), string(who.Officer))
	return c, err
}

// reachInput names a campaign and one of its groups, 0 for all.
func reachInput(id casefile.ID, theme int64) string { return string(id) + " " + itoa(theme) }

// Step carries answers to the next items: the step of JobKind.
func Step(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	defer fault.Wrap(&err, "carry answers %s", j.Input)
	var id string
	var theme int64
	if _, err := fmt.Sscan(j.Input, &id, &theme); err != nil {
		return p, err
	}
	program := org.System("campaign")
	some, _, err := Items(tx, program, casefile.ID(id), Filter{Theme: theme}, db.Cursor(j.Cursor), chunk)
	if err != nil {
		return p, err
	}
	if len(some) == 0 {
		return job.Progress{Cursor: j.Cursor, Done: j.Done, Total: j.Done, End: true}, nil
	}
	themes, err := Themes(tx, program, casefile.ID(id))
	if err != nil {
		return p, err
	}
	for _, i := range some {
		for _, t := range themes {
			if a, ok := t.Holds(); ok && t.N == i.Theme && i.Round < a.N {
				if err := reach(tx, i.ID, t, a); err != nil {
					return p, err
				}
			}
		}
	}
	return job.Progress{Cursor: string(some[len(some)-1].ID), Done: j.Done + int64(len(some))}, nil
}

// reach gives one item the answer that holds. The number of the answer is the item's
// round: a step done twice reaches nothing twice.
func reach(tx *db.Tx, id casefile.ID, t *Theme, a Given) error {
	i, err := lockItem(tx, org.System("campaign"), id, 0)
	if err != nil || i.Round >= a.N {
		return err
	}
	if i.State == Told { // the word on the answer before is not asked for any more
		if _, err := duty.Waive(tx, duty.Key{Case: i.ID, Rule: MustSettle, Owner: i.Commune, Round: i.Round}, "đã có câu trả lời mới của "+string(t.Lead)); err != nil {
			return err
		}
	}
	i.Round, i.State, i.ClosedAt = a.N, Told, time.Time{}
	if _, err := tx.Exec(`UPDATE campaign_item SET round = $1, settled = '' WHERE case_id = $2`, i.Round, string(i.ID)); err != nil {
		return err
	}
	_, err = casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.answer_reached", By: org.System("campaign"), Text: a.Text,
		Facts: map[string]string{"group": t.Title, "unit": string(t.Lead), "speaker": a.Speaker, "outcome": string(a.Outcome), "number": a.Number, "next_on": a.NextOn, "round": itoa(a.N)}})
	if err != nil {
		return err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: i.ID, Rule: MustSettle, Owner: i.Commune, Round: i.Round}, Counterpart: t.Lead, Field: i.Field}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: i.Commune, Role: org.Leader, Case: i.ID, Kind: "campaign.answer_reached"})
}

// MayAnswer says whether the actor may record an answer to a group now.
func MayAnswer(tx *db.Tx, who org.Actor, c *Campaign, t *Theme) (bool, error) {
	_, err := c.mayAnswer(tx, who, t)
	switch kind := fault.Kind(err); {
	case err == nil:
		return true, nil
	case kind == fault.Denied || kind == fault.NotFound || kind == fault.Invalid || kind == fault.Conflict:
		return false, nil
	}
	return false, err
}
