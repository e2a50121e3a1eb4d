package campaign

import (
	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// The rules that campaigns obey, and the duties that stand on them.
const (
	RuleMerge   = "campaign.merge"   // who opens a campaign and merges what is reported
	MustExplain = "campaign.explain" // a department's written explanation before the session
	MustAnswer  = "campaign.answer"  // a department answers its groups at the session
	MustConfirm = "campaign.confirm" // a commune says whether an item entered for it is its own
	MustSettle  = "campaign.settle"  // a commune says whether the answer settles its item
	MustReport  = "campaign.report"  // a department's next report on a group that stays open
)

// Keys are the rule keys that campaigns declare.
func Keys() []regulation.Key {
	return []regulation.Key{
		{Name: RuleMerge, Doc: "who opens a campaign and merges what communes and working groups report", Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Doc: "who merges"},
		}},
		{Name: MustExplain, Doc: "a department explains in writing before the session", Params: []regulation.Param{
			{Name: "through", Type: regulation.Role, Doc: "who receives the explanation"},
			{Name: "before", Type: regulation.Bool, Doc: "the hour that is set is late already (\"trước\"); false: it is still in time (\"chậm nhất\")"},
		}},
		{Name: MustAnswer, Doc: "a department answers at the session", Params: []regulation.Param{
			{Name: "by_group", Type: regulation.Bool, Doc: "one answer for each group of alike items; false: for each item"},
		}},
	}
}

// Duties says what the program does about each duty of a campaign.
func Duties() []duty.Kind {
	return []duty.Kind{
		{Rule: MustExplain, Say: "Gửi báo cáo giải trình", Dated: true, Missed: missed},
		{Rule: MustAnswer, Say: "Giải đáp nhóm vấn đề tại phiên họp", Missed: missed},
		{Rule: MustReport, Say: "Báo tiếp kết quả nhóm vấn đề còn mở", Missed: missed},
		{Rule: MustConfirm, Say: "Xác nhận nội dung được nhập thay"},
		{Rule: MustSettle, Say: "Cho biết đã giải quyết được chưa"},
	}
}

// missed tells whoever runs the campaign that a department's instant has passed. What
// follows is for a person to decide.
func missed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	_, err := casefile.Record(tx, c, casefile.Event{Kind: "campaign.missed", By: org.System("sweep"), Audience: audience(c.Raiser, d.Owner),
		Facts: map[string]string{"rule": d.Rule, "owner": string(d.Owner)}})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: c.Raiser, Role: org.Desk, Case: c.ID, Kind: "campaign.missed"},
		notice.Note{Unit: d.Owner, Role: org.Leader, Case: c.ID, Kind: "campaign.missed"})
}

// audience is that of what only some units of a campaign read.
func audience(units ...org.UnitID) (a string) {
	for i, u := range units {
		if i > 0 {
			a += ","
		}
		a += org.OfUnit(u)
	}
	return a
}

var (
	everyRole = []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk}

	actMerge = access.Act{Name: "campaign.merge", Say: "mở và tổng hợp đợt thu thập khó khăn, vướng mắc", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	actEnter   = access.Act{Name: "campaign.enter", Say: "nhập khó khăn, vướng mắc của xã này", By: []access.Grant{{Of: access.Raiser, Roles: everyRole}}}
	actConfirm = access.Act{Name: "campaign.confirm", Say: "xác nhận nội dung của xã", By: []access.Grant{
		{Of: access.Raiser, Roles: []org.Role{org.Leader, org.Head}}}}
	actSettle = access.Act{Name: "campaign.settle", Say: "cho biết đã giải quyết được chưa", By: []access.Grant{
		{Of: access.Raiser, Roles: []org.Role{org.Leader, org.Head, org.Specialist}}}}
	actAnswer = access.Act{Name: "campaign.answer", Say: "trả lời nhóm vấn đề của đơn vị khác", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
)

// mayMerge returns the actor in the post in which he runs campaigns, as the rule names it.
func mayMerge(tx *db.Tx, who org.Actor) (org.Actor, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return who, err
	}
	rule, err := rb.Apply(tx, RuleMerge, "", "")
	if err != nil {
		return who, err
	}
	return access.Pick(who, actMerge, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {rule.Role("role").Unit}}})
}

// MayMerge says whether the actor may open and run campaigns.
func MayMerge(tx *db.Tx, who org.Actor) (bool, error) {
	_, err := mayMerge(tx, who)
	switch kind := fault.Kind(err); {
	case err == nil:
		return true, nil
	case kind == fault.Denied || kind == fault.NotFound || kind == fault.Invalid:
		return false, nil
	}
	return false, err
}

// of is the facts of a unit that holds one function.
func facts(f access.Function, unit org.UnitID) access.Facts {
	return access.Facts{Units: map[access.Function][]org.UnitID{f: {unit}}}
}
