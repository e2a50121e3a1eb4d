package signoff

import (
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// New is what a draft begins with.
type New struct {
	Case     casefile.ID
	Kind     string
	Unit     org.UnitID
	Title    string // trích yếu
	Body     string // the slice's own form; may be half done
	Guidance bool   // hướng dẫn nghiệp vụ, not a numbered document
	Note     string

	// OnlyFor are the units that read the released paper beside the one that wrote it; nil
	// leaves it to whoever reads the case.
	OnlyFor []org.UnitID
}

// Draft begins a paper of a unit on a case, on the drafter's desk. Who may draft is
// said by the unit's path; whether the unit may write such a paper on this case is the
// slice's rule, asked before and again at the release.
func (d Desk) Draft(tx *db.Tx, who org.Actor, in New) (p *Paper, err error) {
	defer fault.Wrap(&err, "draft %s", in.Kind)
	c, err := casefile.LockQuiet(tx, who, in.Case)
	if err != nil {
		return nil, err
	}
	k, err := d.kind(in.Kind)
	if err != nil {
		return nil, err
	}
	path, err := walk(tx, in.Unit, in.Kind)
	if err != nil {
		return nil, err
	}
	if who, err = drafter(who, in.Unit, path); err != nil {
		return nil, err
	}
	in.Title, in.Body = clean(in.Title), vntext.NFC(in.Body)
	if err := k.typed(in.Title, in.Body); err != nil {
		return nil, err
	}
	p = &Paper{
		ID: ID(tx.NewID()), Case: in.Case, Kind: in.Kind, Unit: in.Unit, Section: who.Post.Section, Title: in.Title,
		Guidance: in.Guidance, State: Drafting, Path: path, Waiting: officerKey(who.Officer), Version: 1, steps: 1,
		DraftedBy: who.Officer, CreatedAt: tx.Now, MovedAt: tx.Now,
	}
	if err := p.insert(tx); err != nil {
		return nil, err
	}
	if err := p.close(tx, in.OnlyFor); err != nil {
		return nil, err
	}
	p.Version, p.steps = 0, 0
	if err := p.write(tx, who, in.Title, in.Body, in.Note); err != nil {
		return nil, err
	}
	if err := p.mark(tx, who, drafted, ""); err != nil {
		return nil, err
	}
	tx.Touch(string(p.Unit))
	return p, p.record(tx, c, who, drafted, "")
}

// close keeps a paper, once it is released, to its unit and those named.
func (p *Paper) close(tx *db.Tx, readers []org.UnitID) error {
	if len(readers) == 0 {
		return nil
	}
	if _, err := tx.Exec(`UPDATE paper SET closed = TRUE WHERE id = $1`, string(p.ID)); err != nil {
		return err
	}
	for _, u := range readers {
		if _, err := tx.Exec(`INSERT INTO paper_reader (paper, unit) VALUES ($1, $2) ON CONFLICT DO NOTHING`, string(p.ID), string(u)); err != nil {
			return err
		}
	}
	return nil
}

// drafter returns the actor in the post in which he may begin a paper of this path.
func drafter(who org.Actor, unit org.UnitID, path []org.Step) (org.Actor, error) {
	for _, p := range posts(who) {
		if p.Unit == unit && drafts(p, path) {
			return who.As(p), nil
		}
	}
	first := StepSay(path[0])
	return who, &fault.Refusal{Kind: fault.Denied, Step: first,
		Say: "Anh/chị không soạn thảo được văn bản này của đơn vị; việc soạn thảo do " + roleWords[path[0].Role] + " làm."}
}

// One line without double blanks: titles are copied out of papers.
func clean(title string) string { return strings.Join(strings.Fields(vntext.NFC(title)), " ") }

// Edit is a new text of a paper. Version is what the person saw.
type Edit struct {
	Title    string
	Body     string
	Guidance bool
	Note     string // what was changed, in a few words
	Files    Files  // taken off and added in the same version
	Version  int64
}

// Revise writes a new version of a paper by whose turn it is: the drafter, a reviewer or
// the leader before he signs. His version is kept as his. A signed text is not edited:
// it is sent back.
func (d Desk) Revise(tx *db.Tx, who org.Actor, id ID, in Edit) (p *Paper, err error) {
	defer fault.Wrap(&err, "revise paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if who, err = p.mine(who, p.open()); err != nil {
		return nil, err
	}
	if err := d.edit(tx, c, who, p, in); err != nil {
		return nil, err
	}
	return p, p.save(tx)
}

// edit checks and writes a new text; nothing is written when nothing changed.
func (d Desk) edit(tx *db.Tx, c *casefile.Case, who org.Actor, p *Paper, in Edit) error {
	in.Title, in.Body = clean(in.Title), vntext.NFC(in.Body)
	if err := p.seen(tx, who, in.Version, &Version{V: in.Version, Title: in.Title, Body: in.Body, Note: in.Note}); err != nil {
		return err
	}
	if p.SignedVersion != 0 {
		return fault.Refuse(fault.Conflict, "Văn bản đã ký không sửa được nữa; cần trả lại người soạn kèm lý do.")
	}
	k, err := d.kind(p.Kind)
	if err != nil {
		return err
	}
	if err := k.typed(in.Title, in.Body); err != nil {
		return err
	}
	if p.State != Drafting { // what is on its way was complete, and stays so
		if err := k.check(tx, in.Body); err != nil {
			return err
		}
	}
	moved, err := p.refile(tx, who, in.Files)
	if err != nil || moved == "" && p.Title == in.Title && p.body == in.Body && p.Guidance == in.Guidance {
		return err
	}
	p.Guidance = in.Guidance // what the paper is belongs to what its signer saw
	return p.keep(tx, c, who, in, moved)
}

// A Step is what most acts on a paper's way bring: what the person saw, and a remark.
type Step struct {
	Version int64  // of the text he saw; 0 when he sent none
	Comment string // remark; the reason where one is asked for
}

// Submit sends a draft up its unit's path, as the path is set today (trình).
func (d Desk) Submit(tx *db.Tx, who org.Actor, id ID, in Step) (p *Paper, err error) {
	defer fault.Wrap(&err, "submit paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if who, err = p.mine(who, Drafting); err != nil {
		return nil, err
	}
	if err := p.seen(tx, who, in.Version, nil); err != nil {
		return nil, err
	}
	k, err := d.kind(p.Kind)
	if err != nil {
		return nil, err
	}
	if err := k.check(tx, p.body); err != nil {
		return nil, err
	}
	if p.Path, err = walk(tx, p.Unit, p.Kind); err != nil {
		return nil, err
	}
	if err := p.mark(tx, who, submitted, in.Comment); err != nil {
		return nil, err
	}
	if err := p.advance(tx, who); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, submitted, in.Comment)
}

