//go:build !linux

package db

import "os"

// datasync waits until the file is on the disk.
func datasync(f *os.File) error { return f.Sync() }
