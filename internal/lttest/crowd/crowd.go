// Package crowd gives property tests an office that moves at random: posts, covers, cases,
// parties, files and notices. Every list that a test compares with Get starts from here.
//
// It stands apart from lttest so that packages below duty can use lttest.
package crowd

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Crowd is an invented office whose people, posts, covers, cases, parties, files and
// notices a property test moves at random. Every list that a test compares with Get
// starts from here.
type Crowd struct {
	Units    []org.UnitID
	Sections []org.UnitID
	Officers []org.OfficerID
	Cases    []casefile.ID
	Codes    []string // of cases, to look for them by
	Posts    []org.Post

	clock *lttest.Clock
	db    *db.DB
	t     testing.TB
}

// The kind of a crowd's cases and the rule of their duties.
const (
	Kind = "thu"
	Rule = "thu.lam"
)

// crowdUnits are a province with departments, a vertical body and two communes.
var crowdUnits = []org.Unit{
	{ID: "tinh", Name: "Ủy ban nhân dân tỉnh thử", Kind: org.KindCommittee, Level: org.LevelProvince},
	{ID: "so-a", Parent: "tinh", Name: "Sở A", Kind: "so"},
	{ID: "so-b", Parent: "tinh", Name: "Sở B", Kind: "so"},
	{ID: "so-c", Parent: "tinh", Name: "Sở C", Kind: "so"},
	{ID: "cong-an", Parent: "tinh", Name: "Công an tỉnh thử", Kind: org.KindVertical},
	{ID: "24001", Parent: "tinh", Name: "Ủy ban nhân dân xã Một", Kind: org.KindCommittee, Level: org.LevelCommune},
	{ID: "24002", Parent: "tinh", Name: "Ủy ban nhân dân xã Hai", Kind: org.KindCommittee, Level: org.LevelCommune},
}

// SeedUnits puts the calendar and a small invented province into a store: tinh, so-a,
// so-b (with the section so-b/p1), so-c, the vertical body cong-an, communes 24001, 24002.
func SeedUnits(tx *db.Tx) error {
	if err := duty.SeedCalendar(tx); err != nil {
		return err
	}
	for _, u := range crowdUnits {
		u.Invented, u.Since = true, workday.MustDate("2025-07-01")
		if err := org.AddUnit(tx, org.System("test"), u); err != nil {
			return err
		}
	}
	_, err := org.AddSection(tx, org.System("test"), "so-b", "p1", "Phòng Một")
	return err
}

// New puts the invented province and n officers without posts into the store.
func New(t testing.TB, d *db.DB, clock *lttest.Clock, n int) *Crowd {
	t.Helper()
	c := &Crowd{t: t, db: d, clock: clock, Sections: []org.UnitID{"so-b/p1"}}
	for _, u := range crowdUnits {
		c.Units = append(c.Units, u.ID)
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		if err := SeedUnits(tx); err != nil {
			return err
		}
		c.Officers = nil
		for i := range n {
			id, err := org.AddOfficer(tx, org.System("test"), "tinh", org.Officer{ID: org.OfficerID(fmt.Sprintf("can-bo-%d", i)), Name: "Cán bộ thử", Invented: true})
			if err != nil {
				return err
			}
			c.Officers = append(c.Officers, id)
		}
		return nil
	})
	return c
}

// Step lets one random thing happen in the office. What the office refuses did not
// happen; that is part of the game.
func (c *Crowd) Step(rt *rapid.T) {
	steps := []func(rt *rapid.T, tx *db.Tx) error{
		c.open, c.open, c.post, c.post, c.endPost, c.cover, c.join, c.join, c.leave, c.tell, c.tell, c.file, c.oversee, c.scope,
	}
	i := rapid.IntRange(0, len(steps)).Draw(rt, "step")
	if i == len(steps) {
		c.clock.Add(time.Duration(rapid.IntRange(1, 80).Draw(rt, "hours")) * time.Hour)
		lttest.Update(c.t, c.db, func(tx *db.Tx) error { _, err := org.Turn(tx); return err })
		return
	}
	_ = c.db.Update(c.t.Context(), func(tx *db.Tx) error { return steps[i](rt, tx) })
}

// Any unit of the crowd.
func (c *Crowd) unit(rt *rapid.T) org.UnitID { return rapid.SampledFrom(c.Units).Draw(rt, "unit") }

// Any officer of the crowd.
func (c *Crowd) officer(rt *rapid.T) org.OfficerID {
	return rapid.SampledFrom(c.Officers).Draw(rt, "officer")
}

// A case of the crowd, sometimes one that is not there: refusals are a part of the play.
func (c *Crowd) aCase(rt *rapid.T, tx *db.Tx) (*casefile.Case, error) {
	return casefile.Lock(tx, org.System("test"), rapid.SampledFrom(append([]casefile.ID{"none"}, c.Cases...)).Draw(rt, "case"))
}

// Opens a case between two units, which may be one.
func (c *Crowd) open(rt *rapid.T, tx *db.Tx) error {
	lead, raiser := c.unit(rt), c.unit(rt)
	f, err := casefile.Open(tx, casefile.New{Kind: Kind, Prefix: "TH", Title: "Việc thử", State: "open", Lead: lead, Raiser: raiser})
	if err != nil {
		return err
	}
	if err := casefile.Join(tx, f.ID, casefile.Party{Unit: lead, Function: access.Lead}, casefile.Party{Unit: raiser, Function: access.Raiser}); err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: f.ID, Rule: Rule, Owner: lead, Round: 1}, Counterpart: raiser,
		Limits: []duty.Limit{{Clause: "THU/D1", Basis: "thử", Text: "7wd"}}})
	if err != nil {
		return err
	}
	_, err = casefile.Record(tx, f, casefile.Event{Kind: "thu.opened", By: org.System("test"), Text: "nội dung"})
	tx.Done(func() { c.Cases, c.Codes = append(c.Cases, f.ID), append(c.Codes, f.Code) })
	return err
}

