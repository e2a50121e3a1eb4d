package route

import "testing"

// A field of manner yields to the matter that a text names, and to nothing else.
func TestMatterBeforeManner(t *testing.T) {
	m, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for text, yields := range map[string]bool{
		"Cán bộ một cửa chưa được tập huấn nhận hồ sơ hộ tịch": true,
		"Bàn máy lấy số ở bộ phận một cửa hay kẹt giấy":        false,
	} {
		if f := m.read(text).yields(); (f < 1) != yields {
			t.Errorf("%s: %v", text, f)
		}
	}
	// software of schools is a matter of schools before one of software
	order := m.Order("Phần mềm quản lý trường học không kết nối được với hệ thống một cửa")
	for _, f := range order {
		if f == "giao-duc-dao-tao" {
			return
		}
		if f == "khoa-hoc-cong-nghe-thong-tin" {
			t.Fatalf("software before schools: %v", order)
		}
	}
}
