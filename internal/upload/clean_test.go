package upload

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
)

// aged sets the time of every kept file back by some days.
func aged(t *testing.T, dir string, days int) {
	t.Helper()
	when := time.Now().AddDate(0, 0, -days)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return os.Chtimes(path, when, when)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keepFor(t *testing.T, d *db.DB, days string) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ('upload.keep_days', $1, 'thử', $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, days, tx.Now)
		return err
	})
}

// What no row names goes once it is older than any backup; what a case, a waiting upload
// or a job has stays, and so does what is young.
func TestCleaner(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Office(t, d)
		dir := t.TempDir()
		files, err := blob.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		put := func(body string) blob.Hash {
			h, _, err := files.Put(strings.NewReader(body), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		waitingFiles(t, d, files) // four bytes of files, two of them of waiting uploads too
		ahead, read, done, nobody := put("gửi trước"), put("tệp nhập"), put("đã nhập xong"), put("không ai nêu")
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO upload (id, officer, name, media_type, size, hash, scan, at) VALUES ('up', 'x', 'x', 'x', 1, $1, $2, $3)`, string(ahead), Clean, tx.Now); err != nil {
				return err
			}
			if _, err := job.Start(tx, "nhập", `{"File":"`+string(read)+`"}`, ""); err != nil {
				return err
			}
			id, err := job.Start(tx, "nhập", `{"File":"`+string(done)+`"}`, "")
			if err != nil {
				return err
			}
			return job.Cancel(tx, id)
		})
		c := &Cleaner{DB: d, Files: files, Node: "thu"}
		round := func(when string, want int) {
			t.Helper()
			if n, err := c.Round(context.Background()); n != want || err != nil {
				t.Errorf("%s: %d files went (%v), want %d", when, n, err, want)
			}
		}
		round("new", 0)
		aged(t, dir, 90)
		round("within the days that nobody set", 0)
		keepFor(t, d, "3")
		if n, err := c.Round(context.Background()); n != 0 || err == nil {
			t.Errorf("days too few: %d files went, %v", n, err)
		}
		keepFor(t, d, "60")
		put("không ai nêu") // sent again
		other := &Cleaner{DB: d, Files: files, Node: "máy khác"}
		won, err := d.Lease(context.Background(), "clean files", "máy thứ ba", time.Minute)
		if err != nil || !won {
			t.Fatal(won, err)
		}
		if n, err := other.Round(context.Background()); n != 0 || err != nil {
			t.Errorf("beside another node: %d, %v", n, err)
		}
		if err := d.Release(context.Background(), "clean files", "máy thứ ba"); err != nil {
			t.Fatal(err)
		}
		round("one is young again", 1)
		aged(t, dir, 90)
		round("all old", 1)
		for name, h := range map[string]blob.Hash{"an upload's": ahead, "a job's": read, "a document's": put("sạch")} {
			if err := files.Check(h); err != nil {
				t.Errorf("%s file: %v", name, err)
			}
		}
		for _, h := range []blob.Hash{done, nobody} {
			if files.Check(h) == nil {
				t.Errorf("%.8s is still here", h)
			}
		}
	})
}
