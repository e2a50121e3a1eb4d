package web

import (
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// A ruleView is one rule in words.
type ruleView struct {
	Name, Href, Basis string
	Chips             []ui.Chip
	Facts, Values     []ui.Fact
	Notes             []string
}

// short is the rule's values in one line, for a table.
func (v ruleView) short() string {
	var all []string
	for _, f := range v.Values {
		if len(f.Values) > 0 {
			all = append(all, lower(f.Label)+": "+f.Values[0].Label)
		}
	}
	return strings.Join(all[:min(len(all), 3)], "; ")
}

// keyNames are the rule keys in the office's words, where no duty names them.
var keyNames = map[string]string{
	petition.MustRaise: "Nêu kiến nghị", "petition.forward": "Chuyển kiến nghị sang đơn vị khác", "petition.remind": "Nhắc trước hạn",
	"petition.return": "Căn cứ trả lại kiến nghị", "petition.breach": "Báo cáo khi đơn vị chậm trả lời", regulation.RouteKey: "Lĩnh vực về cơ quan nào",
	regulation.AmendKey: "Kiến nghị sửa đổi quy chế", petition.MustOversee: "Theo dõi, đôn đốc việc trả lời",
}

func keyName(key string) string {
	if name, ok := keyNames[key]; ok {
		return name
	}
	if k, ok := dutyKinds()[key]; ok {
		return k.Say
	}
	return key
}

// paramNames and wordNames put parameters and words of rules into the office's words.
var (
	paramNames = map[string]string{"limit": "Thời hạn", "from": "Tính từ", "met_by": "Xong khi", "overseers": "Cơ quan theo dõi, đôn đốc",
		"restart_on_forward": "Chuyển đơn vị khác thì tính lại hạn", "breach": "Hậu quả khi chậm", "tried": "Phải nêu việc xã đã xử lý",
		"who": "Ai cho biết", "role": "Cơ quan", "contested": "Khi có ý kiến khác, ai xác định chủ trì", "hole": "Lĩnh vực quy chế chưa nêu thì về",
		"by": "Ai được yêu cầu", "before": "Nhắc trước", "office_hours": "Chỉ nhắc trong giờ làm việc", "grounds": "Các căn cứ", "to": "Gửi đến", "through": "Gửi qua"}
	wordNames = map[string]string{"true": "có", "false": "không", "first-arrival": "lúc việc đến sở, ngành đầu tiên", "release": "đơn vị phát hành văn bản",
		"none": "quy chế không nêu", "report": "báo cáo", "raiser": "đơn vị kiến nghị"}
)

// ruleOf puts one rule into words.
func ruleOf(n *names, rb *regulation.Rulebook, a regulation.Applied) ruleView {
	v := ruleView{Name: keyName(a.Key), Href: "/regulations/rules/" + a.Key, Basis: a.Basis()}
	switch {
	case a.Regulation == "":
		v.Chips = append(v.Chips, ui.Chip{Text: "cài đặt của đơn vị", Tone: ui.Info})
	case a.Model:
		v.Chips = append(v.Chips, ui.Chip{Text: "theo mẫu, chưa có hiệu lực ở tỉnh này", Tone: ui.Soon})
	}
	v.Facts = []ui.Fact{{Label: "Căn cứ", Values: clauseLinks(rb, a)}, {Label: "Áp dụng cho", Values: []ui.Link{{Label: boundUnits(n, a)}}}}
	if a.Note != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: "Ghi chú", Values: []ui.Link{{Label: a.Note}}})
	}
	for _, param := range a.Params() {
		v.Values = append(v.Values, valueFact(n, rb, a, param))
	}
	slices.SortStableFunc(v.Values, func(x, y ui.Fact) int {
		first := func(f ui.Fact) int {
			if f.Label == paramNames["limit"] {
				return 0
			}
			return 1
		}
		return first(x) - first(y)
	})
	return v
}

// ruleWith is ruleOf with the rules over the same units that say otherwise.
func ruleWith(n *names, rb *regulation.Rulebook, a regulation.Applied, tx *db.Tx) ruleView {
	v := ruleOf(n, rb, a)
	of := a.Units()
	if len(of) == 0 {
		of = []string{""}
	}
	for _, u := range of {
		found, err := rb.Rule(a.Key, tx.Now, regulation.UnitID(u), "")
		if err != nil {
			continue // the key is off or begins later: said elsewhere
		}
		for _, other := range append([]regulation.Applied{found}, found.Disagree...) {
			if len(found.Disagree) > 0 && other.Basis() != a.Basis() {
				v.Notes = append(v.Notes, "Có quy định khác về cùng đơn vị: "+other.Basis()+" ("+ruleOf(n, rb, other).short()+"). Hai quy định được hiện cả hai.")
			}
		}
	}
	slices.Sort(v.Notes)
	v.Notes = slices.Compact(v.Notes)
	return v
}

