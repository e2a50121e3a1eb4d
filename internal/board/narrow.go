package board

import (
	"database/sql"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// args collects the arguments of one query.
type args []any

// add keeps an argument and returns its mark in the text of the query.
func (a *args) add(v any) string {
	q := statement{args: *a}
	mark := q.arg(v)
	*a = q.args
	return mark
}

// count counts duty by duty what the counters would, under a condition that they do not
// know. A narrow filter makes it short.
func (f *figures) count(tx *db.Tx, b *Board) error {
	marks, some := in(f.order, []any{f.f.Rule})
	a := args(some)
	now, soon := a.add(tx.Now), a.add(b.SoonDay.AddDays(1).Midnight())
	ended := ` FILTER (WHERE d.ended_at IS NOT NULL` + f.f.days(a.add)
	cond := f.f.ofCase(a.add)
	open := ` FILTER (WHERE d.fate = 'open'`
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT d.owner, c.raiser, d.field, count(*)`+open+`), count(*)`+open+` AND d.due_at <= `+now+`),
			count(*)`+open+` AND d.own_due_at > d.due_at AND d.due_at <= `+now+` AND d.own_due_at > `+now+`), count(*)`+open+` AND d.due_at > `+now+` AND d.due_at <= `+soon+`),
			count(*)`+open+` AND d.due_day = ''), count(*) FILTER (WHERE d.fate = 'suspended'),
			count(*)`+ended+` AND d.fate = 'met' AND d.ended_at < d.own_due_at),
			count(*)`+ended+` AND d.fate IN ('met', 'handed') AND d.ended_at >= d.own_due_at),
			count(*)`+ended+` AND d.fate = 'waived')
		FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.owner IN (`+marks+`) AND d.rule = $1 AND NOT d.request`+cond+` GROUP BY d.owner, c.raiser, d.field ORDER BY d.owner, c.raiser, d.field`, a, func(r *sql.Rows) error {
		var c cell
		var x Row
		err := r.Scan(&c.unit, &c.commune, &c.field, &x.Open, &x.Missed, &x.Inherited, &x.Soon, &x.Dateless, &x.Suspended, &x.Met, &x.Late, &x.Waived)
		if row := f.row(c); row != nil {
			row.plus(&x)
		}
		return err
	})
}

// An Orphan is a running duty that nothing would ever move, with what is missing.
type Orphan struct {
	Case  casefile.ID
	Code  string
	Rule  string
	Owner org.UnitID // "" where the owner is what is missing
	Why   string     // in Vietnamese
}

// Orphaned lists the duties behind Board.Orphans, at most limit, by case. Only who
// oversees every unit has this list.
func Orphaned(tx *db.Tx, who org.Actor, kinds duty.Kinds, limit int) (all []Orphan, err error) {
	defer fault.Wrap(&err, "orphans")
	if _, every, err := seen(tx, who); err != nil || !every {
		return nil, err
	}
	a := args{who.Reader(), limit}
	dated := ""
	for rule, k := range kinds {
		if k.Dated {
			dated += ` OR d.rule = ` + a.add(rule) + ` AND d.fate = 'open' AND d.due_day = ''`
		}
	}
	err = tx.All(`
		SELECT d.case_id, c.code, d.rule, d.owner, d.due_day, d.next_at FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.ended_at IS NULL AND `+access.Visible("d.case_id", "$1")+`
			AND (d.owner = '' OR d.due_day <> '' AND d.missed_at IS NULL AND d.next_at >= '9999' AND NOT d.request`+dated+`)
		ORDER BY d.case_id, d.rule, d.owner, d.round LIMIT $2`, a, func(r *sql.Rows) error {
		var o Orphan
		var due, next string
		err := r.Scan(&o.Case, &o.Code, &o.Rule, &o.Owner, &due, &next)
		switch {
		case o.Owner == "":
			o.Why = "chưa có đơn vị chịu trách nhiệm"
		case due == "":
			o.Why = "quy định đòi có hạn mà chưa có hạn"
		default:
			o.Why = "không có lần xem xét tiếp theo"
		}
		all = append(all, o)
		return err
	})
	return all, err
}

// A Charged is a deputy with a charge, by whom a board may be narrowed.
type Charged struct {
	Officer org.OfficerID
	Name    string
	Title   string
}

// ChargedIn returns the deputies of a unit who have a charge today, in the order of the
// unit's list.
func ChargedIn(tx *db.Tx, unit org.UnitID) (all []Charged, err error) {
	defer fault.Wrap(&err, "deputies of %s", unit)
	charges, err := org.Charges(tx, unit, workday.Of(tx.Now))
	if err != nil {
		return nil, err
	}
	held, err := org.Holders(tx, unit, org.Leader)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		for _, c := range charges {
			if c.Officer == h.Officer.ID {
				all = append(all, Charged{h.Officer.ID, h.Officer.Name, h.Post.Title})
				break
			}
		}
	}
	return all, nil
}
