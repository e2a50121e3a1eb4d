package petition

import (
	"database/sql"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
)

// An Answer is one round's answer.
type Answer struct {
	Round      int64
	Unit       org.UnitID
	Outcome    Outcome
	EventN     int64
	PaperID    string
	Guidance   bool
	Number     string
	Symbol     string
	IssuedOn   string
	Signer     org.OfficerID
	Capacity   org.Capacity
	ReferredTo string
	Competent  org.UnitID
	AnsweredAt time.Time
	Settled    string // "", "yes" or "no"
	SettledAt  time.Time
}

const answerColumns = `a.round, a.unit, a.outcome, a.event_n, a.paper_id, a.guidance, a.number, a.symbol, a.issued_on, a.signer, a.capacity,
	a.referred_to, a.competent, a.answered_at, a.settled, a.settled_at`

// Answers returns the answers of a petition that the caller holds, oldest first.
func Answers(tx *db.Tx, id casefile.ID) (all []Answer, err error) {
	// system: the caller holds the case through Get or lock
	err = tx.All(`SELECT `+answerColumns+` FROM petition_answer a WHERE a.case_id = $1 ORDER BY a.round LIMIT 100`,
		[]any{string(id)}, func(r *sql.Rows) error {
			var a Answer
			err := r.Scan(&a.Round, &a.Unit, &a.Outcome, &a.EventN, &a.PaperID, &a.Guidance, &a.Number, &a.Symbol, &a.IssuedOn, &a.Signer,
				&a.Capacity, &a.ReferredTo, &a.Competent, db.Instant(&a.AnsweredAt), &a.Settled, db.Instant(&a.SettledAt))
			all = append(all, a)
			return err
		})
	return all, err
}