func clauseLinks(rb *regulation.Rulebook, a regulation.Applied) (all []ui.Link) {
	for _, id := range a.Clauses {
		all = append(all, ui.Link{Label: rb.Citation(id), Href: clausePath(id)})
	}
	if len(all) == 0 {
		all = []ui.Link{{Label: "cài đặt của đơn vị"}}
	}
	return all
}

// groupNames are the names that regulations give to many units at once.
var groupNames = map[string]string{"so-nganh": "các sở, ngành", "ubnd-cap-xa": "UBND các xã, phường", "requested": "cơ quan ngành dọc, doanh nghiệp (đề nghị)"}

func boundUnits(n *names, a regulation.Applied) string {
	if len(a.Units()) == 0 {
		return "mọi đơn vị"
	}
	var all []string
	for _, u := range a.Units() {
		if name, ok := groupNames[u]; ok {
			all = append(all, name)
			continue
		}
		all = append(all, n.unit(regulation.UnitID(u)))
	}
	return strings.Join(all, "; ")
}

// valueFact is one value of a rule in words, with the clause it rests on where that is
// not the rule's own, and the mark where the text leaves it open.
func valueFact(n *names, rb *regulation.Rulebook, a regulation.Applied, param string) ui.Fact {
	label := paramNames[param]
	if label == "" {
		label = param
	}
	f := ui.Fact{Label: label}
	limits := a.Limits(param)
	for i, word := range a.List(param) {
		l := ui.Link{Label: wordOf(n, rb, a, param, word)}
		if i < len(limits) {
			l.Label = limits[i].Words()
			if param == "before" {
				l.Label += " trước ngày cuối"
			}
		}
		f.Values = append(f.Values, l)
	}
	if own := a.ClausesOf(param); len(own) > 0 && !slices.Equal(own, a.Clauses) {
		for _, id := range own {
			f.Values = append(f.Values, ui.Link{Label: "theo " + rb.Citation(id), Href: clausePath(id)})
		}
	}
	if note := a.NoteOf(param); note != "" {
		f.Values = append(f.Values, ui.Link{Label: "chưa nêu rõ: " + note})
	}
	return f
}

func wordOf(n *names, rb *regulation.Rulebook, a regulation.Applied, param, word string) string {
	for _, role := range a.Roles(param) {
		if role.Role == word && role.Unit != "" {
			return n.unit(role.Unit)
		}
	}
	if name, ok := wordNames[word]; ok {
		return name
	}
	return word
}

// fieldRows are the fields at the top of the catalogue with the unit that has each, its
// clauses and marks, and the parts that go the same way in one line; a part that goes
// elsewhere has a row of its own. A declared hole says so.
func fieldRows(n *names, rb *regulation.Rulebook, tx *db.Tx) (t ui.Table, holes int) {
	t = ui.Table{Caption: "Lĩnh vực và cơ quan phụ trách, ngày " + workday.Of(tx.Now).Long(),
		Cols: []ui.Col{{Label: "Lĩnh vực"}, {Label: "Cơ quan"}, {Label: "Căn cứ"}, {Label: "Gồm"}, {Label: "Ghi chú"}}}
	above := map[string]int{} // the row of a field
	for _, f := range rb.Catalogue() {
		row, hole := fieldRow(n, rb, f, tx)
		if hole {
			holes++
		}
		at, part := above[f.Parent]
		if part && !hole && t.Rows[at][1] == row[1] {
			t.Rows[at][3].Text = strings.TrimPrefix(t.Rows[at][3].Text+"; "+f.Name, "; ")
			above[f.ID] = at // its own parts stand with it
			continue
		}
		if part {
			row[0].Text = t.Rows[at][0].Text + " › " + f.Name
		}
		above[f.ID] = len(t.Rows)
		t.Rows = append(t.Rows, row)
	}
	return t, holes
}

