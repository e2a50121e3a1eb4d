package duty

import (
	"database/sql"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// MoveJob is the kind of the job that moves running duties to the newest revision of
// the calendar that its input names.
const MoveJob = "calendar.move"

// An OfficeCalendar is a calendar as lists name it.
type OfficeCalendar struct {
	ID, Name string
	Default  bool // every duty without a calendar of its own is reckoned on it
}

// Calendars returns the office calendars, the province's first.
func Calendars(tx *db.Tx) (all []OfficeCalendar, err error) {
	err = tx.All(`SELECT id, name, is_default FROM calendar ORDER BY is_default DESC, id`, nil, func(r *sql.Rows) error {
		var c OfficeCalendar
		err := r.Scan(&c.ID, &c.Name, &c.Default)
		all = append(all, c)
		return err
	})
	return all, err
}

// A Known is a revision of a calendar as lists name it.
type Known struct {
	N      int64
	At     time.Time // known from; zero: always
	Source string
	By     org.OfficerID // "" the program
}

// Revisions returns the revisions of a calendar, the newest first.
func Revisions(tx *db.Tx, calendar string) (all []Known, err error) {
	defer fault.Wrap(&err, "revisions of %s", calendar)
	err = tx.All(`SELECT n, known_at, source, set_by FROM calendar_revision WHERE calendar = $1 ORDER BY n DESC`, []any{calendar}, func(r *sql.Rows) error {
		var k Known
		var known string
		if err := r.Scan(&k.N, &known, &k.Source, &k.By); err != nil {
			return err
		}
		if known != "" {
			if k.At, err = db.ParseInstant(known); err != nil {
				return err
			}
		}
		all = append(all, k)
		return nil
	})
	return all, err
}
