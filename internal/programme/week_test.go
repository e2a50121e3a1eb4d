package programme_test

import (
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/programme"
)

func send(d *db.DB, who org.Actor, id casefile.ID, note string) error {
	return try(d, func(tx *db.Tx) error {
		_, err := programme.SendNow(tx, who, id, note, 0)
		return err
	})
}

func stands(t testing.TB, d *db.DB, who org.Actor, place string) map[org.UnitID]programme.Stand {
	t.Helper()
	in, err := programme.ParsePlace(place)
	if err != nil {
		t.Fatal(err)
	}
	out := map[org.UnitID]programme.Stand{}
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := programme.Weekly(tx, who, in)
		for _, s := range all {
			out[s.Unit] = s
		}
		return err
	})
	return out
}

// The calendar opens each bound unit's next week once; it is owed before noon on Friday,
// late from noon on, and the Office puts the whole together with who was late.
func TestWeeklyProgramme(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		sweep(t, d)
		sweep(t, d)
		desk := officer(t, d, office, org.Desk)
		all := stands(t, d, desk, "2020-W11")
		if len(all) != 3 { // two sections, a commune; neither the Office nor the chairman owes one
			t.Fatalf("%d units owe a week: %+v", len(all), all)
		}
		if s := all[health]; !s.Due.At.Equal(at("2020-03-06 12:00")) || s.Late || s.Request {
			t.Errorf("health: %+v", s)
		}
		mine, other := all[health].ID, all[farming].ID
		refused(t, "another unit sends it", send(d, leader(t, d, farming), mine, "x"), fault.NotFound)
		refused(t, "an empty week", send(d, leader(t, d, health), mine, ""), fault.Invalid)
		id := register(t, d, leader(t, d, health), programme.New{Title: "Kiểm tra trạm y tế", Place: "2020-03-10", FromHour: "08:00", Venue: "Xã Thọ Lập"})

		clock.Set(at("2020-03-06 11:59"))
		if err := send(d, leader(t, d, health), mine, ""); err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error { // whoever receives it reads its items from now on
			_, err := programme.Get(tx, desk, id)
			return err
		})
		clock.Set(at("2020-03-06 12:00"))
		sweep(t, d)
		if err := send(d, leader(t, d, farming), other, "Không có lịch."); err != nil {
			t.Fatal(err)
		}
		all = stands(t, d, desk, "2020-W11")
		if all[health].Late || !all[farming].Late || !all[commune].Late || !all[commune].SentAt.IsZero() {
			t.Errorf("late: %+v", all)
		}
		if own := stands(t, d, leader(t, d, farming), "2020-W11"); len(own) != 1 {
			t.Errorf("a unit sees the weeks of others: %+v", own)
		}
		collectWeek(t, d, all[commune].ID)
	})
}

func collectWeek(t *testing.T, d *db.DB, late casefile.ID) {
	desk, whole := officer(t, d, office, org.Desk), week(t, d, programme.Whole, office, "2020-W11")
	urge := func(who org.Actor) error {
		return try(d, func(tx *db.Tx) error { _, err := programme.Urge(tx, who, late, "Gửi ngay.", 0); return err })
	}
	collect := func(who org.Actor) error {
		return try(d, func(tx *db.Tx) error { _, err := programme.Collect(tx, who, whole.ID, "", 0); return err })
	}
	refused(t, "a late unit urges itself", urge(leader(t, d, commune)), fault.Denied)
	if err := urge(desk); err != nil {
		t.Fatal(err)
	}
	refused(t, "the chairman puts it together", collect(leader(t, d, chairman)), fault.Denied)
	refused(t, "a section does", collect(leader(t, d, health)), fault.NotFound)
	if err := collect(desk); err != nil {
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		who := leader(t, d, chairman)
		p, err := programme.GetProgramme(tx, who, whole.ID)
		if err != nil {
			return err
		}
		text, err := programme.ContentOf(tx, who, p)
		for _, want := range []string{"08:00 thứ Ba 10/03/2020: Kiểm tra trạm y tế", "Gửi sau giờ: Đơn vị phong-nong-nghiep-huyen", "Chưa gửi: Đơn vị 90001"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		all, err2 := duty.OfCase(tx, p.ID)
		if err2 != nil || len(all) != 1 || all[0].Fate != duty.Met || !all[0].DueAt.IsZero() {
			t.Errorf("the Office's duty: %+v, %v", all, err2)
		}
		return err
	})
}

// A supplement keeps the first receipt; of two who send at once the duty is met once.
func TestWeekIsSentOnce(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		sweep(t, d)
		mine := stands(t, d, leader(t, d, health), "2020-W11")[health].ID
		if err := send(d, leader(t, d, health), mine, "Không có lịch."); err != nil {
			t.Fatal(err)
		}
		first := week(t, d, programme.Week, health, "2020-W11").SentAt
		clock.Set(at("2020-03-07 09:00"))
		if err := send(d, leader(t, d, health), mine, "Bổ sung: họp đột xuất."); err != nil {
			t.Fatal(err)
		}
		if p := week(t, d, programme.Week, health, "2020-W11"); !p.SentAt.Equal(first) {
			t.Errorf("received %s, then %s", first, p.SentAt)
		}
		if s := stands(t, d, leader(t, d, health), "2020-W11")[health]; s.Late {
			t.Error("a supplement made it late")
		}
	})
}

