package ui

import "github.com/a-h/templ"

// A Page is what every page carries around its own content.
type Page struct {
	Title   string // where you are, in the browser's tab and on paper
	Office  string // whose system it is: "Tỉnh Phú Thọ"
	Nav     []NavItem
	Who     *Who   // nil where nobody is signed in: then no lists, no search
	Clock   string // the office's now, in words: "Thứ Ba 24/02/2026, 09:12"
	Query   string // what was searched for
	Flash   *Flash // what just happened
	Key     string // idempotency key for the forms of this page
	Done    string // keep-keys of the forms the server has just confirmed, separated by spaces
	Live    string // address of the stream that says "changed"; empty: the page stands still
	Paper   Paper  // what the printed sheet says above and below
	Version string // of the program, in the foot
}

// A NavItem is one list in the rail.
type NavItem struct {
	Label   string // "Việc của tôi"
	Short   string // for a phone's bar; empty: Label
	Href    string
	Count   int  // things waiting there; 0 is not shown
	Late    bool // some of them are past due
	Current bool
	Main    bool // one of the (at most four) that stand in a phone's bar
	Apart   bool // below the line: boards, contacts, the regulation
}

// Who is the officer at the machine, in the post they act in.
type Who struct {
	Key   string // stable and opaque; separates drafts kept in one browser
	Name  string
	Post  string // "Chuyên viên phòng Công nghệ số"
	Unit  string
	Posts []PostChoice // all posts the officer holds; one or none: no choice is shown
}

// A PostChoice is a post the officer may act in (kiêm nhiệm).
type PostChoice struct {
	ID, Label, Unit string
	Waiting         int // what waits for that post
	Current         bool
}

// Flash says once what has been done, or what to mind, with a place to go on to.
type Flash struct {
	Tone Tone
	Text string
	Next Link
}

// Paper is what a printed sheet carries on every side: it must be possible to put it in a file.
type Paper struct {
	Over string // the body above: "UBND tỉnh Phú Thọ"
	Unit string // the unit that prints
	Code string // "Mã theo dõi KN-0437/2026"
	At   string // "In lúc 09:12 ngày 24/02/2026 bởi …"
}

// A Head opens a page's content: the way up, the title, what it is in one line, and what can be done with
// the page as a whole (print, export).
type Head struct {
	Crumbs []Link
	Title  string
	Sub    string
	Chips  []Chip
	Tools  []Button
}

// A SignInForm is the door. Code asks for the second factor and leaves the rest out.
type SignInForm struct {
	Office  string
	Action  string
	Next    string // where the officer wanted to go
	Name    string // kept when refused
	Code    bool
	Problem string // why it was refused, and what to do
	Key     string
	Done    string
	Help    string          // whom to call when it does not work
	Below   templ.Component // under the card: accounts of a demonstration, text that must not be lost
}

// rail splits the lists: those of daily work, and those below the line.
func (p Page) rail(apart bool) (items []NavItem) {
	for _, n := range p.Nav {
		if n.Apart == apart {
			items = append(items, n)
		}
	}
	return items
}

// short is the name in a phone's bar.
func (n NavItem) short() string {
	if n.Short != "" {
		return n.Short
	}
	return n.Label
}

// fullTitle puts the place first: tabs are cut at the right.
func (p Page) fullTitle() string { return p.Title + " · Liên thông" }

// who is the key under which this browser keeps drafts.
func (p Page) who() string {
	if p.Who == nil {
		return ""
	}
	return p.Who.Key
}

// spoken is what the count means, for a screen reader.
func (n NavItem) spoken() string {
	if n.Late {
		return " việc, có việc quá hạn"
	}
	return " việc"
}
