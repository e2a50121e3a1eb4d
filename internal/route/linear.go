package route

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Model is the lexicon and the weights, immutable once made and safe for many
// goroutines. Learned returns another one beside it.
type Model struct {
	lexicon *lexicon
	weights map[string]*[nColumns]float32 // of a syllable, or of two with a space between
	rarity  map[string]float32            // how telling a feature is: log of texts over texts that hold it
	pull    float64                       // how much one point of the lexicon weighs
	known   map[string]bool               // syllables
	learned map[uint64]*[nFields]float32  // what the office's own cases added, by hash of the feature
	counts  map[count]int
}

// A reading is a text taken apart once.
type reading struct {
	text    string
	tokens  []token
	hits    []hit
	lexicon [nColumns]float64
	feature map[string]float64 // length one together
}

// empty is a reading that says nothing: no word of it is known.
func (r *reading) empty() bool {
	return len(r.hits) == 0 && len(r.feature) == 0
}

// read takes a text apart into hits of the lexicon and features that the model knows.
func (m *Model) read(text string) *reading {
	all, marked := tokens(text)
	r := &reading{text: text, tokens: m.mend(all)}
	r.hits = m.lexicon.find(text, r.tokens, marked)
	var sum [nColumns]float64
	for i := range r.hits {
		for f, w := range r.hits[i].field {
			sum[f] += w
		}
	}
	for f, w := range sum {
		r.lexicon[f] = soft(w)
	}
	r.feature = features(r.tokens, marked)
	// a long text must not shout: its features have length one together
	length := 0.0
	for k, n := range r.feature {
		idf := m.rarity[k]
		if idf == 0 {
			delete(r.feature, k)
			continue
		}
		v := (1 + math.Log(n)) * float64(idf)
		r.feature[k] = v
		length += v * v
	}
	for k, v := range r.feature {
		r.feature[k] = v / math.Sqrt(length)
	}
	return r
}

// soft makes the tenth word of a field say less than the first.
func soft(w float64) float64 { return math.Sqrt(w*(w+4)) / 2 }

// spelt begins the feature of a syllable with its marks: "chợ" and "cho" are one syllable
// once folded, and only one of them is a market.
const spelt = "'"

// features counts the syllables of a text and its pairs of neighbours, without marks; and,
// where the text was typed with them, the syllables as they are spelt.
func features(all []token, marked bool) map[string]float64 {
	f := make(map[string]float64, 3*len(all))
	for i, t := range all {
		if t.fold == "" || t.fold[0] >= '0' && t.fold[0] <= '9' {
			continue
		}
		f[t.fold]++
		if marked && t.raw != "" {
			f[spelt+t.spelt]++
		}
		if i > 0 && all[i-1].fold != "" {
			f[all[i-1].fold+" "+t.fold]++
		}
	}
	return f
}

// scores returns the share of each field; together they make one.
func (m *Model) scores(r *reading) (p [nFields]float64) {
	all := m.columns(r)
	sum := 0.0
	for f := range p {
		p[f] = all[f]
		if mannerOf[Fields[f]] {
			p[f] *= r.yields()
		}
		sum += p[f]
	}
	for f := range p {
		p[f] /= max(sum, 1e-12)
	}
	return p
}

// mannerOf are the fields that say how any work is done - counters, staff, software - and
// not what it is about. "Hồ sơ đất đai ở bộ phận một cửa" is land first.
var mannerOf = map[string]bool{"noi-vu": true, "khoa-hoc-cong-nghe-thong-tin": true, "phuc-vu-hanh-chinh-cong": true}

// How far a field of manner yields where words of a matter stand beside it: at most by a
// factor of e to the yielded, from words that name it well. Both were chosen by leaving out a tenth of the
// labelled difficulties in turn; doc/routing.md has what they change.
const (
	yielded = 0.6
	named   = 4.0
)

// yields is the factor by which fields of manner yield to the matter the text names.
func (r *reading) yields() float64 {
	matter := 0.0
	for f, id := range Fields {
		if !mannerOf[id] {
			matter = max(matter, r.lexicon[f])
		}
	}
	return math.Exp(-yielded * min(matter, named) / named)
}

// beyond tells whether a text belongs to none of the fields. What a field leaves out by
// name is not beyond it: its exclusion says more.
func (m *Model) beyond(r *reading) bool {
	for i := range r.hits {
		for _, t := range r.hits[i].targets {
			if m.lexicon.near[t.id] != "" {
				return false
			}
		}
	}
	p := m.columns(r)
	return p[nFields] > slices.Max(p[:nFields])
}

