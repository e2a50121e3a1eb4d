package petition

import (
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// armReport makes the lead owe a report on a matter that stays open. The date is the
// one the lead set, or none.
func (p *Petition) armReport(tx *db.Tx, day string) error {
	var limits []duty.Limit
	if day != "" {
		limits = []duty.Limit{{Basis: "hạn do đơn vị chủ trì đặt, ngày " + workday.Of(tx.Now).Long(), Text: day}}
	}
	var n int64
	// system: the petition's case is held
	err := tx.One(`SELECT count(*) FROM duty WHERE case_id = $1 AND rule = $2`, []any{string(p.ID), MustReport}, &n)
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{
		Key:         duty.Key{Case: p.ID, Rule: MustReport, Owner: p.Lead, Round: n + 1},
		Counterpart: p.Raiser, Field: p.Field, Limits: limits, Reminders: "",
	})
	return err
}

// A Progress is the next report on a matter that an answer left open.
type Progress struct {
	Text       string
	Done       bool   // the matter is resolved now
	NextReport string // a day the lead sets for the report after this one
	Version    int64
}

// Report tells the commune how a matter left open goes on, and meets the duty to do so.
func Report(tx *db.Tx, who org.Actor, id casefile.ID, in Progress) (p *Petition, err error) {
	defer fault.Wrap(&err, "report on petition %s", id)
	p, who, err = lockFor(tx, who, id, in.Version, actReport)
	if err != nil {
		return nil, err
	}
	in.Text = vntext.NFC(strings.TrimSpace(in.Text))
	if vntext.IsBlank(in.Text) {
		return nil, fault.Field("text", "Hãy ghi kết quả xử lý đến nay.")
	}
	if err := checkText("text", in.Text); err != nil {
		return nil, err
	}
	if err := checkNextReport(tx, in.NextReport, !in.Done); err != nil {
		return nil, err
	}
	open, err := openOf(tx, p.ID, MustReport)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		return nil, fault.Refuse(fault.Conflict, "Việc này không còn chờ báo tiếp.")
	}
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.reported", By: who, Text: in.Text, Facts: casefile.Pairs("done", mark(in.Done))}); err != nil {
		return nil, err
	}
	if _, err := duty.Meet(tx, open[0].Key); err != nil {
		return nil, err
	}
	if !in.Done {
		if err := p.armReport(tx, in.NextReport); err != nil {
			return nil, err
		}
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Raiser, Case: p.ID, Kind: "petition.reported"})
}

// checkNextReport refuses what is no day after today: the lead dates its own report and
// nothing else, so a length or a past day is no date it could have set.
func checkNextReport(tx *db.Tx, day string, open bool) error {
	if day == "" {
		return nil
	}
	if !open {
		return fault.Field("next_report", "Chỉ đặt ngày báo tiếp khi việc còn mở.")
	}
	d, err := workday.ParseDate(day)
	if err != nil || !d.After(workday.Of(tx.Now)) {
		return fault.Field("next_report", "Ngày báo tiếp phải sau hôm nay.")
	}
	return nil
}

// openOf returns the running duties of one rule on a case that is held.
func openOf(tx *db.Tx, id casefile.ID, rule string) (open []*duty.Duty, err error) {
	all, err := duty.OfCase(tx, id)
	for _, d := range all {
		if d.Rule == rule && d.EndedAt.IsZero() {
			open = append(open, d)
		}
	}
	return open, err
}

// A flag among the facts of an event, where everything is text.
func mark(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
