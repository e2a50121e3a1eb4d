package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// The witness folder: "key", "checkpoint.<size>", and tiles under the paths of tlog.
const (
	keyFile          = "key"
	checkpointPrefix = "checkpoint."
)

// Export writes the newest checkpoint, the tiles up to it and the public key to dir,
// for an outsider to keep (thư mục chứng), and returns how many entries they cover. It
// appends to an older export of the same log; it never overwrites what disagrees: a
// folder that the log no longer continues is a fault.Conflict and stays as it was.
func Export(ctx context.Context, d *db.DB, dir string) (size int64, err error) {
	defer fault.Wrap(&err, "export log")
	key, err := Prepare(ctx, d)
	if err != nil {
		return 0, err
	}
	var h head
	if err := d.View(ctx, func(tx *db.Tx) error { h, err = readHead(tx); return err }); err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	if err := keep(filepath.Join(dir, keyFile), []byte(key+"\n")); err != nil {
		return 0, err
	}
	old, err := newestMark(dir, key)
	if err != nil {
		return 0, err
	}
	if err := d.View(ctx, func(tx *db.Tx) error { return continues(tx, h, old) }); err != nil {
		return 0, err
	}
	fresh := tlog.NewTiles(tileHeight, old.Size, h.size)
	if err := exportTiles(ctx, d, h, dir, fresh); err != nil {
		return 0, err
	}
	name := filepath.Join(dir, fmt.Sprintf("%s%d", checkpointPrefix, h.size))
	if h.size > old.Size || h.size == 0 {
		if err := keepFirst(name, []byte(h.checkpoint)); err != nil {
			return 0, err
		}
	}
	return h.size, dropPartials(dir, fresh)
}

// continues refuses a folder whose newest checkpoint is not a prefix of the log.
func continues(tx *db.Tx, h head, old Mark) error {
	if old.Size > h.size {
		return fault.Refuse(fault.Conflict, "Thư mục chứng đã có %d mục mà nhật ký chỉ còn %d mục. Hãy chạy kiểm tra nhật ký với thư mục này.", old.Size, h.size)
	}
	if old.Size == 0 {
		return nil
	}
	root, err := tlog.TreeHash(old.Size, h.reader(tx))
	if err != nil {
		return err
	}
	if root != old.root {
		return fault.Refuse(fault.Conflict, "Nhật ký không còn nối tiếp thư mục chứng: %d mục đầu đã khác. Hãy chạy kiểm tra nhật ký với thư mục này.", old.Size)
	}
	return nil
}

// exportTiles writes the tiles, some a transaction, each proven against the head.
func exportTiles(ctx context.Context, d *db.DB, h head, dir string, tiles []tlog.Tile) error {
	const some = 64
	for len(tiles) > 0 {
		part := tiles[:min(some, len(tiles))]
		tiles = tiles[len(part):]
		data := make([][]byte, len(part))
		err := d.View(ctx, func(tx *db.Tx) (err error) {
			r := h.reader(tx)
			for i, t := range part {
				if data[i], err = tlog.ReadTileData(t, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, t := range part {
			if err := keep(filepath.Join(dir, filepath.FromSlash(t.Path())), data[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep writes a file unless it stands there with the same bytes; other bytes are a
// fault.Conflict.
func keep(name string, b []byte) error {
	old, err := os.ReadFile(name)
	if err == nil && !bytes.Equal(old, b) {
		return fault.Refuse(fault.Conflict, "Tệp %s trong thư mục chứng khác với nhật ký. Hãy chạy kiểm tra nhật ký với thư mục này.", filepath.Base(name))
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return write(name, b)
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

// newestMark returns the newest checkpoint of a witness folder, the zero Mark when it
// has none.
func newestMark(dir, key string) (Mark, error) {
	marks, bad, err := readMarks(dir, key)
	if err != nil {
		return Mark{}, err
	}
	if len(bad) > 0 {
		return Mark{}, fault.Refuse(fault.Conflict, "Tệp %s trong thư mục chứng không có chữ ký đúng.", bad[0])
	}
	if len(marks) == 0 {
		return Mark{}, nil
	}
	return marks[len(marks)-1], nil
}

// readMarks reads the checkpoints of a folder in order of size; bad names those that
// the key does not open.
func readMarks(dir, key string) (marks []Mark, bad []string, err error) {
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range names {
		if !strings.HasPrefix(n.Name(), checkpointPrefix) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, n.Name()))
		if err != nil {
			return nil, nil, err
		}
		m, err := openCheckpoint(string(b), key)
		if err != nil {
			bad = append(bad, n.Name())
			continue
		}
		marks = append(marks, m)
	}
	sort.Slice(marks, func(i, j int) bool { return marks[i].Size < marks[j].Size })
	return marks, bad, nil
}

// A witness is what a folder proves by itself.
type witness struct {
	marks []Mark      // the checkpoints that its hashes confirm, by size
	nodes []tlog.Hash // the leaves up to the newest of them
	bad   []string    // files that do not fit
}

// readWitness loads a folder and believes no more of it than its signatures cover.
func readWitness(dir, key string) (w witness, err error) {
	defer fault.Wrap(&err, "witness folder")
	marks, bad, err := readMarks(dir, key)
	w.bad = bad
	if err != nil || len(marks) == 0 {
		return w, err
	}
	nodes, err := readNodes(dir, marks[len(marks)-1].Size)
	if err != nil {
		return w, err
	}
	var e edge
	for _, m := range marks {
		for e.size < m.Size && e.size < int64(len(nodes)) {
			if err := e.add(nodes[e.size]); err != nil {
				return w, err
			}
		}
		root, err := e.root()
		if err != nil {
			return w, err
		}
		if e.size != m.Size || root != m.root {
			w.bad = append(w.bad, fmt.Sprintf("%s%d", checkpointPrefix, m.Size))
			continue
		}
		w.marks, w.nodes = append(w.marks, m), nodes[:m.Size]
	}
	return w, nil
}

// readNodes reads the leaves of a folder up to size, fewer when a file is missing.
func readNodes(dir string, size int64) (nodes []tlog.Hash, err error) {
	for n := int64(0); n*tileWidth < size; n++ {
		t := tlog.Tile{H: tileHeight, N: n, W: int(min(tileWidth, size-n*tileWidth))}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(t.Path())))
		if errors.Is(err, fs.ErrNotExist) {
			return nodes, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range len(b) / tlog.HashSize {
			nodes = append(nodes, hashAt(b, i))
		}
	}
	return nodes, nil
}

// proves returns the newest checkpoint that covers no position from seq on, and the
// oldest that does: between them something happened to it.
func (w witness) proves(seq int64) (before, after Mark) {
	for _, m := range w.marks {
		if m.Size > seq {
			return before, m
		}
		before = m
	}
	return before, Mark{}
}
