package blob

import (
	"errors"
	"syscall"
)

// isFull says whether the disk, or this user's share of it, is full.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
