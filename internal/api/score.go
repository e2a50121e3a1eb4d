package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/score"
	"lienthong/internal/signoff"
)

const scoresPath = "/api/v1/scores/"

// scoreLine is one year's table in the list.
type scoreLine struct {
	ID        string `json:"id"`
	Code      string `json:"code" doc:"mã theo dõi"`
	Year      int    `json:"year"`
	State     string `json:"state" doc:"preparing, shown hoặc published"`
	OpenUntil string `json:"open_until" doc:"đơn vị có ý kiến trước thời điểm này"`
	Number    string `json:"number" doc:"số, ký hiệu văn bản công bố"`
	IssuedOn  string `json:"issued_on"` // of the paper it was published by
}

// scoreOut is a year's table with both sides and the objections.
type scoreOut struct {
	scoreLine
	Answers    []scoreUnit     `json:"answers" doc:"sở, ngành trả lời"`
	Raised     []scoreUnit     `json:"raised" doc:"xã, phường kiến nghị"`
	Objections []scoreObjected `json:"objections"`
	Version    int64           `json:"version" doc:"phiên bản, cũng là ETag"`
}

// A unit's figures of a year. Home counts petitions that the commune could have settled itself, a figure
// and no reproach.
type scoreUnit struct {
	Unit    string `json:"unit"`
	Name    string `json:"name"`
	All     int64  `json:"all"`
	InTime  int64  `json:"in_time"` // by the unit's own share
	Late    int64  `json:"late" doc:"không kể việc tính riêng"`
	Excused int64  `json:"excused" doc:"tính riêng, có người và lý do"`
	Home    int64  `json:"home" doc:"kiến nghị xã có thể tự giải quyết"`
}

// What a unit holds against a line of the draft, and what became of it.
type scoreObjected struct {
	N        int64  `json:"n"`    // counts from 1 in a year
	Item     int64  `json:"item"` // 0 for the table as a whole
	Unit     string `json:"unit"`
	Text     string `json:"text" doc:"lời của đơn vị; rỗng nếu người gọi không được đọc (closed)"`
	Closed   bool   `json:"closed" doc:"lời chỉ đơn vị đó, cơ quan tổng hợp và Văn phòng đọc được"`
	Decision string `json:"decision" doc:"rỗng: đang chờ; accepted, declined"`
	Reason   string `json:"reason"` // of the decision
}

// One matter behind a figure: every count can be opened into these.
type scoreItem struct {
	N        int64  `json:"n"`
	ID       string `json:"id" doc:"mã hồ sơ của kiến nghị"`
	Code     string `json:"code"`
	Title    string `json:"title"`
	Unit     string `json:"unit"`
	Fate     string `json:"fate" doc:"in_time, late, waived; raised"`
	DueOn    string `json:"due_on"` // "" for one without a limit
	Mark     string `json:"mark" doc:"excused, home"`
	Cause    string `json:"cause"` // only of an excused one
	MarkedBy string `json:"marked_by"`
	Why      string `json:"why"`
}

// Bodies of the acts on a year.
type (
	scoreIn struct { // begins a year
		Year int `json:"year"`
	}
	markIn struct {
		Item   int64  `json:"item" doc:"số của việc trong bảng"`
		Cause  string `json:"cause,omitempty" doc:"một nguyên nhân trong danh mục, khi tính riêng việc quá hạn"`
		Reason string `json:"reason"` // read by every unit
		Off    bool   `json:"off,omitempty" doc:"bỏ ghi nhận"`
	}
	objectIn struct {
		Item int64  `json:"item"`
		Text string `json:"text" doc:"ý kiến của đơn vị"`
	}
	verdictIn struct {
		Objection int64  `json:"objection"`
		Accept    bool   `json:"accept" doc:"tiếp thu hay không"`
		Reason    string `json:"reason"`
	}
	publishIn struct {
		Number   string `json:"number" doc:"số, ký hiệu văn bản công bố"`
		IssuedOn string `json:"issued_on" doc:"ngày văn bản"`
	}
)

