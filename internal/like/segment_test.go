package like

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// holders are the IDs of the living entries that each piece of the index leads to.
func holders(t *rapid.T, x *Index) map[uint32][]string {
	all := map[uint32][]string{}
	for _, s := range x.parts {
		if !slices.IsSorted(s.terms) {
			t.Fatal("terms out of order")
		}
		for i, term := range s.terms {
			for _, n := range s.entries(i) {
				if id := x.entries[n].id; id != "" {
					all[term] = append(all[term], id)
				}
			}
		}
	}
	for _, ids := range all {
		slices.Sort(ids)
	}
	return all
}

// However texts came and went, alone or many at once, each piece leads to those that have it.
func TestSegmentsHoldEveryPiece(t *testing.T) {
	words := strings.Fields("đất nhà sổ đỏ khai sinh xã thôn phép rừng điện nước học phí chợ cấp lại mất")
	rapid.Check(t, func(r *rapid.T) {
		x, texts := New(nil), map[string]string{}
		for range rapid.IntRange(1, 40).Draw(r, "acts") {
			id := func() string { return fmt.Sprint(rapid.IntRange(0, 60).Draw(r, "id")) }
			if rapid.IntRange(0, 3).Draw(r, "act") == 0 {
				gone := id()
				x.Drop(gone)
				delete(texts, gone)
				continue
			}
			var some []Item
			for range rapid.IntRange(1, 30).Draw(r, "many") {
				it := Item{ID: id(), Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 9).Draw(r, "text"), " ")}
				some = append(some, it)
				texts[it.ID] = it.Text
			}
			x.Put(some...)
		}
		want := map[uint32][]string{}
		for _, id := range slices.Sorted(maps.Keys(texts)) {
			for _, p := range pieces(texts[id]) {
				want[term(p.hash)] = append(want[term(p.hash)], id)
			}
		}
		got := holders(r, x)
		if x.Len() != len(texts) || !maps.EqualFunc(got, want, slices.Equal) {
			r.Fatalf("%d texts, %d pieces; in the index %d, %d", len(texts), len(want), x.Len(), len(got))
		}
		for n, e := range x.entries {
			if has := len(pieces(texts[e.id])) > 0; e.id != "" && has != (e.norm > 0) {
				r.Fatalf("entry %d, %q: length %v", n, texts[e.id], e.norm)
			}
		}
	})
}

// When all of the newest segment is dropped, what stands before it stays.
func TestADroppedSegmentTakesNoOther(t *testing.T) {
	words := func(mark string, n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprint(mark, i))
		}
		return strings.Join(all, " ")
	}
	x := New(nil)
	x.Put(Item{ID: "large", Text: words("a", 60)})
	x.Put(Item{ID: "small", Text: words("b", 15)}) // so much smaller that it stays apart
	var many []Item
	for i := range 17 {
		many = append(many, Item{ID: fmt.Sprint(i), Text: "c"})
	}
	x.Put(many...)
	for _, it := range many {
		x.Drop(it.ID)
	}
	for id, text := range map[string]string{"large": words("a", 60), "small": words("b", 15)} {
		if hits := x.Near(Item{Text: text}, 1, nil); len(hits) != 1 || hits[0].ID != id {
			t.Errorf("%s is not found by its own words: %v", id, hits)
		}
	}
}

// Many posts are sorted by counting, few by comparing: both give one order.
func TestPostsAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	posts := make([]post, 5000)
	for i := range posts {
		posts[i] = postOf(r.Uint32()>>r.IntN(32), int32(i/9), uint8(r.IntN(5)))
	}
	want := slices.Clone(posts)
	slices.SortStableFunc(want, func(a, b post) int { return int(int64(a.term()) - int64(b.term())) })
	if got := byTerm(posts); !slices.Equal(got, want) {
		t.Error("out of order")
	}
}

// A node keeps thousands of petitions of two kilobytes: what one takes is bounded.
func TestMemoryOfATextIsSmall(t *testing.T) {
	const n, syllables, most = 2000, 350, 3500
	r := rand.New(rand.NewPCG(3, 4))
	all := make([]Item, n)
	for i := range all {
		words := make([]string, syllables)
		for w := range words {
			f := r.Float64() // few syllables make most of every text
			words[w] = fmt.Sprint("s", int(f*f*1500))
		}
		all[i] = Item{ID: fmt.Sprintf("%026d", i), Text: strings.Join(words, " ")}
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	x := New(all)
	each := int(heap()-before) / n
	t.Logf("%d bytes a text", each)
	if each > most || x.Len() != n {
		t.Errorf("%d bytes a text, at most %d are wanted", each, most)
	}
	runtime.KeepAlive(all)
}
