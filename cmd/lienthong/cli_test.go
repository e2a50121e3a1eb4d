package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lienthong/internal/lttest"
	"lienthong/internal/story"
)

// line runs one command line and returns its exit code and everything it printed.
func line(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	now := func() time.Time { return lttest.Start }
	code = run(context.Background(), args, &b, &b, now)
	return code, b.String()
}

// must runs a command line that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out := line(t, args...)
	if code != 0 {
		t.Fatalf("lienthong %s: exit %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

func TestDue(t *testing.T) {
	tests := []struct {
		name, from, limit, on, at string
		first                     string // date and count of the reckoning's first step
	}{
		{"seven working days over Tết", "2026-02-10T09:00", "7wd", "2026-02-26", "2026-02-27T00:00:00+07:00", "2026-02-11 true 1"},
		{"received at midnight", "2026-02-10T00:00", "1wd", "2026-02-11", "2026-02-12T00:00:00+07:00", "2026-02-11 true 1"},
		{"with an offset of its own", "2026-02-10T02:00:00Z", "1wd", "2026-02-11", "2026-02-12T00:00:00+07:00", "2026-02-11 true 1"},
		{"calendar days never roll", "2026-02-06T09:00", "15d", "2026-02-21", "2026-02-22T00:00:00+07:00", "2026-02-07 true 1"},
		{"eight working hours", "2026-02-10T09:00", "8wh", "", "2026-02-11T09:30:00+07:00", "2026-02-10 true 0"},
		{"a make-up Saturday counts", "2026-01-09T09:00", "1wd", "2026-01-10", "2026-01-11T00:00:00+07:00", "2026-01-10 true 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got struct {
				DueOn     string `json:"due_on"`
				DueAt     string `json:"due_at"`
				Reckoning []struct {
					Date    string `json:"date"`
					Counted bool   `json:"counted"`
					N       int    `json:"n"`
					Why     string `json:"why"`
				} `json:"reckoning"`
			}
			if err := json.Unmarshal([]byte(must(t, "due", "--from", tt.from, "--limit", tt.limit, "--json")), &got); err != nil {
				t.Fatal(err)
			}
			first := got.Reckoning[0]
			if got.DueOn != tt.on || got.DueAt != tt.at || fmt.Sprint(first.Date, " ", first.Counted, " ", first.N) != tt.first || first.Why == "" {
				t.Errorf("got %+v, want on %s at %s, first %s", got, tt.on, tt.at, tt.first)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	empty := t.TempDir()
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"unknown flag", []string{"due", "--frm", "x"}, 2, "không có tuỳ chọn"},
		{"missing flag", []string{"due"}, 2, "thiếu tuỳ chọn"},
		{"no such limit", []string{"due", "--from", "2026-02-10", "--limit", "7"}, 1, "Không thực hiện"},
		{"no such instant", []string{"due", "--from", "hôm nay", "--limit", "7wd"}, 1, "--from"},
		{"no office", []string{"--data", empty, "job", "list"}, 1, "Chưa có dữ liệu"},
		{"not a database", []string{"--db", "mysql://x", "migrate"}, 1, "postgres://"},
		{"no such clause", []string{"regulation", "show", "PT06/D99"}, 1, "PT06/D99"},
		{"a model is not adopted as it is", []string{"regulation", "check", "tinh-mau", "--serve"}, 1, "quyết định"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out := line(t, tt.args...)
			if code != tt.code || !strings.Contains(out, tt.says) {
				t.Errorf("exit %d, want %d and %q:\n%s", code, tt.code, tt.says, out)
			}
		})
	}
}

// office makes a new office in a folder, with units, calendar and profile.
func office(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	must(t, "--data", dir, "migrate", "--seed")
	must(t, "--data", dir, "regulation", "adopt", "phu-tho")
	return dir
}

func file(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestImport(t *testing.T) {
	dir := office(t)
	people := []string{"id,name,email,unit,section,role,title,deputy", "of-x,Nguyễn Văn Mẫu,,04849,,leader,Chủ tịch,false"}
	for i := range 450 {
		people = append(people, fmt.Sprintf("of-y%d,Trần Thị Mẫu %d,,04849,,specialist,Chuyên viên,", i, i))
	}
	bad := append(append([]string{}, people...), "of-z,Lê Mẫu,,khong-co,,leader,Chủ tịch,")
	code, out := line(t, "--data", dir, "import", "officers", file(t, bad...))
	if code != 1 || !strings.Contains(out, "dòng 453") || !strings.Contains(out, "khong-co") {
		t.Errorf("the bad line is named: exit %d %s", code, out)
	}
	code, out = line(t, "--data", dir, "import", "officers", file(t, "id,name,unit,role,titel", "a,b,c,d,e"))
	if code != 1 || !strings.Contains(out, "title") {
		t.Errorf("a misspelt heading: exit %d %s", code, out)
	}
	if out = must(t, "--data", dir, "import", "officers", file(t, people...), "--dry-run"); !strings.Contains(out, "451 dòng") {
		t.Errorf("dry run: %s", out)
	}
	if code, _ := line(t, "--data", dir, "token", "new", "--officer", "of-x"); code == 0 {
		t.Error("a refused import or a dry run left an officer behind")
	}
	if out = must(t, "--data", dir, "import", "officers", file(t, people...)); !strings.Contains(out, "xong, 451 dòng") {
		t.Errorf("import: %s", out)
	}
	must(t, "--data", dir, "import", "officers", file(t, people...)) // again: what is there stays
	if secret := must(t, "--data", dir, "token", "new", "--officer", "of-x"); len(strings.TrimSpace(secret)) < 40 {
		t.Errorf("token %q", secret)
	}
	if out = must(t, "--data", dir, "job", "list"); strings.Count(out, "xong") != 2 {
		t.Errorf("jobs:\n%s", out)
	}
}

func TestAccounts(t *testing.T) {
	dir := office(t)
	must(t, "--data", dir, "import", "officers", file(t, "id,name,unit,role,title", "of-x,Nguyễn Văn Mẫu,04849,leader,Chủ tịch"))
	if out := must(t, "--data", dir, "user", "add", "--officer", "of-x", "--login", "Mẫu.NV"); !strings.Contains(out, "mau.nv") || !strings.Contains(out, "Mật khẩu tạm") {
		t.Errorf("user add: %s", out)
	}
	if out := must(t, "--data", dir, "user", "list"); !strings.Contains(out, "mau.nv") {
		t.Errorf("user list: %s", out)
	}
	must(t, "--data", dir, "user", "password", "--officer", "of-x")
	must(t, "--data", dir, "user", "disable", "--officer", "of-x")
	if code, _ := line(t, "--data", dir, "user", "add", "--officer", "of-nobody", "--login", "khongai"); code != 1 {
		t.Error("an account for nobody")
	}
}

func TestBackupAndRestore(t *testing.T) {
	dir := office(t)
	must(t, "--data", dir, "import", "officers", file(t, "id,name,unit,role,title", "of-x,Nguyễn Văn Mẫu,04849,leader,Chủ tịch"))
	copied := filepath.Join(t.TempDir(), "backup")
	must(t, "--data", dir, "key", "rotate")
	if out := must(t, "--data", dir, "backup", copied); !strings.Contains(out, "KHÔNG có tệp khoá") || !strings.Contains(out, "khoá ký sổ") {
		t.Errorf("the backup says nothing of the keys: %s", out)
	}
	if _, err := os.Stat(filepath.Join(copied, keyFile)); err == nil {
		t.Error("the backup took the keys along")
	}
	if code, out := line(t, "--data", dir, "backup", copied); code != 1 {
		t.Errorf("a backup over a backup: %s", out)
	}
	if code, out := line(t, "--data", dir, "restore", copied); code != 1 || !strings.Contains(out, "không ghi đè") {
		t.Errorf("a restore over an office: exit %d %s", code, out)
	}
	back := filepath.Join(t.TempDir(), "back")
	if out := must(t, "--data", back, "restore", copied); !strings.Contains(out, "Chưa có") {
		t.Errorf("a restore without the keys says nothing: %s", out)
	}
	key, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	beside := filepath.Join(t.TempDir(), "beside")
	if err := os.MkdirAll(beside, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(beside, keyFile), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "--data", beside, "restore", copied); strings.Contains(out, "Chưa có") {
		t.Errorf("a restore beside its keys misses them: %s", out)
	}
	must(t, "--data", back, "token", "new", "--officer", "of-x")
	must(t, "--data", back, "audit", "verify")
	must(t, "--data", back, "user", "add", "--officer", "of-x", "--login", "mau")
	must(t, "--data", back, "user", "drop-second", "--officer", "of-x")
	if out := must(t, "--data", back, "user", "log"); !strings.Contains(out, "Bỏ xác thực hai lớp") || !strings.Contains(out, "of-x") {
		t.Errorf("the log of sign-ins: %s", out)
	}
	if out := must(t, "--data", back, "user", "log", "--officer", "of-x", "--limit", "1"); strings.Count(out, "\n") != 1 {
		t.Errorf("one line of one officer: %s", out)
	}
	if code, _ := line(t, "--data", back, "user", "log", "--officer", "khong-ai"); code != 1 {
		t.Error("the log of nobody")
	}

	// One byte of the copy changed: nothing is restored from it.
	name := filepath.Join(copied, liteName)
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	spoilt := filepath.Join(t.TempDir(), "spoilt")
	if code, out := line(t, "--data", spoilt, "restore", copied); code != 1 || !strings.Contains(out, "không còn như lúc sao lưu") {
		t.Errorf("a spoilt backup: exit %d %s", code, out)
	}
	if _, err := os.Stat(spoilt); err == nil {
		t.Error("a refused restore left a folder behind")
	}
}

func TestHelpIsVietnamese(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"due", "--help"}, {"regulation", "--help"}, {"import", "--help"}} {
		code, out := line(t, args...)
		if code != 0 || !strings.Contains(out, "Cách dùng:") || strings.Contains(out, "Usage") || strings.Contains(out, "Show context") {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
}

// TestBackupOfPostgres copies a whole database with PostgreSQL's own tools and fills an
// empty one with it; both are made and dropped here.
func TestBackupOfPostgres(t *testing.T) {
	p := program(t)
	o := offices(t, p)
	from, err := o.Postgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to, err := o.Empty(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		for _, x := range []*story.Office{from, to} {
			if err := x.Close(); err != nil {
				t.Error(err)
			}
		}
	}()
	copied, files := filepath.Join(t.TempDir(), "backup"), t.TempDir()
	must(t, "--db", from.DSN, "--data", files, "backup", copied)
	if code, out := line(t, "--db", from.DSN, "--data", files, "restore", copied); code != 1 || !strings.Contains(out, "không ghi đè") {
		t.Errorf("a restore over an office: exit %d %s", code, out)
	}
	if code, out := line(t, "--data", t.TempDir(), "restore", copied); code != 1 || !strings.Contains(out, "--db") {
		t.Errorf("a restore into the other database: exit %d %s", code, out)
	}
	must(t, "--db", to.DSN, "--data", t.TempDir(), "restore", copied)
	must(t, "--db", to.DSN, "token", "new", "--officer", "of-04849-leader-1")
}
