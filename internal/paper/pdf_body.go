package paper

import (
	"strconv"
	"strings"
)

// Counts in text.
func itoa(n int) string { return strconv.Itoa(n) }

// upper is a name in capitals; a place of a template keeps its name.
func upper(s string) string {
	if strings.HasPrefix(s, "{{") {
		return s
	}
	return strings.ToUpper(s)
}

// body writes the blocks. The last two lines of the last paragraph go with the signature
// to its page: a signature alone on a sheet could be put under anything.
func (p *printer) body() {
	last := len(p.d.Body) - 1
	for i := range p.d.Body {
		p.block(&p.d.Body[i], i == last)
	}
}

// A block of the body. A heading never stands alone at the foot of a page.
func (p *printer) block(b *Block, last bool) {
	if b.Heading != "" {
		p.font("B", sizeBody)
		lines := wrap(p.Fpdf, clean(b.Heading), p.width(), indent)
		// a heading stays with what follows
		need := high(sizeBody)*float64(len(lines)+2) + gap
		if b.Text == "" && b.Table == nil { // nor do the lines to write on come apart
			need = max(need, high(sizeBody)*float64(len(lines))+2*gap+float64(b.Lines)*freeLine)
		}
		p.room(need)
		p.lines(lines, 0, "L")
	}
	p.font("", sizeBody)
	all := paragraphs(clean2(b.Text))
	for i, text := range all {
		keep := 0.0
		if last && b.Table == nil && b.Lines == 0 && i == len(all)-1 {
			keep = p.signHeight()
		}
		p.lines(wrap(p.Fpdf, text, p.width(), indent), keep, "J")
	}
	if b.Table != nil {
		p.table(b.Table)
	}
	p.free(b.Lines)
}

