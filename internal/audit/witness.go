package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// The witness folder: "key", the key it was begun under, "change.<n>" for each change of
// the key since the log began, "checkpoint.<size>", and tiles under the paths of tlog.
const (
	keyFile          = "key"
	changePrefix     = "change."
	checkpointPrefix = "checkpoint."
)

// Export writes the newest checkpoint, the tiles up to it and the public key to dir,
// for an outsider to keep (thư mục chứng), and returns how many entries they cover. It
// appends to an older export of the same log; it never overwrites what disagrees: a
// folder that the log no longer continues is a fault.Conflict and stays as it was.
func Export(ctx context.Context, d *db.DB, dir string) (size int64, err error) {
	defer fault.Wrap(&err, "export log")
	if _, err := Prepare(ctx, d); err != nil {
		return 0, err
	}
	var h head
	var key string
	var changes []string
	if err := d.View(ctx, func(tx *db.Tx) error { // in one snapshot: the key is the one that signed the head
		if key, err = Verifier(tx); err != nil {
			return err
		}
		if changes, err = changeNotes(tx); err != nil {
			return err
		}
		h, err = readHead(tx)
		return err
	}); err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	keys, err := exportKeys(dir, key, changes)
	if err != nil {
		return 0, err
	}
	old, err := newestMark(dir, keys)
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

// exportKeys writes the key to a new folder and the changes of it that an older one has
// not seen, and returns the keys from the folder's to the server's. A folder from whose
// key no change leads there is a fault.Conflict.
func exportKeys(dir, key string, changes []string) (keys ring, err error) {
	path := filepath.Join(dir, keyFile)
	if err := keepFirst(path, []byte(key+"\n")); err != nil {
		return keys, err
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		return keys, err
	}
	if keys, err = newRing(strings.TrimSpace(string(kept)), changes); err != nil || keys.last() != key {
		return keys, errors.Join(differs(path), err)
	}
	for i, c := range changes {
		if err := keep(filepath.Join(dir, fmt.Sprintf("%s%d", changePrefix, i+1)), []byte(c)); err != nil {
			return keys, err
		}
	}
	return keys, nil
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
