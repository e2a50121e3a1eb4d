package extract

// A segment is a part of an item that is one task: its order and its tokens.
type segment struct {
	order order
	begin int // behind the segment before it: what stands there belongs to this one
	from  int // first token of the content
	to    int
	own   bool // the order names another body than the headings do
}

// item reads one item and what stands below it.
func (r *reader) item(it *item, ctx context) {
	if it.row {
		return
	}
	first := len(r.out) // what this item adds is what a date at its end covers
	defer func() { it.first, it.last = first, len(r.out) }()
	if r.attributes(it, ctx) {
		return
	}
	if blocks(it) {
		ctx = context{blocked: true}
	} else if r.plan && measures(it) {
		ctx.plan = true
	} else if whoDoesWhat(it) {
		ctx.plan = false
	}
	// an item with others below it is first of all a heading; without, it is a task or nothing
	details := false
	if len(it.marked()) == 0 && !r.opensParagraphs(it) {
		r.leaf(it, ctx)
		ctx = r.leadBelow(it, ctx)
	} else {
		until := ctx.until
		if ctx, details = r.heading(it, ctx); len(r.out) == first && opensBelow(it.toks) {
			if own := r.untilOf(it, 0); own != nil {
				until = own
			}
		}
		ctx.until = until
	}
	if details {
		r.datedDetails(it, ctx)
	} else {
		r.below(it, ctx)
	}
	r.sharedDate(it, first)
}

// datedDetails reads those details of an item ("cụ thể:") that say a day of their own: they are
// more than details.
func (r *reader) datedDetails(it *item, ctx context) {
	if o := r.orderAt(it.toks, 0); o.ok() {
		r.addressed(it, o, &ctx, "mục "+r.path(it))
	}
	for _, c := range it.marked() {
		if m, ok := choose(times(c.toks, r.day, false)); ok && !m.words && !m.weak && m.recurrence == "" {
			r.item(c, ctx)
		}
	}
}

// opensBelow tells a heading that ends with a colon: what it says holds for what stands below.
func opensBelow(t []token) bool { return len(t) > 0 && t[len(t)-1].lo == ":" }

// marked are the children that are items, not unmarked paragraphs.
func (it *item) marked() []*item {
	var out []*item
	for _, c := range it.children {
		if c.kind != paraItem && !c.row {
			out = append(out, c)
		}
	}
	return out
}

// opensParagraphs tells that an item is the heading of unmarked paragraphs or a table.
func (r *reader) opensParagraphs(it *item) bool {
	return len(it.children) > 0 && it.isHeading()
}

// below reads the children; a run of table rows is read together.
func (r *reader) below(it *item, ctx context) {
	for i := 0; i < len(it.children); i++ {
		c := it.children[i]
		switch {
		case c.row:
			i = r.table(it.children, i)
		case dates(c):
		case r.headsWithoutNumber(it.children, i, &ctx):
		case c.kind == paraItem && i+1 < len(it.children) && opens(c):
			r.introduces(c, &ctx)
		default:
			r.item(c, ctx)
		}
	}
}

// measures tells that an item is the heading of a plan's tasks and measures; who does
// them stands in a section of its own, where there is one.
func measures(it *item) bool {
	t := it.toks
	if it.kind > romanItem || len(t) > 25 || !it.isHeading() || whoDoesWhat(it) {
		return false
	}
	return announces(t) || is(t, 0, "nhiệm", "vụ") || is(t, 0, "nội", "dung")
}

// whoDoesWhat tells that an item is the heading of the section that gives the work to bodies.
func whoDoesWhat(it *item) bool {
	t := it.toks
	if it.kind > romanItem || len(t) > 25 || !it.isHeading() {
		return false
	}
	for i := range t {
		if is(t, i, "tổ", "chức") || is(t, i, "phân", "công") || is(t, i, "trách", "nhiệm") || is(t, i, "chế", "độ", "báo", "cáo") {
			return true
		}
	}
	return false
}

