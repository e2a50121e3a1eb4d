package org

import (
	"encoding/json"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// An Entry is one line of the office's log: who changed what.
type Entry struct {
	ID     string
	At     string // an instant as stored
	By     string // an officer's id, or "system:" and a part of the program
	Act    string // the operation, "AssignPost"
	Unit   UnitID
	Target string // the row that changed
	Was    string // JSON, "" when there was nothing
	Became string // JSON, "" when it ended
}

// traced writes the log line of one change.
func traced(tx *db.Tx, who Actor, act string, unit UnitID, target string, was, became any) (err error) {
	defer fault.Wrap(&err, "org log")
	by := string(who.Officer)
	if who.System != "" {
		by = "system:" + who.System
	}
	before, err := asText(was)
	if err != nil {
		return err
	}
	after, err := asText(became)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO org_log (id, at, actor, act, unit, target, was, became) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.NewID(), tx.Now, by, act, unit, target, before, after)
	return err
}

// The value before and after a change as text; nothing for none.
func asText(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// Note writes a line into the office's log for what another package changed about a
// unit's people, such as an account: the act and whom it concerns, never a secret.
func Note(tx *db.Tx, who Actor, act string, unit UnitID, target string) error {
	return traced(tx, who, act, unit, target, nil, nil)
}
