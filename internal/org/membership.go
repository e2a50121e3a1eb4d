package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// remember brings the membership rows of the given officers up to what their posts say.
func remember(tx *db.Tx, officers ...OfficerID) (err error) {
	defer fault.Wrap(&err, "membership")
	d, err := units(tx)
	if err != nil {
		return err
	}
	on := today(tx)
	over, err := overseers(tx, on)
	if err != nil {
		return err
	}
	// an officer named twice is written once
	slices.Sort(officers)
	for _, id := range slices.Compact(officers) {
		s, err := standingOf(tx, id, on)
		if err != nil {
			return err
		}
		// written anew instead of compared: the rows of one officer are few
		if _, err := tx.Exec(`DELETE FROM membership WHERE actor = $1`, id); err != nil {
			return err
		}
		if err := addMembership(tx, map[OfficerID][]string{id: d.readers(s, over, on)}); err != nil {
			return err
		}
	}
	return nil
}

// standingOf reads what an officer's reading rests on: posts, covers, charges of the
// day.
func standingOf(tx *db.Tx, id OfficerID, on workday.Date) (s standing, err error) {
	o, err := OfficerOf(tx, id)
	if err != nil {
		return s, err
	}
	s = standing{officer: id, active: o.Active}
	if s.posts, err = postsOf(tx, id, on); err != nil {
		return s, err
	}
	if s.covered, err = covered(tx, id, on); err != nil {
		return s, err
	}
	s.charges, err = chargesWhere(tx, `c.officer = $1`, id, on)
	return s, err
}

// overseers returns the kinds of cases that units oversee on a day.
func overseers(tx *db.Tx, on workday.Date) (over map[UnitID][]string, err error) {
	over = map[UnitID][]string{}
	err = tx.All(`SELECT unit, kind FROM oversight WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY unit, kind`,
		[]any{on}, func(r *sql.Rows) error {
			var u UnitID
			var kind string
			if err := r.Scan(&u, &kind); err != nil {
				return err
			}
			over[u] = append(over[u], kind)
			return nil
		})
	return over, err
}

// rememberAll writes the rows of officers who had none, many at once.
func rememberAll(tx *db.Tx, d *directory, of map[OfficerID]*standing) error {
	over, err := overseers(tx, today(tx))
	if err != nil {
		return err
	}
	readers := make(map[OfficerID][]string, len(of))
	for id, s := range of {
		readers[id] = d.readers(*s, over, today(tx))
	}
	return addMembership(tx, readers)
}

// The reader keys of each officer, as posts and covers give them.
func addMembership(tx *db.Tx, readers map[OfficerID][]string) error {
	var rows [][]any
	for id, keys := range readers {
		for _, k := range keys {
			rows = append(rows, []any{id, k})
		}
	}
	return insert(tx, `INSERT INTO membership (actor, reader) VALUES `, rows)
}

// Readers returns the keys under which an officer reads, as membership holds them.
func Readers(tx *db.Tx, id OfficerID) (keys []string, err error) {
	err = tx.All(`SELECT reader FROM membership WHERE actor = $1 ORDER BY reader`, []any{id}, func(r *sql.Rows) error {
		var k string
		keys = append(keys, "")
		err := r.Scan(&k)
		keys[len(keys)-1] = k
		return err
	})
	return keys, err
}

// peopleOf returns who holds a post today in any of the units or their sections.
func peopleOf(tx *db.Tx, in ...UnitID) (all []OfficerID, err error) {
	on := today(tx)
	for _, u := range in {
		err = tx.All(`SELECT DISTINCT officer FROM post WHERE (unit = $1 OR section = $1)
			AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY officer`, []any{u, on}, func(r *sql.Rows) error {
			var id OfficerID
			err := r.Scan(&id)
			all = append(all, id)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
