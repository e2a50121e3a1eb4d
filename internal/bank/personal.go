package bank

import (
	"cmp"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Mark is a place of a text that looks like a person, a place or a number of one.
type Mark struct {
	Kind string // phone, id, number, mail, plate, birth, person, place, house
	Text string // as it stands there
}

// markKinds say what a mark looks like.
var markKinds = map[string]string{"phone": "số điện thoại", "id": "số căn cước, chứng minh nhân dân", "number": "dãy số dài, như số tài khoản, số giấy tờ, mã số thuế", "mail": "thư điện tử", "plate": "biển số xe",
	"birth": "ngày sinh", "person": "tên người", "place": "tên xã, phường, đơn vị", "house": "địa chỉ, số nhà, số thửa"}

// Say names the kind in Vietnamese.
func (m Mark) Say() string { return markKinds[m.Kind] }

// Key names the mark in a form and in an Approval: the same words are one mark.
func (m Mark) Key() string { return m.Kind + ":" + vntext.Fold(m.Text) }

// A pattern finds marks of one kind. It looks at the text as it is written, because
// capitals tell names from words.
type pattern struct {
	kind string
	re   *regexp.Regexp
}

const (
	big  = `[\p{Lu}][\p{L}\p{M}]*`
	name = big + `(?: ` + big + `){0,4}`
)

var patterns = []pattern{
	{"mail", regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)},
	{"number", regexp.MustCompile(`\b(?:[A-Z]\d{7}|[A-Z]{2} ?\d{6,8}|[A-Z]{2} ?\d ?\d{2} ?\d{10})\b`)}, // passports, certificates of land, cards of insurance
	{"plate", regexp.MustCompile(`\b\d{2}[ -]?[A-Z]{1,2}\d?[ -]\d{3}[.]?\d{2}\b|\b\d{2}[A-Z]{1,2}\d?[ -]?\d{4,5}\b`)},
	{"birth", regexp.MustCompile(`(?i)sinh (?:ngày |năm )?\d{1,4}(?:[/.-]\d{1,2}[/.-]\d{4})?`)},
	{"house", regexp.MustCompile(`(?i)(?:số nhà|nhà số|thửa(?: đất)?(?: số)?|tờ bản đồ(?: số)?|số) \d+[\p{L}/\d]*(?:,? (?:đường|phố|ngõ|hẻm) ` + name + `)`)},
	{"house", regexp.MustCompile(`(?i)(?:số nhà|nhà số|thửa(?: đất)? số|tờ bản đồ số) \d+[\p{L}/\d]*`)},
	{"place", regexp.MustCompile(`(?:^|[^\p{L}])((?:[Tt]hôn|[Bb]ản|[Kk]hu|[Tt]ổ dân phố|[Xx]ã|[Pp]hường|[Hh]uyện|[Tt]hị xã|[Tt]hị trấn) (?:số )?(?:` + name + `|\d+))`)},
}

// A found mark with where it stands.
type foundMark struct {
	Mark
	from, to int
}

// Personal returns what looks personal in a text, each once, in the order of the text.
// places are folded names of units of this province: they are found without their kind
// before them, too. Not finding anything proves nothing; a person reads it as well.
func Personal(text string, places []string) (all []Mark) {
	text = vntext.NFC(text)
	found := patterned(text)
	for _, at := range addressed(text) {
		found = append(found, foundMark{Mark{"person", text[at[0]:at[1]]}, at[0], at[1]})
	}
	for _, at := range persons(text) {
		if name := text[at[0]:at[1]]; !slices.Contains(places, vntext.Fold(name)) { // "Đoàn Hùng" is a commune
			found = append(found, foundMark{Mark{"person", name}, at[0], at[1]})
		}
	}
	numbers, at := numbersIn(text)
	for i, m := range numbers {
		found = append(found, foundMark{m, at[i][0], at[i][1]})
	}
	slices.SortStableFunc(found, func(a, b foundMark) int { return cmp.Compare(a.from, b.from) })
	end := 0
	seen := map[string]bool{}
	for _, f := range found {
		if f.from < end || seen[f.Key()] { // inside another mark, or said before
			continue
		}
		end = f.to
		seen[f.Key()] = true
		all = append(all, f.Mark)
	}
	return append(all, named(text, places, all)...)
}

