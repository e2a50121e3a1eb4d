package web

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// publications are the pages on which results are made public, and the ones that everybody
// reads without signing in.
func (s *Server) publications() {
	s.handle("GET /publications", s.publicationList)
	s.handle("POST /publications", s.publicationBegin)
	s.handle("GET /publications/{case}", s.publication)
	s.handle("GET /publications/{case}/withhold", s.publicationWithhold)
	s.handle("POST /publications/{case}/withhold", s.publicationWithheld)
	s.handle("POST /publications/{case}/drafts", s.publicationDraft)
	s.handle("GET /publications/{case}/withdraw", s.publicationWithdraw)
	s.handle("POST /publications/{case}/withdraw", s.publicationWithdrawn)
	s.open("GET /public/results", s.publicResults)
	s.open("GET /public/results/{quarter}", s.publicQuarter)
}

func publicationPath(id casefile.ID) string { return "/publications/" + string(id) }

var publicationCrumbs = append(trackerCrumbs[:len(trackerCrumbs):len(trackerCrumbs)], ui.Link{Label: "Công khai kết quả", Href: "/publications"})

// publicationView is a page of public results, made or released.
type publicationView struct {
	Head  ui.Head
	Forms []ui.Form // one button each
	Facts []ui.Fact
	Notes []string
	Table ui.Table
	Acts  []ui.Button
}

// quarters that are over and may be made public, the newest first.
const quartersBack = 4

// publicationList shows the lists, and offers those that can be made.
func (s *Server) publicationList(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Công khai kết quả"
		_, prepares, err := tracker.Publishes(tx, who)
		if err != nil {
			return nil, err
		}
		if !prepares {
			return nil, fault.Refuse(fault.Denied, "Danh sách công khai do cơ quan quy chế nêu lập; anh/chị không giữ chức danh ở đó, hoặc quy chế đang áp dụng không nêu công khai.")
		}
		all, err := tracker.Publications(tx, who)
		v := publicationView{Head: ui.Head{Crumbs: trackerCrumbs, Title: p.Title, Sub: "Kết quả thực hiện nhiệm vụ theo quý; người có thẩm quyền ký, phát hành thì mới công khai", Tools: []ui.Button{{Label: "Trang công khai", Href: "/public/results"}}}}
		v.Table = ui.Table{Caption: "Danh sách theo quý", Empty: "Chưa có danh sách nào.", Cols: []ui.Col{{Label: "Quý"}, {Label: "Tình trạng"}, {Label: "Văn bản"}}}
		made := map[string]bool{}
		for _, x := range all {
			made[x.Quarter.String()] = made[x.Quarter.String()] || x.State != tracker.Withdrawn
			v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: upper(x.Quarter.Say()), Href: publicationPath(x.ID)}, {Text: lower(tracker.PublicationStates[x.State])}, {Text: x.Number}})
		}
		q := tracker.QuarterOf(workday.Of(tx.Now))
		for range quartersBack {
			if q = tracker.QuarterOf(q.From().AddDays(-1)); !made[q.String()] {
				v.Forms = append(v.Forms, ui.Form{Action: "/publications", Key: p.Key, Hidden: []ui.Hidden{{Name: "quarter", Value: q.String()}}, Send: "Lập danh sách " + q.Say()})
			}
		}
		return publicationPage(v), err
	})
}

func (s *Server) publicationBegin(w http.ResponseWriter, r *http.Request) error {
	q, err := tracker.ParseQuarter(r.PostForm.Get("quarter"))
	if err != nil {
		return err
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := tracker.Begin(tx, who, q)
		if err != nil {
			return d, err
		}
		return done{To: publicationPath(p.ID), Version: p.Version, Say: "Đã lập danh sách. Chưa ai ngoài đơn vị xem được; anh/chị xem từng dòng rồi soạn văn bản công khai."}, nil
	})
}

// publication shows one list to whoever makes it: every line, with what is left out.
func (s *Server) publication(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, page *ui.Page) (templ.Component, error) {
		p, err := tracker.GetPublication(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		lines, err := p.Lines(tx)
		if err != nil {
			return nil, err
		}
		page.Title = p.Title
		v := publicationView{Head: ui.Head{Crumbs: publicationCrumbs, Title: p.Title, Sub: "Mã theo dõi " + p.Code, Chips: []ui.Chip{{Tone: ui.Info, Text: lower(tracker.PublicationStates[p.State])}}}}
		making := p.State == tracker.Preparing && p.PaperID == ""
		v.Table = publicationTable(p, lines, making)
		switch {
		case making:
			v.Notes = []string{"Danh sách công khai nêu nhiệm vụ, cơ quan chủ trì, văn bản và hạn; không nêu người. Anh/chị đọc từng nội dung: dòng nào có tên người, thông tin riêng hoặc chưa nên công khai thì bỏ ra, ghi lý do."}
			v.Forms = []ui.Form{{Action: publicationPath(p.ID) + "/drafts", Key: page.Key, Send: "Soạn văn bản công khai"}}
		case p.State == tracker.Preparing:
			v.Acts = []ui.Button{{Label: "Xem dự thảo đang trình ký", Href: paperPath(p.PaperID)}}
			v.Notes = []string{"Danh sách công khai khi văn bản được ký và phát hành."}
		case p.State == tracker.Released:
			v.Facts = []ui.Fact{fact("Văn bản công khai", joinDot(p.Number, p.IssuedOn.Long())), fact("Công khai lúc", moment(p.ReleasedAt))}
			v.Acts = []ui.Button{{Label: "Trang công khai", Href: "/public/results/" + p.Quarter.String()}, {Label: "Rút danh sách", Href: publicationPath(p.ID) + "/withdraw"}}
		}
		return publicationPage(v), nil
	})
}

