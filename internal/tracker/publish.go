package tracker

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// What is made public: a case of its own, and the paper that its unit signs and releases.
const (
	PublicationKind  = "publication"
	PaperPublication = "publication.release"
	publicPrefix     = "CK"
)

// The states of a publication, on its case.
const (
	Preparing = "preparing"
	Released  = "released"
	Withdrawn = "withdrawn"
)

// PublicationStates are the states as screens name them.
var PublicationStates = map[string]string{Preparing: "Đang lập", Released: "Đã công khai", Withdrawn: "Đã rút"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"publication.begun":     "Lập danh sách kết quả để công khai",
	"publication.withheld":  "Không công khai một kết quả",
	"publication.included":  "Công khai lại một kết quả",
	"publication.released":  "Công khai danh sách kết quả",
	"publication.withdrawn": "Rút danh sách đã công khai",
}

var (
	actPrepare = access.Act{Name: "publication.prepare", Say: "lập danh sách kết quả để công khai", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head, org.Specialist, org.Desk}}}}
	actWithdraw = access.Act{Name: "publication.withdraw", Say: "rút danh sách kết quả đã công khai", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
)

// A Quarter is three months of a year, written "2026-Q3".
type Quarter struct{ Year, N int }

// ParseQuarter reads "2026-Q3"; anything else is a fault.Invalid at the field "quarter".
func ParseQuarter(s string) (q Quarter, err error) {
	if len(s) == len("2026-Q3") && s[4:6] == "-Q" {
		q.Year, err = strconv.Atoi(s[:4])
		q.N = int(s[6] - '0')
		if err == nil && q.Year >= 2000 && q.N >= 1 && q.N <= 4 {
			return q, nil
		}
	}
	return Quarter{}, fault.Field("quarter", "Quý “%.20s” không đúng; ghi như 2026-Q3.", s)
}

// String writes the quarter as addresses have it.
func (q Quarter) String() string { return fmt.Sprintf("%04d-Q%d", q.Year, q.N) }

// Say names the quarter in words.
func (q Quarter) Say() string {
	return "quý " + []string{"", "I", "II", "III", "IV"}[q.N] + " năm " + strconv.Itoa(q.Year)
}

// From is the first day of the quarter, and To the first one after it.
func (q Quarter) From() workday.Date {
	return workday.NewDate(q.Year, time.Month(3*q.N-2), 1)
}

// To is the first day after the quarter.
func (q Quarter) To() workday.Date { return workday.NewDate(q.Year, time.Month(3*q.N+1), 1) }

// QuarterOf is the quarter in which a day lies.
func QuarterOf(d workday.Date) Quarter {
	y, m, _ := d.Civil()
	return Quarter{y, (int(m) + 2) / 3}
}

// A Publication is the list of one quarter beside its case.
type Publication struct {
	*casefile.Case
	Quarter    Quarter
	PaperID    signoff.ID
	Number     string // of the released paper
	IssuedOn   workday.Date
	ReleasedAt time.Time // zero before
}

// GetPublication returns a publication that the actor may read.
func GetPublication(tx *db.Tx, who org.Actor, id casefile.ID) (*Publication, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return publicationOf(tx, c)
}

func publicationOf(tx *db.Tx, c *casefile.Case) (*Publication, error) {
	if c.Kind != PublicationKind {
		return nil, fault.NotFound
	}
	p := &Publication{Case: c}
	var quarter string
	// the case is read under the reader's own rights
	err := tx.One(`SELECT quarter, paper_id, number, issued_on, released_at FROM publication WHERE case_id = $1`, []any{string(c.ID)},
		&quarter, &p.PaperID, &p.Number, &p.IssuedOn, db.Instant(&p.ReleasedAt))
	if err == nil {
		p.Quarter, err = ParseQuarter(quarter)
	}
	return p, err
}

// publisher is the unit that the rule in force lets publish; ok is false where no rule does.
func publisher(tx *db.Tx) (unit org.UnitID, rule regulation.Applied, ok bool, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return "", rule, false, err
	}
	rule, err = rb.Apply(tx, directive.RulePublish, "", "")
	switch fault.Kind(err) {
	case nil:
		return rule.Role("role").Unit, rule, err == nil, err
	case fault.NotFound, fault.Denied, fault.Invalid:
		return "", rule, false, nil
	}
	return "", rule, false, err
}

// Publishes says whether the profile in force makes results public, and whether the officer
// prepares the list.
func Publishes(tx *db.Tx, who org.Actor) (public, prepares bool, err error) {
	unit, _, ok, err := publisher(tx)
	if err != nil || !ok {
		return false, false, err
	}
	return true, access.May(who, actPrepare, leads(unit)) == nil, nil
}

func leads(unit org.UnitID) access.Facts {
	return access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {unit}}}
}

