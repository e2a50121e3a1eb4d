package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// paperOut is a paper with its newest text and where it stands on its unit's path.
type paperOut struct {
	ID        string `json:"id"`
	Case      string `json:"case" doc:"hồ sơ của văn bản; với kiến nghị là mã của kiến nghị"`
	Kind      string `json:"kind" doc:"petition.raise, petition.answer hoặc petition.explanation"`
	Unit      string `json:"unit"`
	Section   string `json:"section,omitempty"`
	Title     string `json:"title" doc:"trích yếu"`
	State     string `json:"state" doc:"draft, review, sign, release, released hoặc dropped"`
	Where     string `json:"where" doc:"đang ở đâu, bằng lời"`
	Returned  bool   `json:"returned,omitempty" doc:"bị trả lại, chưa trình lại"`
	Path      []stop `json:"path" doc:"đường đi của văn bản trong đơn vị"`
	Version   int64  `json:"version" doc:"phiên bản nội dung, cũng là ETag"`
	DraftedBy string `json:"drafted_by"`
	Guidance  bool   `json:"guidance,omitempty"`

	Content Content `json:"content" doc:"nội dung mới nhất"`

	Capacity   string `json:"capacity,omitempty" doc:"thể thức đề ký"`
	Signer     string `json:"signer,omitempty"`
	SignerName string `json:"signer_name,omitempty"`
	Number     string `json:"number,omitempty"`
	Symbol     string `json:"symbol,omitempty" doc:"số, ký hiệu"`
	IssuedOn   string `json:"issued_on,omitempty"`
	SignedAt   string `json:"signed_at,omitempty"`
	ReleasedAt string `json:"released_at,omitempty"`
}

// stop is one step of a unit's path: whose turn it was, is, or will be.
type stop struct {
	Stage string `json:"stage" doc:"draft, review, sign hoặc release"`
	Say   string `json:"say"`
	Done  bool   `json:"done"`
	Now   bool   `json:"now"`
}

// Content holds what a paper of any kind here can say; a kind uses its own fields.
type Content struct {
	Text       string `json:"text,omitempty"`
	Basis      string `json:"basis,omitempty"`
	Field      string `json:"field,omitempty" doc:"văn bản kiến nghị: lĩnh vực"`
	Tried      string `json:"tried,omitempty" doc:"văn bản kiến nghị: xã đã làm gì"`
	Proposal   string `json:"proposal,omitempty" doc:"văn bản kiến nghị: đề xuất"`
	MetOn      string `json:"met_on,omitempty" doc:"văn bản kiến nghị: ngày gặp vướng mắc"`
	Outcome    string `json:"outcome,omitempty" doc:"văn bản trả lời: kết quả"`
	ReferredTo string `json:"referred_to,omitempty"`
	Competent  string `json:"competent,omitempty"`
	NextReport string `json:"next_report,omitempty"`
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
	known, ok := has[kind]
	if !ok {
		return "", fault.Refuse(fault.Conflict, "Loại văn bản này chưa sửa được qua giao diện lập trình.")
	}
	left := b.fields()
	for _, name := range known {
		delete(left, name)
	}
	for name, text := range left {
		if text != "" {
			return "", fault.Field(name, "Loại văn bản này không có trường %q.", name)
		}
	}
	raw, err := json.Marshal(b)
	return string(raw), err
}

// contentOf reads the slice's own form; members that only the slice uses are left out.
func contentOf(body string) (b Content) {
	if json.Unmarshal([]byte(body), &b) != nil {
		b = Content{Text: body} // a kind with another form: shown as it is
	}
	return b
}

// version is one text of a paper beside another.
type version struct {
	Version int64    `json:"version"`
	Title   string   `json:"title,omitempty"`
	Content *Content `json:"content,omitempty"`
}

func versionOf(v signoff.Version) version {
	out := version{Version: v.V, Title: v.Title}
	if v.Body != "" {
		b := contentOf(v.Body)
		out.Content = &b
	}
	return out
}

// paperDone is what every step of a paper answers, and what a repeat reads again.
func (c *call) paperDone(tx *db.Tx, x *signoff.Paper) (done, error) {
	out, err := paperFull(tx, x)
	return done{status: http.StatusOK, location: papersPath + string(x.ID), version: x.Version, body: &out}, err
}

