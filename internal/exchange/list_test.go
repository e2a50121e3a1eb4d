package exchange_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
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
		list, err := exchange.ReadList(bytes.NewReader(exported(t, issuer,
			[]any{1, "12/UBND-VP", "10/02/2026", "", "V/v khó khăn, vướng mắc khi thực hiện thủ tục", "10-2-2026", to},
			[]any{2, "013/UBND-VP", "ngày 9 tháng 02 năm 2026", "", "Khó khăn, vướng mắc khi thực hiện", "10/02/2026", to})))
		if err != nil || len(list.Lines) != 2 || len(list.Bad) != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		for range 2 {
			r, err := s.intake.TakeList(context.Background(), list.Lines)
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

// Every bad line of a list is named with why, the good ones can be taken alone, and the bad
// ones come back as a list that is mended and taken as it is.
func TestBadLinesComeBack(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		rows := [][]any{{1, "12/UBND-VP", "10/02/2026", "", "Khó khăn", 46063, ""}, {2, "13/UBND-VP", "hôm qua", "", "Vướng mắc", 46063, ""}, {3, "14/UBND-VP", "", "UBND xã", "Đề xuất", "", ""},
			{4, "15/UBND-VP", "09/02/2099", "UBND xã", "", "", ""}, {5, "16/UBND-VP", "9-2-26", "UBND xã", "Kiến nghị", "31/02/2026", ""}}
		list, err := exchange.ReadList(bytes.NewReader(exported(t, "UBND xã", rows...)))
		if err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error { list.Check(tx); return nil })
		said := strings.Join(sheet.Said(list.Bad), "\n")
		for _, want := range []string{"dòng 4: “hôm qua” không phải là ngày", "dòng 5: không ghi ngày văn bản", "dòng 6: ", "dòng 7: “31/02/2026” không phải là ngày"} {
			if !strings.Contains(said, want) {
				t.Errorf("no %q in:\n%s", want, said)
			}
		}
		if len(list.Lines) != 1 || list.Lines[0].N != 3 || len(list.Bad) != 4 {
			t.Fatalf("good %+v, bad %+v", list.Lines, list.Bad)
		}
		if r, err := s.intake.TakeList(t.Context(), list.Lines); err != nil || r.Failed != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		var back bytes.Buffer
		if err := list.WriteBad(&back); err != nil {
			t.Fatal(err)
		}
		again, err := exchange.ReadList(bytes.NewReader(back.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error { again.Check(tx); return nil })
		if len(again.Lines) != 0 || len(again.Bad) != 4 {
			t.Errorf("taken again unmended: good %+v, bad %+v", again.Lines, again.Bad)
		}
		cells, err := sheet.Read(bytes.NewReader(back.Bytes()))
		if err != nil || len(cells) != 5 || cells[1].Cell(0) == "" || cells[1].Cell(1) != "4" || !slices.Contains(cells[1].Cells, "10/02/2026") {
			t.Errorf("what came back: %v, %v", cells, err)
		}
	})
}

func TestNoList(t *testing.T) {
	if _, err := exchange.ReadList(strings.NewReader("không phải bảng tính")); err == nil {
		t.Error("no sheet was taken")
	}
}
