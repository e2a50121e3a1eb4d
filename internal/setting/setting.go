// Package setting is the technical settings of one tenant: lengths of time, sizes and
// counts that no regulation states, each with its default, its bounds and what it means.
//
// There is one declared list; a name that is not in it is refused. A value that was set
// stands in a row with who set it and on what ground, and every change is kept. Days and
// roles that a regulation states are rules of a rulebook and never stand here.
package setting

import (
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Kind is how a value is written.
type Kind string

// The kinds.
const (
	Span  Kind = "span"  // 90d, 12h, 30m, 5s
	Count Kind = "count" // a whole number
	Bytes Kind = "bytes" // a whole number of bytes; 25MB is taken too
	Flag  Kind = "flag"  // true or false
	Text  Kind = "text"
	Web   Kind = "web" // an address that a browser opens, or empty
)

// SiteAddress is the setting with the address at which officers open the program; papers
// carry it as a QR code, and messages as a link.
const SiteAddress = "site.address"

// Ground is what every setting rests on as long as nobody gives another.
const Ground = "thông số kỹ thuật, không quy chế nào nêu"

// A Setting is one declared name.
type Setting struct {
	Name, Default string
	Kind          Kind
	Least, Most   string // bounds of numbers and spans; "" none
	Means         string // in Vietnamese
	Restart       bool   // a running server takes a new value at its next start
}

// A State is a setting as it stands in this office.
type State struct {
	Setting
	Value  string // in force
	Set    bool   // by somebody; else the default
	Source string // who set it and on what ground
	SetAt  time.Time
}

// A Change is one line of what was changed.
type Change struct {
	Name, Was, Became, Source, By string
	At                            time.Time
}

// Declared returns the list in its order.
func Declared() []Setting { return slices.Clone(list) }

// Of returns the declared setting of a name; another name is a fault.NotFound.
func Of(name string) (s Setting, err error) {
	for _, s := range list {
		if s.Name == name {
			return s, nil
		}
	}
	return s, fault.Refuse(fault.NotFound, "Không có thông số nào tên %q. Xem 'lienthong setting list'.", name)
}

// mustOf is Of for names in the program itself.
func mustOf(name string) Setting {
	s, err := Of(name)
	if err != nil {
		panic("undeclared setting " + name)
	}
	return s
}

// Check returns the value in the form in which it is kept, or refuses it at the field
// "value" with what it may be.
func (s Setting) Check(value string) (string, error) {
	value = strings.TrimSpace(value)
	n, err := s.number(value)
	if err != nil {
		return "", fault.Field("value", "%s: %q không đọc được; %s.", s.Name, value, s.form())
	}
	if s.Least != "" {
		least, _ := s.number(s.Least)
		most, _ := s.number(s.Most)
		if n < least || n > most {
			return "", fault.Field("value", "%s phải từ %s đến %s.", s.Name, s.Say(s.Least), s.Say(s.Most))
		}
	}
	switch s.Kind {
	case Bytes, Count:
		return strconv.FormatInt(n, 10), nil
	case Flag:
		return strconv.FormatBool(n == 1), nil
	case Web:
		return strings.TrimRight(value, "/"), s.checkWeb(value)
	}
	return value, nil
}

// checkWeb refuses what no browser opens: it would be printed on every paper.
func (s Setting) checkWeb(value string) error {
	u, err := url.Parse(value)
	if value == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil {
		return nil
	}
	return fault.Field("value", "%s: %q không phải địa chỉ mở được; ghi như https://lienthong.tinh.gov.vn.", s.Name, value)
}

// number reads a value as the number that its bounds are about; a text is 0.
func (s Setting) number(value string) (int64, error) {
	switch s.Kind {
	case Span:
		d, err := ParseSpan(value)
		return int64(d), err
	case Bytes:
		for unit, size := range map[string]int64{"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30} {
			if part, ok := strings.CutSuffix(strings.ToUpper(value), unit); ok {
				n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 32)
				return n * size, err
			}
		}
		return strconv.ParseInt(value, 10, 64)
	case Count:
		return strconv.ParseInt(value, 10, 64)
	case Flag:
		yes, err := strconv.ParseBool(value)
		if yes {
			return 1, err
		}
		return 0, err
	}
	return 0, nil
}

