package org

import (
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/vntext"
)

// Find returns the standing units whose names hold every word of text, in any case and
// without marks, at most limit; those whose short name begins with it come first.
func Find(tx *db.Tx, text string, limit int) (found []Unit, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	want := vntext.Fold(text)
	words := strings.Fields(want)
	if len(words) == 0 {
		return nil, nil
	}
	on := today(tx)
	var later []Unit
	for _, u := range d.order {
		if !u.Stands(on) || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(u.folded, w) }) {
			continue
		}
		if strings.HasPrefix(u.folded, want) {
			found = append(found, *u)
		} else {
			later = append(later, *u)
		}
	}
	found = append(found, later...)
	return found[:min(limit, len(found))], nil
}

// foldedUnit is what Find searches.
func foldedUnit(short, name, abbr string) string { return vntext.Fold(short + " " + name + " " + abbr) }
