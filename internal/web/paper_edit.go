package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// editPage is the form of a paper's text, for whose turn it is.
func (s *Server) editPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		paper, err := signoff.Get(tx, who, signoff.ID(r.PathValue("paper")))
		if err != nil {
			return nil, err
		}
		if !paper.Turn(who) || paper.State == signoff.Releasing || paper.State == signoff.Released {
			return nil, &fault.Refusal{Kind: fault.Denied, Step: paper.Where(), Say: "Văn bản đang " + paper.Where() + "; lúc này anh/chị không sửa được."}
		}
		x, err := readOf(tx, who, paper.Case)
		if err != nil {
			return nil, err
		}
		p.Title = "Sửa dự thảo"
		t := keptOf(r)
		in, err := s.editInputs(r, x, paper, t)
		if err != nil {
			return nil, err
		}
		f := ui.Form{Action: paperPath(paper.ID) + "/edit", Key: p.Key, Version: itoa(paper.Version), Keep: "edit-" + string(paper.ID), Upload: true,
			Send: "Lưu và trình", Second: "Lưu, chưa trình", SecondDo: "draft", Quiet: []ui.Button{{Label: "Quay lại", Href: paperPath(paper.ID)}}}
		switch paper.State {
		case signoff.Reviewing:
			f.Send = "Lưu bản của tôi và trình tiếp"
		case signoff.Signing:
			f.Send, f.Second = "Lưu bản của tôi", ""
		}
		var before templ.Component
		if paper.Kind != petition.PaperRaise && x.p.Kind == petition.CaseKind {
			if before, err = x.answerBackground(); err != nil {
				return nil, err
			}
		}
		head := x.paperHead(paper)
		head.Title = p.Title
		head.Crumbs = append(head.Crumbs, ui.Link{Label: paperWords(paper.Kind), Href: paperPath(paper.ID)})
		return formPage(head, before, t.form(f), t.with(in)), nil
	})
}

// editInputs are the fields of a paper's kind with the newest text in them.
func (s *Server) editInputs(r *http.Request, x *reading, p *signoff.Paper, t typed) (in []input, err error) {
	v, err := p.Newest(x.tx)
	if err != nil {
		return nil, err
	}
	if plainPaper(p.Kind) {
		in = []input{{Kind: line, Input: ui.Input{Name: "title", Label: "Trích yếu", Value: v.Title, Required: true, Max: 300, Auto: "off"}},
			{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung văn bản", Rows: 14, Required: true, Value: signoff.PlainText(v.Body)}}}
	} else if p.Kind == petition.PaperRaise {
		draft, err := petition.RaiseDraft(v.Title, v.Body)
		if err != nil {
			return nil, err
		}
		if in, err = s.raiseInputs(x.tx, p.Unit, t, draft); err != nil {
			return nil, err
		}
	} else {
		draft, err := petition.ReplyDraft(v.Body)
		if err != nil {
			return nil, err
		}
		title := input{Kind: line, Input: ui.Input{Name: "title", Label: "Trích yếu", Value: v.Title, Required: true, Max: 300, Auto: "off"}}
		if p.Kind == petition.PaperExplain || p.Kind == campaign.PaperExplain {
			in = []input{title, {Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung giải trình", Rows: 9, Required: true, Value: draft.Text}}}
		} else if in, err = answerInputs(x.tx, draft); err != nil {
			return nil, err
		} else {
			in = append([]input{title}, in...)
		}
	}
	in = append(in, input{Kind: line, Input: ui.Input{Name: "note", Label: "Đã sửa gì", Hint: "Vài chữ, để người sau biết.", Max: 200, Auto: "off"}})
	held, err := heldFiles(x, p, t)
	if err != nil {
		return nil, err
	}
	return append(append(append(in, held...), s.filesInputs(r, t)...), input{Kind: secret}), nil
}

// plainPaper says that a kind of paper has a title and a text, and nothing else to edit.
func plainPaper(kind string) bool {
	slice, _, _ := strings.Cut(kind, ".")
	return slice == directive.CaseKind || slice == directive.AssignmentKind || slice == programme.CaseKind || slice == incident.CaseKind
}

// typedEdit reads the new text of a paper.
func typedEdit(tx *db.Tx, r *http.Request, p *signoff.Paper) (e signoff.Edit, err error) {
	e = signoff.Edit{Title: r.PostForm.Get("title"), Note: r.PostForm.Get("note"), Version: seen(r)}
	if plainPaper(p.Kind) {
		v, err := p.Newest(tx)
		if err != nil {
			return e, err
		}
		e.Body, err = signoff.WithText(v.Body, r.PostForm.Get("text"))
		return e, err
	}
	if p.Kind == petition.PaperRaise {
		in, err := typedRaise(r)
		in.Unit = p.Unit
		if err != nil {
			return e, err
		}
		e.Body, err = in.Body()
		return e, err
	}
	in, err := typedReply(r)
	if err != nil {
		return e, err
	}
	e.Guidance = in.Guidance
	e.Body, err = in.Body()
	return e, err
}

// edit keeps a new version of a paper and, unless it is only kept, passes it on.
func (s *Server) edit(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.stale(r, s.edited(w, r)), s.editPage)
}

// Saves an edit, or saves and submits. Files first, as in answered.
func (s *Server) edited(w http.ResponseWriter, r *http.Request) error {
	id, keep := signoff.ID(r.PathValue("paper")), r.PostForm.Get("do") == "draft"
	docs, err := s.attached(r) // first: they outlive whatever is refused below
	if err == nil && !keep {
		err = confirmed(r)
	}
	if err != nil {
		return err
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := signoff.Get(tx, who, id)
		if err != nil {
			return done{}, err
		}
		e, err := typedEdit(tx, r, p)
		if err != nil {
			return done{}, err
		}
		e.Files = signoff.Files{Add: docs, Remove: droppedFiles(r)}
		if p, err = s.Desk.Revise(tx, who, id, e); err != nil {
			return done{}, err
		}
		return s.passOn(tx, who, p, keep)
	})
}

// passOn sends an edited paper one step further, where that is what the button says.
func (s *Server) passOn(tx *db.Tx, who org.Actor, p *signoff.Paper, keep bool) (d done, err error) {
	switch {
	case keep || p.State == signoff.Signing:
	case p.State == signoff.Drafting:
		atOnce, err := signoff.AtOnce(tx, who, p.Unit, p.Kind, fieldOf(tx, who, p.Case))
		if err != nil {
			return d, err
		}
		if !atOnce {
			return s.onTheWay(tx, who, p, false)
		}
	case p.State == signoff.Reviewing:
		if p, err = s.Desk.Review(tx, who, p.ID, signoff.Step{}, nil); err != nil {
			return d, err
		}
	}
	return done{To: paperPath(p.ID), Version: p.Version, Say: "Đã lưu bản " + itoa(p.Version) + "; văn bản đang " + p.Where() + "."}, nil
}

// fieldOf is the field of a case, "" when it cannot be read.
func fieldOf(tx *db.Tx, who org.Actor, id casefile.ID) string {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return ""
	}
	return c.Field
}
