package signoff_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// A closed paper that was released is read by its unit and by those it was opened to; another
// unit on the same case reads neither it nor its line in the list, while an ordinary one is there.
func TestClosedPaper(t *testing.T) {
	each(t, func(s *stage) {
		open := s.bring(signoff.Released)
		p := s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Draft(tx, s.who(lttest.OfficerA), signoff.New{Case: s.c, Kind: answer.Name, Unit: lttest.Department, Title: "Ý kiến", Body: "Nội dung",
				OnlyFor: []org.UnitID{lttest.OneCommune}})
		}))
		s.must(s.submit(lttest.OfficerA, p.ID))
		s.must(s.review(lttest.HeadA, p.ID))
		s.must(s.sign(lttest.Leader, p.ID, org.Own))
		reads := func(by org.OfficerID, yes bool) {
			s.Helper()
			lttest.View(s, s.db, func(tx *db.Tx) error {
				_, err := signoff.Get(tx, s.who(by), p.ID)
				if (err == nil) != yes || err != nil && fault.Kind(err) != fault.NotFound {
					s.Errorf("%s reads the closed paper: %v", by, err)
				}
				all, err := signoff.OfCase(tx, s.who(by), s.c)
				n := map[bool]int{true: 2, false: 1}[yes]
				if err != nil || len(all) != n || all[0].ID != open.ID {
					s.Errorf("%s lists %d papers, want %d, %v", by, len(all), n, err)
				}
				return nil
			})
		}
		reads(lttest.OneCommuneLeader, false) // opened to its unit, but not released
		s.must(s.release(lttest.Clerk, p.ID, signoff.Issue{}))
		reads(lttest.OneCommuneLeader, true)
		reads(lttest.OfficerB, true) // of the unit that wrote it
		reads(lttest.CommuneOfficer, false)
	})
}
