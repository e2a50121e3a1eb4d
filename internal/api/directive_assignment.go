package api

import (
	"net/http"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

const assignmentsPath = "/api/v1/assignments/"

// assignmentLine is an assignment in a list: directive, item, unit and result in one line.
type assignmentLine struct {
	ID        string `json:"id"`
	Code      string `json:"code" doc:"mã theo dõi"`
	Title     string `json:"title"`
	State     string `json:"state" doc:"open, submitted, accepted hoặc ended"`
	Field     string `json:"field"`
	Lead      string `json:"lead" doc:"chủ trì"`
	Directive string `json:"directive" doc:"hồ sơ của văn bản giao"`
	Number    string `json:"number" doc:"số, ký hiệu của văn bản giao"`
	Clause    string `json:"clause" doc:"mục trong văn bản"`
	Parent    string `json:"parent" doc:"nhiệm vụ mà phần này thuộc về"`
	Period    string `json:"period" doc:"kỳ, của nhiệm vụ định kỳ"`
	Urgency   string `json:"urgency"`
	Percent   int64  `json:"percent"`
	Request   bool   `json:"request" doc:"được đề nghị: không bao giờ quá hạn"`
	DueAt     string `json:"due_at" doc:"thời điểm đầu tiên bị coi là quá hạn; rỗng: không nêu hạn"`
	Late      bool   `json:"late"`
	Result    string `json:"result" doc:"số, ký hiệu của văn bản kết quả"`
	Returns   int64  `json:"returns" doc:"số lần trả lại"`
}

type partItem struct {
	Unit      string `json:"unit"`
	Requested bool   `json:"requested" doc:"cơ quan được đề nghị"`
	State     string `json:"state" doc:"open, done hoặc ended"`
	Percent   int64  `json:"percent"`
}

type noteItem struct {
	N        int64  `json:"n" doc:"số của diễn biến"`
	Unit     string `json:"unit"`
	What     string `json:"what" doc:"progress hoặc difficulty"`
	Percent  int64  `json:"percent"`
	Text     string `json:"text"`
	Petition string `json:"petition" doc:"kiến nghị mà khó khăn đã thành"`
	At       string `json:"at"`
}

type extensionItem struct {
	N       int64  `json:"n"`
	Unit    string `json:"unit"`
	Decider string `json:"decider"`
	Until   string `json:"until"`
	Granted string `json:"granted" doc:"rỗng khi không cho"`
	State   string `json:"state" doc:"asked, granted hoặc refused"`
}

// assignmentOut is an assignment with its whole thread.
type assignmentOut struct {
	assignmentLine
	Given      string           `json:"given" doc:"nội dung được giao"`
	Undated    bool             `json:"undated" doc:"không nêu hạn và chưa ai đặt"`
	WholeDueAt string           `json:"whole_due_at" doc:"hạn của cả nhiệm vụ, khi hạn của phần việc này nằm sau; rỗng: không"`
	Quality    string           `json:"quality"`
	Form       string           `json:"form" doc:"hình thức phối hợp"`
	FormState  string           `json:"form_state"`
	Parts      []partItem       `json:"parts"`
	Notes      []noteItem       `json:"notes"`
	Extensions []extensionItem  `json:"extensions"`
	Subs       []assignmentLine `json:"subs" doc:"các phần đã giao tiếp"`
	SubsDone   int              `json:"subs_done"`
	Acts       []string         `json:"acts" doc:"việc người gọi làm được lúc này"`
	Version    int64            `json:"version" doc:"phiên bản, cũng là ETag"`
}

// assigning are the routes of assignments.
func (s *Server) assigning() []route {
	at := assignmentsPath + "{id}/"
	all := []route{
		list("/api/v1/assignments", "assignments", "Nhiệm vụ được xem, mới nhất trước.", page[assignmentLine]{}, (*call).assignments,
			slices.Concat(directive.AssignmentConditions, byPage)...),
		look(assignmentsPath+"{id}", "getAssignment", "Xem một nhiệm vụ; hạn và cách tính ở /cases/{id}/duties.", assignmentOut{}, (*call).getAssignment),
		act[noneIn]("POST", at+"register", "registerAssignment", "Văn thư vào sổ nhiệm vụ được giao.", (*call).registerAssignment).gives(assignmentOut{}),
		act[returnUpIn]("POST", at+"return-up", "returnAssignmentUp", "Trả lại cấp trên trong đơn vị có phần việc, có lý do.", (*call).returnAssignmentUp).gives(assignmentOut{}),
		act[mergedIn]("POST", assignmentsPath+"merged", "handMerged", "Chuyển nhiệm vụ của đơn vị đã sáp nhập sang đơn vị thay thế, mỗi lần tối đa 50; gọi lại khi còn và lần trước có chuyển.", (*call).handMerged).gives(mergedOut{}),
		act[directPartIn]("POST", at+"direct", "directAssignment", "Phân công trong đơn vị có phần việc.", (*call).directAssignment).gives(assignmentOut{}),
		act[progressIn]("POST", at+"progress", "reportProgress", "Báo cáo tiến độ, kèm tỷ lệ và minh chứng.", (*call).reportProgress).gives(assignmentOut{}),
		act[progressIn]("POST", at+"difficulty", "reportDifficulty", "Nêu khó khăn, vướng mắc khi thực hiện.", (*call).reportDifficulty).gives(assignmentOut{}),
		act[linkIn]("POST", at+"link", "linkDifficulty", "Gắn một kiến nghị với khó khăn đã nêu.", (*call).linkDifficulty).gives(assignmentOut{}),
		act[resultIn]("POST", at+"result", "submitResult", "Báo cáo kết quả trong một bước.", (*call).submitResult).gives(assignmentOut{}),
		act[resultIn]("POST", at+"drafts", "draftResult", "Soạn dự thảo báo cáo kết quả.", (*call).draftResult).makes(paperOut{}),
		act[qualityIn]("POST", at+"accept", "acceptResult", "Công nhận hoàn thành, kèm mức chất lượng.", (*call).acceptResult).gives(assignmentOut{}),
		act[qualityIn]("POST", at+"return", "returnResult", "Trả lại, chưa hoàn thành, có lý do.", (*call).returnResult).gives(assignmentOut{}),
		act[reasonIn]("POST", at+"end", "endAssignment", "Cho thôi thực hiện.", (*call).endAssignment).gives(assignmentOut{}),
		act[untilIn]("POST", at+"ask-extension", "askExtension", "Xin gia hạn, trước khi hết hạn.", (*call).askExtension).gives(assignmentOut{}),
		act[grantIn]("POST", at+"decide-extension", "decideExtension", "Quyết định đề nghị gia hạn.", (*call).decideExtension).gives(assignmentOut{}),
		act[untilIn]("POST", at+"set-date", "setDate", "Đặt hạn cho nhiệm vụ không nêu hạn.", (*call).setDate).gives(assignmentOut{}),
		act[handInsideIn]("POST", at+"hand", "handAssignment", "Chuyển nhiệm vụ sang đơn vị khác; các phần đã giao cho đơn vị khác chuyển theo.", (*call).handAssignment).gives(assignmentOut{}),
		act[handIn]("POST", at+"take-over", "takeOverAssignment", "UBND tỉnh trực tiếp chỉ đạo, giải quyết.", (*call).takeOver).gives(assignmentOut{}),
		act[subIn]("POST", at+"sub", "subAssign", "Giao tiếp một phần cho xã, phòng hoặc người.", (*call).subAssign).makes(assignmentOut{}),
		act[unitsIn]("POST", at+"coordinators", "nameCoordinators", "Xác định đơn vị phối hợp.", (*call).nameCoordinators).gives(assignmentOut{}),
		act[partsIn]("POST", at+"parts", "setParts", "Phân việc, ấn định thời gian cho đơn vị phối hợp.", (*call).setParts).gives(assignmentOut{}),
		act[unitTextIn]("POST", at+"contribute", "contributePart", "Gửi phần việc phối hợp; unit: ghi thay cơ quan được đề nghị.", (*call).contributePart).gives(assignmentOut{}),
		act[unitTextIn]("POST", at+"urge-part", "urgePart", "Đơn vị chủ trì đôn đốc đơn vị phối hợp.", (*call).urgePart).gives(assignmentOut{}),
		act[formIn]("POST", at+"form", "chooseForm", "Chọn hoặc đề xuất hình thức phối hợp.", (*call).chooseForm).gives(assignmentOut{}),
		act[formIn]("POST", at+"decide-form", "decideForm", "Quyết định hình thức phối hợp.", (*call).decideForm).gives(assignmentOut{}),
		act[textIn]("POST", at+"urge", "urgeAssignment", "Đôn đốc (cơ quan theo dõi).", (*call).urgeAssignment).gives(assignmentOut{}),
		act[unitTextIn]("POST", at+"breach", "reportBreach", "Báo cáo đơn vị không thực hiện trách nhiệm.", (*call).reportBreach).gives(assignmentOut{}),
		act[demandIn]("POST", at+"demand", "demandExplanation", "Yêu cầu giải trình (người có thẩm quyền).", (*call).demandExplanation).gives(assignmentOut{}),
		act[resultIn]("POST", at+"explanation", "explainAssignment", "Giải trình trong một bước.", (*call).explainAssignment).gives(assignmentOut{}),
		act[resultIn]("POST", at+"explanation/drafts", "draftAssignmentExplanation", "Soạn dự thảo văn bản giải trình.", (*call).draftAssignmentExplanation).makes(paperOut{}),
	}
	for i := range all {
		all[i].tag = tagDirective
	}
	return all
}

// What an act within a unit with a part brings.
type directPartIn struct {
	directIn
	Unit string `json:"unit,omitempty" doc:"đơn vị phối hợp; bỏ trống là đơn vị chủ trì"`
}

type progressIn struct {
	Text        string   `json:"text"`
	Percent     int64    `json:"percent,omitempty" doc:"0 đến 100; nêu khó khăn mà bỏ trống thì tiến độ không đổi"`
	Attachments []string `json:"attachments,omitempty" doc:"minh chứng"`
}

type linkIn struct {
	N        int64  `json:"n" doc:"số của diễn biến nêu khó khăn"`
	Petition string `json:"petition" doc:"mã hồ sơ của kiến nghị"`
}

type resultIn struct {
	Text        string   `json:"text"`
	Capacity    string   `json:"capacity,omitempty" doc:"thể thức đề ký"`
	Attachments []string `json:"attachments,omitempty"`
}

type qualityIn struct {
	Text    string `json:"text,omitempty" doc:"lý do, khi trả lại"`
	Quality string `json:"quality,omitempty" doc:"một trong các mức của quy định"`
}

type untilIn struct {
	Until  string `json:"until" doc:"ngày, hoặc ngày và giờ"`
	Reason string `json:"reason,omitempty"`
	Unit   string `json:"unit,omitempty"`
}

type grantIn struct {
	N      int64  `json:"n" doc:"số của đề nghị"`
	Yes    bool   `json:"yes"`
	Until  string `json:"until,omitempty" doc:"bỏ trống: như đề nghị"`
	Reason string `json:"reason"`
}

type handIn struct {
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Reason string `json:"reason"`
}

type handInsideIn struct {
	handIn
	Inside string `json:"inside,omitempty" doc:"phần việc bên trong đơn vị cũ: bỏ trống là kết thúc, move là chuyển theo"`
}

type subIn struct {
	Unit      string   `json:"unit,omitempty" doc:"đơn vị khác; bỏ trống: trong đơn vị mình"`
	Section   string   `json:"section,omitempty"`
	Officer   string   `json:"officer,omitempty"`
	CoWorkers []string `json:"co_workers,omitempty"`
	Content   string   `json:"content"`
	Criteria  string   `json:"criteria,omitempty" doc:"yêu cầu về chất lượng"`
	Until     string   `json:"until,omitempty"`
}

type unitsIn struct {
	Units  []string `json:"units"`
	Reason string   `json:"reason" doc:"liên quan vì chức năng, nhiệm vụ gì"`
}

type partIn struct {
	Unit    string `json:"unit"`
	Content string `json:"content"`
	Until   string `json:"until,omitempty"`
}

type partsIn struct {
	Parts []partIn `json:"parts"`
}

type unitTextIn struct {
	Unit        string   `json:"unit,omitempty"`
	Text        string   `json:"text"`
	Attachments []string `json:"attachments,omitempty"`
}

type formIn struct {
	Form   string `json:"form" doc:"một trong các hình thức của quy định"`
	Remark string `json:"remark,omitempty"`
}

type demandIn struct {
	Unit  string `json:"unit,omitempty" doc:"bỏ trống: đơn vị chủ trì"`
	Text  string `json:"text"`
	DueOn string `json:"due_on,omitempty"`
}

func assignmentLineOf(tx *db.Tx, l *directive.Line) assignmentLine {
	return assignmentLine{ID: string(l.ID), Code: l.Code, Title: l.Title, State: l.State, Field: l.Field, Lead: string(l.Lead), Directive: string(l.Directive), Number: l.Number, Clause: l.Clause,
		Parent: string(l.Parent), Period: l.Period.String(), Urgency: string(l.Urgency), Percent: l.Percent, Request: l.Request, DueAt: instant(l.DueAt), Late: l.Late(tx.Now),
		Result: l.ResultNumber, Returns: l.Returns}
}

func assignmentFull(tx *db.Tx, who org.Actor, a *directive.Assignment, version int64) (out assignmentOut, err error) {
	v, err := directive.ViewOf(tx, who, a)
	if err != nil {
		return out, err
	}
	l := directive.Line{ID: a.ID, Code: a.Code, Title: a.Title, State: a.State, Field: a.Field, Lead: a.Lead, Directive: a.Directive, Clause: a.Clause, Parent: a.Parent, Period: a.Period,
		Urgency: a.Urgency, Percent: a.Percent, ResultNumber: a.ResultNumber, Returns: a.Returns}
	if v.Source != nil {
		l.Number = v.Source.Number
	}
	if v.Lead != nil {
		l.DueAt, l.DoneAt, l.Request = v.Lead.DueAt, v.Lead.EndedAt, v.Lead.Request
	}
	out = assignmentOut{assignmentLine: assignmentLineOf(tx, &l), Given: v.Given, Undated: v.Undated(), WholeDueAt: instant(v.WholeDue.At), Quality: a.Quality, Form: a.Form, FormState: a.FormState,
		Parts: []partItem{}, Notes: []noteItem{}, Extensions: []extensionItem{}, Subs: []assignmentLine{}, SubsDone: v.Rollup.Done, Acts: []string{}, Version: version}
	for _, p := range v.Parts {
		out.Parts = append(out.Parts, partItem{string(p.Unit), p.Requested, p.State, p.Percent})
	}
	for _, n := range v.Notes {
		out.Notes = append(out.Notes, noteItem{n.N, string(n.Unit), n.What, n.Percent, n.Text, string(n.Petition), instant(n.At)})
	}
	for _, x := range v.Extensions {
		item := extensionItem{N: x.N, Unit: string(x.Unit), Decider: string(x.Decider), Until: x.Until.String(), State: x.State}
		if x.State == "granted" {
			item.Granted = x.Granted.String()
		}
		out.Extensions = append(out.Extensions, item)
	}
	for i := range v.Subs {
		out.Subs = append(out.Subs, assignmentLineOf(tx, &v.Subs[i]))
	}
	for _, x := range v.Acts(who) {
		if !slices.Contains(out.Acts, x.Name) {
			out.Acts = append(out.Acts, x.Name)
		}
	}
	return out, nil
}

func assignmentDone(tx *db.Tx, who org.Actor, a *directive.Assignment, version int64) (done, error) {
	out, err := assignmentFull(tx, who, a, version)
	return done{status: http.StatusOK, location: assignmentsPath + string(a.ID), version: version, body: &out}, err
}

// assignmentAgain answers a repeated request with how the assignment stands now.
func (c *call) assignmentAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	if out, ok := mergedOf(string(id)); ok {
		return mergedDone(out), nil
	}
	a, err := directive.GetAssignment(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return assignmentDone(tx, who, a, a.Version)
}

// onAssignment runs an operation on the assignment of the address and answers how it stands then.
func (c *call) onAssignment(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		a, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return assignmentDone(tx, who, a, a.Version+1)
	})
}

