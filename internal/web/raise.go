package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// raisePage is the form on which a commune raises a difficulty.
func (s *Server) raisePage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Nêu kiến nghị"
		units, err := petition.Raises(tx, who)
		if err != nil {
			return nil, err
		}
		if len(units) == 0 {
			return nil, fault.Refuse(fault.Denied, "Kiến nghị do Ủy ban nhân dân xã, phường nêu; anh/chị không giữ chức danh nào ở xã, phường.")
		}
		t := keptOf(r)
		atOnce, err := signoff.AtOnce(tx, who, units[0], petition.PaperRaise, "")
		if err != nil {
			return nil, err
		}
		begun, from, err := fromDifficulty(tx, who, r)
		if err != nil {
			return nil, err
		}
		in, err := s.raiseInputs(tx, units[0], t, begun)
		if err != nil {
			return nil, err
		}
		in = append(in, from...)
		if len(units) > 1 {
			in = append([]input{unitInput(newNames(tx), units)}, in...)
		}
		f := ui.Form{Action: "/petitions", Key: p.Key, Keep: "raise", Upload: true, Send: "Trình", Second: "Lưu dự thảo", SecondDo: "draft"}
		if atOnce {
			in = append(in, outerInputs()...)
			f.Send = "Ký, phát hành và gửi"
		}
		in = append(append(in, s.filesInputs(r, t)...), input{Kind: secret})
		head := ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title,
			Sub: "Khó khăn, vướng mắc, kiến nghị, đề xuất của xã, phường gửi sở, ngành theo lĩnh vực"}
		return formPage(head, nil, t.form(f), t.with(in)), nil
	})
}

// fromDifficulty is what a petition begins with when it is raised out of a difficulty met
// on an assignment: its words, and the fields that tie the two together when it is sent.
func fromDifficulty(tx *db.Tx, who org.Actor, r *http.Request) (begun petition.Raise, in []input, err error) {
	id := r.Form.Get("assignment")
	if id == "" {
		return begun, nil, nil
	}
	a, err := directive.GetAssignment(tx, who, casefile.ID(id))
	if err != nil {
		return begun, nil, err
	}
	notes, err := directive.Notes(tx, who, a.ID)
	if err != nil {
		return begun, nil, err
	}
	for _, n := range notes {
		if itoa(n.N) == r.Form.Get("difficulty") && n.What == "difficulty" && !n.Linked && who.In(n.Unit) {
			in = []input{carried("assignment", id), carried("difficulty", itoa(n.N))}
			return petition.Raise{Text: n.Text, Field: a.Field, Basis: "Nhiệm vụ “" + a.Title + "”"}, in, nil
		}
	}
	return begun, nil, fault.Refuse(fault.Conflict, "Khó khăn này không còn chờ nêu thành kiến nghị. Anh/chị mở lại nhiệm vụ.")
}

// carried is a value that a form takes along unseen.
func carried(name, value string) input {
	return input{Kind: unseen, Input: ui.Input{Name: name, Options: []ui.Option{{Value: value}}}}
}

// tied ties a petition that was just raised, or drafted, to the difficulty that it came from.
func tied(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID) error {
	from := r.PostForm.Get("assignment")
	if from == "" {
		return nil
	}
	if err := tx.Flush(); err != nil { // the petition's readers are asked about below
		return err
	}
	n, _ := strconv.ParseInt(r.PostForm.Get("difficulty"), 10, 64) // what is no number is no difficulty
	_, err := directive.LinkPetition(tx, who, casefile.ID(from), n, id)
	return err
}

// Who may raise for several units chooses; the first is chosen already.
func unitInput(n *names, units []org.UnitID) input {
	i := input{Kind: radios, Input: ui.Input{Name: "unit", Label: "Nêu với tư cách", Required: true}}
	for k, u := range units {
		i.Options = append(i.Options, ui.Option{Value: string(u), Label: n.unit(u), Chosen: k == 0})
	}
	return i
}

