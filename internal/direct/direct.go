// Package direct takes a matter down a unit: the clerk enters what came in (văn thư vào
// sổ đến), a leader directs it with a written instruction (ý kiến chỉ đạo, bút phê) to a
// section or an officer, the head of the section further down; and it may come back up.
//
//	leaders' desk --> deputy leader --> section's head --> officer in charge
//	      ^________________________________________________________/  returned, with a reason
//
// An inner date is a leader's word to his own people: it is never later than the legal
// date and never replaces it. What the matter is and when it is due belongs to the
// slices and to duty; a unit that directs nobody still owes what it owes.
package direct

import (
	"database/sql"
	"slices"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"matter.directed": "Anh/chị được giao chủ trì xử lý",
	"matter.with":     "Anh/chị được giao phối hợp xử lý",
	"matter.reader":   "Chuyển anh/chị để biết",
	"matter.returned": "Việc được trả lại lên anh/chị, kèm lý do",
}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"matter.registered": "Vào sổ văn bản đến",
	"matter.directed":   "Phân công, chỉ đạo",
	"matter.returned":   "Trả lại cấp trên trong đơn vị",
}

// A Place is where a matter lies in a unit: with an officer, with a section's head, or,
// when both are empty, on the leaders' desk.
type Place struct {
	Section org.UnitID // "" for the whole unit
	Officer org.OfficerID
}

// A Direction is one step of a matter's way through a unit, down or back up.
type Direction struct {
	N           int64
	Returned    bool // back up
	By          org.OfficerID
	Post        org.PostID
	Seat        Place        // the giver's own desk: where the way back up leads
	To          Place        // where it lies since
	Instruction string       // ý kiến chỉ đạo; the reason of a return
	InnerOn     workday.Date // a leader's wish; the legal limit stays
	At          time.Time
}

// In is a leader's instruction.
type In struct {
	Unit        org.UnitID
	Section     org.UnitID      // "" with Officer: his own section
	Officer     org.OfficerID   // in charge; "" leaves it to the section's head
	CoWorkers   []org.OfficerID // phối hợp trong đơn vị
	Readers     []org.OfficerID // để biết
	Instruction string          // pages ask for it; a program may leave it out
	InnerOn     workday.Date    // zero: none
	Duty        duty.Key        // the running duty it directs; Rule "" for none
}

// Down directs a matter that the caller holds one step down its unit, or anew after a
// change of mind; the direction before ends. Leaders direct to anybody in the unit, a
// head inside his own section what lies there.
func Down(tx *db.Tx, who org.Actor, c *casefile.Case, in In) (d *Direction, err error) {
	defer fault.Wrap(&err, "direct %s in %s", c.ID, in.Unit)
	at, err := last(tx, c.ID, in.Unit)
	if err != nil {
		return nil, err
	}
	if who, err = giver(who, in.Unit, at.To); err != nil {
		return nil, err
	}
	if err := in.check(tx, who.Post); err != nil {
		return nil, err
	}
	d = &Direction{
		N: at.N + 1, By: who.Officer, Post: who.Post.ID, Seat: seat(who), To: Place{in.Section, in.Officer},
		Instruction: in.Instruction, InnerOn: in.InnerOn, At: tx.Now,
	}
	if err := d.insert(tx, c.ID, in.Unit); err != nil {
		return nil, err
	}
	if err := in.name(tx, c, d); err != nil {
		return nil, err
	}
	if in.Duty.Rule != "" {
		if err := duty.Direct(tx, in.Duty, in.Section, in.Officer, in.InnerOn); err != nil {
			return nil, err
		}
	}
	return d, d.record(tx, c, who, in.Unit)
}

// giver returns the actor in the post in which he may direct what lies at a place; it
// is pure.
func giver(who org.Actor, unit org.UnitID, at Place) (org.Actor, error) {
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	headed := false
	for _, p := range posts {
		switch {
		case p.Unit != unit:
		case p.Role == org.Leader:
			return who.As(p), nil
		case p.Role == org.Head && p.Section != "":
			if p.Section == at.Section {
				return who.As(p), nil
			}
			headed = true
		}
	}
	if headed {
		return who, &fault.Refusal{Kind: fault.Denied, Step: "lãnh đạo chỉ đạo", Say: "Việc này chưa được giao về phòng của anh/chị; trưởng phòng chỉ phân công trong phòng mình."}
	}
	return who, &fault.Refusal{Kind: fault.Denied, Step: "lãnh đạo chỉ đạo", Say: "Việc phân công trong đơn vị do lãnh đạo hoặc trưởng phòng làm; anh/chị có thể trả lại lên cấp trên kèm lý do."}
}

