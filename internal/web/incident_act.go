package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// A incidentSheet is one act on an incident: a line that opens its form.
type incidentSheet struct {
	act, title, send string
	files            bool
	fields           []input
}

// incidentForms are what this officer may do, each behind a line of its own.
func (s *Server) incidentForms(x *incidentReading, r *http.Request, key string) (all []templ.Component, err error) {
	sheets, err := s.incidentSheets(x, r)
	if err != nil {
		return nil, err
	}
	for _, f := range sheets {
		t := typed{}
		if r.PathValue("act") == f.act {
			t = keptOf(r)
		}
		form := ui.Form{Action: incidentPath(x.w.ID) + "/" + f.act, Key: key + f.act, Version: itoa(x.w.Version), Send: f.send, Mild: true}
		if f.files {
			form.Upload, form.Keep = true, "su-co-"+f.act+"-"+x.w.Code
		}
		all = append(all, incidentOpening(f.title, len(t.refused) > 0, ui.SheetOf(t.form(form), inputs(t.with(f.fields)))))
	}
	return all, nil
}

func (s *Server) incidentSheets(x *incidentReading, r *http.Request) (all []incidentSheet, err error) {
	text := func(label string, rows int) input {
		return input{Kind: area, Input: ui.Input{Name: "text", Label: label, Rows: rows, Max: 20_000}}
	}
	due := input{Kind: line, Input: ui.Input{Name: "due", Label: "Hạn", Type: "datetime-local", Hint: "Để trống là không nêu hạn."}}
	if x.rights.Confirm {
		all = append(all, incidentSheet{"confirm", "Xác nhận báo cáo gửi từ hiện trường", "Xác nhận", false, []input{{Kind: note, Input: ui.Input{Label: "Người ở hiện trường đã báo trước khi có chữ ký. Anh/chị xác nhận nội dung báo cáo thay cho việc ký."}}}})
	}
	if x.rights.Say {
		fields := append([]input{x.placeChoice(), text("Tình hình, việc đã làm", 4), {Kind: line, Input: ui.Input{Name: "seen_at", Label: "Ghi nhận lúc", Type: "datetime-local", Hint: "Để trống là lúc gửi."}}},
			figureInputs(x.w.Type)...)
		all = append(all, incidentSheet{"situation", "Báo tình hình", "Gửi báo cáo tình hình", true, append(append(fields, s.filesInputs(r, typed{})...), input{Kind: secret})})
	}
	if x.rights.Ask {
		to, err := agencyChoice(x, "of", "Đề nghị đơn vị nào", false)
		if err != nil {
			return nil, err
		}
		all = append(all, incidentSheet{"ask", "Đề nghị nguồn lực", "Gửi đề nghị", false, []input{to, {Kind: line, Input: ui.Input{Name: "what", Label: "Cần gì", Required: true, Max: 200, Auto: "off"}},
			{Kind: line, Input: ui.Input{Name: "amount", Label: "Bao nhiêu", Required: true, Mode: "numeric", Auto: "off"}},
			{Kind: line, Input: ui.Input{Name: "each", Label: "Đơn vị tính", Required: true, Max: 30, Hint: "người, chiếc, kg…"}}, due}})
	}
	if open := x.toGive(); len(open.Options) > 0 {
		all = append(all, incidentSheet{"give", "Trả lời đề nghị nguồn lực", "Ghi nhận", false, []input{open,
			{Kind: line, Input: ui.Input{Name: "amount", Label: "Đã giao bao nhiêu", Mode: "numeric", Auto: "off", Hint: "Để trống nếu không đáp ứng được; khi ấy ghi lý do."}},
			{Kind: line, Input: ui.Input{Name: "handed_at", Label: "Giao lúc", Type: "datetime-local", Hint: "Để trống là bây giờ."}},
			{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao không đáp ứng được", Rows: 2}}}})
	}
	if x.rights.Decide || x.rights.DecideOwn {
		person, err := whoDoes(x)
		if err != nil {
			return nil, err
		}
		all = append(all, incidentSheet{"decide", "Quyết định, giao người thực hiện", "Ghi quyết định", false, []input{text("Việc phải làm", 3), person, due}})
	}
	if open := x.toDo(); len(open.Options) > 0 {
		all = append(all, incidentSheet{"done", "Báo kết quả thực hiện quyết định", "Gửi kết quả", true, append([]input{open, text("Kết quả", 3)}, append(s.filesInputs(r, typed{}), input{Kind: secret})...)})
	}
	more, err := x.oversight(text, due)
	return append(all, more...), err
}

// oversight are the acts on the case itself: who joins, what hangs on it, how it ends.
func (x *incidentReading) oversight(text func(string, int) input, due input) (all []incidentSheet, err error) {
	if x.rights.Widen {
		var fields []input
		if x.w.Joint {
			c, err := communeChecks(x.tx, x.n, x.w.Places)
			if err != nil {
				return nil, err
			}
			fields = append(fields, c)
		}
		u, err := agencyChoice(x, "units", "Sở, ngành, cơ quan phối hợp", true)
		if err != nil {
			return nil, err
		}
		all = append(all, incidentSheet{"widen", "Thêm xã, phường hoặc cơ quan phối hợp", "Thêm vào hồ sơ", false, append(fields, u)})
	}
	if x.rights.Link {
		all = append(all, incidentSheet{"link", "Nối việc khác vào sự cố này", "Nối", false, []input{{Kind: line, Input: ui.Input{Name: "code", Label: "Mã theo dõi của việc ấy", Required: true, Auto: "off", Max: 40}}}})
	}
	if x.rights.Urge {
		if x.rights.Demand {
			all = append(all, incidentSheet{"demand", "Yêu cầu xã, phường báo tình hình", "Gửi yêu cầu", false, []input{x.placeChoice(), due}})
		}
		to, err := agencyChoice(x, "unit", "Đơn vị", false)
		if err != nil {
			return nil, err
		}
		fields := []input{to}
		if !x.w.Secret {
			fields = append(fields, text("Nội dung đôn đốc", 2))
		}
		all = append(all, incidentSheet{"urge", "Đôn đốc", "Gửi đôn đốc", false, fields})
	}
	if x.rights.End {
		fields := []input{text("Kết thúc thế nào", 2)}
		if x.w.Secret {
			fields = nil
		}
		if left := x.undone(); left.Label != "" {
			fields = append(fields, left)
		}
		all = append(all, incidentSheet{"end", "Kết thúc xử lý", "Kết thúc", false, fields})
	}
	if x.rights.Reopen {
		all = append(all, incidentSheet{"reopen", "Mở lại hồ sơ", "Mở lại", false, []input{{Kind: area, Input: ui.Input{Name: "text", Label: "Vì sao mở lại", Rows: 2, Required: true, Max: 20_000}}}})
	}
	if x.rights.Review {
		field := func(name, label string, must bool) input {
			return input{Kind: area, Input: ui.Input{Name: name, Label: label, Rows: 3, Required: must, Max: 20_000}}
		}
		all = append(all, incidentSheet{"review", "Rút kinh nghiệm, đóng hồ sơ", "Ghi và đóng hồ sơ", false,
			[]input{field("good", "Việc làm tốt", true), field("bad", "Việc chưa tốt, nguyên nhân", true), field("propose", "Đề nghị thay đổi", false)}})
	}
	return all, nil
}

// undone names the decisions without a result, which who ends the incident says he knows.
func (x *incidentReading) undone() (i input) {
	var open []string
	for _, d := range x.w.Decisions {
		if d.DoneN == 0 {
			open = append(open, x.n.unit(d.Unit)+": "+strings.TrimRight(incidentLine(d.Text), ". "))
		}
	}
	if len(open) == 0 {
		return i
	}
	return input{Kind: tick, Input: ui.Input{Name: "left", Label: "Đã biết: còn " + itoa(int64(len(open))) + " quyết định chưa có kết quả, vẫn phải làm xong", Required: true, Hint: strings.Join(open, "; ") + "."}}
}

// placeChoice are the communes of the case; a commune's own officer has one.
func (x *incidentReading) placeChoice() input {
	i := input{Kind: choice, Input: ui.Input{Name: "commune", Label: "Xã, phường", Required: true}}
	for _, u := range x.w.Places {
		i.Options = append(i.Options, ui.Option{Value: string(u), Label: x.n.unit(u), Chosen: x.who.In(u)})
	}
	return i
}

// agencyChoice offers the agencies: those on the case first, then the others.
func agencyChoice(x *incidentReading, name, label string, fresh bool) (i input, err error) {
	i = input{Kind: choice, Input: ui.Input{Name: name, Label: label, Required: true, Blank: "– chọn đơn vị –"}}
	if fresh {
		i.Kind, i.Blank, i.Required = folded, "", false
	}
	parties, err := casefile.Parties(x.tx, x.w.ID)
	if err != nil {
		return i, err
	}
	on := map[org.UnitID]bool{}
	for _, p := range parties {
		if p.Unit != "" && !on[p.Unit] {
			on[p.Unit] = true
			if !fresh {
				i.Options = append(i.Options, ui.Option{Value: string(p.Unit), Label: x.n.unit(p.Unit), Group: "Trong hồ sơ"})
			}
		}
	}
	if x.w.Secret {
		return i, nil
	}
	all, err := org.Units(x.tx, org.Filter{})
	for _, u := range all {
		if u.Agency() && !u.Commune() && u.Level == org.LevelProvince && !on[u.ID] {
			i.Options = append(i.Options, ui.Option{Value: string(u.ID), Label: x.n.unit(u.ID), Group: "Cơ quan khác"})
		}
	}
	return i, err
}

// whoDoes offers the people of the units on the case, under their units.
func whoDoes(x *incidentReading) (i input, err error) {
	i = input{Kind: choice, Input: ui.Input{Name: "person", Label: "Đơn vị và người thực hiện", Required: true, Blank: "– chọn người –"}}
	parties, err := casefile.Parties(x.tx, x.w.ID)
	seen := map[org.UnitID]bool{}
	for _, p := range parties {
		if err != nil || p.Unit == "" || seen[p.Unit] || !x.rights.Decide && !x.who.In(p.Unit) {
			continue
		}
		seen[p.Unit] = true
		var held []org.Held
		held, err = org.Officers(x.tx, p.Unit)
		for _, h := range held {
			if h.Post.Role != org.Admin {
				i.Options = append(i.Options, ui.Option{Value: string(p.Unit) + " " + string(h.Officer.ID), Label: h.Officer.Name + ", " + h.Post.Title, Group: x.n.unit(p.Unit)})
			}
		}
	}
	return i, err
}

func (x *incidentReading) toGive() input {
	i := input{Kind: choice, Input: ui.Input{Name: "resource", Label: "Đề nghị", Required: true}}
	for _, r := range x.w.Resources {
		if x.w.ClosedAt.IsZero() && incident.MayGive(x.who, r) {
			i.Options = append(i.Options, ui.Option{Value: itoa(r.N), Label: itoa(r.Asked-r.Given) + " " + r.Each + " " + r.What + ", " + x.n.unit(r.By) + " đề nghị"})
		}
	}
	return i
}

func (x *incidentReading) toDo() input {
	i := input{Kind: choice, Input: ui.Input{Name: "decision", Label: "Quyết định", Required: true}}
	for _, d := range x.w.Decisions {
		if x.w.ClosedAt.IsZero() && incident.MayDo(x.who, d) {
			i.Options = append(i.Options, ui.Option{Value: itoa(d.N), Label: incidentLine(d.Text)})
		}
	}
	return i
}

// incidentLine cuts a text to a line of a list.
func incidentLine(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:89]) + "…"
	}
	return s
}

// incidentFiles are the acts that may carry files and therefore the confirmation beside them.
var incidentFiles = []string{"situation", "done"}

// incidentAct does one act on an incident and leads back to its page.
func (s *Server) incidentAct(w http.ResponseWriter, r *http.Request) error {
	act, id := r.PathValue("act"), casefile.ID(r.PathValue("case"))
	var docs []casefile.Document
	var err error
	if slices.Contains(incidentFiles, act) {
		if docs, err = s.attached(r); err == nil {
			err = confirmed(r)
		}
	}
	if err == nil {
		err = s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
			say, err := doIncident(tx, who, r, id, act, docs)
			return done{To: incidentPath(id), Say: say}, err
		})
	}
	return s.again(w, r, err, s.incident)
}

