package board

import (
	"net/url"

	"lienthong/internal/duty"
	"lienthong/internal/filter"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Conditions are those of every board, map and list behind a figure: see Filter.
func Conditions(kinds duty.Kinds) filter.Set {
	var by, figures, causes []filter.Option
	for _, d := range Dimensions {
		by = append(by, filter.Option{Value: string(d.By), Say: d.Say})
	}
	for _, f := range Figures {
		figures = append(figures, filter.Option{Value: string(f.Figure), Say: f.Say})
	}
	for _, c := range Causes {
		causes = append(causes, filter.Option{Value: string(c.Cause), Say: c.Say})
	}
	return filter.Set{
		inbox.RuleCondition(kinds).Saying("việc được đếm, mặc định " + petition.MustAnswer), filter.Unit("unit", "Đơn vị phải làm").Several(),
		filter.Officer("charge", "Phó Chủ tịch phụ trách").Or(string(Everything)).Saying("chỉ các đơn vị cán bộ này phụ trách"),
		filter.Day("from", "Việc đã xong: hạn từ ngày").Saying("mặc định 1 tháng 1"), filter.Day("to", "Việc đã xong: hạn đến ngày"),
		filter.Choice("by", "Bảng xếp theo", by...).Saying("mặc định unit"), filter.Choice("figure", "Con số", figures...),
		filter.Field("field", "Lĩnh vực").Or(None).Saying("kể cả lĩnh vực con; - là không có lĩnh vực"),
		filter.Unit("commune", "Xã, phường kiến nghị").Or(None),
		filter.Area("area", "Địa bàn").Or(None).Saying("tỉnh cũ; - là không thuộc địa bàn nào"),
		filter.Officer("desk", "Chuyên viên theo dõi").Or(None).Saying("- là chưa có ai"), petition.StateCondition, petition.OutcomeCondition,
		filter.Choice("cause", "Vì sao còn chờ", causes...), filter.Yes("dated", "Chỉ tính việc có hạn").Saying("với việc đã xong"),
	}
}

// FilterOf reads the filter of an address that Conditions have read.
func FilterOf(q url.Values) (f Filter) {
	f = Filter{By: Dimension(q.Get("by")), Figure: Figure(q.Get("figure")), Field: q.Get("field"), Commune: org.UnitID(q.Get("commune")),
		Area: q.Get("area"), Desk: q.Get("desk"), State: q.Get("state"), Outcome: petition.Outcome(q.Get("outcome")),
		Cause: Cause(q.Get("cause")), Dated: q.Get("dated") != "", Query: Query{Rule: q.Get("rule"), Charge: org.OfficerID(q.Get("charge"))}}
	for _, u := range q["unit"] {
		if u != "" {
			f.Units = append(f.Units, org.UnitID(u))
		}
	}
	f.From, _ = workday.ParseDate(q.Get("from")) // written by Conditions, or absent
	f.To, _ = workday.ParseDate(q.Get("to"))
	return f
}
