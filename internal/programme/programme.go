// Package programme keeps work programmes (chương trình công tác) of a year, its quarters,
// months and weeks: what is to be done, by whom, when and where.
//
//	item:      registered --accept--> planned --done--> done | dropped
//	           its place: narrowed at will, left only by a move that is asked and approved
//	programme: open --send (signed)--> sent        a unit's week, a plan, a review
//
// An item is a case with a lead, coordinating units and a place; the programme of a year or
// a month is a question about places. A case of its own has what somebody owes or sends: the
// week of a unit, which the calendar opens, the whole week that the Office puts together, a
// plan, a review. Whom it binds and by which hour is the regulation's.
package programme

import (
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The kinds of cases of this package.
const (
	CaseKind = "programme"      // a unit's week, the whole week, a plan, a review
	ItemKind = "programme-item" // one thing to do
)

// The states of an item and of a programme, on their cases.
const (
	Registered = "registered"
	Planned    = "planned"
	Declined   = "declined"
	Done       = "done"
	Dropped    = "dropped"
	Open       = "open"
	Sent       = "sent"
)

// States are the states as screens name them.
var States = map[string]string{
	Registered: "Chờ đưa vào chương trình", Planned: "Trong chương trình", Declined: "Không đưa vào chương trình",
	Done: "Đã thực hiện", Dropped: "Không thực hiện", Open: "Chưa gửi", Sent: "Đã gửi",
}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"programme.registered":     "Đăng ký vào chương trình công tác",
	"programme.accepted":       "Đưa vào chương trình công tác",
	"programme.declined":       "Không đưa vào chương trình công tác",
	"programme.scheduled":      "Xếp lịch cụ thể",
	"programme.move_asked":     "Đề nghị dời trong chương trình",
	"programme.moved":          "Cho dời trong chương trình",
	"programme.move_declined":  "Không cho dời trong chương trình",
	"programme.linked":         "Gắn với hồ sơ khác",
	"programme.funded":         "Nêu nguồn kinh phí",
	"programme.estimated":      "Duyệt dự toán việc phát sinh",
	"programme.done":           "Thực hiện xong",
	"programme.dropped":        "Không thực hiện",
	"programme.sent":           "Gửi chương trình công tác tuần",
	"programme.late":           "Quá hạn gửi",
	"programme.urged":          "Đôn đốc gửi chương trình công tác",
	"programme.collected":      "Tổng hợp chương trình công tác tuần",
	"programme.plan_begun":     "Lập kế hoạch",
	"programme.plan_sent":      "Gửi kế hoạch cho các đơn vị",
	"programme.review_begun":   "Mở kỳ sơ kết, tổng kết",
	"programme.reviewed":       "Gửi báo cáo sơ kết, tổng kết",
	"programme.opened":         "Mở chương trình công tác tuần",
	"programme.whole_awaiting": "Chờ tổng hợp chương trình tuần của các đơn vị",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"programme.registered": "Có việc đăng ký vào chương trình công tác, chờ xem xét",
	"programme.decided":    "Việc đăng ký, đề nghị dời trong chương trình công tác đã được xem xét",
	"programme.move_asked": "Có đề nghị dời một việc trong chương trình công tác",
	"programme.moved":      "Một việc trong chương trình công tác đã dời",
	"programme.ended":      "Một việc trong chương trình công tác đã xong hoặc không thực hiện",
	"programme.shared":     "Đơn vị được phối hợp một việc trong chương trình công tác",
	"programme.remind":     "Sắp đến giờ gửi chương trình công tác tuần",
	"programme.late":       "Chương trình công tác tuần chưa gửi, đã quá giờ",
	"programme.urged":      "Văn phòng đôn đốc gửi chương trình công tác",
	"programme.sent":       "Đơn vị đã gửi chương trình công tác tuần",
	"programme.estimate":   "Có việc phát sinh chờ duyệt dự toán",
	"programme.collected":  "Văn phòng đã tổng hợp chương trình công tác tuần",
	"programme.plan_sent":  "Có kế hoạch của đơn vị chủ trì gửi đến",
	"programme.reviewed":   "Có báo cáo sơ kết, tổng kết gửi đến",
}

// prefixes of tracking codes, and bounds of what is typed: of forms, not of any rule.
const (
	itemPrefix = "CT"
	casePrefix = "CTCT"

	longestTitle = 400
	longestText  = 20_000
	longestVenue = 300
	mostParts    = 200 // units in one item
)

var (
	work   = []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk, org.Desk}
	decide = []org.Role{org.Leader, org.Head}

	actRegister = access.Act{Name: "programme.register", Say: "đăng ký việc vào chương trình công tác", By: []access.Grant{
		{Of: access.Lead, Roles: work}, {Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	actWork = access.Act{Name: "programme.work", Say: "cập nhật việc này trong chương trình công tác", By: []access.Grant{
		{Of: access.Lead, Roles: work, Directed: true}, {Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	// of a unit's own programme its leaders decide, of the province's whoever keeps it
	actDecide = access.Act{Name: "programme.decide", Say: "quyết định việc này trong chương trình công tác", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}, {Of: access.Raiser, Roles: decide}}}
	actKeep = access.Act{Name: "programme.keep", Say: "tổng hợp, đôn đốc chương trình công tác của các đơn vị", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Leader}}}}
	actEstimate = access.Act{Name: "programme.estimate", Say: "duyệt dự toán việc phát sinh", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Leader}}}}
	actPlan = access.Act{Name: "programme.plan", Say: "lập kế hoạch của đơn vị này", By: []access.Grant{{Of: access.Lead, Roles: work}}}
)

