package api

import (
	"encoding/json"
	"net/url"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// trackedFigures are the numbers of a row of the tracker; each of the first four is the
// length of its list under the same filter.
type trackedFigures struct {
	Open     int64 `json:"open" doc:"đang thực hiện, kể cả quá hạn"`
	Late     int64 `json:"late" doc:"trong số đó đã quá hạn"`
	Week     int64 `json:"week" doc:"đến hạn đến hết tuần này"`
	Dateless int64 `json:"dateless" doc:"không nêu hạn"`
	Met      int64 `json:"met" doc:"xong đúng hạn"`
	DoneLate int64 `json:"done_late" doc:"xong quá hạn"`
}

// trackedItem is a row: a unit, a field, a leader or a directive.
type trackedItem struct {
	Line
	trackedFigures
}

// trackerOut are the figures of the assignments that the reader may follow.
type trackerOut struct {
	Items    []trackedItem  `json:"items"`
	Next     string         `json:"next"`
	Total    trackedFigures `json:"total"`
	Waiting  int64          `json:"waiting" doc:"kết quả chờ công nhận; đếm đến 200"`
	Returned int64          `json:"returned" doc:"bị trả lại, đang làm tiếp; đếm đến 200"`
	Beside   int64          `json:"beside" doc:"việc phối hợp của các đơn vị được lọc; đếm đến 200"`
	All      bool           `json:"all" doc:"người gọi theo dõi mọi đơn vị"`
	WeekEnds string         `json:"week_ends" doc:"ngày cuối của tuần này"`
	At       string         `json:"at" doc:"số liệu tính đến"`
}

var (
	trackerNarrow = []param{{"unit", "đơn vị chủ trì"}, {"field", "lĩnh vực, kể cả lĩnh vực con"}, {"leader", "lãnh đạo phụ trách"}, {"directive", "văn bản giao"}}
	trackerBy     = []param{{"by", "mỗi dòng là gì: unit, field, leader hoặc directive (25 văn bản mới nhất); mặc định unit"}}
	trackerQuery  = append([]param{{"list", "late, week, dateless, waiting, returned, beside hoặc asked; bỏ trống là đang thực hiện"}}, trackerNarrow...)
)

// tracking are the routes of the tracker.
func (s *Server) tracking() []route {
	all := []route{
		list("/api/v1/tracker", "tracker", "Theo dõi nhiệm vụ: số liệu theo đơn vị, lĩnh vực, lãnh đạo hoặc văn bản.", trackerOut{}, (*call).tracker, append(trackerBy, trackerNarrow...)...),
		list("/api/v1/tracker/assignments", "trackedAssignments", "Danh sách sau một con số của trang theo dõi, đến hạn trước đứng trước.", page[assignmentLine]{}, (*call).trackedAssignments,
			append(append(append([]param{}, asSheet...), trackerQuery...), byPage...)...),
	}
	for i := range all {
		all[i].tag = tagDirective
	}
	return all
}

// trackerFilter reads the list and the filter of an address, and refuses what does not exist:
// a filter that names nobody would look like an empty list.
func trackerFilter(tx *db.Tx, q url.Values) (slice tracker.Slice, f tracker.Filter, err error) {
	slice = tracker.Slice(q.Get("list"))
	if slice.Say() == "" {
		return slice, f, fault.Field("list", "Danh sách là late, week, dateless, waiting, returned, beside hoặc asked; bỏ trống là đang thực hiện.")
	}
	f.Field, f.Leader, f.Directive = q.Get("field"), org.OfficerID(q.Get("leader")), casefile.ID(q.Get("directive"))
	for _, u := range q["unit"] {
		if err := knownUnit(tx, "unit", org.UnitID(u)); err != nil {
			return slice, f, err
		}
		f.Units = append(f.Units, org.UnitID(u))
	}
	return slice, f, nil
}

func trackedOf(f tracker.Figures) trackedFigures {
	return trackedFigures{f.Open, f.Late, f.Week, f.Dateless, f.Met, f.DoneLate}
}

// tracker answers the figures.
func (c *call) tracker() error {
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		q := c.r.URL.Query()
		by := tracker.Dimension(q.Get("by"))
		switch by {
		case "unit":
			by = tracker.ByUnit
		case tracker.ByUnit, tracker.ByField, tracker.ByLeader, tracker.ByDirective:
		default:
			return nil, fault.Field("by", "Mỗi dòng là unit, field, leader hoặc directive.")
		}
		_, f, err := trackerFilter(tx, q)
		if err != nil {
			return nil, err
		}
		t, err := tracker.Read(tx, who, by, f)
		if err != nil {
			return nil, err
		}
		out := &trackerOut{Items: []trackedItem{}, Total: trackedOf(t.Total), Waiting: t.Waiting, Returned: t.Returned, Beside: t.Beside, All: t.All,
			WeekEnds: t.WeekEnds.String(), At: instant(t.At)}
		for _, r := range t.Rows {
			item := trackedItem{Line{ID: r.Key, Title: r.Name}, trackedOf(r.Figures)}
			if by == tracker.ByUnit {
				item.Lead = r.Key
			}
			out.Items = append(out.Items, item)
		}
		return json.Marshal(out)
	})
}

// trackedAssignments answers the list behind a number, page by page or as a sheet.
func (c *call) trackedAssignments() error {
	ok, err := c.wantsSheet()
	if err != nil {
		return err
	}
	q := c.r.URL.Query()
	if ok {
		return c.sheet(func(tx *db.Tx) (export.List, error) {
			slice, f, err := trackerFilter(tx, q)
			return export.List{Title: "Theo dõi nhiệm vụ", Tracker: &export.Tracked{Slice: slice, Filter: f}}, err
		})
	}
	limit, err := c.limit()
	if err != nil {
		return err
	}
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		slice, f, err := trackerFilter(tx, q)
		if err != nil {
			return nil, err
		}
		lines, next, err := tracker.List(tx, who, slice, f, q.Get("cursor"), limit)
		if err != nil {
			return nil, err
		}
		out := page[assignmentLine]{Items: []assignmentLine{}, Next: next}
		for i := range lines {
			out.Items = append(out.Items, assignmentLineOf(tx, &lines[i]))
		}
		return json.Marshal(&out)
	})
}

// dayText is a day as JSON has it, "" for none.
func dayText(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
