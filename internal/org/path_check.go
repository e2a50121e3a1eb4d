package org

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// checkSteps refuses a path that cannot end in a signed and released paper.
func checkSteps(steps []Step) error {
	last := -1
	// the stages may only go forward; reviewing alone may come twice, because a head of
	// section and a deputy both read
	signs := false
	for i, s := range steps {
		at := slices.Index(stages, s.Stage)
		switch {
		case at < 0:
			return fault.Field("steps", "Bước %d: không có bước %q.", i+1, s.Stage)
		case at < last || at == last && s.Stage != Review:
			return fault.Field("steps", "Bước %d không đúng thứ tự: dự thảo, xem và cho ý kiến, ký, phát hành; chỉ bước xem được lặp lại.", i+1)
		// who keeps the system reads no papers, so no step can wait for him
		case !knownRole(s.Role) || s.Role == Admin:
			return fault.Field("steps", "Bước %d: cần chọn người làm bước này theo vai trò.", i+1)
		}
		signs = signs || s.Stage == Sign
		last = at
	}
	end := steps[len(steps)-1]
	if end.Stage != Release {
		return fault.Field("steps", "Bước cuối phải là phát hành.")
	}
	// a path of one step is allowed: a small unit signs and releases in one go, but a
	// clerk alone can never make a paper the unit's
	if !signs && end.Role != Leader && end.Role != Head {
		return fault.Field("steps", "Quy trình không có bước ký thì người phát hành phải là người có thẩm quyền ký.")
	}
	return nil
}

// checkStepPosts refuses a step for one post that nobody could take: of another unit, of
// another role than the step says, or no longer held. A paper would wait there for ever.
func checkStepPosts(tx *db.Tx, unit UnitID, steps []Step) error {
	for i, s := range steps {
		if s.Post == "" {
			continue
		}
		p, err := PostOf(tx, s.Post)
		if err != nil {
			return err
		}
		if p.Unit != unit || p.Role != s.Role || !inForce(p.Since, p.Until, today(tx)) {
			return fault.Field("steps", "Bước %d: chức danh đã chọn không thuộc đơn vị, không đúng vai trò hoặc đã thôi giữ.", i+1)
		}
	}
	return nil
}
