package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
)

// A Secret is a password, code or token on its way in. However it is printed or
// logged, its content does not come out; Reveal is the one way to it.
type Secret string

const masked = "[giấu]"

// Reveal returns the content. Call it only where the content is compared or shown once.
func (s Secret) Reveal() string { return string(s) }

// String hides the content.
func (Secret) String() string { return masked }

// GoString hides it from %#v too.
func (Secret) GoString() string { return masked }

// Format hides it from every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(masked)) }

// LogValue hides it in logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText hides it in JSON and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// hashed is the form in which a random secret stands in a table. It has 256 bits of
// chance, so a fast hash without salt is enough.
func hashed(secret Secret) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Redacted is the last guard before a log: it hides attributes named like secrets and
// anything that looks like one of our secrets, whoever logged it.
func Redacted(h slog.Handler) slog.Handler { return redactor{h} }

// A handler that takes secrets out of every line of the log, whoever writes it.
type redactor struct{ slog.Handler }

// secretNames are parts of attribute names whose values never reach a log.
var secretNames = []string{"password", "matkhau", "secret", "token", "cookie", "authorization", "totp", "recovery"}

// looksSecret matches random secrets (52 letters, see db.NewSecret), hashes of passwords
// and the credentials of a database address.
var looksSecret = regexp.MustCompile(`\b(?:lt_)?[0-9a-v]{52}\b|\$argon2id\$\S+|://[^/@\s:]+:[^/@\s]+@`)

// Handle passes the record on without its secrets.
func (h redactor) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, looksSecret.ReplaceAllString(r.Message, masked), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	return h.Handler.Handle(ctx, clean)
}

// WithAttrs cleans attributes that are kept for later records.
func (h redactor) WithAttrs(all []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(all))
	for i, a := range all {
		clean[i] = redact(a)
	}
	return redactor{h.Handler.WithAttrs(clean)}
}

// WithGroup keeps the guard around a group.
func (h redactor) WithGroup(name string) slog.Handler { return redactor{h.Handler.WithGroup(name)} }

// Attributes with such names are masked, groups too.
func redact(a slog.Attr) slog.Attr {
	name := strings.ToLower(a.Key)
	if slices.ContainsFunc(secretNames, func(s string) bool { return strings.Contains(name, s) }) {
		return slog.String(a.Key, masked)
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		all := slices.Clone(v.Group())
		for i := range all {
			all[i] = redact(all[i])
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(all...)}
	case slog.KindString:
		return slog.String(a.Key, looksSecret.ReplaceAllString(v.String(), masked))
	case slog.KindAny:
		return slog.String(a.Key, looksSecret.ReplaceAllString(fmt.Sprint(v.Any()), masked))
	}
	return slog.Attr{Key: a.Key, Value: v}
}
