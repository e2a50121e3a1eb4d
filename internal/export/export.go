// Package export turns the lists of the program into spreadsheets (xuất Excel).
//
// A List is one of the lists that pages show - petitions, duties, what stands behind a
// figure of the board - with its filter. Its rows come from the very function that the
// page asks, under the same rights, so that a sheet has as many rows as its list. What is
// short is written at once (Read); what is longer is gathered page by page in a job
// (Start, Step) and written when its officer fetches it. The package adds no right and
// no figure of its own.
package export

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// AtOnce is how many rows are written without a job.
const AtOnce = 2000

// pageRows is how many rows are read in one snapshot: a page must hold nobody up.
const pageRows = 500

// A List is a list with its filter; exactly one of the filters is set.
type List struct {
	Title     string               `json:"title"` // "Kiến nghị"
	Petitions *petition.ListFilter `json:"petitions,omitempty"`
	Duties    *inbox.Filter        `json:"duties,omitempty"`
	Board     *board.Filter        `json:"board,omitempty"` // the list behind a figure
	Tracker   *Tracked             `json:"tracker,omitempty"`
	Chosen    []string             `json:"columns,omitempty"` // keys of the columns wanted; empty for all
}

// Tracked is a list of the tracker of assignments: which one, under which filter.
type Tracked struct {
	Slice  tracker.Slice  `json:"slice,omitempty"`
	Filter tracker.Filter `json:"filter"`
}

// page returns the next rows of the list in its chosen columns, without the one that
// counts, and the cursor of the rest.
func (l List) page(tx *db.Tx, who org.Actor, cursor string, limit int) (rows [][]any, next string, err error) {
	if rows, next, err = l.rows(tx, who, cursor, limit); err != nil {
		return nil, "", err
	}
	for i := range rows {
		rows[i] = l.chosen(rows[i])
	}
	return rows, next, nil
}

// rows are the next rows in every column that the list has.
func (l List) rows(tx *db.Tx, who org.Actor, cursor string, limit int) (rows [][]any, next string, err error) {
	// names are asked once a page, not once a row
	x := newNames(tx)
	if l.Petitions != nil {
		items, next, err := petition.List(tx, who, *l.Petitions, cursor, limit)
		if err != nil {
			return nil, "", err
		}
		rows, err = x.petitions(who, items)
		return rows, next, err
	}
	if l.Tracker != nil {
		lines, next, err := tracker.List(tx, who, l.Tracker.Slice, l.Tracker.Filter, cursor, limit)
		if err != nil {
			return nil, "", err
		}
		rows, err = tracker.Rows(tx, lines)
		return rows, next, err
	}
	var items []inbox.Item
	switch {
	case l.Duties != nil:
		items, next, err = inbox.List(tx, who, *l.Duties, cursor, limit)
	case l.Board != nil:
		items, next, err = board.List(tx, who, *l.Board, cursor, limit)
	default:
		err = fault.NotFound
	}
	if err != nil {
		return nil, "", err
	}
	for i := range items {
		rows = append(rows, x.duty(&items[i]))
	}
	return rows, next, x.err
}

// A File is a list as it was read, ready to be written.
type File struct {
	List List                    // as it was asked for
	Rows iter.Seq2[[]any, error] // without the column that counts
	At   time.Time               // up to when
	By   string                  // who took it out
}

// Write writes the sheet and returns how many rows it has.
func (f File) Write(w io.Writer) (int, error) {
	return sheet.Write(w, sheet.Sheet{Name: f.List.Title, Title: []string{f.List.Title}, Columns: f.List.Columns(), Source: source(f.At, f.By),
		Rows: func(yield func([]any, error) bool) {
			n := 0
			for row, err := range f.Rows {
				n++
				// the number is of the sheet: a job does not know it while it reads
				if !yield(append([]any{n}, row...), err) || err != nil {
					return
				}
			}
		}})
}

// Name is what the file is called.
func (f File) Name() string {
	title := strings.ReplaceAll(f.List.Title, "/", "-") // a code has one, and a browser cuts a name there
	return title + " " + f.At.In(workday.Office).Format("2006-01-02 15h04") + ".xlsx"
}

// Where a list comes from and as whose eyes saw it: a list that leaves the program must say so itself.
func source(at time.Time, by string) string {
	return fmt.Sprintf("Số liệu tính đến %s ngày %s, trong phạm vi được xem của %s.", at.In(workday.Office).Format("15:04"), workday.Of(at).Long(), by)
}

// Read reads a list of at most AtOnce rows in one snapshot; ok is false for a longer one,
// which wants a job.
func Read(tx *db.Tx, who org.Actor, l List) (f File, ok bool, err error) {
	return read(tx, who, l, AtOnce)
}

