package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

var ctx = context.Background()

// A receiver is a real HTTP server that can be down, and remembers what it took.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex
	down int // the status it answers while down; 0 when up
	took map[string][]string
}

func receive(t *testing.T) *receiver {
	r := &receiver{took: map[string][]string{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.down != 0 {
			w.WriteHeader(r.down)
			return
		}
		b, _ := io.ReadAll(req.Body)
		id := req.Header.Get("Message-Id")
		r.took[id] = append(r.took[id], string(b))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) set(down int) { r.mu.Lock(); r.down = down; r.mu.Unlock() }

// post is how the test hands over; 4xx is for good.
func post(ctx context.Context, m Message) error {
	req, err := http.NewRequestWithContext(ctx, "POST", m.Target, bytes.NewReader(m.Payload))
	if err != nil {
		return err
	}
	req.Header.Set("Message-Id", string(m.ID))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()
	switch {
	case res.StatusCode >= 500:
		return fmt.Errorf("status %d", res.StatusCode)
	case res.StatusCode >= 400:
		return fmt.Errorf("status %d: %w", res.StatusCode, Refused)
	}
	return nil
}

func queue(t *testing.T, d *db.DB, target, text string) (id ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		id, err = Queue(tx, "post", target, "case1", []byte(text), time.Time{})
		return err
	})
	return id
}

func get(t *testing.T, d *db.DB, id ID) (m *Message) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		m, err = Get(tx, id)
		return err
	})
	return m
}

func deliver(t *testing.T, c *Carrier, want int) {
	t.Helper()
	if n, err := c.Deliver(ctx); n != want || err != nil {
		t.Fatalf("tried %d, want %d; %v", n, want, err)
	}
}

func TestAMessageSurvivesAReceiverThatIsDown(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		r, c := receive(t), New(d, "node")
		c.Define("post", post)
		_ = d.Update(ctx, func(tx *db.Tx) error {
			_, err := Queue(tx, "post", r.URL, "", nil, time.Time{})
			return errors.Join(err, errors.New("the act was refused"))
		})
		deliver(t, c, 0) // what was rolled back does not leave
		r.set(503)
		id := queue(t, d, r.URL, "Thông báo\x00")
		deliver(t, c, 1)
		m := get(t, d, id)
		if m.State != Waiting || m.Tries != 1 || !strings.Contains(m.LastError, "503") || !m.NextAt.Equal(clock.Now().Add(c.First)) {
			t.Errorf("after the first failure: %+v", m)
		}
		deliver(t, c, 0) // not before its time
		clock.Add(c.First)
		deliver(t, c, 1)
		if m := get(t, d, id); !m.NextAt.Equal(clock.Now().Add(2 * c.First)) {
			t.Errorf("after the second failure: %+v", m)
		}
		r.set(0)
		clock.Add(2 * c.First)
		deliver(t, c, 1)
		if m := get(t, d, id); m.State != Sent || m.EndedAt.IsZero() || m.LastError != "" || m.About != "case1" {
			t.Errorf("sent: %+v", m)
		}
		if got := r.took[string(id)]; len(got) != 1 || got[0] != "Thông báo\x00" {
			t.Errorf("received %q", got)
		}
		clock.Add(time.Hour)
		deliver(t, c, 0)
	})
}

func TestDeadLettersAreListedAndSentAgain(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		r, c := receive(t), New(d, "node")
		c.Define("post", post)
		c.Tries = 3
		r.set(500)
		tired := queue(t, d, r.URL, "a")
		for range 3 {
			deliver(t, c, 1)
			clock.Add(c.Most)
		}
		r.set(410)
		refused := queue(t, d, r.URL, "b")
		deliver(t, c, 1)
		deliver(t, c, 0)
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := Letters(tx, "", 10)
			if len(all) != 2 || all[0].ID != tired || all[0].Tries != 3 || all[1].ID != refused || all[1].Tries != 1 {
				t.Errorf("letters = %+v", all)
			}
			n, err2 := Count(tx)
			if n.Dead != 2 || n.Waiting != 0 || !n.Oldest.IsZero() {
				t.Errorf("counts = %+v", n)
			}
			return errors.Join(err, err2)
		})
		r.set(0)
		lttest.Update(t, d, func(tx *db.Tx) error { return Again(tx, tired) })
		if err := d.Update(ctx, func(tx *db.Tx) error { return Again(tx, tired) }); !errors.Is(err, fault.Conflict) {
			t.Errorf("sent again twice: %v", err)
		}
		if err := d.Update(ctx, func(tx *db.Tx) error { return Again(tx, "x") }); !errors.Is(err, fault.NotFound) {
			t.Errorf("unknown: %v", err)
		}
		deliver(t, c, 1)
		if m := get(t, d, tired); m.State != Sent {
			t.Errorf("%+v", m)
		}
	})
}

func TestManyCarriersHandOverOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := receive(t)
		for i := range 40 {
			queue(t, d, r.URL, fmt.Sprint(i))
		}
		life, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		for i := range 4 {
			c := New(d, fmt.Sprint("node ", i))
			c.Poll = 5 * time.Millisecond
			c.Define("post", post)
			c.Log = func(err error) { t.Error(err) }
			wg.Go(func() { c.Worker(life) })
		}
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			r.mu.Lock()
			n := len(r.took)
			r.mu.Unlock()
			if n == 40 {
				break
			}
		}
		stop()
		wg.Wait()
		for id, got := range r.took {
			if len(got) != 1 {
				t.Errorf("%s was taken %d times", id, len(got))
			}
		}
		if len(r.took) != 40 {
			t.Errorf("%d taken, want 40", len(r.took))
		}
	})
}

// A node dies between the handing over and its note of it: the message goes once
// more, by another node, after the lease.
func TestAfterACrashAtLeastOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := receive(t)
		id := queue(t, d, r.URL, "a")
		dying := New(d, "dying")
		dying.Hold = 200 * time.Millisecond
		m, err := dying.take(ctx, id)
		if err != nil || post(ctx, *m) != nil {
			t.Fatal(err)
		}
		c := New(d, "next")
		c.Define("post", post)
		deliver(t, c, 0)
		time.Sleep(250 * time.Millisecond)
		deliver(t, c, 1)
		if got := r.took[string(id)]; len(got) != 2 || get(t, d, id).State != Sent {
			t.Errorf("taken %d times", len(got))
		}
		// the dying node wakes up: its note comes too late to change anything
		lttest.Update(t, d, func(tx *db.Tx) error { return dying.keep(tx, *m, errors.New("late")) })
		if m := get(t, d, id); m.State != Sent || m.LastError != "" {
			t.Errorf("a late note changed it: %+v", m)
		}
	})
}

func TestWithdrawAndPurge(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		r, c := receive(t), New(d, "node")
		c.Define("post", post)
		sent := queue(t, d, r.URL, "a")
		deliver(t, c, 1)
		r.set(500)
		tried := queue(t, d, r.URL, "b")
		deliver(t, c, 1)
		waiting := queue(t, d, r.URL, "c")
		lttest.Update(t, d, func(tx *db.Tx) error {
			left, err := Withdraw(tx, "case1")
			if len(left) != 2 || left[0].ID != sent || left[1].ID != tried {
				t.Errorf("left = %+v", left)
			}
			return err
		})
		for _, id := range []ID{sent, tried, waiting} {
			if m := get(t, d, id); len(m.Payload) != 0 || m.State == Waiting || m.EndedAt.IsZero() {
				t.Errorf("%+v", m)
			}
		}
		clock.Add(time.Hour)
		deliver(t, c, 0)
		lttest.Update(t, d, func(tx *db.Tx) error {
			if n, err := Purge(tx, tx.Now.Add(-2*time.Hour), 10); n != 0 || err != nil {
				t.Errorf("purged %d, %v", n, err)
			}
			n, err := Purge(tx, tx.Now, 2)
			if n != 2 {
				t.Errorf("purged %d, want 2", n)
			}
			return err
		})
		if err := d.Update(ctx, func(tx *db.Tx) error { _, err := Withdraw(tx, ""); return err }); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a case: %v", err)
		}
	})
}

func TestNotBeforeAndAPanic(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := New(d, "node")
		c.Define("post", func(context.Context, Message) error { panic("boom") })
		var id ID
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			id, err = Queue(tx, "post", "x", "", nil, tx.Now.Add(time.Hour))
			return err
		})
		deliver(t, c, 0)
		clock.Add(time.Hour)
		deliver(t, c, 1)
		if m := get(t, d, id); m.State != Waiting || !strings.Contains(m.LastError, "boom") {
			t.Errorf("%+v", m)
		}
		if c.wait(1) != c.First || c.wait(2) != 2*c.First || c.wait(1000) != c.Most {
			t.Error("waits")
		}
	})
}
