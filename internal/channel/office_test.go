package channel

import (
	"context"
	"errors"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
)

var ctx = context.Background()

// secretTitle is what no message outside may ever hold.
const secretTitle = "Ông Nguyễn Văn Mật xin cấp lại giấy"

// An office under test: one case of the department, due after five working days.
type testOffice struct {
	t     *testing.T
	d     *db.DB
	clock *lttest.Clock
	id    casefile.ID
	code  string
}

func newOffice(t *testing.T, d *db.DB, clock *lttest.Clock) *testOffice {
	t.Helper()
	lttest.Office(t, d)
	o := &testOffice{t: t, d: d, clock: clock}
	o.update(func(tx *db.Tx) error {
		if err := duty.SeedCalendar(tx); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE officer SET email = id || '@so.example'`)
		return err
	})
	o.update(func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: secretTitle, Lead: lttest.Department})
		if err != nil {
			return err
		}
		o.id, o.code = c.ID, c.Code
		if err := casefile.Join(tx, c.ID, casefile.Party{Unit: lttest.Department, Function: access.Lead}); err != nil {
			return err
		}
		_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: c.ID, Rule: "petition.answer", Owner: lttest.Department, Round: 1},
			Limits: []duty.Limit{{Basis: "thử", Text: "5wd", From: tx.Now}}})
		return err
	})
	return o
}

func (o *testOffice) update(fn func(tx *db.Tx) error) {
	o.t.Helper()
	lttest.Update(o.t, o.d, fn)
}

func (o *testOffice) set(name, value string) {
	o.t.Helper()
	o.update(func(tx *db.Tx) error { return setting.Set(tx, "test", name, value, "thử") })
}

func (o *testOffice) tell(notes ...notice.Note) {
	o.t.Helper()
	o.update(func(tx *db.Tx) error {
		for i := range notes {
			notes[i].Case = o.id
		}
		return notice.Tell(tx, notes...)
	})
}

func (o *testOffice) choose(who org.OfficerID, c Choice) {
	o.t.Helper()
	actor := lttest.Who(o.t, o.d, who)
	o.update(func(tx *db.Tx) error { return Choose(tx, actor, c) })
}

// atOnce is mail at any hour.
func atOnce() Choice {
	return Choice{Mail: true, DigestAt: Never, QuietFrom: Never, QuietTo: Never, Hours: "no"}
}

// step spreads everything that is fresh or due.
func (o *testOffice) step() {
	o.t.Helper()
	s := &Spreader{DB: o.d, Node: "test"}
	for n := 1; n > 0; {
		var err error
		if n, err = s.Step(ctx); err != nil {
			o.t.Fatal(err)
		}
	}
}

// waiting counts what waits for its hour, and what is in the outbox.
func (o *testOffice) waiting() (items, messages int) {
	o.t.Helper()
	lttest.View(o.t, o.d, func(tx *db.Tx) error {
		return errors.Join(tx.One(`SELECT count(*) FROM channel_item`, nil, &items),
			tx.One(`SELECT count(*) FROM outbox WHERE state = 'waiting'`, nil, &messages))
	})
	return items, messages
}

// carry hands over everything that is due and fails the test on trouble of the store.
func (o *testOffice) carry(c *outbox.Carrier) {
	o.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = c.Deliver(ctx); err != nil {
			o.t.Fatal(err)
		}
	}
}

// states are the messages of the outbox by state.
func (o *testOffice) message() (m *outbox.Message) {
	o.t.Helper()
	lttest.View(o.t, o.d, func(tx *db.Tx) error {
		var id outbox.ID
		if err := tx.One(`SELECT id FROM outbox ORDER BY id DESC LIMIT 1`, nil, &id); err != nil {
			return err
		}
		var err error
		m, err = outbox.Get(tx, id)
		return err
	})
	return m
}

func refusedAs(t *testing.T, err, kind error) {
	t.Helper()
	if r, ok := fault.Sentence(err); !errors.Is(err, kind) || !ok || r.Say == "" {
		t.Errorf("%v, want %v with a sentence", err, kind)
	}
}

// at is an instant of the office on 10 February 2026.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04 -0700", "2026-02-10 "+clock+" +0700")
	if err != nil {
		panic(err)
	}
	return t
}
