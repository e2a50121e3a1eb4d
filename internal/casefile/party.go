package casefile

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Party (bên liên quan) is a unit or an officer on a case, from since until until.
type Party struct {
	Unit     org.UnitID    // set for a unit
	Officer  org.OfficerID // set for one officer (để biết)
	Function access.Function
	Since    time.Time // who joins later reads what was before, too
	Until    time.Time // zero while it holds
}

// A reader is an officer ("o:") or a unit ("u:"), in one column.
func (p Party) reader() string {
	if p.Officer != "" {
		return "o:" + string(p.Officer)
	}
	return "u:" + string(p.Unit)
}

// Join makes units or officers parties of a case and lets them read it. One that holds
// the function already keeps it since when it does.
func Join(tx *db.Tx, id ID, parties ...Party) (err error) {
	defer fault.Wrap(&err, "join case %s", id)
	if h, ok := tx.Value(heldKey(id)).(*held); ok && h.opened && len(parties) > 0 && !h.joined {
		h.joined = true
		return joinFirst(tx, id, parties)
	}
	for _, p := range parties {
		_, err := tx.Exec(`
			INSERT INTO case_reader (case_id, reader, party, level, since_at)
			SELECT $1, $2, $3, 1, $4 WHERE NOT EXISTS (
				SELECT 1 FROM case_reader WHERE case_id = $1 AND reader = $2 AND party = $3 AND until_at IS NULL)
			ON CONFLICT (case_id, reader, party, since_at) DO UPDATE SET until_at = NULL`,
			string(id), p.reader(), string(p.Function), tx.Now)
		if err != nil {
			return err
		}
		if p.Unit != "" {
			tx.Touch(string(p.Unit))
		}
	}
	return nil
}

// joinFirst writes the first parties of a case that this transaction opened, in one
// statement: there is nobody yet whom one could meet.
func joinFirst(tx *db.Tx, id ID, parties []Party) error {
	var rows strings.Builder
	args := []any{string(id), tx.Now}
	for i, p := range parties {
		if i > 0 {
			rows.WriteString(", ")
		}
		fmt.Fprintf(&rows, "($1, $%d, $%d, 1, $2)", 2*i+3, 2*i+4)
		args = append(args, p.reader(), string(p.Function))
		if p.Unit != "" {
			tx.Touch(string(p.Unit))
		}
	}
	return tx.Put(`INSERT INTO case_reader (case_id, reader, party, level, since_at) VALUES `+rows.String()+
		` ON CONFLICT (case_id, reader, party, since_at) DO NOTHING`, args...)
}

// Leave ends a party's function; what it read while it held stays in its history.
func Leave(tx *db.Tx, id ID, p Party) (err error) {
	defer fault.Wrap(&err, "leave case %s", id)
	_, err = tx.Exec(`UPDATE case_reader SET until_at = $1 WHERE case_id = $2 AND reader = $3 AND party = $4 AND until_at IS NULL`,
		tx.Now, string(id), p.reader(), string(p.Function))
	if p.Unit != "" {
		tx.Touch(string(p.Unit))
	}
	return err
}

// Parties returns who stands on the case now, in the order in which they joined.
func Parties(tx *db.Tx, id ID) (all []Party, err error) {
	// system: the caller holds the case through Get or Lock
	err = tx.All(`SELECT reader, party, since_at FROM case_reader WHERE case_id = $1 AND until_at IS NULL ORDER BY since_at, reader, party`,
		[]any{string(id)}, func(r *sql.Rows) error {
			var reader string
			var p Party
			if err := r.Scan(&reader, &p.Function, db.Instant(&p.Since)); err != nil {
				return err
			}
			if o, ok := strings.CutPrefix(reader, "o:"); ok {
				p.Officer = org.OfficerID(o)
			} else {
				p.Unit = org.UnitID(strings.TrimPrefix(reader, "u:"))
			}
			all = append(all, p)
			return nil
		})
	return all, err
}

// Facts returns what access.May needs to know of the case, from its own row: the
// raiser and the lead. A slice whose acts need more adds it.
func (c *Case) Facts() access.Facts {
	f := access.Facts{Units: map[access.Function][]org.UnitID{}}
	if c.Raiser != "" {
		f.Units[access.Raiser] = []org.UnitID{c.Raiser}
	}
	if c.Lead != "" {
		f.Units[access.Lead] = []org.UnitID{c.Lead}
	}
	return f
}

// Regive makes another unit the raiser of a case that the transaction holds: who gave the
// matter gave it away, or ended. Who reads the case is changed beside it, by Join and Leave.
func Regive(tx *db.Tx, c *Case, to org.UnitID) (err error) {
	defer fault.Wrap(&err, "regive case %s", c.ID)
	if !Held(tx, c.ID) {
		return fmt.Errorf("case %s is not locked", c.ID)
	}
	c.Raiser = to
	_, err = tx.Exec(`UPDATE casefile SET raiser = $1 WHERE id = $2`, string(to), string(c.ID))
	return err
}
