package regulation

import (
	"slices"
)

// checkPeople refuses roles that nobody plays while a rule holds, and groups that
// nothing defines.
func (c *compiler) checkPeople() {
	for _, r := range c.p.Roles {
		c.dates(c.p.ID+" "+r.Role, r.From, r.To)
		c.clauses(c.p.ID+" "+r.Role, r.Clauses)
		if r.Unit == "" {
			c.refuse(CodeNoRole, c.p.ID+" "+r.Role, "Vai trò %q không có đơn vị.", r.Role)
		}
	}
	for i := range c.bound {
		b := &c.bound[i]
		for _, p := range c.keys[b.Key].Params {
			if p.Type != Role {
				continue
			}
			for _, name := range b.Params[p.Name].Values {
				if !c.played(name, b.From, b.To) {
					c.refuse(CodeNoRole, c.p.ID+" "+b.Key, "Vai trò %q không ứng với đơn vị nào.", name)
				}
			}
		}
	}
}

// played says whether somebody plays the role on at least one day of the span.
func (c *compiler) played(role, from, to string) bool {
	return slices.ContainsFunc(c.p.Roles, func(r RoleOf) bool {
		f, t := narrow(from, to, r.From, r.To)
		return r.Role == role && (t == "" || f < t)
	})
}

// checkFields refuses fields of the catalogue without a unit that are no declared hole,
// and rows of the table that speak of unknown fields.
func (c *compiler) checkFields() {
	if c.p.Catalogue == "" {
		return
	}
	r := c.lib.Regulations[c.p.Catalogue]
	if r == nil || len(r.Fields) == 0 {
		c.refuse(CodeProfile, c.p.ID, "Quy chế %q không có danh mục lĩnh vực.", c.p.Catalogue)
		return
	}
	parent := map[string]string{}
	for _, f := range r.Fields {
		parent[f.ID] = f.Parent
		c.clauses(c.p.ID+" "+f.ID, []ClauseID{f.Clause})
	}
	has := map[string]bool{}
	for _, row := range slices.Concat(c.p.Fields, c.p.Holes) {
		where := c.p.ID + " " + row.Field
		if _, ok := parent[row.Field]; !ok {
			c.refuse(CodeProfile, where, "Lĩnh vực %q không có trong danh mục.", row.Field)
		}
		if len(row.Clauses) == 0 {
			c.refuse(CodeNoClause, where, "Lĩnh vực %q không dẫn điều khoản nào.", row.Field)
		}
		c.clauses(where, row.Clauses)
		c.dates(where, row.From, row.To)
		has[row.Field] = true
	}
	for _, row := range c.p.Fields {
		if row.Rule != "" {
			c.ruled(row)
			continue
		}
		if row.Unit == "" {
			c.refuse(CodeNoField, c.p.ID+" "+row.Field, "Lĩnh vực %q chưa có cơ quan phụ trách.", row.Field)
		}
	}
	for _, f := range r.Fields {
		at := f.ID
		for at != "" && !has[at] {
			at = parent[at]
		}
		if at == "" {
			c.refuse(CodeNoField, c.p.ID+" "+f.ID, "Lĩnh vực %q chưa có cơ quan phụ trách và chưa khai là nội dung quy chế chưa nêu.", f.Name)
		}
	}
}

// ruled refuses a row whose rule no text of the profile binds, that is not of the kind
// that names a receiver, or that names a unit beside it.
func (c *compiler) ruled(row FieldOf) {
	where := c.p.ID + " " + row.Field
	switch {
	case row.Rule != AmendKey:
		c.refuse(CodeUnknownKey, where, "Lĩnh vực %q chỉ có thể theo quy định %q.", row.Field, AmendKey)
	case row.Unit != "":
		c.refuse(CodeProfile, where, "Lĩnh vực %q đã theo quy định %q thì không nêu đơn vị.", row.Field, row.Rule)
	case !slices.ContainsFunc(c.bound, func(b binding) bool { return b.Key == row.Rule }):
		c.refuse(CodeNoField, where, "Lĩnh vực %q theo quy định %q mà cấu hình này không có.", row.Field, row.Rule)
	}
}
