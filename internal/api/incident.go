package api

import (
	"net/http"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/incident"
	"lienthong/internal/org"
)

const incidentsPath = "/api/v1/incidents/"

// incidentLine is one incident in the list.
type incidentLine struct {
	ID         string `json:"id"`
	Code       string `json:"code" doc:"mã theo dõi"`
	Title      string `json:"title"`
	Type       string `json:"type" doc:"natural-disaster, epidemic, environment, infrastructure, development, common, security, defence"`
	State      string `json:"state" doc:"open, ended hoặc reviewed"`
	Raiser     string `json:"raiser" doc:"xã, phường báo"`
	Lead       string `json:"lead" doc:"cơ quan chủ trì"`
	OccurredAt string `json:"occurred_at"`
}

// incidentOut is an incident with all that stands on it.
type incidentOut struct {
	incidentLine
	Sealed     bool               `json:"sealed" doc:"loại chỉ ghi số, ngày của văn bản đã gửi theo đường mật"`
	Number     string             `json:"number"`
	IssuedOn   string             `json:"issued_on"`
	Text       string             `json:"text"`
	Communes   []string           `json:"communes"`
	Totals     map[string]string  `json:"totals" doc:"số liệu mới nhất của các xã, phường cộng lại"`
	Situations []incidentSaid     `json:"situations"`
	Resources  []incidentResource `json:"resources"`
	Decisions  []incidentDecided  `json:"decisions"`
	Linked     []string           `json:"linked" doc:"mã hồ sơ của các việc nối vào"`
	Good       string             `json:"good" doc:"rút kinh nghiệm: việc làm tốt"`
	Bad        string             `json:"bad" doc:"rút kinh nghiệm: việc chưa tốt, nguyên nhân"`
	Version    int64              `json:"version" doc:"phiên bản, cũng là ETag"`
}

type incidentSaid struct {
	N       int64             `json:"n" doc:"số của diễn biến"`
	Commune string            `json:"commune"`
	SeenAt  string            `json:"seen_at"`
	Text    string            `json:"text"`
	Figures map[string]string `json:"figures"`
}

type incidentResource struct {
	N     int64  `json:"n" doc:"số của diễn biến"`
	By    string `json:"by" doc:"đơn vị đề nghị"`
	Of    string `json:"of" doc:"đơn vị được đề nghị"`
	What  string `json:"what"`
	Each  string `json:"each" doc:"đơn vị tính"`
	Asked int64  `json:"asked"`
	Given int64  `json:"given"`
	State string `json:"state" doc:"asked, given, declined hoặc over"`
}

type incidentDecided struct {
	N       int64  `json:"n" doc:"số của diễn biến"`
	Unit    string `json:"unit"`
	Officer string `json:"officer"`
	Text    string `json:"text"`
	Result  string `json:"result" doc:"rỗng: chưa có"`
}

