package web

import (
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// answerPage is the form on which a department answers: at once where its path is one
// step, else as a draft.
func (s *Server) answerPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := read(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		if !x.mayNow("answer") {
			return nil, fault.Refuse(fault.Denied, "Lúc này anh/chị không soạn trả lời được: đã có dự thảo đang xử lý, hoặc việc thuộc đơn vị, người khác.")
		}
		t := keptOf(r)
		quoted, err := fromBank(tx, who, r.Form.Get("bank"))
		if err != nil {
			return nil, err
		}
		in, err := answerInputs(tx, quoted)
		if err != nil {
			return nil, err
		}
		p.Title = "Soạn trả lời"
		f := ui.Form{Action: casePath(x.p.ID) + "/answer", Key: p.Key, Version: itoa(x.p.Version), Keep: "answer-" + x.p.Code, Upload: true,
			Send: "Trình", Second: "Lưu dự thảo", SecondDo: "draft", Quiet: []ui.Button{{Label: "Quay lại", Href: casePath(x.p.ID)}}}
		if x.s.AtOnce {
			p.Title, f.Send = "Trả lời", "Ký, phát hành và gửi xã"
			in = append(in, outerInputs()...)
			if posts := postChoices(who, x.p.Lead); posts != nil {
				in = append(in, input{Kind: radios, Input: ui.Input{Name: "post", Label: "Ký với chức danh", Options: posts}})
			}
		}
		in = append(append(in, s.filesInputs(r, t)...), input{Kind: secret})
		before, err := x.answerBackground()
		if err != nil {
			return nil, err
		}
		alike, err := x.answeredBefore(p.Key)
		before = ui.Stack(alikeCard(alike), before)
		return formPage(x.formHead(p.Title), before, t.form(f), t.with(in)), err
	})
}

// answerBackground is the matter, with what other units contributed to the answer.
func (x *reading) answerBackground() (templ.Component, error) {
	matter, err := x.matter()
	for _, e := range x.events {
		if e.Kind == "petition.contributed" || e.Kind == "petition.clarified" || e.Kind == "petition.unsettled" {
			return ui.Stack(matter, x.said("Ý kiến đã nhận", "petition.contributed", "petition.clarified", "petition.unsettled")), err
		}
	}
	return matter, err
}

// outcomeHints say what follows from each outcome.
var outcomeHints = map[petition.Outcome]string{
	petition.Resolved:     "Xã cho biết có đúng vậy không.",
	petition.Guided:       "Đã chỉ cách làm; xã cho biết có làm được không.",
	petition.InProgress:   "Việc còn mở: đơn vị báo tiếp kết quả.",
	petition.ReferredUp:   "Việc còn mở: ghi rõ đã kiến nghị cơ quan nào, văn bản số, ngày.",
	petition.NotCompetent: "Ghi rõ cơ quan có thẩm quyền.",
}

// answerInputs are the fields of an answer, with what a draft holds already.
func answerInputs(tx *db.Tx, in petition.Reply) ([]input, error) {
	all, err := org.Units(tx, org.Filter{Level: org.LevelProvince, Requested: true})
	if err != nil {
		return nil, err
	}
	outcome := ui.Input{Name: "outcome", Label: "Kết quả", Required: true, Value: string(in.Outcome)}
	for _, o := range petition.Outcomes {
		outcome.Options = append(outcome.Options, ui.Option{Value: string(o), Label: upper(o.Say()), Hint: outcomeHints[o]})
	}
	guidance := ""
	if in.Guidance {
		guidance = "1"
	}
	return []input{
		{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung trả lời", Rows: 9, Required: true, Value: in.Text, Max: 50_000}},
		{Kind: radios, Input: outcome},
		{Kind: line, Input: ui.Input{Name: "referred_to", Label: "Đã kiến nghị cơ quan nào, số, ngày văn bản", When: string(petition.ReferredUp), Value: in.ReferredTo, Auto: "off"}},
		{Kind: choice, Input: ui.Input{Name: "competent", Label: "Cơ quan có thẩm quyền", When: string(petition.NotCompetent), Blank: "– chọn cơ quan –", Value: string(in.Competent), Options: unitOptions(all)}},
		{Kind: line, Input: ui.Input{Name: "next_report", Label: "Ngày báo tiếp", Type: "date", When: string(petition.InProgress + " " + petition.ReferredUp),
			Hint: "Việc còn mở. Ngày do đơn vị tự đặt; để trống thì ghi “không nêu hạn”.", Value: in.NextReport}},
		{Kind: area, Input: ui.Input{Name: "basis", Label: "Căn cứ pháp lý", Rows: 2, Value: in.Basis}},
		{Kind: tick, Input: ui.Input{Name: "guidance", Label: "Đây là hướng dẫn nghiệp vụ", Hint: "Có ký và phát hành, nhưng không phải văn bản hành chính nên không lấy số.", Value: guidance}},
	}, nil
}

// typedReply reads the form of an answer.
func typedReply(r *http.Request) (in petition.Reply, err error) {
	in = petition.Reply{Text: r.PostForm.Get("text"), Outcome: petition.Outcome(r.PostForm.Get("outcome")), Basis: r.PostForm.Get("basis"),
		Guidance: r.PostForm.Get("guidance") == "1", Version: seen(r)}
	switch in.Outcome { // what belongs to another choice was left over in the form
	case petition.ReferredUp:
		in.ReferredTo = r.PostForm.Get("referred_to")
	case petition.NotCompetent:
		in.Competent = org.UnitID(r.PostForm.Get("competent"))
	}
	d, err := typedDay(r, "next_report", "Ngày báo tiếp không đúng; ghi theo mẫu ngày/tháng/năm.")
	if !d.IsZero() {
		in.NextReport = d.String()
	}
	return in, err
}

// answer sends an answer at once, or puts its draft on its way.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	return s.again(w, r, s.beside(r, s.answered(w, r, id), id), s.answerPage)
}

// Sends an answer or keeps it as a draft. Files are stored first, so that a refused form does not cost a
// slow line its upload again.
func (s *Server) answered(w http.ResponseWriter, r *http.Request, id casefile.ID) error {
	keep := r.PostForm.Get("do") == "draft"
	files, err := s.attached(r) // first: they outlive whatever is refused below
	if err != nil {
		return err
	}
	in, err := typedReply(r)
	in.Files = files
	if err == nil && !keep {
		err = confirmed(r)
	}
	if err == nil {
		in.Paper, err = outer(r)
	}
	if err != nil {
		return err
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		who, err := inPost(who, r)
		if err != nil {
			return done{}, err
		}
		p, err := petition.Get(tx, who, id)
		if err != nil {
			return done{}, err
		}
		atOnce, err := signoff.AtOnce(tx, who, p.Lead, petition.PaperAnswer, p.Field)
		if err != nil {
			return done{}, err
		}
		if atOnce && !keep {
			p, err := petition.AnswerNow(tx, who, id, in)
			if err != nil {
				return done{}, err
			}
			return done{To: casePath(id), Version: p.Version + 1, Say: "Đã phát hành và gửi " + newNames(tx).unit(p.Raiser) + "."}, nil
		}
		paper, err := petition.DraftAnswer(tx, s.Desk, who, id, in)
		if err != nil {
			return done{}, err
		}
		return s.onTheWay(tx, who, paper, keep)
	})
}
