package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// register enters an arrived petition in the unit's book.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	return s.onCase(w, r, s.petition, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, string, error) {
		p, err := petition.Register(tx, who, id, seen(r))
		if err != nil {
			return nil, "", err
		}
		n, err := direct.Registered(tx, p.ID, p.Lead, p.Round+p.Hops)
		return p, "Đã vào sổ văn bản đến, số đến " + itoa(n) + ".", err
	})
}

// directPage is the form on which a leader or a head directs a matter down the unit.
func (s *Server) directPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := read(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		if !x.mayNow("direct") {
			return nil, fault.Refuse(fault.Denied, "Việc này không ở chỗ anh/chị để phân công.")
		}
		p.Title = "Phân công"
		t := keptOf(r)
		in, err := x.directInputs()
		if err != nil {
			return nil, err
		}
		f := ui.Form{Action: casePath(x.p.ID) + "/direct", Key: p.Key, Version: itoa(x.p.Version), Keep: "direct-" + x.p.Code, Send: "Phân công",
			Quiet: []ui.Button{{Label: "Quay lại", Href: casePath(x.p.ID)}}}
		before, err := x.matter()
		return formPage(x.formHead(p.Title), before, t.form(f), t.with(in)), err
	})
}

// mayNow says whether an act is among those the officer may do.
func (x *reading) mayNow(name string) bool {
	for _, a := range x.s.Acts(x.who) {
		if a.Name == name {
			return true
		}
	}
	return false
}

// formHead opens a form on a case: the way back, what it is, the date that runs.
func (x *reading) formHead(title string) ui.Head {
	h := ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}, {Label: "Mã theo dõi " + x.p.Code, Href: casePath(x.p.ID)}},
		Title: title, Sub: x.p.Title}
	if d := x.running(petition.MustAnswer); d != nil {
		u := dueOf(x.rev, d, x.tx.Now, x.owes(d))
		h.Chips = append(h.Chips, ui.Chip{Tone: u.Tone, Text: "trả lời " + x.names.unit(x.p.Raiser) + ": " + u.Words})
	}
	return h
}

// matter is what the commune wrote, above a form.
func (x *reading) matter() (templ.Component, error) {
	content, err := x.content()
	return matterCard(content, x.files[x.p.RaisedN]), err
}

// directInputs offer the sections and people of the lead that this giver may name, in
// the order in which the office lists them.
func (x *reading) directInputs() ([]input, error) {
	held, err := org.Officers(x.tx, x.p.Lead)
	if err != nil {
		return nil, err
	}
	sections, err := org.Sections(x.tx, x.p.Lead)
	if err != nil {
		return nil, err
	}
	load, err := duty.LoadOf(x.tx, x.p.Lead)
	if err != nil {
		return nil, err
	}
	own := x.ownSection()
	to := input{Kind: tree, Input: ui.Input{Name: "to", Label: "Giao cho", Required: true, Fold: "Giao thẳng một người trong phòng", Hint: "Số việc đang có chỉ để tham khảo khi phân công."}}
	to.Options = people(x, held, sections, load, own)
	with := input{Kind: folded, Input: ui.Input{Name: "co_workers", Label: "Phối hợp trong đơn vị"}}
	readers := input{Kind: folded, Input: ui.Input{Name: "readers", Label: "Chuyển để biết"}}
	seen := map[org.OfficerID]bool{x.who.Officer: true}
	for _, h := range held {
		if seen[h.Officer.ID] || h.Post.Role == org.Admin {
			continue
		}
		seen[h.Officer.ID] = true
		o := ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + postWords(x.names, h.Post)}
		with.Options, readers.Options = append(with.Options, o), append(readers.Options, o)
	}
	inner := ui.Input{Name: "inner_on", Label: "Hạn nội bộ", Type: "date", Hint: "Chỉ để nhắc trong đơn vị, không thay hạn theo quy định."}
	if d := x.running(petition.MustAnswer); d != nil && !d.DueAt.IsZero() {
		inner.Hint += " Không sau " + d.Due().Last().Long() + "."
	}
	return []input{to, {Kind: area, Input: ui.Input{Name: "instruction", Label: "Ý kiến chỉ đạo", Rows: 4, Required: true}},
		{Kind: line, Input: inner}, with, readers}, nil
}

