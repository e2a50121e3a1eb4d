package blob_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lienthong/internal/blob"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// A full disk refuses a file clearly, leaves nothing of it, and takes it when there is room.
func TestFullDisk(t *testing.T) {
	dir := lttest.SmallDisk(t, "1m")
	s, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	small, _, err := s.Put(strings.NewReader("còn chỗ"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "khác")
	if err := os.WriteFile(ballast, make([]byte, 600<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	large := bytes.Repeat([]byte("tệp lớn "), 60000)
	_, _, err = s.Put(bytes.NewReader(large), 1<<20)
	if r, ok := fault.Sentence(err); !errors.Is(err, fault.Busy) || !ok || !strings.Contains(r.Say, "hết chỗ") {
		t.Errorf("a full disk says %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "blobs", "tmp")); len(left) != 0 || err != nil {
		t.Errorf("%d unfinished files are left (%v)", len(left), err)
	}
	if err := s.Check(small); err != nil {
		t.Errorf("what was kept before: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	h, _, err := s.Put(bytes.NewReader(large), 1<<20)
	if err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if err := s.Check(h); err != nil {
		t.Error(err)
	}
}
