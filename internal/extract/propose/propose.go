// Package propose turns what extract read in a document into the proposals that a person
// confirms: the bodies it names are matched to units of the office on the day of the
// document, the groups it addresses are kept as groups, its rhythms become recurrences.
//
// It decides nothing: a name that matches several units or none stays a name, and the
// directive asks about it. The text and the spans go through unchanged.
package propose

import (
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// sure is how like a unit a name must be to be taken for it, and clear by how much
// more than the next one; anything less is shown as a question.
const (
	sure  = 0.8
	clear = 0.02
)

// Units returns the units of the office as extract matches names to them: every agency,
// also those that are only asked and those that ended.
func Units(tx *db.Tx) (all []extract.Unit, err error) {
	defer fault.Wrap(&err, "units for matching")
	units, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		x := extract.Unit{ID: string(u.ID), Names: []string{u.Name}}
		if u.Short != "" && u.Short != u.Name {
			x.Names = append(x.Names, u.Short)
		}
		if u.Abbr != "" {
			x.Abbreviations = []string{u.Abbr}
		}
		if !u.Since.IsZero() {
			x.From = u.Since.Midnight()
		}
		if !u.Until.IsZero() {
			x.Until = u.Until.Midnight()
		}
		all = append(all, x)
	}
	return all, nil
}

// From makes the reading of a directive out of what was read in its document.
func From(tx *db.Tx, doc extract.Document) (r directive.Reading, err error) {
	defer fault.Wrap(&err, "propose assignments")
	units, err := Units(tx)
	if err != nil {
		return r, err
	}
	r = directive.Reading{Number: said(doc.Number), Issuer: said(doc.Issuer), Type: said(doc.Type), Subject: said(doc.Subject), Signer: said(doc.Signer),
		Recipients: doc.Recipients, Basis: doc.LegalBasis}
	if d, err := workday.ParseDate(said(doc.Date)); err == nil {
		r.IssuedOn = d
	}
	m := matcher{units: units, known: map[string]directive.Name{}}
	if !r.IssuedOn.IsZero() {
		m.on = r.IssuedOn.Midnight()
	}
	for _, p := range doc.Tasks {
		r.Tasks = append(r.Tasks, m.task(p))
	}
	return r, nil
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A matcher matches names to units, each name once a document.
type matcher struct {
	units []extract.Unit
	on    time.Time
	known map[string]directive.Name
}

func (m *matcher) task(p extract.Proposal) directive.Task {
	t := directive.Task{Leads: m.names(p.Lead), Coordinating: m.names(p.Coordinating), Content: p.Content, Clause: p.Clause, Deadline: said(p.Deadline),
		Words: said(p.DeadlineText), Recurrence: recurrence(said(p.Recurrence)), Inherited: p.DeadlineInherited, Request: p.Request,
		Span: directive.Span(p.Span), Why: p.Why, Unread: p.Warnings}
	if p.LeadSpan != nil {
		s := directive.Span(*p.LeadSpan)
		t.LeadSpan = &s
	}
	if p.DeadlineSpan != nil {
		s := directive.Span(*p.DeadlineSpan)
		t.DeadlineSpan = &s
	}
	if p.Recurrence != nil && t.Recurrence == "" { // "hằng tuần", and nobody says on which day
		t.Unread = append(t.Unread, "văn bản ghi “"+t.Words+"”, chưa rõ ngày nào")
	}
	t.Each = p.Each || len(t.Leads) > len(p.Lead) // a list of places: each has the task
	for _, n := range t.Leads {
		t.Each = t.Each || n.Group != ""
	}
	return t
}

func (m *matcher) names(all []string) (names []directive.Name) {
	for _, printed := range all {
		for _, s := range extract.EachPlace(printed) {
			n, ok := m.known[s]
			if !ok {
				n = m.match(s)
				m.known[s] = n
			}
			names = append(names, n)
		}
	}
	return names
}

func (m *matcher) match(name string) directive.Name {
	n := directive.Name{Said: name}
	if n.Group = group(name); n.Group != "" {
		n.Why = "nhóm đơn vị: mỗi đơn vị một nhiệm vụ"
		return n
	}
	found := extract.MatchOn(name, m.units, m.on)
	if len(found) == 0 || found[0].Score < sure || len(found) > 1 && found[0].Score-found[1].Score < clear {
		return n
	}
	n.Unit, n.Why = org.UnitID(found[0].ID), found[0].Reason
	return n
}

// group says which group of units a name addresses, "" when none that is known.
func group(name string) string {
	s := " " + strings.Join(strings.FieldsFunc(vntext.Fold(name), func(r rune) bool { return r < '0' || r > '9' && r < 'a' || r > 'z' }), " ") + " "
	switch {
	case strings.HasPrefix(s, " ubnd cap xa ") || strings.HasPrefix(s, " uy ban nhan dan cap xa ") || strings.HasPrefix(s, " cac dia phuong "):
		return directive.Communes // the level stands for all of it, without "các"
	case strings.HasPrefix(s, " cac co quan don vi "):
		return directive.Departments
	case !strings.Contains(s, " cac ") && !strings.Contains(s, " so ban nganh "):
		return ""
	case strings.Contains(s, " xa phuong ") || strings.Contains(s, " cap xa "):
		return directive.Communes
	case strings.Contains(s, " so ban nganh ") || strings.Contains(s, " cac so nganh "):
		return directive.Departments
	}
	return ""
}

// recurrence writes a rhythm as the calendar takes it. A month, quarter or year without
// a day ends with its last; a week has no such day, and stays words.
func recurrence(s string) string {
	switch {
	case s == "continuous":
		return directive.Continuous
	case s == "monthly":
		return "monthly last"
	case s == "quarterly":
		return "quarterly 3-last"
	case s == "yearly":
		return "yearly 12-31"
	}
	s = strings.Replace(s, " on ", " ", 1)
	if day, ok := strings.CutPrefix(s, "monthly "); ok {
		s = "monthly " + strings.TrimLeft(day, "0")
	}
	if _, err := workday.ParseRecurrence(s); err != nil {
		return ""
	}
	return s
}
