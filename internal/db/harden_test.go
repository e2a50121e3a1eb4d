package db

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// withDisk puts sync in the place of the wait for the disk.
func withDisk(d *DB, sync func(real func(*os.File) error, f *os.File) error) {
	h := d.lite.hard
	h.mu.Lock()
	defer h.mu.Unlock()
	real := h.sync
	h.sync = func(f *os.File) error { return sync(real, f) }
}

// An update returns only after the disk has its commit, however fast the writer is.
func TestUpdateWaitsForTheDisk(t *testing.T) {
	d, _ := openGroup(t)
	var waits atomic.Int64
	gate := make(chan struct{})
	withDisk(d, func(real func(*os.File) error, f *os.File) error {
		<-gate
		waits.Add(1)
		return real(f)
	})
	done := make(chan error, 2)
	go func() { done <- d.Update(context.Background(), insert(1)) }()
	go func() { done <- d.Update(context.Background(), insert(2)) }()
	select {
	case err := <-done:
		t.Fatalf("answered before the disk was asked: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(gate)
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if waits.Load() == 0 {
		t.Error("nobody waited for the disk")
	}
}

// While the disk is at work the group stays open: who comes then is committed with those
// before him, and not alone.
func TestAGroupIsOpenWhileTheDiskWorks(t *testing.T) {
	d, _ := openGroup(t)
	together := false
	// the group is open for a moment only, and a busy machine may miss it
	for n := 1; n < 300 && !together; n += 3 {
		gate, at := make(chan struct{}), make(chan struct{}, 64)
		withDisk(d, func(func(*os.File) error, *os.File) error {
			at <- struct{}{}
			<-gate
			return nil
		})
		done, second := make(chan error, 3), make(chan struct{})
		go func() { done <- d.Update(context.Background(), insert(n)) }()
		<-at // the first is committed and waits
		go func() {
			done <- d.Update(context.Background(), func(tx *Tx) error { close(second); return insert(n + 1)(tx) })
		}()
		<-second
		go func() {
			done <- d.Update(context.Background(), func(tx *Tx) error {
				together = len(d.lite.members) == 2 // the writer runs this: nobody else looks
				return insert(n + 2)(tx)
			})
		}()
		time.Sleep(5 * time.Millisecond)
		close(gate)
		for range 3 {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
	}
	if !together {
		t.Error("each update was committed alone while the disk was at work")
	}
}

// A disk that refuses once is not believed again: whoever waited is told, nothing more is
// written, and what the log holds is read again when the store is opened anew.
func TestDiskThatRefuses(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, d, `CREATE TABLE row (n BIGINT PRIMARY KEY, place TEXT)`)
	full := errors.New("input/output error")
	var refusals atomic.Int64
	withDisk(d, func(real func(*os.File) error, f *os.File) error {
		if refusals.Add(1) == 1 {
			return full
		}
		return real(f)
	})
	if err := d.Update(context.Background(), insert(1)); !errors.Is(err, full) {
		t.Errorf("the first update: %v", err)
	}
	ran := false
	err = d.Update(context.Background(), func(tx *Tx) error { ran = true; return insert(2)(tx) })
	if ran || err == nil || !strings.Contains(err.Error(), "not on the disk") {
		t.Errorf("ran %v with %v after the disk had refused", ran, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	again, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := again.Update(context.Background(), insert(2)); err != nil {
		t.Errorf("opened anew: %v", err)
	}
}

// The file whose bytes are waited for is the one that SQLite writes, also after the log
// was moved into the store and begun again.
func TestLogStaysTheSameFile(t *testing.T) {
	d, _ := openGroup(t)
	for n := range 3000 { // the log is begun again every thousand pages
		if err := d.Update(context.Background(), func(tx *Tx) error {
			_, err := tx.Exec(`INSERT INTO row (n, place) VALUES ($1, $2)`, n, strings.Repeat("chữ ", 1500))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	held, err := d.lite.hard.log.Stat()
	if err != nil {
		t.Fatal(err)
	}
	named, err := os.Stat(d.lite.hard.path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(held, named) {
		t.Error("the log beside the store is another file now")
	}
	if named.Size() == 0 || named.Size() > 40<<20 {
		t.Errorf("the log is %d bytes", named.Size())
	}
}
