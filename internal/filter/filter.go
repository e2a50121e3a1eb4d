// Package filter says which conditions (điều kiện lọc) the address of a list takes, and
// refuses what is none of them.
//
// Whoever owns a list declares its conditions once, each with its name, its Vietnamese
// label and what it may hold. Pages, the JSON face, kept views and exports read an address
// through that declaration only, so that a mistyped filter is refused by name everywhere
// and is never a list of everything or of nothing. What a condition means stays with the
// list: this package knows no cases.
package filter

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Condition is one parameter of a list's address.
type Condition struct {
	Name   string   // in the address
	Label  string   // Vietnamese, as pages call it
	Say    string   // what the document of the JSON face adds; "" nothing
	Many   bool     // it may stand several times
	Choose []Option // all it may hold; none where that is no short list
	Shape  Shape

	also  []string                                                      // values that stand for themselves, like "-"
	clean func(v string) (string, bool)                                 // how a value is written here; false refuses it
	known func(tx *db.Tx, who org.Actor, v string) (ok bool, err error) // whether the store has it
	rule  string                                                        // why a value is refused, behind the label
}

// An Option is one value of a condition with its words.
type Option struct{ Value, Say string }

// A Shape is the form of a condition's values, as a schema says it.
type Shape struct {
	Type     string // string, integer or boolean; "" string
	Format   string // date
	Pattern  string
	Min, Max int  // of an integer
	Free     bool // words: whatever is typed is looked for
}

// Or returns the condition with further values that stand for themselves: "-" for none.
func (c Condition) Or(values ...string) Condition {
	c.also = append(slices.Clone(c.also), values...)
	return c
}

// Several returns the condition as one that may stand several times.
func (c Condition) Several() Condition {
	c.Many = true
	return c
}

// Saying returns the condition with what the document adds to its label.
func (c Condition) Saying(say string) Condition {
	c.Say = say
	return c
}

// Values are the ids of all it may hold, for a schema; none where that is no short list.
func (c *Condition) Values() (all []string) {
	for _, o := range c.Choose {
		all = append(all, o.Value)
	}
	if len(all) > 0 {
		all = append(all, c.also...)
	}
	return all
}

// A Set is every condition of one list, in the order of the document.
type Set []Condition

// Of returns the condition of that name.
func (s Set) Of(name string) (Condition, bool) {
	if i := slices.IndexFunc(s, func(c Condition) bool { return c.Name == name }); i >= 0 {
		return s[i], true
	}
	return Condition{}, false
}

// A Wrong is one condition as it stood in an address, with why it is refused.
type Wrong struct {
	Condition        // its Label is empty when the list has no such condition
	Value     string // as it was sent
	Why       string // a sentence in Vietnamese that names the condition
}

// Refused is an address whose conditions cannot be kept (kind fault.Invalid): all that is
// wrong with it, at least one.
type Refused struct{ Wrong []Wrong }

// Error gives every sentence, one behind the other.
func (r *Refused) Error() string {
	all := make([]string, len(r.Wrong))
	for i, w := range r.Wrong {
		all[i] = w.Why
	}
	return strings.Join(all, " ")
}

// Unwrap gives a refusal by name for each condition.
func (r *Refused) Unwrap() (all []error) {
	for _, w := range r.Wrong {
		all = append(all, fault.Field(w.Name, "%s", w.Why))
	}
	return all
}

func refused(all []Wrong) error {
	if len(all) == 0 {
		return nil
	}
	return &Refused{all}
}

// Read returns the conditions of an address as lists read them: days as 2026-02-10, a yes
// as 1, a no and an empty value left out. The error is a *Refused. Parameters that are no
// condition of the set are left alone: see Unknown. What only the store knows is asked by Known.
func (s Set) Read(q url.Values) (clean url.Values, err error) {
	clean = url.Values{}
	var wrong []Wrong
	for i := range s {
		c := &s[i]
		values := slices.DeleteFunc(slices.Clone(q[c.Name]), func(v string) bool { return strings.TrimSpace(v) == "" })
		if !c.Many && len(slices.Compact(slices.Clone(values))) > 1 {
			wrong = append(wrong, Wrong{*c, strings.Join(values, ", "), c.Label + ": chỉ chọn một giá trị."})
			continue
		}
		for n, v := range values {
			if !c.Many && n > 0 {
				break // the same once more
			}
			read, ok := c.read(v)
			if !ok {
				wrong = append(wrong, Wrong{*c, v, c.why(v)})
			} else if read != "" {
				clean.Add(c.Name, read)
			}
		}
	}
	if w, ok := s.backwards(clean); ok {
		wrong = append(wrong, w)
	}
	return clean, refused(wrong)
}

