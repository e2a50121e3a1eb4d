package route

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However the answers fall into batches, no minute teaches more than its share, a minute
// that has fewer teaches all of them, and none teaches twice or out of its order.
func TestSampleOfAMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []answer
		for m, n := range rapid.SliceOfN(rapid.IntRange(0, 3*teachMost), 1, 4).Draw(t, "answers of the minutes") {
			for range n {
				all = append(all, answer{place: len(all), minute: fmt.Sprintf("2026-03-02T08:%02d", m)})
			}
		}
		given, had := map[string]int{}, map[string]int{}
		for _, a := range all {
			had[a.minute]++
		}
		l, last := learner{}, -1
		for batch := range slices.Chunk(all, rapid.IntRange(1, 200).Draw(t, "batch")) {
			var some []answer
			some, l.minute, l.taught = l.sample(batch)
			for _, a := range some {
				if a.place <= last {
					t.Fatalf("%d after %d", a.place, last)
				}
				last = a.place
				given[a.minute]++
			}
		}
		for m, n := range had {
			if given[m] != min(n, teachMost) {
				t.Fatalf("of %d answers in %s %d teach", n, m, given[m])
			}
		}
	})
}
