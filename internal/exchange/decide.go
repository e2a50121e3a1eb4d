package exchange

import (
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/vntext"
)

// A Joining ties a document that waits to a case.
type Joining struct {
	Case    casefile.ID
	Issuer  org.UnitID       // whose it is, where no code says so
	Outcome petition.Outcome // of an answer; "" for a document that is none
	Reason  string           // why it belongs there, where nothing in it says so
	Version int64
}

// Join ties a document that waits to a case that who may read: as the answer of its lead,
// which meets the duty at the document's arrival, or as a paper beside.
func Join(tx *db.Tx, who org.Actor, id ID, in Joining) (d Document, err error) {
	defer fault.Wrap(&err, "join document %s", id)
	d, as, files, err := holdWhole(tx, who, id, in.Version, in.Issuer)
	if err != nil {
		return d, err
	}
	c, err := casefile.Lock(tx, who, in.Case) // hides a case that he may not read
	if absent(err) {
		return d, fault.Field("case", "Không có việc nào mang mã này trong những việc anh/chị được xem.")
	}
	if err != nil {
		return d, err
	}
	if in.Reason, err = shortText("reason", in.Reason); err != nil {
		return d, err
	}
	if in.Outcome != "" {
		err = d.joinAnswer(tx, as, c, in, files)
	} else {
		err = d.joinBeside(tx, as, c, in, files)
	}
	if err != nil {
		return d, err
	}
	return d, d.decided(tx, as, "joined", in.Reason)
}

// An answer that came as a document meets the duty as one given here would; it must come from the lead.
func (d *Document) joinAnswer(tx *db.Tx, as org.Actor, c *casefile.Case, in Joining, files []casefile.Document) error {
	p, err := petition.Get(tx, org.System("exchange"), c.ID)
	if err != nil {
		return err
	}
	if p.Lead != d.Issuer {
		return fault.Field("outcome", "Cơ quan ban hành văn bản này không chủ trì việc; chỉ gắn được như văn bản kèm theo.")
	}
	if err := d.vouched(tx, as); err != nil {
		return err
	}
	return d.answer(tx, as, c.ID, in.Outcome, files)
}

// vouched says whether who places the document may say whose it is, where no code does. An
// answer meets the duty of the unit that issued it: its own clerk may say that the letter
// is its own, and the desk that follows both sides; the one who only received it may not,
// for he would answer in another's name.
func (d *Document) vouched(tx *db.Tx, as org.Actor) error {
	if !d.named || as.System != "" || as.Has(d.Issuer, org.Clerk) {
		return nil
	}
	over, err := org.Overseers(tx)
	if err != nil || desk(as.Post, over) {
		return err
	}
	return fault.Field("outcome", "Mã định danh của nơi ban hành chưa có trong danh mục, nên đơn vị nhận chỉ gắn được như văn bản kèm theo. Văn thư của cơ quan ban hành hoặc chuyên viên theo dõi của Văn phòng gắn được như văn bản trả lời.")
}

// joinBeside hangs the document on a petition. Other cases live by their own acts: an
// entry of the bank that every officer reads, or a table that was published, takes no
// paper of whoever may read it.
func (d *Document) joinBeside(tx *db.Tx, as org.Actor, c *casefile.Case, in Joining, files []casefile.Document) (err error) {
	if c.Kind != petition.CaseKind {
		return fault.Field("case", "Chỉ gắn được văn bản vào kiến nghị.")
	}
	d.State, d.Case = Joined, c.ID
	if d.EventN, err = d.record(tx, c, as, "exchange.joined", strings.TrimSpace(d.words()+"\n\n"+in.Reason)); err != nil {
		return err
	}
	return d.attach(tx, as, files)
}

// holdWhole holds a document with its files for an act that makes it part of a case, where it
// must be known whose it is.
func holdWhole(tx *db.Tx, who org.Actor, id ID, seen int64, issuer org.UnitID) (d Document, as org.Actor, files []casefile.Document, err error) {
	if d, as, err = hold(tx, who, id, seen); err != nil {
		return d, as, nil, err
	}
	if err = d.settleIssuer(tx, issuer); err != nil {
		return d, as, nil, err
	}
	files, err = Files(tx, id)
	return d, as, files, err
}

// settleIssuer takes the unit that a person names where the document's own code is unknown.
func (d *Document) settleIssuer(tx *db.Tx, unit org.UnitID) error {
	if d.Issuer != "" {
		return nil
	}
	if unit == "" {
		return fault.Field("issuer", "Hãy chọn cơ quan ban hành: mã định danh ghi trong văn bản chưa có trong danh mục.")
	}
	if _, err := org.UnitOf(tx, unit); err != nil {
		return fault.Field("issuer", "Không có đơn vị nào mang mã “%.60s”.", string(unit))
	}
	d.Issuer, d.named = unit, true
	return nil
}

