package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/upload"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// exchangeView is one document with what may be done with it.
type exchangeView struct {
	Head    ui.Head
	Next    ui.NextStep // what the reader can do about it now
	Remark  string      // files that were refused on the way in
	Content string
	Files   []ui.File
	Facts   []ui.Fact
	Steps   []ui.Entry
	Near    []ui.Group // cases it may belong to
	Changed *ui.Table  // beside the document that came before under its number
}

// exchangeDocument shows a document to who may place it.
func (s *Server) exchangeDocument(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		d, err := exchange.Get(tx, who, exchange.ID(r.PathValue("document")))
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		p.Title = "Văn bản số " + d.Symbol
		v := exchangeView{Head: exchangeHead(d), Content: d.Content, Next: exchangeNext(d, p.Key)}
		v.Facts = exchangeFacts(n, d)
		if v.Steps, v.Remark, err = exchangeSteps(n, d); err != nil {
			return nil, err
		}
		files, err := exchange.Files(tx, d.ID)
		if err != nil {
			return nil, err
		}
		for i, f := range files {
			v.Files = append(v.Files, ui.File{Name: f.Name, Href: exchangePath(d.ID, "files", strconv.Itoa(i+1)), Size: upload.Size(f.Size)})
		}
		if d.Repeats != "" {
			var of string
			if v.Changed, of, err = exchangeChanged(who, n, &d); err != nil {
				return nil, err
			}
			if d.State == exchange.Waiting && of != "" { // its number has a case: it opens no other
				v.Next.Main.Href += "?case=" + of
				v.Next.Quiet = []ui.Button{{Label: "Để ngoài", Href: exchangePath(d.ID, "aside")}}
			}
		}
		if d.State == exchange.Waiting {
			v.Near, err = exchangeNear(tx, who, n, &d)
		}
		return exchangePage(v), err
	})
}

// The head of a document. Some systems send none but a number, and then that is the title.
func exchangeHead(d exchange.Document) ui.Head {
	title := d.Subject
	if title == "" {
		title = "Văn bản số " + d.Symbol
	}
	return ui.Head{Title: title, Sub: "Số " + d.Symbol + " ngày " + d.IssuedOn.Long(), Crumbs: []ui.Link{{Label: "Văn bản liên thông", Href: "/exchange?state=" + d.State}},
		Chips: []ui.Chip{{Text: exchange.States[d.State]}}}
}

// exchangeNext is what there is to do with a document.
func exchangeNext(d exchange.Document, key string) (n ui.NextStep) {
	switch d.State {
	case exchange.Waiting:
		n.Sentence, n.Note = "Anh/chị cần cho biết văn bản này thuộc việc nào", exchange.Reasons[d.WaitsFor]
		n.Main = ui.Button{Label: "Gắn vào việc", Href: exchangePath(d.ID, "join")}
		n.Quiet = []ui.Button{{Label: "Mở kiến nghị mới", Href: exchangePath(d.ID, "open")}, {Label: "Để ngoài", Href: exchangePath(d.ID, "aside")}}
	case exchange.Secret:
		n.Sentence = "Gói tin này có dấu mật nên bị từ chối toàn bộ"
		n.Note = "Chỉ số, ngày và cơ quan ban hành được ghi lại; nội dung và tệp không được lưu. Hãy báo nơi gửi gửi lại theo đường văn bản mật."
		if !d.Noted {
			n.Main = ui.Button{Label: "Đã biết", Post: exchangePath(d.ID, "note"), Hidden: []ui.Hidden{{Name: "key", Value: key}}}
		}
	case exchange.Aside:
		n.Sentence = "Văn bản này để ngoài, không thuộc việc nào"
	default:
		n.Sentence = exchange.States[d.State]
		n.Main = ui.Button{Label: "Mở việc", Href: "/cases/" + string(d.Case)}
	}
	return n
}

