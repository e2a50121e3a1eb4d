package extract

// An order is one assignment inside a sentence: who is told, and where what they are
// told begins.
type order struct {
	list     []body
	sign     int  // where it was looked for: behind the sign or the sentence before it
	open     int  // first token behind "đồng thời": a time before the body belongs to its order, "Trước ngày 25/01, Sở Y tế …"
	at       int  // behind that time: the issuer, the verb or the body
	timed    bool // a time stands before the body
	unknown  bool // no table knows the body: its words alone, behind "giao"
	front    int  // tokens from open on that are nothing but a time
	from, to int  // tokens that name the bodies
	content  int  // first token of what is to be done
	verb     bool // "giao", "yêu cầu", "đề nghị" stands before
	given    bool // "giao", "phân công": only who is above says so
	request  bool
	start    bool // it opens its item
	issuer   bool // the issuing body is the subject
	heading  bool // nothing is said yet: a colon or the end follows
}

// ok tells that somebody was found.
func (o order) ok() bool { return len(o.list) > 0 }

// single tells that one named body is told, not a group.
func (o order) single() bool { return len(o.list) == 1 && !o.list[0].group }

// named tells that one body by its own name is told: "Thủ trưởng các đơn vị" is many.
func (o order) named(t []token) bool {
	for k := o.from; k < o.to; k++ {
		if oneOf(t, k, "các") {
			return false
		}
	}
	return o.single()
}

// namesAll tells that bodies by their own names are told, one or several: "Sở A, Sở B", "UBND
// các xã A, B".
func (o order) namesAll(t []token) bool {
	for _, b := range o.list {
		if b.group {
			return false
		}
	}
	for k := o.from; k < o.to; k++ {
		if n := areaNouns.at(t, k+1); oneOf(t, k, "các") && (n == 0 || k+2+n >= len(t) || !t[k+1+n].cap && !(oneOf(t, k+1+n, ":") && t[k+2+n].cap)) {
			return false
		}
	}
	return o.ok()
}

// bare tells a group of one noun without "các": too weak to be told by itself.
func (b body) bare(t []token) bool { return b.group && b.to-b.from <= 2 && !oneOf(t, b.from, "các") }

// connectors open a sentence without changing who it speaks to.
var connectors = table("đồng thời|ngoài ra|bên cạnh đó|trước mắt|theo đó|trong đó|riêng|cụ thể|trên cơ sở đó|bên cạnh việc|sau đó|mặt khác|về việc này|về nội dung này|việc này|đối với nội dung này|với tinh thần đó|do vậy|do đó|vì vậy|để triển khai|tiếp đó|hơn nữa|về vấn đề này|đối với việc này|về đề nghị này|xét đề nghị trên|trước tình hình trên")

// sayers are bodies that give orders; before an order verb they are its subject.
var sayers = table("ủy ban nhân dân|ubnd|chủ tịch|phó chủ tịch|thủ tướng|phó thủ tướng|bộ trưởng|thứ trưởng|giám đốc|phó giám đốc|ban chỉ đạo|ban chỉ huy|thường trực|chính phủ|bí thư|lãnh đạo|đồng chí")

// notAssigned are words that begin like "giao" and assign nothing.
var notAssigned = table("giao thông|giao dịch|giao lưu|giao thương|giao ban|giao nhận|giao tiếp|giao hàng|giao đất|giao rừng|giao kết|giao thoa|giao cắt|giao khoán|giao mùa|giao thừa|yêu cầu của|yêu cầu về|yêu cầu kỹ thuật|đề nghị của|giao năm|giao tại|giao theo|giao trong|giao quyền")

// assignAt returns how many tokens from i order somebody, 0 where none do.
func assignAt(t []token, i int) int {
	if notAssigned.at(t, i) > 0 && !t[i+1].cap {
		return 0
	}
	return assigns.at(t, i)
}

// skipConnectors steps over "Đồng thời,".
func skipConnectors(t []token, i int) int {
	for {
		n := connectors.at(t, i)
		if n == 0 {
			return i
		}
		i += n
		for oneOf(t, i, ",", ":", ";") {
			i++
		}
	}
}

