package petition

// An Outcome says what an answer did. Answered is not resolved.
type Outcome string

// The outcomes of an answer. All five meet the duty to answer; InProgress and
// ReferredUp leave the matter open.
const (
	Resolved     Outcome = "resolved"      // đã giải quyết
	Guided       Outcome = "guided"        // đã hướng dẫn
	InProgress   Outcome = "in_progress"   // tiếp thu, đang xử lý
	ReferredUp   Outcome = "referred_up"   // vượt thẩm quyền, đã kiến nghị cấp trên
	NotCompetent Outcome = "not_competent" // không thuộc thẩm quyền
	// Unstated is of an answer that came through the document system, which says nothing of
	// its outcome: no machine guesses it, no form offers it; the commune's word decides.
	Unstated Outcome = "unstated"
)

// Outcomes lists the outcomes in the order in which forms show them.
var Outcomes = []Outcome{Resolved, Guided, InProgress, ReferredUp, NotCompetent}

// Say returns the outcome in the office's words.
func (o Outcome) Say() string {
	switch o {
	case Resolved:
		return "đã giải quyết"
	case Guided:
		return "đã hướng dẫn"
	case InProgress:
		return "tiếp thu, đang xử lý"
	case ReferredUp:
		return "vượt thẩm quyền, đã kiến nghị cấp trên"
	case NotCompetent:
		return "không thuộc thẩm quyền"
	case Unstated:
		return "đã trả lời bằng văn bản, văn bản không ghi kết quả"
	}
	return ""
}

// open says whether an answer with this outcome leaves the matter open.
func (o Outcome) open() bool { return o == InProgress || o == ReferredUp }
