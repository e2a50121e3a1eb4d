package org

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// SeatAboveAll is the unit above all in which the actor administers: the one whose log tells
// what was done to the whole office. Who administers none is fault.Denied.
func SeatAboveAll(tx *db.Tx, who Actor) (UnitID, error) {
	for _, p := range who.Posts {
		if p.Role != Admin {
			continue
		}
		u, err := UnitOf(tx, p.Unit)
		if err != nil {
			return "", err
		}
		if u.Parent == "" {
			return u.ID, nil
		}
	}
	return "", fault.Refuse(fault.Denied, "Việc này do quản trị của tỉnh làm.")
}
