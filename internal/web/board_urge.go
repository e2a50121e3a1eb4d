package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// mayUrge says whether the officer may urge in the name of an overseer of petitions:
// the roles are those of petition's own act, which refuses all others anyway.
func mayUrge(tx *db.Tx, who org.Actor) (bool, error) {
	over, err := org.Overseers(tx)
	if err != nil {
		return false, err
	}
	for _, p := range who.Posts {
		if slices.Contains(over[p.Unit], petition.CaseKind) && slices.Contains([]org.Role{org.Desk, org.Leader, org.Head}, p.Role) {
			return true, nil
		}
	}
	return false, nil
}

// urgePage is the form of a reminder in the overseer's name. The machine writes a
// draft; a person sends it.
func (s *Server) urgePage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		c, err := petition.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		p.Title = "Đôn đốc " + n.unit(c.Lead)
		head := ui.Head{Title: p.Title, Sub: c.Title, Chips: []ui.Chip{{Text: "mã " + c.Code}}, Crumbs: []ui.Link{{Label: "Danh sách", Href: back(r)}}}
		draft, err := urgeDraft(tx, n, c)
		if err != nil {
			return nil, err
		}
		t := keptOf(r)
		f := t.form(ui.Form{Action: "/board/urge/" + string(c.ID), Key: p.Key, Version: itoa(c.Version), Send: "Gửi đôn đốc",
			Hidden: []ui.Hidden{{Name: "back", Value: back(r)}}, Keep: "urge-" + string(c.ID), Quiet: []ui.Button{{Label: "Không gửi", Href: back(r)}}})
		return formPage(head, nil, f, t.with([]input{
			{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung đôn đốc", Required: true, Value: draft, Max: 5000, Rows: 6,
				Hint: "Lãnh đạo đơn vị nhận thông báo; nội dung được ghi vào diễn biến của việc. Lời văn do máy soạn sẵn, người gửi chịu trách nhiệm: sửa trước khi gửi nếu cần."}},
		})), nil
	})
}

// urgeDraft proposes the words: what is owed, since when, under which text.
func urgeDraft(tx *db.Tx, n *names, c *petition.Petition) (string, error) {
	all, err := duty.OfCase(tx, c.ID)
	if err != nil {
		return "", err
	}
	text := "Đề nghị " + n.unit(c.Lead) + " trả lời kiến nghị “" + c.Title + "” (mã theo dõi " + c.Code + ") của " + n.unit(c.Raiser)
	if d := petition.AnswerDuty(all, c); d != nil && !d.DueAt.IsZero() {
		_, rev, err := duty.Calendar(tx)
		if err != nil {
			return "", err
		}
		words, _ := duty.DaysLeft(rev, d, tx.Now)
		text += "; " + words
		if l, ok := d.Binding(); ok && l.Basis != "" {
			text += " (" + l.Basis + ")"
		}
	}
	return text + ".", nil
}

// urge sends the reminder and returns to the list it was sent from.
func (s *Server) urge(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := petition.Urge(tx, who, id, petition.Oversight{Text: r.PostForm.Get("text"), Version: seen(r)})
		if err != nil {
			return done{}, err
		}
		return done{To: back(r), Version: p.Version + 1, Say: "Đã gửi đôn đốc đến " + newNames(tx).unit(p.Lead) + "."}, nil
	})
	return s.again(w, r, err, s.urgePage)
}

// back is the list that a form was opened from.
func back(r *http.Request) string {
	if to := r.Form.Get("back"); to != "" {
		return local(to)
	}
	return "/board"
}