// scoring are the routes of the yearly table.
func (s *Server) scoring() []route {
	return []route{
		list("/api/v1/scores", "scores", "Các bảng tổng hợp kết quả phối hợp hằng năm được xem.", page[scoreLine]{}, (*call).scores),
		act[scoreIn]("POST", "/api/v1/scores", "beginScore", "Lập bảng tổng hợp của một năm.", (*call).beginScore).makes(scoreOut{}),
		look("/api/v1/scores/{id}", "getScore", "Xem bảng tổng hợp một năm.", scoreOut{}, (*call).getScore),
		list("/api/v1/scores/{id}/items", "scoreItems", "Các việc đứng sau một con số của bảng tổng hợp.", page[scoreItem]{}, (*call).scoreItems,
			slices.Concat(score.ItemConditions, byPage)...),
		act[markIn]("POST", "/api/v1/scores/{id}/marks", "markScore", "Tính riêng một việc quá hạn, hoặc ghi nhận kiến nghị xã có thể tự giải quyết.", (*call).markScore).gives(scoreOut{}),
		act[noneIn]("POST", "/api/v1/scores/{id}/recount", "recountScore", "Cập nhật số liệu của bảng đang tổng hợp.", (*call).recountScore).gives(scoreOut{}),
		act[noneIn]("POST", "/api/v1/scores/{id}/show", "showScore", "Gửi bảng tổng hợp lấy ý kiến các đơn vị, khi năm đã hết.", (*call).showScore).gives(scoreOut{}),
		act[objectIn]("POST", "/api/v1/scores/{id}/objections", "objectScore", "Đơn vị có ý kiến trong một bước.", (*call).objectScore).gives(scoreOut{}),
		act[objectIn]("POST", "/api/v1/scores/{id}/objections/drafts", "draftObjection", "Soạn văn bản có ý kiến của đơn vị; phát hành là có ý kiến.", (*call).draftObjection).makes(paperOut{}),
		act[verdictIn]("POST", "/api/v1/scores/{id}/decisions", "decideScore", "Tiếp thu hoặc không tiếp thu một ý kiến.", (*call).decideScore).gives(scoreOut{}),
		act[publishIn]("POST", "/api/v1/scores/{id}/publish", "publishScore", "Công bố bảng tổng hợp; sau đó không sửa được.", (*call).publishScore).gives(scoreOut{}),
	}
}

// A year in a list.
func scoreLineOf(y *score.Year) scoreLine {
	return scoreLine{ID: string(y.ID), Code: y.Code, Year: y.Year, State: y.State, OpenUntil: instant(y.OpenUntil), Number: y.Number, IssuedOn: y.IssuedOn}
}

// A year with both tables and the objections the caller may read.
func scoreFull(tx *db.Tx, who org.Actor, y *score.Year, version int64) (out scoreOut, err error) {
	out = scoreOut{scoreLine: scoreLineOf(y), Answers: []scoreUnit{}, Raised: []scoreUnit{}, Objections: []scoreObjected{}, Version: version}
	for side, to := range map[string]*[]scoreUnit{score.Answers: &out.Answers, score.Raised: &out.Raised} {
		lines, err := score.Lines(tx, y, side)
		if err != nil {
			return out, err
		}
		for _, l := range lines {
			*to = append(*to, scoreUnit{string(l.Unit), l.Name, l.All, l.InTime, l.Late, l.Excused, l.Home})
		}
	}
	all, err := score.Objections(tx, who, y)
	for _, o := range all {
		out.Objections = append(out.Objections, scoreObjected{o.N, o.Item, string(o.Unit), o.Text, o.Closed, o.Decision, o.Reason})
	}
	return out, err
}

// All years, newest first.
func (c *call) scores() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		out := page[scoreLine]{Items: []scoreLine{}}
		all, err := score.Years(tx, who)
		for _, y := range all {
			out.Items = append(out.Items, scoreLineOf(y))
		}
		return &out, 0, err
	})
}

