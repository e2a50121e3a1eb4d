package group

import (
	"errors"
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// Add puts more petitions into an open group.
func Add(tx *db.Tx, who org.Actor, id casefile.ID, members []casefile.ID, seen int64) (g *Group, err error) {
	defer fault.Wrap(&err, "add to group %s", id)
	if who, err = mayForm(tx, who, actForm, access.Facts{}); err != nil {
		return nil, err
	}
	held, err := holdAll(tx, who, members) // before the group, as whoever answers does
	if err != nil {
		return nil, err
	}
	if g, err = lock(tx, who, id, seen); err != nil {
		return nil, err
	}
	if err := g.open(); err != nil {
		return nil, err
	}
	return g, g.take(tx, who, held)
}

// holdAll holds petitions in the order of their ids and returns them as asked for, each
// once.
func holdAll(tx *db.Tx, who org.Actor, ids []casefile.ID) (all []*petition.Petition, err error) {
	if len(ids) > most {
		return nil, fault.Field("members", "Mỗi lần thêm tối đa %d kiến nghị.", most)
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	byID := map[casefile.ID]*petition.Petition{}
	for _, id := range sorted {
		p, err := petition.HoldQuietly(tx, who, id)
		if errors.Is(err, fault.NotFound) {
			return nil, fault.Field("members", "Không có kiến nghị nào mang mã “%.60s”.", string(id))
		}
		if err != nil {
			return nil, err
		}
		byID[id] = p
	}
	for _, id := range ids {
		if p := byID[id]; p != nil {
			all = append(all, p)
			delete(byID, id)
		}
	}
	return all, nil
}

// take enters held petitions. Whatever one of them is refused for, none is entered.
func (g *Group) take(tx *db.Tx, who org.Actor, held []*petition.Petition) error {
	var n int64
	// system: the group is held
	if err := tx.One(`SELECT count(*) FROM group_member WHERE case_id = $1`, []any{string(g.ID)}, &n); err != nil {
		return err
	}
	var codes []string
	for _, p := range held {
		if err := g.fits(tx, p); err != nil {
			return err
		}
		n++
		_, err := tx.Exec(`INSERT INTO group_member (case_id, n, petition, since_at, by) VALUES ($1, $2, $3, $4, $5)`,
			string(g.ID), n, string(p.ID), tx.Now, string(who.Officer))
		if err != nil {
			return err
		}
		codes = append(codes, p.Code)
	}
	if len(codes) == 0 {
		return nil
	}
	_, err := casefile.Record(tx, g.Case, casefile.Event{Kind: "group.joined", By: who, Facts: map[string]string{"petitions": strings.Join(codes, " ")}})
	return err
}

// fits refuses a petition that stands in an open group - the refusal shows both -, that
// another department leads, or that waits for no answer.
func (g *Group) fits(tx *db.Tx, p *petition.Petition) error {
	var other casefile.ID
	// system: the petition is held; who groups reads every group
	err := tx.One(`SELECT case_id FROM group_member WHERE petition = $1 AND until_at IS NULL`, []any{string(p.ID)}, &other)
	switch {
	case errors.Is(err, fault.NotFound):
	case err != nil:
		return err
	case other == g.ID:
		return fault.Refuse(fault.Conflict, "Kiến nghị %s đã ở trong nhóm này.", p.Code)
	default:
		return g.clash(tx, p, other)
	}
	if p.Lead != g.Lead {
		name, err := org.UnitNames(tx, p.Lead, g.Lead)
		if err != nil {
			return err
		}
		return fault.Refuse(fault.Conflict, "Kiến nghị %s do %s chủ trì, nhóm %s do %s trả lời; hãy chuyển kiến nghị trước khi nhóm.", p.Code, name[p.Lead], g.Code, name[g.Lead])
	}
	if !p.Awaits(g.Lead) {
		return fault.Refuse(fault.Conflict, "Kiến nghị %s không còn chờ trả lời.", p.Code)
	}
	return nil
}

// clash names both groups that claim one petition.
func (g *Group) clash(tx *db.Tx, p *petition.Petition, other casefile.ID) error {
	o, err := casefile.Get(tx, org.System("group"), other)
	if err != nil {
		return err
	}
	return fault.Refuse(fault.Conflict, "Kiến nghị %s đã ở nhóm %s “%s”, nên chưa đưa vào nhóm %s “%s” được. Một kiến nghị chỉ ở một nhóm đang mở: cho rời nhóm kia trước, hoặc để nguyên.",
		p.Code, o.Code, o.Title, g.Code, g.Title)
}

// A Departure takes a petition out of a group.
type Departure struct {
	Petition casefile.ID
	Reason   string // its commune reads it
	Version  int64  // of the group that the person saw
}

// Leave takes a petition out of its open group: by who groups, by the department, or by
// the commune whose matter is another one, which names no group (""). It is answered
// alone from then on.
func Leave(tx *db.Tx, who org.Actor, id casefile.ID, in Departure) (g *Group, err error) {
	defer fault.Wrap(&err, "leave group %s", id)
	p, err := petition.HoldQuietly(tx, who, in.Petition)
	if err != nil {
		return nil, err
	}
	if id == "" {
		if id, err = ofPetition(tx, p.ID); err != nil {
			return nil, err
		}
		if id == "" {
			return nil, fault.Refuse(fault.Conflict, "Kiến nghị %s không ở trong nhóm nào.", p.Code)
		}
	}
	// a commune does not read the group: that there are others is theirs to say
	if g, err = lock(tx, org.System("group"), id, in.Version); err != nil {
		return nil, err
	}
	if who, err = mayForm(tx, who, actLeave, p.Facts()); err != nil {
		return nil, err
	}
	if err := g.open(); err != nil {
		return nil, err
	}
	if in.Reason, err = reasonOf(in.Reason); err != nil {
		return nil, err
	}
	if running, err := g.running(tx); err != nil {
		return nil, err
	} else if running && g.Carrier == p.ID {
		return nil, fault.Refuse(fault.Conflict, "Văn bản trả lời chung của nhóm đang đi trên kiến nghị %s; bỏ dự thảo ấy trước.", p.Code)
	}
	n, err := tx.Exec(`UPDATE group_member SET until_at = $1, fate = 'left' WHERE case_id = $2 AND petition = $3 AND until_at IS NULL`,
		tx.Now, string(g.ID), string(p.ID))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.Refuse(fault.Conflict, "Kiến nghị %s không ở trong nhóm này.", p.Code)
	}
	_, err = casefile.Record(tx, g.Case, casefile.Event{Kind: "group.left", By: who, Text: in.Reason, Facts: map[string]string{"petition": p.Code}})
	return g, err
}

// running says whether the group's answer is under way on its carrier.
func (g *Group) running(tx *db.Tx) (bool, error) {
	if g.PaperID == "" || g.State != Open {
		return false, nil
	}
	x, err := signoff.Get(tx, org.System("group"), g.PaperID)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return x.State != signoff.Released && x.State != signoff.Dropped, nil
}

// tell lets the department know of a new group.
func tell(tx *db.Tx, g *Group) error {
	return notice.Tell(tx, notice.Note{Unit: g.Lead, Role: org.Leader, Case: g.ID, Kind: "group.opened"})
}

// holds returns the petitions that the group holds now, in the order of their ids, behind
// a cursor, at most limit.
func (g *Group) holds(tx *db.Tx, after casefile.ID, limit int) (all []casefile.ID, err error) {
	// system: the group is held; each petition is locked and asked again
	err = tx.All(`SELECT petition FROM group_member WHERE case_id = $1 AND until_at IS NULL AND petition > $2 ORDER BY petition LIMIT $3`,
		[]any{string(g.ID), string(after), limit}, scanIDs(&all))
	return all, err
}
