package board

import (
	"database/sql"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// trendMonths is how many months a trend shows, this one included: a screen's width.
const trendMonths = 12

// A Month is what fell due in one month under a board's filter.
type Month struct {
	From, To workday.Date // its first and last day
	Met      int64        // done within the unit's own share
	Late     int64        // done, or handed over, after it
}

// Trend returns the last twelve months of what fell due and is done, the oldest first.
// Its lists are those of Met and Late between the days of the month, Dated.
func Trend(tx *db.Tx, who org.Actor, f Filter) (all []Month, err error) {
	defer fault.Wrap(&err, "trend")
	may, _, err := seen(tx, who)
	if err != nil {
		return nil, err
	}
	units, err := f.units(tx, may)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	f.Query.defaults(workday.Of(tx.Now))
	g, err := newFigures(tx, units, f)
	if err != nil || g.ofCase() {
		return nil, err
	}
	at := map[string]int{}
	y, m, _ := workday.Of(tx.Now).Civil()
	for i := range trendMonths {
		first := workday.NewDate(y, m-time.Month(trendMonths-1-i), 1)
		fy, fm, _ := first.Civil()
		at[month(first)] = i
		all = append(all, Month{From: first, To: workday.NewDate(fy, fm+1, 1).AddDays(-1)})
	}
	marks, args := in(units, []any{f.Rule, all[0].From.String(), all[trendMonths-1].To.String()})
	of := `owner, '', ''`
	if !g.plain() {
		of = `owner, counterpart, field`
	}
	// system: figures of units that the reader may see
	err = tx.All(`SELECT substr(due_day, 1, 7) AS month, fate, `+of+`, CAST(sum(n) AS BIGINT) FROM duty_tally
		WHERE rule = $1 AND fate IN ('met', 'late') AND owner IN (`+marks+`) AND due_day >= $2 AND due_day <= $3
		GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2`, args, func(r *sql.Rows) error {
		var c cell
		var name, fate string
		var n int64
		err := r.Scan(&name, &fate, &c.unit, &c.commune, &c.field, &n)
		switch i, ok := at[name]; {
		case !ok || !f.keeps(g.places, c):
		case fate == "late":
			all[i].Late += n
		default:
			all[i].Met += n
		}
		return err
	})
	return all, err
}
