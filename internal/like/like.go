// Package like tells which texts speak of the same thing (đo độ giống nhau).
//
// A text is read as its pieces: folded syllables, pairs and threes of neighbours, and
// the things of words.txt that offices call by several names. A piece that few texts
// have weighs more than one that many have. New builds an index in memory, Near asks
// it, Cluster puts a list into groups. It is pure: it knows no database, no rights and
// no clock; whoever shows what it found asks first who may see it.
package like

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// An Item is one text to compare: a question, a petition's title and problem.
type Item struct {
	ID    string // the caller's own, unique in one index
	Field string // id of a field; "" when it is not known
	Text  string // as typed; marks may be missing
}

// A Hit is an item that is like what was asked for.
type Hit struct {
	ID    string
	Score float64 // 0 nothing in common, 1 the same pieces
}

const (
	// Shown is the least score that is worth a person's look; doc/likeness.md has the
	// figures it was chosen by.
	Shown = 0.25
	// Together is the least score at which Cluster suggests one group.
	Together = 0.30
	// otherField weakens a likeness across two fields: the same words about land and
	// about building are often two questions.
	otherField = 0.85
	// common is the share of the texts above which a piece tells nothing; in a small
	// index every piece is common, so it counts only from several texts on.
	common, several = 4, 400
	// longest bounds the pieces of one text that are used; what it is about stands at its head.
	longest = 400
)

// One text of the index as the numbers of its pieces.
type entry struct {
	id     string
	field  string
	pieces []int32 // sorted
	norm   float64 // length of its weights when it was put in; 0 when dropped
}

// An Index finds like texts. Readers may run together; Put and Drop need it alone.
type Index struct {
	number  map[uint64]int32 // of a piece
	base    []float32        // weight of its kind, by number
	lists   [][]int32        // entries that have the piece, by number
	entries []entry          // dropped ones stay, unlisted, until it is built anew
	byID    map[string]int32
	weighed int // how many entries there were when all lengths were measured
	dropped int // many of these and it is built anew
	sums    sync.Pool
}

// New returns an index of the items; of two with one ID the later stays.
func New(items []Item) *Index {
	x := &Index{number: map[uint64]int32{}, byID: make(map[string]int32, len(items))}
	for _, it := range items {
		x.put(it)
	}
	x.measure()
	return x
}

// Len is how many items the index holds.
func (x *Index) Len() int { return len(x.byID) }

// Put adds an item, or replaces the one with its ID. What is rare changes as an index
// grows, so all lengths are measured anew each time it has doubled.
func (x *Index) Put(it Item) {
	const small = 64
	n := x.put(it)
	if len(x.entries) > 2*x.weighed+small {
		x.measure()
		return
	}
	x.entries[n].norm = x.length(x.entries[n].pieces)
}

// Drop takes an item out; an unknown ID changes nothing.
func (x *Index) Drop(id string) {
	n, ok := x.byID[id]
	if !ok {
		return
	}
	delete(x.byID, id)
	x.entries[n] = entry{}
	x.dropped++
	if x.dropped > 16 && x.dropped > len(x.entries)/2 {
		x.compact()
	}
}

// Puts an item in, or again: the old one is dropped, since lists hold places and no texts.
func (x *Index) put(it Item) int32 {
	x.Drop(it.ID)
	n := int32(len(x.entries))
	found := pieces(it.Text)
	own := make([]int32, 0, len(found))
	for _, p := range found {
		k, ok := x.number[p.hash]
		if !ok {
			k = int32(len(x.lists))
			x.number[p.hash] = k
			x.base = append(x.base, p.weight)
			x.lists = append(x.lists, nil)
		}
		x.lists[k] = append(x.lists[k], n)
		own = append(own, k)
	}
	x.entries = append(x.entries, entry{id: it.ID, field: it.Field, pieces: own})
	x.byID[it.ID] = n
	return n
}

// compact forgets what was dropped, so that lists and weights are those of what is left.
func (x *Index) compact() {
	old := x.entries
	x.entries, x.dropped = nil, 0
	for k := range x.lists {
		x.lists[k] = x.lists[k][:0]
	}
	for _, e := range old {
		if e.id == "" {
			continue
		}
		n := int32(len(x.entries))
		for _, k := range e.pieces {
			x.lists[k] = append(x.lists[k], n)
		}
		x.byID[e.id] = n
		x.entries = append(x.entries, e)
	}
	x.measure()
}

