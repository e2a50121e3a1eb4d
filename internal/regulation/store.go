package regulation

import (
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// An Adoption is one act of putting a rulebook in force in this office.
type Adoption struct {
	N       int // 1, 2, 3 …; the highest is current
	Hash    string
	Profile string
	By      string // who adopted it, as the act's record names them
	At      time.Time
}

// Store keeps a rulebook's bytes under its hash; storing it again changes nothing.
func Store(tx *db.Tx, rb *Rulebook) (err error) {
	defer fault.Wrap(&err, "store rulebook %s", rb.hash)
	_, err = tx.Exec(`
		INSERT INTO rulebook (hash, profile, content, stored_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO NOTHING`, rb.hash, rb.book.Profile, string(rb.bytes), tx.Now)
	return err
}

// Adopt stores a rulebook and makes it current. Running cases keep the rulebook they
// started under. Adopting the current one again changes nothing. Of two adoptions at
// once one is a fault.Conflict.
func Adopt(tx *db.Tx, rb *Rulebook, by string) (err error) {
	defer fault.Wrap(&err, "adopt rulebook %s", rb.hash)
	if err := Store(tx, rb); err != nil {
		return err
	}
	last, err := latest(tx)
	if err != nil {
		return err
	}
	if last.Hash == rb.hash {
		return nil
	}
	next := Adoption{N: last.N + 1, Hash: rb.hash, Profile: rb.book.Profile, By: by, At: tx.Now}
	_, err = tx.Exec(`INSERT INTO rulebook_adoption (n, hash, adopted_by, adopted_at) VALUES ($1, $2, $3, $4)`,
		next.N, next.Hash, next.By, next.At)
	if err != nil {
		return err
	}
	if err := tx.Bump("regulation"); err != nil {
		return err
	}
	tx.SetValue(latestKey{}, next)
	return nil
}

// Current returns the rulebook in force in this office now; an office that has adopted
// none is a fault.NotFound. It costs no read of its own, and the bytes only the first time.
func Current(tx *db.Tx) (rb *Rulebook, err error) {
	defer fault.Wrap(&err, "current rulebook")
	last, err := latest(tx)
	if err != nil {
		return nil, err
	}
	if last.N == 0 {
		return nil, fault.Refuse(fault.NotFound, "Chưa áp dụng quy chế nào (chạy lienthong regulation adopt).")
	}
	return ByHash(tx, last.Hash)
}

// latest returns the newest adoption, or the zero one. A node reads it again only after
// an adoption.
func latest(tx *db.Tx) (Adoption, error) {
	if a, ok := tx.Value(latestKey{}).(Adoption); ok {
		return a, nil
	}
	n, err := tx.Version("regulation")
	if err != nil || n == 0 {
		return Adoption{}, err
	}
	v, err := tx.Memo(fmt.Sprintf("adoption %d", n), func() (any, error) {
		list, err := adoptions(tx, 1)
		if err != nil || len(list) == 0 {
			return Adoption{}, err
		}
		return list[0], nil
	})
	if err != nil {
		return Adoption{}, err
	}
	return v.(Adoption), nil
}

// latestKey is where a transaction keeps the adoption it read or made.
type latestKey struct{}

// ByHash returns a stored rulebook. After the first read it costs no SQL: the bytes
// behind a hash never change.
func ByHash(tx *db.Tx, hash string) (*Rulebook, error) {
	v, err := tx.Memo("rulebook "+hash, func() (any, error) {
		var content string
		err := tx.One(`SELECT content FROM rulebook WHERE hash = $1`, []any{hash}, &content)
		if err != nil {
			return nil, fmt.Errorf("rulebook %s: %w", hash, err)
		}
		return Decode([]byte(content), hash)
	})
	if err != nil {
		return nil, err
	}
	return v.(*Rulebook), nil
}

// Apply finds the rule of key in the current rulebook at tx.Now and reports its clauses
// to the story runner. An operation on a case asks the case's own rulebook instead.
func Apply(tx *db.Tx, key string, unit UnitID, field string) (Applied, error) {
	rb, err := Current(tx)
	if err != nil {
		return Applied{}, err
	}
	return rb.Apply(tx, key, unit, field)
}

// Apply is Rule at tx.Now, with the clauses reported to the story runner.
func (rb *Rulebook) Apply(tx *db.Tx, key string, unit UnitID, field string) (Applied, error) {
	return rb.ApplyAt(tx, key, tx.Now, unit, field)
}

// ApplyToward is Apply for an act owed to one unit, which the rule may name.
func (rb *Rulebook) ApplyToward(tx *db.Tx, key string, unit, toward UnitID, field string) (Applied, error) {
	a, err := rb.Find(Question{Key: key, At: tx.Now, Unit: unit, Toward: toward, Field: field})
	if err == nil {
		tx.Trace("rule", key, a.Trace())
	}
	return a, err
}

// ApplyAt is Rule at an instant, for an event of the past, with the clauses reported.
func (rb *Rulebook) ApplyAt(tx *db.Tx, key string, at time.Time, unit UnitID, field string) (Applied, error) {
	a, err := rb.Rule(key, at, unit, field)
	if err == nil {
		tx.Trace("rule", key, a.Trace())
	}
	return a, err
}

// ApplyAll is Rules at tx.Now, with the clauses of each reported.
func (rb *Rulebook) ApplyAll(tx *db.Tx, key string, unit UnitID, field string) ([]Applied, error) {
	all, err := rb.Rules(key, tx.Now, unit, field)
	for _, a := range all {
		tx.Trace("rule", key, a.Trace())
	}
	return all, err
}

// ApplyAmend finds who collects the proposals to amend the regulation at tx.Now: by its
// own row in the table of fields, else by the rule alone, with the clauses reported.
func (rb *Rulebook) ApplyAmend(tx *db.Tx) (r Route, err error) {
	for _, row := range rb.book.Fields {
		if row.Rule == AmendKey {
			return rb.ApplyRoute(tx, row.Field)
		}
	}
	rule, err := rb.Apply(tx, AmendKey, "", "")
	if err != nil {
		return r, err
	}
	return Route{Unit: rule.Role("role").Unit, Clauses: rule.Clauses, rule: &rule}, nil
}

// ApplyRoute is UnitFor at tx.Now, with the clauses of the field reported.
func (rb *Rulebook) ApplyRoute(tx *db.Tx, field string) (Route, error) {
	r, err := rb.UnitFor(field, tx.Now)
	if err != nil {
		return r, err
	}
	clauses := make([]string, len(r.Clauses))
	for i, c := range r.Clauses {
		clauses[i] = string(c)
	}
	tx.Trace("rule", RouteKey, clauses)
	if r.rule != nil {
		tx.Trace("rule", r.rule.Key, r.rule.Trace())
	}
	return r, nil
}