// An Item is a thing to do beside its case. Lead is Case.Lead, what it is Case.Title.
type Item struct {
	*casefile.Case
	Unit      org.UnitID  // in whose programme it stands
	Plan      casefile.ID // "" none
	Place     Place
	FromHour  string // "08:00"; "" the whole day
	UntilHour string
	Venue     string
	Officer   org.OfficerID
	Number    string // of the document it comes from
	IssuedOn  string
	Arising   bool   // phát sinh
	Estimate  int64  // đồng
	Funding   string // from where it is paid: FundYearly, FundArising; "" it names none
	Approved  int64  // event that approved the estimate; 0 not yet
	ChangedAt time.Time
}

// A Programme is a unit's week, the whole week, a plan or a review beside its case.
type Programme struct {
	*casefile.Case
	Unit    org.UnitID
	What    string // week, whole, plan, review
	Place   Place  // its period
	PaperID signoff.ID
	SentAt  time.Time
}

// The sorts of programmes.
const (
	Week   = "week"
	Whole  = "whole"
	Plan   = "plan"
	Review = "review"
)

const itemColumns = `i.unit, i.plan, i.grain, i.from_on, i.until_on, i.from_hour, i.until_hour, i.venue, i.officer, i.number, i.issued_on,
	i.arising, i.estimate, i.funding, i.estimate_n, i.changed_at`

func (x *Item) dest() []any {
	return []any{&x.Unit, &x.Plan, &x.Place.Grain, &x.Place.From, &x.Place.Until, &x.FromHour, &x.UntilHour, &x.Venue, &x.Officer, &x.Number, &x.IssuedOn,
		&x.Arising, &x.Estimate, &x.Funding, &x.Approved, db.Instant(&x.ChangedAt)}
}

// Get returns an item that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Item, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return itemOf(tx, c)
}

func itemOf(tx *db.Tx, c *casefile.Case) (*Item, error) {
	if c.Kind != ItemKind {
		return nil, fault.NotFound
	}
	x := &Item{Case: c}
	return x, tx.One(`SELECT `+itemColumns+` FROM programme_item i WHERE i.case_id = $1`, []any{string(c.ID)}, x.dest()...)
}

// lock holds an item; seen is the version the person saw, 0 for no check.
func lock(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Item, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return itemOf(tx, c)
}

// GetProgramme returns a week, a plan or a review that the actor may read.
func GetProgramme(tx *db.Tx, who org.Actor, id casefile.ID) (*Programme, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return programmeOf(tx, c)
}

func programmeOf(tx *db.Tx, c *casefile.Case) (*Programme, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	p := &Programme{Case: c}
	err := tx.One(`SELECT unit, what, grain, from_on, until_on, paper_id, sent_at FROM programme WHERE case_id = $1`, []any{string(c.ID)},
		&p.Unit, &p.What, &p.Place.Grain, &p.Place.From, &p.Place.Until, &p.PaperID, db.Instant(&p.SentAt))
	return p, err
}

func lockProgramme(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, what string) (*Programme, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	p, err := programmeOf(tx, c)
	if err == nil && p.What != what {
		return nil, fault.NotFound
	}
	return p, err
}

// saved writes where the item stands now.
func (x *Item) saved(tx *db.Tx) error {
	x.ChangedAt = tx.Now
	_, err := tx.Exec(`UPDATE programme_item SET grain = $1, from_on = $2, until_on = $3, from_hour = $4, until_hour = $5, venue = $6, officer = $7,
		estimate = $8, estimate_n = $9, changed_at = $10 WHERE case_id = $11`,
		x.Place.Grain, x.Place.From, x.Place.Until, x.FromHour, x.UntilHour, x.Venue, string(x.Officer), x.Estimate, x.Approved, tx.Now, string(x.ID))
	return err
}

// typed reads what somebody wrote: without state secrets, no longer than a form takes.
func typed(field, text, empty string, most int) (string, error) {
	text = vntext.NFC(strings.TrimSpace(text))
	switch mark, secret := vntext.SecretMark(text); {
	case empty != "" && vntext.IsBlank(text):
		return "", fault.Field(field, "%s", empty)
	case len([]rune(text)) > most:
		return "", fault.Field(field, "Nội dung dài quá %d chữ.", most)
	case secret:
		return "", fault.Field(field, "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return text, nil
}

// hours reads the hours of a day's item, none or both in order.
func hours(from, until string) (string, string, error) {
	if from == "" && until == "" {
		return "", "", nil
	}
	a, err := workday.ParseClock(from)
	if err != nil {
		return "", "", fault.Field("from_hour", "Giờ bắt đầu chưa đúng, viết như 08:00.")
	}
	if until == "" {
		return a.String(), "", nil
	}
	b, err := workday.ParseClock(until)
	if err != nil || b <= a {
		return "", "", fault.Field("until_hour", "Giờ kết thúc phải sau giờ bắt đầu, viết như 10:30.")
	}
	return a.String(), b.String(), nil
}
