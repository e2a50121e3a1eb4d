package programme_test

import (
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/programme"
)

// A thing of the common programme is registered, accepted, narrowed at will, and leaves its
// place only when that is asked with a reason and approved; the old place is kept.
func TestItemMovesOnlyWithApproval(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		who, desk := officer(t, d, health, org.Specialist), officer(t, d, office, org.Desk)
		id := register(t, d, who, programme.New{Unit: collective, Title: "Đề án y tế cơ sở", Place: "2020-Q2", With: []programme.Part{{Unit: farming, Task: "Cung cấp số liệu"}}})
		if x := item(t, d, id); x.State != programme.Registered {
			t.Fatalf("state %s", x.State)
		}
		refused(t, "a unit accepts its own", try(d, func(tx *db.Tx) error {
			_, err := programme.Decide(tx, leader(t, d, health), id, programme.Ruling{Accept: true})
			return err
		}), fault.Denied)
		refused(t, "a coordinating unit reads what is not accepted", try(d, func(tx *db.Tx) error {
			_, err := programme.Get(tx, leader(t, d, farming), id)
			return err
		}), fault.NotFound)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := programme.Decide(tx, desk, id, programme.Ruling{Accept: true})
			return err
		})
		move := func(who org.Actor, place, reason string) error {
			return try(d, func(tx *db.Tx) error {
				_, err := programme.Move(tx, who, id, programme.Shift{Place: place, Reason: reason})
				return err
			})
		}
		if err := move(who, "2020-05", ""); err != nil { // inside its quarter
			t.Fatal(err)
		}
		refused(t, "without a reason", move(who, "2020-07", " "), fault.Invalid)
		refused(t, "by a coordinating unit", move(leader(t, d, farming), "2020-07", "Vướng"), fault.Denied)
		if err := move(who, "2020-07", "Chờ hướng dẫn của cấp trên"); err != nil {
			t.Fatal(err)
		}
		if x := item(t, d, id); x.Place.String() != "2020-05" {
			t.Fatalf("it moved to %s before anybody approved", x.Place)
		}
		refused(t, "asked twice", move(who, "2020-08", "Chờ"), fault.Conflict)
		refused(t, "its own head approves", try(d, func(tx *db.Tx) error {
			_, err := programme.DecideMove(tx, leader(t, d, health), id, programme.Ruling{Accept: true})
			return err
		}), fault.Denied)
		refused(t, "declined without a reason", try(d, func(tx *db.Tx) error {
			_, err := programme.DecideMove(tx, desk, id, programme.Ruling{})
			return err
		}), fault.Invalid)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := programme.DecideMove(tx, desk, id, programme.Ruling{Accept: true, Reason: "Đồng ý"})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			x, err := programme.Get(tx, leader(t, d, farming), id)
			if err != nil {
				return err
			}
			all, err := programme.Moves(tx, desk, x)
			if err != nil || x.Place.String() != "2020-07" || len(all) != 1 || all[0].Old.String() != "2020-05" || all[0].New.String() != "2020-07" ||
				all[0].Fate != "approved" || all[0].Reason != "Chờ hướng dẫn của cấp trên" || all[0].Said != "Đồng ý" {
				t.Errorf("%s, moves %+v, %v", x.Place, all, err)
			}
			return nil
		})
	})
}

// In a unit's own programme its leader decides, and what he asks himself is decided at once.
func TestOwnProgramme(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		id := register(t, d, officer(t, d, health, org.Specialist), programme.New{Title: "Giao ban", Place: "2020-03-09", FromHour: "8:00", UntilHour: "9:30", Venue: "Phòng họp"})
		if x := item(t, d, id); x.State != programme.Planned || x.FromHour != "08:00" || x.Unit != health {
			t.Fatalf("%+v", x)
		}
		// nobody else reads it before it is sent
		for _, other := range []org.Actor{officer(t, d, office, org.Desk), leader(t, d, chairman), leader(t, d, farming)} {
			refused(t, "another unit reads it", try(d, func(tx *db.Tx) error { _, err := programme.Get(tx, other, id); return err }), fault.NotFound)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := programme.Move(tx, leader(t, d, health), id, programme.Shift{Place: "2020-03-11", FromHour: "14:00", Reason: "Trùng lịch họp huyện"})
			return err
		})
		if x := item(t, d, id); x.Place.String() != "2020-03-11" {
			t.Errorf("at %s", x.Place)
		}
	})
}