// What an incident's acts are sent with.
type (
	incidentReportIn struct {
		Type        string            `json:"type"`
		Title       string            `json:"title,omitempty"`
		Text        string            `json:"text,omitempty"`
		Field       string            `json:"field,omitempty" doc:"lĩnh vực chủ trì, khi loại sự cố không nêu"`
		OccurredAt  string            `json:"occurred_at,omitempty" doc:"RFC 3339"`
		Communes    []string          `json:"communes,omitempty" doc:"xã, phường khác cũng bị ảnh hưởng"`
		Parent      string            `json:"parent,omitempty" doc:"sự cố lớn hơn: mã hồ sơ hoặc mã theo dõi"`
		Figures     map[string]string `json:"figures,omitempty"`
		Number      string            `json:"number,omitempty" doc:"số, ký hiệu văn bản báo cáo"`
		Spot        bool              `json:"spot,omitempty" doc:"gửi từ hiện trường: báo trước, lãnh đạo xác nhận sau"`
		IssuedOn    string            `json:"issued_on,omitempty"`
		Attachments []string          `json:"attachments,omitempty"`
	}
	situationIn struct {
		Commune     string            `json:"commune,omitempty"`
		Text        string            `json:"text,omitempty"`
		SeenAt      string            `json:"seen_at,omitempty" doc:"RFC 3339"`
		Figures     map[string]string `json:"figures,omitempty"`
		Attachments []string          `json:"attachments,omitempty"`
	}
	resourceIn struct {
		Of     string `json:"of"`
		What   string `json:"what"`
		Each   string `json:"each"`
		Amount int64  `json:"amount"`
		Due    string `json:"due,omitempty" doc:"2026-03-02 hoặc 2026-03-02T18:00"`
	}
	giftIn struct {
		Resource int64  `json:"resource"`
		Amount   int64  `json:"amount,omitempty" doc:"0: không đáp ứng được, khi ấy nêu lý do"`
		Reason   string `json:"reason,omitempty"`
	}
	incidentDecisionIn struct {
		Text    string `json:"text"`
		Unit    string `json:"unit"`
		Officer string `json:"officer"`
		Due     string `json:"due,omitempty" doc:"2026-03-02 hoặc 2026-03-02T18:00"`
	}
	incidentResultIn struct {
		Decision int64  `json:"decision"`
		Text     string `json:"text"`
	}
	wideningIn struct {
		Communes []string `json:"communes,omitempty"`
		Units    []string `json:"units,omitempty"`
	}
	incidentEndIn struct {
		Text string `json:"text,omitempty"`
		Left bool   `json:"left,omitempty" doc:"đã biết: quyết định chưa có kết quả vẫn phải làm xong"`
	}
	incidentReviewIn struct {
		Good    string `json:"good"`
		Bad     string `json:"bad"`
		Propose string `json:"propose,omitempty"`
	}
	incidentDemandIn struct {
		Commune string `json:"commune"`
		Due     string `json:"due,omitempty" doc:"2026-03-02 hoặc 2026-03-02T18:00"`
	}
	incidentUrgeIn struct {
		Unit string `json:"unit"`
		Text string `json:"text,omitempty" doc:"để trống với loại báo cáo theo đường mật"`
	}
	incidentLinkIn struct {
		Case string `json:"case" doc:"việc nối vào: mã hồ sơ hoặc mã theo dõi"`
	}
)

// incidents are the routes of incidents.
func (s *Server) incidents() []route {
	const one = incidentsPath + "{id}"
	return []route{
		list("/api/v1/incidents", "incidents", "Sự cố, việc liên xã được xem, mới nhất trước.", page[incidentLine]{}, (*call).incidents,
			slices.Concat(incident.Conditions, byPage)...),
		act[incidentReportIn]("POST", "/api/v1/incidents", "reportIncident", "Báo cáo đột xuất, mở hồ sơ chung của các xã, phường.", (*call).reportIncident).makes(incidentOut{}),
		act[incidentReportIn]("POST", "/api/v1/incidents/drafts", "draftIncident", "Soạn báo cáo đột xuất để trình ký; phát hành thì mở hồ sơ chung.", (*call).draftIncident).makes(paperOut{}),
		look(one, "getIncident", "Xem một sự cố.", incidentOut{}, (*call).getIncident),
		act[struct{}]("POST", one+"/confirm", "confirmIncident", "Lãnh đạo xã, phường xác nhận báo cáo gửi từ hiện trường.", (*call).confirmIncident).gives(incidentOut{}),
		act[situationIn]("POST", one+"/situations", "saySituation", "Báo tình hình.", (*call).saySituation).gives(incidentOut{}),
		act[resourceIn]("POST", one+"/resources", "askResource", "Đề nghị nguồn lực.", (*call).askResource).gives(incidentOut{}),
		act[giftIn]("POST", one+"/gifts", "giveResource", "Trả lời đề nghị nguồn lực.", (*call).giveResource).gives(incidentOut{}),
		act[incidentDecisionIn]("POST", one+"/decisions", "decideIncident", "Quyết định, giao đơn vị và người thực hiện.", (*call).decideIncident).gives(incidentOut{}),
		act[incidentResultIn]("POST", one+"/results", "reportDecision", "Báo kết quả thực hiện quyết định.", (*call).reportDecision).gives(incidentOut{}),
		act[wideningIn]("POST", one+"/units", "widenIncident", "Thêm xã, phường hoặc cơ quan phối hợp.", (*call).widenIncident).gives(incidentOut{}),
		act[incidentLinkIn]("POST", one+"/links", "linkIncident", "Nối việc khác vào sự cố.", (*call).linkIncident).gives(incidentOut{}),
		act[incidentDemandIn]("POST", one+"/demands", "demandSituation", "Yêu cầu một xã, phường báo tình hình.", (*call).demandSituation).gives(incidentOut{}),
		act[incidentUrgeIn]("POST", one+"/urge", "urgeIncident", "Đôn đốc một đơn vị.", (*call).urgeIncident).gives(incidentOut{}),
		act[incidentEndIn]("POST", one+"/end", "endIncident", "Kết thúc xử lý sự cố.", (*call).endIncident).gives(incidentOut{}),
		act[textIn]("POST", one+"/reopen", "reopenIncident", "Mở lại sự cố đã kết thúc, có lý do.", (*call).reopenIncident).gives(incidentOut{}),
		act[incidentReviewIn]("POST", one+"/review", "reviewIncident", "Rút kinh nghiệm và đóng hồ sơ.", (*call).reviewIncident).gives(incidentOut{}),
	}
}

