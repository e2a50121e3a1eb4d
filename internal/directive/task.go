package directive

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// Bounds of what a person types about one task, in letters.
const (
	longestContent = 6000
	longestReason  = 4000
	mostTasks      = 500
)

// A Span is a range of letters (runes) [from, to) of the document's text.
type Span [2]int

// and is the range from the beginning of the first to the end of the last; the zero range is none.
func (s Span) and(o Span) Span {
	switch (Span{}) {
	case s:
		return o
	case o:
		return s
	}
	return Span{min(s[0], o[0]), max(s[1], o[1])}
}

// A Reading is what was read in a document: package extract's answer with the bodies
// matched to units (extract/propose makes it). It only proposes.
type Reading struct {
	Number     string
	IssuedOn   workday.Date
	Issuer     string
	Type       string
	Subject    string
	Signer     string
	Recipients []string
	Basis      []string // numbers of the documents it cites
	Tasks      []Task
}

// A Name is a body as the document says it, with the unit that it means.
type Name struct {
	Said  string     `json:"said"`
	Unit  org.UnitID `json:"unit,omitempty"`  // "" where nobody knows yet
	Group string     `json:"group,omitempty"` // Communes or Departments: each of them
	Why   string     `json:"why,omitempty"`   // of the match
}

// The groups of units that a document addresses together.
const (
	Communes    = "communes"    // UBND các xã, phường
	Departments = "departments" // các sở, ban, ngành
)

// A Task is one proposed assignment, as the reader saw it or as people made it.
type Task struct {
	Leads        []Name   `json:"leads,omitempty"`
	Coordinating []Name   `json:"coordinating,omitempty"`
	Each         bool     `json:"each,omitempty"` // several leads, each with an assignment of its own
	Content      string   `json:"content"`
	Clause       string   `json:"clause,omitempty"`     // the item as printed: 2.b.-3
	Deadline     string   `json:"deadline,omitempty"`   // a day or "2026-08-04T16:00"; "" none
	Words        string   `json:"words,omitempty"`      // how the text says when
	Recurrence   string   `json:"recurrence,omitempty"` // as workday.ParseRecurrence reads it, or "continuous"
	Inherited    bool     `json:"inherited,omitempty"`  // the date stands in a sentence that closes the section
	Request      bool     `json:"request,omitempty"`    // đề nghị, not giao
	Span         Span     `json:"span"`
	LeadSpan     *Span    `json:"lead_span,omitempty"`
	DeadlineSpan *Span    `json:"deadline_span,omitempty"`
	Why          []string `json:"why,omitempty"`
	Unread       []string `json:"unread,omitempty"` // times and bodies of its text that the reader did not understand; gone once a person edits it
	Urgency      Urgency  `json:"urgency,omitempty"`
	Kind         string   `json:"kind,omitempty"`  // "" or Scheme
	Field        string   `json:"field,omitempty"` // of the catalogue

	LeadOpen    bool          `json:"lead_open,omitempty"`    // the document names no lead
	LeadBy      org.OfficerID `json:"lead_by,omitempty"`      // who decided it
	DateBy      org.OfficerID `json:"date_by,omitempty"`      // who set a date that the text does not give
	DateBasis   string        `json:"date_basis,omitempty"`   // "hạn do … đặt, ngày …"
	Proposal    *Suggestion   `json:"proposal,omitempty"`     // what the Office proposes for what is open
	AcceptPast  bool          `json:"accept_past,omitempty"`  // a date before the document's own was looked at
	RequestedTo bool          `json:"requested_to,omitempty"` // set by the program: its lead is only asked
}

// Scheme is the kind of a task that builds a scheme (đề án).
const Scheme = "scheme"

// Continuous is the rhythm of what is done all the time: it has no day of its own.
const Continuous = "continuous"

