// Package extract reads a directive (văn bản chỉ đạo, điều hành) and proposes the tasks
// it gives: who leads, who coordinates, what, by when, under which item, and why.
//
// It is a grammar of Vietnamese administrative documents in stages, a file or two each:
// lines (layout noise), parts (letterhead, addressees, body, signature, annexes), the
// tree of items, sentences, bodies addressed, orders, times, and the rules that make
// proposals of them. Every stage keeps the place in the text that it came from.
//
// It is pure and works in time linear in the text. Nothing it says is issued: a person
// confirms each proposal. Files become text in extract/read.
package extract

import (
	"strings"
	"time"
)

// A Document is what was read in one directive. The names of its JSON are those of the
// annotated sets that the reader is measured on (doc/extract.md).
type Document struct {
	Number     *string    `json:"number"` // số, ký hiệu without blanks; nil where the text has none
	Date       *string    `json:"date"`   // ISO day
	Issuer     *string    `json:"issuer"`
	Type       *string    `json:"type"` // công văn, công điện, thông báo, kế hoạch, chỉ thị, quyết định …
	Subject    *string    `json:"subject"`
	Signer     *string    `json:"signer"`
	Recipients []string   `json:"recipients"`
	Tasks      []Proposal `json:"tasks"`
	LegalBasis []string   `json:"legal_basis"`
	Warnings   []string   `json:"warnings,omitempty"` // what a person should look at, in Vietnamese
}

// A Span is a range of runes [from, to) of the text that was read.
type Span [2]int

// A Proposal is one task that the text seems to give (đề xuất nhiệm vụ).
type Proposal struct {
	Lead              []string `json:"lead"`
	Coordinating      []string `json:"coordinating"`
	Content           string   `json:"content"`
	Clause            string   `json:"clause"`
	Deadline          *string  `json:"deadline"`      // ISO day, or day and time
	Recurrence        *string  `json:"recurrence"`    // yearly, monthly on 20, continuous …
	DeadlineText      *string  `json:"deadline_text"` // the words behind both
	DeadlineInherited bool     `json:"deadline_inherited,omitempty"`
	OtherDeadlines    []string `json:"other_deadlines,omitempty"` // further limits of the same sentence: a person may split it
	Request           bool     `json:"request,omitempty"`         // đề nghị, not giao or yêu cầu
	Each              bool     `json:"each,omitempty"`            // a list of places written out: each has the task
	Span              Span     `json:"span"`
	LeadSpan          *Span    `json:"lead_span,omitempty"`
	DeadlineSpan      *Span    `json:"deadline_span,omitempty"`
	Why               []string `json:"why"`                // reasons, in Vietnamese
	Warnings          []string `json:"warnings,omitempty"` // times and bodies of its text that were not understood, in Vietnamese

	weak, lasting bool // the time is a period that the text names in passing, or from a day to a day
}

// MaxText is the longest text that Text reads, in bytes; a directive of 500 pages is shorter.
const MaxText = 4 << 20

// Text reads the text of one directive. It never fails: what is not found stays nil and
// is named in Warnings. A text over MaxText is read up to there, with a warning.
func Text(s string) Document {
	cut := len(s) > MaxText
	if cut {
		s = strings.ToValidUTF8(s[:MaxText], "")
	}
	p := divide(load(s))
	d := p.header()
	r := reader{doc: &d, parts: p, day: d.day()}
	d.Tasks = r.proposals()
	d.LegalBasis = legalBasis(s, d.Number)
	d.warn(cut)
	if d.Recipients == nil {
		d.Recipients = []string{}
	}
	if d.Tasks == nil {
		d.Tasks = []Proposal{}
	}
	return d
}

// warn names what a person has to look at before anything is confirmed.
func (d *Document) warn(cut bool) {
	say := func(s string) { d.Warnings = append(d.Warnings, s) }
	if cut {
		say("văn bản quá dài, chỉ đọc phần đầu")
	}
	if len(d.Tasks) == 0 {
		say("không tìm thấy nhiệm vụ nào được giao trong văn bản")
	}
	if d.Number == nil {
		say("văn bản chưa có số")
	}
	if d.Date == nil {
		say("văn bản chưa có ngày")
	}
	for _, t := range d.Tasks {
		if t.Deadline != nil && d.Date != nil && (*t.Deadline)[:10] < *d.Date {
			say("mục " + t.Clause + ": hạn " + *t.Deadline + " trước ngày của văn bản")
		}
		if len(t.Lead) > 1 && !t.Each {
			say("mục " + t.Clause + ": nêu nhiều cơ quan chủ trì")
		}
	}
	d.Warnings = append(d.Warnings, warnings(d.Tasks)...)
}

// When reads the words of one time limit as the grammar reads them in a document: an ISO
// day, or day and time, or a rhythm; neither where the words state no date. on is the day
// of the document, for days printed without a year.
func When(words string, on time.Time) (deadline, recurrence *string) {
	m, ok := choose(times(tokens(words), on, false))
	switch {
	case !ok || m.words:
		return nil, nil
	case m.recurrence != "":
		return nil, some(m.recurrence)
	}
	return some(m.text(true)), nil
}
