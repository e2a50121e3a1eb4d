package tracker

import (
	"io"
	"strconv"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/sheet"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// wanted are the columns of a tracker that an office keeps, under the headings it may have.
var wanted = []sheet.Wanted{
	{Key: colNumber, Headings: []string{"Số văn bản", "Số, ký hiệu", "Số ký hiệu", "Số/Ký hiệu", "Số, ký hiệu văn bản", "Văn bản giao", "Văn bản giao nhiệm vụ", "Số VB", "Văn bản chỉ đạo"}, Must: true},
	{Key: colContent, Headings: []string{"Nội dung nhiệm vụ", "Nhiệm vụ", "Nội dung", "Nhiệm vụ được giao", "Nội dung giao", "Nội dung công việc", "Tên nhiệm vụ", "Nội dung chỉ đạo"}, Must: true},
	{Key: colLead, Headings: []string{"Cơ quan chủ trì", "Đơn vị chủ trì", "Đơn vị thực hiện", "Cơ quan thực hiện", "Chủ trì", "Cơ quan, đơn vị chủ trì", "Cơ quan được giao", "Đơn vị được giao"}, Must: true},
	{Key: colDay, Headings: []string{"Ngày văn bản", "Ngày VB", "Ngày ban hành", "Ngày ký", "Ngày tháng văn bản", "Ngày, tháng"}},
	{Key: colIssuer, Headings: []string{"Cơ quan ban hành", "Nơi ban hành", "Đơn vị ban hành", "Cơ quan giao"}},
	{Key: colClause, Headings: []string{"Mục", "Điều, khoản", "Điểm", "Mục, điểm"}},
	{Key: colWith, Headings: []string{"Cơ quan phối hợp", "Đơn vị phối hợp", "Phối hợp", "Cơ quan, đơn vị phối hợp"}},
	{Key: colDue, Headings: []string{"Hạn hoàn thành", "Hạn", "Thời hạn", "Thời hạn hoàn thành", "Hạn xử lý", "Thời gian hoàn thành", "Ngày hết hạn"}},
	{Key: colPercent, Headings: []string{"Tiến độ (%)", "Tiến độ", "Tỷ lệ hoàn thành", "% hoàn thành", "Tỷ lệ"}},
	{Key: colState, Headings: []string{"Tình trạng", "Trạng thái", "Kết quả thực hiện", "Kết quả", "Tình hình thực hiện"}},
	{Key: colResult, Headings: []string{"Văn bản kết quả", "Văn bản báo cáo", "Sản phẩm", "Số văn bản kết quả"}},
	{Key: colCode, Headings: []string{"Mã theo dõi", "Mã nhiệm vụ"}},
}

// An Entry is one line of a tracker that an office keeps (một dòng của bảng theo dõi). Texts
// are as typed; a day that cannot be read is kept as words and set down as a problem.
type Entry struct {
	Line     int // in the sheet, from 1
	Number   string
	IssuedOn workday.Date // zero where the line has none
	Issuer   string
	Clause   string
	Content  string
	Lead     string
	With     []string
	DueOn    workday.Date // zero where no day is written
	DueWords string       // what stands there and is no day: "thường xuyên"
	Percent  string       // "40"; "" not written
	State    string
	Result   string
	Code     string // of the assignment here, where the sheet came from here
	Problem  string // why the line cannot be taken; "" it can
}

// mostEntries bounds one file: more lines are a file of several years, which is better taken
// year by year.
const mostEntries = 20_000

// ReadSheet reads a tracker kept as XLSX. Merged cells count for each of their lines, days may
// be texts. A sheet without the columns of document, content and lead is refused; a line that
// cannot be taken has its Problem.
func ReadSheet(r io.Reader) (all []Entry, err error) {
	defer fault.Wrap(&err, "read tracker sheet")
	rows, err := sheet.Read(r)
	if err != nil {
		return nil, err
	}
	below, at, err := sheet.Columns(rows, wanted)
	if err != nil {
		return nil, err
	}
	for _, row := range below {
		e, ok := entryOf(row, at)
		if !ok {
			continue
		}
		if all = append(all, e); len(all) > mostEntries {
			return nil, fault.Refuse(fault.TooLarge, "Bảng có hơn %d nhiệm vụ; hãy chia thành nhiều tệp, mỗi tệp một năm.", mostEntries)
		}
	}
	if len(all) == 0 {
		return nil, fault.Refuse(fault.Invalid, "Bảng không có nhiệm vụ nào.")
	}
	return all, nil
}

// entryOf reads a line; ok is false for a heading inside the table, the numbers of columns
// below it, the source under it.
func entryOf(row sheet.Row, at map[string]int) (e Entry, ok bool) {
	cell := func(key string) string {
		if i, ok := at[key]; ok {
			return strings.TrimSpace(row.Cell(i))
		}
		return ""
	}
	e = Entry{Line: row.Line, Number: cell(colNumber), Issuer: cell(colIssuer), Clause: cell(colClause), Content: cell(colContent), Lead: cell(colLead),
		Percent: percent(cell(colPercent)), State: cell(colState), Result: cell(colResult), Code: cell(colCode)}
	if e.Lead == "" && e.Code == "" || e.Content == e.Lead || e.Content == "" && e.Number == "" {
		return e, false
	}
	if _, err := strconv.Atoi(e.Content); err == nil { // (1) (2) (3) under the headings
		return e, false
	}
	for _, name := range strings.FieldsFunc(cell(colWith), func(r rune) bool { return r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name != "" {
			e.With = append(e.With, name)
		}
	}
	if s := cell(colDay); s != "" {
		var err error
		if e.IssuedOn, err = sheet.ParseDay(s); err != nil {
			e.Problem = "ngày văn bản “" + vntext.Truncate(s, 40) + "” không đọc được"
		}
	}
	if s := cell(colDue); s != "" {
		var err error
		if e.DueOn, err = sheet.ParseDay(s); err != nil {
			e.DueWords = s
		}
	}
	e.check()
	return e, true
}

// check says why a line cannot be taken.
func (e *Entry) check() {
	text := strings.Join([]string{e.Number, e.Content, e.State, e.Result}, "\n")
	switch mark, secret := vntext.SecretMark(text); {
	case secret:
		e.Problem = "có dấu chỉ độ mật " + strconv.Quote(mark) + "; tài liệu bí mật nhà nước không được nhập"
		e.Content = ""
	case e.Content == "":
		e.Problem = "không ghi nội dung nhiệm vụ"
	case e.Number == "":
		e.Problem = "không ghi số văn bản giao"
	case e.IssuedOn.IsZero() && e.Problem == "":
		e.Problem = "không ghi ngày văn bản"
	}
}

// percent is a share as it is shown here: "40" of "40%", "0,4" or 0.4 under a percent format.
func percent(s string) string {
	s = strings.TrimSpace(s)
	share := strings.HasSuffix(s, "%")
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(strings.TrimSuffix(s, "%")), ",", "."), 64)
	if err != nil || n < 0 || n > 100 {
		return ""
	}
	if !share && n > 0 && n < 1 { // a cell in the format of a share keeps it as a part of one
		n *= 100
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// Done says whether the line speaks of a task that has ended.
func (e *Entry) Done() bool {
	s := " " + strings.Join(vntext.Words(e.State), " ") + " "
	for _, no := range []string{" chua ", " dang ", " khong ", " cho "} {
		if strings.Contains(s, no) {
			return false
		}
	}
	for _, yes := range []string{" hoan thanh ", " da xong ", " cong nhan ", " thoi thuc hien ", " ket thuc "} {
		if strings.Contains(s, yes) {
			return true
		}
	}
	return e.Percent == "100" && e.State == ""
}
