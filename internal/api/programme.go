package api

import (
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
)

const (
	worksPath      = "/api/v1/programme/items/"
	programmesPath = "/api/v1/programme/cases/"
	feedsPath      = "/api/v1/programme/feeds/"
	tagProgramme   = "Chương trình công tác"
)

// workOut is a thing to do as this officer may see it.
type workOut struct {
	workLine
	Text      string     `json:"text" doc:"nói thêm khi đăng ký"`
	Number    string     `json:"number"`
	IssuedOn  string     `json:"issued_on"`
	Arising   bool       `json:"arising" doc:"việc phát sinh"`
	Estimate  int64      `json:"estimate" doc:"dự toán, đồng"`
	Funding   string     `json:"funding" doc:"nguồn kinh phí: rỗng, yearly (dự toán đầu năm của đơn vị) hoặc arising (phát sinh)"`
	Approved  bool       `json:"approved" doc:"dự toán đã duyệt"`
	Plan      string     `json:"plan" doc:"mã hồ sơ kế hoạch"`
	Parts     []workPart `json:"parts"`
	Moves     []workMove `json:"moves" doc:"các lần dời, đề nghị dời; chỗ cũ được giữ"`
	Links     []workLink `json:"links"`
	MayDecide bool       `json:"may_decide"`
	Version   int64      `json:"version" doc:"phiên bản, cũng là ETag"`
}

type workLine struct {
	ID        string   `json:"id"`
	Code      string   `json:"code" doc:"mã theo dõi"`
	Title     string   `json:"title"`
	State     string   `json:"state" doc:"registered, planned, declined, done, dropped"`
	Unit      string   `json:"unit" doc:"chương trình của đơn vị nào"`
	Lead      string   `json:"lead"`
	With      []string `json:"with" doc:"đơn vị phối hợp"`
	Place     string   `json:"place" doc:"2026, 2026-Q2, 2026-05, 2026-W21, 2026-05-18 hoặc 2026-05-18/2026-05-20"`
	FromOn    string   `json:"from_on"`
	UntilOn   string   `json:"until_on"`
	FromHour  string   `json:"from_hour"`
	UntilHour string   `json:"until_hour"`
	Venue     string   `json:"venue"`
	Officer   string   `json:"officer"`
	Waiting   bool     `json:"waiting" doc:"có đề nghị dời chờ quyết định"`
}

type workPart struct {
	Unit string `json:"unit"`
	Task string `json:"task,omitempty"`
}

type workMove struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Fate   string `json:"fate" doc:"rỗng: chờ; approved; declined"`
	Reason string `json:"reason"`
	Said   string `json:"said" doc:"lý do của quyết định"`
}

type workLink struct {
	What string `json:"what" doc:"assignment, meeting, result"`
	ID   string `json:"id"`
	Code string `json:"code"`
}

// What acts on programmes take.
type registerWorkIn struct {
	Unit      string     `json:"unit,omitempty" doc:"chương trình của đơn vị nào; rỗng: của chính đơn vị chủ trì"`
	Lead      string     `json:"lead,omitempty" doc:"rỗng: đơn vị của người gửi"`
	Plan      string     `json:"plan,omitempty"`
	Title     string     `json:"title"`
	Text      string     `json:"text,omitempty"`
	Place     string     `json:"place" doc:"2026, 2026-Q2, 2026-05, 2026-W21, 2026-05-18"`
	FromHour  string     `json:"from_hour,omitempty"`
	UntilHour string     `json:"until_hour,omitempty"`
	Venue     string     `json:"venue,omitempty"`
	Officer   string     `json:"officer,omitempty"`
	Number    string     `json:"number,omitempty"`
	IssuedOn  string     `json:"issued_on,omitempty"`
	Arising   bool       `json:"arising,omitempty"`
	Estimate  int64      `json:"estimate,omitempty" doc:"dự toán, đồng"`
	Funding   string     `json:"funding,omitempty" doc:"nguồn kinh phí: yearly (dự toán đầu năm của đơn vị) hoặc arising (phát sinh)"`
	Task      string     `json:"task,omitempty" doc:"phần việc của đơn vị chủ trì"`
	With      []workPart `json:"with,omitempty"`
}

type workRulingIn struct {
	Accept bool   `json:"accept"`
	Reason string `json:"reason,omitempty" doc:"bắt buộc khi không đồng ý"`
}

