// Package fault names the few ways in which an operation can fail.
//
// An operation refuses by kind and explains by reason: it returns an error that
// ends in %w of one of the kinds below. The faces (web, api, cmd) turn a kind into
// a status in one place. An error without a kind is ours to mend: the officer sees
// "Lỗi hệ thống" and a number, the log has the chain.
package fault

import (
	"errors"
	"fmt"
)

// The kinds. Test with errors.Is, never by text.
var (
	NotFound  = errors.New("not found")         // it does not exist, or this reader may not know that it does
	Invalid   = errors.New("invalid")           // what was sent breaks a rule that the sender can keep
	Denied    = errors.New("denied")            // the reader may see it, but not do this to it
	Conflict  = errors.New("conflict")          // it changed, or was done already
	Reused    = errors.New("key reused")        // an idempotency key came back with another body
	TooMany   = errors.New("too many requests") // a limit of a token or an address
	TooLarge  = errors.New("too large")         // more bytes than the setting allows
	SignedOut = errors.New("signed out")        // no session or token, or one that ended
	Busy      = errors.New("busy")              // the store could not take it in time; try again
)

// Seen is the field of a Conflict whose sender acted on an older version than stands: only
// then has something changed under his hands.
const Seen = "version"

// A Refusal is what the officer reads when an act is refused: a kind, the
// sentence in Vietnamese, and, where one field is to blame, its name and rule.
type Refusal struct {
	Kind   error
	Field  string // the form's field name; empty when no single field is to blame
	Say    string // a full sentence in Vietnamese
	Clause string // the clause the rule rests on; empty when none
	Step   string // for Denied: the step that is missing, in Vietnamese
}

// Error returns the Vietnamese sentence with its field, for logs.
func (r *Refusal) Error() string {
	if r.Field != "" {
		return r.Field + ": " + r.Say
	}
	return r.Say
}

// Unwrap gives the kind, so that errors.Is works.
func (r *Refusal) Unwrap() error { return r.Kind }

// Field refuses the content of one named field (kind Invalid).
func Field(name, format string, args ...any) error {
	return &Refusal{Kind: Invalid, Field: name, Say: fmt.Sprintf(format, args...)}
}

// Refuse explains a refusal of the given kind with a sentence in Vietnamese.
func Refuse(kind error, format string, args ...any) error {
	return &Refusal{Kind: kind, Say: fmt.Sprintf(format, args...)}
}

// Full is the refusal of a machine that has no room left (kind Busy): nothing of what
// was sent is kept, and it can be sent again when somebody has made room.
func Full() error {
	return Refuse(Busy, "Máy chủ đã hết chỗ lưu nên chưa nhận nội dung này, không có gì được ghi dở. Anh/chị báo người quản trị rồi gửi lại sau.")
}

// Wrap adds what the caller was doing to *err, once; nil stays nil.
// Use it deferred with a named result.
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

// Sentence finds the Refusal in err's chain; ok is false when err carries none.
func Sentence(err error) (r *Refusal, ok bool) {
	ok = errors.As(err, &r)
	return r, ok
}

// Kind returns the kind in err's chain, or nil when it has none.
func Kind(err error) error {
	for _, k := range []error{NotFound, Invalid, Denied, Conflict, Reused, TooMany, TooLarge, SignedOut, Busy} {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}