// How a value of this kind is written, for the sentence that refuses another.
func (s Setting) form() string {
	switch s.Kind {
	case Span:
		return "ghi số kèm d (ngày), h (giờ), m (phút) hoặc s (giây), ví dụ 90d"
	case Bytes:
		return "ghi số byte, hoặc kèm KB, MB, GB"
	case Flag:
		return "ghi true hoặc false"
	}
	return "ghi một số nguyên"
}

// Say writes a value as people read it: "90 ngày", "25 MB", "có".
func (s Setting) Say(value string) string {
	n, err := s.number(value)
	switch {
	case err != nil || (s.Kind == Text || s.Kind == Web) && value != "":
		return value
	case s.Kind == Text, s.Kind == Web:
		return "(trống)"
	case s.Kind == Flag:
		return map[bool]string{true: "có", false: "không"}[n == 1]
	case s.Kind == Span:
		return saySpan(time.Duration(n))
	case s.Kind == Bytes:
		for _, u := range []struct {
			size int64
			name string
		}{{1 << 30, "GB"}, {1 << 20, "MB"}, {1 << 10, "KB"}} {
			if n >= u.size && n%u.size == 0 {
				return fmt.Sprintf("%d %s", n/u.size, u.name)
			}
		}
		return fmt.Sprintf("%d byte", n)
	}
	return value
}

const day = 24 * time.Hour

// A span in the largest unit it is a whole number of; a single day stays in hours, as settings of hours
// are written.
func saySpan(d time.Duration) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{day, "ngày"}, {time.Hour, "giờ"}, {time.Minute, "phút"}, {time.Second, "giây"}} {
		if d >= u.size && d%u.size == 0 && (u.size != day || d > day) {
			return fmt.Sprintf("%d %s", d/u.size, u.name)
		}
	}
	return d.String()
}

// ParseSpan reads a length of time: whole days as 90d, else as Go writes it.
func ParseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 32)
		return time.Duration(n) * day, err
	}
	return time.ParseDuration(text)
}

// Values returns the value in force of every setting whose name begins with prefix, read
// now. A row that cannot be read is an error: nothing falls back in silence.
func Values(tx *db.Tx, prefix string) (all map[string]string, err error) {
	defer fault.Wrap(&err, "settings")
	all = map[string]string{}
	for _, s := range list {
		if strings.HasPrefix(s.Name, prefix) {
			all[s.Name] = s.Default
		}
	}
	err = tx.All(`SELECT name, value FROM setting ORDER BY name`, nil, func(r *sql.Rows) error {
		var name, value string
		if err := r.Scan(&name, &value); err != nil {
			return err
		}
		if _, ok := all[name]; !ok {
			return nil
		}
		all[name] = value
		if _, err := mustOf(name).number(value); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
		return nil
	})
	return all, err
}

// Number reads a value that Values gave: a count, bytes, nanoseconds of a span, 1 of a
// flag that is on.
func Number(all map[string]string, name string) int64 {
	n, _ := mustOf(name).number(all[name]) // Values refused what cannot be read
	return n
}

// SpanOf returns a length of time in force. It costs no read while no setting changes.
func SpanOf(tx *db.Tx, name string) (time.Duration, error) {
	n, err := tx.Version(versionName)
	if err != nil {
		return 0, err
	}
	v, err := tx.Memo(fmt.Sprintf("setting %d", n), func() (any, error) { return Values(tx, "") })
	if err != nil {
		return 0, err
	}
	return time.Duration(Number(v.(map[string]string), name)), nil
}

// Shipped returns the length of time that a setting has as long as nobody sets it, for what
// runs before the store is read and for tests. A name that is not declared panics.
func Shipped(name string) time.Duration {
	s := mustOf(name)
	n, _ := s.number(s.Default) // a test reads every default
	return time.Duration(n)
}

// versionName counts the changes of settings; see db.Tx.Bump.
const versionName = "setting"
