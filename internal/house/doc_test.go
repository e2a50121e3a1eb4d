package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// A link or picture of the documents that leads nowhere is found here and not by a reader.
func TestLinksResolve(t *testing.T) {
	for _, path := range files(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(readText(t, path), -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.Contains(to, ":") { // a place on the same page, another site
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(path), to)); err != nil {
				t.Errorf("%s links to %s, which is not there", path, to)
			}
		}
	}
}

// machine is what belongs to the machine of whoever writes: home folders and temporary ones.
var machine = regexp.MustCompile(`(^|[\s"'` + "`" + `(=])/(home|Users|root|work)/[a-zA-Z0-9_.-]+`)

// The project is the same anywhere: no path of one machine stands in it.
func TestNoPathOfOneMachine(t *testing.T) {
	for _, ending := range []string{".go", ".md", ".templ", ".sql", ".yaml", ".csv", ".json"} {
		for _, path := range files(t, ending) {
			if m := machine.FindString(readText(t, path)); m != "" {
				t.Errorf("%s: %q is a path of one machine", path, strings.TrimSpace(m))
			}
		}
	}
}
