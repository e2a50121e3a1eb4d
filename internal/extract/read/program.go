package read

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// How long a program beside ours may take.
const (
	programTime = 20 * time.Second
	scanTime    = 3 * time.Minute
	wholeScan   = 5 * time.Minute // all pages of one scan
)

var errMissing = errors.New("no such program")

// program runs one program on a file, without a shell and without our environment, and
// returns what it prints. errMissing: this machine does not have it.
func program(ctx context.Context, limit time.Duration, name string, args ...string) ([]byte, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, errMissing
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Env = []string{"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "OMP_THREAD_LIMIT=1"} // one core a document: others are served beside
	c.WaitDelay = time.Second
	out := &capped{left: maxText}
	c.Stdout = out
	err = c.Run()
	if out.full {
		err = nil
	}
	return out.Bytes(), err
}

// capped keeps the first bytes and lets the rest go.
type capped struct {
	bytes.Buffer
	left int
	full bool
}

// Write keeps what fits; it never fails, so that the program ends on its own.
func (c *capped) Write(b []byte) (int, error) {
	n := min(len(b), c.left)
	c.left -= n
	c.full = c.full || n < len(b)
	c.Buffer.Write(b[:n])
	return len(b), nil
}

// inFolder writes the bytes into a folder of their own for fn and removes it after.
func inFolder(b []byte, name string, fn func(dir, path string) error) error {
	dir, err := os.MkdirTemp("", "lienthong-extract-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return err
	}
	return fn(dir, path)
}
