package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// mostProgrammeEvents bounds the history on one page.
const mostProgrammeEvents = 500

// workItemPage shows one thing to do: what, when, who, from where it was moved, and what
// this officer may do with it.
func (s *Server) workItemPage(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	s.seen(r, id)
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := programme.Get(tx, who, id)
		if err != nil {
			return nil, err
		}
		p.Title, p.Paper.Code = x.Title, "Mã theo dõi "+x.Code
		n := newNames(tx)
		head := ui.Head{Crumbs: []ui.Link{programmeCrumb, {Label: "Mã theo dõi " + x.Code, Href: workPath(x.ID)}}, Title: x.Title,
			Sub: workWhen(x), Chips: []ui.Chip{{Tone: workTone(x.State), Text: programme.States[x.State]}}}
		facts, err := workFacts(tx, who, x, n)
		if err != nil {
			return nil, err
		}
		moves, err := programme.Moves(tx, who, x)
		if err != nil {
			return nil, err
		}
		left := []templ.Component{workFactCard(facts)}
		if len(moves) > 0 {
			left = append(left, ui.TableOf("moves", movedTable(moves, n)))
		}
		forms, err := workForms(tx, who, x, moves, keptOf(r), p.Key)
		if err != nil {
			return nil, err
		}
		line, err := programmeHistory(tx, who, x.ID, n)
		return programmePage(head, ui.Stack(append(left, forms...)...), ui.Timeline("history", line)), err
	})
}

func workTone(state string) ui.Tone {
	switch state {
	case programme.Done, programme.Sent:
		return ui.Done
	case programme.Registered, programme.Open:
		return ui.Soon
	}
	return ui.Info
}

// workFacts are the parties, the venue, the document and the cases it is tied to.
func workFacts(tx *db.Tx, who org.Actor, x *programme.Item, n *names) (all []ui.Fact, err error) {
	parts, err := x.Parts(tx)
	if err != nil {
		return nil, err
	}
	all = append(all, fact("Thời gian", workWhen(x)), fact("Chương trình của", n.unit(x.Unit)))
	for _, p := range parts {
		label := "Phối hợp"
		if p.Unit == x.Lead {
			label = "Chủ trì"
		}
		words := n.unit(p.Unit)
		if p.Task != "" {
			words += ": " + p.Task
		}
		all = append(all, fact(label, words))
	}
	if x.Officer != "" {
		all = append(all, fact("Người phụ trách", n.officer(x.Officer)))
	}
	if x.Venue != "" {
		all = append(all, fact("Địa điểm", x.Venue))
	}
	if x.Number != "" {
		all = append(all, fact("Theo văn bản", x.Number+longDay(" ngày ", x.IssuedOn)))
	}
	if x.Arising {
		say := "chờ duyệt"
		if x.Approved > 0 {
			say = "đã duyệt"
		}
		all = append(all, fact("Việc phát sinh", "dự toán "+grouped(x.Estimate)+" đồng, "+say))
	}
	if x.Funding != "" && !x.Arising {
		all = append(all, fact("Kinh phí", grouped(x.Estimate)+" đồng, từ "+lower(programme.FundingWords[x.Funding])))
	}
	if x.Plan != "" {
		all = append(all, ui.Fact{Label: "Thuộc kế hoạch", Values: []ui.Link{{Label: "mở kế hoạch", Href: "/programme/cases/" + string(x.Plan)}}})
	}
	links, err := programme.Links(tx, who, x.ID)
	for _, l := range links {
		all = append(all, ui.Fact{Label: upper(programme.LinkWords(l.What)), Values: []ui.Link{{Label: l.Code + " " + l.Title, Href: "/cases/" + string(l.ID)}}})
	}
	return all, err
}

func workFactCard(facts []ui.Fact) templ.Component { return carded(ui.Facts(facts)) }

var workMoveFates = map[string]string{"": "Chờ quyết định", "approved": "Đã cho dời", "declined": "Không cho dời"}

func movedTable(all []programme.Moved, n *names) ui.Table {
	t := ui.Table{Caption: "Đã dời, đề nghị dời", Cols: []ui.Col{{Label: "Từ"}, {Label: "Đến"}, {Label: "Lý do"}, {Label: "Quyết định"}}}
	for _, m := range all {
		said := workMoveFates[m.Fate]
		if m.Said != "" {
			said += ": " + m.Said
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: upper(m.Old.Say())}, {Text: upper(m.New.Say())}, {Text: m.Reason + " (" + n.officer(m.By) + ", " + workday.Of(m.At).Short() + ")"}, {Text: said}})
	}
	return t
}

