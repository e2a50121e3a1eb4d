package bank

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// JobEnded is the kind of the job that tells the departments whose entries rest on a text
// that ends, when there are many.
const JobEnded = "bank.ended"

// chunk is how many entries one transaction tells of.
const chunk = 100

// number finds the numbers of texts: 118/2025/NĐ-CP, 54/2014/QH13, 06/2026/QĐ-UBND.
var number = regexp.MustCompile(`\d+/(?:\d{4}/)?[\p{Lu}][\p{Lu}\d]*(?:-[\p{Lu}\d]+)*`)

// numbers are the texts that a basis names, folded, each once.
func numbers(basis string) (all []string) {
	for _, n := range number.FindAllString(basis, -1) {
		all = append(all, vntext.Fold(n))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The numbers of texts that the entry rests on, found in its basis and answer, are kept apart: when one
// ends, its entries are one query away.
func (e *Entry) saveBasis(tx *db.Tx) error {
	if _, err := tx.Exec(`DELETE FROM bank_basis WHERE case_id = $1`, string(e.ID)); err != nil {
		return err
	}
	for _, n := range numbers(e.Basis + " " + e.Answer) {
		if _, err := tx.Exec(`INSERT INTO bank_basis (case_id, number) VALUES ($1, $2)`, string(e.ID), n); err != nil {
			return err
		}
	}
	return nil
}

// A TextEnd is a row of the list of texts that end (văn bản hết hiệu lực).
type TextEnd struct {
	Ended
	AddedBy string
}

// MayEnd says whether the actor keeps the list of texts that end: who administers the
// province, or follows petitions for the Office.
func MayEnd(tx *db.Tx, who org.Actor) (bool, error) {
	if who.System != "" || who.Root {
		return true, nil
	}
	return org.Follows(tx, who, petition.CaseKind)
}

// EndText says that a text ends. Entries that rest on it are marked from that day on, and
// the history of each says why; said again, the day and the successor are corrected.
func EndText(tx *db.Tx, who org.Actor, in Ended) (err error) {
	defer fault.Wrap(&err, "end text %s", in.Symbol)
	if may, err := MayEnd(tx, who); err != nil {
		return err
	} else if !may {
		return fault.Refuse(fault.Denied, "Danh mục văn bản hết hiệu lực do quản trị của tỉnh và chuyên viên theo dõi của Văn phòng ghi.")
	}
	if err := in.Check(); err != nil {
		return err
	}
	by := string(who.Officer)
	if by == "" {
		by = who.System
	}
	n := vntext.Fold(in.Symbol)
	_, err = tx.Exec(`
		INSERT INTO text_end (number, symbol, ended_on, replaced_by, source, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (number) DO UPDATE SET ended_on = $3, replaced_by = $4, source = $5, added_by = $6, added_at = $7`,
		n, in.Symbol, in.EndedOn.String(), in.ReplacedBy, in.Source, by, tx.Now)
	if err != nil {
		return err
	}
	return outdate(tx, n)
}

// Check puts a row of the list in its form, or refuses it at the field that is wrong.
func (x *Ended) Check() (err error) {
	x.Symbol = strings.ToUpper(strings.TrimSpace(vntext.NFC(x.Symbol)))
	if x.Symbol == "" || number.FindString(x.Symbol) != x.Symbol {
		return fault.Field("symbol", "Số, ký hiệu văn bản ghi như 59/2020/NĐ-CP.")
	}
	if x.EndedOn.IsZero() {
		return fault.Field("ended_on", "Hãy ghi ngày văn bản hết hiệu lực.")
	}
	if x.Source, err = words("source", x.Source, "Hãy ghi theo văn bản nào.", longestReason); err != nil {
		return err
	}
	x.ReplacedBy, err = words("replaced_by", x.ReplacedBy, "", longestReason)
	return err
}

// RestingOn is how many approved entries rest on a text, for whoever is about to say that
// it ends. A number, and of no one entry.
func RestingOn(tx *db.Tx, symbol string) (n int64, err error) {
	// system: a count for the list of texts that end, which only its keepers ask for
	err = tx.One(`SELECT count(*) FROM bank_basis b JOIN casefile c ON c.id = b.case_id WHERE b.number = $1 AND c.state = '`+Approved+`' AND c.sealed_at IS NULL`,
		[]any{vntext.Fold(symbol)}, &n)
	return n, err
}

// outdate tells of the first entries at once; the rest is a job's.
func outdate(tx *db.Tx, n string) error {
	next, err := tellEnded(tx, n, "")
	if err != nil || next == "" {
		return err
	}
	_, err = job.Start(tx, JobEnded, n, "bank")
	return err
}

// StepEnded is one step of JobEnded.
func StepEnded(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	defer fault.Wrap(&err, "tell of the end of %s", j.Input)
	next, err := tellEnded(tx, j.Input, j.Cursor)
	return job.Progress{Cursor: next, Done: j.Done + 1, Total: j.Done + 1, End: next == ""}, err
}

// tellEnded records, on a chunk of the approved entries that rest on a text, that it
// ends, and tells their leaders. It returns where the next chunk begins, "" at the end.
// An entry that was told of the same end is passed over.
func tellEnded(tx *db.Tx, n, after string) (next string, err error) {
	var ids []casefile.ID
	// system: the program's own reading; each department is told of its entries only
	err = tx.All(`SELECT b.case_id FROM bank_basis b JOIN casefile c ON c.id = b.case_id
		WHERE b.number = $1 AND b.case_id > $2 AND c.state = '`+Approved+`' AND c.sealed_at IS NULL ORDER BY b.case_id LIMIT $3`, []any{n, after, chunk + 1}, func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return "", err
	}
	if len(ids) > chunk {
		ids = ids[:chunk]
		next = string(ids[chunk-1])
	}
	var x Ended
	var on string
	if err := tx.One(`SELECT symbol, ended_on, replaced_by, source FROM text_end WHERE number = $1`, []any{n}, &x.Symbol, &on, &x.ReplacedBy, &x.Source); err != nil {
		return "", err
	}
	for _, id := range ids {
		if err := toldEnded(tx, id, map[string]string{"symbol": x.Symbol, "ended_on": on, "replaced_by": x.ReplacedBy}); err != nil {
			return "", err
		}
	}
	return next, nil
}

// Records on an entry that a text ended, once a text: the sweep comes by again and again.
func toldEnded(tx *db.Tx, id casefile.ID, facts map[string]string) error {
	who := org.System("bank")
	c, err := casefile.LockQuiet(tx, who, id)
	if err != nil {
		return err
	}
	history, err := casefile.History(tx, who, id, mostEvents)
	if err != nil {
		return err
	}
	for _, e := range history {
		if e.Kind == "bank.outdated" && e.Facts["symbol"] == facts["symbol"] && e.Facts["ended_on"] == facts["ended_on"] {
			return nil
		}
	}
	if _, err := casefile.Record(tx, c, casefile.Event{Kind: "bank.outdated", By: who, Facts: facts}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: c.Lead, Role: org.Leader, Case: id, Kind: "bank.outdated"})
}

// mostEvents is more than an entry ever has.
const mostEvents = 500

// gatherEnded collects texts that end, from rows of symbol, day, replacement and source.
func gatherEnded(all *[]Ended) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var x Ended
		var on string
		if err := r.Scan(&x.Symbol, &on, &x.ReplacedBy, &x.Source); err != nil {
			return err
		}
		*all = append(*all, x)
		return (*all)[len(*all)-1].EndedOn.UnmarshalText([]byte(on))
	}
}

// TextEnds lists the texts that end, the latest first, at most limit.
func TextEnds(tx *db.Tx, limit int) (all []Ended, err error) {
	err = tx.All(`SELECT symbol, ended_on, replaced_by, source FROM text_end ORDER BY ended_on DESC, number LIMIT $1`, []any{limit}, gatherEnded(&all))
	return all, err
}

// today is the office's day of this transaction, as rows hold it.
func today(tx *db.Tx) string { return workday.Of(tx.Now).String() }
