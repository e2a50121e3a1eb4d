package duty

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Move is a running duty whose date a new calendar revision changes.
type Move struct {
	Key
	Code  string
	Old   time.Time // due instants, the first that is late
	New   time.Time
	NewOn workday.Date

	OwnOld, OwnNew time.Time // the end of the owner's own share, which may move alone
}

// PreviewRevision lists which of the next limit running duties after a cursor a
// revision would move, before it is confirmed, and the cursor of the next page ("" at
// the end). Nothing is written; the job moves exactly these.
func PreviewRevision(tx *db.Tx, calendar string, rev workday.Revision, after string, limit int) (moves []Move, next string, err error) {
	return scanMoves(tx, calendar, rev, after, limit)
}

// MoveToRevision is one step of the job that moves running duties to the newest
// revision of their calendar: it looks at the next limit duties after the cursor, and
// records each that moves with its old and new date and the cause. It returns the next
// cursor, "" at the end.
func MoveToRevision(tx *db.Tx, calendar string, after string, limit int) (moved int, next string, err error) {
	n, err := lastRevision(tx, calendar)
	if err != nil {
		return 0, "", err
	}
	rev, err := revision(tx, calendar, n)
	if err != nil {
		return 0, "", err
	}
	moves, next, err := scanMoves(tx, calendar, rev, after, limit)
	if err != nil {
		return 0, "", err
	}
	for _, m := range moves {
		ok, err := moveOne(tx, m, rev)
		if err != nil {
			return moved, "", err
		}
		if ok {
			moved++
		}
	}
	return moved, next, nil
}

// cursor is where a page of duties ends: the key of its last row.
func (k Key) cursor() string {
	return strings.Join([]string{string(k.Case), k.Rule, string(k.Owner), strconv.FormatInt(k.Round, 10)}, "\t")
}

// Where a long work goes on: the four parts of the key it ended with.
func parseCursor(s string) (k Key, err error) {
	if s == "" {
		return k, nil
	}
	parts := strings.Split(s, "\t")
	if len(parts) != 4 {
		return k, fmt.Errorf("cursor %q: %w", s, fault.Invalid)
	}
	n, err := strconv.ParseInt(parts[3], 10, 64)
	return Key{casefile.ID(parts[0]), parts[1], org.UnitID(parts[2]), n}, err
}

// scanMoves reckons the next limit running duties after a cursor.
func scanMoves(tx *db.Tx, calendar string, rev workday.Revision, after string, limit int) (moves []Move, next string, err error) {
	from, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	var all []*Duty
	var codes []string
	// system: the job moves every running duty; the preview shows it to who sets calendars
	err = tx.All(`
		SELECT `+columns+`, c.code FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.ended_at IS NULL AND d.calendar = $1 AND (d.case_id, d.rule, d.owner, d.round) > ($2, $3, $4, $5)
		ORDER BY d.case_id, d.rule, d.owner, d.round LIMIT $6`,
		[]any{calendar, string(from.Case), from.Rule, string(from.Owner), from.Round, limit}, func(r *sql.Rows) error {
			d, code := new(Duty), ""
			all = append(all, d)
			err := d.Scan(r, &code)
			codes = append(codes, code)
			return err
		})
	if err != nil {
		return nil, "", err
	}
	for i, d := range all {
		old, own := d.DueAt, d.OwnDueAt
		p, err := pathOf(tx, d)
		if err != nil {
			return nil, "", err
		}
		if err := d.reckon(rev, p); err != nil {
			return nil, "", err
		}
		if !d.DueAt.Equal(old) || !d.OwnDueAt.Equal(own) {
			moves = append(moves, Move{Key: d.Key, Code: codes[i], Old: old, New: d.DueAt, NewOn: d.DueOn, OwnOld: own, OwnNew: d.OwnDueAt})
		}
	}
	if len(all) == limit {
		next = all[limit-1].cursor()
	}
	return moves, next, nil
}

// moveOne moves one duty under its case's lock and tells the history why. What ended or
// was moved by an operation meanwhile is left alone.
func moveOne(tx *db.Tx, m Move, rev workday.Revision) (moved bool, err error) {
	who := org.System("calendar")
	c, err := casefile.LockQuiet(tx, who, m.Case)
	if err != nil {
		return false, err
	}
	d, _, err := running(tx, m.Key)
	if errors.Is(err, fault.Conflict) {
		return false, nil
	}
	if err != nil || d.DueAt.Equal(m.Old) && d.OwnDueAt.Equal(m.OwnOld) {
		return false, err
	}
	facts := map[string]string{
		"rule": m.Rule, "owner": string(m.Owner), "old": db.FormatInstant(orNever(m.Old)), "new": db.FormatInstant(orNever(d.DueAt)),
		"revision": fmt.Sprint(rev.N), "source": rev.Source,
	}
	if !d.OwnFrom.IsZero() {
		facts["own_old"], facts["own_new"] = db.FormatInstant(orNever(m.OwnOld)), db.FormatInstant(orNever(d.OwnDueAt))
	}
	_, err = casefile.Record(tx, c, casefile.Event{Kind: "duty.moved", By: who, Facts: facts})
	return err == nil, err
}
