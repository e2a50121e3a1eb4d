package read

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"lienthong/internal/fault"
)

const (
	maxParts = 4000     // files inside a .docx
	maxXML   = 96 << 20 // bytes of its main part, unpacked
	maxDepth = 200      // elements inside each other
)

var errBomb = errors.New("the unpacked part is over its limit")

// docx reads the main part of a Word document: paragraphs, numbering as printed text
// where it is typed, and tables as rows with bars.
func docx(b []byte) (string, error) {
	broken := fault.Refuse(fault.Invalid, "tệp .docx bị hỏng hoặc đặt mật khẩu, không mở được")
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) > maxParts {
		return "", broken
	}
	var main, numbering *zip.File
	for _, f := range z.File {
		switch f.Name {
		case "word/document.xml":
			main = f
		case "word/numbering.xml":
			numbering = f
		}
	}
	if main == nil {
		return "", fault.Refuse(fault.Invalid, "tệp không phải văn bản Word (.docx)")
	}
	w := &word{numbers: numberingOf(numbering)}
	err = parse(main, w)
	switch {
	case errors.Is(err, errBomb):
		return "", fault.Refuse(fault.Invalid, "tệp .docx khi mở ra lớn quá mức cho phép, không đọc")
	case err != nil:
		return "", broken
	}
	return w.out.String(), nil
}

// parse walks an XML part under the limits.
func parse(f *zip.File, w *word) (err error) {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: maxXML}
	d := xml.NewDecoder(limited)
	d.Strict = false
	depth := 0
	for {
		t, err := d.Token()
		if limited.N <= 0 || w.out.Len() > maxText {
			return errBomb
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errBomb
			}
			w.start(t)
		case xml.EndElement:
			depth--
			w.end(t.Name.Local)
		case xml.CharData:
			w.text(t)
		}
	}
}

// word gathers the text of a main part.
type word struct {
	out     strings.Builder
	para    strings.Builder
	inText  bool
	deleted int // inside w:del, text that is no longer there
	tables  int
	cells   []string
	cell    []string
	numbers lists
	level   int
	list    string
}

// start reads an opening element. Names are local: writers choose other prefixes.
func (w *word) start(e xml.StartElement) {
	switch e.Name.Local {
	case "t":
		w.inText = true
	case "tab":
		w.para.WriteString("    ")
	case "br", "cr":
		w.para.WriteString("\n")
	case "noBreakHyphen":
		w.para.WriteString("-")
	case "del", "moveFrom":
		w.deleted++
	case "tbl":
		w.tables++
	case "tr":
		w.cells = nil
	case "tc":
		w.cell = nil
	case "ilvl":
		w.level = int(digits(attr(e, "val")))
	case "numId":
		w.list = attr(e, "val")
	}
}

// end closes paragraphs, cells and rows.
func (w *word) end(name string) {
	switch name {
	case "t":
		w.inText = false
	case "p":
		w.paragraph()
	case "del", "moveFrom":
		w.deleted--
	case "tbl":
		w.tables--
		w.out.WriteString("\n")
	case "tc":
		w.cells = append(w.cells, strings.Join(w.cell, " "))
	case "tr":
		w.row()
	}
}

// text keeps what is printed; deleted text of tracked changes is not.
func (w *word) text(b []byte) {
	if w.inText && w.deleted <= 0 {
		w.para.Write(b)
	}
}

// paragraph ends one: to its cell, or to the text.
func (w *word) paragraph() {
	s := strings.TrimRight(w.para.String(), " ")
	w.para.Reset()
	if w.list != "" && strings.TrimSpace(s) != "" {
		s = w.numbers.next(w.list, w.level) + s
	}
	w.list, w.level = "", 0
	if w.tables > 0 {
		if s = strings.TrimSpace(s); s != "" {
			w.cell = append(w.cell, s)
		}
		return
	}
	w.out.WriteString(s)
	w.out.WriteString("\n")
}

// row writes a row with bars. The letterhead is a table of two cells; its lines are
// written one below the other, not as a row.
func (w *word) row() {
	if len(w.cells) <= 2 { // a table of tasks has three columns at least
		for _, c := range w.cells {
			w.out.WriteString(c)
			w.out.WriteString("\n")
		}
		return
	}
	w.out.WriteString("| ")
	w.out.WriteString(strings.ReplaceAll(strings.ReplaceAll(strings.Join(w.cells, "\x00"), "|", "/"), "\x00", " | "))
	w.out.WriteString(" |\n")
}

// attr is an attribute by its local name, empty where it is missing.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
