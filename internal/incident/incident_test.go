package incident_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// office is the province with the people of a flood over three communes.
type office struct {
	province.Office
	second, third org.UnitID // communes beside the reporting one
	other, lead   org.Actor  // the leader of the second commune; of the department that leads
	health        org.Actor
	watch         org.Actor // of the Office
	stranger      org.Actor // the leader of a department without a part in it
}

const (
	agriculture = org.UnitID("so-nong-nghiep-va-moi-truong")
	healthUnit  = org.UnitID("so-y-te")
)

func holder(t *testing.T, d *db.DB, unit org.UnitID, role org.Role) (who org.Actor) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, role)
		if err != nil || len(held) == 0 {
			t.Fatalf("nobody is %s of %s (%v)", role, unit, err)
		}
		who, err = org.ActorOf(tx, held[0].Officer.ID)
		return err
	})
	return who
}

func open(t *testing.T, d *db.DB) (o office) {
	t.Helper()
	o.Office = province.Open(t, d)
	lttest.Update(t, d, func(tx *db.Tx) error { // as adopting the rulebook does
		return org.Oversee(tx, org.System("test"), "van-phong-ubnd-tinh", incident.CaseKind, true)
	})
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := org.Units(tx, org.Filter{})
		for _, u := range all {
			if !u.Commune() || u.ID == o.CommuneUnit {
				continue
			}
			if held, err := org.Holders(tx, u.ID, org.Leader); err != nil || len(held) == 0 {
				continue
			}
			if o.second == "" {
				o.second = u.ID
			} else if o.third == "" {
				o.third = u.ID
			}
		}
		return err
	})
	o.other, o.lead = holder(t, d, o.second, org.Leader), holder(t, d, agriculture, org.Leader)
	o.health, o.stranger = holder(t, d, healthUnit, org.Leader), holder(t, d, "so-tu-phap", org.Leader)
	o.watch = holder(t, d, "van-phong-ubnd-tinh", org.Leader)
	return o
}

func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

func (o *office) flood() incident.Report {
	return incident.Report{Type: incident.Disaster, Title: "Lũ ống ở ba xã dọc suối Ngòi Lao", Text: "Mưa lớn từ 2 giờ, nước lên nhanh, đã đưa dân lên cao.",
		Communes: []org.UnitID{o.second}, OccurredAt: lttest.Start.Add(-2 * time.Hour), Figures: map[string]string{"moved": "120", "crops": "12,5"}}
}

func (o *office) report(t *testing.T, d *db.DB, in incident.Report) (x *incident.Incident) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		x, err = incident.ReportNow(tx, o.Commune, in)
		return err
	})
	return x
}

func (o *office) read(t *testing.T, d *db.DB, who org.Actor, id casefile.ID) (w *incident.Whole) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		w, err = incident.Read(tx, who, id)
		return err
	})
	return w
}

func running(t *testing.T, d *db.DB, id casefile.ID) (rules string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := duty.OfCase(tx, id)
		for _, x := range all {
			if x.EndedAt.IsZero() {
				rules += x.Rule + " " + string(x.Owner) + "\n"
			}
		}
		return err
	})
	return rules
}

