// Package upload looks at files before they are kept: is the name fit, is the file of a
// kind we take, is it what its name says, is it small enough also when unpacked, does
// it carry a mark of state secrecy, does the virus scanner object.
//
// A file that passes has shown nothing wrong; nobody here says that it is safe, or that
// it holds no secret: its sender says that. Files that came ahead of their act wait in a
// table (Reserve, Fill, Take), each officer's within bounds, at once or in pieces over a
// poor line (Begin, Receiver); of cases the package knows
// only what a scanner that answers late says of their files (Again).
package upload

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
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

	MaxWaiting  int64         // upload.max_waiting: bytes of an officer that no act took yet; 0: no bound
	MaxDay      int64         // upload.max_day: bytes that an officer sends in a day; 0: no bound
	KeepWaiting time.Duration // upload.keep_waiting: how long a file waits for its act
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
	all, err := setting.Values(tx, "upload.")
	if err != nil {
		return r, err
	}
	n := func(name string) int64 { return setting.Number(all, "upload."+name) }
	r = Rules{MaxFile: n("max_file"), MaxTotal: n("max_total"), MaxFiles: int(n("max_files")), MaxUnzip: n("max_unzip"),
		MaxInside: int(n("max_inside")), MaxRatio: n("max_ratio"), Clamd: all["upload.clamd"],
		MaxWaiting: n("max_waiting"), MaxDay: n("max_day"), KeepWaiting: time.Duration(n("keep_waiting"))}
	if r.Types, err = Known(); err != nil {
		return r, err
	}
	if names := strings.Fields(all["upload.types"]); len(names) > 0 {
		if r.Types, err = only(r.Types, names); err != nil {
			return r, fmt.Errorf("setting upload.types: %w", err)
		}
	}
	return r, nil
}

// Types by their endings; one the program cannot look into is refused in the setting already.
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

// A refusal at the field of files.
func refuse(format string, args ...any) error { return fault.Field(Field, format, args...) }

// Secret is in the error of a file that bears a mark of state secrecy: what came with
// it is then refused whole.
var Secret = errors.New("marked secret")

// A file with a mark of secrecy is refused and not kept, not even to look at it.
func secret(name, where, mark string) error {
	return errors.Join(refuse("Tệp %q không gửi được: %s có dấu hiệu %q. Văn bản mật đi theo đường riêng, không đưa vào hệ thống này.", name, where, mark), Secret)
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

// Endings, for the sentence that refuses another.
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
