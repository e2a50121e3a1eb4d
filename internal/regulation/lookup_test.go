package regulation

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/fault"
)

func TestAnswerUnderPhuTho(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	tests := []struct {
		name    string
		unit    UnitID
		day     string
		limit   string
		basis   string
		request bool
	}{
		{"a department", "so-y-te", "2026-02-10", "7wd", "khoản 2 Điều 6", false},
		{"a section of a department", "so-y-te/nghiep-vu", "2026-03-02", "7wd", "khoản 2 Điều 6", false},
		{"the Office, with a field left to nobody", "van-phong-ubnd-tinh", "2026-03-02", "none", "cài đặt", false},
		{"the police are asked", "cong-an-tinh", "2026-03-02", "none", "cài đặt", true},
		{"a company is asked", "vnpt-phu-tho", "2026-03-02", "none", "cài đặt", true},
		{"the police of a commune are asked", "24000.cong-an-cap-xa", "2026-03-02", "none", "cài đặt", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := rb.Rule("petition.answer", at(tt.day), tt.unit, "y-te")
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Limit("limit").String(); got != tt.limit {
				t.Errorf("limit %s, want %s", got, tt.limit)
			}
			if !strings.Contains(a.Basis(), tt.basis) {
				t.Errorf("basis %q, want %q in it", a.Basis(), tt.basis)
			}
			if a.Request != tt.request || rb.Binds(tt.unit) == tt.request {
				t.Errorf("request %v, binds %v, want request %v", a.Request, rb.Binds(tt.unit), tt.request)
			}
		})
	}
}

func TestAnswerTellsWhatTheTextLeavesOpen(t *testing.T) {
	a, err := compiled(t, "phu-tho", testKeys()).Rule("petition.answer", at("2026-03-02"), "so-y-te", "")
	if err != nil {
		t.Fatal(err)
	}
	if a.NoteOf("limit") != "" || !strings.Contains(a.NoteOf("from"), "cách hiểu mặc định") {
		t.Errorf("notes %q and %q: only the second is an interpretation", a.NoteOf("limit"), a.NoteOf("from"))
	}
	if got := a.ClausesOf("limit"); !slices.Equal(got, []ClauseID{"PT06/D6.K2"}) {
		t.Errorf("the limit rests on %v", got)
	}
	var units []string
	for _, r := range a.Roles("overseers") {
		units = append(units, string(r.Unit))
	}
	if want := []string{"so-noi-vu", "van-phong-ubnd-tinh"}; !slices.Equal(units, want) {
		t.Errorf("overseers %v, want %v", units, want)
	}
	for _, c := range []string{"PT06/D6.K2", "PT06/D5.K1.c-3", "PT1537/M4"} {
		if !slices.Contains(a.Trace(), c) {
			t.Errorf("trace %v lacks %s", a.Trace(), c)
		}
	}
}

func TestRuleRefuses(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	tests := []struct {
		name, key, day string
		unit           UnitID
		kind           error
		say            string
	}{
		{"before the regulation is in force", "petition.answer", "2026-02-09", "so-y-te", fault.Invalid, "10/02/2026"},
		{"a key switched off", "petition.breach", "2026-03-02", "24000", fault.Denied, "PT06"},
		{"a unit that the rule does not name", "petition.answer", "2026-03-02", "24000", fault.NotFound, "chưa nêu"},
		{"only communes raise", "petition.raise", "2026-03-02", "so-y-te", fault.NotFound, "chưa nêu"},
	}
	for _, tt := range tests {
		_, err := rb.Rule(tt.key, at(tt.day), tt.unit, "")
		if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.say) {
			t.Errorf("%s: %v, want %v with %q", tt.name, err, tt.kind, tt.say)
		}
	}
}

func TestOverseersStandSideBySide(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	for day, want := range map[string]int{"2025-08-04": 1, "2026-02-10": 2} {
		all, err := rb.Rules("petition.oversee", at(day), "so-y-te", "")
		if err != nil || len(all) != want {
			t.Errorf("%s: %d overseers (%v), want %d", day, len(all), err, want)
		}
	}
	if a, _ := rb.Rule("petition.oversee", at("2026-03-02"), "so-y-te", ""); len(a.Disagree) > 0 {
		t.Errorf("two overseers are shown as a disagreement")
	}
}

