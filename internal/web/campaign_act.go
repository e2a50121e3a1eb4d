package web

import (
	"net/http"
	"slices"
	"strconv"
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
)

// A campaignDo is one act on a campaign: its form and what it does.
type campaignDo struct {
	title, sub, send string
	fields           func(x *campaignReading, r *http.Request) ([]input, error)
	run              func(s *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (done, error)
}

// campaignDos are the acts by the last part of their address.
var campaignDos = map[string]campaignDo{
	"item": {"Nhập khó khăn, vướng mắc", "Lãnh đạo xã nhập thì được tính ngay; người khác nhập thì chờ xã xác nhận", "Gửi", campaignItemInputs, doCampaignItem},
	"move": {"Đổi hạn thu thập", "Mọi xã, phường được báo", "Đổi hạn", func(x *campaignReading, _ *http.Request) ([]input, error) {
		return instantInputs("until", "Thu thập đến trước", lateThen, x.c.Until), nil
	}, doCampaignMove},
	"member":  {"Giao người của tổ công tác", "Người này nhập thay cho các xã, phường; xã xác nhận rồi mới được tính", "Giao", memberFields, doCampaignMember},
	"ask":     {"Yêu cầu báo cáo giải trình", "Gửi các cơ quan chủ trì một nhóm vấn đề và chưa được yêu cầu", "Gửi yêu cầu", askFields, doCampaignAsk},
	"explain": {"Soạn báo cáo giải trình", "Dự thảo đi theo đường trình ký của đơn vị; phát hành mới là đã gửi", "Tạo dự thảo", explainFields, doCampaignExplain},
	"plan": {"Định phiên họp trực tuyến", "Chương trình lập từ các nhóm vấn đề", "Định phiên họp", func(x *campaignReading, _ *http.Request) ([]input, error) {
		return instantInputs("at", "Bắt đầu lúc", "", x.c.At), nil
	}, doCampaignPlan},
	"begin":  {"Bắt đầu phiên họp", "Từ lúc này ghi câu trả lời theo nhóm; mỗi cơ quan trả lời các nhóm của mình trong ngày", "Bắt đầu phiên họp", beginFields, doCampaignBegin},
	"end":    {"Kết thúc phiên họp", "Câu trả lời được gửi về từng xã, phường của mỗi nhóm; nhóm chưa trả lời vẫn mở", "Kết thúc phiên họp", noFields, doCampaignEnd},
	"close":  {"Kết thúc đợt", "Không nhập, không trả lời thêm; xã vẫn cho biết đã giải quyết được chưa", "Kết thúc đợt", noFields, doCampaignClose},
	"group":  {"Lập nhóm vấn đề", "Chọn nội dung, đặt tên nhóm và cơ quan trả lời", "Lập nhóm", groupFields, doCampaignGroup},
	"put":    {"Chuyển nội dung giữa các nhóm", "Cho ra khỏi nhóm cũ trước, rồi đưa vào nhóm mới", "Chuyển", putFields, doCampaignPut},
	"order":  {"Sắp lại chương trình", "Ghi thứ tự của từng nhóm", "Lưu thứ tự", agendaFields, doCampaignOrder},
	"answer": {"Trả lời nhóm vấn đề", "Câu trả lời sau thay câu trả lời trước; cả hai còn trong hồ sơ", "Ghi câu trả lời", answerFields, doCampaignAnswer},
}

func noFields(*campaignReading, *http.Request) ([]input, error) { return nil, nil }

// campaignForm shows the form of one act.
func (s *Server) campaignForm(w http.ResponseWriter, r *http.Request) error {
	do, ok := campaignDos[r.PathValue("act")]
	if !ok {
		return fault.NotFound
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		fields, err := do.fields(x, r)
		if err != nil {
			return nil, err
		}
		p.Title = do.title
		t := keptOf(r)
		f := t.form(ui.Form{Action: r.URL.RequestURI(), Key: p.Key, Version: itoa(x.c.Version), Send: do.send})
		return listPage(listView{Head: x.head(do.title, do.sub), Top: carded(ui.SheetOf(f, inputs(t.with(fields))))}), nil
	})
}

// campaignAct does one act and leads on.
func (s *Server) campaignAct(w http.ResponseWriter, r *http.Request) error {
	do, ok := campaignDos[r.PathValue("act")]
	if !ok {
		return fault.NotFound
	}
	id := casefile.ID(r.PathValue("case"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		d, err := do.run(s, tx, who, id, r)
		if d.To == "" {
			d.To = campaignPath(id)
		}
		return d, campaignFields(err, "until", "by", "at")
	})
	return s.again(w, r, err, s.campaignForm)
}

