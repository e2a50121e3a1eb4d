package paper

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Template (mẫu văn bản) is a DOCX of a unit's own in place of the built-in layout, for
// one kind of paper.
type Template struct {
	Unit  org.UnitID
	Kind  Kind
	Name  string // of the file, cleaned as upload.Name does
	Hash  blob.Hash
	Size  int64
	SetBy org.OfficerID
	SetAt time.Time
}

// CheckTemplate refuses a file that Fill could not fill, before its bytes are kept.
func CheckTemplate(raw []byte) error { return Fill(io.Discard, raw, Example("")) }

// SetTemplate puts a file that is kept already under its hash in place for a unit and
// kind. Who administers the unit may; the log of the office keeps what it was.
func SetTemplate(tx *db.Tx, who org.Actor, t Template) (err error) {
	defer fault.Wrap(&err, "set template of %s", t.Unit)
	if err := mayKeep(tx, who, t.Unit); err != nil {
		return err
	}
	if t.Kind.Say() == "" {
		return fault.Field("kind", "Không có loại văn bản %.40q.", t.Kind)
	}
	if t.Name == "" {
		return fault.Field("file", "Hãy chọn tệp mẫu.")
	}
	// one row a unit and kind: the newest is the one in use, the log keeps the others
	_, err = tx.Exec(`
		INSERT INTO paper_template (unit, kind, name, hash, size, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (unit, kind) DO UPDATE SET name = excluded.name, hash = excluded.hash, size = excluded.size, set_by = excluded.set_by, set_at = excluded.set_at`,
		string(t.Unit), string(t.Kind), t.Name, string(t.Hash), t.Size, string(who.Officer), tx.Now)
	if err != nil {
		return err
	}
	return org.Note(tx, who, "SetTemplate", t.Unit, string(t.Kind)+": "+t.Name)
}

// DropTemplate goes back to the built-in layout; a unit without a template of the kind is
// a fault.NotFound.
func DropTemplate(tx *db.Tx, who org.Actor, unit org.UnitID, kind Kind) (err error) {
	defer fault.Wrap(&err, "drop template of %s", unit)
	if err := mayKeep(tx, who, unit); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM paper_template WHERE unit = $1 AND kind = $2`, string(unit), string(kind))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound
	}
	return org.Note(tx, who, "DropTemplate", unit, string(kind))
}

// Templates speak in the unit's name: its administrator sets them.
func mayKeep(tx *db.Tx, who org.Actor, unit org.UnitID) error {
	u, err := org.UnitOf(tx, unit)
	if err != nil {
		return err
	}
	if !org.MayAdminister(who, u) {
		return fault.Refuse(fault.Denied, "Anh/chị không quản trị đơn vị này nên không đặt mẫu văn bản được.")
	}
	return nil
}

// Templates returns the templates of a unit by their kind.
func Templates(tx *db.Tx, unit org.UnitID) (all map[Kind]Template, err error) {
	defer fault.Wrap(&err, "templates of %s", unit)
	all = map[Kind]Template{}
	err = tx.All(`SELECT unit, kind, name, hash, size, set_by, set_at FROM paper_template WHERE unit = $1 ORDER BY kind LIMIT 100`,
		[]any{string(unit)}, func(r *sql.Rows) error {
			var t Template
			err := r.Scan(&t.Unit, &t.Kind, &t.Name, &t.Hash, &t.Size, &t.SetBy, db.Instant(&t.SetAt))
			all[t.Kind] = t
			return err
		})
	return all, err
}

// templateOf is a unit's template for a kind; nil for the built-in layout.
func templateOf(tx *db.Tx, unit org.UnitID, kind Kind) (*Template, error) {
	t := Template{Unit: unit, Kind: kind}
	err := tx.One(`SELECT name, hash, size FROM paper_template WHERE unit = $1 AND kind = $2`, []any{string(unit), string(kind)}, &t.Name, &t.Hash, &t.Size)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &t, err
}

// A Print is a document with what it is to be written by.
type Print struct {
	*Document
	Template *Template // of the issuing unit; nil: the built-in layout
}

// Write writes the DOCX by the unit's template where it has one.
func (p Print) Write(w io.Writer, files *blob.Store) error {
	if p.Template == nil {
		return DOCX(w, p.Document)
	}
	// checked when it was set, and again by Fill: the list of places may have changed
	raw, err := p.Template.bytes(files)
	if err != nil {
		return err
	}
	return Fill(w, raw, p.Document)
}

// File draws the paper as "pdf" or "docx", the endings that its addresses have, and returns it
// with the name to save it under and its media type. Any other ending is not found.
func (p Print) File(ext string, files *blob.Store) (name, media string, body []byte, err error) {
	var b bytes.Buffer
	switch ext {
	case "pdf":
		media, err = "application/pdf", PDF(&b, p.Document)
	case "docx":
		media, err = DocxType, p.Write(&b, files)
	default:
		err = fault.NotFound
	}
	return p.FileName() + "." + ext, media, b.Bytes(), err
}

// Preview writes a template filled with an invented paper, so that an administrator sees
// what comes of it.
func (t Template) Preview(w io.Writer, files *blob.Store, unit string) error {
	raw, err := t.bytes(files)
	if err != nil {
		return err
	}
	return Fill(w, raw, Example(unit))
}

// The bytes of a template, never more than one may have.
func (t Template) bytes(files *blob.Store) ([]byte, error) {
	f, err := files.Open(t.Hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(f, mostTemplate+1))
	return b.Bytes(), err
}

// Example is an invented paper of a unit for previews.
func Example(unit string) *Document {
	return &Document{Kind: Letter, Over: "Ủy ban nhân dân tỉnh", Unit: unit, Symbol: "37/VD-VP", Place: "Địa danh", Date: workday.MustDate("2026-02-09"),
		Subject: "Trả lời kiến nghị (ví dụ minh hoạ)", To: []string{"Ủy ban nhân dân xã"}, Body: []Block{{Text: "Đoạn thứ nhất của nội dung ví dụ.\nĐoạn thứ hai của nội dung ví dụ."}},
		Capacity: []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, Signer: "Người ký ví dụ", Receivers: []string{"Như trên;", "Lưu: VT."}, Code: "KN-0000/2026", State: "Ví dụ minh hoạ"}
}

// Starter is a paper whose parts are the places of templates: written as DOCX it is a
// template to begin with.
func Starter(kind Kind) *Document {
	place := func(name string) string { return "{{." + name + "}}" }
	d := &Document{Kind: kind, Over: place("CoQuanCapTren"), Unit: place("CoQuan"), Symbol: place("SoKyHieu"), Subject: place("TrichYeu"), To: []string{place("KinhGui")},
		Body: []Block{{Text: place("NoiDung")}}, Capacity: []string{place("TheThucKy")}, Signer: place("NguoiKy"), Receivers: []string{place("NoiNhan")},
		DatedAs: place("DiaDanh") + ", " + place("NgayThang"), Foot: "Mã theo dõi " + place("MaTheoDoi")}
	if kind != Letter {
		d.Name = place("TenLoai")
	}
	return d
}