// orderAt reads an order that begins at token i: [times] [issuer] [giao|yêu cầu|đề nghị]
// [times] bodies and what they are to do.
func (r *reader) orderAt(t []token, i int) order {
	o := order{start: i == 0, sign: i, open: skipConnectors(t, i)}
	k := skipConnectors(t, r.timesFront(t, o.open))
	o.at, o.timed = k, k > o.open
	if j := r.sayerAt(t, k); j > k {
		k, o.issuer = j, true
	}
	if n := assignAt(t, k); n > 0 {
		o.verb, o.request, o.given = true, requests.at(t, k) > 0, oneOf(t, k, "giao", "phân")
		k += n
		if is(t, k, "và", "đề", "nghị") || is(t, k, "và", "yêu", "cầu") || is(t, k, "và", "giao") {
			k++
			k += assignAt(t, k)
		}
		for oneOf(t, k, ":") || is(t, k, "đối", "với") || is(t, k, "cho") {
			k += map[bool]int{true: 1, false: 2}[!is(t, k, "đối")]
		}
		if to := r.timesFront(t, k); to > k { // "Yêu cầu trước ngày 25/01, các đơn vị …"
			k, o.timed = to, true
		}
	} else if o.issuer {
		return order{}
	}
	list, end := bodiesAt(t, k)
	if len(list) == 0 && o.given && o.start {
		list, end = unknownBody(t, k)
		o.unknown = true
	}
	if len(list) == 0 {
		return order{}
	}
	if len(list) == 1 && list[0].group && is(t, end, "là") && o.verb { // "Yêu cầu nhà đầu tư là Công ty A tập trung"
		if named, to := bodiesAt(t, end+1); len(named) > 0 && !named[0].group {
			list, end = named, to
		}
	}
	if len(list) == 1 && list[0].group && is(t, end, ":") { // "Các đơn vị: Sở A, Sở B xây dựng"
		if named, to := bodiesAt(t, end+1); len(named) > 0 && predicates.at(t, to) > 0 && !t[to].cap {
			list, end = named, to
		}
	}
	for oneOf(t, end, ";", ",", "và") && assignAt(t, end+1) > 0 { // "đề nghị A; yêu cầu B thực hiện"
		more, to := bodiesAt(t, end+1+assignAt(t, end+1))
		if len(more) == 0 {
			break
		}
		list, end = append(list, more...), to
	}
	o.list, o.from, o.to = list, k, end
	if o.timed {
		o.front = o.from - o.open
	}
	return o.predicate(t)
}

// things are what is given (giao), not bodies that something is given to.
var things = table("nhiệm vụ|chỉ tiêu|kế hoạch|vốn|dự toán|biên chế|quyền|trách nhiệm|đất|rừng|mặt bằng|kinh phí|ngân sách|số|tài sản|quân|hồ sơ|chức năng|thẩm quyền|khoán|mặt nước|khu vực biển")

// unknownBody takes the words between "giao" and the verb of what is to be done, or the colon,
// for a body that no table has: "Giao già làng, trưởng bản vận động …". It stays words.
func unknownBody(t []token, k int) ([]body, int) {
	const longest = 8
	if things.at(t, k) > 0 {
		return nil, k
	}
	for j := k; j < min(len(t), k+longest); j++ {
		switch {
		case j > k+1 && (oneOf(t, j, ":") && j == len(t)-1 || strong.at(t, j) > 0 && !oneOf(t, j, "theo", "không", "đã")):
			return []body{{from: k, to: j}}, j
		case !t[j].word && !oneOf(t, j, ","), things.at(t, j) > 0, oneOf(t, j, "cho", "tại", "của", "về", "theo"):
			return nil, k
		}
	}
	return nil, k
}

// openers begin a phrase that may stand before the body: "Định kỳ hằng quý, các đơn vị …".
var openers = table("định kỳ|hàng|hằng|trước|trong|đến|từ|sau|căn cứ|trên cơ sở|để|nhằm|đối với|về|khi|theo|tại|ngay|với|qua|thực hiện|riêng|chậm nhất|trên tinh thần|xét|liên quan|bên cạnh|cùng với|song song|ngoài|vào|nếu|trường hợp|trên đây|nhận được|sau khi")

// afterOpening reads an order behind an opening phrase and its comma.
func (r *reader) afterOpening(t []token, i int) order {
	if openers.at(t, skipConnectors(t, i)) == 0 {
		return order{}
	}
	for k := i + 1; k < len(t) && k < i+60; k++ {
		if !oneOf(t, k, ",", ":") {
			continue
		}
		if o := r.orderAt(t, k+1); o.ok() && !o.heading && !o.list[0].bare(t) {
			if timeOpeners.at(t, skipConnectors(t, i)) > 0 { // "Từ nay đến hết ngày 31/12, Sở X …"
				o.open, o.timed = i, true
			}
			o.sign = i
			return o
		}
	}
	return order{}
}

