package directive

import (
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// The rules that directives and assignments obey. What they say stands in regulations/.
// Those named Must are also the rules of duties.
const (
	RuleConfirm  = "directive.confirm"  // who takes in, confirms and releases
	RulePropose  = "directive.propose"  // who proposes and who decides what a document leaves open
	RuleTask     = "directive.task"     // what a text of the profile itself gives, for comparison
	RuleTakeOver = "directive.takeover" // who takes an assignment over

	MustDo       = "assignment.do"       // the lead gives a result
	MustRecur    = "assignment.recur"    // the same, of what comes again
	MustTakePart = "assignment.part"     // a coordinating unit does its part
	MustReply    = "assignment.reply"    // a requested body's part: only asked
	MustRegister = "assignment.register" // the lead enters the assignment in time
	MustCheck    = "assignment.check"    // the Office checks a result
	MustDecide   = "assignment.decide"   // somebody decides on more time or on a form
	MustOversee  = "assignment.oversee"  // an overseer decides on what was missed or reported
	MustExplain  = "assignment.explain"  // a unit accounts for itself

	RuleDate   = "assignment.date"   // who sets a date where no text does
	RuleExtend = "assignment.extend" // who grants the lead more time, how often, how long
	RuleAdjust = "assignment.adjust" // who grants a coordinating unit more time
	RuleAccept = "assignment.accept" // who checks and accepts
	RuleSub    = "assignment.sub"    // what a sub-assignment states
	RuleForm   = "assignment.form"   // the forms of coordination and who decides
	RuleList   = "assignment.list"   // to whom the list of coordinating units goes
	RuleBreach = "assignment.breach" // to whom a unit that fails is reported
	RuleTold   = "assignment.told"   // that units touched hear the result
	RuleRemind = "assignment.remind" // when the owner is reminded

	RulePublish = "assignment.publish" // who makes results public, and how often
)

// Keys are the rule keys of this package, with their typed parameters.
func Keys() []regulation.Key {
	role := func(name, doc string) regulation.Param {
		return regulation.Param{Name: name, Type: regulation.Role, Doc: doc}
	}
	limit := func(name, doc string) regulation.Param {
		return regulation.Param{Name: name, Type: regulation.Limit, Doc: doc}
	}
	return []regulation.Key{
		{Name: RuleConfirm, Doc: "who confirms that the reading of a directive is faithful, and releases", Params: []regulation.Param{
			role("role", "the unit of the desk officer and of the head who releases")}},
		{Name: RulePropose, Doc: "who proposes and who decides what a document leaves open", Params: []regulation.Param{
			role("role", "who proposes"), role("decide", "who decides: its leader in charge of the field")}},
		{Name: RuleTask, Doc: "a task that a text of the profile gives", Many: true, Params: []regulation.Param{
			{Name: "number", Type: regulation.Text, Doc: "the text's number"},
			{Name: "item", Type: regulation.Text, Doc: "the item as printed: 2.a.-1"},
			{Name: "lead", Type: regulation.Unit, Optional: true, Doc: "the unit that leads; left out: every unit addressed"},
			limit("due", "by when; none where the text states no date")}},
		{Name: RuleTakeOver, Doc: "who may direct a unit's assignment himself", Params: []regulation.Param{role("role", "who takes it over")}},
		{Name: MustRegister, Doc: "by when an assignment is entered, by urgency", Params: []regulation.Param{
			limit("normal", "not urgent"), limit("urgent", "khẩn"), limit("flash", "hoả tốc")}},
		{Name: RuleDate, Doc: "who sets a date where no text states one", Params: []regulation.Param{role("role", "who sets it")}},
		{Name: RuleExtend, Doc: "who grants the lead more time", Params: []regulation.Param{
			role("role", "who decides"),
			{Name: "times", Type: regulation.Number, Optional: true, Doc: "how often at most; left out: no bound"},
			{Name: "longest", Type: regulation.Duration, Optional: true, Doc: "how long at most each time; left out: no bound"}}},
		{Name: RuleAdjust, Doc: "a coordinating unit asks the lead for more time", Params: []regulation.Param{
			{Name: "who", Type: regulation.Enum, Values: []string{"lead"}, Doc: "who decides"}}},
		{Name: RuleAccept, Doc: "who checks and accepts a result", Params: []regulation.Param{
			role("role", "who accepts"),
			{Name: "quality", Type: regulation.Text, List: true, Optional: true, Doc: "the words in which quality is rated"}}},
		{Name: RuleSub, Doc: "what a unit states when it assigns a part on", Params: []regulation.Param{
			{Name: "criteria", Type: regulation.Bool, Doc: "a date and what is required of quality"}}},
		{Name: RuleForm, Doc: "the forms of coordination", Params: []regulation.Param{
			{Name: "forms", Type: regulation.Text, List: true, Doc: "the forms, in the office's words"},
			role("task", "who decides the form of a task; of a scheme the lead does")}},
		{Name: RuleList, Doc: "the list of coordinating units", Params: []regulation.Param{
			role("report_to", "to whom it is reported"), role("copy_to", "who follows it")}},
		{Name: RuleBreach, Doc: "a unit that does not do its part is reported", Params: []regulation.Param{
			role("to", "who receives the report"), role("copy_to", "who follows it")}},
		{Name: RuleTold, Doc: "units whose work the result touches hear it", Params: []regulation.Param{
			{Name: "touched", Type: regulation.Bool, Doc: "the result goes to the coordinating units"}}},
		{Name: MustOversee, Doc: "who oversees that assignments are done", Many: true, Params: []regulation.Param{role("role", "the overseer")}},
		{Name: MustExplain, Doc: "who may ask a unit to account for an assignment", Params: []regulation.Param{
			{Name: "by", Type: regulation.Role, List: true, Doc: "who may ask"}, limit("limit", "how long the unit has")}},
		{Name: RulePublish, Doc: "results are made public; where a profile binds nothing, none are", Params: []regulation.Param{
			role("role", "who makes and releases the list"),
			{Name: "every", Type: regulation.Enum, Values: []string{"quarter"}, Doc: "how often"}}},
		{Name: RuleRemind, Doc: "when the owner is reminded before the due instant", Params: []regulation.Param{
			{Name: "before", Type: regulation.Duration, List: true, Doc: "working days before the last day"}}},
	}
}

// Duties says what the program does about each duty of an assignment.
func Duties() []duty.Kind {
	return []duty.Kind{
		{Rule: MustDo, Say: "Thực hiện nhiệm vụ được giao", Missed: doMissed, Remind: remind},
		{Rule: MustRecur, Say: "Thực hiện nhiệm vụ định kỳ", Missed: doMissed, Remind: remind, Arming: &duty.Arming{Occasions: occasions, Open: openOccasion}},
		{Rule: MustTakePart, Say: "Phối hợp thực hiện nhiệm vụ", Missed: ownMissed, Remind: remind},
		{Rule: MustReply, Say: "Thực hiện việc được đề nghị"},
		{Rule: MustRegister, Say: "Vào sổ nhiệm vụ được giao", Missed: ownMissed},
		{Rule: MustCheck, Say: "Kiểm tra kết quả nhiệm vụ"},
		{Rule: MustDecide, Say: "Quyết định đề nghị của đơn vị thực hiện"},
		{Rule: MustOversee, Say: "Xem xét nhiệm vụ chậm, vướng"},
		{Rule: MustExplain, Say: "Giải trình việc thực hiện nhiệm vụ", Missed: ownMissed, Remind: remind},
	}
}

// ruled applies a rule that a profile may leave out; ok is false where it does, or where
// the rule binds others than this unit.
func ruled(tx *db.Tx, rb *regulation.Rulebook, key string, unit org.UnitID, field string) (rule regulation.Applied, ok bool, err error) {
	rule, err = rb.Apply(tx, key, unit, field)
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied || k == fault.Invalid {
		return rule, false, nil
	}
	return rule, err == nil, err
}
