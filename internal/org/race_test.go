package org_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// TestTwoHeadsAtOnce: of two administrators who fill the same post at once, one is
// refused.
func TestTwoHeadsAtOnce(t *testing.T) {
	assign := func(officer org.OfficerID) func(tx *db.Tx) error {
		return func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, admin, org.Post{Officer: officer, Unit: "so-y-te", Role: org.Leader, Title: "Giám đốc"})
			return err
		}
	}
	heads := func(tx *db.Tx) (all []org.Held) {
		leaders, err := org.Holders(tx, "so-y-te", org.Leader)
		if err != nil {
			return nil
		}
		for _, h := range leaders {
			if !h.Post.Deputy {
				all = append(all, h)
			}
		}
		return all
	}
	vacate := func(tx *db.Tx) error {
		for _, h := range heads(tx) {
			if err := org.EndPost(tx, admin, "so-y-te", h.Post.ID, workday.Date{}); err != nil {
				return err
			}
		}
		return nil
	}
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Race(t, d, vacate, assign("of-so-y-te-leader-2"), assign("of-so-y-te-leader-3"), func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("%+v: one of the two must be refused", m)
			}
			for _, err := range []error{m.A, m.B} {
				if err != nil {
					kind(t, err, fault.Invalid)
				}
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				if n := len(heads(tx)); n != 1 {
					t.Errorf("%+v: %d heads", m, n)
				}
				return nil
			})
		})
	})
}
