package casefile_test

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/org"
)

var system = org.System("test")

// scene is an office with a commune's officer "xa", a department's "so" and an outsider "ngoai".
func scene(t *testing.T, d *db.DB) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		if err := crowd.SeedUnits(tx); err != nil {
			return err
		}
		for o, unit := range map[org.OfficerID]org.UnitID{"xa": "24001", "so": "so-a", "so-2": "so-a", "ngoai": "so-c"} {
			if _, err := org.AddOfficer(tx, system, unit, org.Officer{ID: o, Name: "Cán bộ " + string(o)}); err != nil {
				return err
			}
			if _, err := org.AssignPost(tx, system, org.Post{Officer: o, Unit: unit, Role: org.Specialist, Title: "Chuyên viên"}); err != nil {
				return err
			}
		}
		return nil
	})
}

func actor(t *testing.T, tx *db.Tx, id org.OfficerID) org.Actor {
	t.Helper()
	a, err := org.ActorOf(tx, id)
	if err != nil {
		t.Fatal(err)
	}
	return a.As(a.Posts[0])
}

// open makes a case of 24001 led by so-a with one event.
func open(t *testing.T, d *db.DB) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Việc thử", State: "received", Raiser: "24001", Lead: "so-a"})
		if err != nil {
			return err
		}
		id = c.ID
		if err := casefile.Join(tx, id, casefile.Party{Unit: "24001", Function: access.Raiser}, casefile.Party{Unit: "so-a", Function: access.Lead}); err != nil {
			return err
		}
		_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.opened", By: actor(t, tx, "xa"), Text: "Máy quét hỏng", Facts: map[string]string{"field": "y-te"}})
		return err
	})
	return id
}

func history(t *testing.T, d *db.DB, who org.OfficerID, id casefile.ID) (all []casefile.Event) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		all, err = casefile.History(tx, actor(t, tx, who), id, 100)
		return err
	})
	return all
}

// act locks the case as an officer and records an event.
func act(t *testing.T, d *db.DB, id casefile.ID, who org.OfficerID, e casefile.Event) error {
	t.Helper()
	return d.Update(t.Context(), func(tx *db.Tx) error {
		e.By = actor(t, tx, who)
		c, err := casefile.Lock(tx, e.By, id)
		if err != nil {
			return err
		}
		_, err = casefile.Record(tx, c, e)
		return err
	})
}

func TestOpenLockRecord(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		clock.Add(time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Lock(tx, actor(t, tx, "so"), id)
			if err != nil {
				return err
			}
			if c.Version != 1 || c.Code != "TH-0001/2026" {
				t.Errorf("version %d of %s, want 1 of TH-0001/2026", c.Version, c.Code)
			}
			c.State, c.Title = "answered", "Việc thử, đã sửa"
			again, err := casefile.Lock(tx, actor(t, tx, "so"), id)
			if err != nil || again != c {
				t.Errorf("locking again gives another copy (%v): what one changes the other would undo", err)
			}
			_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.answered", By: actor(t, tx, "so"), OccurredAt: tx.Now.Add(-time.Minute), Text: "Đã sửa"})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			c, err := casefile.Get(tx, actor(t, tx, "xa"), id)
			if err != nil || c.Version != 2 || c.State != "answered" || c.Title != "Việc thử, đã sửa" {
				t.Errorf("after the operation: %+v (%v)", c, err)
			}
			return c.Check(2)
		})
		all := history(t, d, "xa", id)
		if len(all) != 2 || all[1].Text != "Đã sửa" || all[1].N != 2 || all[0].Facts["field"] != "y-te" {
			t.Fatalf("history %+v", all)
		}
		if e := all[1]; !e.OccurredAt.Equal(clock.Now().Add(-time.Minute)) || !e.RecordedAt.Equal(clock.Now()) || e.By.Post.Unit != "so-a" {
			t.Errorf("occurred %s, recorded %s, by %+v", e.OccurredAt, e.RecordedAt, e.By.Post)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		if err := act(t, d, id, "so", casefile.Event{Kind: "thu.x", OccurredAt: clock.Now().Add(time.Second)}); !errors.Is(err, fault.Invalid) {
			t.Errorf("an event that happens after it is recorded: %v", err)
		}
		if err := act(t, d, id, "ngoai", casefile.Event{Kind: "thu.x"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("an officer who may not read the case: %v", err)
		}
		if err := act(t, d, "khong-co", "so", casefile.Event{Kind: "thu.x"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a case that does not exist: %v", err)
		}
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			c, err := casefile.Get(tx, system, id)
			if err != nil {
				return err
			}
			_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.x", By: system})
			return err
		})
		if err == nil {
			t.Error("an event on a case that nobody locked")
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			c, err := casefile.Get(tx, system, id)
			if err != nil {
				return err
			}
			if err := c.Check(7); !errors.Is(err, fault.Conflict) {
				t.Errorf("a version that was not shown: %v", err)
			}
			return c.Check(0)
		})
	})
}

