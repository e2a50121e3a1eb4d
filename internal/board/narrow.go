package board

import (
	"database/sql"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// ReadFor is Read narrowed to what the filter names beyond units and days: a field, a
// commune, a state of the case, an outcome of its last answer. The tally knows none of
// them, so the duties of the units are counted themselves; how long answers took is not
// kept by them and stays empty.
func ReadFor(tx *db.Tx, who org.Actor, f Filter, kinds duty.Kinds) (b *Board, err error) {
	if f.Field == "" && f.Commune == "" && f.State == "" && f.Outcome == "" {
		return Read(tx, who, f.Query, kinds)
	}
	defer fault.Wrap(&err, "narrowed board")
	return read(tx, who, f.Query, kinds, func(g *figures) []func(*db.Tx, *Board) error {
		n := narrowed{g, f}
		return []func(*db.Tx, *Board) error{n.count, n.waiting, n.unresolved}
	})
}

// narrowed counts the duties that a filter takes.
type narrowed struct {
	*figures
	f Filter
}

// args collects the arguments of one query.
type args []any

// add keeps an argument and returns its mark in the text of the query.
func (a *args) add(v any) string {
	q := statement{args: *a}
	mark := q.arg(v)
	*a = q.args
	return mark
}

// running is the condition of the lists of running duties: they go by the duty's field.
func (n narrowed) running(a *args) (cond string) {
	cond = "TRUE"
	if f := n.f.Field; f != "" {
		cond += ` AND (d.field = ` + a.add(f) + ` OR substr(d.field, 1, ` + a.add(len(f)+1) + `) = ` + a.add(f+".") + `)`
	}
	if n.f.Commune != "" {
		cond += ` AND c.raiser = ` + a.add(string(n.f.Commune))
	}
	return cond + n.f.ofCase(a.add)
}

// count counts what the tally would, each figure under the condition of its list.
func (n narrowed) count(tx *db.Tx, b *Board) error {
	if len(n.order) == 0 {
		return nil
	}
	q := b.Query
	marks, some := in(n.order, []any{q.Rule})
	a := args(some)
	f := n.f
	f.Query = q
	open := ` FILTER (WHERE d.fate = 'open' AND ` + n.running(&a)
	now, soon := a.add(tx.Now), a.add(b.SoonDay.AddDays(1).Midnight())
	ended := ` FILTER (WHERE d.ended_at IS NOT NULL` + f.narrow(a.add) + f.days(a.add)
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT d.owner, count(*)`+open+`), count(*)`+open+` AND d.due_at <= `+now+`),
			count(*)`+open+` AND d.own_due_at > d.due_at AND d.due_at <= `+now+` AND d.own_due_at > `+now+`), count(*)`+open+` AND d.due_at > `+now+` AND d.due_at <= `+soon+`),
			count(*)`+open+` AND d.due_day = ''), count(*) FILTER (WHERE d.fate = 'suspended' AND `+n.running(&a)+`),
			count(*)`+ended+` AND d.fate = 'met' AND d.ended_at < d.own_due_at),
			count(*)`+ended+` AND d.fate IN ('met', 'handed') AND d.ended_at >= d.own_due_at),
			count(*)`+ended+` AND d.fate = 'waived')
		FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.owner IN (`+marks+`) AND d.rule = $1 AND NOT d.request GROUP BY d.owner ORDER BY d.owner`, a, func(r *sql.Rows) error {
		var row Row
		err := r.Scan(&row.Unit, &row.Open, &row.Missed, &row.Inherited, &row.Soon, &row.Dateless, &row.Suspended, &row.Met, &row.Late, &row.Waived)
		*n.row[row.Unit] = row
		return err
	})
}

// waiting counts the answers on which the commune has said nothing yet.
func (n narrowed) waiting(tx *db.Tx, b *Board) error {
	if b.Query.Rule != petition.MustAnswer || len(n.order) == 0 {
		return nil
	}
	marks, some := in(n.order, nil)
	a := args(some)
	// system: figures of units that the reader may see
	return tx.All(`SELECT a.unit, count(*) FROM petition_answer a JOIN casefile c ON c.id = a.case_id
		WHERE a.settled = '' AND a.unit IN (`+marks+`)`+n.f.narrow(a.add)+` GROUP BY a.unit ORDER BY a.unit`, a, func(r *sql.Rows) error {
		var unit org.UnitID
		var k int64
		err := r.Scan(&unit, &k)
		n.row[unit].Unconfirmed = k
		return err
	})
}

// unresolved counts the matters that an answer left open.
func (n narrowed) unresolved(tx *db.Tx, b *Board) error {
	if b.Query.Rule != petition.MustAnswer || len(n.order) == 0 {
		return nil
	}
	marks, some := in(n.order, []any{petition.MustReport})
	a := args(some)
	cond := n.running(&a)
	// system: figures of units that the reader may see
	return tx.All(`SELECT d.owner, count(*) FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.owner IN (`+marks+`) AND d.rule = $1 AND d.fate = 'open' AND NOT d.request AND `+cond+` GROUP BY d.owner ORDER BY d.owner`, a,
		func(r *sql.Rows) error {
			var unit org.UnitID
			var k int64
			err := r.Scan(&unit, &k)
			n.row[unit].Unresolved = k
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
