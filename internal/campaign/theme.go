package campaign

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/like"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
)

// A Theme is a group of items in its place on the agenda (nhóm vấn đề).
type Theme struct {
	N       int64
	Title   string
	Lead    org.UnitID // who answers
	Place   int64      // on the agenda, from 1
	Items   int64
	Answers []Given // oldest first; the last one holds
}

// Holds is the answer that holds; ok is false before any.
func (t *Theme) Holds() (a Given, ok bool) {
	if len(t.Answers) == 0 {
		return a, false
	}
	return t.Answers[len(t.Answers)-1], true
}

// Open says whether the group still waits for something: an answer, or a next report.
func (t *Theme) Open() bool {
	a, ok := t.Holds()
	return !ok || a.Open()
}

// A Given is one answer to a group.
type Given struct {
	N          int64
	EventN     int64 // its text, in the campaign's history
	Text       string
	Unit       org.UnitID
	Speaker    string
	Outcome    petition.Outcome
	Number     string
	NextOn     string // the day of the next report
	InSession  bool
	AnsweredAt time.Time
}

// Open says whether the answer leaves the matter open.
func (a Given) Open() bool {
	return a.Outcome == petition.InProgress || a.Outcome == petition.ReferredUp
}

// Themes returns the groups of a campaign in the order of the agenda with all their
// answers: to who runs it all of them, to a department its own, to a commune those in
// which it has items. Only the first two read the texts of answers here; what reached a
// commune stands on its own items.
func Themes(tx *db.Tx, who org.Actor, id casefile.ID) (all []*Theme, err error) {
	defer fault.Wrap(&err, "themes of campaign %s", id)
	c, err := Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	args := []any{string(id)}
	and := "TRUE"
	full := who.System != "" || who.In(c.Raiser)
	if !full {
		and = `EXISTS (SELECT 1 FROM campaign_item i WHERE i.campaign = t.case_id AND i.theme = t.n AND ` + access.Visible("i.case_id", "$2") + `)`
		args = append(args, who.Reader())
	}
	// system: the campaign is read; whoever does not run it sees the groups of items he may read
	err = tx.All(`SELECT t.n, t.title, t.lead, t.place, (SELECT count(*) FROM campaign_item i WHERE i.campaign = t.case_id AND i.theme = t.n)
		FROM campaign_theme t WHERE t.case_id = $1 AND `+and+` ORDER BY t.place, t.n LIMIT 1000`, args, func(r *sql.Rows) error {
		t := new(Theme)
		all = append(all, t)
		return r.Scan(&t.N, &t.Title, &t.Lead, &t.Place, &t.Items)
	})
	if err != nil {
		return nil, err
	}
	return all, answersOf(tx, id, all, func(unit org.UnitID) bool { return full || who.In(unit) })
}

// answersOf adds the answers of groups that the caller may see, with the texts of those
// whose unit reads says.
func answersOf(tx *db.Tx, id casefile.ID, all []*Theme, reads func(org.UnitID) bool) error {
	byN := map[int64]*Theme{}
	for _, t := range all {
		byN[t.N] = t
	}
	// system: kept for the groups that the caller found visible
	return tx.All(`
		SELECT a.theme, a.n, a.event_n, a.unit, a.speaker, a.outcome, a.number, a.next_on, a.in_session, a.answered_at, e.text
		FROM campaign_answer a JOIN event e ON e.case_id = a.case_id AND e.n = a.event_n
		WHERE a.case_id = $1 ORDER BY a.theme, a.n`, []any{string(id)}, func(r *sql.Rows) error {
		var theme int64
		var a Given
		var text casefile.StoredText
		if err := r.Scan(&theme, &a.N, &a.EventN, &a.Unit, &a.Speaker, &a.Outcome, &a.Number, &a.NextOn, &a.InSession, db.Instant(&a.AnsweredAt), &text); err != nil {
			return err
		}
		if t := byN[theme]; t != nil {
			if reads(t.Lead) {
				a.Text = string(text)
			}
			t.Answers = append(t.Answers, a)
		}
		return nil
	})
}

// theme reads one group of a campaign that is held.
func (c *Campaign) theme(tx *db.Tx, n int64) (*Theme, error) {
	t := &Theme{N: n}
	// system: the campaign is held
	err := tx.One(`SELECT title, lead, place FROM campaign_theme WHERE case_id = $1 AND n = $2`, []any{string(c.ID), n}, &t.Title, &t.Lead, &t.Place)
	if fault.Kind(err) == fault.NotFound {
		return nil, fault.Field("theme", "Không có nhóm vấn đề nào mang số %d.", n)
	}
	if err != nil {
		return nil, err
	}
	return t, answersOf(tx, c.ID, []*Theme{t}, func(org.UnitID) bool { return true })
}

