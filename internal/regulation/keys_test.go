package regulation

import (
	"slices"
	"testing"
	"time"

	"lienthong/internal/workday"
	"lienthong/regulations"
)

// testKeys are keys as slices will declare them: the petition's, and two throw-away
// ones (consult, staff) that strain what a rule can say.
func testKeys() []Key {
	role := func(name string) Param { return Param{Name: name, Type: Role} }
	return append(slices.Concat(Keys(), directiveKeys(), gatheringKeys()),
		Key{Name: "petition.raise", Params: []Param{{Name: "tried", Type: Bool}}},
		Key{Name: "petition.answer", Params: []Param{
			{Name: "limit", Type: Limit},
			{Name: "from", Type: Enum, Values: []string{"first-arrival", "arrival", "raised"}},
			{Name: "met_by", Type: Enum, Values: []string{"release", "sign", "submit"}},
			{Name: "overseers", Type: Role, List: true},
			{Name: "restart_on_forward", Type: Bool},
			{Name: "breach", Type: Enum, Values: []string{"none", "report"}},
		}},
		Key{Name: "petition.remind", Params: []Param{
			{Name: "before", Type: Duration, List: true}, {Name: "office_hours", Type: Bool},
		}},
		Key{Name: "petition.settle", Params: []Param{
			{Name: "who", Type: Enum, Values: []string{"raiser"}}, {Name: "limit", Type: Limit},
		}},
		Key{Name: "petition.oversee", Params: []Param{role("role")}, Many: true},
		Key{Name: "inform.contact", Params: []Param{{Name: "to", Type: Unit}}},
		Key{Name: "score.yearly", Params: []Param{role("role"), {Name: "objection", Type: Duration}, {Name: "causes", Type: Text, List: true}, {Name: "readers", Type: Role, List: true, Optional: true}}},
		Key{Name: "petition.group", Params: []Param{role("role")}},
		Key{Name: "programme.keep", Params: []Param{role("of"), role("role")}},
		Key{Name: "petition.forward", Params: []Param{role("contested")}},
		Key{Name: "petition.explain", Params: []Param{{Name: "by", Type: Role, List: true}, {Name: "limit", Type: Limit}}},
		Key{Name: "petition.return", Params: []Param{{Name: "grounds", Type: Text, List: true}}},
		Key{Name: "petition.breach", Params: []Param{
			{Name: "who", Type: Enum, Values: []string{"raiser"}}, role("to"), role("through"),
		}},
	)
}

// gatheringKeys are those of campaigns and incidents, which the shipped profiles bind: the slices
// that declare them stand above this package.
func gatheringKeys() []Key {
	yes := func(name string) Param { return Param{Name: name, Type: Bool} }
	role := func(name string) Param { return Param{Name: name, Type: Role} }
	return []Key{
		{Name: "campaign.merge", Params: []Param{role("role")}},
		{Name: "campaign.explain", Params: []Param{role("through"), yes("before")}},
		{Name: "campaign.answer", Params: []Param{yes("by_group")}},
		{Name: "incident.report", Params: []Param{yes("when"), {Name: "spot", Type: Bool, Optional: true}}},
		{Name: "incident.kind", Many: true, Params: []Param{
			{Name: "kind", Type: Enum, Values: []string{"natural-disaster", "epidemic", "environment", "infrastructure", "development", "common", "security", "defence"}},
			yes("joint"), yes("sealed"), {Name: "field", Type: Text, Optional: true}, {Name: "lead", Type: Role, Optional: true},
		}},
		{Name: "incident.decision", Params: []Param{yes("person")}},
		{Name: "incident.review", Params: []Param{yes("required"), {Name: "limit", Type: Limit}}},
		{Name: "incident.oversee", Many: true, Params: []Param{role("role")}},
		{Name: "assignment.publish", Params: []Param{role("role"), {Name: "every", Type: Enum, Values: []string{"quarter"}}}},
	}
}

// strainKeys adds the two keys of the strain tests, which `later` rules bind.
func strainKeys() []Key {
	return append(testKeys(),
		Key{Name: "consult.reply", Params: []Param{
			{Name: "limit", Type: Limit},
			{Name: "silence", Type: Enum, Values: []string{"report", "agree", "block", "end"}},
			{Name: "reply_when_agreeing", Type: Bool},
			{Name: "report_to", Type: Role},
		}},
		Key{Name: "staff.evaluate", Params: []Param{
			{Name: "due", Type: Text}, {Name: "role", Type: Role}, {Name: "send", Type: Bool},
		}},
	)
}

func library(t testing.TB) *Library {
	t.Helper()
	lib, err := Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func compiled(t testing.TB, profile string, keys []Key) *Rulebook {
	t.Helper()
	rb, problems := Compile(library(t), profile, keys)
	for _, p := range problems {
		t.Errorf("%s %s: %s", p.Code, p.Where, p.Say)
	}
	if rb == nil {
		t.Fatalf("profile %s does not compile", profile)
	}
	return rb
}

// at is nine o'clock of an office day.
func at(day string) time.Time { return workday.MustDate(day).Midnight().Add(9 * time.Hour) }
