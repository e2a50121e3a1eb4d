package duty_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/workday"
)

// Whatever is counted and whenever it is summed, by however many at once, the sums say what the
// counters say: of what runs by day, of what ended in any span of days, and by month.
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
			var left, none, kept int64
			err := tx.One(`SELECT (SELECT count(*) FROM duty_tally), (SELECT count(*) FROM duty_count WHERE n = 0), (SELECT count(DISTINCT roll) FROM duty_roll_change)`, nil, &left, &none, &kept)
			if left != 0 || none != 0 || kept > 32 {
				t.Errorf("after a sweep %d counters are fresh, %d count nothing, %d rolls are kept", left, none, kept)
			}
			return err
		})
	})
}

// A snapshot that is older than what the node keeps in memory says what it said before, and
// so does a node that comes back after more rolls than are kept.
func TestRollUnderASnapshot(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		r := rand.New(rand.NewPCG(5, 9))
		step := func(n int) {
			for range n {
				lttest.Update(t, d, func(tx *db.Tx) error { return tally(tx, r, clock.Now()) })
				if _, err := duty.Roll(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
		}
		step(60)
		lttest.View(t, d, func(old *db.Tx) error {
			was := everySum(t, old)
			for _, n := range []int{1, 3, 45} {
				step(n)
				sameSums(t, d, fmt.Sprintf("after %d rolls", n))
				if now := everySum(t, old); now != was {
					t.Errorf("after %d rolls the old snapshot says\n%s\nand said\n%s", n, now, was)
				}
			}
			return nil
		})
	})
}

// While operations count and nodes roll, every snapshot has sums that are its counters.
func TestRollBesideReaders(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		var work, read sync.WaitGroup
		done := make(chan struct{})
		for i := range 2 {
			work.Go(func() {
				r := rand.New(rand.NewPCG(uint64(i), 7))
				for range 25 {
					if err := d.Update(t.Context(), func(tx *db.Tx) error { return tally(tx, r, clock.Now()) }); err != nil {
						t.Error(err)
					}
					if _, err := duty.Roll(t.Context(), d); err != nil {
						t.Error(err)
					}
				}
			})
			read.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
						sameSums(t, d, "beside rolls")
					}
				}
			})
		}
		work.Wait()
		close(done)
		read.Wait()
		sameSums(t, d, "afterwards")
	})
}

