// Package campaign collects the difficulties of communes to a date and answers them in one
// online session (đợt thu thập, giải đáp khó khăn, vướng mắc).
//
//	collecting --begin--> session --end--> answered --close--> closed
//
// An item is a case of its own: entered by its commune or by a working group, it counts
// once the commune has confirmed it. The Office puts alike items into groups, asks the
// departments for explanations, and runs the session by an agenda made of the groups. What
// was answered reaches each commune, which settles its own items. An item is not a petition:
// no limit of petitions runs on it; what stays unsettled may become one (petition).
package campaign

import (
	"cmp"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// CaseKind is the kind of a campaign's case, ItemKind that of an item's.
const (
	CaseKind   = "campaign"
	ItemKind   = "campaign_item"
	prefix     = "DTT"
	itemPrefix = "YK"

	scope = "k:" + CaseKind // the membership of those who run campaigns
)

// The states of a campaign, on its case.
const (
	Collecting = "collecting"
	Session    = "session"
	Answered   = "answered"
	Closed     = "closed"
)

// States are the states of campaigns as screens name them.
var States = map[string]string{Collecting: "Đang thu thập, chuẩn bị", Session: "Đang họp", Answered: "Đã họp, theo dõi tiếp", Closed: "Đã kết thúc"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"campaign.opened":          "Mở đợt thu thập khó khăn, vướng mắc",
	"campaign.moved":           "Đổi hạn thu thập",
	"campaign.member_named":    "Giao người nhập cho tổ công tác",
	"campaign.item_entered":    "Nhập khó khăn, vướng mắc",
	"campaign.item_reported":   "Tổ công tác báo khó khăn, vướng mắc của xã",
	"campaign.item_confirmed":  "Xã xác nhận nội dung",
	"campaign.item_corrected":  "Xã sửa nội dung và xác nhận",
	"campaign.item_refused":    "Xã không nhận nội dung này",
	"campaign.item_grouped":    "Xếp vào nhóm vấn đề",
	"campaign.grouped":         "Lập nhóm vấn đề",
	"campaign.regrouped":       "Sửa nhóm vấn đề",
	"campaign.merged":          "Gộp nội dung vào nhóm vấn đề",
	"campaign.explained":       "Báo cáo giải trình",
	"campaign.asked":           "Yêu cầu báo cáo giải trình",
	"campaign.session_planned": "Định phiên họp trực tuyến",
	"campaign.ordered":         "Sắp lại chương trình phiên họp",
	"campaign.begun":           "Bắt đầu phiên họp",
	"campaign.ended":           "Kết thúc phiên họp",
	"campaign.answered":        "Giải đáp nhóm vấn đề",
	"campaign.answer_changed":  "Sửa, trả lời tiếp nhóm vấn đề",
	"campaign.answer_reached":  "Câu trả lời về đến xã",
	"campaign.item_settled":    "Xã xác nhận đã giải quyết được",
	"campaign.item_unsettled":  "Xã cho biết chưa giải quyết được",
	"campaign.item_raised":     "Chuyển thành kiến nghị",
	"campaign.missed":          "Quá hạn, chưa xong",
	"campaign.closed":          "Kết thúc đợt",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"campaign.opened":         "Có đợt thu thập khó khăn, vướng mắc của cấp xã",
	"campaign.moved":          "Hạn thu thập khó khăn, vướng mắc đã đổi",
	"campaign.to_confirm":     "Có nội dung được nhập thay, chờ xã xác nhận",
	"campaign.refused":        "Xã không nhận nội dung đã nhập thay",
	"campaign.asked":          "Văn phòng yêu cầu báo cáo giải trình trước phiên họp",
	"campaign.explained":      "Sở, ngành đã gửi báo cáo giải trình",
	"campaign.begun":          "Phiên họp giải đáp đã bắt đầu",
	"campaign.answer_reached": "Có câu trả lời cho khó khăn, vướng mắc của xã; xã cho biết đã giải quyết được chưa",
	"campaign.answer_changed": "Sở, ngành sửa câu trả lời một nhóm vấn đề",
	"campaign.unsettled":      "Xã cho biết chưa giải quyết được; cần trả lời tiếp",
	"campaign.missed":         "Việc của đợt thu thập đã quá hạn mà chưa xong",
}

// Lengths in letters, and how many items one act moves: one transaction holds them all.
const (
	longestTitle = 300
	longestText  = 20000
	most         = 200
)

// A Campaign is the row beside its case. Its Raiser is the unit that runs it.
type Campaign struct {
	*casefile.Case
	Number   string
	IssuedOn string
	Until    time.Time // the first instant at which nothing is taken any more
	At       time.Time // when the session begins; zero: not planned
	BegunAt  time.Time
	EndedAt  time.Time
}

// Get returns a campaign that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Campaign, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// of reads the row beside a case; of another kind of case there is none.
func of(tx *db.Tx, c *casefile.Case) (*Campaign, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	x := &Campaign{Case: c}
	err := tx.One(`SELECT number, issued_on, collect_until, session_at, begun_at, ended_at FROM campaign WHERE case_id = $1`, []any{string(c.ID)},
		&x.Number, &x.IssuedOn, db.Instant(&x.Until), db.Instant(&x.At), db.Instant(&x.BegunAt), db.Instant(&x.EndedAt))
	return x, err
}

// lock holds the campaign; seen is the version the person saw, 0 for no check.
func lock(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Campaign, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// run holds a campaign for an act of who runs it.
func run(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Campaign, org.Actor, error) {
	c, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	if who, err = mayMerge(tx, who); err != nil {
		return nil, who, err
	}
	if c.State == Closed {
		return nil, who, fault.Refuse(fault.Conflict, "Đợt này đã kết thúc.")
	}
	return c, who, nil
}

func (c *Campaign) update(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE campaign SET collect_until = $1, session_at = $2, begun_at = $3, ended_at = $4 WHERE case_id = $5`,
		c.Until, orNull(c.At), orNull(c.BegunAt), orNull(c.EndedAt), string(c.ID))
	return err
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// A New is what a campaign begins with.
type New struct {
	Title    string
	Number   string       // of the document that asks for it
	IssuedOn workday.Date // of that document
	Until    time.Time    // the first instant at which nothing is taken any more
	Communes []org.UnitID // empty: every commune
	Text     string       // what is asked, in a few words
}

// Open opens a campaign; the communes that are asked read it and are told.
func Open(tx *db.Tx, who org.Actor, in New) (c *Campaign, err error) {
	defer fault.Wrap(&err, "open campaign")
	if who, err = mayMerge(tx, who); err != nil {
		return nil, err
	}
	if err := in.check(tx); err != nil {
		return nil, err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	k, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Collecting, Scope: scope,
		Rulebook: rb.Hash(), Raiser: who.Post.Unit})
	if err != nil {
		return nil, err
	}
	c = &Campaign{Case: k, Number: in.Number, Until: in.Until}
	if !in.IssuedOn.IsZero() {
		c.IssuedOn = in.IssuedOn.String()
	}
	if _, err := tx.Exec(`INSERT INTO campaign (case_id, number, issued_on, collect_until) VALUES ($1, $2, $3, $4)`, string(c.ID), c.Number, c.IssuedOn, c.Until); err != nil {
		return nil, err
	}
	parties, notes := []casefile.Party{{Unit: c.Raiser, Function: access.Raiser}}, []notice.Note{}
	for _, u := range in.Communes {
		parties = append(parties, casefile.Party{Unit: u, Function: access.Told})
		notes = append(notes, notice.Note{Unit: u, Role: org.Leader, Case: c.ID, Kind: "campaign.opened"})
	}
	if err := casefile.Join(tx, c.ID, parties...); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.opened", By: who, Text: in.Text,
		Facts: map[string]string{"number": c.Number, "issued_on": c.IssuedOn, "until": c.Until.Format(time.RFC3339)}})
	if err != nil {
		return nil, err
	}
	return c, notice.Tell(tx, notes...)
}

// check cleans what was typed and fills in every commune where none is named.
func (in *New) check(tx *db.Tx) (err error) {
	if in.Title, err = oneLine("title", in.Title, "Hãy ghi tên đợt."); err != nil {
		return err
	}
	if in.Text, err = prose("text", in.Text, ""); err != nil {
		return err
	}
	if in.Number = strings.TrimSpace(in.Number); in.Number == "" {
		return fault.Field("number", "Hãy ghi số, ký hiệu văn bản yêu cầu báo cáo.")
	}
	if in.IssuedOn.IsZero() || workday.Of(tx.Now).Before(in.IssuedOn) {
		return fault.Field("issued_on", "Hãy ghi ngày của văn bản, không sau hôm nay.")
	}
	if err := checkUntil(tx, in.Until); err != nil {
		return err
	}
	all, err := org.Units(tx, org.Filter{Level: org.LevelCommune})
	if err != nil {
		return err
	}
	known := map[org.UnitID]bool{}
	for _, u := range all {
		known[u.ID] = true
	}
	if len(in.Communes) == 0 {
		for _, u := range all {
			in.Communes = append(in.Communes, u.ID)
		}
	}
	for _, u := range in.Communes {
		if !known[u] {
			return fault.Field("communes", "Không có xã, phường nào mang mã “%.60s”.", string(u))
		}
	}
	return nil
}

// Move sets another instant until which items are taken, and tells the communes.
func Move(tx *db.Tx, who org.Actor, id casefile.ID, until time.Time, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "move campaign %s", id)
	if c, who, err = run(tx, who, id, seen); err != nil {
		return nil, err
	}
	if c.State != Collecting {
		return nil, fault.Refuse(fault.Conflict, "Phiên họp đã bắt đầu; không thu thập thêm.")
	}
	if err := checkUntil(tx, until); err != nil {
		return nil, err
	}
	if !c.At.IsZero() && until.After(c.At) {
		return nil, fault.Field("until", "Hạn thu thập không được sau giờ họp đã định (%s); hãy định lại giờ họp trước.", clock(c.At))
	}
	was := c.Until
	c.Until = until
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.moved", By: who,
		Facts: map[string]string{"was": was.Format(time.RFC3339), "until": until.Format(time.RFC3339)}})
	if err != nil {
		return nil, err
	}
	communes, err := c.communes(tx)
	if err != nil {
		return nil, err
	}
	var notes []notice.Note
	for _, u := range communes {
		notes = append(notes, notice.Note{Unit: u, Role: org.Leader, Case: c.ID, Kind: "campaign.moved"})
	}
	if err := notice.Tell(tx, notes...); err != nil {
		return nil, err
	}
	return c, c.update(tx)
}

// checkUntil refuses an instant at which nothing could be collected.
func checkUntil(tx *db.Tx, until time.Time) error {
	switch {
	case until.IsZero():
		return fault.Field("until", "Hãy ghi thu thập đến trước giờ nào, ngày nào.")
	case !until.After(tx.Now):
		return fault.Field("until", "Hạn thu thập phải sau lúc này (%s).", clock(tx.Now))
	}
	return wholeMinute("until", until)
}

// communes are the communes that the campaign asks.
func (c *Campaign) communes(tx *db.Tx) (all []org.UnitID, err error) {
	parties, err := casefile.Parties(tx, c.ID)
	for _, p := range parties {
		if p.Function == access.Told && p.Unit != "" {
			all = append(all, p.Unit)
		}
	}
	return all, err
}

// Name lets an officer enter items for a working group (tổ công tác), under its name.
func Name(tx *db.Tx, who org.Actor, id casefile.ID, officer org.OfficerID, team string, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "name member of campaign %s", id)
	if c, who, err = run(tx, who, id, seen); err != nil {
		return nil, err
	}
	if team, err = oneLine("team", team, "Hãy ghi tên tổ công tác."); err != nil {
		return nil, err
	}
	if _, err := org.ActorOf(tx, officer); err != nil {
		return nil, fault.Field("officer", "Không có cán bộ nào mang mã “%.60s”.", string(officer))
	}
	_, err = tx.Exec(`INSERT INTO campaign_member (case_id, officer, team) VALUES ($1, $2, $3)
		ON CONFLICT (case_id, officer) DO UPDATE SET team = excluded.team`, string(c.ID), string(officer), team)
	if err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, c.ID, casefile.Party{Officer: officer, Function: access.Told}); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.member_named", By: who, Audience: org.OfUnit(c.Raiser),
		Facts: map[string]string{"officer": string(officer), "team": team}})
	return c, err
}

// teamOf is the working group for which an officer enters items; "" none.
func teamOf(tx *db.Tx, id casefile.ID, officer org.OfficerID) (team string, err error) {
	// system: about one named officer, asked for himself
	err = tx.One(`SELECT team FROM campaign_member WHERE case_id = $1 AND officer = $2`, []any{string(id), string(officer)}, &team)
	if fault.Kind(err) == fault.NotFound {
		return "", nil
	}
	return team, err
}

// Close ends a campaign: nothing is entered or answered in it any more. What communes
// have not settled stays theirs to settle.
func Close(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (c *Campaign, err error) {
	defer fault.Wrap(&err, "close campaign %s", id)
	if c, who, err = run(tx, who, id, seen); err != nil {
		return nil, err
	}
	if c.State == Session {
		return nil, fault.Refuse(fault.Conflict, "Phiên họp đang diễn ra; kết thúc phiên họp trước.")
	}
	themes, err := Themes(tx, who, c.ID)
	if err != nil {
		return nil, err
	}
	open := 0
	for _, t := range themes {
		if t.Open() {
			open++
		}
	}
	if open > 0 {
		return nil, fault.Refuse(fault.Conflict, "Còn %d nhóm vấn đề chưa xong: cần câu trả lời cuối trước khi kết thúc đợt.", open)
	}
	if err := waiveAll(tx, c.ID, "đợt đã kết thúc"); err != nil {
		return nil, err
	}
	c.State, c.ClosedAt = Closed, tx.Now
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.closed", By: who, Facts: map[string]string{"groups": fmt.Sprint(len(themes))}})
	return c, err
}

func waiveAll(tx *db.Tx, id casefile.ID, why string) error { return duty.WaiveAll(tx, id, why) }

// A Listed is one campaign in a list.
type Listed struct {
	ID       casefile.ID
	Code     string
	Title    string
	State    string
	Number   string
	Until    time.Time
	At       time.Time // as planned
	BegunAt  time.Time // as it was held
	EndedAt  time.Time
	OpenedAt time.Time
}

// List returns the campaigns that the reader may see, the newest first, at most limit,
// and the cursor of the rest.
func List(tx *db.Tx, who org.Actor, cursor string, limit int) (all []Listed, next string, err error) {
	defer fault.Wrap(&err, "list campaigns")
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	after = cmp.Or(after, "~") // behind every id
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.state, x.number, x.collect_until, x.session_at, x.begun_at, x.ended_at, c.opened_at
		FROM campaign x JOIN casefile c ON c.id = x.case_id
		WHERE x.case_id < $1 AND `+access.Visible("c.id", "$2")+`
		ORDER BY x.case_id DESC LIMIT $3`, []any{after, who.Reader(), limit + 1}, func(r *sql.Rows) error {
		var l Listed
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.State, &l.Number, db.Instant(&l.Until), db.Instant(&l.At), db.Instant(&l.BegunAt), db.Instant(&l.EndedAt), db.Instant(&l.OpenedAt))
		all = append(all, l)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// oneLine cleans a title; empty is refused with the sentence, unless that is "".
func oneLine(field, s, empty string) (string, error) {
	s = strings.Join(strings.Fields(vntext.NFC(s)), " ")
	switch mark, secret := vntext.SecretMark(s); {
	case s == "" && empty != "":
		return "", fault.Field(field, "%s", empty)
	case len([]rune(s)) > longestTitle:
		return "", fault.Field(field, "Dài quá %d chữ.", longestTitle)
	case secret:
		return "", fault.Field(field, "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return s, nil
}

// prose cleans a longer text, as oneLine does.
func prose(field, s, empty string) (string, error) {
	s = vntext.NFC(strings.TrimSpace(s))
	switch mark, secret := vntext.SecretMark(s); {
	case vntext.IsBlank(s) && empty != "":
		return "", fault.Field(field, "%s", empty)
	case len([]rune(s)) > longestText:
		return "", fault.Field(field, "Dài quá %d chữ; hãy rút gọn.", longestText)
	case secret:
		return "", fault.Field(field, "Nội dung có dấu độ mật “%s”. Tài liệu bí mật nhà nước không được đưa lên hệ thống này; hãy gửi theo đường văn bản mật.", mark)
	}
	return s, nil
}
