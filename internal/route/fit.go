package route

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

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
}

// Usual is the fitting of the shipped weights.
var Usual = Fitting{Rounds: 60, Rate: 0.5, Decay: 4e-4, Pull: 0.7}

// Fit returns a model over base's lexicon whose weights are fitted to the examples: a
// regularised logistic regression beside the fixed pull of the lexicon, so that the
// weights learn what the lexicon does not say. The same examples give the same model.
func Fit(base *Model, examples []Example, how Fitting) *Model {
	m := &Model{lexicon: base.lexicon, weights: map[string]*[nFields]float32{}, rarity: map[string]float32{}, pull: how.Pull}
	m.rare(examples)
	m.knowSyllables()
	type row struct {
		r      *reading
		field  int
		weight float64
	}
	var rows []row
	size := map[int]float64{}
	for _, e := range examples {
		x := row{m.read(e.Text), slices.Index(Fields, e.Field), e.Weight}
		if x.field < 0 || len(x.r.feature) == 0 {
			continue
		}
		if x.weight == 0 {
			x.weight = 1
		}
		size[x.field] += x.weight
		rows = append(rows, x)
	}
	total := 0.0
	for _, n := range size {
		total += n
	}
	for i := range rows { // every field counts alike, however many examples it has
		rows[i].weight *= total / nFields / size[rows[i].field]
	}
	// a fixed seed: who fits again gets the same weights
	random := rand.New(rand.NewPCG(4, 14))
	for round := range how.Rounds {
		rate := how.Rate / (1 + 4*float64(round)/float64(how.Rounds))
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, x := range rows {
			m.step(x.r, x.field, rate*x.weight)
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

// step moves the weights of one text's features towards its field.
func (m *Model) step(r *reading, field int, rate float64) {
	p := m.scores(r)
	for k, v := range r.feature {
		w := m.weights[k]
		if w == nil {
			w = new([nFields]float32)
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
		all, _ := tokens(e.Text)
		for k := range features(all) {
			held[k]++
		}
	}
	for k, n := range held {
		if n == 1 && strings.Contains(k, " ") {
			continue
		}
		m.rarity[k] = float32(math.Log(float64(len(examples)+1) / float64(n)))
	}
}

// Trim drops the weights too small to matter, so that the shipped file holds what tells.
func (m *Model) Trim(least float32) {
	for k, w := range m.weights {
		top := float32(0)
		for _, x := range w {
			top = max(top, x, -x)
		}
		if top < least {
			delete(m.weights, k)
			if strings.Contains(k, " ") {
				delete(m.rarity, k)
			}
		}
	}
}

// Order returns the fields for a text, best first, without a rulebook; none for a text
// without any known word.
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
	return order
}
