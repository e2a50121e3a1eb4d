package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// paperView is one paper for one officer.
type paperView struct {
	Head     ui.Head
	Next     ui.NextStep
	Sheets   []paperSheet // what this officer may do now, the wanted act first
	Path     ui.Path      // whom it passed and where it waits
	Title    string
	Content  []part
	Files    []ui.File
	Facts    []ui.Fact
	Versions []versionRow
	Compared string          // which versions are compared
	Pieces   []signoff.Piece // of the comparison: kept, added, taken out
	Marks    []ui.Entry
	Print    officialPaper // the sheet that Ctrl P prints
	Saved    []ui.Button   // the files it can be had as
}

// A paperSheet is one act on a paper as its own small form.
type paperSheet struct {
	ID     string // of its place on the page
	Title  string
	Form   ui.Form
	Fields []input
	Aside  bool // behind a line that opens: sending back, taking back, dropping
}

// A version of a paper in its list.
type versionRow struct {
	Label, By, When, Note, Href string
	Current                     bool // the one on the page
}

// readOf reads the case on which a paper lies. Of one that is no petition it reads what
// every case has: the duties, and the calendar to say them by.
func readOf(tx *db.Tx, who org.Actor, id casefile.ID) (*reading, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil || c.Kind == petition.CaseKind {
		return read(tx, who, id)
	}
	x := &reading{tx: tx, who: who, names: newNames(tx), files: map[int64][]ui.File{}, p: &petition.Petition{Case: c}}
	x.s = &petition.Situation{P: x.p}
	if x.s.Duties, err = duty.OfCase(tx, id); err != nil {
		return nil, err
	}
	if x.s.Papers, err = signoff.OfCase(tx, who, id); err != nil {
		return nil, err
	}
	_, x.rev, err = duty.Calendar(tx)
	return x, err
}

// paperCase is the page of the case on which a paper of a kind lies.
func paperCase(id casefile.ID, kind string) string {
	if strings.HasPrefix(kind, petition.CaseKind+".") {
		return casePath(id)
	}
	return "/cases/" + string(id)
}

// paper shows a paper: the text, its way, its versions, and what this officer may do.
func (s *Server) paper(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		paper, err := signoff.Get(tx, who, signoff.ID(r.PathValue("paper")))
		if err != nil {
			return nil, err
		}
		x, err := readOf(tx, who, paper.Case)
		if err != nil {
			return nil, err
		}
		p.Title = paperWords(paper.Kind) + ": " + paper.Title
		p.Paper.Code = "Mã theo dõi " + x.p.Code
		v := paperView{Head: x.paperHead(paper), Title: paper.Title, Facts: x.paperFacts(paper)}
		if v.Path, err = x.pathOf(paper); err != nil {
			return nil, err
		}
		if err := s.fillPaper(r, x, paper, &v); err != nil {
			return nil, err
		}
		if v.Print, err = s.official(x, paper, v.Content); err != nil {
			return nil, err
		}
		v.Print.Code, v.Saved = x.p.Code, paperTools(paper)
		if v.Sheets, err = s.paperSheets(r, x, paper, p.Key); err != nil {
			return nil, err
		}
		way := ""
		if len(v.Sheets) > 0 {
			way = strings.TrimPrefix(v.Sheets[0].ID, "do-")
		}
		v.Next = x.paperNext(paper, way)
		return paperPage(v), nil
	})
}

// The head of a paper: what it is about and at whom it waits.
func (x *reading) paperHead(p *signoff.Paper) ui.Head {
	h := ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}, {Label: "Mã theo dõi " + x.p.Code, Href: paperCase(x.p.ID, p.Kind)}},
		Title: paperWords(p.Kind), Sub: p.Title, Chips: []ui.Chip{{Tone: ui.Info, Text: p.Where()}}}
	if p.State == signoff.Released {
		h.Chips[0].Tone = ui.Done
	}
	if p.Guidance {
		h.Chips = append(h.Chips, ui.Chip{Text: "hướng dẫn nghiệp vụ, không phải văn bản"})
	}
	if d := x.running(petition.MustAnswer); d != nil && p.State != signoff.Released && x.p.State != petition.Draft {
		u := dueOf(x.rev, d, x.tx.Now, x.owes(d))
		h.Chips = append(h.Chips, ui.Chip{Tone: u.Tone, Text: u.Words})
	}
	return h
}

