package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// The cost of one password hash: 19 MiB and two passes, about 30 ms of one core. They
// stand in every hash, so raising them leaves old hashes readable.
const (
	argonMemory = 19 * 1024 // KiB
	argonPasses = 2
	argonLanes  = 1
	argonLength = 32
	saltLength  = 16
)

// A Hasher computes password hashes, two at a time: more would only take memory from
// the work of those who are inside already.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
}

const (
	hashesAtOnce   = 2
	hashQueue      = 64
	hashLongestTry = 10 * time.Second
)

// NewHasher returns a hasher with its own two places.
func NewHasher() *Hasher { return &Hasher{slots: make(chan struct{}, hashesAtOnce)} }

// enter waits for a place; a full queue or a long wait is fault.Busy.
func (h *Hasher) enter(ctx context.Context) error {
	busy := fault.Refuse(fault.Busy, "Đang có quá nhiều người đăng nhập cùng lúc. Anh/chị thử lại sau ít giây.")
	if h.waiting.Add(1) > hashQueue {
		h.waiting.Add(-1)
		return busy
	}
	defer h.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, hashLongestTry)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return busy
	}
}

// Frees a place: hashing takes memory, and only so many may at once.
func (h *Hasher) leave() { <-h.slots }

// Hash returns the PHC form of a password under a new salt.
func (h *Hasher) Hash(ctx context.Context, password Secret) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey(plain(password), salt, argonPasses, argonMemory, argonLanes, argonLength)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// nobody is compared against when no such account exists, so that the answer takes as
// long as for one that does. No password matches it.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Matches says whether password belongs to the PHC form. An empty form costs the same
// time and never matches.
func (h *Hasher) Matches(ctx context.Context, phc string, password Secret) (bool, error) {
	known := phc != ""
	if !known {
		phc = nobody
	}
	var version, memory, passes, lanes int
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("unknown form of password hash")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("parameters of password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("salt of password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	got := argon2.IDKey(plain(password), salt, uint32(passes), uint32(memory), uint8(lanes), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// plain gives the same bytes for the same typed word, however a keyboard composes marks.
func plain(p Secret) []byte { return []byte(vntext.NFC(p.Reveal())) }

// maxPassword bounds the work a password can cause, in bytes.
const maxPassword = 1024

// common are words that a guesser tries first, folded; a password that is one of them
// with digits around it is refused.
var common = []string{"matkhau", "password", "passw0rd", "admin", "lienthong", "vietnam", "phutho", "hungvuong", "qwerty",
	"qwertyuiop", "asdfghjkl", "abc", "abcdef", "iloveyou", "anhyeuem", "emyeuanh", "congchuc", "canbo", "ubnd", "tinh", "xa"}

// CheckPassword refuses a password that is too easy to guess, at the form's field
// "new". Length counts letters; no mixture of kinds of signs is asked for.
func (r Rules) CheckPassword(login, name string, password Secret) error {
	p := password.Reveal()
	switch n := utf8.RuneCountInString(vntext.NFC(p)); {
	case n < r.MinPassword:
		return fault.Field("new", "Mật khẩu phải có ít nhất %d ký tự (đang có %d). Một câu ngắn dễ nhớ là cách tốt.", r.MinPassword, n)
	case len(p) > maxPassword:
		return fault.Field("new", "Mật khẩu dài quá %d byte.", maxPassword)
	case strings.TrimSpace(p) != p:
		return fault.Field("new", "Mật khẩu không được bắt đầu hoặc kết thúc bằng dấu cách.")
	}
	word := run(vntext.Fold(p))
	bare := strings.Trim(word, "0123456789")
	switch {
	case few(word):
		return fault.Field("new", "Mật khẩu lặp lại quá ít ký tự khác nhau, dễ bị đoán.")
	case inRow(word):
		return fault.Field("new", "Mật khẩu là một dãy liền nhau (123456…, abcdef…), dễ bị đoán.")
	case bare == "" && len(word) > 0 && word == strings.Trim(word, "abcdefghijklmnopqrstuvwxyz"):
		return fault.Field("new", "Mật khẩu chỉ có chữ số (ngày sinh, số điện thoại…), dễ bị đoán.")
	case listed(bare):
		return fault.Field("new", "Mật khẩu là từ thường gặp, dễ bị đoán.")
	case hasOwn(word, run(vntext.Fold(login))) || hasOwn(word, run(vntext.Fold(name))):
		return fault.Field("new", "Mật khẩu không được chứa tên đăng nhập hoặc họ tên của anh/chị.")
	}
	return nil
}

// run is a folded text without spaces.
func run(s string) string { return strings.ReplaceAll(s, " ", "") }

// A word of three letters over and over.
func few(word string) bool {
	seen := map[rune]bool{}
	for _, r := range word {
		seen[r] = true
	}
	return word != "" && len(seen) < 4
}

// A word that goes up or down the alphabet or the digits.
func inRow(word string) bool {
	if len(word) < 4 {
		return false
	}
	for _, step := range []int{1, -1} {
		breaks := 0
		for i := 1; i < len(word); i++ {
			if int(word[i])-int(word[i-1]) != step {
				breaks++
			}
		}
		if breaks <= 1 { // 1234567890 breaks once
			return true
		}
	}
	return false
}

// A word that everybody tries first, also doubled.
func listed(bare string) bool {
	for _, c := range common {
		if bare == c || bare == c+c {
			return true
		}
	}
	return false
}

// hasOwn finds a name of four letters or more in the password.
func hasOwn(word, own string) bool { return len(own) >= 4 && strings.Contains(word, own) }
