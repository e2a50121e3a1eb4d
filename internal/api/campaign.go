package api

import (
	"bytes"
	"net/http"
	"slices"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

const (
	campaignsPath     = "/api/v1/campaigns/"
	campaignItemsPath = "/api/v1/campaign-items/"
	tagCampaign       = "Đợt thu thập"
)

// campaigning are the routes of campaigns.
func (s *Server) campaigning() []route {
	const one, item = "/api/v1/campaigns/{id}", "/api/v1/campaign-items/{id}"
	all := []route{
		act[campaignIn]("POST", "/api/v1/campaigns", "openCampaign", "Mở đợt thu thập khó khăn, vướng mắc (Văn phòng UBND tỉnh).", (*call).openCampaign).makes(campaignOut{}),
		list("/api/v1/campaigns", "campaigns", "Các đợt được xem, mới nhất trước.", page[campaignLine]{}, (*call).campaigns, byPage...),
		look(one, "getCampaign", "Xem một đợt: nhóm vấn đề, câu trả lời, tiến độ.", campaignOut{}, (*call).getCampaign),
		act[campaignMoveIn]("POST", one+"/move", "moveCampaign", "Đổi hạn thu thập.", (*call).moveCampaign).gives(campaignOut{}),
		act[campaignMemberIn]("POST", one+"/members", "nameCampaignMember", "Giao người nhập cho tổ công tác.", (*call).nameCampaignMember).gives(campaignOut{}),
		act[campaignItemIn]("POST", one+"/items", "enterCampaignItem", "Nhập khó khăn, vướng mắc của xã, hoặc thay cho xã.", (*call).enterCampaignItem).makes(campaignItemOut{}),
		list(one+"/items", "campaignItems", "Nội dung của đợt được xem.", page[campaignItemOut]{}, (*call).campaignItems, slices.Concat(campaign.ItemConditions, byPage)...),
		list(one+"/suggestions", "suggestCampaignGroups", "Gợi ý nhóm: nội dung giống nhau chưa xếp nhóm.", page[campaignSuggestion]{}, (*call).suggestCampaignGroups),
		act[campaignGroupIn]("POST", one+"/groups", "formCampaignGroup", "Lập nhóm vấn đề từ nội dung xã đã xác nhận.", (*call).formCampaignGroup).gives(campaignOut{}),
		act[campaignPutIn]("POST", one+"/put", "putCampaignItems", "Đưa nội dung vào nhóm, hoặc ra khỏi nhóm.", (*call).putCampaignItems).gives(campaignOut{}),
		act[campaignOrderIn]("POST", one+"/order", "orderAgenda", "Sắp lại chương trình phiên họp.", (*call).orderAgenda).gives(campaignOut{}),
		act[campaignAskIn]("POST", one+"/ask", "askCampaignExplanations", "Yêu cầu cơ quan chủ trì báo cáo giải trình trước một thời điểm.", (*call).askCampaignExplanations).gives(campaignOut{}),
		act[textIn]("POST", one+"/explanation", "explainInCampaign", "Gửi báo cáo giải trình trong một bước (đơn vị có đường đi văn bản một bước).", (*call).explainInCampaign).gives(campaignOut{}),
		act[textIn]("POST", one+"/drafts", "draftCampaignExplanation", "Soạn dự thảo báo cáo giải trình.", (*call).draftCampaignExplanation).makes(paperOut{}),
		act[campaignPlanIn]("POST", one+"/plan", "planCampaignSession", "Định phiên họp trực tuyến.", (*call).planCampaignSession).gives(campaignOut{}),
		act[campaignBeginIn]("POST", one+"/begin", "beginCampaignSession", "Bắt đầu phiên họp; trước giờ đã định thì nêu lý do.", (*call).beginCampaignSession).gives(campaignOut{}),
		act[campaignAnswerIn]("POST", one+"/answers", "answerCampaignGroup", "Ghi câu trả lời trong phiên họp; sau phiên họp cơ quan chủ trì sửa, trả lời tiếp.", (*call).answerCampaignGroup).gives(campaignOut{}),
		act[noneIn]("POST", one+"/end", "endCampaignSession", "Kết thúc phiên họp; câu trả lời được gửi về từng xã, phường.", (*call).endCampaignSession).gives(campaignOut{}),
		act[noneIn]("POST", one+"/close", "closeCampaign", "Kết thúc đợt.", (*call).closeCampaign).gives(campaignOut{}),
		{method: "GET", path: one + "/appendix", id: "campaignAppendix", say: "Phụ lục của đợt, tệp bảng tính hoặc văn bản.", status: http.StatusOK, media: "application/octet-stream",
			query: filter.Set{filter.Choice("format", "Định dạng", filter.Option{Value: "xlsx"}, filter.Option{Value: "docx"})}, do: (*call).campaignAppendix},
		look(item, "getCampaignItem", "Xem một nội dung của đợt.", campaignItemOut{}, (*call).getCampaignItem),
		act[campaignConfirmIn]("POST", item+"/confirm", "confirmCampaignItem", "Xã xác nhận, sửa, hoặc không nhận nội dung.", (*call).confirmCampaignItem).gives(campaignItemOut{}),
		act[settleIn]("POST", item+"/settle", "settleCampaignItem", "Xã cho biết đã giải quyết được hay chưa.", (*call).settleCampaignItem).gives(campaignItemOut{}),
		act[campaignRaiseIn]("POST", item+"/petition", "raiseCampaignItem", "Chuyển nội dung chưa giải quyết được thành kiến nghị.", (*call).raiseCampaignItem).gives(campaignItemOut{}),
	}
	for i := range all {
		all[i].tag = tagCampaign
	}
	return all
}

func units(ids []string) (all []org.UnitID) {
	for _, id := range ids {
		all = append(all, org.UnitID(id))
	}
	return all
}

// campaignDay reads a day of a body; "" is the zero day.
func campaignDay(field, s string) (workday.Date, error) {
	if s == "" {
		return workday.Date{}, nil
	}
	d, err := workday.ParseDate(s)
	if err != nil {
		return d, fault.Field(field, "Ngày ghi như 2026-02-26.")
	}
	return d, nil
}

// campaignFull is a campaign with its groups and progress.
func campaignFull(tx *db.Tx, who org.Actor, id casefile.ID, version int64) (out campaignOut, err error) {
	c, err := campaign.Get(tx, who, id)
	if err != nil {
		return out, err
	}
	out = campaignOut{campaignLine: campaignLine{ID: string(c.ID), Code: c.Code, Title: c.Title, State: c.State, Number: c.Number, Until: instant(c.Until), SessionAt: instant(c.At), BegunAt: instant(c.BegunAt), EndedAt: instant(c.EndedAt)},
		IssuedOn: c.IssuedOn, Groups: []themeItem{}, Communes: []campaignCommune{}, Units: []campaignUnit{}, Version: version}
	themes, err := campaign.Themes(tx, who, id)
	if err != nil {
		return out, err
	}
	for _, t := range themes {
		x := themeItem{N: t.N, Title: t.Title, Lead: string(t.Lead), Items: t.Items, Open: t.Open(), Answers: []themeGiven{}}
		for i, a := range t.Answers {
			x.Answers = append(x.Answers, themeGiven{N: a.N, Speaker: a.Speaker, Outcome: string(a.Outcome), Text: a.Text, Number: a.Number, NextOn: a.NextOn,
				InSession: a.InSession, Holds: i == len(t.Answers)-1, At: instant(a.AnsweredAt)})
		}
		out.Groups = append(out.Groups, x)
	}
	communes, byUnit, err := campaign.Progress(tx, who, id)
	for _, l := range communes {
		out.Communes = append(out.Communes, campaignCommune{string(l.Unit), l.Items, l.Waiting, l.Grouped, l.Told, l.Settled, l.Unsettled})
	}
	for _, l := range byUnit {
		u := campaignUnit{Unit: string(l.Unit), Groups: l.Themes, Items: l.Items, Answered: l.Answered, Open: l.Open}
		if d := l.Explained; d != nil {
			u.Explanation, u.DueAt, u.Late = string(d.Fate), instant(d.DueAt), d.Late() || d.MissedAtNow(tx.Now)
		}
		out.Units = append(out.Units, u)
	}
	return out, err
}

// onCampaign runs an operation on the campaign of the address and answers how it stands.
func (c *call) onCampaign(fn func(tx *db.Tx, who org.Actor, id casefile.ID) error) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		id := casefile.ID(c.id)
		k, err := casefile.Get(tx, who, id)
		if err != nil {
			return done{}, err
		}
		if err := fn(tx, who, id); err != nil {
			return done{}, err
		}
		out, err := campaignFull(tx, who, id, k.Version+1)
		return done{status: http.StatusOK, location: campaignsPath + c.id, version: k.Version + 1, body: &out}, err
	})
}

