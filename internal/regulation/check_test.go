package regulation

import (
	"slices"
	"strings"
	"testing"

	"lienthong/internal/workday"
)

func TestShippedProfilesAreSound(t *testing.T) {
	for _, profile := range []string{"phu-tho", "tinh-mau", "tho-xuan", "cam-pha"} {
		for _, p := range Check(library(t), profile, testKeys(), Use{}) {
			t.Errorf("%s: %s %s: %s", profile, p.Code, p.Where, p.Say)
		}
	}
}

// Each fault is planted in a sound library; check must refuse it, by its code.
func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		name  string
		code  string
		plant func(l *Library, keys *[]Key)
	}{
		{"a key that no slice knows", CodeUnknownKey, func(l *Library, _ *[]Key) {
			rules(l)[0].Key = "petition.rise"
		}},
		{"a setting of a key that no slice knows", CodeUnknownKey, func(l *Library, _ *[]Key) {
			l.Profiles["phu-tho"].Settings[0].Key = "petition.anwser"
		}},
		{"a declared key without a rule", CodeUnbound, func(_ *Library, keys *[]Key) {
			*keys = append(*keys, Key{Name: "petition.unbound"})
		}},
		{"a key switched off without a reason", CodeProfile, func(l *Library, _ *[]Key) {
			l.Profiles["phu-tho"].Off[0].Why = ""
		}},
		{"a clause that does not exist", CodeNoClause, func(l *Library, _ *[]Key) {
			rules(l)[1].Clauses = []ClauseID{"PT06/D6.K9"}
		}},
		{"a clause of a text that is not in force here", CodeNoClause, func(l *Library, _ *[]Key) {
			rules(l)[1].Clauses = []ClauseID{"TX108/D11.K3"}
		}},
		{"a rule without a clause", CodeNoClause, func(l *Library, _ *[]Key) { rules(l)[1].Clauses = nil }},
		{"a value with a clause that does not exist", CodeNoClause, func(l *Library, _ *[]Key) {
			rules(l)[1].Params["limit"] = Value{Values: []string{"7wd"}, Clauses: []ClauseID{"PT06/D99"}}
		}},
		{"a limit that is none", CodeParam, func(l *Library, _ *[]Key) { param(l, "limit", "7 ngày") }},
		{"a word that the key does not know", CodeParam, func(l *Library, _ *[]Key) { param(l, "met_by", "draft") }},
		{"a switch that is neither", CodeParam, func(l *Library, _ *[]Key) { param(l, "restart_on_forward", "không") }},
		{"two limits where one is asked", CodeParam, func(l *Library, _ *[]Key) {
			rules(l)[1].Params["limit"] = Value{Values: []string{"7wd", "8wd"}}
		}},
		{"a parameter left out", CodeParam, func(l *Library, _ *[]Key) { delete(rules(l)[1].Params, "limit") }},
		{"a parameter of another key", CodeParam, func(l *Library, _ *[]Key) { param(l, "silence", "report") }},
		{"a role that nobody plays", CodeNoRole, func(l *Library, _ *[]Key) { param(l, "overseers", "inspector") }},
		{"a role that ended before the rule begins", CodeNoRole, func(l *Library, _ *[]Key) {
			for i, r := range l.Profiles["phu-tho"].Roles {
				if r.Role == "office" {
					l.Profiles["phu-tho"].Roles[i].To = "2026-02-10"
				}
			}
		}},
		{"a field without a unit", CodeNoField, func(l *Library, _ *[]Key) {
			p := l.Profiles["phu-tho"]
			p.Fields = slices.DeleteFunc(p.Fields, func(f FieldOf) bool { return f.Field == "y-te" })
		}},
		{"a field that follows a rule of another kind", CodeUnknownKey, func(l *Library, _ *[]Key) { ruled(l).Rule = "petition.answer" }},
		{"a field that follows a rule and names a unit", CodeProfile, func(l *Library, _ *[]Key) { ruled(l).Unit = "so-noi-vu" }},
		{"a field that follows a rule nobody wrote", CodeNoField, func(l *Library, _ *[]Key) {
			r := l.Regulations["PT06"]
			r.Rules = slices.DeleteFunc(r.Rules, func(x Rule) bool { return x.Key == AmendKey })
		}},
		{"a hole that is not declared", CodeNoField, func(l *Library, _ *[]Key) {
			p := l.Profiles["phu-tho"]
			p.Holes = slices.DeleteFunc(p.Holes, func(f FieldOf) bool { return f.Field == "an-ninh-mang" })
		}},
		{"a hole without a clause", CodeNoClause, func(l *Library, _ *[]Key) { l.Profiles["phu-tho"].Holes[0].Clauses = nil }},
		{"a field that the text does not name", CodeProfile, func(l *Library, _ *[]Key) { l.Profiles["phu-tho"].Fields[0].Field = "tu-phap.99" }},
		{"a day that is none", CodeDate, func(l *Library, _ *[]Key) { rules(l)[1].From = "2026-02-30" }},
		{"a rule that ends before it begins", CodeDate, func(l *Library, _ *[]Key) { rules(l)[1].To = "2026-02-10" }},
		{"a text that is not in the library", CodeProfile, func(l *Library, _ *[]Key) { l.Profiles["phu-tho"].Regulations[0].ID = "PT07" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lib, keys := library(t), testKeys()
			tt.plant(lib, &keys)
			problems := Check(lib, "phu-tho", keys, Use{})
			if !has(problems, tt.code) {
				t.Errorf("problems %v, want one of %s", problems, tt.code)
			}
			if rb, _ := Compile(lib, "phu-tho", keys); rb != nil {
				t.Errorf("compiled all the same")
			}
		})
	}
}

