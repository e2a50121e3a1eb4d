package web

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// campaigning are the pages of campaigns.
func (s *Server) campaigning() {
	s.handle("GET /campaigns", s.campaigns)
	s.handle("GET /campaigns/new", s.campaignNew)
	s.handle("POST /campaigns/new", s.campaignOpen)
	s.handle("GET /campaigns/{case}", s.campaign)
	s.handle("GET /campaigns/{case}/items", s.campaignItems)
	s.handle("GET /campaigns/{case}/communes", s.campaignCommunes)
	s.handle("GET /campaigns/{case}/suggestions", s.campaignSuggestions)
	s.handle("GET /campaigns/{case}/session", s.campaignSession)
	s.handle("GET /campaigns/{case}/files/{file}", s.campaignFile)
	s.handle("GET /campaigns/{case}/do/{act}", s.campaignForm)
	s.handle("POST /campaigns/{case}/do/{act}", s.campaignAct)
	s.handle("GET /campaign-items/{case}", s.campaignItem)
	s.handle("GET /campaign-items/{case}/do/{act}", s.campaignItemForm)
	s.handle("POST /campaign-items/{case}/do/{act}", s.campaignItemAct)
}

func campaignPath(id casefile.ID) string     { return "/campaigns/" + string(id) }
func campaignItemPath(id casefile.ID) string { return "/campaign-items/" + string(id) }

// instantText is an instant as offices write it.
func instantText(at time.Time) string {
	if at.IsZero() {
		return "chưa định"
	}
	return moment(at)
}

// campaigns lists the campaigns that the officer may see.
func (s *Server) campaigns(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Đợt thu thập"
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title, Sub: "Khó khăn, vướng mắc của cấp xã, thu thập theo đợt và giải đáp tại phiên họp"}}
		may, err := campaign.MayMerge(tx, who)
		if err != nil {
			return nil, err
		}
		if may {
			v.Head.Tools = append(v.Head.Tools, ui.Button{Label: "Mở đợt", Href: "/campaigns/new"})
		}
		all, next, err := campaign.List(tx, who, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		var rows []ui.Row
		for _, c := range all {
			rows = append(rows, ui.Row{Href: campaignPath(c.ID), Do: c.Title, Code: c.Code, About: "văn bản số " + c.Number, From: "thu thập đến trước " + instantText(c.Until),
				Chips: []ui.Chip{{Tone: ui.Info, Text: campaign.States[c.State]}}})
		}
		if len(rows) == 0 {
			v.Empty = ui.Nothing{Title: "Chưa có đợt nào", Text: "Văn phòng mở một đợt khi cần hỏi nhiều xã, phường cùng lúc, trước một phiên họp giải đáp."}
		} else {
			v.Groups = []ui.Group{{Title: "Mới nhất trước", Rows: rows}}
		}
		if next != "" {
			v.More = "/campaigns?from=" + url.QueryEscape(next)
		}
		return listPage(v), nil
	})
}

// campaignNew is the form of a new campaign.
func (s *Server) campaignNew(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if may, err := campaign.MayMerge(tx, who); err != nil || !may {
			return nil, firstOf(err, fault.Refuse(fault.Denied, "Chỉ Văn phòng UBND tỉnh mở đợt thu thập."))
		}
		p.Title = "Mở đợt thu thập"
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Đợt thu thập", Href: "/campaigns"}}, Title: p.Title, Sub: "Mọi xã, phường được báo và nhập nội dung đến hạn"}}
		t := keptOf(r)
		v.Top = carded(ui.SheetOf(t.form(ui.Form{Action: "/campaigns/new", Key: p.Key, Send: "Mở đợt"}), inputs(t.with(append([]input{
			{Kind: line, Input: ui.Input{Name: "title", Label: "Tên đợt", Required: true, Max: 300, Auto: "off"}},
			{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu văn bản yêu cầu", Required: true}},
			{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày văn bản", Type: "date", Required: true}}},
			append(instantInputs("until", "Thu thập đến trước", workday.Date{}, ""), input{Kind: area, Input: ui.Input{Name: "text", Label: "Cần xã, phường nêu gì", Rows: 3}})...)))))
		return listPage(v), nil
	})
}

// instantInputs are the day and the hour of an instant.
func instantInputs(name, label string, day workday.Date, hour string) []input {
	d := ""
	if !day.IsZero() {
		d = day.String()
	}
	return []input{{Kind: line, Input: ui.Input{Name: name + "_hour", Label: label + ", giờ", Hint: "Như 16:00. Đúng giờ ấy là đã muộn.", Value: hour, Required: true}},
		{Kind: line, Input: ui.Input{Name: name + "_day", Label: "ngày", Type: "date", Value: d, Required: true}}}
}

// typedInstant reads what instantInputs asked for.
func typedInstant(r *http.Request, name string) (at time.Time, err error) {
	day, err := typedDay(r, name+"_day", "Ngày ghi như 04/08/2025.")
	if err != nil {
		return at, err
	}
	if day.IsZero() {
		return at, fault.Field(name+"_day", "Hãy ghi ngày.")
	}
	hour := strings.NewReplacer("h", ":", "g", ":").Replace(strings.TrimSpace(r.PostForm.Get(name + "_hour")))
	if strings.HasSuffix(hour, ":") {
		hour += "00"
	}
	t, err := time.Parse("15:04", hour)
	if err != nil {
		return at, fault.Field(name+"_hour", "Giờ ghi như 16:00 hoặc 16h00.")
	}
	return day.Midnight().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute), nil
}

