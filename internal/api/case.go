package api

import (
	"mime"
	"net/http"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/upload"
)

// petitionFull is a Petition with what was written on it, as far as the reader may see it.
type petitionFull struct {
	Petition
	Text      string         `json:"text"` // "" once sealed
	Basis     string         `json:"basis,omitempty"`
	Tried     string         `json:"tried,omitempty"` // what the commune tried by itself
	Proposal  string         `json:"proposal,omitempty"`
	MetOn     string         `json:"met_on,omitempty"` // the day the difficulty was met, 2026-02-10
	Symbol    string         `json:"symbol,omitempty" doc:"số, ký hiệu văn bản của xã"`
	IssuedOn  string         `json:"issued_on,omitempty"` // of the commune's paper
	RaisedAt  string         `json:"raised_at,omitempty"` // instant with the office's offset
	ArrivedAt string         `json:"arrived_at,omitempty" doc:"lúc đến cơ quan đầu tiên; hạn tính từ đây"`
	Hops      int64          `json:"hops" doc:"số lần chuyển đơn vị"`
	Contested bool           `json:"contested" doc:"chờ Văn phòng UBND tỉnh xác định cơ quan chủ trì"`
	Hole      string         `json:"hole,omitempty" doc:"quy chế chưa nêu cơ quan chủ trì lĩnh vực này"`
	Shares    []shareOut     `json:"shares" doc:"mỗi đơn vị đã giữ kiến nghị bao lâu; đơn vị đang giữ ở cuối"`
	Answers   []answerOut    `json:"answers"` // one a round, oldest first
	Documents []documentLine `json:"documents"`
	Papers    []paperLine    `json:"papers"` // only those on whose way the caller is
}

// shareOut is one unit's share of the time of a petition.
type shareOut struct {
	Unit        string `json:"unit"` // who had it
	From        string `json:"from"` // instant
	To          string `json:"to,omitempty" doc:"rỗng khi còn đang giữ"`
	WorkingDays int    `json:"working_days" doc:"ngày làm việc sau ngày nhận"`
	Next        string `json:"next,omitempty" doc:"đã chuyển đến"`
	Reason      string `json:"reason,omitempty" doc:"lý do chuyển"`
}

// answerOut is the answer of one round, as it was released.
type answerOut struct {
	Round      int64  `json:"round"` // 1 for the first
	Unit       string `json:"unit"`
	Outcome    string `json:"outcome"` // answered is not resolved: see the glossary
	Text       string `json:"text"`
	Guidance   bool   `json:"guidance,omitempty"` // guidance has a signer and no number
	Symbol     string `json:"symbol,omitempty"`
	IssuedOn   string `json:"issued_on,omitempty"`
	Signer     string `json:"signer"`
	Capacity   string `json:"capacity"`              // TM., KT., TL., TUQ., Q. or "" for his own
	ReferredTo string `json:"referred_to,omitempty"` // whom the unit proposed it to, when it is beyond it
	Competent  string `json:"competent,omitempty"`   // who is competent, when the unit is not
	AnsweredAt string `json:"answered_at"`           // the instant of release
	Settled    string `json:"settled" doc:"yes, no, hoặc rỗng khi xã chưa nói"`
	SettledAt  string `json:"settled_at,omitempty"` // when the commune said so; "" before
}

// documentLine is a file on a case. Its bytes are asked for by the row's id, never by
// their hash.
type documentLine struct {
	ID        string `json:"id" doc:"tải về ở /api/v1/documents/{id}"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"` // found by looking inside, never what the sender said
	Size      int64  `json:"size" doc:"byte"`
	Scan      string `json:"scan" doc:"clean, waiting, infected hoặc unscanned"`
	Paper     string `json:"paper,omitempty"` // the paper it hangs on
	AddedAt   string `json:"added_at"`
}

// getPetition answers one petition with everything on it that the reader may see.
func (c *call) getPetition() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		out, err := c.fullPetition(tx, who, casefile.ID(c.id))
		return &out, out.Version, err
	})
}

