package api

import (
	"net/http"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/group"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

const groupsPath = "/api/v1/groups/"

// groupOut is a group of alike petitions as this officer may see it.
type groupOut struct {
	groupLine
	Answer   *groupAnswer `json:"answer" doc:"câu trả lời chung đã ban hành, qua văn bản hay trong một bước; null khi chưa có"`
	Paper    string       `json:"paper" doc:"văn bản trả lời chung, đang soạn hoặc đã phát hành; rỗng khi trả lời trong một bước"`
	Proposal string       `json:"proposal" doc:"kiến nghị đề nghị sửa đổi quy chế rút ra từ nhóm"`
	Members  []memberItem `json:"members"` // also those that left
	Version  int64        `json:"version" doc:"phiên bản, cũng là ETag"`
}

// One group in a list. Size counts the members, also those the caller may not read: the figure is no
// secret, their texts are.
type groupLine struct {
	ID    string `json:"id"`
	Code  string `json:"code" doc:"mã theo dõi"`
	Title string `json:"title"`
	State string `json:"state" doc:"open hoặc answered"`
	Field string `json:"field"` // that of all members
	Lead  string `json:"lead" doc:"đơn vị trả lời"`
	Size  int64  `json:"size" doc:"số kiến nghị"`
}

// groupAnswer is the common answer as it was released.
type groupAnswer struct {
	Unit       string `json:"unit"`
	Outcome    string `json:"outcome"`
	Text       string `json:"text"`
	Basis      string `json:"basis"`
	Symbol     string `json:"symbol" doc:"rỗng khi là hướng dẫn nghiệp vụ"`
	IssuedOn   string `json:"issued_on"`
	AnsweredAt string `json:"answered_at"` // an instant
}

// A petition inside a group, as its own line says how it stands; Place is what became of it in the
// group, empty while it waits for the common answer.
type memberItem struct {
	Line
	Raiser  string `json:"raiser"` // the commune
	State   string `json:"state"`  // of the petition, not of the group
	Settled string `json:"settled" doc:"xã đã cho biết: yes, no; rỗng là chưa"`
	Place   string `json:"place" doc:"rỗng: đang ở trong nhóm; left, answered; missed: câu trả lời chung không tới"`
}

// What a group is formed with, or joined by.
type groupIn struct {
	Title   string   `json:"title" doc:"vấn đề chung là gì"`
	Members []string `json:"members" doc:"mã hồ sơ của các kiến nghị; kiến nghị đầu cho biết lĩnh vực và đơn vị trả lời"`
}

// Petitions that join, by the ids of their cases.
type membersIn struct {
	Add []string `json:"add" doc:"mã hồ sơ của các kiến nghị"`
}

// One petition that leaves, with why it is another matter: its commune is told in these words.
type leaveIn struct {
	Petition string `json:"petition" doc:"mã hồ sơ của kiến nghị"`
	Reason   string `json:"reason" doc:"vì sao không cùng vấn đề"`
}

// The proposal to change a regulation that a group of alike petitions may end in.
type proposalIn struct {
	Title string `json:"title,omitempty"` // the group's title when left empty
	Text  string `json:"text" doc:"quy chế chưa phù hợp hoặc còn thiếu ở điểm nào"`
	Amend string `json:"amend,omitempty" doc:"đề nghị sửa thế nào"`
	Basis string `json:"basis,omitempty" doc:"điều khoản"`
}

// grouping are the routes of groups.
func (s *Server) grouping() []route {
	return []route{
		act[groupIn]("POST", "/api/v1/groups", "formGroup", "Nhóm các kiến nghị giống nhau (Văn phòng UBND tỉnh).", (*call).formGroup).makes(groupOut{}),
		list("/api/v1/groups", "groups", "Nhóm vấn đề được xem, mới nhất trước.", page[groupLine]{}, (*call).groups, slices.Concat(group.Conditions, byPage)...),
		list("/api/v1/groups/suggestions", "suggestGroups", "Gợi ý nhóm: kiến nghị giống nhau đang chờ trả lời, chưa ở nhóm nào.", page[groupSuggestion]{}, (*call).suggestGroups),
		look("/api/v1/groups/{id}", "getGroup", "Xem một nhóm vấn đề.", groupOut{}, (*call).getGroup),
		act[membersIn]("POST", "/api/v1/groups/{id}/members", "addToGroup", "Thêm kiến nghị vào nhóm; mỗi kiến nghị chỉ ở một nhóm đang mở.", (*call).addToGroup).gives(groupOut{}),
		act[leaveIn]("POST", "/api/v1/groups/{id}/leave", "leaveGroup", "Đưa một kiến nghị ra khỏi nhóm.", (*call).leaveGroup).gives(groupOut{}),
		act[answerIn]("POST", "/api/v1/groups/{id}/answer", "answerGroup", "Trả lời chung cả nhóm trong một bước; mỗi xã tự cho biết đã giải quyết được chưa.", (*call).answerGroup).gives(groupOut{}),
		act[draftIn]("POST", "/api/v1/groups/{id}/drafts", "draftGroupAnswer", "Soạn dự thảo văn bản trả lời chung.", (*call).draftGroupAnswer).makes(paperOut{}),
		act[proposalIn]("POST", "/api/v1/groups/{id}/proposal", "proposeAmendment", "Đề nghị sửa đổi quy chế từ nhóm này.", (*call).proposeAmendment).gives(groupOut{}),
	}
}

// Ids as the operations want them; what does not exist is refused there.
func cases(ids []string) (all []casefile.ID) {
	for _, id := range ids {
		all = append(all, casefile.ID(id))
	}
	return all
}

// onGroup runs an operation on the group of the address and answers how it stands then.
func (c *call) onGroup(sent any, fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*group.Group, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		g, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return groupDone(tx, who, g, g.Version+1)
	})
}

