package board

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// followBatch leaves a step: one view of two queries, one update of few rows.
const followBatch = 500

// Follower keeps how long answers took: it reads each answer once, from the log. Its
// Run belongs to the background of serve; figures lag behind the log by about a second.
func Follower(d *db.DB) *audit.Follower {
	return &audit.Follower{DB: d, Name: "board.answers", Batch: followBatch, Read: readAnswers}
}

// Whose answers took how long, by month.
type answered struct {
	unit  org.UnitID
	month string
	days  int64
}

// readAnswers finds the answers among the entries and reckons each unit's own share:
// from when the matter reached it, in this round, to its answer.
func readAnswers(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	refs := make(map[string]bool, len(leaves))
	var ids []any
	for _, l := range leaves {
		refs[l.Ref] = true
		if id, _, ok := strings.Cut(l.Ref, "/"); ok && (len(ids) == 0 || ids[len(ids)-1] != id) {
			ids = append(ids, id)
		}
	}
	marks, args := db.List(ids)
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	found := map[answered]int64{}
	// system: figures are counted whoever asks for them
	err = tx.All(`
		SELECT a.case_id, a.event_n, a.unit, a.answered_at, p.arrived_at,
			(SELECT max(h.left_at) FROM petition_hop h WHERE h.case_id = a.case_id AND h.next_unit = a.unit AND h.left_at <= a.answered_at),
			(SELECT b.settled_at FROM petition_answer b WHERE b.case_id = a.case_id AND b.round = a.round - 1)
		FROM petition_answer a JOIN petition p ON p.case_id = a.case_id
		WHERE a.case_id IN (`+marks+`) ORDER BY a.case_id, a.round`, args, func(r *sql.Rows) error {
		var id casefile.ID
		var n int64
		var a answered
		var at, arrived, moved, reopened time.Time
		if err := r.Scan(&id, &n, &a.unit, db.Instant(&at), db.Instant(&arrived), db.Instant(&moved), db.Instant(&reopened)); err != nil {
			return err
		}
		if refs[casefile.EntryRef(id, n)] {
			a.month, a.days = month(workday.Of(at)), share(rev, latest(arrived, moved, reopened), at)
			found[a]++
		}
		return nil
	})
	return func(tx *db.Tx) error { return keep(tx, found) }, err
}

// The latest of several instants; zero ones do not count.
func latest(all ...time.Time) (t time.Time) {
	for _, x := range all {
		if x.After(t) {
			t = x
		}
	}
	return t
}

// Counts are written in a fixed order: two nodes that write the same rows in different orders would lock
// each other out.
func keep(tx *db.Tx, found map[answered]int64) error {
	order := make([]answered, 0, len(found))
	for a := range found {
		order = append(order, a)
	}
	slices.SortFunc(order, func(a, b answered) int {
		return strings.Compare(string(a.unit)+a.month+strconv.FormatInt(a.days, 10), string(b.unit)+b.month+strconv.FormatInt(b.days, 10))
	})
	for _, a := range order {
		_, err := tx.Exec(`INSERT INTO answer_share (unit, month, days, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (unit, month, days) DO UPDATE SET n = answer_share.n + excluded.n`, string(a.unit), a.month, a.days, found[a])
		if err != nil {
			return err
		}
	}
	return nil
}
