package extract

import (
	_ "embed" // the table of merged bodies
	"encoding/csv"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"lienthong/internal/vntext"
)

// A Unit is what a named body is matched to: a unit of the office with the names it has
// and had. From and Until are days on which it works; zero: open.
type Unit struct {
	ID            string
	Names         []string // the present name first, then old ones
	Abbreviations []string
	From, Until   time.Time // Until is the first day on which it is gone
}

// A Candidate is a unit that a name may mean. Score lies in (0, 1]; 1 is the name itself.
type Candidate struct {
	ID     string
	Score  float64
	Reason string // in Vietnamese
}

// What each kind of likeness is worth. They order candidates, nothing more.
const (
	sameName   = 1.0
	shortName  = 0.97 // without its area, without its role
	abbreviate = 0.95
	oldName    = 0.92
	noMarks    = 0.88 // typed without marks
	merged     = 0.85
	typo       = 0.8
	gone       = 0.4 // taken off where the unit does not work on the day
)

// Match finds the units that a name printed in a document may mean, the likeliest
// first; none where it names a group ("các sở, ban, ngành") or nobody known.
func Match(name string, units []Unit) []Candidate { return MatchOn(name, units, time.Time{}) }

// MatchOn is Match on the day of the document: a unit that does not work on it comes
// after those that do, with the reason.
func MatchOn(name string, units []Unit, on time.Time) []Candidate {
	asked := spoken(name)
	if asked.plain == "" || asked.group {
		return nil
	}
	var out []Candidate
	for _, u := range units {
		c := asked.like(u)
		if c.Score == 0 {
			continue
		}
		switch {
		case on.IsZero():
		case !u.Until.IsZero() && !on.Before(u.Until):
			c.Score -= gone
			c.Reason += "; đơn vị thôi hoạt động từ " + u.Until.Format("02/01/2006")
		case on.Before(u.From):
			c.Score -= gone
			c.Reason += "; đơn vị hoạt động từ " + u.From.Format("02/01/2006")
		}
		if c.Score > 0 {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Score > out[j].Score })
	return out
}

// EachPlace writes "UBND các phường: A, B và C" and "UBND các xã A, B" out, one body a place; any
// other name stays. Each place has its own unit and its own duty.
func EachPlace(name string) []string {
	t := tokens(name)
	for i := 1; i+2 < len(t); i++ {
		n := areaNouns.at(t, i+1)
		if n == 0 || !oneOf(t, i, "các") {
			continue
		}
		k := i + 1 + n
		if oneOf(t, k, ":") {
			k++
		}
		kind := name[t[i+1].from:t[i+n].to] // "phường"
		if places := placesOf(name, t[k:], kind); len(places) > 1 {
			front := strings.TrimSpace(name[:t[i].from])
			for j := range places {
				places[j] = front + " " + places[j]
			}
			return places
		}
		break
	}
	return []string{name}
}

// placesOf cuts a list of proper names that begins with the first token, each with its kind;
// none where something else stands in it.
func placesOf(name string, t []token, kind string) (out []string) {
	for from := 0; from < len(t); {
		to := from
		for to < len(t) && !oneOf(t, to, ",", ";") && !(oneOf(t, to, "và") && !t[to].cap) {
			to++
		}
		own := areaNouns.at(t, from) // "…, phường Hòa Bình" says its own kind
		if to == from || from+own >= to || !t[from+own].cap && !t[from+own].number {
			return nil
		}
		p := name[t[from].from:t[to-1].to]
		if own == 0 {
			p = kind + " " + p
		}
		out = append(out, p)
		for from = to; oneOf(t, from, ",", ";", "và"); {
			from++
		}
	}
	return out
}

// A said name is a name as it is compared: in full words and small letters.
type said struct {
	full  string // with marks
	short string // without the area behind it
	plain string // short, without marks
	role  bool   // a person's title stood before it
	group bool
}

// bodyWords are abbreviations inside names.
var bodyWords = strings.NewReplacer("ubnd", "ủy ban nhân dân", "hđnd", "hội đồng nhân dân", "mttq", "mặt trận tổ quốc", "tp", "thành phố",
	"gd&đt", "giáo dục và đào tạo", "gdđt", "giáo dục và đào tạo", "nn&mt", "nông nghiệp và môi trường", "nnmt", "nông nghiệp và môi trường",
	"kh&cn", "khoa học và công nghệ", "khcn", "khoa học và công nghệ", "vhttdl", "văn hóa thể thao và du lịch", "vhtt&dl", "văn hóa thể thao và du lịch",
	"lđtbxh", "lao động thương binh và xã hội", "tn&mt", "tài nguyên và môi trường", "tnmt", "tài nguyên và môi trường", "kh&đt", "kế hoạch và đầu tư",
	"tt&tt", "thông tin và truyền thông", "gtvt", "giao thông vận tải", "ttpvhcc", "trung tâm phục vụ hành chính công", "&", "và", "đ/c", "")

