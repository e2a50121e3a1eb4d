package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/setting"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// Job is the kind of the job that gathers a long list.
const Job = "export"

// mostRows bounds one sheet; the file format itself ends a little above a million.
const mostRows = 500_000

// input is what a job is given: which list, for whom, in which post.
type input struct {
	List    List          `json:"list"`
	Officer org.OfficerID `json:"officer"` // whose rights each step reads with
	Post    org.PostID    `json:"post,omitempty"`
	Total   int64         `json:"total,omitempty"` // rows when it began; 0 where the list does not know
}

// gathered is the cursor of a job: where the list goes on, and the parts kept so far.
type gathered struct {
	Next  string      `json:"next"`
	Parts []blob.Hash `json:"parts"` // in order
	At    time.Time   `json:"at"`    // of the last part
	Name  string      `json:"name"`
}

// Start queues the gathering of a list for the officer who asks.
func Start(tx *db.Tx, who org.Actor, l List) (id job.ID, err error) {
	defer fault.Wrap(&err, "start export %s", l.Title)
	total, err := l.total(tx, who)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(input{l, who.Officer, who.Post.ID, total})
	if err != nil {
		return "", err
	}
	return job.Start(tx, Job, string(raw), string(who.Officer))
}

// total is how many rows the list will have, where a figure says so at once: it shows people
// how far the gathering is and bounds nothing.
func (l List) total(tx *db.Tx, who org.Actor) (int64, error) {
	if l.Tracker == nil {
		return 0, nil
	}
	t, err := tracker.Read(tx, who, tracker.ByUnit, l.Tracker.Filter)
	if err != nil {
		return 0, err
	}
	return map[tracker.Slice]int64{tracker.Running: t.Total.Open, tracker.Late: t.Total.Late, tracker.Week: t.Total.Week, tracker.Dateless: t.Total.Dateless}[l.Tracker.Slice], nil
}

// Step gathers the next rows as their officer may see them at that moment, and keeps them
// in the store of files.
func Step(files *blob.Store) job.Step { return step(files, pageRows) }

// One step of a long export; a server that stops goes on from the last one.
func step(files *blob.Store, many int) job.Step {
	return func(tx *db.Tx, j job.Job) (p job.Progress, err error) {
		var in input
		if err := json.Unmarshal([]byte(j.Input), &in); err != nil {
			return p, err
		}
		// with the rights of this step: who lost a post since reads no further
		who, err := actor(tx, in)
		if err != nil {
			return p, err
		}
		g := gathered{Name: who.Name}
		if j.Cursor != "" {
			if err := json.Unmarshal([]byte(j.Cursor), &g); err != nil {
				return p, err
			}
		}
		rows, next, err := in.List.page(tx, who, g.Next, many)
		if err != nil {
			return p, err
		}
		// outside the database: a row of the table of jobs is no place for a list
		hash, err := put(files, rows)
		if err != nil {
			return p, err
		}
		g.Next, g.Parts, g.At = next, append(g.Parts, hash), tx.Now
		raw, err := json.Marshal(g)
		done := j.Done + int64(len(rows))
		if done > mostRows {
			return p, fmt.Errorf("a sheet of more than %d rows", mostRows)
		}
		return job.Progress{Cursor: string(raw), Done: done, Total: in.Total, End: next == ""}, err
	}
}

// actor is the officer of an input with the rights of now.
func actor(tx *db.Tx, in input) (org.Actor, error) {
	who, err := org.ActorOf(tx, in.Officer)
	if err != nil {
		return who, err
	}
	for _, p := range who.Posts {
		if p.ID == in.Post {
			return who.As(p), nil
		}
	}
	return who, nil
}

// put keeps rows as lines of JSON.
func put(files *blob.Store, rows [][]any) (blob.Hash, error) {
	var b bytes.Buffer
	for _, r := range rows {
		raw, err := json.Marshal(r)
		if err != nil {
			return "", err
		}
		b.Write(raw)
		b.WriteByte('\n')
	}
	hash, _, err := files.Put(&b, int64(b.Len()))
	return hash, err
}