// A flood over communes from the first report to the lessons, every duty ended.
func TestFlood(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		x := o.report(t, d, o.flood())
		if x.Lead != agriculture || x.Code != "SC-0001/2026" {
			t.Fatalf("lead %s, code %s", x.Lead, x.Code)
		}
		id := x.ID
		clock.Add(time.Hour)
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := try(d, fn); err != nil {
				t.Fatal(err)
			}
		}
		if owed := running(t, d, id); !strings.Contains(owed, "incident.situation "+string(o.second)) || !strings.Contains(owed, "incident.lead "+string(agriculture)) {
			t.Errorf("owed after the report:\n%s", owed)
		}
		do(func(tx *db.Tx) error {
			_, err := incident.Say(tx, o.other, id, incident.Situation{Text: "Ngập 30 nhà.", Figures: map[string]string{"houses_flooded": "30", "moved": "1.000"},
				Files: []casefile.Document{{Name: "ngap.jpg", MediaType: "image/jpeg", Size: 9, Hash: "h", Scan: "clean"}}})
			return err
		})
		clock.Add(time.Hour)
		do(func(tx *db.Tx) error {
			_, err := incident.Say(tx, o.Commune, id, incident.Situation{Figures: map[string]string{"moved": "150"}})
			return err
		})
		var ask, decision int64
		do(func(tx *db.Tx) (err error) {
			_, ask, err = incident.AskFor(tx, o.lead, id, incident.Ask{Of: healthUnit, What: "Cơ số thuốc", Each: "cơ số", Amount: 20, Due: "2026-02-25T18:00"})
			return err
		})
		do(func(tx *db.Tx) (err error) {
			_, decision, err = incident.Decide(tx, o.lead, id, incident.Decision{Text: "Sơ tán thôn ven suối.", Unit: o.second, Officer: o.other.Officer, Due: "2026-02-26"})
			return err
		})
		clock.Add(time.Hour)
		for _, amount := range []int64{5, 15} {
			do(func(tx *db.Tx) error {
				_, err := incident.Give(tx, o.health, id, incident.Gift{Resource: ask, Amount: amount})
				return err
			})
		}
		do(func(tx *db.Tx) error {
			_, err := incident.End(tx, o.lead, id, incident.Ending{Text: "Nước đã rút.", Left: true})
			return err
		})
		review := func(tx *db.Tx) error {
			_, err := incident.ReviewNow(tx, o.lead, id, incident.Review{Good: "Sơ tán kịp.", Bad: "Thiếu xuồng."})
			return err
		}
		if err := try(d, review); !errors.Is(err, fault.Conflict) {
			t.Errorf("reviewed over a decision without a result: %v", err)
		}
		do(func(tx *db.Tx) error {
			_, err := incident.Done(tx, o.other, id, incident.Result{Decision: decision, Text: "Đã sơ tán 40 hộ."})
			return err
		})
		do(review)
		w := o.read(t, d, o.watch, id)
		if w.Totals["moved"] != 115_000 || w.Totals["crops"] != 1250 || w.Totals["houses_flooded"] != 3000 {
			t.Errorf("totals %v: the newest of each commune together", w.Totals)
		}
		if len(w.Places) != 2 || len(w.Said) != 3 || w.Resources[0].Given != 20 || w.Resources[0].State != "given" || w.Decisions[0].Result == "" || w.Lesson.Bad == "" {
			t.Errorf("read again: %+v", w)
		}
		if owed := running(t, d, id); owed != "" || w.State != incident.Reviewed {
			t.Errorf("state %s, still owed:\n%s", w.State, owed)
		}
		if err := try(d, func(tx *db.Tx) error { _, err := incident.Urge(tx, o.lead, id, o.second, "Nhanh.", 0); return err }); !errors.Is(err, fault.Conflict) {
			t.Errorf("act on a closed case: %v", err)
		}
	})
}

