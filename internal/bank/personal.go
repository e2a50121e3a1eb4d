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
	Kind string // phone, id, mail, plate, birth, person, place, house
	Text string // as it stands there
}

// markKinds say what a mark looks like.
var markKinds = map[string]string{"phone": "số điện thoại", "id": "số căn cước, chứng minh nhân dân", "mail": "thư điện tử", "plate": "biển số xe",
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
	name = big + `(?:\s+` + big + `){0,4}`
)

// families are the family names that most people bear; with one, two or three words in
// capitals behind it a name needs no title before it.
const families = `(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đào|Đoàn|Lương|Trịnh|Mai|Tạ|Cao|Lưu|Hà|Quách|Triệu|Chu|Nông|Vi|Hán|Khuất|Phùng)`

var patterns = []pattern{
	{"mail", regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)},
	{"id", regexp.MustCompile(`\b(?:\d{12}|\d{3}[ .]\d{3}[ .]\d{3}[ .]\d{3}|\d{9})\b`)},
	{"phone", regexp.MustCompile(`(?:\+84|\b0)(?:[ .-]?\d){9,10}\b`)},
	{"plate", regexp.MustCompile(`\b\d{2}[ -]?[A-Z]{1,2}\d?[ -]\d{3}[.]?\d{2}\b|\b\d{2}[A-Z]{1,2}\d?-?\d{4,5}\b`)},
	{"birth", regexp.MustCompile(`(?i)sinh (?:ngày |năm )?\d{1,4}(?:[/.-]\d{1,2}[/.-]\d{4})?`)},
	{"person", regexp.MustCompile(`(?:^|[^\p{L}])((?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Cc]háu|[Đđ]/?c|[Đđ]ồng chí) (?:` + name + `))`)},
	{"person", regexp.MustCompile(`(?:^|[^\p{L}])(` + families + `(?:\s+` + big + `){1,3})`)},
	{"house", regexp.MustCompile(`(?i)(?:số nhà|nhà số|thửa(?: đất)?(?: số)?|tờ bản đồ(?: số)?|số) \d+[\p{L}/\d]*(?:,? (?:đường|phố|ngõ|hẻm) ` + name + `)`)},
	{"house", regexp.MustCompile(`(?i)(?:số nhà|nhà số|thửa(?: đất)? số|tờ bản đồ số) \d+[\p{L}/\d]*`)},
	{"place", regexp.MustCompile(`(?:^|[^\p{L}])((?:[Tt]hôn|[Bb]ản|[Kk]hu|[Tt]ổ dân phố|[Xx]ã|[Pp]hường|[Hh]uyện|[Tt]hị xã|[Tt]hị trấn) (?:số )?(?:` + name + `|\d+))`)},
}

// Personal returns what looks personal in a text, each once, in the order of the text.
// places are folded names of units of this province: they are found without their kind
// before them, too. Not finding anything proves nothing; a person reads it as well.
func Personal(text string, places []string) (all []Mark) {
	type at struct {
		Mark
		from int
	}
	var found []at
	for _, p := range patterns {
		for _, loc := range p.re.FindAllStringSubmatchIndex(text, -1) {
			from, to := loc[0], loc[1]
			if len(loc) > 2 && loc[2] >= 0 { // the group leaves out what only bounds it
				from, to = loc[2], loc[3]
			}
			if p.kind == "birth" && !strings.ContainsFunc(text[from:to], unicode.IsDigit) {
				continue
			}
			found = append(found, at{Mark{p.kind, strings.TrimSpace(text[from:to])}, from})
		}
	}
	slices.SortStableFunc(found, func(a, b at) int { return cmp.Compare(a.from, b.from) })
	end := 0
	seen := map[string]bool{}
	for _, f := range found {
		if f.from < end || seen[f.Key()] { // inside another mark, or said before
			continue
		}
		end = f.from + len(f.Text)
		seen[f.Key()] = true
		all = append(all, f.Mark)
	}
	return append(all, named(text, places, all)...)
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
	return Personal(e.Question+"\n"+e.Answer, places), nil
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
