package channel

import (
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
	"lienthong/internal/workday"
)

// A Choice is how an officer wants to be told outside of the pages.
type Choice struct {
	Mail        bool
	DigestAt    workday.Clock // of the one mail a day; Never: each at once
	QuietFrom   workday.Clock // nothing is sent from … to …, over midnight too; Never: no such hours
	QuietTo     workday.Clock // of the night; before From it is the next day's
	OfficeHours bool          // only in the office hours of the calendar
	Hours       string        // OfficeHours as it was chosen: "" as the setting says, "yes", "no"
	Muted       []string      // kinds that only inform
	Own         bool          // chosen by the officer; else the office's settings
}

// Never stands for an hour that is not chosen.
const Never workday.Clock = -1

// quietMost bounds the search for an hour that suits; a choice under which none comes in
// so many turns is not followed to the letter.
const quietMost = 40

// When returns the instant at which something told at an instant may leave: not in the
// quiet hours, within office hours where wanted, and, unless it is urgent, with the one
// mail of the day. Where quiet hours leave no office hour at all, the office hours give
// way; a calendar that states none does too.
func (c Choice) When(rev workday.Revision, at time.Time, urgent bool) time.Time {
	t := at
	if c.DigestAt != Never && !urgent {
		t = c.digest(rev, at)
	}
	for range quietMost {
		next := c.afterQuiet(t)
		if c.OfficeHours {
			if open, err := rev.NextOfficeInstant(next); err == nil {
				next = open
			}
		}
		if next.Equal(t) {
			return t
		}
		t = next
	}
	return c.afterQuiet(at)
}

// digest is the next instant of the daily mail, on a working day where office hours are
// wanted.
func (c Choice) digest(rev workday.Revision, at time.Time) time.Time {
	day := workday.Of(at)
	for range quietMost {
		t := day.At(c.DigestAt)
		working, _ := rev.Working(day)
		if !t.Before(at) && (working || !c.OfficeHours) {
			return t
		}
		day = day.AddDays(1)
	}
	return at
}

// afterQuiet is t, or the end of the quiet hours in which it lies.
func (c Choice) afterQuiet(t time.Time) time.Time {
	if c.QuietFrom == Never || c.QuietFrom == c.QuietTo {
		return t
	}
	today := workday.Of(t)
	for _, begin := range []workday.Date{today.AddDays(-1), today} {
		from, to := begin.At(c.QuietFrom), begin.At(c.QuietTo)
		if c.QuietTo < c.QuietFrom {
			to = begin.AddDays(1).At(c.QuietTo)
		}
		if !t.Before(from) && t.Before(to) {
			return to
		}
	}
	return t
}

// Wants says whether a notice of a kind goes to this officer by mail; always is the
// office's setting that mail about what must be done is sent to everybody.
func (c Choice) Wants(k Kind, always bool) bool {
	if k.Needed {
		return c.Mail || always
	}
	return c.Mail && !slices.Contains(c.Muted, k.Name)
}

// ChoiceOf returns an officer's choice, or what the office's settings say for who chose
// nothing.
func ChoiceOf(tx *db.Tx, officer org.OfficerID) (c Choice, err error) {
	all, err := setting.Values(tx, "notice.")
	if err != nil {
		return c, err
	}
	c = Choice{Mail: all["notice.mail"] == "true", DigestAt: Never, QuietFrom: Never, QuietTo: Never}
	err = tx.One(`SELECT mail, digest_at, quiet_from, quiet_to, office_hours FROM channel_choice WHERE officer = $1`, []any{string(officer)},
		&c.Mail, &c.DigestAt, &c.QuietFrom, &c.QuietTo, &c.Hours)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return c, err
	}
	c.Own = err == nil
	c.OfficeHours = c.Hours == "yes" || c.Hours == "" && all["notice.office_hours"] == "true"
	err = tx.All(`SELECT kind FROM channel_mute WHERE officer = $1 ORDER BY kind`, []any{string(officer)}, func(r *sql.Rows) error {
		var k string
		err := r.Scan(&k)
		c.Muted = append(c.Muted, k)
		return err
	})
	return c, err
}

// always says whether the office sends mail about what must be done to everybody.
func always(tx *db.Tx) (bool, error) {
	all, err := setting.Values(tx, "notice.")
	return all["notice.mail"] == "true", err
}

// kindForm is how kinds of notices and events are named.
var kindForm = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)+$`)

// Choose keeps an officer's own choice. Kinds that tell of what must be done cannot be
// muted: fault.Invalid at "muted".
func Choose(tx *db.Tx, who org.Actor, c Choice) (err error) {
	defer fault.Wrap(&err, "choose channels of %s", who.Officer)
	if (c.QuietFrom == Never) != (c.QuietTo == Never) {
		return fault.Field("quiet_to", "Ghi cả giờ đầu và giờ cuối của khoảng không gửi, hoặc bỏ trống cả hai.")
	}
	if c.QuietFrom != Never && c.QuietFrom == c.QuietTo {
		return fault.Field("quiet_to", "Giờ đầu và giờ cuối phải khác nhau.")
	}
	if c.Hours != "" && c.Hours != "yes" && c.Hours != "no" {
		return fault.Field("hours", "Chọn một trong ba mục.")
	}
	for _, k := range c.Muted {
		if KindOf(k).Needed || !kindForm.MatchString(k) {
			return fault.Field("muted", "Thông báo về việc phải làm thì không tắt được.")
		}
	}
	if _, err := tx.Exec(`INSERT INTO channel_choice (officer, mail, digest_at, quiet_from, quiet_to, office_hours, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (officer) DO UPDATE SET mail = excluded.mail, digest_at = excluded.digest_at, quiet_from = excluded.quiet_from,
			quiet_to = excluded.quiet_to, office_hours = excluded.office_hours, changed_at = excluded.changed_at`,
		string(who.Officer), c.Mail, int64(c.DigestAt), int64(c.QuietFrom), int64(c.QuietTo), c.Hours, tx.Now); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM channel_mute WHERE officer = $1`, string(who.Officer)); err != nil {
		return err
	}
	for _, k := range c.Muted {
		if _, err := tx.Exec(`INSERT INTO channel_mute (officer, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING`, string(who.Officer), k); err != nil {
			return err
		}
	}
	return nil
}