// acting returns the actor in the post in which he does an act of whoever publishes.
func acting(tx *db.Tx, who org.Actor, act access.Act) (org.Actor, org.UnitID, error) {
	unit, _, ok, err := publisher(tx)
	if err != nil {
		return who, "", err
	}
	if !ok {
		return who, "", fault.Refuse(fault.Denied, "Quy chế đang áp dụng không nêu công khai danh sách kết quả thực hiện nhiệm vụ.")
	}
	who, err = access.Pick(who, act, leads(unit))
	return who, unit, err
}

// Begin gathers what was accepted in a quarter that is over, for whoever publishes to look
// through. A quarter has one list; one that was taken back may be made anew.
func Begin(tx *db.Tx, who org.Actor, q Quarter) (p *Publication, err error) {
	defer fault.Wrap(&err, "begin publication of %s", q)
	who, unit, err := acting(tx, who, actPrepare)
	if err != nil {
		return nil, err
	}
	if workday.Of(tx.Now).Before(q.To()) {
		return nil, fault.Field("quarter", "Kết quả của %s chưa công khai được: quý chưa hết.", q.Say())
	}
	var have int
	// system: whether the quarter has a list, which everybody may know
	if err := tx.One(`SELECT count(*) FROM publication WHERE quarter = $1 AND NOT dropped`, []any{q.String()}, &have); err != nil {
		return nil, err
	}
	if have > 0 {
		return nil, fault.Refuse(fault.Conflict, "Kết quả %s đã có danh sách.", q.Say())
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	p = &Publication{Quarter: q}
	if p.Case, err = casefile.Open(tx, casefile.New{Kind: PublicationKind, Prefix: publicPrefix, Title: "Kết quả thực hiện nhiệm vụ " + q.Say(), State: Preparing,
		Rulebook: rb.Hash(), Raiser: unit, Lead: unit}); err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, p.ID, casefile.Party{Unit: unit, Function: access.Lead}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`INSERT INTO publication (case_id, quarter) VALUES ($1, $2)`, string(p.ID), q.String()); err != nil {
		return nil, err
	}
	n, err := p.gather(tx)
	if err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, p.Case, casefile.Event{Kind: "publication.begun", By: who, Facts: map[string]string{"quarter": q.String(), "results": itoa(n)}}, "TX108/D3.K3")
	return p, err
}

// gather writes the lines of a quarter: results accepted in it, of bodies that are bound, for
// whoever gave them; what a unit gives on is its own business, and a sealed case is none.
func (p *Publication) gather(tx *db.Tx) (n int64, err error) {
	// system: what is public is gathered whole, by whoever the rule names
	return tx.Exec(`
		INSERT INTO publication_line (case_id, n, assignment, lead, due_on, done_on, late, number)
		SELECT $1, row_number() OVER (ORDER BY c.lead, a.directive, a.proposal, a.case_id), a.case_id, c.lead, d.due_day, substr(coalesce(d.ended_at, ''), 1, 10),
			d.ended_at IS NOT NULL AND d.ended_at >= d.own_due_at, a.result_number
		FROM assignment a JOIN casefile c ON c.id = a.case_id
		JOIN duty d ON d.case_id = a.case_id AND d.owner = c.lead AND d.rule IN ('assignment.do', 'assignment.recur') AND d.fate = 'met'
		WHERE a.accepted_at >= $2 AND a.accepted_at < $3 AND a.parent = '' AND NOT d.request AND c.sealed_at IS NULL AND c.scope <> ''
			AND NOT EXISTS (SELECT 1 FROM duty x WHERE x.case_id = d.case_id AND x.owner = d.owner AND x.rule = d.rule AND x.fate = 'met' AND x.round > d.round)`,
		string(p.ID), p.Quarter.From().Midnight(), p.Quarter.To().Midnight())
}

// hold locks a publication for an act of whoever publishes.
func hold(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act, state string) (*Publication, org.Actor, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	p, err := publicationOf(tx, c)
	if err != nil {
		return nil, who, err
	}
	who, _, err = acting(tx, who, act)
	if err == nil && p.State != state {
		err = fault.Refuse(fault.Conflict, "Danh sách này %s.", strings.ToLower(PublicationStates[p.State]))
	}
	return p, who, err
}

