package extract

import (
	"slices"
	"strings"
)

// unread tells which times and orders of a task's text were not understood: what is like a day,
// an hour, a rhythm or a limit and became neither its time nor another task's, and a body that
// is told inside its sentence. Nothing of that is lost without a word; a person looks at it.
// The day of a paper that is cited is none of it.
func (r *reader) unread(it *item, s segment, taken []moment, p *Proposal) {
	const most = 6 // a text of nothing but days would say the same for ever
	t := it.toks
	all := shifted(times(t[s.begin:max(s.begin, s.to)], r.day, false), s.begin)
	say := func(from, to int) {
		if overlaps(taken, from, to) == 0 && !citedDay(t, from, to) {
			p.Warnings = append(p.Warnings, "văn bản còn ghi “"+it.m.s[t[from].from:t[to-1].to]+"”, chưa đọc thành hạn")
		}
	}
	for i := s.begin; i < s.to && len(p.Warnings) < most; {
		if end := covers(taken, i); end > i {
			i = end
			continue
		}
		if end := covers(all, i); end > i {
			say(i, end)
			i = end
			continue
		}
		if from, to := r.timeLike(t[:s.to], i); to > i {
			say(from, to)
			i = to
			continue
		}
		if words := r.toldInside(it, s, i); words != "" {
			p.Warnings = append(p.Warnings, "trong câu còn “"+words+"”: nếu là việc giao riêng thì tách")
		}
		i++
	}
}

// covers is where a time that was taken ends, for a token inside it; i for one outside.
func covers(taken []moment, i int) int {
	for _, m := range taken {
		if i >= m.from && i < m.to {
			return m.to
		}
	}
	return i
}

// overlaps is where a time that was taken ends, if it shares a token with [from, to); else 0.
func overlaps(taken []moment, from, to int) int {
	for _, m := range taken {
		if m.from < to && from < m.to {
			return m.to
		}
	}
	return 0
}

// timeLike finds anything like a time at token i that is no limit and no rhythm: a day in
// figures, also one that the calendar does not have, the hour of a day, or a month, quarter or
// year behind a word of limit. What was over when the paper was signed is none, nor what only
// names a plan ("tầm nhìn đến năm 2045"). to is i where there is none.
func (r *reader) timeLike(t []token, i int) (from, to int) {
	if !t[i].number && !oneOf(t, i, "ngày", "tháng", "quý", "năm", "giai", "tuần") {
		return i, i
	}
	if n := clockLike(t, i); n > 0 {
		if m, p := dayMoment(t, i, r.day, false); p.n > 0 {
			return dayFront(t, i), m.to
		}
		return dayFront(t, i), i + n
	}
	p := calendarAt(t, i, max(r.day.Year(), 1945))
	switch {
	case p.n == 0:
		if n := figures(t, i); n > 0 {
			return dayFront(t, i), i + n
		}
		return i, i
	case !p.noYear && p.end.Before(r.day),
		p.period && (!limitBefore(t, i) || p.year && oneOf(t, i-1, "đến")),
		!p.period && p.noYear && dayFront(t, i) == i: // "lễ 30/4"
		return i, i
	}
	return dayFront(t, i), i + p.n
}

// clockLike reads the hour of a day, not a length of hours ("trong 24 giờ", "trực 24/24 giờ").
func clockLike(t []token, i int) int {
	_, n := clockAt(t, i)
	if n < 1 || n == 1 && !oneOf(t, i-1, "trước", "lúc", "đến", "nhất", "từ") || oneOf(t, i-1, "/") || oneOf(t, i+n, "làm", "/") || counted(t, i) {
		return 0
	}
	return n
}

// counted tells hours that are a length, not an hour of the day: "trong 24 giờ", "48 giờ một lần".
func counted(t []token, i int) bool { return countAt(t, max(0, i-1)) > i || oftenAt(t, i) > i }

