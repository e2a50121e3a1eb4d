package audit

import (
	"context"
	"database/sql"
	"time"

	"lienthong/internal/db"
)

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
