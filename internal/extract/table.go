package extract

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// columns are what the columns of a table of tasks are for, by index; -1: not there.
type columns struct{ label, content, lead, coord, time, n int }

// The words that head the columns.
var (
	headLabel   = table("tt|stt|số tt|số thứ tự")
	headLead    = table("chủ trì|cơ quan thực hiện|đơn vị thực hiện|cơ quan chủ trì|đơn vị chủ trì|đơn vị đầu mối|cơ quan tham mưu|chịu trách nhiệm|trách nhiệm thực hiện|phân công|phân công thực hiện|đơn vị được giao|đơn vị")
	headCoord   = table("phối hợp")
	headTime    = table("thời gian|thời hạn|tiến độ|hoàn thành|lộ trình|hạn hoàn thành|thời điểm|kỳ báo cáo")
	headContent = table("nội dung|nhiệm vụ|tên nhiệm vụ|công việc|nội dung công việc|giải pháp|hoạt động|đầu việc|nội dung nhiệm vụ|danh mục|tên công việc")
)

// table reads the run of rows that begins at index i of the siblings; it returns the
// index of the last one.
func (r *reader) table(siblings []*item, i int) int {
	last := i
	for last+1 < len(siblings) && siblings[last+1].row {
		last++
	}
	// rows above the head, and tables without columns of work and lead, give nothing
	cols := columns{label: -1, content: -1, lead: -1, coord: -1, time: -1}
	section := ""
	for n, it := range siblings[i : last+1] {
		cells := rowCells(it.m)
		if c := headOf(cells); c.content >= 0 && (c.lead >= 0 || c.time >= 0) {
			cols = c
			continue
		}
		if cols.content < 0 || cols.lead < 0 || strings.Trim(it.m.s, "|-: ") == "" {
			continue
		}
		if filled(cells) <= 2 && filled(cells) < cols.n-1 {
			section = "" // a row that only names a group
			continue
		}
		r.row(it, cells, cols, section, n)
	}
	return last
}

// rowCells cuts a row at its bars.
func rowCells(m mapped) []mapped {
	var out []mapped
	from := -1
	for i := 0; i < len(m.s); i++ {
		if m.s[i] != '|' {
			continue
		}
		if from >= 0 {
			out = append(out, m.sub(from, i).trim())
		}
		from = i + 1
	}
	if from >= 0 && from < len(m.s) {
		if c := m.sub(from, len(m.s)).trim(); c.s != "" {
			out = append(out, c)
		}
	}
	return out
}

// filled counts the cells that hold something.
func filled(cells []mapped) int {
	n := 0
	for _, c := range cells {
		if c.s != "" {
			n++
		}
	}
	return n
}

// headOf tells what the cells head, where they are a head of columns.
func headOf(cells []mapped) columns {
	c := columns{label: -1, content: -1, lead: -1, coord: -1, time: -1, n: len(cells)}
	for i, cell := range cells {
		t := tokens(cell.s)
		if len(t) > 14 {
			return columns{label: -1, content: -1, lead: -1, coord: -1, time: -1}
		}
		switch {
		case headLabel.at(t, 0) > 0 && c.label < 0:
			c.label = i
		case headCoord.has(t) && !headLead.at2(t) && c.coord < 0:
			c.coord = i
		case headTime.has(t) && c.time < 0:
			c.time = i
		case headLead.has(t) && c.lead < 0 && !headContent.has(t[:min(1, len(t))]):
			c.lead = i
		case headContent.has(t) && c.content < 0:
			c.content = i
		}
	}
	// words of work alone head no table of tasks
	if c.label < 0 && c.lead < 0 {
		c.content = -1
	}
	return c
}

// at2 tells that the head speaks of leading as well: "chủ trì, phối hợp".
func (p phrases) at2(t []token) bool {
	for i := range t {
		if is(t, i, "chủ", "trì") {
			return true
		}
	}
	return false
}

