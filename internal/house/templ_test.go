package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Generated code is committed and current: the templates are generated again in a
// copy and compared.
func TestTemplatesAreGenerated(t *testing.T) {
	folders := map[string][]string{}
	for _, path := range files(t, ".templ") {
		folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], path)
	}
	for dir, list := range folders {
		copied := t.TempDir()
		for _, path := range list {
			if err := os.WriteFile(filepath.Join(copied, filepath.Base(path)), []byte(readText(t, path)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// the same command as `make generate`, which runs it once a folder
		c := exec.Command("go", "run", "github.com/a-h/templ/cmd/templ", "generate", "-path", copied)
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", dir, err, out)
		}
		for _, path := range list {
			made := strings.TrimSuffix(path, ".templ") + "_templ.go"
			want, err := os.ReadFile(filepath.Join(copied, filepath.Base(made)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join(root, made))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what %s gives: run 'make generate'", made, path)
			}
		}
	}
}

var templName = regexp.MustCompile(`(?m)^templ (?:\([^)]*\) )?(\w+)\(`)

// No template is left that no page uses. What only a test or the gallery shows does not
// count. A folder of which nothing is used yet waits for its first page.
func TestTemplatesAreUsed(t *testing.T) {
	var uses []string
	for _, path := range files(t, ".templ") {
		uses = append(uses, templName.ReplaceAllString(readText(t, path), ""))
	}
	for _, s := range sources(t) {
		if !s.test && !s.generated && !strings.Contains(s.path, "gallery") {
			uses = append(uses, s.text)
		}
	}
	all := strings.Join(uses, "\n")
	unused, used := map[string][]string{}, map[string]bool{}
	for _, path := range files(t, ".templ") {
		if strings.Contains(path, "gallery") {
			continue
		}
		dir := filepath.Dir(path)
		for _, m := range templName.FindAllStringSubmatch(readText(t, path), -1) {
			if !regexp.MustCompile(`\b` + m[1] + `\(`).MatchString(all) {
				unused[dir] = append(unused[dir], m[1])
			}
		}
		pkg := regexp.MustCompile(`\b` + filepath.Base(dir) + `\.[A-Z]\w*\(`)
		used[dir] = used[dir] || pkg.MatchString(all)
	}
	for dir, names := range unused {
		if used[dir] {
			t.Errorf("%s: no page uses %s", dir, strings.Join(names, ", "))
		} else {
			t.Logf("%s: no page yet uses any of its templates", dir)
		}
	}
}
