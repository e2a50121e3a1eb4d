package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
)

// templateFileField is the form's field for the DOCX.
const templateFileField = "file"

// templateRoutes are what the templates of papers need besides the acts of all tabs: a
// file, and a look at what comes of it.
func (s *Server) templateRoutes() {
	s.handle("POST /admin/units/{unit}/templates/set", s.templateSet)
	s.handle("GET /admin/units/{unit}/templates/preview/{kind}", s.templatePreview)
	s.handle("GET /admin/units/{unit}/templates/start/{kind}", s.templateStart)
}

// templatesTab shows by which layout each kind of the unit's papers is written.
func templatesTab(x *office, v *adminView) error {
	all, err := paper.Templates(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Mẫu văn bản DOCX theo loại", Cols: []ui.Col{{Label: "Loại văn bản"}, {Label: "Mẫu đang dùng"}, {Label: "Đặt lúc"}, {Label: "Xem"}, {Label: "Thay đổi"}}}
	for _, k := range paper.Kinds {
		row := []ui.Cell{{Text: k.Say}, {Text: "thể thức NĐ 30/2020 có sẵn"}, {Text: "–"},
			{Text: "Tải bản mẫu có sẵn", Href: adminPath(x.unit.ID, "templates", "start", string(k.Kind))}, {Text: ""}}
		if own, ok := all[k.Kind]; ok {
			row[1], row[2] = ui.Cell{Text: own.Name + " (" + upload.Size(own.Size) + ")"}, ui.Cell{Text: moment(own.SetAt) + ", " + x.n.officer(own.SetBy)}
			row[3] = ui.Cell{Text: "Xem thử", Href: adminPath(x.unit.ID, "templates", "preview", string(k.Kind))}
			row[4] = x.rowAct("Bỏ mẫu", "templates/drop", string(k.Kind))
		}
		t.Rows = append(t.Rows, row)
	}
	fields := ui.Table{Caption: "Các trường dùng trong mẫu", Cols: []ui.Col{{Label: "Ghi trong mẫu"}, {Label: "Được thay bằng"}}}
	for _, f := range paper.TemplateFields {
		fields.Rows = append(fields.Rows, []ui.Cell{{Text: "{{." + f.Name + "}}"}, {Text: f.Say}})
	}
	v.Tables = []ui.Table{t, fields}
	x.act(v, "Đặt mẫu", "templates/set")
	v.Notes = []string{"Mẫu thay cho bản DOCX. Bản PDF luôn theo thể thức có sẵn.",
		"Trường có nhiều dòng (nội dung, nơi nhận) đứng riêng một đoạn thì mỗi dòng thành một đoạn cùng định dạng."}
	return nil
}

// templateForms put a template in place, and take it away.
var templateForms = map[string]adminForm{
	"templates/set": {Title: "Đặt mẫu văn bản", Send: "Đặt mẫu", Note: "Mẫu cũ của loại này được thay ngay. Trường ghi sai trong mẫu được chỉ ra và mẫu không được nhận.", Fields: func(*office) ([]input, error) {
		kind := input{Kind: choice, Input: ui.Input{Name: "kind", Label: "Loại văn bản", Required: true, Blank: "– chọn –"}}
		for _, k := range paper.Kinds {
			kind.Options = append(kind.Options, ui.Option{Value: string(k.Kind), Label: k.Say})
		}
		return []input{kind, {Kind: files, Input: ui.Input{Name: templateFileField, Label: "Tệp mẫu DOCX", Type: "file", Accept: ".docx", Required: true, Hint: "Tối đa 5 MB, không có macro."}}}, nil
	}},
	"templates/drop": {Title: "Bỏ mẫu văn bản", Send: "Bỏ mẫu", Note: "Văn bản DOCX của loại này trở về thể thức có sẵn.", Fields: func(*office) ([]input, error) { return nil, nil },
		Do: func(x *office) (string, error) {
			return "Đã bỏ mẫu.", paper.DropTemplate(x.tx, x.who, x.unit.ID, paper.Kind(x.get("id")))
		}},
}

// templateSet looks at the file and keeps it before the transaction begins.
func (s *Server) templateSet(w http.ResponseWriter, r *http.Request) error {
	r.SetPathValue("tab", "templates")
	r.SetPathValue("act", "set")
	t, err := s.templateFile(r)
	if err != nil {
		return s.again(w, r, err, s.adminPage)
	}
	err = s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return done{}, err
		}
		t.Unit, t.Kind = x.unit.ID, paper.Kind(x.get("kind"))
		return done{To: adminPath(x.unit.ID, "templates"), Say: "Đã đặt mẫu. Xem thử trước khi dùng."}, paper.SetTemplate(tx, who, t)
	})
	return s.again(w, r, atForm(err), s.adminPage)
}

// templateFile reads the file of the form, once it is sure that the sender may set one at
// all: nobody else fills the store.
func (s *Server) templateFile(r *http.Request) (t paper.Template, err error) {
	err = s.view(r, func(tx *db.Tx, who org.Actor) error {
		_, err := openOffice(tx, who, r)
		return err
	})
	if err != nil {
		return t, err
	}
	f, h, err := r.FormFile(templateFileField)
	if err != nil {
		return t, fault.Field(templateFileField, "Hãy chọn tệp mẫu DOCX.")
	}
	defer f.Close()
	if _, err := s.Upload.Check(h.Filename, f, h.Size); err != nil {
		if r, ok := fault.Sentence(err); ok {
			return t, &fault.Refusal{Kind: r.Kind, Field: templateFileField, Say: r.Say}
		}
		return t, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return t, err
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return t, err
	}
	if err := paper.CheckTemplate(raw); err != nil {
		return t, err
	}
	state, found, err := s.Upload.Scan(r.Context(), bytes.NewReader(raw))
	if err != nil {
		s.Log.Warn("virus scanner", "err", err)
	}
	if state == upload.Infected {
		return t, fault.Field(templateFileField, "Tệp có mã độc (%s) nên không nhận.", found)
	}
	t.Name, t.Size = upload.Name(h.Filename), h.Size
	t.Hash, _, err = s.Blobs.Put(bytes.NewReader(raw), h.Size)
	return t, err
}

// templatePreview gives the unit's template filled with an invented paper.
func (s *Server) templatePreview(w http.ResponseWriter, r *http.Request) error {
	var t paper.Template
	var unit string
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return err
		}
		unit = x.unit.Name
		all, err := paper.Templates(tx, x.unit.ID)
		own, ok := all[paper.Kind(r.PathValue("kind"))]
		if t = own; err == nil && !ok {
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Preview(&b, s.Blobs, unit); err != nil {
		if errors.Is(err, fault.NotFound) {
			return fault.Refuse(fault.NotFound, "Tệp mẫu không còn trong kho tệp. Đặt lại mẫu.")
		}
		return err
	}
	sendFile(w, "Xem thử "+t.Name, paper.DocxType, b.Bytes())
	return nil
}

// templateStart gives a template to begin with: the kind's places in the built-in layout.
func (s *Server) templateStart(w http.ResponseWriter, r *http.Request) error {
	kind := paper.Kind(r.PathValue("kind"))
	if kind.Say() == "" {
		return fault.NotFound
	}
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		_, err := openOffice(tx, who, r)
		return err
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := paper.DOCX(&b, paper.Starter(kind)); err != nil {
		return err
	}
	sendFile(w, "Mẫu "+lower(kind.Say())+".docx", paper.DocxType, b.Bytes())
	return nil
}
