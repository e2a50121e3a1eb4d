package petition

import (
	"encoding/json"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/org"
)

// A draft of a petition is held to the same rules as the petition.
func checkRaise(tx *db.Tx, body string) error {
	var d raiseDraft
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return err
	}
	in := d.raise(org.UnitID(d.Unit), "V/v")
	in.Text = strings.TrimSpace(in.Text)
	if d.Unit == "" {
		return in.checkTexts()
	}
	_, _, err := in.check(tx)
	return err
}

// A draft of an answer is held to the same rules as the answer.
func checkAnswer(tx *db.Tx, body string) error {
	var in Reply
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	return in.check(tx)
}

// An explanation needs its words and nothing else.
func checkExplain(tx *db.Tx, body string) error {
	var in Reply
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	if err := checkText("basis", in.Basis); err != nil {
		return err
	}
	_, err := words(in.Text, "Hãy ghi nội dung giải trình.")
	return err
}

// A draft in words, for search and for those who review it.
func readRaise(body string) string {
	var d raiseDraft
	if json.Unmarshal([]byte(body), &d) != nil {
		return body // not ours to judge: shown as it is
	}
	return join("", d.Text, "Căn cứ: ", d.Basis, "Xã đã xử lý: ", d.Tried, "Đề xuất: ", d.Proposal)
}

// A drafted answer in words.
func readAnswer(body string) string {
	var in Reply
	if json.Unmarshal([]byte(body), &in) != nil {
		return body // not ours to judge: shown as it is
	}
	return join("", in.Text, "Căn cứ: ", in.Basis, "Đã kiến nghị: ", in.ReferredTo)
}

// join puts the parts that are there under their labels, a blank line between.
func join(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(pairs[i] + pairs[i+1])
	}
	return b.String()
}

// The text of a pointer; nil is nothing said.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
