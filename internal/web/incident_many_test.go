package web

import (
	"fmt"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// A joint case of thirty communes with a thousand situation reports opens at once: what the
// page costs does not grow by a query a report. The bound is wide; the figure is logged.
func TestIncidentOfAThousandReports(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.floodLead()
		var others []org.UnitID
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			all, err := standingCommunes(tx)
			for _, u := range all {
				if u.ID != journeyCommune && len(others) < 29 {
					others = append(others, u.ID)
				}
			}
			return err
		})
		x := s.reports(incident.Report{Type: incident.Disaster, Title: "Lũ trên toàn lưu vực", Text: "Nước lên.", OccurredAt: lttest.Start, Communes: others})
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			lead, err := org.ActorOf(tx, s.people["flood"])
			for i := 0; i < 1000 && err == nil; i++ {
				_, err = incident.Say(tx, lead, x.ID, incident.Situation{Commune: others[i%len(others)], Text: fmt.Sprintf("Tình hình lần %d.", i), Figures: map[string]string{"moved": fmt.Sprint(i)}})
			}
			return err
		})
		v := s.visit("flood").open(incidentPath(x.ID))
		best := time.Hour
		for range 5 {
			began := time.Now()
			v.open(incidentPath(x.ID))
			best = min(best, time.Since(began))
		}
		t.Logf("page of 30 communes and 1,000 reports: %v, %d KB", best, len(v.text)>>10)
		if best > time.Second {
			t.Errorf("the page took %v", best)
		}
		v.wants("Lũ trên toàn lưu vực", "60 trong 1001", "Tình hình lần 999.").lacks("Tình hình lần 900.")
		v.open(incidentPath(x.ID)+"/dong-thoi-gian").wants("Tình hình lần 0.", "Tình hình lần 999.")
	})
}
