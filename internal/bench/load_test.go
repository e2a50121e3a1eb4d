package bench

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// What the loader makes is a whole office, on both databases.
func TestLoadIsWhole(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC))
		o, err := Prepare(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		if err := Load(context.Background(), d, o, 200, t.Logf); err != nil {
			t.Fatal(err)
		}
		if err := Check(context.Background(), d); err != nil {
			t.Error(err)
		}
		var closed, missed, open int64
		lttest.View(t, d, func(tx *db.Tx) error {
			// system: a test's count of the whole store
			return tx.One(`SELECT count(*) FILTER (WHERE state = 'settled'), count(*) FILTER (WHERE m.case_id IS NOT NULL), count(*) FILTER (WHERE state <> 'settled')
				FROM casefile c LEFT JOIN duty m ON m.case_id = c.id AND m.rule = 'petition.answer' AND m.ended_at IS NULL AND m.due_at < $1`,
				[]any{tx.Now}, &closed, &missed, &open)
		})
		if closed != 140 || missed != 20 || open != 60 {
			t.Errorf("%d closed, %d missed, %d open; want 140, 20 and 60", closed, missed, open)
		}
	})
}
