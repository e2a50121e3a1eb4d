package campaign

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/vntext"
)

// listColumns are the columns of a list of difficulties, by the headings that communes and
// working groups write. The list's own appendix has them too.
var listColumns = []sheet.Wanted{
	{Key: "text", Headings: []string{"Nội dung", "Nội dung khó khăn, vướng mắc", "Khó khăn, vướng mắc", "Nội dung khó khăn, vướng mắc, đề xuất", "Khó khăn, vướng mắc, kiến nghị", "Vướng mắc"}, Must: true},
	{Key: "title", Headings: []string{"Tóm tắt", "Tên vướng mắc", "Trích yếu", "Vấn đề"}},
	{Key: "wish", Headings: []string{"Đề xuất", "Kiến nghị", "Đề xuất, kiến nghị", "Kiến nghị, đề xuất"}},
	{Key: "commune", Headings: []string{"Xã, phường", "Đơn vị", "UBND xã, phường", "UBND cấp xã", "Tên xã, phường", "Địa phương"}},
}

// An Import is a list of difficulties that was read: the entries that can be taken, the lines
// that are entered already, and those that cannot be taken.
type Import struct {
	Lines []ListLine
	Have  []sheet.Bad
	Bad   []sheet.Bad

	table sheet.Table
}

// A ListLine is one entry of a list. Commune is a name as it was written until Check.
type ListLine struct {
	N     int // in the sheet, from 1
	Name  string
	Entry Entry

	row sheet.Row
}

// ReadImport reads a list kept as XLSX; what is no list is refused, a line that cannot be read
// is among the bad ones.
func ReadImport(r io.Reader) (l *Import, err error) {
	defer fault.Wrap(&err, "read list of difficulties")
	rows, err := sheet.Read(r)
	if err != nil {
		return nil, err
	}
	l = &Import{}
	if l.table, err = sheet.Find(rows, listColumns); err != nil {
		return nil, err
	}
	for _, row := range l.table.Below {
		cell := func(key string) string {
			if i, ok := l.table.At[key]; ok {
				return row.Cell(i)
			}
			return ""
		}
		x := ListLine{N: row.Line, Name: cell("commune"), row: row, Entry: Entry{Title: cell("title"), Text: cell("text")}}
		if x.Entry.Text == "" && x.Entry.Title == "" { // a heading inside the list, a line of signatures
			continue
		}
		x.Entry.fill(cell("wish"))
		l.Lines = append(l.Lines, x)
	}
	switch {
	case len(l.Lines) == 0:
		return nil, fault.Refuse(fault.Invalid, "Danh sách không có nội dung nào.")
	case len(l.Lines) > most:
		return nil, fault.Refuse(fault.TooLarge, "Danh sách có %d nội dung; mỗi tệp tối đa %d, hãy chia thành nhiều tệp.", len(l.Lines), most)
	}
	return l, nil
}

// fill makes a sentence of what has none: the first of the text, as long as a title may be.
func (in *Entry) fill(wish string) {
	if in.Text == "" {
		in.Text = in.Title
	}
	if in.Title == "" {
		first, _, _ := strings.Cut(in.Text, "\n")
		first, _, _ = strings.Cut(first, ". ")
		in.Title = vntext.Truncate(strings.TrimSuffix(first, "."), longestTitle)
	}
	if wish != "" {
		in.Text += "\n\nĐề xuất: " + wish
	}
}

