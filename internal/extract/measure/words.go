package measure

import (
	"regexp"
	"sort"
	"strings"
	"unicode"

	"lienthong/internal/extract"
	"lienthong/internal/vntext"
)

// abbreviations are written out before names are compared.
var abbreviations = map[string]string{
	"ubnd": "ủy ban nhân dân", "hđnd": "hội đồng nhân dân", "tp": "thành phố", "vpcp": "văn phòng chính phủ",
	"ttg": "thủ tướng chính phủ", "ttgcp": "thủ tướng chính phủ", "gdđt": "giáo dục và đào tạo", "mttq": "mặt trận tổ quốc",
	"tnmt": "tài nguyên và môi trường", "nnmt": "nông nghiệp và môi trường", "khcn": "khoa học và công nghệ",
}

var tones = strings.NewReplacer("oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "uỷ", "ủy", "uỳ", "ùy", "uỹ", "ũy", "uỵ", "ụy")

// words are the words of a text, NFC, in small letters, abbreviations written out; 0: all.
func words(s string, most int) []string {
	var out []string
	for _, w := range strings.FieldsFunc(tones.Replace(strings.ToLower(vntext.NFC(s))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if long, ok := abbreviations[w]; ok {
			out = append(out, strings.Fields(long)...)
			continue
		}
		out = append(out, w)
	}
	if most > 0 && len(out) > most {
		out = out[:most]
	}
	return out
}

// flat is a text as its words, for comparing names.
func flat(s string) string { return strings.Join(words(s, 0), " ") }

// joined is a number without blanks and without "Số:".
func joined(s string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "–", "-")), "số:")
}

// common counts the words that two lists share, with repetition.
func common(a, b []string) int {
	have := map[string]int{}
	for _, w := range b {
		have[w]++
	}
	n := 0
	for _, w := range a {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n
}

// sameSubject allows one word in ten to differ.
func sameSubject(a, b string) bool {
	x, y := words(a, 0), words(b, 0)
	return len(x)+len(y) > 0 && float64(2*common(x, y))/float64(len(x)+len(y)) >= 0.9
}

// overlap is the share of the truth's words found; a short proposal is judged on its own length.
func overlap(t, p []string) float64 {
	if len(t) == 0 || len(p) == 0 {
		return 0
	}
	return min(1, float64(common(t, p))/float64(min(len(t), max(len(p), 8))))
}

// order is the share of the truth's words that stand in the same order.
func order(a, b []string) float64 {
	row := make([]int, len(b)+1)
	for _, x := range a {
		prev := 0
		for j, y := range b {
			cur := row[j+1]
			if x == y {
				row[j+1] = prev + 1
			} else {
				row[j+1] = max(cur, row[j])
			}
			prev = cur
		}
	}
	return float64(row[len(b)]) / float64(max(1, len(a)))
}

type pair struct {
	rank        float64
	truth, pred int
}

// match pairs tasks, the best first.
func match(t []truthJob, p []extract.Proposal) []pair {
	const enough = 0.6
	var all []pair
	for i, x := range t {
		starts := [][]string{words(x.Content, 15), words(x.Core, 15)}
		for j, y := range p {
			pw := words(y.Content, 30)
			o, in := 0.0, 0.0
			for _, s := range starts {
				o, in = max(o, overlap(s, pw)), max(in, order(s, pw))
			}
			if o < enough {
				continue
			}
			far := float64(i)/float64(len(t)) - float64(j)/float64(len(p))
			rank := (o+in)/2 - 0.2*max(far, -far)
			if flat(x.Clause) == flat(y.Clause) {
				rank += 0.1
			}
			all = append(all, pair{rank, i, j})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].rank > all[j].rank })
	var out []pair
	ut, up := map[int]bool{}, map[int]bool{}
	for _, m := range all {
		if !ut[m.truth] && !up[m.pred] {
			ut[m.truth], up[m.pred] = true, true
			out = append(out, m)
		}
	}
	return out
}

// heads begin the name of a body; a list is cut before them.
var heads = regexp.MustCompile(`(?:\s*[;\n]\s*|\s*,\s*(?:và\s+)?|\s+và\s+)((?:các\s+)?(?:sở|bộ|ban|ủy ban|ubnd|công an|công ty|tổng công ty|cục|tổng cục|chi cục|vụ|viện|văn phòng|trung tâm|thanh tra|thuế|kho bạc|ngân hàng|đài|báo|chủ tịch|phó chủ tịch|giám đốc|thủ trưởng|bộ trưởng|hội|liên đoàn|mặt trận|đảng ủy|tỉnh ủy|phòng|trường|đoàn|tổ|bảo hiểm|thông tấn|hải quan|chủ đầu tư|người đứng đầu|địa phương|doanh nghiệp|đơn vị|cơ quan|hộ gia đình|tập đoàn)(?:\s|$|,))`)

// groups are lists of nouns that name one group.
var groups = regexp.MustCompile(`(?:sở|bộ|cơ quan|tổ chức|xã|phường|tỉnh|ban)(?:, (?:ban|ngành|địa phương|đoàn thể|đơn vị|tổ chức|doanh nghiệp|cá nhân|phường|xã|đặc khu|thành phố))+`)

// agencies is the set of names, each alone: "A, B và C" is cut before what begins a body.
func agencies(list []string) map[string]bool {
	out := map[string]bool{}
	for _, item := range list {
		s := strings.ToLower(tones.Replace(vntext.NFC(item)))
		s = groups.ReplaceAllStringFunc(s, func(g string) string { return strings.ReplaceAll(g, ", ", "\x01") })
		s = heads.ReplaceAllString(s, "\n$1")
		s = heads.ReplaceAllString(s, "\n$1")
		for one := range strings.SplitSeq(s, "\n") {
			one = flat(strings.ReplaceAll(one, "\x01", ", "))
			one = strings.TrimPrefix(strings.TrimPrefix(one, "các "), "đồng chí ")
			if one != "" {
				out[one] = true
			}
		}
	}
	return out
}

// same compares two sets.
func same(a, b map[string]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}
