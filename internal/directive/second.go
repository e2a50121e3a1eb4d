package directive

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The states of a question to the second reader, and of what it proposed.
const (
	SecondAsked  = "asked"
	SecondRead   = "read"
	SecondFailed = "failed"

	SecondProposed = "proposed"
	SecondTaken    = "taken"
	SecondLeft     = "left"
)

// A Second is what a language model, asked as a second reader (người đọc thứ hai), proposed
// for a directive beside the reader's own proposals. It is never part of these: a person
// takes a task over or leaves it.
type Second struct {
	State    string
	AskedBy  org.OfficerID
	AskedAt  time.Time
	EndedAt  time.Time // zero while it is asked
	Host     string    // where the text went
	Model    string
	Dropped  int    // what it proposed in words that the text does not have
	Failure  string // a sentence of the program
	Proposed []SecondTask
}

// A SecondTask is one of its proposals.
type SecondTask struct {
	N     int64
	State string
	Task  Task
}

// A Where says to whom a text goes and how much of it.
type Where struct {
	Host, Model string
	Bytes       int
}

// SecondOf returns the last question about a directive; fault.NotFound where none was
// asked. The caller has the directive from Get.
func SecondOf(tx *db.Tx, id casefile.ID) (s *Second, err error) {
	s = &Second{}
	// system: the caller holds the directive through Get
	err = tx.One(`SELECT state, asked_by, asked_at, ended_at, host, model, dropped, failure FROM directive_second WHERE case_id = $1`, []any{string(id)},
		&s.State, &s.AskedBy, db.Instant(&s.AskedAt), db.Instant(&s.EndedAt), &s.Host, &s.Model, &s.Dropped, &s.Failure)
	if err != nil {
		return nil, err
	}
	// system: the caller holds the directive through Get
	return s, tx.All(`SELECT n, state, body FROM directive_second_task WHERE case_id = $1 ORDER BY n`, []any{string(id)}, func(r *sql.Rows) error {
		var t SecondTask
		var body string
		if err := r.Scan(&t.N, &t.State, &body); err != nil || body == "" { // taken out of reach by a seal
			return err
		}
		s.Proposed = append(s.Proposed, t)
		return json.Unmarshal([]byte(body), &s.Proposed[len(s.Proposed)-1].Task)
	})
}

// AskSecond notes that an officer who may edit the proposals sends the text to the second
// reader, before it leaves: the history says who, where to and how many bytes. One question
// at a time; asking again replaces what was proposed before. It returns the text.
func AskSecond(tx *db.Tx, who org.Actor, id casefile.ID, to func(text string) (Where, error), seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "ask the second reader about %s", id)
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	text, err := TextOf(tx, d)
	if err != nil {
		return nil, err
	}
	w, err := to(text)
	if err != nil {
		return nil, err
	}
	last, err := SecondOf(tx, id)
	if err == nil && last.State == SecondAsked {
		return nil, fault.Refuse(fault.Conflict, "Người đọc thứ hai đang đọc văn bản này.")
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM directive_second_task WHERE case_id = $1`, string(id)); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO directive_second (case_id, state, asked_by, asked_at, host, model) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (case_id) DO UPDATE SET state = $2, asked_by = $3, asked_at = $4, host = $5, model = $6, ended_at = NULL, dropped = 0, failure = ''`,
		string(id), SecondAsked, string(who.Officer), tx.Now, w.Host, w.Model)
	if err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.second_asked", By: who, Facts: casefile.Pairs("host", w.Host, "model", w.Model, "bytes", itoa(int64(w.Bytes)))})
	return d, err
}

// KeepSecond keeps what the second reader proposed, or why it did not: failure is a sentence
// of the program. A question that no longer waits changes nothing.
func KeepSecond(tx *db.Tx, id casefile.ID, tasks []Task, dropped int, failure string) (err error) {
	defer fault.Wrap(&err, "keep what the second reader proposed for %s", id)
	system := org.System("second-reader")
	c, err := casefile.Lock(tx, system, id)
	if err != nil {
		return err
	}
	s, err := SecondOf(tx, id)
	if err != nil || s.State != SecondAsked {
		return err
	}
	state := SecondRead
	if failure != "" {
		state, tasks = SecondFailed, nil
	}
	for i := range tasks[:min(len(tasks), mostTasks)] {
		body, err := json.Marshal(tasks[i])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO directive_second_task (case_id, n, state, body, at) VALUES ($1, $2, $3, $4, $5)`,
			string(id), i+1, SecondProposed, string(body), tx.Now); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE directive_second SET state = $1, ended_at = $2, dropped = $3, failure = $4 WHERE case_id = $5`,
		state, tx.Now, dropped, failure, string(id)); err != nil {
		return err
	}
	_, err = casefile.Record(tx, c, casefile.Event{Kind: "directive.second_read", By: system, Facts: casefile.Pairs("outcome", state, "host", s.Host, "proposed", itoa(int64(len(tasks))), "dropped", itoa(int64(dropped)))})
	return err
}

// TakeSecond puts one of the second reader's tasks among the proposals, as added by the
// officer who took it: from then on it is his, edited and confirmed like any other.
func TakeSecond(tx *db.Tx, who org.Actor, id casefile.ID, n int64, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "take task %d of the second reader for %s", n, id)
	t, err := offered(tx, who, id, n)
	if err != nil {
		return nil, err
	}
	t.Task.Why = []string{"mô hình ngôn ngữ đề xuất, cán bộ đối chiếu và nhận"}
	if d, err = Add(tx, who, id, t.Task, seen); err != nil {
		return nil, err
	}
	return d, markSecond(tx, who, id, n, SecondTaken)
}

// LeaveSecond puts one of the second reader's tasks aside.
func LeaveSecond(tx *db.Tx, who org.Actor, id casefile.ID, n int64, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "leave task %d of the second reader for %s", n, id)
	if _, err := offered(tx, who, id, n); err != nil {
		return nil, err
	}
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	if err := markSecond(tx, who, id, n, SecondLeft); err != nil {
		return nil, err
	}
	return d, d.shaped(tx, who, "second_left", n)
}

// offered is a task that still waits for a person, of a directive that the officer may read.
func offered(tx *db.Tx, who org.Actor, id casefile.ID, n int64) (t SecondTask, err error) {
	if _, err := Get(tx, who, id); err != nil {
		return t, err
	}
	s, err := SecondOf(tx, id)
	if err != nil {
		return t, err
	}
	for _, t := range s.Proposed {
		if t.N == n && t.State == SecondProposed {
			return t, nil
		}
	}
	return t, fault.Refuse(fault.Conflict, "Đề xuất này của người đọc thứ hai không còn; có người đã nhận hoặc bỏ qua.")
}

func markSecond(tx *db.Tx, who org.Actor, id casefile.ID, n int64, state string) error {
	_, err := tx.Exec(`UPDATE directive_second_task SET state = $1, by = $2, at = $3 WHERE case_id = $4 AND n = $5`, state, string(who.Officer), tx.Now, string(id), n)
	return err
}
