package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeyRotate(t *testing.T) {
	dir := office(t)
	must(t, "--data", dir, "key", "rotate")
	if out := must(t, "--data", dir, "key", "rotate"); !strings.Contains(out, "Khoá mới") {
		t.Errorf("key rotate: %s", out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "secret.key"))
	if err != nil || len(strings.Fields(string(text))) != 3 {
		t.Errorf("%d keys in the file (%v), want the first and two more", len(strings.Fields(string(text))), err)
	}
	t.Setenv(keysVariable, "rác")
	if code, out := line(t, "--data", dir, "user", "list"); code != 1 || strings.Contains(out, "rác") {
		t.Errorf("keys that cannot be read: exit %d %s", code, out)
	}
}

// A backup carries no signing key that anybody could read, and the key that an outsider
// kept goes on working after the office changed it.
func TestLogKeyApart(t *testing.T) {
	dir := office(t)
	out := must(t, "--data", dir, "audit", "checkpoint")
	_, old, ok := strings.Cut(strings.TrimSpace(out), "Khoá công khai: ")
	if !ok {
		t.Fatalf("checkpoint: %s", out)
	}
	copied := filepath.Join(t.TempDir(), "backup")
	must(t, "--data", dir, "backup", copied)
	raw, err := os.ReadFile(filepath.Join(copied, liteName))
	if err != nil || strings.Contains(string(raw), "PRIVATE+KEY") {
		t.Errorf("the backup holds the open signing key (%v)", err)
	}
	folder := filepath.Join(t.TempDir(), "witness")
	must(t, "--data", dir, "audit", "checkpoint", "--out", folder)
	if out := must(t, "--data", dir, "audit", "rotate-key"); !strings.Contains(out, old) {
		t.Errorf("rotate-key does not name the old key: %s", out)
	}
	must(t, "--data", dir, "audit", "checkpoint", "--out", folder)
	if out := must(t, "--data", dir, "audit", "verify", "--key", old, "--witness", folder); !strings.Contains(out, "Khóa ký đã đổi lúc") {
		t.Errorf("verify under the old key does not tell the change: %s", out)
	}
	if code, out := line(t, "--data", dir, "audit", "rotate-key", "--lost"); code != 1 {
		t.Errorf("--lost while the key opens: %s", out)
	}
	must(t, "--data", dir, "key", "rotate") // seals the signing key anew
	must(t, "--data", dir, "audit", "rotate-key")
}
