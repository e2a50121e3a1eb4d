package audit_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// An office with a table of entries of its own, a log over it and a witness folder.
type office struct {
	t       *testing.T
	d       *db.DB
	clock   *lttest.Clock
	witness string
	key     string
	n       int
}

func newOffice(t *testing.T, d *db.DB, clock *lttest.Clock) *office {
	o := &office{t: t, d: d, clock: clock, witness: filepath.Join(t.TempDir(), "witness")}
	o.exec(`CREATE TABLE entry (ref TEXT PRIMARY KEY, actor TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL)`)
	var err error
	if o.key, err = audit.Prepare(ctx, d); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) exec(query string, args ...any) {
	o.t.Helper()
	lttest.Update(o.t, o.d, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err })
}

func ref(i int) string { return fmt.Sprintf("viec/%05d", i) }

func bytesOf(ref, actor, at, payload string) []byte {
	return []byte(strings.Join([]string{ref, actor, at, payload}, "\x00"))
}

// write records n entries and seals them.
func (o *office) write(n int) {
	o.t.Helper()
	lttest.Update(o.t, o.d, func(tx *db.Tx) error {
		for i := range n {
			at, payload := db.FormatInstant(tx.Now), fmt.Sprintf("nội dung %d", o.n+i)
			if _, err := tx.Exec(`INSERT INTO entry (ref, actor, at, payload) VALUES ($1, 'an', $2, $3)`, ref(o.n+i), at, payload); err != nil {
				return err
			}
			if err := audit.Leave(tx, ref(o.n+i), audit.Sum(bytesOf(ref(o.n+i), "an", at, payload))); err != nil {
				return err
			}
		}
		return nil
	})
	o.n += n
	drain(o.t, o.d)
	o.clock.Add(time.Hour)
}

func (o *office) export() {
	o.t.Helper()
	if _, err := audit.Export(ctx, o.d, o.witness); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) check(witness string) audit.Check {
	return audit.Check{Key: o.key, Witness: witness, Hashes: hashes, Refs: refs}
}

