package org

import "lienthong/internal/db"

// Overseers returns which units oversee every case of which kinds today.
func Overseers(tx *db.Tx) (map[UnitID][]string, error) { return overseers(tx, today(tx)) }
