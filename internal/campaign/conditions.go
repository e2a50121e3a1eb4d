package campaign

import (
	"net/url"

	"lienthong/internal/filter"
	"lienthong/internal/org"
)

// ItemStateOrder lists the states of items in the order in which a filter offers them.
var ItemStateOrder = []string{Entered, Confirmed, Refused, Told, Settled, Unsettled}

// ItemConditions are those of the list of a campaign's items: see Filter.
var ItemConditions = filter.Set{
	filter.Choice("state", "Tình trạng", filter.Options(filter.In(ItemStates), ItemStateOrder...)...), filter.Commune("commune", "Xã, phường"),
}

// FilterOf reads the filter of an address that ItemConditions have read.
func FilterOf(q url.Values) Filter {
	return Filter{State: q.Get("state"), Commune: org.UnitID(q.Get("commune"))}
}
