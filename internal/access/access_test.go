package access_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

func actor(id org.OfficerID, posts ...org.Post) org.Actor {
	for i := range posts {
		posts[i].ID, posts[i].Officer = org.PostID(rune('a'+i)), id
	}
	return org.Actor{Officer: id, Posts: posts}
}

func TestMay(t *testing.T) {
	answer := access.Act{Name: "thu.answer", Say: "trả lời việc này", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}},
		{Of: access.Coordinating, Roles: []org.Role{org.Head}, Directed: true},
	}}
	facts := access.Facts{
		Units:    map[access.Function][]org.UnitID{access.Lead: {"so-a"}, access.Coordinating: {"so-b", "so-c"}},
		Officers: []org.OfficerID{"duoc-giao"},
	}
	covering := actor("lam-thay", org.Post{Unit: "so-b", Role: org.Specialist})
	covering.Cover = []org.OfficerID{"duoc-giao"}
	chosen := actor("hai-chuc", org.Post{Unit: "so-a", Role: org.Leader}, org.Post{Unit: "so-a", Role: org.Clerk})
	tests := []struct {
		name string
		who  org.Actor
		want error
	}{
		{"a leader of the lead unit", actor("x", org.Post{Unit: "so-a", Role: org.Leader}), nil},
		{"a clerk of the lead unit", actor("x", org.Post{Unit: "so-a", Role: org.Clerk}), fault.Denied},
		{"a leader of a unit without a function", actor("x", org.Post{Unit: "so-d", Role: org.Leader}), fault.Denied},
		{"a role that counts in another function", actor("x", org.Post{Unit: "so-a", Role: org.Head}), fault.Denied},
		{"a head of the second coordinating unit", actor("x", org.Post{Unit: "so-c", Role: org.Head}), nil},
		{"the officer to whom it was directed", actor("duoc-giao", org.Post{Unit: "so-b", Role: org.Specialist}), nil},
		{"the same officer in a unit where nothing was directed", actor("duoc-giao", org.Post{Unit: "so-a", Role: org.Specialist}), fault.Denied},
		{"who does that officer's work", covering, nil},
		{"the second of two posts allows it", actor("x", org.Post{Unit: "so-d", Role: org.Clerk}, org.Post{Unit: "so-a", Role: org.Leader}), nil},
		{"nobody without a post", org.Actor{Officer: "x"}, fault.Denied},
		{"the post chosen does not allow it, another would", chosen.As(chosen.Posts[1]), fault.Denied},
		{"the program itself", org.System("sweep"), nil},
	}
	for _, tt := range tests {
		if err := access.May(tt.who, answer, facts); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	picked, err := access.Pick(chosen, answer, facts)
	if err != nil || picked.Post.Role != org.Leader {
		t.Errorf("picked post %+v (%v), want the leader's", picked.Post, err)
	}
}

// Whatever an office does, every list, code, file, notice and count gives an officer
// exactly what Get would give him, and Get gives what the reader rows say.
func TestListsGiveWhatGetAllows(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := crowd.New(t, d, clock, 5)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				c.Step(rt)
			}
			who := rapid.SampledFrom(c.Actors()).Draw(rt, "who")
			lttest.View(t, d, func(tx *db.Tx) error {
				may := gettable(rt, tx, c, who)
				sameCodes(rt, tx, c, who, may)
				sameLists(rt, tx, who, may)
				sameFiles(rt, tx, c, who, may)
				sameNotices(rt, tx, who, may)
				return nil
			})
		})
	})
}

func gettable(t *rapid.T, tx *db.Tx, c *crowd.Crowd, who org.Actor) map[casefile.ID]bool {
	may := map[casefile.ID]bool{}
	keys, err := org.Readers(tx, who.Officer)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range c.Cases {
		f, err := casefile.Get(tx, who, id)
		if err != nil && !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		may[id] = err == nil
		if want := readerOf(t, tx, id, keys); may[id] != want {
			t.Fatalf("Get of %s by %s: %v, the reader rows say %v", id, who.Officer, may[id], want)
		}
		if may[id] && f.ID != id {
			t.Fatalf("Get of %s gave %s", id, f.ID)
		}
	}
	return may
}

