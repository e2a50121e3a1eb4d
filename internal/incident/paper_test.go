package incident_test

import (
	"errors"
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// full puts the reporting commune on the path of four steps and returns its people.
func (o *office) full(t *testing.T, d *db.DB) (people map[org.Role]org.Actor) {
	t.Helper()
	steps := []org.Step{{Stage: org.Draft, Role: org.Specialist}, {Stage: org.Sign, Role: org.Leader}, {Stage: org.Release, Role: org.Clerk}}
	lttest.Update(t, d, func(tx *db.Tx) error { return org.SetPath(tx, org.System("test"), o.CommuneUnit, "", steps) })
	people = map[org.Role]org.Actor{}
	for _, s := range steps {
		people[s.Role] = holder(t, d, o.CommuneUnit, s.Role)
	}
	return people
}

// Where the commune's path has several steps its report is drafted, signed and released
// before anybody else hears of it; who sends it by itself is told the step that is missing.
func TestReportWalksThePath(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d)
		people := o.full(t, d)
		desk, err := signoff.NewDesk(incident.Papers()...)
		if err != nil {
			t.Fatal(err)
		}
		alone := try(d, func(tx *db.Tx) error { _, err := incident.ReportNow(tx, people[org.Specialist], o.flood()); return err })
		if refusal := new(fault.Refusal); !errors.As(alone, &refusal) || refusal.Kind != fault.Denied || refusal.Step == "" {
			t.Errorf("sent past the signature: %v", alone)
		}
		in := o.flood()
		in.Files = []casefile.Document{{Name: "anh.jpg", MediaType: "image/jpeg", Hash: strings.Repeat("a", 64), Size: 9, Scan: "clean"}}
		var x *incident.Incident
		var p *signoff.Paper
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			x, p, err = incident.DraftReport(tx, desk, people[org.Specialist], in)
			return err
		})
		if w := o.read(t, d, people[org.Specialist], x.ID); w.State != incident.Drafting || w.Text != "" {
			t.Errorf("the draft as its commune reads it: %+v", w.Incident)
		}
		unseen := func(who org.Actor) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error {
				if _, err := incident.Get(tx, who, x.ID); !errors.Is(err, fault.NotFound) {
					t.Errorf("a draft is read by %s: %v", who.Name, err)
				}
				return nil
			})
		}
		unseen(o.lead)
		unseen(o.other)
		unseen(o.watch)
		if owed := running(t, d, x.ID); owed != "" {
			t.Errorf("a draft makes somebody owe: %s", owed)
		}
		early := try(d, func(tx *db.Tx) error {
			_, err := incident.Say(tx, people[org.Leader], x.ID, incident.Situation{Text: "Nước lên."})
			return err
		})
		if !errors.Is(early, fault.Conflict) {
			t.Errorf("said on a draft: %v", early)
		}
		for _, step := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error {
				_, err := desk.Submit(tx, people[org.Specialist], p.ID, signoff.Step{})
				return err
			},
			func(tx *db.Tx) error {
				_, err := desk.Sign(tx, people[org.Leader], p.ID, signoff.Signature{})
				return err
			},
			func(tx *db.Tx) error {
				_, err := desk.Release(tx, people[org.Clerk], p.ID, signoff.Issue{})
				return err
			},
		} {
			lttest.Update(t, d, step)
		}
		w := o.read(t, d, o.lead, x.ID)
		if w.State != incident.Open || w.Lead != agriculture || !strings.Contains(w.Number, "BC") || w.IssuedOn == "" || w.Text != in.Text || w.Totals["moved"] != 12000 || len(w.Places) != 2 {
			t.Errorf("released: %+v, text %q, totals %v, places %v", w.Incident, w.Text, w.Totals, w.Places)
		}
		if owed := running(t, d, x.ID); !strings.Contains(owed, incident.MustLead) || !strings.Contains(owed, incident.MustSay+" "+string(o.second)) || strings.Contains(owed, incident.MustConfirm) {
			t.Errorf("owed after the release: %s", owed)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			docs, err := casefile.Documents(tx, o.lead, x.ID)
			if len(docs) != 1 || docs[0].EventN != w.ReportedN {
				t.Errorf("the photograph after the release: %+v", docs)
			}
			return err
		})
	})
}

// What a draft cannot hold is refused with its field, before a leader signs it.
func TestDraftRefused(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d)
		people := o.full(t, d)
		desk, err := signoff.NewDesk(incident.Papers()...)
		if err != nil {
			t.Fatal(err)
		}
		for field, change := range map[string]func(*incident.Report){
			"number": func(r *incident.Report) { r.Number, r.IssuedOn = "12/BC-UBND", "2026-02-09" },
			"parent": func(r *incident.Report) { r.Parent = "01" },
			"title":  func(r *incident.Report) { r.Title = " " },
			"text":   func(r *incident.Report) { r.Figures = map[string]string{"no-such": "1"} },
			"type": func(r *incident.Report) {
				*r = incident.Report{Type: incident.Security, Number: "12/BC-UBND", IssuedOn: "2026-02-09"}
			},
		} {
			in := o.flood()
			change(&in)
			err := try(d, func(tx *db.Tx) error {
				_, _, err := incident.DraftReport(tx, desk, people[org.Specialist], in)
				return err
			})
			if refusal := new(fault.Refusal); !errors.As(err, &refusal) || refusal.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// From the spot it goes at once; the commune's leader confirms it once. A leader who is on
// the spot himself has nothing to confirm.
func TestSpotIsConfirmed(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d)
		people := o.full(t, d)
		in := o.flood()
		in.Spot = true
		var x, own *incident.Incident
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			if x, err = incident.ReportNow(tx, people[org.Specialist], in); err == nil {
				own, err = incident.ReportNow(tx, people[org.Leader], in)
			}
			return err
		})
		if owed := running(t, d, x.ID); !strings.Contains(owed, incident.MustConfirm+" "+string(o.CommuneUnit)) || !strings.Contains(owed, incident.MustLead) {
			t.Errorf("owed after a report from the spot: %s", owed)
		}
		if owed := running(t, d, own.ID); strings.Contains(owed, incident.MustConfirm) {
			t.Errorf("a leader confirms himself: %s", owed)
		}
		confirm := func(who org.Actor) error {
			return try(d, func(tx *db.Tx) error { _, err := incident.Confirm(tx, who, x.ID, 0); return err })
		}
		for _, who := range []org.Actor{people[org.Specialist], o.other, o.lead} {
			if err := confirm(who); !errors.Is(err, fault.Denied) {
				t.Errorf("%s confirms: %v", who.Name, err)
			}
		}
		if err := confirm(people[org.Leader]); err != nil {
			t.Error(err)
		}
		if err := confirm(people[org.Leader]); !errors.Is(err, fault.Conflict) {
			t.Errorf("confirmed twice: %v", err)
		}
		if owed := running(t, d, x.ID); strings.Contains(owed, incident.MustConfirm) {
			t.Errorf("owed after the confirmation: %s", owed)
		}
	})
}
