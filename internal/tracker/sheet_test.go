package tracker_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// sheetOf writes rows under the tracker's own headings.
func sheetOf(t testing.TB, rows [][]any) *bytes.Reader {
	t.Helper()
	var columns []sheet.Column
	for _, c := range tracker.Columns {
		columns = append(columns, c.Column)
	}
	return written(t, columns, rows)
}

func written(t testing.TB, columns []sheet.Column, rows [][]any) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	each := iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	if _, err := sheet.Write(&b, sheet.Sheet{Title: []string{"Bảng theo dõi nhiệm vụ"}, Columns: columns, Rows: each, Source: "Số liệu tính đến 09:00 ngày 09/02/2026."}); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

// exported are the rows of every slice of the tracker.
func exported(tx *db.Tx, who org.Actor) (rows [][]any, err error) {
	for _, s := range []tracker.Slice{tracker.Running, tracker.Asked, tracker.Waiting, tracker.Late, tracker.Dateless, tracker.Returned} {
		lines, _, err := tracker.List(tx, who, s, tracker.Filter{}, "", 1000)
		if err != nil {
			return nil, err
		}
		some, err := tracker.Rows(tx, lines)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

func findings(all []tracker.Match) map[tracker.Finding]int {
	n := map[tracker.Finding]int{}
	for _, m := range all {
		n[m.Finding]++
	}
	return n
}

// What the tracker writes it reads back and finds the same, whatever the tasks are called and
// wherever they begin and end.
func TestSheetComesBack(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		province.Open(t, d)
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			words := rapid.SampledFrom([]string{"Rà soát quy hoạch", "Báo cáo UBND tỉnh", "Công bố thủ tục, mức thu; gửi Sở", "KIỂM TRA ĐÊ ĐIỀU", "=SUM(A1)", "1. Lập danh sách", "Hướng dẫn xã (lần 2)"})
			var tasks []directive.Task
			for i := range rapid.IntRange(1, 6).Draw(r, "tasks") {
				task := directive.Task{Content: words.Draw(r, "content") + " " + rapid.StringMatching(`[a-zđêô]{1,12}`).Draw(r, "more") + strings.Repeat(" và nội dung kèm theo", rapid.IntRange(0, 30).Draw(r, "long")),
					Clause: rapid.SampledFrom([]string{"", "1", "2.a", "2.a.-3"}).Draw(r, "clause"), Leads: []directive.Name{{Unit: rapid.SampledFrom([]org.UnitID{"so-tu-phap", "so-noi-vu", "cong-an-tinh", "07900"}).Draw(r, "lead")}},
					Span: directive.Span{10 * i, 10*i + 9}}
				if rapid.Bool().Draw(r, "dated") {
					task.Deadline = rapid.SampledFrom([]string{"2026-03-12", "2026-04-01T16:00"}).Draw(r, "deadline")
				}
				if rapid.Bool().Draw(r, "helped") {
					task.Coordinating = []directive.Name{{Unit: "so-y-te"}, {Unit: "bao-hiem-xa-hoi-tinh"}}
				}
				tasks = append(tasks, task)
			}
			desk := issue(t, d, n, tasks)
			acted(t, r, d, desk)
			lttest.View(t, d, func(tx *db.Tx) error {
				rows, err := exported(tx, desk)
				if err != nil {
					return err
				}
				entries, err := tracker.ReadSheet(sheetOf(t, rows))
				if err != nil {
					return err
				}
				all, err := tracker.Compare(tx, desk, entries)
				if len(all) != len(rows) {
					r.Errorf("%d rows written, %d read", len(rows), len(all))
				}
				for _, m := range all {
					if m.Finding != tracker.Same || m.Here != m.Code || len(m.Differs) != 0 {
						r.Errorf("row %d comes back %s as %s: %+v", m.Line, m.Finding, m.Here, m)
					}
				}
				return err
			})
		})
	})
}

