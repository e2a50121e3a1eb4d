package upload

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"testing"

	"lienthong/internal/access"
	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/setting"
)

// waitingFiles puts files on a case of the test office while no scanner answers, and one
// that waits for its act.
func waitingFiles(t *testing.T, d *db.DB, files *blob.Store) (id casefile.ID) {
	t.Helper()
	put := func(body string) string {
		h, _, err := files.Put(strings.NewReader(body), 10<<20)
		if err != nil {
			t.Fatal(err)
		}
		return string(h)
	}
	all := []casefile.Document{
		{Name: "sạch", Hash: put("sạch"), Scan: Waiting}, {Name: "độc", Hash: put("EICAR-STANDARD-ANTIVIRUS-TEST-FILE"), Scan: Waiting},
		{Name: "độc, đã qua", Hash: put("EICAR-STANDARD-ANTIVIRUS-TEST-FILE"), Scan: Unscanned}, {Name: "dài", Hash: put(strings.Repeat("x", 3<<20)), Scan: Waiting},
		{Name: "đã quét", Hash: put("đã quét"), Scan: Clean},
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Thử", State: "mở", Scope: "k:thu", Lead: lttest.Department, Raiser: lttest.Commune})
		if err != nil {
			return err
		}
		id = c.ID
		if err := casefile.Join(tx, id, casefile.Party{Unit: lttest.Department, Function: access.Lead}); err != nil {
			return err
		}
		n, err := casefile.Record(tx, c, casefile.Event{Kind: "thu.opened", By: org.System("test")})
		if err != nil {
			return err
		}
		for _, f := range all {
			f.Case, f.EventN, f.AddedBy = id, n, lttest.OfficerA
			if _, err := casefile.Attach(tx, f); err != nil {
				return err
			}
		}
		for i, f := range all[:2] {
			if _, err := tx.Exec(`INSERT INTO upload (id, officer, name, media_type, size, hash, scan, at) VALUES ($1, 'x', 'x', 'x', 1, $2, $3, $4)`,
				fmt.Sprint(i), f.Hash, f.Scan, tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

func states(t *testing.T, d *db.DB, query string) map[string]string {
	t.Helper()
	all := map[string]string{}
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.All(query, nil, func(r *sql.Rows) error {
			var name, scan string
			err := r.Scan(&name, &scan)
			all[name] = scan
			return err
		})
	})
	return all
}

func setClamd(t *testing.T, d *db.DB, socket string) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ('upload.clamd', $1, 'thử', $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, socket, tx.Now)
		return err
	})
}

// A file that waits is asked about again when the scanner is back: what is clean goes
// out, what is not never does, and the case says so.
func TestScannedAgain(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Office(t, d)
		files, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		id := waitingFiles(t, d, files)
		a := &Again{DB: d, Files: files, Node: "thu"}
		setClamd(t, d, "unix:/nonexistent/clamd")
		if n, err := a.Round(context.Background()); n != 0 || err == nil {
			t.Errorf("a scanner that is away answered for %d files (%v)", n, err)
		}
		setClamd(t, d, clamd(t, 1<<20))
		if n, err := a.Round(context.Background()); n != 2 || err == nil {
			t.Errorf("answers for %d files (%v), want 2 and a complaint about the one too long", n, err)
		}
		want := map[string]string{"sạch": Clean, "độc": Infected, "độc, đã qua": Infected, "dài": Waiting, "đã quét": Clean}
		if got := states(t, d, `SELECT name, scan FROM document`); !maps.Equal(got, want) {
			t.Errorf("files %v, want %v", got, want)
		}
		if got := states(t, d, `SELECT id, scan FROM upload`); !maps.Equal(got, map[string]string{"0": Clean}) {
			t.Errorf("files that wait for their act: %v, want only the clean one", got)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, lttest.OfficerA)
			if err != nil {
				return err
			}
			all, err := casefile.History(tx, who, id, 10)
			said := 0
			for _, e := range all {
				if e.Kind == "case.infected" && e.Facts["found"] == "Eicar-Signature" && casefile.Events[e.Kind] != "" {
					said++
				}
			}
			if said != 2 {
				t.Errorf("the case says %d times that a file is not clean, want 2", said)
			}
			return err
		})
		setClamd(t, d, "") // the office gives its scanner up: nothing waits for it any more
		if n, err := a.Round(context.Background()); n != 1 || err != nil {
			t.Errorf("without a scanner %d files (%v), want 1", n, err)
		}
		if got := states(t, d, `SELECT name, scan FROM document`)["dài"]; got != Unscanned {
			t.Errorf("without a scanner the file is %q", got)
		}
	})
}

// Of two nodes one asks.
func TestOneNodeScansAgain(t *testing.T) {
	d, _ := lttest.SQLite(t)
	lttest.Office(t, d)
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	waitingFiles(t, d, files)
	setClamd(t, d, clamd(t, 1<<20))
	if won, err := d.Lease(context.Background(), "scan again", "nút khác", setting.Shipped("upload.ask_lease")); !won || err != nil {
		t.Fatal(won, err)
	}
	a := &Again{DB: d, Files: files, Node: "thu"}
	if n, err := a.Round(context.Background()); n != 0 || err != nil {
		t.Errorf("the second node asked for %d files (%v)", n, err)
	}
}
