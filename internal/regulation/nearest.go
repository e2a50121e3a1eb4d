package regulation

import (
	"slices"
	"strconv"
	"strings"
)

// distance says how near a scope is to a chain that runs from near to far: the first
// link the scope names, past the end for a scope that names nothing, -1 for no match.
func distance(scope, chain []string) int {
	if len(scope) == 0 {
		return len(chain)
	}
	for i, link := range chain {
		if slices.Contains(scope, link) {
			return i
		}
	}
	return -1
}

// chain lists what a rule may call a unit, nearest first: its id, its groups, and then
// the same of the unit above it. A body of a commune ("24000.phong-kinh-te-xa") is also
// called by its kind, a commune ("24000") by ubnd-cap-xa, a section ("so-y-te/nv") by
// its department.
func (rb *Rulebook) chain(unit UnitID) []string {
	if unit == "" {
		return nil
	}
	var all []string
	asked := false
	for id := string(unit); id != ""; {
		all = append(all, id)
		all = append(all, rb.groups[UnitID(id)]...)
		asked = asked || rb.asked[UnitID(id)]
		above := ""
		if i := strings.LastIndexAny(id, "./"); i >= 0 {
			above = id[:i]
			if kind := id[i+1:]; id[i] == '.' {
				all = append(all, kind)
				all = append(all, rb.groups[UnitID(kind)]...)
				asked = asked || rb.asked[UnitID(kind)]
			}
		} else if _, err := strconv.Atoi(id); err == nil {
			all = append(all, everyCommune)
			all = append(all, rb.groups[everyCommune]...)
		}
		if asked {
			break // a vertical body in a commune does not stand below the commune
		}
		id = above
	}
	if asked {
		all = append(all, requested)
	}
	return all
}

// above lists a field and the fields it is part of, nearest first.
func (rb *Rulebook) above(field string) []string {
	var all []string
	for field != "" && len(all) < 8 {
		all = append(all, field)
		f := rb.fields[field]
		if f == nil {
			break
		}
		field = f.Parent
	}
	return all
}

// Binds says whether rules bind a unit. It is false for vertical bodies and companies,
// to whom everything is a request (đề nghị).
func (rb *Rulebook) Binds(unit UnitID) bool {
	chain := rb.chain(unit)
	return len(chain) == 0 || chain[len(chain)-1] != requested
}
