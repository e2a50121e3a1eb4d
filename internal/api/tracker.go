package api

import (
	"encoding/json"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/filter"
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

// tracking are the routes of the tracker.
func (s *Server) tracking() []route {
	all := []route{
		list("/api/v1/tracker", "tracker", "Theo dõi nhiệm vụ: số liệu theo đơn vị, lĩnh vực, lãnh đạo hoặc văn bản.", trackerOut{}, (*call).tracker, trackerBut("list")...),
		list("/api/v1/tracker/assignments", "trackedAssignments", "Danh sách sau một con số của trang theo dõi, đến hạn trước đứng trước.", page[assignmentLine]{}, (*call).trackedAssignments,
			slices.Concat(trackerBut("by"), byPage, filter.Set{asSheet, trackedColumns})...),
	}
	for i := range all {
		all[i].tag = tagDirective
	}
	return all
}

// trackerBut are the conditions of the tracker but one: figures have no list, lists no rows.
func trackerBut(name string) filter.Set {
	return slices.DeleteFunc(slices.Clone(tracker.Conditions), func(c filter.Condition) bool { return c.Name == name })
}

func trackedOf(f tracker.Figures) trackedFigures {
	return trackedFigures{f.Open, f.Late, f.Week, f.Dateless, f.Met, f.DoneLate}
}

// tracker answers the figures.
func (c *call) tracker() error {
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		by, _, f := tracker.FilterOf(c.q)
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
	_, slice, f := tracker.FilterOf(c.q)
	if c.wantsSheet() {
		return c.sheet(func(*db.Tx) (export.List, error) {
			return export.List{Title: "Theo dõi nhiệm vụ", Tracker: &export.Tracked{Slice: slice, Filter: f}}, nil
		})
	}
	limit := c.limit()
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		lines, next, err := tracker.List(tx, who, slice, f, c.q.Get("cursor"), limit)
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
