package house

import (
	"errors"
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// clocks are the packages that may ask the machine for the time; everywhere else the
// time is tx.Now, the instant the request arrived.
var clocks = map[string]string{
	"internal/db":     "leases and time limits are about machines",
	"internal/audit":  "the pace of the sequencer",
	"internal/blob":   "the age of files on the disk",
	"internal/live":   "heartbeats of connections",
	"internal/upload": "time limits of connections",
	"internal/web":    "the arrival of a request",
	"internal/api":    "the arrival of a request",
	"internal/signin": "delays against guessing run in real time",
	"internal/lttest": "time limits of tests",
	"internal/bench":  "it measures time",
	"internal/demo":   "the day on which the invented office begins",
	"cmd/lienthong":   "the command line",
}

func TestOneClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.generated || clocks[s.dir] != "" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			c, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := c.X.(*ast.Ident); ok && x.Name == "time" && (c.Sel.Name == "Now" || c.Sel.Name == "Since" || c.Sel.Name == "Until") {
				t.Errorf("%s:%d asks for time.%s: inside the house the time is tx.Now", s.path, line(c), c.Sel.Name)
			}
			return true
		})
	}
}

var (
	badPackage = regexp.MustCompile(`^(util|utils|common|helper|helpers|misc|base|shared|types|models?)$`)
	badWord    = regexp.MustCompile(`(^|[a-z])(Task|Todo|Ticketing|Helper|Util)([A-Z]|s?$)`)
	badVerb    = regexp.MustCompile(`^(Process|Handle|Manage|Do)[A-Z]`)
	badInit    = "init"
)

// Names come from the glossary: an officer's verb, one English word for each word of the field.
func TestNames(t *testing.T) {
	for _, s := range sources(t) {
		if badPackage.MatchString(s.file.Name.Name) {
			t.Errorf("%s: package %s says nothing", s.path, s.file.Name.Name)
		}
		if s.test || s.generated {
			continue
		}
		floor, _, _, _ := place(s.dir)
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := f.Name.Name
			if f.Recv == nil && name == badInit {
				t.Errorf("%s:%d: no init(): start-up is written out in cmd", s.path, line(f))
			}
			if badWord.MatchString(name) || floor >= 2 && floor <= 6 && badVerb.MatchString(name) {
				t.Errorf("%s:%d: %s: use the officer's word, see doc/glossary.md", s.path, line(f), name)
			}
		}
	}
}

// Every slice stands in the glossary.
func TestGlossaryNamesTheSlices(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "doc", "glossary.md"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("there is no doc/glossary.md yet")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range plan {
		if row.floor != slices {
			continue
		}
		for _, name := range strings.Fields(row.packages) {
			if _, err := os.Stat(filepath.Join(root, "internal", name)); err == nil && !strings.Contains(string(b), "`"+name) {
				t.Errorf("doc/glossary.md does not explain %q", name)
			}
		}
	}
}

// The project is readable anywhere: no path of one machine, no unfinished marks.
func TestNothingUnfinishedIsLeft(t *testing.T) {
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		for _, g := range s.file.Comments {
			if m := marks.FindString(g.Text()); m != "" {
				t.Errorf("%s:%d: %s left in a comment", s.path, line(g), m)
			}
		}
	}
}