// fullPetition costs a handful of reads: it is asked for by people who look, not in loops.
func (c *call) fullPetition(tx *db.Tx, who org.Actor, id casefile.ID) (out petitionFull, err error) {
	p, err := petition.Get(tx, who, id)
	if err != nil {
		return out, err
	}
	if out.Petition, err = petitionLine(tx, p, p.Version); err != nil {
		return out, err
	}
	b, err := petition.BodyOf(tx, p)
	if err != nil {
		return out, err
	}
	out.Text, out.Basis, out.Tried, out.Proposal = b.Text, b.Basis, b.Tried, b.Proposal
	out.MetOn, out.Symbol, out.IssuedOn = p.MetOn, p.Symbol, p.IssuedOn
	out.RaisedAt, out.ArrivedAt = instant(p.RaisedAt), instant(p.ArrivedAt)
	out.Hops, out.Contested, out.Hole = p.Hops, p.Contested, p.Hole
	if out.Shares, err = sharesOf(tx, p); err != nil {
		return out, err
	}
	if out.Answers, err = answersOf(tx, id); err != nil {
		return out, err
	}
	if out.Documents, err = documentsOf(tx, who, id); err != nil {
		return out, err
	}
	papers, err := papersOf(tx, who, id)
	out.Papers = append([]paperLine{}, papers...)
	return out, err
}

// How long each unit had the petition, in working days: the total is the commune's wait, the parts are
// each unit's own.
func sharesOf(tx *db.Tx, p *petition.Petition) ([]shareOut, error) {
	hops, err := petition.Hops(tx, p)
	all := make([]shareOut, 0, len(hops))
	for _, h := range hops {
		all = append(all, shareOut{Unit: string(h.Unit), From: instant(h.From), To: instant(h.To), WorkingDays: h.WorkingDays, Next: string(h.Next), Reason: h.Reason})
	}
	return all, err
}

// The answers of all rounds with their texts; the event keeps the text, so that a sealed one is gone here
// too.
func answersOf(tx *db.Tx, id casefile.ID) ([]answerOut, error) {
	answers, err := petition.Answers(tx, id)
	if err != nil {
		return nil, err
	}
	all := make([]answerOut, 0, len(answers))
	for _, a := range answers {
		text, err := casefile.EventText(tx, id, a.EventN) // its audience is the parties
		if err != nil {
			return nil, err
		}
		all = append(all, answerOut{Round: a.Round, Unit: string(a.Unit), Outcome: string(a.Outcome), Text: text, Guidance: a.Guidance,
			Symbol: a.Symbol, IssuedOn: a.IssuedOn, Signer: string(a.Signer), Capacity: string(a.Capacity), ReferredTo: a.ReferredTo,
			Competent: string(a.Competent), AnsweredAt: instant(a.AnsweredAt), Settled: a.Settled, SettledAt: instant(a.SettledAt)})
	}
	return all, nil
}

// The files the caller may have; sealed ones are left out as if they had never been.
func documentsOf(tx *db.Tx, who org.Actor, id casefile.ID) ([]documentLine, error) {
	rows, err := casefile.Documents(tx, who, id)
	all := make([]documentLine, 0, len(rows))
	for _, d := range rows {
		if !d.Sealed {
			all = append(all, documentLine{ID: d.ID, Name: d.Name, MediaType: d.MediaType, Size: d.Size, Scan: d.Scan, Paper: d.PaperID, AddedAt: instant(d.AddedAt)})
		}
	}
	return all, err
}

// theCase is the case of the path with the line that its lists begin with.
func (c *call) theCase(tx *db.Tx, who org.Actor) (*casefile.Case, Line, error) {
	cf, err := casefile.Get(tx, who, casefile.ID(c.id))
	if err != nil {
		return nil, Line{}, err
	}
	all, err := duty.OfCase(tx, cf.ID)
	return cf, lineOf(cf, nearest(all)), err
}

// document hands out the bytes of one file, to be saved and never to be shown.
func (c *call) document() error {
	var d casefile.Document
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		d, err = casefile.GetDocument(tx, who, c.id)
		return err
	})
	switch {
	case err != nil:
		return err
	case d.Sealed:
		return fault.NotFound
	case d.Scan == upload.Infected:
		return fault.Refuse(fault.Denied, "Tệp này có mã độc nên không tải về được.")
	case d.Scan == upload.Waiting:
		return fault.Refuse(fault.Denied, "Tệp này đang chờ quét mã độc; hãy thử lại sau ít phút.")
	}
	f, err := c.s.Blob.Open(blob.Hash(d.Hash))
	if err != nil {
		return err
	}
	defer f.Close()
	h := c.w.Header()
	h.Set("Content-Type", d.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": upload.Name(d.Name)}))
	http.ServeContent(c.w, c.r, "", d.AddedAt, f)
	return nil
}