// Check sets apart the lines that the actor may not enter and those that are entered already,
// and says for which commune the others are; it changes nothing.
func (l *Import) Check(tx *db.Tx, who org.Actor, id casefile.ID) (err error) {
	defer fault.Wrap(&err, "check list for campaign %s", id)
	c, err := Get(tx, who, id)
	if err != nil {
		return err
	}
	asked, err := Asked(tx, who, c)
	if err != nil {
		return err
	}
	byName, err := communeNames(tx, asked)
	if err != nil {
		return err
	}
	have, err := c.entries(tx, who)
	if err != nil {
		return err
	}
	good := []ListLine{}
	for _, x := range l.Lines {
		if err := x.fits(asked, byName); err != nil {
			l.Bad = append(l.Bad, sheet.BadOf(x.row, err))
			continue
		}
		key := x.Entry.key()
		if where, ok := have[key]; ok {
			l.Have = append(l.Have, sheet.Bad{Row: x.row, Why: "đã có nội dung này của xã (" + where + ")"})
			continue
		}
		have[key] = fmt.Sprintf("dòng %d của danh sách", x.N)
		good = append(good, x)
	}
	slices.SortStableFunc(l.Bad, func(a, b sheet.Bad) int { return a.Row.Line - b.Row.Line })
	l.Lines = good
	return nil
}

// fits finds the commune of a line and refuses what Enter would refuse.
func (x *ListLine) fits(asked []org.UnitID, byName map[string]org.UnitID) error {
	unit, ok := byName[nameKey(x.Name)]
	switch {
	case x.Name == "" && len(asked) == 1:
		unit = asked[0]
	case x.Name == "":
		return fault.Refuse(fault.Invalid, "không ghi xã, phường.")
	case !ok:
		return fault.Refuse(fault.Invalid, "“%.60s” không phải xã, phường mà anh/chị nhập được trong đợt này.", x.Name)
	}
	x.Entry.Commune = unit
	return x.Entry.check()
}

// key tells entries apart that say the same for the same commune.
func (in *Entry) key() string {
	return string(in.Commune) + " " + strings.Join(vntext.Words(in.Text), " ")
}

// entries are what the actor sees of the campaign's items, by key, with their codes.
func (c *Campaign) entries(tx *db.Tx, who org.Actor) (have map[string]string, err error) {
	have = map[string]string{}
	for cursor := ""; ; {
		some, next, err := Items(tx, who, c.ID, Filter{}, cursor, 1000)
		if err != nil {
			return nil, err
		}
		for _, i := range some {
			in := Entry{Commune: i.Commune, Text: i.Text}
			have[in.key()] = "mã theo dõi " + i.Code
		}
		if cursor = next; next == "" {
			return have, nil
		}
	}
}

// communeNames are the names under which lists write communes: the full and the short one,
// with the word for its kind or without, where that is one commune's alone.
func communeNames(tx *db.Tx, asked []org.UnitID) (byName map[string]org.UnitID, err error) {
	byName, twice := map[string]org.UnitID{}, map[string]bool{}
	for _, id := range asked {
		u, err := org.UnitOf(tx, id)
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Compact(slices.Sorted(slices.Values([]string{nameKey(u.Name), nameKey(u.Short), nameKey(string(u.ID))}))) {
			twice[key] = twice[key] || byName[key] != ""
			byName[key] = id
		}
	}
	for key := range twice {
		if twice[key] {
			delete(byName, key)
		}
	}
	return byName, nil
}

// nameKey is a commune's name without marks, and without the words that only say that it is
// the People's Committee of one.
func nameKey(name string) string {
	key := strings.Join(vntext.Words(name), " ")
	for _, lead := range []string{"uy ban nhan dan ", "ubnd "} {
		key = strings.TrimPrefix(key, lead)
	}
	return key
}

// EnterAll enters the lines that fit, all of them or none; how they count is Enter's.
func EnterAll(tx *db.Tx, who org.Actor, id casefile.ID, l *Import) (n int, err error) {
	defer fault.Wrap(&err, "enter list in campaign %s", id)
	if err := l.Check(tx, who, id); err != nil {
		return 0, err
	}
	for _, x := range l.Lines {
		if _, err := Enter(tx, who, id, x.Entry); err != nil {
			return 0, err
		}
	}
	return len(l.Lines), nil
}

// WriteBad writes the bad lines as a list of the same columns, each with why.
func (l *Import) WriteBad(w io.Writer) error { return sheet.WriteBack(w, l.table, nil, l.Bad) }