func doIncident(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string, docs []casefile.Document) (say string, err error) {
	f := r.PostForm
	switch act {
	case "confirm":
		_, err = incident.Confirm(tx, who, id, seen(r))
		return "Đã xác nhận báo cáo.", err
	case "situation":
		return "Đã gửi báo cáo tình hình.", saySituation(tx, who, r, id, docs)
	case "ask":
		n, _ := strconv.ParseInt(f.Get("amount"), 10, 64) // what is no number is refused as 0
		_, _, err = incident.AskFor(tx, who, id, incident.Ask{Of: org.UnitID(f.Get("of")), What: f.Get("what"), Each: f.Get("each"), Amount: n, Due: f.Get("due"), Version: seen(r)})
		return "Đã gửi đề nghị.", err
	case "give":
		return "Đã ghi nhận.", giveResource(tx, who, r, id)
	case "decide":
		unit, person, _ := strings.Cut(f.Get("person"), " ")
		_, _, err = incident.Decide(tx, who, id, incident.Decision{Text: f.Get("text"), Unit: org.UnitID(unit), Officer: org.OfficerID(person), Due: f.Get("due"), Version: seen(r)})
		return "Đã ghi quyết định và giao người thực hiện.", err
	case "done":
		n, _ := strconv.ParseInt(f.Get("decision"), 10, 64)
		_, err = incident.Done(tx, who, id, incident.Result{Decision: n, Text: f.Get("text"), Files: docs, Version: seen(r)})
		return "Đã gửi kết quả.", err
	case "widen":
		_, err = incident.Widen(tx, who, id, incident.Widening{Communes: incidentUnits(f["communes"]), Units: incidentUnits(f["units"]), Version: seen(r)})
		return "Đã thêm vào hồ sơ.", err
	case "link":
		other, err := casefile.ByCode(tx, who, strings.ToUpper(strings.TrimSpace(f.Get("code"))))
		if fault.Kind(err) == fault.NotFound {
			return "", fault.Field("code", "Không có việc nào mang mã theo dõi “%.40s” trong hồ sơ anh/chị được xem.", f.Get("code"))
		}
		if err == nil {
			_, err = incident.Link(tx, who, id, other, seen(r))
		}
		return "Đã nối việc vào sự cố.", err
	}
	return closeIncident(tx, who, r, id, act)
}

