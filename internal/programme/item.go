package programme

import (
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// A Part is what one unit does in an item; its Task may be empty.
type Part struct {
	Unit org.UnitID
	Task string
}

// New is what an item is registered with.
type New struct {
	Unit      org.UnitID  // in whose programme; "" the lead's own
	Lead      org.UnitID  // "" the unit of the actor's post
	Plan      casefile.ID // the plan it is a part of; "" none
	Title     string
	Text      string // more about it
	Place     string // as ParsePlace reads it
	FromHour  string
	UntilHour string
	Venue     string
	Officer   org.OfficerID // of the lead, who attends or is in charge
	Number    string        // of the document it comes from
	IssuedOn  string        // its day, as people type it
	Arising   bool
	Estimate  int64  // đồng
	Funding   string // from where it is paid: FundYearly, FundArising; "" it costs nothing
	Task      string // what the lead itself does
	With      []Part // coordinating units
}

// Register puts an item into a programme: into the lead's own at once, into the province's
// when who keeps it registers; what a unit registers there waits to be accepted. What arises
// (phát sinh) waits for its estimate where a rule wants one.
func Register(tx *db.Tx, who org.Actor, in New) (x *Item, err error) {
	defer fault.Wrap(&err, "register in programme")
	h, err := keeping(tx)
	if err != nil {
		return nil, err
	}
	if who, err = in.check(tx, who, h); err != nil {
		return nil, err
	}
	x, err = in.item()
	if err != nil {
		return nil, err
	}
	f := h.facts(x)
	f.Units[access.Overseer] = append(f.Units[access.Overseer], keeperOf(h, x)...)
	if who, err = access.Pick(who, actRegister, f); err != nil {
		return nil, err
	}
	at, asks := Planned, x.Unit == h.of && h.of != "" && !who.In(h.keeper)
	if asks {
		at = Registered
	}
	if err := x.open(tx, who, in, at); err != nil {
		return nil, err
	}
	if asks {
		return x, notice.Tell(tx, notice.Note{Unit: h.keeper, Role: org.Desk, Case: x.ID, Kind: "programme.registered"})
	}
	return x, x.share(tx, in.With)
}

// keeperOf is who may register for others: the keeper, in the province's programme alone.
func keeperOf(h house, x *Item) []org.UnitID {
	if h.of != "" && x.Unit == h.of {
		return []org.UnitID{h.keeper}
	}
	return nil
}

// check fills in what the form left open and refuses units that do not stand.
func (in *New) check(tx *db.Tx, who org.Actor, h house) (org.Actor, error) {
	if in.Lead == "" {
		in.Lead = who.Post.Unit
		if in.Lead == "" && len(who.Posts) > 0 {
			in.Lead = who.Posts[0].Unit
		}
	}
	if in.Unit == "" {
		in.Unit = in.Lead
	}
	if in.Unit != in.Lead && in.Unit != h.of {
		return who, fault.Field("unit", "Chỉ đăng ký vào chương trình của chính đơn vị hoặc của tỉnh.")
	}
	if len(in.With) > mostParts {
		return who, fault.Field("with", "Mỗi việc tối đa %d đơn vị phối hợp.", mostParts)
	}
	seen := map[org.UnitID]bool{in.Lead: true}
	for _, u := range append([]Part{{Unit: in.Lead}}, in.With...) {
		if u.Unit != in.Lead && seen[u.Unit] {
			return who, fault.Field("with", "Đơn vị phối hợp ghi hai lần, hoặc trùng đơn vị chủ trì.")
		}
		seen[u.Unit] = true
		unit, err := org.UnitOf(tx, u.Unit)
		if err != nil || !unit.Stands(workday.Of(tx.Now)) || !unit.Agency() {
			return who, fault.Field("with", "Không có cơ quan, đơn vị nào đang hoạt động mang mã “%.60s”.", string(u.Unit))
		}
	}
	if in.Officer != "" {
		if a, err := org.ActorOf(tx, in.Officer); err != nil || !a.In(in.Lead) {
			return who, fault.Field("officer", "Người phụ trách phải là cán bộ của đơn vị chủ trì.")
		}
	}
	if err := in.funded(tx); err != nil {
		return who, err
	}
	return who, in.planned(tx, who)
}

// planned refuses a plan that another unit makes, or that was sent.
func (in *New) planned(tx *db.Tx, who org.Actor) error {
	if in.Plan == "" {
		return nil
	}
	p, err := lockProgramme(tx, who, in.Plan, 0, Plan)
	if err != nil {
		return err
	}
	if p.State != Open {
		return fault.Refuse(fault.Conflict, "Kế hoạch đã gửi; việc bổ sung thì lập kế hoạch mới.")
	}
	if !who.In(p.Lead) || in.Unit == in.Lead && in.Lead != p.Lead {
		return fault.Field("plan", "Chỉ đơn vị lập kế hoạch mới thêm việc vào kế hoạch.")
	}
	return nil
}

// item reads what was typed.
func (in *New) item() (x *Item, err error) {
	x = &Item{Case: &casefile.Case{Lead: in.Lead}, Unit: in.Unit, Plan: in.Plan, Officer: in.Officer, Arising: in.Arising, Estimate: in.Estimate, Funding: in.Funding}
	if in.Title, err = typed("title", strings.Join(strings.Fields(in.Title), " "), "Hãy ghi nội dung việc.", longestTitle); err != nil {
		return nil, err
	}
	if in.Text, err = typed("text", in.Text, "", longestText); err != nil {
		return nil, err
	}
	if x.Venue, err = typed("venue", in.Venue, "", longestVenue); err != nil {
		return nil, err
	}
	if x.Number, err = typed("number", in.Number, "", 100); err != nil {
		return nil, err
	}
	if in.IssuedOn != "" {
		day, err := workday.TypedDate(in.IssuedOn)
		if err != nil {
			return nil, fault.Field("issued_on", "Ngày văn bản chưa đúng, viết như 18/05/2026.")
		}
		x.IssuedOn = day.String()
	}
	if x.Place, err = placeTyped(in.Place, in.FromHour); err != nil {
		return nil, err
	}
	if x.FromHour, x.UntilHour, err = hours(in.FromHour, in.UntilHour); err != nil {
		return nil, err
	}
	for i := range in.With {
		if in.With[i].Task, err = typed("with", in.With[i].Task, "", longestText); err != nil {
			return nil, err
		}
	}
	in.Task, err = typed("task", in.Task, "", longestText)
	return x, err
}

// placeTyped reads a place; hours stand only in a day.
func placeTyped(s, hour string) (Place, error) {
	p, err := ParsePlace(s)
	if err == nil && p.Grain == Half {
		err = fault.Field("place", "Việc trong chương trình xếp theo năm, quý, tháng, tuần hoặc ngày.")
	}
	if err == nil && hour != "" && p.Grain != Day {
		err = fault.Field("from_hour", "Chỉ ghi giờ cho việc đã xếp vào ngày.")
	}
	if r, ok := fault.Sentence(err); ok && r.Field == "" {
		err = fault.Field("place", "%s", r.Say)
	}
	return p, err
}

// open writes a new item with its parties and what each does.
func (x *Item) open(tx *db.Tx, who org.Actor, in New, state string) error {
	h, err := keeping(tx)
	if err != nil {
		return err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return err
	}
	scope := ""
	if x.Unit == h.of { // what a unit keeps for itself nobody else reads before it is sent
		scope = org.OfKind(ItemKind)
	}
	c, err := casefile.Open(tx, casefile.New{Kind: ItemKind, Prefix: itemPrefix, Title: in.Title, State: state, Scope: scope,
		Rulebook: rb.Hash(), Raiser: who.Post.Unit, Lead: x.Lead})
	if err != nil {
		return err
	}
	x.Case, x.ChangedAt = c, tx.Now
	_, err = tx.Exec(`INSERT INTO programme_item (case_id, unit, plan, grain, from_on, until_on, from_hour, until_hour, venue, officer, number, issued_on,
		arising, estimate, funding, estimate_n, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16)`,
		string(c.ID), string(x.Unit), string(x.Plan), x.Place.Grain, x.Place.From, x.Place.Until, x.FromHour, x.UntilHour, x.Venue, string(x.Officer),
		x.Number, x.IssuedOn, x.Arising, x.Estimate, x.Funding, tx.Now)
	if err != nil {
		return err
	}
	if err := x.parties(tx, in); err != nil {
		return err
	}
	facts := map[string]string{"place": x.Place.String(), "unit": string(x.Unit), "lead": string(x.Lead), "state": state}
	if x.Arising {
		facts["arising"], facts["estimate"] = "yes", itoa(x.Estimate)
	}
	if err := x.askEstimate(tx); err != nil {
		return err
	}
	// a scheme with its owner in the yearly programme: what heads answer for (ND-UBT/P12)
	_, err = casefile.Record(tx, c, casefile.Event{Kind: "programme.registered", By: who, Text: in.Text, Facts: facts}, "ND-UBT/P12-2")
	if err != nil {
		return err
	}
	return x.recordFunding(tx, who)
}

// askEstimate puts what arises before whoever approves its estimate.
func (x *Item) askEstimate(tx *db.Tx) error {
	if !x.Arising {
		return nil
	}
	by, on, err := estimator(tx, x.Lead)
	if err != nil || !on {
		return err
	}
	for _, u := range by.Units[access.Overseer] {
		if err := casefile.Join(tx, x.ID, casefile.Party{Unit: u, Function: access.Overseer}); err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: u, Role: org.Leader, Case: x.ID, Kind: "programme.estimate"}); err != nil {
			return err
		}
	}
	return nil
}

