package direct

import (
	"database/sql"
	"fmt"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// An Incoming is a line of a unit's register of what comes in (sổ đăng ký văn bản đến).
type Incoming struct {
	Unit      org.UnitID
	Year      int   // numbers begin again each year
	N         int64 // gapless in a unit and year
	Case      casefile.ID
	Round     int64 // which time this case reached this unit, from 1
	Sender    org.UnitID
	Symbol    string       // số, ký hiệu of what came; "" when it has none
	IssuedOn  workday.Date // of what came
	EnteredOn workday.Date // the clerk's own date; zero: today
	By        org.OfficerID
}

// Register enters what reached a unit, on a case that the caller holds. The clerk or a
// leader does it; the limit runs from the instant of arrival, whenever it is entered.
// The same arrival entered again is a fault.Conflict.
func Register(tx *db.Tx, who org.Actor, c *casefile.Case, in Incoming) (_ Incoming, err error) {
	defer fault.Wrap(&err, "enter %s at %s", c.ID, in.Unit)
	if who, err = clerk(who, in.Unit); err != nil {
		return in, err
	}
	day := workday.Of(tx.Now)
	if in.EnteredOn.IsZero() {
		in.EnteredOn = day
	}
	if in.EnteredOn.After(day) {
		return in, fault.Field("entered_on", "Ngày vào sổ không thể sau hôm nay.")
	}
	in.Case, in.By, in.Round, in.Year, in.Symbol = c.ID, who.Officer, max(in.Round, 1), in.EnteredOn.Year(), vntext.NFC(in.Symbol)
	if in.N, err = tx.Gapless(fmt.Sprintf("incoming/%s/%d", in.Unit, in.Year)); err != nil {
		return in, err
	}
	added, err := tx.Exec(`
		INSERT INTO incoming_entry (unit, year, n, case_id, round, sender, symbol, issued_on, entered_on, by, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (case_id, unit, round) DO NOTHING`,
		string(in.Unit), in.Year, in.N, string(in.Case), in.Round, string(in.Sender), in.Symbol, in.IssuedOn.String(),
		in.EnteredOn.String(), string(in.By), tx.Now)
	if err != nil {
		return in, err
	}
	if added == 0 {
		return in, fault.Refuse(fault.Conflict, "Việc này đã được vào sổ văn bản đến của đơn vị.")
	}
	tx.Touch(string(in.Unit))
	_, err = casefile.Record(tx, c, casefile.Event{
		By: who, Kind: "matter.registered", OccurredAt: tx.Now, Audience: org.OfUnit(in.Unit),
		Facts: map[string]string{"unit": string(in.Unit), "number": fmt.Sprint(in.N), "entered_on": in.EnteredOn.String()},
	})
	return in, err
}

// clerk returns the actor in the post in which he enters what comes in.
func clerk(who org.Actor, unit org.UnitID) (org.Actor, error) {
	if who.System != "" {
		return who, nil
	}
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	for _, role := range []org.Role{org.Clerk, org.Leader} {
		for _, p := range posts {
			if p.Unit == unit && p.Role == role {
				return who.As(p), nil
			}
		}
	}
	return who, &fault.Refusal{Kind: fault.Denied, Step: "văn thư vào sổ", Say: "Việc vào sổ văn bản đến do văn thư của đơn vị làm."}
}

// Arrivals returns a year of a unit's own register of what came in, by number from
// after on, at most limit, to the unit's own people.
func Arrivals(tx *db.Tx, who org.Actor, unit org.UnitID, year int, after int64, limit int) (all []Incoming, err error) {
	defer fault.Wrap(&err, "incoming register of %s", unit)
	if who.System == "" && !who.In(unit) {
		return nil, fault.NotFound
	}
	// system: the unit's own register is read by its own people
	err = tx.All(`
		SELECT unit, year, n, case_id, round, sender, symbol, issued_on, entered_on, by FROM incoming_entry
		WHERE unit = $1 AND year = $2 AND n > $3 ORDER BY n LIMIT $4`, []any{string(unit), year, after, limit}, func(r *sql.Rows) error {
		var in Incoming
		var issued, entered string
		if err := r.Scan(&in.Unit, &in.Year, &in.N, &in.Case, &in.Round, &in.Sender, &in.Symbol, &issued, &entered, &in.By); err != nil {
			return err
		}
		all = append(all, in)
		last := &all[len(all)-1]
		if issued != "" {
			var err error
			if last.IssuedOn, err = workday.ParseDate(issued); err != nil {
				return err
			}
		}
		var err error
		last.EnteredOn, err = workday.ParseDate(entered)
		return err
	})
	return all, err
}
