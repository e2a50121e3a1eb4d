package lttest

import (
	"syscall"
	"testing"
)

// SmallDisk returns a folder on a disk of its own that holds only so many bytes, for
// tests of a full disk. It needs the right to mount; without it the test is left out and
// says so, and what can be tried without a disk is tried elsewhere.
func SmallDisk(t testing.TB, bytes string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+bytes); err != nil {
		t.Skipf("a full disk was NOT tried: no right to mount one (%v)", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}