// unitChoice is a choice among units.
func unitChoice(x *campaignReading, name, label string, all []org.UnitID) input {
	i := ui.Input{Name: name, Label: label, Required: true, Blank: "– chọn –"}
	for _, u := range all {
		i.Options = append(i.Options, ui.Option{Value: string(u), Label: x.n.unit(u)})
	}
	if len(all) == 1 {
		i.Value = string(all[0])
	}
	return input{Kind: choice, Input: i}
}

// campaignItemInputs offer only the communes for which this officer may enter: one who works
// in a single commune need not choose.
func campaignItemInputs(x *campaignReading, _ *http.Request) ([]input, error) {
	asked, err := campaign.Asked(x.tx, x.who, x.c)
	if err != nil {
		return nil, err
	}
	return []input{unitChoice(x, "commune", "Xã, phường", asked),
		{Kind: line, Input: ui.Input{Name: "title", Label: "Một câu: vướng mắc gì", Required: true, Max: 300, Auto: "off"}},
		{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung khó khăn, vướng mắc, đề xuất", Rows: 6, Required: true}}, {Kind: secret}}, nil
}

// doCampaignItem says at once whether what was entered counts: a specialist would otherwise
// believe that the commune has spoken.
func doCampaignItem(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	f := r.PostForm
	if err := confirmed(r); err != nil {
		return d, err
	}
	i, err := campaign.Enter(tx, who, id, campaign.Entry{Commune: org.UnitID(f.Get("commune")), Title: f.Get("title"), Text: f.Get("text")})
	if err != nil {
		return d, err
	}
	d = done{To: campaignItemPath(i.ID), Version: i.Version, Say: "Đã gửi; nội dung được tính vào đợt."}
	if i.State == campaign.Entered {
		d.Say = "Đã nhập; lãnh đạo xã xác nhận rồi mới được tính."
	}
	return d, nil
}

// doCampaignMove takes any later instant; that communes are told is the operation's.
func doCampaignMove(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	until, err := typedInstant(r, "until")
	if err != nil {
		return d, err
	}
	_, err = campaign.Move(tx, who, id, until, seen(r))
	return done{Say: "Đã đổi hạn thu thập."}, err
}

// memberFields suggest everybody who works in a province's unit: working groups are made of
// them. Whoever is named may be anybody, the list only helps to find the id.
func memberFields(x *campaignReading, _ *http.Request) ([]input, error) {
	officer := ui.Input{Name: "officer", Label: "Cán bộ", Hint: "Gõ tên đơn vị hoặc họ tên để chọn trong gợi ý.", Required: true, Auto: "off"}
	units, err := x.departments()
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		held, err := org.Officers(x.tx, u)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			if h.Post.Role != org.Admin {
				officer.Options = append(officer.Options, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + h.Post.Title + ", " + x.n.unit(u)})
			}
		}
	}
	return []input{{Kind: line, Input: ui.Input{Name: "team", Label: "Tổ công tác", Hint: "Như “Tổ công tác số 2”.", Required: true, Max: 300}}, {Kind: line, Input: officer}}, nil
}

func doCampaignMember(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	_, err = campaign.Name(tx, who, id, org.OfficerID(strings.TrimSpace(r.PostForm.Get("officer"))), r.PostForm.Get("team"), seen(r))
	return done{Say: "Đã giao; người này nhập được ngay."}, err
}

