package api

import (
	"net/http"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

const directivesPath = "/api/v1/directives/"

var tagDirective = "Văn bản chỉ đạo, nhiệm vụ"

// directiveLine is a directive in a list.
type directiveLine struct {
	ID       string `json:"id"`
	Code     string `json:"code" doc:"mã theo dõi"`
	Title    string `json:"title" doc:"trích yếu"`
	State    string `json:"state" doc:"drafting, proposed, confirmed, releasing, released hoặc withdrawn"`
	Number   string `json:"number" doc:"số, ký hiệu"`
	IssuedOn string `json:"issued_on"`
	Issuer   string `json:"issuer"`
	Type     string `json:"type" doc:"loại văn bản"`
	Urgency  string `json:"urgency" doc:"rỗng, urgent (khẩn) hoặc flash (hoả tốc)"`
	Given    int64  `json:"given" doc:"số nhiệm vụ đã ban hành"`
	Done     int64  `json:"done" doc:"trong đó đã công nhận hoàn thành"`
}

// directiveOut is a directive with what was read in it and what is still open.
type directiveOut struct {
	directiveLine
	Signer    string         `json:"signer"`
	Text      string         `json:"text" doc:"toàn văn; các khoảng chữ của đề xuất đếm theo ký tự của văn bản này"`
	Proposals []proposalItem `json:"proposals"`
	Questions []questionItem `json:"questions" doc:"còn phải quyết"`
	Acts      []string       `json:"acts" doc:"việc người gọi làm được lúc này"`
	Version   int64          `json:"version" doc:"phiên bản, cũng là ETag"`
}

type nameItem struct {
	Said  string `json:"said" doc:"tên như trong văn bản"`
	Unit  string `json:"unit,omitempty" doc:"mã đơn vị; rỗng khi chưa ghép được"`
	Group string `json:"group,omitempty" doc:"communes hoặc departments: từng đơn vị của nhóm"`
	Why   string `json:"why,omitempty"`
}

// taskItem is one proposed assignment.
type taskItem struct {
	Leads        []nameItem `json:"leads,omitempty" doc:"chủ trì"`
	Coordinating []nameItem `json:"coordinating,omitempty" doc:"phối hợp"`
	Each         bool       `json:"each,omitempty" doc:"giao riêng cho từng đơn vị chủ trì"`
	Content      string     `json:"content"`
	Clause       string     `json:"clause,omitempty" doc:"mục trong văn bản"`
	Deadline     string     `json:"deadline,omitempty" doc:"ngày, hoặc ngày và giờ; rỗng: không nêu hạn"`
	Words        string     `json:"words,omitempty" doc:"lời văn nêu hạn"`
	Recurrence   string     `json:"recurrence,omitempty" doc:"định kỳ: monthly 25, weekly T6, continuous …"`
	Request      bool       `json:"request,omitempty" doc:"đề nghị, không phải giao"`
	Urgency      string     `json:"urgency,omitempty"`
	Kind         string     `json:"kind,omitempty" doc:"scheme: xây dựng đề án"`
	Field        string     `json:"field,omitempty"`
	Span         [2]int     `json:"span" doc:"khoảng ký tự trong văn bản"`
	AcceptPast   bool       `json:"accept_past,omitempty" doc:"đã đối chiếu: văn bản ghi hạn trước ngày của văn bản"`
}

type proposalItem struct {
	N       int64    `json:"n"`
	State   string   `json:"state" doc:"proposed, edited, added, split, merged hoặc dropped"`
	Task    taskItem `json:"task"`
	Why     []string `json:"why" doc:"vì sao máy đề xuất như vậy"`
	Changed []string `json:"changed" doc:"phần người đã sửa"`
}

type questionItem struct {
	N      int64  `json:"n" doc:"số của đề xuất; 0 là cả văn bản"`
	Kind   string `json:"kind"`
	Say    string `json:"say"`
	Blocks bool   `json:"blocks" doc:"chưa quyết thì chưa ban hành được"`
	Before string `json:"before" doc:"bước bị chặn: confirm (chuyên viên sửa rồi mới xác nhận), release (lãnh đạo quyết định rồi mới ban hành); rỗng: không chặn"`
	Leads  bool   `json:"leads" doc:"do lãnh đạo quyết định"`
}

// directing are the routes of directives.
func (s *Server) directing() []route {
	at := directivesPath + "{id}/"
	all := []route{
		act[takeIn]("POST", "/api/v1/directives", "takeDirective", "Nhập một văn bản chỉ đạo đã ký: máy đọc và đề xuất nhiệm vụ, chưa ban hành gì.", (*call).takeDirective).makes(directiveOut{}),
		list("/api/v1/directives", "directives", "Văn bản chỉ đạo được xem, mới nhất trước.", page[directiveLine]{}, (*call).directives, slices.Concat(directive.Conditions, byPage)...),
		look(directivesPath+"{id}", "getDirective", "Xem một văn bản chỉ đạo với các đề xuất và nội dung còn phải quyết.", directiveOut{}, (*call).getDirective),
		act[draftDirectiveIn]("POST", "/api/v1/directives/drafts", "draftDirective", "Soạn dự thảo văn bản giao nhiệm vụ.", (*call).draftDirective).makes(paperOut{}),
		act[headerIn]("POST", at+"header", "describeDirective", "Sửa thông tin của chính văn bản.", (*call).describeDirective).gives(directiveOut{}),
		act[editTaskIn]("POST", at+"edit", "editProposal", "Sửa một đề xuất nhiệm vụ.", (*call).editProposal).gives(directiveOut{}),
		act[splitTaskIn]("POST", at+"split", "splitProposal", "Tách một đề xuất.", (*call).splitProposal).gives(directiveOut{}),
		act[mergeTaskIn]("POST", at+"merge", "mergeProposals", "Gộp các đề xuất.", (*call).mergeProposals).gives(directiveOut{}),
		act[dropTaskIn]("POST", at+"drop", "dropProposal", "Bỏ một đề xuất, có lý do.", (*call).dropProposal).gives(directiveOut{}),
		act[taskItem]("POST", at+"add", "addProposal", "Thêm một nhiệm vụ máy không thấy.", (*call).addProposal).gives(directiveOut{}),
		act[leftOpenIn]("POST", at+"propose", "proposeOpen", "Đề xuất điều văn bản chưa nêu (chủ trì, hạn).", (*call).proposeOpen).gives(directiveOut{}),
		act[leftOpenIn]("POST", at+"decide", "decideOpen", "Quyết định điều văn bản chưa nêu (lãnh đạo phụ trách).", (*call).decideOpen).gives(directiveOut{}),
		act[remarkIn]("POST", at+"confirm", "confirmDirective", "Xác nhận máy đọc đúng văn bản.", (*call).confirmDirective).gives(directiveOut{}),
		act[reasonIn]("POST", at+"send-back", "sendBackDirective", "Trả lại người xác nhận.", (*call).sendBackDirective).gives(directiveOut{}),
		act[noneIn]("POST", at+"release", "releaseDirective", "Ban hành nhiệm vụ: tất cả cùng lúc, hoặc không có gì.", (*call).releaseDirective).gives(directiveOut{}),
		act[reasonIn]("POST", at+"withdraw", "withdrawDirective", "Rút văn bản chưa ban hành nhiệm vụ.", (*call).withdrawDirective).gives(directiveOut{}),
		act[noneIn]("POST", at+"reread", "rereadDirective", "Cho máy đọc lại toàn văn: đề xuất mới thay đề xuất đang có; chỉ khi chưa xác nhận.", (*call).rereadDirective).gives(directiveOut{}),
		list(directivesPath+"figures", "readerFigures", "Máy đọc đúng đến đâu trên văn bản đã ban hành của cơ quan này.", readerFigures{}, (*call).readerFigures),
		list(at+"assignments", "directiveAssignments", "Các nhiệm vụ của một văn bản, theo thứ tự mục.", page[assignmentLine]{}, (*call).directiveAssignments),
	}
	for i := range all {
		all[i].tag = tagDirective
	}
	return append(all, s.assigning()...)
}

// What a directive that came signed is entered with.
type takeIn struct {
	Text        string   `json:"text,omitempty" doc:"toàn văn; để trống thì máy đọc tệp đầu của attachments"`
	Field       string   `json:"field,omitempty"`
	Urgency     string   `json:"urgency,omitempty"`
	Attachments []string `json:"attachments,omitempty" doc:"bản gốc đã tải lên: .docx, .pdf có chữ, .doc hoặc .txt"`
}

type draftDirectiveIn struct {
	Unit        string     `json:"unit,omitempty" doc:"đơn vị ban hành"`
	Title       string     `json:"title"`
	Text        string     `json:"text"`
	Type        string     `json:"type,omitempty"`
	Field       string     `json:"field,omitempty"`
	Urgency     string     `json:"urgency,omitempty"`
	Tasks       []taskItem `json:"tasks,omitempty"`
	Attachments []string   `json:"attachments,omitempty"`
}

type headerIn struct {
	Number   string `json:"number,omitempty"`
	IssuedOn string `json:"issued_on,omitempty"`
	Issuer   string `json:"issuer,omitempty"`
	Type     string `json:"type,omitempty"`
	Subject  string `json:"subject,omitempty"`
	Signer   string `json:"signer,omitempty"`
	Field    string `json:"field,omitempty"`
	Urgency  string `json:"urgency,omitempty"`
}

type editTaskIn struct {
	N    int64    `json:"n" doc:"số của đề xuất"`
	Task taskItem `json:"task"`
}

type splitTaskIn struct {
	N    int64      `json:"n"`
	Into []taskItem `json:"into" doc:"ít nhất hai"`
}

type mergeTaskIn struct {
	Of   []int64  `json:"of" doc:"các đề xuất được gộp"`
	Task taskItem `json:"task"`
}

type dropTaskIn struct {
	N      int64  `json:"n"`
	Reason string `json:"reason"`
}

type leftOpenIn struct {
	N      int64  `json:"n"`
	Unit   string `json:"unit,omitempty" doc:"chủ trì"`
	Until  string `json:"until,omitempty" doc:"hạn"`
	Reason string `json:"reason,omitempty"`
}

type remarkIn struct {
	Remark string `json:"remark,omitempty"`
}

func (t *taskItem) task() directive.Task {
	return directive.Task{Leads: t.names(t.Leads), Coordinating: t.names(t.Coordinating), Each: t.Each, Content: t.Content, Clause: t.Clause, Deadline: t.Deadline, Words: t.Words,
		Recurrence: t.Recurrence, Request: t.Request, Urgency: directive.Urgency(t.Urgency), Kind: t.Kind, Field: t.Field, Span: t.Span, AcceptPast: t.AcceptPast}
}

func (*taskItem) names(all []nameItem) (names []directive.Name) {
	for _, n := range all {
		names = append(names, directive.Name{Said: n.Said, Unit: org.UnitID(n.Unit), Group: n.Group})
	}
	return names
}

func tasksOf(all []taskItem) (tasks []directive.Task) {
	for i := range all {
		tasks = append(tasks, all[i].task())
	}
	return tasks
}

func taskOut(t *directive.Task) taskItem {
	item := taskItem{Each: t.Each, Content: t.Content, Clause: t.Clause, Deadline: t.Deadline, Words: t.Words, Recurrence: t.Recurrence, Request: t.Request,
		Urgency: string(t.Urgency), Kind: t.Kind, Field: t.Field, Span: t.Span, AcceptPast: t.AcceptPast}
	for _, n := range t.Leads {
		item.Leads = append(item.Leads, nameItem{n.Said, string(n.Unit), n.Group, n.Why})
	}
	for _, n := range t.Coordinating {
		item.Coordinating = append(item.Coordinating, nameItem{n.Said, string(n.Unit), n.Group, n.Why})
	}
	return item
}

func directiveFull(tx *db.Tx, who org.Actor, d *directive.Directive, version int64) (out directiveOut, err error) {
	out = directiveOut{directiveLine: directiveLine{ID: string(d.ID), Code: d.Code, Title: d.Title, State: d.State, Number: d.Number, IssuedOn: d.IssuedOn.String(), Issuer: d.Issuer,
		Type: d.Type, Urgency: string(d.Urgency)}, Signer: d.Signer, Proposals: []proposalItem{}, Questions: []questionItem{}, Acts: []string{}, Version: version}
	s, err := directive.Look(tx, who, d)
	if err != nil {
		return out, err
	}
	if out.Text, err = directive.TextOf(tx, d); err != nil {
		return out, err
	}
	if out.Given, out.Done, err = directive.Counts(tx, d); err != nil {
		return out, err
	}
	for _, p := range s.Proposals {
		out.Proposals = append(out.Proposals, proposalItem{N: p.N, State: string(p.State), Task: taskOut(&p.Task), Why: append([]string{}, p.Task.Why...), Changed: append([]string{}, p.Changed...)})
	}
	for _, q := range s.Questions {
		out.Questions = append(out.Questions, questionItem{q.N, q.Kind, q.Say, q.Blocks, q.Before(), q.Leads})
	}
	for _, a := range s.Acts(who) {
		if !slices.Contains(out.Acts, a.Name) {
			out.Acts = append(out.Acts, a.Name)
		}
	}
	return out, nil
}

func directiveDone(tx *db.Tx, who org.Actor, d *directive.Directive, version int64) (done, error) {
	out, err := directiveFull(tx, who, d, version)
	return done{status: http.StatusOK, location: directivesPath + string(d.ID), version: version, body: &out}, err
}

// directiveAgain answers a repeated request with how the directive stands now.
func (c *call) directiveAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	d, err := directive.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return directiveDone(tx, who, d, d.Version)
}

