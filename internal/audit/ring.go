package audit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Change is one key handing the log over to the next: both signed that the log had
// Size entries then.
type Change struct {
	Old, New string // public keys, as Verifier gives them
	Size     int64  // of the log when the key changed
	At       time.Time
	root     tlog.Hash
}

const changeMark = "key change"

// openChange reads a change that both its keys signed.
func openChange(text string) (c Change, err error) {
	defer fault.Wrap(&err, "change of key")
	lines := strings.Split(text, "\n")
	if len(lines) < 7 || lines[1] != changeMark {
		return c, fmt.Errorf("not a change of key: %w", fault.Invalid)
	}
	c.Old, c.New = strings.TrimPrefix(lines[5], "old "), strings.TrimPrefix(lines[6], "new ")
	old, oldErr := note.NewVerifier(c.Old)
	fresh, newErr := note.NewVerifier(c.New)
	if err := errors.Join(oldErr, newErr); err != nil {
		return c, fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	n, err := note.Open([]byte(text), note.VerifierList(old, fresh))
	if err != nil {
		return c, fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	// of one key's name alone, and of both keys: a new key cannot call itself the heir
	if len(n.Sigs) != 2 || old.Name() != lines[0] || fresh.Name() != lines[0] || c.Old == c.New {
		return c, fmt.Errorf("not signed by both keys: %w", fault.Invalid)
	}
	var sizeErr, rootErr, timeErr error
	c.Size, sizeErr = strconv.ParseInt(lines[2], 10, 64)
	c.root, rootErr = tlog.ParseHash(lines[3])
	c.At, timeErr = db.ParseInstant(strings.TrimPrefix(lines[4], "at "))
	if err := errors.Join(sizeErr, rootErr, timeErr); err != nil {
		return c, fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	return c, nil
}

// A ring is the keys that one of them vouches for, the oldest first, each with the
// changes between which it signed: a key that was handed on is worth nothing after.
type ring struct {
	keys    []string
	changes []Change // changes[i] leads from keys[i] to keys[i+1]
	forked  bool     // an old key signed two changes
}

// newRing finds the keys before and after the one given over signed changes; a note that
// is not one, or leads elsewhere, gives nothing. A key that is none is a fault.Invalid.
func newRing(given string, notes []string) (r ring, err error) {
	if _, err := note.NewVerifier(given); err != nil {
		return r, fmt.Errorf("key: %w: %w", err, fault.Invalid)
	}
	var all []Change
	for _, text := range notes {
		if c, err := openChange(text); err == nil && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	r.keys = []string{given}
	find := func(fits func(c Change) bool) int {
		return slices.IndexFunc(all, func(c Change) bool { return fits(c) })
	}
	for len(r.changes) < len(all) {
		i := find(func(c Change) bool { return c.New == r.keys[0] && !slices.Contains(r.keys, c.Old) })
		if i < 0 {
			break
		}
		r.keys, r.changes = slices.Insert(r.keys, 0, all[i].Old), slices.Insert(r.changes, 0, all[i])
	}
	for len(r.changes) < len(all) {
		i := find(func(c Change) bool { return c.Old == r.last() && !slices.Contains(r.keys, c.New) })
		if i < 0 {
			break
		}
		r.keys, r.changes = append(r.keys, all[i].New), append(r.changes, all[i])
	}
	for _, c := range all {
		i := slices.Index(r.keys, c.Old)
		r.forked = r.forked || i >= 0 && (i >= len(r.changes) || r.changes[i] != c)
	}
	return r, nil
}

// last is the newest key; "" of the zero ring.
func (r ring) last() string {
	if len(r.keys) == 0 {
		return ""
	}
	return r.keys[len(r.keys)-1]
}

// open checks the signature under a checkpoint by the key whose turn it was, and reads
// what it says.
func (r ring) open(text string) (m Mark, err error) {
	defer fault.Wrap(&err, "checkpoint")
	err = fmt.Errorf("no key: %w", fault.Invalid)
	for i, key := range r.keys {
		v, keyErr := note.NewVerifier(key)
		if keyErr != nil {
			return m, fmt.Errorf("key: %w: %w", keyErr, fault.Invalid)
		}
		n, openErr := note.Open([]byte(text), note.VerifierList(v))
		if openErr != nil {
			err = fmt.Errorf("%w: %w", openErr, fault.Invalid)
			continue
		}
		if m, err = readMark(n.Text, v.Name()); err != nil {
			return m, err
		}
		early := i > 0 && m.Size < r.changes[i-1].Size
		late := i < len(r.changes) && (m.Size > r.changes[i].Size || m.At.After(r.changes[i].At))
		if early || late {
			return Mark{}, fmt.Errorf("signed by a key out of its turn: %w", fault.Invalid)
		}
		return m, nil
	}
	return m, err
}
