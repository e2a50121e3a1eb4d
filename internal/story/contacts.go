package story

import (
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// contact: contact so-tu-phap of-so-tu-phap-head-1 [field=tu-phap deputy=…] names who answers
// for a unit in a field.
func contact(r *run, g given) (string, error) {
	return "", r.update(func(tx *db.Tx, who org.Actor) error {
		return org.SetContact(tx, who, org.Contact{Unit: org.UnitID(g.at(0)), Field: g.named["field"], Officer: org.OfficerID(g.at(1)),
			Deputy: org.OfficerID(g.named["deputy"])})
	})
}

// cover: cover OFFICER BY 2026-03-02 2026-03-06 'why' sends an officer's work to another
// while he is away.
func cover(r *run, g given) (string, error) {
	from, err := workday.ParseDate(g.at(2))
	if err != nil {
		return "", err
	}
	to, err := workday.ParseDate(g.at(3))
	if err != nil {
		return "", err
	}
	return "", r.update(func(tx *db.Tx, who org.Actor) error {
		_, err = org.SetCover(tx, who, org.Cover{Officer: org.OfficerID(g.at(0)), By: org.OfficerID(g.at(1)), From: from, To: to, Reason: g.at(4)})
		return err
	})
}
