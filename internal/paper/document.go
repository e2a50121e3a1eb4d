// Package paper lays out official papers (văn bản, biểu mẫu in) as PDF and DOCX.
//
// A Document holds a paper in the parts that the layout of official papers has (NĐ
// 30/2020/NĐ-CP, Phụ lục I); both files are made of the same one. Compose fills it from a
// paper or a case that the reader may see, Slip from a case for leaders who direct on
// paper. An administrator may put a DOCX of the unit's own in place of the built-in
// layout (Template); the PDF is always the built-in one. The package numbers nothing and
// signs nothing: what a paper has no value for yet stays open, as on a draft on paper.
package paper

import (
	"strings"
	"unicode/utf8"

	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// A Kind is a kind of form.
type Kind string

// The kinds of form that the program prints.
const (
	Letter     Kind = "cong-van"         // công văn: trích yếu under the number
	Submission Kind = "to-trinh"         // tờ trình, phiếu trình
	Incoming   Kind = "phieu-giai-quyet" // phiếu giải quyết văn bản đến
	Report     Kind = "bao-cao"
	Notice     Kind = "thong-bao"
	Generic    Kind = "van-ban"
)

// Kinds lists the kinds with their Vietnamese names, in the order of choices.
var Kinds = []struct {
	Kind Kind
	Say  string
}{
	{Letter, "Công văn"}, {Submission, "Phiếu trình, tờ trình"}, {Incoming, "Phiếu giải quyết văn bản đến"},
	{Report, "Báo cáo"}, {Notice, "Thông báo"}, {Generic, "Văn bản khác"},
}

// Say is the kind's Vietnamese name; "" for one that does not exist.
func (k Kind) Say() string {
	for _, one := range Kinds {
		if one.Kind == k {
			return one.Say
		}
	}
	return ""
}

// A Document is a paper in its parts. Its zero parts are left out or left open.
type Document struct {
	Kind       Kind
	Over       string // the body above the issuer, in small letters as all names here; empty where the unit speaks for itself
	Unit       string // the issuer
	Symbol     string // số, ký hiệu: "37/STP-HCTP"; "" leaves the place open
	Unnumbered bool   // the form carries no number at all
	Place      string // "Phú Thọ"
	Date       workday.Date
	Year       int    // shown while there is no date
	Urgency    string // độ khẩn: "KHẨN"
	Name       string // tên loại: "TỜ TRÌNH"; "" for a công văn
	Subject    string // trích yếu, without "V/v"
	To         []string
	Body       []Block
	Capacity   []string // above the name: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"
	Signer     string
	Signers    []Signer // several places side by side instead of one, for slips
	Receivers  []string // nơi nhận
	Annexes    []Annex
	Alone      bool   // nothing but the annexes of another paper: no upper boxes, no signature
	Code       string // mã theo dõi, never without those words
	Address    string // where the QR leads; "" prints none
	DatedAs    string // instead of place and day, as it stands; for templates
	Foot       string // instead of the line with the code; for templates
	State      string // what the sheet is not yet: a draft, unsigned
}

// A Signer is one place to sign.
type Signer struct{ Title, Name string }

// A Block is one piece of a body, the parts that are there in this order: a heading, a
// text (each line a paragraph), a table, lines left free for writing.
type Block struct {
	Heading string
	Text    string
	Table   *Table
	Lines   int
}

// A Table is a table of texts.
type Table struct {
	Head  []string
	Share []float64 // of the width, by column; nil: all alike
	Rows  [][]string
	Right []bool // columns of figures
	Lines int    // left free under the texts of each row, for writing
}

// An Annex (phụ lục) begins on its own page.
type Annex struct {
	Name  string // "Phụ lục I"
	Title string // printed in capitals
	Wide  bool   // landscape
	Body  []Block
}

// shares are the parts of the width that columns get; they add up to 1.
func (t *Table) shares() []float64 {
	n := len(t.Head)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	all, sum := make([]float64, n), 0.0
	for i := range all {
		all[i] = 1
		if i < len(t.Share) && t.Share[i] > 0 {
			all[i] = t.Share[i]
		}
		sum += all[i]
	}
	for i := range all {
		all[i] /= sum
	}
	return all
}

// Number is the line with the number, in the form of papers; days and the first two
// months have two digits.
func (d *Document) Number() string {
	switch {
	case d.Unnumbered:
		return ""
	case d.Symbol == "":
		return "Số:        /"
	}
	return "Số: " + d.Symbol
}

// Dated is the line with place and day.
func (d *Document) Dated() string {
	if d.DatedAs != "" {
		return d.DatedAs
	}
	place := d.Place
	if place != "" {
		place += ", "
	}
	if d.Date.IsZero() {
		year := "……"
		if d.Year != 0 {
			year = workday.NewDate(d.Year, 1, 1).Long()[6:]
		}
		return place + "ngày …… tháng …… năm " + year
	}
	return place + InFull(d.Date)
}

// InFull is a day as papers write it: "ngày 03 tháng 8 năm 2025".
func InFull(d workday.Date) string {
	day, rest, _ := strings.Cut(d.Long(), "/")
	month, year, _ := strings.Cut(rest, "/")
	if month > "02" {
		month = strings.TrimPrefix(month, "0")
	}
	return "ngày " + day + " tháng " + month + " năm " + year
}

// About is the trích yếu of a công văn with its "V/v".
func (d *Document) About() string {
	if d.Subject == "" {
		return ""
	}
	return "V/v " + lowerFirst(strings.TrimPrefix(d.Subject, "V/v "))
}

// Lowers the first letter inside a sentence, but not of an abbreviation.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if up := strings.ToUpper(string(second)); up == string(second) && strings.ToLower(up) != up {
		return s // an abbreviation: "GPMB"
	}
	return strings.ToLower(string(r)) + s[n:]
}

// foot is what stands beside the QR. A tracking code never stands bare: it would be
// quoted as a document number.
func (d *Document) foot() string {
	if d.Foot != "" {
		return d.Foot
	}
	if d.Code == "" {
		return ""
	}
	return "Mã theo dõi " + d.Code + " (của hệ thống, không phải số văn bản)"
}

const (
	nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto  = "Độc lập - Tự do - Hạnh phúc"
)

// FileName is what a file of the document is called, without its ending: "37-STP-HCTP V-v
// trả lời …".
func (d *Document) FileName() string {
	name := d.About()
	if d.Name != "" { // a name all in capitals is hard to read in a list of files
		first, n := utf8.DecodeRuneInString(d.Name)
		name = string(first) + strings.ToLower(d.Name[n:])
	}
	if d.Symbol != "" {
		name = d.Symbol + " " + name
	} else if d.Code != "" {
		name += " " + d.Code
	}
	return vntext.Truncate(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|.`, r) || r < ' ' {
			return '-'
		}
		return r
	}, name), longestFileName)
}

// longestFileName is in letters: far below what file systems take in bytes.
const longestFileName = 80

// Text is the body in words, a blank line between its parts: what a message says that
// carries the paper as a file.
func (d *Document) Text() string { return strings.Join(d.lines(), "\n\n") }