// onDirective runs an operation on the directive of the address and answers how it stands then.
func (c *call) onDirective(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		d, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return directiveDone(tx, who, d, d.Version+1)
	})
}

func (c *call) takeDirective(in *takeIn) error {
	text, err := c.textOf(in)
	if err != nil {
		return err
	}
	doc := extract.Text(text) // before the transaction: it is long work without the store
	return c.update(func(tx *db.Tx, who org.Actor) (out done, err error) {
		reading, err := propose.From(tx, doc)
		if err != nil {
			return out, err
		}
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return out, err
		}
		d, err := directive.Take(tx, who, directive.In{Reading: reading, Text: text, Field: in.Field, Urgency: directive.Urgency(in.Urgency), Files: files})
		if err != nil {
			return out, err
		}
		out, err = directiveDone(tx, who, d, d.Version)
		out.status = http.StatusCreated
		return out, err
	})
}

func (c *call) draftDirective(in *draftDirectiveIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (out done, err error) {
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return out, err
		}
		var x *signoff.Paper
		_, x, err = directive.DraftPaper(tx, c.s.Desk, who, directive.Draft{Unit: org.UnitID(in.Unit), Title: in.Title, Text: in.Text, Type: in.Type, Field: in.Field,
			Urgency: directive.Urgency(in.Urgency), Tasks: tasksOf(in.Tasks), Files: files})
		if err != nil {
			return out, err
		}
		out, err = c.paperDone(tx, who, x)
		out.status = http.StatusCreated
		return out, err
	})
}

