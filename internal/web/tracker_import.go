package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
)

// trackerImports are the pages on which a tracker that the province keeps is read.
func (s *Server) trackerImports() {
	s.handle("GET /tracker/import", s.trackerImport)
	s.handle("POST /tracker/import", s.trackerImportSent)
	s.handle("GET /tracker/import/{file}", s.trackerPreview)
	s.handle("POST /tracker/import/{file}", s.trackerImportStart)
	s.handle("GET /tracker/import/{file}/lines/{line}", s.trackerSettle)
	s.handle("POST /tracker/import/{file}/lines/{line}", s.trackerSettled)
	s.handle("GET /tracker/imports/{job}", s.trackerImportPage)
}

var trackerCrumbs = []ui.Link{{Label: "Việc của tôi", Href: "/"}, {Label: "Theo dõi nhiệm vụ", Href: "/tracker"}}

// trackerImport asks for the sheet.
func (s *Server) trackerImport(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Nhập bảng theo dõi nhiệm vụ"
		if err := directive.MayTake(tx, who); err != nil {
			return nil, err
		}
		head := ui.Head{Crumbs: trackerCrumbs, Title: p.Title, Sub: "Bảng được so với hệ thống từng dòng; chưa thay đổi gì cho đến khi anh/chị chọn nhập, và không nhiệm vụ nào được giao khi nhập"}
		t := keptOf(r)
		in := s.sheetInputs(r, t, "Bảng theo dõi (.xlsx)", "Dòng tên cột cần có: số văn bản, nội dung nhiệm vụ, cơ quan chủ trì; nên có ngày văn bản, cơ quan ban hành, mục, cơ quan phối hợp, hạn, tiến độ, tình trạng. Tên cột viết khác đi một chút vẫn nhận ra.")
		f := ui.Form{Action: "/tracker/import", Key: p.Key, Upload: true, Send: "Đọc và so với hệ thống", Quiet: []ui.Button{{Label: "Quay lại", Href: "/tracker"}}}
		return formPage(head, nil, t.form(f), t.with(in)), nil
	})
}

// trackerImportSent keeps the file with its officer and leads to the comparison.
func (s *Server) trackerImportSent(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, sentSheet(s, w, r, "Anh/chị chọn tệp bảng theo dõi.", tracker.ReadSheet), s.trackerImport)
}

// previewView is a sheet beside what is here.
type previewView struct {
	Head   ui.Head
	Tiles  []ui.Tile
	Parts  []previewPart
	Form   *ui.Form
	Fields []input
	Note   string
}

// A previewPart is the lines of one finding; what is only counted has no rows.
type previewPart struct {
	Title string
	Note  string
	Table ui.Table
}

// trackerPreview shows the comparison: what wants a person first.
func (s *Server) trackerPreview(w http.ResponseWriter, r *http.Request) error {
	f, entries, err := keptSheet(s, r, tracker.ReadSheet)
	if err != nil {
		return err
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := directive.MayTake(tx, who); err != nil {
			return nil, err
		}
		all, err := tracker.Compare(tx, who, entries)
		if err != nil {
			return nil, err
		}
		p.Title = "So bảng theo dõi với hệ thống"
		v := previewView{Head: ui.Head{Crumbs: append(trackerCrumbs, ui.Link{Label: "Nhập bảng", Href: "/tracker/import"}), Title: p.Title,
			Sub: f.Name + ", " + grouped(int64(len(all))) + " dòng; chưa thay đổi gì"}}
		v.fill(newNames(tx), f.ID, all)
		t := keptOf(r)
		fresh := len(tracker.Groups(all, nil))
		v.Fields = t.with(likelyInputs(all))
		if fresh == 0 && len(v.Fields) == 0 {
			v.Note = "Không có nhiệm vụ nào chưa có trong hệ thống, nên không có gì để nhập."
			return trackerPreviewPage(v), nil
		}
		form := t.form(ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Đưa " + grouped(int64(fresh)) + " văn bản vào chờ xác nhận", Quiet: []ui.Button{{Label: "Chọn bảng khác", Href: "/tracker/import"}}})
		v.Form = &form
		return trackerPreviewPage(v), nil
	})
}

// previewRows bounds how many lines of one finding a page shows: the rest is counted.
const previewRows = 100

// findingNotes say what becomes of the lines of a finding.
var findingNotes = map[tracker.Finding]string{
	tracker.Differs: "Hệ thống giữ nguyên cho đến khi anh/chị quyết định từng dòng: lấy theo bảng (đặt hạn, chuyển đơn vị) hoặc giữ như hệ thống; điều đã quyết định thì lần nhập sau không hỏi lại.",
	tracker.Likely:  "Số văn bản hoặc nội dung gần giống điều đã có. Anh/chị quyết định bên dưới; không chọn gì thì không nhập.",
	tracker.New:     "Sẽ thành đề xuất nhiệm vụ của từng văn bản, chờ người xác nhận và ban hành như mọi văn bản.",
	tracker.Pending: "Văn bản đã nhập và chưa ban hành nhiệm vụ; xem ở văn bản ấy.",
	tracker.Bad:     "Sửa ở bảng rồi nhập lại; các dòng khác không chờ dòng này.",
}

