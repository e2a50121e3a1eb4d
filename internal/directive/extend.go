package directive

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// An Ask is a request for more time.
type Ask struct {
	Unit    org.UnitID // whose part; "" the actor's own
	Until   string     // a day, or a day and an hour
	Reason  string
	Version int64
}

// An Extension is one request for more time and what became of it; all are kept.
type Extension struct {
	N         int64
	Unit      org.UnitID
	Decider   org.UnitID
	Until     workday.Limit // asked for
	Granted   workday.Limit // zero: not granted
	State     string        // "asked", "granted" or "refused"
	AskedN    int64         // the event with the reason
	DecidedN  int64
	AskedAt   time.Time
	rule      string
	round     int64
	asksUntil string
}

// AskExtension asks for more time before the due instant: the lead asks whom the rule
// names, a coordinating unit the lead (TX108/D7.K7). The clock runs on until it is granted.
func AskExtension(tx *db.Tx, who org.Actor, id casefile.ID, in Ask) (a *Assignment, err error) {
	defer fault.Wrap(&err, "ask extension of %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu lý do xin gia hạn."); err != nil {
		return nil, err
	}
	x, who, err := a.extension(tx, who, in.Unit)
	if err != nil {
		return nil, err
	}
	owed, err := a.asked(tx, x, in.Until)
	if err != nil {
		return nil, err
	}
	if err := a.noneAsked(tx, x.Unit); err != nil {
		return nil, err
	}
	x.AskedN, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.extension_asked", By: who, Text: in.Reason,
		Facts: casefile.Pairs("unit", string(x.Unit), "until", x.asksUntil, "due", db.FormatInstant(owed.DueAt))})
	if err != nil {
		return nil, err
	}
	if err := a.putExtension(tx, x); err != nil {
		return nil, err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustDecide, Owner: x.Decider, Round: x.AskedN}, Counterpart: x.Unit, Field: a.Field}); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: x.Decider, Case: a.ID, Kind: "assignment.extension_asked"})
}

// extension says who asks whom about which duty, under the rule of the one or the other.
func (a *Assignment) extension(tx *db.Tx, who org.Actor, unit org.UnitID) (x *Extension, as org.Actor, err error) {
	f, err := a.facts(tx)
	if err != nil {
		return nil, who, err
	}
	if unit == "" || unit == a.Lead {
		if as, err = access.Pick(who, actExtend, f); err == nil {
			x = &Extension{Unit: a.Lead, rule: MustDo}
			x.Decider, _, err = a.giver(tx, RuleExtend)
			return x, as, err
		}
		if unit != "" {
			return nil, who, err
		}
	}
	as, err = access.Pick(who, access.Act{Name: actExtend.Name, Say: actExtend.Say, By: []access.Grant{{Of: access.Coordinating, Roles: []org.Role{org.Leader, org.Head}}}}, f)
	if err != nil {
		return nil, who, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, who, err
	}
	if _, err := rb.Apply(tx, RuleAdjust, as.Post.Unit, a.Field); err != nil {
		return nil, who, err
	}
	return &Extension{Unit: as.Post.Unit, Decider: a.Lead, rule: MustTakePart}, as, nil
}

// asked checks the request against the duty that it is about and the rule's bounds.
func (a *Assignment) asked(tx *db.Tx, x *Extension, until string) (*duty.Duty, error) {
	owed, err := a.extended(tx, x)
	if err != nil {
		return nil, err
	}
	switch {
	case owed.DueAt.IsZero():
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ không nêu hạn nên không có gì để gia hạn.")
	case owed.MissedAtNow(tx.Now):
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ đã quá hạn; chỉ xin gia hạn trước khi hết hạn.")
	}
	if x.Until, err = workday.ParseLimit(until); err != nil || x.Until.Unit != workday.Instant || !x.Until.At.After(owed.DueAt) {
		return nil, fault.Field("until", "Hạn xin gia hạn phải sau hạn đang có (%s).", owed.Due().Last().Long())
	}
	x.asksUntil, x.round, x.rule = x.Until.String(), owed.Round, owed.Rule
	if x.rule == MustTakePart {
		return owed, nil
	}
	_, rule, err := a.giver(tx, RuleExtend)
	if err != nil {
		return nil, err
	}
	return owed, a.bounds(tx, rule, x.Until.At, owed)
}

