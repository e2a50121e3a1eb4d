package inbox

import (
	"cmp"
	"maps"
	"net/url"
	"slices"

	"lienthong/internal/duty"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// Standings are the standings in the order in which a filter offers them, with their words.
var Standings = []filter.Option{{Value: string(Open), Say: "Đang mở"}, {Value: string(Missed), Say: "Quá hạn chưa xong"},
	{Value: string(Inherited), Say: "Quá hạn do nhận lại, đơn vị còn thời gian"}, {Value: string(Soon), Say: "Sắp đến hạn"},
	{Value: string(Dateless), Say: "Không nêu hạn"}, {Value: string(Suspended), Say: "Đang tạm dừng"}, {Value: string(Asked), Say: "Được đề nghị"}}

// RuleCondition is the kind of what is owed, among the kinds of duties.
func RuleCondition(kinds duty.Kinds) filter.Condition {
	var all []filter.Option
	for _, rule := range slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return cmp.Compare(a, b) }) {
		all = append(all, filter.Option{Value: rule, Say: kinds[rule].Say})
	}
	return filter.Choice("rule", "Loại việc", all...)
}

// Conditions are those of every list of what must be done: see Filter.
func Conditions(kinds duty.Kinds) filter.Set {
	return filter.Set{
		filter.Unit("unit", "Đơn vị phải làm").Saying("bỏ trống là các đơn vị của cán bộ"),
		filter.Choice("scope", "Phạm vi", filter.Option{Value: string(Mine), Say: "Giao cho tôi"}, filter.Option{Value: string(Watching), Say: "Tôi phối hợp, để biết"}).Saying("bỏ trống: của đơn vị"),
		filter.Choice("standing", "Tình trạng", Standings...), RuleCondition(kinds), filter.Field("field", "Lĩnh vực").Saying("kể cả lĩnh vực con"),
		filter.Unit("section", "Phòng"), filter.Officer("officer", "Người chủ trì"), petition.StateCondition,
	}
}

// FilterOf reads the filter of an address that Conditions have read.
func FilterOf(q url.Values) (f Filter) {
	f = Filter{Scope: Scope(q.Get("scope")), Standing: Standing(q.Get("standing")), Section: org.UnitID(q.Get("section")),
		Officer: org.OfficerID(q.Get("officer")), State: q.Get("state")}
	if u := q.Get("unit"); u != "" {
		f.Units = []org.UnitID{org.UnitID(u)}
	}
	if r := q.Get("rule"); r != "" {
		f.Rules = []string{r}
	}
	if x := q.Get("field"); x != "" {
		f.Fields = []string{x}
	}
	return f
}