// clean2 is clean that keeps the ends of lines.
func clean2(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

// lines writes one paragraph. keep is what must follow on the page of its last two lines.
func (p *printer) lines(all []string, keep float64, align string) {
	h := high(sizeBody)
	style := p.GetFontStyle()
	for i, line := range all {
		need := h
		switch left := len(all) - i; {
		case keep > 0 && left == min(2, len(all)):
			need = h*float64(left) + gap + keep
		case i == 0 && len(all) > 1: // no first line alone at the foot of a page
			need = 2 * h
		case left == 2 && i > 0: // no last line alone at the head of one
			need = 2 * h
		}
		p.room(need)
		// a new page leaves the font of its number behind
		p.font(style, sizeBody)
		x, width := marginLeft, p.width()
		if i == 0 {
			x, width = x+indent, width-indent
		}
		p.SetX(x)
		// the last line of a paragraph is not drawn out, nor is a single word
		how := align
		if i == len(all)-1 || !strings.Contains(line, " ") {
			how = "L"
		}
		p.CellFormat(width, h, line, "", 1, how, false, 0, "")
	}
	p.SetY(p.GetY() + gap)
}

// freeLine is the height of a line to write on by hand, in millimetres.
const freeLine = 8.0

// free leaves dotted lines for writing by hand.
func (p *printer) free(n int) {
	for i := range n {
		if i == 0 { // the gap behind the words above is room to write already
			p.SetY(p.GetY() - gap)
		}
		p.room(freeLine)
		y := p.GetY() + freeLine - 1
		// dots rather than a line: what is written over them stays readable
		p.SetDashPattern([]float64{0.3, 0.9}, 0)
		p.Line(marginLeft, y, marginLeft+p.width(), y)
		p.SetDashPattern([]float64{}, 0)
		p.SetY(y + 1)
	}
	if n > 0 {
		p.SetY(p.GetY() + gap)
	}
}

// table draws a table; its head comes again on each page, and a row is only cut when it is
// higher than a page.
func (p *printer) table(t *Table) {
	widths := t.shares()
	for i := range widths {
		widths[i] *= p.width()
	}
	head := func() {
		if len(t.Head) > 0 {
			p.row(t.Head, widths, nil, 0, "B", "C")
		}
	}
	free := float64(t.Lines) * freeLine
	// a head without a row under it says nothing
	p.room(3*high(sizeTable) + free)
	head()
	for _, r := range t.Rows {
		for part := range p.cutRow(r, widths) { // nearly always the row itself
			if p.GetY()+p.rowHeight(part, widths)+free > p.bottom() {
				p.next()
				head()
			}
			p.row(part, widths, t.Right, free, "", "L")
		}
	}
	p.SetY(p.GetY() + gap)
	p.font("", sizeBody)
}

const cellPad = 1.2 // inside the border, in millimetres

// A cell's text in lines of its width.
func (p *printer) cellLines(text string, width float64) (lines []string) {
	for _, one := range strings.Split(clean2(text), "\n") {
		lines = append(lines, wrap(p.Fpdf, one, width-2*cellPad, 0)...)
	}
	return lines
}

// The height of a row is that of its longest cell.
func (p *printer) rowHeight(cells []string, widths []float64) float64 {
	p.font("", sizeTable)
	most := 1
	for i, c := range cells {
		most = max(most, len(p.cellLines(c, widths[i])))
	}
	return float64(most)*high(sizeTable) + 2*cellPad
}

// cutRow parts a row that is higher than a page into rows that are not.
func (p *printer) cutRow(cells []string, widths []float64) func(yield func([]string) bool) {
	p.font("", sizeTable)
	const headRoom = 4 // lines that the head of the table may take
	fit := int((p.bottom()-marginTop-2*cellPad)/high(sizeTable)) - headRoom
	// the cell with the most lines says into how many rows it is cut
	parts := 1
	all := make([][]string, len(cells))
	for i, c := range cells {
		all[i] = p.cellLines(c, widths[i])
		parts = max(parts, (len(all[i])+fit-1)/fit)
	}
	return func(yield func([]string) bool) {
		for n := range parts {
			part := make([]string, len(cells))
			for i, lines := range all {
				from, to := min(n*fit, len(lines)), min((n+1)*fit, len(lines))
				part[i] = strings.Join(lines[from:to], "\n")
			}
			if !yield(part) {
				return
			}
		}
	}
}

// row draws one row at the same height for all its cells, with free millimetres under them.
func (p *printer) row(cells []string, widths []float64, right []bool, free float64, style, align string) {
	p.font(style, sizeTable)
	tall := 1
	lines := make([][]string, len(widths))
	for i := range widths {
		if i < len(cells) {
			lines[i] = p.cellLines(cells[i], widths[i])
			tall = max(tall, len(lines[i]))
		}
	}
	x, y := marginLeft, p.GetY()
	h := float64(tall)*high(sizeTable) + 2*cellPad + free
	for i, w := range widths {
		p.Rect(x, y, w, h, "D")
		how := align
		if i < len(right) && right[i] {
			how = "R"
		}
		top := y + cellPad
		// a head stands in the middle of its cell, what is under it at the top
		if align == "C" {
			top += float64(tall-len(lines[i])) * high(sizeTable) / 2
		}
		for n, line := range lines[i] {
			p.SetXY(x+cellPad, top+float64(n)*high(sizeTable))
			p.CellFormat(w-2*cellPad, high(sizeTable), line, "", 0, how, false, 0, "")
		}
		x += w
	}
	p.SetXY(marginLeft, y+h)
}

// handRoom is the room for a signature and a seal, in millimetres.
const handRoom = 27.0

// signHeight is how high the block with the signature and the receivers is.
func (p *printer) signHeight() float64 {
	if len(p.d.Signers) > 0 {
		return 2*high(sizeBody) + handRoom + high(sizeBody)
	}
	if p.d.Signer == "" && len(p.d.Capacity) == 0 {
		return 0
	}
	return float64(len(p.d.Capacity)+1)*high(sizeBody) + handRoom + gap
}

// receiversHeight is how high the list of receivers is.
func (p *printer) receiversHeight() (h float64) {
	p.font("", sizeList)
	for _, one := range p.d.Receivers {
		h += float64(len(wrap(p.Fpdf, clean("- "+one), p.width()/2-6, 0))) * high(sizeList)
	}
	return h
}

// sign writes who receives on the left and who signs on the right.
func (p *printer) sign() {
	need := p.signHeight()
	if need == 0 && len(p.d.Receivers) == 0 {
		return
	}
	// both columns stay on one page: a list of receivers may be the longer one
	p.room(max(need, high(sizeTo)+p.receiversHeight()))
	y := p.GetY() + 2
	if len(p.d.Signers) > 0 {
		p.signers(y)
		return
	}
	half := p.width() / 2
	p.SetXY(marginLeft, y)
	if len(p.d.Receivers) > 0 {
		p.font("BI", sizeTo)
		p.CellFormat(half, high(sizeTo), "Nơi nhận:", "", 2, "L", false, 0, "")
		p.font("", sizeList)
		for _, one := range p.d.Receivers {
			for _, line := range wrap(p.Fpdf, clean("- "+one), half-6, 0) {
				p.CellFormat(half, high(sizeList), line, "", 2, "L", false, 0, "")
			}
		}
	}
	// a little wider than its half: titles of deputies are long
	p.font("B", sizeBody)
	at := marginLeft + half - 4
	for _, line := range p.d.Capacity {
		y = p.centred(line, at, y, half+4, sizeBody)
	}
	p.centred(p.d.Signer, at, y+handRoom-6, half+4, sizeBody)
}

// signers are several places side by side.
func (p *printer) signers(y float64) {
	each := p.width() / float64(len(p.d.Signers))
	for i, s := range p.d.Signers {
		x := marginLeft + float64(i)*each
		p.font("B", sizeNumber)
		under := p.centred(s.Title, x+1, y, each-2, sizeNumber)
		p.centred(s.Name, x+1, under+handRoom-6, each-2, sizeNumber)
	}
}

// annex begins on a page of its own with its own numbers.
func (p *printer) annex(a *Annex) {
	orientation := "P"
	if a.Wide {
		orientation = "L"
	}
	p.fresh(orientation)
	if p.d.Alone && a == &p.d.Annexes[0] {
		p.marks()
	}
	p.font("B", sizeBody)
	y := p.centred(a.Name, marginLeft, p.GetY(), p.width(), sizeBody)
	y = p.centred(upper(a.Title), marginLeft+10, y, p.width()-20, sizeBody)
	p.font("I", sizeMotto)
	if p.d.Symbol != "" {
		y = p.centred(p.d.enclosed(), marginLeft, y, p.width(), sizeMotto)
	}
	p.SetY(y + 3)
	for i := range a.Body {
		p.block(&a.Body[i], false)
	}
}
