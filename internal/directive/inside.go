package directive

import (
	"database/sql"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

func scanParts(all *[]Part) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var p Part
		var part string
		err := r.Scan(&p.Unit, &part, &p.State, &p.Percent, &p.ToldN, &p.DoneN)
		p.Requested = part == string(access.Requested)
		*all = append(*all, p)
		return err
	}
}

// Register enters an assignment in the lead's book of incoming documents, and meets the
// duty to do so in time. The limits run from the switch, not from this entry.
func Register(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "register assignment %s", id)
	if a, who, err = forAct(tx, who, id, seen, actRegister); err != nil {
		return nil, err
	}
	in := direct.Incoming{Unit: a.Lead, Sender: a.Raiser}
	d, err := a.source(tx)
	if err != nil {
		return nil, err
	}
	if d != nil {
		in.Symbol, in.IssuedOn = d.Number, d.IssuedOn
	}
	if _, err := direct.Register(tx, who, a.Case, in); err != nil {
		return nil, err
	}
	open, err := openDuties(tx, a.ID, MustRegister)
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		if _, err := duty.Meet(tx, d.Key); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Direct sends an assignment down inside a unit that has a part in it, to a section or to
// persons. All parties see who is responsible once the unit has named him (PT06/D3.K3);
// the instruction stays inside.
func Direct(tx *db.Tx, who org.Actor, id casefile.ID, in direct.In, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "direct assignment %s", id)
	if a, err = lockAssignment(tx, who, id, seen); err != nil {
		return nil, err
	}
	if err := a.alive(); err != nil {
		return nil, err
	}
	if in.Unit == "" {
		in.Unit = a.Lead
	}
	if in.Duty, err = a.dutyInside(tx, in.Unit); err != nil {
		return nil, err
	}
	if _, err := direct.Down(tx, who, a.Case, in); err != nil {
		return nil, err
	}
	return a, a.named(tx, who, in)
}

// named tells all parties who is responsible: the unit always, the person once named.
func (a *Assignment) named(tx *db.Tx, who org.Actor, in direct.In) error {
	f := casefile.Pairs("unit", string(in.Unit), "section", string(in.Section), "officer", string(in.Officer))
	if in.Officer != "" {
		o, err := org.OfficerOf(tx, in.Officer)
		if err != nil {
			return err
		}
		f["name"] = o.Name
	}
	_, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.named", By: who, Facts: f}, "PT06/D3.K3", "PT1537/KL", "TX108/D17.K1")
	return err
}

// dutyInside is the running duty of a unit on the assignment; Rule "" when none runs.
func (a *Assignment) dutyInside(tx *db.Tx, unit org.UnitID) (k duty.Key, err error) {
	all, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return k, err
	}
	has := unit == a.Lead
	for _, d := range all {
		if d.Owner != unit || d.Rule != MustDo && d.Rule != MustRecur && d.Rule != MustTakePart {
			continue
		}
		has = true
		if d.EndedAt.IsZero() {
			k = d.Key
		}
	}
	if !has {
		return k, fault.Field("unit", "Đơn vị này không có phần việc trong nhiệm vụ.")
	}
	return k, nil
}

// ReturnUp gives the matter back to who directed it, with a reason, inside a unit.
func ReturnUp(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID, why string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "return assignment %s up", id)
	if a, err = lockAssignment(tx, who, id, seen); err != nil {
		return nil, err
	}
	if unit == "" {
		unit = a.Lead
	}
	k, err := a.dutyInside(tx, unit)
	if err != nil {
		return nil, err
	}
	_, err = direct.ReturnUp(tx, who, a.Case, unit, why, k)
	return a, err
}

// A Report is how far a unit is.
type Report struct {
	Text    string
	Percent int64 // 0 to 100
	Files   []casefile.Document
	Version int64
}

func (r Report) inRange() error {
	if r.Percent < 0 || r.Percent > 100 {
		return fault.Field("percent", "Tỷ lệ hoàn thành từ 0 đến 100.")
	}
	return nil
}

