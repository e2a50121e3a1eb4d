package signoff

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// An ID names a paper: 26 letters, in the order in which papers were begun.
type ID string

// A State is where a paper stands.
type State string

// The states of a paper. Drafting holds those sent back too (Paper.Returned).
const (
	Drafting  State = "draft"    // đang soạn thảo, hoặc bị trả lại
	Reviewing State = "review"   // chờ xem, cho ý kiến
	Signing   State = "sign"     // chờ ký
	Releasing State = "release"  // chờ vào sổ, phát hành
	Released  State = "released" // đã phát hành
	Dropped   State = "dropped"  // đã bỏ
)

// A Paper (văn bản) is one document of a unit on a case, with its signature and number
// once it has them. The text is a Version.
type Paper struct {
	ID        ID
	Case      casefile.ID
	Kind      string
	Unit      org.UnitID
	Section   org.UnitID // the drafter's; "" above sections
	Title     string
	Guidance  bool // hướng dẫn nghiệp vụ: signed and released, but no numbered document
	State     State
	Path      []org.Step
	Step      int    // from 1 on Path; 0 with its drafter
	Waiting   string // whose turn, in the form of keys; "" when done
	Returned  bool   // sent back, not yet submitted again
	Version   int64  // of the text; what a person saw and sends back as his Version
	DraftedBy org.OfficerID

	Capacity      org.Capacity
	Basis         string // what the capacity rested on at the moment of signing
	Signer        org.OfficerID
	SignerName    string
	SignerTitle   string
	SignedVersion int64         // the version that was signed; 0 before
	SignedOn      workday.Date  // the day on the sheet that was signed by hand; zero for a signature given here
	RecordedBy    org.OfficerID // the clerk who recorded that sheet
	ScanID        string        // its document

	Number    string       // "37"; "" for guidance
	Symbol    string       // số, ký hiệu: "37/STP-HCTP"
	IssuedOn  workday.Date // of the document
	RegisterN int64        // in the unit's own register; 0 when the document system gave the number
	OuterID   string       // id in the province's document system

	CreatedAt  time.Time
	MovedAt    time.Time // since when it waits where it is
	SignedAt   time.Time
	ReleasedAt time.Time

	steps int64
	body  string // of the newest version, where hold read it
}

// Signed says whether a leader's signature stands under the newest version.
func (p *Paper) Signed() bool { return p.SignedVersion != 0 && p.SignedVersion == p.Version }

const paperColumns = `p.id, p.case_id, p.kind, p.unit, p.section, p.title, p.guidance, p.state, p.path, p.step, p.waiting,
	p.returned, p.version, p.steps, p.drafted_by, p.capacity, p.basis, p.signer, p.signer_name, p.signer_title, p.signed_version,
	p.number, p.symbol, p.issued_on, p.register_n, p.outer_id, p.created_at, p.moved_at, p.signed_at, p.released_at, p.signed_on, p.recorded_by, p.scan_id`

// The columns of a paper in their order.
func (p *Paper) scan(r *sql.Rows, more ...any) error {
	var path, issued, signedOn string
	dest := []any{&p.ID, &p.Case, &p.Kind, &p.Unit, &p.Section, &p.Title, &p.Guidance, &p.State, &path, &p.Step, &p.Waiting,
		&p.Returned, &p.Version, &p.steps, &p.DraftedBy, &p.Capacity, &p.Basis, &p.Signer, &p.SignerName, &p.SignerTitle, &p.SignedVersion,
		&p.Number, &p.Symbol, &issued, &p.RegisterN, &p.OuterID, db.Instant(&p.CreatedAt), db.Instant(&p.MovedAt),
		db.Instant(&p.SignedAt), db.Instant(&p.ReleasedAt), &signedOn, &p.RecordedBy, &p.ScanID}
	if err := r.Scan(append(dest, more...)...); err != nil {
		return err
	}
	for _, day := range []struct {
		text string
		to   *workday.Date
	}{{issued, &p.IssuedOn}, {signedOn, &p.SignedOn}} {
		if day.text == "" {
			continue
		}
		var err error
		if *day.to, err = workday.ParseDate(day.text); err != nil {
			return err
		}
	}
	return json.Unmarshal([]byte(path), &p.Path)
}

// readable is the condition under which who reads papers of the table p: he may read
// the case, and the paper is released or of a unit in which he holds a post. Drafts are
// read by post, not by membership: an overseer or the Chairman reads what was released. A
// closed paper is read, released or not, only in its unit and in those it was opened to.
// Its placeholders begin at $first.
func readable(who org.Actor, caseID string, first int) (cond string, args []any) {
	if who.System != "" {
		return `TRUE`, nil
	}
	args = []any{who.Reader()}
	visible := access.Visible(caseID, placeholder(first))
	var units []string
	for _, post := range who.Posts {
		if who.In(post.Unit) && !slices.Contains(args[1:], any(string(post.Unit))) {
			args = append(args, string(post.Unit))
			units = append(units, placeholder(first+len(args)-1))
		}
	}
	if len(units) == 0 {
		return visible + ` AND p.state = 'released' AND NOT p.closed`, args
	}
	his := strings.Join(units, ", ")
	// system: of a paper whose case access.Visible has been asked for
	opened := `EXISTS (SELECT 1 FROM paper_reader o WHERE o.paper = p.id AND o.unit IN (` + his + `))`
	return visible + ` AND (p.unit IN (` + his + `) OR p.state = 'released' AND (NOT p.closed OR ` + opened + `))`, args
}

