package api

import (
	"fmt"
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
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
	DraftedBy string `json:"drafted_by"`         // officer id
	Guidance  bool   `json:"guidance,omitempty"` // then no number is given

	Content Content        `json:"content" doc:"nội dung mới nhất"`
	Files   []documentLine `json:"files" doc:"tệp kèm theo"`

	Capacity   string `json:"capacity,omitempty" doc:"thể thức đề ký"`
	Signer     string `json:"signer,omitempty"`
	SignerName string `json:"signer_name,omitempty"` // as it was on the day of signing
	Number     string `json:"number,omitempty"`      // "" until released
	Symbol     string `json:"symbol,omitempty" doc:"số, ký hiệu"`
	IssuedOn   string `json:"issued_on,omitempty"` // by the office's calendar, 2026-03-02
	SignedAt   string `json:"signed_at,omitempty"`
	SignedOn   string `json:"signed_on,omitempty" doc:"ngày ký ghi trên bản giấy; rỗng khi ký trên hệ thống"`
	RecordedBy string `json:"recorded_by,omitempty" doc:"văn thư đã ghi nhận bản ký giấy"`
	ReleasedAt string `json:"released_at,omitempty"`
}

// stop is one step of a unit's path: whose turn it was, is, or will be.
type stop struct {
	Stage string `json:"stage" doc:"draft, review, sign hoặc release"`
	Say   string `json:"say"`  // "Trưởng phòng cho ý kiến"
	Done  bool   `json:"done"` // behind it
	Now   bool   `json:"now"`  // where it waits
}

// version is one text of a paper beside another.
type version struct {
	Version int64    `json:"version"` // 1 for the first draft
	Title   string   `json:"title,omitempty"`
	Content *Content `json:"content,omitempty"` // absent once sealed
}

// One older version of a paper; sealed or released text is gone with its body.
func versionOf(v signoff.Version) version {
	out := version{Version: v.V, Title: v.Title}
	if v.Body != "" {
		b := contentOf(v.Body)
		out.Content = &b
	}
	return out
}

// paperDone is what every step of a paper answers, and what a repeat reads again.
func (c *call) paperDone(tx *db.Tx, who org.Actor, x *signoff.Paper) (done, error) {
	out, err := paperFull(tx, who, x)
	return done{status: http.StatusOK, location: papersPath + string(x.ID), version: x.Version, body: &out}, err
}

// A paper with its newest text and where it stands on its way.
func paperFull(tx *db.Tx, who org.Actor, x *signoff.Paper) (out paperOut, err error) {
	text, err := x.Newest(tx)
	if err != nil {
		return out, err
	}
	out = paperOut{
		ID: string(x.ID), Case: string(x.Case), Kind: x.Kind, Unit: string(x.Unit), Section: string(x.Section), Title: x.Title,
		State: string(x.State), Where: x.Where(), Returned: x.Returned, Version: x.Version, DraftedBy: string(x.DraftedBy), Guidance: x.Guidance,
		Content: contentOf(text.Body), Capacity: string(x.Capacity), Signer: string(x.Signer), SignerName: x.SignerName,
		Number: x.Number, Symbol: x.Symbol, IssuedOn: x.IssuedOn.String(), SignedAt: instant(x.SignedAt), ReleasedAt: instant(x.ReleasedAt),
		SignedOn: x.SignedOn.String(), RecordedBy: string(x.RecordedBy),
		Path: []stop{}, Files: []documentLine{},
	}
	files, err := documentsOf(tx, who, x.Case)
	if err != nil {
		return out, err
	}
	for _, f := range files {
		if f.Paper == out.ID {
			out.Files = append(out.Files, f)
		}
	}
	for _, s := range x.Way() {
		out.Path = append(out.Path, stop{Stage: string(s.Step.Stage), Say: s.Say, Done: s.Done, Now: s.Now})
	}
	return out, nil
}

// One paper, for those who may see it on its way.
func (c *call) getPaper() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		x, err := signoff.Get(tx, who, signoff.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := paperFull(tx, who, x)
		return &out, x.Version, err
	})
}

// The paper as it stands after an act: what a GET would give.
func (c *call) paperAgain(tx *db.Tx, who org.Actor, id string) (d done, err error) {
	x, err := signoff.Get(tx, who, signoff.ID(id))
	if err != nil {
		return d, err
	}
	return c.paperDone(tx, who, x)
}

// onPaper runs one step of a paper's way and answers where it stands then.
func (c *call) onPaper(fn func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		x, err := fn(tx, who, signoff.ID(c.id))
		if err != nil {
			return d, err
		}
		return c.paperDone(tx, who, x)
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
	Where   string `json:"where"` // "chờ ký", as the page says
	Symbol  string `json:"symbol,omitempty"`
	Version int64  `json:"version"`
}
