package api

import (
	"bytes"
	"net/http"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
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

// campaignLine is a campaign in a list.
type campaignLine struct {
	ID        string `json:"id"`
	Code      string `json:"code" doc:"mã theo dõi"`
	Title     string `json:"title"`
	State     string `json:"state" doc:"collecting, session, answered hoặc closed"`
	Number    string `json:"number" doc:"số, ký hiệu văn bản yêu cầu"`
	Until     string `json:"until" doc:"thời điểm đầu tiên không nhận nữa, RFC 3339"`
	SessionAt string `json:"session_at" doc:"giờ họp; rỗng là chưa định"`
}

// campaignOut is a campaign as this officer may see it.
type campaignOut struct {
	campaignLine
	IssuedOn string            `json:"issued_on"`
	Groups   []themeItem       `json:"groups" doc:"nhóm vấn đề, theo thứ tự chương trình"`
	Communes []campaignCommune `json:"communes" doc:"tiến độ theo xã, phường"`
	Units    []campaignUnit    `json:"units" doc:"tiến độ theo cơ quan trả lời"`
	Version  int64             `json:"version" doc:"phiên bản, cũng là ETag"`
}

type themeItem struct {
	N       int64        `json:"n" doc:"số của nhóm"`
	Title   string       `json:"title"`
	Lead    string       `json:"lead" doc:"cơ quan trả lời"`
	Items   int64        `json:"items" doc:"số nội dung"`
	Open    bool         `json:"open" doc:"còn chờ câu trả lời hoặc báo tiếp"`
	Answers []themeGiven `json:"answers" doc:"cũ trước; câu cuối đang có giá trị"`
}

type themeGiven struct {
	N         int64  `json:"n"`
	Speaker   string `json:"speaker"`
	Outcome   string `json:"outcome"`
	Text      string `json:"text"`
	Number    string `json:"number"`
	NextOn    string `json:"next_on" doc:"ngày báo tiếp"`
	InSession bool   `json:"in_session"`
	Holds     bool   `json:"holds" doc:"đang có giá trị"`
	At        string `json:"at"`
}

type campaignCommune struct {
	Unit      string `json:"unit"`
	Items     int64  `json:"items"`
	Waiting   int64  `json:"waiting" doc:"chờ xã xác nhận"`
	Grouped   int64  `json:"grouped"`
	Told      int64  `json:"told" doc:"đã trả lời, xã chưa cho biết"`
	Settled   int64  `json:"settled"`
	Unsettled int64  `json:"unsettled"`
}

type campaignUnit struct {
	Unit        string `json:"unit"`
	Groups      int64  `json:"groups"`
	Items       int64  `json:"items"`
	Explanation string `json:"explanation" doc:"rỗng: chưa yêu cầu; open, met"`
	DueAt       string `json:"due_at" doc:"thời điểm đầu tiên là muộn"`
	Late        bool   `json:"late"`
	Answered    int64  `json:"answered"`
	Open        int64  `json:"open"`
}

// campaignItemOut is one item.
type campaignItemOut struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	Campaign string `json:"campaign"`
	Commune  string `json:"commune"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Team     string `json:"team" doc:"tổ công tác đã nhập thay; rỗng: xã nhập"`
	State    string `json:"state" doc:"entered, confirmed, refused, told, settled hoặc unsettled"`
	Group    int64  `json:"group" doc:"số của nhóm; 0: chưa xếp"`
	Lead     string `json:"lead"`
	Petition string `json:"petition" doc:"kiến nghị đã chuyển thành"`
	Version  int64  `json:"version"`
}

type campaignSuggestion struct {
	Title string            `json:"title"`
	Items []campaignItemOut `json:"items"`
}

// What the acts take.
type campaignIn struct {
	Title    string    `json:"title"`
	Number   string    `json:"number" doc:"số, ký hiệu văn bản yêu cầu"`
	IssuedOn string    `json:"issued_on" doc:"ngày văn bản, 2006-01-02"`
	Until    time.Time `json:"until" doc:"thời điểm đầu tiên không nhận nữa"`
	Communes []string  `json:"communes,omitempty" doc:"bỏ trống: mọi xã, phường"`
	Text     string    `json:"text,omitempty"`
}

type campaignMoveIn struct {
	Until time.Time `json:"until"`
}

type campaignMemberIn struct {
	Officer string `json:"officer"`
	Team    string `json:"team" doc:"tên tổ công tác"`
}

type campaignItemIn struct {
	Commune string `json:"commune,omitempty"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Field   string `json:"field,omitempty"`
}

