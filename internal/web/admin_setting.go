package web

import (
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
	"lienthong/internal/web/ui"
)

// settingRoutes are the pages of technical settings, for the province's administrators.
func (s *Server) settingRoutes() {
	s.handle("GET /admin/settings", s.settings)
	s.handle("GET /admin/settings/{name}", s.settingPage)
	s.handle("POST /admin/settings/{name}", s.settingChange)
}

// Settings change how the whole office runs; the administrator of one unit does not reach them.
func onlyRoot(who org.Actor) error {
	if !who.Root {
		return fault.Refuse(fault.Denied, "Thông số của cả hệ thống do quản trị của tỉnh xem và đổi.")
	}
	return nil
}

// settings lists every setting with what it means and on what it rests, and who changed
// which.
func (s *Server) settings(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyRoot(who); err != nil {
			return nil, err
		}
		p.Title = "Thông số hệ thống"
		all, err := setting.All(tx)
		if err != nil {
			return nil, err
		}
		changes, err := setting.Changes(tx, logRows)
		if err != nil {
			return nil, err
		}
		x := &office{tx: tx, who: who, r: r, n: newNames(tx)}
		v := adminView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}},
			Sub: "Thời gian, dung lượng, số lần mà không quy chế nào nêu. Số ngày, vai trò do quy chế nêu nằm ở mục Quy chế."}}
		v.Tables = []ui.Table{settingTable(all), settingChanges(x, changes)}
		return adminPage(v), nil
	})
}

// Changed ones stand out: the first question to an office that behaves oddly is what it set otherwise.
func settingTable(all []setting.State) ui.Table {
	t := ui.Table{Caption: "Thông số đang dùng", Cols: []ui.Col{{Label: "Ý nghĩa"}, {Label: "Đang dùng"}, {Label: "Mặc định"}, {Label: "Căn cứ"}, {Label: ""}}}
	for _, one := range all {
		now := ui.Cell{Text: one.Say(one.Value)}
		if one.Set {
			now.Tone = ui.Info
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: one.Means}, now, {Text: one.Say(one.Default)}, {Text: one.Source}, {Text: "Đổi " + one.Name, Href: "/admin/settings/" + one.Name}})
	}
	return t
}

// The newest first; a setting is never changed without a line here.
func settingChanges(x *office, all []setting.Change) ui.Table {
	t := ui.Table{Caption: "Ai đổi thông số nào; mới nhất ở trên", Cols: []ui.Col{{Label: "Lúc"}, {Label: "Ai"}, {Label: "Thông số"}, {Label: "Trước"}, {Label: "Sau"}, {Label: "Căn cứ"}},
		Empty: "Chưa ai đổi thông số nào."}
	for _, c := range all {
		t.Rows = append(t.Rows, []ui.Cell{{Text: moment(c.At)}, {Text: x.n.officer(org.OfficerID(c.By))}, {Text: c.Name}, {Text: settingSaid(c.Name, c.Was)}, {Text: settingSaid(c.Name, c.Became)}, {Text: c.Source}})
	}
	return t
}

// settingSaid writes a kept value in words; "" stands for the default.
func settingSaid(name, value string) string {
	s, err := setting.Of(name)
	if value == "" {
		return "mặc định"
	}
	if err != nil { // no longer declared
		return value
	}
	return s.Say(value)
}

// settingPage is the form of one setting.
func (s *Server) settingPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyRoot(who); err != nil {
			return nil, err
		}
		one, err := setting.Get(tx, r.PathValue("name"))
		if err != nil {
			return nil, err
		}
		p.Title = "Đổi thông số"
		head := ui.Head{Title: one.Name, Sub: one.Means, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: "Thông số hệ thống", Href: "/admin/settings"}}}
		hint := "Mặc định " + one.Say(one.Default)
		if one.Least != "" {
			hint += "; từ " + one.Say(one.Least) + " đến " + one.Say(one.Most)
		}
		if one.Restart {
			hint += ". Máy chủ dùng mức mới sau khi khởi động lại"
		}
		fields := []input{{Kind: note, Input: ui.Input{Label: "Đang dùng: " + one.Say(one.Value) + " (" + one.Source + ")."}},
			{Kind: line, Input: ui.Input{Name: "value", Label: "Mức mới", Value: one.Value, Required: one.Kind != setting.Text && one.Kind != setting.Web, Auto: "off", Hint: hint + "."}},
			{Kind: line, Input: ui.Input{Name: "source", Label: "Căn cứ hoặc lý do", Required: true, Max: 300, Auto: "off"}}}
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Đổi thông số", Quiet: []ui.Button{{Label: "Quay lại", Href: "/admin/settings"}}}
		var back templ.Component
		if one.Set {
			back = ui.ButtonOf(ui.Button{Label: "Về mặc định: " + one.Say(one.Default), Post: r.URL.Path,
				Hidden: []ui.Hidden{{Name: "key", Value: newKey(tx)}, {Name: "do", Value: "reset"}}}, "quiet small")
		}
		return formPage(head, back, t.form(form), t.with(fields)), nil
	})
}

// settingChange sets one setting, or brings its default back.
func (s *Server) settingChange(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if err := onlyRoot(who); err != nil {
			return done{}, err
		}
		name, by := r.PathValue("name"), string(who.Officer)
		if r.PostForm.Get("do") == "reset" {
			return done{To: "/admin/settings", Say: "Đã đưa " + name + " về mặc định."}, setting.Reset(tx, by, name, r.PostForm.Get("source"))
		}
		return done{To: "/admin/settings", Say: "Đã đổi " + name + "."}, setting.Set(tx, by, name, r.PostForm.Get("value"), r.PostForm.Get("source"))
	})
	return s.again(w, r, atForm(err), s.settingPage)
}