// headsWithoutNumber tells that an unmarked paragraph is a heading without a number: nothing
// but bodies, and what they are to do stands below. It takes them as the lead of that.
func (r *reader) headsWithoutNumber(siblings []*item, i int, ctx *context) bool {
	c := siblings[i]
	if c.kind != paraItem || c.row || i+1 >= len(siblings) || siblings[i+1].row || len(c.toks) == 0 || oneOf(c.toks, len(c.toks)-1, ".", ";", ",") {
		return false
	}
	if isCapitals(c.m.s) { // "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" above "QUYẾT ĐỊNH:"
		return false
	}
	o, ok := r.headingBodies(c.toks)
	if ok {
		r.addressed(c, o, ctx, "tiêu đề “"+c.m.s+"”")
		ctx.heading = true
	}
	return ok
}

// opens tells that an unmarked paragraph opens the items after it: it ends with a colon.
func opens(c *item) bool { return len(c.toks) > 3 && c.toks[len(c.toks)-1].lo == ":" }

// introduces takes whom such a paragraph addresses as the lead of the items after it.
func (r *reader) introduces(c *item, ctx *context) {
	for _, s := range sentences(c.toks) {
		for _, o := range r.starts(c.toks, s) {
			r.addressed(c, o, ctx, "câu mở đầu mục "+r.path(c.parent))
		}
	}
}

// leadBelow is what paragraphs below a full item inherit: whom the item itself told.
func (r *reader) leadBelow(it *item, ctx context) context {
	if len(it.children) == 0 || len(it.toks) == 0 {
		return ctx
	}
	if o := r.orderAt(it.toks, 0); o.ok() {
		r.addressed(it, o, &ctx, "cơ quan nêu ở đầu mục "+r.path(it))
		ctx.coord = nil
	}
	return ctx
}

// headingFronts stand before the bodies of a heading.
var headingFronts = table("giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|yêu cầu|đề nghị|trách nhiệm của|trách nhiệm chung của|nhiệm vụ của|nhiệm vụ và quyền hạn của|nhiệm vụ, quyền hạn của|trách nhiệm và quyền hạn của|nhiệm vụ cụ thể của|đối với|về phía|về trách nhiệm của|phân công|phân công nhiệm vụ|trách nhiệm|nhiệm vụ|về trách nhiệm|nhiệm vụ giao cho|nhiệm vụ giao|đề nghị và giao|chỉ đạo|một số nhiệm vụ cụ thể đối với|trách nhiệm thực hiện của|nhiệm vụ đối với|phần việc của|tại|cơ quan|các nhiệm vụ của")

// heading reads an item that has others below it: whom they address, and whether its own
// text is a task too. details: what stands below only details it.
func (r *reader) heading(it *item, ctx context) (context, bool) {
	t := it.toks
	if o, ok := r.headingBodies(t); ok {
		req := o.request
		r.addressed(it, o, &ctx, "tiêu đề mục "+r.path(it))
		ctx.request, ctx.heading = req, true
		return ctx, false
	}
	colon := len(t) > 0 && t[len(t)-1].lo == ":"
	// "bao gồm:" opens details: the heading itself is the task
	if colon && len(it.marked()) > 0 && onlyDetails(t) {
		n := len(r.out)
		r.leaf(it, ctx)
		return ctx, len(r.out) > n
	}
	if !colon {
		if len(t) > 12 && ends(it.m.s) {
			r.leaf(it, ctx)
		}
		if o := r.orderAt(t, 0); o.ok() {
			r.addressed(it, o, &ctx, "cơ quan nêu ở đầu mục "+r.path(it))
			ctx.coord = nil
			return ctx, false
		}
	}
	return r.openHeading(it, ctx, colon), false
}

// openHeading reads a heading in words: "2. Đối với các nhiệm vụ cụ thể, giao các sở:",
// "đ) Phối hợp với các Bộ hướng dẫn:".
func (r *reader) openHeading(it *item, ctx context, colon bool) context {
	t := it.toks
	ss := sentences(t)
	for _, s := range ss {
		for _, o := range r.starts(t, s) {
			if ctx.blocked && !o.verb || o.heading && o.content < len(t) || !colon && !o.verb && len(t) > 45 {
				continue
			}
			if s == ss[len(ss)-1] || o.verb {
				r.addressed(it, o, &ctx, "mục "+r.path(it))
				return ctx
			}
		}
	}
	if colon && len(ctx.lead) > 0 {
		if c := coordinating(it.m, t, 0, len(t)); len(c) > 0 {
			ctx.coord = c
		}
	}
	return ctx
}

