package audit

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Check says what Verify compares the log with.
type Check struct {
	// Key is the public key that an outsider kept. When empty, the witness folder's is
	// taken, else the server's own, and the report says so.
	Key string
	// Witness is the folder an outsider kept; empty for inner consistency only.
	Witness string
	// Hashes recomputes the hashes of the named entries from their stored bytes; one
	// that does not exist is absent.
	Hashes func(tx *db.Tx, refs []string) (map[string]Hash, error)
	// Refs returns at most limit refs of existing entries behind the ref after, in any
	// fixed order of the caller's; "" starts, an empty page ends.
	Refs func(tx *db.Tx, after string, limit int) ([]string, error)
	// Progress, when set, hears how much of the work is done.
	Progress func(done, total int64)
}

// verifyChunk is how many positions are read in one view: whole tiles.
const verifyChunk = 4 * tileWidth

// Verify compares every entry with its leaf, the leaves with the tiles, the tiles with
// the signed checkpoint, and all with the witness folder. What does not hold is in the
// report; an error means that the check itself could not be done. It may run beside
// writers: what is sealed does not change, so it needs no long snapshot.
func Verify(ctx context.Context, d *db.DB, c Check) (r *Report, err error) {
	defer fault.Wrap(&err, "verify log")
	v := &verifier{Check: c, db: d, r: &Report{}}
	steps := []func(context.Context) error{v.start, v.loadWitness, v.readLog, v.judgeTree, v.waiting, v.entries}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return v.r, nil
}

type verifier struct {
	Check
	db *db.DB
	r  *Report

	head    head
	mark    Mark // what the checkpoint says; zero when its signature fails
	signed  bool
	witness witness
	tiles   edge // the tree over what tile level 0 holds
	leaves  edge // the tree over the entries as they stand now
	holes   bool // a position without leaf or tile: leaves or tiles give no root
	short   bool
	broken  map[int64]bool // positions whose leaf row and entry do not agree
	inner   comparison     // sealed: the tiles
	outer   comparison     // sealed: the witness
	lost    map[tlog.Hash]int64
	upper   []upperTile // the tiles above the leaves as the leaves give them
	done    int64
}

type upperTile struct {
	level int
	n     int64
	bytes []byte
}

// start reads the head and opens its checkpoint.
func (v *verifier) start(ctx context.Context) error {
	var own string
	beyond := []Leaf{}
	err := v.db.View(ctx, func(tx *db.Tx) (err error) {
		if own, err = Verifier(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		v.head, err = readHead(tx)
		if errors.Is(err, fault.NotFound) {
			v.r.add(Damaged, "", -1, "Nhật ký mất dòng ghi số mục và dấu tổng.")
		} else if err != nil {
			return err
		}
		beyond, err = ByPosition(tx, v.head.size, keptFindings)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.chooseKey(own); err != nil {
		return err
	}
	v.r.Size, v.lost, v.broken = v.head.size, map[tlog.Hash]int64{}, map[int64]bool{}
	for _, l := range beyond {
		v.r.add(Damaged, l.Ref, l.Seq, "Mục %s có vị trí %d mà nhật ký chỉ ghi %d mục.", l.Ref, l.Seq, v.head.size)
	}
	v.openHead()
	return nil
}

// chooseKey takes the key given, else the folder's, else the server's.
func (v *verifier) chooseKey(own string) error {
	v.Key = strings.TrimSpace(v.Key)
	if v.Key == "" && v.Witness != "" {
		b, err := os.ReadFile(filepath.Join(v.Witness, keyFile))
		if err != nil {
			return err
		}
		v.Key = strings.TrimSpace(string(b))
	}
	if v.Key == "" {
		v.Key, v.r.OwnKey = own, true
	}
	v.r.Key = v.Key
	if own != "" && own != v.Key {
		v.r.add(Damaged, "", -1, "Khóa của máy chủ không phải khóa đã cho.")
	}
	return nil
}

// openHead checks the signature under the head and that the head says the same.
func (v *verifier) openHead() {
	if !v.head.signed {
		if v.head.size > 0 || v.Witness != "" {
			v.r.add(Damaged, "", -1, "Nhật ký không có điểm chốt đã ký.")
		}
		return
	}
	m, err := openCheckpoint(v.head.checkpoint, v.Key)
	if err != nil {
		v.r.add(Damaged, "", -1, "Chữ ký dưới điểm chốt của nhật ký không đúng với khóa.")
		return
	}
	v.mark, v.signed, v.r.At = m, true, m.At
	if m.Size != v.head.size {
		v.r.add(Damaged, "", -1, "Nhật ký ghi %d mục mà điểm chốt đã ký ghi %d mục.", v.head.size, m.Size)
	} else if m.root != v.head.root {
		v.r.add(Damaged, "", -1, "Dấu tổng của nhật ký khác với điểm chốt đã ký.")
	}
}

// loadWitness reads the folder and says what of it cannot be believed.
func (v *verifier) loadWitness(context.Context) (err error) {
	if v.Witness == "" {
		return nil
	}
	if v.witness, err = readWitness(v.Witness, v.Key); err != nil {
		return err
	}
	for _, name := range v.witness.bad {
		v.r.add(Damaged, "", -1, "Tệp %s trong thư mục chứng không khớp với chữ ký hoặc với các tệp khác; không dùng được.", name)
	}
	if n := len(v.witness.marks); n > 0 {
		v.r.Witnessed, v.r.WitnessSize, v.r.WitnessAt = true, v.witness.marks[n-1].Size, v.witness.marks[n-1].At
	}
	return nil
}

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
			if err := v.position(seq, stored[seq], have[seq]); err != nil {
				return err
			}
		}
		v.progress(to - from)
	}
	return nil
}

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

