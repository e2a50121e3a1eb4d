// Package upload looks at files before they are kept: is the name fit, is the file of a
// kind we take, is it what its name says, is it small enough also when unpacked, does
// it carry a mark of state secrecy, does the virus scanner object.
//
// A file that passes has shown nothing wrong; nobody here says that it is safe, or that
// it holds no secret: its sender says that. The package keeps no file; of cases it knows
// only what a scanner that answers late says of their files (Again).
package upload

import (
	"bytes"
	"database/sql"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// Rules are the settings for files; each can be set under the name in its comment.
type Rules struct {
	MaxFile   int64  // upload.max_file: bytes of one file
	MaxTotal  int64  // upload.max_total: bytes of one form
	MaxFiles  int    // upload.max_files: of one form
	MaxUnzip  int64  // upload.max_unzip: bytes of all that a packed file holds
	MaxInside int    // upload.max_inside: entries of a packed file
	MaxRatio  int64  // upload.max_ratio: how many times larger unpacked than packed
	Clamd     string // upload.clamd: "unix:/path" or "tcp:host:port" of a clamd; "" none
	Types     []Type // upload.types: names like "pdf docx png", out of types.csv
}

// A Type is a kind of file that is taken.
type Type struct {
	Ext    string // without the dot
	Media  string
	Inside string // what every packed file of this kind holds; "" where that does not tell
	Name   string // in Vietnamese
}

//go:embed types.csv
var typesCSV []byte

// Known returns every kind of file the program can tell apart.
func Known() ([]Type, error) {
	rows, err := csv.NewReader(bytes.NewReader(typesCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("types of files: %w", err)
	}
	all := make([]Type, 0, len(rows))
	for _, r := range rows[1:] {
		all = append(all, Type{r[0], r[1], r[2], r[3]})
	}
	return all, nil
}

// Load returns the shipped rules with what this tenant set.
func Load(tx *db.Tx) (r Rules, err error) {
	defer fault.Wrap(&err, "load upload settings")
	r = Rules{MaxFile: 25 << 20, MaxTotal: 100 << 20, MaxFiles: 20, MaxUnzip: 300 << 20, MaxInside: 3000, MaxRatio: 200}
	if r.Types, err = Known(); err != nil {
		return r, err
	}
	sizes := map[string]*int64{"upload.max_file": &r.MaxFile, "upload.max_total": &r.MaxTotal, "upload.max_unzip": &r.MaxUnzip, "upload.max_ratio": &r.MaxRatio}
	counts := map[string]*int{"upload.max_files": &r.MaxFiles, "upload.max_inside": &r.MaxInside}
	err = tx.All(`SELECT name, value FROM setting WHERE name LIKE 'upload.%' ORDER BY name`, nil, func(rows *sql.Rows) (bad error) {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		switch {
		case sizes[name] != nil:
			*sizes[name], bad = strconv.ParseInt(value, 10, 64)
		case counts[name] != nil:
			*counts[name], bad = strconv.Atoi(value)
		case name == "upload.clamd":
			r.Clamd = value
		case name == "upload.types":
			r.Types, bad = only(r.Types, strings.Fields(value))
		}
		if bad != nil {
			return fmt.Errorf("setting %s: %w", name, bad)
		}
		return nil
	})
	return r, err
}

func only(all []Type, names []string) (some []Type, err error) {
	for _, n := range names {
		found := false
		for _, t := range all {
			if t.Ext == n {
				some, found = append(some, t), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no known kind of file %q", n)
		}
	}
	return some, nil
}

// Accept is what a form's file input may offer: ".pdf,.docx".
func (r Rules) Accept() string {
	all := make([]string, len(r.Types))
	for i, t := range r.Types {
		all[i] = "." + t.Ext
	}
	return strings.Join(all, ",")
}

// Name cleans a file name: the last part of a path, NFC, no control or direction signs
// (which can make "gpj.exe" read as "exe.jpg"), at most 150 letters with its ending.
func Name(name string) string {
	name = strings.ReplaceAll(vntext.NFC(strings.ToValidUTF8(name, "")), `\`, "/")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, path.Base(name))
	name = strings.Trim(name, " .")
	if name == "" || name == "/" {
		return "tep"
	}
	if n := utf8.RuneCountInString(name); n > maxName {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string([]rune(name)[:maxName-len(ext)]) + string(ext)
	}
	return name
}

const maxName = 150

// Check looks at one file and returns its media type. A refusal names the file, says
// what is wrong, and belongs to the form's field "files"; an oversized file is
// fault.TooLarge, everything else fault.Invalid.
func (r Rules) Check(name string, f io.ReaderAt, size int64) (media string, err error) {
	name = Name(name)
	if mark, ok := vntext.SecretMarkInName(name); ok {
		return "", secret(name, "tên tệp", mark)
	}
	if size > r.MaxFile {
		return "", &fault.Refusal{Kind: fault.TooLarge, Field: Field,
			Say: fmt.Sprintf("Tệp %q nặng %s, quá mức %s cho một tệp.", name, Size(size), Size(r.MaxFile))}
	}
	if size == 0 {
		return "", refuse("Tệp %q rỗng.", name)
	}
	t, err := r.kind(name, f, size)
	if err != nil {
		return "", err
	}
	text, err := r.text(t, name, f, size)
	if err != nil {
		return "", err
	}
	if mark, ok := vntext.SecretMark(text); ok {
		return "", secret(name, "nội dung tệp", mark)
	}
	return t.Media, nil
}

// Field is the form field to which refusals of files belong.
const Field = "files"

func refuse(format string, args ...any) error { return fault.Field(Field, format, args...) }

func secret(name, where, mark string) error {
	return refuse("Tệp %q không gửi được: %s có dấu hiệu %q. Văn bản mật đi theo đường riêng, không đưa vào hệ thống này.", name, where, mark)
}

// kind finds the type by the name's ending and refuses a file whose bytes are another.
func (r Rules) kind(name string, f io.ReaderAt, size int64) (t Type, err error) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	for _, k := range r.Types {
		if k.Ext == ext {
			t = k
		}
	}
	if t.Ext == "" {
		return t, refuse("Tệp %q thuộc loại không nhận. Các loại nhận: %s.", name, r.names())
	}
	got, err := mimetype.DetectReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return t, fmt.Errorf("look at %s: %w", name, err)
	}
	if looks(t, got) {
		return t, nil
	}
	return t, refuse("Tệp %q không đúng là %s như đuôi tên nói (bên trong là %s). Anh/chị mở lại tệp gốc và lưu đúng loại.", name, t.Name, got.String())
}

// looks says whether what was found in the bytes can be a file of the type. Packed
// office files may only show as a zip; what they hold is looked at afterwards. Text has
// no form of its own: whatever is plain text may be CSV, and no other text may be.
func looks(t Type, got *mimetype.MIME) bool {
	if got.Is(t.Media) {
		return true
	}
	switch t.Ext {
	case "txt", "csv":
		return got.Is("text/plain") || got.Is("text/csv") || got.Is("text/tab-separated-values")
	case "docx", "xlsx", "pptx":
		return got.Is("application/zip")
	case "doc", "xls":
		return got.Is("application/x-ole-storage")
	}
	return false
}

func (r Rules) names() string {
	all := make([]string, len(r.Types))
	for i, t := range r.Types {
		all[i] = t.Ext
	}
	return strings.Join(all, ", ")
}

// Size writes a number of bytes as people read it: "1,5 MB".
func Size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d byte", n)
	case n < 1<<20:
		return fmt.Sprintf("%d kB", (n+512)>>10)
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/(1<<20)), ".", ",", 1)
}
