package org_test

import (
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

func noon(day string) time.Time { return date(day).Midnight().Add(12 * time.Hour) }

// TestCapacity: every capacity with its own basis, as it holds on the day of signing.
func TestCapacity(t *testing.T) {
	const ok = ""
	tests := []struct {
		name    string
		officer org.OfficerID
		unit    org.UnitID
		c       org.Capacity
		field   string
		on      string
		says    string // part of the refusal; ok: it holds
	}{
		{"the director signs in the department's own name", "of-so-tu-phap-leader-1", "so-tu-phap", org.Own, "tu-phap", "2026-02-10", ok},
		{"a deputy does not", "of-so-tu-phap-leader-2", "so-tu-phap", org.Own, "tu-phap", "2026-02-10", "không phải người đứng đầu"},
		{"the head of another department does not", "of-so-y-te-leader-1", "so-tu-phap", org.Own, "tu-phap", "2026-02-10", "không phải người đứng đầu"},
		{"a deputy signs KT. in his field", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "tu-phap", "2026-02-10", ok},
		{"and in its parts", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "tu-phap.03", "2026-02-10", ok},
		{"a part does not give the whole field", "of-so-tu-phap-leader-3", "so-tu-phap", org.ForHead, "tu-phap", "2026-02-10", "không thuộc phân công"},
		{"nor does a field give one whose name begins alike", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "tu-phap-khac", "2026-02-10", "không thuộc phân công"},
		{"one part does not give another", "of-so-tu-phap-leader-3", "so-tu-phap", org.ForHead, "tu-phap.02", "2026-02-10", "không thuộc phân công"},
		{"a paper without a field needs a general charge", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "", "2026-02-10", "chưa ghi lĩnh vực"},
		{"a general charge covers it", "of-van-phong-ubnd-tinh-leader-2", "van-phong-ubnd-tinh", org.ForHead, "", "2026-02-10", ok},
		{"a charge holds from its first day", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "tu-phap", "2026-01-05", ok},
		{"and not the day before", "of-so-tu-phap-leader-2", "so-tu-phap", org.ForHead, "tu-phap", "2026-01-04", "chưa có phân công phụ trách"},
		{"the head does not sign KT. for himself", "of-so-tu-phap-leader-1", "so-tu-phap", org.ForHead, "tu-phap", "2026-02-10", "Chỉ cấp phó"},
		{"a commune's chairman signs TM.", "of-08515-leader-1", "08515", org.ForAll, "", "2026-02-10", ok},
		{"his deputy signs KT. instead", "of-08515-leader-2", "08515", org.ForAll, "xay-dung", "2026-02-10", "cấp phó"},
		{"KT. in the commune, by field", "of-08515-leader-2", "08515", org.ForHead, "xay-dung.04", "2026-02-10", ok},
		{"a department is no collective", "of-so-tu-phap-leader-1", "so-tu-phap", org.ForAll, "", "2026-02-10", "chế độ tập thể"},
		{"the Chief of the Office signs TL. for the Chairman", "of-van-phong-ubnd-tinh-leader-1", "chu-tich-ubnd-tinh", org.ByOrder, "", "2026-02-10", ok},
		{"his deputy does not", "of-van-phong-ubnd-tinh-leader-2", "chu-tich-ubnd-tinh", org.ByOrder, "", "2026-02-10", "chưa có quy định giao ký thừa lệnh"},
		{"the head of a commune's office signs TL.", "of-08515-head-1", "08515", org.ByOrder, "", "2026-02-10", ok},
		{"the head of another section does not", "of-08515-head-2", "08515", org.ByOrder, "", "2026-02-10", "chưa có quy định giao ký thừa lệnh"},
		{"TUQ. needs a written authorisation", "of-so-y-te-head-1", "so-y-te", org.Delegated, "", "2026-02-10", "không có văn bản uỷ quyền"},
		{"nobody is acting", "of-so-y-te-leader-1", "so-y-te", org.Acting, "", "2026-02-10", "không được giao quyền"},
		{"a capacity that is none", "of-so-y-te-leader-1", "so-y-te", "PP.", "", "2026-02-10", "Không có thể thức"},
		{"a post not yet held", "of-so-y-te-leader-1", "so-y-te", org.Own, "", "2025-06-30", "không phải người đứng đầu"},
	}
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		for _, tt := range tests {
			lttest.View(t, d, func(tx *db.Tx) error {
				err := org.CheckCapacity(tx, tt.officer, tt.unit, tt.c, tt.field, noon(tt.on))
				if tt.says == ok && err != nil || tt.says != ok && (err == nil || !strings.Contains(err.Error(), tt.says)) {
					t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
				}
				return nil
			})
		}
	})
}

