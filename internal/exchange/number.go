package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/exchange/edxml"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// dashes are the strokes that people and programs type for the one of a symbol.
var dashes = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "−", "-", "_", "-", "\u00ad", "", "\\", "/")

// Key is how two ways of writing one number and symbol compare: capitals without spaces,
// one kind of stroke, no noughts before the number. "05/stp – hctp" is "5/STP-HCTP".
func Key(symbol string) string {
	s := strings.ToUpper(strings.Join(strings.Fields(dashes.Replace(vntext.NFC(symbol))), ""))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "SỐ:"), "SỐ")
	s = strings.Trim(s, ":;,.")
	number, rest, cut := strings.Cut(s, "/")
	number = strings.TrimLeft(number, "0")
	if !cut {
		return number
	}
	return number + "/" + rest
}

// ways are the forms in which a register may hold a number and symbol: as it is keyed, and
// with the nought that numbers below ten get (NĐ 30/2020, Phụ lục I).
func ways(symbol string) []string {
	key := Key(symbol)
	asWritten := strings.ToUpper(strings.Join(strings.Fields(vntext.NFC(symbol)), ""))
	return []string{key, "0" + key, asWritten}
}

// identity names a document for ever: who issued it, number and symbol, day. An issuer
// that is not known here is its code or, without one, its name.
func (d *Document) identity() string {
	issuer := "u:" + string(d.Issuer)
	switch {
	case d.Issuer != "":
	case d.IssuerCode != "":
		issuer = "c:" + codeKey(d.IssuerCode)
	default:
		issuer = "n:" + vntext.Fold(d.IssuerName)
	}
	name := issuer + "\x00" + Key(d.Symbol) + "\x00" + d.IssuedOn.String()
	if d.Repeats != "" { // another text under the same name: its own id tells it apart
		name += "\x00" + string(d.ID)
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// quoted finds a document that a text names: "Công văn số 12/UBND-VP ngày 10/02/2026",
// "số 12/UBND-VP ngày 10 tháng 02 năm 2026".
var quoted = regexp.MustCompile(`(?i)số\s*:?\s*([0-9]{1,6}[a-zđ]?\s*/\s*[\p{L}0-9]+(?:\s*[-–/&.]\s*[\p{L}0-9]+){0,6})[\s,;]*(?:đề\s+)?ngày\s+([0-9]{1,2})\s*(?:/|-|\.|tháng)\s*([0-9]{1,2})\s*(?:/|-|\.|năm)\s*([0-9]{4})`)

// mostQuoted bounds how many quoted documents of one text are looked up.
const mostQuoted = 20

// Quoted returns the documents that a text names by number, symbol and date, each once.
func Quoted(text string) (all []edxml.Reference) {
	seen := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(vntext.NFC(text), mostQuoted) {
		on, ok := civil(m[2], m[3], m[4])
		if key := Key(m[1]) + on.String(); ok && !seen[key] {
			seen[key] = true
			all = append(all, edxml.Reference{Code: strings.Join(strings.Fields(m[1]), ""), IssuedOn: on})
		}
	}
	return all
}

// civil is the day that three numbers name, if there is one.
func civil(day, month, year string) (d workday.Date, ok bool) {
	n, err1 := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	y, err3 := strconv.Atoi(year)
	if err1 != nil || err2 != nil || err3 != nil || y < 1900 || y > 2200 || m < 1 || m > 12 || n < 1 {
		return d, false
	}
	t := time.Date(y, time.Month(m), n, 12, 0, 0, 0, workday.Office)
	return workday.Of(t), t.Day() == n
}