// A Gathering is a job of this package as its officer sees it.
type Gathering struct {
	*job.Job
	in   input
	g    gathered
	kept time.Duration // the setting export.keep: what was gathered shows rights of that time
}

// Get returns the officer's own job; anybody else's, or one of another kind, is a
// fault.NotFound.
func Get(tx *db.Tx, who org.Actor, id job.ID) (x *Gathering, err error) {
	defer fault.Wrap(&err, "export job %s", id)
	j, err := job.Get(tx, id)
	if err != nil {
		return nil, err
	}
	x = &Gathering{Job: j}
	// another officer's list is what he may see; that it exists is his alone too
	if j.Kind != Job || j.StartedBy != string(who.Officer) || who.Officer == "" {
		return nil, fault.NotFound
	}
	if err := json.Unmarshal([]byte(j.Input), &x.in); err != nil {
		return nil, err
	}
	if j.Cursor != "" {
		if err := json.Unmarshal([]byte(j.Cursor), &x.g); err != nil {
			return nil, err
		}
	}
	x.kept, err = setting.SpanOf(tx, "export.keep")
	return x, err
}

// List is what is gathered.
func (x *Gathering) List() List { return x.in.List }

// Until is when the file can no longer be fetched; it means nothing before the job is done.
func (x *Gathering) Until() time.Time { return x.EndedAt.Add(x.kept) }

// File is the gathered list once it is whole. It is a fault.Conflict before, and a
// fault.NotFound when it was kept long enough.
func (x *Gathering) File(files *blob.Store, now time.Time) (f File, err error) {
	switch {
	case x.State != job.Done:
		return f, fault.Refuse(fault.Conflict, "Danh sách chưa đọc xong nên chưa tải về được.")
	case now.After(x.Until()):
		return f, fault.Refuse(fault.NotFound, "Tệp này đã quá thời gian giữ; hãy xuất lại danh sách.")
	}
	return File{x.in.List, parts(files, x.g.Parts, x.in.List.Columns()[1:]), x.g.At, x.g.Name}, nil
}

// parts reads the rows back, one part after the other.
func parts(files *blob.Store, all []blob.Hash, columns []sheet.Column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, h := range all {
			r, err := files.Open(h)
			if err != nil {
				yield(nil, err)
				return
			}
			more := lines(r, columns, yield)
			_ = r.Close() // it was only read
			if !more {
				return
			}
		}
	}
}

// longestLine bounds one row: a title is far below.
const longestLine = 1 << 20

// Rows from the file that earlier steps wrote.
func lines(r io.Reader, columns []sheet.Column, yield func([]any, error) bool) (more bool) {
	// line by line: a list of half a million rows is never held whole
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, longestLine)
	for scan.Scan() {
		row, err := typed(scan.Bytes(), columns)
		if !yield(row, err) || err != nil {
			return false
		}
	}
	if err := scan.Err(); err != nil {
		yield(nil, err)
		return false
	}
	return true
}

// typed reads one row back into the kinds of its columns.
func typed(raw []byte, columns []sheet.Column) ([]any, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(raw, &cells); err != nil || len(cells) != len(columns) {
		return nil, fmt.Errorf("a row of %d cells for %d columns: %w", len(cells), len(columns), err)
	}
	// JSON knows no days and no instants; the columns say which cell is one
	row := make([]any, len(cells))
	for i, c := range columns {
		var err error
		switch c.Kind {
		case sheet.Day:
			row[i], err = as[workday.Date](cells[i])
		case sheet.Moment:
			row[i], err = as[time.Time](cells[i])
		case sheet.Number:
			row[i], err = as[float64](cells[i])
		default:
			row[i], err = as[string](cells[i])
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

// One value of a row in its type.
func as[T any](raw json.RawMessage) (v T, err error) {
	err = json.Unmarshal(raw, &v)
	return v, err
}
