package programme

import (
	"errors"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// A Shift puts an item elsewhere.
type Shift struct {
	Place     string
	FromHour  string
	UntilHour string
	Venue     string
	Reason    string // required to leave the place
	Version   int64
}

// Move puts an item elsewhere. Inside its place it is only scheduled: a thing of May may be
// put into a week of May by whoever works on it. To leave the place is asked with a reason
// and waits for whoever decides about the programme; asked by that person himself it is
// decided in the same act. The old place is kept.
func Move(tx *db.Tx, who org.Actor, id casefile.ID, in Shift) (x *Item, err error) {
	defer fault.Wrap(&err, "move %s", id)
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if x.State != Planned {
		return nil, fault.Refuse(fault.Conflict, "Chỉ dời việc đang ở trong chương trình.")
	}
	h, err := keeping(tx)
	if err != nil {
		return nil, err
	}
	facts := h.facts(x)
	if who, err = access.Pick(who, actWork, facts); err != nil {
		return nil, err
	}
	to, err := placeTyped(in.Place, in.FromHour)
	if err != nil {
		return nil, err
	}
	if x.Place.narrower(to) {
		return x, x.schedule(tx, who, to, in)
	}
	n, err := x.askMove(tx, who, to, in)
	if err != nil {
		return nil, err
	}
	if as, err := access.Pick(who, actDecide, facts); err == nil {
		return x, x.moved(tx, as, n, "")
	}
	to2 := h.keeper
	if x.Unit != h.of {
		to2 = x.Unit
	}
	return x, notice.Tell(tx, notice.Note{Unit: to2, Role: org.Leader, Case: x.ID, Kind: "programme.move_asked"})
}

// schedule narrows the place, or sets hours and venue.
func (x *Item) schedule(tx *db.Tx, who org.Actor, to Place, in Shift) (err error) {
	old := x.Place.String()
	if x.FromHour, x.UntilHour, err = hours(in.FromHour, in.UntilHour); err != nil {
		return err
	}
	venue, err := typed("venue", in.Venue, "", longestVenue)
	if err != nil {
		return err
	}
	if venue != "" {
		x.Venue = venue
	}
	x.Place = to
	if _, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.scheduled", By: who,
		Facts: map[string]string{"from": old, "to": to.String(), "hour": x.FromHour}}); err != nil {
		return err
	}
	return x.saved(tx)
}

// askMove records the wish to leave a place. One waits at a time.
func (x *Item) askMove(tx *db.Tx, who org.Actor, to Place, in Shift) (n int64, err error) {
	if in.Reason, err = typed("reason", in.Reason, "Hãy nêu lý do dời việc này.", longestText); err != nil {
		return 0, err
	}
	if _, err := x.waiting(tx); !errors.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.Refuse(fault.Conflict, "Đã có đề nghị dời việc này, đang chờ quyết định.")
		}
		return 0, err
	}
	asked, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.move_asked", By: who, Text: in.Reason,
		Facts: map[string]string{"from": x.Place.String(), "to": to.String()}})
	if err != nil {
		return 0, err
	}
	// system: the item is held
	if err := tx.One(`SELECT count(*) + 1 FROM programme_move WHERE case_id = $1`, []any{string(x.ID)}, &n); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`INSERT INTO programme_move (case_id, n, old_grain, old_from_on, old_until_on, new_grain, new_from_on, new_until_on, asked_n, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		string(x.ID), n, x.Place.Grain, x.Place.From, x.Place.Until, to.Grain, to.From, to.Until, asked, tx.Now)
	return n, err
}

// waiting returns the move that waits for a decision; fault.NotFound when none does.
func (x *Item) waiting(tx *db.Tx) (n int64, err error) {
	// system: the item is held
	err = tx.One(`SELECT n FROM programme_move WHERE case_id = $1 AND fate = ''`, []any{string(x.ID)}, &n)
	return n, err
}

// DecideMove lets an item leave its place, or leaves it where it is, with a reason.
func DecideMove(tx *db.Tx, who org.Actor, id casefile.ID, in Ruling) (x *Item, err error) {
	defer fault.Wrap(&err, "decide move of %s", id)
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = pick(tx, who, x, actDecide); err != nil {
		return nil, err
	}
	n, err := x.waiting(tx)
	if errors.Is(err, fault.NotFound) {
		return nil, fault.Refuse(fault.Conflict, "Không còn đề nghị dời nào chờ quyết định.")
	}
	if err != nil {
		return nil, err
	}
	empty := ""
	if !in.Accept {
		empty = "Hãy nêu lý do không cho dời."
	}
	if in.Reason, err = typed("reason", in.Reason, empty, longestText); err != nil {
		return nil, err
	}
	if in.Accept {
		return x, x.moved(tx, who, n, in.Reason)
	}
	decided, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.move_declined", By: who, Text: in.Reason, Facts: map[string]string{"place": x.Place.String()}})
	if err != nil {
		return nil, err
	}
	if err := x.fate(tx, n, "declined", decided); err != nil {
		return nil, err
	}
	return x, notice.Tell(tx, notice.Note{Unit: x.Lead, Case: x.ID, Kind: "programme.decided"})
}

func (x *Item) fate(tx *db.Tx, n int64, fate string, event int64) error {
	_, err := tx.Exec(`UPDATE programme_move SET fate = $1, decided_n = $2 WHERE case_id = $3 AND n = $4`, fate, event, string(x.ID), n)
	return err
}

// moved carries out the nth move, tells everybody in the item, and keeps the old place.
func (x *Item) moved(tx *db.Tx, who org.Actor, n int64, reason string) error {
	old := x.Place
	// system: the item is held
	err := tx.One(`SELECT new_grain, new_from_on, new_until_on FROM programme_move WHERE case_id = $1 AND n = $2`, []any{string(x.ID), n},
		&x.Place.Grain, &x.Place.From, &x.Place.Until)
	if err != nil {
		return err
	}
	if x.Place.Grain != Day {
		x.FromHour, x.UntilHour = "", ""
	}
	decided, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.moved", By: who, Text: reason,
		Facts: map[string]string{"from": old.String(), "to": x.Place.String()}})
	if err != nil {
		return err
	}
	if err := x.fate(tx, n, "approved", decided); err != nil {
		return err
	}
	if err := x.saved(tx); err != nil {
		return err
	}
	return x.tell(tx, who, "programme.moved")
}

// tell notifies the units of an item but the actor's own.
func (x *Item) tell(tx *db.Tx, who org.Actor, kind string) error {
	all, err := casefile.Parties(tx, x.ID)
	if err != nil {
		return err
	}
	var notes []notice.Note
	seen := map[org.UnitID]bool{who.Post.Unit: true}
	for _, p := range all {
		if p.Unit != "" && !seen[p.Unit] {
			seen[p.Unit] = true
			notes = append(notes, notice.Note{Unit: p.Unit, Role: org.Leader, Case: x.ID, Kind: kind})
		}
	}
	return notice.Tell(tx, notes...)
}