// An workActForm is one act as a small form of its own.
type workActForm struct {
	Act, Send string
	Mild      bool
	Fields    []input
}

// workActForms draws small forms, each on its card, the mild ones behind a line that opens
// them; what was refused comes back in its own, open.
func workActForms(base string, version int64, k typed, key string, all []workActForm) (out []templ.Component) {
	for _, a := range all {
		f, kept := ui.Form{Action: base + "/" + a.Act, Key: key + a.Act, Version: itoa(version), Send: a.Send, Mild: a.Mild, Hidden: []ui.Hidden{{Name: "act", Value: a.Act}}}, typed{}
		if k.values.Get("act") == a.Act {
			kept = k
		}
		form := ui.SheetOf(kept.form(f), inputs(kept.with(a.Fields)))
		if a.Mild {
			out = append(out, incidentOpening(a.Send, k.values.Get("act") == a.Act, form))
			continue
		}
		out = append(out, carded(form))
	}
	return out
}

func workReason(label string, required bool) input {
	return input{Kind: area, Input: ui.Input{Name: "reason", Label: label, Rows: 2, Required: required}}
}

// workChoice is the choice of a decision.
func workChoice(yes, no string) input {
	return input{Kind: radios, Input: ui.Input{Name: "accept", Label: "Quyết định", Required: true, Options: []ui.Option{{Value: "yes", Label: yes}, {Value: "no", Label: no}}}}
}

// workForms are what this officer may do with an item.
func workForms(tx *db.Tx, who org.Actor, x *programme.Item, moves []programme.Moved, k typed, key string) ([]templ.Component, error) {
	may, err := programme.RightsOn(tx, who, x)
	if err != nil {
		return nil, err
	}
	var all []workActForm
	waits := slices.ContainsFunc(moves, func(m programme.Moved) bool { return m.Fate == "" })
	if x.State == programme.Registered && may.Decide {
		all = append(all, workActForm{Act: "decide", Send: "Quyết định", Fields: []input{workChoice("Đưa vào chương trình", "Không đưa vào"), workReason("Lý do (bắt buộc khi không đưa vào)", false)}})
	}
	if may.Estimate && x.Approved == 0 && (x.State == programme.Planned || x.State == programme.Registered) {
		all = append(all, workActForm{Act: "estimate", Send: "Duyệt dự toán", Fields: []input{{Kind: line, Input: ui.Input{Name: "amount", Label: "Số tiền được duyệt (đồng)", Required: true, Value: grouped(x.Estimate), Mode: "numeric"}}, workReason("Ghi chú", false)}})
	}
	if x.State != programme.Planned {
		return workActForms(workPath(x.ID), x.Version, k, key, all), nil
	}
	if waits && may.Decide {
		all = append(all, workActForm{Act: "decide-move", Send: "Quyết định", Fields: []input{workChoice("Cho dời", "Không cho dời"), workReason("Lý do (bắt buộc khi không cho dời)", false)}})
	}
	if may.Work {
		all = append(all, workActForm{Act: "finish", Send: "Ghi kết quả", Mild: waits, Fields: []input{{Kind: area, Input: ui.Input{Name: "text", Label: "Kết quả thực hiện", Rows: 3, Required: true}}}},
			workActForm{Act: "move", Send: "Xếp lịch, đề nghị dời", Mild: true, Fields: []input{
				{Kind: line, Input: ui.Input{Name: "place", Label: "Thời gian mới", Required: true, Auto: "off", Hint: "Ở trong " + x.Place.Say() + " thì xếp ngay; ra ngoài thì phải có lý do và được duyệt. Viết như 2026-06, 2026-W21, 18/05/2026."}},
				{Kind: line, Input: ui.Input{Name: "from_hour", Label: "Từ giờ", Max: 5, Auto: "off"}}, {Kind: line, Input: ui.Input{Name: "until_hour", Label: "Đến giờ", Max: 5, Auto: "off"}},
				{Kind: line, Input: ui.Input{Name: "venue", Label: "Địa điểm", Max: 300}}, workReason("Lý do dời", false)}},
			workActForm{Act: "link", Send: "Gắn hồ sơ", Mild: true, Fields: []input{
				{Kind: choice, Input: ui.Input{Name: "what", Label: "Hồ sơ là", Required: true, Options: []ui.Option{{Value: "assignment", Label: "Nhiệm vụ được giao"}, {Value: "meeting", Label: "Cuộc họp"}, {Value: "result", Label: "Kết quả"}}}},
				{Kind: line, Input: ui.Input{Name: "code", Label: "Mã theo dõi của hồ sơ", Required: true, Auto: "off"}}}})
	}
	if may.Decide {
		all = append(all, workActForm{Act: "drop", Send: "Không thực hiện", Mild: true, Fields: []input{{Kind: area, Input: ui.Input{Name: "text", Label: "Lý do không thực hiện", Rows: 2, Required: true}}}})
	}
	return workActForms(workPath(x.ID), x.Version, k, key, all), nil
}