// campaignOpen opens a campaign; what is refused comes back at its field.
func (s *Server) campaignOpen(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		in := campaign.New{Title: r.PostForm.Get("title"), Number: r.PostForm.Get("number"), Text: r.PostForm.Get("text")}
		if in.IssuedOn, err = typedDay(r, "issued_on", "Ngày ghi như 28/07/2025."); err != nil {
			return d, err
		}
		if in.Until, err = typedInstant(r, "until"); err != nil {
			return d, campaignFields(err, "until")
		}
		c, err := campaign.Open(tx, who, in)
		if err != nil {
			return d, campaignFields(err, "until")
		}
		return done{To: campaignPath(c.ID), Version: c.Version, Say: "Đã mở đợt; xã, phường được báo."}, nil
	})
	return s.again(w, r, err, s.campaignNew)
}

// campaignFields moves a refusal of an instant to its day: the form asks for it in two.
func campaignFields(err error, names ...string) error {
	for _, f := range refusals(err) {
		if slices.Contains(names, f.Field) {
			return fault.Field(f.Field+"_day", "%s", f.Say)
		}
	}
	return err
}

// A campaignReading is what one page of a campaign shows from.
type campaignReading struct {
	tx     *db.Tx
	who    org.Actor
	c      *campaign.Campaign
	themes []*campaign.Theme
	runs   bool
	n      *names
}

func readCampaign(tx *db.Tx, who org.Actor, r *http.Request) (x *campaignReading, err error) {
	x = &campaignReading{tx: tx, who: who, n: newNames(tx)}
	if x.c, err = campaign.Get(tx, who, casefile.ID(r.PathValue("case"))); err != nil {
		return nil, err
	}
	if x.themes, err = campaign.Themes(tx, who, x.c.ID); err != nil {
		return nil, err
	}
	x.runs, err = campaign.MayMerge(tx, who)
	return x, err
}

// head is the head of a page under the campaign's own.
func (x *campaignReading) head(title, sub string) ui.Head {
	return ui.Head{Crumbs: []ui.Link{{Label: "Đợt thu thập", Href: "/campaigns"}, {Label: "Mã theo dõi " + x.c.Code, Href: campaignPath(x.c.ID)}}, Title: title, Sub: sub,
		Chips: []ui.Chip{{Tone: ui.Info, Text: campaign.States[x.c.State]}}}
}

// do is the way to the form of an act.
func (x *campaignReading) do(act, label string) ui.Button {
	return ui.Button{Label: label, Href: campaignPath(x.c.ID) + "/do/" + act}
}

// campaign is the page of one campaign: how far it is, and what this officer may do.
func (s *Server) campaign(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = x.c.Title
		v := listView{Head: x.head(x.c.Title, "Văn bản số "+x.c.Number+" ngày "+longOf(x.c.IssuedOn))}
		v.Head.Tools = x.tools()
		acts, err := x.acts()
		if err != nil {
			return nil, err
		}
		communes, units, err := campaign.Progress(tx, who, x.c.ID)
		if err != nil {
			return nil, err
		}
		parts := []templ.Component{x.facts(communes), x.next(acts), ui.TableOf("themes", x.themeTable())}
		if len(units) > 0 {
			parts = append(parts, ui.TableOf("units", x.unitTable(units)))
		}
		items, err := x.ownItems(communes)
		if err != nil {
			return nil, err
		}
		papers, err := signoff.OfCase(tx, who, x.c.ID)
		if err != nil {
			return nil, err
		}
		v.Top = ui.Stack(append(append(parts, items...), paperTable(papers, x.n)...)...)
		return listPage(v), nil
	})
}

func longOf(day string) string {
	if d, err := workday.ParseDate(day); err == nil {
		return d.Long()
	}
	return "–"
}