// closeIncident are the acts of who watches and of who leads to the end.
func closeIncident(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (say string, err error) {
	f := r.PostForm
	switch act {
	case "demand":
		_, err = incident.DemandSituation(tx, who, id, incident.Demand{Commune: org.UnitID(f.Get("commune")), Due: f.Get("due"), Version: seen(r)})
		return "Đã gửi yêu cầu.", err
	case "urge":
		_, err = incident.Urge(tx, who, id, org.UnitID(f.Get("unit")), f.Get("text"), seen(r))
		return "Đã gửi đôn đốc.", err
	case "end":
		_, err = incident.End(tx, who, id, incident.Ending{Text: f.Get("text"), Left: f.Get("left") == "1", Version: seen(r)})
		return "Đã kết thúc xử lý sự cố.", err
	case "reopen":
		_, err = incident.Reopen(tx, who, id, f.Get("text"), seen(r))
		return "Đã mở lại hồ sơ sự cố.", err
	case "review":
		_, err = incident.ReviewNow(tx, who, id, incident.Review{Good: f.Get("good"), Bad: f.Get("bad"), Propose: f.Get("propose"), Version: seen(r)})
		return "Đã ghi rút kinh nghiệm và đóng hồ sơ.", err
	}
	return "", fault.NotFound
}

func saySituation(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, docs []casefile.Document) error {
	at, err := incidentInstant(r, "seen_at")
	if err != nil {
		return err
	}
	_, err = incident.Say(tx, who, id, incident.Situation{Commune: org.UnitID(r.PostForm.Get("commune")), Text: r.PostForm.Get("text"), SeenAt: at,
		Figures: incidentFigures(r), Files: docs})
	return err
}

func giveResource(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID) error {
	n, _ := strconv.ParseInt(r.PostForm.Get("resource"), 10, 64)
	if r.PostForm.Get("amount") == "" {
		_, err := incident.Decline(tx, who, id, n, r.PostForm.Get("reason"), seen(r))
		return err
	}
	amount, _ := strconv.ParseInt(r.PostForm.Get("amount"), 10, 64)
	at, err := incidentInstant(r, "handed_at")
	if err == nil {
		_, err = incident.Give(tx, who, id, incident.Gift{Resource: n, Amount: amount, HandedAt: at, Version: seen(r)})
	}
	return err
}
