package regulation

import (
	"time"

	"lienthong/internal/workday"
)

// Hash returns the SHA-256 of the rulebook's bytes, in hexadecimal.
func (rb *Rulebook) Hash() string { return rb.hash }

// Bytes returns the canonical bytes; the caller does not change them.
func (rb *Rulebook) Bytes() []byte { return rb.bytes }

// Profile returns the id of the profile that was compiled.
func (rb *Rulebook) Profile() string { return rb.book.Profile }

// Name returns the tenant's name as the profile writes it.
func (rb *Rulebook) Name() string { return rb.book.Name }

// Broken says what Break did to it; empty for a rulebook of an office.
func (rb *Rulebook) Broken() string { return rb.book.Broken }

// Regulations returns the texts of the rulebook in order of precedence.
func (rb *Rulebook) Regulations() []InForce { return rb.book.Regulations }

// Clauses returns every clause of those texts, in their order.
func (rb *Rulebook) Clauses() []Clause { return rb.book.Clauses }

// Catalogue returns the fields of the tenant's list, parents before children.
func (rb *Rulebook) Catalogue() []Field { return rb.book.Catalogue }

// Keys returns the names of the keys the rulebook knows, switched off ones included.
func (rb *Rulebook) Keys() []string {
	names := make([]string, len(rb.book.Keys))
	for i, k := range rb.book.Keys {
		names[i] = k.Name
	}
	return names
}

// On says whether key is known here and not switched off; why is the profile's reason
// when it is off.
func (rb *Rulebook) On(key string) (on bool, why string) {
	why, off := rb.off[key]
	return !off && rb.shape(key) != nil, why
}

// Clause returns a clause of the rulebook; ok is false when none of its texts has it.
func (rb *Rulebook) Clause(id ClauseID) (c Clause, ok bool) {
	if p := rb.clauses[id]; p != nil {
		return *p, true
	}
	return Clause{}, false
}

// Citation says how a clause is cited in Vietnamese; an id that the rulebook does not
// have is given back as it is.
func (rb *Rulebook) Citation(id ClauseID) string {
	if c := rb.clauses[id]; c != nil {
		return c.Cite
	}
	return string(id)
}

// ShortCitation is Citation as a list gives it; a rulebook of before there were short
// ones gives the long one.
func (rb *Rulebook) ShortCitation(id ClauseID) string {
	if c := rb.clauses[id]; c != nil && c.Short != "" {
		return c.Short
	}
	return rb.Citation(id)
}

// Role returns the unit that plays a role on the office's day of at; ok is false when
// the role maps to nobody then.
func (rb *Rulebook) Role(name string, at time.Time) (r RoleOf, ok bool) {
	return rb.roleOn(name, dayOf(at))
}

// Who has a role on a day.
func (rb *Rulebook) roleOn(name, day string) (RoleOf, bool) {
	for _, r := range rb.book.Roles {
		if r.Role == name && within(day, r.From, r.To) {
			return r, true
		}
	}
	return RoleOf{}, false
}

// RolesOf returns the roles that a unit plays at an instant.
func (rb *Rulebook) RolesOf(unit UnitID, at time.Time) (names []string) {
	day := dayOf(at)
	for _, r := range rb.book.Roles {
		if r.Unit == unit && within(day, r.From, r.To) {
			names = append(names, r.Role)
		}
	}
	return names
}

// dayOf is the office's day of an instant as data writes it.
func dayOf(at time.Time) string { return workday.Of(at).String() }

// within says whether day lies in [from, to); an empty end is open.
func within(day, from, to string) bool {
	return (from == "" || day >= from) && (to == "" || day < to)
}