// tools are the lists and files of a campaign.
func (x *campaignReading) tools() []ui.Button {
	at := campaignPath(x.c.ID)
	all := []ui.Button{{Label: "Nội dung", Href: at + "/items"}}
	if len(x.themes) > 0 {
		all = append(all, ui.Button{Label: "Phiên họp", Href: at + "/session"}, ui.Button{Label: "Phụ lục Excel", Href: at + "/files/appendix.xlsx"}, ui.Button{Label: "Phụ lục Word", Href: at + "/files/appendix.docx"})
	}
	if x.runs {
		all = append(all, ui.Button{Label: "Theo xã, phường", Href: at + "/communes"})
	}
	return all
}

// acts are what this officer may do on the campaign now, the next one first.
func (x *campaignReading) acts() (all []ui.Button, err error) {
	open := x.c.State == campaign.Collecting
	mine, err := campaign.MayEnter(x.tx, x.who, x.c)
	if err != nil {
		return nil, err
	}
	if mine {
		all = append(all, x.do("item", "Nhập khó khăn, vướng mắc"))
	}
	owes, err := campaign.OwesExplanation(x.tx, x.who, x.c)
	if err != nil {
		return nil, err
	}
	if owes {
		all = append(all, x.do("explain", "Soạn báo cáo giải trình"))
	}
	if !x.runs || x.c.State == campaign.Closed {
		return all, nil
	}
	if open {
		all = append(all, ui.Button{Label: "Xếp nhóm vấn đề", Href: campaignPath(x.c.ID) + "/suggestions"})
		if len(x.themes) > 0 {
			all = append(all, x.do("ask", "Yêu cầu giải trình"), x.do("plan", "Định phiên họp"))
		}
		if !x.c.At.IsZero() {
			all = append(all, x.do("begin", "Bắt đầu phiên họp"))
		}
		all = append(all, x.do("move", "Đổi hạn thu thập"), x.do("member", "Giao người của tổ công tác"))
	}
	if x.c.State == campaign.Session {
		all = append(all, ui.Button{Label: "Ghi câu trả lời", Href: campaignPath(x.c.ID) + "/session"}, x.do("end", "Kết thúc phiên họp"))
	}
	if x.c.State == campaign.Answered {
		all = append(all, x.do("close", "Kết thúc đợt"))
	}
	return all, nil
}

// next offers the acts: the first as the next step, the rest beside it.
func (x *campaignReading) next(acts []ui.Button) templ.Component {
	n := ui.NextStep{Sentence: "Anh/chị không phải làm gì trong đợt này lúc này.", Note: "Thu thập đến trước " + instantText(x.c.Until)}
	if len(acts) > 0 {
		n.Sentence, n.Main, n.Quiet = "Việc anh/chị làm được trong đợt này", acts[0], acts[1:]
	}
	return ui.NextAct(n)
}

// facts are the figures of the campaign over what this officer may see: a commune's page
// counts its own items, so no number tells of others.
func (x *campaignReading) facts(communes []campaign.CommuneLine) templ.Component {
	var items, waiting, told, settled, unsettled, silent int64
	for _, l := range communes {
		items, waiting, told, settled, unsettled = items+l.Items, waiting+l.Waiting, told+l.Told, settled+l.Settled, unsettled+l.Unsettled
		if l.Items == 0 {
			silent++
		}
	}
	all := []ui.Fact{fact("Phiên họp", instantText(x.c.At)), fact("Nội dung", grouped(items)+", chờ xã xác nhận "+grouped(waiting)), fact("Nhóm vấn đề", itoa(int64(len(x.themes))))}
	if told+settled+unsettled > 0 {
		all = append(all, fact("Xã cho biết", "đã giải quyết "+grouped(settled)+", chưa giải quyết được "+grouped(unsettled)+", chưa cho biết "+grouped(told)))
	}
	if x.runs {
		all = append(all, fact("Chưa nhập nội dung nào", grouped(silent)+" xã, phường"))
	}
	return carded(ui.Facts(all))
}

// standing says in words where a group stands.
func standing(t *campaign.Theme) string {
	a, ok := t.Holds()
	switch {
	case !ok:
		return "chưa trả lời"
	case a.Open():
		return a.Outcome.Say() + ", báo tiếp ngày " + longOf(a.NextOn)
	}
	return a.Outcome.Say()
}

// themeTable has no column of figures, so that a phone shows each group as lines.
func (x *campaignReading) themeTable() ui.Table {
	t := ui.Table{Caption: "Nhóm vấn đề", Empty: "Chưa có nhóm nào; Văn phòng xếp nhóm khi xã, phường đã xác nhận nội dung.",
		Cols: []ui.Col{{Label: "TT"}, {Label: "Nhóm"}, {Label: "Cơ quan trả lời"}, {Label: "Số nội dung"}, {Label: "Tình trạng"}}}
	for i, g := range x.themes {
		t.Rows = append(t.Rows, []ui.Cell{{Text: itoa(int64(i + 1))}, {Text: g.Title, Href: campaignPath(x.c.ID) + "/session#theme-" + itoa(g.N)}, {Text: x.n.unit(g.Lead)}, {Text: grouped(g.Items)}, {Text: standing(g)}})
	}
	return t
}

