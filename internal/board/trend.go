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
	by := `month, fate, owner`
	of := by + `, '', ''`
	if !g.plain() {
		by += `, counterpart, field`
		of = by
	}
	for _, p := range (span{from: all[0].From, to: all[trendMonths-1].To, dated: true, months: true}).ended() {
		a := args{f.Rule}
		cond := p.cond(a.add)
		marks, with := in(units, a)
		// system: figures of units that the reader may see
		err := tx.All(`SELECT `+of+`, CAST(sum(n) AS BIGINT) FROM (SELECT substr(`+p.day+`, 1, 7) AS month, fate, owner, counterpart, field, `+p.n+` AS n
				FROM `+p.table+` WHERE `+cond+` AND rule = $1 AND fate <> 'waived' AND owner IN (`+marks+`)) x
			GROUP BY `+by+` ORDER BY `+by, with, func(r *sql.Rows) error {
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
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
