package extract

// timesFront steps over the times that stand before a body: "Trước ngày 25/01/2026,", "Định kỳ
// hằng quý, trước ngày 15 tháng cuối quý,", with a comma behind them or without; i where none does.
func (r *reader) timesFront(t []token, i int) int {
	const most = 3 // it keeps the reading linear
	k := i
	for range most {
		end := r.timeEnd(t, k)
		if end == k {
			break
		}
		k = brackets(t, end)
		for oneOf(t, k, ",", "-") || oneOf(t, k, "và", "hoặc") && r.timeEnd(t, k+1) > k+1 {
			k++
		}
	}
	return k
}

// timeEnd is where the time that begins at token i ends: a word of limit or of beginning, the
// hour, the day; a rhythm; a limit in words. i where none begins. It does not ask whether the
// day limits anything: the body behind it is told all the same.
func (r *reader) timeEnd(t []token, i int) int {
	const longestFront = 7 // of the words before the hour or the weekday of a rhythm
	if i >= len(t) {
		return i
	}
	for k := i; k < min(len(t), i+longestFront); k++ {
		if m, ok := rhythmAt(t, k); ok {
			if m = rhythms(t[:m.to], []moment{m})[0]; m.from == i { // with its day: "Trước ngày 15 hằng tháng"
				return m.to
			}
			break
		}
		if oneOf(t, k, ",", ";", ".", ":") {
			break
		}
	}
	if to := r.dayEnd(t, i); to > i {
		return to
	}
	if m, ok := wordsAt(t, i); ok && m.from == i {
		return m.to
	}
	if oneOf(t, i, "ngay") {
		if m, ok := wordsAt(t, i+1); ok && m.from == i {
			return m.to
		}
	}
	return i
}

// dayEnd is timeEnd of an hour and a day with the words before them.
func (r *reader) dayEnd(t []token, i int) int {
	k := i
	if oneOf(t, k, "bắt", "kể", "tính") && !oneOf(t, k+1, "số") {
		k += 1 + map[bool]int{true: 1}[is(t, k, "bắt", "đầu")]
	}
	if n := max(limits.at(t, k), noLimit.at(t, k)); n > 0 && !oneOf(t, k, "là", "của", "họp", "ký", "tại", "và", "ban", "hoàn", "gửi", "có") {
		k += n
		if oneOf(t, k, "hết", "trước") { // "từ nay đến hết ngày …"
			k++
		}
	}
	m, p := dayMoment(t, k, r.day, false)
	switch {
	case p.n == 0: // also a day that no calendar has
		j := skipDayWords(t, k)
		if n := figures(t, j); n > 0 {
			return j + n
		}
		if j > k && number(t, j) > 0 && number(t, j) <= 31 && !oneOf(t, j+1, "/", "tháng", "của") { // "Hằng tháng, trước ngày 20,"
			return j + 1
		}
		return i
	case k == i && p.year && !t[i].cap: // "năm 2026 Sở …": only where a sentence begins
		return i
	}
	if to := m.to; oneOf(t, to, "đến") { // "Từ ngày 01/3 đến hết ngày 30/4/2026"
		if m, p := dayMoment(t, to+limits.at(t, to), r.day, false); p.n > 0 {
			return m.to
		}
	}
	return m.to
}
