package regulation

import (
	"fmt"
	"slices"
)

// Compile joins a profile, its regulations and the declared keys into a rulebook.
// With problems the rulebook is nil. Rules under `later` are compiled when some slice
// declares their key, and are no problem as long as none does.
func Compile(lib *Library, profile string, keys []Key) (*Rulebook, []Problem) {
	p := lib.Profiles[profile]
	if p == nil {
		return nil, []Problem{{CodeProfile, profile, fmt.Sprintf("Không có cấu hình áp dụng %q.", profile)}}
	}
	c := &compiler{lib: lib, p: p, keys: index(keys)}
	c.regulations()
	c.bindings()
	c.checkKeys()
	c.checkPeople()
	c.checkFields()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	rb, err := seal(c.book())
	if err != nil {
		return nil, []Problem{{CodeParam, profile, err.Error()}}
	}
	return rb, nil
}

// One compilation. Problems are gathered and not ended at: a person mends a profile once, not once a
// mistake.
type compiler struct {
	lib      *Library
	p        *Profile
	keys     map[string]*Key
	taken    []InForce
	bound    []binding
	problems []Problem
}

// Notes a problem with its code and place.
func (c *compiler) refuse(code, where, format string, args ...any) {
	c.problems = append(c.problems, Problem{code, where, fmt.Sprintf(format, args...)})
}

// regulations takes the profile's texts in their order and checks dates and words.
func (c *compiler) regulations() {
	for _, t := range c.p.Regulations {
		r := c.lib.Regulations[t.ID]
		if r == nil {
			c.refuse(CodeProfile, c.p.ID, "Không có quy chế %q.", t.ID)
			continue
		}
		f := InForce{
			ID: r.ID, Number: r.Number, Name: r.Name, Issuer: r.Issuer, Signed: r.Signed,
			As: t.As, From: t.From, To: t.To, Note: t.Note,
		}
		switch t.As {
		case AsLive, AsShown:
			f.From, f.To = narrow(r.From, r.To, t.From, t.To)
		case AsModel: // its own dates are of another place or time
		default:
			c.refuse(CodeProfile, c.p.ID+" "+t.ID, "Cách dùng quy chế %q không phải live, model hay shown.", t.As)
		}
		c.dates(r.ID, r.Signed, "")
		c.dates(c.p.ID+" "+t.ID, f.From, f.To)
		c.taken = append(c.taken, f)
	}
	if d := c.p.Decision; d != nil {
		if d.Number == "" || d.Date == "" {
			c.refuse(CodeProfile, c.p.ID, "Quyết định của tỉnh phải có cả số và ngày.")
		}
		c.dates(c.p.ID+" decision", d.Date, "")
	}
}

// clauses refuses ids that no text has, and clauses of texts the profile does not take.
func (c *compiler) clauses(where string, ids []ClauseID) {
	for _, id := range ids {
		if _, ok := c.lib.Clause(id); !ok {
			c.refuse(CodeNoClause, where, "Điều khoản %s không có trong quy chế nào.", id)
			continue
		}
		if !slices.ContainsFunc(c.taken, func(f InForce) bool { return f.ID == id.Regulation() }) {
			c.refuse(CodeNoClause, where, "Điều khoản %s thuộc quy chế mà cấu hình %s không dùng.", id, c.p.ID)
		}
	}
}

// dates refuses a day that is none and an end that is not after its beginning.
func (c *compiler) dates(where, from, to string) {
	for _, d := range []string{from, to} {
		if d != "" && !isDay(d) {
			c.refuse(CodeDate, where, "Ngày %q không đúng (viết như 2026-02-10).", d)
			return
		}
	}
	if from != "" && to != "" && to <= from {
		c.refuse(CodeDate, where, "Hiệu lực kết thúc ngày %s, không sau ngày bắt đầu %s.", to, from)
	}
}

// narrow returns the part that two spans of days have in common.
func narrow(from, to, from2, to2 string) (string, string) {
	if to == "" || to2 != "" && to2 < to {
		to = to2
	}
	return max(from, from2), to
}

// book writes the compiled parts in a fixed order.
func (c *compiler) book() book {
	b := book{
		Format: format, Profile: c.p.ID, Name: c.p.Name, Territory: c.p.Territory, Decision: c.p.Decision,
		Regulations: c.taken, Off: c.p.Off, Bindings: c.bound, Roles: c.p.Roles,
		Groups: c.p.Groups, Requested: c.p.Requested, Fields: c.p.Fields, Holes: c.p.Holes, Overlaps: c.p.Overlaps,
	}
	for _, name := range sortedKeys(c.keys) {
		shape := keyShape{Name: name, Many: c.keys[name].Many, Params: map[string]Type{}}
		for _, p := range c.keys[name].Params {
			shape.Params[p.Name] = p.Type
		}
		b.Keys = append(b.Keys, shape)
	}
	for _, f := range c.taken {
		b.Clauses = append(b.Clauses, c.lib.Regulations[f.ID].Clauses...)
	}
	if r := c.lib.Regulations[c.p.Catalogue]; r != nil {
		b.Catalogue = r.Fields
	}
	return b
}

// CompileAll is Compile with its problems turned into one refusal, for callers that stop
// at the first one anyway.
func CompileAll(lib *Library, profile string, keys []Key) (*Rulebook, error) {
	rb, problems := Compile(lib, profile, keys)
	if len(problems) > 0 {
		return nil, Refusal(problems)
	}
	return rb, nil
}
