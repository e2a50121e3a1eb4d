package house

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	createTable = regexp.MustCompile(`(?is)CREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\((.*?)\n\);`)
	caseColumn  = regexp.MustCompile(`(?m)^\s*case_id\s`)
	readsFrom   = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+(\w+)`)
	oneCase     = regexp.MustCompile(`(?i)\b(?:\w+\.)?(?:case_id|id)\s*=\s*\$\d`)
)

// caseTables are the tables whose rows belong to a case, read from the migrations: a
// new one is under the rule from its first day. case_reader is the rule itself.
func caseTables(t *testing.T) map[string]bool {
	t.Helper()
	tables := map[string]bool{}
	for _, path := range migrationFiles(t) {
		for _, m := range createTable.FindAllStringSubmatch(readText(t, path), -1) {
			if name := strings.ToLower(m[1]); name == "casefile" || caseColumn.MatchString(m[2]) && name != "case_reader" {
				tables[name] = true
			}
		}
	}
	return tables
}

func migrationFiles(t *testing.T) (list []string) {
	t.Helper()
	for _, path := range files(t, ".sql") {
		if strings.Contains(path, "/migrations/") {
			list = append(list, path)
		}
	}
	return list
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A query is one SQL text as it stands in a source: literals and what is joined to them.
type query struct {
	node ast.Node
	text string
}

// queries finds the texts with a SELECT, each with all that "+" joins to it.
func queries(s *source) (list []query) {
	base := fset.File(s.file.Pos()).Base()
	visit := func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BinaryExpr:
			if x.Op != token.ADD {
				return true
			}
		case *ast.BasicLit:
			if x.Kind != token.STRING {
				return true
			}
		default:
			return true
		}
		text := s.text[int(n.Pos())-base : int(n.End())-base]
		if strings.Contains(text, "SELECT ") || strings.Contains(text, "SELECT\n") {
			list = append(list, query{n, text})
		}
		return false
	}
	ast.Inspect(s.file, visit)
	return list
}

// unseen says which case table a query lists without asking who may see; "" when it
// asks, stays within one case, or reads no case table.
func unseen(text string, tables map[string]bool) string {
	if strings.Contains(text, "access.Visible") || oneCase.MatchString(text) {
		return ""
	}
	for _, m := range readsFrom.FindAllStringSubmatch(text, -1) {
		if name := strings.ToLower(m[1]); tables[name] {
			return name
		}
	}
	return ""
}

// reasoned says whether a "// system:" comment excuses the query: in the comment of its
// function, or within the four lines before it or inside it.
func reasoned(s *source, n ast.Node) bool {
	from, to := line(n), line(n)+length(n)-1
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil && d.Pos() <= n.Pos() && n.End() <= d.End() &&
			strings.Contains(f.Doc.Text(), "system:") {
			return true
		}
	}
	for _, g := range s.file.Comments {
		if end := fset.Position(g.End()).Line; end >= from-4 && end <= to && strings.Contains(g.Text(), "system:") {
			return true
		}
	}
	return false
}

// asking is the functions of each folder that ask access.Visible, themselves or
// through another function of their package.
func asking(all []*source) map[string]map[string]bool {
	asks := map[string]map[string]bool{}
	for grown := true; grown; {
		grown = false
		for _, s := range all {
			if asks[s.dir] == nil {
				asks[s.dir] = map[string]bool{}
			}
			for _, d := range s.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || s.test || asks[s.dir][f.Name.Name] {
					continue
				}
				if s.dir == "internal/access" && f.Name.Name == "Visible" || calls(f, asks[s.dir]) {
					asks[s.dir][f.Name.Name] = true
					grown = true
				}
			}
		}
	}
	return asks
}

// calls says whether f calls access.Visible or one of the named functions of its package.
func calls(f *ast.FuncDecl, named map[string]bool) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch x := c.Fun.(type) {
		case *ast.Ident:
			found = found || named[x.Name]
		case *ast.SelectorExpr:
			p, ok := x.X.(*ast.Ident)
			found = found || ok && p.Name == "access" && x.Sel.Name == "Visible"
		}
		return true
	})
	return found
}

// enclosing returns the name of the function a node stands in, or "".
func enclosing(s *source, n ast.Node) string {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && d.Pos() <= n.Pos() && n.End() <= d.End() {
			return f.Name.Name
		}
	}
	return ""
}

// Whatever lists, counts or searches over cases asks who may see them, through the one
// fragment access.Visible, or says in a "// system:" comment why it need not.
func TestVisibleEverywhere(t *testing.T) {
	tables, asks := caseTables(t), asking(sources(t))
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		for _, q := range queries(s) {
			if name := unseen(q.text, tables); name != "" && !asks[s.dir][enclosing(s, q.node)] && !reasoned(s, q.node) {
				t.Errorf("%s:%d lists %s without access.Visible and without a '// system:' reason", s.path, line(q.node), name)
			}
		}
	}
}

// The rule itself, on invented queries.
func TestUnseen(t *testing.T) {
	tables := map[string]bool{"petition": true, "duty": true}
	tests := []struct{ name, text, want string }{
		{"a list", "`SELECT n FROM petition WHERE lead = $1`", "petition"},
		{"a count by join", "`SELECT count(*) FROM unit u JOIN duty d ON d.owner = u.id`", "duty"},
		{"a list that asks", "`SELECT n FROM petition p WHERE `+access.Visible(\"p.case_id\", \"$2\")", ""},
		{"one case", "`SELECT n FROM petition WHERE case_id = $1`", ""},
		{"not about cases", "`SELECT id FROM unit`", ""},
	}
	for _, tt := range tests {
		if got := unseen(tt.text, tables); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// notShared is the SQL that only one of the databases speaks, or that takes the time
// or the letters from the database; see doc/sql.md.
var notShared = []struct {
	re  *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`(?i)\bnow\(\)|CURRENT_(TIMESTAMP|DATE|TIME)\b|\bdatetime\('`), "the time is an argument"},
	{regexp.MustCompile(`(?i)\bILIKE\b`), "only PostgreSQL knows ILIKE: search the folded column"},
	{regexp.MustCompile(`(?i)\b(lower|upper)\(`), "SQLite lowers no Vietnamese letter: use the folded column"},
	{regexp.MustCompile(`(?i)\bFOR UPDATE\b|\bSKIP LOCKED\b`), "SQLite does not know it: lock by UPDATE"},
	{regexp.MustCompile(`(?i)\bSERIAL\b|\bAUTOINCREMENT\b|\bGENERATED (ALWAYS|BY DEFAULT) AS IDENTITY`), "ids are made in Go"},
	{regexp.MustCompile(`(?i)\bVARCHAR\b|\bCHAR\(\d`), "SQLite does not enforce a length: use CHECK"},
	{regexp.MustCompile(`(?i)\bDEFERR(ABLE|ED)\b`), "a commit that fails takes its whole group along"},
	{regexp.MustCompile(`(?i)\b(JSONB?|TIMESTAMPTZ?|UUID|INET)\b\s*(NOT|,|DEFAULT|\n)`), "only PostgreSQL has the type"},
	{regexp.MustCompile(`(?i)\bCREATE (OR REPLACE )?TRIGGER\b`), "what happens is written in Go, in the operation"},
}