// A Grouping is what a group is made of.
type Grouping struct {
	Title   string
	Lead    org.UnitID
	Items   []casefile.ID
	Version int64
}

// Group puts confirmed items into a new group, last on the agenda, for one department.
func Group(tx *db.Tx, who org.Actor, id casefile.ID, in Grouping) (n int64, err error) {
	defer fault.Wrap(&err, "group items of campaign %s", id)
	c, who, err := run(tx, who, id, in.Version)
	if err != nil {
		return 0, err
	}
	if c.State != Collecting && c.State != Session {
		return 0, fault.Refuse(fault.Conflict, "Phiên họp đã kết thúc; không lập thêm nhóm.")
	}
	if in.Title, err = oneLine("title", in.Title, "Hãy ghi tên nhóm: vấn đề chung là gì."); err != nil {
		return 0, err
	}
	if len(in.Items) == 0 {
		return 0, fault.Field("items", "Hãy chọn ít nhất một nội dung.")
	}
	if _, err := c.answering(tx, in.Lead); err != nil {
		return 0, err
	}
	// system: the campaign is held
	if err := tx.One(`SELECT coalesce(max(n), 0) + 1 FROM campaign_theme WHERE case_id = $1`, []any{string(id)}, &n); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`INSERT INTO campaign_theme (case_id, n, title, lead, place) VALUES ($1, $2, $3, $4, $2)`, string(id), n, in.Title, string(in.Lead)); err != nil {
		return 0, err
	}
	if err := casefile.Join(tx, id, casefile.Party{Unit: in.Lead, Function: access.Coordinating}); err != nil {
		return 0, err
	}
	if err := c.put(tx, who, &Theme{N: n, Title: in.Title, Lead: in.Lead}, in.Items); err != nil {
		return 0, err
	}
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.grouped", By: who, Audience: audience(c.Raiser, in.Lead),
		Facts: map[string]string{"group": itoa(n), "title": in.Title, "lead": string(in.Lead), "items": strconv.Itoa(len(in.Items))}})
	if err != nil || c.State != Session {
		return n, err
	}
	return n, c.armAnswer(tx, &Theme{N: n, Lead: in.Lead})
}

// answering returns the rule under which a unit answers at the session; a unit that no
// rule binds is refused.
func (c *Campaign) answering(tx *db.Tx, unit org.UnitID) (rule regulation.Applied, err error) {
	rb, err := regulation.ByHash(tx, c.Rulebook)
	if err != nil {
		return rule, err
	}
	if _, err := org.UnitOf(tx, unit); fault.Kind(err) == fault.NotFound {
		return rule, fault.Field("lead", "Hãy chọn cơ quan trả lời nhóm này.")
	} else if err != nil {
		return rule, err
	}
	rule, err = rb.Apply(tx, MustAnswer, unit, "")
	if fault.Kind(err) == fault.NotFound {
		return rule, fault.Field("lead", "Quy chế đang áp dụng không giao cơ quan này giải đáp tại phiên họp.")
	}
	return rule, err
}

// Put moves confirmed items into a group of the campaign; 0 takes them out of theirs.
func Put(tx *db.Tx, who org.Actor, id casefile.ID, theme int64, items []casefile.ID, seen int64) (err error) {
	defer fault.Wrap(&err, "put items of campaign %s", id)
	c, who, err := run(tx, who, id, seen)
	if err != nil {
		return err
	}
	t := &Theme{}
	if theme != 0 {
		if t, err = c.theme(tx, theme); err != nil {
			return err
		}
	}
	if err := c.put(tx, who, t, items); err != nil {
		return err
	}
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.merged", By: who, Audience: org.OfUnit(c.Raiser),
		Facts: map[string]string{"group": itoa(theme), "items": strconv.Itoa(len(items))}})
	return err
}