// The answer to an act on a group.
func groupDone(tx *db.Tx, who org.Actor, g *group.Group, version int64) (done, error) {
	out, err := groupFull(tx, who, g, version)
	return done{status: http.StatusOK, location: groupsPath + string(g.ID), version: version, body: &out}, err
}

// A group with its members. Left ones are listed, because the group's history is theirs too, but not
// counted.
func groupFull(tx *db.Tx, who org.Actor, g *group.Group, version int64) (out groupOut, err error) {
	out = groupOut{groupLine: groupLine{ID: string(g.ID), Code: g.Code, Title: g.Title, State: g.State, Field: g.Field, Lead: string(g.Lead)},
		Paper: string(g.PaperID), Proposal: string(g.Proposal), Members: []memberItem{}, Version: version}
	all, err := group.Members(tx, who, g.ID)
	for _, m := range all {
		one, err := memberOf(tx, who, m)
		if err != nil {
			return out, err
		}
		out.Members = append(out.Members, one)
		if m.Place != "left" {
			out.Size++
		}
	}
	if err != nil {
		return out, err
	}
	given, err := g.Given(tx)
	if given != nil {
		out.Answer = &groupAnswer{Unit: string(given.Unit), Outcome: string(given.Reply.Outcome), Text: given.Reply.Text, Basis: given.Reply.Basis,
			Symbol: given.Number.Symbol, IssuedOn: dayText(given.Number.IssuedOn), AnsweredAt: instant(g.AnsweredAt)}
	}
	return out, err
}

// memberOf tells a member as the petition itself is told, with its place in the group.
func memberOf(tx *db.Tx, who org.Actor, m group.Member) (out memberItem, err error) {
	p, err := petition.Get(tx, who, m.ID)
	if err != nil {
		return out, err
	}
	l, err := petitionLine(tx, p, p.Version)
	return memberItem{Line: Line{ID: l.ID, Code: l.Code, Title: l.Title, Lead: l.Lead, DueOn: l.DueOn, DueAt: l.DueAt, Fate: l.Fate},
		Raiser: l.Raiser, State: l.State, Settled: m.Settled, Place: m.Place}, err
}

// groupAgain answers a repeated request with how the group stands now.
func (c *call) groupAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	g, err := group.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return groupDone(tx, who, g, g.Version)
}