// The facts of a document; empty ones are left out.
func exchangeFacts(n *names, d exchange.Document) (all []ui.Fact) {
	add := func(label, value string) {
		if value != "" {
			all = append(all, ui.Fact{Label: label, Values: []ui.Link{{Label: value}}})
		}
	}
	add("Cơ quan ban hành", issuerOf(n, d))
	if d.Addressee != "" {
		add("Nơi nhận", n.unit(d.Addressee))
	}
	add("Người ký", joined(d.SignerTitle, d.Signer))
	add("Đến lúc", when(d.ArrivedAt, n.tx.Now))
	for _, ref := range d.Refs {
		on := ""
		if !ref.IssuedOn.IsZero() {
			on = " ngày " + ref.IssuedOn.Long()
		}
		add("Nêu văn bản", ref.Code+on)
	}
	if d.Signed {
		add("Chữ ký số của gói tin", "có, chưa kiểm ở đây: trục liên thông kiểm khi nhận")
	} else if d.Way == exchange.ByPacket {
		add("Chữ ký số của gói tin", "không có")
	}
	add("Đường đến", map[string]string{exchange.ByPacket: "gói tin edXML", exchange.ByList: "danh sách XLSX"}[d.Way])
	return all
}

// stepWords are the steps of a document in words.
var stepWords = map[string]string{"taken": "Nhận từ hệ thống quản lý văn bản", "joined": "Gắn vào việc", "opened": "Mở kiến nghị", "aside": "Để ngoài", "noted": "Đã biết"}

// What happened to a document since it came; a file that was refused on the way in is also said above,
// since it is missing in what is read.
func exchangeSteps(n *names, d exchange.Document) (all []ui.Entry, remark string, err error) {
	steps, err := exchange.Steps(n.tx, d.ID)
	for i, st := range steps {
		e := ui.Entry{ID: "s" + strconv.Itoa(i+1), What: stepWords[st.What], When: when(st.At, n.tx.Now), At: rfc(st.At), By: "hệ thống ghi nhận", Text: st.Reason}
		if st.By != "exchange" {
			e.By = n.officer(org.OfficerID(st.By))
		}
		if st.What == "taken" && st.Reason != "" {
			remark = "Có tệp không nhận: " + st.Reason
		}
		all = append([]ui.Entry{e}, all...)
	}
	return all, remark, err
}

// exchangeChanged sets what differs beside what came before under the same number, and
// gives the code of the case that the first one has.
func exchangeChanged(who org.Actor, n *names, d *exchange.Document) (t *ui.Table, of string, err error) {
	x, err := exchange.Differs(n.tx, who, d)
	if err != nil || x.Before.ID == "" {
		return nil, "", err
	}
	if x.Before.Case != "" { // whoever sees the document may read its case
		c, err := casefile.Get(n.tx, who, x.Before.Case)
		if err != nil {
			return nil, "", err
		}
		of = c.Code
	}
	t = &ui.Table{Caption: "Khác với văn bản cùng số đã đến trước", Cols: []ui.Col{{Label: "Phần"}, {Label: "Bản đến trước"}, {Label: "Bản này"}}}
	row := func(label, before, now string) {
		t.Rows = append(t.Rows, []ui.Cell{{Text: label}, {Text: before}, {Text: now}})
	}
	t.Rows = append(t.Rows, []ui.Cell{{Text: "Đến lúc"}, {Text: when(x.Before.ArrivedAt, n.tx.Now) + ", " + lower(exchange.States[x.Before.State]), Href: exchangePath(x.Before.ID)},
		{Text: when(d.ArrivedAt, n.tx.Now)}})
	for _, part := range x.Parts {
		switch part {
		case exchange.DiffSubject:
			row("Trích yếu", x.Before.Subject, d.Subject)
		case exchange.DiffContent:
			row("Nội dung", x.Before.Content, d.Content)
		case exchange.DiffFiles:
			row("Tệp chỉ có ở một bản", strings.Join(x.Gone, ", "), strings.Join(x.Added, ", "))
		case exchange.DiffSecret:
			row("Dấu mật", secretWords[x.Before.State == exchange.Secret], secretWords[d.State == exchange.Secret])
		}
	}
	return t, of, nil
}

// secretWords say whether a document was refused for its mark of secrecy.
var secretWords = map[bool]string{true: "có, bị từ chối toàn bộ", false: "không"}

// exchangeNear are the matters to which the document may belong, each leading to the form
// that joins it.
func exchangeNear(tx *db.Tx, who org.Actor, n *names, d *exchange.Document) ([]ui.Group, error) {
	all, err := exchange.Candidates(tx, who, d, 10)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	g := ui.Group{Title: "Việc có thể liên quan", Note: "Bấm để gắn văn bản này vào việc."}
	for i := range all {
		c := &all[i]
		g.Rows = append(g.Rows, ui.Row{Href: exchangePath(d.ID, "join") + "?case=" + c.Code, Do: c.Title, Code: c.Code, About: n.unit(c.Raiser) + " nêu " + workday.Of(c.OpenedAt).Short(),
			From: n.unit(c.Lead), Chips: []ui.Chip{{Text: petition.States[c.State]}}})
	}
	return []ui.Group{g}, nil
}

