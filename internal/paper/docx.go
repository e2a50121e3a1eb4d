package paper

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"lienthong/internal/fault"
)

// DocxType is the media type of what DOCX writes.
const DocxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// The page in twentieths of a point, as the file format counts; half points for letters.
const (
	twips     = 56.6929 // in a millimetre
	halfPoint = 2
	pageWide  = 11906
	pageTall  = 16838
)

// A word is one DOCX under way.
type word struct {
	strings.Builder
	d *Document
}

// DOCX writes the document in the layout of PDF, to be worked on in a word processor. It
// fails only when w does.
func DOCX(w io.Writer, d *Document) (err error) {
	defer fault.Wrap(&err, "paper as docx")
	// the body first: what it holds decides nothing about the other parts
	x := &word{d: d}
	x.document()
	files := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRels}, {"word/_rels/document.xml.rels", documentRels},
		{"word/styles.xml", styles()}, {"word/settings.xml", settings}, {"word/header1.xml", pageHeader}, {"word/footer1.xml", x.footer()}, {"word/footer2.xml", noFooter},
		{"word/document.xml", x.String()},
	}
	z := zip.NewWriter(w)
	for _, f := range files {
		part, err := z.Create(f.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(part, f.text); err != nil {
			return err
		}
	}
	// the picture and what points at it, only where there is one
	if picture := d.picture(); picture != nil {
		for name, raw := range map[string][]byte{"word/media/qr.png": picture, "word/_rels/footer1.xml.rels": []byte(footerRels)} {
			part, err := z.Create(name)
			if err != nil {
				return err
			}
			if _, err := part.Write(raw); err != nil {
				return err
			}
		}
	}
	return z.Close()
}

// escaped is a text as XML holds it.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(s))) // a Builder takes everything
	return b.String()
}

// A look is how a paragraph stands: its letters and its place.
type look struct {
	size   float64
	bold   bool
	italic bool
	align  string // "center", "both", "right"; "" left
	indent bool   // of the first line
	after  int    // room below, in twentieths of a point
	keep   bool   // stays with the next paragraph
}

// A run of text in one look.
func (l look) run(text string) string {
	if text == "" {
		return ""
	}
	var p strings.Builder
	if l.bold {
		p.WriteString("<w:b/>")
	}
	if l.italic {
		p.WriteString("<w:i/>")
	}
	fmt.Fprintf(&p, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, int(l.size*halfPoint), int(l.size*halfPoint))
	return `<w:r><w:rPr>` + p.String() + `</w:rPr><w:t xml:space="preserve">` + escaped(text) + `</w:t></w:r>`
}

// paragraph is one paragraph of one look.
func (l look) paragraph(text string) string { return l.around(l.run(text)) }

// lines is a centred paragraph broken as the PDF breaks it: lines of like length, so that no
// last word of a name stands alone.
func (l look) lines(text string, width float64) string {
	style := ""
	if l.bold {
		style = "B"
	}
	runs := ""
	for i, line := range measured(text, style, l.size, width) {
		if i > 0 {
			runs += `<w:r><w:br/></w:r>`
		}
		runs += l.run(line)
	}
	return l.around(runs)
}

// The paragraph around runs. Word processors demand the order of the elements.
func (l look) around(runs string) string {
	var p strings.Builder
	if l.keep {
		p.WriteString(`<w:keepNext/>`)
	}
	// in the order of the format's schema: word processors refuse another
	fmt.Fprintf(&p, `<w:spacing w:before="0" w:after="%d"/>`, l.after)
	if l.indent {
		fmt.Fprintf(&p, `<w:ind w:firstLine="%d"/>`, mm(indent))
	}
	if l.align != "" {
		fmt.Fprintf(&p, `<w:jc w:val="%s"/>`, l.align)
	}
	return `<w:p><w:pPr>` + p.String() + `</w:pPr>` + runs + `</w:p>`
}

// Millimetres as the twentieth parts of a point that the format counts in.
func mm(v float64) int { return int(v*twips + 0.5) }

// ruled is a short line under a box, as a paragraph with a border below and room at both
// sides.
func ruled(share, width float64) string {
	side := mm(width * (1 - share) / 2)
	return fmt.Sprintf(`<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:before="20" w:after="0" w:line="120" w:lineRule="exact"/><w:ind w:left="%d" w:right="%d"/></w:pPr></w:p>`, side, side)
}