func publicationTable(p *tracker.Publication, lines []tracker.PublicLine, making bool) ui.Table {
	t := ui.Table{Caption: "Kết quả được công nhận trong quý", Empty: "Trong quý không có kết quả nào được công nhận.", Cols: []ui.Col{{Label: "Dòng"}, {Label: "Nhiệm vụ"}, {Label: "Cơ quan chủ trì"}, {Label: "Hạn"}, {Label: "Kết quả"}, {Label: "Công khai"}}}
	for _, l := range lines {
		last, do := ui.Cell{Text: "có"}, "có: bỏ dòng "
		switch {
		case l.Sealed:
			last.Text = "không, đã niêm phong"
		case l.Withheld:
			last.Text, last.Tone, do = "không", ui.Soon, "không: đưa lại dòng "
		}
		if making && !l.Sealed { // a link says what it opens
			last.Href, last.Text = publicationPath(p.ID)+"/withhold?n="+itoa(l.N), do+itoa(l.N)
		}
		due := "không nêu hạn"
		if !l.DueOn.IsZero() {
			due = l.DueOn.Long()
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: itoa(l.N)}, {Text: l.Title}, {Text: l.LeadName}, {Text: due}, {Text: joinDot(l.Kept(), l.Number)}, last})
	}
	return t
}

// publicationWithhold asks why a line is left out, or whether it is taken in again.
func (s *Server) publicationWithhold(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, page *ui.Page) (templ.Component, error) {
		p, err := tracker.GetPublication(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		lines, err := p.Lines(tx)
		if err != nil {
			return nil, err
		}
		n := r.Form.Get("n")
		for _, l := range lines {
			if itoa(l.N) != n {
				continue
			}
			page.Title = "Không công khai một kết quả"
			t := keptOf(r)
			f := ui.Form{Action: publicationPath(p.ID) + "/withhold", Key: page.Key, Version: itoa(p.Version), Send: "Không công khai", Hidden: []ui.Hidden{{Name: "n", Value: n}, {Name: "withheld", Value: "1"}},
				Quiet: []ui.Button{{Label: "Quay lại", Href: publicationPath(p.ID)}}}
			in := []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao không công khai", Rows: 3}}}
			if l.Withheld {
				page.Title, f.Send, in = "Công khai lại một kết quả", "Công khai lại", nil
				f.Hidden = f.Hidden[:1]
			}
			head := ui.Head{Crumbs: publicationCrumbs, Title: page.Title, Sub: l.LeadName + ": " + l.Title}
			return formPage(head, nil, t.form(f), t.with(in)), nil
		}
		return nil, fault.NotFound
	})
}

func (s *Server) publicationWithheld(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		n, err := strconv.ParseInt(r.PostForm.Get("n"), 10, 64)
		if err != nil {
			return d, fault.Field("n", "Danh sách không có dòng này.")
		}
		p, err := tracker.Withhold(tx, who, casefile.ID(r.PathValue("case")), n, r.PostForm.Get("withheld") != "", r.PostForm.Get("reason"), seen(r))
		if err != nil {
			return d, err
		}
		return done{To: publicationPath(p.ID), Version: p.Version}, nil
	})
	return s.again(w, r, err, s.publicationWithhold)
}

func (s *Server) publicationDraft(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, err := tracker.DraftPublication(tx, s.Desk, who, casefile.ID(r.PathValue("case")), "")
		if err != nil {
			return d, err
		}
		return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo; trình như mọi văn bản. Phát hành mới là công khai."}, nil
	})
}

func (s *Server) publicationWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, page *ui.Page) (templ.Component, error) {
		p, err := tracker.GetPublication(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		page.Title = "Rút danh sách đã công khai"
		t := keptOf(r)
		f := ui.Form{Action: publicationPath(p.ID) + "/withdraw", Key: page.Key, Version: itoa(p.Version), Send: "Rút danh sách", Quiet: []ui.Button{{Label: "Quay lại", Href: publicationPath(p.ID)}}}
		in := []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao rút", Rows: 3, Hint: "Trang công khai không còn danh sách này; quý ấy có thể lập lại."}}}
		return formPage(ui.Head{Crumbs: publicationCrumbs, Title: page.Title, Sub: p.Title}, nil, t.form(f), t.with(in)), nil
	})
}