func (x *Item) parties(tx *db.Tx, in New) error {
	all := []casefile.Party{{Unit: x.Lead, Function: access.Lead}}
	if x.Raiser != x.Lead && x.Raiser != "" {
		all = append(all, casefile.Party{Unit: x.Raiser, Function: access.Raiser})
	}
	if x.State == Planned { // others are told when it is accepted
		for _, p := range in.With {
			all = append(all, casefile.Party{Unit: p.Unit, Function: access.Coordinating})
		}
	}
	for _, p := range append([]Part{{x.Lead, in.Task}}, in.With...) {
		if _, err := tx.Exec(`INSERT INTO programme_part (case_id, unit, task) VALUES ($1, $2, $3)`, string(x.ID), string(p.Unit), p.Task); err != nil {
			return err
		}
	}
	return casefile.Join(tx, x.ID, all...)
}

// share tells the coordinating units; a plan's units are told when it is sent.
func (x *Item) share(tx *db.Tx, with []Part) error {
	if x.Plan != "" {
		return nil
	}
	var notes []notice.Note
	for _, p := range with {
		notes = append(notes, notice.Note{Unit: p.Unit, Role: org.Leader, Case: x.ID, Kind: "programme.shared"})
	}
	return notice.Tell(tx, notes...)
}

// A Ruling accepts or declines something, with a reason.
type Ruling struct {
	Accept  bool
	Reason  string // required to decline
	Version int64
}