// What is kept in memory is merged when it has grown, and stays what it was.
func TestRollMerges(t *testing.T) {
	d, clock := lttest.SQLite(t)
	clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
	r := rand.New(rand.NewPCG(8, 1))
	sameSums(t, d, "empty")
	for round := range 14 {
		lttest.Update(t, d, func(tx *db.Tx) error {
			for range 900 {
				if err := tally(tx, r, clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		for n := 1; n > 0; {
			var err error
			if n, err = duty.Roll(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		sameSums(t, d, fmt.Sprintf("round %d", round))
	}
}

// tally changes one counter as operations do.
func tally(tx *db.Tx, r *rand.Rand, now time.Time) error {
	fate := []string{"open", "open", "suspended", "met", "late", "waived", "handed"}[r.IntN(7)]
	day := ""
	if r.IntN(5) > 0 {
		day = workday.Of(now).AddDays(r.IntN(90) - 60).String()
	}
	owner, counterpart, by := fmt.Sprintf("so-%d", r.IntN(2)), fmt.Sprintf("xa-%d", r.IntN(6)), int64(r.IntN(5))
	if r.IntN(3) == 0 { // all of them gone, wherever they are counted
		err := tx.One(`SELECT CAST(coalesce(-sum(n), 0) AS BIGINT) FROM `+duty.Counters+` WHERE fate = $1 AND owner = $2 AND counterpart = $3 AND due_day = $4`,
			[]any{fate, owner, counterpart, day}, &by)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n) VALUES ('petition.answer', $1, $2, $3, 'dat-dai', $4, $5)
		ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`, fate, owner, counterpart, day, by)
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

// sameSums compares every sum with the counters it is of.
func sameSums(t *testing.T, d *db.DB, when string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		if want, got := everyCounter(t, tx), everySum(t, tx); want != got {
			t.Errorf("%s:\ncounters %s\nsums     %s", when, want, got)
		}
		return nil
	})
}

// spans are whole years and months, and what cuts them.
var spans = []duty.Span{
	{From: workday.MustDate("2026-01-01"), To: workday.MustDate("2999-12-31")},
	{From: workday.MustDate("2025-12-01"), To: workday.MustDate("2026-02-28"), Dated: true},
	{From: workday.MustDate("2025-12-12"), To: workday.MustDate("2026-02-20")},
	{From: workday.MustDate("2025-12-25"), To: workday.MustDate("2026-03-03")},
	{From: workday.MustDate("2026-01-05"), To: workday.MustDate("2026-01-27"), Dated: true},
	{From: workday.MustDate("2026-01-05"), To: workday.MustDate("2026-01-09")},
	{From: workday.MustDate("2025-11-03"), To: workday.MustDate("2026-12-31"), Dated: true},
	{From: workday.MustDate("2026-03-01"), To: workday.MustDate("2026-02-01")},
}

// everySum says what EachOpen and EachEnded give, added up in words.
func everySum(t *testing.T, tx *db.Tx) string {
	t.Helper()
	found, today := map[string]int64{}, workday.Of(tx.Now).String()
	err := duty.EachOpen(tx, "petition.answer", func(s *duty.Sum) {
		day := s.Day
		if day != "" && day < today {
			day = "past"
		}
		found["runs "+string(s.Fate)+string(s.Owner)+string(s.Counterpart)+s.Field+day] += s.N
	})
	for i, span := range spans {
		add := func(s *duty.Sum) {
			found[fmt.Sprintf("ended %d %s%s%s%s", i, s.Fate, s.Owner, s.Counterpart, s.Field)] += s.N
		}
		err = errors.Join(err, duty.EachEnded(tx, "petition.answer", span, duty.Apart{Owner: true, Counterpart: true, Field: true}, add))
		err = errors.Join(err, duty.EachEnded(tx, "petition.answer", span, duty.Apart{}, func(s *duty.Sum) { found[fmt.Sprintf("all %d %s", i, s.Fate)] += s.N }))
	}
	months := duty.Span{From: workday.MustDate("2025-12-01"), To: workday.MustDate("2026-03-31"), Dated: true, Months: true}
	err = errors.Join(err, duty.EachEnded(tx, "petition.answer", months, duty.Apart{}, func(s *duty.Sum) { found["month "+s.Day+string(s.Fate)] += s.N }))
	if err != nil {
		t.Fatal(err)
	}
	return inWords(found)
}

// everyCounter is everySum from the counters of all days.
func everyCounter(t *testing.T, tx *db.Tx) string {
	t.Helper()
	found, today := map[string]int64{}, workday.Of(tx.Now).String()
	err := tx.All(`SELECT fate, owner, counterpart, field, due_day, n FROM `+duty.Counters, nil, func(r *sql.Rows) error {
		var fate, owner, counterpart, field, day string
		var n int64
		if err := r.Scan(&fate, &owner, &counterpart, &field, &day, &n); err != nil {
			return err
		}
		if fate == "open" || fate == "suspended" {
			if day != "" && day < today {
				day = "past"
			}
			found["runs "+fate+owner+counterpart+field+day] += n
			return nil
		}
		for i, span := range spans {
			if day == "" && !span.Dated || day >= span.From.String() && day <= span.To.String() {
				found[fmt.Sprintf("ended %d %s%s%s%s", i, fate, owner, counterpart, field)] += n
				found[fmt.Sprintf("all %d %s", i, fate)] += n
			}
		}
		if day >= "2025-12-01" && day <= "2026-03-31" {
			found["month "+day[:7]+fate] += n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return inWords(found)
}

// inWords lists numbers that are not zero, in order.
func inWords(found map[string]int64) string {
	var all strings.Builder
	for _, k := range slices.Sorted(maps.Keys(found)) {
		if found[k] != 0 {
			fmt.Fprintf(&all, " %s=%d", k, found[k])
		}
	}
	return all.String()
}