// exchangeFile hands out a file of a document that waits, to be saved.
func (s *Server) exchangeFile(w http.ResponseWriter, r *http.Request) error {
	var f casefile.Document
	var d exchange.Document
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		if d, err = exchange.Get(tx, who, exchange.ID(r.PathValue("document"))); err != nil {
			return err
		}
		all, err := exchange.Files(tx, d.ID)
		n, bad := strconv.Atoi(r.PathValue("n"))
		if err == nil && (bad != nil || n < 1 || n > len(all)) {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		f = all[n-1]
		f.EventN = 1 // of a document that was sent here: whoever may place it may read it
		return mayHave(tx, who, f)
	})
	if err != nil {
		return err
	}
	file, err := s.Blobs.Open(blob.Hash(f.Hash))
	if err != nil {
		return err
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", attachment(f.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", d.TakenAt, file)
	return nil
}

// exchangeForm is the form of one of the three decisions.
func (s *Server) exchangeForm(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		d, err := exchange.Get(tx, who, exchange.ID(r.PathValue("document")))
		if err != nil {
			return nil, err
		}
		if d.State != exchange.Waiting {
			return nil, fault.Refuse(fault.Conflict, "Văn bản này đã được xử lý.")
		}
		t := keptOf(r)
		act := r.PathValue("act")
		f := ui.Form{Action: exchangePath(d.ID, act), Key: p.Key, Version: itoa(d.Version), Quiet: []ui.Button{{Label: "Quay lại", Href: exchangePath(d.ID)}}}
		head := exchangeHead(d)
		head.Crumbs = append(head.Crumbs, ui.Link{Label: vntext.Truncate(d.Symbol, 40), Href: exchangePath(d.ID)})
		var in []input
		switch act {
		case "join":
			p.Title, f.Send = "Gắn văn bản vào việc", "Gắn vào việc"
			in = joinInputs(r)
		case "open":
			p.Title, f.Send = "Mở kiến nghị từ văn bản", "Mở kiến nghị"
			field, err := fieldInput(tx, asCommune(tx, d.Issuer), "")
			if err != nil {
				return nil, err
			}
			in = []input{{Kind: note, Input: ui.Input{Label: "Hạn trả lời tính từ lúc văn bản đến (" + when(d.ArrivedAt, tx.Now) + "), không phải từ lúc mở việc."}},
				{Kind: line, Input: ui.Input{Name: "title", Label: "Trích yếu", Value: d.Subject, Required: true, Max: 300, Auto: "off"}}, field}
		case "aside":
			p.Title, f.Send = "Để văn bản ra ngoài", "Để ngoài"
			in = []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Lý do", Hint: "Vì sao văn bản này không thuộc việc nào ở đây.", Rows: 3, Required: true}}}
		default:
			return nil, fault.NotFound
		}
		if d.Issuer == "" && act != "aside" {
			issuer, err := issuerInput(tx, act == "open")
			if err != nil {
				return nil, err
			}
			in = append([]input{issuer}, in...)
		}
		head.Title = p.Title
		return formPage(head, matterCard([]part{{Label: d.Subject, Text: d.Content}}, nil), t.form(f), t.with(in)), nil
	})
}

// asCommune is the unit whose fields a form offers: where the issuer is still to be
// chosen, those of any commune.
func asCommune(tx *db.Tx, issuer org.UnitID) org.UnitID {
	if issuer != "" {
		return issuer
	}
	all, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
	if err != nil || len(all) == 0 {
		return ""
	}
	return all[0].ID
}

