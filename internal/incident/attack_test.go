package incident_test

import (
	"errors"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// Whatever is tried on an incident of a sealed kind, by whoever has a part in it: no word
// of it stands anywhere in the store afterwards, in no column of no table.
func TestNoWordOfASealedKindIsKept(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		const mark = "ZQXMARK"
		x := o.report(t, d, incident.Report{Type: incident.Security, Number: "12/BC-UBND", IssuedOn: "2026-02-09"})
		plain := o.report(t, d, o.flood())
		files := []casefile.Document{{Name: mark + ".jpg", MediaType: "image/jpeg", Size: 9, Hash: "h", Scan: "clean"}}
		acts := map[string]func(tx *db.Tx, who org.Actor) error{
			"report": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.ReportNow(tx, who, incident.Report{Type: incident.Defence, Title: mark, Text: mark, Number: "13/BC-UBND", IssuedOn: "2026-02-09", Files: files})
				return err
			},
			"its number": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.ReportNow(tx, who, incident.Report{Type: incident.Defence, Number: mark, IssuedOn: "2026-02-09"})
				return err
			},
			"its day": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.ReportNow(tx, who, incident.Report{Type: incident.Defence, Number: "13/BC-UBND", IssuedOn: mark})
				return err
			},
			"part of another": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.ReportNow(tx, who, incident.Report{Type: incident.Security, Number: "13/BC-UBND", IssuedOn: "2026-02-09", Parent: plain.ID})
				return err
			},
			"situation": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.Say(tx, who, x.ID, incident.Situation{Text: mark, Files: files, Figures: map[string]string{"injured": "1"}})
				return err
			},
			"request": func(tx *db.Tx, who org.Actor) error {
				_, _, err := incident.AskFor(tx, who, x.ID, incident.Ask{Of: healthUnit, What: mark, Each: mark, Amount: 1})
				return err
			},
			"decision": func(tx *db.Tx, who org.Actor) error {
				_, _, err := incident.Decide(tx, who, x.ID, incident.Decision{Text: mark, Unit: o.CommuneUnit, Officer: o.Commune.Officer})
				return err
			},
			"demand": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.DemandSituation(tx, who, x.ID, incident.Demand{Commune: o.CommuneUnit, Due: mark})
				return err
			},
			"urging": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.Urge(tx, who, x.ID, o.CommuneUnit, mark, 0)
				return err
			},
			"end": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.End(tx, who, x.ID, incident.Ending{Text: mark, Left: true})
				return err
			},
			"again": func(tx *db.Tx, who org.Actor) error { _, err := incident.Reopen(tx, who, x.ID, mark, 0); return err },
			"review": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.ReviewNow(tx, who, x.ID, incident.Review{Good: mark, Bad: mark, Files: files})
				return err
			},
			"link": func(tx *db.Tx, who org.Actor) error { _, err := incident.Link(tx, who, x.ID, plain.ID, 0); return err },
			"wider": func(tx *db.Tx, who org.Actor) error {
				_, err := incident.Widen(tx, who, x.ID, incident.Widening{Communes: []org.UnitID{o.second}})
				return err
			},
		}
		for name, act := range acts {
			for _, who := range []org.Actor{o.Commune, o.watch, o.lead} {
				err := try(d, func(tx *db.Tx) error { return act(tx, who) })
				if k := fault.Kind(err); k == nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if at := lttest.Trace(t, d, mark); len(at) > 0 {
			t.Errorf("words of a sealed kind stand in %v", at)
		}
	})
}

// After a seal nothing that was written about an incident is left.
func TestASealLeavesNoText(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		const mark = "ZQXMARK"
		in := o.flood()
		in.Title, in.Text = "Lũ "+mark, "Nước lên "+mark
		in.Files = []casefile.Document{{Name: mark + ".jpg", MediaType: "image/jpeg", Size: 9, Hash: "h", Scan: "clean"}}
		x := o.report(t, d, in)
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, _, err := incident.AskFor(tx, o.lead, x.ID, incident.Ask{Of: healthUnit, What: mark, Each: "hộp", Amount: 2}); err != nil {
				return err
			}
			_, _, err := incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "Làm " + mark, Unit: o.second, Officer: o.other.Officer})
			return err
		})
		if len(lttest.Trace(t, d, mark)) == 0 {
			t.Fatal("the mark is nowhere before the seal: the test looks in the wrong place")
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Lock(tx, org.System("test"), x.ID)
			if err == nil {
				err = duty.WaiveAll(tx, x.ID, "niêm phong")
			}
			if err == nil {
				_, err = casefile.Seal(tx, c, casefile.Order{First: o.watch, Second: o.lead, Record: "BB-1"})
			}
			return err
		})
		if at := lttest.Trace(t, d, mark); len(at) > 0 {
			t.Errorf("the mark still stands in %v", at)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			var left int64
			err := tx.One(`SELECT count(*) FROM event WHERE text IS NOT NULL`, nil, &left)
			if left != 0 {
				t.Errorf("%d events keep a text", left)
			}
			return err
		})
		if err := try(d, func(tx *db.Tx) error { _, err := incident.End(tx, o.lead, x.ID, incident.Ending{}); return err }); !errors.Is(err, fault.Conflict) {
			t.Errorf("an act on a sealed case: %v", err)
		}
	})
}
