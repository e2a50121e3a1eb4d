package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
)

// draftsDirectives are the officer's units whose path lets him draft a directive.
func draftsDirectives(tx *db.Tx, who org.Actor) (units []org.UnitID, err error) {
	for _, p := range who.Posts {
		if slices.Contains(units, p.Unit) {
			continue
		}
		ok, err := signoff.MayDraft(tx, who, p.Unit, directive.PaperDirective)
		if err != nil {
			return nil, err
		}
		if ok {
			units = append(units, p.Unit)
		}
	}
	return units, nil
}

// directiveDraft is where a directive of one's own unit is drafted: its text is read like
// any other, and its tasks stand beside it until a leader signs both.
func (s *Server) directiveDraft(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Soạn văn bản giao nhiệm vụ"
		units, err := draftsDirectives(tx, who)
		if err != nil {
			return nil, err
		}
		if len(units) == 0 {
			return nil, fault.Refuse(fault.Denied, "Anh/chị không giữ chức danh soạn thảo được văn bản giao nhiệm vụ của đơn vị nào.")
		}
		field, err := directiveField(tx, "")
		if err != nil {
			return nil, err
		}
		t := keptOf(r)
		var in []input
		if len(units) > 1 {
			from := unitInput(newNames(tx), units)
			from.Label = "Đơn vị ban hành"
			in = append(in, from)
		}
		in = append(in,
			input{Kind: line, Input: ui.Input{Name: "title", Label: "Trích yếu", Hint: "Một câu nói rõ việc gì.", Required: true, Max: 300, Auto: "off"}},
			input{Kind: line, Input: ui.Input{Name: "type", Label: "Loại văn bản", Hint: "Công văn, chỉ thị, kế hoạch, thông báo…", Max: 60, Auto: "off"}},
			input{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung văn bản", Rows: 14, Required: true,
				Hint: "Viết như văn bản sẽ ban hành; máy đọc và đề xuất nhiệm vụ bên cạnh, anh/chị sửa cho đến khi trình."}},
			urgencyInput(""), field)
		in = append(append(in, s.filesInputs(r, t)...), input{Kind: secret})
		head := ui.Head{Crumbs: []ui.Link{{Label: "Văn bản chỉ đạo, điều hành", Href: "/directives"}}, Title: p.Title,
			Sub: "Văn bản đi đường trình ký của đơn vị; các nhiệm vụ được giao khi văn bản phát hành"}
		f := ui.Form{Action: "/directives/drafts", Key: p.Key, Keep: "directive-draft", Upload: true, Send: "Đọc và lưu dự thảo", Quiet: []ui.Button{{Label: "Quay lại", Href: "/directives"}}}
		return formPage(head, nil, t.form(f), t.with(in)), nil
	})
}

// directiveDrafted opens the directive and its paper, with what was read in its text. It is
// not sent up yet: the tasks are looked through first.
func (s *Server) directiveDrafted(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.draftedDirective(w, r), s.directiveDraft)
}

func (s *Server) draftedDirective(w http.ResponseWriter, r *http.Request) error {
	docs, err := s.attached(r) // first: they outlive whatever is refused below
	if err == nil {
		err = confirmed(r)
	}
	if err != nil {
		return err
	}
	f := r.PostForm
	in := directive.Draft{Unit: org.UnitID(f.Get("unit")), Title: f.Get("title"), Type: f.Get("type"), Field: f.Get("field"), Urgency: directive.Urgency(f.Get("urgency")), Files: docs,
		Text: vntext.NFC(strings.TrimSpace(strings.ReplaceAll(f.Get("text"), "\r\n", "\n")))}
	switch {
	case vntext.IsBlank(in.Title):
		return fault.Field("title", "Hãy ghi trích yếu của văn bản.")
	case in.Text == "":
		return fault.Field("text", "Hãy ghi nội dung văn bản.")
	}
	doc := extract.Text(in.Text) // before the transaction: it may take long and needs no database
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		units, err := draftsDirectives(tx, who)
		if err != nil {
			return d, err
		}
		if in.Unit == "" && len(units) > 0 {
			in.Unit = units[0]
		}
		if !slices.Contains(units, in.Unit) {
			return d, fault.Refuse(fault.Denied, "Anh/chị không soạn thảo được văn bản giao nhiệm vụ của đơn vị này.")
		}
		reading, err := propose.From(tx, doc)
		if err != nil {
			return d, err
		}
		in.Tasks = reading.Tasks
		x, _, err := directive.DraftPaper(tx, s.Desk, who, in)
		if err != nil {
			return d, err
		}
		return done{To: directivePath(x.ID), Version: x.Version, Say: "Đã lưu dự thảo: máy đề xuất " + itoa(int64(len(in.Tasks))) + " nhiệm vụ. Anh/chị đối chiếu từng mục, rồi mở dự thảo để trình."}, nil
	})
}
