package propose_test

import (
	"fmt"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

const text = `ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ
Số: 77/UBND-TH
Phú Thọ, ngày 02 tháng 3 năm 2026
V/v triển khai một số nhiệm vụ

1. Giao Sở Tư pháp chủ trì, phối hợp với Sở Nội vụ rà soát văn bản, báo cáo trước ngày 20/3/2026.
2. Đề nghị Công an tỉnh hỗ trợ kết nối dữ liệu.
3. Yêu cầu Ủy ban nhân dân các xã, phường niêm yết công khai thủ tục hành chính.
4. Giao Sở Thần Thoại nghiên cứu.
5. Giao UBND các phường: Việt Trì, Vĩnh Yên lập danh sách chợ tạm.
`

// A name of many is a group, of one is none: "UBND cấp xã" is every commune, a part of one
// commune's hall is not.
func TestGroups(t *testing.T) {
	const lead = "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ\nSố: 78/UBND-TH\nPhú Thọ, ngày 02 tháng 3 năm 2026\n\n1. Giao %s rà soát, báo cáo trước ngày 20/3/2026.\n"
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Update(t, d, org.Seed)
		for name, want := range map[string]string{"UBND cấp xã": directive.Communes, "Ủy ban nhân dân cấp xã": directive.Communes, "các địa phương": directive.Communes,
			"các cơ quan, đơn vị": directive.Departments, "các sở, ban, ngành": directive.Departments, "Sở Tư pháp": ""} {
			lttest.View(t, d, func(tx *db.Tx) error {
				r, err := propose.From(tx, extract.Text(fmt.Sprintf(lead, name)))
				if err != nil {
					return err
				}
				if len(r.Tasks) != 1 || len(r.Tasks[0].Leads) != 1 || r.Tasks[0].Leads[0].Group != want || r.Tasks[0].Each != (want != "") {
					t.Errorf("%s: %+v", name, r.Tasks)
				}
				return nil
			})
		}
	})
}

// A rhythm becomes a recurrence, on the day that the text says or on the last one; what has no
// such day, and what was not understood, goes along as words to look at.
func TestRhythmsAndWhatWasNotRead(t *testing.T) {
	const order = "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ\nSố: 79/UBND-TH\nPhú Thọ, ngày 02 tháng 3 năm 2026\n\n1. Giao Sở Tư pháp rà soát văn bản, báo cáo %s.\n"
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Update(t, d, org.Seed)
		for words, want := range map[string]string{"hằng quý": "quarterly 3-last", "thứ Sáu hằng tuần": "weekly T6", "trước ngày 20 hằng tháng": "monthly 20", "hằng tuần": "?chưa rõ ngày nào",
			"từ ngày 01/6/2026": "?chưa đọc thành hạn"} {
			lttest.View(t, d, func(tx *db.Tx) error {
				r, err := propose.From(tx, extract.Text(fmt.Sprintf(order, words)))
				if err != nil || len(r.Tasks) != 1 {
					t.Fatalf("%s: %+v, %v", words, r.Tasks, err)
				}
				got, unread := r.Tasks[0].Recurrence, strings.Join(r.Tasks[0].Unread, ";")
				if say, ok := strings.CutPrefix(want, "?"); ok && (got != "" || !strings.Contains(unread, say)) || !ok && (got != want || unread != "") {
					t.Errorf("%s: %q, unread %q", words, got, unread)
				}
				return nil
			})
		}
	})
}

// What was read becomes proposals over units of the office; nothing unknown is guessed.
func TestBodiesBecomeUnits(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Update(t, d, org.Seed)
		lttest.View(t, d, func(tx *db.Tx) error {
			r, err := propose.From(tx, extract.Text(text))
			if err != nil {
				return err
			}
			if r.Number != "77/UBND-TH" || r.IssuedOn.String() != "2026-03-02" {
				t.Errorf("head %+v", r)
			}
			byLead := map[org.UnitID]directive.Task{}
			groups := 0
			for _, x := range r.Tasks {
				for _, n := range x.Leads {
					byLead[n.Unit] = x
					if n.Group == directive.Communes && x.Each {
						groups++
					}
					if strings.Contains(n.Said, "Thần Thoại") && n.Unit != "" {
						t.Errorf("%q became %s", n.Said, n.Unit)
					}
				}
			}
			justice := byLead["so-tu-phap"]
			if justice.Deadline != "2026-03-20" || len(justice.Coordinating) != 1 || justice.Coordinating[0].Unit != "so-noi-vu" {
				t.Errorf("justice %+v", justice)
			}
			if !byLead["cong-an-tinh"].Request {
				t.Errorf("police %+v", byLead["cong-an-tinh"])
			}
			var places []string
			for _, n := range r.Tasks[len(r.Tasks)-1].Leads {
				places = append(places, string(n.Unit))
			}
			if got := strings.Join(places, " "); got != "07900 08707" || !r.Tasks[len(r.Tasks)-1].Each {
				t.Errorf("the two wards each have the task: %q %+v", got, r.Tasks[len(r.Tasks)-1])
			}
			if groups != 1 {
				t.Errorf("%d groups of communes in %+v", groups, r.Tasks)
			}
			return nil
		})
	})
}
