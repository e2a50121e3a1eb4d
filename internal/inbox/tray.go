package inbox

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/signoff"
)

// A Tray (ngăn việc) is a list that a post opens with. It holds duties, or papers
// whose turn is the actor's.
type Tray struct {
	Key    string // "assign", with the unit where it is one unit's: "assign:so-tu-phap"
	Title  string
	Unit   org.UnitID
	Papers bool           // papers on their way, no duties
	Duties Filter         // when it holds duties
	Paper  signoff.Filter // when it holds papers: signoff.Waiting
	Others bool           // others are at work on what lies here: the actor only follows it
	Count  int            // at most the bound asked for
}

// Trays returns the lists of all the actor's posts, those of the post he acts in first,
// each with how many are in it, up to most.
func Trays(tx *db.Tx, who org.Actor, most int) (all []Tray, err error) {
	defer fault.Wrap(&err, "trays of %s", who.Officer)
	posts := who.Posts
	if who.Post.ID != "" {
		posts = append([]org.Post{who.Post}, posts...)
	}
	for _, p := range posts {
		some, err := traysOf(tx, p)
		if err != nil {
			return nil, err
		}
		for _, t := range some {
			if !slices.ContainsFunc(all, func(x Tray) bool { return x.Key == t.Key }) {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Tray) int { return rank(a) - rank(b) })
	if len(posts) > 0 {
		all = append(all, Tray{Key: "mine", Title: "Việc giao cho tôi", Duties: Filter{Scope: Mine}},
			Tray{Key: "drafts", Title: "Bị trả lại, đang soạn", Papers: true, Paper: signoff.Filter{State: signoff.Drafting}})
	}
	return all, count(tx, who, all, most)
}

// rank puts what waits for oneself before what others do.
func rank(t Tray) int {
	if t.Others {
		return 1
	}
	return 0
}

func traysOf(tx *db.Tx, p org.Post) (all []Tray, err error) {
	unit, err := org.UnitOf(tx, p.Unit)
	if err != nil {
		return nil, err
	}
	duties := func(key, title string, f Filter) {
		f.Units = []org.UnitID{p.Unit}
		all = append(all, Tray{Key: key + ":" + string(p.Unit), Title: title, Unit: p.Unit, Duties: f})
	}
	papers := func(key, title string, s signoff.State) {
		all = append(all, Tray{Key: key + ":" + string(p.Unit), Title: title, Unit: p.Unit, Papers: true, Paper: signoff.Filter{State: s, Unit: p.Unit}})
	}
	answer := []string{petition.MustAnswer, petition.MustContribute, directive.MustDo, directive.MustRecur, directive.MustTakePart, directive.MustExplain}
	if unit.Commune() && p.Role != org.Admin {
		duties("settle", "Sở, ngành đã trả lời, xã chưa xác nhận", Filter{Rules: []string{petition.MustSettle}})
		duties("clarify", "Sở, ngành hỏi lại, chờ xã trả lời", Filter{Rules: []string{petition.MustClarify}})
	}
	switch p.Role {
	case org.Clerk:
		duties("register", "Chờ vào sổ đến", Filter{Unregistered: true})
		duties("tasks", "Nhiệm vụ chờ vào sổ", Filter{Rules: []string{directive.MustRegister}})
		papers("release", "Chờ phát hành", signoff.Releasing)
	case org.Leader:
		if unit.Collective() && unit.Level == org.LevelProvince {
			f, err := decides(tx, p)
			if err != nil {
				return nil, err
			}
			duties("decide", "Chờ tôi quyết định", f)
		} else {
			duties("assign", "Chờ phân công", Filter{Rules: answer, Undirected: true})
		}
		papers("sign", "Chờ ký", signoff.Signing)
		duties("incident", "Sự cố, việc liên xã", Filter{Rules: incident.Rules()})
		duties("given", "Việc tôi đã giao", Filter{Given: true})
		all[len(all)-1].Others = true
	case org.Head:
		duties("assign", "Chờ phân công", Filter{Rules: answer, Section: p.Section, Undirected: true})
		papers("review", "Chờ xem, cho ý kiến", signoff.Reviewing)
	}
	if p.Role == org.Desk || p.Role == org.Head || p.Role == org.Leader && !(unit.Collective() && unit.Level == org.LevelProvince) {
		duties("check", "Nhiệm vụ chờ kiểm tra, xem xét", Filter{Rules: []string{directive.MustCheck, directive.MustDecide, directive.MustOversee}})
	}
	if p.Role == org.Desk || p.Role == org.Leader && !(unit.Collective() && unit.Level == org.LevelProvince) {
		duties("programme", "Chương trình công tác", Filter{Rules: []string{programme.MustSend, programme.MustCollect, programme.MustReview}})
	}
	desk, err := overseeing(tx, p)
	if err != nil {
		return nil, err
	}
	if desk && p.Role != org.Head {
		duties("lead", "Chờ chỉ định cơ quan chủ trì", Filter{Rules: []string{petition.MustAssign}})
	}
	if desk {
		duties("urge", "Cần đôn đốc", Filter{Rules: []string{petition.MustOversee}})
	}
	return all, nil
}

// overseeing says whether what waits for a decision of the overseer is before this post:
// that of a desk officer, and of the leaders and heads of a unit that oversees petitions.
func overseeing(tx *db.Tx, p org.Post) (bool, error) {
	switch p.Role {
	case org.Desk:
		return true, nil
	case org.Leader, org.Head:
		over, err := org.Overseers(tx)
		return slices.Contains(over[p.Unit], petition.CaseKind), err
	}
	return false, nil
}

// Waiting returns how many things wait for the actor himself in his trays, up to most,
// and whether one of them is missed: the badge of a page says what its lists hold.
func Waiting(tx *db.Tx, who org.Actor, most int) (n int, missed bool, err error) {
	all, err := Trays(tx, who, most)
	if err != nil {
		return 0, false, err
	}
	for _, t := range all {
		if t.Others {
			continue
		}
		n += t.Count
		if t.Papers || t.Count == 0 || missed {
			continue
		}
		if missed, err = holdsMissed(tx, who, t); err != nil {
			return 0, false, err
		}
	}
	return min(n, most), missed, nil
}

// decides is what waits for a leader of the province: all for the Chairman, for a vice
// chairman what lies in the fields of his charge.
func decides(tx *db.Tx, p org.Post) (f Filter, err error) {
	if !p.Deputy {
		return f, nil
	}
	charges, err := org.ChargesOf(tx, p.Officer)
	if err != nil {
		return f, err
	}
	for _, c := range charges {
		if c.Unit == p.Unit && c.Whole {
			return Filter{}, nil
		}
		if c.Unit == p.Unit {
			f.Fields = append(f.Fields, c.Fields...)
		}
	}
	if len(f.Fields) == 0 {
		f.Fields = []string{"-"} // a deputy in charge of nothing decides nothing
	}
	return f, nil
}
