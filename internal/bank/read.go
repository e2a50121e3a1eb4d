package bank

import (
	"database/sql"
	"fmt"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A Filter narrows a list of entries.
type Filter struct {
	State string // "" approved
	Field string
	Text  string // like this
}

// found is how many entries a search by words gives at most: what is less like is not
// what was meant.
const found = 30

// List returns entries that the reader may see, the newest first, or with f.Text the
// likest first and no next page; at most limit, and the cursor of the rest.
func List(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (all []Likely, next string, err error) {
	defer fault.Wrap(&err, "list the bank")
	if f.State == "" {
		f.State = Approved
	}
	if f.Text != "" && f.State == Approved {
		near, _, err := Like(tx, who, f.Text, "", found)
		for _, l := range near {
			if f.Field == "" || l.Field == f.Field {
				all = append(all, l)
			}
		}
		return all, "", err
	}
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	if len(after) == 0 {
		after = "~" // behind every id
	}
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.field, c.lead, e.answer, c.opened_at, e.approved_at,
			EXISTS (SELECT 1 FROM bank_basis b JOIN text_end t ON t.number = b.number WHERE b.case_id = c.id AND t.ended_on <= $5)
		FROM casefile c JOIN bank_entry e ON e.case_id = c.id
		WHERE c.kind = '`+CaseKind+`' AND c.state = $1 AND c.id < $2 AND ($3 = '' OR c.field = $3) AND c.sealed_at IS NULL AND `+access.Visible("c.id", "$4")+`
		ORDER BY c.id DESC LIMIT $6`, []any{f.State, after, f.Field, who.Reader(), today(tx), limit + 1}, func(r *sql.Rows) error {
		var l Likely
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.Field, &l.Lead, &l.Answer, db.Instant(&l.OpenedAt), db.Instant(&l.ApprovedAt), &l.Outdated)
		all = append(all, l)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// WaitingFor counts the entries that wait for a leader, in the units where he is one; at
// most limit are counted.
func WaitingFor(tx *db.Tx, who org.Actor, limit int) (n int, err error) {
	seen := map[org.UnitID]bool{}
	for _, p := range who.Posts {
		if p.Role != org.Leader || seen[p.Unit] {
			continue
		}
		seen[p.Unit] = true
		var one int
		err := tx.One(`SELECT count(*) FROM (SELECT c.id FROM casefile c WHERE c.kind = '`+CaseKind+`' AND c.state = '`+Waiting+`' AND c.lead = $1 AND `+
			access.Visible("c.id", "$2")+` LIMIT $3) w`, []any{string(p.Unit), who.Reader(), limit}, &one)
		if err != nil {
			return 0, err
		}
		n += one
	}
	return n, nil
}

// What may be counted of an entry.
const (
	Shown  = "shown"  // among the likest while somebody wrote
	Opened = "opened" // in full
	Spared = "spared" // used instead of raising a petition
	Copied = "copied" // into the draft of an answer
)

// Used counts that approved entries helped.
func Used(tx *db.Tx, what string, ids ...casefile.ID) (err error) {
	defer fault.Wrap(&err, "count %s", what)
	for _, id := range ids {
		_, err := tx.Exec(`INSERT INTO bank_use (case_id, month, what, n) VALUES ($1, $2, $3, 1) ON CONFLICT (case_id, month, what) DO UPDATE SET n = bank_use.n + 1`,
			string(id), monthOf(tx.Now), what)
		if err != nil {
			return err
		}
	}
	return nil
}

// The month of an instant, "2026-03", under which uses of the bank are counted.
func monthOf(t time.Time) string { return workday.Of(t).String()[:7] }

// Spare says that an entry answered the question, so that no petition is raised.
func Spare(tx *db.Tx, who org.Actor, id casefile.ID) (e *Entry, err error) {
	defer fault.Wrap(&err, "spare a petition by %s", id)
	if e, err = Get(tx, who, id); err != nil {
		return nil, err
	}
	if e.State != Approved {
		return nil, fault.Refuse(fault.Conflict, "Mục này chưa duyệt hoặc đã rút.")
	}
	return e, Used(tx, Spared, id)
}

// Copy returns an approved entry for the draft of an answer to a petition that the actor
// may read, and keeps on which petition it was used.
func Copy(tx *db.Tx, who org.Actor, id, into casefile.ID) (e *Entry, err error) {
	defer fault.Wrap(&err, "copy entry %s", id)
	p, err := petition.Get(tx, who, into)
	if err != nil {
		return nil, err
	}
	if !who.In(p.Lead) {
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì chép giải đáp vào dự thảo trả lời.")
	}
	if e, err = Get(tx, who, id); err != nil {
		return nil, err
	}
	if e.State != Approved {
		return nil, fault.Refuse(fault.Conflict, "Mục này chưa duyệt hoặc đã rút.")
	}
	n, err := tx.Exec(`INSERT INTO bank_ref (case_id, entry, by, at) VALUES ($1, $2, $3, $4) ON CONFLICT (case_id, entry) DO NOTHING`,
		string(into), string(id), string(who.Officer), tx.Now)
	if err != nil || n == 0 {
		return e, err
	}
	return e, Used(tx, Copied, id)
}

// Quoted is the answer of an entry as a draft begins with it, and its basis with the
// entry named: whoever signs sees where the words come from.
func (e *Entry) Quoted() (text, basis string) {
	basis = e.Basis
	if basis != "" {
		basis += "; "
	}
	return e.Answer, basis + fmt.Sprintf("kho giải đáp, mục có mã theo dõi %s", e.Code)
}

// RefsOf returns the entries copied into answers to a petition that the reader may open.
func RefsOf(tx *db.Tx, who org.Actor, id casefile.ID) (all []Likely, err error) {
	err = tx.All(`SELECT c.id, c.code, c.title FROM bank_ref f JOIN casefile c ON c.id = f.entry WHERE f.case_id = $1 AND `+
		access.Visible("c.id", "$2")+` AND `+access.Visible("f.case_id", "$2")+` ORDER BY f.at LIMIT 20`, []any{string(id), who.Reader()}, func(r *sql.Rows) error {
		var l Likely
		err := r.Scan(&l.ID, &l.Code, &l.Title)
		all = append(all, l)
		return err
	})
	return all, err
}

// A Figure is how often the entries of one department helped in one month.
type Figure struct {
	Lead                          org.UnitID // the unit that answers
	Month                         string     // YYYY-MM
	Shown, Opened, Spared, Copied int64      // how often, in that month
}

// Figures are the figures of the entries that the reader may see, the newest month first.
func Figures(tx *db.Tx, who org.Actor, limit int) (all []Figure, err error) {
	defer fault.Wrap(&err, "figures of the bank")
	err = tx.All(`
		SELECT c.lead, u.month, CAST(coalesce(sum(u.n) FILTER (WHERE u.what = 'shown'), 0) AS BIGINT), CAST(coalesce(sum(u.n) FILTER (WHERE u.what = 'opened'), 0) AS BIGINT),
			CAST(coalesce(sum(u.n) FILTER (WHERE u.what = 'spared'), 0) AS BIGINT), CAST(coalesce(sum(u.n) FILTER (WHERE u.what = 'copied'), 0) AS BIGINT)
		FROM bank_use u JOIN casefile c ON c.id = u.case_id WHERE `+access.Visible("c.id", "$1")+`
		GROUP BY c.lead, u.month ORDER BY u.month DESC, c.lead LIMIT $2`, []any{who.Reader(), limit}, func(r *sql.Rows) error {
		var f Figure
		err := r.Scan(&f.Lead, &f.Month, &f.Shown, &f.Opened, &f.Spared, &f.Copied)
		all = append(all, f)
		return err
	})
	return all, err
}