func incidentUnits(ids []string) (all []org.UnitID) {
	for _, id := range ids {
		all = append(all, org.UnitID(id))
	}
	return all
}

func amounts(all map[string]int64) map[string]string {
	out := map[string]string{}
	for id, n := range all {
		out[id] = incident.Amount(n)
	}
	return out
}

func incidentFull(tx *db.Tx, who org.Actor, x *incident.Incident) (out incidentOut, err error) {
	w, err := x.Whole(tx, who)
	if err != nil {
		return out, err
	}
	out = incidentOut{incidentLine: incidentLine{ID: string(w.ID), Code: w.Code, Title: w.Title, Type: w.Type, State: w.State, Raiser: string(w.Raiser), Lead: string(w.Lead),
		OccurredAt: instant(w.OccurredAt)}, Sealed: w.Secret, Number: w.Number, IssuedOn: w.IssuedOn, Text: w.Text, Communes: []string{}, Totals: amounts(w.Totals),
		Situations: []incidentSaid{}, Resources: []incidentResource{}, Decisions: []incidentDecided{}, Linked: []string{}, Good: w.Lesson.Good, Bad: w.Lesson.Bad, Version: w.Version}
	for _, u := range w.Places {
		out.Communes = append(out.Communes, string(u))
	}
	for _, s := range w.Said {
		out.Situations = append(out.Situations, incidentSaid{s.N, string(s.Commune), instant(s.SeenAt), s.Text, amounts(s.Figures)})
	}
	for _, r := range w.Resources {
		out.Resources = append(out.Resources, incidentResource{r.N, string(r.By), string(r.Of), r.What, r.Each, r.Asked, r.Given, r.State})
	}
	for _, d := range w.Decisions {
		out.Decisions = append(out.Decisions, incidentDecided{d.N, string(d.Unit), string(d.Officer), d.Text, d.Result})
	}
	for _, l := range w.Linked {
		out.Linked = append(out.Linked, string(l.ID))
	}
	return out, nil
}

// onIncident runs an operation on the incident of the address and answers how it stands then.
func (c *call) onIncident(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return d, err
		}
		if d, err = c.incidentDone(tx, who, x); err != nil {
			return d, err
		}
		d.version = x.Version + 1 // the case is written when the transaction ends
		d.body.(*incidentOut).Version = d.version
		return d, nil
	})
}

// incidentAgain answers a repeat by reading again.
func (c *call) incidentAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	x, err := incident.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return c.incidentDone(tx, who, x)
}

func (c *call) incidentDone(tx *db.Tx, who org.Actor, x *incident.Incident) (done, error) {
	if err := tx.Flush(); err != nil { // the words of what was just done are read again
		return done{}, err
	}
	out, err := incidentFull(tx, who, x)
	return done{status: http.StatusOK, location: incidentsPath + string(x.ID), version: out.Version, body: &out}, err
}

func (c *call) reportIncident(in *incidentReportIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r, err := in.report(tx, who)
		if err != nil {
			return d, err
		}
		x, err := incident.ReportNow(tx, who, r)
		if err != nil {
			return d, err
		}
		d, err = c.incidentDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

// report is what was sent, with the files that were uploaded for it.
func (in *incidentReportIn) report(tx *db.Tx, who org.Actor) (r incident.Report, err error) {
	parent, err := casefile.Named(tx, who, in.Parent)
	if err != nil {
		return r, err
	}
	r = incident.Report{Type: in.Type, Title: in.Title, Text: in.Text, Field: in.Field, Communes: incidentUnits(in.Communes), Parent: parent,
		Figures: in.Figures, Number: in.Number, IssuedOn: in.IssuedOn, Spot: in.Spot}
	if r.OccurredAt, err = instantOf("occurred_at", in.OccurredAt); err != nil {
		return r, err
	}
	r.Files, err = takeUploads(tx, who.Officer, in.Attachments)
	return r, err
}

func (c *call) draftIncident(in *incidentReportIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r, err := in.report(tx, who)
		if err != nil {
			return d, err
		}
		_, x, err := incident.DraftReport(tx, c.s.Desk, who, r)
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) confirmIncident(_ *struct{}) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.Confirm(tx, who, id, c.version)
	})
}

