// Package ui draws the parts that Lienthong's pages are made of: the page itself, the next act, lists of
// what must be done, the reckoning of a due instant, a paper's way, what happened, forms, refusals.
//
// A part is a templ component fed by a small struct of words that are ready to read: nothing here knows
// the database, a rule, a right or the clock. What an officer may not do is simply not in the struct. Every
// part is plain HTML that works without script; nothing carries an inline style or script, because the
// content policy of the server refuses both.
package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// A Tone says how urgent a word is. It only colours: the word itself always says the same.
// The zero Tone is calm.
type Tone string

// The tones. Late is the only red one and stands only on the row of the unit that owes.
const (
	Calm Tone = ""
	Info Tone = "info" // where a thing stands, chosen now
	Soon Tone = "soon" // due within days
	Late Tone = "late" // past due
	Done Tone = "done" // met, in time or not is said by the word
)

// A Link is a place to go. Without Href it is only its words.
type Link struct {
	Label, Href string
}

// A Button is one act. With Post it is a form that sends Hidden to that address, with Href a link to the
// page where the act is prepared; exactly one of the two is set.
type Button struct {
	Label  string
	Href   string
	Post   string
	Hidden []Hidden // key, version and ids that the operation needs
}

// Hidden is one value a form carries unseen.
type Hidden struct {
	Name, Value string
}

// A Due is a due instant the way people say it: "còn 2 ngày làm việc", "hết thứ Năm 26/02", and where the
// day comes from (a clause, a person who set it, or "không nêu hạn" with no source).
type Due struct {
	Tone   Tone
	Words  string // what is left, or how far past
	Until  string // the last day or hour still in time; empty where no text names one
	Source string // the clause or the person
	At     string // the first instant that is late, RFC 3339, for machines; empty without one
}

// rest goes on after the words in the same sentence.
func (d Due) rest() (s string) {
	if d.Until != "" {
		s = ", " + d.Until
	}
	if d.Source != "" {
		s += " – " + d.Source
	}
	return s
}

// A Chip is a state in one or two words; with Href it opens the list of that state.
type Chip struct {
	Tone Tone
	Text string
	Href string
}

// A Tab is one of a few views of the same list. Count below zero is not shown.
type Tab struct {
	Label, Href string // a tab is an address
	Count       int    // 0 shows none
	Current     bool
}

// mark is the sign that repeats a tone for those who do not see its colour.
func mark(t Tone) string {
	switch t {
	case Done:
		return "✓ "
	case Late:
		return "! "
	}
	return ""
}

// href makes an address safe for an attribute; addresses come from our own routes.
func href(s string) templ.SafeURL { return templ.URL(s) }

// ids joins the ids that describe a control, without the empty ones.
func ids(all ...string) string {
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// number writes n as people read it here: 1.250.
func number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}
