package duty_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/workday"
)

// Whatever is counted and whenever it is summed, by however many at once, the sums and what
// is fresh say what the counters say: by what they are of, by month, by year, and of what
// runs how much fell due on days gone by.
func TestRoll(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		r := rand.New(rand.NewPCG(11, 4))
		sweeper := duty.Sweeper{DB: d, Kinds: duty.Kinds{}, Node: "test"}
		summed := 0
		for round := range 12 {
			lttest.Update(t, d, func(tx *db.Tx) error {
				for range 120 {
					if err := tally(tx, r, clock.Now()); err != nil {
						return err
					}
				}
				return nil
			})
			switch round % 4 {
			case 1:
				if _, err := sweeper.Sweep(t.Context()); err != nil {
					t.Fatal(err)
				}
			case 2:
				n, err := duty.Roll(t.Context(), d)
				if err != nil {
					t.Fatal(err)
				}
				summed += n
			case 3:
				atOnce(t, d)
			}
			sameSums(t, d, fmt.Sprintf("round %d", round))
			clock.Add(time.Duration(r.IntN(3*24)) * time.Hour)
			sameSums(t, d, fmt.Sprintf("after round %d", round))
		}
		if summed == 0 {
			t.Error("nothing was summed")
		}
		clock.Add(24 * time.Hour)
		if _, err := sweeper.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			var left, days int64
			err := tx.One(`SELECT (SELECT count(*) FROM duty_tally WHERE n <> rolled),
				(SELECT count(*) FROM duty_roll WHERE fate = 'open' AND period > '0' AND period < $1)`, []any{workday.Of(tx.Now).String()}, &left, &days)
			if left != 0 || days != 0 {
				t.Errorf("after a sweep %d counters are fresh and %d days gone by stand apart", left, days)
			}
			return err
		})
	})
}

// tally changes one counter as operations do.
func tally(tx *db.Tx, r *rand.Rand, now time.Time) error {
	fate := []string{"open", "open", "suspended", "met", "late", "waived", "handed"}[r.IntN(7)]
	day := ""
	if r.IntN(5) > 0 {
		day = workday.Of(now).AddDays(r.IntN(90) - 60).String()
	}
	_, err := tx.Exec(`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n) VALUES ('petition.answer', $1, $2, $3, 'dat-dai', $4, $5)
		ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`,
		fate, fmt.Sprintf("so-%d", r.IntN(2)), fmt.Sprintf("xa-%d", r.IntN(2)), day, r.IntN(5)-1)
	return err
}

// atOnce lets three nodes sum.
func atOnce(t *testing.T, d *db.DB) {
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, err := duty.Roll(t.Context(), d); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func sameSums(t *testing.T, d *db.DB, when string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		today := workday.Of(tx.Now).String()
		for what, q := range map[string][2]string{
			"what runs": {`SELECT fate || owner || counterpart AS k, sum(n) AS n FROM duty_tally WHERE fate IN ('open', 'suspended') GROUP BY 1`,
				`SELECT fate || owner || counterpart AS k, n FROM duty_roll WHERE level = 'now'
				UNION ALL SELECT fate || owner || counterpart, n - rolled FROM duty_tally WHERE n <> rolled AND fate IN ('open', 'suspended')`},
			"days gone by": {`SELECT owner AS k, sum(n) AS n FROM duty_tally WHERE fate = 'open' AND due_day <> '' AND due_day < '` + today + `' GROUP BY 1`,
				`SELECT owner AS k, n FROM duty_roll WHERE fate = 'open' AND period <> '' AND period < '` + today + `'
				UNION ALL SELECT owner, n - rolled FROM duty_tally WHERE n <> rolled AND fate = 'open' AND due_day <> '' AND due_day < '` + today + `'`},
			"months": {`SELECT fate || owner || substr(due_day, 1, 7) AS k, sum(n) AS n FROM duty_tally WHERE fate IN ('met', 'late', 'waived', 'handed') GROUP BY 1`,
				`SELECT fate || owner || period AS k, n FROM duty_roll WHERE level = 'month'
				UNION ALL SELECT fate || owner || substr(due_day, 1, 7), n - rolled FROM duty_tally WHERE n <> rolled AND fate IN ('met', 'late', 'waived', 'handed')`},
			"years": {`SELECT fate || owner || substr(due_day, 1, 4) AS k, sum(n) AS n FROM duty_tally WHERE fate IN ('met', 'late', 'waived', 'handed') GROUP BY 1`,
				`SELECT fate || owner || period AS k, n FROM duty_roll WHERE level = 'year'
				UNION ALL SELECT fate || owner || substr(due_day, 1, 4), n - rolled FROM duty_tally WHERE n <> rolled AND fate IN ('met', 'late', 'waived', 'handed')`},
		} {
			want, got := sumsOf(t, tx, q[0]), sumsOf(t, tx, q[1])
			if want != got {
				t.Errorf("%s, %s:\ncounters %s\nsums     %s", when, what, want, got)
			}
		}
		return nil
	})
}

// sumsOf reads the sums by key of a query of keys and numbers, in order.
func sumsOf(t *testing.T, tx *db.Tx, query string) (all string) {
	t.Helper()
	err := tx.All(`SELECT k, CAST(sum(n) AS BIGINT) FROM (`+query+`) x GROUP BY k HAVING sum(n) <> 0 ORDER BY k`, nil, func(r *sql.Rows) error {
		var k string
		var n int64
		err := r.Scan(&k, &n)
		all += fmt.Sprintf(" %s=%d", k, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