// timeOpeners are the openers of times.
var timeOpeners = table("định kỳ|hàng|hằng|trước|trong|đến|từ|sau|ngay|chậm nhất|vào|khi")

// predicate checks what follows the bodies: something to do, a colon, or nothing.
func (o order) predicate(t []token) order {
	k := brackets(t, o.to)
	for oneOf(t, k, ",", "-", "(") && k < len(t) {
		if t[k].lo == "(" {
			break
		}
		k++
	}
	o.content = k
	last := o.list[len(o.list)-1]
	switch {
	case k >= len(t) || oneOf(t, k, ":", ".", ";"): // a heading, or what follows the colon is the order
		o.heading = true
		for oneOf(t, o.content, ":", ".", ";") {
			o.content++
		}
		if o.content < len(t) && (t[k].lo == ":" || o.content > k) {
			o.heading = false
			if t[k].lo != ":" {
				return order{}
			}
		}
		return o
	case findings.at(t, k) > 0: // the sentence tells what was, it orders nothing
		return order{}
	case is(t, k, "là") && !oneOf(t, k+1, "cơ", "đơn", "đầu", "thường"):
		return order{}
	case predicates.at(t, k) > 0 && !t[k].cap:
		if cited(t, k) {
			return order{}
		}
		return o
	case (o.verb || o.start) && !t[k].cap && t[k].word && !last.bare(t) && binding.at(t, k) == 0:
		return o // a verb that no table has, after a body where an order names one
	}
	return order{}
}

// cited tells that a predicate belongs to a paper named before: "UBND tỉnh ban hành Văn
// bản số …", "Bộ X có văn bản số …", "Sở Y trình tại Tờ trình số …".
func cited(t []token, k int) bool {
	if oneOf(t, k, "ban", "có", "gửi", "trình", "báo", "đề", "thông") && !is(t, k, "có", "trách") {
		for j := k; j < k+8 && j+1 < len(t); j++ {
			if is(t, j, "số") && t[j+1].number {
				return true
			}
		}
	}
	return false
}

// sayerAt steps over the issuing body before an order verb; i where there is none.
func (r *reader) sayerAt(t []token, i int) int {
	if sayers.at(t, i) == 0 && !r.isIssuer(t, i) {
		return i
	}
	list, end := bodiesAt(t, i)
	if len(list) == 0 {
		if n := sayers.at(t, i); n > 0 {
			end = i + n
			end += capitals(t, end)
		}
	}
	// a person's name may follow the title: "Phó Chủ tịch UBND tỉnh Nguyễn Văn A giao"
	for end > i && end < len(t) && (t[end].cap || oneOf(t, end, "-")) && end < i+20 && orderVerbs.at(t, end) == 0 {
		end++
	}
	k := end
	for oneOf(t, k, ",", "cũng", "đã", "có", "ý", "kiến", "như", "sau", ":", "chỉ", "đạo", "kết", "luận") && k < end+9 {
		if t[k].lo == "đã" {
			return i
		}
		k++
	}
	if end > i && assignAt(t, k) > 0 {
		return k
	}
	return i
}

// isIssuer tells that the document's own issuer is named at token i.
func (r *reader) isIssuer(t []token, i int) bool {
	n := len(r.issuer)
	if n < 2 {
		return false
	}
	same := 0
	for same < n && i+same < len(t) && t[i+same].lo == r.issuer[same].lo {
		same++
	}
	return same == n || same >= 3 || same == 2 && n <= 3 && oneOf(r.issuer, 0, "sở", "bộ")
}

// innerOrders finds the orders inside a sentence t[i:j): "…; giao Sở X chủ trì …". strict: who
// is told is known, so that only what clearly tells somebody else is an order; told: the
// sentence began with an order in so many words.
func (r *reader) innerOrders(t []token, i, j int, strict, told bool) []order {
	var out []order
	guard := i
	for k := i + 1; k < j; k++ {
		if k < guard {
			continue
		}
		if at := coordinationAt(t, k); at > k {
			if _, end := bodiesAt(t, at); end > guard {
				guard = end
			}
			continue
		}
		if o := r.orderInside(t[:j], k, strict, told); o.ok() {
			out = append(out, o)
			guard = o.content
		}
	}
	return out
}

