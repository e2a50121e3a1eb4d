package route

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/vntext"
)

// Fields are the fourteen fields of Điều 4 in the order of its clauses; the columns of
// the model's weights follow it.
var Fields = []string{
	"tu-phap", "doi-ngoai", "tai-chinh-ke-hoach", "xay-dung", "cong-thuong", "nong-nghiep-moi-truong", "noi-vu",
	"van-hoa-the-thao-du-lich", "khoa-hoc-cong-nghe-thong-tin", "giao-duc-dao-tao", "y-te", "thanh-tra",
	"dan-toc-ton-giao", "phuc-vu-hanh-chinh-cong",
}

const nFields = 14

// outside is the field of the catalogue for what none of the fourteen holds. The model
// has a column of its own for it, after those of the fields: a text about an identity card
// should lose to something, not to the field that happens to lie nearest.
const (
	outside  = "ngoai-14-linh-vuc"
	nColumns = nFields + 1
)

// column returns the column of a field or of outside, -1 for anything else.
func column(field string) int {
	if field == outside {
		return nFields
	}
	return slices.Index(Fields, field)
}

// A term is a run of syllables that speaks for one or several targets.
type term struct {
	spelt   []string // its syllables with marks, as marks writes them
	strict  bool     // counts only when typed with its marks
	targets []target
}

// A target is a field, a part of one, or an exclusion, and how strongly a term speaks for it.
type target struct {
	id     string
	field  int // its column; -1 for none
	weight float64
}

// lexicon finds terms by their folded syllables.
type lexicon struct {
	terms   map[string][]*term
	longest map[string]int    // in syllables, of the terms that begin with a folded syllable
	near    map[string]string // exclusion -> the field beside it
}

// parseLexicon reads lexicon.tsv and near.tsv: lines of target, weight, terms, and of
// exclusion, field.
func parseLexicon(text, near string) (*lexicon, error) {
	lx := &lexicon{terms: map[string][]*term{}, longest: map[string]int{}, near: map[string]string{}}
	for line := range strings.Lines(near) {
		if a, b, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && a[0] != '#' {
			lx.near[a] = b
		}
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("lexicon line %d: three columns, not %d", n, len(cells))
		}
		w, err := strconv.ParseFloat(cells[1], 64)
		if err != nil {
			return nil, fmt.Errorf("lexicon line %d: %w", n, err)
		}
		t := target{id: cells[0], field: lx.fieldOf(cells[0]), weight: w}
		if t.field < 0 && t.id != "-" {
			return nil, fmt.Errorf("lexicon line %d: no field has %q", n, t.id)
		}
		for s := range strings.SplitSeq(cells[2], ";") {
			lx.add(s, t)
		}
	}
	return lx, nil
}

// fieldOf returns the column of the field that an id of the catalogue belongs to, -1 for none.
func (lx *lexicon) fieldOf(id string) int {
	if near := lx.near[id]; near != "" {
		id = near
	}
	top, _, _ := strings.Cut(id, ".")
	return column(top)
}

// add takes one term for a target; a term may speak for several.
func (lx *lexicon) add(s string, t target) {
	s, strict := strings.CutPrefix(strings.TrimSpace(s), "=")
	all, _ := tokens(s)
	spelt := make([]string, len(all))
	for i := range all {
		spelt[i] = all[i].spelt
	}
	key := vntext.Fold(s)
	first, _, _ := strings.Cut(key, " ")
	lx.longest[first] = max(lx.longest[first], len(all))
	for _, have := range lx.terms[key] {
		if slices.Equal(have.spelt, spelt) {
			have.strict = have.strict && strict
			have.targets = append(have.targets, t)
			return
		}
	}
	lx.terms[key] = append(lx.terms[key], &term{spelt: spelt, strict: strict, targets: []target{t}})
}

