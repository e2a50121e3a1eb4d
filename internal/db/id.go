package db

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// order-preserving alphabet, so that ids sort by the time they were made
var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// idClock keeps ids of one process in order within a millisecond.
var idClock struct {
	sync.Mutex
	ms  int64
	seq uint16
}

// NewID returns a UUIDv7 (RFC 9562) of the instant as 26 letters that sort by time.
// It is a name, never a secret: tokens and receipt codes come from NewSecret.
func NewID(at time.Time) string {
	ms, seq := idTick(at.UnixMilli())
	var b [16]byte
	if _, err := rand.Read(b[8:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	binary.BigEndian.PutUint64(b[:8], uint64(ms)<<16|uint64(seq))
	b[6] = 0x70 | b[6]&0x0f // version 7
	b[8] = 0x80 | b[8]&0x3f // variant
	return idText.EncodeToString(b[:])
}

// idTick gives the millisecond and a 12-bit counter within it; when the counter
// is used up the millisecond moves on by one, as RFC 9562 6.2 allows.
func idTick(ms int64) (int64, uint16) {
	idClock.Lock()
	defer idClock.Unlock()
	if ms != idClock.ms {
		idClock.ms, idClock.seq = ms, 0
		return ms, 0
	}
	idClock.seq++
	if idClock.seq > 0xfff {
		idClock.ms, idClock.seq = ms+1, 0
	}
	return idClock.ms, idClock.seq
}

// ValidID says whether s has the form of an id: 26 letters of its alphabet.
func ValidID(s string) bool {
	if len(s) != 26 {
		return false
	}
	_, err := idText.DecodeString(s)
	return err == nil
}

// NewSecret returns 32 random bytes as 52 letters, for sessions, tokens and codes.
func NewSecret() string {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return idText.EncodeToString(b[:])
}
