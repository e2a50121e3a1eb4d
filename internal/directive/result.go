package directive

import (
	"encoding/json"
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
)

// A Result is what the lead hands in: a report of what came of the assignment, or the
// document that it asks for.
type Result struct {
	Text    string              `json:"text"`
	Paper   signoff.Outer       `json:"-"` // its number, when it went through the document system
	Files   []casefile.Document `json:"-"`
	Version int64               `json:"-"`
}

func (in *Result) check() error {
	in.Text = vntext.NFC(strings.TrimSpace(in.Text))
	if vntext.IsBlank(in.Text) {
		return fault.Field("text", "Hãy ghi kết quả: đã làm gì, văn bản nào đã ban hành.")
	}
	return checkText("text", in.Text, 100_000)
}

// SubmitNow releases the lead's report on the result in one act, by an actor whose unit's
// path for this paper is one step. The duty is met at that instant; whether the result is
// accepted is another's to say.
func SubmitNow(tx *db.Tx, who org.Actor, id casefile.ID, in Result) (a *Assignment, err error) {
	defer fault.Wrap(&err, "submit result of %s", id)
	if a, who, err = handIn(tx, who, id, &in); err != nil {
		return nil, err
	}
	if who, err = signoff.Direct(tx, who, a.Lead, PaperResult, a.Field); err != nil {
		return nil, err
	}
	number, err := signoff.Enter(tx, who, signoff.Entry{Unit: a.Lead, Section: who.Post.Section, Book: "BC", Code: "BC", Case: a.ID}, in.Paper)
	if err != nil {
		return nil, err
	}
	return a, a.submitted(tx, who, in, number.Symbol, "")
}

// handIn holds an assignment whose lead may hand in its result now.
func handIn(tx *db.Tx, who org.Actor, id casefile.ID, in *Result) (*Assignment, org.Actor, error) {
	a, who, err := forAct(tx, who, id, in.Version, actSubmit)
	if err != nil {
		return nil, who, err
	}
	if err := a.running(); err != nil {
		return nil, who, err
	}
	if err := a.partsGivenOn(tx); err != nil {
		return nil, who, err
	}
	return a, who, in.check()
}

// partsGivenOn refuses a result while parts that were given on are still being done.
func (a *Assignment) partsGivenOn(tx *db.Tx) error {
	var n int64
	// system: the unit counts the parts it gave on itself
	err := tx.One(`SELECT count(*) FROM assignment s JOIN casefile c ON c.id = s.case_id WHERE s.parent = $1 AND c.state IN ('open', 'submitted')`, []any{string(a.ID)}, &n)
	if err == nil && n > 0 {
		err = fault.Refuse(fault.Conflict, "Còn %d phần đã giao tiếp chưa hoàn thành; hãy công nhận kết quả hoặc cho thôi thực hiện các phần ấy trước.", n)
	}
	return err
}

