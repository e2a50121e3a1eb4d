package regulation

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"lienthong/internal/workday"
	"lienthong/regulations"
)

// FuzzLoad puts an odd text into one of the shipped files, or takes the file's place with
// it: loading and checking refuse in words or take it, and never fail.
func FuzzLoad(f *testing.F) {
	shipped := fstest.MapFS{}
	var names []string
	err := fs.WalkDir(regulations.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(regulations.FS, path)
		shipped[path] = &fstest.MapFile{Data: raw}
		names = append(names, path)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	for i, text := range []string{"", "x", "a: &a [*a]", "? !!binary x", "- - - -", "rules: {}", "rules: [null]", "\x00", "limit: 7wd", "a: 1\na: 2", "\tx", "&a {b: *a}", "---\n...\n---", "id: [", strings.Repeat("[", 500)} {
		for which := range names {
			f.Add(text, uint8(which), uint16(i*97))
		}
	}
	f.Fuzz(func(t *testing.T, text string, which uint8, at uint16) {
		name := names[int(which)%len(names)]
		whole := string(shipped[name].Data)
		cut := int(at) % (len(whole) + 1)
		files := fstest.MapFS{}
		for n, x := range shipped {
			files[n] = x
		}
		if files[name] = (&fstest.MapFile{Data: []byte(whole[:cut] + text + whole[cut:])}); at%5 == 0 {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		lib, err := Load(files)
		if err != nil {
			return
		}
		for profile := range lib.Profiles {
			Check(lib, profile, Keys(), Use{Serve: true, Day: workday.MustDate("2026-03-02")})
			_, _ = Compile(lib, profile, Keys()) // its problems are those of Check
		}
	})
}
