package signoff_test

import (
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

func fileNamed(name string) casefile.Document {
	return casefile.Document{Name: name, MediaType: "application/pdf", Hash: "hash of " + name, Scan: "clean"}
}

// files are the names of what hangs on the paper as its unit reads them, with their ids.
func (s *stage) files(id signoff.ID) (names []string, ids map[string]string) {
	s.Helper()
	ids = map[string]string{}
	lttest.View(s, s.db, func(tx *db.Tx) error {
		all, err := casefile.Documents(tx, s.who(lttest.OfficerA), s.c)
		for _, d := range all {
			if d.PaperID == string(id) {
				names, ids[d.Name] = append(names, d.Name), d.ID
			}
		}
		return err
	})
	return names, ids
}

func (s *stage) enclose(by org.OfficerID, id signoff.ID, in signoff.Files, seen int64) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) { return s.desk.Enclose(tx, s.who(by), id, in, "", seen) })
}

// A wrong file is replaced by the right one in one act; the history names both, to the
// unit alone, and who saw the old version does not sign the new one unseen.
func TestFileIsReplaced(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Drafting)
		p = s.must(s.enclose(lttest.OfficerA, p.ID, signoff.Files{Add: []casefile.Document{fileNamed("nhầm.pdf"), fileNamed("đúng.pdf")}}, p.Version))
		_, ids := s.files(p.ID)
		p = s.must(s.enclose(lttest.OfficerA, p.ID, signoff.Files{Remove: []string{ids["nhầm.pdf"]}, Add: []casefile.Document{fileNamed("thay.pdf")}}, p.Version))
		if names, _ := s.files(p.ID); strings.Join(names, " ") != "đúng.pdf thay.pdf" || p.Version != 3 {
			s.Errorf("version %d holds %q", p.Version, names)
		}
		before := p.Version
		p = s.must(s.enclose(lttest.OfficerA, p.ID, signoff.Files{Remove: []string{ids["nhầm.pdf"]}}, p.Version))
		if p.Version != before {
			s.Errorf("nothing moved and version %d came", p.Version)
		}
		_, err := s.enclose(lttest.OfficerA, p.ID, signoff.Files{Remove: []string{ids["đúng.pdf"]}}, 1)
		s.want("on a version that is not the newest", err, fault.Conflict)
		lttest.View(s, s.db, func(tx *db.Tx) error {
			events, err := casefile.History(tx, s.who(lttest.OfficerA), s.c, 50)
			if err != nil {
				return err
			}
			last := events[len(events)-1]
			if last.Kind != "paper.files" || !strings.Contains(last.Text, "bỏ tệp “nhầm.pdf”; thêm tệp “thay.pdf”") {
				s.Errorf("the unit reads %s: %q", last.Kind, last.Text)
			}
			outside, err := casefile.History(tx, s.who(lttest.CommuneOfficer), s.c, 50)
			if len(outside) != 0 {
				s.Errorf("the asker reads %d events of a draft", len(outside))
			}
			return err
		})
	})
}

// Files are changed by whose turn it is, while nothing is signed, and only those of the
// paper itself.
func TestWhoChangesFiles(t *testing.T) {
	each(t, func(s *stage) {
		other := s.must(s.draft(lttest.OfficerA, lttest.Department, "Văn bản khác"))
		other = s.must(s.enclose(lttest.OfficerA, other.ID, signoff.Files{Add: []casefile.Document{fileNamed("của văn bản khác.pdf")}}, 0))
		_, foreign := s.files(other.ID)
		one := signoff.Files{Add: []casefile.Document{fileNamed("a.pdf")}, Remove: []string{foreign["của văn bản khác.pdf"]}}
		p := s.bring(signoff.Reviewing)
		_, err := s.enclose(lttest.OfficerA, p.ID, one, 0)
		s.want("by the drafter after he submitted", err, fault.Denied)
		s.must(s.enclose(lttest.HeadA, p.ID, one, 0))
		if names, _ := s.files(other.ID); len(names) != 1 {
			s.Errorf("another paper lost its file: %q", names)
		}
		_, err = s.enclose(lttest.CommuneLeader, p.ID, one, 0)
		s.want("by another unit", err, fault.NotFound)
		p = s.bring(signoff.Releasing)
		_, err = s.enclose(lttest.Clerk, p.ID, one, 0)
		s.want("under a signature", err, fault.Conflict)
		p = s.bring(signoff.Released)
		_, err = s.enclose(lttest.OfficerA, p.ID, one, 0)
		s.want("after the release", err, fault.Conflict)
	})
}
