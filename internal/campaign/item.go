package campaign

import (
	"database/sql"
	"slices"
	"strconv"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// The states of an item, on its case.
const (
	Entered   = "entered"   // waits for its commune's word; does not count yet
	Confirmed = "confirmed" // counts
	Refused   = "refused"   // the commune says it is not its own
	Told      = "told"      // an answer reached it
	Settled   = "settled"
	Unsettled = "unsettled"
)

// ItemStates are the states of items as screens name them.
var ItemStates = map[string]string{Entered: "Chờ xã xác nhận", Confirmed: "Xã đã xác nhận", Refused: "Xã không nhận",
	Told: "Đã trả lời, chờ xã cho biết", Settled: "Đã giải quyết", Unsettled: "Chưa giải quyết được"}

// An Item is one difficulty of one commune in a campaign.
type Item struct {
	*casefile.Case
	Campaign casefile.ID
	Commune  org.UnitID
	By       org.OfficerID
	Team     string // the working group that entered it; "" the commune itself
	Text     string
	Theme    int64 // the group it stands in; 0 none
	Round    int64 // how many answers reached it
	Petition casefile.ID
}

// GetItem returns an item that the actor may read.
func GetItem(tx *db.Tx, who org.Actor, id casefile.ID) (*Item, error) {
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
	i := &Item{Case: c}
	err := tx.One(`SELECT campaign, commune, by, team, content, theme, round, petition FROM campaign_item WHERE case_id = $1`, []any{string(c.ID)},
		&i.Campaign, &i.Commune, &i.By, &i.Team, &i.Text, &i.Theme, &i.Round, &i.Petition)
	return i, err
}

// lockItem holds an item; seen is the version the person saw, 0 for no check.
func lockItem(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Item, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return itemOf(tx, c)
}

// An Entry is what is entered for a commune.
type Entry struct {
	Commune org.UnitID // the actor's own when empty
	Title   string
	Text    string
	Field   string // of the catalogue, or empty
}

func (in *Entry) check() (err error) {
	if in.Title, err = oneLine("title", in.Title, "Hãy ghi một câu: vướng mắc gì."); err != nil {
		return err
	}
	in.Text, err = prose("text", in.Text, "Hãy ghi nội dung khó khăn, vướng mắc.")
	return err
}

// Enter enters an item while the campaign collects: an officer of the commune, or a member
// of a working group for any commune that is asked. What a leader of the commune enters
// counts at once; all else waits for its confirmation.
func Enter(tx *db.Tx, who org.Actor, id casefile.ID, in Entry) (i *Item, err error) {
	defer fault.Wrap(&err, "enter item in campaign %s", id)
	c, err := Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	if c.State != Collecting || !tx.Now.Before(c.Until) {
		return nil, fault.Refuse(fault.Conflict, "Đã hết hạn thu thập (%s).", clock(c.Until))
	}
	team, err := c.entrant(tx, &who, &in)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	k, err := casefile.Open(tx, casefile.New{Kind: ItemKind, Prefix: itemPrefix, Title: in.Title, State: Entered, Scope: scope,
		Rulebook: c.Rulebook, Field: in.Field, Raiser: in.Commune})
	if err != nil {
		return nil, err
	}
	i = &Item{Case: k, Campaign: c.ID, Commune: in.Commune, By: who.Officer, Team: team, Text: in.Text}
	_, err = tx.Exec(`INSERT INTO campaign_item (case_id, campaign, commune, by, team, content) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(i.ID), string(c.ID), string(i.Commune), string(i.By), i.Team, i.Text)
	if err != nil {
		return nil, err
	}
	parties := []casefile.Party{{Unit: i.Commune, Function: access.Raiser}}
	if team != "" {
		parties = append(parties, casefile.Party{Officer: who.Officer, Function: access.Told})
	}
	if err := casefile.Join(tx, i.ID, parties...); err != nil {
		return nil, err
	}
	return i, i.entered(tx, c, who)
}

// entrant finds for whom the actor enters: the working group's name, "" for his own
// commune.
func (c *Campaign) entrant(tx *db.Tx, who *org.Actor, in *Entry) (team string, err error) {
	asked, err := c.communes(tx)
	if err != nil {
		return "", err
	}
	if in.Commune == "" {
		for _, p := range who.Posts {
			if slices.Contains(asked, p.Unit) {
				in.Commune = p.Unit
			}
		}
	}
	if !slices.Contains(asked, in.Commune) {
		return "", fault.Field("commune", "Hãy chọn một xã, phường mà đợt này lấy ý kiến.")
	}
	if !who.In(in.Commune) {
		if team, err = teamOf(tx, c.ID, who.Officer); err != nil || team != "" {
			return team, err
		}
	}
	*who, err = access.Pick(*who, actEnter, facts(access.Raiser, in.Commune))
	return "", err
}

// entered records the entry: a leader's own counts at once, of anything else the commune
// owes its word before the collection ends.
func (i *Item) entered(tx *db.Tx, c *Campaign, who org.Actor) error {
	e := casefile.Event{Kind: "campaign.item_entered", By: who, Text: i.Text, Facts: map[string]string{"title": i.Title, "team": i.Team}}
	if i.Team == "" {
		if _, err := casefile.Record(tx, i.Case, e); err != nil {
			return err
		}
		if access.May(who, actConfirm, facts(access.Raiser, i.Commune)) == nil {
			i.State = Confirmed
			return nil
		}
	} else {
		e.Kind = "campaign.item_reported"
		if err := i.reported(tx, e); err != nil {
			return err
		}
	}
	_, err := duty.Arm(tx, duty.New{Key: i.confirmKey(), Counterpart: c.Raiser, Field: i.Field,
		Limits: []duty.Limit{{Basis: "hạn thu thập theo " + c.document(), Text: instant(c.Until)}}})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: i.Commune, Role: org.Leader, Case: i.ID, Kind: "campaign.to_confirm"})
}

// reported records what a working group brings: the act that PT1537/P2 speaks of.
func (i *Item) reported(tx *db.Tx, e casefile.Event) error {
	_, err := casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_reported", By: e.By, Text: e.Text, Facts: e.Facts}, "PT1537/P2")
	return err
}

func (i *Item) confirmKey() duty.Key {
	return duty.Key{Case: i.ID, Rule: MustConfirm, Owner: i.Commune, Round: 1}
}

// A Word is what a commune says of an item that was entered for it.
type Word struct {
	Accept  bool
	Title   string // corrected; "" as it was entered
	Text    string
	Reason  string // why it is not its own
	Version int64
}

// Confirm is the commune's word on an item: it confirms, corrects and confirms, or refuses
// it with a reason. What was entered stays in the history.
func Confirm(tx *db.Tx, who org.Actor, id casefile.ID, in Word) (i *Item, err error) {
	defer fault.Wrap(&err, "confirm item %s", id)
	if i, err = lockItem(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actConfirm, facts(access.Raiser, i.Commune)); err != nil {
		return nil, err
	}
	if i.State != Entered {
		return nil, fault.Refuse(fault.Conflict, "Nội dung này không còn chờ xã xác nhận (%s).", ItemStates[i.State])
	}
	c, err := Get(tx, org.System("campaign"), i.Campaign)
	if err != nil {
		return nil, err
	}
	if c.State != Collecting {
		return nil, fault.Refuse(fault.Conflict, "Phiên họp đã bắt đầu; nội dung chưa xác nhận không được đưa vào đợt này.")
	}
	if in.Accept {
		err = i.accept(tx, who, in)
	} else {
		err = i.refuse(tx, who, in)
	}
	if err != nil {
		return nil, err
	}
	_, err = duty.Meet(tx, i.confirmKey())
	return i, err
}

// accept confirms an item. A correction is an event of its own with the new text: what was
// entered before stays readable.
func (i *Item) accept(tx *db.Tx, who org.Actor, in Word) error {
	was := Entry{Title: i.Title, Text: i.Text}
	now := was
	if in.Title != "" {
		now.Title = in.Title
	}
	if in.Text != "" {
		now.Text = in.Text
	}
	if err := now.check(); err != nil {
		return err
	}
	i.State = Confirmed
	if now == was {
		_, err := casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_confirmed", By: who})
		return err
	}
	i.Title, i.Text = now.Title, now.Text
	if _, err := tx.Exec(`UPDATE campaign_item SET content = $1 WHERE case_id = $2`, i.Text, string(i.ID)); err != nil {
		return err
	}
	_, err := casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_corrected", By: who, Text: now.Title + "\n\n" + now.Text})
	return err
}

// refuse ends an item that the commune does not own, and tells who entered it.
func (i *Item) refuse(tx *db.Tx, who org.Actor, in Word) (err error) {
	if in.Reason, err = prose("reason", in.Reason, "Hãy nêu vì sao nội dung này không phải của xã."); err != nil {
		return err
	}
	i.State, i.ClosedAt = Refused, tx.Now
	if _, err := casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_refused", By: who, Text: in.Reason}); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Officer: i.By, Case: i.ID, Kind: "campaign.refused"})
}

// A Verdict is what a commune says of the answer that reached its item.
type Verdict struct {
	Settled bool
	Comment string // required when it does not settle the matter
	Version int64
}

// Settle records the commune's word on the answer. Nothing said is never taken for
// settled.
func Settle(tx *db.Tx, who org.Actor, id casefile.ID, in Verdict) (i *Item, err error) {
	defer fault.Wrap(&err, "settle item %s", id)
	if i, err = lockItem(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actSettle, facts(access.Raiser, i.Commune)); err != nil {
		return nil, err
	}
	if i.State != Told {
		return nil, fault.Refuse(fault.Conflict, "Nội dung này không có câu trả lời đang chờ xã cho biết.")
	}
	empty := "Hãy nêu còn vướng ở đâu."
	if in.Settled {
		empty = ""
	}
	if in.Comment, err = prose("comment", in.Comment, empty); err != nil {
		return nil, err
	}
	kind, word := "campaign.item_settled", "yes"
	i.State, i.ClosedAt = Settled, tx.Now
	if !in.Settled {
		kind, word = "campaign.item_unsettled", "no"
		i.State = Unsettled
	}
	if _, err := casefile.Record(tx, i.Case, casefile.Event{Kind: kind, By: who, Text: in.Comment, Facts: map[string]string{"round": strconv.FormatInt(i.Round, 10)}}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE campaign_item SET settled = $1 WHERE case_id = $2`, word, string(i.ID)); err != nil {
		return nil, err
	}
	if !in.Settled {
		if err := notice.Tell(tx, notice.Note{Unit: i.Lead, Role: org.Leader, Case: i.ID, Kind: "campaign.unsettled"}); err != nil {
			return nil, err
		}
	}
	_, err = duty.Meet(tx, duty.Key{Case: i.ID, Rule: MustSettle, Owner: i.Commune, Round: i.Round})
	return i, err
}

// Raise turns an item that the session did not settle into a petition of its commune,
// under the rules and limits of petitions. Where the actor releases in one act it goes at
// once; else its paper is drafted.
func Raise(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, field, tried string, seen int64) (p *petition.Petition, x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "raise item %s", id)
	i, err := lockItem(tx, who, id, seen)
	if err != nil {
		return nil, nil, err
	}
	if who, err = access.Pick(who, actEnter, facts(access.Raiser, i.Commune)); err != nil {
		return nil, nil, err
	}
	if i.Petition != "" || i.State != Unsettled {
		return nil, nil, fault.Refuse(fault.Conflict, "Chỉ nội dung xã cho biết chưa giải quyết được mới chuyển thành kiến nghị, một lần.")
	}
	in := petition.Raise{Unit: i.Commune, Title: i.Title, Field: field, Text: i.Text + "\n\n(Nội dung " + i.Code + " của đợt thu thập, đã được trả lời tại phiên họp mà chưa giải quyết được.)", Tried: &tried}
	once, err := signoff.AtOnce(tx, who, i.Commune, petition.PaperRaise, field)
	if err != nil {
		return nil, nil, err
	}
	if once {
		p, err = petition.RaiseNow(tx, who, in)
	} else {
		p, x, err = petition.DraftRaise(tx, desk, who, in)
	}
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.Exec(`UPDATE campaign_item SET petition = $1 WHERE case_id = $2`, string(p.ID), string(i.ID)); err != nil {
		return nil, nil, err
	}
	_, err = casefile.Record(tx, i.Case, casefile.Event{Kind: "campaign.item_raised", By: who, Audience: audience(i.Commune), Facts: map[string]string{"petition": p.Code}})
	return p, x, err
}