// columns returns the share of each field and of what stands outside them.
func (m *Model) columns(r *reading) (p [nColumns]float64) {
	for f := range p {
		p[f] = m.pull * r.lexicon[f]
	}
	for k, v := range r.feature {
		if w := m.weights[k]; w != nil {
			for f := range p {
				p[f] += v * float64(w[f])
			}
		}
		if len(m.learned) > 0 {
			if w := m.learned[hash(k)]; w != nil {
				for f := range w {
					p[f] += v * float64(w[f])
				}
			}
		}
	}
	softmax(&p)
	return p
}

// softmax turns sums of weights into shares of one.
func softmax(p *[nColumns]float64) {
	top, sum := slices.Max(p[:]), 0.0
	for f := range p {
		p[f] = math.Exp(p[f] - top)
		sum += p[f]
	}
	for f := range p {
		p[f] /= sum
	}
}

// pair tells whether two syllables stand together in what the model knows.
func (m *Model) pair(a, b string) bool {
	return a != "" && b != "" && m.rarity[a+" "+b] > 0
}

// telling returns the runs of the text whose weights speak most for field f, where the
// lexicon has no word for it.
func (m *Model) telling(r *reading, f int) (words []string) {
	type run struct {
		text string
		w    float64
	}
	var best [2]run
	for i := 1; i < len(r.tokens); i++ {
		a, b := r.tokens[i-1], r.tokens[i]
		key := a.fold + " " + b.fold
		w := m.weights[key]
		if w == nil || a.raw == "" || b.raw == "" {
			continue
		}
		switch v := r.feature[key] * float64(w[f]); {
		case v > best[0].w:
			best = [2]run{{r.text[a.from:b.to], v}, best[0]}
		case v > best[1].w:
			best[1] = run{r.text[a.from:b.to], v}
		}
	}
	for _, b := range best {
		if b.w > 0.1 && !slices.Contains(words, b.text) {
			words = append(words, b.text)
		}
	}
	return words
}

// Lines of weights.tsv: a feature, its rarity, then its weight for each field, in
// thousandths; "pull" heads the file.

// Write returns the model's weights as Parse reads them.
func (m *Model) Write() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# feature\trarity\t%s\npull\t%d\n", strings.Join(append(slices.Clone(Fields), outside), "\t"), int(math.Round(m.pull*1000)))
	for _, k := range slices.Sorted(maps.Keys(m.rarity)) {
		fmt.Fprintf(&b, "%s\t%d", k, int(math.Round(float64(m.rarity[k])*100)))
		if w := m.weights[k]; w != nil {
			for f := range w {
				b.WriteByte('\t')
				b.WriteString(strconv.Itoa(int(math.Round(float64(w[f]) * 100))))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Parse reads a lexicon, its exclusions and the weights.
func Parse(lexicon, near, weights string) (*Model, error) {
	lx, err := parseLexicon(lexicon, near)
	if err != nil {
		return nil, err
	}
	m := &Model{lexicon: lx, weights: map[string]*[nColumns]float32{}, rarity: map[string]float32{}, pull: 1}
	n := 0
	for line := range strings.Lines(weights) {
		n++
		if err := m.weightLine(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("weights line %d: %w", n, err)
		}
	}
	m.knowSyllables()
	return m, nil
}

// weightLine reads one line of weights.tsv.
func (m *Model) weightLine(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	key, rest, _ := strings.Cut(line, "\t")
	var v [nColumns + 1]float32
	n := 0
	for cell := range strings.SplitSeq(rest, "\t") {
		x, err := strconv.Atoi(cell)
		if err != nil || n > nColumns {
			return fmt.Errorf("%q is no weight", cell)
		}
		v[n] = float32(x) / 100
		n++
	}
	if key == "pull" {
		m.pull = float64(v[0]) / 10
		return nil
	}
	m.rarity[key] = v[0]
	if n > 1 {
		w := [nColumns]float32(v[1:])
		m.weights[key] = &w
	}
	return nil
}

// knowSyllables gathers the syllables that need no mending.
func (m *Model) knowSyllables() {
	m.known = map[string]bool{}
	for k := range m.rarity {
		if !strings.Contains(k, " ") && !strings.HasPrefix(k, spelt) {
			m.known[k] = true
		}
	}
	for k := range m.lexicon.terms {
		for s := range strings.FieldsSeq(k) {
			m.known[s] = true
		}
	}
}
