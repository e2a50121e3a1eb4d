package like

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// A pair is an invented question and a second one that asks the same as people do who never
// read the first: in their own words, some without marks. The fields are those that the
// form knows: of the entry, and the one proposed for what was typed.
type pair struct{ question, asked, of, proposed string }

// pairs reads a file of pairs.
func pairs(t testing.TB, file string) (all []pair) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line[0] == '#' {
			continue
		}
		c := strings.Split(strings.TrimSpace(line), "\t")
		if len(c) != 4 {
			t.Fatalf("no pair: %q", line)
		}
		all = append(all, pair{c[0], c[1], c[2], c[3]})
	}
	if len(all) == 0 {
		t.Fatal("no pairs in " + file)
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
		if field, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && line[0] != '#' {
			all = append(all, Item{ID: "other" + strconv.Itoa(len(all)), Field: field, Text: text})
		}
	}
	return all
}

// answered are the questions of pairs.tsv as the entries of a bank.
func answered(t testing.TB) (all []Item) {
	for i, p := range pairs(t, "pairs.tsv") {
		all = append(all, Item{ID: strconv.Itoa(i), Field: p.of, Text: p.question})
	}
	return all
}

// recall is how many questions find theirs first, and among three; missed says which do not.
func recall(x *Index, all []pair, text map[string]string) (first, three int, missed []string) {
	for _, p := range all {
		found := false
		for at, h := range x.Near(Item{Field: p.proposed, Text: p.asked}, 3, nil) {
			if text[h.ID] == p.question {
				found = true
				three++
				if at == 0 {
					first++
				}
			}
		}
		if !found {
			missed = append(missed, p.asked)
		}
	}
	return first, three, missed
}

// The figures of doc/likeness.md.
func TestRecall(t *testing.T) {
	items := append(others(t), answered(t)...)
	text := map[string]string{}
	for _, it := range items {
		text[it.ID] = it.Text
	}
	x := New(items)
	half := func(s string) string { w := strings.Fields(s); return strings.Join(w[:(len(w)+1)/2], " ") }
	for _, tt := range []struct {
		file  string
		least int // of a hundred, within three
	}{{"pairs.tsv", 85}, {"heldout.tsv", 80}, {"blind.tsv", 65}, {"tuned.tsv", 85}, {"blind2.tsv", 50}} {
		all := pairs(t, tt.file)
		first, three, missed := recall(x, all, text)
		t.Logf("%s: of %d first %d, within three %d; missed: %s", tt.file, len(all), first, three, strings.Join(missed, " | "))
		if three*100 < tt.least*len(all) {
			t.Errorf("%s: within three %d of %d: %s", tt.file, three, len(all), strings.Join(missed, "\n"))
		}
		bare := append([]pair(nil), all...)
		for i := range all {
			bare[i].proposed = ""
			all[i].asked = half(all[i].asked)
		}
		first, three, _ = recall(x, all, text)
		t.Logf("%s, half typed: first %d, within three %d", tt.file, first, three)
		first, three, _ = recall(x, bare, text)
		t.Logf("%s, no field: first %d, within three %d", tt.file, first, three)
	}
}

// The first words of an entry's answer are another way to it, as package bank puts them in.
func TestAnswersLeadToTheirEntries(t *testing.T) {
	b, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(string(b)), "\n")[1:]
	all := pairs(t, "blind2.tsv")
	if len(answers) != len(all) {
		t.Fatalf("%d answers to %d entries", len(answers), len(all))
	}
	answer, text := map[string]string{}, map[string]string{}
	for i, p := range all {
		answer[p.question] = answers[i]
	}
	items := append(others(t), answered(t)...)
	for _, it := range items {
		text[it.ID] = it.Text
		if f := strings.Fields(answer[it.Text]); len(f) > 0 {
			items = append(items, Item{ID: it.ID + "#", Field: it.Field, Text: strings.Join(f[:min(len(f), 40)], " ")})
		}
	}
	x, three := New(items), 0
	for _, p := range all {
		seen := map[string]bool{}
		for _, h := range x.Near(Item{Field: p.proposed, Text: p.asked}, 6, nil) {
			id := strings.TrimSuffix(h.ID, "#")
			if !seen[id] && len(seen) < 3 && text[id] == p.question {
				three++
			}
			seen[id] = true
		}
	}
	if t.Logf("with answers: within three %d of %d", three, len(all)); three < 30 {
		t.Errorf("with answers: within three %d of %d", three, len(all))
	}
}

// How often a question that nobody answered before is shown something all the same, and how
// much of what is shown for one that was is right.
func TestStrangers(t *testing.T) {
	x := New(answered(t))
	shown, n := 0, 0
	for _, o := range others(t) {
		n++
		if len(x.Near(o, 1, nil)) > 0 {
			shown++
		}
	}
	t.Logf("of %d other difficulties %d are shown something", n, shown)
	if shown*100 > n*55 {
		t.Errorf("of %d other difficulties %d are shown something", n, shown)
	}
	right, all := 0, 0
	for i, p := range pairs(t, "pairs.tsv") {
		for _, h := range x.Near(Item{Field: p.proposed, Text: p.asked}, 3, nil) {
			all++
			if h.ID == strconv.Itoa(i) {
				right++
			}
		}
	}
	t.Logf("%d are shown for the questions, %d of them right", all, right)
}

// A bank of one entry is not an answer to everything: what was asked besides counts.
func TestASmallBankIsNoAnswerToEverything(t *testing.T) {
	x := New([]Item{{ID: "a", Text: "Sổ gốc hộ tịch không còn thì cấp bản sao trích lục khai sinh thế nào?"}})
	for _, s := range []string{"công chức hộ tịch vi phạm thì xử lý kỷ luật theo trình tự nào",
		"đường vào kho lưu sổ hộ tịch của thôn hư hỏng, xin vốn đầu tư công trung hạn để nâng cấp",
		"bố trí thêm biên chế công chức hộ tịch cho phường đông dân", "sổ đăng ký họp thôn ghi không đầy đủ, cấp lại mẫu sổ mới"} {
		if h := x.Near(Item{Text: s}, 1, nil); h != nil {
			t.Errorf("%v for %q", h, s)
		}
	}
	for _, s := range []string{"xin sao giấy khai sinh mà sổ gốc mất rồi",
		"Mất sổ hộ tịch cũ, dân xin sao giấy khai sinh\nNgười dân đến xin bản sao giấy khai sinh nhưng quyển sổ của xã cũ đã thất lạc, cán bộ không biết căn cứ vào đâu để cấp."} {
		if h := x.Near(Item{Text: s}, 1, nil); len(h) != 1 {
			t.Errorf("what the entry is about is not found by %q", s)
		}
	}
}
