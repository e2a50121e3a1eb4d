package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

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
