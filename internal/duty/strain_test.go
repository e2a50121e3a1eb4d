package duty_test

import (
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// The throw-away keys of the strain tests; the slices that come later declare their own.
func strainKeys() []regulation.Key {
	text := func(names ...string) (all []regulation.Param) {
		for _, n := range names {
			all = append(all, regulation.Param{Name: n, Type: regulation.Text, Optional: true})
		}
		return all
	}
	limit := regulation.Param{Name: "limit", Type: regulation.Limit, Optional: true}
	role := func(n string, list bool) regulation.Param {
		return regulation.Param{Name: n, Type: regulation.Role, Optional: true, List: list}
	}
	flag := func(n string) regulation.Param {
		return regulation.Param{Name: n, Type: regulation.Bool, Optional: true}
	}
	return append(append(regulation.Keys(), directive.Keys()...),
		regulation.Key{Name: "consult.reply", Params: []regulation.Param{limit, flag("reply_when_agreeing"), role("report_to", false),
			{Name: "silence", Type: regulation.Enum, Values: []string{"report", "agree", "block", "end"}}}},
		regulation.Key{Name: "staff.evaluate", Params: []regulation.Param{{Name: "due", Type: regulation.Text}, role("role", false), flag("send")}},
		regulation.Key{Name: "petition.raise", Params: []regulation.Param{flag("tried")}},
		regulation.Key{Name: "petition.answer", Params: append(text("from", "met_by", "breach"), limit, role("overseers", true), flag("restart_on_forward"))},
		regulation.Key{Name: "petition.remind", Params: []regulation.Param{{Name: "before", Type: regulation.Duration, List: true}, flag("office_hours")}},
		regulation.Key{Name: "petition.settle", Params: append(text("who"), limit)},
		regulation.Key{Name: "petition.oversee", Params: []regulation.Param{role("role", false)}, Many: true},
		regulation.Key{Name: "petition.forward", Params: []regulation.Param{role("contested", false)}},
		regulation.Key{Name: "petition.explain", Params: []regulation.Param{role("by", true), limit}},
		regulation.Key{Name: "petition.return", Params: []regulation.Param{{Name: "grounds", Type: regulation.Text, List: true}}},
		regulation.Key{Name: "petition.breach", Params: append(text("who"), role("to", false), role("through", false))},
	)
}

// rulebook compiles a profile with one later key switched on, and the other off.
func rulebook(t *testing.T, profile, key string) *regulation.Rulebook {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	must(t, err)
	p := lib.Profiles[profile]
	for _, k := range []string{"consult.reply", "staff.evaluate"} {
		if k != key {
			p.Off = append(p.Off, regulation.Off{Key: k, Why: "không nêu"})
		}
	}
	rb, problems := regulation.Compile(lib, profile, strainKeys())
	for _, x := range problems {
		t.Logf("%s %s: %s", x.Code, x.Where, x.Say)
	}
	if rb == nil {
		t.Fatalf("%s does not compile", profile)
	}
	return rb
}

// units adds agencies under the province.
func units(t *testing.T, d *db.DB, ids ...string) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		for _, id := range ids {
			if err := org.AddUnit(tx, system, org.Unit{ID: org.UnitID(id), Parent: "tinh", Name: "Cơ quan " + id, Kind: "so", Invented: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// A consultation of eight under TX108: each replier has a limit of his own, because no
// text states a number and the lead sets it; who keeps silent is reported to the
// chairman, once, and silence is never agreement; who replies late is late.
func TestStrainConsultation(t *testing.T) {
	rb := rulebook(t, "tho-xuan", "consult.reply")
	limits := []string{"5wd", "5wd", "3wd", "8wh", "2026-03-06T16:00", "7wd", "10d", "5wd"}
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		units(t, d, "van-phong", "chu-tich-ubnd-huyen")
		s, _ := sweeper(d)
		silent := map[org.UnitID]org.UnitID{}
		s.Kinds["consult.reply"] = duty.Kind{Rule: "consult.reply", Say: "Góp ý", Dated: true,
			Missed: func(tx *db.Tx, c *casefile.Case, x *duty.Duty) error {
				a, err := rb.ApplyAt(tx, "consult.reply", at("2020-03-02 09:00"), "phong-noi-vu-huyen", "") // TX108 is dead: a replay
				if err != nil || a.Text("silence") != "report" {
					return fmt.Errorf("silence %q: %w", a.Text("silence"), err)
				}
				to := org.UnitID(a.Role("report_to").Unit)
				tx.Done(func() { silent[x.Owner] = to })
				// the report is the lead's own duty, and the chairman becomes a reader
				if err := casefile.Join(tx, c.ID, casefile.Party{Unit: to, Function: access.Told}); err != nil {
					return err
				}
				_, err = casefile.Record(tx, c, casefile.Event{Kind: "consult.silent", By: org.System("sweep"), Facts: map[string]string{"unit": string(x.Owner), "to": string(to)}})
				return err
			}}
		var in []duty.New
		for i, l := range limits {
			owner := fmt.Sprintf("don-vi-%d", i+1)
			units(t, d, owner)
			n := owned(org.UnitID(owner), duty.New{Limits: []duty.Limit{{Clause: "TX108/D11.K1-4", Basis: "hạn do phòng chủ trì đặt", Text: l, SetBy: "lead"}}})
			n.Rule, n.Counterpart = "consult.reply", "so-a"
			in = append(in, n)
		}
		id := open(t, d, in...)
		k := func(i int) duty.Key {
			return duty.Key{Case: id, Rule: "consult.reply", Owner: org.UnitID(fmt.Sprintf("don-vi-%d", i)), Round: 1}
		}
		for i, want := range []string{"2026-03-10 00:00", "2026-03-10 00:00", "2026-03-06 00:00", "2026-03-03 09:30", "2026-03-06 16:00", "2026-03-12 00:00", "2026-03-13 00:00", "2026-03-10 00:00"} {
			due(t, d, k(i+1), want)
		}
		reply := func(i int, when string) {
			clock.Set(at(when))
			must(t, meet(d, k(i)))
		}
		reply(4, "2026-03-03 09:29") // eight working hours: in time by a minute
		reply(3, "2026-03-05 23:00")
		reply(5, "2026-03-06 15:59")
		reply(1, "2026-03-09 10:00")
		reply(8, "2026-03-09 17:00")
		clock.Set(at("2026-03-10 00:00"))
		sweep(t, s, 0, 1)
		reply(6, "2026-03-11 10:00")
		reply(7, "2026-03-13 00:00") // one late, by nothing but the instant
		clock.Set(at("2026-03-20 09:00"))
		sweep(t, s, 0, 0)
		if len(silent) != 1 || silent["don-vi-2"] != "chu-tich-ubnd-huyen" {
			t.Errorf("reported silent: %v, want don-vi-2 to the chairman", silent)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.Counts(tx, workday.Of(tx.Now), workday.Of(tx.Now))
			var met, late, open int64
			for _, c := range all {
				met, late, open = met+c.Met, late+c.Late, open+c.Open
			}
			if met != 6 || late != 1 || open != 1 {
				t.Errorf("met %d, late %d, open %d; want 6, 1, 1", met, late, open)
			}
			return err
		})
		orphans(t, s)
	})
}

// A dossier with three suspensions inside a step inside a total: one act of the slice
// suspends both clocks at one instant, and each gets back exactly what stood still
// while it ran. The step that begins between two suspensions knows only the later ones.
func TestStrainNestedLimits(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		total := owned("24001", duty.New{Limits: []duty.Limit{limit("TTHC", "15wd")}})
		total.Rule = "thu.tong"
		id := open(t, d, total)
		tong := duty.Key{Case: id, Rule: "thu.tong", Owner: "24001", Round: 1}
		buoc := duty.Key{Case: id, Rule: "thu.buoc", Owner: "so-a", Round: 1}
		both := func(when string, change func(tx *db.Tx, k duty.Key) error, keys ...duty.Key) {
			clock.Set(at(when))
			must(t, locked(d, id, func(tx *db.Tx) error {
				for _, k := range keys {
					if err := change(tx, k); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		stop := func(tx *db.Tx, k duty.Key) error { return suspendIn(tx, k) }
		goOn := func(tx *db.Tx, k duty.Key) error {
			_, err := duty.Resume(tx, k, duty.Ground{Reason: "đã nộp bổ sung", By: system}, false)
			return err
		}
		due(t, d, tong, "2026-03-24 00:00")
		both("2026-03-03 10:00", stop, tong) // before the step began: 03 and 04 close suspended
		both("2026-03-05 10:00", goOn, tong)
		due(t, d, tong, "2026-03-26 00:00")
		clock.Set(at("2026-03-06 09:00"))
		must(t, locked(d, id, func(tx *db.Tx) error {
			_, err := duty.Arm(tx, duty.New{Key: buoc, Counterpart: "24001", Limits: []duty.Limit{limit("TTHC/B2", "5wd")}})
			return err
		}))
		due(t, d, buoc, "2026-03-14 00:00")
		both("2026-03-09 08:00", stop, tong, buoc) // one working day
		both("2026-03-10 16:00", goOn, tong, buoc)
		due(t, d, tong, "2026-03-27 00:00")
		due(t, d, buoc, "2026-03-17 00:00")
		both("2026-03-13 16:00", stop, tong, buoc) // over a weekend: Friday only is a working day
		clock.Set(at("2026-03-14 09:00"))
		s, _ := sweeper(d)
		sweep(t, s, 0, 0)
		both("2026-03-16 07:40", goOn, tong, buoc)
		due(t, d, tong, "2026-03-28 00:00")
		due(t, d, buoc, "2026-03-18 00:00")
		both("2026-03-17 09:00", func(tx *db.Tx, k duty.Key) error { return meetIn(tx, k) }, buoc)
		clock.Set(at("2026-03-28 00:00"))
		sweep(t, s, 0, 1)
		explained(t, d, tong)
		explained(t, d, buoc)
		orphans(t, s)
	})
}

const evaluate = "staff.evaluate"

// evaluating returns a sweeper whose one kind is armed by the calendar, under CP2283.
func evaluating(t *testing.T, d *db.DB, rb *regulation.Rulebook, owners *[]duty.Occasion) *duty.Sweeper {
	t.Helper()
	const centre = "trung-tam-hanh-chinh-cong-thanh-pho"
	a, err := rb.Rule(evaluate, at("2023-03-02 09:00"), centre, "") // CP2283 is dead: a replay
	must(t, err)
	again, err := workday.ParseRecurrence(a.Text("due"))
	must(t, err)
	return &duty.Sweeper{DB: d, Node: "a", Kinds: duty.Kinds{evaluate: {Rule: evaluate, Say: "Nhận xét, đánh giá", Dated: true, Arming: &duty.Arming{
		Occasions: func(tx *db.Tx) ([]duty.Occasion, error) {
			all := append([]duty.Occasion(nil), *owners...)
			for i := range all {
				all[i].Again, all[i].Clause, all[i].Basis = again, string(a.Clauses[0]), a.Basis()
				all[i].Since, all[i].Fallback = at("2026-03-02 00:00"), "tinh"
			}
			return all, nil
		},
		Open: func(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
			c, err := casefile.Open(tx, casefile.New{Kind: "staff", Prefix: "DG", Title: "Đánh giá năm " + o.Period.String()[:4], Lead: o.Owner})
			if err != nil {
				return nil, duty.New{}, err
			}
			return c, duty.New{Counterpart: "tinh", Reminders: "5"}, casefile.Join(tx, c.ID, casefile.Party{Unit: o.Owner, Function: access.Lead})
		},
	}}}}
}

// armed returns the owners and due instants of the evaluations there are, oldest first.
func armed(t *testing.T, d *db.DB) (all []*duty.Duty) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.All(`SELECT `+duty.Columns()+` FROM duty d WHERE d.rule = $1 ORDER BY d.from_at, d.case_id`, []any{evaluate}, func(r *sql.Rows) error {
			x := new(duty.Duty)
			all = append(all, x)
			return x.Scan(r)
		})
	})
	return all
}

// A yearly evaluation armed by the calendar, with no case before it: once an owner and
// year, by any number of nodes, after an outage too; a missing owner goes to the
// fall-back that the profile names.
func TestStrainArmedByTheCalendar(t *testing.T) {
	rb := rulebook(t, "cam-pha", evaluate)
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ahead := workday.Limit{Unit: workday.CalendarDays, N: 30}
		owners := []duty.Occasion{{Owner: "so-a", Ahead: ahead}, {Owner: "khong-con", Ahead: ahead}, {Name: "vai-tro-trong", Ahead: ahead}}
		s := evaluating(t, d, rb, &owners)
		clock.Set(at("2026-11-03 09:00"))
		sweep(t, s, 0, 0)
		if n := len(armed(t, d)); n != 0 {
			t.Fatalf("%d evaluations a month and a day before they are due", n)
		}
		clock.Set(at("2026-11-10 09:00"))
		for range 3 { // three nodes, and each again
			sweep(t, evaluating(t, d, rb, &owners), 0, 0)
			sweep(t, s, 0, 0)
		}
		all := armed(t, d)
		if len(all) != 3 {
			t.Fatalf("%d evaluations, want one an owner", len(all))
		}
		byOwner := map[org.UnitID]int{}
		for _, x := range all {
			byOwner[x.Owner]++
			if !x.DueAt.Equal(at("2026-12-05 00:00")) || x.Limits[0].Clause != "CP2283/D4.K6.2" || x.Limits[0].Say() != "hằng năm, trước ngày 05/12" {
				t.Errorf("due %s under %+v", x.DueAt, x.Limits[0])
			}
			explained(t, d, x.Key)
		}
		if byOwner["so-a"] != 1 || byOwner["tinh"] != 2 {
			t.Errorf("owners %v, want so-a and twice the fall-back", byOwner)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, x := range all {
				h, err := casefile.History(tx, system, x.Case, 5)
				if err != nil || len(h) != 1 || h[0].Facts["period"] != "2026-12-05" || x.Owner == "so-a" && h[0].Facts["absent"] != "" {
					t.Errorf("history of %s's evaluation: %+v (%v)", x.Owner, h, err)
				}
			}
			return nil
		})
		// missed, reminded and met like any other
		clock.Set(at("2026-11-27 08:00")) // the fifth working day before the last one
		sweep(t, s, 3, 0)
		must(t, meet(d, all[0].Key))
		clock.Set(at("2026-12-05 00:00"))
		sweep(t, s, 0, 2)
		orphans(t, s)
		// nothing ran for two years: both are owed all the same
		clock.Set(at("2028-12-06 09:00"))
		sweep(t, s, 0, 6)
		if n := len(armed(t, d)); n != 9 {
			t.Errorf("%d evaluations after three years, want 9", n)
		}
		orphans(t, s)
	})
}

