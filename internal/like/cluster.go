package like

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Cluster puts alike items together: positions in items, each group at least two, the
// largest group first, in a group the item that is like most others first (it names the
// group best). An item stands in one group at most; what is like nothing stands in none.
// least is the smallest likeness to the first of a group, usually Together.
//
// Groups are stars: every member is like the first one. Chains, where a is like b and b
// like c, end in one group of everything, and a person would have to take it apart.
func Cluster(items []Item, least float64) [][]int {
	x := New(numbered(items))
	near := make([][]uint32, len(items))
	sums := make([]float32, len(items))
	var touched []uint32
	for i := range x.entries {
		e := &x.entries[i]
		own, _ := x.asked(pieces(items[i].Text))
		touched = x.add(own, sums, touched[:0])
		for _, n := range touched {
			other := &x.entries[n]
			dot := float64(sums[n])
			sums[n] = 0
			if int(n) != i && dot >= least*e.norm*other.norm/across(e.field, other.field) {
				near[i] = append(near[i], n)
			}
		}
	}
	return stars(near)
}

// stars takes the item with the most free neighbours as a centre, again and again.
func stars(near [][]uint32) (groups [][]int) {
	order := make([]int, len(near))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(len(near[b]), len(near[a])), cmp.Compare(a, b)) })
	taken := make([]bool, len(near))
	for _, centre := range order {
		if taken[centre] {
			continue
		}
		group := []int{centre}
		for _, n := range near[centre] {
			if !taken[n] {
				group = append(group, int(n))
			}
		}
		if len(group) < 2 {
			continue
		}
		for _, n := range group {
			taken[n] = true
		}
		slices.Sort(group[1:])
		groups = append(groups, group)
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return groups
}

// numbered gives each item its position as ID, so that position and entry are one.
func numbered(items []Item) []Item {
	all := slices.Clone(items)
	for i := range all {
		all[i].ID = strconv.Itoa(i)
	}
	return all
}

// Score is how like two texts are on their own, 0 to 1, without the weights of others.
func Score(a, b string) float64 {
	weights := map[uint64]float64{}
	left, right, shared := 0.0, 0.0, 0.0
	for _, p := range pieces(a) {
		w := float64(p.weight) * float64(p.weight)
		weights[p.hash] = w
		left += w
	}
	for _, p := range pieces(b) {
		right += float64(p.weight) * float64(p.weight)
		shared += weights[p.hash]
	}
	if left == 0 || right == 0 {
		return 0
	}
	return shared / math.Sqrt(left*right)
}