// unitTable shows a late explanation in red to the unit that owes it and to nobody else.
func (x *campaignReading) unitTable(all []campaign.UnitLine) ui.Table {
	t := ui.Table{Caption: "Theo cơ quan trả lời", Cols: []ui.Col{{Label: "Cơ quan"}, {Label: "Nhóm", Num: true}, {Label: "Nội dung", Num: true}, {Label: "Báo cáo giải trình"}, {Label: "Đã trả lời", Num: true}, {Label: "Còn mở", Num: true}}}
	for _, l := range all {
		e := ui.Cell{Text: "chưa yêu cầu"}
		if d := l.Explained; d != nil {
			switch {
			case d.MissedAtNow(x.tx.Now):
				e = ui.Cell{Text: "quá hạn, chưa gửi", Tone: ui.Late}
				if !x.who.In(d.Owner) {
					e.Tone = ui.Calm
				}
			case d.Late():
				e = ui.Cell{Text: "gửi muộn, " + instantText(d.EndedAt)}
			case !d.EndedAt.IsZero():
				e = ui.Cell{Text: "gửi đúng hạn, " + instantText(d.EndedAt), Tone: ui.Done}
			default:
				e = ui.Cell{Text: "trước " + instantText(d.DueAt)}
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.unit(l.Unit)}, {Text: grouped(l.Themes)}, {Text: grouped(l.Items)}, e, {Text: grouped(l.Answered)}, {Text: grouped(l.Open)}})
	}
	return t
}

// ownItems are the first items of who does not run the campaign: a commune's own, what a
// working group entered, what a department leads.
func (x *campaignReading) ownItems(communes []campaign.CommuneLine) ([]templ.Component, error) {
	if x.runs || len(communes) == 0 {
		return nil, nil
	}
	all, _, err := campaign.Items(x.tx, x.who, x.c.ID, campaign.Filter{}, "", pageRows)
	return []templ.Component{ui.TableOf("items", x.itemTable(all))}, err
}

// itemTable names the source of every item: who entered it stays with it.
func (x *campaignReading) itemTable(all []campaign.Item) ui.Table {
	title := map[int64]string{}
	for _, t := range x.themes {
		title[t.N] = t.Title
	}
	t := ui.Table{Caption: "Nội dung", Empty: "Không có nội dung nào anh/chị được xem.",
		Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Xã, phường"}, {Label: "Khó khăn, vướng mắc"}, {Label: "Nguồn"}, {Label: "Nhóm"}, {Label: "Tình trạng"}}}
	for _, i := range all {
		t.Rows = append(t.Rows, []ui.Cell{{Text: i.Code, Href: campaignItemPath(i.ID)}, {Text: x.n.unit(i.Commune)}, {Text: i.Title}, {Text: sourceOf(&i)}, {Text: title[i.Theme]}, {Text: campaign.ItemStates[i.State]}})
	}
	return t
}

// sourceOf says who entered an item.
func sourceOf(i *campaign.Item) string {
	if i.Team != "" {
		return i.Team
	}
	return "xã nhập"
}

// paperTable lists the explanations that this officer may read.
func paperTable(all []*signoff.Paper, n *names) []templ.Component {
	if len(all) == 0 {
		return nil
	}
	t := ui.Table{Caption: "Báo cáo giải trình", Cols: []ui.Col{{Label: "Cơ quan"}, {Label: "Văn bản"}, {Label: "Tình trạng"}}}
	for _, x := range all {
		t.Rows = append(t.Rows, []ui.Cell{{Text: n.unit(x.Unit)}, {Text: x.Title, Href: paperPath(x.ID)}, {Text: joinDot(x.Where(), x.Symbol)}})
	}
	return []templ.Component{ui.TableOf("papers", t)}
}

// campaignItems lists the items, filtered by state and group.
func (s *Server) campaignItems(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Nội dung của đợt"
		f := campaign.Filter{State: r.Form.Get("state"), Commune: org.UnitID(r.Form.Get("commune"))}
		all, next, err := campaign.Items(tx, who, x.c.ID, f, r.Form.Get("from"), 100)
		if err != nil {
			return nil, err
		}
		state := ui.Input{Name: "state", Label: "Tình trạng", Value: f.State}
		for _, k := range []string{campaign.Entered, campaign.Confirmed, campaign.Refused, campaign.Told, campaign.Settled, campaign.Unsettled} {
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

// campaignOutcomes are the outcomes that an answer to a group may have.
func campaignOutcomes() (all []ui.Option) {
	for _, o := range petition.Outcomes {
		if o != petition.NotCompetent {
			all = append(all, ui.Option{Value: string(o), Label: upper(o.Say())})
		}
	}
	return all
}
