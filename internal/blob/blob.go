// Package blob keeps bytes under their SHA-256, in a folder or in a bucket that speaks S3.
//
// It knows nothing of cases, names or rights: a document is a row elsewhere that
// refers to bytes here, and a download asks that row, never the hash. The same bytes
// are kept once. What Put has answered is kept, whole, whatever happens next; what was
// being written when the power went is swept at the next Open. A folder serves one
// machine; several nodes share a bucket.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lienthong/internal/fault"
)

// A Hash is the SHA-256 of some bytes as 64 lower-case hexadecimal letters.
type Hash string

// Valid says whether h has the form of a hash; nothing else may become a path.
func (h Hash) Valid() bool {
	if len(h) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(h) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// A Store keeps bytes. It is safe for use by many goroutines, and by several processes:
// of one machine when it is a folder, of any when it is a bucket.
type Store struct {
	kept keeper
	tmp  string // the folder in which uploads are written and hashed before they are kept
}

// A keeper is a place for bytes whose hash is known to be right.
type keeper interface {
	// place keeps the finished file f as h, durably; bytes that are there already become young.
	place(f *os.File, h Hash, size int64) error
	open(h Hash) (File, error)
	touch(h Hash) error
	// removeOld and remove are as the Store's methods of that name.
	removeOld(h Hash, before time.Time) (did bool, err error)
	remove(h Hash) error
	list(each func(Item) error) error
}

// A File is kept bytes, open for reading.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// Size returns the length of a file in bytes and leaves it at its beginning.
func Size(f File) (int64, error) {
	n, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	return n, err
}

// Open opens the store at address: a folder, which is made if it is missing, or a bucket
// written s3://bucket/prefix?endpoint=https://…&region=…, whose keys stand in the
// environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Uploads to a bucket are written
// to the system's temporary folder first.
func Open(address string) (s *Store, err error) {
	defer fault.Wrap(&err, "open blobs")
	if strings.HasPrefix(address, bucketScheme) {
		b, err := openBucket(address)
		if err != nil {
			return nil, err
		}
		tmp := filepath.Join(os.TempDir(), "lienthong-put")
		return &Store{b, tmp}, os.MkdirAll(tmp, 0o700)
	}
	f := &folder{address}
	if err := os.MkdirAll(f.temp(), 0o750); err != nil {
		return nil, err
	}
	if err := f.putAllBack(); err != nil {
		return nil, err
	}
	return &Store{f, f.temp()}, nil
}

// Sweep removes what uploads left unfinished for longer than stale: an upload of that age
// is nobody's.
func (s *Store) Sweep(stale time.Duration) (err error) {
	defer fault.Wrap(&err, "sweep unfinished uploads")
	tmp := s.tmp
	left, err := os.ReadDir(tmp)
	if err != nil {
		return err
	}
	for _, e := range left {
		info, err := e.Info()
		if err != nil || strings.HasPrefix(e.Name(), gone) || time.Since(info.ModTime()) < stale {
			continue // being written, being judged, or gone in the meantime
		}
		if err := os.Remove(filepath.Join(tmp, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put reads r to its end and keeps its bytes, durably, before it answers. More than
// limit bytes are a fault.TooLarge and leave nothing behind. Bytes that are here
// already are not written twice, but count as new for List.
func (s *Store) Put(r io.Reader, limit int64) (h Hash, size int64, err error) {
	defer fault.Wrap(&err, "keep bytes")
	f, err := os.CreateTemp(s.tmp, "put-*")
	if err != nil {
		return "", 0, explain(err)
	}
	defer func() {
		f.Close()
		_ = os.Remove(f.Name()) // gone already when it was moved to its place
	}()
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, explain(err)
	}
	if size > limit {
		return "", 0, fmt.Errorf("more than %d bytes: %w", limit, fault.TooLarge)
	}
	h = Hash(hex.EncodeToString(sum.Sum(nil)))
	return h, size, explain(s.kept.place(f, h, size))
}

// Open gives the bytes of h for reading and seeking; unknown bytes are a
// fault.NotFound. The caller closes the file.
func (s *Store) Open(h Hash) (File, error) {
	if !h.Valid() {
		return nil, fmt.Errorf("bytes %.8q: %w", h, fault.NotFound)
	}
	f, err := s.kept.open(h)
	if err != nil {
		return nil, fmt.Errorf("bytes %.8s: %w", h, explain(err))
	}
	return f, nil
}

// Check reads the bytes of h again and says whether they are still the ones that
// were put: a disk that lost some gives an error of no kind.
func (s *Store) Check(h Hash) (err error) {
	f, err := s.Open(h)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if got := Hash(hex.EncodeToString(sum.Sum(nil))); got != h {
		return fmt.Errorf("bytes %.8s are now %.8s", h, got)
	}
	return nil
}

// Touch says that the bytes of h are wanted from now on, as Put does for bytes that are
// here: RemoveOld leaves them. Unknown bytes are a fault.NotFound.
func (s *Store) Touch(h Hash) error {
	if !h.Valid() {
		return fmt.Errorf("bytes %.8q: %w", h, fault.NotFound)
	}
	if err := s.kept.touch(h); err != nil {
		return fmt.Errorf("bytes %.8s: %w", h, explain(err))
	}
	return nil
}

// RemoveOld takes the bytes of h away unless they were put or touched since before; did
// says whether they went. It is safe beside a Put of the same bytes, which either makes
// them young first or leaves them whole.
func (s *Store) RemoveOld(h Hash, before time.Time) (did bool, err error) {
	if !h.Valid() {
		return false, nil
	}
	defer fault.Wrap(&err, "remove bytes %.8s", h)
	return s.kept.removeOld(h, before)
}

// Remove takes the bytes of h away for good; it is no error when they are gone.
// Who may still need them, backups included, is the caller's to know.
func (s *Store) Remove(h Hash) (err error) {
	if !h.Valid() {
		return nil
	}
	defer fault.Wrap(&err, "remove bytes %.8s", h)
	return s.kept.remove(h)
}

// An Item is what List tells of kept bytes.
type Item struct {
	Hash  Hash
	Size  int64     // bytes
	PutAt time.Time // when they were put last
}

// List calls each for all kept bytes, in the order of their hashes. Bytes that are
// put or removed meanwhile may be told or not.
func (s *Store) List(each func(Item) error) error { return s.kept.list(each) }

// explain gives the file system's errors the kinds the rest of the program knows.
func explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", fault.NotFound, err)
	case isFull(err):
		return fmt.Errorf("%w: %w", fault.Full(), err)
	}
	return err
}