// acted does random acts on what runs: parts are given on, taken over, handed on, dated,
// handed in, given back. What an operation refuses is left.
func acted(t testing.TB, r *rapid.T, d *db.DB, desk org.Actor) {
	t.Helper()
	var lines []directive.Line
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		lines, _, err = directive.Assignments(tx, desk, directive.Filter{All: true}, "", 40)
		return err
	})
	for _, l := range lines {
		act := rapid.SampledFrom([]string{"", "", "sub", "take", "hand", "date", "progress", "result", "return", "accept"}).Draw(r, "act")
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			if held, err := org.Holders(tx, l.Lead, org.Leader); err != nil || len(held) == 0 {
				return cmp.Or(err, fault.Denied) // a body that has nobody here
			}
			lead, err := holder(tx, l.Lead, org.Leader)
			if err != nil {
				return err
			}
			switch act {
			case "sub":
				_, err = directive.SubAssign(tx, lead, l.ID, directive.Sub{Unit: rapid.SampledFrom([]org.UnitID{"07900", "04849", "so-y-te"}).Draw(r, "to"),
					Content: "Phần việc giao tiếp " + rapid.StringMatching(`[a-z]{3,9}`).Draw(r, "part"), Criteria: "Đủ", Until: "2026-03-01"})
			case "take":
				var boss org.Actor
				if boss, err = holder(tx, "chu-tich-ubnd-tinh", org.Leader); err == nil {
					_, err = directive.TakeOver(tx, boss, l.ID, directive.Taking{Reason: "Trực tiếp chỉ đạo"})
				}
			case "hand":
				_, err = directive.Hand(tx, desk, l.ID, directive.Handing{To: "so-tai-chinh", Reason: "Chuyển chức năng"})
			case "date":
				_, err = directive.SetDate(tx, desk, l.ID, directive.Ask{Until: "2026-04-17"})
			case "progress":
				_, err = directive.Progress(tx, lead, l.ID, directive.Report{Text: "Đang làm", Percent: rapid.Int64Range(0, 100).Draw(r, "percent")})
			case "result", "return", "accept":
				if _, err = directive.SubmitNow(tx, lead, l.ID, directive.Result{Text: "Xong"}); err == nil && act == "return" {
					_, err = directive.ReturnNotDone(tx, desk, l.ID, directive.Verdict{Text: "Chưa đạt"})
				} else if err == nil && act == "accept" {
					_, err = directive.Accept(tx, desk, l.ID, directive.Verdict{Quality: "Tốt"})
				}
			}
			return err
		})
		if err != nil && fault.Kind(err) == nil {
			t.Fatal(err)
		}
	}
}

// issue takes, confirms and releases a document of some tasks.
func issue(t testing.TB, d *db.DB, n int, tasks []directive.Task) (desk org.Actor) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		if desk, err = holder(tx, "van-phong-ubnd-tinh", org.Desk); err != nil {
			return err
		}
		boss, err := holder(tx, "van-phong-ubnd-tinh", org.Leader)
		if err != nil {
			return err
		}
		if err := follow(tx); err != nil {
			return err
		}
		x, err := directive.Take(tx, desk, directive.In{Text: "Văn bản minh họa.", Reading: directive.Reading{Number: "VB-" + string(rune('A'+n%26)) + strings.Repeat("x", n/26) + "/UBND-MH",
			IssuedOn: workday.MustDate("2026-02-09"), Issuer: "Ủy ban nhân dân tỉnh", Type: "công văn", Subject: "Rà soát", Tasks: tasks}})
		if err != nil {
			return err
		}
		if _, err := directive.Confirm(tx, desk, x.ID, "", 0); err != nil {
			return err
		}
		_, err = directive.Release(tx, boss, x.ID, 0)
		return err
	})
	run := job.New(d, "test")
	run.Define(directive.JobKind, directive.Step)
	if err := run.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	return desk
}

