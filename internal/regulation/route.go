package regulation

import (
	"time"

	"lienthong/internal/fault"
)

// A Route says which unit has a field at an instant, and on what that rests.
type Route struct {
	Field    string
	Name     string // the field's name in Vietnamese
	Unit     UnitID
	Clauses  []ClauseID
	Hole     bool   // the text leaves the field to nobody ("quy chế chưa nêu"): Unit is the Office
	Note     string // the mark of an interpretation
	Overlaps []Overlap

	rule *Applied // the rule that named Unit, where the table left that to one
}

// UnitFor finds the unit of a field on the office's day of at: the field's own row of
// the table, else that of the field above it. A declared hole goes to the unit that
// plays the role of fields.route, a point of the regulation itself to the one that
// plays that of regulation.amend. An unknown field, or one whose row is not in force
// on that day, is refused by name (fault.Invalid).
func (rb *Rulebook) UnitFor(field string, at time.Time) (Route, error) {
	if why, off := rb.off[RouteKey]; off {
		return Route{}, fault.Refuse(fault.Denied, "Không tự chọn cơ quan theo lĩnh vực: %s.", why)
	}
	f := rb.fields[field]
	if f == nil {
		return Route{}, fault.Field("field", "Lĩnh vực %.60q không có trong danh mục.", field)
	}
	r := Route{Field: field, Name: f.Name}
	for _, o := range rb.book.Overlaps {
		for _, id := range o.Fields {
			if id == field {
				r.Overlaps = append(r.Overlaps, o)
			}
		}
	}
	day := dayOf(at)
	for _, id := range rb.above(field) {
		if row := pick(rb.book.Holes, id, day); row != nil {
			return rb.hole(r, row, at)
		}
		if row := pick(rb.book.Fields, id, day); row != nil {
			return rb.given(r, row, f.Clause, at)
		}
	}
	return Route{}, fault.Field("field", "Lĩnh vực “%s” chưa có cơ quan phụ trách vào ngày này.", f.Name)
}

// given sends a field to the unit of its row, or to whom the row's rule names.
func (rb *Rulebook) given(r Route, row *FieldOf, clause ClauseID, at time.Time) (Route, error) {
	r.Unit, r.Note = row.Unit, row.Note
	if row.Rule != "" {
		rule, err := rb.Rule(row.Rule, at, "", r.Field)
		if err != nil {
			return Route{}, err
		}
		if r.Unit, r.rule = rule.Role("role").Unit, &rule; r.Unit == "" {
			return Route{}, fault.Field("field", "Lĩnh vực “%s” chưa có cơ quan phụ trách vào ngày này.", r.Name)
		}
	}
	r.Clauses = append(r.Clauses, clause)
	for _, c := range row.Clauses {
		if c != clause {
			r.Clauses = append(r.Clauses, c)
		}
	}
	return r, nil
}

// hole sends a declared hole to the unit that the route rule names.
func (rb *Rulebook) hole(r Route, row *FieldOf, at time.Time) (Route, error) {
	rule, err := rb.Rule(RouteKey, at, "", r.Field)
	if err != nil {
		return Route{}, err
	}
	r.Hole, r.Unit, r.Clauses, r.Note = true, rule.Role("hole").Unit, row.Clauses, row.Note
	return r, nil
}

// The row of a field that holds on a day.
func pick(rows []FieldOf, field, day string) *FieldOf {
	for i := range rows {
		if rows[i].Field == field && within(day, rows[i].From, rows[i].To) {
			return &rows[i]
		}
	}
	return nil
}
