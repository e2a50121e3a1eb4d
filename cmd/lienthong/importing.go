package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// importCmd takes rows of a CSV file into the office.
type importCmd struct {
	Kind    string `arg:"" enum:"units,officers,calendar,petitions,ended,documents,tracker" help:"units, officers, calendar, petitions, documents hoặc tracker."`
	File    string `arg:"" type:"existingfile" help:"Tệp CSV, UTF-8, dòng đầu là tên cột; documents: danh sách văn bản XLSX của hệ thống quản lý văn bản; tracker: bảng theo dõi nhiệm vụ XLSX của tỉnh."`
	DryRun  bool   `help:"Đọc và kiểm tra mọi dòng, không thay đổi gì."`
	Good    bool   `help:"Nhập các dòng đọc được; các dòng còn lại ghi ra tệp để sửa rồi nhập lại (documents)."`
	Rest    string `help:"Tệp ghi các dòng chưa nhập (documents); mặc định ở cạnh tệp danh sách." placeholder:"XLSX"`
	Officer string `help:"Cán bộ nhập, ở cơ quan nhập văn bản chỉ đạo (tracker)." placeholder:"ID"`
	Source  string `help:"Nguồn của lịch làm việc: số, ngày thông báo (calendar)." placeholder:"VB"`
}

// chunk is how many rows one step of an import takes: nobody waits long behind it.
const chunk = 200

// largestFile is more bytes than any sheet of a province has.
const largestFile = 1 << 40

// Run reads the whole file first: one bad line of a million is named, and nothing of
// the file is taken. Then a job takes the rows in steps, and goes on where it stopped
// when the machine dies.
func (c *importCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		if c.Kind == "calendar" {
			return c.calendar(a, d)
		}
		if c.Kind == "documents" {
			return c.documents(a, d)
		}
		if c.Kind == "tracker" {
			return c.tracker(a, d)
		}
		n, err := c.check(a, d)
		if err != nil {
			return err
		}
		if c.DryRun {
			a.printf("%s: %d dòng đều đọc được. Chưa thay đổi gì.\n", c.File, n)
			return nil
		}
		return c.start(a, d, n)
	})
}

// check reads every row and compares it with the office, in one snapshot.
func (c *importCmd) check(a *app, d *db.DB) (n int, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	err = d.View(a.ctx, func(tx *db.Tx) error {
		n = 0
		// the store may run this closure again, from the first line
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		s, err := newSheet(f, columnsOf[c.Kind])
		if err != nil {
			return err
		}
		known := newChecker(tx, c.Kind)
		for {
			row, err := s.next()
			if errors.Is(err, io.EOF) {
				known.done(a)
				return nil
			}
			if err == nil {
				err = known.check(row)
			}
			if err != nil {
				return atLine(s.line, err)
			}
			n++
		}
	})
	return n, err
}

// start keeps the file's bytes, so that any node can go on with the job, and works.
func (c *importCmd) start(a *app, d *db.DB, total int) error {
	files, err := a.files()
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	// the job may go on after a restart, on another node, when the file on this disk is
	// gone
	hash, _, err := files.Put(f, largestFile)
	if err != nil {
		return err
	}
	input, err := json.Marshal(importInput{Kind: c.Kind, File: hash, Rows: int64(total)})
	if err != nil {
		return err
	}
	var id job.ID
	err = d.Update(a.ctx, func(tx *db.Tx) error {
		id, err = job.Start(tx, jobImport, string(input), operator())
		return err
	})
	if err != nil {
		return err
	}
	return a.finish(d, newRunner(d, files), id)
}

// finish works on the queue until a job has ended, and says how it did.
func (a *app) finish(d *db.DB, r *job.Runner, id job.ID) error {
	if err := r.Drain(a.ctx); err != nil {
		return err
	}
	return d.View(a.ctx, func(tx *db.Tx) error {
		j, err := job.Get(tx, id)
		if err != nil {
			return err
		}
		// the rows before it are in: the message says where to go on
		if j.State == job.Failed {
			return fmt.Errorf("việc chạy nền %s dừng ở dòng %s sau khi xong %d dòng: %s", id, j.Cursor, j.Done, j.Error)
		}
		a.printf("Việc chạy nền %s: %s, %d dòng.\n", id, jobState[j.State], j.Done)
		return nil
	})
}

