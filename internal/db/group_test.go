package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/fault"
)

// openGroup gives a SQLite store with a table, and holds its writer until release is
// called, so that everything queued meanwhile becomes one group.
func openGroup(t *testing.T) (d *DB, hold func() (release func())) {
	t.Helper()
	d, err := Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	mustExec(t, d, `CREATE TABLE row (n BIGINT PRIMARY KEY, place TEXT)`)
	return d, func() func() {
		gate, held, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			_ = d.Update(context.Background(), func(tx *Tx) error {
				close(held)
				<-gate
				return errors.New("only to hold the writer")
			})
		}()
		<-held
		return func() { close(gate); <-done }
	}
}

func mustExec(t *testing.T, d *DB, query string, args ...any) {
	t.Helper()
	if err := d.Update(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func insert(n int) func(tx *Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO row (n) VALUES ($1)`, n)
		return err
	}
}

func rows(t *testing.T, d *DB) (list []int) {
	t.Helper()
	if err := d.View(context.Background(), func(tx *Tx) error {
		return tx.All(`SELECT n FROM row ORDER BY n`, nil, func(r *sql.Rows) error {
			var n int
			defer func() { list = append(list, n) }()
			return r.Scan(&n)
		})
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// queued starts an update and returns when it stands in the queue behind n others.
func queued(t *testing.T, d *DB, ctx context.Context, n int, fn func(tx *Tx) error) <-chan error {
	t.Helper()
	answer := make(chan error, 1)
	go func() { answer <- d.Update(ctx, fn) }()
	for end := time.Now().Add(5 * time.Second); len(d.lite.queue) <= n; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("update was not queued")
		}
	}
	return answer
}

func TestGroupKeepsOrderAndAnswersAfterTheCommit(t *testing.T) {
	d, hold := openGroup(t)
	release := hold()
	var order []int
	var answers []<-chan error
	for i := range 32 {
		answers = append(answers, queued(t, d, context.Background(), i, func(tx *Tx) error {
			for _, a := range answers[:i] {
				if len(a) > 0 {
					t.Error("answered before the commit that holds it")
				}
			}
			order = append(order, i)
			return insert(i)(tx)
		}))
	}
	release()
	for i, a := range answers {
		if err := <-a; err != nil {
			t.Fatalf("caller %d: %v", i, err)
		}
	}
	for i, n := range order {
		if i != n {
			t.Fatalf("order = %v", order)
		}
	}
	if n := len(rows(t, d)); n != 32 {
		t.Fatalf("rows = %d, want 32", n)
	}
}

func TestOneMemberFailsAlone(t *testing.T) {
	tests := []struct {
		name string
		bad  func(d *DB, tx *Tx) error
		want string
	}{
		{"an error rolls back its own rows", func(_ *DB, tx *Tx) error {
			return errors.Join(insert(100)(tx), errors.New("refused"))
		}, "refused"},
		{"a broken unique rule is a conflict", func(_ *DB, tx *Tx) error { return insert(0)(tx) }, "conflict"},
		{"a panic becomes an error", func(_ *DB, tx *Tx) error { _ = insert(100)(tx); panic("boom") }, "panic in update: boom"},
		{"an ended goroutine is answered", func(_ *DB, tx *Tx) error { runtime.Goexit(); return nil }, "ended inside"},
		{"a ROLLBACK destroys the transaction", func(_ *DB, tx *Tx) error {
			_, err := tx.Exec(`ROLLBACK`)
			return err
		}, "transaction"},
		{"a ROLLBACK and an error", func(_ *DB, tx *Tx) error {
			_, err := tx.Exec(`ROLLBACK`)
			return errors.Join(err, errors.New("refused"))
		}, "refused"},
		{"a full disk", func(d *DB, tx *Tx) error {
			// the writer's own connection: one page more than there is now
			defer d.lite.writer.plain(`PRAGMA max_page_count = 1000000`)
			_ = d.lite.writer.plain(`PRAGMA max_page_count = 1`)
			_, err := tx.Exec(`INSERT INTO row (n, place) VALUES (100, $1)`, strings.Repeat("x", 1<<20))
			return err
		}, "hết chỗ lưu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { oneMemberFails(t, tt.bad, tt.want, strings.Contains(tt.name, "goroutine"), 0) })
		t.Run(tt.name+", in savepoints", func(t *testing.T) {
			oneMemberFails(t, tt.bad, tt.want, strings.Contains(tt.name, "goroutine"), carefulFor)
		})
	}
}

// oneMemberFails queues five updates of which the fourth is bad; careful is how many of them
// run in savepoints of their own.
func oneMemberFails(t *testing.T, bad func(d *DB, tx *Tx) error, want string, takesAlong bool, careful int) {
	d, hold := openGroup(t)
	release := hold()
	d.lite.careful = careful // the writer stands still
	var answers []<-chan error
	for i := range 5 {
		fn := insert(i)
		if i == 3 {
			fn = func(tx *Tx) error { return bad(d, tx) }
		}
		answers = append(answers, queued(t, d, context.Background(), i, fn))
	}
	release()
	lost := 0
	for i, a := range answers {
		err := <-a
		if i == 3 {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("bad member: %v, want %q", err, want)
			}
		} else if err != nil {
			// only the ended goroutine takes the group that was open with it along
			lost++
			if !takesAlong {
				t.Errorf("member %d: %v", i, err)
			}
		}
	}
	if got := rows(t, d); len(got) != 4-lost {
		t.Errorf("rows = %v, with %d answered with an error", got, lost)
	}
	mustExec(t, d, `INSERT INTO row (n) VALUES (77)`) // the writer goes on
}

func TestCancelledBeforeItStartsIsNotRun(t *testing.T) {
	d, hold := openGroup(t)
	release := hold()
	ctx, cancel := context.WithCancel(context.Background())
	a := queued(t, d, ctx, 0, insert(1))
	b := queued(t, d, context.Background(), 1, insert(2))
	cancel()
	if err := <-a; !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	release()
	if err := <-b; err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(rows(t, d)); got != "[2]" {
		t.Fatalf("rows = %s, want [2]", got)
	}
}

func TestCancelledWhileItRunsIsAnsweredByTheCommit(t *testing.T) {
	d, _ := openGroup(t)
	ctx, cancel := context.WithCancel(context.Background())
	if err := d.Update(ctx, func(tx *Tx) error {
		cancel()
		return insert(1)(tx)
	}); err != nil {
		t.Fatalf("running update: %v, want the commit's answer", err)
	}
	if got := fmt.Sprint(rows(t, d)); got != "[1]" {
		t.Fatalf("rows = %s", got)
	}
}

func TestFailedCommitFailsEveryMember(t *testing.T) {
	d, hold := openGroup(t)
	// a deferred foreign key is the one way to make a COMMIT itself fail; the house
	// forbids them, so only this test has one
	mustExec(t, d, `CREATE TABLE child (n BIGINT REFERENCES row (n) DEFERRABLE INITIALLY DEFERRED)`)
	release := hold()
	var answers []<-chan error
	for i := range 4 {
		fn := insert(i)
		if i == 2 {
			fn = func(tx *Tx) error {
				_, err := tx.Exec(`INSERT INTO child (n) VALUES (999)`)
				return err
			}
		}
		answers = append(answers, queued(t, d, context.Background(), i, fn))
	}
	release()
	for i, a := range answers {
		if err := <-a; err == nil || !strings.Contains(err.Error(), "commit:") {
			t.Errorf("member %d: %v, want the commit's error", i, err)
		}
	}
	if got := rows(t, d); len(got) != 0 {
		t.Errorf("rows = %v, want none", got)
	}
	mustExec(t, d, `INSERT INTO row (n) VALUES (77)`)
}

func TestCloseAnswersEverybody(t *testing.T) {
	d, hold := openGroup(t)
	release := hold()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if err := d.Update(context.Background(), insert(i)); err != nil && !errors.Is(err, fault.Busy) {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	go release()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := d.Update(context.Background(), insert(99)); !errors.Is(err, fault.Busy) {
		t.Fatalf("after close: %v, want busy", err)
	}
	if err := d.Close(); err != nil {
		t.Fatalf("second close: %v", err)
	}
}

func TestStatementsAreForgottenPastTheBound(t *testing.T) {
	d, _ := openGroup(t)
	for i := range 2*statementsKept + 10 {
		if err := d.View(context.Background(), func(tx *Tx) error {
			var n int
			return tx.One(fmt.Sprintf(`SELECT %d`, i), nil, &n)
		}); err != nil {
			t.Fatal(err)
		}
	}
	for range cap(d.lite.readers) {
		c := <-d.lite.readers
		defer func() { d.lite.readers <- c }()
		if len(c.keep) > statementsKept {
			t.Fatalf("kept %d statements, want at most %d", len(c.keep), statementsKept)
		}
	}
}

func TestFolderNamesAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"Phú Thọ #1", "100%?x=1&y", "a%20b"} {
		dir := filepath.Join(t.TempDir(), name)
		d, err := Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, d, `CREATE TABLE row (n BIGINT)`)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		list, err := os.ReadDir(dir)
		if err != nil || len(list) != 1 || list[0].Name() != "lienthong.db" {
			t.Errorf("%s holds %v, %v; want the one file of a closed store", name, list, err)
		}
	}
}

// A number that a failed update took is given again to the next in the same group, once.
func TestAGroupGivesNumbersWithoutGaps(t *testing.T) {
	for _, careful := range []int{0, carefulFor} {
		d, hold := openGroup(t)
		mustExec(t, d, `CREATE TABLE counter (name TEXT PRIMARY KEY, n BIGINT NOT NULL)`)
		release := hold()
		d.lite.careful = careful
		given := make([]int64, 6)
		var answers []<-chan error
		for i := range given {
			answers = append(answers, queued(t, d, context.Background(), i, func(tx *Tx) (err error) {
				if given[i], err = tx.Gapless("CV/2026"); err == nil && i%3 == 1 {
					err = errors.New("refused")
				}
				return err
			}))
		}
		release()
		want := int64(0)
		for i, a := range answers {
			if err := <-a; (err == nil) == (i%3 == 1) {
				t.Errorf("update %d: %v", i, err)
			}
			if i%3 != 1 {
				if want++; given[i] != want {
					t.Errorf("update %d got %d, want %d", i, given[i], want)
				}
			}
		}
	}
}
