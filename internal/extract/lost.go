package extract

import "sort"

// lost looks once more at what became no proposal: a day that limits something (where bodies are
// told what to do any limit or rhythm), or an order to named bodies, in an item that no proposal took. It is said beside the proposal before it,
// so that a person who confirms meets it where it stands.
func (r *reader) lost() {
	if len(r.out) == 0 {
		return
	}
	taken := r.taken()
	for _, it := range r.items {
		if it.row || it.preamble || len(it.toks) < 4 || taken.all(it.m.span(0, len(it.m.s))) {
			continue
		}
		for _, words := range r.lostIn(it, taken) {
			p := r.before(int(it.m.at[0]))
			p.Warnings = append(p.Warnings, "văn bản còn ghi “"+words+"” ở mục "+r.pathOf(it)+", ngoài mọi nhiệm vụ")
		}
	}
}

// pathOf is the clause of an item; annexes are over when this is asked.
func (r *reader) pathOf(it *item) string {
	if it.annex != "" {
		r.annex = it.annex
		defer func() { r.annex = "" }()
	}
	return r.path(it)
}

// before is the last proposal that begins before a place, else the first of all.
func (r *reader) before(at int) *Proposal {
	best := 0
	for i := range r.out {
		if r.out[i].Span[0] <= at && r.out[i].Span[0] >= r.out[best].Span[0] {
			best = i
		}
	}
	return &r.out[best]
}

// lostIn lists the days and orders of an item that no proposal holds.
func (r *reader) lostIn(it *item, taken spans) (words []string) {
	const most = 3
	t := it.toks
	for _, m := range times(t, r.day, false) {
		if (m.words || m.weak || m.recurrence != "") && !it.told || len(words) >= most || citedDay(t, m.from, m.to) {
			continue
		}
		a, b := t[m.from].from, t[m.to-1].to
		if !taken.touch(it.m.span(a, b)) {
			words = append(words, it.m.s[a:b])
		}
	}
	if len(words) > 0 {
		return words
	}
	for _, s := range sentences(t) {
		o := r.orderAt(t[:s.to], s.from)
		if !o.ok() || !o.verb || o.heading || !o.namesAll(t) || generic(t[o.content:s.to]) || callsBack(t[o.content:s.to]) || len(words) >= most {
			continue
		}
		if a, b := t[o.at].from, t[o.to-1].to; !taken.touch(it.m.span(a, b)) {
			words = append(words, it.m.s[a:b])
		}
	}
	return words
}

// spans are ranges of the text in order, none inside another.
type spans []Span

// taken are the ranges of the text that the proposals hold: their own, their leads' and their times'.
func (r *reader) taken() spans {
	var all spans
	for i := range r.out {
		p := &r.out[i]
		all = append(all, p.Span)
		for _, s := range []*Span{p.LeadSpan, p.DeadlineSpan} {
			if s != nil {
				all = append(all, *s)
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i][0] < all[j][0] })
	var out spans
	for _, s := range all {
		if n := len(out); n > 0 && s[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}

// near is the first range that ends behind a place; len(s) where none does.
func (s spans) near(at int) int {
	return sort.Search(len(s), func(i int) bool { return s[i][1] > at })
}

// touch tells that a range shares a letter with one of s.
func (s spans) touch(x Span) bool {
	i := s.near(x[0])
	return i < len(s) && s[i][0] < x[1]
}

// all tells that a range lies inside one of s but for a word at its ends.
func (s spans) all(x Span) bool {
	const slack = 4 // the full stop, a bracket
	i := s.near(x[0] + slack)
	return i < len(s) && s[i][0] <= x[0]+slack && s[i][1]+slack >= x[1]
}
