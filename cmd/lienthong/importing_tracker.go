package main

import (
	"os"
	"path/filepath"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
)

// tracker compares the tracker that the province keeps with what is here, says line by line
// what it finds and, unless it is a dry run, proposes what is new. Nothing is issued: a person
// confirms and releases every document.
func (c *importCmd) tracker(a *app, d *db.DB) error {
	entries, err := c.entries()
	if err != nil {
		return err
	}
	var all []tracker.Match
	var who org.Actor
	err = d.View(a.ctx, func(tx *db.Tx) (err error) {
		who = org.System(operator())
		if c.Officer != "" {
			if who, err = org.ActorOf(tx, org.OfficerID(c.Officer)); err != nil {
				return fault.Field("--officer", "Không có cán bộ nào đang làm việc mang mã %q.", c.Officer)
			}
		}
		all, err = tracker.Compare(tx, who, entries)
		return err
	})
	if err != nil {
		return err
	}
	a.printMatches(all)
	if c.DryRun {
		a.printf("Chưa thay đổi gì.\n")
		return nil
	}
	if c.Officer == "" {
		return fault.Field("--officer", "Hãy ghi mã cán bộ nhập bảng: người ấy chịu trách nhiệm về các đề xuất.")
	}
	return c.propose(a, d, who, entries)
}

func (c *importCmd) entries() ([]tracker.Entry, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return tracker.ReadSheet(f)
}

// propose keeps the file and lets the job take its documents one by one.
func (c *importCmd) propose(a *app, d *db.DB, who org.Actor, entries []tracker.Entry) error {
	files, err := a.files()
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	hash, size, err := files.Put(f, largestFile)
	if err != nil {
		return err
	}
	parts, err := tracker.Split(files, entries)
	if err != nil {
		return err
	}
	var id job.ID
	err = d.Update(a.ctx, func(tx *db.Tx) error {
		id, err = tracker.StartImport(tx, who, tracker.File{Hash: hash, Name: filepath.Base(c.File), Size: size}, parts, nil)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.finish(d, newRunner(d, files), id); err != nil {
		return err
	}
	return d.View(a.ctx, func(tx *db.Tx) error {
		x, err := tracker.GetImport(tx, who, id)
		if err != nil {
			return err
		}
		a.printf("Đã đưa %d văn bản với %d nhiệm vụ vào chờ xác nhận; chưa nhiệm vụ nào được giao.\n", x.Taken, x.Tasks)
		for _, why := range x.Refused {
			a.printf("  %s\n", why)
		}
		return nil
	})
}

// printMatches says what was found, the lines that want a person first.
func (a *app) printMatches(all []tracker.Match) {
	for _, f := range tracker.Findings {
		n := 0
		for _, m := range all {
			if m.Finding == f.Finding {
				n++
			}
		}
		a.printf("%s: %d dòng\n", f.Say, n)
		if f.Finding == tracker.Same || f.Finding == tracker.Ended {
			continue
		}
		for _, m := range all {
			if m.Finding != f.Finding {
				continue
			}
			a.printf("  dòng %d: %s %s\n", m.Line, m.Number, m.Problem)
			for _, x := range m.Differs {
				a.printf("    %s: hệ thống “%s”, bảng “%s”\n", x.Column, x.Ours, x.Theirs)
			}
		}
	}
}
