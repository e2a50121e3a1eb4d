package web

import (
	_ "embed"
	"encoding/json"
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/upload"
	"lienthong/internal/web/static"
	"lienthong/internal/web/ui"
)

// phonePath is the one page that works without a line, and all that its worker keeps.
const phonePath = "/hien-truong/"

//go:embed phone_worker.js
var phoneWorker string

// phone are the page for people on the spot, what its phone keeps, and where it sends to.
func (s *Server) phone() {
	s.open("GET "+phonePath+"{$}", s.phonePage)
	s.open("GET "+phonePath+"worker.js", s.phoneScript)
	s.handle("GET "+phonePath+"danh-muc", s.phoneData)
	s.handle("POST "+phonePath+"{$}", s.phoneSend)
}

// phonePage is the same for everybody, so that nothing of anybody lies in a phone's cache.
func (s *Server) phonePage(w http.ResponseWriter, r *http.Request) error {
	t := keptOf(r)
	f := ui.Form{Action: phonePath, Keep: "hien-truong", Upload: true, Send: "Lưu trên máy và gửi"}
	return s.render(w, r, phoneShell(t.form(f), t.with(s.phoneInputs())))
}

// phoneInputs are the fields; field.js fills the choices with what the phone keeps.
func (s *Server) phoneInputs() []input {
	in := []input{
		{Kind: unseen, Input: ui.Input{Name: "who", Options: []ui.Option{{}}}},
		{Kind: choice, Input: ui.Input{Name: "incident", Label: "Sự cố", Required: true, Options: []ui.Option{{Value: "new", Label: "Sự cố mới, chưa có hồ sơ"}}}},
		{Kind: choice, Input: ui.Input{Name: "type", Label: "Loại sự cố mới", Blank: "– chỉ chọn khi là sự cố mới –"}},
		{Kind: choice, Input: ui.Input{Name: "commune", Label: "Xã, phường"}},
		{Kind: line, Input: ui.Input{Name: "title", Label: "Việc gì, ở đâu", Max: 300, Auto: "off", Hint: "Cần khi là sự cố mới."}},
		{Kind: line, Input: ui.Input{Name: "seen_at", Label: "Lúc", Type: "datetime-local", Required: true}},
		{Kind: area, Input: ui.Input{Name: "text", Label: "Tình hình, việc đã làm, cần gì", Rows: 5, Max: 20_000}},
	}
	for _, f := range incident.Figures() {
		mode := "decimal"
		if f.Whole {
			mode = "numeric"
		}
		in = append(in, input{Kind: line, Input: ui.Input{Name: "f_" + f.ID, Label: f.Say + " (" + f.Unit + ")", Mode: mode, Auto: "off", Max: 15}})
	}
	return append(in, input{Kind: files, Input: ui.Input{Name: upload.Field, Label: "Ảnh, tệp", Type: "file", Multiple: true, Accept: s.Upload.Accept(),
		Hint: "Ảnh được thu nhỏ và bỏ thông tin vị trí trước khi lưu trên máy."}}, input{Kind: secret})
}

// phoneScript is the worker of that page alone. Its version is that of the files it keeps:
// with a new program an old cache goes.
func (s *Server) phoneScript(w http.ResponseWriter, _ *http.Request) error {
	assets := append([]string{phonePath}, static.Fonts()...)
	for _, name := range []string{"app.css", "field.js", "lines.js", "favicon.svg"} {
		assets = append(assets, static.URL(name))
	}
	return s.worker(w, assets, phoneWorker)
}

// What the phone of an officer keeps, so that he can choose without a line.
type phoneKept struct {
	Who       string          `json:"who"`
	Name      string          `json:"name"`
	Incidents []phoneIncident `json:"incidents"`
	Types     []phoneOption   `json:"types"`
	Figures   []phoneFigure   `json:"figures"`
}

type phoneIncident struct {
	ID       string        `json:"id"`
	Say      string        `json:"say"`
	Type     string        `json:"type"`
	Communes []phoneOption `json:"communes"`
}

