package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// campaigning are the pages of campaigns.
func (s *Server) campaigning() {
	s.handle("GET /campaigns", s.campaigns)
	s.handle("GET /campaigns/new", s.campaignNew)
	s.handle("POST /campaigns/new", s.campaignOpen)
	s.handle("GET /campaigns/{case}", s.campaign)
	s.handle("GET /campaigns/{case}/communes", s.campaignCommunes)
	s.handle("GET /campaigns/{case}/suggestions", s.campaignSuggestions)
	s.handle("GET /campaigns/{case}/session", s.campaignSession)
	s.handle("GET /campaigns/{case}/files/{file}", s.campaignFile)
	s.campaignImports()
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
			append(instantInputs("until", "Thu thập đến trước", lateThen, time.Time{}), input{Kind: area, Input: ui.Input{Name: "text", Label: "Cần xã, phường nêu gì", Rows: 3}})...)))))
		return listPage(v), nil
	})
}

// lateThen is said beside an hour that ends something.
const lateThen = " Đúng giờ ấy là đã muộn."

// instantInputs are the day and the hour of an instant; zero: none is typed yet.
func instantInputs(name, label, hint string, at time.Time) []input {
	day, hour := "", ""
	if !at.IsZero() {
		day, hour = workday.Of(at).String(), at.In(workday.Office).Format("15:04")
	}
	return []input{{Kind: line, Input: ui.Input{Name: name + "_hour", Label: label + ", giờ", Hint: "Như 16:00." + hint, Value: hour, Required: true}},
		{Kind: line, Input: ui.Input{Name: name + "_day", Label: "ngày", Type: "date", Value: day, Required: true}}}
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

// campaignOutcomes are the outcomes that an answer to a group may have.
func campaignOutcomes() (all []ui.Option) {
	for _, o := range petition.Outcomes {
		if o != petition.NotCompetent {
			all = append(all, ui.Option{Value: string(o), Label: upper(o.Say())})
		}
	}
	return all
}
