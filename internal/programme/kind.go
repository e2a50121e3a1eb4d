package programme

import (
	"errors"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// The rules that programmes obey. What they say stands in regulations/, never here.
const (
	MustSend     = "programme.weekly"   // a unit sends its leaders' week to the Office
	MustCollect  = "programme.collect"  // the Office puts the week together
	MustReview   = "programme.review"   // periodic reviews
	RuleKeep     = "programme.keep"     // who keeps the province's programme
	rulePlan     = "programme.plan"     // what a plan states
	ruleEstimate = "programme.estimate" // who approves the estimate of what arises
	ruleFunding  = "programme.funding"  // from where what is planned is paid
)

// Keys are the rule keys programmes declare, with their typed parameters.
func Keys() []regulation.Key {
	return []regulation.Key{
		{Name: RuleKeep, Doc: "who keeps the province's programme, accepts what units register and decides what moves", Params: []regulation.Param{
			{Name: "of", Type: regulation.Role, Doc: "whose programme it is"},
			{Name: "role", Type: regulation.Role, Doc: "who keeps it"},
		}},
		{Name: MustSend, Doc: "a unit sends its leaders' weekly programme", Params: []regulation.Param{
			{Name: "due", Type: regulation.Recurrence, Doc: "by when, each week"},
			{Name: "of", Type: regulation.Enum, Values: []string{"next-week", "this-week"}, Doc: "which week the programme is of"},
			{Name: "to", Type: regulation.Role, Doc: "to whom it is sent"},
			{Name: "remind", Type: regulation.Duration, List: true, Optional: true, Doc: "working days before the last day on which the unit is reminded; none: it is not"},
		}},
		{Name: MustCollect, Doc: "who puts the weekly programmes together, and for whom", Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Doc: "who puts them together"},
			{Name: "to", Type: regulation.Role, Doc: "to whom the whole is reported"},
		}},
		{Name: MustReview, Doc: "periodic reviews", Many: true, Params: []regulation.Param{
			{Name: "role", Type: regulation.Role, Optional: true, Doc: "who holds them; none: each unit that the rule names"},
			{Name: "every", Type: regulation.Recurrence, List: true, Optional: true, Doc: "by when each is held; none: no interval is stated, and the calendar opens none"},
			{Name: "ahead", Type: regulation.Duration, Optional: true, Doc: "how long before each is due it is opened; none: when the one before was due"},
			{Name: "to", Type: regulation.Role, Optional: true, Doc: "to whom they are reported; none: to nobody"},
		}},
		{Name: rulePlan, Doc: "what a lead's plan states for each thing to do before it is sent", Params: []regulation.Param{
			{Name: "states", Type: regulation.Enum, List: true, Values: []string{"time", "place", "content", "responsibility"}, Doc: "what must stand"},
		}},
		{Name: ruleEstimate, Doc: "who approves the estimate of a task that arises before it is carried out", Params: []regulation.Param{
			{Name: "by", Type: regulation.Role, Doc: "who approves"},
		}},
		{Name: ruleFunding, Doc: "from where a thing to do may be paid; what costs money names it", Params: []regulation.Param{
			{Name: "from", Type: regulation.Enum, List: true, Values: []string{FundYearly, FundArising}, Doc: "the sources"},
		}},
	}
}

// Duties says what the program does about each duty of a programme.
func Duties() []duty.Kind {
	return []duty.Kind{
		{Rule: MustSend, Say: "Gửi chương trình công tác tuần", Missed: weekMissed, Remind: weekRemind, Arming: &duty.Arming{Occasions: weeks, Open: openWeek}},
		{Rule: MustCollect, Say: "Tổng hợp chương trình công tác tuần"},
		{Rule: MustReview, Say: "Sơ kết, tổng kết", Arming: &duty.Arming{Occasions: reviews, Open: openReview}},
	}
}

// apply finds a rule for a unit; ok is false when none binds it today or the profile
// switched the key off.
func apply(tx *db.Tx, key string, unit org.UnitID) (rule regulation.Applied, ok bool, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return rule, false, err
	}
	rule, err = rb.Apply(tx, key, unit, "")
	return rule, err == nil, quiet(err)
}

// applyAll is apply for a key whose rules stand side by side.
func applyAll(tx *db.Tx, rb *regulation.Rulebook, key string, unit org.UnitID) ([]regulation.Applied, error) {
	all, err := rb.ApplyAll(tx, key, unit, "")
	return all, quiet(err)
}

// quiet takes it for no error that no rule speaks of the unit.
func quiet(err error) error {
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Denied) || errors.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

// A house is who keeps the province's programme, and whose it is.
type house struct{ of, keeper org.UnitID }

// keeping reads the rule of the province's programme.
func keeping(tx *db.Tx) (h house, err error) {
	rule, ok, err := apply(tx, RuleKeep, "")
	if err != nil || !ok {
		return h, err
	}
	return house{rule.Role("of").Unit, rule.Role("role").Unit}, nil
}

// facts are the units an act on an item is asked of: its lead; whoever decides about the
// programme it stands in - the unit itself, or the keeper of the province's.
func (h house) facts(x *Item) access.Facts {
	f := access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {x.Lead}}}
	if x.Officer != "" {
		f.Officers = []org.OfficerID{x.Officer}
	}
	if h.of != "" && x.Unit == h.of {
		f.Units[access.Overseer] = []org.UnitID{h.keeper}
	} else {
		f.Units[access.Raiser] = []org.UnitID{x.Unit}
	}
	return f
}

// pick holds an item and returns the actor in the post in which he may do the act.
func pick(tx *db.Tx, who org.Actor, x *Item, act access.Act) (org.Actor, error) {
	h, err := keeping(tx)
	if err != nil {
		return who, err
	}
	return access.Pick(who, act, h.facts(x))
}

// Rights are what an actor may do with an item, for its page.
type Rights struct{ Work, Decide, Estimate bool }

// RightsOn says what the actor may do with an item.
func RightsOn(tx *db.Tx, who org.Actor, x *Item) (r Rights, err error) {
	h, err := keeping(tx)
	if err != nil {
		return r, err
	}
	f := h.facts(x)
	r.Work, r.Decide = access.May(who, actWork, f) == nil, access.May(who, actDecide, f) == nil
	by, on, err := estimator(tx, x.Lead)
	if on && x.Arising {
		r.Estimate = access.May(who, actEstimate, by) == nil
	}
	return r, err
}

// Keeps says whether the actor keeps the province's programme, whose it is, and who keeps it.
func Keeps(tx *db.Tx, who org.Actor) (may bool, of, keeper org.UnitID, err error) {
	h, err := keeping(tx)
	if err != nil || h.keeper == "" {
		return false, h.of, h.keeper, err
	}
	return access.May(who, actKeep, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {h.keeper}}}) == nil, h.of, h.keeper, nil
}