// headingBodies reads a heading that is nothing but bodies, with the words before them.
func (r *reader) headingBodies(t []token) (order, bool) {
	k := headingFronts.at(t, 0)
	for oneOf(t, k, ":", "cho") {
		k++
	}
	o := order{verb: assignAt(t, 0) > 0, request: requests.at(t, 0) > 0}
	if k > 0 && bodyHeads.at(t, 0) > 0 && k < 2 {
		k = 0
	}
	o.list, o.to = bodiesAt(t, k)
	o.from = k
	if len(o.list) == 0 && k > 0 && !o.verb {
		o.list, o.to = bodiesAt(t, 0)
		o.from = 0
	}
	if len(o.list) == 0 && o.verb && assignAt(t, 0) > 0 && opensBelow(t) { // "Giao già làng, trưởng bản:"
		o.list, o.to = unknownBody(t, k)
		o.from = k
	}
	if len(o.list) == 0 {
		return plainHeading(t)
	}
	end := brackets(t, o.to)
	for oneOf(t, end, ",", ":", ".", ";", "-") || is(t, end, "có", "trách", "nhiệm") || is(t, end, "chịu", "trách", "nhiệm") {
		end++
		for oneOf(t, end, "trách", "nhiệm") {
			end++
		}
	}
	o.content = end
	if rest := len(t) - end; o.list[len(o.list)-1].to == end && rest > 0 && rest <= 4 && end-o.from >= 3 && wordsOnly(t[end:]) {
		o.list[len(o.list)-1].to, o.to, end = len(t), len(t), len(t) // the rest of a long name
		o.content = end
	}
	if end < len(t) && (is(t, 0, "đối", "với") || manyAtEnd(t, o.list)) && len(t)-end <= 14 && states(t[end:]) {
		last := len(t)
		for oneOf(t, last-1, ":", ".", ";") {
			last--
		}
		o.list[len(o.list)-1].to, o.to, end = last, last, len(t) // "Đối với các trường có học sinh nội trú:"
		o.content = end
	}
	if end < len(t) && closesHeading(t, end) {
		end = len(t)
	}
	return o, end == len(t)
}

// plainHeading takes a short heading that begins like the name of a body for one, also where no
// table knows the rest: "Ban cán sự các xóm". It must say no more than that.
func plainHeading(t []token) (order, bool) {
	const longest = 8
	n := len(t)
	for n > 0 && oneOf(t, n-1, ":", ".") {
		n--
	}
	if n < 2 || n > longest || !t[0].cap || bodyHeads.at(t, 0) == 0 || noBodies.at(t, 0) > 0 || predicates.at(t, 0) > bodyHeads.at(t, 0) || !wordsOrNames(t[1:n]) {
		return order{}, false
	}
	return order{list: []body{{from: 0, to: n}}, to: n, content: len(t)}, true
}

// wordsOrNames tells of words without a sign or an order among them.
func wordsOrNames(t []token) bool {
	for i := range t {
		if !t[i].word && !t[i].number && !oneOf(t, i, "-", ",") || strong.at(t, i) > 0 && !t[i].cap {
			return false
		}
	}
	return true
}

// manyAtEnd tells that a list ends with a group of several, which a heading may describe at
// length: "Các cơ sở chăn nuôi, giết mổ trên địa bàn tỉnh".
func manyAtEnd(t []token, list []body) bool {
	last := list[len(list)-1]
	return last.group && oneOf(t, last.from, "các", "những")
}

// states tells that words only describe: no sign of a sentence, no order among them.
func states(t []token) bool {
	for i := range t {
		if !t[i].word && !(i == len(t)-1 || oneOf(t, i, ",", "-", "(", ")", "/") || t[i].number) || strong.at(t, i) > 0 || oneOf(t, i, "nêu") {
			return false
		}
	}
	return true
}

// wordsOnly tells of small words that order nothing.
func wordsOnly(t []token) bool {
	for i := range t {
		if !t[i].word || t[i].cap || strong.at(t, i) > 0 || i == 0 && predicates.at(t, i) > 0 && !oneOf(t, i, "trong") {
			return false
		}
	}
	return true
}