func TestModelIsMarkedUntilTheDecision(t *testing.T) {
	lib := library(t)
	decided("2026-04-01")(lib.Profiles["tinh-mau"])
	rb, problems := Compile(lib, "tinh-mau", testKeys())
	if rb == nil {
		t.Fatal(problems)
	}
	for day, model := range map[string]bool{"2026-03-31": true, "2026-04-01": false} {
		a, err := rb.Rule("petition.breach", at(day), "24000", "")
		if err != nil || a.Model != model || a.Role("to").Unit != "chu-tich-ubnd-tinh" {
			t.Errorf("%s: model %v to %s (%v), want %v", day, a.Model, a.Role("to").Unit, err, model)
		}
		if marked := strings.Contains(a.Basis(), "chưa có hiệu lực"); marked != model {
			t.Errorf("%s: basis %q", day, a.Basis())
		}
	}
	if a, err := rb.Rule("petition.answer", at("2026-03-02"), "so-y-te", ""); err != nil || a.Model {
		t.Errorf("the province's own rule is marked as a model (%v)", err)
	}
}

func TestStrainKeysCompileFromLater(t *testing.T) {
	lib := library(t)
	for profile, key := range map[string]string{"tho-xuan": "consult.reply", "cam-pha": "staff.evaluate"} {
		p := lib.Profiles[profile]
		for _, k := range []string{"consult.reply", "staff.evaluate"} {
			p.Off = append(p.Off, Off{Key: k, Why: "không nêu"})
		}
		p.Off = slices.DeleteFunc(p.Off, func(o Off) bool { return o.Key == key })
	}
	rb, problems := Compile(lib, "tho-xuan", strainKeys())
	if rb == nil {
		t.Fatal(problems)
	}
	a, err := rb.Rule("consult.reply", at("2020-03-02"), "phong-noi-vu-huyen", "")
	if err != nil || a.Text("silence") != "report" || !a.Bool("reply_when_agreeing") {
		t.Errorf("silence %q, reply %v (%v)", a.Text("silence"), a.Bool("reply_when_agreeing"), err)
	}
	if rb, problems = Compile(lib, "cam-pha", strainKeys()); rb == nil {
		t.Fatal(problems)
	}
	a, err = rb.Rule("staff.evaluate", at("2023-03-02"), "trung-tam-hanh-chinh-cong-thanh-pho", "")
	if err != nil || a.Text("due") != "yearly 12-05,before" {
		t.Errorf("due %q (%v)", a.Text("due"), err)
	}
}

// The nearest unit wins over the order of the profile, a text in force over a setting,
// a setting over a model; whatever stands as near and says otherwise is shown.
func TestLookupOrder(t *testing.T) {
	key := Key{Name: "k", Params: []Param{{Name: "limit", Type: Limit}}}
	scopes := [][]string{nil, {"so-nganh"}, {"so-y-te"}}
	rapid.Check(t, func(t *rapid.T) {
		bk := book{Format: format, Keys: []keyShape{{Name: "k", Params: map[string]Type{"limit": Limit}}}, Groups: map[string][]string{"so-nganh": {"so-y-te"}}}
		n := rapid.IntRange(1, 6).Draw(t, "rules")
		for i := range n {
			scope := scopes[rapid.IntRange(0, 2).Draw(t, "scope")]
			limit := []string{"7wd", "5wd", "3d"}[rapid.IntRange(0, 2).Draw(t, "limit")]
			bk.Bindings = append(bk.Bindings, binding{Key: key.Name, Units: scope, Params: map[string]Value{"limit": {Values: []string{limit}}}, Note: string(rune('a' + i))})
		}
		rb, err := seal(bk)
		if err != nil {
			t.Fatal(err)
		}
		a, err := rb.Rule("k", at("2026-03-02"), "so-y-te", "")
		if err != nil {
			t.Fatal(err)
		}
		best := slices.MinFunc(bk.Bindings, func(x, y binding) int { return len(strings.Join(y.Units, "")) - len(strings.Join(x.Units, "")) })
		// so-nganh has more letters than so-y-te: rank them as the rule does
		rank := func(u []string) int {
			return slices.IndexFunc([]string{"so-y-te", "so-nganh", ""}, func(s string) bool { return s == strings.Join(u, "") })
		}
		for _, b := range bk.Bindings {
			if rank(b.Units) < rank(best.Units) || rank(b.Units) == rank(best.Units) && b.Note < best.Note {
				best = b
			}
		}
		if a.Note != best.Note {
			t.Fatalf("rule %s, want %s", a.Note, best.Note)
		}
		differ := 0
		for _, b := range bk.Bindings {
			if rank(b.Units) == rank(best.Units) && b.Params["limit"].Values[0] != best.Params["limit"].Values[0] {
				differ++
			}
		}
		if len(a.Disagree) != differ {
			t.Fatalf("%d disagree, want %d", len(a.Disagree), differ)
		}
	})
}