// Forms a group of petitions that ask the same; 201 with its address.
func (c *call) formGroup(in *groupIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		g, err := group.Form(tx, who, group.New{Title: in.Title, Members: cases(in.Members)})
		if err != nil {
			return d, err
		}
		d, err = groupDone(tx, who, g, g.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

// One group, for whoever reads its case.
func (c *call) getGroup() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		g, err := group.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := groupFull(tx, who, g, g.Version)
		return &out, g.Version, err
	})
}

// Groups the caller may read, newest first.
func (c *call) groups() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := group.List(tx, who, q.Get("state"), q.Get("cursor"), limit)
		out := page[groupLine]{Items: []groupLine{}, Next: next}
		for _, g := range all {
			out.Items = append(out.Items, groupLine{ID: string(g.ID), Code: g.Code, Title: g.Title, State: g.State, Field: g.Field, Lead: string(g.Lead), Size: g.Members})
		}
		return &out, 0, err
	})
}

// More petitions join; each is locked and told in the same transaction.
func (c *call) addToGroup(in *membersIn) error {
	return c.onGroup(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*group.Group, error) {
		return group.Add(tx, who, id, cases(in.Add), c.version)
	})
}

// One leaves, with the reason its commune reads.
func (c *call) leaveGroup(in *leaveIn) error {
	return c.onGroup(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*group.Group, error) {
		return group.Leave(tx, who, id, group.Departure{Petition: casefile.ID(in.Petition), Reason: in.Reason, Version: c.version})
	})
}

// One answer for all members, given with its number: for a unit that signs elsewhere. Each member's duty
// is met by it.
func (c *call) answerGroup(in *answerIn) error {
	return c.onGroup(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (g *group.Group, err error) {
		r := in.reply()
		r.Version = c.version
		if r.Paper, err = in.outer(); err != nil {
			return nil, err
		}
		if r.Files, err = takeUploads(tx, who.Officer, in.Attachments); err != nil {
			return nil, err
		}
		who.Capacity = org.Capacity(in.Capacity)
		return group.AnswerNow(tx, who, id, r)
	})
}

// The same answer as a draft that walks the unit's path of signing.
func (c *call) draftGroupAnswer(in *draftIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r := in.reply()
		r.Version = c.version
		if r.Files, err = takeUploads(tx, who.Officer, in.Attachments); err != nil {
			return d, err
		}
		var x *signoff.Paper
		if x, err = group.DraftAnswer(tx, c.s.Desk, who, casefile.ID(c.id), r); err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}

// Proposes to change the regulation itself; what comes of it is a petition of its own to the level above.
func (c *call) proposeAmendment(in *proposalIn) error {
	return c.onGroup(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*group.Group, error) {
		var p *petition.Petition
		p, _, err := group.Propose(tx, c.s.Desk, who, id, group.Proposal{Title: in.Title, Text: in.Text, Amend: in.Amend, Basis: in.Basis, Version: c.version})
		if err != nil {
			return nil, err
		}
		g, err := group.Get(tx, who, id)
		if err == nil {
			g.Proposal = p.ID
		}
		return g, err
	})
}

// groupSuggestion is waiting petitions that read alike.
type groupSuggestion struct {
	Title   string       `json:"title"` // that of the oldest member
	Lead    string       `json:"lead" doc:"đơn vị trả lời"`
	Members []memberItem `json:"members"` // at least two
}

// Groups that likeness suggests; nothing is made by asking.
func (c *call) suggestGroups() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := group.Suggest(tx, who)
		out := page[groupSuggestion]{Items: []groupSuggestion{}}
		for _, g := range all {
			s := groupSuggestion{Title: g.Members[0].Title, Lead: string(g.Lead)}
			for _, m := range g.Members {
				one, err := memberOf(tx, who, m)
				if err != nil {
					return nil, 0, err
				}
				s.Members = append(s.Members, one)
			}
			out.Items = append(out.Items, s)
		}
		return &out, 0, err
	})
}
