package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A folder keeps each hash as a file.
type folder struct{ dir string }

// Files are written here and renamed into place: half a file never stands under a hash.
func (s *folder) temp() string { return filepath.Join(s.dir, "tmp") }

// path spreads the files over 256 folders: one folder of a million files is slow to list.
func (s *folder) path(h Hash) string { return filepath.Join(s.dir, string(h[:2]), string(h)) }

// putAllBack gives back what was being judged when the power went: it stays.
func (s *folder) putAllBack() error {
	left, err := os.ReadDir(s.temp())
	if err != nil {
		return err
	}
	for _, e := range left {
		if h, ok := strings.CutPrefix(e.Name(), gone); ok {
			if err := s.putBack(Hash(h)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Takes a file back that was set aside for removal, when somebody put the same bytes again meanwhile.
func (s *folder) putBack(h Hash) error {
	if !h.Valid() {
		return nil
	}
	err := os.Rename(filepath.Join(s.temp(), gone+string(h)), s.path(h))
	if errors.Is(err, fs.ErrNotExist) { // another process was quicker
		return nil
	}
	return err
}

// place moves a finished file to its name. The file reaches the disk before its name
// does, and the name before the answer.
func (s *folder) place(f *os.File, h Hash, _ int64) error {
	if s.young(h) {
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

// A rename is durable only when its folder is.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// A missing file is fs.ErrNotExist, as from every store.
func (s *folder) open(h Hash) (File, error) { return os.Open(s.path(h)) }

// touchTries is how often touch looks again for a file that steps aside to be judged.
const touchTries = 50

// The time of a file keeps it from being collected while a case that names it is still being written.
func (s *folder) touch(h Hash) error {
	for range touchTries {
		if s.young(h) {
			return nil
		}
		if _, err := os.Stat(filepath.Join(s.temp(), gone+string(h))); err != nil {
			break // not aside either
		}
		time.Sleep(time.Millisecond)
	}
	if !s.young(h) { // back from aside between the two looks, or gone
		return fs.ErrNotExist
	}
	return nil
}

// young gives a file the time of now and says whether it is in its place after that. A
// file may step aside in the very moment in which its time is set; then whoever judges it
// may have seen the old time, and only a look afterwards tells.
func (s *folder) young(h Hash) bool {
	now := time.Now()
	if os.Chtimes(s.path(h), now, now) != nil {
		return false
	}
	_, err := os.Stat(s.path(h))
	return err == nil
}

// gone begins the names of files that are being taken away.
const gone = "gone-"

// removeOld is safe beside a Put of the same bytes: the file steps aside before it is
// judged, so that a Put either makes it young first or writes anew.
func (s *folder) removeOld(h Hash, before time.Time) (did bool, err error) {
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

// Removing what is gone already is no error: two nodes may collect at once.
func (s *folder) remove(h Hash) error {
	if err := os.Remove(s.path(h)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncFolder(filepath.Dir(s.path(h)))
}

// Folders are named by the first two letters of a hash, so that none holds a million names.
func (s *folder) list(each func(Item) error) error {
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
