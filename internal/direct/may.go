package direct

import (
	"errors"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// MayDown says whether Down would let the actor direct what lies at a place of a unit.
// It is pure, so that a page and an operation cannot differ.
func MayDown(who org.Actor, unit org.UnitID, at Place) bool {
	_, err := giver(who, unit, at)
	return err == nil
}

// MayReturn says whether ReturnUp would let the actor give back what lies at a place.
func MayReturn(who org.Actor, unit org.UnitID, at Place) bool {
	_, err := returner(who, unit, at)
	return err == nil
}

// MayRegister says whether the actor enters what comes in to a unit.
func MayRegister(who org.Actor, unit org.UnitID) bool {
	_, err := clerk(who, unit)
	return err == nil
}

// On says whether what lies at a place lies on the actor's own desk: he directs it
// further or does it. A covered officer's desk is his too.
func On(who org.Actor, unit org.UnitID, at Place) bool {
	if at.Officer != "" {
		return who.Officer == at.Officer || slices.Contains(who.Cover, at.Officer)
	}
	return MayDown(who, unit, at) && (at.Section == "" || who.Has(unit, org.Head) || !who.Has(unit, org.Leader))
}

// Registered returns under which number an arrival was entered at a unit, 0 when it was
// not. The caller holds the case.
func Registered(tx *db.Tx, id casefile.ID, unit org.UnitID, round int64) (n int64, err error) {
	// system: the caller holds the case
	err = tx.One(`SELECT n FROM incoming_entry WHERE case_id = $1 AND unit = $2 AND round = $3`, []any{string(id), string(unit), max(round, 1)}, &n)
	if errors.Is(err, fault.NotFound) {
		return 0, nil
	}
	return n, err
}