// extended is the running duty that a request is about.
func (a *Assignment) extended(tx *db.Tx, x *Extension) (*duty.Duty, error) {
	if x.rule != MustTakePart {
		return a.leadDuty(tx)
	}
	open, err := openDuties(tx, a.ID, MustTakePart)
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		if d.Owner == x.Unit {
			return d, nil
		}
	}
	return nil, fault.Refuse(fault.Conflict, "Đơn vị không còn phần việc nào đang chạy hạn trong nhiệm vụ này.")
}

// bounds refuses what the rule does not allow: too often, or too long at once.
func (a *Assignment) bounds(tx *db.Tx, rule regulation.Applied, until time.Time, owed *duty.Duty) error {
	if most := rule.Number("times"); most > 0 {
		all, err := Extensions(tx, a.ID)
		if err != nil {
			return err
		}
		granted := 0
		for _, x := range all {
			if x.State == "granted" && x.Unit == a.Lead {
				granted++
			}
		}
		if granted >= most {
			return fault.Refuse(fault.Conflict, "Nhiệm vụ đã được gia hạn %d lần, là số lần nhiều nhất theo %s.", granted, rule.Basis())
		}
	}
	longest := rule.Limit("longest")
	if longest.Unit == workday.None {
		return nil
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return err
	}
	_, last, err := workday.DueOnly(rev, owed.Due().Last().Midnight(), longest)
	if err != nil {
		return err
	}
	if until.After(last) {
		return fault.Field("until", "Mỗi lần gia hạn nhiều nhất %s theo %s: đến %s.", longest.Words(), rule.Basis(), workday.Due{At: last}.Last().Long())
	}
	return nil
}

func (a *Assignment) noneAsked(tx *db.Tx, unit org.UnitID) error {
	all, err := Extensions(tx, a.ID)
	for _, x := range all {
		if x.State == "asked" && x.Unit == unit {
			return fault.Refuse(fault.Conflict, "Đơn vị đã có một đề nghị gia hạn đang chờ quyết định.")
		}
	}
	return err
}

func (a *Assignment) putExtension(tx *db.Tx, x *Extension) error {
	// system: the assignment is held
	if err := tx.One(`SELECT coalesce(max(n), 0) + 1 FROM assignment_extension WHERE case_id = $1`, []any{string(a.ID)}, &x.N); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO assignment_extension (case_id, n, unit, decider, rule, round, until_text, asked_n, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		string(a.ID), x.N, string(x.Unit), string(x.Decider), x.rule, x.round, x.asksUntil, x.AskedN, tx.Now)
	return err
}

// Extensions returns every request for more time on an assignment that the caller has
// from GetAssignment, oldest first.
func Extensions(tx *db.Tx, id casefile.ID) (all []*Extension, err error) {
	// system: the caller holds the assignment
	err = tx.All(`SELECT n, unit, decider, rule, round, until_text, granted, state, asked_n, decided_n, asked_at FROM assignment_extension WHERE case_id = $1 ORDER BY n`,
		[]any{string(id)}, func(r *sql.Rows) error {
			x := new(Extension)
			var granted string
			if err := r.Scan(&x.N, &x.Unit, &x.Decider, &x.rule, &x.round, &x.asksUntil, &granted, &x.State, &x.AskedN, &x.DecidedN, db.Instant(&x.AskedAt)); err != nil {
				return err
			}
			if x.Until, err = workday.ParseLimit(x.asksUntil); err != nil {
				return err
			}
			if granted != "" {
				if x.Granted, err = workday.ParseLimit(granted); err != nil {
					return err
				}
			}
			all = append(all, x)
			return nil
		})
	return all, err
}

