package score

import "lienthong/internal/filter"

// ItemConditions are those of the list behind a figure of a table.
var ItemConditions = filter.Set{
	filter.Unit("unit", "Đơn vị"), filter.Choice("side", "Bên", filter.Option{Value: Answers, Say: "Sở, ngành trả lời"}, filter.Option{Value: Raised, Say: "Xã, phường kiến nghị"}),
	filter.Choice("figure", "Con số", filter.Option{Value: "all", Say: "Tất cả"}, filter.Option{Value: InTime, Say: "Đúng hạn"}, filter.Option{Value: Late, Say: "Quá hạn"},
		filter.Option{Value: Excused, Say: "Có lý do"}, filter.Option{Value: Home, Say: "Giải quyết được tại xã"}).Saying("mặc định all"),
}
