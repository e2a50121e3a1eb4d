package main

import (
	"strings"
	"testing"
)

// A row that its sender could not raise by himself is named before any row is taken, and a
// dry run says the same.
func TestImportAsksEveryRow(t *testing.T) {
	dir := office(t)
	must(t, "--data", dir, "import", "officers", file(t, "id,name,unit,role,title", "of-x,Nguyễn Văn Mẫu,04849,specialist,Chuyên viên"))
	rows := file(t, "officer,unit,title,field,text", "of-x,04849,Máy quét hỏng,khoa-hoc-cong-nghe-thong-tin,Máy quét hỏng đã lâu.")
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		code, out := line(t, append([]string{"--data", dir, "import", "petitions", rows}, flags...)...)
		if code != 1 || !strings.Contains(out, "dòng 2:") || strings.Contains(out, "việc chạy nền") {
			t.Errorf("%v: exit %d %s", flags, code, out)
		}
	}
	if out := must(t, "--data", dir, "job", "list"); strings.Contains(out, "lỗi") {
		t.Errorf("the rows were begun: %s", out)
	}
}
