package tracker

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/fault"
	"lienthong/internal/like"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Finding is what comparing one line with the office has found.
type Finding string

// The findings.
const (
	New     Finding = "new"     // of a document that is not here: it can be proposed
	Same    Finding = "same"    // here already, and says the same
	Differs Finding = "differs" // here already, and says something else: a person decides
	Likely  Finding = "likely"  // may be one that is here, or of a document that is: a person decides
	Pending Finding = "pending" // its document is here and not issued yet
	Ended   Finding = "ended"   // done in the sheet and not here: nothing is followed any more
	Bad     Finding = "bad"     // cannot be taken, see its problem
)

// Findings are the findings with their words, in the order in which pages show them.
var Findings = []struct {
	Finding Finding
	Say     string
}{{Differs, "Khác với hệ thống"}, {Likely, "Có thể trùng"}, {New, "Chưa có trong hệ thống"}, {Pending, "Văn bản đang chờ xác nhận, ban hành"}, {Bad, "Không nhập được"}, {Ended, "Đã xong ở bảng, không nhập"}, {Same, "Đã có, giống nhau"}}

// A Difference is a column in which a line and the assignment here do not agree.
type Difference struct {
	Key, Column  string // of the program, as people call it
	Ours, Theirs string
	Kept         bool // a person has decided that it stays as it is here
}

// A Match is one line beside what is here.
type Match struct {
	Entry
	Finding    Finding
	Unit       org.UnitID   // whom the line's lead means; "" nobody known
	Helps      []org.UnitID // likewise, one for each name of With
	Assignment casefile.ID  // that it is, or may be
	Here       string       // its tracking code
	Directive  casefile.ID  // of its document, where it is here
	Undated    bool         // the assignment here has no date, and the line has one
	Differs    []Difference
}

// likeness is how alike two contents must be for one to be offered as the other.
const likeness = 0.6

// A comparer holds what lines are compared with, each thing read once.
type comparer struct {
	tx      *db.Tx
	who     org.Actor
	units   []extract.Unit
	called  map[string]org.UnitID // names met
	threads map[casefile.ID][]directive.Line
	docs    map[string][]known // by the folded number
}

// A known is a directive that is here.
type known struct {
	id       casefile.ID
	document document
	released bool
}