func rules(l *Library) []Rule { return l.Regulations["PT06"].Rules }

// param sets one value of PT06's rule for petition.answer, the second of the text.
func param(l *Library, name, value string) { rules(l)[1].Params[name] = Value{Values: []string{value}} }

func has(problems []Problem, code string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == code })
}

func TestServeRefuses(t *testing.T) {
	tests := []struct {
		name, profile, day string
		plant              func(p *Profile)
		refused            bool
		say                string
	}{
		{"the province on the day its regulation begins", "phu-tho", "2026-02-10", nil, false, ""},
		{"the province a day before", "phu-tho", "2026-02-09", nil, true, "không có hiệu lực"},
		{"a model without a decision", "tinh-mau", "2026-03-02", nil, true, "quyết định"},
		{"a model before the day of its decision", "tinh-mau", "2026-03-02", decided("2026-04-01"), true, "quyết định"},
		{"a model from the day of its decision", "tinh-mau", "2026-04-01", decided("2026-04-01"), false, ""},
		{"a district regulation after the district ended", "tho-xuan", "2026-03-02", nil, true, "không có hiệu lực"},
		{"a district regulation while it lived", "tho-xuan", "2020-03-02", nil, false, ""},
		{"a city regulation before it was signed", "cam-pha", "2022-04-28", nil, true, "không có hiệu lực"},
		{"a text of another place", "phu-tho", "2026-03-02", func(p *Profile) { p.Territory = "vn/thanh-hoa" }, true, "thẩm quyền"},
		{"a place whose name only begins alike", "phu-tho", "2026-03-02", func(p *Profile) { p.Territory = "vn/phu-tho-moi" }, true, "thẩm quyền"},
		{"a model regulation taken as law", "phu-tho", "2026-03-02", func(p *Profile) { p.Regulations[2].As = AsLive }, true, "mẫu"},
		{"rules of a model in a living profile", "phu-tho", "2026-03-02", func(p *Profile) { p.Regulations[2].As = AsModel }, true, "mẫu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lib := library(t)
			if tt.plant != nil {
				tt.plant(lib.Profiles[tt.profile])
			}
			problems := Check(lib, tt.profile, testKeys(), Use{Day: workday.MustDate(tt.day), Serve: true})
			if has(problems, CodeServe) != tt.refused {
				t.Fatalf("problems %v, want refused %v", problems, tt.refused)
			}
			if tt.refused && !strings.Contains(problems[0].Say, tt.say) {
				t.Errorf("says %q, want %q in it", problems[0].Say, tt.say)
			}
		})
	}
}

func decided(day string) func(p *Profile) {
	return func(p *Profile) { p.Decision = &Decision{Number: "99/QĐ-UBND", Date: day} }
}

func TestCheckKnowsUnits(t *testing.T) {
	known := func(u UnitID) bool { return u != "so-ngoai-vu" }
	if problems := Check(library(t), "phu-tho", testKeys(), Use{Units: known}); !has(problems, CodeNoUnit) {
		t.Errorf("problems %v, want a unit that does not exist", problems)
	}
}

// ruled is the field of phu-tho that follows a rule instead of naming a unit.
func ruled(l *Library) *FieldOf {
	for i := range l.Profiles["phu-tho"].Fields {
		if f := &l.Profiles["phu-tho"].Fields[i]; f.Rule != "" {
			return f
		}
	}
	return new(FieldOf)
}
