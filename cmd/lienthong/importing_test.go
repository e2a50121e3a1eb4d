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

// The list of texts that end: every row is asked first, a dry run changes nothing and says
// how many entries of the bank rest on them, and the same file again is the same list.
func TestImportEndedTexts(t *testing.T) {
	dir := office(t)
	head := "symbol,ended_on,replaced_by,source"
	for _, bad := range []string{"59/2020/NĐ-CP,ngày mai,,Nghị định mới", "số mười,2026-07-01,,Nghị định mới", "59/2020/NĐ-CP,2026-07-01,,", "59/2020/NĐ-CP,2026-07-01,,TỐI MẬT"} {
		if code, out := line(t, "--data", dir, "import", "ended", file(t, head, "1/2020/NĐ-CP,2026-07-01,,Nghị định 2/2026/NĐ-CP", bad), "--dry-run"); code != 1 || !strings.Contains(out, "dòng 3:") {
			t.Errorf("%s: exit %d %s", bad, code, out)
		}
	}
	if code, out := line(t, "--data", dir, "import", "ended", file(t, head, "1/2020/NĐ-CP,2026-07-01,,x", "1/2020/nđ-cp,2026-08-01,,y")); code != 1 || !strings.Contains(out, "dòng trên") {
		t.Errorf("one text twice: exit %d %s", code, out)
	}
	rows := file(t, head, "59/2020/NĐ-CP,2026-07-01,12/2026/NĐ-CP,Điều 50 Nghị định 12/2026/NĐ-CP", "06/2019/QĐ-UBND,2026-01-01,,Quyết định bãi bỏ")
	if out := must(t, "--data", dir, "import", "ended", rows, "--dry-run"); !strings.Contains(out, "2 dòng đều đọc được") || !strings.Contains(out, "0 mục giải đáp") {
		t.Error(out)
	}
	for range 2 {
		if out := must(t, "--data", dir, "import", "ended", rows); !strings.Contains(out, "2 dòng") {
			t.Error(out)
		}
	}
}
