package board

import (
	"cmp"
	"database/sql"
	"math"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Hop is one unit's part of the time that petitions took which went through several units
// (từng chặng): from when they reached the first one to their first answer.
type Hop struct {
	Unit     org.UnitID
	Name     string
	Stays    int64   // how often a petition lay there; each is one line of Stays
	Answered int64   // of them, those that ended with the answer and not with a forwarding
	Days     int64   // working days of all stays
	Average  float64 // working days a stay
	Half     int     // half of the stays were at most so long
	Share    int     // percent of the days of all rows, rounded
}

// A Stay is one petition while it lay with one unit.
type Stay struct {
	Case  casefile.ID
	Code  string
	Title string
	Unit  org.UnitID
	N     int64     // the how manieth unit it went through, from 1
	From  time.Time // when it came
	To    time.Time // when it was forwarded or answered
	Next  org.UnitID
	Days  int64
}

// stays is every stay of petitions that were forwarded before their first answer, which came
// between two instants: those that ended with a forwarding, and the last, which ended with
// the answer. The own share of one unit is on the board; here it is how the whole divides.
//
// system: a part of queries: figures of units that the reader may see, or a list that asks access.Visible
const stays = `(
	SELECT h.case_id, h.n, h.unit, h.arrived_at AS came, h.left_at AS went, h.next_unit
	FROM petition_hop h JOIN petition_answer a ON a.case_id = h.case_id AND a.round = 1
	WHERE h.left_at <= a.answered_at AND a.answered_at >= $1 AND a.answered_at < $2
	UNION ALL
	SELECT a.case_id, max(h.n) + 1, a.unit, max(h.left_at), a.answered_at, ''
	FROM petition_hop h JOIN petition_answer a ON a.case_id = h.case_id AND a.round = 1
	WHERE h.left_at <= a.answered_at AND a.answered_at >= $1 AND a.answered_at < $2
	GROUP BY a.case_id, a.unit, a.answered_at) x JOIN casefile c ON c.id = x.case_id`

// hopsOf narrows stays to what a filter asks and who may see.
func hopsOf(tx *db.Tx, who org.Actor, f *Filter) (units []org.UnitID, cond string, a args, err error) {
	may, _, err := seen(tx, who)
	if err != nil {
		return nil, "", nil, err
	}
	if units, err = f.Query.units(tx, may); err != nil {
		return nil, "", nil, err
	}
	f.defaults(workday.Of(tx.Now))
	p, err := f.places(tx)
	a = args{f.From.Midnight(), f.To.AddDays(1).Midnight()}
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = string(u)
	}
	cond = oneOf("x.unit", names, a.add) + f.narrow(p, "c.field", a.add)
	return units, cond, a, err
}

// Hops returns how the time of petitions that went through several units was divided between
// them, by unit in the order of lists, with their sum: petitions that were first answered
// between From and To. Time is measured on the calendar as it is known now.
func Hops(tx *db.Tx, who org.Actor, f Filter) (all []Hop, total Hop, err error) {
	defer fault.Wrap(&err, "hops")
	units, cond, a, err := hopsOf(tx, who, &f)
	if err != nil {
		return nil, total, err
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, total, err
	}
	of, lengths := map[org.UnitID]*Hop{}, map[org.UnitID]map[int64]int64{}
	every := map[int64]int64{}
	// system: figures of units that the reader may see
	err = tx.All(`SELECT x.unit, x.came, x.went, x.next_unit FROM `+stays+` WHERE `+cond+` ORDER BY x.case_id, x.n`, a, func(r *sql.Rows) error {
		var s Stay
		if err := r.Scan(&s.Unit, db.Instant(&s.From), db.Instant(&s.To), &s.Next); err != nil {
			return err
		}
		h := of[s.Unit]
		if h == nil {
			h = &Hop{Unit: s.Unit}
			of[s.Unit], lengths[s.Unit] = h, map[int64]int64{}
		}
		days := share(rev, s.From, s.To)
		for _, sum := range []*Hop{h, &total} {
			sum.Stays++
			sum.Days += days
			if s.Next == "" {
				sum.Answered++
			}
		}
		lengths[s.Unit][days]++
		every[days]++
		return nil
	})
	if err != nil {
		return nil, total, err
	}
	names, err := org.UnitNames(tx, units...)
	for _, u := range units {
		if h := of[u]; h != nil {
			h.Name = cmp.Or(names[u], string(u))
			h.measure(lengths[u], total.Days)
			all = append(all, *h)
		}
	}
	total.measure(every, total.Days)
	return all, total, err
}

// measure says what follows from how many stays took how many days, of the days of all.
func (h *Hop) measure(lengths map[int64]int64, all int64) {
	_, h.Half, h.Average = half(sorted(lengths))
	if all > 0 {
		h.Share = int(math.Round(100 * float64(h.Days) / float64(all)))
	}
}

// Stays lists the stays behind Hops that who may see, the newest case first, at most limit,
// with the cursor of the rest.
func Stays(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (all []Stay, next string, err error) {
	defer fault.Wrap(&err, "stays")
	_, cond, a, err := hopsOf(tx, who, &f)
	if err != nil {
		return nil, "", err
	}
	if cursor != "" {
		after, err := parseEnd(cursor)
		if err != nil {
			return nil, "", err
		}
		cond += ` AND (x.case_id, x.n) < (` + a.add(after.id) + `, ` + a.add(after.round) + `)`
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, "", err
	}
	cond += ` AND ` + access.Visible("x.case_id", a.add(who.Reader()))
	err = tx.All(`SELECT x.case_id, c.code, c.title, x.unit, x.n, x.came, x.went, x.next_unit FROM `+stays+` WHERE `+cond+`
		ORDER BY x.case_id DESC, x.n DESC LIMIT `+a.add(limit+1), a, func(r *sql.Rows) error {
		var s Stay
		err := r.Scan(&s.Case, &s.Code, &s.Title, &s.Unit, &s.N, db.Instant(&s.From), db.Instant(&s.To), &s.Next)
		s.Days = share(rev, s.From, s.To)
		all = append(all, s)
		return err
	})
	if err == nil && len(all) > limit {
		all = slices.Clip(all[:limit])
		last := all[limit-1]
		next = end{id: string(last.Case), round: last.N}.cursor()
	}
	return all, next, err
}