func TestRegisterRefuses(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		ok := programme.New{Title: "Việc", Place: "2020-05"}
		tests := []struct {
			name string
			who  org.Actor
			bend func(in *programme.New)
			want error
		}{
			{"no title", leader(t, d, health), func(in *programme.New) { in.Title = " " }, fault.Invalid},
			{"a secret", leader(t, d, health), func(in *programme.New) { in.Text = "TUYỆT MẬT\nnội dung" }, fault.Invalid},
			{"no place", leader(t, d, health), func(in *programme.New) { in.Place = "mai" }, fault.Invalid},
			{"hours without a day", leader(t, d, health), func(in *programme.New) { in.FromHour = "08:00" }, fault.Invalid},
			{"hours the wrong way", leader(t, d, health), func(in *programme.New) { in.Place, in.FromHour, in.UntilHour = "2020-05-04", "09:00", "08:00" }, fault.Invalid},
			{"a unit that is none", leader(t, d, health), func(in *programme.New) { in.With = []programme.Part{{Unit: "không-có"}} }, fault.Invalid},
			{"a unit twice", leader(t, d, health), func(in *programme.New) { in.With = []programme.Part{{Unit: farming}, {Unit: farming}} }, fault.Invalid},
			{"in another unit's programme", leader(t, d, health), func(in *programme.New) { in.Unit = farming }, fault.Invalid},
			{"for another unit", leader(t, d, health), func(in *programme.New) { in.Lead, in.Unit = farming, collective }, fault.Denied},
			{"an officer of another unit", leader(t, d, health), func(in *programme.New) { in.Officer = "phong-nong-nghiep-huyen.leader" }, fault.Invalid},
			{"money from nowhere", leader(t, d, health), func(in *programme.New) { in.Estimate = 5 }, fault.Invalid},
			{"money from a source that is none", leader(t, d, health), func(in *programme.New) { in.Estimate, in.Funding = 5, "x" }, fault.Invalid},
			{"a source without money", leader(t, d, health), func(in *programme.New) { in.Funding = programme.FundYearly }, fault.Invalid},
			{"less than nothing", leader(t, d, health), func(in *programme.New) { in.Estimate, in.Funding = -5, programme.FundYearly }, fault.Invalid},
			{"what arises, from the year's", leader(t, d, health), func(in *programme.New) { in.Arising, in.Estimate, in.Funding = true, 5, programme.FundYearly }, fault.Invalid},
			{"what was planned, as if it arose", leader(t, d, health), func(in *programme.New) { in.Estimate, in.Funding = 5, programme.FundArising }, fault.Invalid},
			{"a plan that is none", leader(t, d, health), func(in *programme.New) { in.Plan = "x" }, fault.NotFound},
		}
		for _, tt := range tests {
			in := ok
			tt.bend(&in)
			refused(t, tt.name, try(d, func(tx *db.Tx) error { _, err := programme.Register(tx, tt.who, in); return err }), tt.want)
		}
		// the Office puts another unit's thing into the common programme
		id := register(t, d, officer(t, d, office, org.Desk), programme.New{Unit: collective, Lead: health, Title: "Phòng dịch", Place: "2020-03"})
		if x := item(t, d, id); x.State != programme.Planned || x.Lead != health {
			t.Errorf("%+v", x)
		}
	})
}

// What arises waits for its estimate; only the chairman approves it, once.
func TestWhatArisesWaitsForItsEstimate(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		id := register(t, d, leader(t, d, health), programme.New{Title: "Phun thuốc khử trùng", Place: "2020-03-10", Arising: true, Estimate: 30_000_000})
		finish := func() error {
			return try(d, func(tx *db.Tx) error {
				_, err := programme.Finish(tx, leader(t, d, health), id, programme.End{Text: "Đã phun"})
				return err
			})
		}
		approve := func(who org.Actor) error {
			return try(d, func(tx *db.Tx) error {
				_, err := programme.ApproveEstimate(tx, who, id, programme.Approval{Amount: 25_000_000})
				return err
			})
		}
		refused(t, "done before", finish(), fault.Conflict)
		refused(t, "its own leader approves", approve(leader(t, d, health)), fault.Denied)
		refused(t, "a stranger approves", approve(leader(t, d, farming)), fault.NotFound)
		if err := approve(leader(t, d, chairman)); err != nil {
			t.Fatal(err)
		}
		refused(t, "approved twice", approve(leader(t, d, chairman)), fault.Conflict)
		if err := finish(); err != nil {
			t.Fatal(err)
		}
		refused(t, "done twice", finish(), fault.Conflict)
		if x := item(t, d, id); x.State != programme.Done || x.Estimate != 25_000_000 {
			t.Errorf("%+v", x)
		}
	})
}

