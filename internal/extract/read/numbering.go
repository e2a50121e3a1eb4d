package read

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// lists are the automatic numbers of a Word document, so that "1." that nobody typed is
// in the text as it is on paper.
type lists struct {
	abstract map[string]string        // list -> its definition
	levels   map[string]map[int]level // definition -> level -> how it prints
	counts   map[string]map[int]int
}

type level struct {
	format, text string
	start        int
}

// numberingOf reads word/numbering.xml; a document without one has no lists.
func numberingOf(f *zip.File) lists {
	l := lists{abstract: map[string]string{}, levels: map[string]map[int]level{}, counts: map[string]map[int]int{}}
	if f == nil {
		return l
	}
	r, err := f.Open()
	if err != nil {
		return l
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, 8<<20))
	d.Strict = false
	def, list, at := "", "", 0
	for {
		t, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return lists{counts: map[string]map[int]int{}}
			}
			return l
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		v := attr(e, "val")
		switch e.Name.Local {
		case "abstractNum":
			def, list = attr(e, "abstractNumId"), ""
			l.levels[def] = map[int]level{}
		case "num":
			list = attr(e, "numId")
		case "abstractNumId":
			l.abstract[list] = v
		case "lvl":
			at = int(digits(attr(e, "ilvl")))
		case "start", "numFmt", "lvlText":
			l.set(def, list, at, e.Name.Local, v)
		}
	}
}

// set keeps how one level of a definition prints.
func (l lists) set(def, list string, at int, what, v string) {
	if list != "" || l.levels[def] == nil {
		return // an override of one list: its look is the definition's
	}
	lv := l.levels[def][at]
	switch what {
	case "start":
		lv.start = int(digits(v))
	case "numFmt":
		lv.format = v
	case "lvlText":
		lv.text = v
	}
	l.levels[def][at] = lv
}

// next counts a list on and prints its label: "1. ", "a) ", "- ".
func (l lists) next(list string, at int) string {
	levels := l.levels[l.abstract[list]]
	lv, ok := levels[at]
	if !ok {
		return ""
	}
	if lv.format == "bullet" {
		return "- "
	}
	if l.counts[list] == nil {
		l.counts[list] = map[int]int{}
	}
	c := l.counts[list]
	if c[at] == 0 {
		c[at] = max(lv.start, 1) - 1
	}
	c[at]++
	for k := range c {
		if k > at {
			delete(c, k)
		}
	}
	s := lv.text
	for k := 0; k <= at && k < 9; k++ {
		s = strings.ReplaceAll(s, "%"+strconv.Itoa(k+1), label(levels[k].format, max(c[k], 1)))
	}
	if s == "" {
		return ""
	}
	return s + " "
}

// label prints a count in the format of a level.
func label(format string, n int) string {
	switch format {
	case "lowerLetter", "upperLetter":
		r := []rune("abcdefghijklmnopqrstuvwxyz")
		s := string(r[(n-1)%len(r)])
		if format == "upperLetter" {
			s = strings.ToUpper(s)
		}
		return s
	case "upperRoman", "lowerRoman":
		s := roman(n)
		if format == "lowerRoman" {
			s = strings.ToLower(s)
		}
		return s
	}
	return strconv.Itoa(n)
}

// roman writes a count in Roman figures; lists longer than 399 begin again.
func roman(n int) string {
	var b strings.Builder
	n %= 400
	for _, r := range []struct {
		n int
		s string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.n; n -= r.n {
			b.WriteString(r.s)
		}
	}
	return b.String()
}

// digits reads a small number; anything else is 0.
func digits(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 16)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