// A node whose clock is behind never writes an event, or anything beside it, before the
// case's last one.
func TestTimeOfACaseNeverRunsBackwards(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		last := clock.Now()
		clock.Add(-time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Lock(tx, system, id)
			if err != nil {
				return err
			}
			if tx.Now.Before(last) {
				t.Errorf("under the lock it is %s, the last event was at %s", tx.Now, last)
			}
			_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.x", By: system})
			return err
		})
		if all := history(t, d, "xa", id); all[1].RecordedAt.Before(all[0].RecordedAt) {
			t.Errorf("recorded %s after %s", all[1].RecordedAt, all[0].RecordedAt)
		}
	})
}

func TestAudience(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		for kind, audience := range map[string]string{"thu.unit": "u:so-a", "thu.officer": "o:so-2,xa", "thu.both": "u:24001,o:so"} {
			if err := act(t, d, id, "so", casefile.Event{Kind: kind, Audience: audience, Text: "riêng"}); err != nil {
				t.Fatal(err)
			}
		}
		for who, want := range map[org.OfficerID]map[string]bool{
			"so":   {"thu.opened": true, "thu.unit": true, "thu.both": true},
			"so-2": {"thu.opened": true, "thu.unit": true, "thu.officer": true},
			"xa":   {"thu.opened": true, "thu.officer": true, "thu.both": true},
		} {
			got := map[string]bool{}
			for _, e := range history(t, d, who, id) {
				got[e.Kind] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s hears %v, want %v", who, got, want)
			}
		}
	})
}

func TestDraftFilesStayInTheirUnit(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := casefile.Attach(tx, casefile.Document{Case: id, PaperID: "p1", Name: "dự thảo.docx", Hash: "h1", AddedBy: "so"})
			return err
		})
		count := func(who org.OfficerID) (n int) {
			lttest.View(t, d, func(tx *db.Tx) error {
				all, err := casefile.Documents(tx, actor(t, tx, who), id)
				n = len(all)
				return err
			})
			return n
		}
		if so, xa := count("so-2"), count("xa"); so != 1 || xa != 0 {
			t.Errorf("a colleague sees %d draft files, the commune %d; want 1 and 0", so, xa)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return casefile.Release(tx, "p1", 1) })
		if xa := count("xa"); xa != 1 {
			t.Errorf("after the release the commune sees %d files, want 1", xa)
		}
	})
}

// A file goes no further than the event it came with, whether it came at once or with
// the release of its paper, and neither list nor download says more than the other.
func TestFilesObeyTheirEvent(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		for _, e := range []casefile.Event{{Kind: "thu.unit", Audience: "u:so-a"}, {Kind: "thu.officer", Audience: "o:xa"}} {
			if err := act(t, d, id, "so", e); err != nil {
				t.Fatal(err)
			}
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			for _, f := range []casefile.Document{
				{Name: "gửi các bên", EventN: 1}, {Name: "trong đơn vị", EventN: 2}, {Name: "cho một người", EventN: 3}, {Name: "sự việc chưa có", EventN: 9},
				{Name: "phát hành trong đơn vị", PaperID: "p2"}, {Name: "không thuộc đâu"},
			} {
				f.Case, f.Hash, f.AddedBy = id, "h", "so"
				if _, err := casefile.Attach(tx, f); err != nil {
					return err
				}
			}
			return casefile.Release(tx, "p2", 2)
		})
		for who, want := range map[org.OfficerID]map[string]bool{
			"so-2":  {"gửi các bên": true, "trong đơn vị": true, "sự việc chưa có": true, "phát hành trong đơn vị": true, "không thuộc đâu": true},
			"xa":    {"gửi các bên": true, "cho một người": true},
			"ngoai": {},
		} {
			if got := reads(t, d, who, id); !maps.Equal(got, want) {
				t.Errorf("%s reads %v, want %v", who, got, want)
			}
		}
	})
}

