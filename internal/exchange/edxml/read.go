package edxml

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strings"
	"time"

	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// Read reads one packet. A *Damaged says which part is wrong; any other error is of the
// reader or of Limits.Keep.
func Read(r io.Reader, limit Limits) (*Packet, error) {
	limit = limit.filled()
	in := bufio.NewReaderSize(r, 64<<10)
	start, _ := in.Peek(512)
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return readZip(in, limit)
	case isMIME(start):
		return readMIME(in, limit)
	}
	return readXML(in, limit)
}

// readXML reads a packet that is one XML text with its files inside.
func readXML(in *bufio.Reader, limit Limits) (*Packet, error) {
	if bom, _ := in.Peek(3); string(bom) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	if two, _ := in.Peek(2); string(two) == "\xff\xfe" || string(two) == "\xfe\xff" {
		return nil, damaged("edXML", "bảng mã UTF-16 không nhận; chỉ nhận UTF-8")
	}
	s := &splitter{r: in, limit: limit}
	top, err := parse(s, limit.Header)
	if err != nil {
		return nil, err
	}
	p, err := fromTree(top)
	if err != nil {
		return nil, err
	}
	return p, p.attach(top, s.files)
}

// fromTree takes the header out of the elements.
func fromTree(top *node) (*Packet, error) {
	p := &Packet{}
	if s := top.find("Status"); s != nil && s.first("StatusCode") != nil {
		return p, p.status(s)
	}
	h := top.find("MessageHeader")
	if h == nil {
		return nil, damaged("MessageHeader", "không có trong gói tin")
	}
	p.From = organOf(h.first("From"))
	for _, to := range h.all("To") {
		p.To = append(p.To, organOf(to))
	}
	p.Number, p.Notation = clean(h.say("Code", "CodeNumber")), clean(h.say("Code", "CodeNotation"))
	if p.Number == "" && p.Notation == "" {
		p.Number = clean(h.say("Code"))
	}
	p.Place = clean(h.say("PromulgationInfo", "Place"))
	p.Type, p.TypeName = clean(h.say("DocumentType", "Type")), clean(h.say("DocumentType", "TypeName"))
	p.Subject, p.Content = clean(h.say("Subject")), clean(h.say("Content"))
	signer := h.first("SignerInfo")
	if signer == nil {
		signer = h.first("Author") // the name of the first edition of the standard
	}
	p.Competence, p.Position, p.Signer = clean(signer.say("Competence")), clean(signer.say("Position")), clean(signer.say("FullName"))
	for _, place := range h.first("ToPlaces").all("Place") {
		p.ToPlaces = append(p.ToPlaces, clean(string(place.text)))
	}
	p.Priority, p.Pages = clean(h.say("OtherInfo", "Priority")), clean(h.say("OtherInfo", "PageAmount"))
	for _, a := range h.first("OtherInfo", "Appendixes").kidsOf() {
		p.Appendixes = append(p.Appendixes, clean(string(a.text)))
	}
	p.DocumentID = clean(h.say("DocumentId"))
	p.Signed = len(top.find("DigitalSignature").kidsOf()) > 0 || top.find("Signature").first("SignedInfo") != nil
	if err := p.dates(h); err != nil {
		return nil, err
	}
	if err := p.trace(top.find("TraceHeaderList")); err != nil {
		return nil, err
	}
	return p, p.check()
}

// Children of a node that may be missing: half of the elements are optional.
func (n *node) kidsOf() []*node {
	if n == nil {
		return nil
	}
	return n.kids
}

// dates reads the days of the header and what the document answers.
func (p *Packet) dates(h *node) (err error) {
	if p.IssuedOn, err = date("PromulgationInfo/PromulgationDate", h.say("PromulgationInfo", "PromulgationDate")); err != nil {
		return err
	}
	due := h.say("DueDate")
	if due == "" {
		due = h.say("OtherInfo", "DueDate")
	}
	p.DueOn, _ = date("DueDate", due) // a wish of the sender: a wrong one stops nothing
	for _, f := range h.all("ResponseFor") {
		r, err := referenceOf(f)
		if err != nil {
			return err
		}
		if r.Code != "" || r.DocumentID != "" {
			p.Answers = append(p.Answers, r)
		}
	}
	return nil
}

// The way a packet came. Senders write "Bussiness" with two s, as the schema does.
func (p *Packet) trace(list *node) error {
	for _, h := range list.all("TraceHeader") {
		at, err := instant("TraceHeaderList/TraceHeader/Timestamp", h.say("Timestamp"))
		if err != nil {
			return err
		}
		p.Trace = append(p.Trace, Trace{Organ: clean(h.say("OrganId")), At: at})
	}
	p.Business = clean(list.say("Bussiness", "BussinessDocType"))
	return nil
}

// check refuses what names no document: everything else is liberal.
func (p *Packet) check() error {
	switch {
	case p.From.ID == "" && p.From.Name == "":
		return damaged("MessageHeader/From", "không ghi cơ quan ban hành")
	case p.Symbol() == "":
		return damaged("MessageHeader/Code", "không ghi số, ký hiệu")
	case p.IssuedOn.IsZero():
		return damaged("MessageHeader/PromulgationInfo", "không ghi ngày ban hành")
	case p.Subject == "" && p.Content == "":
		return damaged("MessageHeader/Subject", "không ghi trích yếu")
	}
	return nil
}

