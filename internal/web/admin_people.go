package web

import (
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// roleNames are the parts that posts play, as offices call them.
var roleNames = map[org.Role]string{org.Leader: "lãnh đạo cơ quan", org.Head: "lãnh đạo phòng", org.Specialist: "chuyên viên",
	org.Clerk: "văn thư", org.Desk: "chuyên viên theo dõi", org.Admin: "quản trị"}

var roleOrder = []org.Role{org.Leader, org.Head, org.Specialist, org.Clerk, org.Desk, org.Admin}

var roleHints = map[org.Role]string{org.Leader: "phân công, ký", org.Head: "phân công trong phòng, xem dự thảo", org.Specialist: "soạn dự thảo",
	org.Clerk: "vào sổ, cấp số, phát hành", org.Desk: "Văn phòng UBND tỉnh: theo dõi, đôn đốc", org.Admin: "quản trị đơn vị trên hệ thống, không xem nội dung việc"}

// structureTab shows what the unit is and its sections.
func structureTab(x *office, v *adminView) error {
	u := x.unit
	one := func(label, value string) {
		if value != "" {
			v.Facts = append(v.Facts, ui.Fact{Label: label, Values: []ui.Link{{Label: value}}})
		}
	}
	one("Tên gọi tắt", u.Short)
	one("Ký hiệu trên văn bản", u.Abbr)
	one("Mã đơn vị", string(u.ID))
	if u.Parent != "" {
		one("Trực thuộc", x.n.unit(u.Parent))
	}
	one("Hoạt động từ", dayText(u.Since))
	if !u.Until.IsZero() {
		one("Thôi hoạt động từ", u.Until.Long())
	}
	if u.MergedInto != "" {
		one("Đã sáp nhập vào", x.n.unit(u.MergedInto))
	}
	former, err := org.FormerNames(x.tx, u.ID)
	if err != nil {
		return err
	}
	for _, f := range former {
		one("Tên trước "+f.Until.Long(), f.Name+" ("+f.Basis+")")
	}
	sections, err := org.Sections(x.tx, u.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Phòng, bộ phận", Cols: []ui.Col{{Label: "Tên"}, {Label: "Mã"}, {Label: "Từ ngày"}, {Label: ""}}, Empty: "Đơn vị chưa có phòng, bộ phận nào trong danh mục."}
	for _, sec := range sections {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sec.Short}, {Text: string(sec.ID)}, {Text: dayText(sec.Since)}, x.rowAct("Đổi tên", "structure/rename-section", string(sec.ID))})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Thêm phòng, bộ phận", "structure/add-section")
	x.act(v, "Đổi tên đơn vị", "structure/rename")
	x.act(v, "Thêm cơ quan trực thuộc", "structure/add-unit")
	x.act(v, "Sáp nhập vào đơn vị khác", "structure/merge")
	return nil
}

