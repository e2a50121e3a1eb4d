package db_test

import (
	"errors"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// What is put is there for the next statement, in its order, and nothing of it stays
// when the update fails, wherever the error comes to light.
func TestPut(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		const bump = `INSERT INTO version (name, n) VALUES ($1, 1)`
		count := func() (n int64) {
			lttest.View(t, d, func(tx *db.Tx) error {
				return tx.One(`SELECT count(*) FROM version WHERE name IN ('put-a', 'put-b', 'put-c')`, nil, &n)
			})
			return n
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := tx.Put(bump, "put-a"); err != nil {
				return err
			}
			var n int64
			if err := tx.One(`SELECT n FROM version WHERE name = $1`, []any{"put-a"}, &n); err != nil {
				t.Errorf("what was put is not read: %v", err)
			}
			if err := tx.Put(bump, "put-b"); err != nil {
				return err
			}
			changed, err := tx.Exec(`UPDATE version SET n = 2 WHERE name = $1`, "put-b")
			if changed != 1 {
				t.Errorf("a statement behind what was put changed %d rows", changed)
			}
			return err
		})
		if got := count(); got != 2 {
			t.Errorf("%d rows were kept, want 2", got)
		}
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := tx.Put(bump, "put-c"); err != nil {
				return err
			}
			return tx.Put(bump, "put-a") // there already
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("a second row under one key gives %v", err)
		}
		if got := count(); got != 2 {
			t.Errorf("a failed update left %d rows, want 2", got)
		}
		refused := errors.New("refused")
		err = d.Update(t.Context(), func(tx *db.Tx) error {
			if err := tx.Put(bump, "put-c"); err != nil {
				return err
			}
			return refused
		})
		if got := count(); !errors.Is(err, refused) || got != 2 {
			t.Errorf("a refused update left %d rows and gave %v", got, err)
		}
	})
}
