package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lienthong/internal/extract"
)

// The command reads a file, prints the JSON of the annotated sets, refuses what it must,
// and measures a folder.
func TestExtract(t *testing.T) {
	const folder = "../../internal/extract/testdata/directives"
	dir := t.TempDir()
	empty, secret := filepath.Join(dir, "trong.pdf"), filepath.Join(dir, "a.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte("TỐI MẬT\n\nGiao Sở Y tế rà soát trước ngày 30/9/2025.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"extract", filepath.Join(folder, "14-ubnd-tinh-mot-viec.txt")}, 0, "[body] Sở Y tế (2025-12-31)"},
		{[]string{"extract", "--score", folder}, 0, "tasks F1"},
		{[]string{"extract"}, 1, "cần tên tệp"},
		{[]string{"extract", empty}, 1, "rỗng"},
		{[]string{"extract", secret}, 1, "TỐI MẬT"},
		{[]string{"extract", "--score", dir}, 1, "không có văn bản đã chú giải"},
	} {
		var out, problems bytes.Buffer
		code := run(t.Context(), c.args, &out, &problems, time.Now)
		if code != c.code || !strings.Contains(out.String()+problems.String(), c.says) {
			t.Errorf("%v: %d, %s%s", c.args, code, out.String(), problems.String())
		}
	}
	var out, problems bytes.Buffer
	run(t.Context(), []string{"extract", "--json", filepath.Join(folder, "14-ubnd-tinh-mot-viec.txt")}, &out, &problems, time.Now)
	var d extract.Document
	if err := json.Unmarshal(out.Bytes(), &d); err != nil || len(d.Tasks) != 2 || d.Tasks[0].Span[1] == 0 {
		t.Errorf("%v: %s", err, out.String())
	}
}