var structureForms = map[string]adminForm{
	"structure/add-section": {Title: "Thêm phòng, bộ phận", Send: "Thêm", Fields: func(x *office) ([]input, error) {
		return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên phòng, bộ phận", Required: true, Max: 300}},
			{Kind: line, Input: ui.Input{Name: "id", Label: "Mã", Hint: "Chữ thường không dấu, số, gạch ngang: “nghiep-vu-1”. Không đổi được về sau.", Required: true, Max: 60}}}, nil
	}, Do: func(x *office) (string, error) {
		_, err := org.AddSection(x.tx, x.who, x.unit.ID, x.get("id"), x.get("name"))
		return "Đã thêm " + x.get("name") + ".", err
	}},
	"structure/rename": {Title: "Đổi tên đơn vị", Send: "Đổi tên", Root: true, Note: "Tên cũ vẫn đọc được ở những việc đã làm.", Fields: func(x *office) ([]input, error) {
		return renameFields(x.unit), nil
	}, Do: func(x *office) (string, error) {
		return "Đã đổi tên đơn vị.", org.RenameUnit(x.tx, x.who, x.unit.ID, x.get("name"), x.get("short"), x.get("basis"))
	}},
	"structure/rename-section": {Title: "Đổi tên phòng, bộ phận", Send: "Đổi tên", Fields: func(x *office) ([]input, error) {
		u, err := x.section()
		return renameFields(u), err
	}, Do: func(x *office) (string, error) {
		u, err := x.section()
		if err != nil {
			return "", err
		}
		return "Đã đổi tên.", org.RenameUnit(x.tx, x.who, u.ID, x.get("name"), x.get("short"), x.get("basis"))
	}},
	"structure/add-unit": {Title: "Thêm cơ quan trực thuộc", Send: "Thêm", Root: true, Fields: func(x *office) ([]input, error) {
		return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên đầy đủ", Required: true, Max: 300}},
			{Kind: line, Input: ui.Input{Name: "short", Label: "Tên gọi tắt", Max: 300}},
			{Kind: line, Input: ui.Input{Name: "abbr", Label: "Chữ viết tắt trong ký hiệu văn bản", Hint: "Ví dụ STP", Max: 30}},
			{Kind: line, Input: ui.Input{Name: "id", Label: "Mã đơn vị", Hint: "Chữ thường không dấu, số, gạch ngang. Không đổi được về sau.", Required: true, Max: 60}},
			{Kind: choice, Input: ui.Input{Name: "kind", Label: "Loại", Required: true, Options: []ui.Option{{Value: "so", Label: "sở, ngành, cơ quan"},
				{Value: org.KindCommittee, Label: "Ủy ban nhân dân (ký thay mặt tập thể)"}, {Value: org.KindVertical, Label: "cơ quan ngành dọc (chỉ được đề nghị)"},
				{Value: org.KindCompany, Label: "doanh nghiệp (chỉ được đề nghị)"}}}},
			{Kind: choice, Input: ui.Input{Name: "level", Label: "Cấp", Required: true, Options: []ui.Option{{Value: org.LevelProvince, Label: "tỉnh"}, {Value: org.LevelCommune, Label: "xã"}}}},
			{Kind: line, Input: ui.Input{Name: "since", Label: "Hoạt động từ ngày", Type: "date", Hint: "Bỏ trống: từ hôm nay."}}}, nil
	}, Do: func(x *office) (string, error) {
		since, err := x.day("since")
		if err != nil {
			return "", err
		}
		return "Đã thêm " + x.get("name") + ".", org.AddUnit(x.tx, x.who, org.Unit{ID: org.UnitID(x.get("id")), Parent: x.unit.ID, Name: x.get("name"), Short: x.get("short"),
			Abbr: x.get("abbr"), Kind: x.get("kind"), Level: x.get("level"), Since: since})
	}},
	"structure/merge": {Title: "Sáp nhập vào đơn vị khác", Send: "Sáp nhập", Root: true,
		Note: "Từ ngày đó đơn vị này và các phòng của nó thôi hoạt động, mọi chức danh trong đó kết thúc; đơn vị nhận xem được việc cũ. Ai giữ chức danh nào ở đơn vị nhận do người có thẩm quyền giao lại.",
		Fields: func(x *office) ([]input, error) {
			into := ui.Input{Name: "into", Label: "Đơn vị nhận", Required: true, Blank: "– chọn đơn vị –"}
			units, err := org.Units(x.tx, org.Filter{Level: x.unit.Level})
			for _, u := range units {
				if u.ID != x.unit.ID {
					into.Options = append(into.Options, ui.Option{Value: string(u.ID), Label: u.Short})
				}
			}
			return []input{{Kind: choice, Input: into}, {Kind: line, Input: ui.Input{Name: "on", Label: "Từ ngày", Type: "date", Required: true}},
				{Kind: line, Input: ui.Input{Name: "basis", Label: "Căn cứ (số, ngày văn bản)", Required: true, Max: 300}}}, err
		}, Do: func(x *office) (string, error) {
			on, err := x.day("on")
			if err != nil {
				return "", err
			}
			return "Đã ghi việc sáp nhập từ ngày " + on.Long() + ".", org.MergeUnit(x.tx, x.who, []org.UnitID{x.unit.ID}, org.UnitID(x.get("into")), on, x.get("basis"))
		}},
}