// check refuses a task that a person typed and that cannot be; field names are those of forms.
func (t *Task) check(tx *db.Tx) error {
	t.Content = vntext.NFC(strings.TrimSpace(t.Content))
	if vntext.IsBlank(t.Content) {
		return fault.Field("content", "Hãy ghi nội dung nhiệm vụ.")
	}
	if err := checkText("content", t.Content, longestContent); err != nil {
		return err
	}
	if t.Urgency != Normal && t.Urgency != Urgent && t.Urgency != Flash {
		return fault.Field("urgency", "Độ khẩn không đúng: thường, khẩn hoặc hoả tốc.")
	}
	if t.Kind != "" && t.Kind != Scheme {
		return fault.Field("kind", "Loại nhiệm vụ không đúng.")
	}
	if t.Recurrence != "" && t.Recurrence != Continuous {
		if _, err := workday.ParseRecurrence(t.Recurrence); err != nil {
			return fault.Field("recurrence", "Định kỳ %.40q không đúng: viết monthly 25, weekly T6, quarterly 3-14 hoặc yearly 12-05.", t.Recurrence)
		}
	}
	if _, err := t.limit(); err != nil {
		return fault.Field("deadline", "Hạn %.40q không đúng: ghi ngày, hoặc ngày và giờ.", t.Deadline)
	}
	for _, names := range [][]Name{t.Leads, t.Coordinating} {
		for _, n := range names {
			if n.Unit == "" {
				continue
			}
			if _, err := org.UnitOf(tx, n.Unit); err != nil {
				return fault.Field("lead", "Không có đơn vị nào mang mã “%.60s”.", string(n.Unit))
			}
		}
	}
	return nil
}

func checkText(field, text string, longest int) error {
	if utf8.RuneCountInString(text) > longest {
		return fault.Field(field, "Nội dung dài quá %d chữ; hãy đưa phần dài vào tệp kèm theo.", longest)
	}
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
	}
	return nil
}

// reasonOf checks a reason that somebody gives; ask is the sentence when it is missing.
func reasonOf(field, reason, ask string) (string, error) {
	reason = vntext.NFC(strings.TrimSpace(reason))
	if vntext.IsBlank(reason) {
		return "", fault.Field(field, "%s", ask)
	}
	return reason, checkText(field, reason, longestReason)
}

// limit is the task's date as a limit. "trước ngày" is exclusive: that day is late
// already; anything else ends with the day. An hour is an hour.
func (t *Task) limit() (workday.Limit, error) {
	if t.Deadline == "" {
		return workday.Limit{}, nil
	}
	l, err := workday.ParseLimit(t.Deadline)
	if err != nil {
		return l, err
	}
	if l.Unit != workday.Instant {
		return l, fault.Invalid
	}
	if _, err := workday.ParseDate(t.Deadline); err == nil && exclusive(t.Words) {
		l.At = workday.Of(l.At).AddDays(-1).Midnight()
	}
	return l, nil
}

// exclusive says whether the words put the deed before the day they name.
func exclusive(words string) bool {
	return strings.Contains(strings.ToLower(words), "trước ngày") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(words)), "trước")
}

// units returns who leads, with groups written out, each once and in their order.
func (t *Task) units(tx *db.Tx) (leads []org.UnitID, err error) { return expand(tx, t.Leads) }

func expand(tx *db.Tx, names []Name) (units []org.UnitID, err error) {
	for _, n := range names {
		some := []org.UnitID{n.Unit}
		if n.Group != "" {
			if some, err = group(tx, n.Group); err != nil {
				return nil, err
			}
		}
		for _, u := range some {
			if u != "" && !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
	}
	return units, nil
}

// group lists the units of a group: every commune; every agency under the province that is
// bound, but not the province's own committee, its head, and the Office that gives the task.
func group(tx *db.Tx, name string) (units []org.UnitID, err error) {
	level := org.LevelProvince
	if name == Communes {
		level = org.LevelCommune
	}
	all, err := org.Units(tx, org.Filter{Level: level})
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		if name == Communes && u.Commune() || name == Departments && u.Kind != org.KindCommittee && u.Kind != org.KindChairman {
			units = append(units, u.ID)
		}
	}
	return units, nil
}

// dutyLimits are the limits under which the lead owes the task; none where neither the
// text nor a person states a time.
func (t *Task) dutyLimits(d *Directive, clause string) ([]duty.Limit, error) {
	l, err := t.limit()
	if err != nil || l.Unit == workday.None {
		return nil, err
	}
	basis := d.cite()
	if t.Clause != "" {
		basis += ", mục " + t.Clause
	}
	return []duty.Limit{{Clause: clause, Basis: cmp.Or(t.DateBasis, basis), Text: l.String(), SetBy: t.DateBy, Words: t.Words}}, nil
}

// past says whether the task is due before the document's own day.
func (t *Task) past(d *Directive) bool {
	l, err := t.limit()
	return err == nil && l.Unit == workday.Instant && !d.IssuedOn.IsZero() && !l.At.After(d.IssuedOn.Midnight())
}

// dueAt is when the task is due; zero where it has no date.
func (t *Task) dueAt() time.Time {
	l, err := t.limit()
	if err != nil {
		return time.Time{}
	}
	return l.At
}
