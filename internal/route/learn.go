package route

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"math"
	"slices"

	"lienthong/internal/regulation"
)

// A Case is what the office decided about one petition: the text as the commune wrote
// it, and the unit that answered.
type Case struct {
	Text  string
	Field string // the field it was answered under
	Unit  regulation.UnitID
}

// How one answered case moves the weights. An office has few cases and the model many:
// a case counts about as much as one of the examples the model was fitted to, and what
// is learned never outgrows what was shipped.
const (
	learnRate = 0.6
	learnMost = 2.0
)

// A lesson is what learning from some cases changed.
type lesson struct {
	weights map[uint64]*[nFields]float32 // all that was learned so far
	changed map[uint64]bool              // of weights
	added   map[count]int
}

// How often a word led to a unit.
type count struct {
	word uint64
	unit regulation.UnitID
}

// Learn returns a model that has also learned from the cases, in their order, and leaves
// m as it was. A case whose field is none of the fourteen only counts for the figures.
func (m *Model) Learn(cases []Case) *Model {
	next := m.own()
	next.learn(cases)
	return next
}

// own returns the model with its own copy of what was learned, which learn may change.
func (m *Model) own() *Model {
	next := *m
	next.learned, next.counts = make(map[uint64]*[nFields]float32, len(m.learned)), maps.Clone(m.counts)
	if next.counts == nil {
		next.counts = map[count]int{}
	}
	for k, w := range m.learned {
		own := *w
		next.learned[k] = &own
	}
	return &next
}

// learn changes what the model has learned, and says what it changed. Only who made the
// model with own, and gave it to nobody, may call it.
func (m *Model) learn(cases []Case) *lesson {
	l := &lesson{weights: m.learned, changed: map[uint64]bool{}, added: map[count]int{}}
	for _, c := range cases {
		r := m.read(c.Text)
		for i := range r.hits {
			k := count{hash(r.hits[i].key), c.Unit}
			m.counts[k]++
			l.added[k]++
		}
		if f := slices.Index(Fields, c.Field); f >= 0 {
			l.step(m, r, f)
		}
	}
	return l
}

// step moves what was learned of one text's features towards its field.
func (l *lesson) step(m *Model, r *reading, field int) {
	p := m.scores(r)
	for k, v := range r.feature {
		h := hash(k)
		w := l.weights[h]
		if w == nil {
			w = new([nFields]float32)
			l.weights[h] = w
		}
		for f := range w {
			miss := -p[f]
			if f == field {
				miss++
			}
			w[f] = float32(min(max(float64(w[f])+learnRate*miss*v, -learnMost), learnMost))
		}
		l.changed[h] = true
	}
}

// answered returns how many petitions with the first of the words that unit answered.
func (m *Model) answered(r *reading, unit regulation.UnitID, words []string) int {
	for i := range r.hits {
		if len(words) > 0 && r.hits[i].text == words[0] {
			return m.counts[count{hash(r.hits[i].key), unit}]
		}
	}
	return 0
}

// Words are kept as hashes: a model holds no texts of cases.
func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// pack and unpack are the stored form of one feature's weights.
func pack(w *[nFields]float32) []byte {
	b := make([]byte, 0, 4*nFields)
	for _, x := range w {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// Weights from stored bytes; a row of an older, shorter model has zeros at its end.
func unpack(b []byte) *[nFields]float32 {
	w := new([nFields]float32)
	for f := range w {
		if 4*f+4 <= len(b) {
			w[f] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*f:]))
		}
	}
	return w
}