// Withhold leaves a result out of what is public, or takes it in again, while the list is being
// made; the reason stays in the history.
func Withhold(tx *db.Tx, who org.Actor, id casefile.ID, n int64, withheld bool, reason string, seen int64) (p *Publication, err error) {
	defer fault.Wrap(&err, "withhold %d of %s", n, id)
	p, who, err = hold(tx, who, id, seen, actPrepare, Preparing)
	if err != nil {
		return nil, err
	}
	if withheld && vntext.IsBlank(reason) {
		return nil, fault.Field("reason", "Hãy ghi vì sao không công khai kết quả này.")
	}
	if p.PaperID != "" {
		return nil, fault.Refuse(fault.Conflict, "Danh sách đang trình ký; hãy rút dự thảo trước khi sửa.")
	}
	changed, err := tx.Exec(`UPDATE publication_line SET withheld = $1 WHERE case_id = $2 AND n = $3`, withheld, string(id), n)
	if err != nil {
		return nil, err
	}
	if changed == 0 {
		return nil, fault.Field("n", "Danh sách không có dòng số %d.", n)
	}
	kind := "publication.included"
	if withheld {
		kind = "publication.withheld"
	}
	_, err = casefile.Record(tx, p.Case, casefile.Event{Kind: kind, By: who, Text: vntext.NFC(reason), Facts: map[string]string{"line": itoa(n)}})
	return p, err
}

// DraftPublication begins the paper with which the unit releases the list: it is public when
// the paper is signed and released, and not before.
func DraftPublication(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, note string) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft release of %s", id)
	p, who, err := hold(tx, who, id, 0, actPrepare, Preparing)
	if err != nil {
		return nil, err
	}
	if p.PaperID != "" {
		old, err := signoff.Get(tx, who, p.PaperID)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return nil, err
		}
		if err == nil && old.State != signoff.Dropped {
			return nil, fault.Refuse(fault.Conflict, "Danh sách này đã có dự thảo đang trình ký.")
		}
	}
	var shown int64
	// system: the lines of a list that the transaction holds
	if err := tx.One(`SELECT count(*) FROM publication_line WHERE case_id = $1 AND NOT withheld`, []any{string(id)}, &shown); err != nil {
		return nil, err
	}
	if shown == 0 {
		return nil, fault.Refuse(fault.Conflict, "Danh sách không có kết quả nào để công khai.")
	}
	body := "Công khai danh sách kết quả thực hiện nhiệm vụ " + p.Quarter.Say() + " (" + itoa(shown) + " nhiệm vụ đã được công nhận hoàn thành)."
	if !vntext.IsBlank(note) {
		body += "\n\n" + vntext.NFC(note)
	}
	if x, err = desk.Draft(tx, who, signoff.New{Case: id, Kind: PaperPublication, Unit: p.Lead, Title: "V/v công khai kết quả thực hiện nhiệm vụ " + p.Quarter.Say(), Body: body}); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE publication SET paper_id = $1 WHERE case_id = $2`, string(x.ID), string(id))
	return x, err
}

// Papers are the kinds of papers of this package.
func Papers() []signoff.Kind {
	return []signoff.Kind{{Name: PaperPublication, Say: "Văn bản công khai kết quả thực hiện nhiệm vụ",
		Check: func(_ *db.Tx, body string) error {
			if vntext.IsBlank(body) {
				return fault.Field("text", "Hãy ghi nội dung văn bản.")
			}
			return nil
		},
		Released: func(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
			p, err := publicationOf(tx, c)
			if err != nil {
				return err
			}
			return p.release(tx, who, x, body)
		}}}
}

// release makes the list public: from this commit on, everybody reads it.
func (p *Publication) release(tx *db.Tx, who org.Actor, x *signoff.Paper, body string) error {
	_, rule, ok, err := publisher(tx)
	if err != nil {
		return err
	}
	if !ok || p.State != Preparing {
		return fault.Refuse(fault.Conflict, "Danh sách này không công khai được nữa.")
	}
	p.State = Released
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "publication.released", By: who, Text: body, Facts: map[string]string{"quarter": p.Quarter.String(), "number": x.Number}},
		clausesOf(rule)...); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE publication SET number = $1, issued_on = $2, released_at = $3 WHERE case_id = $4`, x.Number, x.IssuedOn.String(), tx.Now, string(p.ID))
	return err
}

// Withdraw takes a released list back, with a reason: nobody reads it any more, and the quarter
// may be made anew.
func Withdraw(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (p *Publication, err error) {
	defer fault.Wrap(&err, "withdraw publication %s", id)
	p, who, err = hold(tx, who, id, seen, actWithdraw, Released)
	if err != nil {
		return nil, err
	}
	if vntext.IsBlank(reason) {
		return nil, fault.Field("reason", "Hãy ghi vì sao rút danh sách.")
	}
	p.State = Withdrawn
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "publication.withdrawn", By: who, Text: vntext.NFC(reason)}); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE publication SET dropped = TRUE WHERE case_id = $1`, string(id))
	return p, err
}

// clausesOf are the clauses under which the rule makes results public.
func clausesOf(rule regulation.Applied) (all []string) {
	for _, c := range rule.Clauses {
		all = append(all, string(c))
	}
	return all
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
