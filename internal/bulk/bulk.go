// Package bulk does one act on many items that an officer picked in a list (làm hàng loạt):
// directing (phân công) and urging (đôn đốc).
//
// Each item goes through its own operation in its own transaction, under the officer's
// rights of that moment, and leaves one line: done, or refused and why. Nothing is done
// that the officer could not do one by one, and one refusal holds up nothing. A few items
// are done while he waits, many in the background; whoever is stopped in between goes on
// where it was, and no item is done twice.
package bulk

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/setting"
	"lienthong/internal/vntext"
)

// An Act is what is done to each item.
type Act string

// The acts.
const (
	Direct Act = "direct"
	Urge   Act = "urge"
)

// Says are the acts in Vietnamese, as done to an item.
var Says = map[Act]string{Direct: "Phân công", Urge: "Đôn đốc"}

// AtOnce is how many items are done while their officer waits; more go to the background.
const AtOnce = 20

// In is one act for all items.
type In struct {
	Act   Act
	Cases []casefile.ID
	To    direct.In // for Direct; Unit and Duty are each item's own
	Text  string    // for Urge: the words that each lead gets
}

// A Bulk is one order with how far it is.
type Bulk struct {
	ID            string
	Act           Act
	At            time.Time
	Lines         []Line // in the order they were picked
	Done, Refused int    // refused ones carry their reason
	Open          int    // still to be done
}

// A Line is one item's fate. Code and Title are empty where the reader may no longer see
// the case.
type Line struct {
	Case        casefile.ID
	Code, Title string
	State       string // open, done, refused
	Say         string // why it was refused
}

// What the act needs beside the cases, the same for all of them.
type input struct {
	To   direct.In `json:"to"`
	Text string    `json:"text"`
}

