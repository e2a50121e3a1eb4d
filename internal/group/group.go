// Package group puts alike petitions of many communes together (nhóm vấn đề), so that one
// answer of the department reaches all of them.
//
//	open --add, leave--> open --answer--> answered
//	                      \--propose--> a proposal to amend the regulation, still open
//
// A petition stays where it is, with its own duty, and stands in one open group at most.
// The answer's paper walks the department's path on one of the members; its release meets
// the duty of each, and each commune says for itself whether that settles the matter. Who
// groups is a rule; the petitions themselves belong to package petition.
package group

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
)

// CaseKind is the kind of a group's case.
const (
	CaseKind = "group"
	prefix   = "NV"
)

// The states of a group, on its case.
const (
	Open     = "open"
	Answered = "answered"
)

// States are the states as screens name them.
var States = map[string]string{Open: "Đang nhóm", Answered: "Đã trả lời chung"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"group.opened":   "Lập nhóm vấn đề",
	"group.joined":   "Thêm kiến nghị vào nhóm",
	"group.left":     "Kiến nghị rời nhóm",
	"group.answered": "Trả lời chung cả nhóm",
	"group.proposed": "Đề nghị sửa đổi quy chế từ nhóm này",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"group.opened": "Có nhóm kiến nghị giống nhau chờ đơn vị trả lời chung",
}

// most is how many petitions one act puts into a group: one transaction holds them all.
const most = 200

// longestTitle bounds a group's title, in letters.
const longestTitle = 300

var (
	actForm = access.Act{Name: "group.form", Say: "nhóm kiến nghị của các xã", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	actPropose = access.Act{Name: "group.propose", Say: "đề nghị sửa đổi quy chế từ nhóm này", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader, org.Head, org.Specialist}}}}
	actLeave = access.Act{Name: "group.leave", Say: "đưa kiến nghị ra khỏi nhóm", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}},
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head}},
		{Of: access.Raiser, Roles: []org.Role{org.Leader, org.Head, org.Specialist}}}}
)

// A Group is the row beside its case.
type Group struct {
	*casefile.Case
	PaperID    signoff.ID  // of its answer, under way or released; "" none
	Carrier    casefile.ID // the petition on which that paper lies
	Round      int64       // in which that petition was answered
	Proposal   casefile.ID // what proposes to amend the regulation; "" none
	AnsweredAt time.Time   // zero while it waits
}

// Get returns a group that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Group, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// The group of a case that the caller holds.
func of(tx *db.Tx, c *casefile.Case) (*Group, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	g := &Group{Case: c}
	err := tx.One(`SELECT paper_id, carrier, round, proposal, answered_at FROM petition_group WHERE case_id = $1`, []any{string(c.ID)},
		&g.PaperID, &g.Carrier, &g.Round, &g.Proposal, db.Instant(&g.AnsweredAt))
	return g, err
}

