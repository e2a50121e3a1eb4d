package export

import (
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
)

// A Column is one that a list can show (cột), under the key by which addresses and kept
// filters name it.
type Column struct {
	Key string // "commune"
	sheet.Column
}

// PetitionColumns are what a list of petitions can show, in its order.
var PetitionColumns = []Column{
	{"code", sheet.Column{Title: "Mã theo dõi", Width: 14}},
	{"title", sheet.Column{Title: "Trích yếu", Width: 50}},
	{"commune", sheet.Column{Title: "Xã, phường kiến nghị"}},
	{"lead", sheet.Column{Title: "Cơ quan chủ trì"}},
	{"field", sheet.Column{Title: "Lĩnh vực"}},
	{"state", sheet.Column{Title: "Tình trạng", Width: 20}},
	{"outcome", sheet.Column{Title: "Kết quả trả lời", Width: 22}},
	{"opened", sheet.Column{Title: "Nêu lúc", Kind: sheet.Moment}},
	{"due", sheet.Column{Title: "Hạn trả lời", Kind: sheet.Day}},
}

// DutyColumns are what a list of duties can show, in its order.
var DutyColumns = []Column{
	{"duty", sheet.Column{Title: "Việc phải làm"}},
	{"code", sheet.Column{Title: "Mã theo dõi", Width: 14}},
	{"title", sheet.Column{Title: "Trích yếu", Width: 45}},
	{"unit", sheet.Column{Title: "Đơn vị phải làm"}},
	{"commune", sheet.Column{Title: "Kiến nghị của"}},
	{"section", sheet.Column{Title: "Phòng"}},
	{"officer", sheet.Column{Title: "Người chủ trì", Width: 20}},
	{"field", sheet.Column{Title: "Lĩnh vực"}},
	{"due", sheet.Column{Title: "Ngày hết hạn", Kind: sheet.Day}},
	{"source", sheet.Column{Title: "Căn cứ hạn"}},
	{"standing", sheet.Column{Title: "Tình trạng", Width: 22}},
	{"ended", sheet.Column{Title: "Xong lúc", Kind: sheet.Moment}},
}

// Can are the columns that the list has, chosen or not.
func (l List) Can() []Column {
	switch {
	case l.Petitions != nil:
		return PetitionColumns
	case l.Tracker != nil:
		all := make([]Column, len(tracker.Columns))
		for i, c := range tracker.Columns {
			all[i] = Column(c)
		}
		return all
	}
	return DutyColumns
}

// ChosenOf reads the keys of an address: given several times, or with commas between. A key
// that is none of the columns is a fault.Invalid at the field "columns".
func ChosenOf(values []string, can []Column) (keys []string, err error) {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			one = strings.TrimSpace(one)
			if one == "" || slices.Contains(keys, one) {
				continue
			}
			if !slices.ContainsFunc(can, func(c Column) bool { return c.Key == one }) {
				return nil, fault.Field("columns", "Danh sách này không có cột “%.40s”. Các cột: %s.", one, keysOf(can))
			}
			keys = append(keys, one)
		}
	}
	return keys, nil
}

// keysOf names every column by its key, for a refusal that helps.
func keysOf(can []Column) string {
	var all []string
	for _, c := range can {
		all = append(all, c.Key)
	}
	return strings.Join(all, ", ")
}

// With is the list in some of its columns; without keys it has all.
func (l List) With(values []string) (List, error) {
	keys, err := ChosenOf(values, l.Can())
	l.Chosen = keys
	return l, err
}

// shows says whether the column at that place is wanted.
func (l List) shows(at int) bool {
	return len(l.Chosen) == 0 || slices.Contains(l.Chosen, l.Can()[at].Key)
}

// chosen keeps of a full row what is wanted. The order is the list's, so that two sheets
// of the same list can be laid side by side.
func (l List) chosen(row []any) []any {
	if len(l.Chosen) == 0 {
		return row
	}
	var kept []any
	for i, v := range row {
		if l.shows(i) {
			kept = append(kept, v)
		}
	}
	return kept
}

// Showing are the columns that the list's sheet will have.
func (l List) Showing() (all []Column) {
	for i, c := range l.Can() {
		if l.shows(i) {
			all = append(all, c)
		}
	}
	return all
}

// Columns are the columns of the list's sheet; the first one counts the rows.
func (l List) Columns() []sheet.Column {
	all := []sheet.Column{{Title: "STT", Kind: sheet.Number, Width: 6}}
	for _, c := range l.Showing() {
		all = append(all, c.Column)
	}
	return all
}

// ColumnsOf is which columns the rows of a list tell, as a condition.
func ColumnsOf(can []Column) filter.Condition {
	return filter.Formed("columns", "Cột", "không có cột %; các cột: "+keysOf(can)+".", func(v string) error {
		_, err := ChosenOf([]string{v}, can)
		return err
	}).Several().Saying("cách nhau bằng dấu phẩy; bỏ trống là đủ cột")
}

// The conditions of lists whose filters can be kept, columns included.
var (
	PetitionConditions = append(petition.Conditions[:len(petition.Conditions):len(petition.Conditions)], ColumnsOf(PetitionColumns))
	SearchConditions   = append(search.Conditions[:len(search.Conditions):len(search.Conditions)], ColumnsOf(PetitionColumns))
)

// ListConditions returns the conditions of a list of search.Lists.
func ListConditions(list string) filter.Set {
	return map[string]filter.Set{"petitions": PetitionConditions, "search": SearchConditions}[list]
}
