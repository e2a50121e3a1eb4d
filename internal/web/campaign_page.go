package web

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

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
		all = append(all, x.do("item", "Nhập khó khăn, vướng mắc"), ui.Button{Label: "Nhập từ bảng tính", Href: campaignPath(x.c.ID) + "/import"})
	}
	owes, err := campaign.OwesExplanation(x.tx, x.who, x.c)
	if err != nil {
		return nil, err
	}
	if owes {
		b, err := x.explaining()
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	if !x.runs || x.c.State == campaign.Closed {
		return all, nil
	}
	if open {
		all = append(all, ui.Button{Label: "Xếp nhóm vấn đề", Href: campaignPath(x.c.ID) + "/suggestions"})
		if len(x.themes) > 0 {
			all = append(all, x.do("ask", "Yêu cầu giải trình"), x.do("plan", "Định phiên họp"))
		}
		if !x.c.At.IsZero() && !x.tx.Now.Before(x.c.Until) {
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

// explaining leads to the explanation that is being written, or to the form that begins it.
func (x *campaignReading) explaining() (ui.Button, error) {
	papers, err := signoff.OfCase(x.tx, x.who, x.c.ID)
	for _, p := range papers {
		if p.Kind == campaign.PaperExplain && p.State != signoff.Released && x.who.In(p.Unit) {
			return ui.Button{Label: "Mở dự thảo giải trình", Href: paperPath(p.ID)}, nil
		}
	}
	return x.do("explain", "Soạn báo cáo giải trình"), err
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
	all := []ui.Fact{fact("Phiên họp", cmp.Or(upper(x.c.Held()), "chưa định")), fact("Nội dung", grouped(items)+", chờ xã xác nhận "+grouped(waiting)), fact("Nhóm vấn đề", itoa(int64(len(x.themes))))}
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