// A link is to a case that who ties it reads; whoever may not read the other does not see it.
func TestLinksShowWhatOneMayRead(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		shared := register(t, d, leader(t, d, health), programme.New{Title: "Họp liên phòng", Place: "2020-03-10", With: []programme.Part{{Unit: farming}}})
		own := register(t, d, leader(t, d, health), programme.New{Title: "Chuẩn bị họp", Place: "2020-03-09"})
		link := func(who org.Actor, id, to casefile.ID) error {
			return try(d, func(tx *db.Tx) error {
				_, err := programme.Link(tx, who, id, programme.Bond{What: "meeting", Target: to})
				return err
			})
		}
		refused(t, "a case that is none", link(leader(t, d, health), shared, "x"), fault.Invalid)
		refused(t, "by a coordinating unit", link(leader(t, d, farming), shared, own), fault.Denied)
		if err := link(leader(t, d, health), shared, own); err != nil {
			t.Fatal(err)
		}
		refused(t, "twice", link(leader(t, d, health), shared, own), fault.Conflict)
		for unit, want := range map[org.UnitID]int{health: 1, farming: 0} {
			lttest.View(t, d, func(tx *db.Tx) error {
				all, err := programme.Links(tx, leader(t, d, unit), shared)
				if len(all) != want {
					t.Errorf("%s sees %+v", unit, all)
				}
				back, _ := programme.ItemsOf(tx, leader(t, d, unit), own)
				if unit == health && len(back) != 1 {
					t.Errorf("the other way: %+v", back)
				}
				return err
			})
		}
	})
}

// A list shows exactly what Get gives, for everybody, and a seal empties every place.
func TestListIsGetAndASealEmptiesIt(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		var ids []casefile.ID
		for _, in := range []programme.New{{Title: "Riêng", Place: "2020-03-10"}, {Title: "Chung hai phòng", Place: "2020-03", With: []programme.Part{{Unit: farming, Task: "Phối hợp"}}},
			{Unit: collective, Title: "Của huyện", Place: "2020-Q1"}, {Title: "Phát sinh", Place: "2020-W11", Arising: true, Estimate: 1, Venue: "Xã A"}} {
			ids = append(ids, register(t, d, leader(t, d, health), in))
		}
		march, _ := programme.ParsePlace("2020-03")
		for _, unit := range []org.UnitID{health, farming, office, chairman, collective, commune} {
			who := leader(t, d, unit)
			lttest.View(t, d, func(tx *db.Tx) error {
				all, err := programme.Items(tx, who, march, programme.Filter{States: []string{programme.Registered, programme.Planned}})
				listed := map[casefile.ID]bool{}
				for _, l := range all {
					listed[l.ID] = true
				}
				for i, id := range ids {
					if _, got := programme.Get(tx, who, id); (got == nil) != listed[id] {
						t.Errorf("%s, item %d: listed %v, get %v", unit, i, listed[id], got)
					}
				}
				return err
			})
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Lock(tx, org.System("test"), ids[3])
			if err != nil {
				return err
			}
			_, err = casefile.Seal(tx, c, casefile.Order{First: leader(t, d, chairman), Second: leader(t, d, office), Record: "01/BB"})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			var venue, task string
			if err := tx.One(`SELECT venue FROM programme_item WHERE case_id = $1`, []any{string(ids[3])}, &venue); err != nil {
				return err
			}
			err := tx.One(`SELECT task FROM programme_part WHERE case_id = $1`, []any{string(ids[3])}, &task)
			if venue != "" || task != "" {
				t.Errorf("left after a seal: %q %q", venue, task)
			}
			return err
		})
	})
}

// Of two who decide at once on one move, one is refused; of a finish and a move at once the
// item ends in one of both states, never in between.
func TestRaces(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		who, desk := leader(t, d, health), officer(t, d, office, org.Desk)
		var id casefile.ID
		prepare := func(tx *db.Tx) error {
			x, err := programme.Register(tx, desk, programme.New{Unit: collective, Lead: health, Title: "Đề án", Place: "2020-05"})
			if err != nil {
				return err
			}
			id = x.ID
			return nil
		}
		asked := func(tx *db.Tx) error {
			if err := prepare(tx); err != nil {
				return err
			}
			_, err := programme.Move(tx, who, id, programme.Shift{Place: "2020-06", Reason: "Chậm"})
			return err
		}
		rule := func(accept bool) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := programme.DecideMove(tx, desk, id, programme.Ruling{Accept: accept, Reason: "Xem xét"})
				return err
			}
		}
		lttest.Race(t, d, asked, rule(true), rule(false), func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("at %d: %v, %v", m.Point, m.A, m.B)
			}
			want := map[bool]string{true: "2020-06", false: "2020-05"}[m.A == nil]
			if x := item(t, d, id); x.Place.String() != want {
				t.Errorf("at %s, want %s", x.Place, want)
			}
		})
		end := func(tx *db.Tx) error {
			_, err := programme.Finish(tx, who, id, programme.End{Text: "Xong"})
			return err
		}
		lttest.Race(t, d, prepare, end, end, func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("finished twice at %d: %v, %v", m.Point, m.A, m.B)
			}
		})
	})
}