func (c *call) getDirective() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		d, err := directive.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := directiveFull(tx, who, d, d.Version)
		return &out, d.Version, err
	})
}

func (c *call) directives() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := directive.List(tx, who, q.Get("state"), q.Get("cursor"), limit)
		out := page[directiveLine]{Items: []directiveLine{}, Next: next}
		for _, l := range all {
			out.Items = append(out.Items, directiveLine{ID: string(l.ID), Code: l.Code, Title: l.Title, State: l.State, Number: l.Number, IssuedOn: l.IssuedOn.String(), Issuer: l.Issuer,
				Type: l.Type, Urgency: string(l.Urgency), Given: l.Assignments, Done: l.Done})
		}
		return &out, 0, err
	})
}

func (c *call) describeDirective(in *headerIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		on, err := day("issued_on", in.IssuedOn)
		if err != nil {
			return nil, err
		}
		return directive.Describe(tx, who, id, directive.Header{Number: in.Number, IssuedOn: on, Issuer: in.Issuer, Type: in.Type, Subject: in.Subject, Signer: in.Signer,
			Field: in.Field, Urgency: directive.Urgency(in.Urgency), Version: c.version})
	})
}

func (c *call) editProposal(in *editTaskIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Edit(tx, who, id, in.N, in.Task.task(), c.version)
	})
}

