package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	reader "lienthong/internal/extract/read"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/upload"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
)

// directives are the pages of documents from above: taken in, gone through, released.
func (s *Server) directives() {
	s.handle("GET /directives/new", s.directiveNew)
	s.handle("GET /directives/reader", s.readerPage)
	s.handle("POST /directives", s.directiveTake)
	s.handle("GET /directives/draft", s.directiveDraft)
	s.handle("POST /directives/drafts", s.directiveDrafted)
	s.handle("GET /directives/{case}", s.directive)
	s.handle("GET /directives/{case}/{act}", s.directiveForm)
	s.handle("POST /directives/{case}/{act}", s.directiveAct)
}

func directivePath(id casefile.ID) string { return "/directives/" + string(id) }

// directiveTabs are the states by which the list is cut, "" all.
var directiveTabs = []string{"", directive.Proposed, directive.Confirmed, directive.Released}

// directiveList lists the directives that the officer may see.
func (s *Server) directiveList(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Văn bản chỉ đạo, điều hành"
		state := r.Form.Get("state")
		v := listView{TabsLabel: "Tình trạng", Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title,
			Sub: "Mỗi văn bản được đọc thành các nhiệm vụ, có người xác nhận rồi mới ban hành"}}
		for _, t := range directiveTabs {
			tab := ui.Tab{Label: directive.States[t], Href: "/directives?state=" + t, Count: -1, Current: t == state}
			if t == "" {
				tab.Label, tab.Href = "Tất cả", "/directives"
			}
			v.Tabs = append(v.Tabs, tab)
		}
		takes, err := takesDirectives(tx, who)
		if err != nil {
			return nil, err
		}
		if takes {
			v.Head.Tools = []ui.Button{{Label: "Nhập văn bản", Href: "/directives/new"}, {Label: "Máy đọc đúng đến đâu", Href: "/directives/reader"}}
		}
		drafts, err := draftsDirectives(tx, who)
		if err != nil {
			return nil, err
		}
		if len(drafts) > 0 {
			v.Head.Tools = append(v.Head.Tools, ui.Button{Label: "Soạn văn bản giao nhiệm vụ", Href: "/directives/draft"})
		}
		v.Head.Tools = append(v.Head.Tools, ui.Button{Label: "Theo dõi nhiệm vụ", Href: "/tracker"})
		all, next, err := directive.List(tx, who, state, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		if next != "" {
			v.More = "/directives?from=" + url.QueryEscape(next) + "&state=" + url.QueryEscape(state)
		}
		if v.Groups = directiveRows(all); len(all) == 0 {
			v.Empty = ui.Nothing{Title: "Chưa có văn bản nào ở đây", Text: "Văn phòng nhập văn bản đã ký thì văn bản và nhiệm vụ hiện ra cho các đơn vị được giao."}
		}
		return listPage(v), nil
	})
}

func directiveRows(all []directive.Listed) []ui.Group {
	var rows []ui.Row
	for _, l := range all {
		row := ui.Row{Href: directivePath(l.ID), Do: upper(l.Title), Code: l.Code, About: upper(typeWords(l.Type)), From: l.Issuer,
			Chips: []ui.Chip{{Tone: ui.Info, Text: lower(directive.States[l.State])}}}
		if l.Number != "" {
			row.About += " số " + l.Number
		}
		row.About += longDay(" ngày ", l.IssuedOn.String())
		if l.Urgency != directive.Normal {
			row.Chips = append(row.Chips, ui.Chip{Tone: ui.Soon, Text: lower(directive.Urgencies[l.Urgency])})
		}
		if l.Assignments > 0 {
			row.Due = ui.Due{Words: itoa(l.Done) + "/" + itoa(l.Assignments) + " nhiệm vụ đã xong"}
			if l.Done == l.Assignments {
				row.Due.Tone = ui.Done
			}
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil
	}
	return []ui.Group{{Title: "Mới nhất trước", Rows: rows}}
}

func typeWords(kind string) string {
	if kind == "" {
		return "văn bản"
	}
	return kind
}

// directiveOffice is the unit that the rule in force lets take documents in; "" where
// no rule does.
func directiveOffice(tx *db.Tx) (org.UnitID, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return "", err
	}
	rule, err := rb.Apply(tx, directive.RuleConfirm, "", "")
	switch fault.Kind(err) {
	case nil:
		return rule.Role("role").Unit, nil
	case fault.NotFound, fault.Denied, fault.Invalid:
		return "", nil
	}
	return "", err
}

// takesDirectives says whether the officer works in the unit that takes documents in;
// the operation asks again for his role.
func takesDirectives(tx *db.Tx, who org.Actor) (bool, error) {
	unit, err := directiveOffice(tx)
	return unit != "" && who.In(unit), err
}

// directiveNew is where a signed document comes in: a file, or its text.
func (s *Server) directiveNew(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Nhập văn bản chỉ đạo"
		takes, err := takesDirectives(tx, who)
		if err != nil {
			return nil, err
		}
		if !takes {
			return nil, fault.Refuse(fault.Denied, "Văn bản chỉ đạo do Văn phòng nhập; anh/chị không giữ chức danh ở đó.")
		}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Văn bản chỉ đạo, điều hành", Href: "/directives"}}, Title: p.Title,
			Sub: "Máy đọc và đề xuất nhiệm vụ; chưa nhiệm vụ nào được giao cho đến khi có người xác nhận và ban hành"}
		t := keptOf(r)
		in := []input{}
		for _, i := range s.filesInputs(r, t) {
			if i.Kind == files {
				i.Label, i.Hint = "Tệp văn bản", "Tệp .docx, .pdf có chữ, .doc hoặc .txt, tối đa "+upload.Size(s.Upload.MaxFile)+". Tệp đầu tiên được đọc; các tệp sau giữ kèm."
			}
			in = append(in, i)
		}
		field, err := directiveField(tx, "")
		if err != nil {
			return nil, err
		}
		in = append(in, input{Kind: area, Input: ui.Input{Name: "text", Label: "Hoặc dán toàn văn", Rows: 8, Hint: "Dùng khi không có tệp, hoặc tệp là bản chụp không có chữ. Có chữ ở đây thì máy đọc chữ này."}},
			urgencyInput(""), field, input{Kind: secret})
		f := ui.Form{Action: "/directives", Key: p.Key, Keep: "directive-new", Upload: true, Send: "Đọc văn bản", Quiet: []ui.Button{{Label: "Quay lại", Href: "/directives"}}}
		return formPage(head, nil, t.form(f), t.with(in)), nil
	})
}

