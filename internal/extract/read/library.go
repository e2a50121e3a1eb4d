package read

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	pdflib "github.com/ledongthuc/pdf"
)

// The library loops for ever or takes all memory on some broken files: it runs in a
// process of its own, which ends after libraryTime or at libraryMemory bytes.
const (
	libraryTime   = 20 * time.Second
	libraryMemory = 1 << 30
)

// LayerFlag is the argument of "lienthong extract" with which the program starts itself
// to read one PDF by the library.
const LayerFlag = "--pdf-layer"

// library starts the program again to read a PDF; it prints the pages, then the text.
func library(ctx context.Context, path string) (pages int, text string, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, "", err
	}
	out, err := program(ctx, libraryTime, self, "extract", LayerFlag, path)
	if err != nil {
		return 0, "", err
	}
	first, text, ok := strings.Cut(string(out), "\n")
	if pages, err = strconv.Atoi(first); !ok || err != nil {
		return 0, "", errors.New("the reader of PDF said nothing")
	}
	return pages, strings.ToValidUTF8(text, ""), nil
}

// Layer reads the text of a PDF with the library and writes the count of its pages and
// the text. It may not return, or end the process: only a process of its own calls it.
func Layer(path string, w io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file breaks the reader: %v", p)
		}
	}()
	debug.SetMaxStack(64 << 20)
	go watchMemory()
	f, r, err := pdflib.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintln(w, r.NumPage())
	for i := 1; i <= min(r.NumPage(), maxPages); i++ {
		p := r.Page(i)
		if p.V.IsNull() {
			continue
		}
		rows, err := p.GetTextByRow()
		if err != nil {
			return err
		}
		var lines []string
		for _, row := range rows {
			lines = append(lines, rowText(row.Content))
		}
		if turned(lines, p) {
			slices.Reverse(lines)
		}
		for _, l := range lines {
			fmt.Fprintln(w, l)
		}
		fmt.Fprint(w, "\f")
	}
	return nil
}

// turned tells that the lines come from the foot up: some printers turn the page over,
// which the library's rows do not follow. Text is drawn from the top, so the line that
// is drawn first should be the first.
func turned(lines []string, p pdflib.Page) bool {
	var drawn strings.Builder
	for _, t := range p.Content().Text {
		drawn.WriteString(strings.Join(strings.Fields(t.S), ""))
	}
	up, last := 0, -1
	for _, l := range lines {
		at := strings.Index(drawn.String(), strings.Join(strings.Fields(l), ""))
		switch {
		case at < 0 || len(l) < 8: // read otherwise by the two ways, or found by chance
			continue
		case last >= 0 && at < last:
			up++
		case last >= 0:
			up--
		}
		last = at
	}
	return up > 0
}

// watchMemory ends the process before the machine runs out.
func watchMemory() {
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > libraryMemory {
			os.Exit(3)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// rowText sets blanks where words stand apart, more where columns do.
func rowText(words pdflib.TextHorizontal) string {
	var b strings.Builder
	end := 0.0
	for i, w := range words {
		if gap := w.X - end; i > 0 && gap > w.FontSize*3 {
			b.WriteString("      ")
		} else if i > 0 && gap > w.FontSize*0.15 {
			b.WriteString(" ")
		}
		b.WriteString(w.S)
		end = w.X + w.W
	}
	return b.String()
}
