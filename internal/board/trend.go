package board

import (
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
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
	told, mine := g.apart(), among(units)
	span := duty.Span{From: all[0].From, To: all[trendMonths-1].To, Dated: true, Months: true}
	err = duty.EachEnded(tx, f.Rule, span, duty.Apart{}, func(s *duty.Sum) {
		i, ok := at[s.Day]
		switch {
		case !ok || !mine[s.Owner] || g.row(told.cell(s.Owner, s.Counterpart, s.Field)) == nil:
		case s.Fate == duty.Late:
			all[i].Late += s.N
		case s.Fate == duty.Met:
			all[i].Met += s.N
		}
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
