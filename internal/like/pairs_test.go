package like

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// pairs are sixty invented questions, each with a second one that asks the same as people
// do who never read the first: in their own words, some without marks.
func pairs(t testing.TB) (all [][2]string) {
	t.Helper()
	b, err := os.ReadFile("testdata/pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		q, p, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("no pair: %q", line)
		}
		all = append(all, [2]string{q, p})
	}
	return all
}

// others are invented difficulties of communes: what a question must be told apart from.
func others(t testing.TB) (all []Item) {
	t.Helper()
	b, err := os.ReadFile("testdata/others.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			_, text, _ := strings.Cut(line, "\t")
			if text == "" {
				text = line
			}
			all = append(all, Item{ID: "other" + strconv.Itoa(len(all)), Text: text})
		}
	}
	return all
}

// recall is how many paraphrases find their question first, and among three; missed says which do not.
func recall(t testing.TB, fold func(string) string) (first, three, n int, missed []string) {
	t.Helper()
	all := pairs(t)
	items := others(t)
	for i, p := range all {
		items = append(items, Item{ID: strconv.Itoa(i), Text: p[0]})
	}
	x := New(items)
	for i, p := range all {
		found := false
		for at, h := range x.Near(Item{Text: fold(p[1])}, 3, nil) {
			if h.ID == strconv.Itoa(i) {
				found = true
				three++
				if at == 0 {
					first++
				}
			}
		}
		if !found {
			missed = append(missed, p[1])
		}
	}
	return first, three, len(all), missed
}

// The figures of doc/likeness.md.
func TestRecall(t *testing.T) {
	same := func(s string) string { return s }
	first, three, n, missed := recall(t, same)
	t.Logf("%d others; of %d paraphrases first %d, within three %d; missed: %s", len(others(t)), n, first, three, strings.Join(missed, " | "))
	if three*100 < 60*n {
		t.Errorf("within three %d of %d: %s", three, n, strings.Join(missed, "\n"))
	}
	half := func(s string) string { w := strings.Fields(s); return strings.Join(w[:(len(w)+1)/2], " ") }
	first, three, _, _ = recall(t, half)
	t.Logf("half typed: first %d, within three %d", first, three)
}

// How often a question that nobody answered before is shown something all the same.
func TestStrangers(t *testing.T) {
	all := pairs(t)
	var items []Item
	for i, p := range all {
		items = append(items, Item{ID: strconv.Itoa(i), Text: p[0]})
	}
	x := New(items)
	shown, n := 0, 0
	for _, o := range others(t) {
		n++
		if len(x.Near(o, 1, nil)) > 0 {
			shown++
		}
	}
	t.Logf("of %d other difficulties %d are shown something", n, shown)
}