func (s *Server) publicationWithdrawn(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := tracker.Withdraw(tx, who, casefile.ID(r.PathValue("case")), r.PostForm.Get("reason"), seen(r))
		if err != nil {
			return d, err
		}
		return done{To: publicationPath(p.ID), Version: p.Version, Say: "Đã rút danh sách."}, nil
	})
	return s.again(w, r, err, s.publicationWithdraw)
}

// publicResults is the page for everybody: which quarters are public.
func (s *Server) publicResults(w http.ResponseWriter, r *http.Request) error {
	var all []tracker.Edition
	if err := s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		all, err = tracker.Editions(tx)
		return err
	}); err != nil {
		return err
	}
	v := publicationView{Head: ui.Head{Title: "Kết quả thực hiện nhiệm vụ", Sub: s.Office + "; công khai theo quý"}}
	v.Table = ui.Table{Caption: "Các quý đã công khai", Empty: "Chưa có quý nào được công khai.", Cols: []ui.Col{{Label: "Quý"}, {Label: "Số nhiệm vụ", Num: true}, {Label: "Văn bản công khai"}}}
	for _, e := range all {
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: upper(e.Quarter.Say()), Href: "/public/results/" + e.Quarter.String()}, {Text: grouped(e.Results)}, {Text: joinDot(e.Number, e.IssuedOn.Long())}})
	}
	return s.publicPage(w, r, v)
}

// publicPage draws a page for somebody who may not be signed in: nothing around it is anybody's.
func (s *Server) publicPage(w http.ResponseWriter, r *http.Request, v publicationView) error {
	return s.render(w, r, ui.Layout(ui.Page{Title: v.Head.Title, Office: s.Office, Version: s.Version}, publicationPage(v)))
}

// publicShown is how many results one public page shows; the files have all of them.
const publicShown = 500

// publicQuarter is one quarter for everybody, as a page or as a file.
func (s *Server) publicQuarter(w http.ResponseWriter, r *http.Request) error {
	q, err := tracker.ParseQuarter(r.PathValue("quarter"))
	if err != nil {
		return fault.NotFound
	}
	var e tracker.Edition
	var all []tracker.PublicLine
	if err := s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		e, all, err = tracker.Public(tx, q)
		return err
	}); err != nil {
		return err
	}
	var b bytes.Buffer
	switch r.Form.Get("format") {
	case "xlsx":
		if err := e.WriteSheet(&b, all); err != nil {
			return err
		}
		sendFile(w, e.FileName()+".xlsx", sheet.MediaType, b.Bytes())
		return nil
	case "csv":
		if err := e.WriteCSV(&b, all); err != nil {
			return err
		}
		sendFile(w, e.FileName()+".csv", tracker.CSVType, b.Bytes())
		return nil
	}
	at := "/public/results/" + q.String()
	v := publicationView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Kết quả thực hiện nhiệm vụ", Href: "/public/results"}}, Title: "Kết quả " + q.Say(), Sub: joinDot(s.Office, grouped(e.Results)+" nhiệm vụ đã được công nhận hoàn thành", "công khai theo văn bản số "+e.Number+" ngày "+e.IssuedOn.Long()),
		Tools: []ui.Button{{Label: "Tải Excel", Href: at + "?format=xlsx"}, {Label: "Tải CSV", Href: at + "?format=csv"}}}}
	v.Table = ui.Table{Caption: "Kết quả thực hiện nhiệm vụ " + q.Say(), Empty: "Không có kết quả nào.", Cols: []ui.Col{{Label: "STT"}, {Label: "Nhiệm vụ"}, {Label: "Cơ quan chủ trì"}, {Label: "Văn bản giao"}, {Label: "Hạn"}, {Label: "Ngày báo cáo"}, {Label: "Kết quả"}}}
	for i := range all[:min(len(all), publicShown)] {
		l := &all[i]
		day := func(d workday.Date) string {
			if d.IsZero() {
				return "–"
			}
			return d.Long()
		}
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{{Text: itoa(int64(i + 1))}, {Text: l.Title}, {Text: l.LeadName}, {Text: l.Document}, {Text: day(l.DueOn)}, {Text: day(l.DoneOn)}, {Text: joinDot(l.Kept(), l.Number)}})
	}
	if len(all) > publicShown {
		v.Notes = []string{"Trang này hiện " + grouped(publicShown) + " kết quả đầu; tệp Excel và CSV có đủ."}
	}
	return s.publicPage(w, r, v)
}
