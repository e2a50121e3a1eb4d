package story

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"lienthong/internal/regulation"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Line
		bad        bool
	}{
		{"comments and empty lines are left out", "# tiêu đề\n\nsweep\n", []Line{{3, "sweep", []string{}}}, false},
		{"quotes hold words together", "see 'missed 1'", []Line{{1, "see", []string{"missed 1"}}}, false},
		{"two quotes inside stand for one", "see 'xã ''Thử'''", []Line{{1, "see", []string{"xã 'Thử'"}}}, false},
		{"a named value is quoted too", "raise KN-1 text='hai từ'", []Line{{1, "raise", []string{"KN-1", "text=hai từ"}}}, false},
		{"an empty word is a word", "forward KN-1 '' to=x", []Line{{1, "forward", []string{"KN-1", "", "to=x"}}}, false},
		{"an open quote is refused", "see 'missed", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Parse("x.txt", tt.text)
			if (err != nil) != tt.bad {
				t.Fatalf("error %v", err)
			}
			if err == nil && !reflect.DeepEqual(s.Lines, tt.want) {
				t.Errorf("got %v, want %v", s.Lines, tt.want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	g := arguments([]string{"KN-1", "a=b=c", "Đề nghị = ngay", ""})
	if g.named["a"] != "b=c" || !slices.Equal(g.plain, []string{"KN-1", "Đề nghị = ngay", ""}) || g.at(3) != "" {
		t.Errorf("%+v", g)
	}
}

// The list of operations follows a kind and its clauses through the functions of a package.
func TestOperationsFollowWhatIsHandedThrough(t *testing.T) {
	dir := t.TempDir()
	source := `package x
func a(tx, c any) { casefile.Record(tx, c, casefile.Event{Kind: "x.plain"}, "PT06/D1", "NĐ 30/2020") }
func b(tx, c any, kind string, ids ...string) { casefile.Record(tx, c, casefile.Event{Kind: kind}, ids...) }
func d(tx, c any) {
	b(tx, c, "x.one", "PT06/D2", "PT06/D3.K1")
	kind := "x.yes"
	kind = "x.no"
	casefile.Record(tx, c, casefile.Event{Kind: kind}, "PT06/D4")
	casefile.Record(tx, c, casefile.Event{Kind: "x.bare"})
}
`
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Operations(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]regulation.ClauseID{
		"x.plain": {"PT06/D1"}, "x.one": {"PT06/D2", "PT06/D3.K1"}, "x.yes": {"PT06/D4"}, "x.no": {"PT06/D4"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
