package duty_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
)

// What duties cost an operation; the lock and the event are counted with them. A number
// that grows here is a decision.
func TestCostOfDuties(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		var id = open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		// on SQLite the tracking number is one write of the six; PostgreSQL reserves blocks
		lttest.Budget(t, d, "open and arm", 3, 6, func(tx *db.Tx) error {
			_, err := openIn(tx, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
			return err
		})
		lttest.Budget(t, d, "meet", 3, 4, inLock(id, func(tx *db.Tx) error { return meetIn(tx, key(id)) }))
		other := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		lttest.Budget(t, d, "suspend", 4, 5, inLock(other, func(tx *db.Tx) error { return suspendIn(tx, key(other)) }))
		third := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		lttest.Budget(t, d, "hand over", 6, 7, inLock(third, func(tx *db.Tx) error {
			_, _, err := duty.HandOver(tx, key(third), "so-b", duty.Ground{Reason: "không đúng thẩm quyền", By: system})
			return err
		}))
	})
}