// patterned returns what the patterns find.
func patterned(text string) (found []foundMark) {
	for _, p := range patterns {
		for _, loc := range p.re.FindAllStringSubmatchIndex(text, -1) {
			from, to := loc[0], loc[1]
			if len(loc) > 2 && loc[2] >= 0 { // the group leaves out what only bounds it
				from, to = loc[2], loc[3]
			}
			if p.kind == "birth" && !strings.ContainsFunc(text[from:to], unicode.IsDigit) || p.kind == "place" && noHamlet(text, from, to) {
				continue
			}
			found = append(found, foundMark{Mark{p.kind, strings.TrimSpace(text[from:to])}, from, to})
		}
	}
	return found
}

// noHamlet says whether "bản" with a number is a document or a copy and no hamlet: "văn bản
// 1537/UBND-TH", "bản số 2".
func noHamlet(text string, from, to int) bool {
	if !strings.HasPrefix(vntext.Fold(text[from:to]), "ban ") {
		return false
	}
	before := strings.Fields(text[:from])
	return strings.HasPrefix(text[to:], "/") || len(before) > 0 && slices.Contains([]string{"văn", "phiên", "biên", "ấn", "nguyên", "kịch", "căn", "cơ"}, strings.ToLower(before[len(before)-1]))
}

// named finds names of units that stand without "xã" or "phường". A name of one syllable
// is too often a word.
func named(text string, places []string, have []Mark) (all []Mark) {
	folded := " " + vntext.Fold(text) + " "
	for _, p := range places {
		if !strings.Contains(p, " ") || !strings.Contains(folded, " "+p+" ") || slices.ContainsFunc(have, func(m Mark) bool { return strings.Contains(vntext.Fold(m.Text), p) }) {
			continue
		}
		if as, ok := capitals(text, p); ok {
			all = append(all, Mark{"place", as})
		}
	}
	return all
}

// capitals returns the words of the text that fold to p and begin with capitals: "Phù Ninh"
// is a place, "phú ninh" in the middle of a sentence may be anything.
func capitals(text, p string) (as string, ok bool) {
	words, want := strings.Fields(text), strings.Fields(p)
	for i := 0; i+len(want) <= len(words); i++ {
		part := strings.Join(words[i:i+len(want)], " ")
		trimmed := strings.TrimFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if vntext.Fold(trimmed) != p {
			continue
		}
		upper := true
		for _, w := range strings.Fields(trimmed) {
			upper = upper && strings.IndexFunc(w, unicode.IsUpper) == 0
		}
		if upper {
			return trimmed, true
		}
	}
	return "", false
}

// Marks returns what looks personal in an entry: with the names of the communes of this
// province, and that of the unit that raised the petition it was made from.
func Marks(tx *db.Tx, e *Entry) ([]Mark, error) {
	places, err := placesOf(tx)
	if err != nil {
		return nil, err
	}
	return Personal(e.Question+"\n"+e.Answer+"\n"+e.Basis, places), nil
}

// placesOf are the folded names of communes without their kind: "xã Hy Cương" is "hy cuong".
func placesOf(tx *db.Tx) (all []string, err error) {
	units, err := org.Units(tx, org.Filter{Level: org.LevelCommune})
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if !u.Commune() {
			continue
		}
		n := vntext.Fold(u.Short)
		for _, kind := range []string{"ubnd ", "uy ban nhan dan ", "xa ", "phuong ", "dac khu "} {
			n = strings.TrimPrefix(n, kind)
		}
		all = append(all, n)
	}
	// former names too: people still say them
	err = tx.All(`SELECT DISTINCT name FROM unit_name`, nil, func(r *sql.Rows) error {
		var n string
		if err := r.Scan(&n); err != nil {
			return err
		}
		n = vntext.Fold(n)
		for _, kind := range []string{"ubnd ", "uy ban nhan dan ", "xa ", "phuong ", "thi tran "} {
			n = strings.TrimPrefix(n, kind)
		}
		all = append(all, n)
		return nil
	})
	slices.Sort(all)
	return slices.Compact(all), err
}
