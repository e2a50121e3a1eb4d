// Command train fits the weights that the route package ships, and tries them.
//
// It reads labelled difficulties (JSONL with text_vi, domain_id, source_doc, source_url)
// and names of procedures (name_vi, domain_id) that stay outside the project, adds the
// invented sentences and the names of the fields, and writes weights.tsv. With -try it
// reports, instead, how often difficulties left out of the fitting are routed right, in
// ten parts by source, and so for the invented sentences. doc/routing.md has the figures.
package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"os"
	"slices"
	"strings"

	"lienthong/data"
	"lienthong/internal/route"
	"lienthong/internal/vntext"
)

var (
	difficulties = flag.String("difficulties", "", "JSONL of labelled difficulties")
	procedures   = flag.String("procedures", "", "JSONL of procedures with their field")
	unseen       = flag.String("unseen", "internal/route/testdata/unseen.txt", "difficulties only for trying")
	out          = flag.String("out", "internal/route/weights.tsv", "where the weights go")
	try          = flag.Bool("try", false, "report how well it generalises, write nothing")
	misses       = flag.Bool("misses", false, "with -try, name what went wrong")
	how          = route.Usual
)

// main parses the flags; everything that can go wrong is in run.
func main() {
	flag.IntVar(&how.Rounds, "rounds", how.Rounds, "of fitting")
	flag.Float64Var(&how.Rate, "rate", how.Rate, "of fitting")
	flag.Float64Var(&how.Decay, "decay", how.Decay, "of weights")
	flag.Float64Var(&how.Pull, "pull", how.Pull, "of the lexicon")
	flag.Float64Var(&how.Bare, "bare", how.Bare, "share of steps without marks")
	flag.Float64Var(&how.Amid, "amid", how.Amid, "share of steps beside a neutral sentence")
	flag.Float64Var(&how.Beside, "beside", how.Beside, "share of steps beside another text of the field")
	flag.Float64Var(&how.Alone, "alone", how.Alone, "share of steps without the lexicon")
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// Trains on the public difficulties and writes the weights that come with the program.
func run() error {
	base, err := route.Bare()
	if err != nil {
		return err
	}
	real, err := lines(*difficulties, "text_vi")
	if err != nil {
		return err
	}
	rest, err := others()
	if err != nil {
		return err
	}
	if *try {
		return report(base, real, rest)
	}
	m := route.Fit(base, append(rest, weighed(real, 2)...), how)
	m.Trim(0.02)
	return os.WriteFile(*out, []byte(m.Write()), 0o644)
}

// others are the examples that are no real difficulties.
func others() ([]route.Example, error) {
	all, err := route.Invented()
	if err != nil {
		return nil, err
	}
	named, err := lines(*procedures, "name_vi")
	if err != nil {
		return nil, err
	}
	parts, err := partNames()
	return append(append(all, weighed(named, 0.3)...), weighed(parts, 0.5)...), err
}

// weighed gives every example the same weight.
func weighed(all []route.Example, w float64) []route.Example {
	for i := range all {
		all[i].Weight = w
	}
	return all
}

// partNames are the parts of the fields as Điều 4 names them.
func partNames() (all []route.Example, err error) {
	f, err := data.Files.Open("subfields.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	for _, r := range rows[1:] {
		all = append(all, route.Example{Field: r[0], Text: r[3]})
	}
	return all, err
}

// lines reads a JSONL file: the member called text and the field of each object.
func lines(name, text string) (all []route.Example, err error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		var row map[string]any
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			return nil, err
		}
		str := func(k string) string { s, _ := row[k].(string); return s }
		if str("domain_id") != "" {
			all = append(all, route.Example{Text: str(text), Field: str("domain_id"), Group: str("source_doc") + str("source_url")})
		}
	}
	return all, s.Err()
}

// A tally counts how often the right field came first, and within three.
type tally struct{ n, first, three int }

// A tally in the form of doc/routing.md.
func (t tally) String() string {
	return fmt.Sprintf("first %d/%d = %.1f %%, within three %d/%d = %.1f %%", t.first, t.n, pc(t.first, t.n), t.three, t.n, pc(t.three, t.n))
}

// pc is a share in percent.
func pc(a, n int) float64 { return 100 * float64(a) / float64(max(n, 1)) }

// add routes one text and counts where its field came.
func (t *tally) add(m *route.Model, e route.Example, text string) {
	t.n++
	order := m.Order(text)
	for i, f := range order[:min(3, len(order))] {
		if f == e.Field {
			t.three++
			if i == 0 {
				t.first++
			}
		}
	}
	if *misses && (len(order) == 0 || order[0] != e.Field) {
		fmt.Printf("  %s, not %s: %s\n", strings.Join(order[:min(3, len(order))], " "), e.Field, text)
	}
}

// report prints how the model does on texts it was not fitted to, and on those it was.
func report(base *route.Model, real, rest []route.Example) error {
	raw, err := os.ReadFile(*unseen)
	if err != nil {
		return err
	}
	invented, err := route.ParseSentences(string(raw))
	if err != nil {
		return err
	}
	one := func(label string, m *route.Model, all []route.Example, spell func(string) string) {
		var t tally
		for _, e := range all {
			t.add(m, e, spell(e.Text))
		}
		fmt.Println(label+":", t)
	}
	asTyped := func(s string) string { return s }
	one("lexicon alone, difficulties", route.Fit(base, nil, how), real, asTyped)
	one("without any difficulty, difficulties", route.Fit(base, rest, how), real, asTyped)
	bySource := func(e route.Example) string { return e.Group }
	folds(base, "difficulties, ten parts by source", weighed(real, 2), rest, bySource, asTyped)
	own, named := apart(rest)
	byText := func(e route.Example) string { return e.Text }
	folds(base, "invented, ten parts", own, append(named, real...), byText, asTyped)
	m := route.Fit(base, append(rest, weighed(real, 2)...), how)
	one("unseen, lexicon alone", route.Fit(base, nil, how), invented, asTyped)
	one("unseen", m, invented, asTyped)
	one("unseen, marks off", m, invented, vntext.Fold)
	return nil
}

// part puts a source, with all its texts, into one of ten parts.
func part(group string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(group))
	return h.Sum32() % 10
}

// apart parts the invented sentences that tell a field from the other examples.
func apart(all []route.Example) (own, rest []route.Example) {
	for _, e := range all {
		if e.Weight == 0 && e.Field != "-" {
			own = append(own, e)
		} else {
			rest = append(rest, e)
		}
	}
	return own, rest
}

// folds fits without each of ten parts in turn and tries it on that part; what of puts
// under one name stays together.
func folds(base *route.Model, label string, tried, rest []route.Example, of func(route.Example) string, spell func(string) string) {
	var t tally
	for p := range uint32(10) {
		train, test := slices.Clone(rest), []route.Example(nil)
		for _, e := range tried {
			if part(of(e)) == p {
				test = append(test, e)
			} else {
				train = append(train, e)
			}
		}
		if len(test) == 0 {
			continue
		}
		m := route.Fit(base, train, how)
		for _, e := range test {
			t.add(m, e, spell(e.Text))
		}
	}
	fmt.Println(label+":", t)
}