// draftOnAssignment begins a paper on the assignment of the address.
func (c *call) draftOnAssignment(in *resultIn, fn func(*db.Tx, signoff.Desk, org.Actor, casefile.ID, directive.Result) (*signoff.Paper, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r, err := c.result(tx, &who, in)
		if err != nil {
			return d, err
		}
		x, err := fn(tx, c.s.Desk, who, casefile.ID(c.id), r)
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) result(tx *db.Tx, who *org.Actor, in *resultIn) (r directive.Result, err error) {
	who.Capacity = org.Capacity(in.Capacity)
	r = directive.Result{Text: in.Text, Version: c.version}
	r.Files, err = takeUploads(tx, who.Officer, in.Attachments)
	return r, err
}

func (c *call) getAssignment() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		a, err := directive.GetAssignment(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := assignmentFull(tx, who, a, a.Version)
		return &out, a.Version, err
	})
}

func (c *call) assignments() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := directive.Assignments(tx, who, directive.Filter{Directive: casefile.ID(q.Get("directive")), Lead: org.UnitID(q.Get("lead")), Field: q.Get("field"), State: q.Get("state")},
			q.Get("cursor"), limit)
		out := page[assignmentLine]{Items: []assignmentLine{}, Next: next}
		for i := range all {
			out.Items = append(out.Items, assignmentLineOf(tx, &all[i]))
		}
		return &out, 0, err
	})
}