// joinInputs ask for the case and for what the document is on it.
func joinInputs(r *http.Request) []input {
	outcome := input{Kind: radios, Input: ui.Input{Name: "outcome", Label: "Văn bản này là", Options: []ui.Option{{Value: "", Label: "Văn bản kèm theo, không phải trả lời", Chosen: true}}}}
	for _, o := range petition.Outcomes {
		outcome.Options = append(outcome.Options, ui.Option{Value: string(o), Label: "Trả lời: " + o.Say()})
	}
	outcome.Options = append(outcome.Options, ui.Option{Value: string(petition.Unstated), Label: "Trả lời, văn bản không ghi kết quả"})
	return []input{
		{Kind: line, Input: ui.Input{Name: "case", Label: "Mã theo dõi của việc", Hint: "Như KN-0437/2026.", Value: r.Form.Get("case"), Required: true, Max: 40, Auto: "off"}},
		outcome,
		{Kind: area, Input: ui.Input{Name: "reason", Label: "Ghi chú", Rows: 2}},
	}
}

// issuerInput offers the units that may have issued a document whose code is unknown.
func issuerInput(tx *db.Tx, communes bool) (i input, err error) {
	i = input{Kind: choice, Input: ui.Input{Name: "issuer", Label: "Cơ quan ban hành", Blank: "– chọn –", Required: true, Hint: "Mã định danh ghi trong văn bản chưa có trong danh mục; quản trị của tỉnh bổ sung thì lần sau tự nhận ra."}}
	f := org.Filter{}
	if communes {
		f = org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee}
	}
	units, err := org.Units(tx, f)
	for _, u := range units {
		i.Options = append(i.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	i.Options = sortOptions(i.Options)
	return i, err
}

// exchangeAct does what a form decided.
func (s *Server) exchangeAct(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		id, get := exchange.ID(r.PathValue("document")), r.PostForm.Get
		var d exchange.Document
		var err error
		say := ""
		switch r.PathValue("act") {
		case "join":
			of, found := casefile.ByCode(tx, who, upperCode(get("case")))
			if fault.Kind(found) == fault.NotFound {
				return done{}, fault.Field("case", "Không có việc nào mang mã này trong những việc anh/chị được xem.")
			}
			if found != nil {
				return done{}, found
			}
			d, err = exchange.Join(tx, who, id, exchange.Joining{Case: of, Issuer: org.UnitID(get("issuer")), Outcome: petition.Outcome(get("outcome")), Reason: get("reason"), Version: seen(r)})
			say = "Đã gắn văn bản vào việc."
		case "open":
			d, err = exchange.Open(tx, who, id, exchange.Opening{Issuer: org.UnitID(get("issuer")), Field: get("field"), Title: get("title"), Version: seen(r)})
			say = "Đã mở kiến nghị từ văn bản."
		case "aside":
			d, err = exchange.SetAside(tx, who, id, get("reason"), seen(r))
			say = "Đã để văn bản ra ngoài."
		case "note":
			d, err = exchange.Note(tx, who, id)
			say = "Đã ghi nhận."
		default:
			return done{}, fault.NotFound
		}
		return done{To: exchangePath(id), Version: d.Version, Say: say}, err
	})
	return s.again(w, r, err, s.exchangeForm)
}

// sentFacts say on the page of a case what became of its papers at their receivers.
func sentFacts(tx *db.Tx, who org.Actor, id casefile.ID) (all []ui.Fact, err error) {
	sent, err := exchange.SentOf(tx, who, id)
	if err != nil || len(sent) == 0 {
		return nil, err
	}
	stuck, err := exchange.Stuck(tx, sent)
	n := newNames(tx)
	f := ui.Fact{Label: "Qua hệ thống quản lý văn bản"}
	for _, one := range sent {
		say := "số " + one.Symbol + " đến " + n.unit(one.Receiver) + ": " + one.Say()
		if !one.StatusAt.IsZero() {
			say += ", " + when(one.StatusAt, tx.Now)
		}
		if why, ok := stuck[one.ID]; ok {
			say = "số " + one.Symbol + " chưa gửi được đến " + n.unit(one.Receiver) + ": " + why
		}
		if edxml.Refuses(one.Status) {
			all, err := exchange.StatusesOf(tx, one.ID)
			if err != nil {
				return nil, err
			}
			say = "số " + one.Symbol + " đến " + n.unit(one.Receiver) + ": " + all[len(all)-1].Say() + ", " + when(one.StatusAt, tx.Now)
		}
		f.Values = append(f.Values, ui.Link{Label: say})
	}
	return []ui.Fact{f}, err
}

// upperCode is a tracking code as it is kept.
func upperCode(s string) string {
	out := make([]rune, 0, len(s))
	for _, c := range vntext.NFC(s) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c > ' ' {
			out = append(out, c)
		}
	}
	return string(out)
}