// A Filter narrows the items of a campaign; its zero value takes all that are visible.
type Filter struct {
	State   string
	Commune org.UnitID
	Theme   int64 // -1: those in no group
}

// Items returns the items of a campaign that the reader may see, in the order they came,
// behind a cursor, at most limit; and the cursor of the rest.
func Items(tx *db.Tx, who org.Actor, id casefile.ID, f Filter, cursor string, limit int) (all []Item, next string, err error) {
	defer fault.Wrap(&err, "items of campaign %s", id)
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	theme := f.Theme
	if theme < 0 {
		theme = 0
	}
	args := []any{string(id), after, f.State, string(f.Commune), f.Theme != 0, theme, limit + 1}
	and := "TRUE"
	if who.System == "" {
		and = access.Visible("c.id", "$8")
		args = append(args, who.Reader())
	}
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.state, c.field, c.lead, c.version, c.opened_at, i.commune, i.by, i.team, i.content, i.theme, i.round, i.petition
		FROM campaign_item i JOIN casefile c ON c.id = i.case_id
		WHERE i.campaign = $1 AND i.case_id > $2 AND ($3 = '' OR c.state = $3) AND ($4 = '' OR i.commune = $4)
			AND (NOT $5 OR i.theme = $6) AND `+and+`
		ORDER BY i.case_id LIMIT $7`, args, func(r *sql.Rows) error {
		i := Item{Case: &casefile.Case{Kind: ItemKind}, Campaign: id}
		err := r.Scan(&i.ID, &i.Code, &i.Title, &i.State, &i.Field, &i.Lead, &i.Version, db.Instant(&i.OpenedAt), &i.Commune, &i.By, &i.Team, &i.Text, &i.Theme, &i.Round, &i.Petition)
		i.Raiser = i.Commune
		all = append(all, i)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// MayEnter says whether the actor could enter an item now.
func MayEnter(tx *db.Tx, who org.Actor, c *Campaign) (bool, error) {
	if c.State != Collecting || !tx.Now.Before(c.Until) {
		return false, nil
	}
	team, err := teamOf(tx, c.ID, who.Officer)
	if err != nil || team != "" {
		return team != "", err
	}
	asked, err := c.communes(tx)
	for _, u := range asked {
		if access.May(who, actEnter, facts(access.Raiser, u)) == nil {
			return true, err
		}
	}
	return false, err
}

// Asked are the communes for which the actor could enter an item: his own, or all that the
// campaign asks where he enters for a working group.
func Asked(tx *db.Tx, who org.Actor, c *Campaign) (all []org.UnitID, err error) {
	asked, err := c.communes(tx)
	if err != nil {
		return nil, err
	}
	team, err := teamOf(tx, c.ID, who.Officer)
	if err != nil || team != "" {
		return asked, err
	}
	return slices.DeleteFunc(asked, func(u org.UnitID) bool { return access.May(who, actEnter, facts(access.Raiser, u)) != nil }), nil
}

// MayConfirm says whether the actor may confirm, correct or refuse the item.
func MayConfirm(who org.Actor, i *Item) bool {
	return i.State == Entered && access.May(who, actConfirm, facts(access.Raiser, i.Commune)) == nil
}

// MaySettle says whether the actor may say what became of the item.
func MaySettle(who org.Actor, i *Item) bool {
	return i.State == Told && access.May(who, actSettle, facts(access.Raiser, i.Commune)) == nil
}

// MayRaise says whether the actor may turn the item into a petition.
func MayRaise(who org.Actor, i *Item) bool {
	return i.State == Unsettled && i.Petition == "" && access.May(who, actEnter, facts(access.Raiser, i.Commune)) == nil
}
