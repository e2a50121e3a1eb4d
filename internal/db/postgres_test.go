package db_test

import (
	"database/sql"
	"errors"
	"sync"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// raise makes PostgreSQL fail the statement with a chosen code.
func raise(tx *db.Tx, code string) error {
	_, err := tx.Exec(`DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '` + code + `'; END $$`)
	return err
}

func TestUpdateIsRunAgainAfterASerializationFailure(t *testing.T) {
	d, _ := lttest.Postgres(t)
	tests := []struct {
		name  string
		code  string
		fails int
		runs  int
		kind  error
	}{
		{"one serialization failure", "40001", 1, 2, nil},
		{"three deadlocks", "40P01", 3, 4, nil},
		{"a fourth is given to the caller as busy", "40001", 4, 4, fault.Busy},
		{"anything else is not run again", "23505", 1, 1, fault.Conflict},
	}
	for _, tt := range tests {
		runs := 0
		err := d.Update(ctx, func(tx *db.Tx) error {
			runs++
			if err := setting(tx, tt.name, ""); err != nil {
				return err
			}
			if runs <= tt.fails {
				return raise(tx, tt.code)
			}
			return nil
		})
		if runs != tt.runs || fault.Kind(err) != tt.kind {
			t.Errorf("%s: %d runs, want %d; %v", tt.name, runs, tt.runs, err)
		}
	}
}

func TestARealDeadlockIsRunAgain(t *testing.T) {
	d, _ := lttest.Postgres(t)
	lttest.Update(t, d, func(tx *db.Tx) error { return errors.Join(setting(tx, "a", ""), setting(tx, "b", "")) })
	both := make(chan struct{}, 2)
	var meet sync.WaitGroup
	meet.Add(2)
	var wg sync.WaitGroup
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			first := true
			if err := d.Update(ctx, func(tx *db.Tx) error {
				for i, name := range order {
					if _, err := tx.Exec(`UPDATE setting SET value = value || 'x' WHERE name = $1`, name); err != nil {
						return err
					}
					if i == 0 && first {
						first = false
						meet.Done()
						meet.Wait()
					}
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			both <- struct{}{}
		})
	}
	wg.Wait()
	lttest.View(t, d, func(tx *db.Tx) error {
		a, err := value(tx, "a")
		if a != "xx" {
			t.Errorf("a = %q, want both updates", a)
		}
		return err
	})
}

func TestNumbersDoNotWaitForThePool(t *testing.T) {
	d, _ := lttest.Postgres(t)
	var wg, inside sync.WaitGroup
	inside.Add(40)
	for range 40 { // as many as the pool has connections
		wg.Go(func() {
			if err := d.Update(ctx, func(tx *db.Tx) error {
				inside.Done()
				inside.Wait()
				_, err := tx.Number("KN/2026")
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Another node migrates while this one keeps prepared statements of the old shape.
func TestAStatementMadeStaleByAMigrationIsPreparedAgain(t *testing.T) {
	d, _ := lttest.Postgres(t)
	look := func() error {
		return d.Update(ctx, func(tx *db.Tx) error {
			return tx.All(`SELECT * FROM setting`, nil, func(*sql.Rows) error { return nil })
		})
	}
	for range 3 {
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`ALTER TABLE setting ADD COLUMN note TEXT`)
		return err
	})
	if err := look(); err != nil {
		t.Error(err)
	}
}
