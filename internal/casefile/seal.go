package casefile

import (
	"cmp"
	"database/sql"
	"fmt"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// sealedTitle stands where a sealed case's title stood.
const sealedTitle = "(đã niêm phong)"

// Redact takes the text of one event of a case that this transaction holds out of reach:
// text and salt go, the hash in the event's bytes stays and proves that there was one.
// record is the number and date of the paper that orders it; the history keeps it.
func Redact(tx *db.Tx, who org.Actor, c *Case, n int64, record string) (err error) {
	defer fault.Wrap(&err, "redact event %d", n)
	if strings.TrimSpace(record) == "" {
		return fault.Field("record", "Hãy ghi số, ngày của biên bản hoặc văn bản yêu cầu.")
	}
	if err := tx.Flush(); err != nil { // the event may be of this very update
		return err
	}
	changed, err := tx.Exec(`UPDATE event SET text = NULL, salt = NULL WHERE case_id = $1 AND n = $2 AND text IS NOT NULL`, string(c.ID), n)
	if err != nil {
		return err
	}
	if changed == 0 {
		return fault.Refuse(fault.Conflict, "Diễn biến này không có nội dung, hoặc nội dung đã được lấy ra.")
	}
	_, err = Record(tx, c, Event{Kind: "case.redacted", By: who, Facts: map[string]string{"event": fmt.Sprint(n), "record": record}})
	return err
}

// An Order is the decision to seal a case: two persons and the record's number.
type Order struct {
	First, Second org.Actor // two different officers
	Record        string    // số, ngày of the record (biên bản) that both signed
}

// Two persons and a written record: what is taken out of reach is gone for everybody, so nobody does it
// alone.
func (o Order) check() error {
	switch {
	case o.First.Officer == "" || o.Second.Officer == "" || o.First.Officer == o.Second.Officer:
		return fault.Field("second", "Niêm phong cần hai người khác nhau cùng thực hiện.")
	case strings.TrimSpace(o.Record) == "":
		return fault.Field("record", "Hãy ghi số, ngày của biên bản niêm phong.")
	}
	return nil
}

// Seal (niêm phong) takes a case that this transaction holds out of reach everywhere in the
// store: every place on the list is emptied or deleted, its last event says by whom and
// under which record, and it takes no operation any more. It returns the hashes of the
// bytes that no other row refers to, in order: the caller removes them from the blob store
// after the commit, waives what is owed (duty.WaiveAll) before, and names the
// backups that still hold the case. Events, leaves and salted hashes stay.
func Seal(tx *db.Tx, c *Case, o Order) (bytes []string, err error) {
	defer fault.Wrap(&err, "seal case %s", c.ID)
	if err := o.check(); err != nil {
		return nil, err
	}
	if bytes, err = onlyHere(tx, c.ID); err != nil {
		return nil, err
	}
	for _, p := range Places() {
		if err := p.empty(tx, c.ID); err != nil {
			return nil, err
		}
	}
	_, err = Record(tx, c, Event{Kind: "case.sealed", By: o.First, Facts: map[string]string{
		"second": string(o.Second.Officer), "record": o.Record,
	}})
	if err != nil {
		return nil, err
	}
	c.Title, c.SealedAt = sealedTitle, tx.Now
	return bytes, nil
}

// onlyHere returns the hashes of the case's files that no other case has too.
func onlyHere(tx *db.Tx, id ID) (hashes []string, err error) {
	// system: sealing looks at every row that shares bytes; it shows no one anything
	err = tx.All(`
		SELECT DISTINCT d.hash FROM document d WHERE d.case_id = $1 AND d.sealed_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM document o WHERE o.hash = d.hash AND o.case_id <> $1 AND o.sealed_at IS NULL)
		ORDER BY d.hash`, []any{string(id)}, func(r *sql.Rows) error {
		var h string
		err := r.Scan(&h)
		hashes = append(hashes, h)
		return err
	})
	return hashes, err
}

// empty carries one place of a case out of reach; a table that this store does not
// have (yet) is a fault of the list, which its test finds.
func (p Place) empty(tx *db.Tx, id ID) error {
	where := cmp.Or(p.Where, "case_id = $1")
	if p.Lite != "" && !tx.Postgres() {
		where = p.Lite
	}
	query := `DELETE FROM ` + p.Table + ` WHERE ` + where
	if len(p.Set) > 0 {
		query = `UPDATE ` + p.Table + ` SET ` + strings.Join(p.Set, ", ") + ` WHERE ` + where
	}
	args := []any{string(id)}
	if strings.Contains(query, "$2") {
		args = append(args, tx.Now)
	}
	if _, err := tx.Exec(query, args...); err != nil {
		return fmt.Errorf("place %s: %w", p.Table, err)
	}
	return nil
}