// askFields ask for the document that demands it: an instant without one binds nobody.
func askFields(*campaignReading, *http.Request) ([]input, error) {
	return append([]input{
		{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu văn bản yêu cầu", Required: true}},
		{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày văn bản", Type: "date", Required: true}}},
		append(instantInputs("by", "Gửi trước", lateThen, time.Time{}), input{Kind: area, Input: ui.Input{Name: "text", Label: "Yêu cầu thêm", Rows: 3}})...), nil
}

func doCampaignAsk(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	in := campaign.Demand{Number: r.PostForm.Get("number"), Text: r.PostForm.Get("text"), Version: seen(r)}
	if in.IssuedOn, err = typedDay(r, "issued_on", "Ngày ghi như 03/08/2025."); err != nil {
		return d, err
	}
	if in.By, err = typedInstant(r, "by"); err != nil {
		return d, err
	}
	_, err = campaign.Ask(tx, who, id, in)
	return done{Say: "Đã gửi yêu cầu giải trình."}, err
}

func explainFields(x *campaignReading, _ *http.Request) ([]input, error) {
	var text strings.Builder
	for i, t := range x.themes {
		if x.who.In(t.Lead) {
			text.WriteString(strconv.Itoa(i+1) + ". " + t.Title + ":\n\n")
		}
	}
	return []input{{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung giải trình, theo từng nhóm vấn đề", Rows: 12, Required: true, Value: text.String()}}, {Kind: secret}}, nil
}

// doCampaignExplain only drafts: a click is no paper of the unit, the release is.
func doCampaignExplain(s *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	if err := confirmed(r); err != nil {
		return d, err
	}
	x, err := campaign.DraftExplanation(tx, s.Desk, who, id, r.PostForm.Get("text"), 0)
	if err != nil {
		return d, err
	}
	return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo; trình như mọi văn bản. Phát hành mới là đã gửi."}, nil
}

// doCampaignPlan leads to the agenda: its order is the next thing to look at.
func doCampaignPlan(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	at, err := typedInstant(r, "at")
	if err != nil {
		return d, err
	}
	_, err = campaign.Plan(tx, who, id, at, seen(r))
	return done{To: campaignPath(id) + "/session", Say: "Đã định phiên họp."}, err
}

// beginFields ask for a word only where the session begins before its hour.
func beginFields(x *campaignReading, _ *http.Request) ([]input, error) {
	if !x.c.Early(x.tx.Now) {
		return nil, nil
	}
	return []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao họp sớm hơn giờ đã định (" + instantText(x.c.At) + ")", Hint: "Ghi vào diễn biến của đợt. Nếu chỉ đổi giờ họp thì định lại phiên họp.", Rows: 2, Required: true}}}, nil
}

func doCampaignBegin(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (done, error) {
	_, err := campaign.Begin(tx, who, id, campaign.Opening{Reason: r.PostForm.Get("reason"), Version: seen(r)})
	return done{To: campaignPath(id) + "/session", Say: "Phiên họp bắt đầu."}, err
}

func doCampaignEnd(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (done, error) {
	_, err := campaign.End(tx, who, id, seen(r))
	return done{Say: "Phiên họp kết thúc; câu trả lời đang được gửi về từng xã, phường."}, err
}

func doCampaignClose(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (done, error) {
	_, err := campaign.Close(tx, who, id, seen(r))
	return done{Say: "Đã kết thúc đợt."}, err
}

// departments are the units that may answer a group.
func (x *campaignReading) departments() (all []org.UnitID, err error) {
	units, err := org.Units(x.tx, org.Filter{Level: org.LevelProvince, Requested: true})
	for _, u := range units {
		if u.Kind != org.KindCommittee && u.Kind != org.KindChairman {
			all = append(all, u.ID)
		}
	}
	return all, err
}

// groupFields offer the confirmed items that stand in no group; those named in the address
// come chosen.
func groupFields(x *campaignReading, r *http.Request) ([]input, error) {
	free, err := x.items(campaign.Filter{State: campaign.Confirmed, Theme: -1}, r.Form["item"])
	if err != nil {
		return nil, err
	}
	units, err := x.departments()
	if err != nil {
		return nil, err
	}
	return []input{{Kind: line, Input: ui.Input{Name: "title", Label: "Vấn đề chung", Required: true, Max: 300, Auto: "off", Value: r.Form.Get("title")}},
		unitChoice(x, "lead", "Cơ quan trả lời", units), {Kind: checks, Input: free}}, nil
}

// items is a choice of items, at most 200 of them.
func (x *campaignReading) items(f campaign.Filter, chosen []string) (in ui.Input, err error) {
	in = ui.Input{Name: "item", Label: "Nội dung"}
	all, next, err := campaign.Items(x.tx, x.who, x.c.ID, f, "", 200)
	for _, i := range all {
		in.Options = append(in.Options, ui.Option{Value: string(i.ID), Label: i.Title, Hint: joinDot(i.Code, x.n.unit(i.Commune)), Chosen: slices.Contains(chosen, string(i.ID))})
	}
	if next != "" {
		in.Hint = "Chỉ hiện 200 nội dung đầu; xếp xong lần này sẽ hiện tiếp."
	}
	return in, err
}

// doCampaignGroup leads back to the suggestions, where the next group waits.
func doCampaignGroup(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	f := r.PostForm
	var items []casefile.ID
	for _, i := range f["item"] {
		items = append(items, casefile.ID(i))
	}
	_, err = campaign.Group(tx, who, id, campaign.Grouping{Title: f.Get("title"), Lead: org.UnitID(f.Get("lead")), Items: items, Version: seen(r)})
	return done{To: campaignPath(id) + "/suggestions", Say: "Đã lập nhóm."}, err
}

// putFields offer what stands in one group, or in none, and where it may go.
func putFields(x *campaignReading, r *http.Request) ([]input, error) {
	from, _ := strconv.ParseInt(r.URL.Query().Get("theme"), 10, 64)
	f := campaign.Filter{Theme: from}
	if from == 0 {
		f = campaign.Filter{State: campaign.Confirmed, Theme: -1}
	}
	items, err := x.items(f, r.Form["item"])
	to := ui.Input{Name: "to", Label: "Chuyển đến", Required: true, Blank: "– chọn –"}
	if from != 0 {
		to.Options = append(to.Options, ui.Option{Value: "0", Label: "Ra khỏi nhóm"})
	}
	for _, t := range x.themes {
		if from == 0 {
			to.Options = append(to.Options, ui.Option{Value: itoa(t.N), Label: t.Title})
		}
	}
	return []input{{Kind: checks, Input: items}, {Kind: choice, Input: to}}, err
}

// doCampaignPut moves all that is chosen or nothing.
func doCampaignPut(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	var items []casefile.ID
	for _, i := range r.PostForm["item"] {
		items = append(items, casefile.ID(i))
	}
	to, err := strconv.ParseInt(r.PostForm.Get("to"), 10, 64)
	if err != nil {
		return d, fault.Field("to", "Hãy chọn nơi chuyển đến.")
	}
	if len(items) == 0 {
		return d, fault.Field("item", "Hãy chọn ít nhất một nội dung.")
	}
	return done{To: campaignPath(id) + "/suggestions", Say: "Đã chuyển."}, campaign.Put(tx, who, id, to, items, seen(r))
}

// agendaFields are numbers to type: they work with a keyboard and without script.
func agendaFields(x *campaignReading, _ *http.Request) (all []input, err error) {
	for i, t := range x.themes {
		all = append(all, input{Kind: line, Input: ui.Input{Name: "place-" + itoa(t.N), Label: t.Title, Value: strconv.Itoa(i + 1), Mode: "numeric", Max: 4, Required: true}})
	}
	return all, nil
}

// doCampaignOrder takes any numbers and keeps the old order among equal ones, so that one
// who writes a 0 before a group puts it first.
func doCampaignOrder(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	themes, err := campaign.Themes(tx, who, id)
	if err != nil {
		return d, err
	}
	place := map[int64]int{}
	var order []int64
	for _, t := range themes {
		n, err := strconv.Atoi(strings.TrimSpace(r.PostForm.Get("place-" + itoa(t.N))))
		if err != nil {
			return d, fault.Field("place-"+itoa(t.N), "Thứ tự là một số.")
		}
		place[t.N] = n
		order = append(order, t.N)
	}
	slices.SortStableFunc(order, func(a, b int64) int { return place[a] - place[b] })
	return done{To: campaignPath(id) + "/session", Say: "Đã sắp lại chương trình."}, campaign.Order(tx, who, id, order, seen(r))
}

// answerFields ask who spoke only while the session runs: afterwards it is whoever sends.
func answerFields(x *campaignReading, r *http.Request) ([]input, error) {
	n, _ := strconv.ParseInt(r.URL.Query().Get("theme"), 10, 64)
	at := slices.IndexFunc(x.themes, func(t *campaign.Theme) bool { return t.N == n })
	if at < 0 {
		return nil, fault.NotFound
	}
	t := x.themes[at]
	out := []input{{Kind: note, Input: ui.Input{Label: "Nhóm “" + t.Title + "”, " + x.n.unit(t.Lead) + " trả lời."}}}
	if x.c.State == campaign.Session {
		out = append(out, input{Kind: line, Input: ui.Input{Name: "speaker", Label: "Ai trả lời", Hint: "Chức vụ, họ tên người phát biểu.", Required: true, Max: 300}})
	}
	return append(out, input{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung trả lời", Rows: 6, Required: true}},
		input{Kind: choice, Input: ui.Input{Name: "outcome", Label: "Kết quả", Required: true, Blank: "– chọn –", Options: campaignOutcomes()}},
		input{Kind: line, Input: ui.Input{Name: "next_on", Label: "Ngày báo tiếp", Type: "date", Hint: "Bắt buộc khi việc còn mở.", When: string(petition.InProgress) + " " + string(petition.ReferredUp)}},
		input{Kind: line, Input: ui.Input{Name: "number", Label: "Văn bản kèm theo (số, ngày)", Max: 300}}, input{Kind: secret}), nil
}

// doCampaignAnswer takes the group from the address, as the form was drawn for it.
func doCampaignAnswer(_ *Server, tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (d done, err error) {
	f := r.PostForm
	if err := confirmed(r); err != nil {
		return d, err
	}
	n, _ := strconv.ParseInt(r.URL.Query().Get("theme"), 10, 64)
	in := campaign.Reply{Theme: n, Speaker: f.Get("speaker"), Outcome: petition.Outcome(f.Get("outcome")), Text: f.Get("text"), Number: f.Get("number"), Version: seen(r)}
	if in.NextOn, err = typedDay(r, "next_on", "Ngày ghi như 20/08/2025."); err != nil {
		return d, err
	}
	_, err = campaign.Answer(tx, who, id, in)
	return done{To: campaignPath(id) + "/session", Say: "Đã ghi câu trả lời."}, err
}
