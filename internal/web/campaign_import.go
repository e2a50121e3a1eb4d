package web

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/web/ui"
)

// campaignImports are the pages on which a list of difficulties is read and entered.
func (s *Server) campaignImports() {
	s.handle("GET /campaigns/{case}/import", s.campaignImport)
	s.handle("POST /campaigns/{case}/import", s.campaignImportSent)
	s.handle("GET /campaigns/{case}/import/{file}", s.campaignPreview)
	s.handle("POST /campaigns/{case}/import/{file}", s.campaignImportDo)
	s.handle("GET /campaigns/{case}/import/{file}/rest.xlsx", s.campaignRest)
}

// campaignImport asks for the list of who may enter.
func (s *Server) campaignImport(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Nhập từ bảng tính"
		t := keptOf(r)
		in := s.sheetInputs(r, t, "Danh sách (.xlsx)", "Dòng tên cột cần có “Nội dung” hoặc “Khó khăn, vướng mắc”; nên có “Xã, phường”, “Tóm tắt”, “Đề xuất, kiến nghị”. Xã nhập cho mình thì không cần cột xã, phường.")
		f := ui.Form{Action: r.URL.Path, Key: p.Key, Upload: true, Send: "Đọc danh sách", Quiet: []ui.Button{{Label: "Quay lại", Href: campaignPath(x.c.ID)}}}
		return formPage(x.head(p.Title, "Mỗi dòng một nội dung; chưa nhập gì cho đến khi anh/chị xem và chọn nhập"), nil, t.form(f), t.with(in)), nil
	})
}

// campaignImportSent keeps the file with its officer and leads to what was read.
func (s *Server) campaignImportSent(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, sentSheet(s, w, r, "Anh/chị chọn tệp danh sách.", campaign.ReadImport), s.campaignImport)
}

// campaignPreview shows what can be entered, what is there already and, first, what cannot.
func (s *Server) campaignPreview(w http.ResponseWriter, r *http.Request) error {
	f, l, err := keptSheet(s, r, campaign.ReadImport)
	if err != nil {
		return err
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		if err := l.Check(tx, who, x.c.ID); err != nil {
			return nil, err
		}
		p.Title = "Danh sách đã đọc"
		v := previewView{Head: x.head(p.Title, f.Name), Tiles: []ui.Tile{{Number: grouped(int64(len(l.Lines))), Label: "nội dung nhập được"},
			{Number: grouped(int64(len(l.Bad))), Label: "dòng chưa nhập được"}, {Number: grouped(int64(len(l.Have))), Label: "đã có trong đợt"}}}
		v.fillList(x.n, l)
		if len(l.Bad) > 0 {
			v.Head.Tools = []ui.Button{{Label: "Tải các dòng chưa nhập được (Excel)", Href: r.URL.Path + "/rest.xlsx"}}
		}
		if len(l.Lines) == 0 {
			v.Note = "Không còn nội dung nào để nhập từ danh sách này."
			return trackerPreviewPage(v), nil
		}
		form := keptOf(r).form(ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Nhập " + grouped(int64(len(l.Lines))) + " nội dung", Quiet: []ui.Button{{Label: "Chọn danh sách khác", Href: campaignPath(x.c.ID) + "/import"}}})
		v.Form = &form
		return trackerPreviewPage(v), nil
	})
}

// fillList lays the lines out, those that want a person first.
func (v *previewView) fillList(n *names, l *campaign.Import) {
	bad := func(title, note string, all []sheet.Bad) {
		if len(all) == 0 {
			return
		}
		part := previewPart{Title: title, Note: note, Table: ui.Table{Caption: title, Cols: []ui.Col{{Label: "Dòng"}, {Label: "Vì sao"}}}}
		for _, b := range all[:min(len(all), previewRows)] {
			part.Table.Rows = append(part.Table.Rows, []ui.Cell{{Text: itoa(int64(b.Row.Line))}, {Text: b.Why}})
		}
		v.Parts = append(v.Parts, part)
	}
	bad("Chưa nhập được", "Tải các dòng này về, sửa rồi nhập lại; các dòng khác không chờ dòng này.", l.Bad)
	if len(l.Lines) > 0 {
		part := previewPart{Title: "Nhập được", Note: "Lãnh đạo xã nhập cho xã mình thì được tính ngay; người khác nhập thì chờ xã xác nhận.",
			Table: ui.Table{Caption: "Nhập được", Cols: []ui.Col{{Label: "Dòng"}, {Label: "Xã, phường"}, {Label: "Khó khăn, vướng mắc"}}}}
		for _, x := range l.Lines[:min(len(l.Lines), previewRows)] {
			part.Table.Rows = append(part.Table.Rows, []ui.Cell{{Text: itoa(int64(x.N))}, {Text: n.unit(x.Entry.Commune)}, {Text: x.Entry.Title}})
		}
		v.Parts = append(v.Parts, part)
	}
	bad("Đã có trong đợt", "Không nhập lần nữa.", l.Have)
}

// campaignImportDo enters what fits, all of it together, and shows what is left.
func (s *Server) campaignImportDo(w http.ResponseWriter, r *http.Request) error {
	_, l, err := keptSheet(s, r, campaign.ReadImport)
	if err != nil {
		return err
	}
	err = s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		n, err := campaign.EnterAll(tx, who, casefile.ID(r.PathValue("case")), l)
		return done{To: r.URL.Path, Say: "Đã nhập " + grouped(int64(n)) + " nội dung."}, err
	})
	return s.again(w, r, err, s.campaignPreview)
}

// campaignRest gives back the lines that were not entered, with why, to be mended.
func (s *Server) campaignRest(w http.ResponseWriter, r *http.Request) error {
	f, l, err := keptSheet(s, r, campaign.ReadImport)
	if err != nil {
		return err
	}
	err = s.view(r, func(tx *db.Tx, who org.Actor) error { return l.Check(tx, who, casefile.ID(r.PathValue("case"))) })
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := l.WriteBad(&b); err != nil {
		return err
	}
	sendFile(w, "Chưa nhập - "+f.Name, sheet.MediaType, b.Bytes())
	return nil
}
