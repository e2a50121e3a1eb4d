package web

import (
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/inbox"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// What its owner handed on was not done by him: lists and the case say "chuyển đi".
func TestHandedIsNotDone(t *testing.T) {
	due := time.Date(2026, 3, 11, 17, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, list, chip string
		fate             duty.Fate
		at               time.Time
	}{
		{"handed late", "chuyển đi", "chuyển đi quá hạn", duty.Handed, due.Add(time.Hour)},
		{"handed in time", "chuyển đi", "chuyển đi", duty.Handed, due.Add(-time.Hour)},
		{"done late", "xong", "xong quá hạn", duty.Met, due.Add(time.Hour)},
	} {
		tx := &db.Tx{Now: due.Add(24 * time.Hour)}
		d := duty.Duty{Fate: tt.fate, EndedAt: tt.at, DueAt: due, OwnDueAt: due}
		row := boardDue(workday.Revision{}, &inbox.Item{Fate: d.Fate, EndedAt: d.EndedAt, DueAt: due, OwnDueAt: due}, tx)
		if !strings.HasPrefix(row.Words, tt.list+" ") || (row.Until == "quá hạn") != tt.at.After(due) {
			t.Errorf("%s: the list says %q, %q", tt.name, row.Words, row.Until)
		}
		var item ui.DutyItem
		(&reading{tx: tx}).fate(&d, &item)
		if item.State.Text != tt.chip || !strings.HasPrefix(item.Note, tt.list+" ") {
			t.Errorf("%s: the case says %q, %q", tt.name, item.State.Text, item.Note)
		}
	}
}

// The preview of a calendar shows the own share where it moves otherwise than the matter.
func TestPreviewShowsOwnShare(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, workday.Office) }
	for _, tt := range []struct {
		name string
		move duty.Move
		want string
	}{
		{"the first owner's", duty.Move{Old: day(12), New: day(13), OwnOld: day(12), OwnNew: day(13)}, ""},
		{"the share stands", duty.Move{Old: day(12), New: day(13), OwnOld: day(17), OwnNew: day(17)}, ""},
		{"the share alone", duty.Move{Old: day(12), New: day(12), OwnOld: day(13), OwnNew: day(14)}, "hết thứ Năm 12/03/2026 → hết thứ Sáu 13/03/2026"},
	} {
		if got := ownMove(tt.move); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The book of every door is the province's administrator's; others are told where theirs is.
func TestDoors(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		s.root().open("/admin").wants("Nhật ký đăng nhập").open("/admin/doors").wants("Nhật ký đăng nhập", "Mọi đơn vị")
		s.get(s.as(s.people["leader"]), "/admin/doors").want(t, 403, "quản trị của tỉnh")
	})
}
