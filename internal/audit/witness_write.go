package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/fault"
)

// keep writes a file unless it stands there with the same bytes; other bytes are a
// fault.Conflict.
func keep(name string, b []byte) error {
	old, err := os.ReadFile(name)
	if err == nil && !bytes.Equal(old, b) {
		return differs(name)
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return write(name, b)
}

// A witness folder is only ever added to. One that differs is never overwritten: it is the proof.
func differs(name string) error {
	return fault.Refuse(fault.Conflict, "Tệp %s trong thư mục chứng khác với nhật ký. Hãy chạy kiểm tra nhật ký với thư mục này.", filepath.Base(name))
}

// keepFirst writes a file unless there is one: the first checkpoint of a size stays.
func keepFirst(name string, b []byte) error {
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return write(name, b)
}

// write puts a whole file in place or none, also when the machine stops in between.
func write(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// dropPartials removes the narrower versions of the tiles just written: their bytes
// are the beginning of the wider ones.
func dropPartials(dir string, fresh []tlog.Tile) error {
	for _, t := range fresh {
		full := t
		full.W = tileWidth
		folder := filepath.Join(dir, filepath.FromSlash(full.Path())) + ".p"
		names, err := os.ReadDir(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, n := range names {
			if t.W < tileWidth && n.Name() == fmt.Sprint(t.W) {
				continue
			}
			if err := os.Remove(filepath.Join(folder, n.Name())); err != nil {
				return err
			}
		}
		if t.W == tileWidth {
			if err := os.Remove(folder); err != nil {
				return err
			}
		}
	}
	return nil
}