// lock holds the group; seen is the version the person saw, 0 for no check.
func lock(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Group, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// Writes what may change of a group.
func (g *Group) update(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE petition_group SET paper_id = $1, carrier = $2, round = $3, proposal = $4, answered_at = $5 WHERE case_id = $6`,
		string(g.PaperID), string(g.Carrier), g.Round, string(g.Proposal), g.AnsweredAt, string(g.ID))
	return err
}

// open refuses a group that was answered: what comes later is another question.
func (g *Group) open() error {
	if g.State != Open {
		return fault.Refuse(fault.Conflict, "Nhóm %s đã được trả lời chung; kiến nghị đến sau thì lập nhóm mới.", g.Code)
	}
	return nil
}

// mayForm returns the actor in the post in which he groups petitions, as the rule names it.
func mayForm(tx *db.Tx, who org.Actor, act access.Act, f access.Facts) (org.Actor, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return who, err
	}
	rule, err := rb.Apply(tx, petition.RuleGroup, "", "")
	if err != nil {
		return who, err
	}
	if f.Units == nil {
		f.Units = map[access.Function][]org.UnitID{}
	}
	f.Units[access.Overseer] = []org.UnitID{rule.Role("role").Unit}
	return access.Pick(who, act, f)
}

// MayForm says whether the actor may put petitions together.
func MayForm(tx *db.Tx, who org.Actor) (bool, error) {
	_, err := mayForm(tx, who, actForm, access.Facts{})
	switch kind := fault.Kind(err); {
	case err == nil:
		return true, nil
	case kind == fault.Denied || kind == fault.NotFound || kind == fault.Invalid:
		return false, nil
	}
	return false, err
}

// A New is what a group begins with.
type New struct {
	Title   string
	Members []casefile.ID // at least one; the first names field and department
}

// Form puts alike petitions together. All are led by one department, which is told.
func Form(tx *db.Tx, who org.Actor, in New) (g *Group, err error) {
	defer fault.Wrap(&err, "form group")
	if who, err = mayForm(tx, who, actForm, access.Facts{}); err != nil {
		return nil, err
	}
	if in.Title, err = titleOf(in.Title); err != nil {
		return nil, err
	}
	if len(in.Members) == 0 {
		return nil, fault.Field("members", "Hãy chọn ít nhất một kiến nghị để lập nhóm.")
	}
	held, err := holdAll(tx, who, in.Members)
	if err != nil {
		return nil, err
	}
	first := held[0]
	c, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Open, Scope: petition.Scope,
		Rulebook: first.Rulebook, Field: first.Field, Raiser: who.Post.Unit, Lead: first.Lead})
	if err != nil {
		return nil, err
	}
	g = &Group{Case: c}
	if _, err := tx.Exec(`INSERT INTO petition_group (case_id) VALUES ($1)`, string(c.ID)); err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, c.ID, casefile.Party{Unit: c.Raiser, Function: access.Raiser}, casefile.Party{Unit: c.Lead, Function: access.Lead}); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, c, casefile.Event{Kind: "group.opened", By: who, Facts: map[string]string{"lead": string(c.Lead), "field": c.Field}}, "PT1537/M1-3"); err != nil {
		return nil, err
	}
	if err := g.take(tx, who, held); err != nil {
		return nil, err
	}
	return g, tell(tx, g)
}

// longestReason bounds why a petition leaves a group, in letters.
const longestReason = 2000

// reasonOf checks why a petition leaves: the Office reads it in the group's history.
func reasonOf(reason string) (string, error) {
	reason = strings.TrimSpace(vntext.NFC(reason))
	switch mark, secret := vntext.SecretMark(reason); {
	case vntext.IsBlank(reason):
		return "", fault.Field("reason", "Hãy nêu vì sao kiến nghị này không cùng vấn đề với nhóm.")
	case len([]rune(reason)) > longestReason:
		return "", fault.Field("reason", "Lý do dài quá %d chữ.", longestReason)
	case secret:
		return "", fault.Field("reason", "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return reason, nil
}

// A title is read by every commune of the group: it names the problem and no secret.
func titleOf(title string) (string, error) {
	title = strings.Join(strings.Fields(vntext.NFC(title)), " ")
	switch mark, secret := vntext.SecretMark(title); {
	case title == "":
		return "", fault.Field("title", "Hãy ghi tên nhóm: vấn đề chung là gì.")
	case len([]rune(title)) > longestTitle:
		return "", fault.Field("title", "Tên nhóm dài quá %d chữ.", longestTitle)
	case secret:
		return "", fault.Field("title", "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return title, nil
}

// byPaper returns the group that a paper answers, "" when it answers none.
func byPaper(tx *db.Tx, paper signoff.ID) (id casefile.ID, err error) {
	// system: the release of the paper reaches the group; whoever releases reads nothing of it
	err = tx.One(`SELECT case_id FROM petition_group WHERE paper_id = $1`, []any{string(paper)}, &id)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

// scanIDs collects ids.
func scanIDs(all *[]casefile.ID) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		*all = append(*all, id)
		return err
	}
}
