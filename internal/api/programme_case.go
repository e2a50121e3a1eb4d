package api

import (
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/signoff"
)

// programmeOut is a unit's week, the whole week, a plan or a review.
type programmeOut struct {
	ID      string `json:"id"`
	Code    string `json:"code" doc:"mã theo dõi"`
	Title   string `json:"title"`
	What    string `json:"what" doc:"week, whole, plan, review"`
	Unit    string `json:"unit"`
	Period  string `json:"period"`
	State   string `json:"state" doc:"open, sent"`
	SentAt  string `json:"sent_at"`
	Paper   string `json:"paper" doc:"văn bản gửi, đang soạn hoặc đã phát hành"`
	Content string `json:"content" doc:"nội dung đã gửi"`
	Version int64  `json:"version" doc:"phiên bản, cũng là ETag"`
}

// weekOut is how one unit's week stands.
type weekOut struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	DueAt  string `json:"due_at" doc:"thời điểm đầu tiên là muộn; rỗng: không nêu hạn"`
	SentAt string `json:"sent_at"`
	Late   bool   `json:"late"`
	Basis  string `json:"basis" doc:"căn cứ của hạn"`
	Items  int64  `json:"items"`
}

type workNoteIn struct {
	Note string `json:"note,omitempty"`
}

type workPlanIn struct {
	Unit   string `json:"unit"`
	Title  string `json:"title"`
	Period string `json:"period" doc:"như 2026 hoặc 2026-Q2"`
}

type workPeriodIn struct {
	Unit   string `json:"unit"`
	Period string `json:"period" doc:"như 2026-Q2, 2026-H1 hoặc 2026"`
}

// feedOut is an address of one's own calendar.
type feedOut struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	MadeAt  string `json:"made_at"`
	Revoked bool   `json:"revoked"`
	Path    string `json:"path,omitempty" doc:"đường dẫn lịch iCalendar; chỉ trả về một lần, khi tạo"`
}

type feedIn struct {
	Label string `json:"label" doc:"dùng ở đâu, như “Điện thoại”"`
}

func (s *Server) programmeCases() []route {
	return []route{
		list("/api/v1/programme/weekly", "weeklyProgrammes", "Chương trình tuần của các đơn vị: đã gửi, gửi muộn, chưa gửi.", page[weekOut]{}, (*call).weeklyWork, programme.WeekConditions...),
		list("/api/v1/programme/cases", "programmes", "Chương trình tuần, tổng hợp tuần, kế hoạch, sơ kết được xem.", page[programmeOut]{}, (*call).programmes, programme.ListConditions...),
		look("/api/v1/programme/cases/{id}", "getProgramme", "Xem một chương trình tuần, kế hoạch hoặc kỳ sơ kết.", programmeOut{}, (*call).getProgramme),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/send", "sendWeek", "Gửi chương trình tuần trong một bước.", (*call).sendWeek).gives(programmeOut{}),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/drafts", "draftWeek", "Soạn dự thảo chương trình tuần, hoặc báo cáo sơ kết, để trình.", (*call).draftProgramme).makes(paperOut{}),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/urge", "urgeWeek", "Đôn đốc đơn vị chưa gửi.", (*call).urgeWeek).gives(programmeOut{}),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/collect", "collectWeek", "Tổng hợp tuần, báo cáo lãnh đạo.", (*call).collectWeek).gives(programmeOut{}),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/review", "sendReview", "Gửi báo cáo sơ kết, tổng kết trong một bước.", (*call).sendReview).gives(programmeOut{}),
		act[workNoteIn]("POST", "/api/v1/programme/cases/{id}/send-plan", "sendPlan", "Gửi kế hoạch cho các đơn vị trong kế hoạch.", (*call).sendPlan).gives(programmeOut{}),
		act[workPlanIn]("POST", "/api/v1/programme/plans", "beginPlan", "Lập kế hoạch; thêm việc bằng registerWork với plan.", (*call).beginPlan).makes(programmeOut{}),
		act[workPeriodIn]("POST", "/api/v1/programme/reviews", "beginReview", "Mở kỳ sơ kết, tổng kết.", (*call).beginReview).makes(programmeOut{}),
		list("/api/v1/programme/feeds", "feeds", "Địa chỉ lịch của chính mình.", page[feedOut]{}, (*call).feeds),
		act[feedIn]("POST", "/api/v1/programme/feeds", "makeFeed", "Tạo địa chỉ lịch; mã chỉ trả về một lần.", (*call).makeFeed).makes(feedOut{}),
		act[noneIn]("POST", "/api/v1/programme/feeds/{id}/revoke", "revokeFeed", "Thu hồi địa chỉ lịch.", (*call).revokeFeed).gives(feedOut{}),
	}
}

func programmeFull(tx *db.Tx, who org.Actor, p *programme.Programme, version int64) (out programmeOut, err error) {
	out = programmeOut{ID: string(p.ID), Code: p.Code, Title: p.Title, What: p.What, Unit: string(p.Unit), Period: p.Place.String(), State: p.State, SentAt: instant(p.SentAt), Version: version}
	if who.In(p.Lead) { // a paper under way is its unit's own
		out.Paper = string(p.PaperID)
	}
	out.Content, err = programme.ContentOf(tx, who, p)
	return out, err
}

func programmeDone(tx *db.Tx, who org.Actor, p *programme.Programme, version int64) (done, error) {
	if err := tx.Flush(); err != nil {
		return done{}, err
	}
	out, err := programmeFull(tx, who, p, version)
	return done{status: http.StatusOK, location: programmesPath + string(p.ID), version: version, body: &out}, err
}

