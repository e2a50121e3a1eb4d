package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// feed makes a calendar address on its page and returns it.
func (v *visit) feed(label string) (path string) {
	v.s.t.Helper()
	v.open("/programme/feeds").must("/programme/feeds", "label", label)
	_, rest, ok := strings.Cut(v.words(), "/lich/")
	if !ok {
		v.s.t.Fatalf("no address on the page: %.600s", v.words())
	}
	token, _, _ := strings.Cut(rest, ".ics")
	return "/lich/" + token + ".ics"
}

// A thing to do on the pages: registered for the province, accepted by the Office, moved
// with a reason, found in the calendar of days and in one's own calendar file; who has no
// part in a unit's own programme sees nothing of it.
func TestProgrammePages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		lead := s.visit("leader").open("/programme").wants("Chương trình công tác")
		at := lead.open("/programme/new").must("/programme/new", "title", "Tập huấn chứng thực điện tử", "place", "2026-02-12", "from_hour", "08:00", "until_hour", "10:00", "venue", "Hội trường A").
			wants("Tập huấn chứng thực điện tử", "Hội trường A").path
		s.get(s.as(s.people["xa"]), at).want(t, 404)
		ics := lead.feed("Điện thoại")
		file := s.get(s.browser(), ics) // no session: the address is the right
		file.want(t, http.StatusOK)
		if !strings.Contains(file.text, "SUMMARY:Tập huấn chứng thực điện tử") || !strings.Contains(file.text, "LOCATION:Hội trường A") {
			t.Errorf("the calendar file:\n%s", file.text)
		}
		s.get(s.browser(), ics[:len(ics)-6]+"aa.ics").want(t, 404)
		lead.open(at).must(at+"/move", "place", "2026-02-13", "reason", "Trùng lịch họp.", "from_hour", "09:00").wants("13/02")
	})
}

// A calendar address ends with the password under which it was made, with a closed account,
// and when its officer takes it back; the page says so.
func TestFeedsEndWithThePassword(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		name, clerk := s.visit("leader"), s.visit("clerk")
		first, other := name.feed("Điện thoại"), clerk.feed("Máy bàn")
		s.get(s.browser(), first).want(t, http.StatusOK)
		s.clock.Add(time.Minute)
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			phc, err := s.Keeper.Hasher.Hash(t.Context(), word)
			if err != nil {
				return err
			}
			if _, err := s.Keeper.SetPassword(tx, "quan-tri", s.people["leader"], "", phc); err != nil {
				return err
			}
			_, err = s.Keeper.CloseAccount(tx, "quan-tri", s.people["clerk"])
			return err
		})
		s.get(s.browser(), first).want(t, 404)
		s.get(s.browser(), other).want(t, 404)
	})
}