// row makes the task of one row: work and a lead.
func (r *reader) row(it *item, cells []mapped, cols columns, section string, n int) {
	at := func(i int) mapped {
		if i < 0 || i >= len(cells) {
			return mapped{}
		}
		return cells[i]
	}
	content, lead := at(cols.content), at(cols.lead)
	lt := tokens(lead.s)
	list, _ := bodiesAt(lt, 0)
	if content.s == "" || len(lt) == 0 || len(tokens(content.s)) < 3 {
		return
	}
	p := Proposal{Content: strings.TrimRight(content.s, " .;"), Coordinating: []string{}}
	p.Lead = cellNames(lead, lt, list)
	if len(p.Lead) == 0 { // a cell of nothing but signs
		return
	}
	p.writeOut()
	if ct := tokens(at(cols.coord).s); len(ct) > 0 && cols.coord >= 0 {
		l, _ := bodiesAt(ct, 0)
		p.Coordinating = cellNames(at(cols.coord), ct, l)
	} else {
		p.Coordinating = coordinating(content, tokens(content.s), 0, len(tokens(content.s)))
	}
	// a row without a number is counted
	label := strings.Trim(at(cols.label).s, ". ")
	if label == "" {
		label = strconv.Itoa(n)
	}
	p.Clause = strings.TrimPrefix(r.rowPath(it)+"."+label, ".")
	p.Span = content.span(0, len(content.s))
	sp := lead.span(0, len(lead.s))
	p.LeadSpan = &sp
	p.Why = []string{"dòng của bảng: cột chủ trì"}
	r.cellDate(at(cols.time), content, &p)
	r.out = append(r.out, p)
}

// rowPath is where the table stands.
func (r *reader) rowPath(it *item) string {
	if r.annex != "" {
		return r.annex
	}
	if it.parent == nil || it.parent.parent == nil {
		return "Bảng"
	}
	return it.parent.clause()
}

