package paper

import (
	"strings"
	"sync"

	"codeberg.org/go-pdf/fpdf"
)

// wrap breaks a text into lines no wider than width, the first one shorter by indent. A
// word that is wider than a line is cut where the line ends.
func wrap(pdf *fpdf.Fpdf, text string, width, indent float64) (lines []string) {
	// words are kept whole: Vietnamese is not hyphenated
	line, room := "", width-indent
	for _, word := range strings.Fields(text) {
		next := word
		if line != "" {
			next = line + " " + word
		}
		if pdf.GetStringWidth(next) <= room {
			line = next
			continue
		}
		if line != "" {
			lines, room = append(lines, line), width
		}
		// an address of the web, or a key left in a text
		for line = word; line != "" && pdf.GetStringWidth(line) > room; room = width {
			head := cut(pdf, line, room)
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, line)
}

// balanced is wrap for centred texts: as few lines, but of like length, so that no last
// word stands alone.
func balanced(pdf *fpdf.Fpdf, text string, width float64) []string {
	all := wrap(pdf, text, width, 0)
	if len(all) == 1 {
		return all
	}
	// the narrowest column in which the lines are not more; half of it is enough for two
	low, high := width/2, width
	for high-low > 1 {
		middle := (low + high) / 2
		if tried := wrap(pdf, text, middle, 0); len(tried) > len(all) {
			low = middle
		} else {
			all, high = tried, middle
		}
	}
	return all
}

// ruler measures texts in the letters of papers where no PDF is under way; one at a time.
var ruler = struct {
	sync.Mutex
	pdf func() *fpdf.Fpdf
}{pdf: sync.OnceValue(func() *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(family, "", regular)
	pdf.AddUTF8FontFromBytes(family, "B", bold)
	return pdf
})}

// measured is balanced for letters of a style and size, in a width of millimetres.
func measured(text, style string, size, width float64) []string {
	ruler.Lock()
	defer ruler.Unlock()
	pdf := ruler.pdf()
	pdf.SetFont(family, style, size)
	return balanced(pdf, clean(text), width)
}

// cut is the beginning of a word that fits, at least one letter.
func cut(pdf *fpdf.Fpdf, word string, room float64) string {
	end := 0
	for i, r := range word {
		if i > 0 && pdf.GetStringWidth(word[:i+len(string(r))]) > room {
			break
		}
		end = i + len(string(r))
	}
	return word[:end]
}

// paragraphs are the lines of a text that hold something.
func paragraphs(text string) (all []string) {
	for p := range strings.SplitSeq(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// printable leaves out what no font draws: control and hidden letters, and those beyond
// the plane that the font's tables reach.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff:
			return -1
		case r > 0xffff:
			return '□'
		}
		return r
	}, s)
}