// Unknown refuses parameters that are neither conditions of the set nor among others.
func (s Set) Unknown(q url.Values, others ...string) error {
	var wrong []Wrong
	for name := range q {
		if _, ok := s.Of(name); !ok && !slices.Contains(others, name) {
			wrong = append(wrong, Wrong{Condition{Name: name}, q.Get(name), "Không có tham số nào tên là “" + cut(name) + "” ở địa chỉ này."})
		}
	}
	slices.SortFunc(wrong, func(a, b Wrong) int { return strings.Compare(a.Name, b.Name) })
	return refused(wrong)
}

// Asks says whether Known has anything to ask the store about an address that was read.
func (s Set) Asks(clean url.Values) bool {
	return slices.ContainsFunc(s, func(c Condition) bool { return c.known != nil && len(clean[c.Name]) > 0 })
}

// Known refuses units, fields, persons and cases that the store does not have or that who
// may not read, in an address that Read has read. The error is a *Refused.
func (s Set) Known(tx *db.Tx, who org.Actor, clean url.Values) error {
	var wrong []Wrong
	for i := range s {
		c := &s[i]
		if c.known == nil {
			continue
		}
		for _, v := range clean[c.Name] {
			if slices.Contains(c.also, v) {
				continue
			}
			ok, err := c.known(tx, who, v)
			if err != nil {
				return err
			}
			if !ok {
				wrong = append(wrong, Wrong{*c, v, c.why(v)})
			}
		}
	}
	return refused(wrong)
}

// Check is Read and Known in one: what is wrong of either kind is said together.
func (s Set) Check(tx *db.Tx, who org.Actor, q url.Values) (clean url.Values, err error) {
	clean, err = s.Read(q)
	var first, second *Refused
	if err != nil && !errors.As(err, &first) {
		return clean, err
	}
	if more := s.Known(tx, who, clean); more != nil {
		if !errors.As(more, &second) || first == nil {
			return clean, more
		}
		first.Wrong = append(first.Wrong, second.Wrong...)
	}
	return clean, err
}

// Parse reads an address that came as a text: a kept filter, an export. What cannot be read or
// is no condition of the set is refused at the field "query", a value by its condition.
func (s Set) Parse(tx *db.Tx, who org.Actor, text string) (clean url.Values, err error) {
	q, err := url.ParseQuery(text)
	if err != nil {
		return nil, fault.Field("query", "Điều kiện không đọc được; ghi như trên địa chỉ, ví dụ state=answered&late=1.")
	}
	var unknown *Refused
	if errors.As(s.Unknown(q), &unknown) {
		return nil, fault.Field("query", "Danh sách này không lọc theo “%s”.", cut(unknown.Wrong[0].Name))
	}
	return s.Check(tx, who, q)
}

// read returns a value as lists read it.
func (c *Condition) read(v string) (string, bool) {
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
		return "", false
	}
	if slices.Contains(c.also, v) {
		return v, true
	}
	if c.clean == nil {
		return strings.TrimSpace(v), true
	}
	return c.clean(v)
}

// why says in a sentence why a value is refused.
func (c *Condition) why(v string) string {
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
		return c.Label + ": giá trị gửi lên không phải là chữ đọc được."
	}
	return c.Label + ": " + strings.ReplaceAll(c.rule, "%", "“"+cut(v)+"”")
}

// cut keeps a sentence readable whatever was sent.
func cut(v string) string {
	const most = 60
	if utf8.RuneCountInString(v) > most {
		return string([]rune(v)[:most]) + "…"
	}
	return v
}

// backwards refuses a time that ends before it begins: no list has anything in it.
func (s Set) backwards(clean url.Values) (w Wrong, ok bool) {
	from, isFrom := s.Of("from")
	to, isTo := s.Of("to")
	if !isFrom || !isTo || from.Shape.Format != "date" || to.Shape.Format != "date" {
		return w, false
	}
	a, b := clean.Get("from"), clean.Get("to")
	return Wrong{to, b, to.Label + ": ngày cuối đứng trước ngày đầu."}, a != "" && b != "" && b < a
}
