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
	"strings"
	"sync"
)

// An Item is one text to compare: a question, a petition's title and problem.
type Item struct {
	ID    string // the caller's own, unique in one index
	Field string // id of a field or of a part of one, "tu-phap.03"; "" when it is not known
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
	Shown = 0.22
	// Together is the least score at which Cluster suggests one group.
	Together = 0.35
	// otherField weakens a likeness across two fields: the same words about land and
	// about building are often two questions.
	otherField = 0.75
	// common is the share of the texts above which a piece tells nothing; in a small
	// index every piece is common, so it counts only from several texts on.
	common, several = 4, 400
	// longest bounds the pieces of one text that are used; what it is about stands at its head.
	longest = 400
)

// One text of the index; its pieces stand in the segments.
type entry struct {
	id    string
	field string
	norm  float64 // length of its weights when it was put in; 0 when dropped
}

// An Index finds like texts. Readers may run together; Put and Drop need it alone. It
// keeps no text: about three kilobytes for a petition of two.
type Index struct {
	kinds   []float32  // the weights of kinds of pieces
	parts   []*segment // of entries in their order, each much smaller than the one before
	entries []entry    // dropped ones stay, and their pieces, until a quarter is dropped
	byID    map[string]int32
	weighed int // how many entries there were when all lengths were measured
	dropped int
	sums    sync.Pool
}

// New returns an index of the items; of two with one ID the later stays.
func New(items []Item) *Index {
	x := &Index{byID: make(map[string]int32, len(items))}
	x.Put(items...)
	x.measure()
	return x
}

// Len is how many items the index holds.
func (x *Index) Len() int { return len(x.byID) }

// Put adds items, or replaces those with their IDs; many at once cost less than one by
// one. What is rare changes as an index grows, so all lengths are measured anew each time
// it has doubled.
func (x *Index) Put(items ...Item) {
	const atOnce = 256 // bounds what lies unpacked
	for some := range slices.Chunk(items, atOnce) {
		x.put(some)
		x.tidy()
	}
}

// Drop takes an item out; an unknown ID changes nothing.
func (x *Index) Drop(id string) {
	x.drop(id)
	x.tidy()
}

// Trim drops those that were put in first until at most so many are left.
func (x *Index) Trim(most int) {
	for n := 0; len(x.byID) > most; n++ {
		x.drop(x.entries[n].id)
	}
	x.tidy()
}

// The entry stays, without a name: its number is in the segments.
func (x *Index) drop(id string) {
	if n, ok := x.byID[id]; ok {
		delete(x.byID, id)
		x.entries[n] = entry{}
		x.dropped++
	}
}

// put packs some items into a segment of their own and joins what has grown alike.
func (x *Index) put(items []Item) {
	const small = 64
	first := len(x.entries)
	posts := make([]post, 0, len(items)*longest/2)
	for _, it := range items {
		x.drop(it.ID)
		n := int32(len(x.entries))
		for _, p := range pieces(it.Text) {
			posts = append(posts, postOf(term(p.hash), n, x.kind(p.weight)))
		}
		x.entries = append(x.entries, entry{id: it.ID, field: head(it.Field)})
		x.byID[it.ID] = n
	}
	if len(posts) > 0 {
		s := newSegment(posts)
		x.lengths(s, first)
		x.parts = append(x.parts, s)
	}
	if len(x.entries) > 2*x.weighed+small {
		x.measure()
		return
	}
	x.join(3)
}

// kind is where a weight of pieces stands among the kinds: there are a handful.
func (x *Index) kind(weight float32) uint8 {
	i := slices.Index(x.kinds, weight)
	if i < 0 {
		i = len(x.kinds)
		x.kinds = append(x.kinds, weight)
	}
	return uint8(i)
}

// join joins the last segment with those before it that are not so many times as large.
func (x *Index) join(times int) {
	for n := len(x.parts); n > 1 && len(x.parts[n-2].terms) < times*len(x.parts[n-1].terms); n-- {
		x.parts = append(x.parts[:n-2], join(x.parts[n-2], x.parts[n-1]))
	}
}

// tidy forgets what was dropped once it is a quarter, so that weights are those of what is left.
func (x *Index) tidy() {
	if x.dropped <= 16 || x.dropped <= len(x.entries)/4 {
		return
	}
	now := make([]int32, len(x.entries))
	kept := make([]entry, 0, len(x.byID))
	for n, e := range x.entries {
		now[n] = -1
		if e.id != "" {
			now[n] = int32(len(kept))
			x.byID[e.id] = now[n]
			kept = append(kept, e)
		}
	}
	for i, s := range x.parts {
		x.parts[i] = s.renumbered(now)
	}
	// one of which nothing is left would keep those before it from being joined
	x.parts = slices.DeleteFunc(x.parts, func(s *segment) bool { return len(s.terms) == 0 })
	x.entries, x.dropped = kept, 0
	x.measure()
}

