package channel

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
	"lienthong/internal/workday"
)

// The kinds of message that this package puts into the outbox.
const (
	MailKind = "mail" // to an officer: Target is his id
	HookKind = "hook" // to a hook: Target is its id
)

const (
	wayMail = "mail"
	wayHook = "hook"

	spreadBatch = 100 // notices a step: one update of at most a few hundred short rows
	dueBatch    = 50  // receivers a step
	mostInMail  = 60  // notices of one mail; the rest is counted
)

// A Spreader takes fresh notices to those who want them outside, each at its hour.
type Spreader struct {
	DB   *db.DB
	Node string // in leases
	Wake func() // makes the outbox look at once; nil: it looks by itself
	// Every is the pause between two looks, Lease how long a silent node keeps the work;
	// zero: as the settings notice.spread_every and notice.spread_lease are shipped.
	Every, Lease time.Duration
}

// Run spreads until ctx ends, on the one node that holds the lease.
func (s *Spreader) Run(ctx context.Context, report func(error)) {
	every, lease := cmp.Or(s.Every, setting.Shipped("notice.spread_every")), cmp.Or(s.Lease, setting.Shipped("notice.spread_lease"))
	for ctx.Err() == nil {
		held, err := s.DB.Lease(ctx, "channel.spread", s.Node, lease)
		for n := 1; err == nil && held && n > 0; {
			n, err = s.Step(ctx)
		}
		report(err)
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
	}
}

// Step looks at one batch of fresh notices and sends off what is due; it returns how
// many of both there were.
func (s *Spreader) Step(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "spread notices")
	fresh, err := s.look(ctx)
	if err != nil {
		return fresh, err
	}
	sent, err := s.sendOff(ctx)
	if sent > 0 && s.Wake != nil {
		s.Wake()
	}
	return fresh + sent, err
}

// An item is one notice that leaves by one way at an hour.
type item struct {
	way, target, notice string
	of                  org.OfficerID
	dueAt               time.Time // quiet hours and office hours moved it here
}

// look writes down where a batch of fresh notices goes. What it writes and that it has
// looked are one transaction; two nodes at once write the same rows.
func (s *Spreader) look(ctx context.Context) (n int, err error) {
	var ids []string
	var items []item
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		ids, items = nil, nil
		notes, err := notice.Fresh(tx, spreadBatch)
		if err != nil || len(notes) == 0 {
			return err
		}
		p, err := newPlan(tx)
		if err != nil {
			return err
		}
		for _, note := range notes {
			ids = append(ids, note.ID)
			if err := p.add(note); err != nil {
				return err
			}
		}
		items = p.items
		return nil
	})
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.DB.Update(ctx, func(tx *db.Tx) error {
		for _, i := range items {
			if err := i.insert(tx); err != nil {
				return err
			}
		}
		return notice.Looked(tx, ids)
	})
}

// A repeated spread queues nothing twice: the primary key holds who is told what, which way.
func (i item) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO channel_item (way, target, notice, of, due_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		i.way, i.target, i.notice, string(i.of), i.dueAt)
	return err
}

// A plan gathers the items of a batch; what it reads it reads once.
type plan struct {
	tx      *db.Tx
	rev     workday.Revision       // whose hours hold letters back
	always  bool                   // mail about what must be done goes to everybody
	mailing bool                   // there is a mail server
	wants   map[org.OfficerID]bool // chose mail
	choices map[org.OfficerID]Choice
	hooks   map[org.UnitID][]Hook
	items   []item
}

// What is known while one round is spread, each read once: a round may tell hundreds.
func newPlan(tx *db.Tx) (p *plan, err error) {
	p = &plan{tx: tx, wants: map[org.OfficerID]bool{}, choices: map[org.OfficerID]Choice{}, hooks: map[org.UnitID][]Hook{}}
	if p.always, err = always(tx); err != nil {
		return nil, err
	}
	mail, err := setting.Values(tx, "mail.")
	if err != nil {
		return nil, err
	}
	p.mailing = mail["mail.server"] != ""
	if err := tx.All(`SELECT officer FROM channel_choice WHERE mail`, nil, func(r *sql.Rows) error {
		var o org.OfficerID
		err := r.Scan(&o)
		p.wants[o] = true
		return err
	}); err != nil {
		return nil, err
	}
	hooks, err := standing(tx, Lines)
	if err != nil {
		return nil, err
	}
	for _, h := range hooks {
		p.hooks[h.Unit] = append(p.hooks[h.Unit], h)
	}
	_, p.rev, err = duty.Calendar(tx)
	return p, err
}

// add plans one notice: mail to the officers it is for, and the unit's gateways.
func (p *plan) add(n notice.Note) error {
	if p.mailing {
		people, err := told(p.tx, n)
		if err != nil {
			return err
		}
		for _, o := range people {
			if err := p.mail(o, n); err != nil {
				return err
			}
		}
	}
	for _, h := range p.hooks[n.Unit] {
		if h.takes(n.Kind) && n.At.After(h.MadeAt) {
			c := Choice{DigestAt: Never, QuietFrom: Never, QuietTo: Never}
			hours, err := setting.Values(p.tx, "notice.office_hours")
			if err != nil {
				return err
			}
			c.OfficeHours = hours["notice.office_hours"] == "true"
			p.items = append(p.items, item{wayHook, string(h.ID), n.ID, "", c.When(p.rev, n.NotBefore, KindOf(n.Kind).Urgent)})
		}
	}
	return nil
}

