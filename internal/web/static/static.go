// Package static carries everything a browser loads: one style sheet, the font, htmx and a few lines of
// our own. All of it is in the binary; no page asks another machine for anything.
//
// An address carries a hash of the bytes it names (/static/app.1f3c….css), so a browser keeps a file for
// ever and never shows an old one after an upgrade. Texts are compressed once, when first asked for. The
// sheet names its fonts by their plain names; they are replaced by the hashed ones here.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed app.css app.js confirm.js field.js lines.js htmx.min.js favicon.svg fonts/*.woff2
var files embed.FS

// Prefix is where the files live; the mux gives every GET below it to [Handler].
const Prefix = "/static/"

// An asset is one file as it goes out.
type asset struct {
	name   string // its place under Prefix, with the hash
	kind   string // Content-Type
	body   []byte // also packed, see packed
	gzip   []byte // empty where compressing gains nothing, as with fonts
	length int    // of the plain body, in bytes
}

// types is closed: a file of another kind must be added here on purpose.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// A shelf finds assets by their plain name and by the name in their address.
type shelf struct {
	plain, hashed map[string]*asset
}

// load reads the embedded files once. They were there at build time: a fault here is ours, and loud.
var load = sync.OnceValue(func() *shelf {
	s := &shelf{plain: map[string]*asset{}, hashed: map[string]*asset{}}
	var sheets []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case path.Ext(name) == ".css": // after the fonts it names
			sheets = append(sheets, name)
			return nil
		}
		body, err := files.ReadFile(name)
		if err == nil {
			s.add(name, body)
		}
		return err
	})
	for _, name := range sheets {
		body, readErr := files.ReadFile(name)
		if readErr != nil {
			err = readErr
		}
		s.add(name, s.link(body))
	}
	if err != nil {
		panic(fmt.Sprintf("embedded files: %v", err))
	}
	return s
})

// add puts one file on the shelf under both its names.
func (s *shelf) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	a := &asset{
		name: strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		kind: types[ext], body: body, length: len(body),
	}
	if packed := squeeze(body); len(packed) < len(body)*9/10 {
		a.gzip = packed
	}
	s.plain[name], s.hashed[a.name] = a, a
}

// link gives the sheet the hashed names of the files it loads.
func (s *shelf) link(sheet []byte) []byte {
	for name, a := range s.plain {
		sheet = bytes.ReplaceAll(sheet, []byte("url("+name+")"), []byte("url("+Prefix+a.name+")"))
	}
	return sheet
}

// squeeze returns body in gzip form.
func squeeze(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // a buffer does not fail; without gzip the plain body goes out
		return body
	}
	return out.Bytes()
}

// URL returns the address of an embedded file ("app.css" → "/static/app.<hash>.css").
// It panics on a name that is not there: pages name files in the source, so a test meets it first.
func URL(name string) string {
	a, ok := load().plain[name]
	if !ok {
		panic("no embedded file " + name)
	}
	return Prefix + a.name
}

// Fonts returns the addresses of the font files of ordinary text, for preloading.
func Fonts() []string {
	return []string{URL("fonts/be-vietnam-pro-400-latin.woff2"), URL("fonts/be-vietnam-pro-400-vietnamese.woff2")}
}

// Weight returns how many bytes a file costs on the wire to a browser that takes gzip.
func Weight(name string) int {
	a := load().plain[name]
	switch {
	case a == nil:
		return 0
	case a.gzip != nil:
		return len(a.gzip)
	}
	return a.length
}

// Handler serves the files, each for a year and unchanging. An address without the right hash is 404:
// nothing may keep a file under a name that does not say which bytes it holds.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := load().hashed[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		body := a.body
		if a.gzip != nil {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				body = a.gzip
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodHead {
			return
		}
		// A browser that went away is not a fault of ours.
		_, _ = w.Write(body)
	})
}
