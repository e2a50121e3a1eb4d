package web

import (
	"github.com/a-h/templ"

	"lienthong/internal/web/ui"
)

// An inputKind is how a field of a form is drawn.
type inputKind int

// The kinds of fields.
const (
	line   inputKind = iota // one line of text, a date
	area                    // a longer text
	choice                  // one of many
	radios                  // one of few, each with an explanation
	checks                  // any number
	tree                    // one of many under headings, most of them behind a line
	folded                  // any number of many, behind a line that opens
	tick                    // one box
	files                   // attachments
	secret                  // the sentence that every sender confirms
	note                    // no field: a sentence between them
	unseen                  // values that only the server reads back
	offer                   // no field: where proposals for the field above appear
	before                  // no field: where what was answered before appears
)

// An input is one field of a form with how it is drawn.
type input struct {
	Kind inputKind
	ui.Input
}

// with fills fields with what was typed and what was refused.
func (t typed) with(all []input) []input {
	for i := range all {
		if all[i].Kind != note {
			if all[i].Kind == secret {
				all[i].Name = "nosecret"
			}
			all[i].Input = t.in(all[i].Input)
		}
		if all[i].Kind == secret {
			all[i].Value = "" // confirmed anew each time
		}
	}
	return all
}

// A part is one labelled text of a matter.
type part struct{ Label, Text string }

// A listView is a page with one list.
type listView struct {
	Head      ui.Head
	Top       templ.Component
	TabsLabel string // what the tabs are about, for those who hear the page
	Tabs      []ui.Tab
	Action    string // where the filters are sent
	Hidden    []ui.Hidden
	Filters   []ui.Input
	Groups    []ui.Group
	Empty     ui.Nothing
	More      string      // address of the next page
	Bulk      []ui.Option // what may be done with ticked rows
	Back      string      // where who did something with ticked rows goes back to
	Columns   columnsBar  // what each row tells
	Views     viewsBar
}

// picked says whether something is chosen or refused: then the field stands open.
func (i input) picked() bool {
	for _, o := range i.Options {
		if o.Chosen || i.Value == o.Value {
			return true
		}
	}
	return i.Error != ""
}
