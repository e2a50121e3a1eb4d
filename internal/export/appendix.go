package export

import (
	"io"
	"strconv"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// Appendix is the table of a campaign's difficulties and answers (phụ lục), as XLSX and as
// DOCX. Both hold the same rows.
type Appendix struct {
	c    *campaign.Campaign // as it was read, at once
	rows []campaign.Row
	at   time.Time
	by   string
}

// ReadAppendix reads the appendix over what the reader may see.
func ReadAppendix(tx *db.Tx, who org.Actor, id casefile.ID) (a Appendix, err error) {
	a.at, a.by = tx.Now, who.Name
	if a.c, a.rows, err = campaign.Appendix(tx, who, id); err != nil {
		return a, err
	}
	for i := range a.rows {
		if r := &a.rows[i]; r.Answer == "" && !a.c.EndedAt.IsZero() { // what stays open is said, not left out
			r.Answer = "Chưa trả lời tại phiên họp."
		}
	}
	return a, nil
}

// Name is what the spreadsheet is called.
func (a Appendix) Name() string {
	return File{List: List{Title: "Phụ lục " + a.c.Code}, At: a.at}.Name()
}

// appendixTitle stands above the table in both files.
const appendixTitle = "Phụ lục khó khăn, vướng mắc của cấp xã và nội dung trả lời"

// lines name the document that asked, and when the session was held or is planned.
func (a Appendix) lines() []string {
	line := "Kèm theo văn bản số " + a.c.Number
	if d, err := workday.ParseDate(a.c.IssuedOn); err == nil {
		line += " ngày " + d.Long()
	}
	if held := a.c.Held(); held != "" {
		line += "; phiên họp trực tuyến " + held
	}
	return []string{a.c.Title, line}
}

// Write writes the spreadsheet and returns how many rows it has.
func (a Appendix) Write(w io.Writer) (int, error) {
	columns := []sheet.Column{{Title: "TT", Kind: sheet.Number, Width: 6}, {Title: "Nhóm vấn đề", Width: 24}, {Title: "Nội dung", Width: 50}, {Title: "Xã, phường", Width: 20},
		{Title: "Cơ quan trả lời", Width: 22}, {Title: "Nội dung trả lời", Width: 50}, {Title: "Văn bản", Width: 20}, {Title: "Thời hạn tiếp theo", Kind: sheet.Day, Width: 14}, {Title: "Tình trạng", Width: 20}}
	return sheet.Write(w, sheet.Sheet{Name: "Phụ lục", Title: append([]string{appendixTitle}, a.lines()...), Columns: columns, Source: source(a.at, a.by), Rows: func(yield func([]any, error) bool) {
		for _, r := range a.rows {
			if !yield([]any{r.N, r.Theme, r.Text, r.Commune, r.Lead, r.Answer, r.Number, r.NextOn, r.State}, nil) {
				return
			}
		}
	}})
}

// Page is the appendix as a paper: a table for each group, landscape. It has no upper boxes
// of its own; under its title stands which document it goes with.
func (a Appendix) Page() *paper.Document {
	d := &paper.Document{Kind: paper.Report, Name: "Phụ lục", Symbol: a.c.Number, Code: a.c.Code, Alone: true}
	if day, err := workday.ParseDate(a.c.IssuedOn); err == nil {
		d.Date = day
	}
	about := a.c.Title
	if held := a.c.Held(); held != "" {
		about += "; phiên họp trực tuyến " + held
	}
	annex := paper.Annex{Name: "Phụ lục", Title: "Khó khăn, vướng mắc của cấp xã và nội dung trả lời", Wide: true, Body: []paper.Block{{Text: about + "."}}}
	var t *paper.Table
	last := ""
	for _, r := range a.rows {
		if t == nil || r.Theme != last {
			last = r.Theme
			t = &paper.Table{Head: []string{"TT", "Nội dung", "Xã, phường", "Cơ quan trả lời", "Nội dung trả lời", "Văn bản", "Thời hạn tiếp theo"},
				Share: []float64{0.5, 3, 1.3, 1.3, 3, 1.2, 1.1}}
			annex.Body = append(annex.Body, paper.Block{Heading: r.Theme, Table: t})
		}
		next := ""
		if !r.NextOn.IsZero() {
			next = r.NextOn.Long()
		}
		t.Rows = append(t.Rows, []string{itoa(r.N), r.Text, r.Commune, r.Lead, r.Answer, r.Number, next})
	}
	annex.Body = append(annex.Body, paper.Block{Text: source(a.at, a.by)})
	d.Annexes = []paper.Annex{annex}
	return d
}

// Agenda is the session's agenda as a paper to be printed: the groups in their order.
func Agenda(tx *db.Tx, who org.Actor, id casefile.ID) (*paper.Document, error) {
	c, err := campaign.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	themes, err := campaign.Themes(tx, who, id)
	if err != nil {
		return nil, err
	}
	d := &paper.Document{Kind: paper.Report, Name: "CHƯƠNG TRÌNH", Subject: "Phiên họp trực tuyến giải đáp khó khăn, vướng mắc của cấp xã", Unnumbered: true, Date: workday.Of(tx.Now), Code: c.Code}
	if err := paper.Head(tx, who, d); err != nil {
		return nil, err
	}
	text := c.Title + "."
	if held := c.Held(); held != "" {
		text += " Phiên họp " + held + "."
	}
	t := &paper.Table{Head: []string{"TT", "Nhóm vấn đề", "Cơ quan trả lời", "Số nội dung"}, Share: []float64{0.5, 4, 2, 1}, Right: []bool{false, false, false, true}}
	for n, x := range themes {
		names, err := org.UnitNames(tx, x.Lead)
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, []string{itoa(n + 1), x.Title, names[x.Lead], itoa(int(x.Items))})
	}
	d.Body = []paper.Block{{Text: text}, {Table: t}}
	if len(themes) == 0 { // a head without a row under it says nothing
		d.Body[1] = paper.Block{Text: "Chưa có nhóm vấn đề nào."}
	}
	return d, nil
}

// For counts inside a text.
func itoa(n int) string { return strconv.Itoa(n) }