// A hit is a term found in a text.
type hit struct {
	text    string // as typed
	key     string // folded
	targets []target
	factor  float64           // of the terms' weights
	field   [nColumns]float64 // what it says for each field, and for none of them
}

// weight returns what the hit says for one target of the catalogue.
func (h *hit) weight(id string) (w float64) {
	for _, t := range h.targets {
		if t.id == id {
			w += t.weight * h.factor
		}
	}
	return w
}

// find returns the terms of a text, the longest at each place, each term once.
func (lx *lexicon) find(text string, all []token, marked bool) (hits []hit) {
	var key []byte
	seen := map[string]bool{}
	for i := 0; i < len(all); {
		best, bestLen := (*hit)(nil), 1
		key = key[:0]
		// few syllables begin a term: the others cost one look and no key
		longest := lx.longest[all[i].fold]
		for n := 1; n <= longest && i+n <= len(all); n++ {
			if n > 1 {
				key = append(key, ' ')
			}
			key = append(key, all[i+n-1].fold...)
			terms := lx.terms[string(key)]
			if len(terms) == 0 {
				continue
			}
			// the longest term that fits wins: "nghĩa trang liệt sĩ" is no "nghĩa trang"
			if h := choose(terms, all[i:i+n], marked); h != nil {
				h.text, h.key = text[all[i].from:all[i+n-1].to], string(key)
				best, bestLen = h, n
			}
		}
		if best != nil && !seen[best.key] {
			seen[best.key] = true
			for _, t := range best.targets {
				if t.field >= 0 {
					best.field[t.field] = max(best.field[t.field], t.weight*best.factor)
				}
			}
			hits = append(hits, *best)
		}
		i += bestLen
	}
	return hits
}

// choose takes, of the terms that fold alike, the one that is spelt as the tokens are.
// Without marks one syllable says too little ("được", "dược"); with other marks it is
// likely another word, or a slip.
func choose(terms []*term, at []token, marked bool) *hit {
	factor := 1.0
	if len(at) == 1 {
		factor = 0.6
	}
	if !marked {
		t := terms[0]
		plain := t.spelt[0] == strings.ReplaceAll(at[0].fold, "i", "y")
		if t.strict || len(at) == 1 && !plain {
			return nil
		}
		return &hit{targets: t.targets, factor: factor}
	}
	for _, t := range terms {
		if sameMarks(at, t.spelt) {
			return &hit{targets: t.targets, factor: factor}
		}
	}
	// several syllables that fold alike with another mark are more likely a slip
	if len(at) == 1 || terms[0].strict {
		return nil
	}
	return &hit{targets: terms[0].targets, factor: factor * 0.4}
}

// words returns the texts of at most three hits by what they weigh, the heaviest first.
func (r *reading) words(weigh func(*hit) float64) (words []string) {
	type weighed struct {
		text string
		w    float64
	}
	var all []weighed
	for i := range r.hits {
		if w := weigh(&r.hits[i]); w > 0 {
			all = append(all, weighed{r.hits[i].text, w})
		}
	}
	slices.SortStableFunc(all, func(a, b weighed) int { return cmp.Compare(b.w, a.w) })
	for _, a := range all[:min(3, len(all))] {
		words = append(words, a.text)
	}
	return words
}

// part returns the part of field f, or the exclusion beside it, that the hits speak for
// most; the field itself where they speak for no part.
func (r *reading) part(f int) string {
	sum := map[string]float64{}
	for i := range r.hits {
		for _, t := range r.hits[i].targets {
			if t.field == f {
				sum[t.id] += t.weight * r.hits[i].factor
			}
		}
	}
	best := Fields[f]
	most := sum[best] / 2 // a part says more than its field
	for _, id := range slices.Sorted(maps.Keys(sum)) {
		// of equal ones the exclusion, which the text names on purpose
		if w := sum[id]; id != Fields[f] && (w > most || w == most && !strings.Contains(id, ".")) {
			best, most = id, w
		}
	}
	return best
}
