package petition

import (
	"lienthong/internal/access"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// The rules that petitions obey. What they say stands in regulations/, never here.
const (
	MustRaise      = "petition.raise"      // what the form demands of a commune
	MustAnswer     = "petition.answer"     // the department answers
	MustSettle     = "petition.settle"     // the commune says whether that settles it
	MustReport     = "petition.report"     // the next report on a matter left open
	MustContribute = "petition.contribute" // another department's part
	MustClarify    = "petition.clarify"    // the commune answers a question
	MustAssign     = "petition.assign"     // the Office names the lead
	MustOversee    = "petition.oversee"    // an overseer decides on what was missed
	MustExplain    = "petition.explain"    // the unit accounts for its lateness
	RuleGroup      = "petition.group"      // who puts alike petitions together
	rulesReturn    = "petition.return"     // the grounds for giving a petition back
	rulesForward   = "petition.forward"    // who decides a contested forwarding
	rulesRemind    = "petition.remind"     // when the owner is reminded
	fallbackRole   = "fallback-supervisor"
)

// Keys are the rule keys petitions declare, with their typed parameters.
func Keys() []regulation.Key {
	return []regulation.Key{
		{Name: MustRaise, Doc: "what a commune states when it raises a difficulty", Params: []regulation.Param{
			{Name: "tried", Type: regulation.Bool, Doc: "the form demands what the commune already tried"},
		}},
		{Name: MustAnswer, Doc: "a department answers a commune", Params: []regulation.Param{
			{Name: "limit", Type: regulation.Limit, Doc: "how long the department has"},
			{Name: "from", Type: regulation.Enum, Values: []string{"first-arrival"}, Doc: "from which event it is counted"},
			{Name: "met_by", Type: regulation.Enum, Values: []string{"release"}, Doc: "which step of the answer's paper meets it"},
			{Name: "overseers", Type: regulation.Role, List: true, Doc: "who decides on what was missed"},
			{Name: "restart_on_forward", Type: regulation.Bool, Doc: "whether the clock starts anew at the next department"},
			{Name: "breach", Type: regulation.Enum, Values: []string{"none", "report"}, Doc: "what a missed answer causes beyond the overseers' desk"},
		}},
		{Name: MustSettle, Doc: "the commune says whether the answer settles the matter", Params: []regulation.Param{
			{Name: "who", Type: regulation.Enum, Values: []string{"raiser"}, Doc: "who says so"},
			{Name: "limit", Type: regulation.Limit, Doc: "how long it has"},
		}},
		{Name: MustOversee, Doc: "who oversees that petitions are answered", Many: true, Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Doc: "the overseer"},
		}},
		{Name: RuleGroup, Doc: "who puts alike petitions of several communes together", Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Doc: "who groups them"},
		}},
		{Name: rulesForward, Doc: "who names the lead when a forwarding is contested", Params: []regulation.Param{
			{Name: "contested", Type: regulation.Role, Doc: "who decides"},
		}},
		{Name: MustExplain, Doc: "who may ask a unit to account for lateness", Params: []regulation.Param{
			{Name: "by", Type: regulation.Role, List: true, Doc: "who may ask"},
			{Name: "limit", Type: regulation.Limit, Doc: "how long the unit has"},
		}},
		{Name: rulesRemind, Doc: "when the owner is reminded before the due instant", Params: []regulation.Param{
			{Name: "before", Type: regulation.Duration, List: true, Doc: "working days before the last day"},
			{Name: "office_hours", Type: regulation.Bool, Optional: true, Doc: "only in office hours"},
		}},
		{Name: rulesReturn, Doc: "the grounds on which a petition may be given back", Params: []regulation.Param{
			{Name: "grounds", Type: regulation.Text, List: true, Doc: "the grounds, in the office's words"},
		}},
		{Name: "petition.breach", Doc: "to whom a commune reports a unit that failed", Params: []regulation.Param{
			{Name: "who", Type: regulation.Enum, Values: []string{"raiser"}, Optional: true, Doc: "who reports"},
			{Name: "to", Type: regulation.Role, Doc: "who receives the report"},
			{Name: "through", Type: regulation.Role, Optional: true, Doc: "through whom it goes"},
		}},
	}
}

// Duties says what the program does about each duty of a petition.
func Duties() []duty.Kind {
	return []duty.Kind{
		{Rule: MustAnswer, Say: "Trả lời kiến nghị", Missed: answerMissed, Remind: answerRemind},
		{Rule: MustSettle, Say: "Cho biết đã giải quyết được chưa"},
		{Rule: MustReport, Say: "Báo tiếp kết quả xử lý", Missed: reportMissed, Remind: answerRemind},
		{Rule: MustContribute, Say: "Góp ý phần việc được hỏi", Missed: partMissed, Remind: answerRemind},
		{Rule: MustClarify, Say: "Trả lời câu hỏi của sở, ngành"},
		{Rule: MustAssign, Say: "Xác định cơ quan chủ trì"},
		{Rule: MustOversee, Say: "Xem xét việc quá hạn"},
		{Rule: MustExplain, Say: "Giải trình việc chậm trả lời", Missed: explainMissed, Remind: answerRemind},
	}
}

// The acts on a petition and who may do them. Steps of papers are signoff's.
var (
	actForward = access.Act{Name: "petition.forward", Say: "chuyển kiến nghị sang đơn vị khác", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Clerk}}}}
	actReturn = access.Act{Name: "petition.return", Say: "trả lại kiến nghị", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
	actAssign = access.Act{Name: "petition.assign", Say: "chỉ định cơ quan chủ trì", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	actAsk = access.Act{Name: "petition.ask", Say: "hỏi lại xã", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head}, Directed: true}}}
	actClarify = access.Act{Name: "petition.clarify", Say: "trả lời câu hỏi của sở, ngành", By: []access.Grant{
		{Of: access.Raiser, Roles: []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk}}}}
	actSplit = access.Act{Name: "petition.split", Say: "hỏi ý kiến đơn vị phối hợp", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head}, Directed: true}}}
	actContribute = access.Act{Name: "petition.contribute", Say: "góp ý phần việc được hỏi", By: []access.Grant{
		{Of: access.Coordinating, Roles: []org.Role{org.Leader}}}}
	actSettle = access.Act{Name: "petition.settle", Say: "xác nhận kết quả giải quyết", By: []access.Grant{
		{Of: access.Raiser, Roles: []org.Role{org.Leader, org.Head, org.Specialist}}}}
	actReport = access.Act{Name: "petition.report", Say: "báo tiếp kết quả xử lý", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
	actOversee = access.Act{Name: "petition.oversee", Say: "đôn đốc việc này", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader, org.Head}}}}
	actExplain = access.Act{Name: "petition.explain", Say: "yêu cầu giải trình", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Leader, org.Desk}}}}
)
