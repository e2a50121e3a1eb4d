package web

import (
	"fmt"
	"strconv"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// pathSteps is how many steps a form offers; a path rarely has more than five.
const pathSteps = 7

// stageNames are the steps of a paper as offices call them.
var stageNames = map[org.Stage]string{org.Draft: "Soạn dự thảo", org.Review: "Xem, cho ý kiến", org.Sign: "Ký", org.Release: "Cấp số, phát hành"}

// stageOrder is the only order in which steps may follow each other.
var stageOrder = []org.Stage{org.Draft, org.Review, org.Sign, org.Release}

// stageHints say what each step means to the office.
var stageHints = map[org.Stage]string{
	org.Draft:   "Người được giao viết và trình. Việc chưa xong: hạn vẫn tính.",
	org.Review:  "Lặp lại được: lãnh đạo phòng, rồi cấp phó. Người xem sửa được, hoặc trả lại kèm lý do.",
	org.Sign:    "Lãnh đạo ký với thể thức được phép (KT., TL., TUQ., Q.); hệ thống kiểm tra lúc ký.",
	org.Release: "Văn thư cấp số, phát hành. Chỉ từ bước này việc mới xong. Một bước duy nhất “phát hành” do lãnh đạo làm: người đó soạn, ký, cấp số trong một lần.",
}

// stepsText writes a path in one line, with the person where the step is one post's alone.
func stepsText(n *names, x *office, steps []org.Step) string {
	var all []string
	for _, st := range steps {
		who := roleNames[st.Role]
		if st.Post != "" {
			if p, err := org.PostOf(x.tx, st.Post); err == nil {
				who = p.Title + " " + n.officer(p.Officer)
			}
		}
		all = append(all, stageNames[st.Stage]+" ("+who+")")
	}
	return strings.Join(all, " → ")
}

// pathsTab shows the way of each kind of paper through the unit.
func pathsTab(x *office, v *adminView) error {
	t := ui.Table{Caption: "Quy trình trình ký", Cols: []ui.Col{{Label: "Loại văn bản"}, {Label: "Các bước"}, {Label: ""}}}
	kinds := append([]ui.Option{{Value: "", Label: "Mọi loại văn bản"}}, paperOptions()...)
	for _, k := range kinds {
		steps, err := org.Path(x.tx, x.unit.ID, k.Value)
		if err != nil && fault.Kind(err) != fault.NotFound {
			return err
		}
		id := k.Value
		if id == "" {
			id = anyPaper
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: k.Label}, {Text: stepsText(x.n, x, steps)}, x.rowAct("Đổi", "paths/set", id)})
	}
	v.Tables = []ui.Table{t}
	for _, st := range stageOrder {
		v.Explained = append(v.Explained, part{stageNames[st], stageHints[st]})
	}
	v.Notes = []string{"Đổi quy trình có hiệu lực với văn bản soạn từ nay; văn bản đang trình đi hết quy trình cũ."}
	return nil
}

// anyPaper stands in addresses for "every kind".
const anyPaper = "moi-loai"

// pathForms set the way of a kind of paper; the operation refuses one that cannot end in
// a signed and released paper.
var pathForms = map[string]adminForm{
	"paths/set": {Title: "Đổi quy trình trình ký", Send: "Đặt quy trình", Fields: pathFields, Do: func(x *office) (string, error) {
		kind := x.get("id")
		if kind == anyPaper {
			kind = ""
		} else if paperNames()[kind] == "" {
			return "", fault.NotFound
		}
		var steps []org.Step
		for i := 1; i <= pathSteps; i++ {
			typed := x.get("step" + strconv.Itoa(i))
			if typed == "" || x.get("default") != "" {
				continue
			}
			stage, role, _ := strings.Cut(typed, ":")
			role, post, _ := strings.Cut(role, ":")
			steps = append(steps, org.Step{Stage: org.Stage(stage), Role: org.Role(role), Post: org.PostID(post)})
		}
		if len(steps) == 0 && x.get("default") == "" {
			return "", fault.Field("step1", "Cần chọn ít nhất một bước, hoặc chọn theo quy trình chung.")
		}
		err := org.SetPath(x.tx, x.who, x.unit.ID, kind, steps)
		if r, ok := fault.Sentence(err); ok && r.Field == "steps" {
			err = fault.Field("step1", "%s", r.Say)
		}
		return "Đã đặt quy trình trình ký.", err
	}},
}

// pathFields offers the steps one below the other, filled with the path that holds now.
func pathFields(x *office) ([]input, error) {
	kind, label := x.r.Form.Get("id"), "mọi loại văn bản"
	if kind == anyPaper {
		kind = ""
	} else if label = paperNames()[kind]; label == "" {
		return nil, fault.NotFound
	}
	is, err := org.Path(x.tx, x.unit.ID, kind)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return nil, err
	}
	fields := []input{{Kind: note, Input: ui.Input{Label: "Quy trình cho: " + label + ". Chọn các bước theo thứ tự; để trống những ô không dùng."}},
		{Kind: tick, Input: ui.Input{Name: "default", Label: "Theo quy trình chung của tỉnh", Hint: "Bỏ quy trình riêng của đơn vị; các ô dưới đây không tính."}}}
	for i := range pathSteps {
		in := ui.Input{Name: "step" + strconv.Itoa(i+1), Label: fmt.Sprintf("Bước %d", i+1), Blank: "– không dùng –"}
		for _, st := range stageOrder {
			for _, role := range roleOrder {
				if role != org.Admin {
					in.Options = append(in.Options, ui.Option{Value: string(st) + ":" + string(role), Label: stageNames[st] + " – " + roleNames[role], Group: stageNames[st]})
				}
			}
		}
		if i < len(is) {
			in.Value = string(is[i].Stage) + ":" + string(is[i].Role)
			if is[i].Post != "" {
				in.Value += ":" + string(is[i].Post)
				in.Options = append(in.Options, ui.Option{Value: in.Value, Label: stepsText(x.n, x, is[i:i+1]), Group: "Đang đặt"})
			}
		}
		fields = append(fields, input{Kind: choice, Input: in})
	}
	return fields, nil
}