func paperFull(tx *db.Tx, x *signoff.Paper) (out paperOut, err error) {
	text, err := x.Newest(tx)
	if err != nil {
		return out, err
	}
	out = paperOut{
		ID: string(x.ID), Case: string(x.Case), Kind: x.Kind, Unit: string(x.Unit), Section: string(x.Section), Title: x.Title,
		State: string(x.State), Where: x.Where(), Returned: x.Returned, Version: x.Version, DraftedBy: string(x.DraftedBy), Guidance: x.Guidance,
		Content: contentOf(text.Body), Capacity: string(x.Capacity), Signer: string(x.Signer), SignerName: x.SignerName,
		Number: x.Number, Symbol: x.Symbol, IssuedOn: x.IssuedOn.String(), SignedAt: instant(x.SignedAt), ReleasedAt: instant(x.ReleasedAt),
		Path: []stop{},
	}
	for _, s := range x.Way() {
		out.Path = append(out.Path, stop{Stage: string(s.Step.Stage), Say: s.Say, Done: s.Done, Now: s.Now})
	}
	return out, nil
}

func (c *call) getPaper() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		x, err := signoff.Get(tx, who, signoff.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := paperFull(tx, x)
		return &out, x.Version, err
	})
}

func (c *call) paperAgain(tx *db.Tx, who org.Actor, id string) (d done, err error) {
	x, err := signoff.Get(tx, who, signoff.ID(id))
	if err != nil {
		return d, err
	}
	return c.paperDone(tx, x)
}

// onPaper runs one step of a paper's way and answers where it stands then.
func (c *call) onPaper(fn func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, err := fn(tx, who, signoff.ID(c.id))
		if err != nil {
			return d, err
		}
		return c.paperDone(tx, x)
	})
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

// What most steps of a paper bring.
type stepIn struct {
	Comment string `json:"comment,omitempty" doc:"ý kiến"`
}

func (c *call) submit(in *stepIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Submit(tx, who, id, signoff.Step{Version: c.version, Comment: in.Comment})
	})
}

// recall takes a draft back before anybody acted on it.
func (c *call) recall(in *stepIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Recall(tx, who, id, signoff.Step{Version: c.version, Comment: in.Comment})
	})
}

// What a reviewer brings: a remark, or his own text.
type reviewIn struct {
	Comment string  `json:"comment,omitempty" doc:"ý kiến"`
	Edit    *editIn `json:"edit,omitempty" doc:"bản sửa của người xem; bản của người soạn vẫn được giữ"`
}

func (c *call) review(in *reviewIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		step := signoff.Step{Version: c.version, Comment: in.Comment}
		if in.Edit == nil {
			return c.s.Desk.Review(tx, who, id, step, nil)
		}
		e, err := in.Edit.edit(tx, who, id, c.version)
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Review(tx, who, id, step, &e)
	})
}

// What sends a paper back: the drafter has to know what to change.
type backIn struct {
	Reason string `json:"reason" doc:"lý do trả lại"`
}

func (c *call) sendBack(in *backIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.SendBack(tx, who, id, signoff.Step{Version: c.version, Comment: in.Reason})
	})
}

// What a leader signs with. Whether the capacity holds is checked at that instant.
type signIn struct {
	Capacity string `json:"capacity,omitempty" doc:"thể thức đề ký: TM., KT., TL., TUQ., Q.; bỏ trống là người đứng đầu ký"`
	Comment  string `json:"comment,omitempty"`
}

func (c *call) sign(in *signIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Sign(tx, who, id, signoff.Signature{Capacity: org.Capacity(in.Capacity), Version: c.version, Comment: in.Comment})
	})
}

// What the clerk releases with: nothing, for a number of the unit's own register.
type releaseIn struct {
	Capacity string `json:"capacity,omitempty" doc:"chỉ khi đường đi không có bước ký riêng"`
	Comment  string `json:"comment,omitempty"`
	Outer
}

func (c *call) release(in *releaseIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		outer, err := in.outer()
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Release(tx, who, id, signoff.Issue{Outer: outer, Capacity: org.Capacity(in.Capacity), Version: c.version, Comment: in.Comment})
	})
}

// papersOf lists the papers of a case that the actor may read, without their texts.
func papersOf(tx *db.Tx, who org.Actor, id casefile.ID) (all []paperLine, err error) {
	papers, err := signoff.OfCase(tx, who, id)
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	for _, x := range papers {
		all = append(all, paperLine{ID: string(x.ID), Kind: x.Kind, Unit: string(x.Unit), State: string(x.State), Where: x.Where(), Title: x.Title, Symbol: x.Symbol, Version: x.Version})
	}
	return all, nil
}

// paperLine is a paper in a list, without its text.
type paperLine struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Unit    string `json:"unit"`
	Title   string `json:"title"`
	State   string `json:"state"`
	Where   string `json:"where"`
	Symbol  string `json:"symbol,omitempty"`
	Version int64  `json:"version"`
}
