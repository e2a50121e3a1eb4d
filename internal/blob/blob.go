// Package blob keeps bytes under their SHA-256 in a folder.
//
// It knows nothing of cases, names or rights: a document is a row elsewhere that
// refers to bytes here, and a download asks that row, never the hash. The same bytes
// are kept once. What Put has answered is on the disk, whole, whatever happens next;
// what was being written when the power went is swept at the next Open.
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

// A Store is one folder of bytes. It is safe for use by many goroutines, and by
// several processes of one machine.
type Store struct{ dir string }

// staleAfter is when an unfinished upload is nobody's: far longer than any upload.
const staleAfter = 24 * time.Hour

// Open opens the store in dir, makes the folder if it is missing, and sweeps what
// uploads left unfinished a day ago.
func Open(dir string) (s *Store, err error) {
	defer fault.Wrap(&err, "open blobs")
	s = &Store{dir}
	if err := os.MkdirAll(s.temp(), 0o750); err != nil {
		return nil, err
	}
	left, err := os.ReadDir(s.temp())
	if err != nil {
		return nil, err
	}
	for _, e := range left {
		if h, ok := strings.CutPrefix(e.Name(), gone); ok { // a power cut while it was judged: it stays
			if err := s.putBack(Hash(h)); err != nil {
				return nil, err
			}
			continue
		}
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < staleAfter {
			continue // being written, or gone in the meantime
		}
		if err := os.Remove(filepath.Join(s.temp(), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return s, nil
}

func (s *Store) putBack(h Hash) error {
	if !h.Valid() {
		return nil
	}
	err := os.Rename(filepath.Join(s.temp(), gone+string(h)), s.path(h))
	if errors.Is(err, fs.ErrNotExist) { // another process was quicker
		return nil
	}
	return err
}

func (s *Store) temp() string { return filepath.Join(s.dir, "tmp") }

// path spreads the files over 256 folders: one folder of a million files is slow to list.
func (s *Store) path(h Hash) string { return filepath.Join(s.dir, string(h[:2]), string(h)) }

// Put reads r to its end and keeps its bytes, durably, before it answers. More than
// limit bytes are a fault.TooLarge and leave nothing behind. Bytes that are here
// already are not written twice, but count as new for List.
func (s *Store) Put(r io.Reader, limit int64) (h Hash, size int64, err error) {
	defer fault.Wrap(&err, "keep bytes")
	f, err := os.CreateTemp(s.temp(), "put-*")
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
	return h, size, explain(s.place(f, h))
}

// place moves a finished file to its name. The file reaches the disk before its name
// does, and the name before the answer.
func (s *Store) place(f *os.File, h Hash) error {
	now := time.Now()
	if err := os.Chtimes(s.path(h), now, now); err == nil {
		return nil // here already; its new time keeps a sweep of unused bytes away
	}
	if err := f.Sync(); err != nil {
		return err
	}
	folder := filepath.Dir(s.path(h))
	if err := os.Mkdir(folder, 0o750); err == nil {
		if err := syncFolder(s.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(f.Name(), s.path(h)); err != nil {
		return err
	}
	return syncFolder(folder)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open gives the bytes of h for reading and seeking; unknown bytes are a
// fault.NotFound. The caller closes the file.
func (s *Store) Open(h Hash) (*os.File, error) {
	if !h.Valid() {
		return nil, fmt.Errorf("bytes %.8q: %w", h, fault.NotFound)
	}
	f, err := os.Open(s.path(h))
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
	now := time.Now()
	if err := os.Chtimes(s.path(h), now, now); err != nil {
		return fmt.Errorf("bytes %.8s: %w", h, explain(err))
	}
	return nil
}

// gone begins the names of files that are being taken away.
const gone = "gone-"

// RemoveOld takes the bytes of h away unless they were put or touched since before; did
// says whether they went. It is safe beside a Put of the same bytes: the file steps
// aside before it is judged, so that a Put either makes it young first or writes anew.
func (s *Store) RemoveOld(h Hash, before time.Time) (did bool, err error) {
	if !h.Valid() {
		return false, nil
	}
	defer fault.Wrap(&err, "remove bytes %.8s", h)
	aside := filepath.Join(s.temp(), gone+string(h))
	if err := os.Rename(s.path(h), aside); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, err
	}
	info, err := os.Stat(aside)
	if err != nil {
		return false, err
	}
	if !info.ModTime().Before(before) {
		return false, os.Rename(aside, s.path(h))
	}
	if err := os.Remove(aside); err != nil {
		return false, err
	}
	return true, syncFolder(filepath.Dir(s.path(h)))
}

// Remove takes the bytes of h away for good; it is no error when they are gone.
// Who may still need them, backups included, is the caller's to know.
func (s *Store) Remove(h Hash) error {
	if !h.Valid() {
		return nil
	}
	if err := os.Remove(s.path(h)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("remove bytes %.8s: %w", h, err)
	}
	return syncFolder(filepath.Dir(s.path(h)))
}

// An Item is what List tells of kept bytes.
type Item struct {
	Hash  Hash
	Size  int64     // bytes
	PutAt time.Time // when they were put last
}

// List calls each for all kept bytes, in the order of their hashes. Bytes that are
// put or removed meanwhile may be told or not.
func (s *Store) List(each func(Item) error) error {
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("list bytes: %w", err)
	}
	for _, folder := range folders {
		if len(folder.Name()) != 2 {
			continue
		}
		files, err := os.ReadDir(filepath.Join(s.dir, folder.Name()))
		if err != nil {
			return fmt.Errorf("list bytes: %w", err)
		}
		for _, f := range files {
			info, err := f.Info()
			if err != nil || !Hash(f.Name()).Valid() {
				continue // removed in the meantime, or not ours
			}
			if err := each(Item{Hash(f.Name()), info.Size(), info.ModTime()}); err != nil {
				return err
			}
		}
	}
	return nil
}

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
