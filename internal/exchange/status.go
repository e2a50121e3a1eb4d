package exchange

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Sent is a released paper on its way to one receiver, with what became of it.
type Sent struct {
	ID       string
	Case     casefile.ID
	EventN   int64
	Sender   org.UnitID
	Receiver org.UnitID
	Symbol   string
	IssuedOn workday.Date
	QueuedAt time.Time
	Status   string // code of edxml.Statuses; "" none came back yet
	StatusAt time.Time
}

// Say is the state of the paper in words.
func (s Sent) Say() string {
	if s.Status == "" {
		return "đã chuyển sang hệ thống quản lý văn bản, chưa có phản hồi"
	}
	return edxml.Statuses[s.Status]
}

const sentColumns = `o.id, o.case_id, o.event_n, o.sender, o.receiver, o.symbol, o.issued_on, o.queued_at, o.status, o.status_at`

// A sent paper's row, with the last status the other side gave.
func scanSent(r *sql.Rows) (s Sent, err error) {
	err = r.Scan(&s.ID, &s.Case, &s.EventN, &s.Sender, &s.Receiver, &s.Symbol, &s.IssuedOn, db.Instant(&s.QueuedAt), &s.Status, db.Instant(&s.StatusAt))
	return s, err
}

// SentOf returns the papers of a case that left for the document system, as who reads the
// case, oldest first.
func SentOf(tx *db.Tx, who org.Actor, id casefile.ID) (all []Sent, err error) {
	defer fault.Wrap(&err, "sent papers of %s", id)
	query, args := `SELECT `+sentColumns+` FROM exchange_out o WHERE o.case_id = $1`, []any{string(id)}
	if who.System == "" {
		query += ` AND ` + access.Visible("o.case_id", "$2")
		args = append(args, who.Reader())
	}
	err = tx.All(query+` ORDER BY o.id LIMIT 200`, args, func(r *sql.Rows) error {
		s, err := scanSent(r)
		all = append(all, s)
		return err
	})
	return all, err
}

// TakeStatus keeps what became of a paper that left. A status that is there already
// changes nothing; of one that comes late the newest by the receiver's clock stays the
// state. A refusal is told to the sender's clerk.
func TakeStatus(tx *db.Tx, in edxml.Status) (err error) {
	defer fault.Wrap(&err, "take status %s", in.Code)
	s, err := sentBy(tx, in)
	if err != nil {
		return err
	}
	if in.At.IsZero() || in.At.After(tx.Now) {
		in.At = tx.Now
	}
	if _, err := casefile.LockQuiet(tx, org.System("exchange"), s.Case); err != nil {
		return err
	}
	n, err := tx.Exec(`INSERT INTO exchange_status (out_id, n, code, at, description, taken_at)
		SELECT $1, (SELECT coalesce(max(x.n), 0) + 1 FROM exchange_status x WHERE x.out_id = $1), $2, $3, $4, $5
		WHERE NOT EXISTS (SELECT 1 FROM exchange_status x WHERE x.out_id = $1 AND x.code = $2 AND x.at = $3)`,
		s.ID, in.Code, db.FormatInstant(in.At), said(in.Description), db.FormatInstant(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	n, err = tx.Exec(`UPDATE exchange_out SET status = $1, status_at = $2 WHERE id = $3 AND (status_at IS NULL OR status_at <= $2)`, in.Code, in.At, s.ID)
	if err != nil || n == 0 || !edxml.Refuses(in.Code) {
		return err
	}
	tx.Touch(string(s.Sender))
	return notice.Tell(tx, notice.Note{Unit: s.Sender, Role: org.Clerk, Case: s.Case, Kind: "exchange.refused"})
}

// said bounds what a receiver wrote beside a status.
func said(s string) string {
	if r := []rune(s); len(r) > longestReason {
		return string(r[:longestReason])
	}
	return s
}

// sentBy finds the paper that a status is about: by the id that its packet carried, else
// by number and day, at the receiver that says it.
func sentBy(tx *db.Tx, in edxml.Status) (s Sent, err error) {
	receiver, err := unitOf(tx, in.From)
	if err != nil {
		return s, err
	}
	var found []Sent
	add := func(r *sql.Rows) error {
		s, err := scanSent(r)
		if receiver != "" && s.Receiver == receiver { // whose code nobody knows says nothing of our papers
			found = append(found, s)
		}
		return err
	}
	// system: a status finds its paper; nobody reads the case
	err = tx.All(`SELECT `+sentColumns+` FROM exchange_out o WHERE o.outer_id = $1 ORDER BY o.id LIMIT 20`, []any{in.Of.DocumentID}, add)
	if err == nil && len(found) == 0 && in.Of.Code != "" {
		w := ways(in.Of.Code)
		// system: a status finds its paper; nobody reads the case
		err = tx.All(`SELECT `+sentColumns+` FROM exchange_out o WHERE o.issued_on = $1 AND o.symbol IN ($2, $3, $4) ORDER BY o.id LIMIT 20`,
			[]any{in.Of.IssuedOn.String(), w[0], w[1], w[2]}, add)
	}
	if err != nil {
		return s, err
	}
	if len(found) != 1 {
		return s, fault.Refuse(fault.NotFound, "Trạng thái %s nói về văn bản %s không gửi từ đây, hoặc không rõ của nơi nhận nào.", in.Code, strings.TrimSpace(in.Of.Code+" "+in.Of.DocumentID))
	}
	return found[0], nil
}

// A Came is one status that came back.
type Came struct {
	Code, Description string
	At                time.Time
}

// Say is the status in words, with what the receiver wrote.
func (c Came) Say() string {
	if c.Description == "" {
		return edxml.Statuses[c.Code]
	}
	return fmt.Sprintf("%s: %s", edxml.Statuses[c.Code], c.Description)
}

// StatusesOf returns every status of a paper that the caller has from SentOf.
func StatusesOf(tx *db.Tx, id string) (all []Came, err error) {
	err = tx.All(`SELECT code, description, at FROM exchange_status WHERE out_id = $1 ORDER BY at, n LIMIT 100`, []any{id}, func(r *sql.Rows) error {
		var c Came
		err := r.Scan(&c.Code, &c.Description, db.Instant(&c.At))
		all = append(all, c)
		return err
	})
	return all, err
}
