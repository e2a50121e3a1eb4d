package regulation

// directiveKeys are the keys of directives and assignments with the types of their
// parameters: the slice that declares them stands above this package.
func directiveKeys() []Key {
	of := func(name string, params ...Param) Key { return Key{Name: name, Params: params} }
	role := func(name string) Param { return Param{Name: name, Type: Role} }
	typed := func(name string, t Type) Param { return Param{Name: name, Type: t} }
	list := func(name string, t Type) Param { return Param{Name: name, Type: t, List: true, Optional: true} }
	option := func(name string, t Type) Param { return Param{Name: name, Type: t, Optional: true} }
	many := func(k Key) Key { k.Many = true; return k }
	return []Key{
		of("directive.confirm", role("role")), of("directive.propose", role("role"), role("decide")), of("directive.takeover", role("role")),
		many(of("directive.task", typed("number", Text), typed("item", Text), option("lead", Unit), typed("due", Limit))),
		of("assignment.register", typed("normal", Limit), typed("urgent", Limit), typed("flash", Limit)),
		of("assignment.date", role("role")), of("assignment.extend", role("role"), option("times", Number), option("longest", Duration)),
		of("assignment.adjust", Param{Name: "who", Type: Enum, Values: []string{"lead"}}), of("assignment.accept", role("role"), list("quality", Text)),
		of("assignment.sub", typed("criteria", Bool)), of("assignment.form", list("forms", Text), role("task")),
		of("assignment.list", role("report_to"), role("copy_to")), of("assignment.breach", role("to"), role("copy_to")),
		of("assignment.told", typed("touched", Bool)), many(of("assignment.oversee", role("role"))),
		of("assignment.explain", list("by", Role), typed("limit", Limit)), of("assignment.remind", list("before", Duration)),
	}
}
