package board

import (
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Boards add up the counters of duty, which keeps sums of them in memory and reads what came
// since: a number is that of its list at every instant (doc/decisions/0017-rolled-counters.md).

// apart are the parts of a cell that rows and filter tell apart. A cell for each unit, commune
// and field is some thousand to carry, and most boards ask for one of the three.
type apart struct{ unit, commune, field bool }

func (f *figures) apart() apart {
	return apart{
		unit:    f.f.By == ByUnit || f.f.By == "",
		commune: f.byPlace(),
		field:   f.f.Field != "" || f.f.Desk != "" || f.f.By == ByField || f.f.By == ByDesk,
	}
}

// cell is a cell as far as it is told apart.
func (a apart) cell(unit, commune org.UnitID, field string) (c cell) {
	if a.unit {
		c.unit = unit
	}
	if a.commune {
		c.commune = commune
	}
	if a.field {
		c.field = field
	}
	return c
}

// tally reads the counters of the rule. What is running counts whatever its day; what
// ended counts where it fell due in the time asked for, or had no date.
func (f *figures) tally(tx *db.Tx, b *Board) error {
	told, mine := f.apart(), among(f.order)
	today, soon := workday.Of(tx.Now).String(), b.SoonDay.String()
	err := duty.EachOpen(tx, f.f.Rule, func(s *duty.Sum) {
		if !mine[s.Owner] {
			return
		}
		row := f.row(told.cell(s.Owner, s.Counterpart, s.Field))
		if row == nil {
			return
		}
		if s.Fate == duty.Suspended {
			row.Suspended += s.N
			return
		}
		row.Open += s.N
		switch {
		case s.Day == "":
			row.Dateless += s.N
		case s.Day < today:
			row.Missed += s.N
		case s.Day <= soon:
			row.Soon += s.N
			if s.Day == today {
				f.today += s.N
			}
		}
	})
	if err != nil || f.running {
		return err
	}
	return duty.EachEnded(tx, f.f.Rule, duty.Span{From: f.f.From, To: f.f.To, Dated: f.f.Dated}, duty.Apart{Owner: true, Counterpart: told.commune, Field: told.field}, func(s *duty.Sum) {
		if !mine[s.Owner] {
			return
		}
		row := f.row(told.cell(s.Owner, s.Counterpart, s.Field))
		if row == nil {
			return
		}
		switch s.Fate {
		case duty.Met:
			row.Met += s.N
		case duty.Late:
			row.Late += s.N
		case duty.Waived:
			row.Waived += s.N
		}
	})
}

// among says of a unit whether it is one of some.
func among(units []org.UnitID) map[org.UnitID]bool {
	mine := make(map[org.UnitID]bool, len(units))
	for _, u := range units {
		mine[u] = true
	}
	return mine
}

// waiting counts the answers on which the commune has said nothing yet: its word is a duty
// that runs, owed to the unit that answered.
func (f *figures) waiting(tx *db.Tx, _ *Board) error {
	if f.ofCase() { // what only the case knows: answer by answer
		a := args(nil)
		cond := f.f.ofCase(a.add)
		marks, all := in(f.order, a)
		// system: figures of units that the reader may see
		return tx.All(`SELECT a.unit, c.raiser, d.field, count(*) FROM petition_answer a
			JOIN duty d ON d.case_id = a.case_id AND d.rule = 'petition.settle' AND d.round = a.round JOIN casefile c ON c.id = a.case_id
			WHERE a.settled = '' AND a.unit IN (`+marks+`) AND d.ended_at IS NULL AND NOT d.request`+cond+`
			GROUP BY a.unit, c.raiser, d.field ORDER BY a.unit, c.raiser, d.field`, all, f.each(func(row *Row, n int64) { row.Unconfirmed += n }))
	}
	told, mine := f.apart(), among(f.order)
	return duty.EachOpen(tx, petition.MustSettle, func(s *duty.Sum) {
		if !mine[s.Counterpart] {
			return
		}
		if row := f.row(told.cell(s.Counterpart, s.Owner, s.Field)); row != nil {
			row.Unconfirmed += s.N
		}
	})
}
