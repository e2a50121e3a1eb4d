package house

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// A function may be as long as it takes to be read in one look; a table is read
// row by row, so the lines of its longest literal do not count.
func TestFunctionsAreShort(t *testing.T) {
	var all []int
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			n := length(f) - longestTable(f)
			all = append(all, n)
			if n > 100 {
				t.Errorf("%s:%d: %s has %d lines, 100 are the most", s.path, line(f), f.Name.Name, n)
			}
		}
	}
	if p := percentile(all, 90); p > 45 {
		t.Errorf("of %d functions a tenth has more than %d lines, 45 are wanted", len(all), p)
	}
}

func longestTable(f *ast.FuncDecl) (longest int) {
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok {
			longest = max(longest, length(c)-1)
		}
		return true
	})
	return longest
}

func TestFilesAreShort(t *testing.T) {
	var all []int
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		all = append(all, s.lines)
		if s.lines > 800 {
			t.Errorf("%s has %d lines, 800 are the most", s.path, s.lines)
		}
	}
	if m, p := percentile(all, 50), percentile(all, 90); m > 150 || p > 450 {
		t.Errorf("files have %d lines in the middle and %d at the ninetieth percent; 150 and 450 are wanted", m, p)
	}
}

// Comments give reasons: too few leave the reader alone, too many repeat the code.
func TestCommentsAreEnough(t *testing.T) {
	code, comments := 0, 0
	for _, s := range sources(t) {
		if s.generated || s.test {
			continue
		}
		for _, l := range strings.Split(s.text, "\n") {
			switch l = strings.TrimSpace(l); {
			case strings.HasPrefix(l, "//"):
				comments++
			case l != "":
				code++
			}
		}
		// a comment behind code on the same line
		for _, g := range s.file.Comments {
			for _, c := range g.List {
				if p := fset.Position(c.Pos()); p.Column > 1 && !strings.HasPrefix(strings.TrimSpace(lineOf(s, p.Line)), "//") {
					comments++
				}
			}
		}
	}
	if share := 100 * comments / (code + comments); share < 12 || share > 20 {
		t.Errorf("%d of 100 lines are comments, 12 to 20 are wanted", share)
	}
}

func lineOf(s *source, n int) string { return strings.Split(s.text, "\n")[n-1] }

func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	docs := map[string]string{}
	code := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		code[s.dir] = true
		if s.file.Doc == nil {
			continue
		}
		if docs[s.dir] != "" {
			t.Errorf("%s: %s has two package comments", s.path, s.dir)
		}
		docs[s.dir] = s.file.Doc.Text()
		want := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(docs[s.dir], want) {
			t.Errorf("%s: the package comment does not begin with %q", s.path, want)
		}
	}
	for dir := range code {
		n := 0
		for _, l := range strings.Split(docs[dir], "\n") {
			if l != "" && !strings.HasPrefix(l, "\t") { // drawings of states do not count
				n++
			}
		}
		if n < 3 || n > 14 {
			t.Errorf("%s: its package comment has %d lines of text, 3 to 10 are wanted (14 the most)", dir, n)
		}
	}
}

func TestExportedNamesAreExplained(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.generated || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			for _, name := range unexplained(d) {
				t.Errorf("%s:%d: %s has no comment", s.path, line(d), name)
			}
		}
	}
}

// unexplained returns the exported names of a declaration that no comment explains;
// a comment on a group of constants or variables is for all of them.
func unexplained(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && spec.Doc == nil && d.Doc == nil && spec.Comment == nil {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					if n.IsExported() && spec.Doc == nil && spec.Comment == nil && d.Doc == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return true
	}
	e := f.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}
