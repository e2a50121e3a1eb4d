package tracker

import (
	"net/url"

	"lienthong/internal/casefile"
	"lienthong/internal/filter"
	"lienthong/internal/org"
)

// Conditions are those of the figures of assignments and of the lists behind them: see
// Filter, Slice and Dimension.
var Conditions = filter.Set{
	filter.Choice("by", "Xếp theo", filter.Option{Value: "unit", Say: "Đơn vị"}, filter.Option{Value: string(ByField), Say: "Lĩnh vực"},
		filter.Option{Value: string(ByLeader), Say: "Lãnh đạo phụ trách"}, filter.Option{Value: string(ByDirective), Say: "Văn bản"}).Saying("mặc định unit; theo văn bản là 25 văn bản mới nhất"),
	filter.Choice("list", "Danh sách", sliceOptions()...).Saying("bỏ trống là đang thực hiện"), filter.Unit("unit", "Đơn vị chủ trì").Several(),
	filter.Field("field", "Lĩnh vực").Saying("kể cả lĩnh vực con"), filter.Officer("leader", "Lãnh đạo phụ trách"), filter.Case("directive", "Văn bản giao"),
}

// sliceOptions are the lists behind the figures; Running is the one without a name.
func sliceOptions() (all []filter.Option) {
	for _, x := range Slices {
		if x.Slice != Running {
			all = append(all, filter.Option{Value: string(x.Slice), Say: x.Say})
		}
	}
	return all
}

// FilterOf reads what an address that Conditions have read asks for: the rows of figures,
// the list behind one of them, and what narrows both.
func FilterOf(q url.Values) (by Dimension, slice Slice, f Filter) {
	by, slice = Dimension(q.Get("by")), Slice(q.Get("list"))
	if by == "unit" {
		by = ByUnit
	}
	f = Filter{Field: q.Get("field"), Leader: org.OfficerID(q.Get("leader")), Directive: casefile.ID(q.Get("directive"))}
	for _, u := range q["unit"] {
		if u != "" {
			f.Units = append(f.Units, org.UnitID(u))
		}
	}
	return by, slice, f
}

// FindingOptions are the findings of comparing a sheet, as values of a condition.
func FindingOptions() (all []filter.Option) {
	for _, x := range Findings {
		all = append(all, filter.Option{Value: string(x.Finding), Say: x.Say})
	}
	return all
}
