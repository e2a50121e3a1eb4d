package bank

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lienthong/internal/vntext"
)

// Texts of offices without a person in them are left alone: difficulties, and the wording
// of the regulations with all their bodies, papers and days.
func TestFewFalseAlarms(t *testing.T) {
	paths, err := filepath.Glob("../../regulations/*/clauses.tsv")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files of clauses, %v", len(paths), err)
	}
	words, marks := 0, 0
	for _, path := range append(paths, "../like/testdata/others.txt", "../like/testdata/heldout.tsv") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(raw), "\n") {
			words += len(strings.Fields(line))
			for _, m := range Personal(line, nil) {
				marks++
				t.Logf("%s %q in %.80s", m.Kind, m.Text, line)
			}
		}
	}
	if t.Logf("%d marks in %d words", marks, words); marks*5000 > words {
		t.Errorf("%d marks in %d words without a person", marks, words)
	}
}

// Names are found as people write them: with capitals, all in capitals, without marks;
// in small letters only where văn or thị stands inside.
func TestNamesInEveryForm(t *testing.T) {
	raw, err := os.ReadFile("../../data/demo_names.csv")
	if err != nil {
		t.Fatal(err)
	}
	var families, given []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		switch part, name, _ := strings.Cut(line, ","); part {
		case "family":
			families = append(families, name)
		case "given":
			given = append(given, name)
		}
	}
	forms := map[string]func(string) string{"capitals": func(s string) string { return s }, "all capitals": strings.ToUpper, "no marks": bare, "small": strings.ToLower}
	missed, all := map[string]int{}, 0
	for i, f := range families {
		for j, g := range given {
			all++
			name := f + []string{" Văn ", " Thị ", " Minh "}[(i+j)%3] + g
			for form, as := range forms {
				if got := Personal("Hộ "+as(name)+" hỏi về đất", nil); len(got) == 0 || !strings.Contains(got[0].Text, as(name)) {
					missed[form]++
				}
			}
		}
	}
	t.Logf("of %d names missed: %v", all, missed)
	if all == 0 || missed["capitals"]+missed["all capitals"]+missed["no marks"] > 0 || missed["small"]*2 > all {
		t.Errorf("of %d names missed: %v", all, missed)
	}
}

// bare is a name without marks.
func bare(s string) string {
	out := strings.Fields(vntext.Fold(s))
	for i, w := range out {
		out[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(out, " ")
}
