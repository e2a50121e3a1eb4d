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
	p.writeOut()
	p.Content = strings.TrimRight(it.m.s[t[from].from:t[s.to-1].to], " .;,/:")
	p.Coordinating = coordinating(it.m, t, from, s.to)
	if len(p.Coordinating) == 0 {
		p.Coordinating = append([]string{}, ctx.coord...)
	}
	start := from
	if s.own && s.order.ok() && s.order.from < start && s.order.from >= 0 {
		start = s.order.from
		if s.order.timed { // with the time before it
			start = s.order.open
		}
	}
	p.Span = it.m.span(t[start].from, t[s.to-1].to)
	r.date(it, s, &p)
	if p.Deadline == nil && p.Recurrence == nil && p.DeadlineText == nil && ctx.until != nil {
		ctx.until.give(r, &p)
	}
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

// A heldTime is the day of a heading that gives no task itself, "Trước ngày 25/01, Sở Y tế thực
// hiện các việc sau:". It holds for what stands below and names no time of its own.
type heldTime struct {
	it *item
	m  moment
}

// untilOf is the time that a heading states behind token from, nil where it states none.
func (r *reader) untilOf(it *item, from int) *heldTime {
	m, ok := choose(times(it.toks[from:], r.day, false))
	if !ok || m.words || m.weak || m.lasting {
		return nil
	}
	m.from, m.to = m.from+from, m.to+from
	firm := oneOf(it.toks, m.from, "trước", "chậm", "muộn", "xong", "hoàn", "hạn", "thời") || firmly.has(it.toks[m.from:m.to])
	if !firm || citedDay(it.toks, m.from, m.to) { // "Kế hoạch đến ngày 31/12/2026" is only a name
		return nil
	}
	return &heldTime{it, m}
}

// give sets the time of a heading for a proposal below it.
func (h *heldTime) give(r *reader, p *Proposal) {
	r.setDate(h.it.m, h.it.toks, h.m, p)
	p.DeadlineInherited = true
	p.Why = append(p.Why, "thời hạn nêu ở câu mở đầu của phần này")
}

// writeOut makes a body of each place of a list: "UBND các xã: A, B" are two, each with the task.
func (p *Proposal) writeOut() {
	var out []string
	for _, n := range p.Lead {
		out = append(out, EachPlace(n)...)
	}
	p.Each = p.Each || len(out) > len(p.Lead)
	p.Lead = out
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

// date gives the proposal its time, with the words and the place, and says which times of
// its text it did not use.
func (r *reader) date(it *item, s segment, p *Proposal) {
	t := it.toks
	all := r.timesOf(t, s)
	m, ok := choose(all)
	if !ok || m.to <= m.from {
		r.unread(it, s, nil, p)
		return
	}
	r.setDate(it.m, t, m, p)
	p.weak, p.lasting = m.weak, m.lasting
	p.Why = append(p.Why, "thời hạn nêu trong câu")
	taken := []moment{m}
	for _, other := range all {
		if !further(other, m) {
			continue
		}
		taken = append(taken, other)
		if day := other.text(true); !contains(p.OtherDeadlines, day) {
			p.OtherDeadlines = append(p.OtherDeadlines, day)
			p.Warnings = append(p.Warnings, "câu còn nêu hạn “"+it.m.s[t[other.from].from:t[other.to-1].to]+"”: tách nếu là việc riêng")
		}
	}
	r.unread(it, s, taken, p)
}

// further tells a day beside the one taken. One sentence is one task by the rules of
// annotation, so the first day binds; whether the second is a task of its own only a person
// can say, and must not overlook it.
func further(m, taken moment) bool {
	if taken.words || taken.recurrence != "" {
		return false
	}
	return !m.words && !m.weak && m.recurrence == "" && m.text(true) != taken.text(true)
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
	if reportsOfAll(it.toks) && firstUnderHeading(it) { // a section of its own, "Chế độ báo cáo"
		return false
	}
	return datesOnly(it.toks)
}

// sharedDate gives the date that closes a section to its items that have none. A sentence that
// names points or bodies ("tại điểm a, b khoản này", "các đơn vị nêu trên") dates those, also
// where they name a period in passing.
func (r *reader) sharedDate(it *item, first int) {
	for _, c := range it.children {
		if !dates(c) {
			continue
		}
		m, ok := choose(times(c.toks, r.day, false))
		if !ok || m.words {
			continue
		}
		of, points := it.pointsNear(c.toks)
		if len(points) > 0 {
			first = 0
		}
		for i := first; i < len(r.out); i++ {
			p := &r.out[i]
			if len(points) > 0 && !of.holds(i, points) {
				continue
			}
			if (p.Deadline != nil || p.Recurrence != nil) && !p.yields(c.toks, len(points) > 0) {
				continue
			}
			if p.DeadlineText != nil { // its own words are not forgotten
				p.Warnings = append(p.Warnings, "văn bản còn ghi “"+*p.DeadlineText+"”")
			}
			p.Recurrence = nil
			r.setDate(c.m, c.toks, m, p)
			p.DeadlineInherited = true
			p.Why = append(p.Why, "thời hạn chung ở câu kết mục "+r.path(it))
		}
	}
}

// yields tells that a time of its own gives way to a closing sentence that names the task: a
// period named in passing does, one from a day to a day only where the sentence says by when
// all is to be finished, not by when to report on it.
func (p *Proposal) yields(closing []token, pointed bool) bool {
	at, _ := finishing.find(closing, 0, len(closing))
	return p.weak && (pointed || reportsOfAll(closing)) || p.lasting && pointed && at >= 0
}

// pointsNear finds the items that a closing sentence names by their labels: below the section,
// else beside it. No labels where it speaks of the section itself ("tại mục 4") or of all.
func (it *item) pointsNear(t []token) (of *item, points []string) {
	points = pointsNamed(t)
	for p := it; p != nil && len(points) > 0; p = p.parent {
		for _, c := range p.children {
			if contains(points, c.label) {
				return p, points
			}
		}
		if contains(points, p.label) {
			break
		}
	}
	return it, nil
}

// pointsNamed are the labels that a closing sentence names: "a", "b" of "tại điểm a, b khoản
// này"; none where it speaks of all.
func pointsNamed(t []token) (labels []string) {
	for i := range t {
		if !oneOf(t, i, "điểm", "mục", "khoản", "ý") {
			continue
		}
		for k := i + 1; k < len(t); k++ {
			if oneOf(t, k, ",", "và") && len(labels) > 0 || oneOf(t, k, "điểm", "mục", "khoản") && oneOf(t, k-1, ",", "và") {
				continue
			}
			w := t[k].lo
			if !t[k].number && (!t[k].word || len([]rune(w)) > 1) {
				break
			}
			labels = append(labels, strings.TrimLeft(w, "0"))
		}
		if len(labels) > 0 {
			return labels
		}
	}
	return nil
}

// holds tells that proposal i came from a child with one of the labels.
func (it *item) holds(i int, labels []string) bool {
	for _, c := range it.children {
		if i >= c.first && i < c.last && contains(labels, c.label) {
			return true
		}
	}
	return false
}