// closesHeading tells that what follows the bodies only opens the list below: "thực hiện
// các nhiệm vụ sau:", "chủ trì:".
func closesHeading(t []token, k int) bool {
	rest := len(t) - k
	if t[len(t)-1].lo != ":" && !(rest < 10 && hasAfter(t, "sau")) || rest > 22 || coordinationIn(t, k) {
		return false
	}
	for i := k; i < len(t); i++ {
		if oneOf(t, i, "sau", "trung", "trì", "sau:") || is(t, i, "nội", "dung") || is(t, i, "nhiệm", "vụ") {
			return true
		}
	}
	return rest <= 6
}

// coordinationIn tells that bodies to work with are named from token k on.
func coordinationIn(t []token, k int) bool {
	for ; k < len(t); k++ {
		if coordinationAt(t, k) > k {
			return true
		}
	}
	return false
}

// onlyDetails tells that a colon opens details of the item, not tasks: "bao gồm:", "cụ
// thể:", where no "nhiệm vụ sau" is announced.
func onlyDetails(t []token) bool {
	tail := t[max(0, len(t)-7):]
	for i := range tail {
		if oneOf(tail, i, "gồm") || is(tail, i, "cụ", "thể") {
			return !oneOf(tail, i-1, "nhiệm", "vụ", "việc", "dung") && !announces(t)
		}
	}
	return false
}

// announces finds "các nhiệm vụ", "nội dung sau", "một số việc".
func announces(t []token) bool {
	for i := max(0, len(t)-14); i < len(t); i++ {
		if is(t, i, "nhiệm", "vụ") || is(t, i, "nội", "dung") && !is(t, i+2, "báo", "cáo") || is(t, i, "công", "việc") || is(t, i, "giải", "pháp") {
			return true
		}
	}
	return false
}

// leaf makes the tasks of an item of its own: usually one.
func (r *reader) leaf(it *item, ctx context) {
	t := it.toks
	if notice(t) {
		r.behindNotice(it)
		return
	}
	if len(t) < 4 || member(t) || it.final && !firstUnderHeading(it) && !r.closingDuty(it, ctx) {
		return
	}
	segs := r.segments(it, ctx)
	for _, s := range segs {
		r.emit(it, s, ctx)
	}
}

// behindNotice reads what follows "… thông báo để các đơn vị biết, thực hiện." in the same
// paragraph: a closing line that gives one named body the follow-up is a task.
func (r *reader) behindNotice(it *item) {
	for _, s := range sentences(it.toks) {
		o := r.orderAt(it.toks[:s.to], s.from)
		if !o.ok() || !o.verb || !o.single() || !monitors.has(it.toks[o.content:s.to]) {
			continue
		}
		rest := *it
		rest.toks = it.toks[s.from:]
		for _, g := range r.segments(&rest, context{}) {
			r.emit(&rest, g, context{})
		}
		return
	}
}

// firstUnderHeading tells that a last paragraph is the text of its heading, not a closing call.
func firstUnderHeading(it *item) bool {
	return it.parent.parent != nil && it.parent.isHeading() && it.parent.children[0] == it
}

// closingDuty tells a duty in the closing lines from the closing call: one named body
// that is to follow up, or a day of its own.
func (r *reader) closingDuty(it *item, ctx context) bool {
	if it.parent.parent == nil && !it.hasMarkedBefore() {
		return true // a paper without items: its paragraphs are the items
	}
	for _, s := range sentences(it.toks) {
		for _, o := range r.starts(it.toks, s) {
			content := it.toks[o.content:s.to]
			if o.heading || generic(content) {
				continue
			}
			// an order to one body in so many words, "Đề nghị Sở Tài chính bố trí …", is no closing call
			if o.verb && o.namesAll(it.toks) && !generic(content) && len(content) > 5 && !callsBack(content) && !hasIf(it.toks[s.from:o.from]) {
				return true
			}
			if o.single() && monitors.has(content[:min(len(content), 30)]) && !hasIf(it.toks[s.from:o.from]) {
				return true
			}
			if m, ok := choose(times(content, r.day, false)); ok && (!m.words && m.recurrence == "") && !m.weak && (o.named(it.toks) || !callsBack(content)) {
				return true
			}
		}
	}
	return false
}

// hasMarkedBefore tells that the region has items with markers.
func (it *item) hasMarkedBefore() bool {
	for _, c := range it.parent.children {
		if c.kind != paraItem {
			return true
		}
	}
	return false
}