// TestAuthorised: TUQ. within scope and days only, and never once it lapsed.
func TestAuthorised(t *testing.T) {
	const head = org.OfficerID("of-so-y-te-head-2")
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		var id string
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			a := authorisation("of-so-y-te-leader-1", head)
			a.Fields, a.Ceiling = []string{"y-te.01"}, 50_000_000
			id, err = org.Authorise(tx, admin, a)
			return err
		})
		good := org.Signing{Unit: "so-y-te", Capacity: org.Delegated, Kind: "cong-van", Field: "y-te.01", Value: 50_000_000, On: noon("2026-02-10")}
		check := func(name, says string, change func(s *org.Signing)) {
			t.Helper()
			s := good
			change(&s)
			lttest.View(t, d, func(tx *db.Tx) error {
				basis, err := org.CheckSigning(tx, head, s)
				if says == "" && (err != nil || !strings.Contains(basis, "12/UQ-SYT")) || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
					t.Errorf("%s: %q, %v; want %q", name, basis, err, says)
				}
				return nil
			})
		}
		check("in scope", "", func(s *org.Signing) {})
		check("on the first day", "", func(s *org.Signing) { s.On = noon("2026-02-02") })
		check("on the last day, late in the evening", "", func(s *org.Signing) { s.On = date("2026-02-27").Midnight().Add(23 * time.Hour) })
		check("before", "chỉ có hiệu lực từ", func(s *org.Signing) { s.On = noon("2026-02-01") })
		check("after", "hết hiệu lực", func(s *org.Signing) { s.On = noon("2026-02-28") })
		check("another kind of paper", "loại văn bản", func(s *org.Signing) { s.Kind = "bao-cao" })
		check("a kind not named", "loại văn bản", func(s *org.Signing) { s.Kind = "" })
		check("another field", "lĩnh vực", func(s *org.Signing) { s.Field = "y-te.02" })
		check("a greater value", "giá trị", func(s *org.Signing) { s.Value++ })
		check("another unit", "không có văn bản uỷ quyền", func(s *org.Signing) { s.Unit = "so-tu-phap" })

		// the giver leaves office: what he gave lapses, and is again in force on no later day
		lttest.Update(t, d, func(tx *db.Tx) error {
			return org.EndPost(tx, admin, "so-y-te", "of-so-y-te-leader-1.1", date("2026-02-20"))
		})
		check("the day before the giver left", "", func(s *org.Signing) { s.On = noon("2026-02-19") })
		check("the day the giver left", "không còn đứng đầu", func(s *org.Signing) { s.On = noon("2026-02-20") })

		lttest.Update(t, d, func(tx *db.Tx) error { return org.Revoke(tx, admin, "so-y-te", id, "không còn cần") })
		check("revoked", "thu hồi", func(s *org.Signing) {})
		kind(t, update(t, d, func(tx *db.Tx) error { return org.Revoke(tx, admin, "so-y-te", id, "lần nữa") }), fault.NotFound)
	})
}

// TestActing: an acting head signs Q. and nothing else; a charge is replaced, not
// added to.
func TestActing(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		const acting = org.OfficerID("of-so-y-te-leader-2")
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := org.EndPost(tx, admin, "so-y-te", "of-so-y-te-leader-1.1", workday.Date{}); err != nil {
				return err
			}
			_, err := org.AssignPost(tx, admin, org.Post{Officer: acting, Unit: "so-y-te", Role: org.Leader, Title: "Quyền Giám đốc", Acting: true})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			kind(t, org.CheckCapacity(tx, acting, "so-y-te", org.Acting, "", tx.Now), nil)
			kind(t, org.CheckCapacity(tx, acting, "so-y-te", org.Own, "", tx.Now), fault.Denied)
			who, err := org.WhoCouldSign(tx, "so-y-te", "y-te", tx.Now)
			var got []string
			for _, s := range who {
				got = append(got, string(s.Capacity)+string(s.Officer.ID))
			}
			const want = "Q.of-so-y-te-leader-2 KT.of-so-y-te-leader-2 TL.of-so-y-te-head-1"
			if strings.Join(got, " ") != want {
				t.Errorf("WhoCouldSign = %v, want %s", got, want)
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			return org.SetCharge(tx, admin, org.Charge{Officer: acting, Unit: "so-y-te", Fields: []string{"noi-vu"}, Number: "9/PC", Date: date("2026-02-10")})
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			kind(t, org.CheckCapacity(tx, acting, "so-y-te", org.ForHead, "noi-vu", tx.Now), nil)
			kind(t, org.CheckCapacity(tx, acting, "so-y-te", org.ForHead, "y-te", tx.Now), fault.Denied)
			// what was signed the day before rested on the charge of that day
			kind(t, org.CheckCapacity(tx, acting, "so-y-te", org.ForHead, "y-te", noon("2026-02-09")), nil)
			return nil
		})
	})
}

func TestHeading(t *testing.T) {
	department := org.Unit{Kind: "so"}
	committee := org.Unit{Kind: org.KindCommittee}
	tests := []struct {
		unit        org.Unit
		c           org.Capacity
		head, title string
		want        string
	}{
		{department, org.Own, "Giám đốc", "Giám đốc", "GIÁM ĐỐC"},
		{department, org.ForHead, "Giám đốc", "Phó Giám đốc", "KT. GIÁM ĐỐC/PHÓ GIÁM ĐỐC"},
		{department, org.ByOrder, "Giám đốc", "Chánh Văn phòng", "TL. GIÁM ĐỐC/CHÁNH VĂN PHÒNG"},
		{department, org.Acting, "Giám đốc", "Quyền Giám đốc", "Q. GIÁM ĐỐC"},
		{committee, org.ForAll, "Chủ tịch", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN/CHỦ TỊCH"},
		{committee, org.ForHead, "Chủ tịch", "Phó Chủ tịch", "TM. ỦY BAN NHÂN DÂN/KT. CHỦ TỊCH/PHÓ CHỦ TỊCH"},
		{committee, org.Own, "Chủ tịch", "Chủ tịch", "CHỦ TỊCH"},
	}
	for _, tt := range tests {
		if got := strings.Join(org.Heading(tt.unit, tt.c, tt.head, tt.title), "/"); got != tt.want {
			t.Errorf("Heading(%s) = %s, want %s", tt.c, got, tt.want)
		}
	}
}