// measure joins all segments and measures all texts: the weight of a piece is how rare it
// is among all of them.
func (x *Index) measure() {
	x.join(math.MaxInt32)
	x.weighed = len(x.entries)
	if len(x.parts) > 0 {
		s := x.parts[0]
		x.parts = nil // what is measured is not counted beside itself
		x.lengths(s, 0)
		x.parts = []*segment{s}
	}
}

// lengths measures the texts of a segment that is not yet among the parts, from the entry
// first on.
func (x *Index) lengths(s *segment, first int) {
	squares := make([]float64, len(x.entries)-first)
	at := make([]int, len(x.parts))
	for i, t := range s.terms {
		own := s.entries(i)
		have := len(own)
		for k, other := range x.parts {
			var found bool
			if at[k], found = other.seek(at[k], t); found {
				have += count(other, at[k])
			}
		}
		w := x.weight(x.kinds[s.kinds[i]], have)
		for _, n := range own {
			squares[int(n)-first] += w * w
		}
	}
	for i, sum := range squares {
		if e := &x.entries[first+i]; e.id != "" {
			e.norm = math.Sqrt(sum)
		}
	}
}

// weight is what a piece of a kind is worth that so many texts have. The constant added
// to the texts keeps a small index from taking its two or three texts for the whole
// language.
func (x *Index) weight(kind float32, have int) float64 {
	texts := len(x.entries)
	if texts >= several && have*common > texts {
		return 0
	}
	return float64(kind) * math.Log(1+float64(texts+20)/(float64(have)+0.5))
}

// Near returns at most k items like q.Text, the likest first, none below Shown; q.ID is
// left out of the answer. keep, when not nil, says of an ID whether it may be returned;
// it is asked from the likest down and only until k are found.
//
// Half of a score is how much of the question is found again, because a person who is
// still typing has written less than what stands in the index.
func (x *Index) Near(q Item, k int, keep func(id string) bool) []Hit {
	own, length := x.asked(pieces(q.Text))
	if length == 0 || k <= 0 {
		return nil
	}
	sums := x.room()
	defer x.sums.Put(sums)
	touched := x.add(own, *sums, nil)
	var hits []Hit
	field := head(q.Field)
	for _, n := range touched {
		e := &x.entries[n]
		dot := float64((*sums)[n])
		(*sums)[n] = 0
		if e.norm == 0 || e.id == q.ID {
			continue
		}
		score := (dot/(length*length) + dot/(length*e.norm)) / 2 * across(field, e.field)
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

// A piece of a question that the index knows.
type known struct {
	weight float64
	lists  [][]uint32 // the entries that have it, of each segment that does
}

// asked returns the pieces of a question that the index knows, and the length of the
// whole question: words that nobody used before make every likeness weaker. It sorts the
// pieces.
func (x *Index) asked(pieces []piece) (own []known, length float64) {
	sum := 0.0
	unknown := math.Log(1 + float64(len(x.entries)+20)/0.5)
	slices.SortFunc(pieces, func(a, b piece) int { return cmp.Compare(a.hash, b.hash) })
	at := make([]int, len(x.parts))
	lists := make([][]uint32, 0, len(pieces)) // of all pieces, one behind the other
	for _, p := range pieces {
		have, from := 0, len(lists)
		for k, s := range x.parts {
			var found bool
			if at[k], found = s.seek(at[k], term(p.hash)); found {
				lists = append(lists, s.entries(at[k]))
				have += count(s, at[k])
			}
		}
		w := float64(p.weight) * unknown * strange(p.weight)
		if have > 0 {
			w = x.weight(p.weight, have)
			own = append(own, known{w, lists[from:len(lists):len(lists)]})
		}
		sum += w * w
	}
	return own, math.Sqrt(sum)
}

// strange weakens what no text of the index has. A pair or three mostly just happens to stand
// side by side. A syllable is a word that was asked besides, and counts nearly in full: a
// small bank has answered little.
func strange(kind float32) float64 {
	if kind == ofPair || kind == ofThree {
		return 0.2
	}
	return 0.8
}

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
func (x *Index) add(pieces []known, sums []float32, touched []uint32) []uint32 {
	for _, p := range pieces {
		if p.weight == 0 {
			continue
		}
		square := float32(p.weight * p.weight)
		for _, list := range p.lists {
			for _, n := range list {
				if sums[n] == 0 {
					touched = append(touched, n)
				}
				sums[n] += square
			}
		}
	}
	return touched
}

// head is the field of which an id names a part: parts of one field are no other field.
func head(field string) string {
	field, _, _ = strings.Cut(field, ".")
	return field
}

// Texts of different fields are less alike, not unlike: communes choose fields wrongly.
func across(a, b string) float64 {
	if a == "" || b == "" || a == b {
		return 1
	}
	return otherField
}
