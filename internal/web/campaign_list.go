package web

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/web/ui"
)

// campaignItems lists the items, filtered by state and group.
func (s *Server) campaignItems(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Nội dung của đợt"
		f := campaign.FilterOf(r.Form)
		all, next, err := campaign.Items(tx, who, x.c.ID, f, r.Form.Get("from"), 100)
		if err != nil {
			return nil, err
		}
		state := ui.Input{Name: "state", Label: "Tình trạng", Value: f.State}
		for _, k := range campaign.ItemStateOrder {
			state.Options = append(state.Options, ui.Option{Value: k, Label: campaign.ItemStates[k]})
		}
		at := campaignPath(x.c.ID) + "/items"
		v := listView{Head: x.head(p.Title, x.c.Title), Top: ui.Stack(ui.Filters(at, nil, []ui.Input{state}), ui.TableOf("items", x.itemTable(all)))}
		if next != "" {
			q := url.Values{"from": {next}, "state": {f.State}, "commune": {string(f.Commune)}}
			v.More = at + "?" + q.Encode()
		}
		return listPage(v), nil
	})
}

// campaignCommunes is the progress of every commune.
func (s *Server) campaignCommunes(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Tiến độ theo xã, phường"
		communes, _, err := campaign.Progress(tx, who, x.c.ID)
		if err != nil {
			return nil, err
		}
		t := ui.Table{Caption: p.Title, Empty: "Chưa có nội dung nào.", Cols: []ui.Col{{Label: "Xã, phường"}, {Label: "Nội dung", Num: true}, {Label: "Chờ xác nhận", Num: true}, {Label: "Đã xếp nhóm", Num: true},
			{Label: "Chưa cho biết", Num: true}, {Label: "Đã giải quyết", Num: true}, {Label: "Chưa giải quyết được", Num: true}}}
		for _, l := range communes {
			t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.unit(l.Unit), Href: campaignPath(x.c.ID) + "/items?commune=" + url.QueryEscape(string(l.Unit))}, {Text: grouped(l.Items)}, {Text: grouped(l.Waiting)}, {Text: grouped(l.Grouped)},
				{Text: grouped(l.Told)}, {Text: grouped(l.Settled)}, {Text: grouped(l.Unsettled)}})
		}
		return listPage(listView{Head: x.head(p.Title, x.c.Title), Top: ui.TableOf("communes", t)}), nil
	})
}

// campaignFile gives the appendix as XLSX or DOCX, and the agenda as PDF.
func (s *Server) campaignFile(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	var a export.Appendix
	var agenda *paper.Document
	file := r.PathValue("file")
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		switch file {
		case "appendix.xlsx", "appendix.docx":
			a, err = export.ReadAppendix(tx, who, id)
		case "agenda.pdf":
			agenda, err = export.Agenda(tx, who, id)
		default:
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	switch file {
	case "appendix.xlsx":
		return sendSheet(w, a)
	case "appendix.docx":
		page := a.Page()
		if err := paper.DOCX(&b, page); err != nil {
			return err
		}
		sendFile(w, page.FileName()+".docx", paper.DocxType, b.Bytes())
	default:
		if err := paper.PDF(&b, agenda); err != nil {
			return err
		}
		sendFile(w, agenda.FileName()+".pdf", "application/pdf", b.Bytes())
	}
	return nil
}
