package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/bulk"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/web/ui"
)

// bulkRoutes do one act on items that were picked in a list, and keep views of lists.
func (s *Server) bulkRoutes() {
	s.handle("GET /bulk", s.bulkForm)
	s.handle("POST /bulk", s.bulkStart)
	s.handle("GET /bulk/{bulk}", s.bulkPage)
	s.handle("POST /views", s.keepView)
	s.handle("POST /views/{view}/drop", s.dropView)
}

// pickedCases are the items that the list ticked.
func pickedCases(values url.Values) (all []casefile.ID, err error) {
	for _, v := range values["case"] {
		all = append(all, casefile.ID(v))
	}
	switch {
	case len(all) == 0:
		return nil, fault.Refuse(fault.Invalid, "Chưa chọn mục nào. Anh/chị quay lại danh sách, đánh dấu các mục cần làm (phím x) rồi chọn việc.")
	case len(all) > petition.MostPicked:
		return nil, fault.Refuse(fault.Invalid, "Mỗi lần chọn tối đa %d mục; anh/chị chia thành nhiều lần.", petition.MostPicked)
	}
	return all, nil
}

// bulkForm asks for what all picked items get; the list leads here.
func (s *Server) bulkForm(w http.ResponseWriter, r *http.Request) error {
	cases, err := pickedCases(r.Form)
	if err != nil {
		return err
	}
	if r.Form.Get("act") == "export" {
		q := url.Values{"case": r.Form["case"]}
		if back, err := url.Parse(bulkBack(r)); err == nil && back.Path == "/petitions" && back.Query().Has("columns") {
			q["columns"] = back.Query()["columns"] // the sheet has what the list showed
		}
		http.Redirect(w, r, "/export/petitions?"+q.Encode(), http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		act := bulk.Act(r.Form.Get("act"))
		if bulk.Says[act] == "" {
			return nil, fault.NotFound
		}
		t := keptOf(r)
		f := ui.Form{Action: "/bulk", Key: p.Key, Send: bulk.Says[act] + " " + strconv.Itoa(len(cases)) + " việc", Hidden: []ui.Hidden{{Name: "act", Value: string(act)}},
			Quiet: []ui.Button{{Label: "Quay lại", Href: bulkBack(r)}}}
		for _, c := range cases {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: "case", Value: string(c)})
		}
		in := []input{{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung đôn đốc", Required: true, Rows: 4, Max: 5000,
			Value: "Đề nghị cơ quan chủ trì trả lời kiến nghị, báo rõ lý do nếu còn vướng."}}}
		if act == bulk.Direct {
			x, err := read(tx, who, cases[0])
			if err != nil {
				return nil, err
			}
			if in, err = x.directInputs(); err != nil {
				return nil, err
			}
		}
		p.Title = bulk.Says[act] + " nhiều việc"
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "back", Value: bulkBack(r)})
		head := ui.Head{Title: p.Title, Sub: strconv.Itoa(len(cases)) + " việc đã chọn; mỗi việc được làm riêng, việc nào không làm được sẽ ghi rõ lý do",
			Crumbs: []ui.Link{{Label: "Kiến nghị", Href: "/petitions"}}}
		titles, err := pickedTitles(tx, who, cases)
		return formPage(head, titles, t.form(f), t.with(in)), err
	})
}

// bulkBack is the list in which the items were ticked.
func bulkBack(r *http.Request) string {
	if back := r.Form.Get("back"); back != "" {
		return local(back)
	}
	return "/petitions"
}

// pickedTitles shows above the form what was picked.
func pickedTitles(tx *db.Tx, who org.Actor, cases []casefile.ID) (templ.Component, error) {
	items, _, err := petition.List(tx, who, petition.ListFilter{IDs: cases}, "", petition.MostPicked)
	var parts []part
	for _, p := range items {
		parts = append(parts, part{Text: "mã " + p.Code + " – " + p.Title})
	}
	return matterCard(parts, nil), err
}

// bulkStart writes the order down, does a short one at once, and leads to its lines.
func (s *Server) bulkStart(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.bulkStarted(w, r), s.bulkForm)
}

// Starts one act on many picked items. It answers at once with the page of the work: hundreds of items
// take longer than a request may.
func (s *Server) bulkStarted(w http.ResponseWriter, r *http.Request) error {
	cases, err := pickedCases(r.PostForm)
	if err != nil {
		return err
	}
	in := bulk.In{Act: bulk.Act(r.PostForm.Get("act")), Cases: cases, Text: r.PostForm.Get("text")}
	if in.Act == bulk.Direct {
		if in.To, err = typedDirection(r); err != nil {
			return err
		}
	}
	id := ""
	err = s.update(&held{w}, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		id, err = bulk.Start(tx, who, in)
		return done{To: "/bulk/" + id}, err
	})
	if err != nil {
		return err
	}
	if id != "" && len(cases) <= bulk.AtOnce {
		if err := bulk.Do(r.Context(), s.DB, id); err != nil {
			s.Log.Warn("bulk", "err", err) // the background goes on with what is open
		}
	}
	http.Redirect(w, r, w.Header().Get("Location"), http.StatusSeeOther)
	return nil
}

