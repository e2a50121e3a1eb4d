// Package signoff takes a unit's paper (văn bản) from draft to release, through the
// people its path names: the draft is submitted (trình), reviewed, signed by a leader
// in a capacity, numbered and released by the clerk (phát hành).
//
//	draft --submit--> review --> sign --> release --> released
//	  ^ \--recall--/    |          |         |
//	  +---------------- sent back, always with a reason
//
// The path is the unit's own setting (org.Path). What a paper says, and what its release
// does to a case and its duties, belongs to the slice that gives its Kind. Until it is
// released only the unit's own people read it. Registers and numbers are here too.
package signoff

import (
	"fmt"
	"unicode/utf8"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// The longest a draft may be before its slice looks at it, in letters: they bound what
// one row holds, as a draft may be half done and is kept in every version.
const (
	longestTitle  = 400
	longestBody   = 250_000
	longestRemark = 10_000
)

// A Kind is a sort of paper that a slice lets units write.
type Kind struct {
	Name string // "petition.answer"
	Say  string // as lists name it: "Văn bản trả lời kiến nghị"
	// Code is the abbreviation of the document's type in its symbol and the name of its
	// book ("BC", "TTr"); "" for an official letter (công văn), which has none.
	Code string
	// Check refuses a body that cannot be submitted. A draft may be kept half done.
	Check func(tx *db.Tx, body string) error
	// Released does what the release means: it meets duties, records the event, ties the
	// paper's files to it (casefile.Release), tells people. It runs in the release's
	// transaction, under the case's lock.
	Released func(tx *db.Tx, who org.Actor, c *casefile.Case, p *Paper, body string) error
	// Hold holds the cases that the release changes beside the paper's own, in the order of
	// their ids; nil where there are none. It runs first of all: cases are held before
	// registers, so that nobody waits for another crosswise.
	Hold func(tx *db.Tx, id ID) error
	// Text gives the body as people read it, for differences and for the marks of
	// secrecy; nil when the body is plain text.
	Text func(body string) string
}

// A Desk is where the papers of the given kinds are written, by name.
type Desk struct{ Kinds map[string]Kind }

// NewDesk returns the desk of some kinds; two kinds of one name are a programmer's fault.
func NewDesk(kinds ...Kind) (Desk, error) {
	d := Desk{Kinds: map[string]Kind{}}
	for _, k := range kinds {
		if _, twice := d.Kinds[k.Name]; twice || k.Name == "" || k.Released == nil {
			return d, fmt.Errorf("paper kind %q: twice, without a name or without a release", k.Name)
		}
		d.Kinds[k.Name] = k
	}
	return d, nil
}

// holdOthers holds what a release of a paper of this kind changes beside its case.
func (d Desk) holdOthers(tx *db.Tx, id ID, kind string) error {
	k, err := d.kind(kind)
	if err != nil || k.Hold == nil {
		return err
	}
	return k.Hold(tx, id)
}

// A kind nobody declared is a mistake of the program.
func (d Desk) kind(name string) (Kind, error) {
	k, ok := d.Kinds[name]
	if !ok {
		return k, fmt.Errorf("no paper kind %q", name)
	}
	return k, nil
}

// Book is the register in which papers of the kind get their numbers.
func (k Kind) Book() string {
	if k.Code == "" {
		return letterBook
	}
	return k.Code
}

// Read is the body as people read it.
func (k Kind) Read(body string) string {
	if k.Text == nil {
		return body
	}
	return k.Text(body)
}

// typed refuses a title or body that may never be stored here: marked as a state
// secret, or no title at all.
func (k Kind) typed(title, body string) error {
	switch {
	case vntext.IsBlank(title):
		return fault.Field("title", "Hãy ghi trích yếu của văn bản.")
	case utf8.RuneCountInString(title) > longestTitle:
		return fault.Field("title", "Trích yếu dài quá %d chữ; hãy để phần chi tiết vào nội dung.", longestTitle)
	case utf8.RuneCountInString(body) > longestBody:
		return fault.Field("text", "Dự thảo dài quá %d chữ; hãy đưa phần dài vào tệp kèm theo.", longestBody)
	}
	for field, text := range map[string]string{"title": title, "text": k.Read(body)} {
		if mark, found := vntext.SecretMark(text); found {
			return fault.Field(field, "Văn bản có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
		}
	}
	return nil
}

// What the kind demands of a text; some demand nothing.
func (k Kind) check(tx *db.Tx, body string) error {
	if k.Check == nil {
		return nil
	}
	return k.Check(tx, body)
}