// orderInside reads an order at token k behind a sign or at a verb of order.
func (r *reader) orderInside(t []token, k int, strict, told bool) order {
	sign := oneOf(t, k-1, ",", ";", ":", "–", "-", ".")
	verb := assignAt(t, k) > 0 && !oneOf(t, k-1, "được", "đã", "và", "theo", "nhiệm", "bàn", "chuyển", "để", "có", "về", "các", "những", "theo", "việc")
	part := oneOf(t, k-1, ";")
	switch {
	case part || sign && !strict || oneOf(t, k-1, ":") && t[k].cap:
	case told && verb && oneOf(t, k-1, ",") && oneOf(t, k, "giao"): // "Giao Sở A …, giao Sở B …"
	case sign && connectors.at(t, k) > 0 && assignAt(t, skipConnectors(t, k)) > 0: // ", đồng thời giao Sở Y …"
	case verb && oneOf(t, k, "giao", "đề", "yêu") && !strict:
	default:
		return order{}
	}
	o := r.orderAt(t, k)
	switch {
	case !o.ok():
		return order{}
	case part && !o.verb && !o.list[0].group && predicates.at(t, o.content) > 0:
		return o
	case o.heading && o.content < len(t):
		return order{}
	case strict && !(o.given || o.plainLead(t) || part && told && o.verb && o.named(t)):
		return order{}
	case !strict && !o.verb && !o.plainLead(t):
		return order{}
	}
	return o
}

// plainLead tells that a body without an order verb before it leads: a named body and a
// predicate of leading.
func (o order) plainLead(t []token) bool {
	return !o.list[0].group && oneOf(t, o.content, "chủ", "có", "chịu", "phối", "tổ", "thực", "triển", "báo", "tham", "hướng") &&
		(is(t, o.content, "chủ", "trì") || is(t, o.content, "có", "trách", "nhiệm") || is(t, o.content, "chịu", "trách") || is(t, o.content, "phối", "hợp") || is(t, o.content, "chủ", "động") || is(t, o.content, "tổ", "chức") || is(t, o.content, "tham", "mưu"))
}

// coordinationAt returns where the bodies of "phối hợp (chặt chẽ) (với)" begin, k where
// token k opens none.
func coordinationAt(t []token, k int) int {
	j := k + 2
	if is(t, k, "chủ", "trì") { // "chủ trì cùng với Sở X", "chủ trì, cùng Sở X"
		for oneOf(t, j, ",") {
			j++
		}
		switch {
		case is(t, j, "cùng", "với"):
			return j + 2
		case oneOf(t, j, "cùng") && len(bodiesFrom(t, j+1)) > 0:
			return j + 1
		}
		return k
	}
	if !is(t, k, "phối", "hợp") {
		return k
	}
	for oneOf(t, j, "chặt", "chẽ", "thường", "xuyên", "hiệu", "quả", "cùng", "tốt", "đồng", "bộ", ",", "công", "tác", "kịp", "thời") && j < k+9 {
		j++
	}
	switch {
	case oneOf(t, j, "với"):
		return j + 1
	case is(t, j, "giữa"):
		for m := j; m < j+6; m++ {
			if is(t, m, ":") {
				return m + 1
			}
		}
		return j + 1
	}
	if (j == k+2 || oneOf(t, j-1, "cùng")) && len(bodiesFrom(t, j)) > 0 {
		return j
	}
	return k
}

// bodiesFrom are the bodies listed from token i on.
func bodiesFrom(t []token, i int) []body {
	list, _ := bodiesAt(t, i)
	return list
}

// coordinating lists the bodies named after "phối hợp với" in t[i:j).
func coordinating(m mapped, t []token, i, j int) []string {
	out := []string{}
	for k := i; k < j; k++ {
		at := coordinationAt(t[:j], k)
		if at == k {
			continue
		}
		list, end := bodiesAt(t[:j], at)
		for _, n := range names(m, t, list) {
			if !contains(out, n) {
				out = append(out, n)
			}
		}
		k = max(k, end-1)
	}
	return out
}

// contains compares names without regard to capitals.
func contains(list []string, s string) bool {
	for _, l := range list {
		if low(l) == low(s) {
			return true
		}
	}
	return false
}