// held keeps an answer back until what follows it is done.
type held struct{ http.ResponseWriter }

// WriteHeader sends nothing.
func (h *held) WriteHeader(int) {}

// Write sends nothing.
func (h *held) Write(b []byte) (int, error) { return len(b), nil }

// bulkPage shows what became of each item.
func (s *Server) bulkPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		b, err := bulk.Get(tx, who, r.PathValue("bulk"))
		if err != nil {
			return nil, err
		}
		p.Title = bulk.Says[b.Act] + " nhiều việc"
		v := listView{Head: ui.Head{Title: p.Title, Sub: bulkSum(b), Crumbs: []ui.Link{{Label: "Kiến nghị", Href: "/petitions"}}}}
		if b.Open > 0 {
			w.Header().Set("Refresh", renewAfter)
		}
		groups := map[string]*ui.Group{"refused": {Title: "Không làm được", Tone: ui.Late}, "open": {Title: "Đang chờ"}, "done": {Title: "Đã làm"}}
		for _, l := range b.Lines {
			row := ui.Row{Href: "/cases/" + string(l.Case), Do: l.Title, Code: l.Code, About: l.Say}
			if l.Title == "" {
				row.Do = "Việc anh/chị không được xem"
			}
			groups[l.State].Rows = append(groups[l.State].Rows, row)
		}
		v.Groups = []ui.Group{*groups["refused"], *groups["open"], *groups["done"]}
		return listPage(v), nil
	})
}

// bulkSum says in one sentence how an order went: "17 đã phân công, 2 không được".
func bulkSum(b *bulk.Bulk) string {
	say := strconv.Itoa(b.Done) + " đã " + lower(bulk.Says[b.Act])
	if b.Refused > 0 {
		say += ", " + strconv.Itoa(b.Refused) + " không được: lý do ghi ở từng việc"
	}
	if b.Open > 0 {
		say += ", " + strconv.Itoa(b.Open) + " đang chờ; trang này tự cập nhật, anh/chị có thể rời trang"
	}
	return say + "."
}

// bulkActs are what may be done with picked items, by who the officer is; the operation of
// each item asks again.
func bulkActs(tx *db.Tx, who org.Actor) (all []ui.Option, err error) {
	for _, p := range who.Posts {
		if len(all) == 0 && (p.Role == org.Leader || p.Role == org.Head) {
			all = append(all, ui.Option{Value: string(bulk.Direct), Label: "Phân công"})
		}
	}
	may, err := mayUrge(tx, who)
	if may {
		all = append(all, ui.Option{Value: string(bulk.Urge), Label: "Đôn đốc"})
	}
	return append(all, ui.Option{Value: "export", Label: "Xuất Excel"}), err
}

// viewsOf are the kept views of a list, and the form that keeps the present one.
func viewsOf(tx *db.Tx, who org.Actor, list, key string, q url.Values) (v viewsBar, err error) {
	all, err := search.Views(tx, who, list, export.ListConditions(list))
	for _, one := range all {
		label := one.Name
		if one.Unit != "" {
			label += " (đơn vị)"
		}
		k := keptView{Link: ui.Link{Label: label, Href: "/" + list + "?" + one.Query}, Current: one.Query == q.Encode()}
		if one.Mine {
			k.Drop = "/views/" + one.ID + "/drop"
		}
		if k.Wrong = one.Wrong != ""; k.Wrong {
			k.Label += " (điều kiện không còn dùng được)"
		}
		v.Kept = append(v.Kept, k)
	}
	v.List, v.Key, v.Query = list, key, q.Encode()
	n := newNames(tx)
	for _, u := range search.Administered(who) {
		v.Units = append(v.Units, ui.Option{Value: string(u), Label: n.unit(u)})
	}
	return v, err
}

// viewsBar is what viewsOf found, for drawing.
type viewsBar struct {
	Kept             []keptView // own ones first, then the unit's
	List, Key, Query string
	Units            []ui.Option // for which this officer may keep one
}

// A kept filter in the row above a list.
type keptView struct {
	ui.Link
	Current bool   // the filter that is in use
	Wrong   bool   // the list no longer takes it
	Drop    string // where it is taken away; "" for one that is another's
}

// keepView keeps the filter that is being looked at, and goes back to it.
func (s *Server) keepView(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		v := search.View{List: r.PostForm.Get("list"), Name: r.PostForm.Get("name"), Query: r.PostForm.Get("query"), Unit: org.UnitID(r.PostForm.Get("unit"))}
		if !slices.Contains(search.Lists, v.List) {
			return done{}, fault.NotFound
		}
		return done{To: "/" + v.List + "?" + v.Query, Say: "Đã lưu bộ lọc “" + v.Name + "”."}, search.Keep(tx, who, v, export.ListConditions(v.List))
	})
}

// Takes a kept filter away, back to the list it was used on.
func (s *Server) dropView(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: local(r.PostForm.Get("back")), Say: "Đã bỏ bộ lọc."}, search.Unkeep(tx, who, r.PathValue("view"))
	})
}