func (c *call) getIncident() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		x, err := incident.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := incidentFull(tx, who, x)
		return &out, out.Version, err
	})
}

func (c *call) incidents() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := incident.List(tx, who, q.Get("state"), q.Get("cursor"), limit)
		out := page[incidentLine]{Items: []incidentLine{}, Next: next}
		for _, l := range all {
			out.Items = append(out.Items, incidentLine{ID: string(l.ID), Code: l.Code, Title: l.Title, Type: l.Type, State: l.State, Raiser: string(l.Raiser), Lead: string(l.Lead),
				OccurredAt: instant(l.OccurredAt)})
		}
		return &out, 0, err
	})
}

func (c *call) saySituation(in *situationIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (x *incident.Incident, err error) {
		s := incident.Situation{Commune: org.UnitID(in.Commune), Text: in.Text, Figures: in.Figures, Version: c.version}
		if s.SeenAt, err = instantOf("seen_at", in.SeenAt); err != nil {
			return nil, err
		}
		if s.Files, err = takeUploads(tx, who.Officer, in.Attachments); err != nil {
			return nil, err
		}
		return incident.Say(tx, who, id, s)
	})
}

func (c *call) askResource(in *resourceIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		x, _, err := incident.AskFor(tx, who, id, incident.Ask{Of: org.UnitID(in.Of), What: in.What, Each: in.Each, Amount: in.Amount, Due: in.Due, Version: c.version})
		return x, err
	})
}

func (c *call) giveResource(in *giftIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		if in.Amount == 0 {
			return incident.Decline(tx, who, id, in.Resource, in.Reason, c.version)
		}
		return incident.Give(tx, who, id, incident.Gift{Resource: in.Resource, Amount: in.Amount, Version: c.version})
	})
}

func (c *call) decideIncident(in *incidentDecisionIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		x, _, err := incident.Decide(tx, who, id, incident.Decision{Text: in.Text, Unit: org.UnitID(in.Unit), Officer: org.OfficerID(in.Officer), Due: in.Due, Version: c.version})
		return x, err
	})
}

func (c *call) reportDecision(in *incidentResultIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.Done(tx, who, id, incident.Result{Decision: in.Decision, Text: in.Text, Version: c.version})
	})
}

func (c *call) widenIncident(in *wideningIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.Widen(tx, who, id, incident.Widening{Communes: incidentUnits(in.Communes), Units: incidentUnits(in.Units), Version: c.version})
	})
}

func (c *call) linkIncident(in *incidentLinkIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		other, err := casefile.Named(tx, who, in.Case)
		if err != nil {
			return nil, err
		}
		return incident.Link(tx, who, id, other, c.version)
	})
}

func (c *call) demandSituation(in *incidentDemandIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.DemandSituation(tx, who, id, incident.Demand{Commune: org.UnitID(in.Commune), Due: in.Due, Version: c.version})
	})
}

func (c *call) urgeIncident(in *incidentUrgeIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.Urge(tx, who, id, org.UnitID(in.Unit), in.Text, c.version)
	})
}

func (c *call) endIncident(in *incidentEndIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.End(tx, who, id, incident.Ending{Text: in.Text, Left: in.Left, Version: c.version})
	})
}

func (c *call) reopenIncident(in *textIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.Reopen(tx, who, id, in.Text, c.version)
	})
}

func (c *call) reviewIncident(in *incidentReviewIn) error {
	return c.onIncident(func(tx *db.Tx, who org.Actor, id casefile.ID) (*incident.Incident, error) {
		return incident.ReviewNow(tx, who, id, incident.Review{Good: in.Good, Bad: in.Bad, Propose: in.Propose, Version: c.version})
	})
}