// reads returns the names of the files that an officer is given one by one, and fails
// when the list of the case says otherwise to who may read it.
func reads(t *testing.T, d *db.DB, who org.OfficerID, id casefile.ID) map[string]bool {
	t.Helper()
	got, listed := map[string]bool{}, map[string]bool{}
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := casefile.Documents(tx, system, id)
		if err != nil {
			return err
		}
		for _, f := range all {
			_, err := casefile.GetDocument(tx, actor(t, tx, who), f.ID)
			if err != nil && !errors.Is(err, fault.NotFound) {
				return err
			}
			if err == nil {
				got[f.Name] = true
			}
		}
		if _, err := casefile.Get(tx, actor(t, tx, who), id); err != nil {
			return nil // the list is for who has the case
		}
		all, err = casefile.Documents(tx, actor(t, tx, who), id)
		for _, f := range all {
			listed[f.Name] = true
		}
		return err
	})
	if len(listed) > 0 && !maps.Equal(got, listed) {
		t.Errorf("%s is given %v and shown %v", who, got, listed)
	}
	return got
}

func TestRedactionLeavesTheProof(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		var raw, leaf, salt []byte
		read := func() {
			lttest.View(t, d, func(tx *db.Tx) error {
				return tx.One(`SELECT bytes, leaf, salt FROM event WHERE case_id = $1 AND n = 1`, []any{string(id)}, &raw, &leaf, &salt)
			})
			var err error
			if raw, err = casefile.Unpack(raw); err != nil {
				t.Fatal(err)
			}
		}
		read()
		for text, want := range map[string]bool{"Máy quét hỏng": true, "Máy quét tốt": false} {
			if ok, err := casefile.CheckText(raw, salt, text); ok != want || err != nil {
				t.Errorf("CheckText of %q = %v (%v), want %v", text, ok, err, want)
			}
		}
		redact := func() error {
			return d.Update(t.Context(), func(tx *db.Tx) error {
				c, err := casefile.Lock(tx, system, id)
				if err != nil {
					return err
				}
				return casefile.Redact(tx, system, c, 1, "BB-12 ngày 10/02/2026")
			})
		}
		if err := redact(); err != nil {
			t.Fatal(err)
		}
		before := raw
		read()
		if string(before) != string(raw) || casefile.LeafOf(raw) != audit.Hash(leaf) || salt != nil {
			t.Error("redaction touched what was hashed, or left the salt")
		}
		all := history(t, d, "xa", id)
		if all[0].Text != "" || !all[0].Redacted || all[1].Facts["record"] != "BB-12 ngày 10/02/2026" {
			t.Errorf("history after redaction: %+v", all)
		}
		if err := redact(); !errors.Is(err, fault.Conflict) {
			t.Errorf("redacted twice: %v", err)
		}
	})
}

func TestSeal(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id, other := open(t, d), open(t, d)
		lttest.Update(t, d, func(tx *db.Tx) error {
			for _, f := range []casefile.Document{{Case: id, Hash: "mine"}, {Case: id, Hash: "shared"}, {Case: other, Hash: "shared"}} {
				f.Name, f.EventN, f.AddedBy = "tệp mật danh.pdf", 1, "so"
				if _, err := casefile.Attach(tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		seal := func(second org.OfficerID, record string) (bytes []string, err error) {
			err = d.Update(t.Context(), func(tx *db.Tx) error {
				c, err := casefile.Lock(tx, system, id)
				if err != nil {
					return err
				}
				bytes, err = casefile.Seal(tx, c, casefile.Order{First: actor(t, tx, "so"), Second: actor(t, tx, second), Record: record})
				return err
			})
			return bytes, err
		}
		if _, err := seal("so", "BB-13"); !errors.Is(err, fault.Invalid) {
			t.Errorf("one person seals alone: %v", err)
		}
		if _, err := seal("xa", " "); !errors.Is(err, fault.Invalid) {
			t.Errorf("no record: %v", err)
		}
		bytes, err := seal("xa", "BB-13 ngày 10/02/2026")
		if err != nil || len(bytes) != 1 || bytes[0] != "mine" {
			t.Fatalf("bytes to remove %v (%v), want only those no other case has", bytes, err)
		}
		sealed(t, d, id)
		if err := act(t, d, id, "so", casefile.Event{Kind: "thu.x"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("an operation on a sealed case: %v", err)
		}
		if e := history(t, d, "xa", other)[0]; e.Text == "" {
			t.Error("another case was emptied too")
		}
	})
}

func sealed(t *testing.T, d *db.DB, id casefile.ID) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		c, err := casefile.Get(tx, actor(t, tx, "xa"), id)
		if err != nil || c.Title != "(đã niêm phong)" || c.SealedAt.IsZero() {
			t.Errorf("sealed case %+v (%v)", c, err)
		}
		all, err := casefile.Documents(tx, system, id)
		if err != nil {
			return err
		}
		for _, f := range all {
			if f.Name != "" || !f.Sealed {
				t.Errorf("file %+v", f)
			}
			if _, err := casefile.GetDocument(tx, actor(t, tx, "xa"), f.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("download of a sealed file: %v", err)
			}
		}
		return nil
	})
	all := history(t, d, "xa", id)
	if all[0].Text != "" || !all[0].Redacted || all[len(all)-1].Facts["second"] != "xa" {
		t.Errorf("history of a sealed case: %+v", all)
	}
}