// Gives a post of any role, sometimes for a few days: rights that end by themselves are where mistakes
// hide.
func (c *Crowd) post(rt *rapid.T, tx *db.Tx) error {
	p := org.Post{Officer: c.officer(rt), Unit: c.unit(rt), Title: "Chức danh thử",
		Role: rapid.SampledFrom([]org.Role{org.Leader, org.Specialist, org.Clerk, org.Desk, org.Admin}).Draw(rt, "role")}
	p.Deputy = p.Role == org.Leader && rapid.Bool().Draw(rt, "deputy")
	if p.Unit == "so-b" && p.Role == org.Specialist {
		p.Section = "so-b/p1"
	}
	if rapid.Bool().Draw(rt, "for a time") {
		p.Until = workday.Of(tx.Now).AddDays(rapid.IntRange(1, 5).Draw(rt, "days"))
	}
	id, err := org.AssignPost(tx, org.System("test"), p)
	p.ID = id
	tx.Done(func() { c.Posts = append(c.Posts, p) })
	return err
}

// Ends a post.
func (c *Crowd) endPost(rt *rapid.T, tx *db.Tx) error {
	if len(c.Posts) == 0 {
		return nil
	}
	p := rapid.SampledFrom(c.Posts).Draw(rt, "post")
	return org.EndPost(tx, org.System("test"), p.Unit, p.ID, workday.Of(tx.Now))
}

// Somebody stands in for somebody, perhaps for himself, which is refused.
func (c *Crowd) cover(rt *rapid.T, tx *db.Tx) error {
	today := workday.Of(tx.Now)
	_, err := org.SetCover(tx, org.System("test"), org.Cover{Officer: c.officer(rt), By: c.officer(rt), Reason: "nghỉ phép",
		From: today, To: today.AddDays(rapid.IntRange(0, 4).Draw(rt, "days"))})
	return err
}

// A party: a unit, a section or one officer.
func (c *Crowd) party(rt *rapid.T) casefile.Party {
	p := casefile.Party{Function: rapid.SampledFrom([]access.Function{access.Lead, access.Coordinating, access.Told}).Draw(rt, "function")}
	if rapid.Bool().Draw(rt, "one officer") {
		p.Officer = c.officer(rt)
	} else {
		p.Unit = rapid.SampledFrom(append(c.Sections, c.Units...)).Draw(rt, "unit")
	}
	return p
}

// Somebody joins a case.
func (c *Crowd) join(rt *rapid.T, tx *db.Tx) error {
	f, err := c.aCase(rt, tx)
	if err != nil {
		return err
	}
	return casefile.Join(tx, f.ID, c.party(rt))
}

// Somebody leaves a case.
func (c *Crowd) leave(rt *rapid.T, tx *db.Tx) error {
	f, err := c.aCase(rt, tx)
	if err != nil {
		return err
	}
	all, err := casefile.Parties(tx, f.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	return casefile.Leave(tx, f.ID, rapid.SampledFrom(all).Draw(rt, "party"))
}

// Somebody is told of a case.
func (c *Crowd) tell(rt *rapid.T, tx *db.Tx) error {
	f, err := c.aCase(rt, tx)
	if err != nil {
		return err
	}
	n := notice.Note{Case: f.ID, Kind: "thu.told"}
	if rapid.Bool().Draw(rt, "to one") {
		n.Officer = c.officer(rt)
	} else {
		n.Unit, n.Role = c.unit(rt), rapid.SampledFrom([]org.Role{"", org.Leader, org.Clerk}).Draw(rt, "role")
	}
	return notice.Tell(tx, n)
}

// A file comes to a case, sometimes only to a draft.
func (c *Crowd) file(rt *rapid.T, tx *db.Tx) error {
	f, err := c.aCase(rt, tx)
	if err != nil {
		return err
	}
	d := casefile.Document{Case: f.ID, Name: "tệp.pdf", MediaType: "application/pdf", Hash: tx.NewID(), Scan: "clean", AddedBy: c.officer(rt), EventN: 1}
	if rapid.Bool().Draw(rt, "draft") {
		d.EventN, d.PaperID = 0, "giay"
	}
	_, err = casefile.Attach(tx, d)
	return err
}

// A unit begins or ends to oversee a kind of case.
func (c *Crowd) oversee(rt *rapid.T, tx *db.Tx) error {
	return org.Oversee(tx, org.System("test"), c.unit(rt), Kind, rapid.Bool().Draw(rt, "on"))
}

// scope releases a draft case to those who oversee its kind.
func (c *Crowd) scope(rt *rapid.T, tx *db.Tx) error {
	f, err := c.aCase(rt, tx)
	if err == nil {
		f.Scope = org.OfKind(Kind)
	}
	return err
}

// Actors returns the officers as they are now.
func (c *Crowd) Actors() (all []org.Actor) {
	lttest.View(c.t, c.db, func(tx *db.Tx) error {
		all = nil
		for _, o := range c.Officers {
			a, err := org.ActorOf(tx, o)
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	return all
}
