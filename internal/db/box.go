package db

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"lienthong/internal/fault"
)

// A Box seals the few secrets that must be read again - those of second factors -, so
// that who has the rows or a backup of them has not the secrets. Its
// keys lie outside the store: in a file beside the data that only its owner reads, or
// in a text that the office's own keeper of secrets gives to each node. The first key
// seals; all open, so that a new key is put in front and the old one taken away once
// everything is sealed anew. A Box is safe for use by many goroutines.
type Box struct {
	mu   sync.Mutex
	file string   // "" when the keys were given
	keys []boxKey // the first seals
}

// One key to seal with.
type boxKey struct {
	id   string // the first letters of its hash: names it, tells nothing
	aead cipher.AEAD
}

// boxFile is the name of the file beside the data.
const boxFile = "secret.key"

// sealMark begins every sealed text: its form, then the key's id, then nonce and content.
const sealMark = "sealed1:"

const boxKeySize = 32 // AES-256

// FileBox returns a box whose keys lie in a file of dir, one a line; it is made when
// the first secret is sealed.
func FileBox(dir string) *Box { return &Box{file: filepath.Join(dir, boxFile)} }

// GivenBox returns a box with the keys of a text: 32 bytes each in base64, the one that
// seals first, with commas or spaces between.
func GivenBox(text string) (*Box, error) {
	keys, err := parseKeys(text)
	if err == nil && len(keys) == 0 {
		err = errors.New("no key")
	}
	if err != nil {
		return nil, fmt.Errorf("keys of secrets: %w: %w", err, fault.Invalid)
	}
	return &Box{keys: keys}, nil
}

// SetBox gives the store its keys: on PostgreSQL, or where they are given to each node. A
// SQLite store has them in its own folder from the beginning.
func (d *DB) SetBox(b *Box) { d.box = b }

// Several keys, the first of which seals; the others only open, until everything is sealed again.
func parseKeys(text string) (all []boxKey, err error) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		raw, err := base64.StdEncoding.DecodeString(word)
		if err != nil || len(raw) != boxKeySize {
			return nil, fmt.Errorf("a key is not %d bytes in base64", boxKeySize) // never the word itself
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		all = append(all, boxKey{hex.EncodeToString(sum[:4]), aead})
	}
	return all, nil
}

// A key as it is written into the environment.
func newBoxKey() (string, error) {
	raw := make([]byte, boxKeySize)
	_, err := rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw), err
}

// load reads the file again; create makes it where it is missing.
func (b *Box) load(create bool) error {
	if b.file == "" {
		return nil
	}
	text, err := os.ReadFile(b.file)
	if errors.Is(err, os.ErrNotExist) && create {
		if text, err = b.found(); err != nil {
			return fmt.Errorf("key of secrets: %w", err)
		}
	} else if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("key of secrets: %w", err)
	}
	b.keys, err = parseKeys(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", b.file, err)
	}
	return nil
}

// found makes the file with one key, whole or not at all; of two processes one makes it
// and both read the same.
func (b *Box) found() (text []byte, err error) {
	if err := os.MkdirAll(filepath.Dir(b.file), 0o750); err != nil {
		return nil, err
	}
	key, err := newBoxKey()
	if err != nil {
		return nil, err
	}
	temp, err := writeSecret(b.file, key+"\n")
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, b.file); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return os.ReadFile(b.file)
}

// writeSecret writes a file beside path that only its owner reads, down to the disk.
func writeSecret(path, text string) (temp string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), boxFile+"-*") // made 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	return f.Name(), errors.Join(err, f.Sync(), f.Close())
}

// Rotate puts a new key in front of the file's and returns its id; what is sealed under the old
// ones still opens. Given keys are rotated where they come from: fault.Conflict.
func (b *Box) Rotate() (id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == "" {
		return "", fault.Refuse(fault.Conflict, "Khoá được cấp từ bên ngoài; hãy thêm khoá mới vào đầu ở nơi cấp.")
	}
	if err := b.load(true); err != nil {
		return "", err
	}
	old, err := os.ReadFile(b.file)
	if err != nil {
		return "", err
	}
	key, err := newBoxKey()
	if err != nil {
		return "", err
	}
	temp, err := writeSecret(b.file, key+"\n"+string(bytes.TrimLeft(old, "\n")))
	if err != nil {
		return "", err
	}
	if err := os.Rename(temp, b.file); err != nil {
		return "", errors.Join(err, os.Remove(temp))
	}
	if err := b.load(false); err != nil {
		return "", err
	}
	return b.keys[0].id, nil
}

// first returns the key that seals.
func (b *Box) first() (k boxKey, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.keys) == 0 {
		err = b.load(true)
	}
	if err == nil && len(b.keys) == 0 {
		err = errors.New("no key of secrets")
	}
	if err != nil {
		return k, err
	}
	return b.keys[0], nil
}

// named returns the key of an id; the file is read again for one that is new.
func (b *Box) named(id string) (k boxKey, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range 2 {
		for _, k := range b.keys {
			if k.id == id {
				return k, nil
			}
		}
		if err := b.load(false); err != nil {
			return k, err
		}
	}
	return k, fmt.Errorf("key %s: %w", id, ErrKeyMissing)
}

// ErrKeyMissing is what Unseal says of a secret that was sealed under a key that the box
// has not: the store was restored without its keys.
var ErrKeyMissing = errors.New("the key of this secret is missing")

var errNoBox = errors.New("the store was given no keys of secrets")

// HasBox says whether secrets can be sealed here at all.
func (tx *Tx) HasBox() bool { return tx.db.box != nil }

// Seal returns secret in a form that only the box opens, and only for the same use: of
// names the row it belongs to, so that it opens nothing when it is copied to another. The empty
// secret stays empty.
func (tx *Tx) Seal(secret, of string) (string, error) {
	if secret == "" {
		return "", nil
	}
	if tx.db.box == nil {
		return "", errNoBox
	}
	k, err := tx.db.box.first()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(secret)+k.aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	body := k.aead.Seal(nonce, nonce, []byte(secret), []byte(of))
	return sealMark + k.id + ":" + base64.RawStdEncoding.EncodeToString(body), nil
}

// Unseal opens what Seal returned for the same use. A text that was never sealed, as
// older releases kept it, comes back as it is.
func (tx *Tx) Unseal(sealed, of string) (secret string, err error) {
	rest, ok := strings.CutPrefix(sealed, sealMark)
	if !ok {
		return sealed, nil
	}
	if tx.db.box == nil {
		return "", errNoBox
	}
	id, text, _ := strings.Cut(rest, ":")
	k, err := tx.db.box.named(id)
	if err != nil {
		return "", err
	}
	body, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(body) < k.aead.NonceSize() {
		return "", errors.New("a sealed secret is damaged")
	}
	plain, err := k.aead.Open(nil, body[:k.aead.NonceSize()], body[k.aead.NonceSize():], []byte(of))
	if err != nil {
		return "", fmt.Errorf("a sealed secret does not open: %w", err)
	}
	return string(plain), nil
}

// Reseal returns a secret under the key that seals now; changed says whether it was
// under another or under none.
func (tx *Tx) Reseal(sealed, of string) (anew string, changed bool, err error) {
	if sealed == "" || tx.db.box == nil {
		return sealed, false, nil
	}
	k, err := tx.db.box.first()
	if err != nil || strings.HasPrefix(sealed, sealMark+k.id+":") {
		return sealed, false, err
	}
	secret, err := tx.Unseal(sealed, of)
	if err != nil {
		return sealed, false, err
	}
	anew, err = tx.Seal(secret, of)
	return anew, err == nil, err
}
