package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

func paperPath(id signoff.ID) string { return "/papers/" + string(id) }

// paperSheets are the acts on a paper by turn. A refused act comes back in its own form;
// the others stand as they were.
func (s *Server) paperSheets(r *http.Request, x *reading, p *signoff.Paper, key string) (all []paperSheet, err error) {
	add := func(act, title, send string, aside bool, in ...input) {
		action := paperPath(p.ID) + "/" + act
		var t typed
		if r.URL.Path == action {
			t = keptOf(r)
		}
		f := ui.Form{Action: action, Key: key + act, Version: itoa(p.Version), Send: send}
		if len(in) > 0 {
			f.Keep = act + "-" + string(p.ID)
		}
		all = append(all, paperSheet{title, t.form(f), t.with(in), aside && len(t.refused) == 0})
	}
	comment := input{Kind: area, Input: ui.Input{Name: "comment", Label: "Ý kiến", Rows: 3}}
	reason := input{Kind: area, Input: ui.Input{Name: "reason", Label: "Lý do trả lại", Hint: "Người soạn cần biết phải sửa gì.", Rows: 3, Required: true}}
	if p.Turn(x.who) {
		switch p.State {
		case signoff.Drafting:
			if err := s.draftSheets(x, p, add); err != nil {
				return nil, err
			}
		case signoff.Reviewing:
			add("review", "Cho ý kiến", "Đồng ý, trình tiếp", false, comment)
		case signoff.Signing:
			in, err := x.signInputs(p)
			if err != nil {
				return nil, err
			}
			add("sign", "Ký", "Ký văn bản", false, append(in, comment)...)
		case signoff.Releasing:
			in, err := s.releaseInputs(x, p)
			if err != nil {
				return nil, err
			}
			add("release", "Cấp số, phát hành", "Cấp số, phát hành", false, in...)
		}
		if p.State != signoff.Drafting {
			add("back", "Trả lại người soạn", "Trả lại", true, reason)
		}
	}
	may, err := p.MayRecall(x.tx, x.who)
	if err != nil {
		return nil, err
	}
	if may {
		add("recall", "Rút dự thảo đã trình", "Rút lại", true)
	}
	if p.MayHand(x.who) {
		in, err := x.handInputs(p)
		if err != nil {
			return nil, err
		}
		add("hand", "Giao người khác soạn tiếp", "Giao", true, in...)
	}
	return all, nil
}

// draftSheets are the acts on a draft: up its path, or out at once where the path is one
// step; and dropping it.
func (s *Server) draftSheets(x *reading, p *signoff.Paper, add func(act, title, send string, aside bool, in ...input)) error {
	atOnce, err := signoff.AtOnce(x.tx, x.who, p.Unit, p.Kind, x.p.Field)
	if err != nil {
		return err
	}
	if atOnce {
		in, err := s.releaseInputs(x, p)
		if err != nil {
			return err
		}
		sign, err := x.signInputs(p)
		if err != nil {
			return err
		}
		add("release", "Ký, phát hành", "Ký, phát hành", false, append(sign, in...)...)
	} else {
		add("submit", "Trình", "Trình", false,
			input{Kind: area, Input: ui.Input{Name: "comment", Label: "Ghi chú khi trình", Rows: 2}}, input{Kind: secret})
	}
	add("drop", "Bỏ dự thảo", "Bỏ dự thảo", true, input{Kind: line, Input: ui.Input{Name: "comment", Label: "Vì sao bỏ"}})
	return nil
}

var capacityWords = map[org.Capacity]string{
	org.Own: "Ký trực tiếp, người đứng đầu", org.ForAll: "TM. – thay mặt tập thể", org.ForHead: "KT. – ký thay người đứng đầu",
	org.Acting: "Q. – quyền người đứng đầu", org.ByOrder: "TL. – ký thừa lệnh", org.Delegated: "TUQ. – ký thừa uỷ quyền",
}

// signInputs offer the capacities: those that hold with what they rest on, the others
// with why they do not.
func (x *reading) signInputs(p *signoff.Paper) (in []input, err error) {
	choices, err := p.Choices(x.tx, x.who, x.p.Field)
	if err != nil {
		return nil, err
	}
	i := ui.Input{Name: "capacity", Label: "Thể thức đề ký", Required: true}
	chosen := false
	for _, c := range choices {
		o := ui.Option{Value: capacityValue(c.Capacity), Label: capacityWords[c.Capacity], Hint: "Cơ sở: " + c.Basis}
		if c.Why != "" {
			o.Hint, o.Off = "Không ký được: "+c.Why, true
		} else if !chosen {
			o.Chosen, chosen = true, true
		}
		i.Options = append(i.Options, o)
	}
	in = []input{{Kind: radios, Input: i}}
	if posts := postChoices(x.who, p.Unit); posts != nil {
		in = append(in, input{Kind: radios, Input: ui.Input{Name: "post", Label: "Ký với chức danh", Options: posts}})
	}
	return in, nil
}

