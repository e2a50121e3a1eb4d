package notice_test

import (
	"errors"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

var system = org.System("test")

// people opens a case of so-a and gives an officer the posts in so-a; another, away, has one too.
func people(t *testing.T, d *db.DB, roles ...org.Role) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		if err := crowd.SeedUnits(tx); err != nil {
			return err
		}
		for _, o := range []org.OfficerID{"an", "vang"} {
			if _, err := org.AddOfficer(tx, system, "so-a", org.Officer{ID: o, Name: "Cán bộ thử"}); err != nil {
				return err
			}
		}
		for _, r := range roles {
			if _, err := org.AssignPost(tx, system, org.Post{Officer: "an", Unit: "so-a", Role: r, Title: "Chức danh thử"}); err != nil {
				return err
			}
		}
		if _, err := org.AssignPost(tx, system, org.Post{Officer: "vang", Unit: "so-a", Role: org.Specialist, Title: "Chuyên viên"}); err != nil {
			return err
		}
		c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Việc thử", Lead: "so-a"})
		if err != nil {
			return err
		}
		id = c.ID
		return casefile.Join(tx, id, casefile.Party{Unit: "so-a", Function: access.Lead})
	})
	return id
}

func unread(t *testing.T, d *db.DB, who org.OfficerID) (kinds []string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		a, err := org.ActorOf(tx, who)
		if err != nil {
			return err
		}
		all, err := notice.Unread(tx, a, 10)
		for _, n := range all {
			kinds = append(kinds, n.Kind)
		}
		return err
	})
	return kinds
}

func tell(t *testing.T, d *db.DB, notes ...notice.Note) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error { return notice.Tell(tx, notes...) })
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("notices %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("notices %v, want %v", got, want)
		}
	}
}

func TestUnread(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := people(t, d, org.Clerk, org.Specialist)
		tell(t, d, notice.Note{Case: id, Kind: "one", Unit: "so-a", Role: org.Clerk})
		clock.Add(time.Minute)
		tell(t, d, notice.Note{Case: id, Kind: "two", Unit: "so-a", Role: org.Specialist},
			notice.Note{Case: id, Kind: "not mine", Unit: "so-a", Role: org.Leader},
			notice.Note{Case: id, Kind: "of another unit", Unit: "so-b"})
		clock.Add(time.Minute)
		tell(t, d, notice.Note{Case: id, Kind: "three", Unit: "so-a"})
		clock.Add(time.Minute)
		tell(t, d, notice.Note{Case: id, Kind: "four", Officer: "an"},
			notice.Note{Case: id, Kind: "tomorrow", Officer: "an", NotBefore: clock.Now().Add(24 * time.Hour)})
		same(t, unread(t, d, "an"), "four", "three", "two", "one")
		clock.Add(24 * time.Hour)
		same(t, unread(t, d, "an"), "tomorrow", "four", "three", "two", "one")
	})
}

func TestReminderGoesToWhoDoesTheWork(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := people(t, d, org.Clerk)
		tell(t, d, notice.Note{Case: id, Kind: "directed", Officer: "vang"})
		same(t, unread(t, d, "an"))
		today := workday.Of(clock.Now())
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := org.SetCover(tx, system, org.Cover{Officer: "vang", By: "an", Reason: "nghỉ phép", From: today, To: today})
			return err
		})
		same(t, unread(t, d, "an"), "directed")
		clock.Add(24 * time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error { _, err := org.Turn(tx); return err })
		same(t, unread(t, d, "an"))
	})
}

func TestRead(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := people(t, d, org.Clerk)
		tell(t, d, notice.Note{Case: id, Kind: "for clerks", Unit: "so-a", Role: org.Clerk})
		var key string
		read := func(who org.OfficerID) error {
			return d.Update(t.Context(), func(tx *db.Tx) error {
				a, err := org.ActorOf(tx, who)
				if err != nil {
					return err
				}
				return notice.Read(tx, a, key)
			})
		}
		lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT id FROM notice`, nil, &key) })
		if err := read("vang"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a specialist reads the clerks' notice: %v", err)
		}
		same(t, unread(t, d, "an"), "for clerks")
		for range 2 {
			if err := read("an"); err != nil {
				t.Error(err)
			}
		}
		same(t, unread(t, d, "an"))
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := notice.Tell(tx, notice.Note{Case: id, Kind: "out of sight", Officer: "an"}); err != nil {
				return err
			}
			return casefile.Leave(tx, id, casefile.Party{Unit: "so-a", Function: access.Lead})
		})
		same(t, unread(t, d, "an"))
	})
}

// What is told to a unit is read by each for himself; what is told to one officer once.
// It is news for a time, and the marks go with it.
func TestReadForOneself(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := people(t, d, org.Specialist, org.Clerk)
		tell(t, d, notice.Note{Case: id, Kind: "for all", Unit: "so-a"}, notice.Note{Case: id, Kind: "mine", Officer: "an"})
		open := func(who org.OfficerID) {
			lttest.Update(t, d, func(tx *db.Tx) error {
				a, err := org.ActorOf(tx, who)
				if err != nil {
					return err
				}
				waits, err := notice.OfCase(tx, a, id)
				if err != nil || !waits {
					t.Errorf("nothing waits for %s (%v)", who, err)
				}
				if err := notice.ReadCase(tx, a, id); err != nil {
					return err
				}
				if n, err := notice.Count(tx, a, 99); n != 0 || err != nil {
					t.Errorf("%d left for %s (%v)", n, who, err)
				}
				return nil
			})
		}
		open("an")
		same(t, unread(t, d, "an"))
		same(t, unread(t, d, "vang"), "for all")
		open("vang")
		same(t, unread(t, d, "vang"))
		tell(t, d, notice.Note{Case: id, Kind: "later", Unit: "so-a"})
		same(t, unread(t, d, "an"), "later")
		clock.Add(91 * 24 * time.Hour)
		same(t, unread(t, d, "an"))
		tell(t, d, notice.Note{Case: id, Kind: "again", Unit: "so-a"})
		open("an")
		marks := 0
		lttest.View(t, d, func(tx *db.Tx) error {
			return tx.One(`SELECT count(*) FROM notice_read WHERE officer = 'an'`, nil, &marks)
		})
		if marks != 1 {
			t.Errorf("%d marks are kept, want that of the newest", marks)
		}
	})
}
