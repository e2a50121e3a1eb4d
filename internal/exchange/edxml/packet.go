// Package edxml reads and writes packets of the national exchange of electronic documents
// (edXML, QCVN 102:2016/BTTTT): a document with its files, or what became of one.
//
// It is strict in what it writes and liberal in what it reads: the elements under the
// envelope of the standard or of SOAP, in any prefix, alone, zipped or as MIME parts.
// What is damaged is named by its part. The package is pure: bytes in, structs out. Which
// unit a code belongs to and what a document is for is not known here.
package edxml

import (
	"fmt"
	"io"
	"strings"
	"time"

	"lienthong/internal/workday"
)

// Namespace is that of QCVN 102:2016/BTTTT.
const Namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

// An Organ is an agency as packets name it. ID is its code (QĐ 20/2020/QĐ-TTg, or the
// older order "000.00.15.H44").
type Organ struct {
	ID, Name, InCharge, Address, Email, Phone string
}

// A Reference names another document: number and symbol ("12/UBND-VP"), date, and the id
// that the sending system gave it.
type Reference struct {
	Organ      string // the claim of whoever wrote the packet
	Code       string
	IssuedOn   workday.Date // zero where none is given
	DocumentID string       // of the sender's system
}

// A Trace is a station on the packet's way.
type Trace struct {
	Organ string
	At    time.Time
}

// A File is an attachment as the packet describes it; its bytes went to Limits.Keep.
type File struct {
	ID, Name, Media, Description string
	Sum                          string        // SHA-256 of the content in hex, where the description tells it
	Size                         int64         // of the content, decoded
	Body                         io.ReadSeeker // what Limits.Keep returned; nil where the packet names a file and brings none
}

// A Packet is one document on its way.
type Packet struct {
	From       Organ
	To         []Organ
	Number     string       // CodeNumber: "37"
	Notation   string       // CodeNotation: "STP-HCTP"
	Place      string       // where it was issued
	IssuedOn   workday.Date // of the document
	Type       string       // code of the kind of document
	TypeName   string       // "Công văn"
	Subject    string       // trích yếu
	Content    string
	Competence string // thể thức đề ký: "KT. GIÁM ĐỐC"
	Position   string
	Signer     string
	DueOn      workday.Date // as the sender wishes; no limit of ours
	ToPlaces   []string
	Priority   string
	Pages      string      // free text in the wild
	Appendixes []string    // names of what is attached beside the document itself
	Answers    []Reference // ResponseFor: what this document answers
	DocumentID string
	Business   string  // BussinessDocType: "0" new, other values update, replace, take back
	Trace      []Trace // oldest first
	Signed     bool    // a digital signature comes with it; it is not checked here
	Files      []File
	Status     *Status // set where the packet tells what became of a document
}

// Symbol is the number and symbol of the document: "37/STP-HCTP".
func (p *Packet) Symbol() string {
	n, s := strings.TrimSpace(p.Number), strings.TrimSpace(p.Notation)
	switch {
	case s == "" || strings.HasSuffix(n, "/"+s) || strings.Contains(n, "/"):
		return n
	case n == "" || strings.HasPrefix(s, n+"/"):
		return s
	}
	return n + "/" + strings.TrimPrefix(s, "/")
}

// ArrivedAt is the last instant on the packet's way; zero where it says none.
func (p *Packet) ArrivedAt() (at time.Time) {
	for _, t := range p.Trace {
		if t.At.After(at) {
			at = t.At
		}
	}
	return at
}

// A Status tells what became of a document at its receiver.
type Status struct {
	Of          Reference
	From        Organ
	Code        string // one of Statuses
	Description string
	At          time.Time
	Staff       string
}

// Statuses are the states of a document between systems (QĐ 28/2018/QĐ-TTg), in words.
var Statuses = map[string]string{
	"01": "đã đến", "02": "từ chối tiếp nhận", "03": "đã tiếp nhận", "04": "đã phân công xử lý", "05": "đang xử lý", "06": "đã hoàn thành",
	"13": "bên gửi lấy lại", "15": "bên nhận đồng ý cho cập nhật, lấy lại", "16": "bên nhận từ chối cập nhật, lấy lại",
}

// Refuses says whether a status means that the receiver did not take the document.
func Refuses(code string) bool { return code == "02" || code == "16" }

// Damaged is what Read says of a packet that cannot be read: in which part, and why.
type Damaged struct{ Part, Why string }

// Error names the part and the reason, for a person.
func (d *Damaged) Error() string {
	return fmt.Sprintf("gói tin hỏng ở phần %s: %s", d.Part, d.Why)
}

// A packet that cannot be read says which part of it; the other side's administrator needs that.
func damaged(part, format string, args ...any) error {
	return &Damaged{part, fmt.Sprintf(format, args...)}
}

// Limits bound what one packet may cost. A zero number is replaced by that of Usual.
type Limits struct {
	Header int64 // bytes of everything but the files
	File   int64 // bytes of one file, unpacked
	Total  int64 // bytes of all files
	Files  int   // files
	// Keep gives a place for the bytes of a file; nil leaves them out and only counts.
	// The size of what was written is checked while it is written.
	Keep func() (Spool, error)
}

// A Spool holds the bytes of one file while the packet is read.
type Spool interface {
	io.Writer
	io.ReadSeeker
}

// Usual are limits above anything that the exchange carries.
var Usual = Limits{Header: 4 << 20, File: 64 << 20, Total: 200 << 20, Files: 50}

// Limits that are not named are the usual ones.
func (l Limits) filled() Limits {
	if l.Header == 0 {
		l.Header = Usual.Header
	}
	if l.File == 0 {
		l.File = Usual.File
	}
	if l.Total == 0 {
		l.Total = Usual.Total
	}
	if l.Files == 0 {
		l.Files = Usual.Files
	}
	return l
}
