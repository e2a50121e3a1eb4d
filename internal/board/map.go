package board

import (
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Place is one commune on the map: what it waits for from the departments.
type Place struct {
	Unit   org.UnitID
	Name   string
	Area   string // its region
	Open   int64  // answers it waits for, those missed included
	Missed int64  // of them past their date
}

// A Map is what the communes wait for (xã, phường đang chờ sở, ngành trả lời), every commune
// of today in the order of names, those that wait for nothing included.
type Map struct {
	Board  *Board // laid out by commune, under the same filter: what runs, and nothing that ended
	Places []Place
	Most   int64 // the largest figure shown
}

// MapOf reads the map under a filter. It is the board by commune and no other count; of
// what raises without being a commune of today, the board's total still speaks.
func MapOf(tx *db.Tx, who org.Actor, f Filter, kinds duty.Kinds) (m *Map, err error) {
	defer fault.Wrap(&err, "map")
	f.By = ByCommune
	b, err := readFor(tx, who, f, kinds, true)
	if err != nil {
		return nil, err
	}
	m = &Map{Board: b}
	figures := make(map[string]*Row, len(b.Rows))
	for i := range b.Rows {
		figures[b.Rows[i].Key] = &b.Rows[i]
	}
	communes, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
	if err != nil {
		return nil, err
	}
	for _, u := range communes {
		p := Place{Unit: u.ID, Name: u.Short, Area: u.Region}
		if r := figures[string(u.ID)]; r != nil {
			p.Open, p.Missed = r.Open, r.Missed
		}
		m.Places = append(m.Places, p)
		m.Most = max(m.Most, p.Of(f.Figure))
	}
	return m, nil
}

// Of returns the figure that the map is coloured by: Missed, or everything that runs.
func (p Place) Of(f Figure) int64 {
	if f == Missed {
		return p.Missed
	}
	return p.Open
}
