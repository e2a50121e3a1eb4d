package extract

import "strings"

// path is the clause of an item, inside its annex.
func (r *reader) path(it *item) string {
	c := it.clause()
	if r.annex != "" {
		return strings.TrimSuffix(r.annex+"."+c, ".body")
	}
	return c
}

// emit makes the proposal of a segment, if it assigns work to a body.
func (r *reader) emit(it *item, s segment, ctx context) {
	t := it.toks
	p := Proposal{Clause: r.path(it)}
	if s.own && s.order.ok() {
		r.ownLead(it, s, ctx, &p)
	} else {
		if ctx.blocked || len(ctx.lead) == 0 || !assignsWork(t[s.from:s.to]) && !(ctx.heading && approves(t[s.from:s.to])) {
			return
		}
		p.Lead, p.LeadSpan, p.Request = ctx.lead, ctx.span, ctx.request
		p.Why = append(p.Why, "cơ quan theo "+ctx.why)
	}
	// under a heading of aims or funds only a plain order counts
	from := contentFrom(t, s.from, s.to)
	if s.to-from < 2 || s.own && (ctx.blocked && !s.order.verb || right(t[from:s.to])) {
		return
	}
	if !r.fits(it, t[from:s.to], p.Lead) {
		return
	}
	p.Content = strings.TrimRight(it.m.s[t[from].from:t[s.to-1].to], " .;,/")
	p.Coordinating = coordinating(it.m, t, from, s.to)
	if len(p.Coordinating) == 0 {
		p.Coordinating = append([]string{}, ctx.coord...)
	}
	start := from
	if s.own && s.order.ok() && s.order.from < start && s.order.from >= 0 {
		start = s.order.from
	}
	p.Span = it.m.span(t[start].from, t[s.to-1].to)
	r.date(it, s, from, &p)
	r.out = append(r.out, p)
}

// ownLead takes the bodies that the segment itself names.
func (r *reader) ownLead(it *item, s segment, ctx context, p *Proposal) {
	t := it.toks
	p.Lead = r.resolve(names(it.m, t, s.order.list), ctx)
	sp := it.m.span(t[s.order.from].from, t[s.order.to-1].to)
	p.LeadSpan, p.Request = &sp, s.order.request
	switch {
	case s.order.request:
		p.Why = append(p.Why, "câu đề nghị nêu tên cơ quan")
	case s.order.verb:
		p.Why = append(p.Why, "câu giao việc nêu tên cơ quan")
	default:
		p.Why = append(p.Why, "câu bắt đầu bằng tên cơ quan")
	}
}

// contentFrom steps over what stands before the content: "Đồng thời,", a comma.
func contentFrom(t []token, i, j int) int {
	for {
		k := skipConnectors(t, i)
		for k < j && oneOf(t, k, ",", ":", ";", "-", ".") {
			k++
		}
		if k == i || k >= j {
			return i
		}
		i = k
	}
}

// fits drops what is no task although it names a body: the closing call, a decision's
// order to execute it.
func (r *reader) fits(it *item, content []token, lead []string) bool {
	// a decision ends by naming who carries it out, which gives nobody a task
	decision := r.doc.Type != nil && (*r.doc.Type == "quyết định" || *r.doc.Type == "nghị quyết")
	for i := range content {
		if decision && (is(content, i, "thi", "hành") || is(content, i, "thực", "hiện", "quyết", "định", "này") || is(content, i, "căn", "cứ", "quyết", "định", "thi", "hành")) {
			for k := i; k < i+6; k++ {
				if is(content, k, "này") {
					return false
				}
			}
		}
	}
	if it.kind == paraItem && !firstUnderHeading(it) && generic(content) {
		return false
	}
	return len(lead) > 0
}

// date gives the proposal its time, with the words and the place.
func (r *reader) date(it *item, s segment, from int, p *Proposal) {
	t := it.toks[from:s.to]
	all := times(t, r.day, false)
	m, ok := choose(all)
	if !ok || m.to <= m.from {
		return
	}
	r.setDate(it.m, t, m, p)
	p.Why = append(p.Why, "thời hạn nêu trong câu")
	p.OtherDeadlines = others(all, m)
	if len(p.OtherDeadlines) > 0 {
		p.Why = append(p.Why, "câu còn nêu hạn "+strings.Join(p.OtherDeadlines, ", ")+": tách nếu là việc riêng")
	}
}

// others are the further days that a stretch sets as limits. One sentence is one task by
// the rules of annotation, so the first day binds; whether the second is a task of its own
// only a person can say, and must not overlook it.
func others(all []moment, taken moment) (days []string) {
	if taken.words || taken.recurrence != "" {
		return nil
	}
	for _, m := range all {
		if s := m.text(true); !m.words && !m.weak && m.recurrence == "" && s != taken.text(true) && !contains(days, s) {
			days = append(days, s)
		}
	}
	return days
}

// setDate fills in a time with its words and place. Words alone give no date: nobody
// promised one.
func (r *reader) setDate(src mapped, t []token, m moment, p *Proposal) {
	a, b := t[m.from].from, t[min(m.to, len(t))-1].to
	p.DeadlineText = some(src.s[a:b])
	sp := src.span(a, b)
	p.DeadlineSpan = &sp
	switch {
	case m.words:
	case m.recurrence != "":
		p.Recurrence = some(m.recurrence)
	default:
		p.Deadline = some(m.text(true))
	}
}

// dates tells that an unmarked paragraph only gives a date to its section.
func dates(it *item) bool {
	if it.kind != paraItem && it.kind != dashItem || len(it.toks) > 60 || it.preamble || len(it.children) > 0 {
		return false
	}
	return datesOnly(it.toks)
}

// sharedDate gives the date that closes a section to its items that have none.
func (r *reader) sharedDate(it *item, first int) {
	for _, c := range it.children {
		if !dates(c) {
			continue
		}
		m, ok := choose(times(c.toks, r.day, false))
		if !ok || m.words {
			continue
		}
		for i := first; i < len(r.out); i++ {
			p := &r.out[i]
			if p.Deadline != nil || p.Recurrence != nil {
				continue
			}
			r.setDate(c.m, c.toks, m, p)
			p.DeadlineInherited = true
			p.Why = append(p.Why, "thời hạn chung ở câu kết mục "+r.path(it))
		}
	}
}