// What a report must hold, and what no incident takes.
func TestReportRefused(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		for name, tt := range map[string]struct {
			spoil func(in *incident.Report)
			who   org.Actor
			kind  error
			field string
		}{
			"no time":           {func(in *incident.Report) { in.OccurredAt = time.Time{} }, o.Commune, fault.Invalid, "occurred_at"},
			"in the future":     {func(in *incident.Report) { in.OccurredAt = lttest.Start.Add(48 * time.Hour) }, o.Commune, fault.Invalid, "occurred_at"},
			"no title":          {func(in *incident.Report) { in.Title = " " }, o.Commune, fault.Invalid, "title"},
			"secret mark":       {func(in *incident.Report) { in.Text = "TỐI MẬT\nNội dung" }, o.Commune, fault.Invalid, "text"},
			"unknown kind":      {func(in *incident.Report) { in.Type = "war" }, o.Commune, fault.Invalid, "type"},
			"no commune":        {func(in *incident.Report) { in.Communes = []org.UnitID{"so-y-te"} }, o.Commune, fault.Invalid, "communes"},
			"a negative figure": {func(in *incident.Report) { in.Figures = map[string]string{"moved": "-1"} }, o.Commune, fault.Invalid, "f_moved"},
			"half a person":     {func(in *incident.Report) { in.Figures = map[string]string{"moved": "1,5"} }, o.Commune, fault.Invalid, "f_moved"},
			"figure of another": {func(in *incident.Report) { in.Figures = map[string]string{"ill": "1"} }, o.Commune, fault.Invalid, "text"},
			"no field":          {func(in *incident.Report) { in.Type, in.Figures = incident.Common, nil }, o.Commune, fault.Invalid, "field"},
			"a department":      {func(in *incident.Report) {}, o.lead, fault.Denied, ""},
			"another's commune": {func(in *incident.Report) { in.Unit = o.second }, o.Commune, fault.Denied, ""},
		} {
			in := o.flood()
			tt.spoil(&in)
			err := try(d, func(tx *db.Tx) error { _, err := incident.ReportNow(tx, tt.who, in); return err })
			r, _ := fault.Sentence(err)
			if !errors.Is(err, tt.kind) || r == nil || r.Field != tt.field {
				t.Errorf("%s: %v, want %v at %q", name, err, tt.kind, tt.field)
			}
		}
	})
}

// A sealed kind takes number and day of a paper, and nothing else, at any time.
func TestSealedKind(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		for _, typ := range []string{incident.Security, incident.Defence} {
			good := incident.Report{Type: typ, Number: "12/BC-UBND", IssuedOn: "2026-02-09"}
			for name, spoil := range map[string]func(in *incident.Report){
				"text":     func(in *incident.Report) { in.Text = "tụ tập" },
				"title":    func(in *incident.Report) { in.Title = "tụ tập" },
				"file":     func(in *incident.Report) { in.Files = []casefile.Document{{Name: "a.jpg"}} },
				"figures":  func(in *incident.Report) { in.Figures = map[string]string{"injured": "1"} },
				"communes": func(in *incident.Report) { in.Communes = []org.UnitID{o.second} },
				"no paper": func(in *incident.Report) { in.Number = "" },
				"words":    func(in *incident.Report) { in.Number = "12 tụ tập đông người" },
				"no day":   func(in *incident.Report) { in.IssuedOn = "" },
			} {
				in := good
				spoil(&in)
				if err := try(d, func(tx *db.Tx) error { _, err := incident.ReportNow(tx, o.Commune, in); return err }); !errors.Is(err, fault.Invalid) {
					t.Errorf("%s with %s: %v", typ, name, err)
				}
			}
			x := o.report(t, d, good)
			if !x.Secret || !strings.HasPrefix(x.Title, incident.SealedSay) || x.Lead != "van-phong-ubnd-tinh" {
				t.Errorf("%s: %+v", typ, x)
			}
			for name, act := range map[string]func(tx *db.Tx) error{
				"situation": func(tx *db.Tx) error {
					_, err := incident.Say(tx, o.Commune, x.ID, incident.Situation{Text: "thêm"})
					return err
				},
				"decision": func(tx *db.Tx) error {
					_, _, err := incident.Decide(tx, o.watch, x.ID, incident.Decision{Text: "làm", Unit: o.CommuneUnit, Officer: o.Commune.Officer})
					return err
				},
				"request": func(tx *db.Tx) error {
					_, _, err := incident.AskFor(tx, o.watch, x.ID, incident.Ask{Of: healthUnit, What: "xe", Each: "chiếc", Amount: 1})
					return err
				},
				"wider": func(tx *db.Tx) error {
					_, err := incident.Widen(tx, o.watch, x.ID, incident.Widening{Units: []org.UnitID{healthUnit}})
					return err
				},
				"words at the end": func(tx *db.Tx) error {
					_, err := incident.End(tx, o.watch, x.ID, incident.Ending{Text: "xong vụ tụ tập"})
					return err
				},
			} {
				if err := try(d, act); !errors.Is(err, fault.Invalid) {
					t.Errorf("%s takes a %s: %v", typ, name, err)
				}
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				events, err := casefile.History(tx, org.System("test"), x.ID, 10)
				for _, e := range events {
					if e.Text != "" {
						t.Errorf("an event of %s holds words: %q", typ, e.Text)
					}
				}
				return err
			})
		}
	})
}

