package main

import (
	"strings"
	"testing"
)

func TestSettingCommands(t *testing.T) {
	dir := office(t)
	if out := must(t, "--data", dir, "setting", "list"); !strings.Contains(out, "notice.news") || !strings.Contains(out, "90 ngày") || !strings.Contains(out, "không quy chế nào nêu") {
		t.Errorf("setting list: %s", out)
	}
	if out := must(t, "--data", dir, "setting", "set", "notice.news", "30d", "--source", "Công văn số 1/VP-TH"); !strings.Contains(out, "30 ngày") {
		t.Errorf("setting set: %s", out)
	}
	if out := must(t, "--data", dir, "setting", "get", "notice.news"); strings.TrimSpace(out) != "30d" {
		t.Errorf("setting get: %s", out)
	}
	if out := must(t, "--data", dir, "setting", "set", "signin.idle", "2h", "--source", "thử"); !strings.Contains(out, "khởi động lại") {
		t.Errorf("a setting that waits for a start: %s", out)
	}
	for _, bad := range [][]string{{"set", "notice.news", "lâu", "--source", "x"}, {"set", "notice.cu", "1d", "--source", "x"}, {"set", "notice.news", "40d"}, {"reset", "request.keep"}} {
		if code, out := line(t, append([]string{"--data", dir, "setting"}, bad...)...); code == 0 {
			t.Errorf("%v is taken: %s", bad, out)
		}
	}
	must(t, "--data", dir, "setting", "reset", "notice.news")
	if out := must(t, "--data", dir, "setting", "log"); strings.Count(out, "notice.news") != 2 || !strings.Contains(out, "Công văn số 1/VP-TH") || !strings.Contains(out, "30d → mặc định") {
		t.Errorf("setting log: %s", out)
	}
}