// document writes the parts in their order; each annex is a section of its own.
func (x *word) document() {
	x.WriteString(xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	if !x.d.Alone {
		x.head()
	}
	for i := range x.d.Body {
		x.block(&x.d.Body[i], 210-marginLeft-marginRight, i == len(x.d.Body)-1)
	}
	x.sign()
	wide := false
	for i := range x.d.Annexes {
		a := &x.d.Annexes[i]
		// a section ends with its page; what stands before is the part before
		if i > 0 || !x.d.Alone {
			x.WriteString(`<w:p><w:pPr>` + section(wide, i == 0) + `</w:pPr></w:p>`)
		}
		wide = a.Wide
		x.annex(a)
	}
	// a table never ends a document; the paragraph behind it is so low that it begins no page
	x.WriteString(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>`)
	x.WriteString(section(wide, len(x.d.Annexes) == 0 || x.d.Alone && len(x.d.Annexes) == 1) + `</w:body></w:document>`)
}

// section is the page of a part: the first page without a number, the foot of the code on
// the first page of the paper alone.
func section(wide, first bool) string {
	foot := "rId5" // an empty one: without it a section repeats that of the section before
	if first {
		foot = "rId4"
	}
	high, long, orient := pageTall, pageWide, ""
	if wide {
		high, long, orient = pageWide, pageTall, ` w:orient="landscape"`
	}
	return fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="first" r:id="%s"/><w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>`,
		foot, long, high, orient, mm(marginTop), mm(marginRight), mm(marginBottom), mm(marginLeft), mm(10), mm(6))
}

// columns puts boxes beside each other without borders, row under row: what stands in one
// row begins at one height, however long the boxes above are.
func columns(widths []float64, rows ...[]string) string {
	var b strings.Builder
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, mm(w))
	}
	b.WriteString(`</w:tblGrid>`)
	for _, cells := range rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, c := range cells {
			fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, mm(widths[i]), c)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
	return b.String()
}

// The head of a paper in two columns, in the widths of the PDF.
func (x *word) head() {
	width := 210 - marginLeft - marginRight
	left, right := 0.42*width, 0.58*width
	// the same columns as the PDF's, so that both look alike
	mid := look{align: "center"}
	with := func(size float64, bold, italic bool) look {
		l := mid
		l.size, l.bold, l.italic = size, bold, italic
		return l
	}
	inner := left - 4 // a long name keeps away from the other column
	issuer := ""
	if x.d.Over != "" {
		issuer = with(sizeIssuer, false, false).lines(upper(x.d.Over), inner)
	}
	issuer += with(sizeIssuer, true, false).lines(upper(x.d.Unit), inner) + ruled(0.35, left)
	number := with(sizeNumber, false, false).paragraph(x.d.Number())
	if x.d.Name == "" && x.d.Subject != "" {
		number += with(sizeAbout, false, false).lines(x.d.About(), inner)
	}
	if x.d.Urgency != "" {
		number += with(sizeNumber, true, false).paragraph(x.d.Urgency)
	}
	state := with(sizeNation, true, false).paragraph(nation) + with(sizeMotto, true, false).paragraph(motto) + ruled(0.6, right)
	if x.d.State != "" {
		x.WriteString(look{size: sizeList, italic: true, align: "right"}.paragraph(x.d.State))
	}
	// số, ký hiệu and the day stand at one height, as on the PDF
	x.WriteString(columns([]float64{left, right}, []string{issuer, state}, []string{number, with(sizeMotto, false, true).paragraph(x.d.Dated())}))
	x.WriteString(mid.paragraph(""))
	if x.d.Name != "" {
		name := with(sizeBody, true, false)
		if x.d.Subject == "" {
			name.after = 120
		}
		x.WriteString(name.paragraph(x.d.Name))
		if x.d.Subject != "" { // the line stands under a trích yếu
			x.WriteString(with(sizeBody, true, false).lines(x.d.Subject, width-20) + ruled(0.3, width))
		}
	}
	to := with(sizeBody, false, false)
	to.after = 120
	switch {
	case len(x.d.To) == 1:
		x.WriteString(to.paragraph("Kính gửi: " + x.d.To[0]))
	case len(x.d.To) > 1:
		x.WriteString(look{size: sizeBody, indent: true}.paragraph("Kính gửi:"))
		for i, one := range x.d.To {
			end := ";"
			if i == len(x.d.To)-1 {
				end = "."
			}
			x.WriteString(`<w:p><w:pPr><w:spacing w:before="0" w:after="40"/><w:ind w:left="2835"/></w:pPr>` + look{size: sizeBody}.run("- "+one+end) + `</w:p>`)
		}
	}
}