func (o *office) verify(witness string) *audit.Report {
	o.t.Helper()
	r, err := audit.Verify(ctx, o.d, o.check(witness))
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func hashes(tx *db.Tx, refs []string) (map[string]audit.Hash, error) {
	all := map[string]audit.Hash{}
	for _, ref := range refs {
		var actor, at, payload string
		err := tx.One(`SELECT actor, at, payload FROM entry WHERE ref = $1`, []any{ref}, &actor, &at, &payload)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[ref] = audit.Sum(bytesOf(ref, actor, at, payload))
	}
	return all, nil
}

func refs(tx *db.Tx, after string, limit int) (all []string, err error) {
	err = tx.All(`SELECT ref FROM entry WHERE ref > $1 ORDER BY ref LIMIT $2`, []any{after, limit}, func(r *sql.Rows) error {
		var ref string
		err := r.Scan(&ref)
		all = append(all, ref)
		return err
	})
	return all, err
}

// reseal is the server's own key turned against its log: every leaf anew from the
// entries as they stand, new positions, new tiles, a new signature.
func (o *office) reseal() {
	o.t.Helper()
	o.exec(`DELETE FROM leaf WHERE ref NOT IN (SELECT ref FROM entry)`)
	o.exec(`UPDATE leaf SET seq = NULL WHERE seq IS NOT NULL`)
	o.exec(`DELETE FROM tile WHERE n >= 0`)
	o.exec(`UPDATE log_head SET size = 0, root = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', checkpoint = '' WHERE id = 1`)
	lttest.Update(o.t, o.d, func(tx *db.Tx) error {
		all, err := refs(tx, "", 1<<20)
		if err != nil {
			return err
		}
		now, err := hashes(tx, all)
		for ref, h := range now {
			if _, err := tx.Exec(`UPDATE leaf SET hash = $1 WHERE ref = $2`, h[:], ref); err != nil {
				return err
			}
		}
		return err
	})
	drain(o.t, o.d)
}

// backup copies the whole store; the function it returns puts it back.
func (o *office) backup() (restore func()) {
	tables := map[string]int{"entry": 4, "leaf": 4, "tile": 3, "log_head": 5}
	kept := map[string][][]any{}
	lttest.View(o.t, o.d, func(tx *db.Tx) error {
		for name, n := range tables {
			err := tx.All(`SELECT * FROM `+name, nil, func(r *sql.Rows) error {
				row, into := make([]any, n), make([]any, n)
				for i := range row {
					into[i] = &row[i]
				}
				kept[name] = append(kept[name], row)
				return r.Scan(into...)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	n := o.n
	return func() {
		o.n = n
		for name, cols := range tables {
			o.exec(`DELETE FROM ` + name)
			marks := strings.Join([]string{"$1", "$2", "$3", "$4", "$5"}[:cols], ",")
			for _, row := range kept[name] {
				o.exec(`INSERT INTO `+name+` VALUES (`+marks+`)`, row...)
			}
		}
	}
}

// want is a finding a report must have.
type want struct {
	kind audit.Kind
	ref  string
	seq  int64
}

func expect(t *testing.T, r *audit.Report, all ...want) {
	t.Helper()
	for _, w := range all {
		if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return f.Kind == w.kind && f.Ref == w.ref && f.Seq == w.seq }) {
			t.Errorf("no finding %v in:\n%s", w, r.Text())
		}
	}
	for _, f := range r.Findings {
		named := slices.ContainsFunc(all, func(w want) bool { return f.Kind == w.kind && f.Ref == w.ref && f.Seq == w.seq })
		if !named && f.Kind != audit.Damaged {
			t.Errorf("finding too many: %+v", f)
		}
	}
}

// In each attack 700 entries are sealed in two batches with a witness after each, then
// 20 more that no witness has seen.
var attacks = []struct {
	name    string
	attack  func(o *office)
	inside  []want // found without a witness
	outside []want // found with it
}{
	{"nothing is done", func(o *office) {}, nil, nil},
	{"the payload is edited", func(o *office) { o.exec(`UPDATE entry SET payload = 'khác' WHERE ref = $1`, ref(300)) },
		[]want{{audit.Edited, ref(300), 300}}, []want{{audit.Edited, ref(300), 300}}},
	{"the actor is edited", func(o *office) { o.exec(`UPDATE entry SET actor = 'binh' WHERE ref = $1`, ref(0)) },
		[]want{{audit.Edited, ref(0), 0}}, []want{{audit.Edited, ref(0), 0}}},
	{"the time is edited", func(o *office) {
		o.exec(`UPDATE entry SET at = '2026-01-01T00:00:00.000Z' WHERE ref = $1`, ref(719))
	},
		[]want{{audit.Edited, ref(719), 719}}, []want{{audit.Edited, ref(719), 719}}},
	{"two neighbours are edited", func(o *office) {
		o.exec(`UPDATE entry SET payload = 'khác' WHERE ref = $1 OR ref = $2`, ref(255), ref(256))
	},
		[]want{{audit.Edited, ref(255), 255}, {audit.Edited, ref(256), 256}}, []want{{audit.Edited, ref(255), 255}, {audit.Edited, ref(256), 256}}},
	{"an entry and its leaf are edited", func(o *office) {
		o.exec(`UPDATE entry SET payload = 'khác' WHERE ref = $1`, ref(300))
		lttest.Update(o.t, o.d, func(tx *db.Tx) error {
			now, err := hashes(tx, []string{ref(300)})
			if err != nil {
				return err
			}
			h := now[ref(300)]
			_, err = tx.Exec(`UPDATE leaf SET hash = $1 WHERE ref = $2`, h[:], ref(300))
			return err
		})
	}, []want{{audit.Edited, ref(300), 300}}, []want{{audit.Edited, ref(300), 300}}},
	{"only the leaf is edited", func(o *office) {
		o.exec(`UPDATE leaf SET hash = (SELECT hash FROM leaf WHERE ref = $1) WHERE ref = $2`, ref(1), ref(300))
	},
		[]want{{audit.LeafEdited, ref(300), 300}}, []want{{audit.LeafEdited, ref(300), 300}}},
	{"an entry is deleted", func(o *office) { o.exec(`DELETE FROM entry WHERE ref = $1`, ref(300)) },
		[]want{{audit.Dropped, ref(300), 300}}, []want{{audit.Dropped, ref(300), 300}}},
	{"an entry and its leaf are deleted", func(o *office) {
		o.exec(`DELETE FROM entry WHERE ref = $1`, ref(300))
		o.exec(`DELETE FROM leaf WHERE ref = $1`, ref(300))
	}, []want{{audit.Dropped, "", 300}}, []want{{audit.Dropped, "", 300}}},
	{"only the leaf is deleted", func(o *office) { o.exec(`DELETE FROM leaf WHERE ref = $1`, ref(300)) },
		[]want{{audit.LeafLost, ref(300), 300}}, []want{{audit.LeafLost, ref(300), 300}}},
	{"the tail is deleted", func(o *office) {
		o.exec(`DELETE FROM entry WHERE ref > $1`, ref(717))
		o.exec(`DELETE FROM leaf WHERE ref > $1`, ref(717))
	}, []want{{audit.Dropped, "", 718}, {audit.Dropped, "", 719}}, []want{{audit.Dropped, "", 718}, {audit.Dropped, "", 719}}},
	{"an entry is deleted and the others move up", func(o *office) {
		o.exec(`DELETE FROM entry WHERE ref = $1`, ref(300))
		o.exec(`DELETE FROM leaf WHERE ref = $1`, ref(300))
		o.exec(`UPDATE leaf SET seq = -seq WHERE seq > 300`)
		o.exec(`UPDATE leaf SET seq = -seq - 1 WHERE seq < 0`)
	}, []want{{audit.Dropped, "", 300}}, []want{{audit.Dropped, "", 300}}},
	{"two are swapped", func(o *office) { swap(o, 100, 500) },
		[]want{{audit.Moved, ref(100), 100}, {audit.Moved, ref(500), 500}}, []want{{audit.Moved, ref(100), 100}, {audit.Moved, ref(500), 500}}},
	{"two neighbours are swapped", func(o *office) { swap(o, 300, 301) },
		[]want{{audit.Moved, ref(300), 300}, {audit.Moved, ref(301), 301}}, []want{{audit.Moved, ref(300), 300}, {audit.Moved, ref(301), 301}}},
	{"two swap their contents", func(o *office) {
		o.exec(`UPDATE entry SET ref = 'x' WHERE ref = $1`, ref(100))
		o.exec(`UPDATE entry SET ref = $1 WHERE ref = $2`, ref(100), ref(500))
		o.exec(`UPDATE entry SET ref = $1 WHERE ref = 'x'`, ref(500))
	}, []want{{audit.Edited, ref(100), 100}, {audit.Edited, ref(500), 500}}, []want{{audit.Edited, ref(100), 100}, {audit.Edited, ref(500), 500}}},
	{"one is moved to an earlier place", func(o *office) {
		o.exec(`UPDATE leaf SET seq = -1 WHERE ref = $1`, ref(500))
		o.exec(`UPDATE leaf SET seq = -seq - 1000 WHERE seq >= 100 AND seq < 500`)
		o.exec(`UPDATE leaf SET seq = -seq - 999 WHERE seq < -1`)
		o.exec(`UPDATE leaf SET seq = 100 WHERE ref = $1`, ref(500))
	}, []want{{audit.Moved, ref(500), 500}}, []want{{audit.Moved, ref(500), 500}}},
	{"an entry is added without the log", func(o *office) {
		o.exec(`INSERT INTO entry (ref, actor, at, payload) VALUES ('viec/90000', 'an', '', '')`)
	}, []want{{audit.Unlogged, "viec/90000", -1}}, []want{{audit.Unlogged, "viec/90000", -1}}},
	{"a position is taken away", func(o *office) { o.exec(`UPDATE leaf SET seq = NULL WHERE ref = $1`, ref(300)) },
		[]want{{audit.LeafLost, ref(300), 300}}, []want{{audit.LeafLost, ref(300), 300}}},
	{"the last that the witness saw are deleted", func(o *office) {
		o.exec(`DELETE FROM entry WHERE ref = $1 OR ref = $2`, ref(698), ref(699))
		o.exec(`DELETE FROM leaf WHERE ref = $1 OR ref = $2`, ref(698), ref(699))
	}, []want{{audit.Dropped, "", 698}, {audit.Dropped, "", 699}}, []want{{audit.Dropped, "", 698}, {audit.Dropped, "", 699}}},
	{"a sealed entry is edited and sealed again with the server's key", func(o *office) {
		o.exec(`UPDATE entry SET payload = 'khác' WHERE ref = $1`, ref(300))
		o.reseal()
	}, nil, []want{{audit.Edited, ref(300), 300}}},
	{"an entry is deleted and the log sealed again with the server's key", func(o *office) {
		o.exec(`DELETE FROM entry WHERE ref = $1`, ref(300))
		o.reseal()
	}, nil, []want{{audit.Dropped, "", 300}}},
	{"an entry is slipped in and the log sealed again with the server's key", func(o *office) {
		o.exec(`INSERT INTO entry (ref, actor, at, payload) SELECT 'viec/00300a', actor, at, 'thêm' FROM entry WHERE ref = $1`, ref(300))
		o.exec(`INSERT INTO leaf (ref, hash, left_at) SELECT 'viec/00300a', hash, left_at FROM leaf WHERE ref = $1`, ref(300))
		o.reseal()
	}, nil, []want{{audit.Inserted, "viec/00300a", 301}}},
	{"the whole log is rewritten with the server's key", func(o *office) {
		o.exec(`UPDATE entry SET at = '2026-01-01T00:00:00.000Z' WHERE ref <> ''`)
		o.reseal()
	}, nil, []want{{audit.Rewritten, ref(0), 0}}},
}

func swap(o *office, a, b int) {
	o.exec(`UPDATE leaf SET seq = -1 WHERE ref = $1`, ref(a))
	o.exec(`UPDATE leaf SET seq = $1 WHERE ref = $2`, a, ref(b))
	o.exec(`UPDATE leaf SET seq = $1 WHERE ref = $2`, b, ref(a))
}

func TestAttacks(t *testing.T) {
	for _, tt := range attacks {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				o := newOffice(t, d, clock)
				o.write(400)
				o.export()
				o.write(300)
				o.export()
				o.write(20)
				tt.attack(o)
				inside := o.verify("")
				if inside.OK() != (len(tt.inside) == 0) {
					t.Errorf("inside:\n%s", inside.Text())
				}
				expect(t, inside, tt.inside...)
				if !strings.Contains(inside.Text(), "Không có thư mục chứng") {
					t.Error("does not say that there was no witness")
				}
				expect(t, o.verify(o.witness), tt.outside...)
			})
		})
	}
}

// The server restores a backup older than the last checkpoint the witness has.
func TestOldBackup(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.write(400)
		o.export()
		restore := o.backup()
		o.write(300)
		o.export()
		restore()
		expect(t, o.verify(""))
		r := o.verify(o.witness)
		expect(t, r, want{audit.RolledBack, "", 400})
		if text := r.Text(); !strings.Contains(text, "từ sau điểm chốt 400 mục lúc 09:02:00 10/02/2026") && !strings.Contains(text, "từ sau điểm chốt 400 mục lúc 08:02:00 10/02/2026") {
			t.Errorf("does not say since when:\n%s", text)
		}
		if _, err := audit.Export(ctx, d, o.witness); !errors.Is(err, fault.Conflict) {
			t.Errorf("export over a longer witness: %v", err)
		}
		o.write(10) // and goes on as if nothing had been
		o.clock.Add(time.Hour)
		o.write(500)
		expect(t, o.verify(""))
		// same names and contents, other instants: none of them is what was sealed
		expect(t, o.verify(o.witness), want{audit.Rewritten, ref(400), 400})
		if _, err := audit.Export(ctx, d, o.witness); !errors.Is(err, fault.Conflict) {
			t.Errorf("export over another log's witness: %v", err)
		}
	})
}