// cellNames are the bodies of a cell: the list it holds, else its parts.
func cellNames(m mapped, t []token, list []body) []string {
	if len(list) > 0 && list[len(list)-1].to >= len(t)-1 {
		return names(m, t, list)
	}
	var out []string
	for s := range strings.SplitSeq(strings.NewReplacer("; ", ";", " - ", ";", "<br>", ";").Replace(m.s), ";") {
		if s = strings.Trim(s, " .,-"); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// cellDate reads the time column; "Thường xuyên" is a rhythm only there.
func (r *reader) cellDate(cell, content mapped, p *Proposal) {
	t := tokens(cell.s)
	if len(t) == 0 {
		t = tokens(content.s)
		if m, ok := choose(times(t, r.day, false)); ok {
			r.setDate(content, t, m, p)
		}
		return
	}
	m, ok := lastDayOf(times(t, r.day, true))
	if ok {
		r.setDate(cell, t, m, p)
		if !m.words {
			p.DeadlineText = some(cell.s)
		}
		return
	}
	p.DeadlineText = some(cell.s)
	sp := cell.span(0, len(cell.s))
	p.DeadlineSpan = &sp
	if low(cell.s) == "thường xuyên" || strings.HasPrefix(low(cell.s), "thường xuyên") || strings.Contains(low(cell.s), "liên tục") {
		p.Recurrence = some("continuous")
	}
}

// lastDayOf takes the last day of a cell that states several; a rhythm where there is none.
func lastDayOf(all []moment) (best moment, ok bool) {
	for _, m := range all {
		switch {
		case !ok, best.words && !m.words, best.recurrence != "" && m.recurrence == "" && !m.words:
			best, ok = m, true
		case m.recurrence == "" && !m.words && best.recurrence == "" && m.day.After(best.day):
			from := best.from
			best = m
			best.from = min(from, m.from)
		}
	}
	return best, ok
}

// tableOrText makes rows of the loose cells and of the columns that a table became in
// plain text; the rest stays text.
func (p *parts) tableOrText(lines []line) []paragraph {
	for i, l := range lines {
		if l.m.s == "TT" || l.m.s == "STT" || l.m.s == "Số TT" {
			if rows, end := looseCells(lines, i); len(rows) > 1 {
				out := paragraphs(lines[:i], p.lay)
				return append(append(out, rows...), p.tableOrText(lines[end:])...)
			}
		}
		if c := l.columns(); len(c) >= 3 && headLabel.at(tokens(c[0].m.s), 0) > 0 {
			if rows, end := inColumns(lines, i); len(rows) > 1 {
				out := paragraphs(lines[:i], p.lay)
				return append(append(out, rows...), p.tableOrText(lines[end:])...)
			}
		}
	}
	return paragraphs(lines, p.lay)
}

// looseCells reads a table of one cell a line: heads, then rows that count from 1.
func looseCells(lines []line, at int) ([]paragraph, int) {
	var heads []mapped
	i := at
	for ; i < len(lines) && i < at+20; i++ {
		s := lines[i].m.s
		if s == "1" || s == "(1)" || s == "I" || s == "01" {
			break
		}
		if s != "" {
			heads = append(heads, lines[i].m)
		}
	}
	out := []paragraph{rowOf(heads)}
	next := 1
	var row []mapped
	for ; i < len(lines); i++ {
		s := lines[i].m.s
		switch {
		case s == "" || markerOf(s).kind == parenItem && len(row) == 0:
		case s == strconv.Itoa(next) || s == "0"+strconv.Itoa(next) || s == strconv.Itoa(next)+".":
			if len(row) > 0 {
				out = append(out, rowOf(row))
			}
			row = []mapped{lines[i].m}
			next++
		case len(row) >= len(heads) && len(heads) > 0:
			row[len(row)-1] = join([]mapped{row[len(row)-1], lines[i].m}, " ")
		case len(row) > 0:
			row = append(row, lines[i].m)
		}
	}
	if len(row) > 0 {
		out = append(out, rowOf(row))
	}
	return out, i
}

// rowOf writes cells as one row with bars.
func rowOf(cells []mapped) paragraph {
	bar := mapped{"|", []int32{0, 0}}
	if len(cells) > 0 && len(cells[0].at) > 0 {
		bar.at[0], bar.at[1] = cells[0].at[0], cells[0].at[0]
	}
	return paragraph{m: join(append([]mapped{bar}, cells...), " | ").afterBar(), row: true}
}

// afterBar takes one of the two bars that joining sets at the front.
func (m mapped) afterBar() mapped { return m.sub(2, len(m.s)) }

// A chunk is a piece of a line between wide gaps, with where it stands.
type chunk struct {
	m        mapped
	from, to int
}

// columns cuts a line at gaps of two blanks.
func (l line) columns() []chunk {
	var out []chunk
	x, i := l.indent, 0
	for i < len(l.m.s) {
		j := strings.Index(l.m.s[i:], "  ")
		if j < 0 {
			j = len(l.m.s) - i
		}
		if j > 0 {
			w := utf8.RuneCountInString(l.m.s[i : i+j])
			out = append(out, chunk{l.m.sub(i, i+j), x, x + w})
			x += w
			i += j
		}
		for i < len(l.m.s) && l.m.s[i] == ' ' {
			i++
			x++
		}
	}
	return out
}

// inColumns reads a table that stands in columns below its head.
func inColumns(lines []line, at int) ([]paragraph, int) {
	if rows := inBlocks(lines[at:]); rows != nil {
		return rows, len(lines)
	}
	heads, i := headColumns(lines, at)
	// chunks of the lines of one row are gathered by column until the next row number
	var out []paragraph
	row := make([][]mapped, len(heads))
	put := func() {
		cells := make([]mapped, len(heads))
		n := 0
		for k := range row {
			cells[k] = squeeze(join(row[k], " "))
			n += len(row[k])
			row[k] = nil
		}
		if n > 0 {
			out = append(out, rowOf(cells))
		}
	}
	for k, h := range heads {
		row[k] = []mapped{h.m}
	}
	put()
	for ; i < len(lines); i++ {
		c := lines[i].columns()
		if len(c) > 0 && nearest(heads, c[0]) == 0 && isRowLabel(c[0].m.s) {
			put()
		}
		for _, ch := range c {
			k := nearest(heads, ch)
			row[k] = append(row[k], ch.m)
		}
	}
	put()
	return out, i
}

// inBlocks reads a table whose rows stand apart by blank lines with the number in the middle of
// each, as a spreadsheet centres it: there a number does not begin its row. nil where the
// numbers begin theirs, or where one block holds two.
func inBlocks(lines []line) []paragraph {
	all := blocksOf(lines)
	heads, _ := headColumns(all[0], 0)
	if len(heads) < 3 {
		return nil
	}
	centred := false
	rows := [][]mapped{make([]mapped, len(heads))}
	for k, h := range heads {
		rows[0][k] = h.m
	}
	for _, block := range all[1:] {
		label, n := 0, 0
		for k, l := range block {
			if c := l.columns(); nearest(heads, c[0]) == 0 && isRowLabel(c[0].m.s) {
				label, n = k, n+1
			}
		}
		if n > 1 {
			return nil
		}
		centred = centred || label > 0
		if n == 1 || len(rows) == 1 { // a block without a number goes on with the row before a page's end
			rows = append(rows, make([]mapped, len(heads)))
		}
		cellsOf(block, heads, rows[len(rows)-1])
	}
	if !centred {
		return nil
	}
	var out []paragraph
	for _, r := range rows {
		out = append(out, rowOf(r))
	}
	return out
}

// blocksOf cuts lines apart at blank ones; there is at least one block.
func blocksOf(lines []line) [][]line {
	all := [][]line{nil}
	for _, l := range lines {
		switch last := len(all) - 1; {
		case !l.blank():
			all[last] = append(all[last], l)
		case len(all[last]) > 0:
			all = append(all, nil)
		}
	}
	if last := len(all) - 1; last > 0 && len(all[last]) == 0 {
		all = all[:last]
	}
	return all
}

// cellsOf adds what the lines of a block hold below each head.
func cellsOf(block []line, heads []chunk, row []mapped) {
	for _, l := range block {
		for _, c := range l.columns() {
			k := nearest(heads, c)
			if row[k].s == "" {
				row[k] = c.m
				continue
			}
			row[k] = join([]mapped{row[k], c.m}, " ")
		}
	}
}

// isRowLabel finds "3", "2.1", "IV": what stands in the first column of a row.
func isRowLabel(s string) bool {
	s = strings.Trim(s, ".) ")
	return s != "" && len(s) < 6 && (strings.Trim(s, "0123456789.") == "" || strings.Trim(s, "IVX") == "")
}

// headColumns merges the lines of a head by where their words stand.
func headColumns(lines []line, at int) (heads []chunk, next int) {
	for next = at; next < len(lines) && next < at+8; next++ {
		c := lines[next].columns()
		if next > at && len(c) > 0 && isRowLabel(c[0].m.s) {
			break
		}
	chunks:
		for _, ch := range c {
			for k := range heads {
				if ch.from < heads[k].to && ch.to > heads[k].from {
					heads[k].m = join([]mapped{heads[k].m, ch.m}, " ")
					heads[k].from, heads[k].to = min(heads[k].from, ch.from), max(heads[k].to, ch.to)
					continue chunks
				}
			}
			heads = append(heads, ch)
		}
	}
	for i := range heads { // from left to right
		for j := i; j > 0 && heads[j].from < heads[j-1].from; j-- {
			heads[j], heads[j-1] = heads[j-1], heads[j]
		}
	}
	return heads, next
}

// nearest is the column whose head overlaps a chunk the most, or is the closest to it.
func nearest(heads []chunk, c chunk) int {
	best, score := 0, -1<<30
	for k, h := range heads {
		s := min(c.to, h.to) - max(c.from, h.from)
		if s > score {
			best, score = k, s
		}
	}
	return best
}
