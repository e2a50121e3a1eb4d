package incident

import "lienthong/internal/filter"

// Running in a filter is every state before the end; All is every state.
const (
	Running = "running"
	All     = "all"
)

// Conditions are those of the list of incidents.
var Conditions = filter.Set{filter.Choice("state", "Tình trạng", append([]filter.Option{{Value: Running, Say: "Đang xử lý, kể cả báo cáo đang trình ký"}, {Value: All, Say: "Tất cả"}},
	filter.Options(filter.In(States), Drafting, Open, Ended, Reviewed)...)...)}
