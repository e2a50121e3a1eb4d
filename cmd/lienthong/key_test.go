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