// spoken brings a name to the form it is compared in.
func spoken(name string) said {
	t := tokens(vntext.NFC(name))
	s := said{}
	i := 0
	if n := roleHeads.at(t, 0); n > 0 && n < len(t) {
		i, s.role = n, true
		if is(t, i, "của") {
			i++
		}
	}
	s.group = oneOf(t, i, "các") || i == 0 && len(t) > 0 && groupAt(t, 0) == len(t) && !t[0].cap
	var w []string
	for _, k := range t[i:] {
		if k.word || k.number || k.lo == "&" {
			w = append(w, k.lo)
		}
	}
	s.full = written(strings.Join(w, " "))
	s.short = withoutArea(s.full)
	s.plain = vntext.Fold(s.short)
	return s
}

// written writes abbreviations out, word by word.
func written(s string) string {
	s = strings.ReplaceAll(s, " & ", "&")
	var out []string
	for _, w := range strings.Fields(s) {
		out = append(out, bodyWords.Replace(w))
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

// withoutArea takes off "tỉnh Phú Thọ" behind a department and "ủy ban nhân dân" before
// a commune: what is left is the name its own office uses.
func withoutArea(s string) string {
	for _, front := range []string{"ủy ban nhân dân xã ", "ủy ban nhân dân phường ", "ủy ban nhân dân đặc khu "} {
		if strings.HasPrefix(s, front) {
			return strings.TrimPrefix(s, "ủy ban nhân dân ")
		}
	}
	for _, tail := range []string{" tỉnh ", " thành phố "} {
		if i := strings.LastIndex(s, tail); i > 0 && !strings.HasPrefix(s, "ủy ban") {
			return s[:i]
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(s, " tỉnh"), " thành phố")
}

// like compares an asked name with a unit by every name it has.
func (s said) like(u Unit) Candidate {
	best := Candidate{ID: u.ID}
	take := func(score float64, reason string) {
		if score > best.Score {
			best.Score, best.Reason = score, reason
		}
	}
	for i, n := range u.Names {
		score, reason := s.against(spoken(n))
		if i > 0 && score > 0 {
			score, reason = min(score, oldName), "tên cũ của đơn vị: "+n
		}
		take(score, reason)
	}
	for _, a := range u.Abbreviations {
		if a != "" && (low(a) == s.full || vntext.Fold(a) == s.plain) {
			take(abbreviate, "tên viết tắt "+a)
		}
	}
	for _, m := range successors() {
		if m.old.plain == s.plain && len(u.Names) > 0 && spoken(u.Names[0]).plain == m.new.plain {
			take(merged, "đã hợp nhất từ "+m.from+" ("+m.source+")"+m.note)
		}
	}
	if s.role && best.Score > 0 {
		best.Score = min(best.Score, shortName)
		best.Reason += ", người đứng đầu"
	}
	return best
}

// against compares two names.
func (s said) against(n said) (float64, string) {
	switch {
	case s.full == n.full:
		return sameName, "đúng tên"
	case s.short == n.short:
		return shortName, "đúng tên, khác phần địa danh"
	case s.plain == n.plain:
		return noMarks, "đúng tên, khác dấu"
	}
	// one slip in eight letters, at most three; a short name allows none
	allowed := min(len(n.plain)/8, 3)
	if allowed > 0 && !otherField(s.plain, n.plain) {
		if d := distance(s.plain, n.plain, allowed); d <= allowed {
			return typo - 0.04*float64(d), "gần giống tên, có thể gõ sai"
		}
	}
	return 0, ""
}

// otherField tells that two names differ in a number or a letter that stands alone:
// "phường 1" and "phường 2" are two places, not a slip.
func otherField(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && (len(x[i]) == 1 && len(y[i]) == 1 || strings.ContainsAny(x[i]+y[i], "0123456789")) {
			return true
		}
	}
	return false
}

// distance counts the letters to change, add, drop or swap between neighbours; more
// than most is returned as most+1.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	two, one := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		if slices.Min(row) > most {
			return most + 1
		}
		two, one = one, row
	}
	return one[len(b)]
}

// A merger is one body that another took over.
type merger struct {
	old, new           said
	from, source, note string
}

//go:embed successors.csv
var successorsCSV string

// successors is the table of merged bodies, with the text that says so.
var successors = sync.OnceValue(func() []merger {
	rows, err := csv.NewReader(strings.NewReader(successorsCSV)).ReadAll()
	if err != nil {
		panic(err) // a file of the program, checked by its test
	}
	var out []merger
	for _, r := range rows[1:] {
		m := merger{old: spoken(r[0]), new: spoken(r[1]), source: r[3]}
		if day, err := time.Parse(time.DateOnly, r[2]); err == nil {
			m.from = day.Format("02/01/2006")
		}
		if r[4] != "" {
			m.note = ": " + r[4]
		}
		out = append(out, m)
	}
	return out
})