type campaignGroupIn struct {
	Title string   `json:"title"`
	Lead  string   `json:"lead" doc:"cơ quan trả lời"`
	Items []string `json:"items" doc:"mã hồ sơ của các nội dung xã đã xác nhận"`
}

type campaignPutIn struct {
	Group int64    `json:"group" doc:"số của nhóm; 0: ra khỏi nhóm"`
	Items []string `json:"items"`
}

type campaignOrderIn struct {
	Order []int64 `json:"order" doc:"số của mọi nhóm, theo thứ tự mới"`
}

type campaignAskIn struct {
	Units    []string  `json:"units,omitempty" doc:"bỏ trống: mọi cơ quan chủ trì chưa được yêu cầu"`
	By       time.Time `json:"by" doc:"giờ nêu trong văn bản; đúng giờ ấy có muộn hay không là do quy chế"`
	Number   string    `json:"number"`
	IssuedOn string    `json:"issued_on"`
	Text     string    `json:"text,omitempty"`
}

type campaignPlanIn struct {
	At time.Time `json:"at" doc:"giờ họp"`
}

type campaignAnswerIn struct {
	Group   int64  `json:"group"`
	Speaker string `json:"speaker,omitempty" doc:"ai trả lời; bắt buộc trong phiên họp"`
	Outcome string `json:"outcome" doc:"resolved, guided, in_progress hoặc referred_up"`
	Text    string `json:"text"`
	Number  string `json:"number,omitempty" doc:"văn bản kèm theo"`
	NextOn  string `json:"next_on,omitempty" doc:"ngày báo tiếp khi việc còn mở"`
}

type campaignConfirmIn struct {
	Accept bool   `json:"accept"`
	Title  string `json:"title,omitempty" doc:"sửa lại"`
	Text   string `json:"text,omitempty" doc:"sửa lại"`
	Reason string `json:"reason,omitempty" doc:"vì sao không phải của xã"`
}