// DraftResult begins the lead's paper that reports the result. Drafting meets no duty.
func DraftResult(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in Result) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft result of %s", id)
	a, err := lockAssignment(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	if !who.In(a.Lead) { // who drafts inside the unit is its own path's to say
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì mới soạn báo cáo kết quả nhiệm vụ này.")
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	return a.draft(tx, desk, who, a.Lead, PaperResult, "Báo cáo kết quả thực hiện nhiệm vụ: "+a.Title, in)
}

// draft begins a paper of a unit on the assignment, unless one of the kind is under way.
func (a *Assignment) draft(tx *db.Tx, desk signoff.Desk, who org.Actor, unit org.UnitID, kind, title string, in Result) (*signoff.Paper, error) {
	papers, err := signoff.OfCase(tx, who, a.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range papers {
		if x.Kind == kind && x.Unit == unit && x.State != signoff.Released && x.State != signoff.Dropped {
			return nil, fault.Refuse(fault.Conflict, "Đã có một dự thảo đang xử lý cho việc này; hãy mở dự thảo ấy.")
		}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	x, err := desk.Draft(tx, who, signoff.New{Case: a.ID, Kind: kind, Unit: unit, Title: shorten(title), Body: string(body)})
	if err != nil {
		return nil, err
	}
	return x, enclose(tx, who, a.ID, unit, string(x.ID), in.Files)
}

func checkResult(_ *db.Tx, body string) error {
	var in Result
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	return in.check()
}

func readResult(body string) string {
	var in Result
	if json.Unmarshal([]byte(body), &in) != nil {
		return body // not ours to judge: shown as it is
	}
	return in.Text
}

func resultReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	a, err := assignmentOf(tx, c)
	if err != nil {
		return err
	}
	var in Result
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	if x.Unit != a.Lead {
		return fault.Refuse(fault.Conflict, "Nhiệm vụ đã chuyển sang đơn vị khác trong lúc soạn báo cáo.")
	}
	if err := a.running(); err != nil {
		return err
	}
	if err := a.partsGivenOn(tx); err != nil {
		return err
	}
	return a.submitted(tx, who, in, x.Symbol, string(x.ID))
}

// submitted records a handed-in result, meets what the lead owed, and makes whoever gave
// the assignment owe a look at it.
func (a *Assignment) submitted(tx *db.Tx, who org.Actor, in Result, number, paper string) error {
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.submitted", By: who, Text: in.Text, Facts: casefile.Pairs("number", number, "round", itoa(a.Returns+1))},
		"PT06/D5.K1.a-2", "PT06/D5.K2.a", "TX108/D6.K6", "TX108/D26.K2-3")
	if err != nil {
		return err
	}
	if err := attach(tx, who, a.ID, n, paper, in.Files); err != nil {
		return err
	}
	if err := freed(tx, paper, n); err != nil {
		return err
	}
	owed, err := a.leadDuty(tx)
	if err != nil {
		return err
	}
	if _, err := duty.Meet(tx, owed.Key); err != nil {
		return err
	}
	a.State, a.SubmittedN, a.SubmittedAt, a.ResultNumber, a.Percent = Submitted, n, tx.Now, number, 100
	unit, _, err := a.giver(tx, RuleAccept)
	if err != nil {
		return err
	}
	round, err := nextRound(tx, a.ID, MustCheck, unit)
	if err != nil {
		return err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustCheck, Owner: unit, Round: round}, Counterpart: a.Lead, Field: a.Field}); err != nil {
		return err
	}
	if err := a.update(tx); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: unit, Case: a.ID, Kind: "assignment.submitted"})
}

// A Verdict is what whoever gave an assignment says of its result.
type Verdict struct {
	Text    string // the reason, where it is given back
	Quality string // one of the rule's words; "" where the rule has none
	Version int64
}

// Accept takes the result as done and ends the assignment. Parts still open end with it;
// units whose work it touches hear the result where a rule says so.
func Accept(tx *db.Tx, who org.Actor, id casefile.ID, in Verdict) (a *Assignment, err error) {
	defer fault.Wrap(&err, "accept result of %s", id)
	a, rule, who, err := asGiver(tx, who, id, in.Version, RuleAccept, actAccept)
	if err != nil {
		return nil, err
	}
	if a.State != Submitted {
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ này không có kết quả nào chờ kiểm tra.")
	}
	if words := rule.List("quality"); len(words) > 0 && !slices.Contains(words, in.Quality) {
		return nil, fault.Field("quality", "Hãy chọn mức chất lượng: %s.", strings.Join(words, "; "))
	}
	if err := checkText("text", in.Text, longestReason); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.accepted", By: who, Text: in.Text, Facts: casefile.Pairs("quality", in.Quality)},
		"ND-UBT/P6", "ND-UBT/P8-2"); err != nil {
		return nil, err
	}
	if err := a.checked(tx); err != nil {
		return nil, err
	}
	a.State, a.Quality, a.AcceptedAt, a.ClosedAt = Accepted, in.Quality, tx.Now, tx.Now
	if err := a.endParts(tx, "nhiệm vụ đã được công nhận hoàn thành"); err != nil {
		return nil, err
	}
	if err := a.update(tx); err != nil {
		return nil, err
	}
	if err := notice.Tell(tx, notice.Note{Unit: a.Lead, Case: a.ID, Kind: "assignment.accepted"}); err != nil {
		return nil, err
	}
	return a, a.tellTouched(tx)
}

