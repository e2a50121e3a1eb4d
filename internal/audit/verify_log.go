package audit

import (
	"context"
	"database/sql"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
)

// readLog walks all positions, those of the witness too when the log is shorter.
func (v *verifier) readLog(ctx context.Context) error {
	v.tiles.full = func(level int, n int64, b []byte) error {
		if level > 0 {
			v.upper = append(v.upper, upperTile{level, n, b})
		}
		return nil
	}
	total := max(v.head.size, int64(len(v.witness.nodes)))
	for from := int64(0); from < total; from += verifyChunk {
		to := min(from+verifyChunk, total)
		have, stored, err := v.readChunk(ctx, from, min(to, v.head.size))
		if err != nil {
			return err
		}
		for seq := from; seq < to; seq++ {
			if err := v.atChange(seq); err != nil {
				return err
			}
			if err := v.position(seq, stored[seq], have[seq]); err != nil {
				return err
			}
		}
		v.progress(to - from)
	}
	return v.atChange(v.head.size)
}

// atChange compares the tree of the first size entries with what an old key signed when
// it handed over to the next at that size: who has the new key alone cannot rewrite what
// was there before it.
func (v *verifier) atChange(size int64) error {
	for _, c := range v.keys.changes {
		if c.Size != size || v.tiles.size != size {
			continue
		}
		root, err := v.tiles.root()
		if err != nil {
			return err
		}
		if root != c.root {
			v.r.add(Damaged, "", -1, "%d mục đầu không còn như lúc đổi khóa ký (%s): khóa cũ đã ký một dấu tổng khác.", size, clock(c.At))
		}
	}
	return nil
}

// Progress is told by leaves; the whole may grow while it runs, since the office works on.
func (v *verifier) progress(n int64) {
	v.done += n
	if v.Progress != nil {
		v.Progress(v.done, max(v.head.size, v.done))
	}
}

// readChunk reads what stands at the positions from … to-1: the leaf rows with their
// entries' hashes, and the hashes in the tiles.
func (v *verifier) readChunk(ctx context.Context, from, to int64) (have map[int64]*item, stored map[int64]*tlog.Hash, err error) {
	err = v.db.View(ctx, func(tx *db.Tx) error {
		have, stored = map[int64]*item{}, map[int64]*tlog.Hash{}
		if from >= to {
			return nil
		}
		rows, err := leafRows(tx, `SELECT ref, hash, seq FROM leaf WHERE seq IS NOT NULL AND seq >= $1 AND seq < $2 ORDER BY seq`, from, to)
		if err != nil {
			return err
		}
		items, err := v.compare(tx, rows)
		if err != nil {
			return err
		}
		for _, it := range items {
			have[it.Seq] = it
		}
		tiles, err := readTiles(tx, 0, from/tileWidth, verifyChunk/tileWidth)
		for i, b := range tiles {
			for k := range len(b) / tlog.HashSize {
				h := hashAt(b, k)
				if seq := from + int64(i*tileWidth+k); seq < to {
					stored[seq] = &h
				}
			}
		}
		return err
	})
	return have, stored, err
}

// The leaves of a query.
func leafRows(tx *db.Tx, query string, args ...any) (all []Leaf, err error) {
	err = tx.All(query, args, func(r *sql.Rows) error {
		l, err := scanLeaf(r)
		all = append(all, l)
		return err
	})
	return all, err
}

// compare recomputes the entries of some leaves.
func (v *verifier) compare(tx *db.Tx, leaves []Leaf) ([]*item, error) {
	refs := make([]string, len(leaves))
	for i, l := range leaves {
		refs[i] = l.Ref
	}
	now := map[string]Hash{}
	if len(refs) > 0 {
		var err error
		if now, err = v.Hashes(tx, refs); err != nil {
			return nil, err
		}
	}
	all := make([]*item, len(leaves))
	for i, l := range leaves {
		it := &item{Leaf: l}
		h, ok := now[l.Ref]
		if !ok {
			h, it.missing = l.Hash, true
			v.r.add(Dropped, l.Ref, l.Seq, "Mục %s (vị trí %d) đã bị xóa: nhật ký còn dấu, hồ sơ không còn mục.", l.Ref, l.Seq)
		}
		it.node = node(l.Ref, h)
		if h != l.Hash && l.Seq >= 0 {
			v.broken[l.Seq] = true
		}
		all[i] = it
	}
	return all, nil
}

// position takes one position into both trees and both comparisons.
func (v *verifier) position(seq int64, stored *tlog.Hash, have *item) error {
	if seq < v.head.size {
		if have == nil {
			v.holes = true
		} else if err := v.leaves.add(have.node); err != nil {
			return err
		}
		if stored == nil {
			v.short = true
		} else if err := v.tiles.add(*stored); err != nil {
			return err
		}
		v.inner.feed(seq, stored, have)
		if v.broken[seq] && have != nil {
			v.judgeRow(seq, stored, have)
		}
	}
	if seq < int64(len(v.witness.nodes)) {
		v.outer.feed(seq, &v.witness.nodes[seq], have)
	} else {
		v.outer.feed(seq, nil, have)
	}
	return nil
}