// waiting compares the entries whose leaf has no position yet.
func (v *verifier) waiting(ctx context.Context) error {
	at, ref := "", ""
	for {
		n := 0
		err := v.db.View(ctx, func(tx *db.Tx) error {
			rows, err := leafRows(tx, `SELECT ref, hash, -1 FROM leaf WHERE seq IS NULL AND (left_at, ref) > ($1, $2)
				ORDER BY left_at, ref LIMIT $3`, at, ref, verifyChunk)
			if n = len(rows); err != nil || n == 0 {
				return err
			}
			ref = rows[n-1].Ref
			items, err := v.compare(tx, rows)
			if err != nil {
				return err
			}
			for _, it := range items {
				if seq, ok := v.lost[it.node]; ok {
					v.r.name(seq, it.Ref)
				}
				if it.node != node(it.Ref, it.Hash) {
					v.r.add(Edited, it.Ref, -1, "Mục %s đã bị sửa trong lúc chờ đóng dấu.", it.Ref)
				}
			}
			var left time.Time
			err = tx.One(`SELECT left_at FROM leaf WHERE ref = $1`, []any{ref}, db.Instant(&left))
			at = db.FormatInstant(left)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		v.r.Pending += int64(n)
	}
}

// entries looks for entries that have no leaf.
func (v *verifier) entries(ctx context.Context) error {
	after := ""
	for {
		n := 0
		err := v.db.View(ctx, func(tx *db.Tx) error {
			refs, err := v.Refs(tx, after, verifyChunk)
			if n = len(refs); err != nil || n == 0 {
				return err
			}
			after = refs[n-1]
			known := make(map[string]bool, n)
			if err := leavesOf(tx, refs, func(ref string, _ sql.NullInt64) { known[ref] = true }); err != nil {
				return err
			}
			var bare []string
			for _, ref := range refs {
				if !known[ref] {
					bare = append(bare, ref)
				}
			}
			return v.bare(tx, bare)
		})
		if err != nil || n == 0 {
			return err
		}
		v.r.Entries += int64(n)
	}
}

// bare tells entries whose leaf was removed from those that never had one: what was
// sealed at the empty position says which.
func (v *verifier) bare(tx *db.Tx, refs []string) error {
	if len(refs) == 0 {
		return nil
	}
	now, err := v.Hashes(tx, refs)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if seq, ok := v.lost[node(ref, now[ref])]; ok {
			v.r.name(seq, ref)
			continue
		}
		v.r.add(Unlogged, ref, -1, "Mục %s không có dấu trong nhật ký: được thêm không qua hệ thống, hoặc đã bị sửa và dấu bị xóa.", ref)
	}
	return nil
}
