package live

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

func woken(s *Stream, within time.Duration) bool {
	select {
	case _, ok := <-s.C:
		return ok
	case <-time.After(within):
		return false
	}
}

func join(t *testing.T, h *Hub, keys ...string) *Stream {
	t.Helper()
	s, err := h.Join(keys)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func running(t *testing.T, bound int) *Hub {
	t.Helper()
	h := New(bound)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go h.Run(ctx)
	return h
}

func TestOnlyUnitsOfTheReaderAreTold(t *testing.T) {
	h := running(t, 10)
	mine, other, all := join(t, h, "so-a", "xa-1"), join(t, h, "so-b"), join(t, h, Any)
	h.Changed([]string{"xa-1"})
	if !woken(mine, time.Second) || !woken(all, time.Second) {
		t.Error("a reader was not told")
	}
	if woken(other, 3*beat) {
		t.Error("another unit was told")
	}
	h.Leave(mine)
	h.Changed([]string{"so-a"})
	if woken(mine, 3*beat) {
		t.Error("told after leaving")
	}
}

func TestManyChangesAreFewMessages(t *testing.T) {
	h := running(t, 10)
	s := join(t, h, "so-a")
	stop := time.After(10 * beat)
	n := 0
	for more := true; more; {
		select {
		case <-stop:
			more = false
		case <-s.C:
			n++
		default:
			h.Changed([]string{"so-a"})
			time.Sleep(time.Millisecond)
		}
	}
	if n < 5 || n > 11 {
		t.Errorf("%d messages in a second of changes, want about ten", n)
	}
}

func TestTheNumberOfStreamsIsBounded(t *testing.T) {
	h := New(2)
	s := join(t, h, "a")
	join(t, h, "a", "b")
	if _, err := h.Join([]string{"a"}); !errors.Is(err, fault.Busy) {
		t.Errorf("the third = %v, want busy", err)
	}
	h.Leave(s)
	last := join(t, h, "a")
	h.close()
	if _, ok := <-last.C; ok {
		t.Error("a stream is open after the node stopped")
	}
	h.Leave(last)
	if _, err := h.Join([]string{"a"}); !errors.Is(err, fault.Busy) {
		t.Error("joined a stopped node")
	}
}

func TestNodesTellEachOther(t *testing.T) {
	dsn := lttest.PostgresURL(t)
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	report := func(err error) { t.Log(err) }
	a, b := running(t, 10), running(t, 10)
	done := make(chan bool, 2)
	for _, h := range []*Hub{a, b} {
		go func() {
			h.Share(ctx, dsn, report)
			done <- true
		}()
	}
	defer func() {
		cancel()
		<-done
		<-done
	}()
	there, aside := join(t, b, "so-a"), join(t, b, "so-b")
	for _, s := range []*Stream{there, aside} { // a node that begins to listen wakes all once
		if !woken(s, 5*time.Second) {
			t.Fatal("the second node does not listen")
		}
	}
	time.Sleep(300 * time.Millisecond) // the first one too
	a.Changed([]string{"so-a"})
	if !woken(there, 3*time.Second) {
		t.Error("the other node was not told")
	}
	if woken(aside, 300*time.Millisecond) {
		t.Error("a unit that had no change was told")
	}
	// a message that was lost shows by the next one's number
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `UPDATE live_change SET n = n + 1`); err != nil {
		t.Fatal(err)
	}
	a.Changed([]string{"so-a"})
	if !woken(aside, 3*time.Second) {
		t.Error("a gap in the numbers did not wake all")
	}
}