// A status that the other side reports on a document of ours. Some write "1" for "01".
func (p *Packet) status(n *node) (err error) {
	s := &Status{From: organOf(n.first("From")), Code: clean(n.say("StatusCode")), Description: clean(n.say("Description")), Staff: clean(n.say("StaffInfo", "Staff"))}
	if len(s.Code) == 1 {
		s.Code = "0" + s.Code
	}
	if _, known := Statuses[s.Code]; !known {
		return damaged("Status/StatusCode", "không biết trạng thái %.10q", s.Code)
	}
	if s.Of, err = referenceOf(n.first("ResponseFor")); err != nil {
		return err
	}
	if s.Of.Code == "" && s.Of.DocumentID == "" {
		return damaged("Status/ResponseFor", "không nêu văn bản nào")
	}
	s.At, err = instant("Status/Timestamp", n.say("Timestamp"))
	p.Status, p.From = s, s.From
	return err
}

// attach pairs the bodies with what the packet says of each, by their order under
// AttachmentEncoded and by ContentId in the manifest.
func (p *Packet) attach(top *node, bodies []File) error {
	named := map[string]File{}
	var order []string
	for _, ref := range top.find("edXMLManifest").all("Reference") {
		f := describe(ref)
		named[f.ID] = f
		order = append(order, f.ID)
	}
	parts := top.find("AttachmentEncoded").all("Attachment")
	n := 0
	for _, part := range parts {
		f := describe(part)
		if m, ok := named[f.ID]; ok {
			f = merge(f, m)
			delete(named, f.ID)
		}
		if part.first(bodyTag) != nil && n < len(bodies) {
			f.Body, f.Size = bodies[n].Body, bodies[n].Size
			n++
		}
		p.Files = append(p.Files, f)
	}
	if n < len(bodies) {
		return damaged("AttachmentEncoded", "có nội dung tệp nằm ngoài phần Attachment")
	}
	for _, id := range order { // named in the manifest, not sent
		if f, left := named[id]; left && f.Name != "" {
			p.Files = append(p.Files, f)
		}
	}
	return nil
}

// What the manifest says of a file; the file itself may say more.
func describe(n *node) File {
	f := File{ID: strings.TrimPrefix(clean(n.say("ContentId")), "cid:"), Name: clean(n.say("AttachmentName")), Media: clean(n.say("ContentType")),
		Description: clean(n.say("Description"))}
	if m := summed.FindStringSubmatchIndex(f.Description); m != nil {
		f.Sum, f.Description = strings.ToLower(f.Description[m[2]:m[3]]), strings.TrimSpace(f.Description[:m[0]])
	}
	return f
}

// How the sum of a file stands in its description.
const sumMark = "sha256:"

var summed = regexp.MustCompile(sumMark + `([0-9a-fA-F]{64})\s*$`)

// The file's own words go before the manifest's.
func merge(f, m File) File {
	if f.Name == "" {
		f.Name = m.Name
	}
	if f.Media == "" {
		f.Media = m.Media
	}
	if f.Description == "" {
		f.Description = m.Description
	}
	if f.Sum == "" {
		f.Sum = m.Sum
	}
	return f
}

// An organ as the packet writes it: names are claims, the id is looked up.
func organOf(n *node) Organ {
	return Organ{ID: clean(n.say("OrganId")), Name: clean(n.say("OrganName")), InCharge: clean(n.say("OrganizationInCharge")),
		Address: clean(n.say("OrganAdd")), Email: clean(n.say("Email")), Phone: clean(n.say("Telephone"))}
}

// The document that a packet refers to.
func referenceOf(n *node) (r Reference, err error) {
	r = Reference{Organ: clean(n.say("OrganId")), Code: clean(n.say("Code")), DocumentID: clean(n.say("DocumentId"))}
	r.IssuedOn, err = date("ResponseFor/PromulgationDate", n.say("PromulgationDate"))
	return r, err
}

// clean is a text in NFC, without what no database holds. "N/A" is what some systems
// write for nothing.
func clean(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(vntext.NFC(strings.ToValidUTF8(s, "")), "\x00", ""))
	if s == "N/A" {
		return ""
	}
	return s
}

// dayForms are how systems write a day; the standard's own is first.
var dayForms = []string{"2006/01/02", "2006-01-02", "02/01/2006", "2/1/2006", "2006-01-02T15:04:05", "2006/01/02 15:04:05", time.RFC3339}

// A day in one of the forms that senders use; a year out of reach is a mistake and not a day.
func date(part, s string) (d workday.Date, err error) {
	if s = clean(s); s == "" {
		return d, nil
	}
	for _, form := range dayForms {
		if t, err := time.ParseInLocation(form, s, workday.Office); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return workday.Of(t), nil
		}
	}
	return d, damaged(part, "ngày %.30q không đọc được", s)
}

// instantForms are how systems write an instant; the standard's own is first.
var instantForms = []string{"2006/01/02 15:04:05", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05", "02/01/2006 15:04:05", "2006/01/02", "2006-01-02"}

// An instant, likewise.
func instant(part, s string) (t time.Time, err error) {
	if s = clean(s); s == "" {
		return t, nil
	}
	for _, form := range instantForms {
		if t, err := time.ParseInLocation(form, s, workday.Office); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return t, nil
		}
	}
	return t, damaged(part, "thời điểm %.30q không đọc được", s)
}