// checked meets the duty to look at a result.
func (a *Assignment) checked(tx *db.Tx) error {
	open, err := openDuties(tx, a.ID, MustCheck)
	if err != nil {
		return err
	}
	for _, d := range open {
		if _, err := duty.Meet(tx, d.Key); err != nil {
			return err
		}
	}
	return nil
}

// endParts waives what still runs; an account that was asked for is owed all the same.
func (a *Assignment) endParts(tx *db.Tx, why string) error {
	all, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if !d.EndedAt.IsZero() || d.Rule == MustExplain {
			continue
		}
		if _, err := duty.Waive(tx, d.Key, why); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE assignment_part SET state = 'ended' WHERE case_id = $1 AND state = 'open'`, string(a.ID))
	return err
}

// tellTouched sends the result to the units whose work it touches (TX108/D21.K2).
func (a *Assignment) tellTouched(tx *db.Tx) error {
	rb, err := a.rulebook(tx)
	if err != nil {
		return err
	}
	rule, ok, err := ruled(tx, rb, RuleTold, a.Lead, a.Field)
	if err != nil || !ok || !rule.Bool("touched") {
		return err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := notice.Tell(tx, notice.Note{Unit: p.Unit, Case: a.ID, Kind: "assignment.touched"}); err != nil {
			return err
		}
	}
	return nil
}

// ReturnNotDone gives a result back as not done, with reasons. What the lead owed is owed
// again under the same limits: handing in what is not the act stops no clock.
func ReturnNotDone(tx *db.Tx, who org.Actor, id casefile.ID, in Verdict) (a *Assignment, err error) {
	defer fault.Wrap(&err, "return result of %s", id)
	a, _, who, err = asGiver(tx, who, id, in.Version, RuleAccept, actAccept)
	if err != nil {
		return nil, err
	}
	if a.State != Submitted {
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ này không có kết quả nào chờ kiểm tra.")
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy nêu rõ nội dung nào chưa đạt."); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.returned", By: who, Text: in.Text}, "ND-UBT/P6"); err != nil {
		return nil, err
	}
	owed, err := a.leadDuty(tx)
	if err != nil {
		return nil, err
	}
	g := duty.Ground{Reason: in.Text, By: who}
	if _, err := duty.Reopen(tx, owed.Key, g); err != nil {
		return nil, err
	}
	if owed.Owner != a.Lead { // the lead changed while the result waited
		if _, _, err := duty.HandOver(tx, owed.Key, a.Lead, g); err != nil {
			return nil, err
		}
	}
	if err := a.checked(tx); err != nil {
		return nil, err
	}
	a.State, a.Returns, a.SubmittedN, a.Percent = Open, a.Returns+1, 0, min(a.Percent, 99)
	if err := a.update(tx); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: a.Lead, Case: a.ID, Kind: "assignment.returned"})
}

// End lets an assignment that need not be done any more go (thôi thực hiện): by whoever
// gave it, with the reason and the paper that says so. Its duties are waived.
func End(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "end assignment %s", id)
	if reason, err = reasonOf("reason", reason, "Hãy nêu lý do và văn bản cho thôi thực hiện."); err != nil {
		return nil, err
	}
	a, _, who, err = asGiver(tx, who, id, seen, RuleAccept, actAccept)
	if err != nil {
		return nil, err
	}
	if err := a.alive(); err != nil {
		return nil, err
	}
	if err := a.ends(tx, who, reason); err != nil {
		return nil, err
	}
	return a, a.endGivenOn(tx, who, reason)
}

// accountable says who may be asked to account: the lead and those who coordinate, never
// a body that is only requested.
func (a *Assignment) accountable(f access.Facts, unit org.UnitID) bool {
	return unit == a.Lead || slices.Contains(f.Units[access.Coordinating], unit)
}
