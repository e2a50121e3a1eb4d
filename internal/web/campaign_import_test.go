package web

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// A commune's list is read on its page, nothing is entered before it says so; what cannot be
// taken is named and comes back as a sheet, and nobody else sees the file.
func TestListOfDifficultiesOnItsPage(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.staff(map[string]org.Role{"head-of-commune": org.Leader}, "04849")
		at := ""
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, s.people["order-desk"])
			if err != nil {
				return err
			}
			c, err := campaign.Open(tx, who, campaign.New{Title: "Đợt thử", Number: "1/UBND-TH", IssuedOn: workday.Of(tx.Now), Until: tx.Now.Truncate(time.Minute).Add(24 * time.Hour)})
			if err == nil {
				at = campaignPath(c.ID)
			}
			return err
		})
		var b bytes.Buffer
		rows := [][]any{{"Chưa có chữ ký số", ""}, {"Trụ sở chật", "xã Không Có"}}
		if _, err := sheet.Write(&b, sheet.Sheet{Columns: []sheet.Column{{Title: "Nội dung"}, {Title: "Xã, phường"}}, Rows: func(yield func([]any, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}}); err != nil {
			t.Fatal(err)
		}
		v := s.visit("head-of-commune").open(at).wants("Nhập từ bảng tính").open(at + "/import")
		a := v.multi(at+"/import", "ds.xlsx", b.String(), "key", v.value("key"), "nosecret", "1")
		a.want(t, 303)
		list := a.Header.Get("Location")
		v.open(list).wants("Nhập 1 nội dung", "“xã Không Có” không phải xã, phường", "Tải các dòng chưa nhập được")
		v.open(at).lacks("Chưa có chữ ký số")
		v.open(list).must(list).wants("Đã nhập 1 nội dung", "Không còn nội dung nào để nhập", "đã có nội dung này của xã")
		v.open(at).wants("Chưa có chữ ký số")
		back := s.get(v.c, list+"/rest.xlsx")
		back.want(t, 200)
		if lines, err := sheet.Read(strings.NewReader(back.text)); err != nil || len(lines) != 2 || lines[0].Cell(0) != "Vì sao chưa nhập" {
			t.Errorf("what came back: %v, %v", lines, err)
		}
		s.get(s.as(s.people["order-desk"]), list).want(t, 404)
		no := v.open(at+"/import").multi(at+"/import", "ds.xlsx", "không phải bảng tính", "key", v.value("key"), "nosecret", "1")
		if no.StatusCode != 422 && no.StatusCode != 400 {
			t.Errorf("no sheet is taken: %d", no.StatusCode)
		}
	})
}