// paperFacts are signature and number, once there are.
func (x *reading) paperFacts(p *signoff.Paper) (all []ui.Fact) {
	all = append(all, fact("Đơn vị", x.names.unit(p.Unit)), fact("Người soạn", x.names.officer(p.DraftedBy)))
	if p.SignedVersion != 0 {
		signer := p.SignerName
		if p.Capacity != org.Own {
			signer = string(p.Capacity) + " " + signer
		}
		all = append(all, fact("Người ký", signer+", "+p.SignerTitle), fact("Cơ sở ký", p.Basis))
		if p.RecordedBy == "" {
			all = append(all, fact("Ký lúc", when(p.SignedAt, x.tx.Now)))
		} else {
			all = append(all, fact("Ký trên giấy", p.SignedOn.Long()), fact("Ghi nhận bản ký giấy", x.names.officer(p.RecordedBy)+", "+when(p.SignedAt, x.tx.Now)))
		}
	}
	if p.Symbol != "" {
		all = append(all, fact("Số, ký hiệu", p.Symbol), fact("Ngày", p.IssuedOn.Long()))
	}
	if !p.ReleasedAt.IsZero() {
		all = append(all, fact("Phát hành", when(p.ReleasedAt, x.tx.Now)))
	}
	return all
}

// pathOf is the whole way of a paper, with where it stands and since when.
func (x *reading) pathOf(p *signoff.Paper) (ui.Path, error) {
	path := ui.Path{Title: paperWords(p.Kind), Note: "hạn được tính khi phát hành"}
	if p.Kind == petition.PaperRaise {
		path.Note = "gửi đi khi phát hành"
	}
	way := p.Way()
	if p.State == signoff.Drafting && (len(way) == 0 || way[0].Step.Stage != org.Draft) {
		path.Steps = append(path.Steps, ui.Step{Name: "Soạn thảo", Who: x.names.officer(p.DraftedBy), State: ui.Here, Since: "từ " + when(p.MovedAt, x.tx.Now)})
	}
	for _, stop := range way {
		step := ui.Step{Name: upper(stop.Say), State: ui.Ahead}
		switch {
		case stop.Now && p.Returned:
			step.State, step.Note = ui.Back, "bị trả lại"
		case stop.Now:
			step.State = ui.Here
		case stop.Done:
			step.State = ui.Passed
		}
		if stop.Now {
			step.Since = "từ " + when(p.MovedAt, x.tx.Now)
		}
		switch stop.Step.Stage {
		case org.Draft:
			step.Who = x.names.officer(p.DraftedBy)
		case org.Sign:
			step.Who = p.SignerName
		case org.Release:
			step.Note = p.Symbol
		}
		path.Steps = append(path.Steps, step)
	}
	return path, nil
}

// fillPaper reads the text, its files and, for the unit's own people, versions, what
// changed between two of them, and every step with its remark.
func (s *Server) fillPaper(r *http.Request, x *reading, p *signoff.Paper, v *paperView) error {
	newest, err := p.Newest(x.tx)
	if err != nil {
		return err
	}
	v.Content = x.paperParts(p, newest.Body)
	docs, err := casefile.Documents(x.tx, x.who, p.Case)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.PaperID == string(p.ID) {
			v.Files = append(v.Files, fileOf(d))
		}
	}
	if !x.who.In(p.Unit) {
		return nil
	}
	if err := s.fillVersions(r, x, p, v); err != nil {
		return err
	}
	marks, err := signoff.Marks(x.tx, x.who, p.ID)
	if err != nil {
		return err
	}
	for i := len(marks) - 1; i >= 0; i-- {
		m := marks[i]
		v.Marks = append(v.Marks, ui.Entry{ID: "m" + itoa(m.N), What: signoff.Done(m.What) + ", bản " + itoa(m.Version), When: when(m.At, x.tx.Now), At: rfc(m.At),
			By: x.names.officer(m.By), Text: m.Comment})
	}
	return nil
}

