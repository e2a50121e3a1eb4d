package group

import (
	"errors"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// JobKind is the kind of the job that carries an answer to the members of a large group.
const JobKind = "group.answer"

// atOnce is how many members are answered in the transaction of the release itself, and
// chunk how many in one step of the job: the writer is not held for long.
const (
	atOnce = 10
	chunk  = 50
)

// DraftAnswer begins the department's one paper that answers the group. It lies on one of
// the petitions and walks the path of every answer; its release reaches all of them.
func DraftAnswer(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in petition.Reply) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft answer to group %s", id)
	g, carrier, err := toAnswer(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	in.Version = 0
	if x, err = petition.DraftAnswerOn(tx, desk, who, carrier, g.Title, in); err != nil {
		return nil, err
	}
	g.PaperID, g.Carrier = x.ID, carrier
	return x, g.update(tx)
}

// AnswerNow answers the group in one act, by an actor whose unit's path is one step.
func AnswerNow(tx *db.Tx, who org.Actor, id casefile.ID, in petition.Reply) (g *Group, err error) {
	defer fault.Wrap(&err, "answer group %s", id)
	g, carrier, err := toAnswer(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	in.Version = 0
	p, err := petition.AnswerNow(tx, who, carrier, in)
	if err != nil {
		return nil, err
	}
	g.Carrier = carrier
	return g, g.spread(tx, p.Round)
}

// toAnswer holds a group that its department may answer, and finds the member on which
// the answer is given: the first that waits for it.
func toAnswer(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (g *Group, carrier casefile.ID, err error) {
	// read first: its members are held before the group, as a release holds them
	if g, err = Get(tx, who, id); err != nil {
		return nil, "", err
	}
	if carrier, err = g.holdAnswered(tx); err != nil {
		return nil, "", err
	}
	if g, err = lock(tx, who, id, seen); err != nil {
		return nil, "", err
	}
	if !who.In(g.Lead) {
		return nil, "", fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì mới trả lời nhóm này.")
	}
	if err := g.open(); err != nil {
		return nil, "", err
	}
	if carrier == "" {
		return nil, "", fault.Refuse(fault.Conflict, "Nhóm không còn kiến nghị nào chờ trả lời.")
	}
	if running, err := g.running(tx); err != nil {
		return nil, "", err
	} else if running {
		return nil, "", fault.Refuse(fault.Conflict, "Nhóm đã có một dự thảo trả lời đang xử lý; hãy mở dự thảo ấy.")
	}
	return g, carrier, nil
}

// holdAnswered holds every petition that one answer reaches in its own transaction, in the
// order of their ids and before anything else: whoever answers one of them alone holds it
// before he takes a number from the register of the same department. It returns the first
// that waits for the answer. Of a larger group a job reaches the others later.
func (g *Group) holdAnswered(tx *db.Tx) (first casefile.ID, err error) {
	all, err := g.holds(tx, "", most)
	if err != nil {
		return "", err
	}
	for _, m := range all {
		if first != "" && len(all) > atOnce+1 {
			break
		}
		// the group names them to its department; each is asked again when it is answered
		p, err := petition.HoldQuietly(tx, org.System("group"), m)
		if errors.Is(err, fault.Conflict) { // sealed: it is left as it is
			continue
		}
		if err != nil {
			return "", err
		}
		if first == "" && p.Awaits(g.Lead) {
			first = m
		}
	}
	return first, nil
}

// Papers gives the kinds of papers of petitions with what the release of an answer means
// for the group that it answers.
func Papers(of []signoff.Kind) []signoff.Kind {
	all := append([]signoff.Kind{}, of...)
	for i, k := range all {
		if k.Name != petition.PaperAnswer {
			continue
		}
		all[i].Hold = holdByPaper
		all[i].Released = func(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
			if err := k.Released(tx, who, c, x, body); err != nil {
				return err
			}
			return released(tx, x)
		}
	}
	return all
}

// holdByPaper holds the petitions that the release of a paper answers, if it answers a group.
func holdByPaper(tx *db.Tx, paper signoff.ID) error {
	id, err := byPaper(tx, paper)
	if err != nil || id == "" {
		return err
	}
	c, err := casefile.Get(tx, org.System("group"), id)
	if err != nil {
		return err
	}
	_, err = (&Group{Case: c}).holdAnswered(tx)
	return err
}

// released carries a released answer to the group that it answers, if any.
func released(tx *db.Tx, x *signoff.Paper) error {
	id, err := byPaper(tx, x.ID)
	if err != nil || id == "" {
		return err
	}
	g, err := lock(tx, org.System("group"), id, 0)
	if err != nil {
		return err
	}
	round, err := petition.LastRound(tx, x.Case)
	if err != nil {
		return err
	}
	return g.spread(tx, round)
}

// spread closes the group with the answer that its carrier has, and reaches the others:
// a few at once, many by a job that a stopped machine takes up again.
func (g *Group) spread(tx *db.Tx, round int64) error {
	given, err := petition.GivenIn(tx, g.Carrier, round)
	if err != nil {
		return err
	}
	g.Round, g.State, g.AnsweredAt, g.ClosedAt = round, Answered, tx.Now, tx.Now
	_, err = casefile.Record(tx, g.Case, casefile.Event{Kind: "group.answered", By: given.By, Text: given.Reply.Text,
		Facts: map[string]string{"outcome": string(given.Reply.Outcome), "number": given.Number.Symbol, "carrier": string(g.Carrier)}})
	if err != nil {
		return err
	}
	if err := g.update(tx); err != nil {
		return err
	}
	if err := g.fate(tx, g.Carrier, "answered"); err != nil {
		return err
	}
	rest, err := g.holds(tx, "", atOnce+1)
	if err != nil || len(rest) == 0 {
		return err
	}
	if len(rest) <= atOnce {
		return g.reach(tx, given, rest)
	}
	_, err = job.Start(tx, JobKind, string(g.ID), string(given.By.Officer))
	return err
}

// Step carries the answer to the next members of a group: the step of JobKind.
func Step(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	defer fault.Wrap(&err, "answer group %s", j.Input)
	c, err := casefile.Get(tx, org.System("group"), casefile.ID(j.Input))
	if err != nil {
		return p, err
	}
	g, err := of(tx, c)
	if err != nil {
		return p, err
	}
	given, err := petition.GivenIn(tx, g.Carrier, g.Round)
	if err != nil {
		return p, err
	}
	some, err := g.holds(tx, casefile.ID(j.Cursor), chunk)
	if err != nil {
		return p, err
	}
	if len(some) == 0 {
		return job.Progress{Cursor: j.Cursor, Done: j.Done, Total: j.Done, End: true}, nil
	}
	p = job.Progress{Cursor: string(some[len(some)-1]), Done: j.Done + int64(len(some))}
	return p, g.reach(tx, given, some)
}

// reach gives the answer to members in the order of their ids. One that went to another
// department or was answered alone meanwhile is left as it is, and the group says so.
func (g *Group) reach(tx *db.Tx, given *petition.Given, members []casefile.ID) error {
	for _, m := range members {
		fate := "answered"
		_, err := petition.AnswerAlike(tx, m, given)
		if errors.Is(err, fault.Conflict) { // refused before anything was written
			fate, err = "missed", nil
		}
		if err != nil {
			return err
		}
		if err := g.fate(tx, m, fate); err != nil {
			return err
		}
	}
	return nil
}

// fate ends a petition's place in the group.
func (g *Group) fate(tx *db.Tx, m casefile.ID, fate string) error {
	_, err := tx.Exec(`UPDATE group_member SET until_at = $1, fate = $2 WHERE case_id = $3 AND petition = $4 AND until_at IS NULL`,
		tx.Now, fate, string(g.ID), string(m))
	return err
}

// A Proposal says what in the regulation does not suit.
type Proposal struct {
	Title   string
	Text    string
	Amend   string // how it should read
	Basis   string // the clause
	Version int64  // 0 asks for no check
}

// Propose turns a group into a proposal to amend the regulation, with its petitions
// named: a gap in a rule is nobody's to answer. Where who groups releases in one act, the
// proposal goes to whom the regulation names (petition); else its paper is drafted.
func Propose(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in Proposal) (p *petition.Petition, x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "propose from group %s", id)
	g, err := lock(tx, who, id, in.Version)
	if err != nil {
		return nil, nil, err
	}
	if who, err = mayForm(tx, who, actPropose, access.Facts{}); err != nil {
		return nil, nil, err
	}
	if g.Proposal != "" {
		return nil, nil, fault.Refuse(fault.Conflict, "Nhóm này đã có đề nghị sửa đổi quy chế.")
	}
	raise, err := g.raise(tx, who, in)
	if err != nil {
		return nil, nil, err
	}
	once, err := signoff.AtOnce(tx, who, raise.Unit, petition.PaperRaise, g.Field)
	if err != nil {
		return nil, nil, err
	}
	if once {
		p, err = petition.RaiseNow(tx, who, raise)
	} else {
		p, x, err = petition.DraftRaise(tx, desk, who, raise)
	}
	if err != nil {
		return nil, nil, err
	}
	g.Proposal = p.ID
	if err := g.update(tx); err != nil {
		return nil, nil, err
	}
	_, err = casefile.Record(tx, g.Case, casefile.Event{Kind: "group.proposed", By: who, Text: in.Text, Facts: map[string]string{"proposal": p.Code}}, "PT06/D7.C")
	return p, x, err
}
