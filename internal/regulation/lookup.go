package regulation

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// everyCommune is the id of agencies.csv that stands for any commune or ward, and
// requested the group of the units that are asked and not bound.
const (
	everyCommune = "ubnd-cap-xa"
	requested    = "requested"
)

// Rule finds the rule of key for a unit and a field at an instant: the nearest unit
// first, then the nearest field, then the profile's order (texts in force, settings,
// models). field may be empty. Rules that say otherwise come with it in Disagree.
//
// A key switched off is fault.Denied with the profile's reason; a rule not yet in force
// on that day is fault.Invalid with the day it begins; none at all is fault.NotFound.
func (rb *Rulebook) Rule(key string, at time.Time, unit UnitID, field string) (Applied, error) {
	all, err := rb.find(key, dayOf(at), unit, field)
	if err != nil {
		return Applied{}, err
	}
	first := rb.applied(all[0], unit, dayOf(at))
	if rb.shape(key).Many {
		return first, nil
	}
	for _, b := range all[1:] {
		if !all[0].same(b) {
			first.Disagree = append(first.Disagree, rb.applied(b, unit, dayOf(at)))
		}
	}
	return first, nil
}

// Rules returns every rule of key for a unit, in the order of Rule: for keys whose
// rules stand side by side. The errors are those of Rule.
func (rb *Rulebook) Rules(key string, at time.Time, unit UnitID, field string) ([]Applied, error) {
	all, err := rb.find(key, dayOf(at), unit, field)
	if err != nil {
		return nil, err
	}
	list := make([]Applied, len(all))
	for i, b := range all {
		list[i] = rb.applied(b, unit, dayOf(at))
	}
	return list, nil
}

// find returns the bindings that hold, best first, at least one.
func (rb *Rulebook) find(key, day string, unit UnitID, field string) ([]*binding, error) {
	if why, off := rb.off[key]; off {
		return nil, fault.Refuse(fault.Denied, "Quy định này không áp dụng ở đây: %s.", why)
	}
	type hit struct {
		b           *binding
		unit, field int
	}
	var hits []hit
	units, fields := rb.chain(unit), rb.above(field)
	begins := ""
	for _, b := range rb.byKey[key] {
		u, f := distance(b.Units, units), distance(b.Fields, fields)
		if u < 0 || f < 0 || (b.To != "" && day >= b.To) {
			continue
		}
		if day < b.From {
			if begins == "" || b.From < begins {
				begins = b.From
			}
			continue
		}
		hits = append(hits, hit{b, u, f})
	}
	if len(hits) == 0 {
		return nil, rb.none(key, day, begins)
	}
	slices.SortFunc(hits, func(x, y hit) int {
		return cmp.Or(cmp.Compare(x.unit, y.unit), cmp.Compare(x.field, y.field), cmp.Compare(x.b.order, y.b.order))
	})
	all := make([]*binding, len(hits))
	for i, h := range hits {
		all[i] = h.b
	}
	return all, nil
}

// none explains why no rule holds.
func (rb *Rulebook) none(key, day, begins string) error {
	if begins != "" {
		d, err := workday.ParseDate(begins)
		if err != nil {
			return err
		}
		on, err := workday.ParseDate(day)
		if err != nil {
			return err
		}
		return fault.Refuse(fault.Invalid, "Quy định có hiệu lực từ ngày %s, chưa áp dụng cho ngày %s.", d.Long(), on.Long())
	}
	return fault.Refuse(fault.NotFound, "Quy chế chưa nêu quy định cho việc này (%s).", key)
}

func (rb *Rulebook) applied(b *binding, unit UnitID, day string) Applied {
	d := rb.book.Decision
	return Applied{
		Key: b.Key, Regulation: b.Regulation, Clauses: b.Clauses, Note: b.Note,
		Model:   b.Model && (d == nil || day < d.Date),
		Request: !rb.Binds(unit),
		rb:      rb, b: b, day: day,
	}
}

// same says whether two bindings give the same values.
func (b *binding) same(c *binding) bool {
	return maps.EqualFunc(b.Params, c.Params, func(v, w Value) bool { return slices.Equal(v.Values, w.Values) })
}
