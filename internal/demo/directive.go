package demo

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// directive.txt is an invented document of the shape that such documents have: headings
// by agency with dashes below, a letter that comes twice, two instants with hours, a
// closing sentence that dates one section, a body that is only requested, tasks without
// a date.
//
//go:embed directive.txt
var directiveText string

// The units of the example. The one that reports a result writes in one step.
const (
	office   org.UnitID = "van-phong-ubnd-tinh"
	finished org.UnitID = "so-khoa-hoc-va-cong-nghe"
	underway org.UnitID = "so-tu-phap"
)

// An order is the directive of the demonstration on its way.
type order struct {
	id            casefile.ID
	text          string
	desk          org.Actor
	first, second casefile.ID // the assignments that the example follows
}

// written fills the invented document's dates: it was signed so many working days ago.
func written(rev workday.Revision, now time.Time, ago int) string {
	signed := back(rev, workday.Of(now), ago)
	short := func(d workday.Date) string { return d.Long() }
	long := func(d workday.Date) string {
		day, rest, _ := strings.Cut(d.Long(), "/")
		month, year, _ := strings.Cut(rest, "/")
		return day + " tháng " + month + " năm " + year
	}
	return strings.NewReplacer("{{number}}", "2214/UBND-MH", "{{day}}", long(signed), "{{meeting}}", short(forth(rev, signed, 7)),
		"{{before}}", long(forth(rev, signed, 6)), "{{section}}", short(forth(rev, signed, 20))).Replace(directiveText)
}

// Directive returns the text of the example as if it had been signed a few working days
// before now: what a new user drops into the program to try it.
func Directive(rev workday.Revision, now time.Time) string { return written(rev, now, directiveAgo) }

// directiveAgo is how many working days ago the example was signed.
const directiveAgo = 4

// ordered lays out what happens to the directive: taken in and confirmed by the desk
// officer, released by the Office, one task reported and accepted, one under way.
func ordered(rev workday.Revision, now time.Time) (all []occasion) {
	o := &order{text: written(rev, now, directiveAgo)}
	m := &matter{fate: "directive", title: "2214/UBND-MH"}
	steps := []struct {
		ago   int
		clock workday.Clock
		do    func(f *filler, tx *db.Tx) error
		work  bool
	}{
		{3, 9 * 60, o.take, false},
		{3, 9*60 + 40, o.confirm, false},
		{3, 10 * 60, o.release, true},
		{2, 9*60 + 30, o.progress, false},
		{2, 15 * 60, o.submit, false},
		{1, 10 * 60, o.accept, false},
	}
	for _, s := range steps {
		at := back(rev, workday.Of(now), s.ago).At(s.clock)
		all = append(all, occasion{at: at, m: m, do: func(f *filler, tx *db.Tx, _ *matter) error { return s.do(f, tx) }, work: s.work})
	}
	return all
}

func (o *order) take(_ *filler, tx *db.Tx) (err error) {
	if o.desk, err = by(tx, office, org.Desk, ""); err != nil {
		return err
	}
	text := vntext.NFC(o.text)
	reading, err := propose.From(tx, extract.Text(text))
	if err != nil {
		return err
	}
	d, err := directive.Take(tx, o.desk, directive.In{Reading: reading, Text: text, Urgency: directive.Normal})
	if err == nil {
		o.id = d.ID
	}
	return err
}

func (o *order) confirm(_ *filler, tx *db.Tx) error {
	_, err := directive.Confirm(tx, o.desk, o.id, "Đã đối chiếu với bản ký.", 0)
	return err
}

func (o *order) release(_ *filler, tx *db.Tx) error {
	boss, err := by(tx, office, org.Leader, "")
	if err != nil {
		return err
	}
	_, err = directive.Release(tx, boss, o.id, 0)
	return err
}

// find names the first task of each of two units, for what follows.
func (o *order) find(tx *db.Tx) error {
	all, err := directive.Thread(tx, o.desk, o.id)
	if err != nil {
		return err
	}
	of := func(unit org.UnitID) casefile.ID {
		if i := slices.IndexFunc(all, func(l directive.Line) bool { return l.Lead == unit }); i >= 0 {
			return all[i].ID
		}
		return ""
	}
	o.first, o.second = of(finished), of(underway)
	if o.first == "" || o.second == "" {
		return fmt.Errorf("the example gave %d assignments, none to %s or %s", len(all), finished, underway)
	}
	return nil
}

func (o *order) progress(_ *filler, tx *db.Tx) error {
	if err := o.find(tx); err != nil {
		return err
	}
	lead, err := by(tx, underway, org.Leader, "")
	if err != nil {
		return err
	}
	_, err = directive.Progress(tx, lead, o.second, directive.Report{Text: "Đã soạn xong tài liệu hướng dẫn, đang mở lớp cho công chức của các xã, phường.", Percent: 45})
	return err
}

func (o *order) submit(_ *filler, tx *db.Tx) error {
	lead, err := by(tx, finished, org.Leader, "")
	if err != nil {
		return err
	}
	_, err = directive.SubmitNow(tx, lead, o.first, directive.Result{Text: "Đã cử cán bộ kỹ thuật đến các xã, phường có nhiều hồ sơ; danh sách và lịch hỗ trợ đã gửi các xã."})
	return err
}

func (o *order) accept(_ *filler, tx *db.Tx) error {
	a, err := directive.GetAssignment(tx, o.desk, o.first)
	if err != nil {
		return err
	}
	v, err := directive.ViewOf(tx, o.desk, a)
	if err != nil {
		return err
	}
	said := directive.Verdict{Text: "Kết quả đạt yêu cầu."}
	if len(v.Qualities) > 0 { // the rule's own words
		said.Quality = v.Qualities[0]
	}
	_, err = directive.Accept(tx, o.desk, o.first, said)
	return err
}

// workOff runs what an act left to a job, at the example's own instant.
func (f *filler) workOff() error {
	run := job.New(f.d, "demo")
	run.Define(directive.JobKind, directive.Step)
	run.Define(bank.JobEnded, bank.StepEnded)
	return run.Drain(f.ctx)
}
