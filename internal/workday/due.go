package workday

import (
	"encoding/json"
	"time"
)

// A Step is one day of a reckoning: counted or not, and why.
type Step struct {
	Date    Date   `json:"date"`
	Counted bool   `json:"counted"`
	N       int    `json:"n,omitempty"` // which day it is, 1 for the first; 0 when not counted
	Why     string `json:"why"`
	// For limits in hours: the minutes counted on this day, and so far.
	Minutes int `json:"minutes,omitempty"`
	Total   int `json:"total,omitempty"`
}

// A Due (hạn) is when something is late, and how that was reckoned (cách tính hạn).
// The zero Due is no due at all: "không nêu hạn".
type Due struct {
	At time.Time // the FIRST instant that is late: "hết 26/02" is 27/02 00:00 +07:00
	On Date      // the last day still in time; zero when an hour ends it

	Unit Unit // what the limit counts, for the words of what is left

	Receipt   Step     // the day of receipt, or of the event for limits counted back
	Reckoning []Step   // the days after it in the order they were counted
	Notes     []string // what moved the end: a roll, "trước", an hour, an extension
	Uncovered []int    // years crossed for which the calendar states no holidays

	// Paused is set while the clock stands still: At and On are empty, and what is left
	// to run is LeftDays or, for limits in hours, LeftTime.
	Paused   bool
	LeftDays int
	LeftTime time.Duration
}

// IsZero tells whether there is neither a due instant nor a clock that stands still.
func (d Due) IsZero() bool { return d.At.IsZero() && !d.Paused }

// Last returns the day on which the due instant falls due: On, or the day of the hour.
func (d Due) Last() Date {
	if d.At.IsZero() {
		return Date{}
	}
	return Of(d.At.Add(-1))
}

// LateAt tells whether something not done by now is late (quá hạn).
func (d Due) LateAt(now time.Time) bool { return !d.At.IsZero() && !now.Before(d.At) }

// dueJSON is the shape of `lienthong due --json`.
type dueJSON struct {
	On        Date     `json:"due_on"`
	At        string   `json:"due_at"`
	Unit      string   `json:"unit,omitempty"`
	Receipt   *Step    `json:"receipt,omitempty"`
	Reckoning []Step   `json:"reckoning"`
	Notes     []string `json:"notes,omitempty"`
	Uncovered []int    `json:"uncovered,omitempty"`
	Paused    bool     `json:"paused,omitempty"`
	LeftDays  int      `json:"left_days,omitempty"`
	LeftMins  int      `json:"left_minutes,omitempty"`
}

// MarshalJSON writes due_on ("" when an hour ends it), due_at (RFC 3339 at +07:00, ""
// when there is none) and the reckoning, never null.
func (d Due) MarshalJSON() ([]byte, error) {
	out := dueJSON{
		On: d.On, Unit: d.Unit.code(), Reckoning: d.Reckoning, Notes: d.Notes, Uncovered: d.Uncovered,
		Paused: d.Paused, LeftDays: d.LeftDays, LeftMins: int(d.LeftTime / time.Minute),
	}
	if !d.At.IsZero() {
		out.At = d.At.In(Office).Format(time.RFC3339)
	}
	if !d.Receipt.Date.IsZero() {
		out.Receipt = &d.Receipt
	}
	if out.Reckoning == nil {
		out.Reckoning = []Step{}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote, so that a stored reckoning can be shown
// years later as it was promised.
func (d *Due) UnmarshalJSON(b []byte) error {
	var in dueJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*d = Due{
		On: in.On, Unit: unitOf(in.Unit), Reckoning: in.Reckoning, Notes: in.Notes, Uncovered: in.Uncovered,
		Paused: in.Paused, LeftDays: in.LeftDays, LeftTime: time.Duration(in.LeftMins) * time.Minute,
	}
	if in.Receipt != nil {
		d.Receipt = *in.Receipt
	}
	if in.At == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, in.At)
	d.At = at.In(Office)
	return err
}
