package bench

import (
	"context"
	"strconv"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A kindOf counter is what stands on some of the days around today.
type kindOf struct {
	rule, fate string
	first      int // days from today
	last       int
	every      int // one day of so many, another one for each pair of commune and field
	back       bool
}

// millions are the counters that a million petitions of one year leave: most days of most
// pairs of commune and field have some that were answered, fewer that are late or run.
var millions = []kindOf{
	{rule: petition.MustAnswer, fate: "met", first: -365, last: -1, every: 2},
	{rule: petition.MustAnswer, fate: "late", first: -365, last: -1, every: 6},
	{rule: petition.MustAnswer, fate: "open", first: -365, last: -1, every: 9},
	{rule: petition.MustAnswer, fate: "open", first: 0, last: 21, every: 1},
	{rule: petition.MustSettle, fate: "met", first: -365, last: -1, every: 4, back: true},
	{rule: petition.MustSettle, fate: "open", first: -5, last: 5, every: 2, back: true},
}

// LoadCounters gives the office the counters that a million petitions leave, and no petition:
// what boards add up can be measured without writing the million first. A store that has them
// keeps them. Nothing else of such a store may be believed.
func LoadCounters(ctx context.Context, d *db.DB, o *Office) (err error) {
	defer fault.Wrap(&err, "load counters")
	var have int64
	err = d.View(ctx, func(tx *db.Tx) error {
		return tx.One(`SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM duty_count`, nil, &have)
	})
	if err != nil || have > 500_000 {
		return err
	}
	for i, commune := range o.Communes {
		err := d.Update(ctx, func(tx *db.Tx) error {
			if i == 0 {
				if err := numberedDays(tx); err != nil {
					return err
				}
			}
			pair := i
			for _, department := range o.Departments {
				for _, field := range department.Fields {
					pair++
					for _, k := range millions {
						if err := k.write(tx, string(commune.Unit), string(department.Unit), field, pair); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		for n := 1; err == nil && n > 0; {
			n, err = duty.Roll(ctx, d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// numberedDays lists the days around today, so that a statement can choose among them.
func numberedDays(tx *db.Tx) error {
	if err := all(tx, []string{`DROP TABLE IF EXISTS filled_day`, `CREATE TABLE filled_day (i BIGINT PRIMARY KEY, day TEXT)`}); err != nil {
		return err
	}
	for i := -365; i <= 30; i++ {
		if _, err := tx.Exec(`INSERT INTO filled_day (i, day) VALUES ($1, $2)`, i, workday.Of(tx.Now).AddDays(i).String()); err != nil {
			return err
		}
	}
	return nil
}

// write writes one kind of counter of one pair.
func (k kindOf) write(tx *db.Tx, commune, department, field string, pair int) error {
	owner, counterpart := department, commune
	if k.back {
		owner, counterpart = commune, department
	}
	_, err := tx.Exec(`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n)
		SELECT '`+k.rule+`', '`+k.fate+`', $1, $2, $3, day, 1 + (i + 400) % 3 FROM filled_day
		WHERE i >= `+strconv.Itoa(k.first)+` AND i <= `+strconv.Itoa(k.last)+` AND (i + 400 + $4) % `+strconv.Itoa(k.every)+` = 0
		ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`, owner, counterpart, field, pair)
	return err
}
