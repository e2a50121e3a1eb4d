package campaign_test

import (
	"strings"
	"testing"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// The instants of a campaign stand in their order - collected, explained, held -, and what is
// written afterwards is when the session was truly held.
func TestInstantsOfACampaign(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		n := o.group(t, d, "Nhóm", o.enter(t, d, o.Commune, o.CommuneUnit, "Máy quét hỏng").ID)
		until := o.now(t, d).Until
		plan := func(at time.Time) error {
			return try(d, func(tx *db.Tx) error { _, err := campaign.Plan(tx, o.desk, o.id, at, 0); return err })
		}
		ask := func(by time.Time) error {
			return try(d, func(tx *db.Tx) error {
				_, err := campaign.Ask(tx, o.desk, o.id, campaign.Demand{By: by, Number: "2/UBND", IssuedOn: workday.Of(tx.Now)})
				return err
			})
		}
		move := func(to time.Time) error {
			return try(d, func(tx *db.Tx) error { _, err := campaign.Move(tx, o.desk, o.id, to, 0); return err })
		}
		begin := func(why string) error {
			return try(d, func(tx *db.Tx) error {
				_, err := campaign.Begin(tx, o.desk, o.id, campaign.Opening{Reason: why})
				return err
			})
		}
		at := until.Add(48 * time.Hour)
		for _, tt := range []struct {
			name, field string
			do          func() error
		}{
			{"a session before the collection ends", "at", func() error { return plan(until.Add(-time.Minute)) }},
			{"a session at a second", "at", func() error { return plan(at.Add(time.Second)) }},
			{"planned", "", func() error { return plan(at) }},
			{"explained after the session", "by", func() error { return ask(at.Add(time.Minute)) }},
			{"explained by no hour", "by", func() error { return ask(time.Time{}) }},
			{"explained by a second", "by", func() error { return ask(at.Add(-time.Second)) }},
			{"asked", "", func() error { return ask(until.Add(24 * time.Hour)) }},
			{"a session before the explanation is due", "at", func() error { return plan(until.Add(time.Hour)) }},
			{"collected beyond the session", "until", func() error { return move(at.Add(time.Minute)) }},
			{"collected until no hour", "until", func() error { return move(time.Time{}) }},
		} {
			err := tt.do()
			if r, _ := fault.Sentence(err); err != nil != (tt.field != "") || err != nil && (r == nil || r.Field != tt.field) {
				t.Errorf("%s: %v, want field %q", tt.name, err, tt.field)
			}
		}
		if err := begin("Sớm hơn."); fault.Kind(err) != fault.Conflict {
			t.Errorf("begun while communes may enter: %v", err)
		}
		clock.Set(at.Add(-10 * time.Minute))
		if r, _ := fault.Sentence(begin("")); r == nil || r.Field != "reason" {
			t.Errorf("begun early without a word: %v", r)
		}
		if err := begin("Chủ trì bận từ 15h00."); err != nil {
			t.Fatal(err)
		}
		clock.Set(at.Add(20 * time.Minute))
		for _, step := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error {
				_, err := campaign.Answer(tx, o.desk, o.id, campaign.Reply{Theme: n, Speaker: "Giám đốc", Outcome: petition.Resolved, Text: "Đã cấp."})
				return err
			},
			func(tx *db.Tx) error { _, err := campaign.End(tx, o.desk, o.id, 0); return err },
		} {
			lttest.Update(t, d, step)
		}
		o.wasHeld(t, d, at)
	})
}

// now is the campaign as the Office reads it.
func (o *office) now(t *testing.T, d *db.DB) (c *campaign.Campaign) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) { c, err = campaign.Get(tx, o.desk, o.id); return err })
	return c
}

// wasHeld wants a session that began ten minutes before its hour and ended twenty after it,
// with the plan and the word beside it.
func (o *office) wasHeld(t *testing.T, d *db.DB, at time.Time) {
	t.Helper()
	c := o.now(t, d)
	at = at.In(workday.Office)
	want := "từ " + at.Add(-10*time.Minute).Format("15h04") + " đến " + at.Add(20*time.Minute).Format("15h04") + " ngày " + workday.Of(at).Long()
	if c.Held() != want || !c.At.Equal(at) {
		t.Errorf("held %q, want %q; planned %s", c.Held(), want, c.At)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		events, err := casefile.History(tx, o.desk, o.id, 100)
		for _, e := range events {
			if e.Kind == "campaign.begun" && (e.Text != "Chủ trì bận từ 15h00." || !strings.HasPrefix(e.Facts["planned"], at.UTC().Format("2006-01-02T15:04"))) {
				t.Errorf("begun: %q %v", e.Text, e.Facts)
			}
		}
		return err
	})
}