// directiveAssignments are the assignments of one directive in the order of its items.
func (c *call) directiveAssignments() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if _, err := directive.Get(tx, who, casefile.ID(c.id)); err != nil {
			return nil, 0, err
		}
		all, err := directive.Thread(tx, who, casefile.ID(c.id))
		out := page[assignmentLine]{Items: []assignmentLine{}}
		for i := range all {
			out.Items = append(out.Items, assignmentLineOf(tx, &all[i]))
		}
		return &out, 0, err
	})
}

func (c *call) subAssign(in *subIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		a, err := directive.SubAssign(tx, who, casefile.ID(c.id), directive.Sub{Unit: org.UnitID(in.Unit), Section: org.UnitID(in.Section), Officer: org.OfficerID(in.Officer),
			CoWorkers: officers(in.CoWorkers), Content: in.Content, Criteria: in.Criteria, Until: in.Until, Version: c.version})
		if err != nil {
			return d, err
		}
		d, err = assignmentDone(tx, who, a, a.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) directAssignment(in *directPartIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		inner, err := day("inner_on", in.InnerOn)
		if err != nil {
			return nil, err
		}
		return directive.Direct(tx, who, id, direct.In{Unit: org.UnitID(in.Unit), Section: org.UnitID(in.Section), Officer: org.OfficerID(in.Officer), CoWorkers: officers(in.CoWorkers),
			Readers: officers(in.Readers), Instruction: in.Instruction, InnerOn: inner}, c.version)
	})
}
