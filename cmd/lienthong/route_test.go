package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The command proposes without any store, best first, with what the regulation says.
func TestRouteCommand(t *testing.T) {
	tests := []struct{ text, id, unit, subfield string }{
		{"Đăng ký khai sinh, chứng thực bản sao quá tải", "tu-phap", "so-tu-phap", ""},
		{"thieu giao vien mam non", "giao-duc-dao-tao", "so-giao-duc-va-dao-tao", "giao-duc-dao-tao.01"},
		{"Máy tính nhiễm mã độc", "khoa-hoc-cong-nghe-thong-tin", "van-phong-ubnd-tinh", "an-toan-thong-tin"},
	}
	for _, tt := range tests {
		var got struct{ Fields []routed }
		if err := json.Unmarshal([]byte(must(t, "route", "--json", tt.text)), &got); err != nil || len(got.Fields) == 0 {
			t.Fatalf("%s: %v, %d fields", tt.text, err, len(got.Fields))
		}
		f := got.Fields[0]
		if f.ID != tt.id || f.Unit != tt.unit || tt.subfield != "" && f.Subfield != tt.subfield || !strings.Contains(f.Why, "“") {
			t.Errorf("%s: %+v", tt.text, f)
		}
		for i := 1; i < len(got.Fields); i++ {
			if got.Fields[i].Score > got.Fields[i-1].Score {
				t.Errorf("%s: not best first", tt.text)
			}
		}
	}
	if out := must(t, "route", "Đăng ký khai sinh"); !strings.Contains(out, "Tư pháp › Hộ tịch") || !strings.Contains(out, "khoản 1 Điều 4") {
		t.Errorf("%s", out)
	}
	if code, out := line(t, "route", " "); code != 1 || !strings.Contains(out, "Hãy nêu") {
		t.Errorf("%d %s", code, out)
	}
	if out := must(t, "route", "--json", "xyz"); strings.TrimSpace(out) != `{"fields":[]}` {
		t.Errorf("%s", out)
	}
}