// An Opening makes a petition of a document that waits.
type Opening struct {
	Issuer  org.UnitID // the commune, where no code says so
	Field   string
	Title   string // "" takes the document's subject
	Version int64
}

// Open makes a petition of a commune's document that waits; its limit runs from the
// arrival of the document.
func Open(tx *db.Tx, who org.Actor, id ID, in Opening) (d Document, err error) {
	defer fault.Wrap(&err, "open case from document %s", id)
	d, as, files, err := holdWhole(tx, who, id, in.Version, in.Issuer)
	if err != nil {
		return d, err
	}
	if strings.TrimSpace(in.Title) == "" {
		in.Title = d.title()
	}
	known, found, err := d.registered(tx)
	if err != nil {
		return d, err
	}
	if found { // raised here meanwhile: the same document by both ways is one case
		if err := d.known(tx, as, known, files); err != nil {
			return d, err
		}
		return d, d.decided(tx, as, "joined", "")
	}
	if err := d.raise(tx, as, petition.Raise{Unit: d.Issuer, Title: in.Title, Field: in.Field, Text: d.Content}, files); err != nil {
		return d, err
	}
	return d, d.decided(tx, as, "opened", "")
}

// SetAside takes a document out of those that wait, with a reason: it is of no case here.
func SetAside(tx *db.Tx, who org.Actor, id ID, reason string, seen int64) (d Document, err error) {
	defer fault.Wrap(&err, "set document %s aside", id)
	d, as, err := hold(tx, who, id, seen)
	if err != nil {
		return d, err
	}
	if reason, err = shortText("reason", reason); err != nil {
		return d, err
	}
	if reason == "" {
		return d, fault.Field("reason", "Hãy nêu lý do để ngoài: người xem sau cần biết vì sao văn bản này không thuộc việc nào.")
	}
	d.State = Aside
	return d, d.decided(tx, as, "aside", reason)
}

// Note keeps that a person knows of an alarm: a document with a mark of secrecy came by the open way.
func Note(tx *db.Tx, who org.Actor, id ID) (d Document, err error) {
	defer fault.Wrap(&err, "note document %s", id)
	if d, err = Get(tx, who, id); err != nil {
		return d, err
	}
	if d.State != Secret {
		return d, fault.Refuse(fault.Conflict, "Văn bản này không phải văn bản bị từ chối vì có dấu mật.")
	}
	if d.Noted {
		return d, nil
	}
	d.Noted = true
	if err := d.step(tx, who, "noted", ""); err != nil {
		return d, err
	}
	return d, d.save(tx)
}

// decided keeps who placed the document, and where.
func (d *Document) decided(tx *db.Tx, as org.Actor, what, reason string) error {
	d.WaitsFor = ""
	if err := d.step(tx, as, what, reason); err != nil {
		return err
	}
	if d.Case != "" { // the case has them now, under its own rights
		if _, err := tx.Exec(`DELETE FROM exchange_file WHERE document = $1`, string(d.ID)); err != nil {
			return err
		}
	}
	return d.save(tx)
}

// longestReason bounds a reason, in letters.
const longestReason = 2000

// A short text with the refusals every text has: length, and marks of secrecy.
func shortText(field, s string) (string, error) {
	s = vntext.NFC(strings.TrimSpace(s))
	if len([]rune(s)) > longestReason {
		return s, fault.Field(field, "Nội dung dài quá %d chữ.", longestReason)
	}
	if mark, found := vntext.SecretMark(s); found {
		return s, fault.Field(field, "Nội dung có dấu độ mật “%s”; tài liệu bí mật nhà nước không được đưa vào hệ thống này.", mark)
	}
	return s, nil
}

// Candidates returns the petitions to which a document that waits may belong, newest
// first: those of who issued it or of whom it was sent to, that who may read.
func Candidates(tx *db.Tx, who org.Actor, d *Document, limit int) (all []petition.Listed, err error) {
	f := petition.ListFilter{}
	u, err := org.UnitOf(tx, d.Issuer)
	if err != nil && !absent(err) {
		return nil, err
	}
	switch {
	case d.Issuer == "":
		return nil, nil
	case u.Commune():
		f.Raiser = d.Issuer
	default:
		f.Lead = d.Issuer
		if to, err := org.UnitOf(tx, d.Addressee); err == nil && to.Commune() {
			f.Raiser = to.ID
		}
	}
	all, _, err = petition.List(tx, who, f, "", limit)
	return all, err
}