// A plan is sent only once each thing in it states what the rule demands; its units read it
// from then on, and it takes nothing more.
func TestPlan(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		who := leader(t, d, health)
		var plan *programme.Programme
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			plan, err = programme.BeginPlan(tx, who, health, "Kế hoạch kiểm tra an toàn thực phẩm", "2020-Q2")
			return err
		})
		give := func(as org.Actor) error {
			return try(d, func(tx *db.Tx) error { _, err := programme.SendPlan(tx, as, plan.ID, "", 0); return err })
		}
		refused(t, "empty", give(who), fault.Conflict)
		add := programme.New{Plan: plan.ID, Title: "Kiểm tra chợ", Place: "2020-04", Task: "Lấy mẫu", With: []programme.Part{{Unit: farming, Task: "Cử cán bộ thú y"}}}
		lacks := register(t, d, who, add)
		refused(t, "without a place", give(who), fault.Conflict)
		refused(t, "by whoever is only in it", give(leader(t, d, farming)), fault.NotFound)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := programme.Move(tx, who, lacks, programme.Shift{Place: "2020-W16", Venue: "Chợ huyện"})
			return err
		})
		if err := give(who); err != nil {
			t.Fatal(err)
		}
		refused(t, "sent twice", give(who), fault.Conflict)
		refused(t, "more into it", try(d, func(tx *db.Tx) error { _, err := programme.Register(tx, who, add); return err }), fault.Conflict)
		lttest.View(t, d, func(tx *db.Tx) error {
			p, err := programme.GetProgramme(tx, leader(t, d, farming), plan.ID)
			if err != nil || p.State != programme.Sent {
				t.Errorf("%+v, %v", p, err)
			}
			return nil
		})
	})
}

// Reviews come with the calendar, ten working days before the end of their period; a
// half-year's end opens two, and each is reported once.
func TestReviewsAreArmed(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		reviews := func() (n int, last *programme.Programme) {
			lttest.View(t, d, func(tx *db.Tx) error {
				all, err := programme.Programmes(tx, org.System("test"), programme.Review, office, 10)
				if len(all) > 0 {
					last = all[0]
				}
				n = len(all)
				return err
			})
			return n, last
		}
		sweep(t, d)
		if n, _ := reviews(); n != 0 {
			t.Fatalf("%d reviews at the beginning of March", n)
		}
		clock.Set(at("2020-03-19 09:00"))
		sweep(t, d)
		n, q1 := reviews()
		if n != 1 || q1.Place.String() != "2020-Q1" {
			t.Fatalf("%d reviews, %+v", n, q1)
		}
		review := func(who org.Actor) error {
			return try(d, func(tx *db.Tx) error {
				_, err := programme.ReviewNow(tx, who, q1.ID, "Quý I phối hợp tốt.", 0)
				return err
			})
		}
		refused(t, "by another unit", review(leader(t, d, chairman)), fault.Denied)
		if err := review(leader(t, d, office)); err != nil {
			t.Fatal(err)
		}
		refused(t, "twice", review(leader(t, d, office)), fault.Conflict)
		clock.Set(at("2020-06-25 09:00"))
		sweep(t, d)
		if n, _ := reviews(); n != 3 {
			t.Errorf("%d reviews at the end of June", n)
		}
		refused(t, "one that is open", try(d, func(tx *db.Tx) error {
			_, err := programme.BeginReview(tx, leader(t, d, office), office, "2020-Q2")
			return err
		}), fault.Conflict)
	})
}

// An address reads what its officer may see at that moment, and nothing once it is revoked
// or he has left.
func TestFeed(t *testing.T) {
	district(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		who := leader(t, d, farming)
		shared := register(t, d, leader(t, d, health), programme.New{Title: "Họp chung", Place: "2020-03-10", FromHour: "08:00", With: []programme.Part{{Unit: farming}}})
		register(t, d, leader(t, d, health), programme.New{Title: "Việc riêng của y tế", Place: "2020-03-10"})
		var token, id string
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			token, id, err = programme.MakeFeed(tx, who, "Điện thoại")
			return err
		})
		read := func(token string) (titles []string, err error) {
			err = d.View(t.Context(), func(tx *db.Tx) error {
				as, all, err := programme.ReadFeed(tx, token)
				if err == nil && as.Officer != who.Officer {
					t.Errorf("read as %s", as.Officer)
				}
				for _, l := range all {
					titles = append(titles, l.Title)
				}
				return err
			})
			return titles, err
		}
		if all, err := read(token); err != nil || len(all) != 1 || all[0] != "Họp chung" {
			t.Fatalf("%v, %v", all, err)
		}
		lttest.View(t, d, func(tx *db.Tx) error { // the token itself is kept nowhere
			var n int
			err := tx.One(`SELECT count(*) FROM programme_feed WHERE hash = $1 OR label = $1 OR id = $1`, []any{token}, &n)
			if n != 0 {
				t.Error("the token is stored")
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error { // no party of it any more
			if _, err := casefile.Lock(tx, org.System("test"), shared); err != nil {
				return err
			}
			return casefile.Leave(tx, shared, casefile.Party{Unit: farming, Function: "coordinating"})
		})
		if all, err := read(token); err != nil || len(all) != 0 {
			t.Errorf("still shows %v, %v", all, err)
		}
		refused(t, "another revokes it", try(d, func(tx *db.Tx) error { return programme.RevokeFeed(tx, leader(t, d, health), id) }), fault.NotFound)
		lttest.Update(t, d, func(tx *db.Tx) error { return programme.RevokeFeed(tx, who, id) })
		for _, x := range []string{token, "lich_" + strings.Repeat("a", 52), "", "lt_" + token} {
			if _, err := read(x); fault.Kind(err) != fault.NotFound {
				t.Errorf("%.8q: %v", x, err)
			}
		}
	})
}
