package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/workday"
)

// covered returns whose work an officer does on a day.
func covered(tx *db.Tx, by OfficerID, on workday.Date) (all []OfficerID, err error) {
	err = tx.All(`SELECT DISTINCT officer FROM cover WHERE stand_in = $1 AND from_day <= $2 AND to_day >= $2
		AND (ended IS NULL OR ended > $2) ORDER BY officer`, []any{by, on}, func(r *sql.Rows) error {
		var id OfficerID
		err := r.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// Covers returns the covers of an officer that have not passed, by their first day.
func Covers(tx *db.Tx, officer OfficerID) ([]Cover, error) {
	all, err := onceADay(tx, "covers/"+string(officer), func() ([]Cover, error) { return readCovers(tx, officer) })
	return slices.Clone(all), err
}

// Covers that still run or are to come; ended ones only explain the past.
func readCovers(tx *db.Tx, officer OfficerID) (all []Cover, err error) {
	err = tx.All(`SELECT id, officer, stand_in, reason, from_day, to_day, ended FROM cover
		WHERE officer = $1 AND to_day >= $2 AND ended IS NULL ORDER BY from_day, id`, []any{officer, today(tx)}, func(r *sql.Rows) error {
		var c Cover
		if err := r.Scan(&c.ID, &c.Officer, &c.By, &c.Reason, &c.From, &c.To, &c.Ended); err != nil {
			return err
		}
		all = append(all, c)
		return nil
	})
	return all, err
}

// StandIn returns who does an officer's work today: himself, or who covers him.
func StandIn(tx *db.Tx, officer OfficerID) (OfficerID, error) {
	all, err := Covers(tx, officer)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.InForce(today(tx)) {
			return c.By, nil
		}
	}
	return officer, nil
}