// A sheet as an office keeps it: other headings, a merged document, days as text. What is new
// is proposed and not issued; taken twice it waits; what differs shows both.
func TestSheetOfAProvince(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		province.Open(t, d)
		desk := issue(t, d, 1, []directive.Task{{Content: "Rà soát thủ tục hộ tịch", Clause: "1", Leads: []directive.Name{{Unit: "so-tu-phap"}}, Span: directive.Span{0, 5}},
			{Content: "Bố trí kinh phí đợt 1", Clause: "2", Leads: []directive.Name{{Unit: "so-tai-chinh"}}, Deadline: "2026-03-31", Span: directive.Span{6, 9}}})
		columns := []sheet.Column{{Title: "STT", Kind: sheet.Number}, {Title: "Số, ký hiệu"}, {Title: "Ngày ban hành"}, {Title: "Nơi ban hành"}, {Title: "Mục"}, {Title: "Nhiệm vụ được giao"}, {Title: "Đơn vị chủ trì"}, {Title: "Thời hạn"}, {Title: "Tiến độ"}, {Title: "Trạng thái"}}
		rows := [][]any{
			{1, "VB-B/UBND-MH", "9/2/2026", "UBND tỉnh", "1", "Rà soát thủ tục hộ tịch", "Sở Tư pháp", "20/3/2026", "", "Đang thực hiện"},                // ours has no date
			{2, "VB-B/UBND-MH", "9/2/2026", "UBND tỉnh", "2", "Bố trí kinh phí đợt 1", "Sở Tài chính", "31/03/2026", "0", "Đang thực hiện"},              // the same
			{3, "VB-B/UBND-MH", "9/2/2026", "UBND tỉnh", "3", "Việc không có trong văn bản này", "Sở Y tế", "", "", "Đang thực hiện"},                    // of a document that is issued
			{4, "77/UBND-KT", "ngày 5 tháng 1 năm 2026", "UBND tỉnh", "1", "Kiểm tra an toàn hồ đập", "Sở Nông nghiệp và Môi trường", "30-6-26", "", ""}, // new
			{5, "77/UBND-KT", "ngày 5 tháng 1 năm 2026", "UBND tỉnh", "2", "Duy trì trực ban", "Sở Xây dựng", "thường xuyên", "", "Chưa hoàn thành"},     // new, words
			{6, "77/UBND-KT", "ngày 5 tháng 1 năm 2026", "UBND tỉnh", "3", "Báo cáo quý I", "Sở Xây dựng", "", "", "Đã hoàn thành"},                      // done
			{7, "", "", "", "", "Việc không rõ văn bản", "Sở Y tế", "", "", ""},                                                                          // no document
			{8, "78/UBND", "12/1/2026", "", "", "TUYỆT MẬT\nNội dung", "Sở Y tế", "", "", ""},                                                            // marked
		}
		entries, err := tracker.ReadSheet(written(t, columns, rows))
		if err != nil {
			t.Fatal(err)
		}
		var all []tracker.Match
		compare := func() map[tracker.Finding]int {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) (err error) {
				all, err = tracker.Compare(tx, desk, entries)
				return err
			})
			return findings(all)
		}
		got := compare()
		want := map[tracker.Finding]int{tracker.Differs: 1, tracker.Same: 1, tracker.Likely: 1, tracker.New: 2, tracker.Ended: 1, tracker.Bad: 2}
		for f, n := range want {
			if got[f] != n {
				t.Errorf("%s: %d lines, want %d (%v)", f, got[f], n, got)
			}
		}
		if m := all[0]; !m.Undated || len(m.Differs) != 1 || m.Differs[0].Theirs != "20/03/2026" || m.Differs[0].Ours != "không nêu hạn" {
			t.Errorf("the first line differs in %+v", m.Differs)
		}
		before := count(t, d, "assignment")
		groups := tracker.Groups(all, nil)
		if len(groups) != 1 || len(groups[0].Lines) != 2 {
			t.Fatalf("groups: %+v", groups)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			x, err := tracker.Take(tx, desk, groups[0], nil)
			if err != nil {
				return err
			}
			if x.State != directive.Proposed {
				t.Errorf("taken as %s", x.State)
			}
			proposals, err := directive.Proposals(tx, x.ID)
			if len(proposals) != 2 || proposals[0].Task.Leads[0].Unit != "so-nong-nghiep-va-moi-truong" || proposals[0].Task.Deadline != "2026-06-30" || proposals[1].Task.Words != "thường xuyên" {
				t.Errorf("proposals: %+v", proposals)
			}
			return err
		})
		if after := count(t, d, "assignment"); after != before {
			t.Errorf("%d assignments were issued by taking a sheet", after-before)
		}
		if got := compare(); got[tracker.New] != 0 || got[tracker.Pending] != 3 && got[tracker.Pending] != 2 {
			t.Errorf("taken again: %v", got)
		}
	})
}

