package org

import (
	"slices"

	"lienthong/internal/db"
)

// Overseers returns which units oversee every case of which kinds today.
func Overseers(tx *db.Tx) (map[UnitID][]string, error) { return overseers(tx, today(tx)) }

// Follows says whether the actor is a desk officer of a unit that oversees every case of
// a kind today. The role alone says nothing: a unit's own administrator hands it out, so
// that what reaches beyond the unit rests on what the unit is.
func Follows(tx *db.Tx, who Actor, kind string) (bool, error) {
	over, err := Overseers(tx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(who.Posts, func(p Post) bool { return p.Role == Desk && slices.Contains(over[p.Unit], kind) }), nil
}
