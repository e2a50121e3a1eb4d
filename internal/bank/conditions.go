package bank

import (
	"net/url"
	"strings"

	"lienthong/internal/filter"
)

// Conditions are those of the bank's list: see Filter.
var Conditions = filter.Set{
	filter.Words("q", "Câu hỏi"), filter.Field("field", "Lĩnh vực"),
	filter.Choice("state", "Tình trạng", filter.Options(filter.In(States), Draft, Waiting, Approved, Retracted)...).Saying("mặc định approved"),
}

// FilterOf reads the filter of an address that Conditions have read.
func FilterOf(q url.Values) Filter {
	return Filter{State: q.Get("state"), Field: q.Get("field"), Text: strings.TrimSpace(q.Get("q"))}
}
