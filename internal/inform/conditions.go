package inform

import (
	"net/url"
	"strings"

	"lienthong/internal/filter"
	"lienthong/internal/org"
)

// Conditions are those of the directory of contact points: see Filter.
var Conditions = filter.Set{
	filter.Words("q", "Tìm").Saying("chữ trong tên người, đơn vị, lĩnh vực; có dấu hay không"), filter.Unit("unit", "Cơ quan"),
	filter.Field("field", "Lĩnh vực").Saying("ai trả lời về lĩnh vực ấy: đầu mối của cơ quan có thẩm quyền"),
}

// FilterOf reads the filter of an address that Conditions have read.
func FilterOf(q url.Values) Filter {
	return Filter{Unit: org.UnitID(q.Get("unit")), Field: q.Get("field"), Text: strings.TrimSpace(q.Get("q"))}
}