// fill lays the lines out by finding.
func (v *previewView) fill(n *names, file string, all []tracker.Match) {
	for _, f := range tracker.Findings {
		var some []tracker.Match
		for _, m := range all {
			if m.Finding == f.Finding {
				some = append(some, m)
			}
		}
		if len(some) == 0 {
			continue
		}
		v.Tiles = append(v.Tiles, ui.Tile{Number: grouped(int64(len(some))), Label: lower(f.Say)})
		note, ok := findingNotes[f.Finding]
		if !ok {
			continue
		}
		part := previewPart{Title: f.Say, Note: note, Table: ui.Table{Caption: f.Say, Cols: []ui.Col{{Label: "Dòng"}, {Label: "Văn bản"}, {Label: "Nhiệm vụ ở bảng"}, {Label: "Chủ trì"}, {Label: "Hai bên khác nhau"}, {Label: "Quyết định"}}}}
		for _, m := range some[:min(len(some), previewRows)] {
			part.Table.Rows = append(part.Table.Rows, previewRow(n, file, m))
		}
		if len(some) > previewRows {
			part.Note += " Trang này hiện " + itoa(previewRows) + " dòng đầu."
		}
		v.Parts = append(v.Parts, part)
	}
}

// previewRow is one line with both texts where they differ.
func previewRow(n *names, file string, m tracker.Match) []ui.Cell {
	lead := ui.Cell{Text: m.Lead}
	if m.Unit != "" {
		lead.Text = n.unit(m.Unit)
	} else if m.Lead != "" {
		lead.Text, lead.Tone = m.Lead+" (chưa rõ đơn vị)", ui.Soon
	}
	about := ui.Cell{Text: m.Content}
	if m.Assignment != "" {
		about.Href = string(assignmentPath(m.Assignment))
	}
	doc := ui.Cell{Text: joinDot(m.Number, itemWords(m.Clause))}
	if m.Directive != "" {
		doc.Href = directivePath(m.Directive)
	}
	differs := m.Problem
	for _, d := range m.Open() {
		differs = joinDot(differs, d.Column+": hệ thống “"+d.Ours+"”, bảng “"+d.Theirs+"”")
	}
	if m.Finding == tracker.Likely && m.Assignment == "" {
		differs = joinDot(differs, "văn bản đã ban hành nhiệm vụ, không có dòng này")
	}
	settle := ui.Cell{}
	if m.Assignment != "" && len(m.Open()) > 0 {
		settle = ui.Cell{Text: "Lấy theo bảng hay giữ", Href: settlePath(file, m.Line)}
	}
	return []ui.Cell{{Text: itoa(int64(m.Line))}, doc, about, lead, {Text: differs}, settle}
}

// likelyInputs ask, line by line, whether what looks like a known task is another one. Of a
// document that is here no task can be added, so nothing is asked.
func likelyInputs(all []tracker.Match) (in []input) {
	i := input{Kind: checks, Input: ui.Input{Name: "also", Label: "Dòng nào là nhiệm vụ khác, cần nhập", Hint: "Đánh dấu dòng mà văn bản ở hệ thống chỉ trùng số với văn bản ở bảng."}}
	for _, m := range all {
		if m.Finding == tracker.Likely && m.Assignment != "" && len(i.Options) < previewRows {
			i.Options = append(i.Options, ui.Option{Value: strconv.Itoa(m.Line), Label: "Dòng " + strconv.Itoa(m.Line) + ": " + m.Content, Hint: m.Number + ", giống nhiệm vụ " + m.Here})
		}
	}
	if len(i.Options) > 0 {
		in = append(in, i)
	}
	return in
}

// trackerImportStart queues the taking of what is new.
func (s *Server) trackerImportStart(w http.ResponseWriter, r *http.Request) error {
	f, entries, err := keptSheet(s, r, tracker.ReadSheet)
	if err != nil {
		return err
	}
	parts, err := tracker.Split(s.Blobs, entries)
	if err != nil {
		return err
	}
	var also []int
	for _, one := range r.PostForm["also"] {
		n, err := strconv.Atoi(one)
		if err != nil {
			return fault.Field("also", "Dòng “%.20s” không có trong bảng.", one)
		}
		also = append(also, n)
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		id, err := tracker.StartImport(tx, who, tracker.File{Hash: blob.Hash(f.Hash), Name: f.Name, Size: f.Size}, parts, also)
		if err != nil {
			return d, err
		}
		_, err = upload.Take(tx, who.Officer, f.ID)
		return done{To: "/tracker/imports/" + string(id)}, err
	})
}

// trackerImportPage shows how far the taking is and what was not taken.
func (s *Server) trackerImportPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := tracker.GetImport(tx, who, job.ID(r.PathValue("job")))
		if err != nil {
			return nil, err
		}
		p.Title = "Nhập bảng theo dõi"
		v := calendarView{Head: ui.Head{Title: p.Title, Sub: x.Name, Chips: []ui.Chip{jobChip(x.State)}, Crumbs: trackerCrumbs}}
		v.Facts = []ui.Fact{fact("Tình trạng", jobStates[x.State]), fact("Văn bản đã xem", grouped(x.Done)), fact("Văn bản đưa vào chờ xác nhận", grouped(int64(x.Taken))),
			fact("Nhiệm vụ được đề xuất", grouped(int64(x.Tasks)))}
		if x.State == job.Open {
			v.Done, v.Of = x.Done, x.Total
			w.Header().Set("Refresh", renewAfter)
			v.Notes = []string{"Trang này tự cập nhật. Anh/chị có thể rời trang; bảng vẫn được nhập tiếp."}
			return calendarPage(v), nil
		}
		v.Acts = []ui.Button{{Label: "Xem văn bản chờ xác nhận", Href: "/directives?state=" + directive.Proposed}, {Label: "Theo dõi nhiệm vụ", Href: "/tracker"}}
		v.Notes = append([]string{"Chưa nhiệm vụ nào được giao: từng văn bản chờ người xác nhận và ban hành."}, x.Refused...)
		return calendarPage(v), nil
	})
}