// seat is the desk of who gives a direction.
func seat(who org.Actor) Place {
	switch {
	case who.Post.Role == org.Head:
		return Place{Section: who.Post.Section}
	case who.Post.Deputy:
		return Place{Officer: who.Officer}
	}
	return Place{}
}

// insert writes the direction and ends what the one before said.
func (d *Direction) insert(tx *db.Tx, id casefile.ID, unit org.UnitID) error {
	if d.N > 1 {
		if err := tx.Put(`UPDATE directed SET until_at = $1 WHERE case_id = $2 AND unit = $3 AND until_at IS NULL`, tx.Now, string(id), string(unit)); err != nil {
			return err
		}
	}
	what := "directed"
	if d.Returned {
		what = "returned"
	}
	return tx.Put(`
		INSERT INTO direction (case_id, unit, n, what, by, post, seat_section, seat_officer, section, officer, instruction, inner_on, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		string(id), string(unit), d.N, what, string(d.By), string(d.Post), string(d.Seat.Section), string(d.Seat.Officer),
		string(d.To.Section), string(d.To.Officer), d.Instruction, d.InnerOn.String(), tx.Now)
}

// record tells the unit's own history; how a unit works inside is not the other
// parties' business.
func (d *Direction) record(tx *db.Tx, c *casefile.Case, who org.Actor, unit org.UnitID) error {
	kind := "matter.directed"
	if d.Returned {
		kind = "matter.returned"
	}
	facts := map[string]string{"unit": string(unit)}
	for key, v := range map[string]string{"section": string(d.To.Section), "officer": string(d.To.Officer), "inner_on": d.InnerOn.String()} {
		if v != "" {
			facts[key] = v
		}
	}
	tx.Touch(string(unit))
	_, err := casefile.Record(tx, c, casefile.Event{By: who, Kind: kind, OccurredAt: tx.Now, Audience: org.OfUnit(unit), Facts: facts, Text: d.Instruction})
	return err
}

// The parts that officers have in a direction.
const (
	inCharge = "charge"
	with     = "with"
	reader   = "reader"
)

// name writes and tells who is in charge, who works with him and who is to know.
func (in *In) name(tx *db.Tx, c *casefile.Case, d *Direction) error {
	parts := []struct {
		part, kind string
		officers   []org.OfficerID
	}{{inCharge, "matter.directed", nil}, {with, "matter.with", in.CoWorkers}, {reader, "matter.reader", in.Readers}}
	if in.Officer != "" {
		parts[0].officers = []org.OfficerID{in.Officer}
	} else if err := Tell(tx, c, in.Unit, d.To, "matter.directed"); err != nil {
		return err
	}
	for _, p := range parts {
		for _, o := range p.officers {
			if err := insertDirected(tx, c.ID, in.Unit, d.N, o, p.part); err != nil {
				return err
			}
			if err := tellOfficer(tx, c, o, p.kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// Who was directed to a matter and in which part; the row gives him the case to read.
func insertDirected(tx *db.Tx, id casefile.ID, unit org.UnitID, n int64, o org.OfficerID, part string) error {
	return tx.Put(`INSERT INTO directed (case_id, unit, officer, part, n) VALUES ($1, $2, $3, $4, $5)`,
		string(id), string(unit), string(o), part, n)
}

// ReturnUp gives a matter back to who directed it, with a reason: the officer in charge
// (or who does his work), the head of the section it lies in, a deputy leader it was
// given to. The legal date runs on, and so does the inner one.
func ReturnUp(tx *db.Tx, who org.Actor, c *casefile.Case, unit org.UnitID, reason string, k duty.Key) (d *Direction, err error) {
	defer fault.Wrap(&err, "return %s up in %s", c.ID, unit)
	if vntext.IsBlank(reason) {
		return nil, fault.Field("reason", "Hãy nêu lý do trả lại lên cấp trên.")
	}
	if len(reason) > longestInstruction {
		return nil, fault.Field("reason", "Lý do quá dài; hãy đính kèm văn bản.")
	}
	if err := noSecret("reason", reason); err != nil {
		return nil, err
	}
	all, err := history(tx, c.ID, unit)
	if err != nil {
		return nil, err
	}
	at := Place{}
	if len(all) > 0 {
		at = all[len(all)-1].To
	}
	if who, err = returner(who, unit, at); err != nil {
		return nil, err
	}
	d = &Direction{N: int64(len(all)) + 1, Returned: true, By: who.Officer, Post: who.Post.ID, Seat: at, To: above(all, at), Instruction: vntext.NFC(reason), At: tx.Now}
	d.InnerOn = all[len(all)-1].InnerOn
	if err := d.insert(tx, c.ID, unit); err != nil {
		return nil, err
	}
	if d.To.Officer != "" {
		if err := insertDirected(tx, c.ID, unit, d.N, d.To.Officer, inCharge); err != nil {
			return nil, err
		}
	}
	if k.Rule != "" {
		if err := duty.Direct(tx, k, d.To.Section, d.To.Officer, d.InnerOn); err != nil {
			return nil, err
		}
	}
	if err := Tell(tx, c, unit, d.To, "matter.returned"); err != nil {
		return nil, err
	}
	return d, d.record(tx, c, who, unit)
}

// returner returns the actor in the post in which he may return what lies at a place;
// it is pure.
func returner(who org.Actor, unit org.UnitID, at Place) (org.Actor, error) {
	if at == (Place{}) {
		return who, fault.Refuse(fault.Conflict, "Việc đang ở lãnh đạo đơn vị, không còn cấp nào trên để trả lại.")
	}
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	covers := at.Officer != "" && (who.Officer == at.Officer || slices.Contains(who.Cover, at.Officer))
	for _, p := range posts {
		if p.Unit == unit && (covers || at.Section != "" && p.Role == org.Head && p.Section == at.Section) {
			return who.As(p), nil
		}
	}
	return who, fault.Refuse(fault.Denied, "Việc này không ở chỗ anh/chị nên anh/chị không trả lại được.")
}

// above is where the way back up from a place leads: the desk of who put it there.
func above(all []Direction, at Place) Place {
	for i := len(all) - 1; i >= 0; i-- {
		if d := all[i]; !d.Returned && d.To == at && d.Seat != at {
			return d.Seat
		}
	}
	return Place{}
}

// Officers returns who works on a matter inside a unit now, in charge or with him: for
// access.Facts of a case that the caller holds.
func Officers(tx *db.Tx, id casefile.ID, unit org.UnitID) (all []org.OfficerID, err error) {
	// system: the caller holds the case
	err = tx.All(`SELECT officer FROM directed WHERE case_id = $1 AND unit = $2 AND part <> 'reader' AND until_at IS NULL ORDER BY part, officer LIMIT 100`,
		[]any{string(id), string(unit)}, func(r *sql.Rows) error {
			var o org.OfficerID
			err := r.Scan(&o)
			all = append(all, o)
			return err
		})
	return all, err
}

// Tell queues a notice for whoever a matter lies with at a place: the officer, or who
// does his work while he is away; the heads of the section; else the unit's leaders.
func Tell(tx *db.Tx, c *casefile.Case, unit org.UnitID, at Place, kind string) error {
	if at.Officer != "" {
		return tellOfficer(tx, c, at.Officer, kind)
	}
	if at.Section != "" {
		heads, err := org.Holders(tx, unit, org.Head)
		if err != nil {
			return err
		}
		told := false
		for _, h := range heads {
			if h.Post.Section != at.Section {
				continue
			}
			if err := tellOfficer(tx, c, h.Officer.ID, kind); err != nil {
				return err
			}
			told = true
		}
		if told {
			return nil
		}
	}
	return notice.Tell(tx, notice.Note{Unit: unit, Role: org.Leader, Case: c.ID, Kind: kind})
}

// Remind tells whoever a running duty lies with: it is what a duty.Kind's Remind calls.
// A unit that directed nobody is reminded at its leaders.
func Remind(tx *db.Tx, c *casefile.Case, d *duty.Duty, kind string) error {
	return Tell(tx, c, d.Owner, Place{Section: d.Section, Officer: d.Officer}, kind)
}

// Tells an officer, or whoever stands in for him today.
func tellOfficer(tx *db.Tx, c *casefile.Case, to org.OfficerID, kind string) error {
	by, err := org.StandIn(tx, to)
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Officer: by, Case: c.ID, Kind: kind})
}
