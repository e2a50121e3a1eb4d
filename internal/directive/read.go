package directive

import (
	"cmp"
	"database/sql"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// TextOf returns the directive's text, in whose letters the spans count; "" when it is out
// of reach, or is still a draft (its paper holds it). The caller has it from Get.
func TextOf(tx *db.Tx, d *Directive) (string, error) {
	if d.TextN == 0 && d.PaperID != "" { // drafted here: the newest text of its paper, read by the same unit
		x, err := signoff.Get(tx, org.System("directive"), d.PaperID)
		if err != nil {
			return "", err
		}
		v, err := x.Newest(tx)
		return readDraft(v.Body), err
	}
	if d.TextN == 0 {
		return "", nil
	}
	return casefile.EventText(tx, d.ID, d.TextN)
}

// A Listed is one directive in a list.
type Listed struct {
	ID          casefile.ID
	Code        string
	Title       string
	State       string
	Number      string
	IssuedOn    workday.Date
	Issuer      string
	Type        string
	Urgency     Urgency
	OpenedAt    time.Time
	Assignments int64 // issued; 0 before release
	Done        int64 // of them accepted
}

// given counts what a directive c gave itself; nothing before all of it is out.
// system: counts of a directive that the reader sees, no assignment's words
const given = `SELECT count(*) FROM assignment a WHERE a.directive = c.id AND a.parent = '' AND c.state = 'released'`

// Counts returns how many assignments a directive gave and how many of them are accepted:
// the figures of its line in List. The caller has it from Get.
func Counts(tx *db.Tx, d *Directive) (all, done int64, err error) {
	// system: counts of a directive that the caller reads
	err = tx.One(`SELECT (`+given+`), (`+given+` AND a.accepted_at IS NOT NULL) FROM casefile c WHERE c.id = $1`, []any{string(d.ID)}, &all, &done)
	return all, done, err
}

// List returns the directives that the reader may see, in a state or all (""), the newest
// first, at most limit, and the cursor of the rest.
func List(tx *db.Tx, who org.Actor, state, cursor string, limit int) (all []Listed, next string, err error) {
	defer fault.Wrap(&err, "list directives")
	after, err := decode(cursor)
	if err != nil {
		return nil, "", err
	}
	// one row more than asked for tells whether there is a next page
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.state, d.number, d.issued_on, d.issuer, d.kind, d.urgency, c.opened_at,
			(`+given+`), (`+given+` AND a.accepted_at IS NOT NULL)
		FROM directive d JOIN casefile c ON c.id = d.case_id
		WHERE d.case_id < $1 AND ($2 = '' OR c.state = $2) AND `+access.Visible("c.id", "$3")+`
		ORDER BY d.case_id DESC LIMIT $4`, []any{after, state, who.Reader(), limit + 1}, func(r *sql.Rows) error {
		var l Listed
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.State, &l.Number, &l.IssuedOn, &l.Issuer, &l.Type, &l.Urgency, db.Instant(&l.OpenedAt), &l.Assignments, &l.Done)
		all = append(all, l)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// decode reads a cursor of a list that runs from the newest; "" begins behind every id.
func decode(cursor string) (string, error) {
	after, err := db.After(cursor)
	return cmp.Or(after, "~"), err
}

// An Act is something one officer may do on a directive or an assignment now. Name is the
// last part of its address on the pages and in the API, or "paper" for the paper under way.
type Act struct {
	Name  string
	Say   string
	Waits bool       // it waits for this officer's part, not only for anybody of his role
	Paper signoff.ID // for "paper"
}

// A Situation is a directive with all that its page shows.
type Situation struct {
	D         *Directive
	Proposals []*Proposal
	Questions []Question
	Papers    []*signoff.Paper
	Known     bool // the profile holds this text itself
	may       map[string]bool
}

// Bars counts the questions that stand before a step, "confirm" or "release". What stands
// before the confirmation bars the release too.
func (s *Situation) Bars(step string) (n int) {
	for _, q := range s.Questions {
		if q.Before() == step {
			n++
		}
	}
	return n
}

// Look reads a directive's situation for one officer. The caller has it from Get.
func Look(tx *db.Tx, who org.Actor, d *Directive) (s *Situation, err error) {
	defer fault.Wrap(&err, "look at directive %s", d.ID)
	s = &Situation{D: d, may: map[string]bool{}}
	if s.Proposals, err = Proposals(tx, d.ID); err != nil {
		return nil, err
	}
	if s.Questions, err = Questions(tx, d); err != nil {
		return nil, err
	}
	if s.Papers, err = signoff.OfCase(tx, who, d.ID); err != nil {
		return nil, err
	}
	rb, err := d.rulebook(tx)
	if err != nil {
		return nil, err
	}
	unit, err := office(tx, rb)
	if err != nil {
		return nil, err
	}
	f := access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}}
	for _, act := range []access.Act{actEdit, actConfirm, actRelease} {
		s.may[act.Name] = access.May(who, act, f) == nil
	}
	for role, act := range map[string]access.Act{"role": actPropose, "decide": actDecide} {
		_, err := d.proposer(tx, who, role, act)
		s.may[act.Name] = err == nil
	}
	return s, nil
}

// Acts returns what the officer may do now, what waits for him first. An operation asks
// again under the case's lock; what is not here it would refuse.
func (s *Situation) Acts(who org.Actor) (all []Act) {
	add := func(name, say string, waits, may bool) {
		if may {
			all = append(all, Act{Name: name, Say: say, Waits: waits})
		}
	}
	for _, x := range s.Papers {
		if x.State != signoff.Released && x.State != signoff.Dropped && who.In(x.Unit) {
			all = append(all, Act{Name: "paper", Say: "Xem dự thảo", Waits: x.Turn(who), Paper: x.ID})
		}
	}
	asks, before := false, false // before him: it bars the release, or the Office proposed an answer
	for _, q := range s.Questions {
		asks = asks || q.Leads
		before = before || q.Leads && q.Blocks
	}
	for _, p := range standing(s.Proposals) {
		before = before || p.Suggested()
	}
	proposed, confirmed := s.D.State == Proposed, s.D.State == Confirmed
	add("confirm", "Xác nhận đọc đúng văn bản", true, proposed && s.Bars("confirm") == 0 && s.may[actConfirm.Name])
	add("release", "Ban hành nhiệm vụ", true, confirmed && s.Bars("confirm")+s.Bars("release") == 0 && s.may[actRelease.Name])
	add("decide", "Quyết định nội dung văn bản chưa nêu", before, (proposed || confirmed) && asks && s.may[actDecide.Name])
	add("edit", "Sửa đề xuất nhiệm vụ", false, proposed && s.may[actEdit.Name] || s.D.State == Drafting && s.shapes(who))
	add("propose", "Đề xuất nội dung văn bản chưa nêu", false, (proposed || confirmed) && asks && s.may[actPropose.Name])
	add("send-back", "Trả lại người xác nhận", false, confirmed && s.may[actRelease.Name])
	add("withdraw", "Rút văn bản", false, (proposed || confirmed) && s.may[actEdit.Name])
	return all
}

// shapes says whether the officer may change the tasks of a draft.
func (s *Situation) shapes(who org.Actor) bool {
	for _, x := range s.Papers {
		if x.ID == s.D.PaperID {
			return x.State == signoff.Drafting && who.In(x.Unit)
		}
	}
	return false
}