// Get returns a paper, or fault.NotFound when it does not exist or who may not read it.
func Get(tx *db.Tx, who org.Actor, id ID) (p *Paper, err error) {
	defer fault.Wrap(&err, "paper %s", id)
	cond, args := readable(who, "p.case_id", 2)
	return one(tx, `SELECT `+paperColumns+` FROM paper p WHERE p.id = $1 AND `+cond, append([]any{string(id)}, args...))
}

// The one paper of a query, or not found.
func one(tx *db.Tx, query string, args []any) (p *Paper, err error) {
	err = tx.All(query, args, func(r *sql.Rows) error {
		p = new(Paper)
		return p.scan(r)
	})
	if err == nil && p == nil {
		err = fault.NotFound
	}
	return p, err
}

// OfCase returns the papers of a case that who may read, in the order they were begun,
// dropped ones left out; at most 200.
func OfCase(tx *db.Tx, who org.Actor, id casefile.ID) (all []*Paper, err error) {
	defer fault.Wrap(&err, "papers of %s", id)
	cond, args := readable(who, "p.case_id", 2)
	err = tx.All(`SELECT `+paperColumns+` FROM paper p WHERE p.case_id = $1 AND p.state <> 'dropped' AND `+cond+` ORDER BY p.id LIMIT 200`,
		append([]any{string(id)}, args...), func(r *sql.Rows) error {
			p := new(Paper)
			all = append(all, p)
			return p.scan(r)
		})
	return all, err
}

// hold locks the paper's case for this transaction and reads the paper under that lock.
// Steps inside a unit lock quietly: they show the other parties of the case nothing new,
// and must not make what those have open look changed.
func hold(tx *db.Tx, who org.Actor, id ID, lock locking) (p *Paper, c *casefile.Case, err error) {
	return holdAfter(tx, who, id, lock, func(*db.Tx, ID, string) error { return nil })
}

// How a paper's case is locked: with a new version for its parties, or quietly.
type locking func(*db.Tx, org.Actor, casefile.ID) (*casefile.Case, error)

// holdAfter is hold behind what must be held before the paper's own case; others gets the
// paper's kind.
func holdAfter(tx *db.Tx, who org.Actor, id ID, lock locking, others func(*db.Tx, ID, string) error) (p *Paper, c *casefile.Case, err error) {
	var of casefile.ID
	var kind string
	// system: the case's lock below is what decides whether who may read
	if err := tx.One(`SELECT p.case_id, p.kind FROM paper p WHERE p.id = $1`, []any{string(id)}, &of, &kind); err != nil {
		return nil, nil, err
	}
	if err := others(tx, id, kind); err != nil {
		return nil, nil, err
	}
	if c, err = lock(tx, who, of); err != nil {
		return nil, nil, err
	}
	// system: read under the lock; belongs says below who may
	err = tx.All(`SELECT `+paperColumns+`, v.body FROM paper p JOIN paper_version v ON v.paper = p.id AND v.v = p.version WHERE p.id = $1`,
		[]any{string(id)}, func(r *sql.Rows) error {
			p = new(Paper)
			return p.scan(r, &p.body)
		})
	if err == nil && p == nil {
		err = fault.NotFound
	}
	return p, c, err
}

// belongs hides a paper that is not released from all but its unit's people.
func (p *Paper) belongs(who org.Actor) error {
	if p.State != Released && who.System == "" && !who.In(p.Unit) {
		return fault.NotFound
	}
	return nil
}

// The row of a new paper; its path is kept in it, since a unit may change its path while the paper is
// under way.
func (p *Paper) insert(tx *db.Tx) error {
	path, err := json.Marshal(p.Path)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO paper (id, case_id, kind, unit, section, title, guidance, state, path, step, waiting, returned, version, steps,
			drafted_by, created_at, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, $12, $13, $14, $15, $15)`,
		string(p.ID), string(p.Case), p.Kind, string(p.Unit), string(p.Section), p.Title, p.Guidance, string(p.State), string(path),
		p.Step, p.Waiting, p.Version, p.steps, string(p.DraftedBy), tx.Now)
	return err
}

// Writes a paper under the version it was read at.
func (p *Paper) save(tx *db.Tx) error {
	path, err := json.Marshal(p.Path)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE paper SET section = $2, title = $3, guidance = $4, state = $5, path = $6, step = $7, waiting = $8, returned = $9,
			version = $10, steps = $11, drafted_by = $12, capacity = $13, basis = $14, signer = $15, signer_name = $16,
			signer_title = $17, signed_version = $18, number = $19, symbol = $20, issued_on = $21, register_n = $22, outer_id = $23,
			moved_at = $24, signed_at = $25, released_at = $26, signed_on = $27, recorded_by = $28, scan_id = $29
		WHERE id = $1`,
		string(p.ID), string(p.Section), p.Title, p.Guidance, string(p.State), string(path), p.Step, p.Waiting, p.Returned,
		p.Version, p.steps, string(p.DraftedBy), string(p.Capacity), p.Basis, string(p.Signer), p.SignerName,
		p.SignerTitle, p.SignedVersion, p.Number, p.Symbol, p.IssuedOn.String(), p.RegisterN, p.OuterID,
		p.MovedAt, p.SignedAt, p.ReleasedAt, p.SignedOn.String(), string(p.RecordedBy), p.ScanID)
	if err == nil && n != 1 {
		err = fault.NotFound
	}
	tx.Touch(string(p.Unit))
	return err
}
