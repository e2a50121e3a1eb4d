package regulation

import (
	"database/sql"
	"maps"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Decided is one entry of a tenant's own decision about a profile.
type Decided struct {
	Profile string
	Decision
	By string // an officer, or "cli:" and a name
	At time.Time
}

// Decide enters number and day of the province's own decision that makes a model profile
// its regulation. Rulebooks compiled from then on cite it; an older entry stays to be
// read. A profile that takes nothing as a model needs none and is a fault.Conflict.
func Decide(tx *db.Tx, lib *Library, by, profile string, d Decision) (err error) {
	defer fault.Wrap(&err, "decide %s", profile)
	p := lib.Profiles[profile]
	if p == nil {
		return fault.Refuse(fault.NotFound, "Không có cấu hình nào mang mã %q.", profile)
	}
	if !p.takesModels() {
		return fault.Refuse(fault.Conflict, "Cấu hình %s không lấy quy định nào theo mẫu nên không cần quyết định riêng.", profile)
	}
	if d.Number = strings.Join(strings.Fields(d.Number), " "); d.Number == "" || len(d.Number) > 100 {
		return fault.Field("number", "Ghi số, ký hiệu của quyết định, ví dụ 12/QĐ-UBND.")
	}
	day, err := workday.ParseDate(d.Date)
	if err != nil || day.IsZero() {
		return fault.Field("date", "Ghi ngày ký quyết định.")
	}
	if workday.Of(tx.Now).Before(day) {
		return fault.Field("date", "Ngày ký quyết định ở sau hôm nay.")
	}
	_, err = tx.Exec(`INSERT INTO regulation_decision (id, profile, number, date, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), profile, d.Number, day, by, tx.Now)
	return err
}

// NeedsDecision says whether a profile takes anything as a model, which binds nobody until
// the tenant's own decision.
func NeedsDecision(p *Profile) bool { return p.takesModels() }

// Whether anything in the profile rests on a model instead of on the province's own decision.
func (p *Profile) takesModels() bool {
	if p.Model {
		return true
	}
	for _, t := range p.Regulations {
		if t.As == AsModel {
			return true
		}
	}
	return false
}

// Decisions returns every entry, the newest first.
func Decisions(tx *db.Tx) (all []Decided, err error) {
	err = tx.All(`SELECT profile, number, date, by_whom, at FROM regulation_decision ORDER BY id DESC LIMIT 200`, nil, func(r *sql.Rows) error {
		var d Decided
		err := r.Scan(&d.Profile, &d.Number, &d.Date, &d.By, db.Instant(&d.At))
		all = append(all, d)
		return err
	})
	return all, err
}

// With returns the library with the decisions that this office entered; what was loaded
// from files stays as it is.
func (l *Library) With(tx *db.Tx) (*Library, error) {
	all, err := Decisions(tx)
	if err != nil || len(all) == 0 {
		return l, err
	}
	own := *l
	own.Profiles = maps.Clone(l.Profiles)
	done := map[string]bool{}
	for _, d := range all {
		p := l.Profiles[d.Profile]
		if p == nil || done[d.Profile] {
			continue
		}
		done[d.Profile] = true
		changed := *p
		changed.Decision = &Decision{Number: d.Number, Date: d.Date}
		own.Profiles[d.Profile] = &changed
	}
	return &own, nil
}
