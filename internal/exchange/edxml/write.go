package edxml

import (
	"bufio"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"lienthong/internal/workday"
)

// Write writes a document as the standard orders its elements: a packet that lacks what
// the standard demands is refused by a *Damaged. The bodies of the files are read from
// their beginning and go out as they are read.
func Write(w io.Writer, p *Packet) error {
	if err := p.complete(); err != nil {
		return err
	}
	x := &writer{w: bufio.NewWriter(w)}
	x.raw(`<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<edXML xmlns="` + Namespace + `"><edXML:edXMLEnvelope xmlns:edXML="` + Namespace + `">`)
	x.in("edXMLHeader", func() {
		x.in("MessageHeader", func() { x.header(p) })
		x.traces(p)
		x.raw("<edXML:DigitalSignature/>")
	})
	x.in("edXMLBody", func() {
		x.raw(`<edXML:edXMLManifest version="1.0">`)
		for i, f := range p.Files {
			x.reference(i, f)
		}
		x.raw("</edXML:edXMLManifest>")
	})
	x.raw("</edXML:edXMLEnvelope>")
	if len(p.Files) > 0 {
		x.raw("<AttachmentEncoded>")
		for i, f := range p.Files {
			x.file(i, f)
		}
		x.raw("</AttachmentEncoded>")
	}
	x.raw("</edXML>\n")
	if x.err == nil {
		x.err = x.w.Flush()
	}
	return x.err
}

// complete says what a packet must not leave without.
func (p *Packet) complete() error {
	switch {
	case p.From.ID == "":
		return damaged("MessageHeader/From", "chưa có mã định danh của cơ quan gửi")
	case len(p.To) == 0 || p.To[0].ID == "":
		return damaged("MessageHeader/To", "chưa có mã định danh của cơ quan nhận")
	case p.DocumentID == "":
		return damaged("MessageHeader/DocumentId", "chưa có mã văn bản")
	}
	return p.check()
}

// A writer writes elements under the prefix that receivers insist on, and keeps the
// first thing that goes wrong.
type writer struct {
	w   *bufio.Writer
	err error // the first one
}

// The first error is kept and everything after it does nothing: a packet is written as a whole or not at
// all.
func (x *writer) raw(s string) {
	if x.err == nil {
		_, x.err = x.w.WriteString(s)
	}
}

// Text is escaped, and what XML cannot hold is taken out.
func (x *writer) text(s string) {
	if x.err == nil {
		x.err = xml.EscapeText(x.w, []byte(clean(s)))
	}
}

// An element around others.
func (x *writer) in(name string, fill func()) {
	x.raw("<edXML:" + name + ">")
	fill()
	x.raw("</edXML:" + name + ">")
}

// An element with a text.
func (x *writer) el(name, value string) { x.in(name, func() { x.text(value) }) }

// header writes the message header in the order of the standard.
func (x *writer) header(p *Packet) {
	x.in("From", func() { x.organ(p.From) })
	for _, to := range p.To {
		x.in("To", func() { x.organ(to) })
	}
	number, notation, cut := strings.Cut(p.Symbol(), "/")
	if !cut {
		number, notation = p.Symbol(), p.Notation
	}
	x.in("Code", func() { x.el("CodeNumber", number); x.el("CodeNotation", notation) })
	x.in("PromulgationInfo", func() { x.el("Place", p.Place); x.el("PromulgationDate", slashes(p.IssuedOn)) })
	x.in("DocumentType", func() { x.el("Type", p.Type); x.el("TypeName", p.TypeName) })
	x.el("Subject", p.Subject)
	x.el("Content", p.Content)
	x.in("SignerInfo", func() {
		x.el("Competence", p.Competence)
		x.el("Position", p.Position)
		x.el("FullName", p.Signer)
	})
	if !p.DueOn.IsZero() {
		x.el("DueDate", slashes(p.DueOn))
	}
	x.in("ToPlaces", func() {
		for _, place := range p.ToPlaces {
			x.el("Place", place)
		}
	})
	x.in("OtherInfo", func() { x.other(p) })
	for _, r := range p.Answers {
		x.in("ResponseFor", func() { x.refer(r) })
	}
	x.el("SteeringType", "0")
	x.el("DocumentId", p.DocumentID)
}

// What is told of a document besides: its pages and what is attached to it.
func (x *writer) other(p *Packet) {
	x.el("Priority", orZero(p.Priority))
	x.el("PageAmount", orZero(p.Pages))
	if len(p.Appendixes) == 0 {
		return
	}
	x.in("Appendixes", func() {
		for _, name := range p.Appendixes {
			x.el("Appendix", name)
		}
	})
}

