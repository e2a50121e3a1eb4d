package extract

import (
	"strings"
	"time"
)

// reader walks the tree of items and makes the proposals.
type reader struct {
	doc    *Document
	parts  parts
	day    time.Time
	issuer []token
	plan   bool     // a plan: sections without a body give no task
	named  []string // companies named before, for "các đơn vị nêu trên"
	annex  string   // clause prefix inside an annex
	out    []Proposal
	items  []*item // every item read, for what became nothing
}

// A context is what an item inherits from the headings above it.
type context struct {
	lead    []string
	span    *Span
	why     string
	coord   []string
	request bool
	heading bool // the lead stands in a heading, so "yêu cầu các đơn vị" is its own act
	plan    bool // measures of a plan: only what names one body to lead is a task
	until   *heldTime
	blocked bool // aims, findings, funding: nothing here is a task unless it says "giao"
}

// proposals reads the body, then the annexes.
func (r *reader) proposals() []Proposal {
	if r.doc.Issuer != nil {
		r.issuer = tokens(*r.doc.Issuer)
	}
	r.plan = r.doc.Type != nil && (*r.doc.Type == "kế hoạch" || *r.doc.Type == "chương trình" || *r.doc.Type == "đề án")
	r.region(r.parts.body)
	for i, a := range r.parts.annexes {
		r.annex = "Phụ lục"
		if len(r.parts.annexes) > 1 {
			r.annex = annexName(a, i)
		}
		r.plan = true
		r.region(a)
	}
	r.annex = ""
	r.lost()
	return r.out
}

// annexName is "Phụ lục I" as printed.
func annexName(a []paragraph, i int) string {
	if len(a) == 0 {
		return "Phụ lục"
	}
	t := tokens(a[0].m.s)
	if is(t, 0, "phụ", "lục") && len(t) > 2 && (t[2].number || strings.Trim(t[2].lo, "ivx") == "") {
		return a[0].m.s[t[0].from:t[2].to]
	}
	return "Phụ lục"
}

// region reads one run of paragraphs: its tables, then its items.
func (r *reader) region(paras []paragraph) {
	r.named = append(r.named, companies(paras)...)
	root := grow(paras)
	r.keep(root)
	ctx := context{}
	marked := false
	for _, c := range root.children {
		marked = marked || c.kind != paraItem && !c.row
	}
	introduced := false // without items, the paragraphs below the opening are the items
	for i := 0; i < len(root.children); i++ {
		c := root.children[i]
		switch {
		case c.row:
			i = r.table(root.children, i)
		case (!c.preamble || introduced) && r.headsWithoutNumber(root.children, i, &ctx):
		case c.kind == paraItem && c.preamble && (marked || !introduced):
			introduced = r.preamble(c, &ctx, marked) || introduced
		default:
			r.item(c, ctx)
		}
	}
}

// keep lists the items of a region as they stand in the text.
func (r *reader) keep(it *item) {
	for _, c := range it.children {
		c.annex = r.annex
		c.told = it.told || whoDoesWhat(it)
		r.items = append(r.items, c)
		r.keep(c)
	}
}

// preamble reads a paragraph above the first item: its order ends with a colon and
// addresses the items below, or it is a task of its own. It tells whether items follow.
func (r *reader) preamble(it *item, ctx *context, marked bool) bool {
	t := it.toks
	if len(t) == 0 {
		return false
	}
	open := t[len(t)-1].lo == ":" || hasAfter(t, "sau") && oneOf(t, len(t)-1, ":", ".")
	if !open {
		r.ownOrders(it, marked)
		return false
	}
	for _, s := range sentences(t) {
		for _, o := range r.starts(t, s) {
			if o.issuer || o.verb && o.open <= s.from+1 && o.from <= o.at+3 {
				r.addressed(it, o, ctx, "câu mở đầu giao cho")
				ctx.until = r.untilOf(it, o.open)
			}
		}
	}
	// "Chủ tịch UBND tỉnh yêu cầu:" tells those it is addressed to
	if len(ctx.lead) == 0 && orderVerbs.has(t[max(0, len(t)-14):]) && len(r.parts.to) > 0 && !r.plan {
		ctx.lead = recipientsAsLead(r.parts.to)
		ctx.why = "câu mở đầu không nêu tên, lấy nơi kính gửi"
	}
	return true
}

