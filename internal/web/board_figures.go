package web

import (
	"strconv"

	"lienthong/internal/board"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// figureText shows a zero as a dash, so that the eye finds what is there.
func figureText(n int64) string {
	if n == 0 {
		return "–"
	}
	return grouped(n)
}

// grouped writes 1250 as people read it here: 1.250.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// boardTiles are the sums. The last one is a check of the system itself and must be 0.
func boardTiles(b *board.Board, f board.Filter) (tiles []ui.Tile) {
	add := func(figure board.Figure, label string, tone ui.Tone) {
		n := b.Total.Of(figure)
		if n == 0 {
			tone = ui.Calm
		}
		tiles = append(tiles, ui.Tile{Number: grouped(n), Label: label, Href: boardList(f, figure, ""), Tone: tone})
	}
	add(board.Open, "đang mở", ui.Calm)
	add(board.Missed, "quá hạn chưa xong", ui.Late)
	add(board.Soon, "đến hạn trong 2 ngày làm việc", ui.Soon)
	if f.Rule == petition.MustAnswer {
		add(board.Unresolved, "đã trả lời, chưa giải quyết xong", ui.Calm)
		for _, o := range []struct {
			of    petition.Outcome
			n     int64
			label string
		}{{petition.InProgress, b.Total.InProgress, "trong đó: tiếp thu, đang xử lý"}, {petition.ReferredUp, b.Total.ReferredUp, "trong đó: đã kiến nghị cấp trên"}} {
			g := f
			g.Outcome = o.of
			if o.n > 0 {
				tiles = append(tiles, ui.Tile{Number: grouped(o.n), Label: o.label, Href: boardList(g, board.Unresolved, "")})
			}
		}
		add(board.Unconfirmed, "đã trả lời, xã chưa xác nhận", ui.Calm)
	}
	if b.All {
		n := b.Orphans.NoOwner + b.Orphans.NoDue + b.Orphans.NoNext
		t := ui.Tile{Number: grouped(n), Label: "việc chưa có đơn vị chịu trách nhiệm", Href: "/board/orphans", Tone: ui.Done}
		if n > 0 {
			t.Tone = ui.Soon
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// A boardColumn is a figure of a unit's row beside its name.
type boardColumn struct {
	figure board.Figure // which count opens the list
	label  string
	tone   ui.Tone // only when the count is not zero
	seldom bool    // left out where no unit has any
}

// boardColumns are in the order in which a chief of office reads: what runs, what will be
// late, what is late, what was done.
var boardColumns = []boardColumn{
	{board.Open, "Đang mở", ui.Calm, false}, {board.Soon, "Còn ≤ 2 ngày", ui.Soon, false}, {board.Missed, "Quá hạn chưa xong", ui.Late, false},
	{board.Inherited, "Trong đó nhận lại, đơn vị còn thời gian", ui.Calm, true},
	{board.Dateless, "Không nêu hạn", ui.Calm, true}, {board.Suspended, "Đang tạm dừng", ui.Calm, true},
	{board.Met, "Xong đúng hạn", ui.Calm, false}, {board.Late, "Xong quá hạn", ui.Calm, false}, {board.Waived, "Cho thôi", ui.Calm, true},
}

// usedColumns leaves out what no unit has and few ever have.
func usedColumns(b *board.Board) (all []boardColumn) {
	for _, c := range boardColumns {
		if !c.seldom || b.Total.Of(c.figure) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// boardTable is one row a unit, in the order of units and never by figure: nothing here
// ranks.
func boardTable(b *board.Board, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Đơn vị phải làm: " + lower(dutyKinds()[f.Rule].Say), Empty: "Không có việc nào trong phạm vi đang xem. Bỏ bớt điều kiện lọc để xem rộng hơn.",
		Cols: []ui.Col{{Label: "Đơn vị"}}}
	for _, d := range board.Dimensions {
		if d.By == f.By && f.By != board.ByUnit {
			t.Cols[0].Label, t.Caption = d.Say, d.Say+": "+lower(dutyKinds()[f.Rule].Say)
		}
	}
	columns := usedColumns(b)
	for _, c := range columns {
		t.Cols = append(t.Cols, ui.Col{Label: c.label, Num: true})
	}
	halves := b.Total.Answered > 0
	if halves {
		t.Cols = append(t.Cols, ui.Col{Label: "Một nửa trả lời trong", Num: true})
	}
	for i := range b.Rows {
		g := f.With(b.Rows[i].Key)
		t.Rows = append(t.Rows, boardRow(columns, &b.Rows[i], g, ui.Cell{Text: b.Rows[i].Name, Href: boardPath(g)}, halves))
	}
	if len(b.Rows) > 1 {
		t.Foot = [][]ui.Cell{boardRow(columns, &b.Total, f, ui.Cell{Text: "Cộng"}, halves)}
	}
	return t
}

// boardRow is the figures of one row, each the link to its list under the same filter.
func boardRow(columns []boardColumn, row *board.Row, f board.Filter, name ui.Cell, halves bool) []ui.Cell {
	cells := []ui.Cell{name}
	for _, c := range columns {
		n := row.Of(c.figure)
		cell := ui.Cell{Text: figureText(n)}
		if n > 0 {
			cell.Href, cell.Tone = boardList(f, c.figure, ""), c.tone
			if c.tone == ui.Late {
				cell.Text += " việc"
			}
		}
		cells = append(cells, cell)
	}
	if halves {
		half := "–"
		if row.Answered > 0 {
			half = strconv.Itoa(row.Half) + " ngày"
		}
		cells = append(cells, ui.Cell{Text: half})
	}
	return cells
}

// boardNotes say how the figures were counted.
func boardNotes(b *board.Board, f board.Filter) (notes []string) {
	notes = append(notes, "Cột “Xong” chỉ tính việc có hạn từ ngày "+f.From.Long()+lastDay(f)+", và việc không nêu hạn; các cột khác tính đến lúc này.",
		"Cơ quan ngành dọc, doanh nghiệp chỉ được đề nghị: nêu riêng, không tính hạn, không vào số liệu nào.")
	if b.Total.Answered > 0 {
		notes = append(notes, "“Một nửa trả lời trong”: phần thời gian của chính đơn vị, tính bằng ngày làm việc từ khi việc đến đơn vị; tính theo tháng.")
	}
	if b.All {
		notes = append(notes, "“Việc chưa có đơn vị chịu trách nhiệm” luôn phải bằng 0; khác 0 là lỗi của hệ thống, cần báo quản trị.")
	}
	return notes
}

// lastDay says where the time asked for ends, if it does.
func lastDay(f board.Filter) string {
	if f.To.String() == openEnd || f.To.IsZero() {
		return ""
	}
	return " đến ngày " + f.To.Long()
}