// atLine names the line of the file that a refusal is about.
func atLine(line int, err error) error {
	if r, ok := fault.Sentence(err); ok {
		return &fault.Refusal{Kind: r.Kind, Field: r.Field, Say: fmt.Sprintf("dòng %d: %s", line, r.Say), Clause: r.Clause, Step: r.Step}
	}
	return fmt.Errorf("dòng %d: %w", line, err)
}

// An importInput is what the job is started with.
type importInput struct {
	Kind string    `json:"kind"` // units, officers, calendar, petitions …
	File blob.Hash `json:"file"` // the whole file, kept while the job runs
	Rows int64     `json:"rows"` // without the heading
}

// An importer does the steps of imports. The cursor is the byte offset and line of the
// next row.
type importer struct{ files *blob.Store }

// step takes the next chunk in one transaction with the cursor behind it, so no row is
// taken twice or left out.
func (m *importer) step(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	var in importInput
	if err := json.Unmarshal([]byte(j.Input), &in); err != nil {
		return p, err
	}
	f, err := m.files.Open(in.File)
	if err != nil {
		return p, err
	}
	defer f.Close()
	s, err := newSheet(f, columnsOf[in.Kind])
	if err != nil {
		return p, err
	}
	if err := s.skipTo(f, j.Cursor); err != nil {
		return p, err
	}
	p = job.Progress{Done: j.Done, Total: in.Rows}
	for range chunk {
		row, err := s.next()
		if errors.Is(err, io.EOF) {
			p.End = true
			return p, nil
		}
		if err == nil {
			err = take(tx, in.Kind, row)
		}
		if err != nil {
			return p, atLine(s.line, err)
		}
		p.Done++
	}
	p.Cursor = s.cursor()
	return p, nil
}

// calendar adds a revision and moves the running duties to it. The file has the form
// of holidays.csv and holds every day off and make-up day that is known.
func (c *importCmd) calendar(a *app, d *db.DB) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	days, err := workday.ParseHolidays(f)
	if err != nil {
		return err
	}
	// dates of people move by it: who asks why is shown this source
	if strings.TrimSpace(c.Source) == "" {
		return fault.Field("--source", "Hãy ghi nguồn của lịch: số, ngày văn bản thông báo.")
	}
	var cal string
	var rev workday.Revision
	err = d.View(a.ctx, func(tx *db.Tx) error {
		if cal, rev, err = duty.Calendar(tx); err != nil {
			return err
		}
		old := rev
		// known from now on: what was promised before was right by what was known
		rev.Days, rev.Source, rev.KnownFrom = days, c.Source, tx.Now
		a.printf("Lịch %s: %d ngày khác bản đang dùng.\n", cal, len(workday.Changed(old, rev)))
		return printMoves(a, tx, cal, rev)
	})
	if err != nil || c.DryRun {
		return err
	}
	return c.move(a, d, cal, rev)
}

// printMoves shows which running duties a revision would move, before it is confirmed.
func printMoves(a *app, tx *db.Tx, cal string, rev workday.Revision) error {
	after, n := "", 0
	for {
		moves, next, err := duty.PreviewRevision(tx, cal, rev, after, chunk)
		if err != nil {
			return err
		}
		for _, m := range moves {
			a.printf("  %s  %s  %s: %s → %s\n", m.Code, m.Rule, m.Owner, day(m.Old), day(m.New))
		}
		n += len(moves)
		if after = next; after == "" {
			a.printf("%d việc đang chạy đổi hạn.\n", n)
			return nil
		}
	}
}

// move adds the revision and starts the job that recomputes the running duties,
// together.
func (c *importCmd) move(a *app, d *db.DB, cal string, rev workday.Revision) error {
	files, err := a.files()
	if err != nil {
		return err
	}
	var id job.ID
	err = d.Update(a.ctx, func(tx *db.Tx) error {
		if _, err := duty.AddRevision(tx, cal, rev, org.OfficerID(operator())); err != nil {
			return err
		}
		id, err = job.Start(tx, duty.MoveJob, cal, operator())
		return err
	})
	if err != nil {
		return err
	}
	return a.finish(d, newRunner(d, files), id)
}
