package extract

// An attribute is a line that says one thing of the item above it: "Cơ quan chủ trì: …",
// "Thời gian hoàn thành: …".
type attribute int

const (
	noAttribute attribute = iota
	leadAttribute
	coordAttribute
	timeAttribute
	otherAttribute
)

var attributeKeys = []struct {
	words phrases
	is    attribute
}{
	{table("cơ quan phối hợp|đơn vị phối hợp|các đơn vị phối hợp|các cơ quan phối hợp|phối hợp|phối hợp thực hiện|cơ quan, đơn vị phối hợp|sở, ngành phối hợp"), coordAttribute},
	{table("cơ quan chủ trì|đơn vị chủ trì|chủ trì|cơ quan thực hiện|đơn vị thực hiện|chủ trì thực hiện|cơ quan chủ trì thực hiện|đơn vị chủ trì thực hiện|cơ quan chủ trì tham mưu|đơn vị chủ trì tham mưu|cơ quan, đơn vị chủ trì|đơn vị chịu trách nhiệm|cơ quan, đơn vị thực hiện|phân công thực hiện|trách nhiệm thực hiện|sở, ngành chủ trì|giao chủ trì|cơ quan tham mưu|đơn vị tham mưu"), leadAttribute},
	{table("thời gian|thời gian thực hiện|thời gian hoàn thành|thời hạn|thời hạn hoàn thành|hoàn thành|tiến độ|tiến độ thực hiện|tiến độ hoàn thành|lộ trình|lộ trình thực hiện|hạn hoàn thành|thời hạn thực hiện|thời điểm hoàn thành"), timeAttribute},
	{table("sản phẩm|sản phẩm dự kiến|kết quả|kết quả dự kiến|kinh phí|nguồn kinh phí|nội dung|hình thức|đối tượng|địa điểm|yêu cầu|kết quả đầu ra|sản phẩm đầu ra|mục tiêu|phạm vi"), otherAttribute},
}

// attributeAt reads the key of an attribute at token i; value is where its value begins.
func attributeAt(t []token, i int) (kind attribute, value int) {
	for _, k := range attributeKeys {
		if n := k.words.at(t, i); n > 0 && oneOf(t, i+n, ":") {
			return k.is, i + n + 1
		}
	}
	return noAttribute, i
}

// attributes makes the task of an item whose lead stands in attributes: below it, in
// brackets or in its last sentences. It tells whether it did.
func (r *reader) attributes(it *item, ctx context) bool {
	p := Proposal{Clause: r.path(it), Coordinating: []string{}}
	end := r.inlineAttributes(it, &p)
	// the lines below win over what the item says in passing
	for _, c := range it.children {
		r.attributeLine(c, &p)
	}
	if len(p.Lead) == 0 || end < 3 {
		return false
	}
	p.writeOut()
	t := it.toks
	from := contentFrom(t, 0, end)
	p.Content = it.m.s[t[from].from:t[end-1].to]
	p.Span = it.m.span(t[from].from, t[end-1].to)
	p.Why = append([]string{"dòng “cơ quan chủ trì” của mục " + p.Clause}, p.Why...)
	if p.Deadline == nil && p.Recurrence == nil && p.DeadlineText == nil {
		r.date(it, segment{from: from, to: end}, &p)
	}
	r.out = append(r.out, p)
	return true
}

// attributeLine reads the attributes of one line below an item.
func (r *reader) attributeLine(c *item, p *Proposal) {
	if k, _ := attributeAt(c.toks, 0); k == noAttribute || k == otherAttribute {
		return
	}
	r.readAttributes(c, 0, p)
}

// inlineAttributes reads attributes inside the item's own text; it returns where the
// text before them ends.
func (r *reader) inlineAttributes(it *item, p *Proposal) int {
	t := it.toks
	for i := 1; i < len(t); i++ {
		if !oneOf(t, i-1, ".", "(", ";") {
			continue
		}
		if oneOf(t, i-1, "(") && r.leadInBrackets(it, i, p) {
			return i - 1
		}
		if k, _ := attributeAt(t, i); k == leadAttribute || k == timeAttribute && oneOf(t, i-1, "(") {
			r.readAttributes(it, i, p)
			return i - 1
		}
	}
	n := len(t)
	for n > 0 && oneOf(t, n-1, ".", ":", ";") {
		n--
	}
	return n
}

// leadInBrackets reads "(Sở Y tế chủ trì; xong trong quý III/2026)" behind the work itself.
func (r *reader) leadInBrackets(it *item, i int, p *Proposal) bool {
	t := it.toks
	list, end := bodiesAt(t, i)
	if len(list) == 0 || !is(t, end, "chủ", "trì") && !is(t, end, "thực", "hiện") || !oneOf(t, end+2, ";", ",", ")") {
		return false
	}
	p.Lead = names(it.m, t, list)
	sp := it.m.span(t[i].from, t[end-1].to)
	p.LeadSpan = &sp
	p.Coordinating = append(p.Coordinating, coordinating(it.m, t, end, len(t))...)
	r.date(it, segment{from: end, to: len(t)}, p)
	return true
}

// readAttributes reads every attribute from token i on.
func (r *reader) readAttributes(it *item, i int, p *Proposal) {
	t := it.toks
	for ; i < len(t); i++ {
		kind, v := attributeAt(t, i)
		if kind == noAttribute || i > 0 && !oneOf(t, i-1, ".", "(", ";", ",", "-") {
			continue
		}
		list, to := bodiesAt(t[:nextKey(t, v)], v)
		switch kind {
		case leadAttribute:
			if len(list) > 0 {
				p.Lead = names(it.m, t, list)
				sp := it.m.span(t[v].from, t[to-1].to)
				p.LeadSpan = &sp
			}
		case coordAttribute:
			p.Coordinating = append(p.Coordinating, names(it.m, t, list)...)
		case timeAttribute:
			r.timeValue(it, v, p)
		}
		i = max(i, v-1)
	}
}

// nextKey is where the next attribute begins behind token i, the end where none does.
func nextKey(t []token, i int) int {
	for k := i; k < len(t); k++ {
		if kind, _ := attributeAt(t, k); kind != noAttribute && oneOf(t, k-1, ".", ";", ",", "-") {
			return k
		}
	}
	return len(t)
}

// timeValue reads the value of "Thời gian hoàn thành: …".
func (r *reader) timeValue(it *item, v int, p *Proposal) {
	end := v
	for end < len(it.toks) && !oneOf(it.toks, end, ".", ";", ")") || end+1 < len(it.toks) && it.toks[end+1].glued && it.toks[end+1].number {
		end++
	}
	if end == v {
		return
	}
	t := it.toks[v:end]
	if m, ok := lastDayOf(times(t, r.day, true)); ok {
		r.setDate(it.m, t, m, p)
		return
	}
	p.DeadlineText = some(it.m.s[t[0].from:t[len(t)-1].to])
	if oneOf(t, 0, "thường") && oneOf(t, 1, "xuyên") {
		p.Recurrence = some("continuous")
	}
}
