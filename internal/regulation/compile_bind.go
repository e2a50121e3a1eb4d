package regulation

import (
	"slices"
	"strings"
)

// bindings collects the rules in order of precedence: texts in force, then the tenant's
// settings, then models, each in the profile's order.
func (c *compiler) bindings() {
	var models []binding
	for i, f := range c.taken {
		take := c.p.Regulations[i].Take
		r := c.lib.Regulations[f.ID]
		for _, rule := range slices.Concat(r.Rules, r.Later) {
			if f.As == AsShown || len(take) > 0 && !slices.Contains(take, rule.Key) {
				continue
			}
			if c.keys[rule.Key] == nil && inLater(r, rule.Key) {
				continue
			}
			b, ok := c.bind(rule, f)
			switch {
			case !ok:
			case f.As == AsModel:
				models = append(models, b)
			default:
				c.bound = append(c.bound, b)
			}
		}
	}
	for _, rule := range c.p.Settings {
		if b, ok := c.bind(rule, InForce{}); ok {
			c.bound = append(c.bound, b)
		}
	}
	c.bound = append(c.bound, models...)
}

// Whether a rule waits for a later version of the program: known and not yet carried.
func inLater(r *Regulation, key string) bool {
	return slices.ContainsFunc(r.Later, func(x Rule) bool { return x.Key == key })
}

// bind checks one rule against its key and makes its binding.
func (c *compiler) bind(rule Rule, f InForce) (binding, bool) {
	where := strings.TrimSpace(f.ID + " " + rule.Key)
	if f.ID == "" {
		where = c.p.ID + " " + rule.Key
	}
	k := c.keys[rule.Key]
	if k == nil {
		c.refuse(CodeUnknownKey, where, "Khoá %q không có phần nào của chương trình khai báo.", rule.Key)
		return binding{}, false
	}
	before := len(c.problems)
	if f.ID != "" && len(rule.Clauses) == 0 {
		c.refuse(CodeNoClause, where, "Quy định %q không dẫn điều khoản nào.", rule.Key)
	}
	c.clauses(where, rule.Clauses)
	c.params(where, k, rule.Params)
	from, to := narrow(f.From, f.To, rule.From, rule.To)
	c.dates(where, from, to)
	return binding{
		Key: rule.Key, Regulation: f.ID, Model: f.As == AsModel, Units: rule.Units, Toward: rule.Toward, Fields: rule.Fields,
		From: from, To: to, Clauses: rule.Clauses, Params: rule.Params, Note: rule.Note,
	}, len(c.problems) == before
}