type workShiftIn struct {
	Place     string `json:"place"`
	FromHour  string `json:"from_hour,omitempty"`
	UntilHour string `json:"until_hour,omitempty"`
	Venue     string `json:"venue,omitempty"`
	Reason    string `json:"reason,omitempty" doc:"bắt buộc khi ra ngoài thời gian đang xếp"`
}

type workBondIn struct {
	What   string `json:"what" doc:"assignment, meeting, result"`
	Target string `json:"target" doc:"mã hồ sơ"`
}

type workApprovalIn struct {
	Amount int64  `json:"amount" doc:"đồng"`
	Reason string `json:"reason,omitempty"`
}

type workEndIn struct {
	Dropped bool   `json:"dropped,omitempty" doc:"không thực hiện"`
	Text    string `json:"text" doc:"kết quả, hoặc lý do không thực hiện"`
}

// programming are the routes of things to do; those of weeks, plans and calendars follow.
func (s *Server) programming() []route {
	all := []route{
		act[registerWorkIn]("POST", "/api/v1/programme/items", "registerItem", "Đăng ký việc vào chương trình công tác.", (*call).registerWork).makes(workOut{}),
		list("/api/v1/programme/items", "programmeItems", "Việc trong một thời gian, theo quyền xem.", page[workLine]{}, (*call).programmeWorks,
			programme.ItemConditions...),
		look("/api/v1/programme/items/{id}", "getItem", "Xem một việc trong chương trình công tác.", workOut{}, (*call).getWork),
		act[workRulingIn]("POST", "/api/v1/programme/items/{id}/decide", "decideItem", "Đưa hoặc không đưa việc đã đăng ký vào chương trình.", (*call).decideWork).gives(workOut{}),
		act[workShiftIn]("POST", "/api/v1/programme/items/{id}/move", "moveItem", "Xếp lịch trong thời gian của việc; ra ngoài là đề nghị dời, phải được duyệt.", (*call).moveWork).gives(workOut{}),
		act[workRulingIn]("POST", "/api/v1/programme/items/{id}/decide-move", "decideMove", "Cho dời hoặc không cho dời.", (*call).decideWorkMove).gives(workOut{}),
		act[workBondIn]("POST", "/api/v1/programme/items/{id}/link", "linkItem", "Gắn việc với nhiệm vụ, cuộc họp hoặc kết quả.", (*call).linkWork).gives(workOut{}),
		act[workApprovalIn]("POST", "/api/v1/programme/items/{id}/estimate", "approveEstimate", "Duyệt dự toán việc phát sinh.", (*call).approveEstimate).gives(workOut{}),
		act[workEndIn]("POST", "/api/v1/programme/items/{id}/finish", "finishItem", "Ghi kết quả, hoặc không thực hiện có lý do.", (*call).finishWork).gives(workOut{}),
	}
	all = append(all, s.programmeCases()...)
	for i := range all {
		all[i].tag = tagProgramme
	}
	return all
}

func workLineOf(l programme.Listed) workLine {
	out := workLine{ID: string(l.ID), Code: l.Code, Title: l.Title, State: l.State, Unit: string(l.Unit), Lead: string(l.Lead), With: []string{}, Place: l.Place.String(),
		FromOn: l.Place.From.String(), UntilOn: l.Place.Until.String(), FromHour: l.FromHour, UntilHour: l.UntilHour, Venue: l.Venue, Officer: string(l.Officer), Waiting: l.Waiting}
	for _, u := range l.With {
		out.With = append(out.With, string(u))
	}
	return out
}

func workFull(tx *db.Tx, who org.Actor, x *programme.Item, version int64) (out workOut, err error) {
	out = workOut{workLine: workLineOf(programme.Listed{Item: *x}), Number: x.Number, IssuedOn: x.IssuedOn, Arising: x.Arising, Estimate: x.Estimate, Funding: x.Funding, Approved: x.Approved > 0,
		Plan: string(x.Plan), Parts: []workPart{}, Moves: []workMove{}, Links: []workLink{}, Version: version}
	parts, err := x.Parts(tx)
	if err != nil {
		return out, err
	}
	for _, p := range parts {
		out.Parts = append(out.Parts, workPart{string(p.Unit), p.Task})
		if p.Unit != x.Lead {
			out.With = append(out.With, string(p.Unit))
		}
	}
	moves, err := programme.Moves(tx, who, x)
	if err != nil {
		return out, err
	}
	for _, m := range moves {
		out.Moves = append(out.Moves, workMove{m.Old.String(), m.New.String(), m.Fate, m.Reason, m.Said})
		out.Waiting = out.Waiting || m.Fate == ""
	}
	links, err := programme.Links(tx, who, x.ID)
	if err != nil {
		return out, err
	}
	for _, l := range links {
		out.Links = append(out.Links, workLink{l.What, string(l.ID), l.Code})
	}
	may, err := programme.RightsOn(tx, who, x)
	if err != nil {
		return out, err
	}
	out.MayDecide = may.Decide
	events, err := casefile.History(tx, who, x.ID, 1)
	for _, e := range events {
		out.Text = e.Text
	}
	return out, err
}

