package propose

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/second"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
)

// SecondKind is the kind of message by which a text leaves for the second reader.
const SecondKind = "second"

// AskSecond queues the text of a directive for the second reader; the text itself stays
// with the case and is read again when it leaves, so that a seal in between stops it.
func AskSecond(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (d *directive.Directive, err error) {
	c, err := second.Load(tx)
	if err != nil {
		return nil, err
	}
	d, err = directive.AskSecond(tx, who, id, func(text string) (directive.Where, error) {
		return directive.Where{Host: c.Host(), Model: c.Model, Bytes: len(text)}, c.Allowed(text)
	}, seen)
	if err != nil {
		return nil, err
	}
	_, err = outbox.Queue(tx, SecondKind, c.Host(), string(id), []byte(id), tx.Now)
	return d, err
}

// A SecondSender hands texts to the second reader and keeps what comes back.
type SecondSender struct {
	DB  *db.DB
	Key func(tx *db.Tx) (string, error) // opens the sealed key; "" where none is kept
}

// Send asks once: what goes wrong is kept beside the directive in a sentence, and a person
// asks again if he wants to. Nothing is tried again by itself, so that a text never leaves
// oftener than somebody said.
func (s *SecondSender) Send(ctx context.Context, m outbox.Message) error {
	id := casefile.ID(m.Payload)
	var c second.Config
	var text string
	var on time.Time
	err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		c, text, on, err = s.read(tx, id)
		return err
	})
	if errors.Is(err, fault.NotFound) { // sealed or gone meanwhile: nothing leaves
		return nil
	}
	var a second.Answer
	if err == nil {
		slog.InfoContext(ctx, "a text leaves for the second reader", "case", id, "host", c.Host(), "model", c.Model, "bytes", len(text))
		a, err = c.Ask(ctx, text, on)
	}
	failure := ""
	if why, ok := fault.Sentence(err); ok {
		failure = why.Say
	} else if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := From(tx, extract.Document{Tasks: a.Tasks, Date: day(on)})
		if err != nil {
			return err
		}
		return directive.KeepSecond(tx, id, r.Tasks, a.Dropped, failure)
	})
}

// read is what is asked, as it stands now: turned off meanwhile, nothing leaves.
func (s *SecondSender) read(tx *db.Tx, id casefile.ID) (c second.Config, text string, on time.Time, err error) {
	d, err := directive.Get(tx, org.System("second-reader"), id)
	if err != nil {
		return c, "", on, err
	}
	if text, err = directive.TextOf(tx, d); err != nil {
		return c, "", on, err
	}
	if c, err = second.Load(tx); err != nil {
		return c, "", on, err
	}
	if !d.IssuedOn.IsZero() {
		on = d.IssuedOn.Midnight()
	}
	if s.Key != nil {
		c.Key, err = s.Key(tx)
	}
	return c, text, on, err
}

// day is a day as a document has it; nil where there is none.
func day(on time.Time) *string {
	if on.IsZero() {
		return nil
	}
	s := on.Format(time.DateOnly)
	return &s
}
