package group

import "lienthong/internal/filter"

// Conditions are those of the list of groups.
var Conditions = filter.Set{filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), Open, Answered)...)}