// Progress notes how far the lead, or a unit beside it, is, with its evidence. It meets no duty.
func Progress(tx *db.Tx, who org.Actor, id casefile.ID, in Report) (a *Assignment, err error) {
	defer fault.Wrap(&err, "progress of assignment %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, err
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy ghi đã làm được gì."); err != nil {
		return nil, err
	}
	if err := in.inRange(); err != nil {
		return nil, err
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	as, err := worker(who, f)
	if err != nil {
		return nil, err
	}
	return a, a.noted(tx, as, in, "progress", "assignment.progressed")
}

// worker is the actor in the post in which he works on an assignment: of the lead, else of
// a unit beside it.
func worker(who org.Actor, f access.Facts) (org.Actor, error) {
	as, err := access.Pick(who, actProgress, f)
	if err != nil {
		as, err = access.Pick(who, actPart, f)
	}
	return as, err
}

// noted writes a line of progress: its words in the history, its figure in a row.
func (a *Assignment) noted(tx *db.Tx, who org.Actor, in Report, what, kind string) error {
	n, err := a.recordNote(tx, who, in, kind)
	if err != nil {
		return err
	}
	if err := attach(tx, who, a.ID, n, "", in.Files); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO assignment_progress (case_id, n, unit, percent, what, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(a.ID), n, string(who.Post.Unit), in.Percent, what, tx.Now)
	if err != nil {
		return err
	}
	if who.Post.Unit == a.Lead {
		a.Percent = in.Percent
		return a.update(tx)
	}
	_, err = tx.Exec(`UPDATE assignment_part SET percent = $1 WHERE case_id = $2 AND unit = $3`, in.Percent, string(a.ID), string(who.Post.Unit))
	return err
}

func (a *Assignment) recordNote(tx *db.Tx, who org.Actor, in Report, kind string) (int64, error) {
	f := casefile.Pairs("unit", string(who.Post.Unit))
	if kind == "assignment.difficulty" {
		return casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.difficulty", By: who, Text: in.Text, Facts: f})
	}
	f["percent"] = itoa(in.Percent)
	return casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.progressed", By: who, Text: in.Text, Facts: f}, "PT06/D3.K4")
}

// Difficulty notes what stands in the way, and how far the unit is with it: 0 leaves that as
// it was. Whoever gave the assignment hears it; it may become a petition, which LinkPetition
// ties to it.
func Difficulty(tx *db.Tx, who org.Actor, id casefile.ID, in Report) (a *Assignment, err error) {
	defer fault.Wrap(&err, "difficulty of assignment %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, err
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy ghi khó khăn, vướng mắc gì và đề nghị gì."); err != nil {
		return nil, err
	}
	if err := in.inRange(); err != nil {
		return nil, err
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	as, err := worker(who, f)
	if err != nil {
		return nil, err
	}
	if in.Percent == 0 {
		if in.Percent, err = a.percentOf(tx, as.Post.Unit); err != nil {
			return nil, err
		}
	}
	if err := a.noted(tx, as, in, "difficulty", "assignment.difficulty"); err != nil {
		return nil, err
	}
	giver, err := org.Successor(tx, a.Raiser)
	if err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: giver, Case: a.ID, Kind: "assignment.difficulty"})
}

// percentOf is how far a unit said it is.
func (a *Assignment) percentOf(tx *db.Tx, unit org.UnitID) (int64, error) {
	if unit == a.Lead {
		return a.Percent, nil
	}
	all, err := parts(tx, a.ID)
	for _, p := range all {
		if p.Unit == unit {
			return p.Percent, err
		}
	}
	return 0, err
}

// LinkPetition ties a difficulty, by its event, to the petition that it became. That the
// petition is one, and who may read it, is asked by the floor above that opens it.
func LinkPetition(tx *db.Tx, who org.Actor, id casefile.ID, n int64, petition casefile.ID) (a *Assignment, err error) {
	defer fault.Wrap(&err, "link difficulty %d of %s", n, id)
	if a, err = lockAssignment(tx, who, id, 0); err != nil {
		return nil, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, err
	}
	if who, err = worker(who, f); err != nil {
		return nil, err
	}
	c, err := casefile.Get(tx, who, petition)
	if err != nil {
		return nil, err
	}
	changed, err := tx.Exec(`UPDATE assignment_progress SET petition = $1 WHERE case_id = $2 AND n = $3 AND unit = $4 AND what = 'difficulty' AND petition = ''`,
		string(petition), string(a.ID), n, string(who.Post.Unit))
	if err != nil {
		return nil, err
	}
	if changed == 0 {
		return nil, fault.Refuse(fault.Conflict, "Khó khăn này không có, hoặc đã thành kiến nghị.")
	}
	// for its own unit: whoever else may read the petition sees it on the page; whoever may
	// not, not even that there is one
	_, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.linked", By: who, Audience: org.OfUnit(who.Post.Unit),
		Facts: casefile.Pairs("difficulty", itoa(n), "petition", c.Code)})
	return a, err
}

// A Met is a difficulty as whoever reads the petition that it became sees it.
type Met struct {
	Assignment casefile.ID
	Code       string
	Title      string
	N          int64 // the event with the words
	Unit       org.UnitID
}

// DifficultyBehind returns the difficulty that a petition came from; nil when it came from
// none, or from an assignment that the reader may not read.
func DifficultyBehind(tx *db.Tx, who org.Actor, petition casefile.ID) (m *Met, err error) {
	defer fault.Wrap(&err, "difficulty behind %s", petition)
	err = tx.All(`SELECT c.id, c.code, c.title, p.n, p.unit FROM assignment_progress p JOIN casefile c ON c.id = p.case_id
		WHERE p.petition = $1 AND p.petition <> '' AND `+access.Visible("c.id", "$2")+` LIMIT 1`, []any{string(petition), who.Reader()}, func(r *sql.Rows) error {
		m = new(Met)
		return r.Scan(&m.Assignment, &m.Code, &m.Title, &m.N, &m.Unit)
	})
	return m, err
}
