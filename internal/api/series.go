package api

import (
	"net/http"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/org"
)

const seriesPath = "/api/v1/series/"

// seriesItem is what a directive asks for again and again.
type seriesItem struct {
	ID        string   `json:"id"`
	Directive string   `json:"directive" doc:"hồ sơ của văn bản giao"`
	Number    string   `json:"number" doc:"số, ký hiệu của văn bản giao"`
	Clause    string   `json:"clause" doc:"mục trong văn bản"`
	Content   string   `json:"content"`
	Lead      string   `json:"lead" doc:"đơn vị làm từ nay"`
	Named     string   `json:"named" doc:"đơn vị mà văn bản giao"`
	Again     string   `json:"again" doc:"kỳ, như monthly 25"`
	EndsOn    string   `json:"ends_on" doc:"từ ngày này không còn kỳ nào; rỗng: còn chạy"`
	Next      []string `json:"next" doc:"các kỳ sắp tới chưa mở"`
}

// seriesOut is a series with the assignments that were opened for it.
type seriesOut struct {
	seriesItem
	Opened  []assignmentLine `json:"opened" doc:"các kỳ đã mở, mới nhất trước"`
	Version int64            `json:"version" doc:"phiên bản của văn bản giao, cũng là ETag"`
}

type seriesEndIn struct {
	From   string `json:"from,omitempty" doc:"ngày đầu tiên không còn kỳ nào; bỏ trống: hôm nay"`
	Reason string `json:"reason"`
}

type seriesHandIn struct {
	To     string `json:"to"`
	Reason string `json:"reason"`
	Inside string `json:"inside,omitempty" doc:"phần việc bên trong đơn vị cũ: bỏ trống là kết thúc, move là chuyển theo"`
}

// recurring are the routes of series.
func (s *Server) recurring() []route {
	all := []route{
		list("/api/v1/series", "series", "Nhiệm vụ định kỳ của các văn bản được xem, mới nhất trước.", page[seriesItem]{}, (*call).seriesList,
			slices.Concat(directive.SeriesConditions, byPage)...),
		look(seriesPath+"{name}", "getSeries", "Xem một nhiệm vụ định kỳ, các kỳ sắp tới và đã mở.", seriesOut{}, (*call).getSeries),
		act[seriesEndIn]("POST", seriesPath+"{name}/end", "endSeries", "Cho thôi nhiệm vụ định kỳ từ một ngày, có lý do (nơi giao).", (*call).endSeries).gives(seriesOut{}),
		act[seriesHandIn]("POST", seriesPath+"{name}/hand", "handSeries", "Chuyển nhiệm vụ định kỳ sang đơn vị khác, cùng kỳ đang làm (nơi giao).", (*call).handSeries).gives(seriesOut{}),
	}
	for i := range all {
		all[i].tag = tagDirective
	}
	return all
}

func seriesItemOf(x *directive.Series) seriesItem {
	item := seriesItem{ID: string(x.ID), Directive: string(x.Directive), Number: x.Number, Clause: x.Clause, Content: x.Content, Lead: string(x.Lead), Named: string(x.Named),
		Again: x.Again.String(), EndsOn: x.EndsOn.String(), Next: []string{}}
	for _, o := range x.Next {
		item.Next = append(item.Next, o.Period.String())
	}
	return item
}

func (c *call) seriesList() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := directive.SeriesList(tx, who, directive.SeriesFilter{Directive: casefile.ID(q.Get("directive")), Lead: org.UnitID(q.Get("lead"))}, q.Get("cursor"), limit)
		out := page[seriesItem]{Items: []seriesItem{}, Next: next}
		for _, x := range all {
			out.Items = append(out.Items, seriesItemOf(x))
		}
		return &out, 0, err
	})
}

// mostOpened is how many occasions a series shows that were opened.
const mostOpened = 100

func seriesFull(tx *db.Tx, who org.Actor, x *directive.Series, version int64) (out seriesOut, err error) {
	out = seriesOut{seriesItem: seriesItemOf(x), Opened: []assignmentLine{}, Version: version}
	lines, err := x.Opened(tx, who, mostOpened)
	for i := range lines {
		out.Opened = append(out.Opened, assignmentLineOf(tx, &lines[i]))
	}
	return out, err
}

func (c *call) getSeries() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		x, err := directive.GetSeries(tx, who, directive.SeriesID(c.r.PathValue("name")))
		if err != nil {
			return nil, 0, err
		}
		out, err := seriesFull(tx, who, x, x.Version)
		return &out, x.Version, err
	})
}

func seriesDone(tx *db.Tx, who org.Actor, x *directive.Series, version int64) (done, error) {
	out, err := seriesFull(tx, who, x, version)
	return done{status: http.StatusOK, location: seriesPath + string(x.ID), version: version, body: &out}, err
}

// seriesAgain answers a repeated request with how the series stands now.
func (c *call) seriesAgain(tx *db.Tx, who org.Actor, id string) (done, error) {
	x, err := directive.GetSeries(tx, who, directive.SeriesID(id))
	if err != nil {
		return done{}, err
	}
	return seriesDone(tx, who, x, x.Version)
}

// onSeries runs an operation on the series of the address and answers how it stands then.
func (c *call) onSeries(fn func(tx *db.Tx, who org.Actor, id directive.SeriesID) (*directive.Series, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		x, err := fn(tx, who, directive.SeriesID(c.r.PathValue("name")))
		if err != nil {
			return done{}, err
		}
		return seriesDone(tx, who, x, x.Version+1)
	})
}

func (c *call) endSeries(in *seriesEndIn) error {
	return c.onSeries(func(tx *db.Tx, who org.Actor, id directive.SeriesID) (*directive.Series, error) {
		from, err := day("from", in.From)
		if err != nil {
			return nil, err
		}
		return directive.EndSeries(tx, who, id, directive.SeriesEnd{From: from, Reason: in.Reason, Version: c.version})
	})
}

func (c *call) handSeries(in *seriesHandIn) error {
	return c.onSeries(func(tx *db.Tx, who org.Actor, id directive.SeriesID) (*directive.Series, error) {
		return directive.HandSeries(tx, who, id, directive.Handing{To: org.UnitID(in.To), Reason: in.Reason, Inside: directive.Inside(in.Inside), Version: c.version})
	})
}