// workAct does one act on an item and leads back to its page.
func (s *Server) workAct(w http.ResponseWriter, r *http.Request) error {
	id, f := casefile.ID(r.PathValue("case")), r.PostForm
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, say, err := actOnWork(tx, who, id, r)
		if err != nil {
			return d, err
		}
		return done{To: workPath(x.ID), Version: x.Version + 1, Say: say}, nil
	})
	if err != nil {
		f.Set("act", r.PathValue("act"))
		return s.again(w, r, err, s.workItemPage)
	}
	return nil
}

func actOnWork(tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (x *programme.Item, say string, err error) {
	f := r.PostForm
	rule := programme.Ruling{Accept: f.Get("accept") == "yes", Reason: f.Get("reason"), Version: seen(r)}
	switch r.PathValue("act") {
	case "decide":
		x, err = programme.Decide(tx, who, id, rule)
		return x, "Đã ghi quyết định.", err
	case "decide-move":
		x, err = programme.DecideMove(tx, who, id, rule)
		return x, "Đã ghi quyết định.", err
	case "move":
		x, err = programme.Move(tx, who, id, programme.Shift{Place: workPlaceText(f.Get("place")), FromHour: f.Get("from_hour"), UntilHour: f.Get("until_hour"), Venue: f.Get("venue"), Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã ghi thời gian mới, hoặc đã gửi đề nghị dời.", err
	case "finish":
		x, err = programme.Finish(tx, who, id, programme.End{Text: f.Get("text"), Version: seen(r)})
		return x, "Đã ghi kết quả.", err
	case "drop":
		x, err = programme.Finish(tx, who, id, programme.End{Dropped: true, Text: f.Get("text"), Version: seen(r)})
		return x, "Đã ghi không thực hiện.", err
	case "estimate":
		amount, err := moneyTyped("amount", f.Get("amount"))
		if err != nil {
			return nil, "", err
		}
		x, err = programme.ApproveEstimate(tx, who, id, programme.Approval{Amount: amount, Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã duyệt dự toán.", err
	case "link":
		target, err := casefile.ByCode(tx, who, upperCode(f.Get("code")))
		if err != nil {
			return nil, "", fault.Field("code", "Không có hồ sơ nào mang mã theo dõi “%.40s”.", f.Get("code"))
		}
		x, err = programme.Link(tx, who, id, programme.Bond{What: f.Get("what"), Target: target, Version: seen(r)})
		return x, "Đã gắn hồ sơ.", err
	}
	return nil, "", fault.NotFound
}

// programmeHistory is what happened, the newest first, as this reader may read it.
func programmeHistory(tx *db.Tx, who org.Actor, id casefile.ID, n *names) (all []ui.Entry, err error) {
	events, err := casefile.History(tx, who, id, mostProgrammeEvents)
	for _, e := range slices.Backward(events) {
		u := ui.Entry{ID: "e" + itoa(e.N), What: programme.Events[e.Kind], When: when(e.OccurredAt, tx.Now), At: rfc(e.OccurredAt), By: byWhom(n, e), Text: e.Text}
		if u.What == "" {
			u.What = inside(n, e)
		}
		if from, to := e.Facts["from"], e.Facts["to"]; from != "" && to != "" {
			u.What += ": " + workPlaceSay(from) + " → " + workPlaceSay(to)
		}
		if e.Redacted {
			u.Gone = "Nội dung đã được lấy ra theo biên bản; dấu vết còn giữ."
		}
		all = append(all, u)
	}
	return all, err
}

func workPlaceSay(s string) string {
	p, err := programme.ParsePlace(s)
	if err != nil {
		return s
	}
	return p.Say()
}
