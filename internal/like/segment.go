package like

import "slices"

// A segment holds the pieces of some texts in order, packed, and never changes: two that
// have grown alike are joined into one. A piece takes nine bytes here, and four more for
// every further text that has it; a table of lists took five times as much.
type segment struct {
	terms []uint32 // pieces, see term; sorted
	kinds []uint8  // of each piece: where its weight stands in Index.kinds
	at    []uint32 // the one entry that has the piece, or listed and where its list begins
	lists []uint32 // how many entries, then the entries, rising
}

// listed marks a place in lists; no index holds so many entries.
const listed = 1 << 31

// term is what is kept of a piece's hash. Of a million pieces a strange one is taken for
// one of them once in four thousand times, and then one of hundreds is wrong.
func term(hash uint64) uint32 { return uint32(hash >> 32) }

// A post says that a text has a piece: the term above, then the entry, the kind below.
// Sorted posts are a segment spread out.
type post uint64

const (
	entryBits = 24
	kindBits  = 8
	// mostTexts is how many texts one index may hold, those dropped since it was built among them.
	mostTexts = 1 << entryBits
)

func postOf(term uint32, entry int32, kind uint8) post {
	return post(term)<<(entryBits+kindBits) | post(entry)<<kindBits | post(kind)
}

func (p post) term() uint32  { return uint32(p >> (entryBits + kindBits)) }
func (p post) entry() uint32 { return uint32(p>>kindBits) & (mostTexts - 1) }
func (p post) kind() uint8   { return uint8(p) }

// newSegment packs posts, which are those of texts one behind the other.
func newSegment(posts []post) *segment {
	posts = byTerm(posts)
	terms, lists := 0, 0
	for i := 0; i < len(posts); terms++ {
		n := run(posts[i:])
		if n > 1 {
			lists += 1 + n
		}
		i += n
	}
	s := sized(terms, lists)
	var own []uint32
	for i := 0; i < len(posts); {
		n := run(posts[i:])
		own = own[:0]
		for _, p := range posts[i : i+n] {
			if len(own) == 0 || own[len(own)-1] != p.entry() { // two pieces of a text with one term
				own = append(own, p.entry())
			}
		}
		s.put(posts[i].term(), posts[i].kind(), own)
		i += n
	}
	return s
}

// sized returns an empty segment with room for so many pieces and numbers in lists.
func sized(terms, lists int) *segment {
	return &segment{terms: make([]uint32, 0, terms), kinds: make([]uint8, 0, terms), at: make([]uint32, 0, terms), lists: make([]uint32, 0, lists)}
}

// run is how many posts at the beginning are of one piece.
func run(posts []post) int {
	n := 1
	for n < len(posts) && posts[n].term() == posts[0].term() {
		n++
	}
	return n
}

// byTerm sorts posts by their terms; those of one term keep their order, which is that of
// the entries. What it returns may be the same slice or another.
func byTerm(posts []post) []post {
	const few, digit = 1024, 11 // below few, counting costs more than comparing
	if len(posts) < few {
		slices.Sort(posts)
		return posts
	}
	other := make([]post, len(posts))
	for shift := entryBits + kindBits; shift < 64; shift += digit {
		var from [1 << digit]int32
		for _, p := range posts {
			from[p>>shift&(1<<digit-1)]++
		}
		sum := int32(0)
		for i, n := range from {
			from[i], sum = sum, sum+n
		}
		for _, p := range posts {
			d := p >> shift & (1<<digit - 1)
			other[from[d]] = p
			from[d]++
		}
		posts, other = other, posts
	}
	return posts
}

// put adds a piece behind the others.
func (s *segment) put(term uint32, kind uint8, entries []uint32) {
	at := entries[0]
	if len(entries) > 1 {
		at = listed | uint32(len(s.lists))
		s.lists = append(append(s.lists, uint32(len(entries))), entries...)
	}
	s.terms, s.kinds, s.at = append(s.terms, term), append(s.kinds, kind), append(s.at, at)
}

// entries are those that have the piece at i.
func (s *segment) entries(i int) []uint32 {
	at := s.at[i]
	if at&listed == 0 {
		return s.at[i : i+1]
	}
	at &^= listed
	return s.lists[at+1 : at+1+s.lists[at]]
}

// seek returns the place of a term, or where it would stand, at from or behind it: terms
// that are asked for in their order are found in few steps.
func (s *segment) seek(from int, term uint32) (i int, found bool) {
	high := from
	for step := 1; high < len(s.terms) && s.terms[high] < term; step *= 2 {
		from = high + 1
		high += step
	}
	n, found := slices.BinarySearch(s.terms[from:min(high+1, len(s.terms))], term)
	return from + n, found
}

// join packs two segments into one; all entries of a stand before those of b.
func join(a, b *segment) *segment {
	terms, lists := 0, 0
	both(a, b, func(i, j int) {
		terms++
		if n := count(a, i) + count(b, j); n > 1 {
			lists += 1 + n
		}
	})
	s := sized(terms, lists)
	var own []uint32
	both(a, b, func(i, j int) {
		switch {
		case j < 0:
			s.put(a.terms[i], a.kinds[i], a.entries(i))
		case i < 0:
			s.put(b.terms[j], b.kinds[j], b.entries(j))
		default:
			own = append(append(own[:0], a.entries(i)...), b.entries(j)...)
			s.put(a.terms[i], a.kinds[i], own)
		}
	})
	return s
}

// count is how many entries have the piece at i; none at -1.
func count(s *segment, i int) int {
	if i < 0 {
		return 0
	}
	return len(s.entries(i))
}

// both calls f with the places of every term of two segments, -1 where one lacks it.
func both(a, b *segment, f func(i, j int)) {
	i, j := 0, 0
	for i < len(a.terms) || j < len(b.terms) {
		switch {
		case j == len(b.terms) || i < len(a.terms) && a.terms[i] < b.terms[j]:
			f(i, -1)
			i++
		case i == len(a.terms) || a.terms[i] > b.terms[j]:
			f(-1, j)
			j++
		default:
			f(i, j)
			i++
			j++
		}
	}
}

// renumbered packs a segment anew with the numbers that its entries have now, -1 for
// those that are gone.
func (s *segment) renumbered(now []int32) *segment {
	kept := sized(len(s.terms), len(s.lists))
	var own []uint32
	for i := range s.terms {
		own = own[:0]
		for _, n := range s.entries(i) {
			if now[n] >= 0 {
				own = append(own, uint32(now[n]))
			}
		}
		if len(own) > 0 {
			kept.put(s.terms[i], s.kinds[i], own)
		}
	}
	kept.terms, kept.kinds = slices.Clone(kept.terms), slices.Clone(kept.kinds)
	kept.at, kept.lists = slices.Clone(kept.at), slices.Clone(kept.lists)
	return kept
}