// put holds items in the order of their ids and moves them. An item stands in one group;
// one that was answered with a group stays there.
func (c *Campaign) put(tx *db.Tx, who org.Actor, t *Theme, items []casefile.ID) error {
	if len(items) > most {
		return fault.Field("items", "Mỗi lần xếp tối đa %d nội dung.", most)
	}
	if len(t.Answers) > 0 {
		return fault.Refuse(fault.Conflict, "Nhóm “%s” đã được giải đáp; nội dung đến sau thì lập nhóm mới.", t.Title)
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(items))) {
		i, err := lockItem(tx, who, id, 0)
		if fault.Kind(err) == fault.NotFound || (err == nil && i.Campaign != c.ID) {
			return fault.Field("items", "Không có nội dung nào của đợt này mang mã “%.60s”.", string(id))
		}
		if err != nil {
			return err
		}
		if err := i.fits(tx, c, t); err != nil {
			return err
		}
		if err := i.move(tx, who, t); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses an item that its commune has not confirmed, or that stands in a group: the
// refusal names both groups.
func (i *Item) fits(tx *db.Tx, c *Campaign, t *Theme) error {
	if i.State != Confirmed {
		return fault.Refuse(fault.Conflict, "Nội dung %s: %s; chỉ nội dung xã đã xác nhận mới xếp nhóm.", i.Code, strings.ToLower(ItemStates[i.State]))
	}
	if i.Theme == 0 || t.N == 0 {
		return nil
	}
	old, err := c.theme(tx, i.Theme)
	if err != nil {
		return err
	}
	if i.Theme == t.N {
		return fault.Refuse(fault.Conflict, "Nội dung %s đã ở trong nhóm này.", i.Code)
	}
	return fault.Refuse(fault.Conflict, "Nội dung %s đã ở nhóm “%s”, nên chưa xếp vào nhóm “%s” được; cho ra khỏi nhóm kia trước.", i.Code, old.Title, t.Title)
}

// move changes who leads the item, and so who reads it.
func (i *Item) move(tx *db.Tx, who org.Actor, t *Theme) error {
	if i.Lead != t.Lead {
		if i.Lead != "" {
			if err := casefile.Leave(tx, i.ID, casefile.Party{Unit: i.Lead, Function: access.Lead}); err != nil {
				return err
			}
		}
		if t.Lead != "" {
			if err := casefile.Join(tx, i.ID, casefile.Party{Unit: t.Lead, Function: access.Lead}); err != nil {
				return err
			}
		}
	}
	i.Theme, i.Lead = t.N, t.Lead
	if _, err := tx.Exec(`UPDATE campaign_item SET theme = $1 WHERE case_id = $2`, i.Theme, string(i.ID)); err != nil {
		return err
	}
	_, err := casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_grouped", By: who, Facts: map[string]string{"group": t.Title, "lead": string(t.Lead)}})
	return err
}

// Order sets the order of the groups on the agenda: their numbers, all of them, once each.
func Order(tx *db.Tx, who org.Actor, id casefile.ID, order []int64, seen int64) (err error) {
	defer fault.Wrap(&err, "order agenda of campaign %s", id)
	c, who, err := run(tx, who, id, seen)
	if err != nil {
		return err
	}
	all, err := Themes(tx, org.System("campaign"), id)
	if err != nil {
		return err
	}
	if len(all) != len(order) {
		return fault.Field("order", "Chương trình phải có đủ %d nhóm, mỗi nhóm một lần.", len(all))
	}
	for place, n := range order {
		if slices.Index(order, n) != place || !slices.ContainsFunc(all, func(t *Theme) bool { return t.N == n }) {
			return fault.Field("order", "Chương trình phải có đủ %d nhóm, mỗi nhóm một lần.", len(all))
		}
		if _, err := tx.Exec(`UPDATE campaign_theme SET place = $1 WHERE case_id = $2 AND n = $3`, place+1, string(id), n); err != nil {
			return err
		}
	}
	_, err = casefile.Record(tx, c.Case, casefile.Event{Kind: "campaign.ordered", By: who, Audience: org.OfUnit(c.Raiser),
		Facts: map[string]string{"order": strings.Trim(fmt.Sprint(order), "[]")}})
	return err
}

// A Suggestion is items that read alike and stand in no group yet.
type Suggestion struct {
	Title string // of the item that is most alike to the others
	Items []Item
}

// Suggest proposes groups of the confirmed items that stand in none, the largest first;
// a single item is no group. Nothing is decided by it.
func Suggest(tx *db.Tx, who org.Actor, id casefile.ID) (all []Suggestion, err error) {
	defer fault.Wrap(&err, "suggest groups of campaign %s", id)
	var items []Item
	for cursor := ""; ; {
		some, next, err := Items(tx, who, id, Filter{State: Confirmed, Theme: -1}, cursor, 1000)
		if err != nil {
			return nil, err
		}
		if items = append(items, some...); next == "" {
			break
		}
		cursor = next
	}
	texts := make([]like.Item, len(items))
	for n, i := range items {
		texts[n] = like.Item{Field: i.Field, Text: i.Title + "\n" + i.Text}
	}
	for _, of := range like.Cluster(texts, like.Together) {
		s := Suggestion{Title: items[of[0]].Title}
		for _, n := range of {
			s.Items = append(s.Items, items[n])
		}
		all = append(all, s)
	}
	return all, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
