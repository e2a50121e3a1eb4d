package org

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Point is a contact with the names and addresses by which he is reached today. When he
// is away, Reach is who answers for him: his deputy if that one is there, else whoever
// does his work.
type Point struct {
	Contact
	Name       string
	Phone      string
	Email      string
	DeputyName string

	Away        bool
	AwayUntil   workday.Date // the last day of it
	StandIn     OfficerID    // who does his work meanwhile
	StandInName string
	Reach       OfficerID
	ReachName   string
	ReachPhone  string
	ReachEmail  string
}

// Points returns the contacts of all units today with those who answer for whom is away,
// by unit and field. It shows what units tell each other anyway: names at work, no rights.
func Points(tx *db.Tx) (all []Point, err error) {
	defer fault.Wrap(&err, "contact points")
	type person struct{ name, phone, email string }
	deputies := map[OfficerID]person{}
	err = tx.All(`SELECT c.unit, c.field, c.officer, coalesce(c.deputy, ''), c.since, o.name, o.phone, o.email,
			coalesce(d.name, ''), coalesce(d.phone, ''), coalesce(d.email, '')
		FROM contact c JOIN officer o ON o.id = c.officer LEFT JOIN officer d ON d.id = c.deputy
		WHERE c.until IS NULL ORDER BY c.unit, c.field`, nil, func(r *sql.Rows) error {
		var p Point
		var d person
		err := r.Scan(&p.Unit, &p.Field, &p.Officer, &p.Deputy, &p.Since, &p.Name, &p.Phone, &p.Email, &d.name, &d.phone, &d.email)
		p.DeputyName, deputies[p.Deputy] = d.name, d
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	away, err := absent(tx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		p := &all[i]
		p.Reach, p.ReachName, p.ReachPhone, p.ReachEmail = p.Officer, p.Name, p.Phone, p.Email
		c, gone := away[p.Officer]
		if !gone {
			continue
		}
		p.Away, p.AwayUntil, p.StandIn = true, c.To, c.By
		by, err := OfficerOf(tx, c.By)
		if err != nil {
			return nil, err
		}
		p.StandInName = by.Name
		p.Reach, p.ReachName, p.ReachPhone, p.ReachEmail = by.ID, by.Name, by.Phone, by.Email
		if _, also := away[p.Deputy]; p.Deputy != "" && !also {
			d := deputies[p.Deputy]
			p.Reach, p.ReachName, p.ReachPhone, p.ReachEmail = p.Deputy, d.name, d.phone, d.email
		}
	}
	return all, nil
}

// absent returns the covers that hold today, by who is away.
func absent(tx *db.Tx) (all map[OfficerID]Cover, err error) {
	all = map[OfficerID]Cover{}
	err = tx.All(`SELECT id, officer, stand_in, reason, from_day, to_day FROM cover
		WHERE from_day <= $1 AND to_day >= $1 AND (ended IS NULL OR ended > $1)`, []any{today(tx)}, func(r *sql.Rows) error {
		var c Cover
		err := r.Scan(&c.ID, &c.Officer, &c.By, &c.Reason, &c.From, &c.To)
		all[c.Officer] = c
		return err
	})
	return all, err
}