func workDone(tx *db.Tx, who org.Actor, x *programme.Item, version int64) (done, error) {
	out, err := workFull(tx, who, x, version)
	return done{status: http.StatusOK, location: worksPath + string(x.ID), version: version, body: &out}, err
}

// onWork runs an operation on the item of the address and answers how it stands then.
func (c *call) onWork(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		x, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		if err := tx.Flush(); err != nil { // its history is read back
			return done{}, err
		}
		return workDone(tx, who, x, x.Version+1)
	})
}

func (c *call) workAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	x, err := programme.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return workDone(tx, who, x, x.Version)
}

func (c *call) registerWork(in *registerWorkIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		n := programme.New{Unit: org.UnitID(in.Unit), Lead: org.UnitID(in.Lead), Plan: casefile.ID(in.Plan), Title: in.Title, Text: in.Text, Place: in.Place, FromHour: in.FromHour,
			UntilHour: in.UntilHour, Venue: in.Venue, Officer: org.OfficerID(in.Officer), Number: in.Number, IssuedOn: in.IssuedOn, Arising: in.Arising, Estimate: in.Estimate, Funding: in.Funding, Task: in.Task}
		for _, p := range in.With {
			n.With = append(n.With, programme.Part{Unit: org.UnitID(p.Unit), Task: p.Task})
		}
		x, err := programme.Register(tx, who, n)
		if err != nil {
			return d, err
		}
		if err := tx.Flush(); err != nil {
			return d, err
		}
		d, err = workDone(tx, who, x, x.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) getWork() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		x, err := programme.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := workFull(tx, who, x, x.Version)
		return &out, x.Version, err
	})
}

func (c *call) programmeWorks() error {
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		in := programme.ThisWeek(tx.Now)
		in = programme.PlaceOf(programme.Month, in.From)
		if at := q.Get("at"); at != "" {
			var err error
			if in, err = programme.ParsePlace(at); err != nil {
				return nil, 0, err
			}
		}
		all, err := programme.Items(tx, who, in, programme.FilterOf(q))
		out := page[workLine]{Items: []workLine{}}
		for _, l := range all {
			out.Items = append(out.Items, workLineOf(l))
		}
		return &out, 0, err
	})
}

func (in *workRulingIn) ruling(version int64) programme.Ruling {
	return programme.Ruling{Accept: in.Accept, Reason: in.Reason, Version: version}
}

func (c *call) decideWork(in *workRulingIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		return programme.Decide(tx, who, id, in.ruling(c.version))
	})
}

func (c *call) decideWorkMove(in *workRulingIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		return programme.DecideMove(tx, who, id, in.ruling(c.version))
	})
}

func (c *call) moveWork(in *workShiftIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		return programme.Move(tx, who, id, programme.Shift{Place: in.Place, FromHour: in.FromHour, UntilHour: in.UntilHour, Venue: in.Venue, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) linkWork(in *workBondIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		if !db.ValidID(in.Target) {
			return nil, fault.Field("target", "Không có hồ sơ nào mang mã này.")
		}
		return programme.Link(tx, who, id, programme.Bond{What: in.What, Target: casefile.ID(in.Target), Version: c.version})
	})
}

func (c *call) approveEstimate(in *workApprovalIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		return programme.ApproveEstimate(tx, who, id, programme.Approval{Amount: in.Amount, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) finishWork(in *workEndIn) error {
	return c.onWork(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Item, error) {
		return programme.Finish(tx, who, id, programme.End{Dropped: in.Dropped, Text: in.Text, Version: c.version})
	})
}