// Decide accepts what a unit registered into the programme, or declines it with a reason.
func Decide(tx *db.Tx, who org.Actor, id casefile.ID, in Ruling) (x *Item, err error) {
	defer fault.Wrap(&err, "decide on %s", id)
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = pick(tx, who, x, actDecide); err != nil {
		return nil, err
	}
	if x.State != Registered {
		return nil, fault.Refuse(fault.Conflict, "Việc này đã được xem xét.")
	}
	empty := ""
	if !in.Accept {
		empty = "Hãy nêu lý do không đưa vào chương trình."
	}
	if in.Reason, err = typed("reason", in.Reason, empty, longestText); err != nil {
		return nil, err
	}
	kind := "programme.declined"
	x.State = Declined
	if in.Accept {
		kind, x.State = "programme.accepted", Planned
	} else {
		x.ClosedAt = tx.Now
	}
	if _, err := casefile.Record(tx, x.Case, casefile.Event{Kind: kind, By: who, Text: in.Reason, Facts: map[string]string{"place": x.Place.String()}}); err != nil {
		return nil, err
	}
	if err := x.saved(tx); err != nil {
		return nil, err
	}
	if in.Accept {
		if err := x.admit(tx); err != nil {
			return nil, err
		}
	}
	return x, notice.Tell(tx, notice.Note{Unit: x.Lead, Case: x.ID, Kind: "programme.decided"})
}

// admit lets the coordinating units of an accepted item read it, and tells them.
func (x *Item) admit(tx *db.Tx) error {
	parts, err := x.Parts(tx)
	if err != nil {
		return err
	}
	var all []casefile.Party
	var with []Part
	for _, p := range parts {
		if p.Unit != x.Lead {
			all, with = append(all, casefile.Party{Unit: p.Unit, Function: access.Coordinating}), append(with, p)
		}
	}
	if err := casefile.Join(tx, x.ID, all...); err != nil {
		return err
	}
	return x.share(tx, with)
}