// Lengths are measured once all are put in: the weight of a piece is how rare it is among all texts.
func (x *Index) measure() {
	x.weighed = len(x.entries)
	for n := range x.entries {
		x.entries[n].norm = x.length(x.entries[n].pieces)
	}
}

// weight is what a shared piece is worth. The constant added to the texts keeps a small
// index from taking its two or three texts for the whole language.
func (x *Index) weight(k int32) float64 {
	texts, have := len(x.entries), len(x.lists[k])
	if texts >= several && have*common > texts {
		return 0
	}
	return float64(x.base[k]) * math.Log(1+float64(texts+20)/(float64(have)+0.5))
}

// The length of a text in the weights of now.
func (x *Index) length(pieces []int32) float64 {
	sum := 0.0
	for _, k := range pieces {
		w := x.weight(k)
		sum += w * w
	}
	return math.Sqrt(sum)
}

// Near returns at most k items like q.Text, the likest first, none below Shown; q.ID is
// left out of the answer. keep, when not nil, says of an ID whether it may be returned;
// it is asked from the likest down and only until k are found.
//
// Half of a score is how much of the question is found again, because a person who is
// still typing has written less than what stands in the index.
func (x *Index) Near(q Item, k int, keep func(id string) bool) []Hit {
	own, length := x.asked(q.Text)
	if length == 0 || k <= 0 {
		return nil
	}
	sums := x.room()
	defer x.sums.Put(sums)
	touched := x.add(own, *sums, nil)
	var hits []Hit
	for _, n := range touched {
		e := &x.entries[n]
		dot := float64((*sums)[n])
		(*sums)[n] = 0
		if e.norm == 0 || e.id == q.ID {
			continue
		}
		score := (dot/(length*length) + dot/(length*e.norm)) / 2 * across(q.Field, e.field)
		if score >= Shown {
			hits = append(hits, Hit{ID: e.id, Score: min(score, 1)})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return first(hits, k, keep)
}

// The first k that may be shown. The index knows no rights, so whoever asks says which.
func first(hits []Hit, k int, keep func(string) bool) (kept []Hit) {
	for _, h := range hits {
		if len(kept) == k {
			break
		}
		if keep == nil || keep(h.ID) {
			kept = append(kept, h)
		}
	}
	return kept
}

// asked returns the pieces of a question that the index knows, and the length of the
// whole question: words that nobody used before make every likeness weaker.
func (x *Index) asked(text string) (own []int32, length float64) {
	sum := 0.0
	unknown := math.Log(1 + float64(len(x.entries)+20)/0.5)
	for _, p := range pieces(text) {
		w := float64(p.weight) * unknown
		if n, ok := x.number[p.hash]; ok && len(x.lists[n]) > 0 {
			own = append(own, n)
			w = x.weight(n)
		} else {
			w *= strange
		}
		sum += w * w
	}
	return own, math.Sqrt(sum)
}

// strange weakens a piece that no text of the index has: most are slips of the pen and
// pairs that happen to stand side by side.
const strange = 0.5

// room is one sum for each entry, all zero.
func (x *Index) room() *[]float32 {
	if s, ok := x.sums.Get().(*[]float32); ok && len(*s) >= len(x.entries) {
		return s
	}
	s := make([]float32, len(x.entries)+len(x.entries)/8+16)
	return &s
}

// add sums the squared weights of the pieces over the entries that have them and returns
// those entries.
func (x *Index) add(pieces []int32, sums []float32, touched []int32) []int32 {
	for _, k := range pieces {
		w := x.weight(k)
		if w == 0 {
			continue
		}
		square := float32(w * w)
		for _, n := range x.lists[k] {
			if sums[n] == 0 {
				touched = append(touched, n)
			}
			sums[n] += square
		}
	}
	return touched
}

// Texts of different fields are less alike, not unlike: communes choose fields wrongly.
func across(a, b string) float64 {
	if a == "" || b == "" || a == b {
		return 1
	}
	return otherField
}
