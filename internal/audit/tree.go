package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
)

const (
	tileHeight = 8               // a tile spans eight levels of the tree
	tileWidth  = 1 << tileHeight // so many hashes stand in a full tile
)

// An edge is the right rim of the tree: of each level the last tile that is not yet
// full. It is all that is needed to append leaves and to compute the root.
type edge struct {
	size int64     // leaves so far
	rim  []rimTile // by level
	full func(level int, n int64, bytes []byte) error
}

// The unfinished tile of a level, with whether it must be written.
type rimTile struct {
	n     int64
	bytes []byte
	dirty bool // differs from what is stored
}

// add appends one leaf; every tile that it fills goes to e.full, when set.
func (e *edge) add(h tlog.Hash) error {
	e.size++
	return e.push(0, h)
}

// A full tile is hashed upward and the level begins a new one; that is all of the tree that is kept in
// memory.
func (e *edge) push(level int, h tlog.Hash) error {
	if level == len(e.rim) {
		e.rim = append(e.rim, rimTile{})
	}
	t := &e.rim[level]
	t.bytes, t.dirty = append(t.bytes, h[:]...), true
	if len(t.bytes) < tileWidth*tlog.HashSize {
		return nil
	}
	if e.full != nil {
		if err := e.full(level, t.n, t.bytes); err != nil {
			return err
		}
	}
	up := fold(t.bytes)
	e.rim[level] = rimTile{n: t.n + 1}
	return e.push(level+1, up)
}

// fold computes the hash of the subtree under a full tile.
func fold(tile []byte) tlog.Hash {
	row := make([]tlog.Hash, len(tile)/tlog.HashSize)
	for i := range row {
		row[i] = hashAt(tile, i)
	}
	for len(row) > 1 {
		for i := 0; i < len(row)/2; i++ {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// hashAt returns the ith hash of a tile.
func hashAt(tile []byte, i int) (h tlog.Hash) {
	copy(h[:], tile[i*tlog.HashSize:])
	return h
}

// root computes the tree's root from the rim alone.
func (e *edge) root() (tlog.Hash, error) {
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		all := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			t := tlog.TileForIndex(tileHeight, index)
			if t.L >= len(e.rim) {
				return nil, fmt.Errorf("no tile of level %d", t.L)
			}
			h, err := tlog.HashFromTile(t, e.rim[t.L].bytes, index)
			if err != nil {
				return nil, err
			}
			all[i] = h
		}
		return all, nil
	}))
}

// loadEdge reads the rim of a tree of this size from the store.
func loadEdge(tx *db.Tx, size int64) (*edge, error) {
	e := &edge{size: size}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		count := size >> (tileHeight * level)
		t := rimTile{n: count / tileWidth}
		if w := int(count % tileWidth); w > 0 {
			b, err := readTile(tx, level, t.n)
			if err != nil {
				return nil, err
			}
			if len(b) < w*tlog.HashSize {
				return nil, fmt.Errorf("tile %d/%d is shorter than the log: damaged", level, t.n)
			}
			t.bytes = b[:w*tlog.HashSize]
		}
		e.rim = append(e.rim, t)
	}
	return e, nil
}
