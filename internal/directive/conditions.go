package directive

import "lienthong/internal/filter"

// Conditions are those of the list of directives.
var Conditions = filter.Set{
	filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), Drafting, Proposed, Confirmed, Releasing, Released, Withdrawn)...),
}

// SeriesConditions are those of the list of what comes again: see SeriesFilter.
var SeriesConditions = filter.Set{filter.Case("directive", "Văn bản giao"), filter.Unit("lead", "Đơn vị đang có")}

// AssignmentConditions are those of the list of assignments: see Filter.
var AssignmentConditions = filter.Set{
	filter.Case("directive", "Văn bản giao"), filter.Unit("lead", "Đơn vị chủ trì"), filter.Field("field", "Lĩnh vực"),
	filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), Open, Submitted, Accepted, Ended)...),
}
