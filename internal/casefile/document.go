package casefile

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Document is a file on a case: the row that a download is checked against. Its
// bytes lie in the blob store under Hash.
type Document struct {
	ID        string
	Case      ID
	EventN    int64  // the event it came with; 0 while it waits for its paper's release
	PaperID   string // the paper it hangs on, "" when none
	Name      string
	MediaType string // found by looking inside the file
	Size      int64  // bytes
	Hash      string // of the bytes; equal files are one
	Scan      string // "clean", "waiting", "infected" or "unscanned"
	Number    string // số, ký hiệu, for a paper of the document system
	Issuer    string
	IssuedOn  string // 2026-03-02, as on the paper
	OuterID   string // the document system's id of it
	AddedBy   org.OfficerID
	AddedAt   time.Time
	Audience  string // who may read it, as of an event; "" for Attach: the event's, for a draft's file the adder's units
	Sealed    bool   // the bytes are gone
}

// Attach adds a file's row to a case that this transaction holds.
func Attach(tx *db.Tx, d Document) (id string, err error) {
	defer fault.Wrap(&err, "attach %s", d.Name)
	if d.Audience == "" {
		if d.Audience, err = d.audience(tx); err != nil {
			return "", err
		}
	}
	id = tx.NewID()
	_, err = tx.Exec(`
		INSERT INTO document (id, case_id, event_n, paper_id, name, media_type, size, hash, scan, number, issuer, issued_on, outer_id, added_by, added_at, audience)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		id, string(d.Case), d.EventN, d.PaperID, d.Name, d.MediaType, d.Size, d.Hash, d.Scan,
		d.Number, d.Issuer, d.IssuedOn, d.OuterID, string(d.AddedBy), tx.Now, d.Audience)
	return id, err
}

// Detach takes a file off a paper that is not released and returns its name, or
// fault.NotFound when no such file waits on that paper. The caller holds the case and has
// asked whether the actor may change the paper. Its bytes go when no row names them.
func Detach(tx *db.Tx, c ID, paper, id string) (name string, err error) {
	err = tx.One(`DELETE FROM document WHERE id = $1 AND case_id = $2 AND paper_id = $3 AND event_n = 0 AND paper_id <> '' AND sealed_at IS NULL
		RETURNING name`, []any{id, string(c), paper}, &name)
	return name, err
}

// audience is who reads a file until somebody says otherwise: those who read the event it
// came with; a file that waits for its paper, the units of whoever added it.
func (d Document) audience(tx *db.Tx) (audience string, err error) {
	if d.EventN != 0 {
		err = tx.One(`SELECT audience FROM event WHERE case_id = $1 AND n = $2`, []any{string(d.Case), d.EventN}, &audience)
		if !errors.Is(err, fault.NotFound) {
			return audience, err
		}
	} // an event that is not there yet opens nothing: the adder's units, until somebody says more
	readers := []string{"o:" + string(d.AddedBy)}
	who, err := org.ActorOf(tx, d.AddedBy)
	if err != nil {
		return "", err
	}
	for _, p := range who.Posts {
		readers = append(readers, "u:"+string(p.Unit))
	}
	return strings.Join(readers, ","), nil
}

const documentColumns = `d.id, d.case_id, d.event_n, d.paper_id, d.name, d.media_type, d.size, d.hash, d.scan,
	d.number, d.issuer, d.issued_on, d.outer_id, d.added_by, d.added_at, d.audience, d.sealed_at IS NOT NULL`

// The columns of a document in their order.
func scanDocument(r *sql.Rows) (d Document, err error) {
	err = r.Scan(&d.ID, &d.Case, &d.EventN, &d.PaperID, &d.Name, &d.MediaType, &d.Size, &d.Hash, &d.Scan,
		&d.Number, &d.Issuer, &d.IssuedOn, &d.OuterID, &d.AddedBy, db.Instant(&d.AddedAt), &d.Audience, &d.Sealed)
	return d, err
}

// Documents returns the files of a case that the actor may read, oldest first, at most
// a thousand. The caller has the case from Get.
func Documents(tx *db.Tx, who org.Actor, id ID) (all []Document, err error) {
	// system: the caller holds the case through Get
	err = tx.All(`SELECT `+documentColumns+` FROM document d WHERE d.case_id = $1 ORDER BY d.id LIMIT 1000`,
		[]any{string(id)}, func(r *sql.Rows) error {
			d, err := scanDocument(r)
			all = append(all, d)
			return err
		})
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, d := range all {
		ok, err := hears(tx, who, d.Audience)
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// GetDocument returns one file's row, or fault.NotFound when who may not read it or its
// case, or when it was sealed.
func GetDocument(tx *db.Tx, who org.Actor, id string) (d Document, err error) {
	found := false
	query, args := `SELECT `+documentColumns+` FROM document d WHERE d.id = $1 AND d.sealed_at IS NULL`, []any{id}
	if who.System == "" {
		query += ` AND ` + access.Visible("d.case_id", "$2")
		args = append(args, who.Reader())
	}
	err = tx.All(query, args, func(r *sql.Rows) (err error) {
		found = true
		d, err = scanDocument(r)
		return err
	})
	if err == nil && found {
		found, err = hears(tx, who, d.Audience)
	}
	if err == nil && !found {
		d, err = Document{}, fault.NotFound
	}
	return d, err
}

// Release ties the files that waited on a paper to the event that released it: from
// then on whoever reads that event may read them.
func Release(tx *db.Tx, paper string, n int64) error {
	if err := tx.Flush(); err != nil { // the event is mostly of this very update
		return err
	}
	// system: the audience goes from one row to another; nobody reads anything
	_, err := tx.Exec(`UPDATE document SET event_n = $1, audience = coalesce(
			(SELECT e.audience FROM event e WHERE e.case_id = document.case_id AND e.n = $1), audience)
		WHERE paper_id = $2 AND event_n = 0`, n, paper)
	return err
}

// Events names in Vietnamese what happens to a case whatever slice it belongs to.
var Events = map[string]string{
	"case.redacted": "Lấy nội dung một diễn biến ra khỏi hồ sơ",
	"case.sealed":   "Niêm phong",
	"case.infected": "Phát hiện mã độc trong tệp kèm theo, tệp không tải về được nữa",
}

// Scanned keeps what a virus scanner said later of bytes that cases have as files. Bytes
// in which it found something are taken from everybody, also where they passed for
// clean before, and the history of each of their cases says so to who could read the file.
func Scanned(tx *db.Tx, hash, state, found string, infected bool) (err error) {
	defer fault.Wrap(&err, "scanned %.8s", hash)
	if !infected {
		_, err = tx.Exec(`UPDATE document SET scan = $1 WHERE hash = $2 AND scan = 'waiting'`, state, hash)
		return err
	}
	var ill []Document
	// system: the program itself follows one file into every case that has it
	err = tx.All(`SELECT `+documentColumns+` FROM document d WHERE d.hash = $1 AND d.scan <> $2 AND d.sealed_at IS NULL ORDER BY d.case_id, d.id`,
		[]any{hash, state}, func(r *sql.Rows) error {
			d, err := scanDocument(r)
			ill = append(ill, d)
			return err
		})
	if err != nil {
		return err
	}
	who := org.System("scan")
	for _, d := range ill { // in the order of the cases' ids, as every lock of several
		c, err := Lock(tx, who, d.Case)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE document SET scan = $1 WHERE id = $2`, state, d.ID); err != nil {
			return err
		}
		if _, err := Record(tx, c, Event{Kind: "case.infected", By: who, Audience: d.Audience, Facts: map[string]string{"document": d.ID, "found": found}}); err != nil {
			return err
		}
	}
	return nil
}