// One occasion that cannot be opened does not hold up the others, and is tried again.
func TestArmingStepsOverAPoisonedOwner(t *testing.T) {
	rb := rulebook(t, "cam-pha", evaluate)
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		owners := []duty.Occasion{{Owner: "so-a"}, {Owner: "so-b"}, {Owner: "so-c"}}
		s := evaluating(t, d, rb, &owners)
		good := s.Kinds[evaluate].Arming.Open
		bad := true
		s.Kinds[evaluate].Arming.Open = func(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
			if bad && o.Owner == "so-b" {
				return nil, duty.New{}, fmt.Errorf("poisoned")
			}
			return good(tx, o)
		}
		if got, err := s.Sweep(contextBackground); err == nil || got.Armed != 2 {
			t.Errorf("armed %d (%v), want 2 and the poisoned one told", got.Armed, err)
		}
		bad = false
		clock.Add(time.Second) // within the hour: what failed is tried again at once
		if got, err := s.Sweep(contextBackground); err != nil || got.Armed != 1 {
			t.Errorf("armed %d (%v), want the one that was left", got.Armed, err)
		}
	})
}

// A day that rolls off a day off keeps its name: when a later revision moves the due
// instant, the occasion is moved and not armed twice.
func TestArmingSurvivesARevision(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		again, err := workday.ParseRecurrence("monthly 25,roll")
		must(t, err)
		s := &duty.Sweeper{DB: d, Node: "a", Kinds: duty.Kinds{evaluate: {Rule: evaluate, Dated: true, Arming: &duty.Arming{
			Occasions: func(tx *db.Tx) ([]duty.Occasion, error) {
				return []duty.Occasion{{Owner: "so-a", Again: again, Since: at("2026-03-02 00:00"), Clause: "THU/D9"}}, nil
			},
			Open: func(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
				c, err := casefile.Open(tx, casefile.New{Kind: "bao-cao", Prefix: "BC", Title: "Báo cáo tháng", Lead: o.Owner})
				return c, duty.New{Counterpart: "tinh"}, err
			},
		}}}}
		sweep(t, s, 0, 0)
		all := armed(t, d)
		if len(all) != 1 || !all[0].DueAt.Equal(at("2026-03-26 00:00")) {
			t.Fatalf("armed %+v", all)
		}
		revise(t, d, map[string]workday.Kind{"2026-03-25": workday.Holiday, "2026-03-26": workday.Holiday}, "Thông báo 7/TB")
		lttest.Update(t, d, func(tx *db.Tx) error { _, _, err := duty.MoveToRevision(tx, "phu-tho", "", 100); return err })
		clock.Set(at("2026-03-26 09:00"))
		sweep(t, s, 0, 0)
		all = armed(t, d)
		if !all[0].DueAt.Equal(at("2026-03-28 00:00")) || all[0].MissedAtNow(clock.Now()) {
			t.Errorf("after the revision it is due %s", all[0].DueAt)
		}
		if len(all) != 2 || !all[1].DueAt.Equal(at("2026-04-29 00:00")) { // 25 April 2026 is a Saturday, the 26th and 27th off for Giỗ Tổ
			t.Errorf("%d armed, the next due %s; want April's, once", len(all), all[len(all)-1].DueAt.In(workday.Office))
		}
	})
}

// Three nodes look at the calendar at once: each occasion is armed by one of them, and
// the others neither fail nor make a second case.
func TestArmingAtOnce(t *testing.T) {
	rb := rulebook(t, "cam-pha", evaluate)
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		owners := []duty.Occasion{{Owner: "so-a"}, {Owner: "so-b"}, {Owner: "so-c"}, {Owner: "24001"}, {Owner: "24002"}}
		var wg sync.WaitGroup
		var total atomic.Int64
		for range 3 {
			s := evaluating(t, d, rb, &owners)
			wg.Go(func() {
				got, err := s.Sweep(contextBackground)
				if err != nil {
					t.Error(err)
				}
				total.Add(int64(got.Armed))
			})
		}
		wg.Wait()
		if n := len(armed(t, d)); n != len(owners) || total.Load() != int64(n) {
			t.Errorf("%d duties, %d said to be armed, want %d", n, total.Load(), len(owners))
		}
	})
}
