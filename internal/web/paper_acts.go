package web

import (
	"errors"
	"net/http"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// Where a paper stands.
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
		f := ui.Form{Action: action, Key: key + act, Version: itoa(p.Version), Send: send, Mild: aside || p.Returned && p.State == signoff.Drafting}
		if len(in) > 0 {
			f.Keep = act + "-" + string(p.ID)
		}
		all = append(all, paperSheet{"do-" + act, title, t.form(f), t.with(in), aside && len(t.refused) == 0})
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
	if p.MayRecord(x.who) {
		var t typed
		if r.URL.Path == paperPath(p.ID)+"/signed-on-paper" {
			t = keptOf(r)
		}
		in, err := s.onPaperInputs(r, x, p, t)
		if err != nil {
			return nil, err
		}
		add("signed-on-paper", "Ghi nhận bản ký giấy", "Ghi nhận", true, in...)
		all[len(all)-1].Form.Upload = true
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
	i := ui.Input{Name: "capacity", Label: "Thể thức đề ký", Required: true, Fold: "Thể thức khác, vì sao anh/chị không ký được"}
	chosen := false
	for _, c := range choices {
		o := ui.Option{Value: capacityValue(c.Capacity), Label: capacityWords[c.Capacity], Hint: "Cơ sở: " + c.Basis}
		if c.Why != "" {
			o.Hint, o.Off, o.Under = "Không ký được: "+c.Why, true, true
		} else if !chosen {
			o.Chosen, chosen = true, true
		}
		i.Options = append(i.Options, o)
	}
	in = []input{{Kind: tree, Input: i}}
	if posts := postChoices(x.who, p.Unit); posts != nil {
		in = append(in, input{Kind: radios, Input: ui.Input{Name: "post", Label: "Ký với chức danh", Options: posts}})
	}
	return in, nil
}

// ownValue stands for the capacity without a sign before it: a radio needs a value.
const ownValue = "own"

// The empty capacity has a value of its own in forms: "" would be nothing chosen.
func capacityValue(c org.Capacity) string {
	if c == org.Own {
		return ownValue
	}
	return string(c)
}

// The reverse of capacityValue.
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

// Who may draft in the drafter's place: specialists and heads of the unit, of the same section where the
// reader has one.
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

// A step on a paper's way, under the version that was on the screen.
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
			d.To = paperCase(p.Case, p.Kind)
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
