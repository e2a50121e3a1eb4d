package org

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// Officers returns who holds posts in unit today, leaders first, then by section.
func Officers(tx *db.Tx, unit UnitID) ([]Held, error) {
	all, err := onceADay(tx, "officers/"+string(unit), func() ([]Held, error) { return holders(tx, unit, today(tx)) })
	return slices.Clone(all), err
}

// Holders returns who holds a post of the role in unit today, heads before deputies.
func Holders(tx *db.Tx, unit UnitID, role Role) ([]Held, error) {
	all, err := Officers(tx, unit)
	return slices.DeleteFunc(all, func(h Held) bool { return h.Post.Role != role }), err
}

// holders reads the posts of a unit on any day. The database's order is only steady; how
// an office lists its people is known here.
func holders(tx *db.Tx, unit UnitID, on workday.Date) (all []Held, err error) {
	err = tx.All(`SELECT o.id, o.name, o.email, o.phone, o.active, o.invented, `+postColumns+`
		FROM post p JOIN officer o ON o.id = p.officer
		WHERE p.unit = $1 AND p.since <= $2 AND (p.until IS NULL OR p.until > $2) AND o.active ORDER BY p.id`,
		[]any{unit, on}, func(r *sql.Rows) error {
			var h Held
			o := &h.Officer
			if err := r.Scan(append([]any{&o.ID, &o.Name, &o.Email, &o.Phone, &o.Active, &o.Invented}, h.Post.dest()...)...); err != nil {
				return err
			}
			all = append(all, h)
			return nil
		})
	slices.SortStableFunc(all, func(a, b Held) int {
		return cmp.Or(cmp.Compare(rank(a.Post), rank(b.Post)), cmp.Compare(a.Post.Section, b.Post.Section), cmp.Compare(a.Officer.ID, b.Officer.ID))
	})
	return all, err
}

// rank orders posts as an office lists its people; it ranks no persons.
func rank(p Post) int {
	order := []Role{Leader, Head, Desk, Specialist, Clerk, Admin}
	n := 2 * slices.Index(order, p.Role)
	if p.Deputy {
		n++
	}
	return n
}

// Above returns the officer who directs this one in unit: the head of his section,
// else the leader in charge of field, else the head of the unit. ok is false where the
// post above is vacant; the profile then names who stands in.
func Above(tx *db.Tx, officer OfficerID, unit UnitID, field string) (id OfficerID, ok bool, err error) {
	all, err := Officers(tx, unit)
	if err != nil {
		return "", false, err
	}
	at := slices.IndexFunc(all, func(h Held) bool { return h.Officer.ID == officer })
	if at >= 0 && all[at].Post.Section != "" && all[at].Post.Role != Head {
		for _, h := range all {
			if h.Post.Role == Head && h.Post.Section == all[at].Post.Section && !h.Post.Deputy && h.Officer.ID != officer {
				return h.Officer.ID, true, nil
			}
		}
	}
	if at >= 0 && all[at].Post.Role == Leader {
		id, ok = headOf(all)
		return id, ok && id != officer, nil
	}
	return leaderFor(tx, all, unit, field)
}

// LeaderFor returns the leader of unit who looks after field: the deputy whose charge
// names it, else the head. ok is false where nobody leads the unit.
func LeaderFor(tx *db.Tx, unit UnitID, field string) (id OfficerID, ok bool, err error) {
	all, err := Officers(tx, unit)
	if err != nil {
		return "", false, err
	}
	return leaderFor(tx, all, unit, field)
}

// leaderFor looks among deputies whose charge names the field; a charge of the whole
// work names none and leaves the matter to the head.
func leaderFor(tx *db.Tx, all []Held, unit UnitID, field string) (id OfficerID, ok bool, err error) {
	in, err := Charges(tx, unit, today(tx))
	if err != nil {
		return "", false, err
	}
	for _, h := range all {
		if h.Post.Role == Leader && h.Post.Deputy && slices.ContainsFunc(in, func(c Charge) bool {
			return c.Officer == h.Officer.ID && field != "" && coversField(c.Fields, field)
		}) {
			return h.Officer.ID, true, nil
		}
	}
	id, ok = headOf(all)
	return id, ok, nil
}

// headOf is the leader who is not a deputy; he may be acting.
func headOf(all []Held) (OfficerID, bool) {
	for _, h := range all {
		if h.Post.Role == Leader && !h.Post.Deputy {
			return h.Officer.ID, true
		}
	}
	return "", false
}

// FindOfficers returns active officers whose names hold text, in any case and without
// marks, by name, at most limit.
func FindOfficers(tx *db.Tx, text string, limit int) (all []Officer, err error) {
	want := vntext.Fold(text)
	// the signs of LIKE are in nobody's name; taken as they are they would find everyone
	if want == "" || strings.ContainsAny(want, "%_") {
		return nil, nil
	}
	err = tx.All(`SELECT id, name, email, phone, active, invented FROM officer
		WHERE active AND folded LIKE $1 ORDER BY folded, id LIMIT $2`, []any{"%" + want + "%", limit}, func(r *sql.Rows) error {
		var o Officer
		if err := r.Scan(&o.ID, &o.Name, &o.Email, &o.Phone, &o.Active, &o.Invented); err != nil {
			return err
		}
		all = append(all, o)
		return nil
	})
	return all, err
}