func fieldRow(n *names, rb *regulation.Rulebook, f regulation.Field, tx *db.Tx) (row []ui.Cell, hole bool) {
	r, err := rb.UnitFor(f.ID, tx.Now)
	if err != nil { // its row begins later or has ended: the only refusal of a field in the list
		return []ui.Cell{{Text: f.Name}, {Text: "chưa có cơ quan phụ trách hôm nay", Tone: ui.Soon}, {Text: rb.Citation(f.Clause), Href: clausePath(f.Clause)}, {}, {}}, false
	}
	unit, note := ui.Cell{Text: n.unit(r.Unit)}, r.Note
	if r.Hole {
		unit = ui.Cell{Text: "quy chế chưa nêu; chuyển " + n.unit(r.Unit), Tone: ui.Soon}
	}
	for _, o := range r.Overlaps {
		note = strings.TrimSpace(note + " Trùng với lĩnh vực khác: " + o.Note)
	}
	basis := ui.Cell{}
	if len(r.Clauses) > 0 {
		basis = ui.Cell{Text: rb.Citation(r.Clauses[0]), Href: clausePath(r.Clauses[0])}
	}
	return []ui.Cell{{Text: f.Name}, unit, basis, {}, {Text: note}}, r.Hole
}

// timeWords puts the words of clauses' times into the office's; what a text implies
// without saying it is marked.
var timeWords = map[string]string{
	"none": "không nêu hạn", "promptly": "kịp thời", "urgently (no number)": "khẩn trương", "soon (no number)": "sớm", "regularly": "thường xuyên",
	"continuing": "thường xuyên", "daily": "hằng ngày", "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "6-monthly": "6 tháng",
	"yearly": "hằng năm", "Dec 5 yearly": "trước 05/12 hằng năm", "Dec 31 yearly": "trước 31/12 hằng năm", "every Friday 12:00": "trước 12:00 thứ Sáu hằng tuần",
	"weekly, after Friday 12:00": "hằng tuần, sau 12:00 thứ Sáu",
	"per plan":                   "theo kế hoạch", "on request": "khi có yêu cầu", "on issue": "khi ban hành", "on occurrence": "khi phát sinh", "or on occurrence": "hoặc khi phát sinh",
	"on registration": "khi đăng ký", "on settlement": "khi giải quyết xong", "by law": "theo pháp luật", "by rule": "theo quy định",
	"set by lead unit": "do đơn vị chủ trì đặt", "set by lead unit or Standing leadership": "do đơn vị chủ trì hoặc Thường trực đặt",
	"set by head of group": "do trưởng đoàn đặt", "set time limit": "theo thời hạn được giao", "deadline": "theo thời hạn được giao", "before the deadline": "trước hạn",
	"procedure time limit": "theo thời hạn của thủ tục", "time limit of the work item": "theo thời hạn của công việc", "after comment deadline": "sau hạn góp ý",
	"before implementation": "trước khi thực hiện", "before submission": "trước khi trình", "before the process": "trước khi thực hiện quy trình",
	"before the session": "trước phiên họp", "before the absence": "trước khi vắng mặt", "before the request is sent": "trước khi gửi yêu cầu",
	"at publication": "khi công bố", "meeting time": "đúng giờ họp", "when the delay is known": "khi biết sẽ chậm",
	"minimum lead time (not stated)": "trước một thời gian (không nêu số)", "periodic": "định kỳ", "periodic (interval not stated)": "định kỳ (không nêu kỳ)",
}

// unitWords names the units of a limit's token, as clauses write them.
var unitWords = map[string]string{"WD": " ngày làm việc", "D": " ngày"}

// deadlineWords puts a clause's time, such as "P7WD after trigger", into words.
func deadlineWords(token string) string {
	var parts []string
	for part := range strings.SplitSeq(token, ";") {
		part = strings.TrimSpace(part)
		implied := ""
		if bare, ok := strings.CutPrefix(part, "implied: "); ok {
			part, implied = bare, " (hiểu từ ngữ cảnh)"
		}
		parts = append(parts, timeWord(part)+implied)
	}
	return strings.Join(parts, "; ")
}

func timeWord(part string) string {
	if words, ok := timeWords[part]; ok {
		return words
	}
	if len(part) >= len("2006-01-02") {
		if d, err := workday.ParseDate(part[:10]); err == nil {
			if clock := strings.TrimSpace(part[10:]); clock != "" {
				return clock + " ngày " + d.Long()
			}
			return "ngày " + d.Long()
		}
	}
	if num, ok := strings.CutPrefix(strings.TrimSuffix(part, " after trigger"), "P"); ok {
		if i := strings.IndexFunc(num, func(r rune) bool { return r < '0' || r > '9' }); i > 0 && unitWords[num[i:]] != "" {
			return num[:i] + unitWords[num[i:]]
		}
	}
	if all := strings.Split(part, ", "); len(all) > 1 {
		for i := range all {
			all[i] = timeWord(all[i])
		}
		return strings.Join(all, ", ")
	}
	return "theo văn bản"
}
