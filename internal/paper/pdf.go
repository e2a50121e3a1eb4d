package paper

import (
	"bytes"
	_ "embed"
	"io"
	"math"

	"codeberg.org/go-pdf/fpdf"
	"rsc.io/qr"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// The letters are Tinos: as wide as Times New Roman, free, and with every Vietnamese mark.
var (
	//go:embed font/regular.ttf
	regular []byte
	//go:embed font/bold.ttf
	bold []byte
	//go:embed font/italic.ttf
	italic []byte
	//go:embed font/bolditalic.ttf
	boldItalic []byte
)

const family = "Tinos"

// The page in millimetres, inside what Phụ lục I allows: above and below 20–25, left
// 30–35, right 15–20.
const (
	marginTop    = 20.0
	marginBottom = 25.0
	marginLeft   = 30.0
	marginRight  = 15.0
	indent       = 10.0 // of a paragraph's first line
	gap          = 2.1  // between paragraphs: 6 points
	millimetre   = 0.3528
)

// The sizes of letters in points, by the box of the layout.
const (
	sizeNation = 12.0
	sizeMotto  = 13.0
	sizeIssuer = 12.0
	sizeNumber = 13.0
	sizeAbout  = 12.0
	sizeBody   = 14.0
	sizeTable  = 12.0
	sizeTo     = 12.0 // "Nơi nhận"
	sizeList   = 11.0
	sizePage   = 13.0
	sizeFoot   = 8.0
)

// spacing is the height of a line in heights of its letters.
const spacing = 1.25

// A printer is one PDF under way.
type printer struct {
	*fpdf.Fpdf
	d    *Document
	page int // of the part under way: each annex counts its own
}

// PDF writes the document. It fails only when w does.
func PDF(w io.Writer, d *Document) error {
	_, err := Pages(w, d)
	return err
}

// Pages is PDF, and says how many pages were written, annexes among them.
func Pages(w io.Writer, d *Document) (n int, err error) {
	defer fault.Wrap(&err, "paper as pdf")
	// millimetres, because the decree gives every measure of the page in them
	p := &printer{Fpdf: fpdf.New("P", "mm", "A4", ""), d: d}
	for style, raw := range map[string][]byte{"": regular, "B": bold, "I": italic, "BI": boldItalic} {
		p.AddUTF8FontFromBytes(family, style, raw)
	}
	p.SetTitle(clean(d.About()), true)
	// read aloud in Vietnamese by whoever cannot see the page
	p.SetLang("vi-VN")
	p.SetCreator("Liên thông", true)
	p.SetMargins(marginLeft, marginTop, marginRight)
	// pages are begun by us: the library would part a signature from its name
	p.SetAutoPageBreak(false, marginBottom)
	p.SetCellMargin(0)
	p.SetLineWidth(0.25)
	p.SetHeaderFunc(p.header)
	if !d.Alone {
		p.fresh("P")
		p.head()
		p.body()
		p.sign()
	}
	for i := range d.Annexes {
		p.annex(&d.Annexes[i])
	}
	return p.PageCount(), p.Output(w)
}

// Only what the font can draw: a missing letter would be an empty box on an official paper.
func clean(s string) string { return printable(vntext.NFC(s)) }

// fresh begins a part on its first page.
func (p *printer) fresh(orientation string) {
	p.page = 0
	p.AddPageFormat(orientation, fpdf.SizeType{Wd: 210, Ht: 297})
}

// next begins another page of the part.
func (p *printer) next() {
	// as the page before it lay
	wide, high := p.GetPageSize()
	orientation := "P"
	if wide > high {
		orientation = "L"
	}
	p.AddPageFormat(orientation, fpdf.SizeType{Wd: 210, Ht: 297})
}

// header numbers every page of a part but its first, at the top in the middle.
func (p *printer) header() {
	// drawn by the library at the beginning of each page, so it counts them too
	if p.page++; p.page > 1 {
		p.font("", sizePage)
		wide, _ := p.GetPageSize()
		p.SetXY(0, 10)
		p.CellFormat(wide, 5, itoa(p.page), "", 0, "C", false, 0, "")
	}
	p.SetXY(marginLeft, marginTop)
}

// Sets the font that is embedded; there is no other.
func (p *printer) font(style string, size float64) { p.SetFont(family, style, size) }

// high is the height of a line of letters of that size.
func high(size float64) float64 { return size * millimetre * spacing }

// width is how wide the text may be on the page under way.
func (p *printer) width() float64 {
	wide, _ := p.GetPageSize()
	return wide - marginLeft - marginRight
}

// bottom is where the text must end on the page under way.
func (p *printer) bottom() float64 {
	_, tall := p.GetPageSize()
	return tall - marginBottom
}

// room begins a new page when less than that is left.
func (p *printer) room(need float64) {
	if p.GetY()+need > p.bottom() {
		p.next()
	}
}

// centred writes a text in a column, line below line, and returns where it ends.
func (p *printer) centred(text string, x, y, width, size float64) float64 {
	for _, line := range balanced(p.Fpdf, clean(text), width) {
		p.SetXY(x, y)
		p.CellFormat(width, high(size), line, "", 0, "C", false, 0, "")
		y += high(size)
	}
	return y
}

// rule draws a line in the middle of a column.
func (p *printer) rule(x, y, width, long float64) {
	p.Line(x+(width-long)/2, y, x+(width+long)/2, y)
}

// head writes the two upper boxes, the number and day, and the name or the trích yếu.
func (p *printer) head() {
	// quốc hiệu must stand on one line; what is left is the issuer's
	left, right := 0.42*p.width(), 0.58*p.width()
	at := marginLeft + left
	p.font("B", sizeNation)
	y := p.centred(nation, at, marginTop, right, sizeNation)
	p.font("B", sizeMotto)
	// the line under tiêu ngữ is as long as its words
	long := p.GetStringWidth(motto)
	y = p.centred(motto, at, y, right, sizeMotto)
	p.rule(at, y+0.6, right, long)
	under := marginTop
	inner := left - 4 // so that a long name keeps away from the other column
	if p.d.Over != "" {
		p.font("", sizeIssuer)
		under = p.centred(upper(p.d.Over), marginLeft, under, inner, sizeIssuer)
	}
	p.font("B", sizeIssuer)
	// and that under the issuer between a third and a half of its name
	name := balanced(p.Fpdf, clean(upper(p.d.Unit)), inner)
	under = p.centred(upper(p.d.Unit), marginLeft, under, inner, sizeIssuer)
	p.rule(marginLeft, under+0.6, inner, p.GetStringWidth(name[len(name)-1])*0.42)
	// the boxes below begin at one height, however long a name is
	y = math.Max(y, under) + 3
	p.font("", sizeNumber)
	ends := y
	if n := p.d.Number(); n != "" {
		ends = p.centred(n, marginLeft, y, inner, sizeNumber)
	}
	p.font("I", sizeMotto)
	y = p.centred(p.d.Dated(), at, y, right, sizeMotto)
	if p.d.Name == "" && p.d.Subject != "" {
		p.font("", sizeAbout)
		ends = p.centred(p.d.About(), marginLeft, ends+0.5, inner, sizeAbout)
	}
	if p.d.Urgency != "" {
		ends = p.stamp(ends+2, inner)
	}
	// the text begins below the longer of both columns
	p.SetY(math.Max(y, ends) + 5)
	p.marks()
	p.title()
	p.to()
}

// stamp is the degree of urgency in its frame.
func (p *printer) stamp(y, width float64) float64 {
	p.font("B", sizeNumber)
	wide := p.GetStringWidth(clean(p.d.Urgency)) + 8
	p.SetXY(marginLeft+(width-wide)/2, y)
	p.CellFormat(wide, high(sizeNumber)+1, clean(p.d.Urgency), "1", 0, "C", false, 0, "")
	return y + high(sizeNumber) + 1
}

// title is the name of the kind of paper with its trích yếu and the line below.
func (p *printer) title() {
	if p.d.Name == "" {
		return
	}
	p.font("B", sizeBody)
	y := p.centred(p.d.Name, marginLeft, p.GetY(), p.width(), sizeBody)
	if p.d.Subject != "" {
		lines := balanced(p.Fpdf, clean(p.d.Subject), p.width()-20)
		y = p.centred(p.d.Subject, marginLeft+10, y, p.width()-20, sizeBody)
		y++
		p.rule(marginLeft, y, p.width(), p.GetStringWidth(lines[len(lines)-1])*0.4)
	}
	p.SetY(y + 5)
}

// to is "Kính gửi": one on its line, several below each other.
func (p *printer) to() {
	if len(p.d.To) == 0 {
		return
	}
	p.font("", sizeBody)
	y := p.GetY()
	if len(p.d.To) == 1 {
		p.SetY(p.centred("Kính gửi: "+p.d.To[0], marginLeft+8, y, p.width()-16, sizeBody) + 3)
		return
	}
	// the names stand behind the words, one under the other, each with its mark at the end
	label := "Kính gửi: "
	x := marginLeft + 30
	p.SetXY(x, y)
	p.CellFormat(0, high(sizeBody), label, "", 0, "L", false, 0, "")
	x += p.GetStringWidth(label)
	y += high(sizeBody)
	for i, one := range p.d.To {
		end := ";"
		if i == len(p.d.To)-1 {
			end = "."
		}
		for _, line := range wrap(p.Fpdf, clean("- "+one+end), marginLeft+p.width()-x, 0) {
			p.SetXY(x, y)
			p.CellFormat(0, high(sizeBody), line, "", 0, "L", false, 0, "")
			y += high(sizeBody)
		}
	}
	p.SetY(y + 3)
}

// marks puts on the first page what the sheet is not yet, and the foot with code and QR.
func (p *printer) marks() {
	x, y := p.GetXY()
	_, tall := p.GetPageSize()
	// above the margin, where no text of a paper stands
	if p.d.State != "" {
		p.font("I", sizeList)
		p.SetXY(marginLeft, 11)
		p.CellFormat(p.width(), 5, clean(p.d.State), "", 0, "R", false, 0, "")
	}
	at := marginLeft
	if picture := p.d.picture(); picture != nil {
		const side = 16.0 // a telephone reads it from an arm's length
		p.RegisterImageOptionsReader("qr", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(picture))
		p.ImageOptions("qr", at, tall-side-6, side, side, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
		at += side + 2
	}
	if foot := p.d.foot(); foot != "" {
		p.font("", sizeFoot)
		p.SetXY(at, tall-12)
		p.CellFormat(p.width(), 4, clean(foot), "", 0, "L", false, 0, "")
	}
	p.SetXY(x, y)
}

// picture is the QR of the case's address; nil without one.
func (d *Document) picture() []byte {
	if d.Address == "" {
		return nil
	}
	// medium correction: a stamp or a fold may lie over a corner of it
	code, err := qr.Encode(d.Address, qr.M)
	if err != nil {
		return nil // an address longer than any QR holds
	}
	code.Scale = 4 // sharp at 600 dots an inch
	return code.PNG()
}