// ownValue stands for the capacity without a sign before it: a radio needs a value.
const ownValue = "own"

func capacityValue(c org.Capacity) string {
	if c == org.Own {
		return ownValue
	}
	return string(c)
}

func typedCapacity(r *http.Request) org.Capacity {
	v := r.PostForm.Get("capacity")
	if v == ownValue {
		return org.Own
	}
	return org.Capacity(v)
}

// releaseInputs suggest the next number of the unit's own register, or take the one that
// the document system gave.
func (s *Server) releaseInputs(x *reading, p *signoff.Paper) (in []input, err error) {
	if !p.Guidance {
		symbol, err := s.Desk.NextSymbol(x.tx, p)
		if err != nil {
			return nil, err
		}
		in = append(in, input{Kind: radios, Input: ui.Input{Name: "book", Label: "Số văn bản", Required: true, Value: "own", Options: []ui.Option{
			{Value: "own", Label: "Lấy số của sổ văn bản đi: dự kiến " + symbol, Hint: "Số chính thức được cấp lúc phát hành."},
			{Value: "outer", Label: "Đã có số trên hệ thống quản lý văn bản", Hint: "Ghi số, ký hiệu và ngày ở dưới."}}}})
		in = append(in, outerInputs()...)
		in[1].Hint = "Chỉ khi văn bản đã có số trên hệ thống quản lý văn bản."
	} else {
		in = append(in, input{Kind: note, Input: ui.Input{Label: "Hướng dẫn nghiệp vụ: phát hành mà không lấy số."}})
	}
	return append(in, input{Kind: secret}), nil
}

func (x *reading) handInputs(p *signoff.Paper) ([]input, error) {
	held, err := org.Officers(x.tx, p.Unit)
	if err != nil {
		return nil, err
	}
	to := ui.Input{Name: "officer", Label: "Giao cho", Required: true, Blank: "– chọn người –"}
	for _, h := range held {
		own := x.ownSection()
		if h.Officer.ID == p.DraftedBy || h.Post.Role != org.Specialist && h.Post.Role != org.Head || own != "" && h.Post.Section != own {
			continue
		}
		if !slices.ContainsFunc(to.Options, func(o ui.Option) bool { return o.Value == string(h.Officer.ID) }) {
			to.Options = append(to.Options, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + postWords(x.names, h.Post)})
		}
	}
	return []input{{Kind: choice, Input: to}, {Kind: area, Input: ui.Input{Name: "comment", Label: "Ghi chú", Rows: 2}}}, nil
}

// paperRuns are the operations by the last part of their address.
var paperRuns = map[string]func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error){
	"submit": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		if err := confirmed(r); err != nil {
			return nil, err
		}
		return d.Submit(tx, who, id, stepOf(r, "comment"))
	},
	"review": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.Review(tx, who, id, stepOf(r, "comment"), nil)
	},
	"back": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.SendBack(tx, who, id, stepOf(r, "reason"))
	},
	"recall": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.Recall(tx, who, id, stepOf(r, "comment"))
	},
	"drop": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.Drop(tx, who, id, stepOf(r, "comment"))
	},
	"hand": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.Hand(tx, who, id, org.OfficerID(r.PostForm.Get("officer")), stepOf(r, "comment"))
	},
	"sign": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		return d.Sign(tx, who, id, signoff.Signature{Capacity: typedCapacity(r), Version: seen(r), Comment: r.PostForm.Get("comment")})
	},
	"release": func(d signoff.Desk, tx *db.Tx, who org.Actor, id signoff.ID, r *http.Request) (*signoff.Paper, error) {
		in := signoff.Issue{Capacity: typedCapacity(r), Version: seen(r)}
		err := confirmed(r)
		if err == nil && r.PostForm.Get("book") == "outer" {
			if in.Outer, err = outer(r); err == nil && in.Outer.Symbol == "" {
				err = fault.Field("number", "Anh/chị ghi số, ký hiệu mà hệ thống quản lý văn bản đã cấp.")
			}
		}
		if err != nil {
			return nil, err
		}
		return d.Release(tx, who, id, in)
	},
}

func stepOf(r *http.Request, text string) signoff.Step {
	return signoff.Step{Version: seen(r), Comment: r.PostForm.Get(text)}
}