// A Grant decides a request for more time.
type Grant struct {
	N       int64  // of the extension
	Yes     bool   // granted
	Until   string // "" as asked for
	Reason  string
	Version int64
}

// DecideExtension grants or refuses more time, by the unit that was asked, before the
// duty is missed: never retroactively.
func DecideExtension(tx *db.Tx, who org.Actor, id casefile.ID, in Grant) (a *Assignment, err error) {
	defer fault.Wrap(&err, "decide extension %d of %s", in.N, id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	x, err := extensionOf(tx, a.ID, in.N)
	if err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actGrant, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {x.Decider}}}); err != nil {
		return nil, err
	}
	if x.State != "asked" {
		return nil, fault.Refuse(fault.Conflict, "Đề nghị gia hạn này đã được quyết định.")
	}
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu lý do của quyết định."); err != nil {
		return nil, err
	}
	if err := a.decideExtension(tx, who, x, in); err != nil {
		return nil, err
	}
	if err := a.decided(tx, x.Decider, x.Unit, x.AskedN); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: x.Unit, Case: a.ID, Kind: "assignment.extension_decided"})
}

// grantable refuses what whoever decides may not grant: the rule binds him as well, and no
// part of the work runs behind the whole.
func (a *Assignment) grantable(tx *db.Tx, x *Extension, rule regulation.Applied, until workday.Limit, owed *duty.Duty) error {
	if x.rule == MustTakePart {
		whole, err := a.leadDuty(tx)
		if err != nil {
			return err
		}
		return within(whole, until)
	}
	whole, err := a.wholeDue(tx)
	if err != nil {
		return err
	}
	if err := within(whole, until); err != nil {
		return err
	}
	return a.bounds(tx, rule, until.At, owed)
}

// decided meets the running duty to decide on what a unit asked for: that of the event n of
// its request; after the duty changed hands the one that no other request has. n is 0 for a
// form of coordination, which is no request for time.
func (a *Assignment) decided(tx *db.Tx, decider, asker org.UnitID, n int64) error {
	open, err := openDuties(tx, a.ID, MustDecide)
	if err != nil {
		return err
	}
	asked, err := Extensions(tx, a.ID)
	if err != nil {
		return err
	}
	var found *duty.Duty
	for _, d := range open {
		taken := slices.ContainsFunc(asked, func(x *Extension) bool { return x.State == "asked" && x.AskedN == d.Round && x.AskedN != n })
		if d.Owner == decider && d.Counterpart == asker && !taken && (found == nil || d.Round == n) {
			found = d
		}
	}
	if found == nil {
		return nil // it was waived with what it was about
	}
	_, err = duty.Meet(tx, found.Key)
	return err
}

func extensionOf(tx *db.Tx, id casefile.ID, n int64) (*Extension, error) {
	all, err := Extensions(tx, id)
	for _, x := range all {
		if x.N == n {
			return x, nil
		}
	}
	if err == nil {
		err = fault.Field("n", "Nhiệm vụ này không có đề nghị gia hạn số %d.", n)
	}
	return nil, err
}