// hasAfter tells that one of the last words opens a list: "như sau", "sau đây".
func hasAfter(t []token, w string) bool {
	for i := max(0, len(t)-4); i < len(t); i++ {
		if t[i].lo == w {
			return true
		}
	}
	return false
}

// recipientsAsLead are the addressees, who are told where the opening names nobody.
func recipientsAsLead(to []string) []string {
	var out []string
	for _, n := range to {
		if low(n) != "như trên" {
			out = append(out, n)
		}
	}
	return out
}

// addressed takes the bodies of an order as the lead of what stands below.
func (r *reader) addressed(it *item, o order, ctx *context, why string) {
	lead := r.resolve(names(it.m, it.toks, o.list), context{})
	if len(lead) == 0 {
		return
	}
	sp := it.m.span(it.toks[o.from].from, it.toks[o.to-1].to)
	*ctx = context{lead: lead, span: &sp, why: why, request: o.request, coord: coordinating(it.m, it.toks, o.content, len(it.toks))}
}

// starts are the orders of a sentence: at its start, else inside it.
func (r *reader) starts(t []token, s stretch) []order {
	if o := r.orderAt(t[:s.to], s.from); o.ok() {
		return []order{o}
	}
	if o := r.afterOpening(t[:s.to], s.from); o.ok() {
		return []order{o}
	}
	return r.innerOrders(t, s.from, s.to, false, false)
}

// ownOrders makes tasks of a paragraph that stands outside the items: only where the
// issuer speaks ("Chủ tịch UBND tỉnh giao Sở X …") or the sentence begins with "Giao".
func (r *reader) ownOrders(it *item, marked bool) {
	if notice(it.toks) {
		return
	}
	for _, s := range sentences(it.toks) {
		for _, o := range r.starts(it.toks, s) {
			if !r.speaks(it.toks, s, o) || o.heading || generic(it.toks[o.content:s.to]) || marked && !o.verb {
				continue
			}
			// the order and what follows it in the paragraph are read as an item
			rest := *it
			rest.toks = it.toks[s.from:]
			for _, g := range r.segments(&rest, context{}) {
				r.emit(&rest, g, context{})
			}
			return
		}
	}
}

// speaks tells that an order is the issuer's own, not one that the text reports.
func (r *reader) speaks(t []token, s stretch, o order) bool {
	return o.issuer || o.verb && o.open <= skipConnectors(t, s.from) && o.from <= o.at+5 && t[s.from].cap && assignAt(t, o.at) > 0
}

// companies are the companies named in a text, in order, once each.
func companies(paras []paragraph) []string {
	var out []string
	for _, p := range paras {
		if p.row || !strings.Contains(p.m.s, "ông ty") && !strings.Contains(p.m.s, "ập đoàn") {
			continue
		}
		t := tokens(p.m.s)
		for i := 0; i < len(t); i++ {
			if companyOf.at(t, i) == 0 || !t[i].cap {
				continue
			}
			n := namedAt(t, i)
			if n < 4 {
				continue
			}
			if s := p.m.s[t[i].from:t[i+n-1].to]; !contains(out, s) {
				out = append(out, s)
			}
			i += n - 1
		}
	}
	return out
}

// resolve replaces names that only point: "Công ty", "đơn vị nêu trên".
func (r *reader) resolve(lead []string, ctx context) []string {
	if len(lead) != 1 {
		return lead
	}
	t := tokens(lead[0])
	many := is(t, 0, "các")
	if many {
		t = t[1:]
	}
	points := strings.HasSuffix(low(lead[0]), "nêu trên") || strings.HasSuffix(low(lead[0]), " trên") || strings.HasSuffix(low(lead[0]), "được kiểm tra")
	bare := len(t) <= 2 && (is(t, 0, "công", "ty") || is(t, 0, "đơn", "vị") && !many || is(t, 0, "quý") || is(t, 0, "sở") && len(t) == 1)
	switch {
	case bare && len(ctx.lead) > 0:
		return ctx.lead
	case points && len(r.named) > 0 && (is(t, 0, "đơn", "vị") || is(t, 0, "công", "ty") || is(t, 0, "doanh")):
		return r.named
	case bare && len(r.named) > 0 && is(t, 0, "công"):
		return r.named
	}
	return lead
}