type campaignRaiseIn struct {
	Field string `json:"field"`
	Tried string `json:"tried" doc:"xã đã tự làm gì"`
}

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
		list(one+"/items", "campaignItems", "Nội dung của đợt được xem.", page[campaignItemOut]{}, (*call).campaignItems, append([]param{{"state", "tình trạng"}, {"commune", "xã, phường"}}, byPage...)...),
		list(one+"/suggestions", "suggestCampaignGroups", "Gợi ý nhóm: nội dung giống nhau chưa xếp nhóm.", page[campaignSuggestion]{}, (*call).suggestCampaignGroups),
		act[campaignGroupIn]("POST", one+"/groups", "formCampaignGroup", "Lập nhóm vấn đề từ nội dung xã đã xác nhận.", (*call).formCampaignGroup).gives(campaignOut{}),
		act[campaignPutIn]("POST", one+"/put", "putCampaignItems", "Đưa nội dung vào nhóm, hoặc ra khỏi nhóm.", (*call).putCampaignItems).gives(campaignOut{}),
		act[campaignOrderIn]("POST", one+"/order", "orderAgenda", "Sắp lại chương trình phiên họp.", (*call).orderAgenda).gives(campaignOut{}),
		act[campaignAskIn]("POST", one+"/ask", "askCampaignExplanations", "Yêu cầu cơ quan chủ trì báo cáo giải trình trước một thời điểm.", (*call).askCampaignExplanations).gives(campaignOut{}),
		act[textIn]("POST", one+"/explanation", "explainInCampaign", "Gửi báo cáo giải trình trong một bước (đơn vị có đường đi văn bản một bước).", (*call).explainInCampaign).gives(campaignOut{}),
		act[textIn]("POST", one+"/drafts", "draftCampaignExplanation", "Soạn dự thảo báo cáo giải trình.", (*call).draftCampaignExplanation).makes(paperOut{}),
		act[campaignPlanIn]("POST", one+"/plan", "planCampaignSession", "Định phiên họp trực tuyến.", (*call).planCampaignSession).gives(campaignOut{}),
		act[noneIn]("POST", one+"/begin", "beginCampaignSession", "Bắt đầu phiên họp.", (*call).beginCampaignSession).gives(campaignOut{}),
		act[campaignAnswerIn]("POST", one+"/answers", "answerCampaignGroup", "Ghi câu trả lời trong phiên họp; sau phiên họp cơ quan chủ trì sửa, trả lời tiếp.", (*call).answerCampaignGroup).gives(campaignOut{}),
		act[noneIn]("POST", one+"/end", "endCampaignSession", "Kết thúc phiên họp; câu trả lời được gửi về từng xã, phường.", (*call).endCampaignSession).gives(campaignOut{}),
		act[noneIn]("POST", one+"/close", "closeCampaign", "Kết thúc đợt.", (*call).closeCampaign).gives(campaignOut{}),
		{method: "GET", path: one + "/appendix", id: "campaignAppendix", say: "Phụ lục của đợt, tệp bảng tính hoặc văn bản.", status: http.StatusOK, media: "application/octet-stream",
			query: []param{{"format", "xlsx hoặc docx"}}, do: (*call).campaignAppendix},
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

func campaignInstant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(workday.Office).Format(time.RFC3339)
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
	out = campaignOut{campaignLine: campaignLine{ID: string(c.ID), Code: c.Code, Title: c.Title, State: c.State, Number: c.Number, Until: campaignInstant(c.Until), SessionAt: campaignInstant(c.At)},
		IssuedOn: c.IssuedOn, Groups: []themeItem{}, Communes: []campaignCommune{}, Units: []campaignUnit{}, Version: version}
	themes, err := campaign.Themes(tx, who, id)
	if err != nil {
		return out, err
	}
	for _, t := range themes {
		x := themeItem{N: t.N, Title: t.Title, Lead: string(t.Lead), Items: t.Items, Open: t.Open(), Answers: []themeGiven{}}
		for i, a := range t.Answers {
			x.Answers = append(x.Answers, themeGiven{N: a.N, Speaker: a.Speaker, Outcome: string(a.Outcome), Text: a.Text, Number: a.Number, NextOn: a.NextOn,
				InSession: a.InSession, Holds: i == len(t.Answers)-1, At: campaignInstant(a.AnsweredAt)})
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
			u.Explanation, u.DueAt, u.Late = string(d.Fate), campaignInstant(d.DueAt), d.Late() || d.MissedAtNow(tx.Now)
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
		n := campaign.New{Title: in.Title, Number: in.Number, Until: in.Until, Communes: units(in.Communes), Text: in.Text}
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
	limit, err := c.limit()
	if err != nil {
		return err
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := campaign.List(tx, who, c.r.URL.Query().Get("cursor"), limit)
		out := page[campaignLine]{Items: []campaignLine{}, Next: next}
		for _, x := range all {
			out.Items = append(out.Items, campaignLine{string(x.ID), x.Code, x.Title, x.State, x.Number, campaignInstant(x.Until), campaignInstant(x.At)})
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
		_, err := campaign.Move(tx, who, id, in.Until, c.version)
		return err
	})
}

func (c *call) nameCampaignMember(in *campaignMemberIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Name(tx, who, id, org.OfficerID(in.Officer), in.Team, c.version)
		return err
	})
}

