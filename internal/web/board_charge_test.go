package web

import (
	"strings"
	"testing"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// A vice chairman's board and map open with what is in his charge and lead to all by one link,
// which stays wide; whoever has no charge of his own sees no such thing.
func TestBoardOpensWithOnesCharge(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		var deputy org.OfficerID
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			top, err := org.Units(tx, org.Filter{Level: org.LevelProvince, Kind: org.KindCommittee})
			if err != nil || len(top) == 0 {
				return err
			}
			all, err := board.ChargedIn(tx, top[0].ID)
			for _, c := range all {
				if _, whole, err := board.InCharge(tx, c.Officer); err != nil || !whole {
					deputy = c.Officer
				}
			}
			return err
		})
		if deputy == "" {
			t.Fatal("no vice chairman with a charge: nothing proved")
		}
		s.people["deputy"] = deputy
		s.open1(map[string]org.OfficerID{"deputy": deputy})
		for _, page := range []string{"/board", "/ban-do"} {
			own := s.visit("deputy").open(page).wants("Chỉ lĩnh vực, địa bàn phụ trách", "Xem tất cả")
			wide := ""
			for to := range own.links(page + "?") {
				if strings.Contains(to, "charge=all") {
					wide = to
				}
			}
			if wide == "" {
				t.Fatalf("%s leads nowhere wider", page)
			}
			s.visit("deputy").open(wide).wants("Mọi lĩnh vực, địa bàn", "Về phần tôi phụ trách")
			if text := s.visit("overseer").open(page).words(); strings.Contains(text, "phần tôi phụ trách") || strings.Contains(text, "địa bàn phụ trách") {
				t.Errorf("%s of somebody without a charge speaks of one", page)
			}
		}
	})
}
