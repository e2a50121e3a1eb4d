package regulation

import (
	"time"
)

// Running is one running duty, as adoption's dry run sees it.
type Running struct {
	Case  string    `json:"case"`
	Duty  string    `json:"duty"`
	Key   string    `json:"key"`
	Unit  UnitID    `json:"unit"`
	To    UnitID    `json:"toward,omitempty"` // to whom it is owed
	Field string    `json:"field,omitempty"`
	From  time.Time `json:"from"` // the instant the rule starts from
	Due   time.Time `json:"due"`  // the first instant that is late; zero: none
}

// A Change is what adoption would do to one running duty.
type Change struct {
	Running
	NewDue  time.Time `json:"new_due"` // zero: no limit any more
	OldRule string    `json:"old_rule"`
	NewRule string    `json:"new_rule"` // empty when the new rulebook has none
	Missed  bool      `json:"missed"`   // would be past due at the instant of adoption
	Why     string    `json:"why"`      // in Vietnamese
}

// DueUnder reckons when a running duty is due under a rule: its limit, with the
// suspensions and extensions the duty had. The zero time is "không nêu hạn".
type DueUnder func(r Running, under Applied) (time.Time, error)

// DryRun lists the running duties that would change if next replaced old at now: another
// due instant, or no rule any more. It changes nothing and reads nothing but its
// arguments; the order is that of running.
func DryRun(old, next *Rulebook, now time.Time, running []Running, due DueUnder) ([]Change, error) {
	var all []Change
	for _, r := range running {
		c := Change{Running: r}
		q := Question{Key: r.Key, At: r.From, Unit: r.Unit, Toward: r.To, Field: r.Field}
		if a, err := old.Find(q); err == nil {
			c.OldRule = a.Basis()
		}
		a, err := next.Find(q)
		if err != nil {
			c.NewDue, c.Why = r.Due, "quy định mới không nêu; việc đang chạy giữ hạn cũ"
			all = append(all, c)
			continue
		}
		c.NewRule = a.Basis()
		if c.NewDue, err = due(r, a); err != nil {
			return nil, err
		}
		if c.NewDue.Equal(r.Due) {
			continue
		}
		c.Missed = !c.NewDue.IsZero() && !c.NewDue.After(now)
		c.Why = moved(r.Due, c.NewDue)
		all = append(all, c)
	}
	return all, nil
}

// What a new rulebook does to a limit, in words for whoever decides about adopting it.
func moved(old, next time.Time) string {
	switch {
	case old.IsZero():
		return "trước không nêu hạn, nay có hạn"
	case next.IsZero():
		return "trước có hạn, nay không nêu hạn"
	case next.Before(old):
		return "hạn sớm hơn"
	}
	return "hạn muộn hơn"
}