// campaignItemView is an item with the version it has after the act.
func campaignItemView(i *campaign.Item, version int64) campaignItemOut {
	return campaignItemOut{ID: string(i.ID), Code: i.Code, Campaign: string(i.Campaign), Commune: string(i.Commune), Title: i.Title, Text: i.Text, Team: i.Team,
		State: i.State, Group: i.Theme, Lead: string(i.Lead), Petition: string(i.Petition), Version: version}
}

func campaignItemDone(i *campaign.Item, version int64, status int) (done, error) {
	out := campaignItemView(i, version)
	return done{status: status, location: campaignItemsPath + string(i.ID), version: version, body: &out}, nil
}

// campaignItemAgain answers a repeated request with how the item stands now.
func (c *call) campaignItemAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	i, err := campaign.GetItem(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return campaignItemDone(i, i.Version, http.StatusOK)
}

// enterCampaignItem answers the item with its state: entered waits for the commune's word.
func (c *call) enterCampaignItem(in *campaignItemIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		i, err := campaign.Enter(tx, who, casefile.ID(c.id), campaign.Entry{Commune: org.UnitID(in.Commune), Title: in.Title, Text: in.Text, Field: in.Field})
		if err != nil {
			return d, err
		}
		return campaignItemDone(i, i.Version, http.StatusCreated)
	})
}

// campaignItems first asks for the campaign: of one out of sight not even an empty list is given.
func (c *call) campaignItems() error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	q := c.r.URL.Query()
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if _, err := campaign.Get(tx, who, casefile.ID(c.id)); err != nil {
			return nil, 0, err
		}
		all, next, err := campaign.Items(tx, who, casefile.ID(c.id), campaign.Filter{State: q.Get("state"), Commune: org.UnitID(q.Get("commune"))}, q.Get("cursor"), limit)
		out := page[campaignItemOut]{Items: []campaignItemOut{}, Next: next}
		for _, i := range all {
			out.Items = append(out.Items, campaignItemView(&i, i.Version))
		}
		return &out, 0, err
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
		_, err = campaign.Ask(tx, who, id, campaign.Demand{Units: units(in.Units), By: in.By, Number: in.Number, IssuedOn: day, Text: in.Text, Version: c.version})
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
		_, err := campaign.Plan(tx, who, id, in.At, c.version)
		return err
	})
}

func (c *call) beginCampaignSession(*noneIn) error {
	return c.onCampaign(func(tx *db.Tx, who org.Actor, id casefile.ID) error {
		_, err := campaign.Begin(tx, who, id, c.version)
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
	format := c.r.URL.Query().Get("format")
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

func (c *call) getCampaignItem() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		i, err := campaign.GetItem(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out := campaignItemView(i, i.Version)
		return &out, i.Version, nil
	})
}

// onCampaignItem runs an operation on the item of the address.
func (c *call) onCampaignItem(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		i, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return campaignItemDone(i, i.Version+1, http.StatusOK)
	})
}

func (c *call) confirmCampaignItem(in *campaignConfirmIn) error {
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		return campaign.Confirm(tx, who, id, campaign.Word{Accept: in.Accept, Title: in.Title, Text: in.Text, Reason: in.Reason, Version: c.version})
	})
}

// settleCampaignItem wants the word said: a missing one is never taken for a settled matter.
func (c *call) settleCampaignItem(in *settleIn) error {
	if in.Settled == nil {
		return fault.Field("settled", "Hãy cho biết đã giải quyết được hay chưa: true hoặc false.")
	}
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		return campaign.Settle(tx, who, id, campaign.Verdict{Settled: *in.Settled, Comment: in.Comment, Version: c.version})
	})
}

// raiseCampaignItem answers the item, which names the petition; that is read at its own address.
func (c *call) raiseCampaignItem(in *campaignRaiseIn) error {
	return c.onCampaignItem(func(tx *db.Tx, who org.Actor, id casefile.ID) (*campaign.Item, error) {
		if _, _, err := campaign.Raise(tx, c.s.Desk, who, id, in.Field, in.Tried, c.version); err != nil {
			return nil, err
		}
		return campaign.GetItem(tx, who, id)
	})
}
