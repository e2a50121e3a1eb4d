package api_test

import (
	"strings"
	"testing"

	"lienthong/internal/org"
)

// The history of whatever matter reads as people write: a name for each event, no form as it
// was stored; a petition's and an incident's fields stand by their names.
func TestHistoryIsReadable(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		rules := f.door.Rules()
		rules.TokenRate = -1
		f.door.SetRules(rules)
		ids, who := f.matters()
		f.incidentWork("/api/v1/incidents/"+ids["incidents"], f.office.Commune.Officer, f.somebody(floodLead, org.Leader))
		f.incidentOver("/api/v1/incidents/"+ids["incidents"], f.office.Commune.Officer, f.somebody(floodLead, org.Leader))
		seen, parts := map[string]bool{}, map[string]string{}
		for _, id := range ids {
			for _, officer := range who {
				got := f.do(officer, "GET", "/api/v1/cases/"+id+"/history?limit=100", nil)
				if got.status != 200 {
					continue
				}
				for _, e := range got.items() {
					kind, _ := e["kind"].(string)
					text, _ := e["text"].(string)
					seen[kind] = true
					if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
						t.Errorf("%s is read as %.80s", kind, text)
					}
					if say, _ := e["say"].(string); say == "" || say == kind {
						t.Errorf("%s has no name", kind)
					}
					if all, ok := e["parts"].(object); ok {
						for name, v := range all {
							parts[kind+" "+name] = v.(string)
							if !strings.Contains(text, v.(string)) {
								t.Errorf("the text of %s leaves out its %s: %q", kind, name, text)
							}
						}
					}
				}
			}
		}
		if len(seen) < 15 {
			t.Errorf("only %d kinds of events were read", len(seen))
		}
		for at, want := range map[string]string{"petition.raised tried": "Đã gọi tổng đài ba lần.", "incident.asked what": "Cơ số thuốc", "incident.reviewed good": "Kịp."} {
			if parts[at] != want {
				t.Errorf("%s = %q", at, parts[at])
			}
		}
	})
}