// Many writers at one case: every event links to the one before, none is lost.
func TestOneWriterACase(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		scene(t, d)
		id := open(t, d)
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if err := act(t, d, id, "so", casefile.Event{Kind: "thu.x", Text: "một lần"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		all := history(t, d, "xa", id)
		if len(all) != 17 {
			t.Fatalf("%d events, want 17", len(all))
		}
		for i, e := range all {
			if e.N != int64(i+1) || i > 0 && e.Previous != all[i-1].Leaf {
				t.Fatalf("event %d has number %d and does not follow the one before", i, e.N)
			}
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			c, err := casefile.Get(tx, system, id)
			if err == nil && c.Version != 17 {
				t.Errorf("version %d, want 17", c.Version)
			}
			return err
		})
	})
}

func TestTwoLocksNeverCross(t *testing.T) {
	d, _ := lttest.Postgres(t)
	scene(t, d)
	a, b := open(t, d), open(t, d)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ids := []casefile.ID{a, b}
			if i%2 == 0 {
				ids = []casefile.ID{b, a}
			}
			err := d.Update(context.Background(), func(tx *db.Tx) error {
				all, err := casefile.LockAll(tx, system, ids...)
				if err == nil && (all[0].ID != ids[0] || all[1].ID != ids[1]) {
					t.Error("cases come in another order than asked for")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// golden is an event of format 1 as it was stored; it must decode for ever, and hash to
// the same leaf.
const (
	golden     = `{"format":1,"case":"06e5rtet81o01003bgqae4f1is","n":2,"kind":"thu.answered","officer":"so","name":"Cán bộ so","post":"p-1","title":"Giám đốc","unit":"so-a","capacity":"TM.","occurred_at":"2026-02-10T01:02:00.000Z","recorded_at":"2026-02-10T01:03:00.000Z","audience":"parties","facts":{"number":"12/SA","on":"2026-02-10"},"text_hash":"Xn0cQvFBBn3gp4dy9n0GbDP2pxL9rN1zVHy8dU7Wr5A","previous":"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"}`
	goldenLeaf = "c88346c9604364e668ad4bc8cb97a00ca0c4ad9bed42b07c51d0f4040ea6f32a"
)

func TestFormatOneReadsForEver(t *testing.T) {
	e, err := casefile.Decode([]byte(golden))
	if err != nil {
		t.Fatal(err)
	}
	if e.N != 2 || e.By.Post.Title != "Giám đốc" || e.By.Capacity != org.ForAll || e.Facts["number"] != "12/SA" || !e.Redacted ||
		!e.RecordedAt.Equal(time.Date(2026, 2, 10, 1, 3, 0, 0, time.UTC)) || e.Previous[31] != 0x20 {
		t.Errorf("decoded %+v", e)
	}
	leaf := casefile.LeafOf([]byte(golden))
	if got := hex.EncodeToString(leaf[:]); got != goldenLeaf {
		t.Errorf("leaf %s, want %s", got, goldenLeaf)
	}
	if _, err := casefile.Decode([]byte(`{"format":2}`)); err == nil {
		t.Error("a format that this program does not know is read")
	}
}
