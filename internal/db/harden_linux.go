package db

import (
	"os"
	"syscall"
)

// datasync waits until the file's bytes, and its length where that changed, are on the disk.
func datasync(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return err
		}
	}
}
