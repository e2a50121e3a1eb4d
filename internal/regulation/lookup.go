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

// A Question asks for a rule: of a key, at an instant, for the unit it binds. The rest
// narrows it; what stands empty is not asked about.
type Question struct {
	Key    string
	At     time.Time
	Unit   UnitID
	Toward UnitID // to whom the act is owed; empty: rules are found whoever that is
	Field  string
}

// Rule finds the rule of key for a unit and a field at an instant, whoever it is owed to;
// see Find. field may be empty.
func (rb *Rulebook) Rule(key string, at time.Time, unit UnitID, field string) (Applied, error) {
	return rb.Find(Question{Key: key, At: at, Unit: unit, Field: field})
}

// Find finds the rule that answers a question: the nearest unit first, then the nearest
// counterpart, then the nearest field, then the profile's order (texts in force, settings,
// models). Rules that say otherwise come with it in Disagree; what a rule overrides does
// not: a farther one of the same text, or a farther setting of the tenant. A setting never
// silences a text.
//
// A key switched off is fault.Denied with the profile's reason; a rule not yet in force
// on that day is fault.Invalid with the day it begins; none at all is fault.NotFound.
func (rb *Rulebook) Find(q Question) (Applied, error) {
	day := dayOf(q.At)
	all, err := rb.find(q, day)
	if err != nil {
		return Applied{}, err
	}
	first := rb.applied(all[0].b, q.Unit, day)
	if rb.shape(q.Key).Many {
		return first, nil
	}
	for _, h := range all[1:] {
		if !all[0].b.same(h.b) && !all[0].overrides(h) {
			first.Disagree = append(first.Disagree, rb.applied(h.b, q.Unit, day))
		}
	}
	return first, nil
}

// Rules returns every rule of key for a unit, in the order of Rule: for keys whose
// rules stand side by side. The errors are those of Rule.
func (rb *Rulebook) Rules(key string, at time.Time, unit UnitID, field string) ([]Applied, error) {
	day := dayOf(at)
	all, err := rb.find(Question{Key: key, At: at, Unit: unit, Field: field}, day)
	if err != nil {
		return nil, err
	}
	list := make([]Applied, len(all))
	for i, h := range all {
		list[i] = rb.applied(h.b, unit, day)
	}
	return list, nil
}

// A hit is a binding that holds, with how near it stands to what was asked.
type hit struct {
	b                   *binding
	unit, toward, field int
}

// near compares two hits; the nearer is less.
func (h hit) near(o hit) int {
	return cmp.Or(cmp.Compare(h.unit, o.unit), cmp.Compare(h.toward, o.toward), cmp.Compare(h.field, o.field))
}

// overrides says whether the special rule h stands in the place of the general one o: as
// one text means its own general rule not to hold where it says something special, so a
// text settles what a setting of the tenant says of all.
func (h hit) overrides(o hit) bool {
	return h.near(o) < 0 && (h.b.Regulation == o.b.Regulation || o.b.Regulation == "")
}

// find returns the bindings that hold, best first, at least one.
func (rb *Rulebook) find(q Question, day string) (hits []hit, err error) {
	if why, off := rb.off[q.Key]; off {
		return nil, fault.Refuse(fault.Denied, "Quy định này không áp dụng ở đây: %s.", why)
	}
	units, toward, fields := rb.chain(q.Unit), rb.chain(q.Toward), rb.above(q.Field)
	begins := ""
	for _, b := range rb.byKey[q.Key] {
		h := hit{b, distance(b.Units, units), distance(b.Toward, toward), distance(b.Fields, fields)}
		if q.Toward == "" {
			h.toward = 0
		}
		if h.unit < 0 || h.toward < 0 || h.field < 0 || (b.To != "" && day >= b.To) {
			continue
		}
		if day < b.From {
			if begins == "" || b.From < begins {
				begins = b.From
			}
			continue
		}
		hits = append(hits, h)
	}
	if len(hits) == 0 {
		return nil, rb.none(q.Key, day, begins)
	}
	slices.SortFunc(hits, func(x, y hit) int { return cmp.Or(x.near(y), cmp.Compare(x.b.order, y.b.order)) })
	return hits, nil
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

// A rule for a unit on a day. A model binds until the province's decision takes effect; a unit the text
// does not bind is only asked.
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
