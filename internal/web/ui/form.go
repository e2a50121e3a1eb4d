package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/workday"
)

// A Form is a sheet to fill in. Its fields are the children.
type Form struct {
	Action  string
	Key     string   // idempotency key, made with the form
	Version string   // what the person saw; empty for a new thing
	Hidden  []Hidden // ids that the operation needs
	Keep    string   // name under which the browser keeps what is typed; empty: nothing is kept
	Refused bool     // the form comes back with what was typed: the browser's older copy stays out
	Faults  []Fault  // all that is wrong, said once at the top
	Upload  bool
	Send    string // the word on the button: "Trình trưởng phòng"
	Mild    bool   // another button of the page is the next act
	Quiet   []Button
	Second  string // a second way to send (name "do", value SecondDo), such as "Lưu dự thảo"
	// SecondDo is the value that tells the operation which button was pressed.
	SecondDo string
}

// A Fault is one thing to put right, and the field where.
type Fault struct {
	Field, Text string
}

// An Input is one field of a form. Error names the rule that is broken, Rule the clause it comes from.
type Input struct {
	Name, Label, Hint string
	Value             string // kept when the form is refused
	Error, Rule       string // a refusal and the clause behind it
	Required          bool
	Type              string   // of an <input>; empty is text
	Max               int      // characters; 0 is no limit
	Rows              int      // of a text area; 0 is five
	Auto              string   // autocomplete
	Mode              string   // inputmode
	Options           []Option // of a select, radio buttons, or suggestions for a text
	Fold              string   // of a tree: the line that opens what lies behind it
	Blank             string   // the first, empty choice of a select: "– chọn lĩnh vực –"
	Multiple          bool     // files
	Accept            string   // files: what may be chosen
	Focus             bool     // where the page begins to type
	When              string   // values of another choice, by spaces: shown only while one of them is chosen
}

// An Option is one choice; options with the same Group stand together.
type Option struct {
	Value, Label, Group, Hint string
	Chosen, Off               bool // Off: shown and not to be chosen
	Under                     bool // of a tree: behind the line that opens its group
}

// The id in the page, apart from names that scripts use.
func (i Input) id() string { return "f-" + i.Name }

// The type of an input; text unless said.
func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

// describedBy names the lines that explain the field.
func (i Input) describedBy() string {
	var hint, wrong string
	if i.Hint != "" {
		hint = i.id() + "-hint"
	}
	if i.Error != "" {
		wrong = i.id() + "-wrong"
	}
	return ids(hint, wrong)
}

// day is a date as people write it: what came as 2026-03-05 is shown as 05/03/2026, what
// was typed stands as it was typed.
func (i Input) day() string {
	if d, err := workday.ParseDate(i.Value); err == nil {
		return d.Long()
	}
	return i.Value
}

// picked says whether a list is narrowed by one of its choices.
func picked(filters []Input) bool {
	return slices.ContainsFunc(filters, func(i Input) bool { return len(i.Options) > 0 && i.Value != "" })
}

// The height of a text area; five lines unless said.
func (i Input) rows() string {
	if i.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(i.Rows)
}

// upTo is the limit of a text area in words, for those without script.
func (i Input) upTo() string { return "tối đa " + number(i.Max) + " ký tự" }

// groups keeps the order in which the groups first come.
func (i Input) groups() (names []string, of map[string][]Option) {
	of = map[string][]Option{}
	for _, o := range i.Options {
		if _, ok := of[o.Group]; !ok {
			names = append(names, o.Group)
		}
		of[o.Group] = append(of[o.Group], o)
	}
	return names, of
}

// branch parts a group of a tree into what stands open and what lies behind its line;
// open says that something behind it is chosen.
func (i Input) branch(all []Option) (over, under []Option, open bool) {
	for _, o := range all {
		if !o.Under {
			over = append(over, o)
			continue
		}
		under = append(under, o)
		open = open || i.chosen(o)
	}
	return over, under, open
}

// An option is chosen by itself or because the input holds its value (after a refusal).
func (i Input) chosen(o Option) bool { return o.Chosen || (i.Value != "" && i.Value == o.Value) }

// Problem is a refusal or a fault, said to a person.
type Problem struct {
	Kind   string // "Không có quyền xem", stands above the title
	Title  string
	Text   string // what it means
	Next   []Button
	Number string // of a fault of ours, to tell the administrator
	Yours  *Side  // of a conflict: what this officer wrote
	Theirs *Side  // and what stands there now
}

// A Side is one of two texts that met.
type Side struct {
	Title, By, Text string
}

// dot stands between short facts and stays with the one before it when a line breaks.
const dot = "\u00a0· "

// joined puts sep between the words that are there.
func joined(sep string, words ...string) string {
	kept := words[:0:0]
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, sep)
}

// quietness: the first of the quieter acts has an edge, the rest are words.
func quietness(i int) string {
	if i == 0 {
		return "quiet"
	}
	return "plain"
}

// A cell spans at least itself.
func span(c Cell) string { return strconv.Itoa(max(c.Span, 1)) }

// described are the attributes that tie a control to its explanation and say that it is wrong.
func described(i Input) templ.Attributes {
	a := templ.Attributes{}
	if by := i.describedBy(); by != "" {
		a["aria-describedby"] = by
	}
	if i.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// An empty choice in a filter means all.
func blankOr(s string) string {
	if s == "" {
		return "tất cả"
	}
	return s
}

// secret names the one tick that every paper needs; only its Error comes from the caller.
func secret(i Input) Input {
	i.Name, i.Hint = "nosecret", "có"
	return i
}
