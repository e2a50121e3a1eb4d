package audit

import (
	"fmt"
	"strings"
	"time"
)

// A Kind says what was done to the log.
type Kind string

// The kinds of findings.
const (
	Edited     Kind = "edited"      // the entry's bytes are not those that were sealed
	LeafEdited Kind = "leaf-edited" // the entry is as sealed, its row in the log is not
	Dropped    Kind = "dropped"     // a sealed entry is gone
	LeafLost   Kind = "leaf-lost"   // the entry is there, its row in the log is gone
	Moved      Kind = "moved"       // it stands at another position than sealed
	Inserted   Kind = "inserted"    // it was put between sealed entries
	Unlogged   Kind = "unlogged"    // an entry that never left a leaf
	Rewritten  Kind = "rewritten"   // from this position on the log is another one
	RolledBack Kind = "rolled-back" // the log ends before what the witness has seen
	Damaged    Kind = "damaged"     // tiles, root, signature or folder do not fit each other
)

// A Finding is one thing that does not hold.
type Finding struct {
	Kind Kind
	Ref  string // the entry; empty when its name was lost with its row
	Seq  int64  // its sealed position from 0; -1 when it has none
	Say  string // a sentence in Vietnamese
}

// keptFindings bounds a report; More counts the rest.
const keptFindings = 1000

// A Report is what Verify found.
type Report struct {
	Size        int64 // sealed entries
	Pending     int64 // leaves that wait for a position, compared as well
	Entries     int64 // entries the caller has
	Key         string
	OwnKey      bool // no key was given: the server's own was taken
	At          time.Time
	Changes     []Change  // of the signing key, the oldest first
	Witnessed   bool      // a folder from outside was compared
	WitnessSize int64     // entries that the witness folder covers
	WitnessAt   time.Time // of its newest checkpoint
	Findings    []Finding
	More        int64           // findings beyond those kept
	seen        map[string]bool // one finding a leaf and kind
}

// OK says whether nothing was found. Without a witness that means inner consistency
// only.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

// add keeps a finding once: the comparison with the tiles and the one with the
// witness often meet the same thing.
func (r *Report) add(kind Kind, ref string, seq int64, format string, args ...any) {
	id := fmt.Sprintf("%s %s %d", kind, ref, seq)
	if kind == Damaged {
		id += format + fmt.Sprint(args...)
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	if r.seen[id] {
		return
	}
	if len(r.Findings) >= keptFindings {
		r.More++
		return
	}
	r.seen[id] = true
	r.Findings = append(r.Findings, Finding{kind, ref, seq, fmt.Sprintf(format, args...)})
}

// Text writes the report for a person: what was compared with what, what was found,
// and what could not be known.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Nhật ký có %d mục đã đóng dấu, %d mục chờ đóng dấu; hồ sơ có %d mục.\n", r.Size, r.Pending, r.Entries)
	if r.OwnKey {
		b.WriteString("Không có khóa do bên ngoài giữ: đã dùng khóa của chính máy chủ.\n")
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "Khóa ký đã đổi lúc %s, khi sổ có %d mục: từ %s sang %s, khóa cũ đã ký chuyển.\n", clock(c.At), c.Size, c.Old, c.New)
	}
	if r.Witnessed {
		fmt.Fprintf(&b, "Đã so với thư mục chứng: %d mục, điểm chốt mới nhất lúc %s.\n", r.WitnessSize, clock(r.WitnessAt))
		if r.Size > r.WitnessSize {
			fmt.Fprintf(&b, "%d mục sau điểm chốt đó chỉ được kiểm tra sự nhất quán bên trong.\n", r.Size-r.WitnessSize)
		}
	} else {
		b.WriteString("Không có thư mục chứng: chỉ kiểm tra sự nhất quán bên trong. Việc viết lại cả nhật ký bằng khóa của máy chủ, " +
			"hoặc khôi phục một bản sao lưu cũ, không thể phát hiện theo cách này.\n")
	}
	for _, f := range r.Findings {
		b.WriteString("SAI: " + f.Say + "\n")
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "… và %d điểm sai khác.\n", r.More)
	}
	if r.OK() {
		b.WriteString("Không thấy điểm sai nào.\n")
	}
	return b.String()
}

// office is the one zone of the office (Asia/Ho_Chi_Minh), which has no summer time.
var office = time.FixedZone("+07", 7*60*60)

// A time in the report, in the office's time.
func clock(t time.Time) string { return t.In(office).Format("15:04:05 02/01/2006") }