// One year. Before it is shown only the Office reads it.
func (c *call) getScore() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		y, err := score.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := scoreFull(tx, who, y, y.Version)
		return &out, y.Version, err
	})
}

// The matters behind the figures, those of one unit or all, by page.
func (c *call) scoreItems() error {
	limit := c.limit()
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		y, err := score.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		q := c.q
		after := int64(0)
		if from := q.Get("cursor"); from != "" {
			if after, err = strconv.ParseInt(from, 10, 64); err != nil {
				return nil, 0, fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
			}
		}
		items, err := score.Items(tx, who, y, org.UnitID(q.Get("unit")), q.Get("side"), cmp.Or(q.Get("figure"), "all"), after, limit+1)
		out := page[scoreItem]{Items: []scoreItem{}}
		if len(items) > limit {
			items = items[:limit]
			out.Next = strconv.FormatInt(items[limit-1].N, 10)
		}
		for _, i := range items {
			out.Items = append(out.Items, scoreItem{i.N, string(i.Petition), i.Code, i.Title, string(i.Unit), i.Fate, i.DueDay, i.Mark, i.Cause, string(i.MarkedBy), i.Why})
		}
		return &out, 0, err
	})
}

// scoreAgain answers a repeated request with how the table stands now.
func (c *call) scoreAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	y, err := score.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	out, err := scoreFull(tx, who, y, y.Version)
	return done{status: http.StatusOK, location: scoresPath + string(y.ID), version: y.Version, body: &out}, err
}

// onScore runs an operation on the table of the address and answers how it stands then.
func (c *call) onScore(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		y, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		out, err := scoreFull(tx, who, y, y.Version+1)
		return done{status: http.StatusOK, location: scoresPath + string(y.ID), version: y.Version + 1, body: &out}, err
	})
}

// Begins a year: the figures are taken once and stand, so that everybody argues about the same.
func (c *call) beginScore(in *scoreIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		y, err := score.Begin(tx, who, in.Year)
		if err != nil {
			return done{}, err
		}
		out, err := scoreFull(tx, who, y, y.Version)
		return done{status: http.StatusCreated, location: scoresPath + string(y.ID), version: y.Version, body: &out}, err
	})
}

// Marks one matter as excused or as one of the commune's own, with a person and a reason behind it; Off
// takes it back.
func (c *call) markScore(in *markIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.Judge(tx, who, id, score.Mark{Item: in.Item, Cause: in.Cause, Reason: in.Reason, Off: in.Off, Version: c.version})
	})
}

// Takes in what happened since the table was counted.
func (c *call) recountScore(*noneIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.Recount(tx, who, id, c.version)
	})
}

// Shows the draft to the units; the time for objections begins.
func (c *call) showScore(*noneIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.Show(tx, who, id, c.version)
	})
}

// A unit objects to one line, for units that sign elsewhere.
func (c *call) objectScore(in *objectIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.ObjectNow(tx, who, id, in.Item, in.Text)
	})
}

// The same objection as a paper that its leader signs.
func (c *call) draftObjection(in *objectIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		var x *signoff.Paper
		if x, err = score.DraftObjection(tx, c.s.Desk, who, casefile.ID(c.id), in.Item, in.Text); err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

// Accepts or declines an objection, with the reason that the unit reads.
func (c *call) decideScore(in *verdictIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.Decide(tx, who, id, score.Verdict{Objection: in.Objection, Accept: in.Accept, Reason: in.Reason, Version: c.version})
	})
}

// Publishes under a number; afterwards nothing changes.
func (c *call) publishScore(in *publishIn) error {
	return c.onScore(func(tx *db.Tx, who org.Actor, id casefile.ID) (*score.Year, error) {
		return score.Publish(tx, who, id, score.Issue{Number: in.Number, IssuedOn: in.IssuedOn, Version: c.version})
	})
}