// Start writes an order down; nothing is done yet. A case named twice is one item.
func Start(tx *db.Tx, who org.Actor, in In) (id string, err error) {
	defer fault.Wrap(&err, "start bulk %s", in.Act)
	in.Text = vntext.NFC(strings.TrimSpace(in.Text))
	var cases []casefile.ID
	for _, c := range in.Cases {
		if c != "" && !slices.Contains(cases, c) {
			cases = append(cases, c)
		}
	}
	switch {
	case Says[in.Act] == "":
		return "", fault.Field("act", "Chưa chọn việc cần làm cho các mục đã chọn.")
	case len(cases) == 0:
		return "", fault.Field("case", "Chưa chọn mục nào.")
	case len(cases) > petition.MostPicked:
		return "", fault.Field("case", "Mỗi lần chọn tối đa %d mục; anh/chị chia thành nhiều lần.", petition.MostPicked)
	case in.Act == Urge && vntext.IsBlank(in.Text):
		return "", fault.Field("text", "Hãy ghi nội dung đôn đốc.")
	}
	for field, text := range map[string]string{"text": in.Text, "instruction": in.To.Instruction} {
		if mark, found := vntext.SecretMark(text); found {
			return "", fault.Field(field, "Nội dung có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
		}
	}
	raw, err := json.Marshal(input{in.To, in.Text})
	if err != nil {
		return "", err
	}
	id = tx.NewID()
	if _, err := tx.Exec(`INSERT INTO bulk (id, officer, post, act, input, at, open) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, string(who.Officer), string(who.Post.ID), string(in.Act), string(raw), tx.Now, len(cases)); err != nil {
		return "", err
	}
	for n, c := range cases {
		if _, err := tx.Exec(`INSERT INTO bulk_line (bulk, n, case_id, state, say) VALUES ($1, $2, $3, 'open', '')`, id, n+1, string(c)); err != nil {
			return "", err
		}
	}
	return id, nil
}

// Get returns an order to the officer whose it is, with its lines.
func Get(tx *db.Tx, who org.Actor, id string) (b *Bulk, err error) {
	defer fault.Wrap(&err, "bulk %.30q", id)
	b = &Bulk{ID: id}
	if err := tx.One(`SELECT act, at, open FROM bulk WHERE id = $1 AND officer = $2`, []any{id, string(who.Officer)}, &b.Act, db.Instant(&b.At), &b.Open); err != nil {
		return nil, err
	}
	err = tx.All(`SELECT l.case_id, l.state, l.say, coalesce(c.code, ''), coalesce(c.title, '') FROM bulk_line l
		LEFT JOIN casefile c ON c.id = l.case_id AND c.sealed_at IS NULL AND `+access.Visible("c.id", "$2")+`
		WHERE l.bulk = $1 ORDER BY l.n`, []any{id, who.Reader()}, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.Case, &l.State, &l.Say, &l.Code, &l.Title)
		switch l.State {
		case "done":
			b.Done++
		case "refused":
			b.Refused++
		}
		b.Lines = append(b.Lines, l)
		return err
	})
	return b, err
}

// Do does what is open of an order, item by item. It may be called again, and by many at
// once: each item is done once.
func Do(ctx context.Context, d *db.DB, id string) (err error) {
	defer fault.Wrap(&err, "do bulk %.30q", id)
	var open []int64
	err = d.View(ctx, func(tx *db.Tx) error {
		open = nil
		// system: numbers of lines; each item's operation asks what its officer may do
		return tx.All(`SELECT n FROM bulk_line WHERE bulk = $1 AND state = 'open' ORDER BY n`, []any{id}, func(r *sql.Rows) error {
			var n int64
			err := r.Scan(&n)
			open = append(open, n)
			return err
		})
	})
	for _, n := range open {
		if err == nil {
			err = one(ctx, d, id, n)
		}
	}
	return err
}

// one does an item and its line in one transaction. What the operation refuses is written
// down in another: nothing of the refused item is left.
func one(ctx context.Context, d *db.DB, id string, n int64) error {
	err := d.Update(ctx, func(tx *db.Tx) error {
		if taken, err := end(tx, id, n, "done", ""); err != nil || !taken {
			return err
		}
		if err := act(tx, id, n); err != nil {
			return err
		}
		return forget(tx, id)
	})
	if err == nil || fault.Kind(err) == nil || errors.Is(err, fault.Busy) {
		return err // done, or ours to mend: it stays open
	}
	say := "Không làm được."
	if r, ok := fault.Sentence(err); ok && r.Say != "" {
		say = r.Say
	} else if errors.Is(err, fault.NotFound) {
		say = "Không tìm thấy việc này, hoặc anh/chị không còn được xem."
	}
	return d.Update(ctx, func(tx *db.Tx) error {
		if _, err := end(tx, id, n, "refused", say); err != nil {
			return err
		}
		return forget(tx, id)
	})
}

// forget takes the words off an order whose last line is done: they stand in each case,
// under its own seal.
func forget(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE bulk SET input = '' WHERE id = $1 AND open = 0`, id)
	return err
}

// end closes a line that is open; taken is false when another did.
func end(tx *db.Tx, id string, n int64, state, say string) (taken bool, err error) {
	k, err := tx.Exec(`UPDATE bulk_line SET state = $1, say = $2 WHERE bulk = $3 AND n = $4 AND state = 'open'`, state, say, id, n)
	if err != nil || k == 0 {
		return false, err
	}
	_, err = tx.Exec(`UPDATE bulk SET open = open - 1 WHERE id = $1`, id)
	return true, err
}

// Does one line. Each is its own transaction with the rights of this moment: a refused one is written down
// and the next goes on.
func act(tx *db.Tx, id string, n int64) error {
	var officer, post, what, raw, of string
	if err := tx.One(`SELECT b.officer, b.post, b.act, b.input, l.case_id FROM bulk b JOIN bulk_line l ON l.bulk = b.id WHERE b.id = $1 AND l.n = $2`,
		[]any{id, n}, &officer, &post, &what, &raw, &of); err != nil {
		return err
	}
	var in input
	if err := json.Unmarshal([]byte(raw), &in); err != nil {
		return err
	}
	who, err := org.ActorOf(tx, org.OfficerID(officer))
	if err != nil {
		return err
	}
	for _, p := range who.Posts {
		if string(p.ID) == post {
			who = who.As(p)
		}
	}
	if Act(what) == Urge {
		_, err = petition.Urge(tx, who, casefile.ID(of), petition.Oversight{Text: in.Text})
		return err
	}
	_, err = petition.Direct(tx, who, casefile.ID(of), in.To, 0)
	return err
}

// A Worker does in the background what was left open: long orders, and those whose node
// stopped. Of many nodes one works. Set the fields, then call Run.
type Worker struct {
	DB   *db.DB
	Node string // names this process among all
	// Every is the pause between two looks, Lease how long a silent node keeps the work;
	// zero: as the settings bulk.every and bulk.lease are shipped.
	Every, Lease time.Duration
}

// Run works until ctx ends; what goes wrong is told to report.
func (w *Worker) Run(ctx context.Context, report func(error)) {
	for {
		if err := w.Round(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(cmp.Or(w.Every, setting.Shipped("bulk.every"))):
		}
	}
}

// Round does every open order once.
func (w *Worker) Round(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "bulk")
	var ids []string
	err = w.DB.View(ctx, func(tx *db.Tx) error {
		ids = nil
		return tx.All(`SELECT id FROM bulk WHERE open > 0 ORDER BY at, id LIMIT 100`, nil, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	won, err := w.DB.Lease(ctx, "bulk", w.Node, cmp.Or(w.Lease, setting.Shipped("bulk.lease")))
	if err != nil || !won {
		return err
	}
	for _, id := range ids {
		if e := Do(ctx, w.DB, id); e != nil {
			err = errors.Join(err, e) // the next order is not held up
		}
	}
	return err
}
