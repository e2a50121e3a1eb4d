package web

import (
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/score"
	"lienthong/internal/workday"
)

// On the page of the yearly table a unit beside the one that objected reads that it did, and
// not its words.
func TestClosedObjectionOnThePage(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := newProvinceSite(t, d, clock)
		const words = "Sở phải chờ ý kiến của Bộ."
		tried := "đã gọi"
		var home org.Actor
		var at casefile.ID
		step := func(fn func(tx *db.Tx) error) {
			t.Helper()
			lttest.Update(t, d, fn)
		}
		step(func(tx *db.Tx) error {
			held, err := org.Holders(tx, "so-noi-vu", org.Leader)
			if err != nil {
				return err
			}
			if home, err = org.ActorOf(tx, held[0].Officer.ID); err != nil {
				return err
			}
			_, err = petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: "Chứng thực", Field: s.office.Field, Text: "nội dung", Tried: &tried})
			return err
		})
		clock.Add(30 * 24 * time.Hour) // the answer is late, so the department has a line
		step(func(tx *db.Tx) error {
			y, err := score.Begin(tx, home, workday.Of(tx.Now).Year())
			if err == nil {
				at = y.ID
			}
			return err
		})
		clock.Set(time.Date(clock.Now().Year()+1, 1, 4, 8, 0, 0, 0, workday.Office))
		for _, fn := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error { _, err := score.Recount(tx, home, at, 0); return err },
			func(tx *db.Tx) error { _, err := score.Show(tx, home, at, 0); return err },
			func(tx *db.Tx) error {
				y, err := score.Get(tx, s.office.Leader, at)
				if err != nil {
					return err
				}
				items, err := score.Items(tx, s.office.Leader, y, s.office.DepartmentUnit, score.Answers, score.Late, 0, 1)
				if err == nil {
					_, err = score.ObjectNow(tx, s.office.Leader, at, items[0].N, words)
				}
				return err
			}} {
			step(fn)
		}
		for name, who := range map[string]org.OfficerID{"home": home.Officer, "object": s.office.Leader.Officer, "beside": s.office.Commune.Officer} {
			s.people[name] = who
		}
		s.open1(map[string]org.OfficerID{"home": home.Officer, "object": s.office.Leader.Officer, "beside": s.office.Commune.Officer})
		const closed = "chỉ đơn vị đó, cơ quan tổng hợp và Văn phòng đọc được lời"
		s.visit("object").open(scorePath(at)).wants(words).lacks(closed)
		s.visit("home").open(scorePath(at)).wants(words).lacks(closed)
		s.visit("beside").open(scorePath(at)).wants(closed, "đang xem xét").lacks(words)
	})
}
