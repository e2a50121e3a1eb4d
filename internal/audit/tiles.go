package audit

import (
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// readTile returns the stored bytes of a tile; nil when there is none.
func readTile(tx *db.Tx, level int, n int64) (b []byte, err error) {
	err = tx.One(`SELECT bytes FROM tile WHERE level = $1 AND n = $2`, []any{level, n}, &b)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return b, err
}

// readTiles returns the bytes of count tiles of a level from n on; absent ones are nil.
func readTiles(tx *db.Tx, level int, n int64, count int) ([][]byte, error) {
	all := make([][]byte, count)
	err := tx.All(`SELECT n, bytes FROM tile WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n`,
		[]any{level, n, n + int64(count)}, func(r *sql.Rows) error {
			var at int64
			var b []byte
			if err := r.Scan(&at, &b); err != nil {
				return err
			}
			all[at-n] = b
			return nil
		})
	return all, err
}

// The last tile of a level is written again until it is full; then never.
func writeTile(tx *db.Tx, level int, n int64, b []byte) error {
	_, err := tx.Exec(`INSERT INTO tile (level, n, bytes) VALUES ($1, $2, $3)
		ON CONFLICT (level, n) DO UPDATE SET bytes = excluded.bytes`, level, n, b)
	return err
}

// storeTiles reads tiles for tlog, which proves each against the signed root: a
// damaged tile gives an error, never a wrong proof.
type storeTiles struct {
	tx   *db.Tx
	seen map[tlog.Tile][]byte // read once
}

// reader returns an authenticated reader of the tree under the head.
func (h head) reader(tx *db.Tx) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: h.size, Hash: h.root}, &storeTiles{tx, map[tlog.Tile][]byte{}})
}

// Height implements tlog.TileReader.
func (s *storeTiles) Height() int { return tileHeight }

// ReadTiles implements tlog.TileReader. A stored tile may be wider than asked for: it
// only ever grows at its end.
func (s *storeTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		b, ok := s.seen[t]
		if !ok {
			var err error
			if b, err = readTile(s.tx, t.L, t.N); err != nil {
				return nil, err
			}
			if len(b) < t.W*tlog.HashSize {
				return nil, fmt.Errorf("tile %d/%d is shorter than the log: damaged", t.L, t.N)
			}
			b = b[:t.W*tlog.HashSize]
		}
		all[i] = b
	}
	return all, nil
}

// SaveTiles implements tlog.TileReader: what was proven once need not be read again.
func (s *storeTiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, t := range tiles {
		s.seen[t] = data[i]
	}
}
