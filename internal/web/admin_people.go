package web

import (
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// roleNames are the parts that posts play, as offices call them.
var roleNames = map[org.Role]string{org.Leader: "lãnh đạo cơ quan", org.Head: "lãnh đạo phòng", org.Specialist: "chuyên viên",
	org.Clerk: "văn thư", org.Desk: "chuyên viên theo dõi", org.Admin: "quản trị"}

// roleOrder is the order of choices, from who directs to who keeps the system.
var roleOrder = []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk, org.Desk, org.Admin}

// roleHints say what a role lets somebody do, because titles differ from unit to unit.
var roleHints = map[org.Role]string{org.Leader: "phân công, ký", org.Head: "phân công trong phòng, xem dự thảo", org.Specialist: "soạn dự thảo",
	org.Clerk: "vào sổ, cấp số, phát hành", org.Desk: "Văn phòng UBND tỉnh: theo dõi, đôn đốc", org.Admin: "quản trị đơn vị trên hệ thống, không xem nội dung việc"}

// peopleTab lists who holds which post; one person may stand in several rows.
func peopleTab(x *office, v *adminView) error {
	held, err := org.Officers(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Cán bộ đang giữ chức danh", Cols: []ui.Col{{Label: "Họ và tên"}, {Label: "Chức danh"}, {Label: "Vai trò"}, {Label: "Từ ngày"}, {Label: ""}, {Label: ""}},
		Empty: "Chưa ai giữ chức danh nào ở đơn vị này."}
	for _, h := range held {
		title := titleOf(h.Post)
		if h.Post.Section != "" {
			title += ", " + x.n.unit(h.Post.Section)
		}
		since := dayText(h.Post.Since)
		if !h.Post.Until.IsZero() {
			since += " đến trước " + h.Post.Until.Long()
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: h.Officer.Name}, {Text: title}, {Text: roleNames[h.Post.Role]}, {Text: since},
			x.rowAct("Thôi giữ", "people/end-post", string(h.Post.ID)), x.rowAct("Thôi việc", "people/leave", string(h.Officer.ID))})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Thêm cán bộ", "people/add")
	x.act(v, "Giao thêm chức danh", "people/assign")
	v.Notes = []string{"Một người giữ được nhiều chức danh, kể cả ở nhiều đơn vị; người đó chọn ký với chức danh nào.",
		"Chức danh kết thúc không làm mất tên người đó ở những việc đã làm."}
	return nil
}

// titleOf is a title as it is written, with the mark of an acting head.
func titleOf(p org.Post) string {
	if p.Acting {
		return p.Title + " (quyền)"
	}
	return p.Title
}

// postFields ask for a post: the title is free, the role is one of few.
func postFields(x *office) ([]input, error) {
	sections, err := org.Sections(x.tx, x.unit.ID)
	section := ui.Input{Name: "section", Label: "Phòng, bộ phận", Blank: "– không thuộc phòng nào –"}
	for _, sec := range sections {
		section.Options = append(section.Options, ui.Option{Value: string(sec.ID), Label: sec.Short})
	}
	role := ui.Input{Name: "role", Label: "Vai trò trên hệ thống", Required: true}
	for _, r := range roleOrder {
		role.Options = append(role.Options, ui.Option{Value: string(r), Label: roleNames[r], Hint: roleHints[r]})
	}
	return []input{{Kind: line, Input: ui.Input{Name: "title", Label: "Chức danh, như ghi trên văn bản", Hint: "Ví dụ Phó Giám đốc, Trưởng phòng Nghiệp vụ 1", Required: true, Max: 300}},
		{Kind: radios, Input: role}, {Kind: choice, Input: section},
		{Kind: tick, Input: ui.Input{Name: "deputy", Label: "Là cấp phó", Hint: "Ký thay (KT.) trong lĩnh vực được phân công phụ trách."}},
		{Kind: tick, Input: ui.Input{Name: "acting", Label: "Giữ quyền (Q.)", Hint: "Chỉ với người đứng đầu."}},
		{Kind: line, Input: ui.Input{Name: "since", Label: "Từ ngày", Type: "date", Hint: "Bỏ trống: từ hôm nay."}}}, err
}