// A block of the body: heading, paragraphs, table. The end of the last one goes to the page
// of the signature: alone on a sheet it could be put under anything.
func (x *word) block(b *Block, width float64, last bool) {
	if b.Heading != "" {
		x.WriteString(look{size: sizeBody, bold: true, indent: true, after: 120, keep: true}.paragraph(b.Heading))
	}
	all := paragraphs(b.Text)
	for i, text := range all {
		x.WriteString(look{size: sizeBody, align: "both", indent: true, after: 120, keep: last && i == len(all)-1 && b.Table == nil && b.Lines == 0}.paragraph(text))
	}
	if b.Table != nil {
		x.table(b.Table, width)
		x.WriteString(look{size: sizeBody}.paragraph(""))
	}
	for range b.Lines {
		fmt.Fprintf(x, `<w:p><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs><w:spacing w:before="60" w:after="60"/></w:pPr><w:r><w:tab/></w:r></w:p>`, mm(width))
	}
}

// A table with fixed widths, the same in every word processor.
func (x *word) table(t *Table, width float64) {
	// widths are fixed: word processors guess each their own way
	shares := t.shares()
	x.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		x.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
	}
	x.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, s := range shares {
		fmt.Fprintf(x, `<w:gridCol w:w="%d"/>`, mm(s*width))
	}
	x.WriteString(`</w:tblGrid>`)
	row := func(cells []string, free int, head bool) {
		// a row is cut only when it is higher than a page
		x.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if head { // comes again on each page
			x.WriteString(`<w:tblHeader/>`)
		}
		x.WriteString(`</w:trPr>`)
		for i, s := range shares {
			l := look{size: sizeTable, bold: head}
			switch {
			case head:
				l.align = "center"
			case i < len(t.Right) && t.Right[i]:
				l.align = "right"
			}
			fmt.Fprintf(x, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, mm(s*width))
			text := ""
			if i < len(cells) {
				text = cells[i]
			}
			for _, line := range strings.Split(text, "\n") {
				x.WriteString(l.paragraph(line))
			}
			for range free {
				x.WriteString(look{size: sizeBody, after: 60}.paragraph(""))
			}
			x.WriteString(`</w:tc>`)
		}
		x.WriteString(`</w:tr>`)
	}
	if len(t.Head) > 0 {
		row(t.Head, 0, true)
	}
	for _, r := range t.Rows {
		row(r, t.Lines, false)
	}
	x.WriteString(`</w:tbl>`)
}

// Places of receipt on the left, signature on the right. The room for the seal is left empty.
func (x *word) sign() {
	width := 210 - marginLeft - marginRight
	place := func(lines []string, name string, width float64) string {
		l := look{size: sizeBody, bold: true, align: "center", keep: true}
		var b strings.Builder
		for _, line := range lines {
			b.WriteString(l.lines(line, width))
		}
		for range 4 { // room for the signature and the seal
			b.WriteString(l.paragraph(""))
		}
		return b.String() + l.paragraph(name)
	}
	if n := len(x.d.Signers); n > 0 {
		widths, cells := make([]float64, n), make([]string, n)
		for i, s := range x.d.Signers {
			widths[i] = width / float64(n)
			cells[i] = place([]string{s.Title}, s.Name, widths[i]-2)
		}
		x.WriteString(columns(widths, cells))
		return
	}
	if len(x.d.Capacity) == 0 && x.d.Signer == "" && len(x.d.Receivers) == 0 {
		return
	}
	left := look{size: sizeTo, bold: true, italic: true}.paragraph("Nơi nhận:")
	for _, one := range dashed(x.d.Receivers) {
		left += look{size: sizeList}.paragraph(one)
	}
	x.WriteString(columns([]float64{width / 2, width / 2}, []string{left, place(x.d.Capacity, x.d.Signer, width/2)}))
}

// An annex begins a page of its own, across when its table is wide.
func (x *word) annex(a *Annex) {
	width := 210 - marginLeft - marginRight
	if a.Wide {
		width = 297 - marginLeft - marginRight
	}
	l := look{size: sizeBody, bold: true, align: "center"}
	x.WriteString(l.paragraph(a.Name) + l.lines(upper(a.Title), width-20))
	if x.d.Symbol != "" {
		x.WriteString(look{size: sizeMotto, italic: true, align: "center", after: 120}.paragraph(x.d.enclosed()))
	}
	for i := range a.Body {
		x.block(&a.Body[i], width, false)
	}
}

// enclosed says of which paper an annex is.
func (d *Document) enclosed() string {
	say := "(Kèm theo văn bản số " + d.Symbol
	if !d.Date.IsZero() {
		say += " " + InFull(d.Date)
	}
	if d.Unit != "" {
		say += " của " + d.Unit
	}
	return say + ")"
}

// footer is the foot of the first page: QR and code.
func (x *word) footer() string {
	runs := ""
	if x.d.picture() != nil {
		runs = qrRun
	}
	if foot := x.d.foot(); foot != "" {
		runs += look{size: sizeFoot}.run("  " + foot)
	}
	return xml.Header + `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">` +
		look{}.around(runs) + `</w:ftr>`
}
