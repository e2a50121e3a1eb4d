package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// dutyItem is one thing owed on a case, with every limit and how it was reckoned.
type dutyItem struct {
	Line
	Rule        string      `json:"rule"` // the key, "petition.answer"
	Say         string      `json:"say" doc:"việc phải làm, bằng lời"`
	Owner       string      `json:"owner" doc:"đơn vị phải làm"`
	Officer     string      `json:"officer,omitempty"` // who works on it now
	Section     string      `json:"section,omitempty"` // his section
	Counterpart string      `json:"counterpart,omitempty" doc:"làm cho đơn vị nào"`
	Round       int64       `json:"round"` // the same unit may owe the same act again
	Request     bool        `json:"request,omitempty" doc:"chỉ được đề nghị: không bị tính quá hạn"`
	From        string      `json:"from" doc:"thời điểm bắt đầu tính"`
	InnerOn     string      `json:"inner_on,omitempty" doc:"hạn nội bộ"`
	Missed      bool        `json:"missed" doc:"quá hạn chưa xong"`
	Late        bool        `json:"late" doc:"xong quá hạn"`
	OwnFrom     string      `json:"own_from,omitempty" doc:"lúc nhận từ đơn vị khác"`
	OwnDueAt    string      `json:"own_due_at" doc:"thời điểm đầu tiên sau phần thời gian của chính đơn vị này; số liệu của đơn vị tính theo đây"`
	OwnLate     bool        `json:"own_late" doc:"xong hoặc chuyển đi sau phần thời gian của chính đơn vị này"`
	Share       string      `json:"share,omitempty" doc:"khi quá hạn mà nhận từ đơn vị khác: phần thời gian của đơn vị, bằng lời"`
	EndedAt     string      `json:"ended_at,omitempty"`
	EndedWhy    string      `json:"ended_why,omitempty"` // the event or clause that ended it
	Limits      []limitOut  `json:"limits"`              // all of them; the earliest binds
	Changes     []changeOut `json:"changes,omitempty" doc:"tạm dừng, gia hạn, chuyển, tính lại"`
}

// limitOut is one limit of a duty with its clause and its reckoning, day by day. Where
// several stand, the earliest binds and all are shown.
type limitOut struct {
	Clause    string         `json:"clause,omitempty"` // PT06/D6.K2
	Basis     string         `json:"basis" doc:"căn cứ, bằng lời"`
	Limit     string         `json:"limit" doc:"7wd, 8wh, 15d, hoặc một ngày"`
	Binding   bool           `json:"binding" doc:"thời hạn đang ràng buộc"`
	DueOn     string         `json:"due_on"`          // the last day still in time; "" for an instant with an hour
	DueAt     string         `json:"due_at"`          // the first instant that is late
	Reckoning []workday.Step `json:"reckoning"`       // day by day, as the page draws it
	Notes     []string       `json:"notes,omitempty"` // what was extended, paused or carried over
}

// changeOut is what moved a due instant: what had been promised stays visible.
type changeOut struct {
	What   string `json:"what"` // suspend, resume, extend, hand over, calendar
	At     string `json:"at"`   // when it took effect, not when it was typed
	Clause string `json:"clause,omitempty"`
	Reason string `json:"reason"`
	By     string `json:"by"`         // officer, or the part of the program that did it
	OldDue string `json:"old_due_at"` // "" when there was none
	NewDue string `json:"new_due_at"` // "" when none is left
}

// duties answers everything owed on a case, ended ones too.
func (c *call) duties() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, err := casefile.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		all, err := duty.OfCase(tx, cf.ID)
		if err != nil {
			return nil, 0, err
		}
		out := page[dutyItem]{Items: []dutyItem{}}
		for _, d := range all {
			item, err := c.duty(tx, who, cf, d)
			if err != nil {
				return nil, 0, err
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

// duty is one duty as the reader may see it: how its owner works inside - the section, the
// officer, the day a leader set - is for the owner's own people.
func (c *call) duty(tx *db.Tx, who org.Actor, cf *casefile.Case, d *duty.Duty) (item dutyItem, err error) {
	item = dutyItem{Line: lineOf(cf, d), Rule: d.Rule, Say: c.s.Duties[d.Rule].Say, Owner: string(d.Owner), Officer: string(d.Officer),
		Section: string(d.Section), Counterpart: string(d.Counterpart), Round: d.Round, Request: d.Request, From: instant(d.From),
		InnerOn: d.InnerOn.String(), Missed: d.MissedAtNow(tx.Now), Late: d.Late(), EndedAt: instant(d.EndedAt), EndedWhy: d.EndedWhy, Limits: []limitOut{}}
	item.OwnFrom, item.OwnDueAt, item.OwnLate, item.Share = instant(d.OwnFrom), instant(d.OwnDueAt), d.LateByOwnShare(), d.Share(tx.Now)
	if !who.In(d.Owner) {
		item.Section, item.Officer, item.InnerOn = "", "", ""
	}
	limits, _, err := duty.Explain(tx, d)
	if err != nil {
		return item, err
	}
	for _, l := range limits {
		steps := append([]workday.Step{}, l.Due.Reckoning...)
		item.Limits = append(item.Limits, limitOut{Clause: l.Clause, Basis: l.Basis, Limit: l.Text, Binding: l.Binding,
			DueOn: l.Due.On.String(), DueAt: instant(l.Due.At), Reckoning: steps, Notes: l.Due.Notes})
	}
	changes, err := duty.Changes(tx, d.Key)
	for _, x := range changes {
		item.Changes = append(item.Changes, changeOut{What: x.What, At: instant(x.At), Clause: x.Clause, Reason: x.Reason, By: x.By,
			OldDue: instant(x.Old), NewDue: instant(x.New)})
	}
	return item, err
}
