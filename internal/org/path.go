package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Stage is what is done to a paper at one step of its path.
type Stage string

// The stages of a paper's way through its unit, in their order.
const (
	Draft   Stage = "draft"   // dự thảo
	Review  Stage = "review"  // xem, cho ý kiến
	Sign    Stage = "sign"    // ký
	Release Stage = "release" // cấp số, phát hành
)

var stages = []Stage{Draft, Review, Sign, Release}

// A Step is one step of a unit's path for a paper: the stage, and who does it. A path
// of one step is a Release alone: who releases drafts, signs and numbers in one act.
type Step struct {
	N     int // from 1
	Stage Stage
	Role  Role
	Post  PostID // one post only; "" for whoever has the role
}

// Path returns the steps of a paper of a kind in a unit today: the unit's own for the
// kind, else its own for any kind, else the default of the kind, else of any kind.
// Once read, a node keeps it until the office changes.
func Path(tx *db.Tx, unit UnitID, kind string) (steps []Step, err error) {
	defer fault.Wrap(&err, "path of %s in %s", kind, unit)
	steps, err = onceADay(tx, "path/"+string(unit)+"/"+kind, func() ([]Step, error) { return readPath(tx, unit, kind) })
	return slices.Clone(steps), err
}

// The unit's own path goes before the office's, one for the kind before one for all.
func readPath(tx *db.Tx, unit UnitID, kind string) (steps []Step, err error) {
	best := -1
	err = tx.All(`SELECT unit, kind, n, step, role, coalesce(post, '') FROM path_step
		WHERE unit IN ($1, '') AND kind IN ($2, '') AND since <= $3 AND (until IS NULL OR until > $3)
		ORDER BY unit DESC, kind DESC, since, n`, []any{unit, kind, today(tx)}, func(r *sql.Rows) error {
		var u, k string
		var s Step
		if err := r.Scan(&u, &k, &s.N, &s.Stage, &s.Role, &s.Post); err != nil {
			return err
		}
		// rows come from the nearest to the farthest: the first group wins
		group := 0
		if u != "" {
			group += 2
		}
		if k != "" {
			group++
		}
		if best < 0 {
			best = group
		}
		if group == best {
			steps = append(steps, s)
		}
		return nil
	})
	if err == nil && len(steps) == 0 {
		return nil, fault.Refuse(fault.NotFound, "Chưa có quy trình trình ký mặc định; quản trị cần nạp dữ liệu ban đầu.")
	}
	return steps, err
}

// SetPath sets a unit's own path for papers of a kind ("" any) from today; no steps
// means that the unit walks the default again.
func SetPath(tx *db.Tx, who Actor, unit UnitID, kind string, steps []Step) (err error) {
	defer fault.Wrap(&err, "set path of %s", unit)
	if err := hold(tx); err != nil {
		return err
	}
	if _, err := UnitOf(tx, unit); err != nil {
		return err
	}
	if len(steps) > 0 {
		if err := checkSteps(steps); err != nil {
			return err
		}
		if err := checkStepPosts(tx, unit, steps); err != nil {
			return err
		}
	}
	was, err := Path(tx, unit, kind)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return err
	}
	day := today(tx)
	// a path set and set again on one day never held a whole day: its rows make room
	if _, err := tx.Exec(`DELETE FROM path_step WHERE unit = $1 AND kind = $2 AND since = $3`, unit, kind, day); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE path_step SET until = $1 WHERE unit = $2 AND kind = $3 AND until IS NULL`, day, unit, kind); err != nil {
		return err
	}
	if err := insertPath(tx, unit, kind, steps, day); err != nil {
		return err
	}
	if err := changed(tx, false, true); err != nil {
		return err
	}
	return traced(tx, who, "SetPath", unit, kind, was, steps)
}

// A path step by step; the old one stays with its days, since papers under way keep it.
func insertPath(tx *db.Tx, unit UnitID, kind string, steps []Step, since workday.Date) error {
	var rows [][]any
	for i, s := range steps {
		var post any
		if s.Post != "" {
			post = s.Post
		}
		rows = append(rows, []any{unit, kind, i + 1, s.Stage, s.Role, post, since, nil})
	}
	return insert(tx, `INSERT INTO path_step (unit, kind, n, step, role, post, since, until) VALUES `, rows)
}
