package programme

import (
	"errors"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// reviews are the periodic reviews that the rules name with an interval: of one role, or of
// each unit that a rule binds.
func reviews(tx *db.Tx) (all []duty.Occasion, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	if on, _ := rb.On(MustReview); !on {
		return nil, nil
	}
	since, err := adopted(tx)
	if err != nil {
		return nil, err
	}
	units, err := org.Units(tx, org.Filter{})
	if err != nil {
		return nil, err
	}
	for _, rule := range rb.Bound(MustReview, tx.Now) {
		owners := []org.UnitID{rule.Role("role").Unit}
		if !rule.Has("role") {
			if owners, err = boundBy(tx, rb, rule, units); err != nil {
				return nil, err
			}
		}
		for _, owner := range owners {
			for _, again := range rule.Recurrences("every") {
				o := duty.Occasion{Owner: owner, Name: string(owner) + "/" + again.String(), Fallback: rule.Role("to").Unit, Again: again, Since: since,
					Clause: clauseOf(rule), Basis: rule.Basis()}
				if all := rule.Limits("ahead"); len(all) > 0 {
					o.Ahead = all[0]
				}
				all = append(all, o)
			}
		}
	}
	return all, nil
}

// boundBy returns the units that a rule binds among those that stand.
func boundBy(tx *db.Tx, rb *regulation.Rulebook, rule regulation.Applied, units []org.Unit) (all []org.UnitID, err error) {
	if len(rule.Recurrences("every")) == 0 {
		return nil, nil
	}
	for _, u := range units {
		have, err := applyAll(tx, rb, MustReview, u.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range have {
			if !r.Has("role") && clauseOf(r) == clauseOf(rule) {
				all = append(all, u.ID)
			}
		}
	}
	return all, nil
}

var grainOf = map[workday.Every]string{workday.Weekly: OneWeek, workday.Monthly: Month, workday.Quarterly: Quarter, workday.HalfYear: Half, workday.Yearly: Year}

// openReview opens the review of the period in which the stated day lies.
func openReview(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
	grain := grainOf[o.Again.Every]
	if grain == "" {
		return nil, duty.New{}, errors.New("a daily review")
	}
	rule, err := reviewRule(tx, o.Owner)
	if err != nil {
		return nil, duty.New{}, err
	}
	p, err := openedReview(tx, org.System("sweep"), o.Owner, PlaceOf(grain, o.Period), rule)
	if err != nil {
		return nil, duty.New{}, err
	}
	return p.Case, duty.New{Counterpart: rule.Role("to").Unit, Request: rule.Request || rule.Model}, nil
}

// reviewRule finds under which rule a unit reviews: its own role's first.
func reviewRule(tx *db.Tx, unit org.UnitID) (regulation.Applied, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return regulation.Applied{}, err
	}
	all, err := applyAll(tx, rb, MustReview, unit)
	if err != nil {
		return regulation.Applied{}, err
	}
	for _, r := range all {
		if r.Has("role") && r.Role("role").Unit == unit {
			return r, nil
		}
	}
	for _, r := range all {
		if !r.Has("role") {
			return r, nil
		}
	}
	return regulation.Applied{}, fault.Refuse(fault.Denied, "Quy chế đang áp dụng không nêu việc sơ kết, tổng kết của đơn vị này.")
}

func openedReview(tx *db.Tx, who org.Actor, unit org.UnitID, place Place, rule regulation.Applied) (*Programme, error) {
	title := "Sơ kết công tác phối hợp "
	if place.Grain == Year {
		title = "Tổng kết công tác phối hợp "
	}
	var parties []casefile.Party
	if to := rule.Role("to").Unit; to != "" && to != unit {
		parties = append(parties, casefile.Party{Unit: to, Function: access.Told})
	}
	return begin(tx, Programme{Unit: unit, What: Review, Place: place}, title+place.Say(), "programme.review_begun", who, parties...)
}

// BeginReview opens a review by hand, where the rule states no interval: by a leader of the
// unit, of the period he chooses. No text states by when it is done.
func BeginReview(tx *db.Tx, who org.Actor, unit org.UnitID, period string) (p *Programme, err error) {
	defer fault.Wrap(&err, "begin review of %s", period)
	place, err := ParsePlace(period)
	if err != nil || place.Grain == Day {
		return nil, fault.Field("period", "Hãy chọn kỳ sơ kết: năm, 6 tháng, quý, tháng hoặc tuần.")
	}
	rule, err := reviewRule(tx, unit)
	if err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actPlan, access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {unit}}}); err != nil {
		return nil, err
	}
	var have string
	// system: whether the unit has this review, which its own people may know
	err = tx.One(`SELECT case_id FROM programme WHERE what = 'review' AND grain = $1 AND from_on = $2 AND unit = $3`, []any{place.Grain, place.From, string(unit)}, &have)
	if err == nil {
		return nil, fault.Refuse(fault.Conflict, "Đơn vị đã mở kỳ sơ kết, tổng kết này.")
	}
	if !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	if p, err = openedReview(tx, who, unit, place, rule); err != nil {
		return nil, err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustReview, Owner: unit, Round: 1}, Counterpart: rule.Role("to").Unit, Request: rule.Request || rule.Model})
	return p, err
}

// ReviewNow sends a review in one act, by an actor whose unit's path is one step.
func ReviewNow(tx *db.Tx, who org.Actor, id casefile.ID, text string, version int64) (p *Programme, err error) {
	defer fault.Wrap(&err, "review %s", id)
	if p, err = lockProgramme(tx, who, id, version, Review); err != nil {
		return nil, err
	}
	if who, err = direct(tx, who, p, PaperReview); err != nil {
		return nil, err
	}
	if text, err = typed("text", text, "Hãy ghi nội dung sơ kết, tổng kết.", longestText*10); err != nil {
		return nil, err
	}
	return p, p.report(tx, who, text, "")
}

// DraftReview begins the paper of a review; its release sends it.
func DraftReview(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, text string, version int64) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft review %s", id)
	p, err := lockProgramme(tx, who, id, version, Review)
	if err != nil {
		return nil, err
	}
	if p.State != Open {
		return nil, reviewed()
	}
	return p.draft(tx, desk, who, PaperReview, strings.TrimSpace(text))
}

func reviewed() error { return fault.Refuse(fault.Conflict, "Báo cáo của kỳ này đã gửi.") }

// report makes a review sent.
func (p *Programme) report(tx *db.Tx, who org.Actor, text, number string) error {
	if p.State != Open {
		return reviewed()
	}
	p.State, p.SentAt, p.ClosedAt = Sent, tx.Now, tx.Now
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "programme.reviewed", By: who, Text: text,
		Facts: map[string]string{"unit": string(p.Unit), "period": p.Place.String(), "number": number}}); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE programme SET sent_at = $1 WHERE case_id = $2`, tx.Now, string(p.ID)); err != nil {
		return err
	}
	if err := p.meet(tx, MustReview); err != nil {
		return err
	}
	rule, err := reviewRule(tx, p.Unit)
	if err != nil {
		return quiet(err)
	}
	if to := rule.Role("to").Unit; to != "" && to != p.Unit {
		return notice.Tell(tx, notice.Note{Unit: to, Role: org.Leader, Case: p.ID, Kind: "programme.reviewed"})
	}
	return nil
}
