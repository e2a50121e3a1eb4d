package org

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Cover (làm thay) sends an officer's work and reminders to another while he is on
// leave, on mission or off duty. No signature goes with it, and of reading only what
// is addressed to the covered officer himself.
type Cover struct {
	ID      string
	Officer OfficerID // who is away
	By      OfficerID // who does the work
	Reason  string
	From    workday.Date // first day
	To      workday.Date // last day
	Ended   workday.Date // the day from which it was called off
}

// InForce says whether the cover holds on a day.
func (c Cover) InForce(on workday.Date) bool {
	return !on.Before(c.From) && !on.After(c.To) && (c.Ended.IsZero() || on.Before(c.Ended))
}

// SetCover records who does an officer's work from day to day. An officer has at most
// one on a day, and one who is himself away then cannot stand in.
func SetCover(tx *db.Tx, who Actor, c Cover) (id string, err error) {
	defer fault.Wrap(&err, "cover %s by %s", c.Officer, c.By)
	if err := hold(tx); err != nil {
		return "", err
	}
	if c.Reason, err = text("reason", "Lý do", c.Reason); err != nil {
		return "", err
	}
	switch {
	case c.From.IsZero() || c.To.IsZero() || c.To.Before(c.From):
		return "", fault.Field("to", "Cần ghi từ ngày nào đến hết ngày nào, ngày đầu không sau ngày cuối.")
	case c.To.Before(today(tx)):
		return "", fault.Field("to", "Thời gian làm thay đã qua.")
	case c.By == c.Officer:
		return "", fault.Field("by", "Người làm thay phải là người khác.")
	}
	// asked on the first day of the cover, when both must serve in one unit
	unit, err := c.check(tx)
	if err != nil {
		return "", err
	}
	c.ID, c.Ended = tx.NewID(), workday.Date{}
	if _, err := tx.Exec(`INSERT INTO cover (id, officer, stand_in, reason, from_day, to_day, ended) VALUES ($1, $2, $3, $4, $5, $6, NULL)`,
		c.ID, c.Officer, c.By, c.Reason, c.From, c.To); err != nil {
		return "", err
	}
	if err := traced(tx, who, "SetCover", unit, c.ID, nil, c); err != nil {
		return "", err
	}
	return c.ID, c.turned(tx)
}

// turned derives anew what the stand-in may read; the covered officer's reading stays.
func (c Cover) turned(tx *db.Tx) error {
	if err := changed(tx, false, true); err != nil {
		return err
	}
	return remember(tx, c.By)
}

// check returns the unit in which both have a post.
func (c Cover) check(tx *db.Tx) (UnitID, error) {
	by, err := OfficerOf(tx, c.By)
	if err != nil {
		return "", err
	}
	if !by.Active {
		return "", fault.Field("by", "%s không còn làm việc.", by.Name)
	}
	away, err := postsOf(tx, c.Officer, c.From)
	if err != nil {
		return "", err
	}
	stand, err := postsOf(tx, c.By, c.From)
	if err != nil {
		return "", err
	}
	unit := sharedUnit(away, stand)
	if unit == "" {
		return "", fault.Field("by", "Người làm thay phải cùng cơ quan, đơn vị với người vắng.")
	}
	clash := 0
	err = tx.One(`SELECT count(*) FROM cover WHERE (officer = $1 OR officer = $2) AND from_day <= $3 AND to_day >= $4
		AND (ended IS NULL OR ended > $4)`, []any{c.Officer, c.By, c.To, c.From}, &clash)
	if err != nil {
		return "", err
	}
	if clash > 0 {
		return "", fault.Field("from", "Trong thời gian này người vắng đã có người làm thay, hoặc người làm thay cũng vắng.")
	}
	return unit, nil
}

// sharedUnit is a unit in which both hold a post, "" when there is none: work does not
// leave the house because somebody is away.
func sharedUnit(a, b []Post) UnitID {
	for _, p := range a {
		for _, q := range b {
			if p.Unit == q.Unit {
				return p.Unit
			}
		}
	}
	return ""
}

// EndCover calls a cover off from today.
func EndCover(tx *db.Tx, who Actor, id string) (err error) {
	defer fault.Wrap(&err, "end cover %s", id)
	if err := hold(tx); err != nil {
		return err
	}
	var c Cover
	err = tx.One(`UPDATE cover SET ended = $1 WHERE id = $2 AND ended IS NULL AND to_day >= $1
		RETURNING id, officer, stand_in, reason, from_day, to_day, ended`, []any{today(tx), id},
		&c.ID, &c.Officer, &c.By, &c.Reason, &c.From, &c.To, &c.Ended)
	if fault.Kind(err) == fault.NotFound {
		return fault.Refuse(fault.NotFound, "Không có việc làm thay này, hoặc đã kết thúc.")
	}
	if err != nil {
		return err
	}
	if err := traced(tx, who, "EndCover", "", id, nil, c); err != nil {
		return err
	}
	return c.turned(tx)
}
