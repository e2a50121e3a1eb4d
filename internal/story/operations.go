package story

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/regulation"
)

// Operations reads from the sources under dir which clauses each operation names: the
// literals in calls of casefile.Record. A kind or list of clauses that a function hands
// through is looked up at that function's callers in the same package. The program
// embeds the result (a test keeps it current), because a running binary has no sources.
func Operations(dir string) (map[string][]regulation.ClauseID, error) {
	out := map[string][]regulation.ClauseID{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		p, err := readPackage(path)
		if err != nil {
			return err
		}
		for _, f := range p.funcs {
			p.records(f, out)
		}
		return nil
	})
	for op := range out {
		slices.Sort(out[op])
		out[op] = slices.Compact(out[op])
	}
	return out, err
}

// A source is the functions of one package, for looking from a call to its callers.
type source struct{ funcs []*ast.FuncDecl }

// Parses the package that declares the verbs, so that the list of operations a story covers comes from the
// code and not from a list by hand.
func readPackage(dir string) (*source, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &source{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				p.funcs = append(p.funcs, fn)
			}
		}
	}
	return p, nil
}

// records collects the calls of casefile.Record in a function.
func (p *source) records(f *ast.FuncDecl, out map[string][]regulation.ClauseID) {
	each(f.Body, func(call *ast.CallExpr) {
		if nameOf(call.Fun) != "Record" || len(call.Args) < 3 {
			return
		}
		kinds := p.strings(f, fieldOf(call.Args[2], "Kind"))
		var clauses []string
		for _, a := range call.Args[3:] {
			clauses = append(clauses, p.strings(f, a)...)
		}
		for _, kind := range kinds {
			for _, c := range clauses {
				if clauseForm.MatchString(c) {
					out[kind] = append(out[kind], regulation.ClauseID(c))
				}
			}
		}
	})
}

// clauseForm is the form of a clause of a regulation here; other laws are cited in words.
var clauseForm = regexp.MustCompile(`^[A-Z0-9-]+/[A-Z0-9]`)

// strings returns the texts that an expression can stand for: a literal, what the
// function assigns to a name, or what its callers pass.
func (p *source) strings(f *ast.FuncDecl, e ast.Expr) (all []string) {
	if s, ok := literal(e); ok {
		return []string{s}
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i := range a.Lhs {
				if s, ok := literal(a.Rhs[i]); ok && nameOf(a.Lhs[i]) == id.Name {
					all = append(all, s)
				}
			}
		}
		return true
	})
	nth, variadic, ok := parameter(f, id.Name)
	if !ok {
		return all
	}
	for _, caller := range p.funcs {
		each(caller.Body, func(call *ast.CallExpr) {
			if nameOf(call.Fun) != f.Name.Name || len(call.Args) <= nth {
				return
			}
			passed := call.Args[nth : nth+1]
			if variadic {
				passed = call.Args[nth:]
			}
			for _, a := range passed {
				if s, ok := literal(a); ok {
					all = append(all, s)
				}
			}
		})
	}
	return all
}

// parameter finds a function's parameter by name: which it is, and whether it takes the rest.
func parameter(f *ast.FuncDecl, name string) (nth int, variadic, ok bool) {
	for _, field := range f.Type.Params.List {
		_, variadic = field.Type.(*ast.Ellipsis)
		for _, n := range field.Names {
			if n.Name == name {
				return nth, variadic, true
			}
			nth++
		}
	}
	return 0, false, false
}

// Visits every call below a node, in the order of the source.
func each(body ast.Node, fn func(*ast.CallExpr)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			fn(call)
		}
		return true
	})
}

// The last name of an expression: Answer of petition.Answer.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// fieldOf returns the value of a field in a composite literal, nil when it has none.
func fieldOf(e ast.Expr, field string) ast.Expr {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	for _, x := range lit.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == field {
			return kv.Value
		}
	}
	return nil
}

// The text of a string literal; anything computed is not looked through.
func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
