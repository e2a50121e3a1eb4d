package org

import (
	"database/sql"
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// standing is all that an officer's reading follows from on one day.
type standing struct {
	officer OfficerID
	active  bool
	posts   []Post
	covered []OfficerID
	charges []Charge
}

// OfUnit is the reader key of a unit's people; OfOfficer of one officer; OfKind of the
// overseers of every case of a kind. case_reader rows hold the same keys.
func OfUnit(u UnitID) string { return "u:" + string(u) }

// OfOfficer is the reader key of what is addressed to one officer by name.
func OfOfficer(o OfficerID) string { return "o:" + string(o) }

// OfKind is the reader key of the overseers of every case of a kind ("petition").
func OfKind(kind string) string { return "k:" + kind }

// readers derives what an officer may read, sorted. A cover adds only what is addressed
// to the covered officer; a post of administrator oversees nothing; a leader reads his
// house, the head also the agencies below, a deputy those that his charge names.
func (d *directory) readers(s standing, over map[UnitID][]string, on workday.Date) []string {
	if !s.active {
		return nil
	}
	keys := []string{OfOfficer(s.officer)}
	for _, c := range s.covered {
		keys = append(keys, OfOfficer(c))
	}
	for _, p := range s.posts {
		seen := append([]UnitID{p.Unit}, d.predecessors(p.Unit, on)...)
		if p.Section != "" {
			seen = append(append(seen, p.Section), d.predecessors(p.Section, on)...)
		}
		if p.Role == Leader {
			seen = append(seen, d.led(p, s.charges, on)...)
		}
		for _, u := range seen {
			keys = append(keys, OfUnit(u))
		}
		if p.Role == Admin {
			continue
		}
		for _, kind := range slices.Concat(over[p.Unit], over[p.Section]) {
			keys = append(keys, OfKind(kind))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// led returns the units below a leader's post.
func (d *directory) led(p Post, charges []Charge, on workday.Date) (all []UnitID) {
	for _, u := range d.house[p.Unit] {
		if u.Stands(on) && !u.Requested {
			all = append(all, u.ID)
		}
	}
	all = append(all, d.agenciesBelow(p.Unit, on)...)
	if !p.Deputy {
		return all
	}
	return slices.DeleteFunc(all, func(u UnitID) bool {
		if d.byID[u].Owner == p.Unit {
			return false
		}
		return !slices.ContainsFunc(charges, func(c Charge) bool {
			return c.Unit == p.Unit && (c.Whole || slices.Contains(c.Areas, u))
		})
	})
}

// agenciesBelow returns the agencies under unit, of any depth; requested bodies stand
// beside it, not below.
func (d *directory) agenciesBelow(unit UnitID, on workday.Date) (all []UnitID) {
	for _, u := range d.below[unit] {
		if u.Agency() && u.Stands(on) && !u.Requested {
			all = append(append(all, u.ID), d.agenciesBelow(u.ID, on)...)
		}
	}
	return all
}

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
	slices.Sort(officers)
	for _, id := range slices.Compact(officers) {
		s, err := standingOf(tx, id, on)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM membership WHERE actor = $1`, id); err != nil {
			return err
		}
		if err := addMembership(tx, map[OfficerID][]string{id: d.readers(s, over, on)}); err != nil {
			return err
		}
	}
	return nil
}

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

// Oversee says from today that the people of unit (an agency or one of its sections)
// oversee every case of a kind, or with on = false that they no longer do. It is
// called where a profile is adopted, which names the overseers with their clauses.
func Oversee(tx *db.Tx, who Actor, unit UnitID, kind string, on bool) (err error) {
	defer fault.Wrap(&err, "oversee %s by %s", kind, unit)
	if err := hold(tx); err != nil {
		return err
	}
	if _, err := UnitOf(tx, unit); err != nil {
		return err
	}
	day := today(tx)
	over, err := overseers(tx, day)
	if err != nil {
		return err
	}
	if slices.Contains(over[unit], kind) == on {
		return nil
	}
	if on {
		_, err = tx.Exec(`INSERT INTO oversight (unit, kind, since, until) VALUES ($1, $2, $3, NULL)
			ON CONFLICT (unit, kind, since) DO UPDATE SET until = NULL`, unit, kind, day)
	} else {
		_, err = tx.Exec(`UPDATE oversight SET until = $1 WHERE unit = $2 AND kind = $3 AND until IS NULL`, day, unit, kind)
	}
	if err != nil {
		return err
	}
	if err := traced(tx, who, "Oversee", unit, kind, !on, on); err != nil {
		return err
	}
	return refresh(tx, false, unit)
}

// refresh makes everyone read the office again and derives anew what the people of the
// given units may read.
func refresh(tx *db.Tx, unitsToo bool, in ...UnitID) error {
	if err := changed(tx, unitsToo, true); err != nil {
		return err
	}
	people, err := peopleOf(tx, in...)
	if err != nil {
		return err
	}
	return remember(tx, people...)
}

// Turn brings membership up to the day of the request: posts, covers, charges and units
// that began or ended since the last turn without anybody touching them. The program
// calls it at start-up and from the sweep; n is how many officers it concerned.
func Turn(tx *db.Tx) (n int, err error) {
	defer fault.Wrap(&err, "turn of the day")
	if err := hold(tx); err != nil {
		return 0, err
	}
	var was workday.Date
	if err := tx.One(`SELECT turned FROM org_change WHERE id = 1`, nil, &was); err != nil {
		return 0, err
	}
	day := today(tx)
	if !was.IsZero() && !was.Before(day) {
		return 0, nil
	}
	if _, err := tx.Exec(`UPDATE org_change SET turned = $1 WHERE id = 1`, day); err != nil {
		return 0, err
	}
	due, err := turning(tx, was, day)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if err := changed(tx, true, true); err != nil {
		return 0, err
	}
	return len(due), remember(tx, due...)
}

// turning finds whose reading changes after one day up to and with another.
func turning(tx *db.Tx, after, upto workday.Date) (all []OfficerID, err error) {
	const between = ` > $1 AND %[1]s <= $2)`
	on := func(column string) string { return `(` + column + fmt.Sprintf(between, column) }
	query := `
		SELECT officer FROM post WHERE ` + on("since") + ` OR ` + on("until") + `
		UNION SELECT officer FROM charge WHERE ` + on("since") + ` OR ` + on("until") + `
		UNION SELECT stand_in FROM cover WHERE ` + on("from_day") + ` OR (to_day >= $1 AND to_day < $2) OR ` + on("ended") + `
		UNION SELECT p.officer FROM unit u JOIN post p ON p.unit IN (u.id, u.parent, u.owner, u.merged_into)
			WHERE (u.since > $1 AND u.since <= $2) OR (u.until > $1 AND u.until <= $2)
		ORDER BY 1`
	if after.IsZero() {
		after = workday.NewDate(1900, 1, 1)
	}
	err = tx.All(query, []any{after, upto}, func(r *sql.Rows) error {
		var id OfficerID
		err := r.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}
