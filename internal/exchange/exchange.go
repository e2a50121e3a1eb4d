// Package exchange takes in the documents that went through the province's document
// system (hệ thống quản lý văn bản), and gives it the papers that are released here.
//
// A document is its issuer, number and symbol, and day: by whatever way it comes, edXML or
// the list as XLSX, it is one. It opens a commune's petition, or is joined to the case it
// answers; what the program cannot tell waits for a clerk or a desk officer.
//
//	taken --known paper, answer--> joined      taken --a commune's difficulty--> opened
//	  \--not clear--> waiting --Join, Open, SetAside--> joined, opened, aside
//	                       \--what it names moves--> tried again
//	  \--marked secret--> secret (number, day, issuer; nothing else is kept)
//
// What a packet looks like is edxml's; what a petition is, petition's.
package exchange

import (
	"database/sql"
	"encoding/json"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// An ID names a document that came by the document system: 26 letters.
type ID string

// The states of such a document.
const (
	Waiting = "waiting" // chờ đối chiếu
	Joined  = "joined"  // gắn vào việc đã có
	Opened  = "opened"  // mở kiến nghị mới
	Aside   = "aside"   // để ngoài, có lý do
	Secret  = "secret"  // từ chối vì có dấu mật
)

// States are the states in words.
var States = map[string]string{Waiting: "Chờ đối chiếu", Joined: "Đã gắn vào việc", Opened: "Đã mở kiến nghị", Aside: "Để ngoài", Secret: "Từ chối: có dấu mật"}

// Reasons are why a document waits, in sentences.
var Reasons = map[string]string{
	"issuer":  "Mã định danh của cơ quan ban hành chưa có trong danh mục.",
	"kind":    "Chưa rõ văn bản này nêu kiến nghị hay trả lời kiến nghị.",
	"field":   "Văn bản của xã, phường nêu vướng mắc nhưng chưa rõ thuộc lĩnh vực nào.",
	"case":    "Văn bản nêu số, ký hiệu của văn bản khác nhưng không tìm thấy việc nào đang chờ trả lời.",
	"many":    "Số, ký hiệu mà văn bản nêu khớp với nhiều việc.",
	"changed": "Văn bản cùng số, ký hiệu, ngày của cơ quan này đã đến trước đó với lời văn hoặc tệp khác.",
	"refused": "Việc khớp với văn bản này không nhận thêm trả lời, hoặc nội dung chưa đủ để mở kiến nghị.",
}

// The two ways by which documents come.
const (
	ByPacket = "edxml"
	ByList   = "xlsx"
)

// Events names what this package records on cases.
var Events = map[string]string{"exchange.known": "Văn bản này cũng đến qua hệ thống quản lý văn bản", "exchange.joined": "Gắn văn bản đến qua hệ thống quản lý văn bản"}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{"exchange.refused": "Nơi nhận từ chối văn bản gửi qua hệ thống quản lý văn bản"}

// A Document is one that came by the document system.
type Document struct {
	ID          ID
	Issuer      org.UnitID // "" for one that is not known here
	IssuerCode  string     // as the packet has it
	IssuerName  string
	Addressee   org.UnitID // the first of our units it was sent to; "" none
	Symbol      string     // số, ký hiệu
	IssuedOn    workday.Date
	OuterID     string // of the sender's system, for what refers to it
	Subject     string // trích yếu
	Content     string
	Signer      string
	SignerTitle string
	Refs        []edxml.Reference // documents that it answers or quotes
	ArrivedAt   time.Time         // at its receiver
	TakenAt     time.Time         // read here
	Way         string            // packet, list or by hand
	State       string            // see States
	WaitsFor    string            // a key of Reasons
	Case        casefile.ID       // "" until it has one
	EventN      int64             // of the event that took it in
	Noted       bool              // of a secret one: a person knows
	Signed      bool              // it came with a digital signature, which nobody here checked
	Repeats     ID                // the one that came before it under the same number, with other text or files
	Version     int64             // what the person saw

	named bool // Issuer was said by a person now, no code says so
}

const columns = `x.id, x.issuer, x.issuer_code, x.issuer_name, x.addressee, x.symbol, x.issued_on, x.outer_id, x.subject, x.content,
	x.signer_name, x.signer_title, x.refs, x.arrived_at, x.taken_at, x.way, x.state, x.waits_for, x.case_id, x.event_n, x.noted, x.signed, x.repeats, x.version`

// A document's row; a document that belongs to no case yet has none.
func scan(r *sql.Rows) (d Document, err error) {
	var refs string
	var id sql.NullString
	err = r.Scan(&d.ID, &d.Issuer, &d.IssuerCode, &d.IssuerName, &d.Addressee, &d.Symbol, &d.IssuedOn, &d.OuterID, &d.Subject, &d.Content,
		&d.Signer, &d.SignerTitle, &refs, db.Instant(&d.ArrivedAt), db.Instant(&d.TakenAt), &d.Way, &d.State, &d.WaitsFor, &id, &d.EventN, &d.Noted, &d.Signed, &d.Repeats, &d.Version)
	if err != nil {
		return d, err
	}
	d.Case = casefile.ID(id.String)
	return d, json.Unmarshal([]byte(refs), &d.Refs)
}

// insert writes a new row under the document's identity; won is false when another
// transaction was faster.
func (d *Document) insert(tx *db.Tx) (won bool, err error) {
	if d.Refs == nil {
		d.Refs = []edxml.Reference{}
	}
	refs, err := json.Marshal(d.Refs)
	if err != nil {
		return false, err
	}
	d.ID, d.TakenAt, d.Version = ID(tx.NewID()), tx.Now, 1
	n, err := tx.Exec(`
		INSERT INTO exchange_document (id, identity, issuer, issuer_code, issuer_name, addressee, symbol, issued_on, outer_id, subject, content,
			signer_name, signer_title, refs, arrived_at, taken_at, way, state, waits_for, signed, repeats)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) ON CONFLICT (identity) DO NOTHING`,
		string(d.ID), d.identity(), string(d.Issuer), d.IssuerCode, d.IssuerName, string(d.Addressee), d.Symbol, d.IssuedOn.String(), d.OuterID,
		d.Subject, d.Content, d.Signer, d.SignerTitle, string(refs), d.ArrivedAt, tx.Now, d.Way, d.State, d.WaitsFor, d.Signed, string(d.Repeats))
	return n == 1, err
}

// save writes what a decision changes.
func (d *Document) save(tx *db.Tx) error {
	var id any
	if d.Case != "" {
		id = string(d.Case)
	}
	d.Version++
	_, err := tx.Exec(`UPDATE exchange_document SET issuer = $1, state = $2, waits_for = $3, case_id = $4, event_n = $5, noted = $6, version = $7, again = FALSE WHERE id = $8`,
		string(d.Issuer), d.State, d.WaitsFor, id, d.EventN, d.Noted, d.Version, string(d.ID))
	tx.Touch(string(d.Addressee))
	return err
}

// byIdentity returns the row of a document, if it came before.
func byIdentity(tx *db.Tx, identity string) (d Document, found bool, err error) {
	// system: the program asks whether it has the document; nobody reads it
	err = tx.All(`SELECT `+columns+` FROM exchange_document x WHERE x.identity = $1`, []any{identity}, func(r *sql.Rows) (err error) {
		found = true
		d, err = scan(r)
		return err
	})
	return d, found, err
}

// step keeps who did what to a document.
func (d *Document) step(tx *db.Tx, who org.Actor, what, reason string) error {
	by := string(who.Officer)
	if who.System != "" {
		by = who.System
	}
	_, err := tx.Exec(`INSERT INTO exchange_step (document, n, what, by, post, at, reason)
		SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 FROM exchange_step WHERE document = $1`,
		string(d.ID), what, by, string(who.Post.ID), tx.Now, reason)
	return err
}

// A Step is one thing that was done to a document: taken, joined, opened, aside, noted.
type Step struct {
	What, By, Reason string // taken, joined, opened, aside, noted; By is "exchange" or an officer
	At               time.Time
}

// Steps returns what was done to a document that the caller has from Get.
func Steps(tx *db.Tx, id ID) (all []Step, err error) {
	err = tx.All(`SELECT what, by, reason, at FROM exchange_step WHERE document = $1 ORDER BY n LIMIT 100`, []any{string(id)}, func(r *sql.Rows) error {
		var s Step
		err := r.Scan(&s.What, &s.By, &s.Reason, db.Instant(&s.At))
		all = append(all, s)
		return err
	})
	return all, err
}

// keepFiles writes the files of a document that waits.
func (d *Document) keepFiles(tx *db.Tx, files []casefile.Document) error {
	for i, f := range files {
		_, err := tx.Exec(`INSERT INTO exchange_file (document, n, name, media_type, size, hash, scan) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (document, n) DO NOTHING`, string(d.ID), i+1, f.Name, f.MediaType, f.Size, f.Hash, f.Scan)
		if err != nil {
			return err
		}
	}
	return nil
}

// Files returns the files of a document that waits; the caller has it from Get.
func Files(tx *db.Tx, id ID) (all []casefile.Document, err error) {
	err = tx.All(`SELECT name, media_type, size, hash, scan FROM exchange_file WHERE document = $1 ORDER BY n`, []any{string(id)}, func(r *sql.Rows) error {
		var f casefile.Document
		err := r.Scan(&f.Name, &f.MediaType, &f.Size, &f.Hash, &f.Scan)
		all = append(all, f)
		return err
	})
	return all, err
}

// from gives files the marks of the document that they came with.
func (d *Document) from(files []casefile.Document) []casefile.Document {
	for i := range files {
		files[i].Number, files[i].Issuer, files[i].IssuedOn, files[i].OuterID = d.Symbol, string(d.Issuer), d.IssuedOn.String(), d.OuterID
	}
	return files
}
