package incident

import (
	"lienthong/internal/access"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// The rules that incidents obey. What they say stands in regulations/, never here.
const (
	MustReport   = "incident.report"    // a commune reports what is abnormal
	RuleKind     = "incident.kind"      // what kinds there are, who leads, which are sealed
	MustConfirm  = "incident.confirm"   // a leader confirms what was reported from the spot
	MustLead     = "incident.lead"      // the lead handles the incident to its end
	MustSay      = "incident.situation" // a commune reports how it stands with it
	MustAct      = "incident.decision"  // a unit and a person do what was decided
	MustGive     = "incident.resource"  // who was asked for help gives it, or says why not
	MustReview   = "incident.review"    // lessons are drawn
	MustOversee  = "incident.oversee"   // who watches decides on what was missed
	sealedNumber = `^[0-9]{1,6}(/[0-9A-ZĐƯƠÂÊÔĂ-]{1,30})?$`
)

// Keys are the rule keys incidents declare, with their typed parameters.
func Keys() []regulation.Key {
	return []regulation.Key{
		{Name: MustReport, Doc: "a commune reports an abnormal event at once", Params: []regulation.Param{
			{Name: "when", Type: regulation.Bool, Doc: "the report states when the event happened, beside the time of the report"},
			{Name: "spot", Type: regulation.Bool, Optional: true, Doc: "who is on the spot reports before anybody signs; a leader of the commune confirms afterwards"},
		}},
		{Name: RuleKind, Doc: "a kind of incident: who leads it, whether several communes have one case, whether it is sealed", Many: true, Params: []regulation.Param{
			{Name: "kind", Type: regulation.Enum, Values: Types, Doc: "which kind"},
			{Name: "joint", Type: regulation.Bool, Doc: "the communes it touches have one case"},
			{Name: "sealed", Type: regulation.Bool, Doc: "only the number and day of a paper that went the secret way"},
			{Name: "field", Type: regulation.Text, Optional: true, Doc: "the field whose department leads; none: the report names the field"},
			{Name: "lead", Type: regulation.Role, Optional: true, Doc: "who leads where no field is named"},
		}},
		{Name: MustAct, Doc: "what is decided names who does it", Params: []regulation.Param{
			{Name: "person", Type: regulation.Bool, Doc: "a decision names a person beside the unit"},
		}},
		{Name: MustReview, Doc: "lessons are drawn when an incident is over", Params: []regulation.Param{
			{Name: "required", Type: regulation.Bool, Doc: "the case is closed with the lessons drawn, not without"},
			{Name: "limit", Type: regulation.Limit, Doc: "by when"},
		}},
		{Name: MustOversee, Doc: "who watches over incidents", Many: true, Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Doc: "the overseer"},
		}},
	}
}

// Duties says what the program does about each duty of an incident.
func Duties() []duty.Kind {
	return []duty.Kind{
		{Rule: MustConfirm, Say: "Xác nhận báo cáo gửi từ hiện trường"},
		{Rule: MustLead, Say: "Chủ trì xử lý sự cố"},
		{Rule: MustSay, Say: "Báo tình hình trên địa bàn", Missed: missed, Remind: remind},
		{Rule: MustAct, Say: "Thực hiện quyết định xử lý sự cố", Missed: missed, Remind: remind},
		{Rule: MustGive, Say: "Đáp ứng nguồn lực được đề nghị", Missed: missed, Remind: remind},
		{Rule: MustReview, Say: "Rút kinh nghiệm sau sự cố", Missed: missed, Remind: remind},
		{Rule: MustOversee, Say: "Xem xét việc quá hạn của sự cố"},
	}
}

// hands are the roles that work on an incident; heads speak for their unit.
var (
	hands = []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk, org.Desk}
	heads = []org.Role{org.Leader, org.Head, org.Desk}
	first = []org.Role{org.Leader}
)

// The acts on an incident and who may do them.
var (
	actReport  = access.Act{Name: "incident.report", Say: "báo cáo sự cố của xã, phường này", By: []access.Grant{{Of: access.Raiser, Roles: hands}}}
	actConfirm = access.Act{Name: "incident.confirm", Say: "xác nhận báo cáo gửi từ hiện trường", By: []access.Grant{{Of: access.Raiser, Roles: first}}}
	actSay     = access.Act{Name: "incident.situation", Say: "báo tình hình của sự cố này", By: []access.Grant{
		{Of: access.Raiser, Roles: hands}, {Of: access.Lead, Roles: hands}, {Of: access.Coordinating, Roles: hands}, {Of: access.Requested, Roles: hands}}}
	actWiden = access.Act{Name: "incident.widen", Say: "mở rộng hồ sơ sự cố này", By: []access.Grant{
		{Of: access.Raiser, Roles: heads}, {Of: access.Lead, Roles: heads}, {Of: access.Overseer, Roles: heads}}}
	actLink = access.Act{Name: "incident.link", Say: "nối việc khác vào sự cố này", By: []access.Grant{
		{Of: access.Raiser, Roles: heads}, {Of: access.Lead, Roles: heads}, {Of: access.Coordinating, Roles: heads}, {Of: access.Overseer, Roles: heads}}}
	actAsk = access.Act{Name: "incident.ask", Say: "đề nghị nguồn lực cho sự cố này", By: []access.Grant{
		{Of: access.Raiser, Roles: heads}, {Of: access.Lead, Roles: heads}, {Of: access.Coordinating, Roles: heads}}}
	actGive = access.Act{Name: "incident.give", Say: "trả lời đề nghị nguồn lực này", By: []access.Grant{
		{Of: access.Told, Roles: heads, Directed: true}}}
	actDecide = access.Act{Name: "incident.decide", Say: "quyết định về sự cố này", By: []access.Grant{
		{Of: access.Lead, Roles: first}, {Of: access.Overseer, Roles: first}}}
	actDecideOwn = access.Act{Name: "incident.decide", Say: "quyết định về sự cố này", By: []access.Grant{
		{Of: access.Raiser, Roles: first}, {Of: access.Coordinating, Roles: first}}}
	actDone = access.Act{Name: "incident.done", Say: "báo kết quả thực hiện quyết định này", By: []access.Grant{
		{Of: access.Told, Roles: heads, Directed: true}}}
	actEnd    = access.Act{Name: "incident.end", Say: "kết thúc xử lý hoặc mở lại sự cố này", By: []access.Grant{{Of: access.Lead, Roles: heads}, {Of: access.Overseer, Roles: heads}}}
	actReview = access.Act{Name: "incident.review", Say: "ghi rút kinh nghiệm của sự cố này", By: []access.Grant{{Of: access.Lead, Roles: heads}}}
	actUrge   = access.Act{Name: "incident.urge", Say: "đôn đốc sự cố này", By: []access.Grant{{Of: access.Overseer, Roles: heads}, {Of: access.Lead, Roles: heads}}}
)

// Rules are the rules by which duties of incidents are owed, for the list of a unit.
func Rules() []string {
	return []string{MustConfirm, MustLead, MustSay, MustAct, MustGive, MustReview, MustOversee}
}
