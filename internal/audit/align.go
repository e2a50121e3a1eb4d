package audit

import (
	"sort"

	"golang.org/x/mod/sumdb/tlog"
)

// An item is a leaf row as it stands now.
type item struct {
	Leaf
	node    tlog.Hash // of the ref and the entry's hash as recomputed now
	missing bool      // its entry is gone; node is of the stored hash
}

// A comparison holds what was sealed against what stands there now, from the first
// position at which they differ: a log that is right costs no memory.
type comparison struct {
	base    int64 // position of want[0]
	want    []tlog.Hash
	have    []item
	before  string // ref of the last entry that stood as sealed; empty when none
	started bool
}

// feed takes one position: what was sealed, when known, and what stands there, if
// anything does.
func (c *comparison) feed(seq int64, want *tlog.Hash, have *item) {
	if !c.started {
		if have != nil && (want == nil || have.node == *want) {
			c.before = have.Ref
		}
		if want == nil || have != nil && have.node == *want {
			return
		}
		c.started, c.base = true, seq
	}
	if want != nil {
		c.want = append(c.want, *want)
	}
	if have != nil {
		c.have = append(c.have, *have)
	}
}

// A stretch is what lies between two entries that stand in their sealed order:
// sealed entries that are gone, and others that stand there now.
type stretch struct {
	lost  []int // in want
	extra []int // in have
	last  bool  // no such entry follows
}

// A shift is one sealed entry that stands elsewhere.
type shift struct{ want, have int }

// align finds the longest run of entries in their sealed order; everything else is
// lost, extra or moved. kept is that run.
func (c *comparison) align() (all []stretch, moved, kept []shift) {
	at := make(map[tlog.Hash]int, len(c.have))
	for j, h := range c.have {
		at[h.node] = j
	}
	var common []shift
	inWant := make(map[int]bool)
	for i, h := range c.want {
		if j, ok := at[h]; ok {
			common = append(common, shift{i, j})
			inWant[j] = true
		}
	}
	kept, moved = longestRun(common)
	movedWant := map[int]bool{}
	for _, m := range moved {
		movedWant[m.want] = true
	}
	i, j := 0, 0
	for k := 0; k <= len(kept); k++ {
		end := shift{len(c.want), len(c.have)}
		if k < len(kept) {
			end = kept[k]
		}
		s := stretch{last: k == len(kept)}
		for ; i < end.want; i++ {
			if !movedWant[i] {
				s.lost = append(s.lost, i)
			}
		}
		for ; j < end.have; j++ {
			if !inWant[j] {
				s.extra = append(s.extra, j)
			}
		}
		if len(s.lost)+len(s.extra) > 0 {
			all = append(all, s)
		}
		i, j = end.want+1, end.have+1
	}
	return all, c.pairSwaps(moved, kept), kept
}

// longestRun splits common, sorted by want, into the longest part that is also
// sorted by have, and the rest.
func longestRun(common []shift) (run, rest []shift) {
	var tails []int // of the best run of each length, the index of its last
	before := make([]int, len(common))
	for i, s := range common {
		k := sort.Search(len(tails), func(k int) bool { return common[tails[k]].have >= s.have })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	in := make([]bool, len(common))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	for i, s := range common {
		if in[i] {
			run = append(run, s)
		} else {
			rest = append(rest, s)
		}
	}
	return run, rest
}

// pairSwaps adds the partner of each moved entry that traded places with another: of
// two neighbours that were swapped, either could be called the one that moved.
func (c *comparison) pairSwaps(moved, kept []shift) []shift {
	home := make(map[int64]shift, len(kept)) // by sealed position
	for _, s := range kept {
		home[c.base+int64(s.want)] = s
	}
	for _, m := range moved[:len(moved):len(moved)] {
		p, ok := home[c.have[m.have].Seq]
		if ok && c.have[p.have].Seq == c.base+int64(m.want) && p.want != m.want {
			moved = append(moved, p)
		}
	}
	sort.Slice(moved, func(i, j int) bool { return moved[i].want < moved[j].want })
	return moved
}
