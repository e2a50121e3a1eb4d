package main

import (
	"fmt"
	"text/tabwriter"

	"lienthong/internal/bank"
	"lienthong/internal/blob"
	"lienthong/internal/campaign"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/export"
	"lienthong/internal/group"
	"lienthong/internal/job"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// jobImport is the kind of the job that takes the rows of a file. A job runs on any node
// that serves the office.
const jobImport = "import"

// newRunner returns a runner that knows every kind of job.
func newRunner(d *db.DB, files *blob.Store) *job.Runner {
	r := job.New(d, node())
	r.Define(duty.MoveJob, moveStep)
	r.Define(group.JobKind, group.Step)
	r.Define(directive.JobKind, directive.Step)
	r.Define(bank.JobEnded, bank.StepEnded)
	r.Define(campaign.JobKind, campaign.Step)
	r.Define(jobImport, (&importer{files: files}).step)
	r.Define(export.Job, export.Step(files))
	r.Define(tracker.ImportJob, tracker.ImportStep(files))
	return r
}

// moveStep moves one chunk of running duties to the newest revision of the calendar
// that the job names.
func moveStep(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	moved, next, err := duty.MoveToRevision(tx, j.Input, j.Cursor, 200)
	return job.Progress{Cursor: next, Done: j.Done + int64(moved), End: next == ""}, err
}

// jobCmd groups what is done with long work.
type jobCmd struct {
	List   jobListCmd   `cmd:"" help:"Liệt kê việc chạy nền, mới nhất trước."`
	Run    jobRunCmd    `cmd:"" help:"Làm hết các việc chạy nền đang chờ, khi không có máy chủ nào chạy."`
	Cancel jobCancelCmd `cmd:"" help:"Dừng một việc chạy nền giữa hai bước."`
	Resume jobResumeCmd `cmd:"" help:"Làm tiếp một việc chạy nền đã lỗi."`
}

// `job list`: the long works that wait, run or failed, newest first.
type jobListCmd struct {
	Limit int `help:"Nhiều nhất bao nhiêu dòng." default:"50" placeholder:"N"`
}

// Run prints jobs with how far they are and why they failed.
func (c *jobListCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		all, err := job.List(tx, "", c.Limit)
		w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
		for _, j := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d/%d\t%s\t%s\n", j.ID, j.Kind, jobState[j.State], j.Done, j.Total,
				j.CreatedAt.In(workday.Office).Format("15:04 02/01/2006"), j.Error)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		return err
	})
}

var jobState = map[string]string{job.Open: "đang chạy", job.Done: "xong", job.Failed: "lỗi", job.Cancelled: "đã dừng"}

// `job run`: works off what is open and ends; for an office whose server stands still.
type jobRunCmd struct{}

// Run drains the queue and returns.
func (c *jobRunCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		files, err := a.files()
		if err != nil {
			return err
		}
		return newRunner(d, files).Drain(a.ctx)
	})
}

// `job cancel`: an open job ends after the step it is at; what its steps did stays.
type jobCancelCmd struct {
	ID string `arg:"" help:"Mã việc chạy nền."`
}

// Run cancels; what the steps did stays done.
func (c *jobCancelCmd) Run(a *app) error {
	return a.update(func(tx *db.Tx) error { return job.Cancel(tx, job.ID(c.ID)) })
}

// `job resume`: a failed job goes on from its last cursor and not from the beginning.
type jobResumeCmd struct {
	ID string `arg:"" help:"Mã việc chạy nền."`
}

// Run opens a failed job again.
func (c *jobResumeCmd) Run(a *app) error {
	return a.update(func(tx *db.Tx) error { return job.Resume(tx, job.ID(c.ID)) })
}
