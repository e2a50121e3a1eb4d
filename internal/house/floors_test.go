package house

import (
	"strconv"
	"strings"
	"testing"
)

// plan is the house from the ground up; doc/design.md explains it. A package imports
// lower floors and, on its own floor, those written before it. The slices never
// import each other.
var plan = []struct {
	floor    string
	packages string
}{
	{"0 knows nothing", "fault workday vntext like regulations data"},
	{"1 ground", "db setting blob outbox job sheet"},
	{"2 the office", "org regulation audit"},
	{"3 the thread", "access casefile filter"},
	{"4 what is owed", "notice duty"},
	{"5 to a signature", "signoff direct"},
	{slices, "petition directive consult meeting workgroup report inform programme dossier feedback staff register incident liaison"},
	{"6b over the slices", "bank group campaign"},
	{"7 reading across", "inbox board score search route extract tracker paper export bulk seal demo kinds"},
	{"8 the faces", "signin upload live exchange channel web api"},
	{"9 the program", "bench cmd"},
}

const slices = "6 the slices"

const module = "lienthong/"

// place returns the floor and the place on it of the package in a folder from the
// root; a package inside another lives with it. ok is false for a package that is not planned.
func place(dir string) (floor, nth int, name string, ok bool) {
	name, _, _ = strings.Cut(strings.TrimPrefix(dir, "internal/"), "/")
	for f, row := range plan {
		for n, p := range strings.Fields(row.packages) {
			if p == name {
				return f, n, name, true
			}
		}
	}
	return 0, 0, name, false
}

// beside are the packages that help tests only; nothing of the program imports them.
var beside = map[string]bool{"lttest": true, "house": true, "story": true, "crash": true}

// breach says what is wrong when a package imports another; "" when nothing is.
func breach(from, to string) string {
	ff, fn, fname, fok := place(from)
	tf, tn, tname, tok := place(to)
	switch {
	case beside[tname] && !beside[fname]:
		return "only tests import " + tname
	case beside[fname] || fname == tname:
		return ""
	case !fok:
		return from + " has no place in the plan of floors"
	case !tok:
		return to + " has no place in the plan of floors"
	case ff < tf:
		return "imports go down"
	case ff == tf && plan[ff].floor == slices:
		return "slices do not know each other: what two share moves down"
	case ff == tf && fn < tn:
		return "on one floor a package imports those written before it"
	}
	return ""
}

func TestFloors(t *testing.T) {
	unplanned := map[string]bool{}
	for _, s := range sources(t) {
		if _, _, name, ok := place(s.dir); !ok && !beside[name] && s.dir != "." {
			unplanned[s.dir] = true
		}
		if s.test || unplanned[s.dir] {
			continue
		}
		for _, i := range s.file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			to, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			if why := breach(s.dir, to); why != "" {
				t.Errorf("%s:%d imports %s: %s", s.path, line(i), to, why)
			}
		}
	}
	for dir := range unplanned {
		t.Errorf("%s has no place in the plan of floors: give it one here and in doc/design.md", dir)
	}
}

// The rule itself, on invented imports.
func TestBreach(t *testing.T) {
	tests := []struct {
		from, to string
		refused  bool
	}{
		{"internal/casefile", "internal/db", false},
		{"internal/db", "internal/casefile", true},
		{"internal/petition", "internal/consult", true},
		{"internal/consult", "internal/petition", true},
		{"internal/regulation", "internal/org", false},
		{"internal/org", "internal/regulation", true},
		{"internal/web/ui", "internal/web/static", false},
		{"internal/duty", "internal/lttest", true},
		{"internal/lttest", "internal/petition", false},
		{"internal/newcomer", "internal/db", true},
		{"cmd/lienthong", "internal/web", false},
	}
	for _, tt := range tests {
		if why := breach(tt.from, tt.to); (why != "") != tt.refused {
			t.Errorf("%s imports %s: %q", tt.from, tt.to, why)
		}
	}
}

// drivers are the packages that may speak to a database driver.
var drivers = map[string]string{
	"internal/db":        "the door",
	"internal/db/engine": "SQLite itself",
	"internal/lttest":    "makes and drops the schema of a test",
	"internal/story":     "makes and drops the databases of stories",
	"internal/live":      "LISTEN and NOTIFY, which read and write no table",
}

// Only db speaks to a database; everything else goes through its door.
func TestOnlyOneDoorToTheStore(t *testing.T) {
	for _, s := range sources(t) {
		if drivers[s.dir] != "" || s.test {
			continue
		}
		for _, i := range s.file.Imports {
			if strings.Contains(i.Path.Value, "jackc/pgx") || strings.Contains(i.Path.Value, "modernc.org/sqlite") {
				t.Errorf("%s:%d imports the driver %s: db is the only door", s.path, line(i), i.Path.Value)
			}
		}
	}
}