var sqlStart = regexp.MustCompile("(?i)^[`\"]\\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER)\\s")

func TestSQLIsShared(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.generated || s.dir == "internal/db" || s.dir == "internal/lttest" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING || !sqlStart.MatchString(l.Value) {
				return true
			}
			for _, b := range notShared {
				if m := b.re.FindString(l.Value); m != "" {
					t.Errorf("%s:%d: %s: %s", s.path, line(l), strings.TrimSpace(m), b.why)
				}
			}
			if strings.Contains(l.Value, "LIMIT") && !strings.Contains(l.Value, "ORDER BY") && !strings.Contains(l.Value, "SELECT 1 ") {
				t.Errorf("%s:%d: a LIMIT without ORDER BY gives any rows", s.path, line(l))
			}
			return true
		})
	}
}

var (
	migrationName = regexp.MustCompile(`^\d{4}_[a-z][a-z0-9_]*\.sql$`)
	onlyMark      = regexp.MustCompile(`(?m)--\s*only:\s*postgres`)
	sqlComment    = regexp.MustCompile(`(?m)--.*$`)
)

func TestMigrationsSayWhatAndWhy(t *testing.T) {
	for _, path := range migrationFiles(t) {
		text := readText(t, path)
		if !migrationName.MatchString(filepath.Base(path)) {
			t.Errorf("%s: a migration is NNNN_noun.sql", path)
		}
		if first, _, _ := strings.Cut(text, "\n"); !strings.HasPrefix(first, "-- ") || len(first) < 20 {
			t.Errorf("%s does not open with a sentence that says what and why", path)
		}
		code := sqlComment.ReplaceAllString(text, "")
		for _, b := range notShared {
			if m := b.re.FindString(code); m != "" && !onlyMark.MatchString(text) {
				t.Errorf("%s: %s: %s", path, strings.TrimSpace(m), b.why)
			}
		}
		comments := strings.Count(text, "--")
		if tables := len(createTable.FindAllString(text, -1)); comments < 2*tables {
			t.Errorf("%s: %d comments for %d tables: say what the columns mean", path, comments, tables)
		}
	}
}
