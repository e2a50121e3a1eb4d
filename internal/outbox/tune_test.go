package outbox

import (
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/setting"
)

// A carrier goes at the office's own pace, and never lets another node take a message that
// it may still be handing over.
func TestTune(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := New(d, "test")
		if c.Patience != 20*time.Second || c.Hold != time.Minute || c.Poll != time.Second {
			t.Errorf("shipped: %v %v %v", c.Patience, c.Hold, c.Poll)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			for name, value := range map[string]string{"outbox.patience": "2m", "outbox.hold": "10s", "outbox.poll": "3s", "outbox.tries": "5"} {
				if err := setting.Set(tx, "cli:test", name, value, "thử"); err != nil {
					return err
				}
			}
			return nil
		})
		lttest.View(t, d, c.Tune)
		if c.Patience != 2*time.Minute || c.Hold != 4*time.Minute || c.Poll != 3*time.Second || c.Tries != 5 {
			t.Errorf("tuned: %v %v %v %d", c.Patience, c.Hold, c.Poll, c.Tries)
		}
	})
}