// told are the officers whom a notice is for: the one it names, or those of the unit's
// posts. An administrator keeps the system and has no part in the matters.
func told(tx *db.Tx, n notice.Note) (all []org.Officer, err error) {
	if n.Officer != "" {
		o, err := org.OfficerOf(tx, n.Officer)
		return []org.Officer{o}, err
	}
	held, err := org.Officers(tx, n.Unit)
	seen := map[org.OfficerID]bool{}
	for _, h := range held {
		if h.Post.Role == org.Admin || n.Role != "" && h.Post.Role != n.Role || seen[h.Officer.ID] {
			continue
		}
		seen[h.Officer.ID] = true
		all = append(all, h.Officer)
	}
	return all, err
}

// mail plans the mail to one officer, or to who does his work while he is away.
func (p *plan) mail(o org.Officer, n notice.Note) error {
	to, err := org.StandIn(p.tx, o.ID)
	if err != nil {
		return err
	}
	i, ok, err := p.mailTo(to, o.ID, n.ID, n.Kind, n.NotBefore)
	if ok {
		p.items = append(p.items, i)
	}
	return err
}

// mailTo plans one mail; ok is false for who does not want it. What goes to a stand-in
// goes by his own choice and hours.
func (p *plan) mailTo(to, of org.OfficerID, note, kind string, at time.Time) (i item, ok bool, err error) {
	if !p.always && !p.wants[to] {
		return i, false, nil
	}
	c, known := p.choices[to]
	if !known {
		if c, err = ChoiceOf(p.tx, to); err != nil {
			return i, false, err
		}
		p.choices[to] = c
	}
	k := KindOf(kind)
	return item{wayMail, string(to), note, of, c.When(p.rev, at, k.Urgent)}, c.Wants(k, p.always), nil
}

// A letter is what a message of the outbox holds: ids, no text.
type letter struct {
	Of      org.OfficerID `json:"of,omitempty"` // whom the notices were told, where another stands in; "" of several
	Notices []string      `json:"notices,omitempty"`
	Case    string        `json:"case,omitempty"` // of an event
	N       int64         `json:"n,omitempty"`    // of the event, for receivers of events
	Test    bool          `json:"test,omitempty"` // of a trial message
}

// sendOff puts what is due into the outbox, all that is due for one receiver together.
func (s *Spreader) sendOff(ctx context.Context) (n int, err error) {
	var due []item
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		due = nil
		return tx.All(`SELECT way, target, min(due_at) AS first FROM channel_item WHERE due_at <= $1 GROUP BY way, target ORDER BY first LIMIT $2`,
			[]any{tx.Now, dueBatch}, func(r *sql.Rows) error {
				var i item
				err := r.Scan(&i.way, &i.target, db.Instant(&i.dueAt))
				due = append(due, i)
				return err
			})
	})
	for _, one := range due {
		if err == nil {
			err = s.DB.Update(ctx, func(tx *db.Tx) error { return release(tx, one.way, one.target) })
			n++
		}
	}
	return n, err
}

// release takes what is due for one receiver out of the waiting rows and queues it: both
// in one transaction, so that a killed process neither loses nor doubles a notice.
func release(tx *db.Tx, way, target string) error {
	var all []item
	err := tx.All(`DELETE FROM channel_item WHERE way = $1 AND target = $2 AND due_at <= $3 RETURNING notice, of, due_at`,
		[]any{way, target, tx.Now}, func(r *sql.Rows) error {
			i := item{way: way, target: target}
			err := r.Scan(&i.notice, &i.of, db.Instant(&i.dueAt))
			all = append(all, i)
			return err
		})
	if err != nil || len(all) == 0 {
		return err
	}
	if way == wayHook {
		for _, i := range all {
			if err := put(tx, HookKind, target, "", letter{Notices: []string{i.notice}}); err != nil {
				return err
			}
		}
		return nil
	}
	moved, err := handOn(tx, org.OfficerID(target), all)
	if err != nil || moved {
		return err
	}
	byOf := map[org.OfficerID][]string{}
	var order []org.OfficerID
	for _, i := range all {
		if byOf[i.of] == nil {
			order = append(order, i.of)
		}
		byOf[i.of] = append(byOf[i.of], i.notice)
	}
	for _, of := range order {
		if err := put(tx, MailKind, target, "", letter{Of: of, Notices: byOf[of]}); err != nil {
			return err
		}
	}
	return nil
}

// handOn gives what is due for an officer who has gone away meanwhile to who does his
// work, at the hours of that one.
func handOn(tx *db.Tx, target org.OfficerID, all []item) (moved bool, err error) {
	by, err := org.StandIn(tx, target)
	if err != nil || by == target {
		return false, err
	}
	p, err := newPlan(tx)
	if err != nil {
		return false, err
	}
	for _, i := range all {
		kind := ""
		// system: the kind alone, for the stand-in's choice
		if err := tx.All(`SELECT kind FROM notice WHERE id = $1`, []any{i.notice}, func(r *sql.Rows) error { return r.Scan(&kind) }); err != nil {
			return false, err
		}
		next, ok, err := p.mailTo(by, i.of, i.notice, kind, tx.Now)
		if err == nil && ok {
			err = next.insert(tx)
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// Hands a letter to the outbox in the same transaction in which it is marked as on its way.
func put(tx *db.Tx, kind, target, about string, l letter) error {
	raw, err := json.Marshal(l)
	if err == nil {
		_, err = outbox.Queue(tx, kind, target, about, raw, tx.Now)
	}
	return err
}
