package regulation

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

func TestBreak(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	broken := func(key, how string) *Rulebook {
		t.Helper()
		b, err := rb.Break(key, how)
		if err != nil {
			t.Fatal(err)
		}
		if b.Hash() == rb.Hash() || b.Broken() != key+" "+how {
			t.Errorf("%s %s: hash or mark unchanged", key, how)
		}
		return b
	}
	now := at("2026-03-02")
	if a, _ := broken("petition.answer", BreakLimit).Rule("petition.answer", now, "so-y-te", ""); a.Limit("limit").String() != "8wd" {
		t.Errorf("limit %s, want 8wd", a.Limit("limit"))
	}
	if a, _ := broken("petition.oversee", BreakRole).Rule("petition.oversee", now, "so-y-te", ""); a.Role("role").Unit == "so-noi-vu" {
		t.Errorf("the overseer is still the Department of Home Affairs")
	}
	if a, _ := broken("petition.raise", BreakFlip).Rule("petition.raise", now, "24000", ""); a.Bool("tried") {
		t.Errorf("what was tried is still demanded")
	}
	if _, err := broken("petition.answer", BreakOff).Rule("petition.answer", now, "so-y-te", ""); !errors.Is(err, fault.Denied) {
		t.Errorf("switched off: %v", err)
	}
	if r, _ := broken(RouteKey, BreakRole).UnitFor("y-te", now); r.Unit == "so-y-te" || r.Unit == "" {
		t.Errorf("health still goes to %q", r.Unit)
	}
	if a, _ := rb.Rule("petition.answer", now, "so-y-te", ""); a.Limit("limit").String() != "7wd" {
		t.Errorf("breaking a copy changed the rulebook")
	}
	for _, key := range rb.Keys() {
		for _, how := range rb.Ways(key) {
			broken(key, how)
		}
	}
}

func TestDryRun(t *testing.T) {
	old := compiled(t, "phu-tho", testKeys())
	next, err := old.Break("petition.answer", BreakLimit)
	if err != nil {
		t.Fatal(err)
	}
	from := at("2026-03-02")
	due := func(r Running, a Applied) (time.Time, error) {
		l := a.Limit("limit")
		if l.Unit == workday.None {
			return time.Time{}, nil
		}
		return workday.Of(r.From).AddDays(l.N).Midnight(), nil
	}
	running := []Running{
		{Case: "1", Key: "petition.answer", Unit: "so-y-te", From: from, Due: workday.Of(from).AddDays(7).Midnight()},
		{Case: "2", Key: "petition.settle", Unit: "24000", From: from},
		{Case: "3", Key: "petition.gone", Unit: "so-y-te", From: from},
	}
	changes, err := DryRun(old, next, workday.Of(from).AddDays(30).Midnight(), running, due)
	if err != nil || len(changes) != 2 {
		t.Fatalf("%d changes (%v), want the answer and the rule that is gone", len(changes), err)
	}
	if c := changes[0]; !c.NewDue.Equal(c.Due.AddDate(0, 0, 1)) || !c.Missed || c.Why != "hạn muộn hơn" {
		t.Errorf("answer: %+v", c)
	}
	if c := changes[1]; c.NewRule != "" || c.Why == "" {
		t.Errorf("gone: %+v", c)
	}
}

func TestCoverage(t *testing.T) {
	lib := library(t)
	ops := map[string][]ClauseID{"petition.Settle": {"PT06/D6.K2", "PT06/D5.K2.d-2"}}
	proof := []byte(`{"hash":"h","clauses":{"PT06/D6.K2":{"stories":["petition_late.txt"]}}}`)
	for _, r := range lib.Regulations {
		r.Shown = nil
	}
	lib.Regulations["PT06"].Shown = map[ClauseID]string{"PT06/D3.K4": "bảng theo dõi", "PT06/D6.K2": "đã kiểm chứng thì không đếm ở đây"}
	c, err := Coverage(lib, testKeys(), ops, proof, "h")
	if err != nil {
		t.Fatal(err)
	}
	if c.Operable != 451 || len(c.Clauses) != 451 || c.Areas["M01"].Operable != 20 || len(c.Areas) != 18 {
		t.Errorf("%d operable, %d listed, M01 %+v", c.Operable, len(c.Clauses), c.Areas["M01"])
	}
	if c.Stale || c.Proven != 1 || c.Shown != 1 || c.Areas["M01"].Proven != 1 {
		t.Errorf("stale %v, proven %d, shown %d", c.Stale, c.Proven, c.Shown)
	}
	for _, x := range c.Clauses {
		if x.ID == "PT06/D6.K2" && (len(x.CarriedBy) != 2 || x.CarriedBy[0] != "petition.Settle") {
			t.Errorf("PT06/D6.K2 is carried by %v", x.CarriedBy)
		}
		if x.ID == "PT06/D6.K1" && len(x.CarriedBy) > 0 {
			t.Errorf("a rule that waits for its key carries %s", x.ID)
		}
	}
	bare, err := Coverage(lib, nil, nil, nil, "other")
	if err != nil || !bare.Stale || bare.Carried != 0 {
		t.Errorf("without keys: carried %d, stale %v (%v)", bare.Carried, bare.Stale, err)
	}
	if lib.Hash() == library(t).Hash() {
		t.Error("what is shown leaves the hash")
	}
	if lib = library(t); lib.Hash() != library(t).Hash() {
		t.Error("the library's hash is not steady")
	}
	rules(lib)[0].Clauses = nil
	if lib.Hash() == library(t).Hash() {
		t.Error("a changed rule leaves the hash")
	}
}

func TestShow(t *testing.T) {
	lib := library(t)
	for id, want := range map[string]string{
		"PT06/D6.K2": "7wd", "PT06": "06/2026/QĐ-CTUBND", "phu-tho": "quy chế chưa nêu",
		"petition.answer": "PT06/D6.K2", "staff.evaluate": "chờ phần mềm",
	} {
		if s, err := Show(lib, testKeys(), id); err != nil || !contains(s, want) {
			t.Errorf("show %s lacks %q (%v)", id, want, err)
		}
	}
	if _, err := Show(lib, testKeys(), "PT99"); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown id: %v", err)
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }
