package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// root is the folder of go.mod, seen from this package.
const root = "../.."

// A source is one parsed Go file of the module.
type source struct {
	path      string // from the root, with slashes
	dir       string // its package: "internal/db"
	test      bool
	generated bool
	text      string
	lines     int
	file      *ast.File
}

var fset = token.NewFileSet()

var parsed []*source

// sources parses every Go file of the module once.
func sources(t *testing.T) []*source {
	t.Helper()
	if parsed != nil {
		return parsed
	}
	for _, path := range files(t, ".go") {
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(fset, path, b, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, &source{
			path: path, dir: filepath.ToSlash(filepath.Dir(path)), test: strings.HasSuffix(path, "_test.go"),
			generated: ast.IsGenerated(f), text: string(b), lines: strings.Count(string(b), "\n"), file: f,
		})
	}
	if len(parsed) < 20 {
		t.Fatalf("only %d Go files found below %s", len(parsed), root)
	}
	return parsed
}

// files lists the module's files with an ending, in order; what tests make is left out.
func files(t *testing.T, ending string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // a file that another test just removed
		}
		name := e.Name()
		if e.IsDir() && (name == ".git" || name == "testdata" || name == "lienthong-data" || name == "tmp") {
			return filepath.SkipDir
		}
		if !e.IsDir() && strings.HasSuffix(name, ending) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(list)
	return list
}

// line tells where a node stands.
func line(n ast.Node) int { return fset.Position(n.Pos()).Line }

// length is how many lines a node takes.
func length(n ast.Node) int { return fset.Position(n.End()).Line - line(n) + 1 }

// percentile returns the value below which p of 100 lie.
func percentile(list []int, p int) int {
	if len(list) == 0 {
		return 0
	}
	sort.Ints(list)
	return list[min(len(list)-1, len(list)*p/100)]
}