// outerInputs take the number of a paper that went through the document system already:
// nobody types it twice.
func outerInputs() []input {
	return []input{
		{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu trên hệ thống quản lý văn bản", Hint: "Để trống thì lấy số tiếp theo của sổ văn bản đi của đơn vị.", Auto: "off"}},
		{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày của văn bản ấy", Type: "date"}},
	}
}

// outer reads what outerInputs took.
func outer(r *http.Request) (o signoff.Outer, err error) {
	o.Symbol = r.PostForm.Get("number")
	o.IssuedOn, err = typedDay(r, "issued_on", "Ngày của văn bản không đúng; ghi theo mẫu ngày/tháng/năm.")
	return o, err
}

// raiseInputs are the fields of the matter itself, with what a draft holds already.
func (s *Server) raiseInputs(tx *db.Tx, unit org.UnitID, t typed, in petition.Raise) ([]input, error) {
	field, err := fieldInput(tx, unit, in.Field)
	if err != nil {
		return nil, err
	}
	demanded, cite, err := petition.TriedRule(tx, unit)
	if err != nil {
		return nil, err
	}
	tried := ui.Input{Name: "tried", Label: "Xã, phường đã xử lý thế nào", Rows: 4, Required: demanded,
		Hint: "Đã làm gì để tự giải quyết, kết quả ra sao, vì sao vượt thẩm quyền."}
	if in.Tried != nil {
		tried.Value = *in.Tried
	}
	if cite != "" {
		tried.Hint += " Mục này theo " + cite + "."
	}
	return []input{
		{Kind: note, Input: ui.Input{Label: "Khiếu nại, tố cáo của công dân không gửi ở đây: tiếp nhận và giải quyết theo Luật Khiếu nại, Luật Tố cáo."}},
		{Kind: line, Input: ui.Input{Name: "title", Label: "Trích yếu", Hint: "Một câu nói rõ vướng mắc gì.", Value: in.Title, Required: true, Max: 300, Auto: "off"}},
		field,
		{Kind: offer},
		{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung khó khăn, vướng mắc", Rows: 7, Value: in.Text, Required: true, Max: 50_000}},
		{Kind: before},
		{Kind: area, Input: ui.Input{Name: "basis", Label: "Căn cứ", Hint: "Văn bản, quy định liên quan.", Rows: 2, Value: in.Basis}},
		{Kind: area, Input: tried},
		{Kind: area, Input: ui.Input{Name: "proposal", Label: "Đề xuất", Hint: "Xã, phường đề nghị sở, ngành làm gì.", Rows: 3, Value: in.Proposal}},
		{Kind: line, Input: ui.Input{Name: "met_on", Label: "Ngày gặp vướng mắc", Type: "date", Value: in.MetOn}},
	}, nil
}

// fieldInput offers every field with who will get it; the clause stands in the heading
// of its group.
func fieldInput(tx *db.Tx, unit org.UnitID, chosen string) (i input, err error) {
	all, err := petition.FieldsFor(tx, unit)
	if err != nil {
		return i, err
	}
	n := newNames(tx)
	i = input{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực", Blank: "– chọn lĩnh vực –", Required: true, Value: chosen,
		Hint: "Lĩnh vực quyết định sở, ngành nào nhận; sau dấu mũi tên là nơi nhận."}}
	groups := map[string]string{}
	for _, f := range all {
		if groups[f.Group] == "" {
			groups[f.Group] = f.Group
			if len(f.Clauses) > 0 {
				groups[f.Group] += " – " + f.Clauses[0]
			}
		}
		to := n.unit(f.Unit)
		if f.Hole {
			to += " (quy chế chưa nêu cơ quan chủ trì)"
		}
		i.Options = append(i.Options, ui.Option{Value: f.ID, Label: upper(f.Name) + " → " + to, Group: groups[f.Group]})
	}
	return i, nil
}

// typedRaise reads the form of a petition.
func typedRaise(r *http.Request) (in petition.Raise, err error) {
	tried := r.PostForm.Get("tried")
	in = petition.Raise{Unit: org.UnitID(r.PostForm.Get("unit")), Title: r.PostForm.Get("title"), Field: r.PostForm.Get("field"),
		Text: r.PostForm.Get("text"), Basis: r.PostForm.Get("basis"), Tried: &tried, Proposal: r.PostForm.Get("proposal")}
	d, err := typedDay(r, "met_on", "Ngày gặp vướng mắc không đúng; ghi theo mẫu ngày/tháng/năm.")
	if !d.IsZero() {
		in.MetOn = d.String()
	}
	return in, err
}

// raise sends a petition: at once where the unit's path is one step, else as a draft on
// its way, or kept as a draft.
func (s *Server) raise(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.raised(w, r), s.raisePage)
}

// Raises, or keeps a draft; files first, as in answered.
func (s *Server) raised(w http.ResponseWriter, r *http.Request) error {
	keep := r.PostForm.Get("do") == "draft"
	files, err := s.attached(r) // first: they outlive whatever is refused below
	if err != nil {
		return err
	}
	in, err := typedRaise(r)
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
		units, err := petition.Raises(tx, who)
		if err != nil {
			return done{}, err
		}
		if in.Unit == "" && len(units) > 0 {
			in.Unit = units[0]
		}
		if in.Unit == "" {
			return done{}, fault.Refuse(fault.Denied, "Kiến nghị do Ủy ban nhân dân xã, phường nêu.")
		}
		atOnce, err := signoff.AtOnce(tx, who, in.Unit, petition.PaperRaise, in.Field)
		if err != nil {
			return done{}, err
		}
		if !keep && atOnce {
			p, err := petition.RaiseNow(tx, who, in)
			if err != nil {
				return done{}, err
			}
			if err := tied(tx, who, r, p.ID); err != nil {
				return done{}, err
			}
			return done{To: casePath(p.ID), Version: 1, Say: "Đã phát hành và gửi " + newNames(tx).unit(p.Lead) + ". Mã theo dõi " + p.Code + "."}, nil
		}
		p, paper, err := petition.DraftRaise(tx, s.Desk, who, in)
		if err != nil {
			return done{}, err
		}
		if err := tied(tx, who, r, p.ID); err != nil {
			return done{}, err
		}
		return s.onTheWay(tx, who, paper, keep)
	})
}

// onTheWay submits a paper that was just drafted, unless it is to be kept.
func (s *Server) onTheWay(tx *db.Tx, who org.Actor, paper *signoff.Paper, keep bool) (d done, err error) {
	d = done{To: "/papers/" + string(paper.ID), Version: paper.Version, Say: "Đã lưu dự thảo. Chỉ người trong đơn vị anh/chị xem được."}
	if keep {
		return d, nil
	}
	if paper, err = s.Desk.Submit(tx, who, paper.ID, signoff.Step{}); err != nil {
		return d, err
	}
	d.Say = "Đã trình: " + paper.Where() + "."
	return d, nil
}
