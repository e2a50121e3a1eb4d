package petition

import (
	"errors"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The longest texts a form takes, in letters. They bound what one row may hold; no
// regulation states a length.
const (
	maxTitle = 300
	maxText  = 50_000
)

// check tidies the input and refuses what a form must not hold, naming field and rule.
func (in *Raise) check(tx *db.Tx) (rb *regulation.Rulebook, route regulation.Route, err error) {
	in.Title, in.Text = vntext.NFC(strings.TrimSpace(in.Title)), vntext.NFC(strings.TrimSpace(in.Text))
	in.Basis, in.Proposal = vntext.NFC(strings.TrimSpace(in.Basis)), vntext.NFC(strings.TrimSpace(in.Proposal))
	if err := in.checkTexts(); err != nil {
		return nil, route, err
	}
	if rb, err = regulation.Current(tx); err != nil {
		return nil, route, err
	}
	if in.Amend {
		if route, err = rb.ApplyAmend(tx); err != nil {
			return nil, route, err
		}
		in.Field = route.Field
	}
	rule, err := rb.Apply(tx, MustRaise, in.Unit, in.Field)
	if errors.Is(err, fault.NotFound) {
		err = fault.Field("field", "Quy chế không giao đơn vị này nêu kiến nghị ở lĩnh vực đã chọn.")
	}
	if err != nil {
		return nil, route, err
	}
	if in.Tried != nil {
		tried := vntext.NFC(strings.TrimSpace(*in.Tried))
		in.Tried = &tried
		if tried == "" && rule.Bool("tried") {
			return nil, route, &fault.Refusal{Kind: fault.Invalid, Field: "tried", Clause: string(rule.ClausesOf("tried")[0]),
				Say: "Hãy nêu xã, phường đã làm gì để tự giải quyết và vì sao vượt thẩm quyền (" + rb.Citation(rule.ClausesOf("tried")[0]) + ")."}
		}
	}
	if in.MetOn != "" {
		if err := checkMetOn(tx, in.MetOn); err != nil {
			return nil, route, err
		}
	}
	route, err = in.route(tx, rb)
	return rb, route, err
}

// route finds who gets it: a point of the regulation itself goes to whom its rule names,
// all else to the unit of its field; where no text has a list of fields, the sender says.
func (in *Raise) route(tx *db.Tx, rb *regulation.Rulebook) (route regulation.Route, err error) {
	listed, _ := rb.On(regulation.RouteKey)
	switch {
	case in.Amend:
		route, err = rb.ApplyAmend(tx)
	case listed && in.To != "":
		return route, fault.Field("to", "Nơi nhận theo lĩnh vực; hãy chọn lĩnh vực thay vì chọn đơn vị.")
	case listed:
		route, err = rb.ApplyRoute(tx, in.Field)
	default:
		route, err = in.addressed(tx, rb)
	}
	if err == nil && route.Unit == in.Unit {
		err = fault.Field("field", "Đơn vị anh/chị là nơi nhận kiến nghị này; không tự gửi cho mình.")
	}
	return route, err
}

// addressed checks the unit that the sender chose.
func (in *Raise) addressed(tx *db.Tx, rb *regulation.Rulebook) (route regulation.Route, err error) {
	if in.To == "" {
		return route, fault.Field("to", "Hãy chọn đơn vị nhận: quy chế không có danh mục lĩnh vực.")
	}
	if _, err := org.UnitOf(tx, in.To); errors.Is(err, fault.NotFound) {
		return route, fault.Field("to", "Không có đơn vị nào mang mã “%.60s”.", string(in.To))
	} else if err != nil {
		return route, err
	}
	if _, err := rb.Find(regulation.Question{Key: MustAnswer, At: tx.Now, Unit: in.To, Toward: in.Unit, Field: in.Field}); errors.Is(err, fault.NotFound) {
		return route, fault.Field("to", "Quy chế không giao đơn vị này trả lời kiến nghị của xã, phường.")
	} else if err != nil {
		return route, err
	}
	return regulation.Route{Unit: in.To}, nil
}

// What must be written and how long it may be; the words say what to do and not what is wrong with the
// form.
func (in *Raise) checkTexts() error {
	switch {
	case vntext.IsBlank(in.Title):
		return fault.Field("title", "Hãy ghi trích yếu: một câu nói rõ vướng mắc gì.")
	case len([]rune(in.Title)) > maxTitle:
		return fault.Field("title", "Trích yếu dài quá %d chữ; hãy để phần chi tiết vào nội dung.", maxTitle)
	case vntext.IsBlank(in.Text):
		return fault.Field("text", "Hãy ghi nội dung khó khăn, vướng mắc.")
	case in.Field == "" && in.To == "" && !in.Amend:
		return fault.Field("field", "Hãy chọn lĩnh vực để gửi đúng sở, ngành.")
	}
	texts := map[string]string{"text": in.Text, "basis": in.Basis, "proposal": in.Proposal}
	if in.Tried != nil {
		texts["tried"] = *in.Tried
	}
	for _, field := range []string{"text", "basis", "tried", "proposal"} {
		if err := checkText(field, texts[field]); err != nil {
			return err
		}
	}
	return checkText("title", in.Title)
}

// checkText refuses a text that is too long or that bears a mark of state secrecy.
func checkText(field, text string) error {
	if len([]rune(text)) > maxText {
		return fault.Field(field, "Nội dung dài quá %d chữ; hãy đưa phần dài vào tệp kèm theo.", maxText)
	}
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu độ mật “%s”. Tài liệu bí mật nhà nước không được đưa lên hệ thống này; hãy gửi theo đường văn bản mật.", mark)
	}
	return nil
}

// The day the difficulty was met: a day, and not one to come.
func checkMetOn(tx *db.Tx, s string) error {
	d, err := workday.ParseDate(s)
	if err != nil {
		return fault.Field("met_on", "Ngày gặp vướng mắc không đúng; hãy ghi theo mẫu ngày/tháng/năm.")
	}
	if d.After(workday.Of(tx.Now)) {
		return fault.Field("met_on", "Ngày gặp vướng mắc không thể sau hôm nay.")
	}
	return nil
}
