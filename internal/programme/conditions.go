package programme

import (
	"net/url"

	"lienthong/internal/filter"
	"lienthong/internal/org"
)

// placeRule says how a time is written in an address.
const placeRule = "% không phải là thời gian; viết như 2026, 2026-Q2, 2026-05, 2026-W21 hoặc 2026-05-18."

func placed(v string) error {
	_, err := ParsePlace(v)
	return err
}

// ItemConditions are those of the calendar: see Filter.
var ItemConditions = filter.Set{
	filter.Formed("at", "Thời gian", placeRule, placed).Saying("như 2026-05 hoặc 2026-W21; bỏ trống là tháng này"),
	filter.Unit("unit", "Chương trình của đơn vị"), filter.Yes("mine", "Chỉ việc đơn vị tôi tham gia"),
}

// WeekConditions are those of the weekly programmes.
var WeekConditions = filter.Set{filter.Formed("week", "Tuần", placeRule, placed).Saying("như 2026-W21; bỏ trống là tuần sau")}

// WeekPageConditions are the same as a page's address calls them.
var WeekPageConditions = filter.Set{filter.Formed("at", "Tuần", placeRule, placed)}

// ListConditions are those of the plans, reviews and weeks.
var ListConditions = filter.Set{
	filter.Choice("what", "Loại", filter.Option{Value: Week, Say: "Chương trình tuần"}, filter.Option{Value: Whole, Say: "Tổng hợp tuần"},
		filter.Option{Value: Plan, Say: "Kế hoạch"}, filter.Option{Value: Review, Say: "Sơ kết"}).Saying("bỏ trống là mọi loại"), filter.Unit("unit", "Đơn vị"),
}

// FilterOf reads the filter of an address that ItemConditions have read.
func FilterOf(q url.Values) Filter {
	return Filter{Unit: org.UnitID(q.Get("unit")), Mine: q.Get("mine") != ""}
}