// readerOf is the rule of reading in plain Go, the slow way.
func readerOf(t *rapid.T, tx *db.Tx, id casefile.ID, keys []string) bool {
	f, err := casefile.Get(tx, org.System("test"), id)
	if err != nil {
		t.Fatal(err)
	}
	parties, err := casefile.Parties(tx, id)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(keys, f.Scope) || slices.ContainsFunc(parties, func(p casefile.Party) bool {
		if p.Officer != "" {
			return slices.Contains(keys, org.OfOfficer(p.Officer))
		}
		return slices.Contains(keys, org.OfUnit(p.Unit))
	})
}

func sameCodes(t *rapid.T, tx *db.Tx, c *crowd.Crowd, who org.Actor, may map[casefile.ID]bool) {
	for i, code := range c.Codes {
		id, err := casefile.ByCode(tx, who, code)
		if (err == nil) != may[c.Cases[i]] || err == nil && id != c.Cases[i] {
			t.Fatalf("code %s gives %q (%v), Get allows %v", code, id, err, may[c.Cases[i]])
		}
	}
}

// sameLists asks as slices' lists do: the cases, and the duties on them, with a count.
func sameLists(t *rapid.T, tx *db.Tx, who org.Actor, may map[casefile.ID]bool) {
	seen := map[casefile.ID]bool{}
	err := tx.All(`SELECT c.id FROM casefile c WHERE c.kind = $1 AND `+access.Visible("c.id", "$2")+` ORDER BY c.id`,
		[]any{crowd.Kind, who.Reader()}, func(r *sql.Rows) error {
			var id casefile.ID
			err := r.Scan(&id)
			seen[id] = true
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for id, ok := range may {
		if seen[id] != ok {
			t.Fatalf("list shows %s: %v, Get allows %v", id, seen[id], ok)
		}
		if ok {
			want++
		}
	}
	var n int
	err = tx.One(`SELECT count(*) FROM duty d WHERE d.rule = $1 AND d.ended_at IS NULL AND `+access.Visible("d.case_id", "$2"),
		[]any{crowd.Rule, who.Reader()}, &n)
	if err != nil || n != want {
		t.Fatalf("count of duties %d (%v), want %d", n, err, want)
	}
}

func sameFiles(t *rapid.T, tx *db.Tx, c *crowd.Crowd, who org.Actor, may map[casefile.ID]bool) {
	for _, id := range c.Cases {
		all, err := casefile.Documents(tx, org.System("test"), id)
		if err != nil {
			t.Fatal(err)
		}
		mine, err := casefile.Documents(tx, who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			_, err := casefile.GetDocument(tx, who, f.ID)
			listed := slices.ContainsFunc(mine, func(m casefile.Document) bool { return m.ID == f.ID })
			if (err == nil) != (listed && may[id]) {
				t.Fatalf("file %s: %v, listed %v on a case that Get allows: %v", f.Audience, err, listed, may[id])
			}
		}
	}
}

func sameNotices(t *rapid.T, tx *db.Tx, who org.Actor, may map[casefile.ID]bool) {
	all, err := notice.Unread(tx, who, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range all {
		if !may[n.Case] {
			t.Fatalf("a notice tells %s of %s", who.Officer, n.Case)
		}
		if slices.ContainsFunc(all[:i], func(m notice.Note) bool { return m.ID == n.ID }) {
			t.Fatalf("notice %s comes twice", n.ID)
		}
	}
	count, err := notice.Count(tx, who, 1000)
	if err != nil || count != len(all) {
		t.Fatalf("badge says %d (%v), the list has %d", count, err, len(all))
	}
	badge, err := notice.Count(tx, who, 3)
	if err != nil || badge != min(3, len(all)) {
		t.Fatalf("badge with a bound of 3 says %d (%v) of %d", badge, err, len(all))
	}
}
