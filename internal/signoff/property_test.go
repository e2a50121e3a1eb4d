package signoff_test

import (
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// holds is the truth about capacities in the test office, written down by hand.
var holds = map[org.OfficerID]org.Capacity{lttest.Leader: org.Own, lttest.Deputy: org.ForHead}

// Whatever anybody tries in whatever order, a paper is released at most once, under the
// signature of somebody whose capacity held, under the text that was signed; and until
// then it waits for somebody.
func TestReleasedOnceAfterASignatureThatHolds(t *testing.T) {
	d, _ := lttest.SQLite(t)
	lttest.Office(t, d)
	s := &stage{TB: t, db: d, desk: desk(t)}
	people := []org.OfficerID{lttest.Leader, lttest.Deputy, lttest.Clerk, lttest.HeadA, lttest.HeadB, lttest.OfficerA, lttest.OfficerA2}
	actors := map[org.OfficerID]org.Actor{}
	for _, o := range people {
		actors[o] = s.who(o)
	}
	rapid.Check(t, func(r *rapid.T) {
		s.c = s.open(lttest.Field)
		p := s.must(s.draft(lttest.OfficerA, lttest.Department, "Nội dung"))
		for range rapid.IntRange(5, 25).Draw(r, "acts") {
			// half of the time somebody does what is his turn, else anybody anything
			by := rapid.SampledFrom(people).Draw(r, "by")
			act := rapid.SampledFrom([]string{"submit", "review", "sign", "release", "back", "recall", "revise"}).Draw(r, "act")
			if rapid.Bool().Draw(r, "in turn") {
				turn := map[signoff.State]struct {
					by  org.OfficerID
					act string
				}{
					signoff.Drafting: {lttest.OfficerA, "submit"}, signoff.Reviewing: {lttest.HeadA, "review"},
					signoff.Signing: {by, "sign"}, signoff.Releasing: {lttest.Clerk, "release"},
				}[p.State]
				if turn.act != "" {
					by, act = turn.by, turn.act
				}
			}
			capacity := rapid.SampledFrom([]org.Capacity{org.Own, org.ForHead, org.ForAll, org.ByOrder, org.Delegated, org.Acting}).Draw(r, "capacity")
			if next, err := try(s, actors[by], p, act, capacity); err == nil {
				p = next
			}
			check(r, s, p)
		}
	})
}

func try(s *stage, who org.Actor, p *signoff.Paper, act string, c org.Capacity) (*signoff.Paper, error) {
	step := signoff.Step{Comment: "Lý do"}
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		switch act {
		case "submit":
			return s.desk.Submit(tx, who, p.ID, step)
		case "review":
			return s.desk.Review(tx, who, p.ID, step, nil)
		case "sign":
			return s.desk.Sign(tx, who, p.ID, signoff.Signature{Capacity: c})
		case "release":
			return s.desk.Release(tx, who, p.ID, signoff.Issue{Capacity: c})
		case "back":
			return s.desk.SendBack(tx, who, p.ID, step)
		case "recall":
			return s.desk.Recall(tx, who, p.ID, step)
		}
		return s.desk.Revise(tx, who, p.ID, signoff.Edit{Title: p.Title, Body: "Sửa " + p.MovedAt.String() + string(who.Officer)})
	})
}

func check(r *rapid.T, s *stage, p *signoff.Paper) {
	err := s.db.View(s.Context(), func(tx *db.Tx) error {
		stored, err := signoff.Get(tx, org.System("test"), p.ID)
		if err != nil {
			return err
		}
		if stored.State != p.State || stored.Version != p.Version || stored.Waiting != p.Waiting {
			r.Fatalf("a refused act left something: %+v, was %+v", stored, p)
		}
		events, err := casefile.History(tx, org.System("test"), s.c, 100)
		if err != nil {
			return err
		}
		releases := 0
		for _, e := range events {
			if e.Kind == "test.released" {
				releases++
			}
		}
		if want := map[bool]int{true: 1}[p.State == signoff.Released]; releases != want {
			r.Fatalf("%d releases of a paper that is %s", releases, p.State)
		}
		if c, ok := holds[p.Signer]; p.State == signoff.Released && (!ok || c != p.Capacity || !p.Signed()) {
			r.Fatalf("released under %q as %q, version %d of %d", p.Signer, p.Capacity, p.SignedVersion, p.Version)
		}
		if (p.Waiting == "") != (p.State == signoff.Released) {
			r.Fatalf("%s waits for %q", p.State, p.Waiting)
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}
