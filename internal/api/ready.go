package api

import (
	"context"
	"net/http"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// readyOut is what a balancer and an administrator want to know of a node. Checks that
// fail take the node out of service; alarms need a person, while officers work on.
type readyOut struct {
	Ready  bool    `json:"ready"`  // false as soon as one check fails
	Checks []check `json:"checks"` // without which nothing works
	Alarms []check `json:"alarms"` // somebody should look, and work goes on
}

// check is how one thing stands, in a sentence.
type check struct {
	Name string `json:"name"` // for machines, never translated
	OK   bool   `json:"ok"`
	Say  string `json:"say"` // for a person
}

const (
	mostSkew   = 2 * time.Second  // of a node's clock against the database's
	oldestLeaf = 10 * time.Second // that still waits for its position in the log
	readyTime  = 2 * time.Second  // for all checks together
)

// readyz answers the checks, and the alarms when the store is there to ask.
func (c *call) readyz() error {
	// A balancer waits no longer: a store that hangs is not ready.
	ctx, stop := context.WithTimeout(c.ctx, readyTime)
	defer stop()
	c.ctx = ctx
	out := readyOut{Ready: true, Checks: []check{c.store(), c.schema(), c.clock()}, Alarms: []check{}}
	for _, x := range out.Checks {
		out.Ready = out.Ready && x.OK
	}
	status := http.StatusOK
	if out.Ready {
		out.Alarms = append(out.Alarms, c.leaves(), c.orphans(), c.address())
	} else {
		status = http.StatusServiceUnavailable
	}
	return c.answer(status, 0, &out)
}

// The cheapest question there is: whether the store answers at all.
func (c *call) store() check {
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		var n int64
		return tx.One(`SELECT 1`, nil, &n)
	})
	return c.check("store", "cơ sở dữ liệu trả lời", err)
}

// Whether the store has the migrations of this program; an older program beside a newer store must not
// write.
func (c *call) schema() check {
	return c.check("schema", "lược đồ dữ liệu đúng phiên bản", c.s.DB.SchemaReady(c.ctx))
}

// Nodes share one PostgreSQL, and due instants are compared with its rows: clocks that differ make things
// late on one node only.
func (c *call) clock() check {
	skew, err := c.s.DB.ClockSkew(c.ctx)
	if err == nil && skew.Abs() > mostSkew {
		err = fault.Refuse(fault.Busy, "đồng hồ máy chủ lệch %s so với cơ sở dữ liệu", skew.Round(time.Millisecond))
	}
	return c.check("clock", "đồng hồ khớp", err)
}

// Acts that wait long for their place in the log mean that the sequencer stands still.
func (c *call) leaves() check {
	var n int64
	var oldest time.Time
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) (err error) {
		n, oldest, err = audit.Pending(tx)
		return err
	})
	if err == nil && !oldest.IsZero() && c.s.DB.Now(c.ctx).Sub(oldest) > oldestLeaf {
		err = fault.Refuse(fault.Busy, "%d diễn biến chờ đóng dấu, lâu nhất từ %s", n, instant(oldest))
	}
	return c.check("leaves", "nhật ký được đóng dấu kịp", err)
}

// A duty without owner, limit or next look would never be swept: there must be none, and there is an alarm
// when there is.
func (c *call) orphans() check {
	o, err := c.s.ready.orphans(c.ctx, c.s)
	if err == nil && o != (duty.Orphans{}) {
		err = fault.Refuse(fault.Busy, "việc phải làm không có đơn vị: %d, thiếu hạn: %d, không có lần xem tới: %d", o.NoOwner, o.NoDue, o.NoNext)
	}
	return c.check("orphans", "việc nào cũng có đơn vị, hạn và lần xem tới", err)
}

// Without the address at which officers open the program papers carry no QR code and messages no link.
func (c *call) address() check {
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		s, err := setting.Get(tx, setting.SiteAddress)
		if err == nil && s.Value == "" {
			err = fault.Refuse(fault.Busy, "chưa đặt địa chỉ hệ thống (%s): văn bản in ra không có mã QR, thư nhắc không có đường dẫn", setting.SiteAddress)
		}
		return err
	})
	return c.check("address", "văn bản có mã QR dẫn đến việc của nó", err)
}

// check says how one thing stands; what a stranger must not read stays in the log.
func (c *call) check(name, well string, err error) check {
	if err == nil {
		return check{Name: name, OK: true, Say: well}
	}
	if r, ok := fault.Sentence(err); ok {
		return check{Name: name, Say: r.Say}
	}
	c.s.Log.Warn("not ready", "check", name, "err", err)
	return check{Name: name, Say: "không kiểm được; xem nhật ký máy chủ"}
}
