package signoff

import (
	"database/sql"
	"time"
	"unicode/utf8"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Version is one text of a paper, with who wrote it. The reviewer who edits a draft
// leaves a version of his own; the drafter's stays.
type Version struct {
	V     int64 // from 1
	Title string
	Body  string // the slice's own form
	By    org.OfficerID
	At    time.Time
	Note  string
}

// Stale is the fault.Conflict of somebody who acted on a text that has been changed
// since he saw it: his own and the newest, for the page to show side by side. For an act
// that sends no text (sign, release) Mine is the version he saw.
type Stale struct{ Mine, Theirs Version }

// Error says it as the officer reads it.
func (s *Stale) Error() string { return s.Unwrap().Error() }

// Unwrap gives the refusal and its kind.
func (s *Stale) Unwrap() error {
	return &fault.Refusal{Kind: fault.Conflict, Field: fault.Seen, Say: "Văn bản vừa được sửa sau khi anh/chị mở trang. Hãy xem hai bản rồi gửi lại; nội dung đã nhập vẫn được giữ."}
}

// Newest returns the newest text of a paper that the caller has from Get.
func (p *Paper) Newest(tx *db.Tx) (Version, error) { return version(tx, p.ID, p.Version) }

// One version of a paper's text.
func version(tx *db.Tx, id ID, v int64) (x Version, err error) {
	// system: the caller holds the paper
	err = tx.One(`SELECT v, title, body, by, at, note FROM paper_version WHERE paper = $1 AND v = $2`, []any{string(id), v},
		&x.V, &x.Title, &x.Body, &x.By, db.Instant(&x.At), &x.Note)
	return x, err
}

// Versions returns every text of a paper that who may read, the oldest first.
func Versions(tx *db.Tx, who org.Actor, id ID) (all []Version, err error) {
	defer fault.Wrap(&err, "versions of paper %s", id)
	if err := ownHistory(tx, who, id); err != nil {
		return nil, err
	}
	// system: Get above decided
	err = tx.All(`SELECT v, title, body, by, at, note FROM paper_version WHERE paper = $1 ORDER BY v LIMIT 1000`, []any{string(id)},
		func(r *sql.Rows) error {
			var x Version
			err := r.Scan(&x.V, &x.Title, &x.Body, &x.By, db.Instant(&x.At), &x.Note)
			all = append(all, x)
			return err
		})
	return all, err
}

// A Mark is one line of a paper's own history: who did which step to which version.
type Mark struct {
	N       int64
	What    string // "submitted"; Done says it in Vietnamese
	By      org.OfficerID
	Post    org.PostID
	At      time.Time
	Version int64
	Comment string // remark, or the reason it was sent back for
}

// Marks returns what was done to a paper, the oldest first, to the people of its unit.
func Marks(tx *db.Tx, who org.Actor, id ID) (all []Mark, err error) {
	defer fault.Wrap(&err, "steps of paper %s", id)
	if err := ownHistory(tx, who, id); err != nil {
		return nil, err
	}
	// system: ownHistory above decided
	err = tx.All(`SELECT n, what, by, post, at, version, comment FROM paper_step WHERE paper = $1 ORDER BY n LIMIT 1000`, []any{string(id)},
		func(r *sql.Rows) error {
			var m Mark
			err := r.Scan(&m.N, &m.What, &m.By, &m.Post, db.Instant(&m.At), &m.Version, &m.Comment)
			all = append(all, m)
			return err
		})
	return all, err
}

// ownHistory lets only the unit's own people see drafts and remarks, also once the
// paper is released and others read its final text.
func ownHistory(tx *db.Tx, who org.Actor, id ID) error {
	p, err := Get(tx, who, id)
	if err == nil && who.System == "" && !who.In(p.Unit) {
		err = fault.NotFound
	}
	return err
}

// The steps a paper's history knows.
const (
	drafted   = "drafted"
	submitted = "submitted"
	reviewed  = "reviewed"
	sentBack  = "sent back"
	recalled  = "recalled"
	handed    = "handed"
	signed    = "signed"
	released  = "released"
	dropped   = "dropped"
	refiled   = "files"
	onPaper   = "on_paper"
)

// remark refuses what people write beside a paper when it is too long or bears a mark of
// state secrecy: a reason is as much a text of the system as the paper is.
func remark(field, text string) error {
	if utf8.RuneCountInString(text) > longestRemark {
		return fault.Field(field, "Ý kiến dài quá %d chữ; hãy đưa phần dài vào văn bản.", longestRemark)
	}
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
	}
	return nil
}

// mark adds a line to the paper's history; the caller saves the paper afterwards.
func (p *Paper) mark(tx *db.Tx, who org.Actor, what, comment string) error {
	if err := remark("comment", comment); err != nil {
		return err
	}
	p.steps++
	_, err := tx.Exec(`INSERT INTO paper_step (paper, n, what, by, post, at, version, comment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(p.ID), p.steps, what, string(who.Officer), string(who.Post.ID), tx.Now, p.Version, comment)
	return err
}

// What the last step on the way was.
func (p *Paper) lastMark(tx *db.Tx) (what string, err error) {
	// system: the caller holds the paper
	err = tx.One(`SELECT what FROM paper_step WHERE paper = $1 AND n = $2`, []any{string(p.ID), p.steps}, &what)
	return what, err
}

// write adds a version to the paper; the caller saves the paper afterwards.
func (p *Paper) write(tx *db.Tx, who org.Actor, title, body, note string) error {
	if err := remark("note", note); err != nil {
		return err
	}
	p.Version++
	p.Title, p.body = title, body
	_, err := tx.Exec(`INSERT INTO paper_version (paper, v, title, body, by, at, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		string(p.ID), p.Version, title, body, string(who.Officer), tx.Now, note)
	return err
}

// seen refuses an act on a text that changed since the actor saw it. A seen version of
// 0 asks for no check (the JSON face without If-Match). mine is the text he sends; nil
// when he sends none.
func (p *Paper) seen(tx *db.Tx, who org.Actor, seen int64, mine *Version) error {
	if seen == 0 || seen == p.Version {
		return nil
	}
	theirs, err := p.Newest(tx)
	if err != nil {
		return err
	}
	s := &Stale{Theirs: theirs}
	if mine != nil {
		s.Mine = *mine
		s.Mine.By, s.Mine.At = who.Officer, tx.Now
	} else if s.Mine, err = version(tx, p.ID, seen); err != nil {
		return fault.Refuse(fault.Invalid, "Không có bản thứ %d của văn bản này.", seen)
	}
	return s
}

// record tells the case's history of a step, to the unit's own people only: what is
// not released yet is nobody else's business.
func (p *Paper) record(tx *db.Tx, c *casefile.Case, who org.Actor, what, text string) error {
	kind := map[string]string{sentBack: "paper.sent_back"}[what]
	if kind == "" {
		kind = "paper." + what
	}
	_, err := casefile.Record(tx, c, casefile.Event{
		By: who, Kind: kind, OccurredAt: tx.Now, Audience: org.OfUnit(p.Unit), Text: text,
		Facts: map[string]string{"paper": string(p.ID), "kind": p.Kind, "version": itoa(p.Version)},
	})
	return err
}
