package petition

import (
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
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
	rule, err := rb.Apply(tx, MustRaise, in.Unit, in.Field)
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
	route, err = rb.ApplyRoute(tx, in.Field)
	return rb, route, err
}

func (in *Raise) checkTexts() error {
	switch {
	case vntext.IsBlank(in.Title):
		return fault.Field("title", "Hãy ghi trích yếu: một câu nói rõ vướng mắc gì.")
	case len([]rune(in.Title)) > maxTitle:
		return fault.Field("title", "Trích yếu dài quá %d chữ; hãy để phần chi tiết vào nội dung.", maxTitle)
	case vntext.IsBlank(in.Text):
		return fault.Field("text", "Hãy ghi nội dung khó khăn, vướng mắc.")
	case in.Field == "":
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
