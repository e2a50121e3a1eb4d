package audit

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
)

// judgeRow decides between an edited entry and an edited leaf row: the tile knows.
func (v *verifier) judgeRow(seq int64, stored *tlog.Hash, have *item) {
	if stored != nil && have.node == *stored {
		v.r.add(LeafEdited, have.Ref, seq, "Dấu của mục %s (vị trí %d) trong nhật ký đã bị sửa; nội dung mục còn như lúc đóng dấu.", have.Ref, seq)
		return
	}
	v.sayEdited(have.Ref, seq)
}

// A leaf whose event no longer gives its hash.
func (v *verifier) sayEdited(ref string, seq int64) {
	v.r.add(Edited, ref, seq, "Mục %s (vị trí %d) đã bị sửa sau khi đóng dấu%s.", ref, seq, v.between(seq))
}

// between tells the checkpoints of the witness around a position.
func (v *verifier) between(seq int64) string {
	before, after := v.witness.proves(seq)
	switch {
	case after.At.IsZero():
		return ""
	case before.At.IsZero():
		return fmt.Sprintf(" (điểm chốt lúc %s còn ghi đúng)", clock(after.At))
	}
	return fmt.Sprintf(" (đóng dấu giữa hai điểm chốt lúc %s và %s)", clock(before.At), clock(after.At))
}

// judgeTree compares the trees with the signature, then names what differs.
func (v *verifier) judgeTree(ctx context.Context) error {
	if err := v.upperTiles(ctx); err != nil {
		return err
	}
	tilesRoot, err := v.tiles.root()
	if err != nil {
		return err
	}
	leavesRoot, err := v.leaves.root()
	if err != nil {
		return err
	}
	tilesHold := v.signed && !v.short && tilesRoot == v.mark.root
	leavesHold := v.signed && !v.holes && leavesRoot == v.mark.root
	if v.short {
		v.r.add(Damaged, "", -1, "Cây dấu thiếu chỗ: có mảnh ngắn hơn nhật ký.")
	}
	if v.signed && !tilesHold {
		v.r.add(Damaged, "", -1, "Cây dấu không khớp với điểm chốt đã ký lúc %s.", clock(v.mark.At))
	}
	if leavesHold { // what differs from the tiles then is the tiles' fault
		v.badTiles()
	} else {
		v.explain(&v.inner, false)
	}
	v.explain(&v.outer, true)
	if v.holes && v.r.OK() {
		v.r.add(Damaged, "", -1, "Vị trí trong nhật ký không liên tục.")
	}
	return nil
}

// badTiles names the positions at which the tiles differ from entries that the
// signature confirms.
func (v *verifier) badTiles() {
	for i := range v.inner.want {
		if i < len(v.inner.have) && v.inner.want[i] != v.inner.have[i].node {
			it := v.inner.have[i]
			v.r.add(Damaged, it.Ref, it.Seq, "Cây dấu sai ở vị trí %d (mục %s); mục và dấu của nó còn đúng.", it.Seq, it.Ref)
		}
	}
}

// upperTiles compares the tiles above the leaves with what the leaves give.
func (v *verifier) upperTiles(ctx context.Context) error {
	if v.short {
		return nil
	}
	for level, t := range v.tiles.rim {
		if level > 0 && len(t.bytes) > 0 {
			v.upper = append(v.upper, upperTile{level, t.n, t.bytes})
		}
	}
	return v.db.View(ctx, func(tx *db.Tx) error {
		for _, t := range v.upper {
			b, err := readTile(tx, t.level, t.n)
			if err != nil {
				return err
			}
			if len(b) < len(t.bytes) || !bytes.Equal(b[:len(t.bytes)], t.bytes) {
				v.r.add(Damaged, "", -1, "Mảnh %d/%d của cây dấu không khớp với tầng dưới.", t.level, t.n)
			}
		}
		return nil
	})
}