func TestUnitFor(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	tests := []struct {
		field string
		unit  UnitID
		hole  bool
		note  bool
	}{
		{"tu-phap", "so-tu-phap", false, true},
		{"xay-dung.04.06", "so-xay-dung", false, true},
		{"thanh-tra.03", "thanh-tra-tinh", false, false},
		{"nuoc-sach-nong-thon", "so-nong-nghiep-va-moi-truong", false, true},
		{"vat-lieu-xay-dung-xi-mang", "so-xay-dung", false, true},
		{"an-ninh-mang", "van-phong-ubnd-tinh", true, true},
		{"cai-nghien-ma-tuy", "van-phong-ubnd-tinh", true, true},
	}
	for _, tt := range tests {
		r, err := rb.UnitFor(tt.field, at("2026-03-02"))
		if err != nil || r.Unit != tt.unit || r.Hole != tt.hole || len(r.Clauses) == 0 || (r.Note != "") != tt.note {
			t.Errorf("%s: %+v (%v), want %s, hole %v", tt.field, r, err, tt.unit, tt.hole)
		}
	}
	for field, day := range map[string]string{"khong-co": "2026-03-02", "y-te": "2026-02-09"} {
		if _, err := rb.UnitFor(field, at(day)); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s on %s: %v, want a refusal by field", field, day, err)
		}
	}
	if r, _ := rb.UnitFor("y-te.10", at("2026-03-02")); len(r.Overlaps) != 1 {
		t.Errorf("food safety overlaps %v, want the other clause shown", r.Overlaps)
	}
}

func BenchmarkRule(b *testing.B) {
	rb, now := compiled(b, "phu-tho", testKeys()), at("2026-03-02")
	for b.Loop() {
		if _, err := rb.Rule("petition.answer", now, "so-y-te", "y-te.10"); err != nil {
			b.Fatal(err)
		}
	}
}

// A clause leads to the rules that rest on it, on the days they hold.
func TestResting(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	for day, want := range map[string]int{"2026-02-09": 0, "2026-02-10": 1} {
		if all := rb.Resting("PT06/D6.K2", at(day)); len(all) != want {
			t.Errorf("%s: %d rules rest on PT06/D6.K2, want %d", day, len(all), want)
		}
	}
	if all := rb.Resting("PT06/D5.K2.g-2", at("2026-03-02")); len(all) != 1 || all[0].Key != "petition.raise" {
		t.Errorf("a clause of one value leads to %d rules, want petition.raise", len(all))
	}
}

// A rule for one field holds for the fields inside it and beats a rule for all.
func TestRuleForAField(t *testing.T) {
	lib := library(t)
	p := lib.Profiles["phu-tho"]
	for _, r := range rules(lib) {
		if r.Key == "petition.answer" {
			r.Fields = []string{"y-te"}
			r.Params = map[string]Value{}
			for name, v := range rules(lib)[1].Params {
				r.Params[name] = v
			}
			r.Params["limit"] = Value{Values: []string{"3wd"}}
			r.Clauses, r.Units = nil, []string{"so-nganh"}
			p.Settings = append(p.Settings, r)
		}
	}
	rb, problems := Compile(lib, "phu-tho", testKeys())
	if rb == nil {
		t.Fatal(problems)
	}
	for field, want := range map[string]string{"y-te.10": "3wd", "y-te": "3wd", "tu-phap.03": "7wd", "": "7wd"} {
		a, err := rb.Rule("petition.answer", at("2026-03-02"), "so-y-te", field)
		if err != nil || a.Limit("limit").String() != want {
			t.Errorf("field %q: %s (%v), want %s", field, a.Limit("limit"), err, want)
		}
		if want == "3wd" && len(a.Disagree) != 1 {
			t.Errorf("field %q: the general rule is not shown beside", field)
		}
	}
}