// system: a count of a test
func count(t testing.TB, d *db.DB, table string) (n int) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM `+table, nil, &n) })
	return n
}

// A difference is settled in place: a date the sheet has goes through the operation that sets
// it, what is kept is not asked again until one side says something else, and whoever takes no
// sheets decides nothing.
func TestDifferencesAreSettled(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		province.Open(t, d)
		desk := issue(t, d, 1, []directive.Task{{Content: "Rà soát thủ tục hộ tịch", Clause: "1", Leads: []directive.Name{{Unit: "so-tu-phap"}}, Span: directive.Span{0, 5}},
			{Content: "Bố trí kinh phí đợt 1", Clause: "2", Leads: []directive.Name{{Unit: "so-tai-chinh"}}, Deadline: "2026-03-31", Span: directive.Span{6, 9}}})
		columns := []sheet.Column{{Title: "Số, ký hiệu"}, {Title: "Ngày ban hành"}, {Title: "Nơi ban hành"}, {Title: "Mục"}, {Title: "Nhiệm vụ được giao"}, {Title: "Đơn vị chủ trì"}, {Title: "Thời hạn"}, {Title: "Tiến độ"}, {Title: "Trạng thái"}}
		entries, err := tracker.ReadSheet(written(t, columns, [][]any{
			{"VB-B/UBND-MH", "9/2/2026", "UBND tỉnh", "1", "Rà soát thủ tục hộ tịch", "Sở Tư pháp", "20/3/2026", "40", "Đang thực hiện"},
			{"VB-B/UBND-MH", "9/2/2026", "UBND tỉnh", "2", "Bố trí kinh phí đợt 1", "Sở Tài chính", "15/04/2026", "", "Đang thực hiện"}}))
		if err != nil {
			t.Fatal(err)
		}
		compare := func() (all []tracker.Match) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) (err error) {
				all, err = tracker.Compare(tx, desk, entries)
				return err
			})
			return all
		}
		settle := func(who org.Actor, line int, in tracker.Decision) error {
			return d.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tracker.Settle(tx, who, entries[line], in)
				return err
			})
		}
		before := compare()
		mark := map[string]string{}
		for _, x := range before[0].Differs {
			mark[x.Key] = x.Mark()
		}
		if len(mark) != 2 || mark[tracker.DiffersDue] == "" || mark[tracker.DiffersPercent] == "" {
			t.Fatalf("the first line differs in %+v", before[0].Differs)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			keys, err := tracker.Takes(tx, desk, &before[0])
			if len(keys) != 1 || keys[0] != tracker.DiffersDue {
				t.Errorf("the desk may take %v", keys) // progress is the lead's to tell
			}
			return err
		})
		dated := tracker.Decision{Take: []string{mark[tracker.DiffersDue]}, Keep: []string{mark[tracker.DiffersPercent]}}
		var lead org.Actor
		lttest.View(t, d, func(tx *db.Tx) (err error) {
			lead, err = holder(tx, "so-tu-phap", org.Leader)
			return err
		})
		moved := tracker.Decision{Take: []string{before[1].Differs[0].Mark()}}
		for name, c := range map[string]struct {
			who  org.Actor
			line int
			in   tracker.Decision
			kind error
		}{"another unit": {lead, 0, dated, fault.Denied}, "nothing": {desk, 0, tracker.Decision{}, fault.Invalid}, "an unknown mark": {desk, 0, tracker.Decision{Keep: []string{"00"}}, fault.Conflict},
			"a date that stands": {desk, 1, moved, fault.Conflict}, "progress of others": {desk, 0, tracker.Decision{Take: []string{mark[tracker.DiffersPercent]}}, fault.Denied},
			"twice at once": {desk, 0, tracker.Decision{Keep: []string{mark[tracker.DiffersDue], mark[tracker.DiffersDue]}}, fault.Conflict}} {
			if err := settle(c.who, c.line, c.in); !errors.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := count(t, d, "tracker_settlement"); n != 0 {
			t.Fatalf("%d decisions of refused requests", n)
		}
		if err := settle(desk, 0, dated); err != nil {
			t.Fatal(err)
		}
		after := compare()
		if m := after[0]; m.Finding != tracker.Same || len(m.Open()) != 0 {
			t.Errorf("settled: %s, %+v", m.Finding, m.Differs)
		}
		if err := settle(desk, 0, dated); !errors.Is(err, fault.Conflict) {
			t.Errorf("settled twice: %v", err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			a, err := directive.GetAssignment(tx, desk, after[0].Assignment)
			if err != nil {
				return err
			}
			v, err := directive.ViewOf(tx, desk, a)
			if err == nil && (v.Lead == nil || v.Lead.DueOn.String() != "2026-03-20") {
				t.Errorf("the date of the sheet was not set: %+v", v.Lead)
			}
			return err
		})
		entries[0].Percent = "60" // the sheet says something else now
		if m := compare()[0]; m.Finding != tracker.Differs || len(m.Open()) != 1 {
			t.Errorf("a new difference: %s, %+v", m.Finding, m.Differs)
		}
	})
}
