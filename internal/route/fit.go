package route

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"lienthong/internal/vntext"
)

// anyField marks invented sentences that tell no field.
const anyField = "-"

// An Example is a text with the field it belongs to.
type Example struct {
	Text   string
	Field  string
	Weight float64 // 0 counts as 1
	Group  string  // what must not be torn apart when the model is tried: its source
}

// Fitting says how a model is fitted. The zero value fits nothing; Usual is what ships.
type Fitting struct {
	Rounds int
	Rate   float64
	Decay  float64 // how hard weights are drawn to nought
	Pull   float64 // of the lexicon
	Bare   float64 // share of the steps that see a text without its marks, as some type it
	Amid   float64 // that see it beside a sentence that tells no field
	Beside float64 // that see it with another text of its field
	Alone  float64 // that do without the lexicon, of any of these
}

// Usual is the fitting of the shipped weights.
// Half of the steps hide the lexicon: beside it the weights learn only what it does not say,
// and a text without any of its terms then finds words that never had to speak for a field.
var Usual = Fitting{Rounds: 60, Rate: 0.5, Decay: 1e-5, Pull: 0.6, Bare: 0.2, Amid: 0.3, Beside: 0.2, Alone: 0.5}

// Fit returns a model over base's lexicon whose weights are fitted to the examples: a
// regularised logistic regression beside the fixed pull of the lexicon, so that the
// weights learn what the lexicon does not say. The same examples give the same model.
func Fit(base *Model, examples []Example, how Fitting) *Model {
	m := &Model{lexicon: base.lexicon, weights: map[string]*[nColumns]float32{}, rarity: map[string]float32{}, pull: how.Pull}
	m.rare(examples)
	m.knowSyllables()
	// a fixed seed: who fits again gets the same weights
	random := rand.New(rand.NewPCG(4, 14))
	rows := m.rows(examples, random)
	for round := range how.Rounds {
		rate := how.Rate / (1 + 4*float64(round)/float64(how.Rounds))
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, x := range rows {
			r := x.pick(random.Float64(), how)
			if random.Float64() < how.Alone {
				r = r.alone()
			}
			m.step(r, x.field, rate*x.weight)
		}
		// what few texts support is drawn back to nought
		for _, w := range m.weights {
			for f := range w {
				w[f] *= float32(1 - how.Decay*rate*float64(len(rows)))
			}
		}
	}
	return m
}

// A row is an example as the fitting sees it, in one of its shapes at a time.
type row struct {
	plain, bare *reading // as typed, and without its marks
	amid        *reading // beside a sentence that any field could have
	beside      *reading // with another text of its field, as long petitions have two
	field       int
	weight      float64
}

// pick returns one shape of the row; u is drawn evenly from 0 to 1.
func (x *row) pick(u float64, how Fitting) *reading {
	for _, s := range []struct {
		r     *reading
		share float64
	}{{x.bare, how.Bare}, {x.amid, how.Amid}, {x.beside, how.Beside}} {
		if u -= s.share; u < 0 {
			return s.r
		}
	}
	return x.plain
}

// alone is the reading without what the lexicon says.
func (r *reading) alone() *reading {
	bare := *r
	bare.lexicon = [nColumns]float64{}
	return &bare
}

// rows reads the examples; those of the field "-" only stand beside others.
func (m *Model) rows(examples []Example, random *rand.Rand) (rows []*row) {
	var neutral []string
	fellows := map[string][]string{}
	for _, e := range examples {
		if e.Field == anyField {
			neutral = append(neutral, e.Text)
		}
		fellows[e.Field] = append(fellows[e.Field], e.Text)
	}
	if len(neutral) == 0 {
		neutral = []string{""}
	}
	size := map[int]float64{}
	total := 0.0
	for _, e := range examples {
		x := &row{plain: m.read(e.Text), field: column(e.Field), weight: e.Weight}
		if x.field < 0 || len(x.plain.feature) == 0 {
			continue
		}
		if x.weight == 0 {
			x.weight = 1
		}
		own := fellows[e.Field]
		x.bare = m.read(vntext.Fold(e.Text))
		x.amid = m.read(e.Text + ". " + neutral[random.IntN(len(neutral))])
		x.beside = m.read(e.Text + ". " + own[random.IntN(len(own))])
		size[x.field] += x.weight
		total += x.weight
		rows = append(rows, x)
	}
	for _, x := range rows { // every field counts alike, however many examples it has
		x.weight *= total / nColumns / size[x.field]
	}
	return rows
}

// step moves the weights of one text's features towards its field.
func (m *Model) step(r *reading, field int, rate float64) {
	p := m.columns(r)
	for k, v := range r.feature {
		w := m.weights[k]
		if w == nil {
			w = new([nColumns]float32)
			m.weights[k] = w
		}
		for f := range w {
			miss := -p[f]
			if f == field {
				miss++
			}
			w[f] += float32(rate * miss * v)
		}
	}
}

// rare counts in how many texts each feature stands. A pair that stands in one text
// only says nothing that its syllables do not.
func (m *Model) rare(examples []Example) {
	held := map[string]int{}
	for _, e := range examples {
		all, marked := tokens(e.Text)
		for k := range features(all, marked) {
			held[k]++
		}
	}
	for k, n := range held {
		if n == 1 && composed(k) {
			continue
		}
		m.rarity[k] = float32(math.Log(float64(len(examples)+1) / float64(n)))
	}
}

// composed tells whether a feature is more than a folded syllable.
func composed(k string) bool { return strings.Contains(k, " ") || strings.HasPrefix(k, spelt) }

// Trim drops the weights too small to matter, so that the shipped file holds what tells.
func (m *Model) Trim(least float32) {
	for k, w := range m.weights {
		top := float32(0)
		for _, x := range w {
			top = max(top, x, -x)
		}
		if top < least {
			delete(m.weights, k)
			if composed(k) {
				delete(m.rarity, k)
			}
		}
	}
}

// Order returns the fields for a text, best first, without a rulebook, and before them
// what stands outside of them where the text belongs there; none for a text without any
// known word.
func (m *Model) Order(text string) (all []string) {
	r := m.read(text)
	if r.empty() {
		return nil
	}
	score := m.scores(r)
	order := append([]string(nil), Fields...)
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Compare(score[slices.Index(Fields, b)], score[slices.Index(Fields, a)])
	})
	if m.beyond(r) {
		order = append([]string{outside}, order...)
	}
	return order
}
