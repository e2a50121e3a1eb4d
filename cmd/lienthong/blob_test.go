package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lienthong/internal/blob"
)

// Files go to another store whole, the second time only what is new, and rot is named.
func TestBlobCommands(t *testing.T) {
	data, other := t.TempDir(), filepath.Join(t.TempDir(), "kho")
	from, err := blob.Open(filepath.Join(data, blobsName))
	if err != nil {
		t.Fatal(err)
	}
	keep := func(text string) blob.Hash {
		h, _, err := from.Put(strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := keep("biên bản")
	keep("ảnh chụp")
	if out := must(t, "--data", data, "blob", "copy", "--to", other); !strings.Contains(out, "chép 2 tệp, 0 tệp") {
		t.Error(out)
	}
	keep("bản đồ")
	if out := must(t, "--data", data, "blob", "copy", "--to", other); !strings.Contains(out, "chép 1 tệp, 2 tệp") {
		t.Error(out)
	}
	if out := must(t, "--data", data, "blob", "check"); !strings.Contains(out, "3 tệp, hỏng 0") {
		t.Error(out)
	}
	to, err := blob.Open(other)
	if err != nil || to.Check(first) != nil {
		t.Errorf("in the other store: %v, %v", err, to.Check(first))
	}
	if err := os.WriteFile(filepath.Join(data, blobsName, string(first[:2]), string(first)), []byte("biên bàn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := line(t, "--data", data, "blob", "check"); code == 0 || !strings.Contains(out, string(first[:8])) {
		t.Errorf("exit %d with rot: %s", code, out)
	}
}