// fillVersions lists the texts; ?v=3 shows what version 3 changed.
func (s *Server) fillVersions(r *http.Request, x *reading, p *signoff.Paper, v *paperView) error {
	all, err := signoff.Versions(x.tx, x.who, p.ID)
	if err != nil || len(all) < 2 {
		return err
	}
	asked, _ := strconv.Atoi(r.URL.Query().Get("v"))
	for i := len(all) - 1; i >= 0; i-- {
		one := all[i]
		row := versionRow{Label: "Bản " + itoa(one.V), By: x.names.officer(one.By), When: when(one.At, x.tx.Now), Note: one.Note, Current: asked == i+1}
		if i > 0 {
			row.Href = "/papers/" + string(p.ID) + "?v=" + itoa(one.V) + "#changes"
		}
		v.Versions = append(v.Versions, row)
	}
	if asked < 2 || asked > len(all) {
		return nil
	}
	v.Compared = "Bản " + strconv.Itoa(asked) + " so với bản " + strconv.Itoa(asked-1)
	v.Pieces, err = s.Desk.DiffOf(p.Kind, all[asked-2], all[asked-1])
	return err
}

// paperParts is a body as people read it, part by part.
func (x *reading) paperParts(p *signoff.Paper, body string) (all []part) {
	add := func(label, text string) {
		if text != "" {
			all = append(all, part{label, text})
		}
	}
	if plainPaper(p.Kind) {
		return []part{{"", signoff.PlainText(body)}}
	}
	if p.Kind == petition.PaperRaise {
		in, err := petition.RaiseDraft(p.Title, body)
		if err != nil {
			return []part{{"", body}}
		}
		if rb, err := petition.Rules(x.tx, x.p); err == nil && in.Field != "" {
			add("Lĩnh vực", petition.FieldName(rb, in.Field))
		}
		b := petition.Body{Text: in.Text, Basis: in.Basis, Proposal: in.Proposal}
		if in.Tried != nil {
			b.Tried = *in.Tried
		}
		return append(all, bodyParts(b)...)
	}
	in, err := petition.ReplyDraft(body)
	if err != nil {
		return []part{{"", body}}
	}
	add("", in.Text)
	add("Kết quả", upper(in.Outcome.Say()))
	add("Đã kiến nghị", in.ReferredTo)
	if in.Competent != "" {
		add("Cơ quan có thẩm quyền", x.names.unit(in.Competent))
	}
	add("Ngày báo tiếp", longDay("", in.NextReport))
	add("Căn cứ", in.Basis)
	return all
}

// paperNext says whose turn it is; way is the act of the form that sends a draft on.
func (x *reading) paperNext(p *signoff.Paper, way string) (n ui.NextStep) {
	switch {
	case p.State == signoff.Released:
		n.Sentence = "Văn bản đã phát hành"
		if p.Symbol != "" {
			n.Note = "số " + p.Symbol + " ngày " + p.IssuedOn.Long()
		}
		n.Quiet = []ui.Button{{Label: "Mở việc này", Href: paperCase(x.p.ID, p.Kind)}}
	case p.State == signoff.Dropped:
		n.Sentence = "Dự thảo này đã bỏ"
	case p.Turn(x.who):
		n.Sentence, n.Note = x.paperSentence(petition.Act{Paper: p.ID})
		edit := ui.Button{Label: "Sửa dự thảo", Href: paperPath(p.ID) + "/edit"}
		switch p.State {
		case signoff.Drafting:
			n.Main = edit
			if !p.Returned { // it may be complete: then the button is that of its form
				n.Main, n.Down, n.Quiet = ui.Button{}, ui.Button{Label: "Xuống phần trình", Href: "#do-" + way}, []ui.Button{edit}
			}
		case signoff.Reviewing:
			n.Down, n.Quiet = ui.Button{Label: "Xuống phần cho ý kiến", Href: "#do-review"}, []ui.Button{edit}
		case signoff.Signing:
			n.Down, n.Quiet = ui.Button{Label: "Xuống phần ký", Href: "#do-sign"}, []ui.Button{edit}
		case signoff.Releasing:
			n.Down = ui.Button{Label: "Xuống phần cấp số", Href: "#do-release"}
		}
	default:
		n.Sentence, n.Note = "Văn bản đang "+p.Where(), "từ "+when(p.MovedAt, x.tx.Now)
	}
	return n
}