// The list shows what Get shows: communes of the case, the lead, who was brought in and
// the Office; nobody else.
func TestWhoReads(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		x := o.report(t, d, o.flood())
		third := holder(t, d, o.third, org.Leader)
		reads := func(who org.Actor) (get, list bool) {
			lttest.View(t, d, func(tx *db.Tx) error {
				_, err := incident.Read(tx, who, x.ID)
				get = err == nil
				all, _, err := incident.List(tx, who, "", "", 10)
				list = len(all) == 1
				return err
			})
			return get, list
		}
		for name, tt := range map[string]struct {
			who  org.Actor
			want bool
		}{
			"commune that reports": {o.Commune, true}, "commune of the case": {o.other, true}, "lead": {o.lead, true}, "the Office": {o.watch, true},
			"another commune": {third, false}, "another department": {o.stranger, false}, "health, before it joins": {o.health, false},
		} {
			if get, list := reads(tt.who); get != tt.want || list != tt.want {
				t.Errorf("%s: get %t list %t, want %t", name, get, list, tt.want)
			}
		}
		if err := try(d, func(tx *db.Tx) error {
			_, err := incident.Say(tx, o.stranger, x.ID, incident.Situation{Text: "x"})
			return err
		}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a stranger's report: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := incident.Widen(tx, o.lead, x.ID, incident.Widening{Communes: []org.UnitID{o.third}, Units: []org.UnitID{healthUnit}})
			return err
		})
		for _, who := range []org.Actor{third, o.health} {
			if get, list := reads(who); !get || !list {
				t.Errorf("after it joined: get %t list %t", get, list)
			}
		}
		for name, act := range map[string]func(tx *db.Tx) error{
			"a commune decides for another": func(tx *db.Tx) error {
				_, _, err := incident.Decide(tx, o.other, x.ID, incident.Decision{Text: "làm", Unit: o.third, Officer: third.Officer})
				return err
			},
			"a commune reports on another": func(tx *db.Tx) error {
				_, err := incident.Say(tx, o.other, x.ID, incident.Situation{Text: "x", Commune: o.third})
				return err
			},
			"a decision names nobody": func(tx *db.Tx) error {
				_, _, err := incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "làm", Unit: o.third})
				return err
			},
			"a person of another unit": func(tx *db.Tx) error {
				_, _, err := incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "làm", Unit: o.third, Officer: o.other.Officer})
				return err
			},
			"a date gone by": func(tx *db.Tx) error {
				_, _, err := incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "làm", Unit: o.third, Officer: third.Officer, Due: "2026-01-01"})
				return err
			},
		} {
			if err := try(d, act); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// a body that is only asked owes a request, never a duty that can be late
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, n, err := incident.AskFor(tx, o.lead, x.ID, incident.Ask{Of: "cong-an-tinh", What: "Xuồng", Each: "chiếc", Amount: 2, Due: "2026-02-26"})
			if err != nil {
				return err
			}
			q, err := duty.Get(tx, duty.Key{Case: x.ID, Rule: incident.MustGive, Owner: "cong-an-tinh", Round: n})
			if err == nil && !q.Request {
				t.Error("a vertical body is bound")
			}
			return err
		})
	})
}

