package ui

import (
	"slices"
	"strconv"
)

// NextStep is the one thing to do on a page, as a sentence with one button; other acts are quieter.
// Without a Main button it says why there is nothing to do, or who is to act.
type NextStep struct {
	Sentence string // "Anh/chị cần trả lời UBND xã Hy Cương"
	Due      Due
	Note     string
	Main     Button
	Down     Button // instead of Main: the way down this page to the form that has the button
	Quiet    []Button
}

// acts parts the quieter acts into those that stand beside the main one and those behind
// "Việc khác": a row of seven is read by nobody.
func (n NextStep) acts() (near, rest []Button) {
	if n.Down.Label != "" {
		near = append(near, n.Down)
	}
	near = append(near, n.Quiet...)
	few := 2
	if len(near) <= few {
		return near, nil
	}
	if n.Main.Label != "" {
		few = 1
	}
	return near[:few], near[few:]
}

// partTabs puts the lists in which nothing lies behind one line, where there are several;
// the one that is open always stands.
func partTabs(all []Tab) (shown, empty []Tab) {
	for _, t := range all {
		if t.Count == 0 && !t.Current {
			empty = append(empty, t)
		} else {
			shown = append(shown, t)
		}
	}
	if len(empty) < 2 {
		return all, nil
	}
	return shown, empty
}

// A Group is a part of a list under its own heading: "Quá hạn chưa xong", "Hôm nay", "Tuần này".
type Group struct {
	Title string
	Tone  Tone // Late for what is past due
	Note  string
	Count string // how many there are, where the rows are only a part: "155 việc, 25 việc đầu"
	Rows  []Row
}

// Counted says how many rows a group has, or had where it was cut.
func (g *Group) Counted() string {
	if g.Count != "" {
		return g.Count
	}
	return number(len(g.Rows)) + " việc"
}

// A Row is one duty in a list; the whole row is one link.
type Row struct {
	Href  string
	Do    string // what must be done: "Trả lời kiến nghị của xã Hy Cương"
	Code  string // tracking code, shown as "mã KN-0437/2026"
	About string // the matter, and where it stands
	From  string // to whom it is owed, or which paper ordered it
	Due   Due
	Chips []Chip
	Fresh bool   // not yet opened by this officer
	Pick  string // what a tick before the row sends; "" has none
}

// Reckoning shows how a due instant was counted (cách tính hạn).
type Reckoning struct {
	Chips []Chip // the rule, the calendar, what does not count
	Days  []Day
	Words []string // suspensions, extensions, hand-overs, in sentences
}

// A DayKind says what a day was for the count.
type DayKind string

// The kinds of days. A run of days off is one Gap.
const (
	Receipt DayKind = "got" // does not count unless the rule says so
	Counted DayKind = ""
	Off     DayKind = "off"
	Gap     DayKind = "gap off"
)

// A Day is one cell of the reckoning.
type Day struct {
	Kind    DayKind
	Weekday string // "T3", or for a gap "T7 – CN"
	Date    string // "10/02", or for a gap "14/02–22/02"
	N       int    // which counted day it is
	Why     string // why it does not count: "9 ngày nghỉ Tết Bính Ngọ"
	Today   bool
	Past    bool
	End     bool // the last day in time
}

// mark is what stands under the date.
func (d Day) mark() string {
	switch {
	case d.Kind == Receipt && d.N == 0:
		return "nhận"
	case d.Kind == Off || d.Kind == Gap:
		return d.Why
	}
	return strconv.Itoa(d.N)
}

// spoken says to a screen reader what the cell shows by its look.
func (d Day) spoken() string {
	switch {
	case d.Kind == Receipt && d.N == 0:
		return "ngày nhận, không tính"
	case d.Kind == Off || d.Kind == Gap:
		return "không tính: " + d.Why
	}
	return "ngày thứ " + strconv.Itoa(d.N)
}

// The classes of a day on the strip; a day can be several things at once.
func (d Day) class() string {
	c := "day " + string(d.Kind)
	if d.Today {
		c += " now"
	}
	if d.Past {
		c += " past"
	}
	if d.End {
		c += " end"
	}
	return c
}

// A StepState says where a paper stands with regard to a step.
type StepState string

// The states of a step.
const (
	Passed StepState = "done"
	Here   StepState = "here"
	Back   StepState = "back" // sent back to this step, with a reason
	Ahead  StepState = "ahead"
)

// Word is the state for those who do not see the mark.
func (s StepState) Word() string {
	switch s {
	case Passed:
		return "đã qua"
	case Here:
		return "đang ở đây"
	case Back:
		return "trả lại về đây"
	}
	return "chưa đến"
}

// A Path is the way of a paper through its unit, always whole and always in sight.
type Path struct {
	Title string // "Văn bản trả lời"
	Note  string // "hạn được tính khi phát hành"
	Steps []Step
}

// A Step is one station: drafted, seen, signed, numbered and released.
type Step struct {
	Name  string // "Trưởng phòng xem"
	Who   string // who it waits or waited for
	Since string // "từ 14:20 thứ Tư 11/02"
	Note  string // the reason it came back, the number it got
	State StepState
}

// An Entry is one event in the history of a case (diễn biến), as this reader may see it.
type Entry struct {
	ID    string // for links to it
	What  string // "UBND xã Hy Cương nêu kiến nghị"
	When  string
	At    string // RFC 3339
	By    string
	Text  string
	Gone  string // why the text is no longer there (redacted, sealed); then Text is empty
	Files []File
	Seal  SealState // waits, sealed, or neither
	Place string    // of a locked one: its number in the log
}

// A SealState says whether an entry has its place in the log.
type SealState int

// The states of an entry in the log; a waiting one gets its place within seconds.
const (
	NoSeal SealState = iota
	Waiting
	Locked
)

// A File is an attachment. Without Href it cannot be taken yet and Note says why.
type File struct {
	Name, Href, Size, Note string
}

// A DutyItem is one duty on a case's page (việc phải làm), with how far its time has run.
type DutyItem struct {
	Do, Who   string
	State     Chip
	Spent, Of int // counted units of time; Of 0 shows no bar
	Note      string
}

// A Fact is one line of what is known; several values stand under each other.
type Fact struct {
	Label  string
	Values []Link
}

// A Tile is one number that opens its list.
type Tile struct {
	Number string
	Label  string
	Href   string
	Tone   Tone
}

// A Table is figures by row. The first cell of a row names it; numbers are links to their lists.
type Table struct {
	Caption string
	Cols    []Col
	Rows    [][]Cell // as long as Cols
	Foot    [][]Cell // bodies that were only asked, sums
	Empty   string   // what it means that there is no row
}

// A Col is a column; Num aligns figures.
type Col struct {
	Label string
	Num   bool // aligned to the right
}

// A Cell is one value.
type Cell struct {
	Text, Href string
	Tone       Tone // Calm unless said
	Span       int  // columns it covers; 0 is one
}

// An Answer is a released paper on a case: number, date, signer, what came of it.
type Answer struct {
	Title   string // "Sở Khoa học và Công nghệ trả lời, lần 1"
	Outcome Chip
	Facts   []Fact
	Text    string
	Files   []File
}

// Nothing is an empty list: what it means and what to do next.
type Nothing struct {
	Title, Text string
	Next        Button
}

// figures says that columns of numbers stand beside each other to be compared. A table of
// words is shown row by row on a phone, where its columns would be one word wide.
func (t Table) figures() bool {
	return slices.ContainsFunc(t.Cols, func(c Col) bool { return c.Num })
}