// campaignAgain answers a repeated request with how the campaign stands now.
func (c *call) campaignAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	k, err := casefile.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	out, err := campaignFull(tx, who, id, k.Version)
	return done{status: http.StatusOK, location: campaignsPath + string(id), version: k.Version, body: &out}, err
}

// openCampaign answers the whole campaign: its communes are in it from the first moment.
func (c *call) openCampaign(in *campaignIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		n := campaign.New{Title: in.Title, Number: in.Number, Communes: units(in.Communes), Text: in.Text}
		if n.Until, err = instantOf("until", in.Until); err != nil {
			return d, err
		}
		if n.IssuedOn, err = campaignDay("issued_on", in.IssuedOn); err != nil {
			return d, err
		}
		x, err := campaign.Open(tx, who, n)
		if err != nil {
			return d, err
		}
		out, err := campaignFull(tx, who, x.ID, x.Version)
		return done{status: http.StatusCreated, location: campaignsPath + string(x.ID), version: x.Version, body: &out}, err
	})
}

func (c *call) campaigns() error {
	limit := c.limit()
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := campaign.List(tx, who, c.q.Get("cursor"), limit)
		out := page[campaignLine]{Items: []campaignLine{}, Next: next}
		for _, x := range all {
			out.Items = append(out.Items, campaignLine{string(x.ID), x.Code, x.Title, x.State, x.Number, instant(x.Until), instant(x.At), instant(x.BegunAt), instant(x.EndedAt)})
		}
		return &out, 0, err
	})
}

