package regulation

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"lienthong/internal/fault"
)

// A Library is everything the folders hold: regulations and profiles by id.
type Library struct {
	Regulations map[string]*Regulation
	Profiles    map[string]*Profile

	clauses map[ClauseID]*Clause
}

// Clause returns the clause called id; ok is false when no regulation has it.
func (l *Library) Clause(id ClauseID) (c *Clause, ok bool) {
	c, ok = l.clauses[id]
	return c, ok
}

// Load reads every regulation folder and every profile of fsys. A file that cannot be
// read exactly - an unknown word, a repeated key, a missing column - fails the load;
// what is readable but wrong is for Check.
func Load(fsys fs.FS) (lib *Library, err error) {
	defer fault.Wrap(&err, "load regulations")

	lib = &Library{
		Regulations: map[string]*Regulation{},
		Profiles:    map[string]*Profile{},
		clauses:     map[ClauseID]*Clause{},
	}
	dirs, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	for _, d := range dirs {
		if !d.IsDir() || d.Name() == "profiles" {
			continue
		}
		if err := lib.loadRegulation(fsys, d.Name()); err != nil {
			return nil, err
		}
	}
	files, err := fs.Glob(fsys, "profiles/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		p := new(Profile)
		if err := readYAML(fsys, f, p); err != nil {
			return nil, err
		}
		if want := strings.TrimSuffix(path.Base(f), ".yaml"); p.ID != want {
			return nil, fmt.Errorf("%s: profile id %q: %w", f, p.ID, fault.Invalid)
		}
		lib.Profiles[p.ID] = p
	}
	return lib, nil
}

// The folder, the id inside and the clauses must agree: a text filed wrongly would be cited wrongly.
func (l *Library) loadRegulation(fsys fs.FS, dir string) error {
	r := new(Regulation)
	if err := readYAML(fsys, dir+"/regulation.yaml", r); err != nil {
		return err
	}
	if r.ID != dir {
		return fmt.Errorf("%s: regulation id %q: %w", dir, r.ID, fault.Invalid)
	}
	var rules struct {
		Rules []Rule `yaml:"rules"`
		Later []Rule `yaml:"later"`
	}
	if err := readYAML(fsys, dir+"/rules.yaml", &rules); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.Rules, r.Later = rules.Rules, rules.Later
	if err := r.loadClauses(fsys, dir+"/clauses.tsv"); err != nil {
		return err
	}
	if err := r.loadFields(fsys, dir+"/fields.tsv"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := r.loadShown(fsys, dir+"/shown.tsv"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for i := range r.Clauses {
		c := &r.Clauses[i]
		if l.clauses[c.ID] != nil {
			return fmt.Errorf("clause %s stands twice: %w", c.ID, fault.Invalid)
		}
		l.clauses[c.ID] = c
	}
	l.Regulations[r.ID] = r
	return nil
}

// The clauses of a text: where they stand and whom they bind, in short words of ours.
func (r *Regulation) loadClauses(fsys fs.FS, name string) error {
	return readTSV(fsys, name, "id cite_vi actor counterpart duty_vi deadline area operable on_breach", func(c []string) error {
		clause := Clause{
			ID: ClauseID(c[0]), Cite: c[1], Actor: c[2], Counterpart: c[3], Duty: c[4],
			Deadline: c[5], Area: c[6], Operable: c[7],
		}
		clause.Short = r.shortOf(clause.Cite)
		if clause.ID.Regulation() != r.ID {
			return fmt.Errorf("clause %s in %s: %w", clause.ID, r.ID, fault.Invalid)
		}
		if c[8] != "none" {
			clause.Breach = strings.Split(c[8], "; ")
		}
		r.Clauses = append(r.Clauses, clause)
		return nil
	})
}

// shortOf is a citation as lists give it: the place stays, the text's name becomes the
// short one that the regulation states; empty where it states none.
func (r *Regulation) shortOf(cite string) string {
	for _, long := range r.CitedAs {
		if place, ok := strings.CutSuffix(cite, long); ok && r.Short != "" {
			return place + r.Short
		}
	}
	return ""
}

// The fields a text divides its matters into; "-" is a field at the top.
func (r *Regulation) loadFields(fsys fs.FS, name string) error {
	return readTSV(fsys, name, "id parent name_vi clause", func(c []string) error {
		f := Field{ID: c[0], Parent: c[1], Name: c[2], Clause: ClauseID(c[3])}
		if f.Parent == "-" {
			f.Parent = ""
		}
		r.Fields = append(r.Fields, f)
		return nil
	})
}

// loadShown reads what can be observed of the clauses that no rule can bind.
func (r *Regulation) loadShown(fsys fs.FS, name string) error {
	r.Shown = map[ClauseID]string{}
	return readTSV(fsys, name, "id shown_vi", func(c []string) error {
		id := ClauseID(c[0])
		if !slices.ContainsFunc(r.Clauses, func(x Clause) bool { return x.ID == id && x.CanOperate() }) {
			return fmt.Errorf("%s is no operable clause of %s: %w", id, r.ID, fault.Invalid)
		}
		r.Shown[id] = c[1]
		return nil
	})
}

// readYAML reads one document strictly: an unknown or repeated key is an error.
func readYAML(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %s: %w", name, err, fault.Invalid)
	}
	return nil
}

// readTSV reads tab-separated lines without quoting, below a header that must be exact.
func readTSV(fsys fs.FS, name, header string, each func(cells []string) error) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	columns := strings.Fields(header)
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		if i == 0 {
			if !slices.Equal(cells, columns) {
				return fmt.Errorf("%s: header %q: %w", name, line, fault.Invalid)
			}
			continue
		}
		if len(cells) != len(columns) || slices.Contains(cells, "") {
			return fmt.Errorf("%s line %d: want %d filled columns: %w", name, i+1, len(columns), fault.Invalid)
		}
		if err := each(cells); err != nil {
			return fmt.Errorf("%s line %d: %w", name, i+1, err)
		}
	}
	return nil
}