func (a *Assignment) decideExtension(tx *db.Tx, who org.Actor, x *Extension, in Grant) error {
	if !in.Yes {
		n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.extension_refused", By: who, Text: in.Reason, Facts: casefile.Pairs("unit", string(x.Unit))})
		if err != nil {
			return err
		}
		return a.ended(tx, x, n, "refused", "")
	}
	until := x.Until
	if in.Until != "" {
		l, err := workday.ParseLimit(in.Until)
		if err != nil || l.Unit != workday.Instant {
			return fault.Field("until", "Hạn mới %.40q không đúng: ghi ngày, hoặc ngày và giờ.", in.Until)
		}
		until = l
	}
	rule, err := a.extendRule(tx, x)
	if err != nil {
		return err
	}
	owed, err := a.extended(tx, x)
	if err != nil {
		return err
	}
	if err := a.grantable(tx, x, rule, until, owed); err != nil {
		return err
	}
	if _, err := duty.Extend(tx, owed.Key, duty.Ground{Clause: clauseOf(rule), Reason: in.Reason, By: who}, until); err != nil {
		return err
	}
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.extended", By: who, Text: in.Reason, Facts: casefile.Pairs("unit", string(x.Unit), "until", until.String())})
	if err != nil {
		return err
	}
	return a.ended(tx, x, n, "granted", until.String())
}

// extendRule is the rule under which a request is granted.
func (a *Assignment) extendRule(tx *db.Tx, x *Extension) (rule regulation.Applied, err error) {
	if x.rule != MustTakePart {
		_, rule, err = a.giver(tx, RuleExtend)
		return rule, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return rule, err
	}
	return rb.Apply(tx, RuleAdjust, x.Unit, a.Field)
}

func (a *Assignment) ended(tx *db.Tx, x *Extension, n int64, state, granted string) error {
	_, err := tx.Exec(`UPDATE assignment_extension SET state = $1, granted = $2, decided_n = $3 WHERE case_id = $4 AND n = $5`,
		state, granted, n, string(a.ID), x.N)
	return err
}

// SetDate gives an assignment that no text dates its date, by the unit that the rule
// names ("hạn do Văn phòng UBND tỉnh đặt, ngày …"). Parts without a date get it too.
func SetDate(tx *db.Tx, who org.Actor, id casefile.ID, in Ask) (a *Assignment, err error) {
	defer fault.Wrap(&err, "set date of %s", id)
	a, rule, who, err := asGiver(tx, who, id, in.Version, RuleDate, actDate)
	if err != nil {
		return nil, err
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	l, err := workday.ParseLimit(in.Until)
	if err != nil || l.Unit != workday.Instant || !l.At.After(tx.Now) {
		return nil, fault.Field("until", "Hạn %.40q không đúng: ghi ngày, hoặc ngày và giờ, sau lúc này.", in.Until)
	}
	if err := checkText("reason", in.Reason, longestReason); err != nil {
		return nil, err
	}
	whole, err := a.wholeDue(tx)
	if err != nil {
		return nil, err
	}
	if err := within(whole, l); err != nil {
		return nil, err
	}
	limit, err := a.setLimit(tx, who, l)
	if err != nil {
		return nil, err
	}
	reason := in.Reason
	if reason == "" {
		reason = limit.Basis
	}
	owed, err := a.leadDuty(tx)
	if err != nil {
		return nil, err
	}
	g := duty.Ground{Clause: clauseOf(rule), Reason: reason, By: who}
	if _, err := duty.Date(tx, owed.Key, g, limit); err != nil {
		return nil, err
	}
	open, err := openDuties(tx, a.ID, MustTakePart)
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		if _, err := duty.Date(tx, d.Key, g, limit); err != nil && !errors.Is(err, fault.Conflict) {
			return nil, err // one that the lead dated keeps its own
		}
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.dated", By: who, Text: in.Reason, Facts: casefile.Pairs("until", l.String(), "basis", limit.Basis)}); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: a.Lead, Case: a.ID, Kind: "assignment.dated"})
}

// setLimit is a date that a unit set: it says which, and when.
func (a *Assignment) setLimit(tx *db.Tx, who org.Actor, l workday.Limit) (duty.Limit, error) {
	u, err := org.UnitOf(tx, who.Post.Unit)
	return duty.Limit{Basis: "hạn do " + u.Name + " đặt, ngày " + workday.Of(tx.Now).Long(), Text: l.String(), SetBy: who.Officer}, err
}