func (c *call) getCampaign() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		k, err := casefile.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := campaignFull(tx, who, k.ID, k.Version)
		return &out, k.Version, err
	})
}

func (c *call) moveCampaign(in *campaignMoveIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		until, err := instantOf("until", in.Until)
		if err != nil {
			return err
		}
		_, err = campaign.Move(tx, who, id, until, c.version)
		return err
	})
}

func (c *call) nameCampaignMember(in *campaignMemberIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Name(tx, who, id, org.OfficerID(in.Officer), in.Team, c.version)
		return err
	})
}

// suggestCampaignGroups reads what the sender may see and decides nothing.
func (c *call) suggestCampaignGroups() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if _, err := campaign.Get(tx, who, casefile.ID(c.id)); err != nil {
			return nil, 0, err
		}
		all, err := campaign.Suggest(tx, who, casefile.ID(c.id))
		out := page[campaignSuggestion]{Items: []campaignSuggestion{}}
		for _, g := range all {
			s := campaignSuggestion{Title: g.Title}
			for _, i := range g.Items {
				s.Items = append(s.Items, campaignItemView(&i, i.Version))
			}
			out.Items = append(out.Items, s)
		}
		return &out, 0, err
	})
}

func (c *call) formCampaignGroup(in *campaignGroupIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Group(tx, who, id, campaign.Grouping{Title: in.Title, Lead: org.UnitID(in.Lead), Items: cases(in.Items), Version: c.version})
		return err
	})
}

func (c *call) putCampaignItems(in *campaignPutIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		return campaign.Put(tx, who, id, in.Group, cases(in.Items), c.version)
	})
}

func (c *call) orderAgenda(in *campaignOrderIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		return campaign.Order(tx, who, id, in.Order, c.version)
	})
}

func (c *call) askCampaignExplanations(in *campaignAskIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		day, err := campaignDay("issued_on", in.IssuedOn)
		if err != nil {
			return err
		}
		by, err := instantOf("by", in.By)
		if err != nil {
			return err
		}
		_, err = campaign.Ask(tx, who, id, campaign.Demand{Units: units(in.Units), By: by, Number: in.Number, IssuedOn: day, Text: in.Text, Version: c.version})
		return err
	})
}

func (c *call) explainInCampaign(in *textIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.ExplainNow(tx, who, id, in.Text, signoff.Outer{}, c.version)
		return err
	})
}

func (c *call) draftCampaignExplanation(in *textIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, err := campaign.DraftExplanation(tx, c.s.Desk, who, casefile.ID(c.id), in.Text, c.version)
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) planCampaignSession(in *campaignPlanIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		at, err := instantOf("at", in.At)
		if err != nil {
			return err
		}
		_, err = campaign.Plan(tx, who, id, at, c.version)
		return err
	})
}

func (c *call) beginCampaignSession(in *campaignBeginIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Begin(tx, who, id, campaign.Opening{Reason: in.Reason, Version: c.version})
		return err
	})
}

// answerCampaignGroup serves the session and the time after it: which of both it is, and who
// may, is the operation's to say.
func (c *call) answerCampaignGroup(in *campaignAnswerIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		day, err := campaignDay("next_on", in.NextOn)
		if err != nil {
			return err
		}
		_, err = campaign.Answer(tx, who, id, campaign.Reply{Theme: in.Group, Speaker: in.Speaker, Outcome: petition.Outcome(in.Outcome), Text: in.Text, Number: in.Number, NextOn: day, Version: c.version})
		return err
	})
}

func (c *call) endCampaignSession(*noneIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.End(tx, who, id, c.version)
		return err
	})
}

func (c *call) closeCampaign(*noneIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Close(tx, who, id, c.version)
		return err
	})
}

// campaignAppendix answers the appendix as a file.
func (c *call) campaignAppendix() error {
	format := c.q.Get("format")
	if format != "xlsx" && format != "docx" {
		return fault.Field("format", "Định dạng là xlsx hoặc docx.")
	}
	var a export.Appendix
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		a, err = export.ReadAppendix(tx, who, casefile.ID(c.id))
		return err
	})
	if err != nil {
		return err
	}
	if format == "xlsx" {
		return c.sendSheet(a)
	}
	var b bytes.Buffer
	d := a.Page()
	if err := paper.DOCX(&b, d); err != nil {
		return err
	}
	c.sendFile(d.FileName()+".docx", paper.DocxType, b.Bytes())
	return nil
}
