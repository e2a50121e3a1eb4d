package tracker

import (
	"database/sql"
	"slices"
	"strconv"

	"lienthong/internal/access"
	"lienthong/internal/board"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// lay puts cells into rows.
func (s *scene) lay(by Dimension, all []cell) (rows []Row, more bool, err error) {
	switch by {
	case ByField:
		rows, err = s.byField(all)
	case ByLeader:
		rows, err = s.byLeader(all)
	case ByDirective:
		return s.byDirective()
	default:
		rows, err = s.byUnit(all)
	}
	return rows, false, err
}

func (s *scene) byUnit(all []cell) (rows []Row, err error) {
	of := map[org.UnitID]*Figures{}
	for i := range all {
		if of[all[i].unit] == nil {
			of[all[i].unit] = &Figures{}
		}
		of[all[i].unit].plus(all[i].Figures)
	}
	names, err := org.UnitNames(s.tx, s.units...)
	for _, u := range s.units {
		if f := of[u]; f != nil && *f != (Figures{}) {
			rows = append(rows, Row{Key: string(u), Name: names[u], Figures: *f})
		}
	}
	return rows, err
}

// byField sums by the fields of the catalogue; a field that it no longer has keeps its id.
func (s *scene) byField(all []cell) (rows []Row, err error) {
	rb, err := regulation.Current(s.tx)
	if err != nil {
		return nil, err
	}
	of := map[string]*Figures{}
	for i := range all {
		if of[all[i].field] == nil {
			of[all[i].field] = &Figures{}
		}
		of[all[i].field].plus(all[i].Figures)
	}
	take := func(key, name string) {
		if f := of[key]; f != nil && *f != (Figures{}) {
			rows = append(rows, Row{Key: key, Name: name, Figures: *f})
		}
		delete(of, key)
	}
	for _, f := range rb.Catalogue() {
		take(f.ID, f.Name)
	}
	take("", "Chưa rõ lĩnh vực")
	rest := make([]string, 0, len(of))
	for key := range of {
		rest = append(rest, key)
	}
	slices.Sort(rest)
	for _, key := range rest {
		take(key, key)
	}
	return rows, nil
}

// byLeader sums what lies in each leader's charge; a unit in two charges counts in both,
// so the rows need not come to the total.
func (s *scene) byLeader(all []cell) (rows []Row, err error) {
	every, err := org.Units(s.tx, org.Filter{Level: org.LevelProvince})
	if err != nil {
		return nil, err
	}
	for _, u := range every {
		if u.Kind != org.KindChairman && u.Kind != org.KindCommittee {
			continue
		}
		leaders, err := board.ChargedIn(s.tx, u.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range leaders {
			of, whole, err := board.InCharge(s.tx, one.Officer)
			if err != nil {
				return nil, err
			}
			row := Row{Key: string(one.Officer), Name: one.Name + ", " + one.Title}
			for _, c := range all {
				if whole || slices.Contains(of, c.unit) {
					row.plus(c.Figures)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// newest are the released directives that the reader may read, newest first, one more than
// have a row, each with the words of its row and without figures.
func (s *scene) newest() (rows []Row, err error) {
	q := &statement{}
	q.add(`g.released_at IS NOT NULL`)
	if s.f.Directive != "" {
		q.add(`g.case_id = ` + q.arg(string(s.f.Directive)))
	}
	q.add(access.Visible("g.case_id", q.arg(s.who.Reader())))
	err = s.tx.All(`SELECT g.case_id, g.number, g.issued_on, c.title FROM directive g JOIN casefile c ON c.id = g.case_id WHERE `+q.all()+`
		ORDER BY g.case_id DESC LIMIT `+strconv.Itoa(Newest+1), q.args, func(r *sql.Rows) error {
		var row Row
		var number, title string
		var on workday.Date
		err := r.Scan(&row.Key, &number, &on, &title)
		row.Name = title
		if number != "" {
			row.Name = "Số " + number + " ngày " + on.Long() + ": " + title
		}
		rows = append(rows, row)
		return err
	})
	return rows, err
}