// Reads a list to its end, or stops when it is longer than a request may take; then it becomes a job.
func read(tx *db.Tx, who org.Actor, l List, most int) (f File, ok bool, err error) {
	defer fault.Wrap(&err, "export %s", l.Title)
	// held whole: it is short, and a page of the web wants to know before it answers
	var all [][]any
	for cursor := ""; ; {
		rows, next, err := l.page(tx, who, cursor, pageRows)
		if err != nil {
			return f, false, err
		}
		if all = append(all, rows...); len(all) > most {
			return f, false, nil
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return File{l, each(all), tx.Now, who.Name}, true, nil
}

// Rows in hand, as a writer takes them.
func each(all [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// names finds short names, each once.
type names struct {
	tx     *db.Tx
	known  map[string]string // by kind and id
	kinds  duty.Kinds
	fields map[string]string
	err    error // the first failure; what was asked then is empty
}

// Names of units, officers and fields, each asked for once: a long list names the same dozen.
func newNames(tx *db.Tx) *names {
	n := &names{tx: tx, known: map[string]string{}, kinds: duty.Kinds{}, fields: map[string]string{}}
	for _, k := range petition.Duties() {
		n.kinds[k.Rule] = k
	}
	all, err := petition.Fields(tx)
	if err != nil && fault.Kind(err) != fault.NotFound { // before a profile is adopted there are none
		n.err = err
	}
	for _, f := range all {
		n.fields[f.ID] = f.Name
	}
	return n
}

// The name of a unit.
func (n *names) unit(id org.UnitID) string {
	return n.once("u:"+string(id), string(id), func() (string, error) {
		all, err := org.UnitNames(n.tx, id)
		return all[id], err
	})
}

// The name of an officer.
func (n *names) officer(id org.OfficerID) string {
	return n.once("o:"+string(id), string(id), func() (string, error) {
		o, err := org.OfficerOf(n.tx, id)
		return o.Name, err
	})
}

// A name once found is kept; an id that names nothing stands for itself, so that a list never has a hole.
func (n *names) once(key, id string, find func() (string, error)) string {
	if id == "" {
		return ""
	}
	name, ok := n.known[key]
	if !ok {
		var err error
		if name, err = find(); err != nil {
			name = id
			if n.err == nil && fault.Kind(err) != fault.NotFound {
				n.err = err
			}
		}
		n.known[key] = name
	}
	return name
}

// The name of a field; its id when the rulebook in force no longer has it.
func (n *names) field(id string) string {
	if name := n.fields[id]; name != "" {
		return name
	}
	return id
}

// petitions are rows of the list of petitions, with the date of the answer that is owed.
func (n *names) petitions(who org.Actor, items []petition.Listed) (rows [][]any, err error) {
	ids := make([]casefile.ID, len(items))
	for i, p := range items {
		ids[i] = p.ID
	}
	running, err := inbox.Of(n.tx, who, ids)
	if err != nil {
		return nil, err
	}
	// of several running duties the list shows the answer that is owed
	due := map[casefile.ID]workday.Date{}
	for i := range running {
		if d := &running[i]; d.Rule == petition.MustAnswer {
			due[d.Case] = lastDay(d)
		}
	}
	for _, p := range items {
		rows = append(rows, []any{p.Code, p.Title, n.unit(p.Raiser), n.unit(p.Lead), n.field(p.Field), petition.States[p.State], p.Outcome.Say(), p.OpenedAt, due[p.ID]})
	}
	return rows, n.err
}

// lastDay is the day on which a duty ends: of an instant with an hour, its own day.
func lastDay(i *inbox.Item) workday.Date {
	if !i.DueOn.IsZero() || i.DueAt.IsZero() {
		return i.DueOn
	}
	return workday.Of(i.DueAt)
}

// A duty as a row, in the words of the screen.
func (n *names) duty(i *inbox.Item) []any {
	return []any{i.Say(n.kinds), i.Code, i.Title, n.unit(i.Owner), n.unit(i.Raiser), n.unit(i.Section), n.officer(i.Officer), n.field(i.Field),
		lastDay(i), i.Source(), n.standing(i), i.EndedAt}
}

// standing says in words how a duty stands, as the lists do.
func (n *names) standing(i *inbox.Item) string {
	switch {
	case i.Request: // never late, whatever its date
		return "được đề nghị"
	case i.Fate == duty.Waived:
		return "cho thôi thực hiện"
	case i.Fate == duty.Handed: // its owner did not do it; the next one may have
		return "đã chuyển đơn vị khác"
	case !i.EndedAt.IsZero() && !i.OwnDueAt.IsZero() && !i.EndedAt.Before(i.OwnDueAt):
		return "xong quá hạn"
	case !i.EndedAt.IsZero():
		return "xong đúng hạn"
	case i.Fate == duty.Suspended:
		return "đang tạm dừng"
	case i.Missed(n.tx.Now):
		return "quá hạn chưa xong"
	case i.DueAt.IsZero():
		return "không nêu hạn"
	}
	return "đang mở"
}