// Compare says of every line of a sheet whether it is here, under the eyes of one officer, and
// changes nothing.
func Compare(tx *db.Tx, who org.Actor, entries []Entry) (all []Match, err error) {
	defer fault.Wrap(&err, "compare a tracker's sheet")
	c := &comparer{tx: tx, who: who, called: map[string]org.UnitID{}, threads: map[casefile.ID][]directive.Line{}, docs: map[string][]known{}}
	if c.units, err = propose.Units(tx); err != nil {
		return nil, err
	}
	for _, e := range entries {
		m, err := c.match(e)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// match finds what one line is.
func (c *comparer) match(e Entry) (m Match, err error) {
	m = Match{Entry: e, Finding: New, Unit: c.unit(e.Lead, e)}
	for _, name := range e.With {
		m.Helps = append(m.Helps, c.unit(name, e))
	}
	docs, err := c.known(e.Number)
	if err != nil {
		return m, err
	}
	if l, err := c.coded(e, docs); err != nil || l != nil {
		if err == nil {
			err = c.was(&m, l)
		}
		return m, err
	}
	if e.Problem != "" {
		m.Finding = Bad
		return m, nil
	}
	for _, d := range docs {
		same := d.document.on == e.IssuedOn && (e.Issuer == "" || issuerLike(d.document.issuer, e.Issuer))
		if err := c.within(&m, d, same); err != nil || m.Finding != New {
			return m, err
		}
	}
	if e.Done() {
		m.Finding = Ended
	}
	return m, nil
}

// coded is the assignment that a line names by its tracking code: what was written here is
// known again, be it a part that was given on. A line that names another document means
// something else.
func (c *comparer) coded(e Entry, docs []known) (*directive.Line, error) {
	if e.Code == "" || e.Content == "" {
		return nil, nil
	}
	for _, d := range docs {
		thread, err := c.thread(d.id)
		if err != nil {
			return nil, err
		}
		for i := range thread {
			if thread[i].Code == e.Code {
				return &thread[i], nil
			}
		}
	}
	id, err := casefile.ByCode(c.tx, c.who, e.Code)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := directive.LinesOf(c.tx, c.who, []casefile.ID{id})
	if err != nil || len(lines) == 0 || e.Number != "" && folded(e.Number) != folded(lines[0].Number) {
		return nil, err
	}
	return &lines[0], nil
}

// was compares a line with the assignment that its code names.
func (c *comparer) was(m *Match, l *directive.Line) error {
	m.Problem, m.Directive, m.Assignment, m.Here = "", l.Directive, l.ID, l.Code
	docs, err := documents(c.tx, []directive.Line{*l})
	if err != nil {
		return err
	}
	if d := docs[l.Directive]; !m.IssuedOn.IsZero() && d.on != m.IssuedOn {
		m.Finding = Likely
		m.Differs = append(m.Differs, Difference{Key: DiffersIssued, Column: "Ngày văn bản", Ours: d.on.Long(), Theirs: m.IssuedOn.Long()})
	}
	return c.differences(m, l)
}

// within looks for a line among the assignments of a directive that is here. same says that
// number, date and issuer agree; otherwise only the number does.
func (c *comparer) within(m *Match, d known, same bool) error {
	thread, err := c.thread(d.id)
	if err != nil {
		return err
	}
	l, sure := c.nearest(m, thread)
	switch {
	case l != nil && same:
		m.Directive, m.Assignment, m.Here = d.id, l.ID, l.Code
		if !sure {
			m.Finding = Likely
		}
		return c.differences(m, l)
	case l != nil:
		m.Finding, m.Directive, m.Assignment, m.Here = Likely, d.id, l.ID, l.Code
		m.Differs = append(m.Differs, Difference{Key: DiffersIssued, Column: "Ngày văn bản", Ours: d.document.on.Long(), Theirs: m.IssuedOn.Long()})
		return c.differences(m, l)
	case same && !d.released:
		m.Finding, m.Directive = Pending, d.id
	case same && m.Done():
		m.Finding, m.Directive = Ended, d.id
	case same:
		m.Finding, m.Directive = Likely, d.id
	}
	return nil
}

// nearest is the assignment that a line is: by its item, its words; sure is false where only
// the words are alike.
func (c *comparer) nearest(m *Match, thread []directive.Line) (l *directive.Line, sure bool) {
	words := vntext.Fold(m.Content)
	var best *directive.Line
	most := likeness
	for i := range thread {
		l := &thread[i]
		title := vntext.Fold(strings.TrimSuffix(l.Title, "…"))
		switch {
		case m.Unit != "" && l.Lead != m.Unit:
			continue
		case title == words || strings.HasSuffix(l.Title, "…") && strings.HasPrefix(words, title):
			if best == nil || most <= 1 || m.Clause == l.Clause {
				best, most = l, 2
			}
		case m.Clause != "" && m.Clause == l.Clause && m.Unit != "":
			if most < 2 {
				best, most = l, 1.5
			}
		default:
			if s := like.Score(l.Title, m.Content); s > most {
				best, most = l, s
			}
		}
	}
	return best, most > 1
}

// differences compares a line with the assignment that it is, column by column.
func (c *comparer) differences(m *Match, l *directive.Line) error {
	names, err := org.UnitNames(c.tx, l.Lead)
	if err != nil {
		return err
	}
	add := func(key, column, ours, theirs string) {
		m.Differs = append(m.Differs, Difference{Key: key, Column: column, Ours: ours, Theirs: theirs})
	}
	if m.Unit != l.Lead && vntext.Fold(m.Lead) != vntext.Fold(names[l.Lead]) {
		add(DiffersLead, "Cơ quan chủ trì", names[l.Lead], m.Lead)
	}
	if ours, theirs := vntext.Fold(strings.TrimSuffix(l.Title, "…")), vntext.Fold(strings.TrimSuffix(m.Content, "…")); !strings.HasPrefix(theirs, ours) {
		add(DiffersContent, "Nội dung nhiệm vụ", l.Title, m.Content)
	}
	if due := dueDay(l); due != m.DueOn && !m.DueOn.IsZero() {
		ours := "không nêu hạn"
		if !due.IsZero() {
			ours = due.Long()
		}
		m.Undated = due.IsZero()
		add(DiffersDue, "Hạn hoàn thành", ours, m.DueOn.Long())
	}
	if m.Percent != "" && m.Percent != strconv.FormatInt(l.Percent, 10) {
		add(DiffersPercent, "Tiến độ (%)", strconv.FormatInt(l.Percent, 10), m.Percent)
	}
	ours := Standing(c.tx, l)
	if ended := l.State == directive.Accepted || l.State == directive.Ended; m.State != "" && m.Done() != ended && vntext.Fold(m.State) != vntext.Fold(ours) {
		add(DiffersState, "Tình trạng", ours, m.State)
	}
	if m.Result != "" && l.ResultNumber != "" && vntext.Fold(m.Result) != vntext.Fold(l.ResultNumber) {
		add(DiffersResult, "Văn bản kết quả", l.ResultNumber, m.Result)
	}
	if len(m.Differs) > 0 {
		if err := c.keeps(m); err != nil {
			return err
		}
	}
	if m.Finding == Likely && len(m.Differs) > 0 && len(m.Open()) == 0 {
		m.Finding = Same // a person has said so, difference by difference
	}
	if m.Finding == New {
		m.Finding = Same
		if len(m.Open()) > 0 {
			m.Finding = Differs
		}
	}
	return nil
}

// unit is the unit that a name means, "" where nobody or more than one may be meant.
func (c *comparer) unit(name string, e Entry) org.UnitID {
	key := vntext.Fold(name)
	if key == "" {
		return ""
	}
	u, ok := c.called[key]
	if !ok {
		all := extract.MatchOn(name, c.units, e.IssuedOn.Midnight())
		if len(all) > 0 && all[0].Score >= 0.8 && (len(all) == 1 || all[1].Score < all[0].Score) {
			u = org.UnitID(all[0].ID)
		}
		c.called[key] = u
	}
	return u
}

// issuerLike says whether two names of an issuer may be one: offices shorten them.
func issuerLike(a, b string) bool {
	short := func(s string) string {
		s = " " + strings.Join(vntext.Words(s), " ") + " "
		for _, r := range [][2]string{{" uy ban nhan dan ", " ubnd "}, {" hoi dong nhan dan ", " hdnd "}, {" van phong ", " vp "}} {
			s = strings.ReplaceAll(s, r[0], r[1])
		}
		return strings.TrimSpace(s)
	}
	x, y := short(a), short(b)
	return x == "" || y == "" || strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

// folded is a number as directives keep it beside the one that is shown: typed twice it is one.
func folded(number string) string { return strings.Join(strings.Fields(vntext.Fold(number)), "") }

// known are the directives of a number that the officer may read, the newest first.
func (c *comparer) known(number string) ([]known, error) {
	key := folded(number)
	if all, ok := c.docs[key]; ok {
		return all, nil
	}
	var all []known
	err := c.tx.All(`SELECT g.case_id, g.number, g.issued_on, g.issuer, g.released_at IS NOT NULL FROM directive g
		WHERE g.number_key = $1 AND g.number_key <> '' AND NOT g.dropped AND `+access.Visible("g.case_id", "$2")+` ORDER BY g.case_id DESC LIMIT 20`,
		[]any{key, c.who.Reader()}, func(r *sql.Rows) error {
			var k known
			err := r.Scan(&k.id, &k.document.number, &k.document.on, &k.document.issuer, &k.released)
			all = append(all, k)
			return err
		})
	slices.SortStableFunc(all, func(a, b known) int { return cmp.Compare(b.id, a.id) })
	c.docs[key] = all
	return all, err
}

// thread are the assignments of a directive, read once.
func (c *comparer) thread(id casefile.ID) ([]directive.Line, error) {
	if all, ok := c.threads[id]; ok {
		return all, nil
	}
	all, err := directive.Thread(c.tx, c.who, id)
	c.threads[id] = all
	return all, err
}