// An organ in the order of the schema, which is fixed.
func (x *writer) organ(o Organ) {
	x.el("OrganId", o.ID)
	x.el("OrganizationInCharge", o.InCharge)
	x.el("OrganName", o.Name)
	x.el("OrganAdd", o.Address)
	x.el("Email", o.Email)
	x.el("Telephone", o.Phone)
}

// A reference to another document.
func (x *writer) refer(r Reference) {
	x.el("OrganId", r.Organ)
	x.el("Code", r.Code)
	x.el("PromulgationDate", slashes(r.IssuedOn))
	x.el("DocumentId", r.DocumentID)
}

// The way of a packet; the business part is demanded even when it says nothing.
func (x *writer) traces(p *Packet) {
	x.raw(`<edXML:TraceHeaderList version="1.0">`)
	for _, t := range p.Trace {
		x.in("TraceHeader", func() { x.el("OrganId", t.Organ); x.el("Timestamp", stamp(t.At)) })
	}
	x.in("Bussiness", func() {
		x.el("BussinessDocType", orZero(p.Business))
		x.el("BussinessDocReason", "")
		x.el("Paper", "0")
	})
	x.raw("</edXML:TraceHeaderList>")
}

// A file in the manifest; "cid:" binds it to its part of the container.
func (x *writer) reference(i int, f File) {
	id := contentID(i, f)
	x.raw(`<edXML:Reference xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href="cid:`)
	x.text(id)
	x.raw(`">`)
	x.el("ContentId", "cid:"+id)
	x.el("ContentType", f.Media)
	x.el("AttachmentName", f.Name)
	x.el("Description", told(f))
	x.raw("</edXML:Reference>")
}

// file writes one attachment in the default namespace, as receivers expect it.
func (x *writer) file(i int, f File) {
	part := func(name, value string) {
		x.raw("<" + name + ">")
		x.text(value)
		x.raw("</" + name + ">")
	}
	x.raw("<Attachment>")
	part("ContentId", contentID(i, f))
	part("AttachmentName", f.Name)
	part("ContentType", f.Media)
	part("Description", told(f))
	x.raw("<" + bodyTag + ">")
	if f.Body != nil && x.err == nil {
		if _, x.err = f.Body.Seek(0, io.SeekStart); x.err == nil {
			b := base64.NewEncoder(base64.StdEncoding, x.w)
			if _, x.err = io.Copy(b, f.Body); x.err == nil {
				x.err = b.Close()
			}
		}
	}
	x.raw("</" + bodyTag + "></Attachment>")
}

// The schema has no place for the sum of a file, so it stands behind the description, where
// a person may read it and a program finds it.
func told(f File) string {
	if f.Sum == "" {
		return f.Description
	}
	return strings.TrimSpace(f.Description + " " + sumMark + f.Sum)
}

// A file without an id gets one by its place.
func contentID(i int, f File) string {
	if f.ID != "" {
		return f.ID
	}
	return fmt.Sprintf("tep-%d", i+1)
}

// WriteStatus writes what became of a document.
func WriteStatus(w io.Writer, s *Status) error {
	if _, known := Statuses[s.Code]; !known {
		return damaged("Status/StatusCode", "không biết trạng thái %.10q", s.Code)
	}
	x := &writer{w: bufio.NewWriter(w)}
	x.raw(`<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<edXML xmlns="` + Namespace + `"><edXML:edXMLEnvelope xmlns:edXML="` + Namespace + `">`)
	x.in("edXMLHeader", func() {
		x.in("Status", func() {
			x.in("ResponseFor", func() { x.refer(s.Of) })
			x.in("From", func() { x.organ(s.From) })
			x.el("StatusCode", s.Code)
			x.el("Description", s.Description)
			x.el("Timestamp", stamp(s.At))
			x.in("StaffInfo", func() { x.el("Department", ""); x.el("Staff", s.Staff) })
		})
	})
	x.raw("</edXML:edXMLEnvelope></edXML>\n")
	if x.err == nil {
		x.err = x.w.Flush()
	}
	return x.err
}

// The schema has no empty number.
func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// The format writes days with slashes.
func slashes(d workday.Date) string { return strings.ReplaceAll(d.String(), "-", "/") }

// An instant as the format writes it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Office).Format("2006/01/02 15:04:05")
}
