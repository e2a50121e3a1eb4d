package db

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// order-preserving alphabet, so that ids sort by the time they were made
var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// idClock keeps ids of one process in order within a millisecond.
var idClock struct {
	sync.Mutex
	ms int64  // the latest millisecond an id was made for
	n  uint32 // ids since; it runs on when an older instant comes in between
}

// idCount is how many ids keep their order within one millisecond: 26 bits, so that
// an import that stamps a million rows with one instant keeps the order of its file.
const idCount = 1 << 26

// NewID returns a UUIDv7 (RFC 9562) of the instant as 26 letters that sort by time.
// It is a name, never a secret: tokens and receipt codes come from NewSecret.
func NewID(at time.Time) string {
	ms := at.UnixMilli()
	n := idTick(ms)
	var b [16]byte
	if _, err := rand.Read(b[10:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	binary.BigEndian.PutUint64(b[:8], uint64(ms)<<16|uint64(n>>14))
	binary.BigEndian.PutUint16(b[8:10], uint16(n&0x3fff))
	b[6] = 0x70 | b[6]&0x0f // version 7
	b[8] = 0x80 | b[8]&0x3f // variant
	return idText.EncodeToString(b[:])
}

// idTick gives the place of the next id within its millisecond (RFC 9562 6.2,
// method 1). Arrivals come slightly out of order; the counter is not reset for an
// older one, so that the ids of one transaction keep their order.
func idTick(ms int64) uint32 {
	idClock.Lock()
	defer idClock.Unlock()
	if ms > idClock.ms {
		idClock.ms, idClock.n = ms, 0
		return 0
	}
	idClock.n = (idClock.n + 1) % idCount
	return idClock.n
}

// Storable says whether a text that came from outside can be asked for in both databases:
// valid UTF-8 without the zero byte, which PostgreSQL holds in no text.
func Storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

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
