package exchange_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// exported is a list as document systems export it: a title, merged cells, days as text.
func exported(t *testing.T, issuer string, lines ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	rows := append([][]any{{"DANH SÁCH VĂN BẢN ĐẾN"}, {"STT", "Số ký hiệu", "Ngày văn bản", "Cơ quan ban hành", "Trích yếu", "Ngày đến", "Nơi nhận"}}, lines...)
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellValue("Sheet1", "D3", issuer); err != nil {
		t.Fatal(err)
	}
	if err := f.MergeCell("Sheet1", "D3", "D4"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The list and the packet of one document are one case, in whichever order they come.
func TestListAndPacketAreOneCase(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		var issuer, to string
		lttest.View(t, d, func(tx *db.Tx) error {
			u, err := org.UnitOf(tx, s.o.CommuneUnit)
			issuer = u.Name
			if err == nil {
				u, err = org.UnitOf(tx, s.o.DepartmentUnit)
				to = u.Name
			}
			return err
		})
		s.put("1.edxml", letter("12/UBND-VP"))
		s.round()
		lines, err := exchange.ReadList(bytes.NewReader(exported(t, issuer,
			[]any{1, "12/UBND-VP", "10/02/2026", "", "V/v khó khăn, vướng mắc khi thực hiện thủ tục", "10-2-2026", to},
			[]any{2, "013/UBND-VP", "ngày 9 tháng 02 năm 2026", "", "Khó khăn, vướng mắc khi thực hiện", "10/02/2026", to})))
		if err != nil || len(lines) != 2 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		for range 2 {
			r, err := s.intake.TakeList(context.Background(), lines)
			if err != nil || r.Failed != 0 {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		late := letter("13/UBND-VP")
		late.IssuedOn = late.IssuedOn.AddDays(-1)
		s.put("2.edxml", late)
		if r := s.round(); r.Again != 1 {
			t.Errorf("%+v", r)
		}
		if n := s.count(`SELECT count(*) FROM casefile`); n != 2 {
			t.Errorf("%d cases, want two", n)
		}
	})
}

func TestListRefusesByLine(t *testing.T) {
	_, err := exchange.ReadList(bytes.NewReader(exported(t, "UBND xã", []any{1, "12/UBND-VP", "10/02/2026", "", "a", "", ""}, []any{2, "13/UBND-VP", "hôm qua", "", "b", "", ""})))
	if err == nil || !strings.Contains(err.Error(), "4") {
		t.Errorf("%v, want the line named", err)
	}
	if _, err := exchange.ReadList(strings.NewReader("không phải bảng tính")); err == nil {
		t.Error("no sheet was taken")
	}
}