// Recall takes a submitted draft back to its drafter, before anybody acted on it (thu hồi).
func (d Desk) Recall(tx *db.Tx, who org.Actor, id ID, in Step) (p *Paper, err error) {
	defer fault.Wrap(&err, "recall paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if err := p.belongs(who); err != nil {
		return nil, err
	}
	own := *p // as if it lay on the drafter's desk: who then had the turn may recall
	own.State, own.Waiting = Drafting, officerKey(p.DraftedBy)
	who, ok := own.turn(who)
	if !ok {
		return nil, fault.Refuse(fault.Denied, "Chỉ người soạn thảo rút lại được dự thảo đã trình.")
	}
	last, err := p.lastMark(tx)
	if err != nil {
		return nil, err
	}
	if last != submitted {
		return nil, fault.Refuse(fault.Conflict, "Không rút lại được nữa: văn bản %s.", p.Where())
	}
	p.back(tx)
	if err := p.mark(tx, who, recalled, in.Comment); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, recalled, in.Comment)
}

// Drop ends a draft that will not be sent; its versions stay. Only its drafter drops it,
// while it lies with him.
func (d Desk) Drop(tx *db.Tx, who org.Actor, id ID, in Step) (p *Paper, err error) {
	defer fault.Wrap(&err, "drop paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if who, err = p.mine(who, Drafting); err != nil {
		return nil, err
	}
	p.State, p.Waiting, p.Returned, p.MovedAt = Dropped, "", false, tx.Now
	if err := p.mark(tx, who, dropped, in.Comment); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, dropped, in.Comment)
}

// Hand gives a draft to another officer of the unit to go on with: by a leader, or by
// the head of its section. A draft never stays with somebody who left.
func (d Desk) Hand(tx *db.Tx, who org.Actor, id ID, to org.OfficerID, in Step) (p *Paper, err error) {
	defer fault.Wrap(&err, "hand over paper %s", id)
	p, c, err := hold(tx, who, id, casefile.LockQuiet)
	if err != nil {
		return nil, err
	}
	if err := p.belongs(who); err != nil {
		return nil, err
	}
	if err := p.due(Drafting); err != nil {
		return nil, err
	}
	if who, err = p.overseer(who); err != nil {
		return nil, err
	}
	if err := p.handTo(tx, to); err != nil {
		return nil, err
	}
	if err := p.mark(tx, who, handed, in.Comment); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	if err := tellOfficer(tx, p, to, "paper.handed"); err != nil {
		return nil, err
	}
	return p, p.record(tx, c, who, handed, in.Comment)
}

// overseer returns the actor as the leader of the unit or the head of the section.
func (p *Paper) overseer(who org.Actor) (org.Actor, error) {
	for _, post := range posts(who) {
		if post.Unit == p.Unit && (post.Role == org.Leader || post.Role == org.Head && (p.Section == "" || post.Section == p.Section)) {
			return who.As(post), nil
		}
	}
	return who, fault.Refuse(fault.Denied, "Chỉ lãnh đạo đơn vị hoặc trưởng phòng giao được dự thảo cho người khác.")
}

// A draft goes to another who may draft at this unit, under his own path.
func (p *Paper) handTo(tx *db.Tx, to org.OfficerID) error {
	other, err := org.ActorOf(tx, to)
	if err != nil {
		return err
	}
	as, err := drafter(other, p.Unit, p.Path)
	if err != nil {
		return fault.Field("officer", "%s không soạn thảo văn bản của đơn vị này.", other.Name)
	}
	p.DraftedBy, p.Section, p.Waiting, p.MovedAt = to, as.Post.Section, officerKey(to), tx.Now
	return nil
}
