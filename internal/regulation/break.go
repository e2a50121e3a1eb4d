package regulation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// The ways in which Break spoils a binding. A story that still passes with its binding
// broken proves nothing about the clause.
const (
	BreakLimit = "limit" // every limit one longer; none becomes one working day
	BreakRole  = "role"  // every role to another unit; for fields.route every field to another unit
	BreakFlip  = "flip"  // every switch the other way
	BreakOff   = "off"   // the key switched off
)

// Ways returns the ways in which the rules of a key can be broken here, the mildest
// first; switching off is always one of them.
func (rb *Rulebook) Ways(key string) []string {
	shape := rb.shape(key)
	if shape == nil {
		return nil
	}
	has := map[Type]bool{}
	for _, b := range rb.byKey[key] {
		for name := range b.Params {
			has[shape.Params[name]] = true
		}
	}
	var ways []string
	if has[Limit] || has[Duration] || has[Recurrence] {
		ways = append(ways, BreakLimit)
	}
	if has[Role] {
		ways = append(ways, BreakRole)
	}
	if has[Bool] {
		ways = append(ways, BreakFlip)
	}
	return append(ways, BreakOff)
}

// Break returns a copy of the rulebook with the rules of one key spoiled in one way.
// It is for the coverage runner and tests; the copy says so (Broken) and has a hash of
// its own. An unknown key or way, or one that would change nothing, is fault.Invalid.
func (rb *Rulebook) Break(key, how string) (*Rulebook, error) {
	if !slices.Contains(rb.Ways(key), how) {
		return nil, fmt.Errorf("break %s by %q: %w", key, how, fault.Invalid)
	}
	var bk book
	if err := json.Unmarshal(rb.bytes, &bk); err != nil { // a deep copy
		return nil, err
	}
	bk.Broken = key + " " + how
	if how == BreakOff {
		bk.Off = append(bk.Off, Off{Key: key, Why: "bị tắt khi kiểm chứng"})
		return seal(bk)
	}
	shape := rb.shape(key)
	for i := range bk.Bindings {
		b := &bk.Bindings[i]
		if b.Key != key {
			continue
		}
		for name, v := range b.Params {
			if err := rb.spoil(shape.Params[name], v.Values, how); err != nil {
				return nil, err
			}
		}
	}
	if key == RouteKey && how == BreakRole {
		rotate(bk.Fields)
	}
	return seal(bk)
}

// spoil changes values of the type that how is about, in place.
func (rb *Rulebook) spoil(t Type, values []string, how string) error {
	for i, s := range values {
		switch {
		case how == BreakLimit && (t == Limit || t == Duration):
			l, err := workday.ParseLimit(s)
			if err != nil {
				return err
			}
			values[i] = longer(l).String()
		case how == BreakLimit && t == Recurrence:
			r, err := workday.ParseRecurrence(s)
			if err != nil {
				return err
			}
			values[i] = later(r).String()
		case how == BreakRole && t == Role:
			values[i] = rb.otherRole(s)
		case how == BreakFlip && t == Bool:
			values[i] = strconv.FormatBool(s != "true")
		}
	}
	return nil
}

// longer is the limit plus one of its unit.
func longer(l workday.Limit) workday.Limit {
	switch l.Unit {
	case workday.None:
		return workday.Limit{Unit: workday.WorkingDays, N: 1}
	case workday.Instant:
		l.At = workday.Of(l.At).AddDays(1).Midnight().Add(l.At.Sub(workday.Of(l.At).Midnight()))
	default:
		l.N++
	}
	return l
}

// later is the recurrence on the next day of its period, before the last of them if it is
// the last, and an hour later where an hour binds.
func later(r workday.Recurrence) workday.Recurrence {
	switch {
	case r.By != 0:
		r.By += 60
	case r.Every == workday.Weekly:
		r.Weekday = (r.Weekday + 1) % 7
	case r.Day == workday.LastDay:
		r.Day = 1
	default:
		r.Day++
	}
	return r
}

// otherRole returns the first role that another unit plays; the role itself when the
// whole tenant has one unit.
func (rb *Rulebook) otherRole(role string) string {
	unit := map[string]UnitID{}
	for _, r := range rb.book.Roles {
		if _, ok := unit[r.Role]; !ok {
			unit[r.Role] = r.Unit
		}
	}
	for _, name := range sortedKeys(unit) {
		if unit[name] != unit[role] {
			return name
		}
	}
	return role
}

// rotate gives each field to the unit of the next row that has another one.
func rotate(rows []FieldOf) {
	units := make([]UnitID, len(rows))
	for i := range rows {
		units[i] = rows[i].Unit
		if rows[i].Rule != "" {
			continue // its unit is the rule's to name, and breaks with the rule
		}
		for step := 1; step < len(rows); step++ {
			if u := rows[(i+step)%len(rows)].Unit; u != "" && u != rows[i].Unit {
				units[i] = u
				break
			}
		}
	}
	for i := range rows {
		rows[i].Unit = units[i]
	}
}