// figures reads a day in figures, whether the calendar has it or not: "31/02/2026".
func figures(t []token, i int) int {
	if number(t, i) < 1 || number(t, i) > 31 || i > 0 && oneOf(t, i-1, "/", "-", ".") && t[i].glued {
		return 0
	}
	if oneOf(t, i+1, "/", ".", "-") && t[i+1].glued && number(t, i+2) > 0 && is(t, i+3, t[i+1].lo) && number(t, i+4) > 1900 {
		return 5
	}
	if oneOf(t, i-1, "ngày") && (oneOf(t, i+1, "/") || oneOf(t, i+1, "tháng")) && number(t, i+2) > 0 {
		return 3
	}
	return 0
}

// dayFront takes in the words before a day: "từ ngày", "trước".
func dayFront(t []token, i int) int {
	k := i
	if oneOf(t, k-1, "ngày") {
		k--
	}
	for back := 3; back >= 1; back-- {
		if limits.at(t, k-back) == back || noLimit.at(t, k-back) == back && !oneOf(t, k-back, "và", "của", "ký", "ban", "họp", "tại") {
			return k - back
		}
	}
	return k
}

// limitBefore tells that a word of limit stands right before token i.
func limitBefore(t []token, i int) bool {
	return oneOf(t, i-1, "trước", "hết", "nhất", "trong", "xong", "đến", "cuối") && !is(t, i-2, "tính", "đến")
}

// papers are what has a day of its own.
var papers = table("công văn|văn bản|quyết định|nghị quyết|nghị định|thông tư|chỉ thị|kế hoạch|thông báo|công điện|tờ trình|báo cáo|luật|kết luận|hướng dẫn|chương trình|giấy mời|biên bản|phiếu|quy chế|hợp đồng|giấy phép|đơn|phiếu chuyển|thư")

// citedDay tells the day of a paper: behind its number ("số 12/UBND-TH ngày …"), its kind
// ("Công văn ngày …") or what it was signed, issued or came into force.
func citedDay(t []token, from, to int) bool {
	const near = 7
	if limits.at(t, from) > 0 { // "báo cáo trước ngày …"
		return false
	}
	if oneOf(t, to, "của") || oneOf(t, from-1, "ký", "hành", "họp", "lực") || oneOf(t, from, "ký") {
		return true
	}
	if oneOf(t, from, "từ", "kể", "tính", "bắt") {
		return false
	}
	k := from
	for k > 0 && oneOf(t, k-1, ",", "(", "ngày", "lập") {
		k--
	}
	if k > 0 && t[k-1].cap && oneOf(t, k-2, "-", "/") {
		return true
	}
	for j := max(0, k-near); j < k; j++ {
		if n := papers.at(t, j); n > 0 && (j+n == k || oneOf(t, j+n, "số")) {
			return true
		}
	}
	return false
}

// toldInside is an order in so many words inside the content of a task, "giao Sở X …", of which no
// task was made; "" where there is none.
func (r *reader) toldInside(it *item, s segment, i int) string {
	t := it.toks
	if i <= s.from || !oneOf(t, i, "giao", "yêu", "đề") || assignAt(t, i) == 0 || !oneOf(t, i-1, ",", ";", "thời", ".") {
		return ""
	}
	k := i + assignAt(t, i)
	list, end := bodiesAt(t[:s.to], k)
	if len(list) == 0 || list[0].bare(t) || predicates.at(t, end) == 0 {
		return ""
	}
	return it.m.s[t[i].from:t[min(end, s.to)-1].to]
}

// warnings tells the document what its proposals leave open, with their clauses.
func warnings(tasks []Proposal) (all []string) {
	for _, p := range tasks {
		for _, w := range p.Warnings {
			if s := "mục " + p.Clause + ": " + w; !slices.Contains(all, s) {
				all = append(all, strings.TrimSpace(s))
			}
		}
	}
	return all
}