// A point of the regulation itself goes to whoever plays the role of regulation.amend,
// and moves with that rule alone.
func TestAmendmentFollowsItsRule(t *testing.T) {
	rb := compiled(t, "phu-tho", testKeys())
	r, err := rb.UnitFor("quy-che-phoi-hop", at("2026-03-02"))
	if err != nil || r.Unit != "so-noi-vu" || r.Hole {
		t.Fatalf("%+v, %v", r, err)
	}
	moved, err := rb.Break(AmendKey, BreakRole)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = moved.UnitFor("quy-che-phoi-hop", at("2026-03-02")); err != nil || r.Unit == "so-noi-vu" {
		t.Errorf("broken rule: %q, %v", r.Unit, err)
	}
	if moved, err = rb.Break(RouteKey, BreakRole); err != nil {
		t.Fatal(err)
	}
	if r, err = moved.UnitFor("quy-che-phoi-hop", at("2026-03-02")); err != nil || r.Unit != "so-noi-vu" {
		t.Errorf("broken table: %q, %v", r.Unit, err)
	}
}

// What a special rule overrides and what stays beside it, in the words of the tables: the
// text, whom it binds, to whom it is owed, the field, its limit.
func TestSpecialRulesOverrideGeneralOnes(t *testing.T) {
	bound := func(text, unit, toward, field, limit string) binding {
		some := func(s string) []string {
			if s == "" {
				return nil
			}
			return []string{s}
		}
		return binding{Key: "k", Regulation: text, Units: some(unit), Toward: some(toward), Fields: some(field), Params: map[string]Value{"limit": {Values: []string{limit}}}}
	}
	general, setting := bound("A", "so-nganh", "", "", "7wd"), bound("", "so-nganh", "", "", "9wd")
	tests := []struct {
		name          string
		rules         []binding
		toward, field string
		limit, beside string
	}{
		{"a text says none for one field", []binding{general, bound("A", "so-nganh", "", "y-te", "none")}, "", "y-te", "none", ""},
		{"its other fields keep the general limit", []binding{general, bound("A", "so-nganh", "", "y-te", "none")}, "", "tu-phap", "7wd", ""},
		{"a text says none for one unit", []binding{general, bound("A", "so-y-te", "", "", "none")}, "", "", "none", ""},
		{"a setting does not silence a text", []binding{general, bound("", "so-nganh", "", "y-te", "none")}, "", "y-te", "none", "7wd"},
		{"a text settles what a setting says of all", []binding{setting, bound("A", "so-nganh", "", "y-te", "none")}, "", "y-te", "none", ""},
		{"another text over the same unit is shown", []binding{general, bound("B", "so-y-te", "", "", "none")}, "", "", "none", "7wd"},
		{"equally near, both are shown", []binding{general, bound("A", "so-nganh", "", "", "none")}, "", "", "7wd", "none"},
		{"owed to a commune", []binding{bound("A", "so-nganh", "ubnd-cap-xa", "", "7wd"), bound("A", "so-nganh", "", "y-te", "none")}, "24000", "y-te", "7wd", ""},
		{"owed to somebody else", []binding{bound("A", "so-nganh", "ubnd-cap-xa", "", "7wd"), bound("A", "so-nganh", "", "y-te", "none")}, "so-tu-phap", "y-te", "none", ""},
	}
	for _, tt := range tests {
		bk := book{Format: format, Keys: []keyShape{{Name: "k", Params: map[string]Type{"limit": Limit}}},
			Groups: map[string][]string{"so-nganh": {"so-y-te", "so-tu-phap"}}, Catalogue: []Field{{ID: "y-te"}, {ID: "tu-phap"}}, Bindings: tt.rules}
		rb, err := seal(bk)
		if err != nil {
			t.Fatal(err)
		}
		a, err := rb.Find(Question{Key: "k", At: at("2026-03-02"), Unit: "so-y-te", Toward: UnitID(tt.toward), Field: tt.field})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		beside := ""
		for _, d := range a.Disagree {
			beside += d.Limit("limit").String()
		}
		if got := a.Limit("limit").String(); got != tt.limit || beside != tt.beside {
			t.Errorf("%s: limit %s beside %q, want %s beside %q", tt.name, got, beside, tt.limit, tt.beside)
		}
	}
	rb, err := seal(book{Format: format, Keys: []keyShape{{Name: "k", Params: map[string]Type{"limit": Limit}}}, Bindings: []binding{bound("A", "", "ubnd-cap-xa", "", "7wd")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rb.Find(Question{Key: "k", At: at("2026-03-02"), Unit: "so-y-te", Toward: "so-tu-phap"}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a rule for communes answers for a department: %v", err)
	}
}
