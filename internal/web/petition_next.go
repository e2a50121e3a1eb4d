package web

import (
	"lienthong/internal/campaign"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/incident"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// next is the one thing this officer does now, as a sentence with one button; who has
// nothing to do reads who has.
func (x *reading) next(key string) (n ui.NextStep) {
	acts := x.s.Acts(x.who)
	for i, a := range acts {
		b := x.button(a, key)
		if i == 0 && a.Waits {
			n.Main = b
			n.Sentence, n.Note = x.sentence(a)
			n.Due = x.dueFor(a)
			continue
		}
		n.Quiet = append(n.Quiet, b)
	}
	if n.Main.Label == "" {
		n.Sentence, n.Note = x.waitsFor()
		if d := x.running(petition.MustAnswer); d != nil {
			n.Due = dueOf(x.rev, d, x.tx.Now, x.owes(d))
		}
	}
	return n
}

// owes says whether a late date is to be red for this reader: his unit owes it, or he
// oversees who does.
func (x *reading) owes(d *duty.Duty) bool {
	if x.who.In(d.Owner) {
		return true
	}
	for _, u := range x.s.Overseers {
		if x.who.In(u) {
			return true
		}
	}
	return false
}

func (x *reading) button(a petition.Act, key string) ui.Button {
	switch a.Name {
	case "paper":
		return ui.Button{Label: a.Say, Href: "/papers/" + string(a.Paper)}
	case "register":
		return ui.Button{Label: a.Say, Post: casePath(x.p.ID) + "/register", Hidden: []ui.Hidden{{Name: "key", Value: key}, {Name: "version", Value: itoa(x.p.Version)}}}
	}
	return ui.Button{Label: a.Say, Href: casePath(x.p.ID) + "/" + a.Name}
}

// sentence says to the officer what waits for him.
func (x *reading) sentence(a petition.Act) (say, note string) {
	raiser, lead := x.names.unit(x.p.Raiser), x.names.unit(x.p.Lead)
	switch a.Name {
	case "paper":
		return x.paperSentence(a)
	case "register":
		return "Kiến nghị của " + raiser + " chờ anh/chị vào sổ đến", "Hạn tính từ lúc đến đơn vị, không phải từ lúc vào sổ."
	case "direct":
		return "Kiến nghị của " + raiser + " chờ anh/chị phân công", ""
	case "answer":
		return "Anh/chị cần trả lời " + raiser, ""
	case "clarify":
		return lead + " hỏi lại, chờ anh/chị trả lời", "Câu hỏi ở phần Diễn biến; hạn trả lời của sở, ngành vẫn tính tiếp."
	case "settle":
		return lead + " đã trả lời: việc này đã giải quyết được chưa?", "Chưa ai xác nhận thì việc vẫn ghi là “đã trả lời, xã chưa xác nhận”."
	case "report":
		return "Anh/chị cần báo tiếp kết quả xử lý cho " + raiser, ""
	case "explanation":
		return "Đơn vị cần giải trình việc chậm trả lời", ""
	case "contribute":
		return lead + " hỏi ý kiến phần việc của đơn vị anh/chị", ""
	case "assign":
		if x.p.Hole != "" {
			return "Anh/chị cần chỉ định cơ quan chủ trì", "Quy chế chưa nêu cơ quan chủ trì lĩnh vực này; hạn trả lời tính từ khi chỉ định."
		}
		return "Anh/chị cần chỉ định cơ quan chủ trì", "Các đơn vị có ý kiến khác nhau; cả hai ý kiến ở phần Diễn biến."
	case "urge":
		return lead + " chưa trả lời " + raiser + " đúng hạn; chờ anh/chị xem xét", "Hệ thống chỉ chuẩn bị; đôn đốc hay yêu cầu giải trình do anh/chị quyết định."
	}
	return a.Say, ""
}

func (x *reading) paperSentence(a petition.Act) (say, note string) {
	for _, p := range x.s.Papers {
		if p.ID != a.Paper {
			continue
		}
		what := paperWords(p.Kind)
		switch p.State {
		case signoff.Drafting:
			if p.Returned {
				return what + " bị trả lại, chờ anh/chị sửa và trình", ""
			}
			return what + " đang chờ anh/chị soạn và trình", ""
		case signoff.Reviewing:
			return what + " chờ anh/chị xem, cho ý kiến", "trình " + when(p.MovedAt, x.tx.Now)
		case signoff.Signing:
			return what + " chờ anh/chị ký", "chờ từ " + when(p.MovedAt, x.tx.Now)
		case signoff.Releasing:
			return what + " chờ anh/chị cấp số, phát hành", "chờ từ " + when(p.MovedAt, x.tx.Now)
		}
	}
	return a.Say, ""
}

// paperWords names a kind of paper as sentences begin with it.
func paperWords(kind string) string {
	switch kind {
	case petition.PaperRaise:
		return "Văn bản kiến nghị"
	case petition.PaperAnswer:
		return "Văn bản trả lời"
	case petition.PaperExplain:
		return "Văn bản giải trình"
	case campaign.PaperExplain:
		return "Báo cáo giải trình"
	case directive.PaperDirective:
		return "Văn bản giao nhiệm vụ"
	case directive.PaperResult:
		return "Báo cáo kết quả nhiệm vụ"
	case directive.PaperExplanation:
		return "Văn bản giải trình"
	case incident.PaperReport:
		return "Báo cáo đột xuất"
	case programme.PaperWeek:
		return "Chương trình công tác tuần"
	case programme.PaperReview:
		return "Báo cáo sơ kết, tổng kết"
	}
	return "Văn bản"
}

// actRules are the duties that acts meet, for the date beside the sentence.
var actRules = map[string]string{
	"register": petition.MustAnswer, "direct": petition.MustAnswer, "answer": petition.MustAnswer, "paper": petition.MustAnswer,
	"clarify": petition.MustClarify, "settle": petition.MustSettle, "report": petition.MustReport, "explanation": petition.MustExplain,
	"contribute": petition.MustContribute, "assign": petition.MustAssign, "urge": petition.MustAnswer,
}

func (x *reading) dueFor(a petition.Act) ui.Due {
	d := x.running(actRules[a.Name])
	if d == nil || x.p.State == petition.Draft {
		return ui.Due{}
	}
	return dueOf(x.rev, d, x.tx.Now, x.owes(d))
}

// running is the first running duty of a rule, one of the officer's own units before
// any other.
func (x *reading) running(rule string) (d *duty.Duty) {
	for _, one := range x.s.Open(rule) {
		if d == nil || x.who.In(one.Owner) && !x.who.In(d.Owner) {
			d = one
		}
	}
	return d
}

// waitsFor says who is to act when it is not this officer.
func (x *reading) waitsFor() (say, note string) {
	p := x.p
	raiser, lead := x.names.unit(p.Raiser), x.names.unit(p.Lead)
	var where string
	for _, paper := range x.s.Papers {
		if paper.State != signoff.Released && x.who.In(paper.Unit) {
			where = paperWords(paper.Kind) + " " + paper.Where() + ", từ " + when(paper.MovedAt, x.tx.Now) + "."
		}
	}
	switch {
	case p.State == petition.Draft:
		return "Kiến nghị đang được soạn, chưa gửi đi", where
	case p.State == petition.Settled:
		return raiser + " đã xác nhận: giải quyết được", ""
	case p.State == petition.Returned:
		return lead + " đã trả lại kiến nghị, kèm căn cứ và lý do", "Xã sửa lại rồi gửi kiến nghị mới."
	case p.State == petition.Answered:
		return lead + " đã trả lời, xã chưa xác nhận", where
	case p.Hole != "":
		return "Văn phòng UBND tỉnh cần chỉ định cơ quan chủ trì", "Quy chế chưa nêu cơ quan chủ trì lĩnh vực này; chưa có hạn trả lời."
	case p.Contested:
		return "Văn phòng UBND tỉnh cần xác định cơ quan chủ trì", "Trong lúc chờ, " + lead + " vẫn giữ việc và hạn của xã không đổi."
	}
	if where == "" && x.who.In(p.Lead) {
		where = "Việc đang ở " + x.place() + "."
	}
	return lead + " cần trả lời " + raiser, where
}
