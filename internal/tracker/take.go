package tracker

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Group is one document of a sheet with the lines of it that are new here.
type Group struct {
	Number   string
	IssuedOn workday.Date
	Issuer   string
	Lines    []Match
}

// Groups are the new lines by their document, in the order of the sheet. also names lines that
// may be here and of which a person said that they are another task (by their number in the
// sheet); they count as new where their document is not here.
func Groups(all []Match, also map[int]bool) (groups []Group) {
	at := map[string]int{}
	for _, m := range all {
		if m.Finding != New && !(m.Finding == Likely && also[m.Line]) {
			continue
		}
		key := m.Number + "|" + m.IssuedOn.String() + "|" + m.Issuer
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, Group{Number: m.Number, IssuedOn: m.IssuedOn, Issuer: m.Issuer})
		}
		groups[i].Lines = append(groups[i].Lines, m)
	}
	return groups
}

// unnamed stands where a sheet does not say who issued a document; a person corrects it before
// anything is issued.
const unnamed = "Cơ quan ban hành chưa ghi trong bảng"

// Take opens a document of a sheet with its lines as proposals. It issues nothing: a person
// looks through the proposals, confirms and releases, as with any document.
func Take(tx *db.Tx, who org.Actor, g Group, files []casefile.Document) (d *directive.Directive, err error) {
	defer fault.Wrap(&err, "take %s from a tracker's sheet", g.Number)
	if len(g.Lines) == 0 {
		return nil, fault.Refuse(fault.Invalid, "Không có nhiệm vụ nào để nhập.")
	}
	in := directive.In{Files: files, Reading: directive.Reading{Number: g.Number, IssuedOn: g.IssuedOn, Issuer: g.Issuer, Subject: "Nhiệm vụ theo bảng theo dõi, văn bản số " + g.Number}}
	if in.Reading.Issuer == "" {
		in.Reading.Issuer = unnamed
	}
	var text strings.Builder
	text.WriteString("Các nhiệm vụ của văn bản số " + g.Number + " ngày " + g.IssuedOn.Long() + ", nhập từ bảng theo dõi.\n")
	for _, m := range g.Lines {
		from := utf8.RuneCountInString(text.String())
		text.WriteString(m.Content)
		in.Reading.Tasks = append(in.Reading.Tasks, m.task(directive.Span{from, from + utf8.RuneCountInString(m.Content)}))
		text.WriteString("\n")
	}
	in.Text = text.String()
	return directive.Take(tx, who, in)
}

// task is a line as a proposal; the words of a date that is no day stay words.
func (m *Match) task(span directive.Span) directive.Task {
	t := directive.Task{Content: m.Content, Clause: m.Clause, Span: span, Words: m.DueWords,
		Why:   []string{"dòng " + strconv.Itoa(m.Line) + " của bảng theo dõi"},
		Leads: []directive.Name{{Said: m.Lead, Unit: m.Unit}}}
	for i, name := range m.With {
		t.Coordinating = append(t.Coordinating, directive.Name{Said: name, Unit: m.Helps[i]})
	}
	if !m.DueOn.IsZero() {
		t.Deadline, t.Words = m.DueOn.String(), "hạn "+m.DueOn.Long()
	}
	return t
}
