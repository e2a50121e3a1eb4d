package bank

import (
	"slices"
	"testing"
)

func TestPersonal(t *testing.T) {
	places := []string{"hy cuong", "phu ninh", "an binh"}
	tests := []struct {
		text string
		want []string // kind and words
	}{
		{"Sổ gốc không còn thì cấp trích lục thế nào?", nil},
		{"Ông Nguyễn Văn Tám hỏi về đất", []string{"person:ong nguyen van tam"}},
		{"theo trình bày của bà Lan, hộ Trần Thị Hoa", []string{"person:ba lan", "person:tran thi hoa"}},
		{"liên hệ 0912.345.678 hoặc +84 912 345 678", []string{"phone:0912 345 678", "phone:84 912 345 678"}},
		{"CCCD 025099001234, hộp thư a.b@tinh.gov.vn", []string{"id:025099001234", "mail:a b tinh gov vn"}},
		{"xe 19A-123.45 và 19C1 234.56", []string{"plate:19a 123 45", "plate:19c1 234 56"}},
		{"sinh ngày 02/03/1980, trẻ sinh năm 2019", []string{"birth:sinh ngay 02 03 1980", "birth:sinh nam 2019"}},
		{"số nhà 12 ngõ 5; thửa đất số 120, tờ bản đồ số 7", []string{"house:so nha 12", "house:thua dat so 120", "house:to ban do so 7"}},
		{"ở thôn Đồng Mạ, xã Hy Cương", []string{"place:thon dong ma", "place:xa hy cuong"}},
		{"UBND Phù Ninh đề nghị", []string{"place:phu ninh"}},
		{"cho phú ninh, an bình và hạnh phúc", nil},
		{"Nghị định 118/2025/NĐ-CP, Luật Hộ tịch 2014, Điều 12, 15 ngày làm việc", nil},
		{"Ủy ban nhân dân cấp xã, xã và phường, các thôn", nil},
		{"chi 250.000.000 đồng", nil},
		{"hộ TRẦN VĂN BẢY và NGUYỄN THỊ ÁNH NGUYỆT", []string{"person:tran van bay", "person:nguyen thi anh nguyet"}},
		{"Nguyen Van Hung hoi, tran thi hoa tra loi, nguyễn văn tám ghi", []string{"person:nguyen van hung", "person:tran thi hoa", "person:nguyen van tam"}},
		{"chuyển vào tài khoản 10201000123456 tại ngân hàng", []string{"number:10201000123456"}},
		{"tài khoản 1234 5678 9012 3456 và 0011004123456", []string{"number:1234 5678 9012 3456", "number:0011004123456"}},
		{"CMND 025 099 001, số định danh 025.099.001.234", []string{"id:025 099 001", "id:025 099 001 234"}},
		{"giấy chứng nhận CH 123456, hộ chiếu C1234567, thẻ DN4250123456789", []string{"number:ch 123456", "number:c1234567", "number:dn4250123456789"}},
		{"thủ tục 1.004873.000.00.00.H44, mã 2.000635, giai đoạn 2021-2025, 2026-2030", nil},
		{"ngân sách 1.250.000 nghìn đồng cho 12.500 hộ, diện tích 12345678 m2", nil},
		{"HỒ SƠ ĐĂNG KÝ, ĐÀO TẠO NGHỀ CHO LAO ĐỘNG NÔNG THÔN, PHẠM VI ĐIỀU CHỈNH, LỰC LƯỢNG VŨ TRANG NHÂN DÂN", nil},
		{"Đoàn Thanh niên Cộng sản Hồ Chí Minh, Thành phố Hà Nội, tỉnh Cao Bằng, Trường THPT Nguyễn Huệ, đường Trần Phú", nil},
		{"tư tưởng Hồ Chí Minh; Học viện Chính trị quốc gia Hồ Chí Minh", nil},
		{"do van ban quy dinh, vu van hoa", nil},
		{"đồng chí Phúc gọi cô Mai, bà TRẦN THỊ HOA", []string{"person:dong chi phuc", "person:co mai", "person:ba tran thi hoa"}},
		{"Đoàn Văn Hậu và Hà Thị Thu", []string{"person:doan van hau", "person:ha thi thu"}},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range Personal(tt.text, places) {
			got = append(got, m.Key())
			if m.Say() == "" {
				t.Errorf("%s has no name", m.Kind)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	got := numbers("khoản 2 Điều 9 Luật 60/2014/QH13; Nghị định 123/2015/NĐ-CP, Quyết định 06/QĐ-UBND; 123/2015/NĐ-CP")
	if !slices.Equal(got, []string{"06 qd ubnd", "123 2015 nd cp", "60 2014 qh13"}) {
		t.Errorf("%q", got)
	}
}