func (c *call) splitProposal(in *splitTaskIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Split(tx, who, id, in.N, tasksOf(in.Into), c.version)
	})
}

func (c *call) mergeProposals(in *mergeTaskIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Merge(tx, who, id, in.Of, in.Task.task(), c.version)
	})
}

func (c *call) dropProposal(in *dropTaskIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Drop(tx, who, id, in.N, in.Reason, c.version)
	})
}

func (c *call) addProposal(in *taskItem) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Add(tx, who, id, in.task(), c.version)
	})
}

func (c *call) proposeOpen(in *leftOpenIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Propose(tx, who, id, in.N, directive.Suggestion{Unit: org.UnitID(in.Unit), Until: in.Until, Reason: in.Reason}, c.version)
	})
}

func (c *call) decideOpen(in *leftOpenIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Decide(tx, who, id, directive.Decision{N: in.N, Unit: org.UnitID(in.Unit), Until: in.Until, Remark: in.Reason, Version: c.version})
	})
}

func (c *call) confirmDirective(in *remarkIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Confirm(tx, who, id, in.Remark, c.version)
	})
}

func (c *call) sendBackDirective(in *reasonIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.SendBack(tx, who, id, in.Reason, c.version)
	})
}

func (c *call) releaseDirective(*noneIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Release(tx, who, id, c.version)
	})
}

func (c *call) withdrawDirective(in *reasonIn) error {
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		return directive.Withdraw(tx, who, id, in.Reason, c.version)
	})
}
