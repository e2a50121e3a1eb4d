package api

import (
	"encoding/json"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// Content holds what a paper of any kind here can say; a kind uses its own fields.
type Content struct {
	Text       string `json:"text,omitempty"` // the answer itself
	Basis      string `json:"basis,omitempty"`
	Field      string `json:"field,omitempty" doc:"văn bản kiến nghị: lĩnh vực"`
	Tried      string `json:"tried,omitempty" doc:"văn bản kiến nghị: xã đã làm gì"`
	Proposal   string `json:"proposal,omitempty" doc:"văn bản kiến nghị: đề xuất"`
	MetOn      string `json:"met_on,omitempty" doc:"văn bản kiến nghị: ngày gặp vướng mắc"`
	Outcome    string `json:"outcome,omitempty" doc:"văn bản trả lời: kết quả"`
	ReferredTo string `json:"referred_to,omitempty"`
	Competent  string `json:"competent,omitempty"`
	NextReport string `json:"next_report,omitempty"` // a day, or "" for none named
}

// fields are the parts of a body by their name, for what a kind does not have.
func (b *Content) fields() map[string]string {
	return map[string]string{"field": b.Field, "tried": b.Tried, "proposal": b.Proposal, "met_on": b.MetOn,
		"outcome": b.Outcome, "referred_to": b.ReferredTo, "competent": b.Competent, "next_report": b.NextReport}
}

// has names the parts that the papers of each kind have beside text and basis.
var has = map[string][]string{
	petition.PaperRaise:   {"field", "tried", "proposal", "met_on"},
	petition.PaperAnswer:  {"outcome", "referred_to", "competent", "next_report"},
	petition.PaperExplain: {},
}

// form writes a body in the slice's own form, which has the same words, and refuses
// what a paper of the kind does not have.
func (b *Content) form(kind string) (string, error) {
	left := b.fields()
	for _, name := range has[kind] {
		delete(left, name)
	}
	if _, ok := has[kind]; !ok {
		left["basis"] = b.Basis
	}
	for name, text := range left {
		if text != "" {
			return "", fault.Field(name, "Loại văn bản này không có trường %q.", name)
		}
	}
	raw, err := json.Marshal(b)
	return string(raw), err
}

// plain writes the text of a kind that has nothing else into its own form, where all else
// that the slice keeps there stays.
func (b *Content) plain(tx *db.Tx, x *signoff.Paper) (string, error) {
	if _, err := b.form(x.Kind); err != nil {
		return "", err
	}
	v, err := x.Newest(tx)
	if err != nil {
		return "", err
	}
	return signoff.WithText(v.Body, b.Text)
}

// contentOf reads the slice's own form; members that only the slice uses are left out.
func contentOf(body string) (b Content) {
	if json.Unmarshal([]byte(body), &b) != nil {
		b = Content{Text: body} // a kind with another form: shown as it is
	}
	return b
}

// What a draft is replaced with. A part that is left out is empty then; the title stays.
type editIn struct {
	Title string `json:"title,omitempty" doc:"trích yếu; bỏ trống là giữ nguyên"`
	Note  string `json:"note,omitempty" doc:"sửa gì, vài chữ"`
	Content
	Guidance bool `json:"guidance,omitempty" doc:"hướng dẫn nghiệp vụ, không phải văn bản"`
}

// edit makes the desk's edit of a paper that the actor may read.
func (in *editIn) edit(tx *db.Tx, who org.Actor, id signoff.ID, seen int64) (e signoff.Edit, err error) {
	x, err := signoff.Get(tx, who, id)
	if err != nil {
		return e, err
	}
	e = signoff.Edit{Title: in.Title, Guidance: in.Guidance, Note: in.Note, Version: seen}
	if e.Title == "" {
		e.Title = x.Title
	}
	if x.Kind == petition.PaperAnswer { // its own form also says what the paper is
		raw, err := json.Marshal(struct {
			Content
			Guidance bool `json:"guidance,omitempty"`
		}{in.Content, in.Guidance})
		if err != nil {
			return e, err
		}
		e.Body = string(raw)
		_, err = in.form(x.Kind)
		return e, err
	}
	if _, ok := has[x.Kind]; !ok {
		e.Body, err = in.plain(tx, x)
		return e, err
	}
	e.Body, err = in.form(x.Kind)
	return e, err
}

// revise writes a new version; the old one is kept beside it.
func (c *call) revise(in *editIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		e, err := in.edit(tx, who, id, c.version)
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Revise(tx, who, id, e)
	})
}

// What changes the files of a draft. Replacing one is removing it and attaching another.
type filesIn struct {
	Attachments []string `json:"attachments,omitempty" doc:"mã của các tệp đã tải lên, để kèm thêm"`
	Remove      []string `json:"remove,omitempty" doc:"mã của các tệp đang kèm (files của văn bản), để bỏ"`
	Note        string   `json:"note,omitempty" doc:"sửa gì, vài chữ"`
}

// refile takes files off a draft and adds others; the text stays.
func (c *call) refile(in *filesIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		add, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Enclose(tx, who, id, signoff.Files{Add: add, Remove: in.Remove}, in.Note, c.version)
	})
}
