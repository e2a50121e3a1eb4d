package signoff

import "lienthong/internal/org"

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"paper.review":   "Có dự thảo chờ anh/chị xem, cho ý kiến",
	"paper.sign":     "Có văn bản chờ ký",
	"paper.release":  "Có văn bản chờ vào sổ, phát hành",
	"paper.returned": "Dự thảo của anh/chị được trả lại, kèm lý do",
	"paper.handed":   "Anh/chị được giao soạn tiếp một dự thảo",
	"paper.released": "Văn bản anh/chị soạn đã phát hành",
	"paper.on_paper": "Văn thư đã ghi nhận bản anh/chị ký trên giấy",
}

// Events are the kinds of event this package records, as the history names them. The
// release itself is the slice's event.
var Events = map[string]string{
	"paper.drafted":   "Bắt đầu soạn thảo",
	"paper.submitted": "Trình dự thảo",
	"paper.reviewed":  "Xem, cho ý kiến",
	"paper.sent_back": "Trả lại dự thảo",
	"paper.recalled":  "Rút dự thảo đã trình",
	"paper.handed":    "Giao người khác soạn tiếp",
	"paper.signed":    "Ký",
	"paper.on_paper":  "Ghi nhận bản ký giấy",
	"paper.dropped":   "Bỏ dự thảo",
	"paper.files":     "Thay đổi tệp kèm theo dự thảo",
}

// Done says a step of a paper's own history (Mark.What) in Vietnamese.
func Done(what string) string {
	switch what {
	case released:
		return "Cấp số, phát hành"
	case sentBack:
		return Events["paper.sent_back"]
	}
	return Events["paper."+what]
}

var roleWords = map[org.Role]string{
	org.Leader: "lãnh đạo", org.Head: "trưởng phòng", org.Specialist: "chuyên viên",
	org.Clerk: "văn thư", org.Desk: "chuyên viên theo dõi", org.Admin: "quản trị",
}

var stageWords = map[org.Stage]string{
	org.Draft: "soạn thảo", org.Review: "xem", org.Sign: "ký", org.Release: "cấp số, phát hành",
}

// StepSay names a step of a path: "trưởng phòng xem", "lãnh đạo ký", "văn thư cấp số,
// phát hành".
func StepSay(s org.Step) string { return roleWords[s.Role] + " " + stageWords[s.Stage] }

// Where says where the paper stands: "chờ lãnh đạo ký", "bị trả lại, chờ sửa và trình".
func (p *Paper) Where() string {
	switch p.State {
	case Drafting:
		if p.Returned {
			return "bị trả lại, chờ sửa và trình"
		}
		return "soạn thảo, chờ trình"
	case Released:
		return "đã phát hành"
	case Dropped:
		return "đã bỏ"
	}
	if p.Step >= 1 && p.Step <= len(p.Path) {
		return "chờ " + StepSay(p.Path[p.Step-1])
	}
	return string(p.State)
}

// A Stop is one step of a paper's path as the page draws it.
type Stop struct {
	Step org.Step
	Say  string
	Done bool
	Now  bool
}

// Way returns the whole path of the paper with where it stands.
func (p *Paper) Way() (all []Stop) {
	for i, s := range p.Path {
		stop := Stop{Step: s, Say: StepSay(s), Done: p.State == Released || i+1 < p.Step, Now: i+1 == p.Step && p.State != Released}
		if s.Stage == org.Draft {
			stop.Done, stop.Now = p.State != Drafting, p.State == Drafting
		}
		all = append(all, stop)
	}
	return all
}

// cite is how a released paper is named inside a sentence; "" for guidance.
func (p *Paper) cite() string {
	if p.Symbol == "" {
		return ""
	}
	return ", số " + p.Symbol + " ngày " + p.IssuedOn.Long()
}