type phoneOption struct {
	ID  string `json:"id"`
	Say string `json:"say"`
}

type phoneFigure struct {
	ID    string   `json:"id"`
	Types []string `json:"types"`
}

// mostOnPhone bounds how many running incidents a phone keeps.
const mostOnPhone = 50

// phoneData is what the phone of this officer keeps: his name and the running incidents
// that he may report on.
func (s *Server) phoneData(w http.ResponseWriter, r *http.Request) error {
	kept := phoneKept{Incidents: []phoneIncident{}, Types: []phoneOption{}}
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		kept = phoneKept{Name: who.Name, Incidents: []phoneIncident{}, Types: []phoneOption{}}
		me, err := whoOf(tx, who)
		if err != nil {
			return err
		}
		kept.Who = me.Key
		if err := kept.kinds(tx, who); err != nil {
			return err
		}
		return kept.running(tx, who)
	})
	if err != nil {
		return err
	}
	for _, f := range incident.Figures() {
		kept.Figures = append(kept.Figures, phoneFigure{f.ID, f.Types})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(kept)
}

// kinds are those that a commune's officer may report from the spot: none that is sealed.
func (k *phoneKept) kinds(tx *db.Tx, who org.Actor) error {
	units, err := incident.Raises(tx, who)
	if err != nil || len(units) == 0 {
		return err
	}
	all, err := incident.KindsFor(tx, units[0])
	for _, one := range all {
		if !one.Sealed && one.Field != "" {
			k.Types = append(k.Types, phoneOption{one.Type, incident.TypeSay[one.Type]})
		}
	}
	return err
}

func (k *phoneKept) running(tx *db.Tx, who org.Actor) error {
	n := newNames(tx)
	all, _, err := incident.List(tx, who, "running", "", mostOnPhone)
	if err != nil {
		return err
	}
	for _, l := range all {
		x, err := incident.Get(tx, who, l.ID)
		if err != nil {
			return err
		}
		may, err := incident.RightsOn(tx, who, x)
		if err != nil {
			return err
		}
		if !may.Say {
			continue
		}
		places, err := incident.Places(tx, x)
		if err != nil {
			return err
		}
		one := phoneIncident{ID: string(l.ID), Say: l.Code + " – " + l.Title, Type: l.Type}
		for _, u := range places {
			one.Communes = append(one.Communes, phoneOption{string(u), n.unit(u)})
		}
		k.Incidents = append(k.Incidents, one)
	}
	return nil
}

// phoneSend takes one item of a phone's queue: a situation report, or a report of a new
// incident. An item belongs to who wrote it: under another's sign-in it waits.
func (s *Server) phoneSend(w http.ResponseWriter, r *http.Request) error {
	if err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		me, err := whoOf(tx, who)
		if err == nil && me.Key != r.PostForm.Get("who") {
			err = fault.SignedOut
		}
		return err
	}); err != nil {
		return err
	}
	return s.again(w, r, s.phoneItem(w, r), s.phonePage)
}

func (s *Server) phoneItem(w http.ResponseWriter, r *http.Request) error {
	to := phonePath + "?da-gui="
	if err := confirmed(r); err != nil {
		return err
	}
	if r.PostForm.Get("incident") == "new" {
		r.PostForm.Set("occurred_at", r.PostForm.Get("seen_at"))
		return s.sendReport(w, r, to)
	}
	docs, err := s.attached(r)
	if err != nil {
		return err
	}
	id := casefile.ID(r.PostForm.Get("incident"))
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		err := saySituation(tx, who, r, id, docs)
		if fault.Kind(err) == fault.NotFound || fault.Kind(err) == fault.Conflict {
			err = fault.Field("incident", "Sự cố này đã đóng hoặc anh/chị không còn trong hồ sơ; nội dung chưa được ghi.")
		}
		return done{To: to + string(id), Say: "Đã gửi báo cáo tình hình."}, err
	})
}
