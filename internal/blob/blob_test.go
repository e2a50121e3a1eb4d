package blob

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/fault"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, text string) Hash {
	t.Helper()
	h, size, err := s.Put(strings.NewReader(text), 1<<20)
	if err != nil || size != int64(len(text)) {
		t.Fatalf("Put = %d bytes, %v", size, err)
	}
	return h
}

// unfinished is what lies in the folder of uploads under way.
func unfinished(t *testing.T, s *Store) int {
	t.Helper()
	list, err := os.ReadDir(s.tmp)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestBytesComeBack(t *testing.T) {
	s := open(t)
	h := put(t, s, "Biên bản họp")
	if put(t, s, "Biên bản họp") != h || put(t, s, "") == h {
		t.Error("the same bytes have one hash, others another")
	}
	f, err := s.Open(h)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, _ := io.ReadAll(f); string(b) != "Biên bản họp" {
		t.Errorf("read %q", b)
	}
	if err := s.Check(h); err != nil {
		t.Error(err)
	}
	if n := unfinished(t, s); n != 0 {
		t.Errorf("%d unfinished files left", n)
	}
}

func TestTooManyBytesLeaveNothing(t *testing.T) {
	s := open(t)
	for _, tt := range []struct {
		n  int
		ok bool
	}{{0, true}, {9, true}, {10, true}, {11, false}, {1000, false}} {
		_, _, err := s.Put(bytes.NewReader(make([]byte, tt.n)), 10)
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, fault.TooLarge) {
			t.Errorf("%d bytes with a limit of 10: %v", tt.n, err)
		}
	}
	if n := unfinished(t, s); n != 0 {
		t.Errorf("%d unfinished files left", n)
	}
}

type broken struct{ r io.Reader }

func (b broken) Read(p []byte) (int, error) {
	if n, err := b.r.Read(p); err == nil {
		return n, nil
	}
	return 0, errors.New("connection lost")
}

func TestABrokenUploadLeavesNothing(t *testing.T) {
	s := open(t)
	if _, _, err := s.Put(broken{strings.NewReader("half")}, 100); err == nil {
		t.Fatal("a broken upload was kept")
	}
	if n := unfinished(t, s); n != 0 {
		t.Errorf("%d unfinished files left", n)
	}
	if err := s.List(func(i Item) error { return fmt.Errorf("kept %s", i.Hash) }); err != nil {
		t.Error(err)
	}
}

func TestRemoveAndUnknown(t *testing.T) {
	s := open(t)
	h := put(t, s, "x")
	for range 2 {
		if err := s.Remove(h); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range []Hash{h, "", "../../etc/passwd", Hash(strings.Repeat("../", 21) + "a"), Hash(strings.Repeat("A", 64))} {
		if _, err := s.Open(h); !errors.Is(err, fault.NotFound) {
			t.Errorf("Open(%q): %v, want not found", h, err)
		}
		if err := s.Remove(h); err != nil {
			t.Errorf("Remove(%q): %v", h, err)
		}
	}
}

func TestListIsInOrderAndNewAgainAfterPut(t *testing.T) {
	s := open(t)
	first := put(t, s, "a")
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(s.kept.(*folder).path(first), old, old); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		put(t, s, fmt.Sprint(i))
	}
	put(t, s, "a")
	last, n := Hash(""), 0
	if err := s.List(func(i Item) error {
		if i.Hash <= last || i.Size == 0 || time.Since(i.PutAt) > time.Hour {
			t.Errorf("item %+v after %s", i, last)
		}
		last = i.Hash
		n++
		return nil
	}); err != nil || n != 51 {
		t.Errorf("%d items, %v", n, err)
	}
}

func TestCheckFindsRot(t *testing.T) {
	s := open(t)
	h := put(t, s, "bytes")
	if err := os.WriteFile(s.kept.(*folder).path(h), []byte("Bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(h); err == nil || fault.Kind(err) != nil {
		t.Errorf("Check = %v, want an error of no kind", err)
	}
}

func TestOnlyWhatIsOldIsSwept(t *testing.T) {
	s := open(t)
	for _, name := range []string{"put-old", "put-new"} {
		if err := os.WriteFile(filepath.Join(s.tmp, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour - time.Minute)
	if err := os.Chtimes(filepath.Join(s.tmp, "put-old"), old, old); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(time.Hour); err != nil {
		t.Fatal(err)
	}
	if n := unfinished(t, s); n != 1 {
		t.Errorf("%d left, want the new one", n)
	}
}

func TestManyPutTheSameAtOnce(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			h, _, err := s.Put(strings.NewReader(fmt.Sprint("same ", i%4)), 100)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Check(h); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Old bytes go; young ones, and those that somebody wants again meanwhile, stay.
func TestRemoveOld(t *testing.T) {
	s := open(t)
	h := put(t, s, "không ai nêu")
	year := time.Now().AddDate(-1, 0, 0)
	if did, err := s.RemoveOld(h, year); did || err != nil {
		t.Errorf("young bytes went: %v, %v", did, err)
	}
	if err := os.Chtimes(s.kept.(*folder).path(h), year, year); err != nil {
		t.Fatal(err)
	}
	if err := s.Touch(h); err != nil {
		t.Fatal(err)
	}
	if did, err := s.RemoveOld(h, time.Now().Add(-time.Hour)); did || err != nil || s.Check(h) != nil {
		t.Errorf("bytes that are wanted again went: %v, %v", did, err)
	}
	if did, err := s.RemoveOld(h, time.Now().Add(time.Hour)); !did || err != nil {
		t.Errorf("old bytes stayed: %v, %v", did, err)
	}
	if did, err := s.RemoveOld(h, time.Now().Add(time.Hour)); did || err != nil || !errors.Is(s.Touch(h), fault.NotFound) {
		t.Errorf("bytes that are gone went again: %v, %v", did, err)
	}
	if n := unfinished(t, s); n != 0 {
		t.Errorf("%d files left aside", n)
	}
}

// A machine that died between setting bytes aside and judging them lost nothing.
func TestSetAsideComesBack(t *testing.T) {
	s := open(t)
	h := put(t, s, "đang xét")
	if err := os.Rename(s.kept.(*folder).path(h), filepath.Join(s.tmp, gone+string(h))); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.kept.(*folder).dir)
	if err != nil || again.Check(h) != nil {
		t.Errorf("the bytes did not come back: %v", err)
	}
}

// Bytes that one hand puts while another clears them away are there when Put has answered.
func TestPutBesideRemoveOld(t *testing.T) {
	s := open(t)
	h := put(t, s, "tranh nhau")
	for range 200 {
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(s.kept.(*folder).path(h), old, old); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := s.RemoveOld(h, time.Now().Add(-time.Minute)); err != nil {
				t.Error(err)
			}
		})
		put(t, s, "tranh nhau")
		wg.Wait()
		if err := s.Check(h); err != nil {
			t.Fatal(err)
		}
	}
}
