package petition_test

import (
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// filesOf counts the files of a case that an officer reads.
func filesOf(t *testing.T, d *db.DB, who org.Actor, id casefile.ID) (n int) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := casefile.Documents(tx, who, id)
		for _, f := range all {
			if _, err := casefile.GetDocument(tx, who, f.ID); err != nil {
				t.Errorf("a file of the list is not given out: %v", err)
			}
		}
		n = len(all)
		return err
	})
	return n
}

// A file of a drafted answer stays in the department until the paper is released, and
// reaches the commune with it.
func TestFilesOfAnAnswerComeWithIt(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		desk, err := signoff.NewDesk(petition.Papers()...)
		if err != nil {
			t.Fatal(err)
		}
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		var paper *signoff.Paper
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			paper, err = petition.DraftAnswer(tx, desk, o.Leader, p.ID, petition.Reply{Text: "Đã xử lý.", Outcome: petition.Resolved,
				Files: []casefile.Document{{Name: "mẫu.docx", MediaType: "application/msword", Hash: "h1", Scan: "clean"}}})
			return err
		})
		if own, asker := filesOf(t, d, o.Leader, p.ID), filesOf(t, d, o.Commune, p.ID); own != 1 || asker != 0 {
			t.Errorf("before the release the department reads %d files and the commune %d, want 1 and 0", own, asker)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := desk.Release(tx, o.Leader, paper.ID, signoff.Issue{})
			return err
		})
		if n := filesOf(t, d, o.Commune, p.ID); n != 1 {
			t.Errorf("after the release the commune reads %d files, want 1", n)
		}
	})
}

// Who drafts for the department and holds a post in the commune too shows the commune
// nothing of it: a draft's files are of the unit that writes it, not of its sender's.
func TestDraftedFilesStayInOneUnit(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		desk, err := signoff.NewDesk(petition.Papers()...)
		if err != nil {
			t.Fatal(err)
		}
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, org.System("test"), org.Post{Officer: o.Leader.Officer, Unit: o.Commune.Posts[0].Unit, Role: org.Specialist, Title: "Chuyên viên"})
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			both, err := org.ActorOf(tx, o.Leader.Officer)
			if err != nil {
				return err
			}
			if len(both.Posts) < 2 {
				t.Fatalf("%d posts, want two", len(both.Posts))
			}
			both.Post = o.Leader.Post
			_, err = petition.DraftAnswer(tx, desk, both, p.ID, petition.Reply{Text: "Đã xử lý.", Outcome: petition.Resolved,
				Files: []casefile.Document{{Name: "mẫu.docx", MediaType: "application/msword", Hash: "h1", Scan: "clean"}}})
			return err
		})
		if own, asker := filesOf(t, d, o.Leader, p.ID), filesOf(t, d, o.Commune, p.ID); own != 1 || asker != 0 {
			t.Errorf("the department reads %d drafted files and the commune %d, want 1 and 0", own, asker)
		}
	})
}
