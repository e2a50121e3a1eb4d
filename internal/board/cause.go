package board

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// A Cause says what runs beside an answer and tells why it waits (vì sao còn chờ): the rule
// of that duty.
type Cause string

// Unsaid is the cause of what waits with nothing recorded that says why.
const Unsaid Cause = "none"

// Causes are the causes in the order of screens. A matter can have several.
var Causes = []struct {
	Cause Cause
	Say   string
}{
	{petition.MustClarify, "Chờ xã trả lời câu hỏi"}, {petition.MustAssign, "Chờ xác định cơ quan chủ trì"},
	{petition.MustContribute, "Chờ đơn vị phối hợp góp ý"}, {petition.MustExplain, "Đã yêu cầu giải trình, chưa có"}, {Unsaid, "Chưa ghi nguyên nhân nào"},
}

// beside is the condition of the small index of what runs beside an answer, on a duty w;
// word for word that of the index, which is used for nothing else. A report is owed after
// the answer and delays none.
const beside = `w.ended_at IS NULL
	AND w.rule IN ('petition.clarify', 'petition.assign', 'petition.contribute', 'petition.explain', 'petition.report')`

// A Reason is how many missed answers wait for one cause.
type Reason struct {
	Cause Cause
	Say   string
	N     int64
}

// Why counts the causes of the missed duties of a board that was read under the filter.
func Why(tx *db.Tx, who org.Actor, f Filter, b *Board) (all []Reason, err error) {
	defer fault.Wrap(&err, "causes")
	if b.Query.Rule != petition.MustAnswer {
		return nil, nil
	}
	may, _, err := seen(tx, who)
	if err != nil {
		return nil, err
	}
	f.Query = b.Query
	units, err := f.units(tx, may)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	g, err := newFigures(tx, units, f)
	if err != nil {
		return nil, err
	}
	said := map[Cause]int64{}
	some := int64(0)
	for _, c := range Causes {
		if c.Cause == Unsaid {
			continue
		}
		if said[c.Cause], err = g.missed(tx, ` AND w.rule = `, string(c.Cause)); err != nil {
			return nil, err
		}
	}
	if some, err = g.missed(tx, ` AND w.rule <> `, petition.MustReport); err != nil {
		return nil, err
	}
	said[Unsaid] = b.Total.Missed - some
	for _, c := range Causes {
		if n := said[c.Cause]; n > 0 {
			all = append(all, Reason{c.Cause, c.Say, n})
		}
	}
	return all, nil
}

// missed counts the missed answers on whose cases something of the rules runs.
func (f *figures) missed(tx *db.Tx, cond, rule string) (n int64, err error) {
	a := args{f.f.Rule, tx.Now, rule}
	more := f.f.ofCase(a.add)
	marks, all := in(f.order, a)
	// system: figures of units that the reader may see
	err = tx.All(`
		SELECT d.owner, c.raiser, d.field, count(*)
		FROM (SELECT DISTINCT w.case_id FROM duty w WHERE `+beside+cond+`$3) x JOIN duty d ON d.case_id = x.case_id JOIN casefile c ON c.id = d.case_id
		WHERE d.rule = $1 AND d.owner IN (`+marks+`) AND d.ended_at IS NULL AND d.fate = 'open' AND NOT d.request AND d.due_at <= $2`+more+`
		GROUP BY d.owner, c.raiser, d.field ORDER BY d.owner, c.raiser, d.field`, all, func(r *sql.Rows) error {
		var c cell
		var k int64
		err := r.Scan(&c.unit, &c.commune, &c.field, &k)
		if f.f.keeps(f.places, c) {
			n += k
		}
		return err
	})
	return n, err
}
