package regulation

import (
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/workday"
)

// A Use says for what a profile is checked.
type Use struct {
	Day   workday.Date      // the office's day; only Serve needs it
	Serve bool              // for a living office: texts must be competent here and in force on Day
	Units func(UnitID) bool // knows the tenant's units; nil leaves units unchecked
}

// Check returns everything that is wrong with a profile; none means it can be adopted,
// and with Serve that an office may live under it on that day.
func Check(lib *Library, profile string, keys []Key, use Use) []Problem {
	_, problems := Compile(lib, profile, keys)
	p := lib.Profiles[profile]
	if p == nil {
		return problems
	}
	c := &compiler{lib: lib, p: p}
	if use.Units != nil {
		c.checkUnits(use.Units)
	}
	if use.Serve {
		c.checkServe(use.Day.String())
	}
	return append(problems, c.problems...)
}

// checkServe refuses texts that cannot bind this tenant on day.
func (c *compiler) checkServe(day string) {
	if c.p.Model && (c.p.Decision == nil || c.p.Decision.Date > day) {
		c.refuse(CodeServe, c.p.ID, "Cấu hình mẫu: nhập số và ngày quyết định của tỉnh trước khi dùng thật.")
	}
	for _, t := range c.p.Regulations {
		r := c.lib.Regulations[t.ID]
		if r == nil {
			continue
		}
		where := c.p.ID + " " + t.ID
		if t.As == AsModel && !c.p.Model && (c.p.Decision == nil || c.p.Decision.Date > day) {
			c.refuse(CodeServe, where, "%s chỉ là mẫu; tỉnh chưa có quyết định ban hành.", r.Number)
		}
		if t.As != AsLive {
			continue
		}
		if c.p.Territory != r.Territory && !strings.HasPrefix(c.p.Territory, r.Territory+"/") {
			c.refuse(CodeServe, where, "%s do %s ban hành, không có thẩm quyền trên địa bàn này.", r.Number, r.Issuer)
		}
		if r.Kind == KindModel {
			c.refuse(CodeServe, where, "%s là quy chế mẫu, không áp dụng trực tiếp.", r.Number)
		}
		if from, to := narrow(r.From, r.To, t.From, t.To); !within(day, from, to) {
			c.refuse(CodeServe, where, "%s không có hiệu lực ngày %s.", r.Number, day)
		}
	}
}

// checkUnits refuses unit ids that the tenant does not have.
func (c *compiler) checkUnits(known func(UnitID) bool) {
	see := func(where, id string) {
		if id != "" && !known(UnitID(id)) {
			c.refuse(CodeNoUnit, c.p.ID+" "+where, "Không có đơn vị %q.", id)
		}
	}
	for _, name := range sortedKeys(c.p.Groups) {
		for _, id := range c.p.Groups[name] {
			see("nhóm "+name, id)
		}
	}
	for _, id := range c.p.Requested {
		see("cơ quan được đề nghị", id)
	}
	for _, r := range c.p.Roles {
		see("vai trò "+r.Role, string(r.Unit))
	}
	for _, f := range c.p.Fields {
		see("lĩnh vực "+f.Field, string(f.Unit))
	}
}

// checkKeys refuses declared keys that nothing binds and the profile does not switch
// off, and keys switched off that nobody declares.
func (c *compiler) checkKeys() {
	off := map[string]bool{}
	for _, o := range c.p.Off {
		if o.Why == "" {
			c.refuse(CodeProfile, c.p.ID+" "+o.Key, "Khoá %q bị tắt mà không nêu lý do.", o.Key)
		}
		off[o.Key] = true
	}
	for _, name := range sortedKeys(c.keys) {
		bound := slices.ContainsFunc(c.bound, func(b binding) bool { return b.Key == name })
		if !bound && !off[name] && !c.failed(name) {
			c.refuse(CodeUnbound, c.p.ID+" "+name, "Khoá %q không có quy định nào và chưa được tắt.", name)
		}
	}
}

// failed says whether a rule of the key was refused already: one problem is enough.
func (c *compiler) failed(key string) bool {
	return slices.ContainsFunc(c.problems, func(p Problem) bool { return strings.HasSuffix(p.Where, " "+key) })
}

// params checks a rule's values against the key's parameters.
func (c *compiler) params(where string, k *Key, params map[string]Value) {
	for _, name := range sortedKeys(params) {
		p := k.param(name)
		if p == nil {
			c.refuse(CodeParam, where, "Tham số %q không thuộc khoá %q.", name, k.Name)
			continue
		}
		v := params[name]
		c.clauses(where, v.Clauses)
		if len(v.Values) == 0 || len(v.Values) > 1 && !p.List {
			c.refuse(CodeParam, where, "Tham số %q cần %s.", name, map[bool]string{true: "ít nhất một giá trị", false: "đúng một giá trị"}[p.List])
			continue
		}
		for _, s := range v.Values {
			if why := p.refuses(s); why != "" {
				c.refuse(CodeParam, where, "Tham số %q: %s.", name, why)
			}
		}
	}
	for _, p := range k.Params {
		if _, ok := params[p.Name]; !ok && !p.Optional {
			c.refuse(CodeParam, where, "Thiếu tham số %q.", p.Name)
		}
	}
}

// refuses says in Vietnamese why a word is no value of the parameter; empty for one.
func (p *Param) refuses(s string) string {
	switch p.Type {
	case Limit, Duration:
		l, err := workday.ParseLimit(s)
		if err != nil {
			return err.Error()
		}
		if p.Type == Duration && l.Unit == workday.None {
			return "phải nêu một khoảng thời gian"
		}
	case Recurrence:
		if _, err := workday.ParseRecurrence(s); err != nil {
			return err.Error()
		}
	case Bool:
		if s != "true" && s != "false" {
			return strconv.Quote(s) + " không phải true hay false"
		}
	case Number:
		if _, err := strconv.Atoi(s); err != nil {
			return strconv.Quote(s) + " không phải là số"
		}
	case Enum:
		if !slices.Contains(p.Values, s) {
			return strconv.Quote(s) + " không thuộc " + strings.Join(p.Values, ", ")
		}
	}
	return ""
}

// A day in its one form.
func isDay(s string) bool {
	_, err := workday.ParseDate(s)
	return err == nil
}