// Sub-cases: an epidemic under the flood, on both cases; who may not read one sees no link.
func TestLinked(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		flood := o.report(t, d, o.flood())
		sub := o.report(t, d, incident.Report{Type: incident.Epidemic, Title: "Đau mắt đỏ sau lũ", Text: "Nhiều ca.", OccurredAt: lttest.Start.Add(-time.Hour),
			Parent: flood.ID, Figures: map[string]string{"ill": "14"}})
		if sub.Lead != healthUnit {
			t.Errorf("lead of the epidemic %s", sub.Lead)
		}
		if w := o.read(t, d, o.Commune, flood.ID); len(w.Linked) != 1 || w.Linked[0].Code != sub.Code {
			t.Errorf("linked %+v", w.Linked)
		}
		if w := o.read(t, d, o.other, flood.ID); len(w.Linked) != 0 {
			t.Error("a commune without a part in the sub-case sees the link")
		}
		again := func() error {
			return try(d, func(tx *db.Tx) error { _, err := incident.Link(tx, o.Commune, flood.ID, sub.ID, 0); return err })
		}
		if err := again(); !errors.Is(err, fault.Conflict) {
			t.Errorf("linked twice: %v", err)
		}
	})
}

// Missed, it stands on the desks of who leads and who watches; urging takes it off.
func TestMissed(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		x := o.report(t, d, o.flood())
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, _, err := incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "Sơ tán.", Unit: o.second, Officer: o.other.Officer, Due: "2026-02-26"})
			return err
		})
		clock.Set(time.Date(2026, 2, 27, 3, 0, 0, 0, time.UTC))
		kinds := duty.Kinds{}
		for _, k := range incident.Duties() {
			kinds[k.Rule] = k
		}
		s := duty.Sweeper{DB: d, Kinds: kinds, Node: "test"}
		if _, err := s.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		owed := running(t, d, x.ID)
		for _, want := range []string{"incident.oversee " + string(agriculture), "incident.oversee van-phong-ubnd-tinh"} {
			if !strings.Contains(owed, want) {
				t.Errorf("%q is not owed:\n%s", want, owed)
			}
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := incident.Urge(tx, o.watch, x.ID, o.second, "Báo ngay kết quả.", 0)
			return err
		})
		if owed := running(t, d, x.ID); strings.Contains(owed, "incident.oversee van-phong") {
			t.Errorf("urged, and still on the desk:\n%s", owed)
		}
	})
}

// Two deliveries at once are both counted; two results of one decision are one.
func TestRaces(t *testing.T) {
	d, _ := lttest.Postgres(t)
	o := open(t, d)
	var x *incident.Incident
	var ask, decision int64
	prepare := func(tx *db.Tx) (err error) {
		if x, err = incident.ReportNow(tx, o.Commune, o.flood()); err != nil {
			return err
		}
		if _, ask, err = incident.AskFor(tx, o.lead, x.ID, incident.Ask{Of: healthUnit, What: "Thuốc", Each: "cơ số", Amount: 30}); err != nil {
			return err
		}
		_, decision, err = incident.Decide(tx, o.lead, x.ID, incident.Decision{Text: "Sơ tán.", Unit: o.second, Officer: o.other.Officer})
		return err
	}
	give := func(tx *db.Tx) error {
		_, err := incident.Give(tx, o.health, x.ID, incident.Gift{Resource: ask, Amount: 15})
		return err
	}
	lttest.Race(t, d, prepare, give, give, func(t *testing.T, m lttest.Meeting) {
		if m.A != nil || m.B != nil {
			t.Errorf("given twice: %v, %v", m.A, m.B)
		}
		if w := o.read(t, d, o.watch, x.ID); w.Resources[0].Given != 30 || w.Resources[0].State != "given" {
			t.Errorf("given %+v", w.Resources[0])
		}
	})
	done := func(tx *db.Tx) error {
		_, err := incident.Done(tx, o.other, x.ID, incident.Result{Decision: decision, Text: "Xong."})
		return err
	}
	lttest.Race(t, d, prepare, done, done, func(t *testing.T, m lttest.Meeting) {
		if (m.A == nil) == (m.B == nil) {
			t.Errorf("one of two results is kept: %v, %v", m.A, m.B)
		}
	})
}
