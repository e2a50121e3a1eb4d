package duty

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"lienthong/data"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// AddCalendar makes an office calendar without revisions; the first one made is the
// one every duty is reckoned on.
func AddCalendar(tx *db.Tx, id, name string) error {
	_, err := tx.Exec(`INSERT INTO calendar (id, name, is_default) SELECT $1, $2, NOT EXISTS (SELECT 1 FROM calendar)`, id, name)
	if err != nil {
		return err
	}
	return tx.Bump(calendars)
}

// AddRevision adds what is known of a calendar from now on and returns its number.
// Running duties keep their dates until MoveToRevision moves them, each recorded. A
// revision without office hours is refused: reminders and limits in hours need them.
func AddRevision(tx *db.Tx, id string, rev workday.Revision, by org.OfficerID) (n int64, err error) {
	defer fault.Wrap(&err, "calendar %s", id)
	if len(rev.Hours) == 0 {
		return 0, fault.Field("hours", "Lịch làm việc phải nêu giờ làm việc.")
	}
	days, err := json.Marshal(rev.Days)
	if err != nil {
		return 0, err
	}
	hours, err := json.Marshal(rev.Hours)
	if err != nil {
		return 0, err
	}
	if n, err = lastRevision(tx, id); err != nil {
		return 0, err
	}
	n++
	known := ""
	if !rev.KnownFrom.IsZero() {
		known = db.FormatInstant(rev.KnownFrom)
	}
	_, err = tx.Exec(`INSERT INTO calendar_revision (calendar, n, known_at, source, days, hours, week, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, n, known, rev.Source, string(days), string(hours), int64(rev.Week), string(by))
	if err != nil {
		return 0, err
	}
	return n, tx.Bump(calendars)
}

// calendars is the version under which a node keeps which calendar and revision hold.
const calendars = "calendar"

// lastRevision returns the number of a calendar's newest revision, 0 for none. A node
// reads it again only after a new revision.
func lastRevision(tx *db.Tx, id string) (int64, error) {
	v, err := tx.Version(calendars)
	if err != nil {
		return 0, err
	}
	n, err := tx.Memo(fmt.Sprintf("last revision/%d/%s", v, id), func() (any, error) {
		var n int64
		err := tx.One(`SELECT coalesce(max(n), 0) FROM calendar_revision WHERE calendar = $1`, []any{id}, &n)
		return n, err
	})
	if err != nil {
		return 0, err
	}
	return n.(int64), nil
}

// Calendar returns the province's calendar with its newest revision.
func Calendar(tx *db.Tx) (id string, rev workday.Revision, err error) { return currentCalendar(tx, "") }

// currentCalendar returns a calendar, or the province's for "", as it is known now.
func currentCalendar(tx *db.Tx, want string) (id string, rev workday.Revision, err error) {
	id = want
	if id == "" {
		if id, err = defaultCalendar(tx); err != nil {
			return "", rev, err
		}
	}
	n, err := lastRevision(tx, id)
	if err != nil {
		return "", rev, err
	}
	rev, err = revision(tx, id, n)
	return id, rev, err
}

// The default calendar, kept in memory until a calendar changes.
func defaultCalendar(tx *db.Tx) (string, error) {
	v, err := tx.Version(calendars)
	if err != nil {
		return "", err
	}
	id, err := tx.Memo(fmt.Sprintf("default calendar/%d", v), func() (any, error) {
		var id string
		err := tx.One(`SELECT id FROM calendar WHERE is_default ORDER BY id LIMIT 1`, nil, &id)
		if errors.Is(err, fault.NotFound) {
			err = fmt.Errorf("no office calendar: import one with 'lienthong import calendar'")
		}
		return id, err
	})
	if err != nil {
		return "", err
	}
	return id.(string), nil
}

// revision returns one revision; rows never change, so each is read once a process.
func revision(tx *db.Tx, id string, n int64) (workday.Revision, error) {
	v, err := tx.Memo(fmt.Sprintf("calendar/%s/%d", id, n), func() (any, error) { return readRevision(tx, id, n) })
	if err != nil {
		return workday.Revision{}, err
	}
	return v.(workday.Revision), nil
}

// A revision keeps the days and hours as they were read in: the reckoning of an old duty must come out
// again.
func readRevision(tx *db.Tx, id string, n int64) (rev workday.Revision, err error) {
	var known, days, hours string
	err = tx.One(`SELECT known_at, source, days, hours, week FROM calendar_revision WHERE calendar = $1 AND n = $2`,
		[]any{id, n}, &known, &rev.Source, &days, &hours, &rev.Week)
	if err != nil {
		return rev, err
	}
	rev.N = int(n)
	if known != "" {
		if rev.KnownFrom, err = db.ParseInstant(known); err != nil {
			return rev, err
		}
	}
	if err := json.Unmarshal([]byte(days), &rev.Days); err != nil {
		return rev, err
	}
	return rev, json.Unmarshal([]byte(hours), &rev.Hours)
}

// DaysLeft returns the due instant in words for now, on the newest calendar.
func DaysLeft(rev workday.Revision, d *Duty, now time.Time) (words string, tone workday.Tone) {
	return workday.Say(now, d.Due(), rev)
}

// The first calendar of an office: what data ships.
const (
	seedCalendar = "phu-tho"
	seedName     = "Lịch làm việc tỉnh Phú Thọ"
	seedSource   = "Bộ luật Lao động 45/2019/QH14 Điều 112 và các thông báo nghỉ lễ, tết; giờ làm việc chưa có nguồn"
)

// SeedCalendar makes the province's calendar with what data ships as its first
// revision: holidays and make-up days each with their source, and office hours that no
// text states, which screens say. A calendar that is there already stays as it is.
func SeedCalendar(tx *db.Tx) (err error) {
	defer fault.Wrap(&err, "seed calendar")
	err = tx.One(`SELECT id FROM calendar WHERE is_default`, nil, new(string))
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	rev := workday.Revision{Source: seedSource}
	if err := readSeed("holidays.csv", func(r io.Reader) (err error) { rev.Days, err = workday.ParseHolidays(r); return err }); err != nil {
		return err
	}
	if err := readSeed("office_hours.csv", func(r io.Reader) (err error) { rev.Hours, err = workday.ParseHours(r); return err }); err != nil {
		return err
	}
	if err := AddCalendar(tx, seedCalendar, seedName); err != nil {
		return err
	}
	_, err = AddRevision(tx, seedCalendar, rev, "")
	return err
}

// Reads a file that comes with the program.
func readSeed(name string, parse func(r io.Reader) error) (err error) {
	defer fault.Wrap(&err, "%s", name)
	f, err := data.Files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return parse(f)
}