func (c *call) programmeAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	p, err := programme.GetProgramme(tx, who, id)
	if err != nil {
		return done{}, err
	}
	out, err := programmeFull(tx, who, p, p.Version)
	return done{location: programmesPath + string(p.ID), version: p.Version, body: &out}, err
}

func (c *call) onProgramme(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return programmeDone(tx, who, p, p.Version+1)
	})
}

func (c *call) beginsWork(fn func(tx *db.Tx, who org.Actor) (*programme.Programme, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := fn(tx, who)
		if err != nil {
			return d, err
		}
		d, err = programmeDone(tx, who, p, p.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) weeklyWork() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		week := programme.ThisWeek(tx.Now).Next()
		if at := c.q.Get("week"); at != "" {
			in, err := programme.ParsePlace(at)
			if err != nil {
				return nil, 0, err
			}
			week = programme.PlaceOf(programme.OneWeek, in.From)
		}
		all, err := programme.Weekly(tx, who, week)
		out := page[weekOut]{Items: []weekOut{}}
		for _, s := range all {
			out.Items = append(out.Items, weekOut{ID: string(s.ID), Unit: string(s.Unit), DueAt: instant(s.Due.At), SentAt: instant(s.SentAt), Late: s.Late, Basis: s.Basis, Items: s.Items})
		}
		return &out, 0, err
	})
}

func (c *call) programmes() error {
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := programme.Programmes(tx, who, q.Get("what"), org.UnitID(q.Get("unit")), 100)
		out := page[programmeOut]{Items: []programmeOut{}}
		for _, p := range all {
			out.Items = append(out.Items, programmeOut{ID: string(p.ID), Code: p.Code, Title: p.Title, What: p.What, Unit: string(p.Unit), Period: p.Place.String(), State: p.State, SentAt: instant(p.SentAt), Version: p.Version})
		}
		return &out, 0, err
	})
}

func (c *call) getProgramme() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		p, err := programme.GetProgramme(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := programmeFull(tx, who, p, p.Version)
		return &out, p.Version, err
	})
}

func (c *call) sendWeek(in *workNoteIn) error {
	return c.onProgramme(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error) {
		return programme.SendNow(tx, who, id, in.Note, c.version)
	})
}

func (c *call) draftProgramme(in *workNoteIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := programme.GetProgramme(tx, who, casefile.ID(c.id))
		if err != nil {
			return d, err
		}
		var x *signoff.Paper
		if p.What == programme.Review {
			x, err = programme.DraftReview(tx, c.s.Desk, who, p.ID, in.Note, c.version)
		} else {
			x, err = programme.DraftWeek(tx, c.s.Desk, who, p.ID, in.Note, c.version)
		}
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) urgeWeek(in *workNoteIn) error {
	return c.onProgramme(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error) {
		return programme.Urge(tx, who, id, in.Note, c.version)
	})
}

func (c *call) collectWeek(in *workNoteIn) error {
	return c.onProgramme(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error) {
		return programme.Collect(tx, who, id, in.Note, c.version)
	})
}

func (c *call) sendReview(in *workNoteIn) error {
	return c.onProgramme(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error) {
		return programme.ReviewNow(tx, who, id, in.Note, c.version)
	})
}

func (c *call) sendPlan(in *workNoteIn) error {
	return c.onProgramme(func(tx *db.Tx, who org.Actor, id casefile.ID) (*programme.Programme, error) {
		return programme.SendPlan(tx, who, id, in.Note, c.version)
	})
}

func (c *call) beginPlan(in *workPlanIn) error {
	return c.beginsWork(func(tx *db.Tx, who org.Actor) (*programme.Programme, error) {
		return programme.BeginPlan(tx, who, org.UnitID(in.Unit), in.Title, in.Period)
	})
}

func (c *call) beginReview(in *workPeriodIn) error {
	return c.beginsWork(func(tx *db.Tx, who org.Actor) (*programme.Programme, error) {
		return programme.BeginReview(tx, who, org.UnitID(in.Unit), in.Period)
	})
}

func (c *call) feeds() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := programme.Feeds(tx, who)
		out := page[feedOut]{Items: []feedOut{}}
		for _, f := range all {
			out.Items = append(out.Items, feedOut{ID: f.ID, Label: f.Label, MadeAt: instant(f.MadeAt), Revoked: !f.RevokedAt.IsZero()})
		}
		return &out, 0, err
	})
}

func (c *call) makeFeed(in *feedIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		token, id, err := programme.MakeFeed(tx, who, in.Label)
		out := feedOut{ID: id, Label: in.Label, MadeAt: instant(tx.Now), Path: "/lich/" + token + ".ics"}
		return done{status: http.StatusCreated, location: feedsPath + id, body: &out}, err
	})
}

func (c *call) revokeFeed(*noneIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := programme.RevokeFeed(tx, who, c.id); err != nil {
			return done{}, err
		}
		return c.feedAgain(tx, who, c.id)
	})
}

// feedAgain answers with what stands of an address; its token was said once.
func (c *call) feedAgain(tx *db.Tx, who org.Actor, id string) (done, error) {
	all, err := programme.Feeds(tx, who)
	for _, f := range all {
		if f.ID == id {
			out := feedOut{ID: f.ID, Label: f.Label, MadeAt: instant(f.MadeAt), Revoked: !f.RevokedAt.IsZero()}
			return done{status: http.StatusOK, location: feedsPath + id, body: &out}, err
		}
	}
	if err == nil {
		err = fault.NotFound
	}
	return done{}, err
}