// post reads a post from the form for an officer of any unit.
func (x *office) post(officer org.OfficerID) (p org.Post, err error) {
	p = org.Post{Officer: officer, Unit: x.unit.ID, Section: org.UnitID(x.get("section")), Role: org.Role(x.get("role")), Title: x.get("title"),
		Deputy: x.get("deputy") != "", Acting: x.get("acting") != ""}
	p.Since, err = x.day("since")
	return p, err
}

// peopleForms change who serves here. Nobody is ever deleted: names stay on what was done.
var peopleForms = map[string]adminForm{
	"people/add": {Title: "Thêm cán bộ", Send: "Thêm và giao chức danh", Fields: func(x *office) ([]input, error) {
		post, err := postFields(x)
		return append([]input{{Kind: line, Input: ui.Input{Name: "name", Label: "Họ và tên", Required: true, Max: 300}},
			{Kind: line, Input: ui.Input{Name: "email", Label: "Thư điện tử công vụ", Mode: "email", Max: 200}},
			{Kind: line, Input: ui.Input{Name: "phone", Label: "Số điện thoại", Mode: "tel", Max: 30}}}, post...), err
	}, Do: func(x *office) (string, error) {
		id, err := org.AddOfficer(x.tx, x.who, x.unit.ID, org.Officer{Name: x.get("name"), Email: x.get("email"), Phone: x.get("phone")})
		if err != nil {
			return "", err
		}
		p, err := x.post(id)
		if err != nil {
			return "", err
		}
		_, err = org.AssignPost(x.tx, x.who, p)
		return "Đã thêm " + x.get("name") + ". Mở tài khoản ở mục Tài khoản để người này đăng nhập.", err
	}},
	"people/assign": {Title: "Giao thêm chức danh", Send: "Giao chức danh", Fields: func(x *office) ([]input, error) {
		post, err := postFields(x)
		return append([]input{{Kind: line, Input: ui.Input{Name: "officer", Label: "Cán bộ: họ tên đầy đủ, hoặc mã cán bộ", Required: true, Max: 300,
			Hint: "Người đã có trong danh sách của tỉnh, kể cả ở đơn vị khác. Trùng họ tên thì ghi mã."}}}, post...), err
	}, Do: func(x *office) (string, error) {
		o, err := x.person("officer")
		if err != nil {
			return "", err
		}
		p, err := x.post(o.ID)
		if err != nil {
			return "", err
		}
		_, err = org.AssignPost(x.tx, x.who, p)
		return "Đã giao chức danh " + p.Title + " cho " + o.Name + ".", err
	}},
	"people/end-post": {Title: "Thôi giữ chức danh", Send: "Ghi thôi giữ", Fields: func(x *office) ([]input, error) {
		p, err := org.PostOf(x.tx, org.PostID(x.r.Form.Get("id")))
		if err == nil && p.Unit != x.unit.ID {
			err = fault.NotFound
		}
		return []input{{Kind: note, Input: ui.Input{Label: x.n.officer(p.Officer) + ", " + p.Title + ". Phân công phụ trách dựa vào chức danh này cũng kết thúc; việc đang giao cho người này cần giao lại."}},
			{Kind: line, Input: ui.Input{Name: "on", Label: "Thôi giữ từ ngày", Type: "date", Hint: "Bỏ trống: từ hôm nay."}}}, err
	}, Do: func(x *office) (string, error) {
		on, err := x.day("on")
		if err != nil {
			return "", err
		}
		return "Đã ghi thôi giữ chức danh.", org.EndPost(x.tx, x.who, x.unit.ID, org.PostID(x.get("id")), on)
	}},
	"people/leave": {Title: "Thôi làm việc (nghỉ hưu, chuyển đi)", Send: "Ghi thôi làm việc", Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: o.Name + ": mọi chức danh kết thúc hôm nay, tài khoản không đăng nhập được nữa. Tên vẫn còn ở những việc đã làm."}},
			{Kind: line, Input: ui.Input{Name: "reason", Label: "Lý do", Required: true, Max: 300}}}, err
	}, Do: func(x *office) (string, error) {
		o, err := x.ours(org.OfficerID(x.get("id")))
		if err != nil {
			return "", err
		}
		return "Đã ghi " + o.Name + " thôi làm việc.", org.Leave(x.tx, x.who, x.unit.ID, o.ID, x.get("reason"))
	}},
}

// today is the office's day of the request.
func today(x *office) workday.Date { return workday.Of(x.tx.Now) }
