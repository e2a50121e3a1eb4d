package blob

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"lienthong/internal/fault"
)

// openS3 gives a store in a bucket of a server that speaks S3 over a socket, with
// signatures and errors as the protocol has them. It is not one of the servers an office
// would run: those are tried by whoever installs them, with `lienthong files check`.
func openS3(t *testing.T) (*Store, string) {
	t.Helper()
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "thu")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "thu-kho-tep")
	address := "s3://kho/tinh?region=vn-1&endpoint=" + server.URL
	if _, err := Open(address); fault.Kind(err) == nil {
		t.Fatalf("a bucket that is not there: %v", err)
	}
	if err := makeBucket(server.URL, "kho"); err != nil {
		t.Fatal(err)
	}
	s, err := Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return s, address
}

func TestBucketKeepsBytes(t *testing.T) {
	s, address := openS3(t)
	h := put(t, s, "Biên bản họp")
	if put(t, s, "Biên bản họp") != h {
		t.Error("the same bytes have two hashes")
	}
	other, err := Open(address) // another node
	if err != nil {
		t.Fatal(err)
	}
	f, err := other.Open(h)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); string(b) != "Biên bản họp" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}
	part := make([]byte, 5)
	if _, err := f.ReadAt(part, 1); err != nil || string(part) != "Biên bản họp"[1:6] {
		t.Errorf("read %q from the second byte, %v", part, err)
	}
	if err := other.Check(h); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Put(bytes.NewReader(make([]byte, 11)), 10); !errors.Is(err, fault.TooLarge) {
		t.Errorf("eleven bytes with a limit of ten: %v", err)
	}
	if left, _ := os.ReadDir(s.tmp); len(left) != 0 {
		t.Errorf("%d unfinished files left", len(left))
	}
}

func TestBucketDoesNotKnow(t *testing.T) {
	s, _ := openS3(t)
	unknown := Hash(strings.Repeat("a", 64))
	for _, h := range []Hash{unknown, "", "../../etc/passwd"} {
		if _, err := s.Open(h); !errors.Is(err, fault.NotFound) {
			t.Errorf("Open(%q): %v, want not found", h, err)
		}
		if err := s.Touch(h); !errors.Is(err, fault.NotFound) {
			t.Errorf("Touch(%q): %v, want not found", h, err)
		}
		if err := s.Remove(h); err != nil {
			t.Errorf("Remove(%q): %v", h, err)
		}
	}
}

func TestBucketLists(t *testing.T) {
	s, _ := openS3(t)
	for i := range 30 {
		put(t, s, fmt.Sprint(i))
	}
	last, n := Hash(""), 0
	if err := s.List(func(i Item) error {
		if i.Hash <= last || i.Size == 0 || time.Since(i.PutAt) > time.Hour {
			t.Errorf("item %+v after %s", i, last)
		}
		last, n = i.Hash, n+1
		return nil
	}); err != nil || n != 30 {
		t.Errorf("%d items, %v", n, err)
	}
	stop := errors.New("enough")
	if err := s.List(func(Item) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a listing that is stopped: %v", err)
	}
}

// Old bytes go in two rounds; between them whoever still names them finds them.
func TestBucketRemovesOldInTwoRounds(t *testing.T) {
	s, _ := openS3(t)
	h := put(t, s, "không ai nêu")
	later := time.Now().Add(time.Hour)
	if did, err := s.RemoveOld(h, time.Now().Add(-time.Hour)); did || err != nil || s.Check(h) != nil {
		t.Errorf("young bytes went: %v, %v", did, err)
	}
	if did, err := s.RemoveOld(h, later); did || err != nil {
		t.Errorf("first round: %v, %v", did, err)
	}
	if _, err := s.kept.(*bucket).get(h); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still in its place: %v", err)
	}
	told := 0
	if err := s.List(func(i Item) error { told++; return nil }); err != nil || told != 1 {
		t.Errorf("%d told of while set aside, %v", told, err)
	}
	if err := s.Check(h); err != nil { // somebody names them after all
		t.Errorf("set aside and asked for: %v", err)
	}
	for round := range 2 {
		did, err := s.RemoveOld(h, later)
		if err != nil || did {
			t.Errorf("round %d: %v, %v", round, did, err)
		}
		if round == 0 && s.Touch(h) != nil {
			t.Error("touched while set aside: not found")
		}
	}
	for range 2 { // what open and touch put back, and the copy aside
		if _, err := s.RemoveOld(h, later); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(h); !errors.Is(err, fault.NotFound) {
		t.Errorf("after the last round: %v", err)
	}
}

func TestBucketAddress(t *testing.T) {
	for _, address := range []string{"s3://", "s3://kho", "s3://kho?endpoint=kho.tinh.vn", "s3://kho?endpoint=ftp://x", "s3://%zz"} {
		if _, err := Open(address); fault.Kind(err) == nil {
			t.Errorf("Open(%q): %v, want a refusal that names the field", address, err)
		}
	}
}
