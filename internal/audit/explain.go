package audit

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// explain turns a comparison into findings. Against the witness what stands behind its
// last entry is new and right, and a different end means another log.
func (v *verifier) explain(c *comparison, outer bool) {
	if !c.started {
		return
	}
	stretches, moved, kept := c.align()
	for _, s := range stretches {
		if outer && s.last {
			// what stands behind the witness's last entry was appended since
			s.extra = slices.DeleteFunc(s.extra, func(j int) bool { return c.have[j].Seq >= v.r.WitnessSize })
			if v.otherEnd(c, s) {
				continue
			}
		}
		v.explainStretch(c, s, s.last && (outer || v.short))
	}
	for _, m := range moved {
		v.sayMoved(c, m)
	}
	if len(stretches)+len(moved) > 0 {
		return
	}
	// nothing lost and all in order, yet not where it was sealed: only the first is
	// named, the others were carried along
	for _, k := range kept {
		if c.have[k.have].Seq != c.base+int64(k.want) {
			v.sayMoved(c, k)
			return
		}
	}
}

// explainStretch pairs what is gone with what stands in its place: an entry whose hash
// changed shows as one gone and one come.
func (v *verifier) explainStretch(c *comparison, s stretch, endless bool) {
	n := min(len(s.lost), len(s.extra))
	for k := range n {
		seq, it := c.base+int64(s.lost[k]), c.have[s.extra[k]]
		v.lost[c.want[s.lost[k]]] = seq
		if v.r.has(LeafEdited, it.Ref, seq) {
			continue
		}
		v.r.add(Edited, it.Ref, seq, "Mục %s không phải là mục đã đóng dấu ở vị trí %d: đã bị sửa hoặc bị thay%s.", it.Ref, seq, v.between(seq))
	}
	for _, i := range s.lost[n:] {
		v.sayLost(c, i)
	}
	if endless {
		return
	}
	for _, j := range s.extra[n:] {
		it := c.have[j]
		v.r.add(Inserted, it.Ref, it.Seq, "Mục %s (vị trí %d) được chèn vào giữa những mục đã đóng dấu.", it.Ref, it.Seq)
	}
}

// otherEnd recognises a log that from some position on is not the one the witness saw:
// cut short, or cut and written anew. One single entry is left to explainStretch.
func (v *verifier) otherEnd(c *comparison, s stretch) bool {
	if len(s.lost) == 0 || len(s.lost) == 1 && len(s.extra) > 0 {
		return false
	}
	from, to := c.base+int64(s.lost[0]), c.base+int64(s.lost[len(s.lost)-1])
	if len(s.extra) == 0 && v.head.size > to {
		return false // the places are empty, and the log goes on behind them
	}
	before, _ := v.witness.proves(from)
	since := "từ đầu"
	if !before.At.IsZero() {
		since = "từ sau điểm chốt " + fmt.Sprint(before.Size) + " mục lúc " + clock(before.At)
	}
	for _, i := range s.lost {
		v.lost[c.want[i]] = c.base + int64(i)
	}
	if len(s.extra) == 0 {
		v.r.add(RolledBack, "", from, "Nhật ký đã bị lùi lại hoặc cắt đuôi, %s: mất các mục từ vị trí %d đến %d mà bên ngoài đã giữ dấu.", since, from, to)
		return true
	}
	v.r.add(Rewritten, c.have[s.extra[0]].Ref, from, "Nhật ký đã bị viết lại %s: các mục từ vị trí %d đến %d không còn là những mục bên ngoài đã giữ dấu. Nay đứng ở đó: %s.",
		since, from, to, someRefs(c, s.extra))
	return true
}

// someRefs lists the first entries that stand in a place now.
func someRefs(c *comparison, extra []int) string {
	const some = 20
	var refs []string
	for _, j := range extra[:min(some, len(extra))] {
		refs = append(refs, c.have[j].Ref)
	}
	if len(extra) > some {
		refs = append(refs, fmt.Sprintf("… (%d mục)", len(extra)))
	}
	return strings.Join(refs, ", ")
}

// sayLost reports a sealed entry whose row is gone, by its position and neighbours;
// its name went with the row, unless entries finds the entry itself.
func (v *verifier) sayLost(c *comparison, i int) {
	seq := c.base + int64(i)
	v.lost[c.want[i]] = seq
	before, after := c.before, ""
	j := sort.Search(len(c.have), func(j int) bool { return c.have[j].Seq >= seq })
	if j > 0 {
		before = c.have[j-1].Ref
	}
	if j < len(c.have) {
		after = c.have[j].Ref
	}
	place := ""
	if before != "" {
		place += ", sau mục " + before
	}
	if after != "" {
		place += ", trước mục " + after
	}
	v.r.add(Dropped, "", seq, "Mục ở vị trí %d đã bị xóa khỏi nhật ký%s%s.", seq, place, v.between(seq))
}

// A leaf at another position than it was sealed at.
func (v *verifier) sayMoved(c *comparison, m shift) {
	it, seq := c.have[m.have], c.base+int64(m.want)
	v.r.add(Moved, it.Ref, seq, "Mục %s đã bị chuyển từ vị trí %d sang vị trí %d.", it.Ref, seq, it.Seq)
}

// has says whether a finding was kept.
func (r *Report) has(kind Kind, ref string, seq int64) bool {
	return r.seen[fmt.Sprintf("%s %s %d", kind, ref, seq)]
}

// name gives a lost position its entry, which is still there.
func (r *Report) name(seq int64, ref string) {
	for i, f := range r.Findings {
		if f.Kind == Dropped && f.Seq == seq && f.Ref == "" {
			r.Findings[i] = Finding{LeafLost, ref, seq, fmt.Sprintf("Dấu của mục %s (vị trí %d) đã bị xóa khỏi nhật ký; mục còn như lúc đóng dấu.", ref, seq)}
			return
		}
	}
	r.add(LeafLost, ref, seq, "Dấu của mục %s (vị trí %d) đã bị xóa khỏi nhật ký; mục còn như lúc đóng dấu.", ref, seq)
}
