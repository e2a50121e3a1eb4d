package upload

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/setting"
)

func reserve(d *db.DB, officer org.OfficerID, size int64) (id string, err error) {
	err = d.Update(context.Background(), func(tx *db.Tx) (err error) {
		id, err = Reserve(tx, officer, "a.pdf", "application/pdf", size)
		return err
	})
	return id, err
}

func quota(t *testing.T, d *db.DB, pairs ...string) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := setting.Set(tx, "cli:thu", pairs[i], pairs[i+1], "thử"); err != nil {
				return err
			}
		}
		return nil
	})
}

func refusedFor(t *testing.T, err error, word string) {
	t.Helper()
	r, ok := fault.Sentence(err)
	if !ok || !errors.Is(err, fault.TooLarge) || r.Field != Field || !strings.Contains(r.Say, word) {
		t.Errorf("refused with %v, want %q at the field of files", err, word)
	}
}

// One officer fills no disk: neither with what no act takes, nor in a day.
func TestQuota(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		quota(t, d, "upload.max_waiting", "1000", "upload.max_day", "2500")
		first, err := reserve(d, "an", 600)
		if err != nil {
			t.Fatal(err)
		}
		_, err = reserve(d, "an", 600)
		refusedFor(t, err, "chưa gắn vào việc nào")
		if _, err := reserve(d, "binh", 600); err != nil {
			t.Errorf("another officer: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return Used(tx, "binh", []string{first}) }) // not his
		_, err = reserve(d, "an", 600)
		refusedFor(t, err, "chưa gắn vào việc nào")
		for range 3 { // what an act took counts no more, until the day is full
			lttest.Update(t, d, func(tx *db.Tx) error { return Used(tx, "an", []string{first}) })
			if first, err = reserve(d, "an", 600); err != nil {
				t.Fatal(err)
			}
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return Used(tx, "an", []string{first}) })
		_, err = reserve(d, "an", 600)
		refusedFor(t, err, "một ngày")
		clock.Add(24 * time.Hour)
		if _, err := reserve(d, "an", 600); err != nil {
			t.Errorf("on the next day: %v", err)
		}
	})
}

// Many files at once do not pass together where one alone would be refused.
func TestQuotaAtOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		quota(t, d, "upload.max_waiting", "1000")
		var all sync.WaitGroup
		var mu sync.Mutex
		passed := 0
		for range 12 {
			all.Go(func() {
				if _, err := reserve(d, "an", 300); err == nil {
					mu.Lock()
					passed++
					mu.Unlock()
				} else if !errors.Is(err, fault.TooLarge) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if passed != 3 {
			t.Errorf("%d files of 300 bytes passed a bound of 1000", passed)
		}
	})
}

// A file waits for its sender alone, survives its form being sent twice, is given to a
// program's act once, and is swept after the setting.
func TestWaiting(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id, err := reserve(d, "an", 10)
		if err != nil {
			t.Fatal(err)
		}
		kept := func(officer org.OfficerID) error {
			return d.Update(context.Background(), func(tx *db.Tx) error { _, err := Kept(tx, officer, id); return err })
		}
		take := func(officer org.OfficerID) error {
			return d.Update(context.Background(), func(tx *db.Tx) error { _, err := Take(tx, officer, id); return err })
		}
		if err := kept("an"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a file whose bytes are not here yet: %v", err)
		}
		fill := func() error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				return Fill(tx, File{ID: id, Hash: fmt.Sprintf("%064d", 1), Size: 10, Scan: Clean})
			})
		}
		if err := errors.Join(fill(), kept("an")); err != nil {
			t.Fatal(err)
		}
		if fill() == nil {
			t.Error("a file is filled twice")
		}
		if !errors.Is(kept("binh"), fault.NotFound) || take("binh") == nil {
			t.Error("another's file is given away")
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return Used(tx, "an", []string{id}) })
		if err := kept("an"); err != nil {
			t.Errorf("the same form sent twice: %v", err)
		}
		if take("an") == nil {
			t.Error("a file that an act of a page took is given to another act")
		}
		clock.Add(23 * time.Hour)
		if err := kept("an"); err != nil { // waits anew
			t.Fatal(err)
		}
		clock.Add(23 * time.Hour)
		if err := kept("an"); err != nil {
			t.Errorf("after the form was sent once more: %v", err)
		}
		clock.Add(25 * time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			rules, err := Load(tx)
			if err != nil {
				return err
			}
			return Sweep(tx, rules)
		})
		if err := kept("an"); !errors.Is(err, fault.NotFound) {
			t.Errorf("after the sweep: %v", err)
		}
	})
}