// ownSection is the section inside which a head directs; "" for a leader, who directs
// to anybody.
func (x *reading) ownSection() org.UnitID {
	var section org.UnitID
	for _, p := range x.who.Posts {
		if p.Unit != x.p.Lead || x.who.Post.ID != "" && p.ID != x.who.Post.ID {
			continue
		}
		if p.Role == org.Leader {
			return ""
		}
		if p.Role == org.Head && p.Section == x.s.Place.Section {
			section = p.Section
		}
	}
	return section
}

// people lists deputies first, then each section with its people behind it; a head sees
// only those of the own section, at once.
func people(x *reading, held []org.Held, sections []org.Unit, load duty.Load, own org.UnitID) (all []ui.Option) {
	person := func(h org.Held, group string) {
		if h.Officer.ID == x.who.Officer && h.Post.Role == org.Leader {
			return
		}
		all = append(all, ui.Option{Value: "o:" + string(h.Officer.ID) + "|" + string(h.Post.Section), Group: group, Under: own == "" && h.Post.Section != "",
			Label: h.Officer.Name + ", " + h.Post.Title, Hint: busy(load.Officers[h.Officer.ID])})
	}
	for _, h := range held {
		if own == "" && h.Post.Role == org.Leader && h.Post.Deputy {
			person(h, "Lãnh đạo đơn vị")
		}
	}
	for _, s := range sections {
		if own != "" && s.ID != own {
			continue
		}
		if own == "" {
			all = append(all, ui.Option{Value: "s:" + string(s.ID), Group: s.Short, Label: "Giao phòng, trưởng phòng phân công tiếp", Hint: busy(load.Sections[s.ID])})
		}
		for _, h := range held {
			if h.Post.Section == s.ID && (h.Post.Role == org.Specialist || h.Post.Role == org.Head && own != "") {
				person(h, s.Short)
			}
		}
	}
	return all
}

// How much an officer has to do, so that a leader sees it while he chooses.
func busy(n int) string {
	if n == 0 {
		return "chưa có việc nào đang làm"
	}
	return fmt.Sprintf("đang có %d việc", n)
}

// A post with its section, as a choice in a form.
func postWords(n *names, p org.Post) string {
	if p.Section == "" {
		return p.Title
	}
	return p.Title + " " + n.unit(p.Section)
}

// direct sends the matter down.
func (s *Server) direct(w http.ResponseWriter, r *http.Request) error {
	in, err := typedDirection(r)
	if err != nil {
		return s.again(w, r, err, s.directPage)
	}
	return s.onCase(w, r, s.directPage, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, string, error) {
		p, err := petition.Direct(tx, who, id, in, seen(r))
		if err != nil {
			return nil, "", err
		}
		to := ""
		if n := newNames(tx); in.Officer != "" {
			to = n.officer(in.Officer)
		} else {
			to = n.unit(in.Section)
		}
		return p, "Đã phân công cho " + to + ".", nil
	})
}

// Where a matter goes: a section ("s:"), or an officer with the section he is asked in ("o:").
func typedDirection(r *http.Request) (in direct.In, err error) {
	in.Instruction = strings.TrimSpace(r.PostForm.Get("instruction"))
	to := r.PostForm.Get("to")
	if s, ok := strings.CutPrefix(to, "s:"); ok {
		in.Section = org.UnitID(s)
	} else if o, ok := strings.CutPrefix(to, "o:"); ok {
		officer, section, _ := strings.Cut(o, "|")
		in.Officer, in.Section = org.OfficerID(officer), org.UnitID(section)
	} else {
		return in, fault.Field("to", "Anh/chị chọn phòng hoặc người được giao.")
	}
	if in.Instruction == "" {
		return in, fault.Field("instruction", "Anh/chị ghi ý kiến chỉ đạo: người được giao cần biết phải làm gì.")
	}
	for _, one := range []struct {
		name string
		list *[]org.OfficerID
	}{{"co_workers", &in.CoWorkers}, {"readers", &in.Readers}} {
		for _, v := range r.PostForm[one.name] {
			*one.list = append(*one.list, org.OfficerID(v))
		}
	}
	var d workday.Date
	d, err = typedDay(r, "inner_on", "Hạn nội bộ không đúng; ghi theo mẫu ngày/tháng/năm.")
	in.InnerOn = d
	return in, err
}