// paperAct runs one act on a paper. Once released it leads to the case: that is where
// the work goes on.
func (s *Server) paperAct(w http.ResponseWriter, r *http.Request) error {
	run, ok := paperRuns[r.PathValue("act")]
	if !ok {
		return fault.NotFound
	}
	id := signoff.ID(r.PathValue("paper"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		who, err := inPost(who, r)
		if err != nil {
			return done{}, err
		}
		p, err := run(s.Desk, tx, who, id, r)
		if err != nil {
			return done{}, err
		}
		d := done{To: paperPath(id), Version: p.Version, Say: upper(paperWords(p.Kind)) + ": " + p.Where() + "."}
		if p.State == signoff.Released {
			d.To = casePath(p.Case)
			d.Say = paperWords(p.Kind) + " đã phát hành."
			if p.Symbol != "" {
				d.Say = paperWords(p.Kind) + " số " + p.Symbol + " đã phát hành."
			}
		}
		return d, nil
	})
	return s.again(w, r, s.stale(r, err), s.paper)
}

// stale shows, with a text that changed meanwhile, both of them.
func (s *Server) stale(r *http.Request, err error) error {
	var old *signoff.Stale
	if !errors.As(err, &old) {
		return atTop(err)
	}
	var mine, theirs ui.Side
	readErr := s.view(r, func(tx *db.Tx, who org.Actor) error {
		p, err := signoff.Get(tx, who, signoff.ID(r.PathValue("paper")))
		if err != nil {
			return err
		}
		n := newNames(tx)
		read := s.Desk.Kinds[p.Kind].Read
		mine = ui.Side{Title: "Bản anh/chị đã xem hoặc vừa gửi", By: old.Mine.Title, Text: read(old.Mine.Body)}
		theirs = ui.Side{Title: "Bản mới nhất, bản " + itoa(old.Theirs.V), By: n.officer(old.Theirs.By) + ", " + when(old.Theirs.At, tx.Now), Text: old.Theirs.Title + "\n\n" + read(old.Theirs.Body)}
		return nil
	})
	if readErr != nil {
		return err
	}
	return sides(err, mine, theirs)
}

// atTop turns the refusal of a capacity into one of its field: the form comes back with
// it instead of a page that only refuses.
func atTop(err error) error {
	if r, ok := fault.Sentence(err); ok && errors.Is(err, fault.Denied) && r.Clause == org.ClauseSigning {
		return &fault.Refusal{Kind: fault.Invalid, Field: "capacity", Say: r.Say, Clause: r.Clause}
	}
	return err
}

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
		x, err := read(tx, who, paper.Case)
		if err != nil {
			return nil, err
		}
		p.Title = "Sửa dự thảo"
		t := keptOf(r)
		in, err := s.editInputs(x, paper, t)
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
		if paper.Kind != petition.PaperRaise {
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
func (s *Server) editInputs(x *reading, p *signoff.Paper, t typed) (in []input, err error) {
	v, err := p.Newest(x.tx)
	if err != nil {
		return nil, err
	}
	if p.Kind == petition.PaperRaise {
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
		if p.Kind == petition.PaperExplain {
			in = []input{title, {Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung giải trình", Rows: 9, Required: true, Value: draft.Text}}}
		} else if in, err = answerInputs(x.tx, draft); err != nil {
			return nil, err
		} else {
			in = append([]input{title}, in...)
		}
	}
	return append(in, input{Kind: line, Input: ui.Input{Name: "note", Label: "Đã sửa gì", Hint: "Vài chữ, để người sau biết.", Max: 200, Auto: "off"}},
		s.filesInput(t), input{Kind: secret}), nil
}

// typedEdit reads the new text of a paper.
func typedEdit(r *http.Request, p *signoff.Paper) (e signoff.Edit, err error) {
	e = signoff.Edit{Title: r.PostForm.Get("title"), Note: r.PostForm.Get("note"), Version: seen(r)}
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

func (s *Server) edited(w http.ResponseWriter, r *http.Request) error {
	id, keep := signoff.ID(r.PathValue("paper")), r.PostForm.Get("do") == "draft"
	if !keep {
		if err := confirmed(r); err != nil {
			return err
		}
	}
	docs, err := s.attached(r)
	if err != nil {
		return err
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := signoff.Get(tx, who, id)
		if err != nil {
			return done{}, err
		}
		e, err := typedEdit(r, p)
		if err != nil {
			return done{}, err
		}
		if p, err = s.Desk.Revise(tx, who, id, e); err != nil {
			return done{}, err
		}
		if err := attach(tx, who, p, docs); err != nil {
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
