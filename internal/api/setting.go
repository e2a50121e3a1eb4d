package api

import (
	"net/http"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/setting"
)

const (
	settingsPath  = "/api/v1/settings"
	decisionsPath = "/api/v1/profiles/"
)

// logLines is how many of the last changes a list gives.
const logLines = 200

// settingIn is a new value with its ground.
type settingIn struct {
	Value  string `json:"value" doc:"ghi như trong danh sách: 90d, 12h, 25MB, true, chữ"`
	Source string `json:"source" doc:"căn cứ hoặc lý do, để người sau hiểu"`
}

// resetIn brings a default back.
type resetIn struct {
	Source string `json:"source,omitempty" doc:"căn cứ hoặc lý do"`
}

// settingOut is one setting as it stands. What rests on no regulation says so in Source.
type settingOut struct {
	Name    string `json:"name"`
	Kind    string `json:"kind" doc:"span, count, bytes, flag, text"`
	Value   string `json:"value" doc:"mức đang dùng"`
	Default string `json:"default"`
	Least   string `json:"least" doc:"rỗng: không giới hạn"`
	Most    string `json:"most"` // "" without a bound
	Means   string `json:"means" doc:"ý nghĩa"`
	Source  string `json:"source" doc:"ai đặt, căn cứ nào; thông số chưa ai đặt ghi là không quy chế nào nêu"`
	Set     bool   `json:"set" doc:"đã có người đặt"`
	SetAt   string `json:"set_at"` // "" while nobody set it
	Restart bool   `json:"restart" doc:"máy chủ dùng mức mới sau khi khởi động lại"`
}

// settingChange is one line of what was changed.
type settingChange struct {
	Name   string `json:"name"`
	Was    string `json:"was" doc:"rỗng: mặc định"`
	Became string `json:"became" doc:"rỗng: mặc định"`
	Source string `json:"source"` // the ground that was given
	By     string `json:"by" doc:"mã cán bộ, hoặc cli: và tên người dùng máy chủ"`
	At     string `json:"at"` // an instant
}

// decisionIn is the province's own act about a model.
type decisionIn struct {
	Number string `json:"number" doc:"số, ký hiệu của quyết định"`
	Date   string `json:"date" doc:"ngày ký, như 2026-03-02"`
}

// decisionOut is one entry; the newest counts when the profile is adopted again.
type decisionOut struct {
	Profile string `json:"profile" doc:"mã cấu hình"`
	Number  string `json:"number"`
	Date    string `json:"date"`
	By      string `json:"by"` // officer, or cli: and a name
	At      string `json:"at"` // entered
}

// tuning are the routes of settings and of the province's own decision, for the
// administrators of the province.
func (s *Server) tuning() []route {
	all := []route{
		list(settingsPath, "settings", "Thông số hệ thống: mức đang dùng, mặc định, giới hạn, căn cứ.", page[settingOut]{}, (*call).settings).of(tagAdmin),
		list(settingsPath+"/changes", "settingChanges", "Ai đổi thông số nào, mới nhất trước.", page[settingChange]{}, (*call).settingChanges).of(tagAdmin),
		list(settingsPath+"/{name}", "setting", "Xem một thông số.", settingOut{}, (*call).setting).of(tagAdmin),
		act[settingIn]("PUT", settingsPath+"/{name}", "setSetting", "Đổi một thông số, nêu căn cứ.", (*call).setSetting).gives(settingOut{}).of(tagAdmin),
		act[resetIn]("POST", settingsPath+"/{name}/reset", "resetSetting", "Đưa một thông số về mặc định.", (*call).resetSetting).gives(settingOut{}).of(tagAdmin),
	}
	if s.Library != nil {
		all = append(all, list(decisionsPath+"{name}/decisions", "decisions", "Quyết định của tỉnh đã nhập cho một cấu hình mẫu, mới nhất trước.", page[decisionOut]{}, (*call).decisions).of(tagAdmin),
			act[decisionIn]("POST", decisionsPath+"{name}/decisions", "decide", "Nhập quyết định của tỉnh làm cho quy định mẫu có hiệu lực; áp dụng lại cấu hình để các quy định nêu quyết định ấy.", (*call).decide).makes(decisionOut{}).of(tagAdmin))
	}
	return all
}

// onlyRoot refuses who does not administer the province: settings and profiles change how
// every unit works.
func onlyRoot(who org.Actor) error {
	if !who.Root {
		return fault.Refuse(fault.Denied, "Thông số và quy chế của cả hệ thống do quản trị của tỉnh xem và đổi.")
	}
	return nil
}

