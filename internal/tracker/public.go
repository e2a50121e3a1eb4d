package tracker

import (
	"database/sql"
	"errors"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// A PublicLine is one result that is made public. It names units and documents, no person.
type PublicLine struct {
	N        int64
	Title    string
	Lead     org.UnitID
	LeadName string
	Document string // number of the directive
	DueOn    workday.Date
	DoneOn   workday.Date
	Late     bool
	Number   string // of the paper that is the result
	Withheld bool
	Sealed   bool // the case is out of reach since
}

// An Edition is a released list.
type Edition struct {
	Quarter  Quarter
	Number   string
	IssuedOn workday.Date
	Results  int64
}

// Publications are those that the officer may read, the newest first.
func Publications(tx *db.Tx, who org.Actor) (all []*Publication, err error) {
	defer fault.Wrap(&err, "publications")
	var ids []casefile.ID
	err = tx.All(`SELECT p.case_id FROM publication p WHERE `+access.Visible("p.case_id", "$1")+` ORDER BY p.case_id DESC LIMIT 100`, []any{who.Reader()}, func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, err := GetPublication(tx, who, id)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Lines are the results of a publication that the caller has, those left out among them.
func (p *Publication) Lines(tx *db.Tx) ([]PublicLine, error) { return lines(tx, p.ID, true) }

// mostPublic bounds one list: a quarter of a province is far below.
const mostPublic = 50_000

func lines(tx *db.Tx, id casefile.ID, withheld bool) (all []PublicLine, err error) {
	// system: of a publication that is released, or that the caller holds. A sealed case shows
	// nothing of itself
	err = tx.All(`SELECT l.n, c.title, l.lead, coalesce(g.number, ''), l.due_on, l.done_on, l.late, l.number, l.withheld, c.sealed_at IS NOT NULL
		FROM publication_line l JOIN casefile c ON c.id = l.assignment JOIN assignment a ON a.case_id = l.assignment LEFT JOIN directive g ON g.case_id = a.directive
		WHERE l.case_id = $1 AND ($2 OR NOT l.withheld AND c.sealed_at IS NULL) ORDER BY l.n LIMIT `+itoa(mostPublic), []any{string(id), withheld}, func(r *sql.Rows) error {
		var l PublicLine
		err := r.Scan(&l.N, &l.Title, &l.Lead, &l.Document, &l.DueOn, &l.DoneOn, &l.Late, &l.Number, &l.Withheld, &l.Sealed)
		all = append(all, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	units := map[org.UnitID]bool{}
	var ids []org.UnitID
	for _, l := range all {
		if !units[l.Lead] {
			units[l.Lead] = true
			ids = append(ids, l.Lead)
		}
	}
	names, err := org.UnitNames(tx, ids...)
	for i := range all {
		all[i].LeadName = names[all[i].Lead]
	}
	return all, err
}

// Editions are what is public now, the newest quarter first; a fault.NotFound where the profile
// in force makes nothing public.
func Editions(tx *db.Tx) (all []Edition, err error) {
	defer fault.Wrap(&err, "public results")
	if _, _, ok, err := publisher(tx); err != nil || !ok {
		return nil, errors.Join(err, fault.NotFound)
	}
	// system: released lists, which are everybody's
	err = tx.All(`SELECT p.quarter, p.number, p.issued_on, (SELECT count(*) FROM publication_line l JOIN casefile c ON c.id = l.assignment
			WHERE l.case_id = p.case_id AND NOT l.withheld AND c.sealed_at IS NULL)
		FROM publication p WHERE p.released_at IS NOT NULL AND NOT p.dropped ORDER BY p.quarter DESC LIMIT 100`, nil, func(r *sql.Rows) error {
		var e Edition
		var quarter string
		err := r.Scan(&quarter, &e.Number, &e.IssuedOn, &e.Results)
		if err == nil {
			e.Quarter, err = ParseQuarter(quarter)
		}
		all = append(all, e)
		return err
	})
	return all, err
}

// Public is the released list of a quarter; a fault.NotFound where there is none.
func Public(tx *db.Tx, q Quarter) (e Edition, all []PublicLine, err error) {
	defer fault.Wrap(&err, "public results of %s", q)
	if _, _, ok, err := publisher(tx); err != nil || !ok {
		return e, nil, errors.Join(err, fault.NotFound)
	}
	var id casefile.ID
	e.Quarter = q
	// system: a released list, which is everybody's
	err = tx.One(`SELECT case_id, number, issued_on FROM publication WHERE quarter = $1 AND released_at IS NOT NULL AND NOT dropped`, []any{q.String()}, &id, &e.Number, &e.IssuedOn)
	if err != nil {
		return e, nil, err
	}
	all, err = lines(tx, id, false)
	e.Results = int64(len(all))
	return e, all, err
}

// PublicColumns are the columns of the public list.
var PublicColumns = []sheet.Column{{Title: "STT", Kind: sheet.Number, Width: 6}, {Title: "Nhiệm vụ", Width: 60}, {Title: "Cơ quan chủ trì", Width: 28}, {Title: "Văn bản giao", Width: 18},
	{Title: "Hạn hoàn thành", Kind: sheet.Day}, {Title: "Ngày báo cáo kết quả", Kind: sheet.Day}, {Title: "Kết quả", Width: 16}, {Title: "Văn bản kết quả", Width: 18}}

// Row is the line as the public list shows it, in the order of PublicColumns; n counts what is
// shown, so that nobody counts what is not.
func (l *PublicLine) Row(n int) []any {
	return []any{n, l.Title, l.LeadName, l.Document, l.DueOn, l.DoneOn, l.Kept(), l.Number}
}

// Kept says in words whether the date was kept.
func (l *PublicLine) Kept() string {
	switch {
	case l.DueOn.IsZero():
		return "không nêu hạn"
	case l.Late:
		return "quá hạn"
	}
	return "đúng hạn"
}