func urgencyInput(now directive.Urgency) input {
	i := input{Kind: choice, Input: ui.Input{Name: "urgency", Label: "Độ khẩn", Value: string(now)}}
	for _, u := range []directive.Urgency{directive.Normal, directive.Urgent, directive.Flash} {
		i.Options = append(i.Options, ui.Option{Value: string(u), Label: directive.Urgencies[u], Chosen: u == now})
	}
	return i
}

// directiveField offers the fields of the catalogue.
func directiveField(tx *db.Tx, now string) (i input, err error) {
	i = input{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực", Blank: "– chưa rõ –", Value: now}}
	all, err := petition.Fields(tx)
	for _, f := range all {
		i.Options = append(i.Options, ui.Option{Value: f.ID, Label: upper(f.Name)})
	}
	return i, err
}

// directiveTake reads what came and opens the directive with its proposals. The bytes of
// a file that cannot be read are kept with the form, so that the text can be pasted
// beside it and the original stays.
func (s *Server) directiveTake(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.tookDirective(w, r), s.directiveNew)
}

func (s *Server) tookDirective(w http.ResponseWriter, r *http.Request) error {
	docs, err := s.attached(r)
	if err != nil {
		return err
	}
	if err := confirmed(r); err != nil {
		return err
	}
	text := vntext.NFC(strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")))
	if text == "" && len(docs) == 0 {
		return fault.Field(upload.Field, "Anh/chị chọn tệp văn bản, hoặc dán toàn văn vào ô bên dưới.")
	}
	if text == "" {
		if text, err = s.readFile(r.Context(), docs[0]); err != nil {
			return err
		}
	}
	doc := extract.Text(text) // before the transaction: it may take long and needs no database
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		reading, err := propose.From(tx, doc)
		if err != nil {
			return d, err
		}
		x, err := directive.Take(tx, who, directive.In{Reading: reading, Text: text, Field: r.PostForm.Get("field"), Urgency: directive.Urgency(r.PostForm.Get("urgency")), Files: docs})
		if err != nil {
			return d, err
		}
		return done{To: directivePath(x.ID), Version: x.Version, Say: "Đã đọc: máy đề xuất " + itoa(int64(len(reading.Tasks))) + " nhiệm vụ. Chưa giao nhiệm vụ nào; anh/chị đối chiếu từng mục."}, nil
	})
}

// readFile makes text of a file that came. What it refuses is said at the field, with
// the way on: the text pasted beside the original, which stays.
func (s *Server) readFile(ctx context.Context, d casefile.Document) (string, error) {
	f, err := s.Blobs.Open(blob.Hash(d.Hash))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", err
	}
	text, err := reader.Bytes(ctx, d.Name, b)
	if why, ok := fault.Sentence(err); ok {
		return "", fault.Field(upload.Field, "Không đọc được “%s”: %s. Tệp gốc đã giữ lại: anh/chị dán toàn văn vào ô bên dưới rồi gửi tiếp.", d.Name, strings.TrimRight(why.Say, ". "))
	}
	return vntext.NFC(text), err
}

// readerPage shows how well the reader does on this office's own documents.
func (s *Server) readerPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Máy đọc đúng đến đâu"
		f, err := directive.ReadFigures(tx)
		if err != nil {
			return nil, err
		}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Văn bản chỉ đạo, điều hành", Href: "/directives"}}, Title: p.Title,
			Sub: "Tính trên " + itoa(f.Documents) + " văn bản đã ban hành nhiệm vụ của cơ quan này; là số liệu của chương trình, không của ai"}
		t := ui.Table{Caption: "Đề xuất của máy và việc người sửa", Cols: []ui.Col{{Label: "Nội dung"}, {Label: "Số", Num: true}}, Empty: "Chưa có văn bản nào ban hành nhiệm vụ."}
		add := func(label string, n int64) { t.Rows = append(t.Rows, []ui.Cell{{Text: label}, {Text: itoa(n)}}) }
		if f.Documents > 0 {
			add("Nhiệm vụ máy đề xuất", f.Read)
			add("Giữ nguyên", f.Kept)
			add("Phải sửa", f.Edited)
			for _, part := range [][2]string{{"lead", "trong đó sửa cơ quan chủ trì"}, {"coordinating", "trong đó sửa cơ quan phối hợp"}, {"deadline", "trong đó sửa hạn"}, {"content", "trong đó sửa nội dung"}, {"clause", "trong đó sửa mục"}, {"request", "trong đó sửa giao hay đề nghị"}} {
				add(part[1], f.Parts[part[0]])
			}
			add("Tách", f.Split)
			add("Gộp", f.Merged)
			add("Bỏ, không phải nhiệm vụ", f.Dropped)
			add("Người thêm, máy bỏ sót", f.Added)
		}
		return tablePage(head, t), nil
	})
}