// rooted is a view for the province's administrators.
func (c *call) rooted(fn func(tx *db.Tx) (any, error)) error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if err := onlyRoot(who); err != nil {
			return nil, 0, err
		}
		body, err := fn(tx)
		return body, 0, err
	})
}

func settingOf(s setting.State) settingOut {
	return settingOut{Name: s.Name, Kind: string(s.Kind), Value: s.Value, Default: s.Default, Least: s.Least, Most: s.Most, Means: s.Means,
		Source: s.Source, Set: s.Set, SetAt: instant(s.SetAt), Restart: s.Restart}
}

func (c *call) settings() error {
	return c.rooted(func(tx *db.Tx) (any, error) {
		all, err := setting.All(tx)
		out := page[settingOut]{Items: []settingOut{}}
		for _, s := range all {
			out.Items = append(out.Items, settingOf(s))
		}
		return &out, err
	})
}

func (c *call) settingChanges() error {
	return c.rooted(func(tx *db.Tx) (any, error) {
		all, err := setting.Changes(tx, logLines)
		out := page[settingChange]{Items: []settingChange{}}
		for _, x := range all {
			out.Items = append(out.Items, settingChange{x.Name, x.Was, x.Became, x.Source, x.By, instant(x.At)})
		}
		return &out, err
	})
}

func (c *call) setting() error {
	return c.rooted(func(tx *db.Tx) (any, error) {
		s, err := setting.Get(tx, c.r.PathValue("name"))
		out := settingOf(s)
		return &out, err
	})
}

func (c *call) setSetting(in *settingIn) error {
	return c.changeSetting(func(tx *db.Tx, by, name string) error { return setting.Set(tx, by, name, in.Value, in.Source) })
}

func (c *call) resetSetting(in *resetIn) error {
	return c.changeSetting(func(tx *db.Tx, by, name string) error { return setting.Reset(tx, by, name, in.Source) })
}

func (c *call) changeSetting(change func(tx *db.Tx, by, name string) error) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := onlyRoot(who); err != nil {
			return done{}, err
		}
		name := c.r.PathValue("name")
		if err := change(tx, string(who.Officer), name); err != nil {
			return done{}, err
		}
		return settingDone(tx, who, name)
	})
}

// settingDone is a setting after a change; also the answer to a repeated request.
func settingDone(tx *db.Tx, who org.Actor, name string) (done, error) {
	if err := onlyRoot(who); err != nil {
		return done{}, err
	}
	s, err := setting.Get(tx, name)
	out := settingOf(s)
	return done{status: http.StatusOK, location: settingsPath + "/" + name, body: &out}, err
}

// decisionsOf are the entries of one profile; one that the program does not ship is not
// there.
func (c *call) decisionsOf(tx *db.Tx) (page[decisionOut], error) {
	out := page[decisionOut]{Items: []decisionOut{}}
	profile := c.r.PathValue("name")
	if c.s.Library.Profiles[profile] == nil {
		return out, fault.NotFound
	}
	all, err := regulation.Decisions(tx)
	for _, d := range all {
		if d.Profile == profile {
			out.Items = append(out.Items, decisionOut{d.Profile, d.Number, d.Date, d.By, instant(d.At)})
		}
	}
	return out, err
}

func (c *call) decisions() error {
	return c.rooted(func(tx *db.Tx) (any, error) {
		out, err := c.decisionsOf(tx)
		return &out, err
	})
}

// decide enters the decision and notes it in the log of the unit above all, as the page
// does. Adopting the profile again stays with the page: it asks for the password.
func (c *call) decide(in *decisionIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := onlyRoot(who); err != nil {
			return done{}, err
		}
		profile := c.r.PathValue("name")
		if err := regulation.Decide(tx, c.s.Library, string(who.Officer), profile, regulation.Decision{Number: in.Number, Date: in.Date}); err != nil {
			return done{}, err
		}
		unit, err := org.SeatAboveAll(tx, who)
		if err != nil {
			return done{}, err
		}
		if err := org.Note(tx, who, "Regulation.decide", unit, profile+"; "+in.Number); err != nil {
			return done{}, err
		}
		return c.decided(tx, who)
	})
}

// decided is the newest entry; also the answer to a repeated request.
func (c *call) decided(tx *db.Tx, who org.Actor) (done, error) {
	if err := onlyRoot(who); err != nil {
		return done{}, err
	}
	all, err := c.decisionsOf(tx)
	if err != nil || len(all.Items) == 0 {
		return done{}, err
	}
	return done{status: http.StatusCreated, location: decisionsPath + c.r.PathValue("name") + "/decisions", body: &all.Items[0]}, nil
}