func renameFields(u org.Unit) []input {
	return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên mới, đầy đủ", Value: u.Name, Required: true, Max: 300}},
		{Kind: line, Input: ui.Input{Name: "short", Label: "Tên gọi tắt", Value: u.Short, Max: 300}},
		{Kind: line, Input: ui.Input{Name: "basis", Label: "Căn cứ đổi tên (số, ngày văn bản)", Required: true, Max: 300}}}
}

// section is the section that the form is about; one of another unit does not exist here.
func (x *office) section() (org.Unit, error) {
	u, err := org.UnitOf(x.tx, org.UnitID(x.r.Form.Get("id")))
	if err == nil && (u.Owner != x.unit.ID || u.Agency()) {
		err = fault.NotFound
	}
	return u, err
}

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

func titleOf(p org.Post) string {
	if p.Acting {
		return p.Title + " (quyền)"
	}
	return p.Title
}

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

func (x *office) post(officer org.OfficerID) (p org.Post, err error) {
	p = org.Post{Officer: officer, Unit: x.unit.ID, Section: org.UnitID(x.get("section")), Role: org.Role(x.get("role")), Title: x.get("title"),
		Deputy: x.get("deputy") != "", Acting: x.get("acting") != ""}
	p.Since, err = x.day("since")
	return p, err
}

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

// person finds an officer by his id or his whole name; of two with one name the id must
// be given.
func (x *office) person(field string) (o org.Officer, err error) {
	typed := x.get(field)
	if typed == "" {
		return o, fault.Field(field, "Cần ghi họ tên hoặc mã cán bộ.")
	}
	if o, err = org.OfficerOf(x.tx, org.OfficerID(typed)); err == nil || fault.Kind(err) != fault.NotFound {
		return o, err
	}
	found, err := org.FindOfficers(x.tx, typed, 20)
	if err != nil {
		return o, err
	}
	found = slices.DeleteFunc(found, func(f org.Officer) bool { return !strings.EqualFold(f.Name, typed) })
	switch len(found) {
	case 0:
		return o, fault.Field(field, "Không có cán bộ nào tên “%.100s”. Cần ghi đủ họ tên, hoặc thêm cán bộ trước.", typed)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, string(f.ID))
	}
	return o, fault.Field(field, "Có %d người cùng tên; ghi mã cán bộ thay cho tên: %s.", len(found), strings.Join(ids, ", "))
}

// ours returns an officer over whom this administrator alone may decide: one who holds a
// post here and none in a unit that somebody else administers.
func (x *office) ours(id org.OfficerID) (o org.Officer, err error) {
	if o, err = org.OfficerOf(x.tx, id); err != nil {
		return o, err
	}
	a, err := org.ActorOf(x.tx, id)
	if err != nil {
		return o, err
	}
	if !a.In(x.unit.ID) {
		return o, fault.NotFound
	}
	for _, p := range a.Posts {
		u, err := org.UnitOf(x.tx, p.Unit)
		if err != nil {
			return o, err
		}
		if !org.MayAdminister(x.who, u) {
			return o, fault.Refuse(fault.Denied, "%s còn giữ chức danh tại %s; việc này do quản trị của tỉnh làm.", o.Name, u.Short)
		}
	}
	return o, nil
}

// officerOptions are the unit's people as choices, each once, those that takes accepts.
func (x *office) officerOptions(takes func(p org.Post) bool) (all []ui.Option, err error) {
	held, err := org.Officers(x.tx, x.unit.ID)
	for _, h := range held {
		if (takes == nil || takes(h.Post)) && !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == string(h.Officer.ID) }) {
			all = append(all, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + titleOf(h.Post)})
		}
	}
	return all, err
}

func today(x *office) workday.Date { return workday.Of(x.tx.Now) }
