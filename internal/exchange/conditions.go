package exchange

import "lienthong/internal/filter"

// Conditions are those of the list of documents that came in.
var Conditions = filter.Set{
	filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), Waiting, Joined, Opened, Aside, Secret)...).Saying("mặc định waiting"),
}
