package tracker

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The columns in which a line may differ from the assignment here.
const (
	DiffersLead    = "lead"
	DiffersContent = "content"
	DiffersDue     = "due"
	DiffersPercent = "percent"
	DiffersState   = "state"
	DiffersResult  = "result"
	DiffersIssued  = "issued_on"
)

// byAct is the act of an assignment by which a column can be made what the sheet says. What a
// paper or a result must bear out - content, state, the result itself - no sheet changes.
var byAct = map[string]string{DiffersDue: "set-date", DiffersLead: "hand", DiffersPercent: "progress"}

// Mark names a difference: what hashes the same is the same difference, on whatever line of
// whatever sheet it comes again.
func (d *Difference) Mark() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{d.Key, d.Ours, d.Theirs}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// keeps reads which differences of an assignment a person has decided to leave.
func (c *comparer) keeps(m *Match) error {
	kept := map[string]bool{}
	// system: hashes of decisions on an assignment that the reader's own list has named
	err := c.tx.All(`SELECT hash FROM tracker_settlement WHERE case_id = $1 AND NOT taken ORDER BY hash`, []any{string(m.Assignment)}, func(r *sql.Rows) error {
		var hash string
		err := r.Scan(&hash)
		kept[hash] = true
		return err
	})
	for i := range m.Differs {
		m.Differs[i].Kept = kept[m.Differs[i].Mark()]
	}
	return err
}

// Open are the differences of a line on which nobody has decided.
func (m *Match) Open() (all []Difference) {
	for _, d := range m.Differs {
		if !d.Kept {
			all = append(all, d)
		}
	}
	return all
}

// Takes are the columns of a line in which the officer may have the assignment follow the
// sheet; its other differences he can only leave as they are, or mend in the sheet.
func Takes(tx *db.Tx, who org.Actor, m *Match) (keys []string, err error) {
	defer fault.Wrap(&err, "what line %d may change", m.Line)
	if m.Assignment == "" || len(m.Differs) == 0 {
		return nil, nil
	}
	a, err := directive.GetAssignment(tx, who, m.Assignment)
	if err != nil {
		return nil, err
	}
	v, err := directive.ViewOf(tx, who, a)
	if err != nil {
		return nil, err
	}
	acts := v.Acts(who)
	for _, d := range m.Open() {
		may := slices.ContainsFunc(acts, func(a directive.Act) bool { return a.Name == byAct[d.Key] })
		if may && (d.Key != DiffersLead || m.Unit != "") {
			keys = append(keys, d.Key)
		}
	}
	return keys, nil
}

// A Decision is what a person decided on one line of a sheet: marks of differences.
type Decision struct {
	Take []string // the assignment follows the sheet
	Keep []string // it stays as it is, and the same difference is not asked again
	Note string   // why; may be empty
}

// Settle settles differences of one line: what the sheet has right goes through the operation
// that changes it, with that operation's own rights and rules, what is kept is set down. All of
// it or nothing; a difference that is no longer there is a fault.Conflict.
func Settle(tx *db.Tx, who org.Actor, e Entry, in Decision) (m *Match, err error) {
	defer fault.Wrap(&err, "settle line %d", e.Line)
	if err := directive.MayTake(tx, who); err != nil {
		return nil, err
	}
	if len(in.Take)+len(in.Keep) == 0 {
		return nil, fault.Refuse(fault.Invalid, "Anh/chị chọn cho ít nhất một điều khác nhau.")
	}
	if m, err = one(tx, who, e); err != nil {
		return nil, err
	}
	if m.Assignment == "" {
		return nil, fault.Refuse(fault.Conflict, "Dòng %d không còn ứng với nhiệm vụ nào trong hệ thống.", e.Line)
	}
	var said []string
	for _, x := range []struct {
		marks []string
		take  bool
	}{{in.Take, true}, {in.Keep, false}} {
		for _, mark := range x.marks {
			say, err := m.decide(tx, who, mark, x.take)
			if err != nil {
				return nil, err
			}
			said = append(said, say)
		}
	}
	c, err := casefile.Lock(tx, who, m.Assignment)
	if err != nil {
		return nil, err
	}
	if in.Note != "" {
		said = append(said, in.Note)
	}
	if _, err := casefile.Record(tx, c, casefile.Event{Kind: "assignment.settled", By: who, Text: strings.Join(said, "\n"),
		Facts: map[string]string{"taken": strconv.Itoa(len(in.Take)), "kept": strconv.Itoa(len(in.Keep))}}); err != nil {
		return nil, err
	}
	return one(tx, who, e)
}

// one compares a single line.
func one(tx *db.Tx, who org.Actor, e Entry) (*Match, error) {
	all, err := Compare(tx, who, []Entry{e})
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

// decide settles one difference and says so in a sentence of the history.
func (m *Match) decide(tx *db.Tx, who org.Actor, mark string, take bool) (say string, err error) {
	at := slices.IndexFunc(m.Differs, func(d Difference) bool { return d.Mark() == mark && !d.Kept })
	if at < 0 {
		return "", fault.Refuse(fault.Conflict, "Hệ thống hoặc bảng đã thay đổi từ lúc anh/chị xem dòng %d; hãy xem lại.", m.Line)
	}
	d := &m.Differs[at]
	outcome := "giữ như hệ thống"
	if take {
		outcome = "lấy theo bảng"
		if err := m.follow(tx, who, d); err != nil {
			return "", err
		}
	}
	d.Kept = true // twice in one request is a conflict
	_, err = tx.Exec(`INSERT INTO tracker_settlement (case_id, hash, taken, officer, settled_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (case_id, hash) DO UPDATE SET taken = excluded.taken, officer = excluded.officer, settled_at = excluded.settled_at`,
		string(m.Assignment), mark, take, string(who.Officer), tx.Now)
	return d.Column + ": hệ thống “" + d.Ours + "”, bảng “" + d.Theirs + "”: " + outcome, err
}

// follow changes the assignment to what the sheet says.
func (m *Match) follow(tx *db.Tx, who org.Actor, d *Difference) (err error) {
	why := "theo bảng theo dõi nhiệm vụ của tỉnh, dòng " + strconv.Itoa(m.Line)
	switch d.Key {
	case DiffersDue:
		if !m.Undated { // a date that stands is moved by an extension, which its unit asks for
			return fault.Refuse(fault.Conflict, "Nhiệm vụ đã có hạn; đổi hạn phải qua đề nghị gia hạn của đơn vị.")
		}
		_, err = directive.SetDate(tx, who, m.Assignment, directive.Ask{Until: m.DueOn.String(), Reason: why})
	case DiffersLead:
		if m.Unit == "" {
			return fault.Refuse(fault.Conflict, "Chưa rõ “%.60s” là đơn vị nào trong hệ thống.", m.Lead)
		}
		_, err = directive.Hand(tx, who, m.Assignment, directive.Handing{To: m.Unit, Reason: why})
	case DiffersPercent:
		percent, bad := strconv.ParseInt(m.Percent, 10, 64)
		if bad != nil {
			return errors.Join(fault.Refuse(fault.Invalid, "Tiến độ “%.20s” ở bảng không phải là số.", m.Percent), bad)
		}
		_, err = directive.Progress(tx, who, m.Assignment, directive.Report{Percent: percent, Text: "Tiến độ " + why})
	default:
		return fault.Refuse(fault.Conflict, "%s không sửa theo bảng được: phải có văn bản, kết quả ở hệ thống.", d.Column)
	}
	return err
}
