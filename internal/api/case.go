package api

import (
	"errors"
	"mime"
	"net/http"
	"strconv"

	"lienthong/internal/audit"
	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/upload"
	"lienthong/internal/workday"
)

// page is the shape of every list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"con trỏ của trang sau; rỗng khi hết"`
}

// A Line is how an item of any list begins: the case it belongs to and when what is
// owed there is due.
type Line struct {
	ID    string `json:"id" doc:"mã hồ sơ"`
	Code  string `json:"code" doc:"mã theo dõi"`
	Title string `json:"title"`
	Lead  string `json:"lead" doc:"đơn vị chủ trì"`
	DueOn string `json:"due_on"`
	DueAt string `json:"due_at"`
	Fate  string `json:"fate"`
}

// lineOf joins a case with one of its duties; nil gives no date.
func lineOf(c *casefile.Case, d *duty.Duty) Line {
	l := Line{ID: string(c.ID), Code: c.Code, Title: c.Title, Lead: string(c.Lead)}
	if d != nil {
		l.DueOn, l.DueAt, l.Fate = d.DueOn.String(), instant(d.DueAt), string(d.Fate)
	}
	return l
}

// nearest is the duty that says how a case stands: the running one due first, else the
// one that ended last.
func nearest(all []*duty.Duty) (best *duty.Duty) {
	for _, d := range all {
		switch {
		case best == nil:
			best = d
		case d.EndedAt.IsZero() != best.EndedAt.IsZero():
			if d.EndedAt.IsZero() {
				best = d
			}
		case d.EndedAt.IsZero():
			if best.DueAt.IsZero() || !d.DueAt.IsZero() && d.DueAt.Before(best.DueAt) {
				best = d
			}
		case d.EndedAt.After(best.EndedAt):
			best = d
		}
	}
	return best
}

// petitionFull is a Petition with what was written on it, as far as the reader may see it.
type petitionFull struct {
	Petition
	Text      string         `json:"text"`
	Basis     string         `json:"basis,omitempty"`
	Tried     string         `json:"tried,omitempty"`
	Proposal  string         `json:"proposal,omitempty"`
	MetOn     string         `json:"met_on,omitempty"`
	Symbol    string         `json:"symbol,omitempty" doc:"số, ký hiệu văn bản của xã"`
	IssuedOn  string         `json:"issued_on,omitempty"`
	RaisedAt  string         `json:"raised_at,omitempty"`
	ArrivedAt string         `json:"arrived_at,omitempty" doc:"lúc đến cơ quan đầu tiên; hạn tính từ đây"`
	Hops      int64          `json:"hops" doc:"số lần chuyển đơn vị"`
	Contested bool           `json:"contested" doc:"chờ Văn phòng UBND tỉnh xác định cơ quan chủ trì"`
	Hole      string         `json:"hole,omitempty" doc:"quy chế chưa nêu cơ quan chủ trì lĩnh vực này"`
	Answers   []answerOut    `json:"answers"`
	Documents []documentLine `json:"documents"`
	Papers    []paperLine    `json:"papers"`
}

// answerOut is the answer of one round, as it was released.
type answerOut struct {
	Round      int64  `json:"round"`
	Unit       string `json:"unit"`
	Outcome    string `json:"outcome"`
	Text       string `json:"text"`
	Guidance   bool   `json:"guidance,omitempty"`
	Symbol     string `json:"symbol,omitempty"`
	IssuedOn   string `json:"issued_on,omitempty"`
	Signer     string `json:"signer"`
	Capacity   string `json:"capacity"`
	ReferredTo string `json:"referred_to,omitempty"`
	Competent  string `json:"competent,omitempty"`
	AnsweredAt string `json:"answered_at"`
	Settled    string `json:"settled" doc:"yes, no, hoặc rỗng khi xã chưa nói"`
	SettledAt  string `json:"settled_at,omitempty"`
}

// documentLine is a file on a case. Its bytes are asked for by the row's id, never by
// their hash.
type documentLine struct {
	ID        string `json:"id" doc:"tải về ở /api/v1/documents/{id}"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size" doc:"byte"`
	Scan      string `json:"scan" doc:"clean, waiting, infected hoặc unscanned"`
	Paper     string `json:"paper,omitempty"`
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

// eventItem is one line of a case's history.
type eventItem struct {
	Line
	N          int64             `json:"n"`
	Kind       string            `json:"kind"`
	Say        string            `json:"say" doc:"tên diễn biến"`
	By         actorOut          `json:"by"`
	OccurredAt string            `json:"occurred_at"`
	RecordedAt string            `json:"recorded_at"`
	Facts      map[string]string `json:"facts,omitempty"`
	Text       string            `json:"text,omitempty"`
	Redacted   bool              `json:"redacted,omitempty" doc:"nội dung đã niêm phong"`
	Leaf       string            `json:"leaf" doc:"hàm băm trong nhật ký"`
	Seq        *int64            `json:"seq" doc:"vị trí trong nhật ký; null khi chờ đóng dấu"`
}

// actorOut is who did something, in which post and capacity: as it was then, not as
// it is today.
type actorOut struct {
	Officer  string `json:"officer,omitempty"`
	Name     string `json:"name,omitempty"`
	Title    string `json:"title,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Section  string `json:"section,omitempty"`
	Capacity string `json:"capacity,omitempty"`
	System   string `json:"system,omitempty" doc:"phần của chương trình, khi không phải người làm"`
}

// longestHistory bounds what one page looks through; no case comes near it.
const longestHistory = 10_000

// history answers a case's events, oldest first. The cursor is the number of the last
// event shown: a history only grows at its end.
func (c *call) history() error {
	limit, err := c.limit()
	if err != nil {
		return err
	}
	after := int64(0)
	if cur := c.r.URL.Query().Get("cursor"); cur != "" {
		if after, err = strconv.ParseInt(cur, 10, 64); err != nil {
			return errCursor()
		}
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, head, err := c.theCase(tx, who)
		if err != nil {
			return nil, 0, err
		}
		all, err := casefile.History(tx, who, cf.ID, longestHistory)
		if err != nil {
			return nil, 0, err
		}
		for len(all) > 0 && all[0].N <= after {
			all = all[1:]
		}
		out := page[eventItem]{Items: []eventItem{}}
		if len(all) > limit {
			all = all[:limit]
			out.Next = strconv.FormatInt(all[limit-1].N, 10)
		}
		out.Items, err = c.events(tx, cf, head, all)
		return &out, 0, err
	})
}

func errCursor() error {
	return fault.Field("cursor", "Con trỏ trang không đúng; hãy dùng giá trị next của trang trước.")
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

// events puts the position in the log beside each event; one that waits has none yet.
func (c *call) events(tx *db.Tx, cf *casefile.Case, head Line, all []casefile.Event) ([]eventItem, error) {
	refs := make([]string, len(all))
	for i, e := range all {
		refs[i] = casefile.EntryRef(cf.ID, e.N)
	}
	at, err := audit.Positions(tx, refs)
	items := make([]eventItem, len(all))
	for i, e := range all {
		items[i] = eventItem{Line: head, N: e.N, Kind: e.Kind, Say: c.s.Events[e.Kind], By: actorOf(e.By), OccurredAt: instant(e.OccurredAt),
			RecordedAt: instant(e.RecordedAt), Facts: e.Facts, Text: e.Text, Redacted: e.Redacted, Leaf: e.Leaf.String()}
		if seq, ok := at[refs[i]]; ok {
			items[i].Seq = &seq
		}
	}
	return items, err
}

func actorOf(a org.Actor) actorOut {
	return actorOut{Officer: string(a.Officer), Name: a.Name, Title: a.Post.Title, Unit: string(a.Post.Unit), Section: string(a.Post.Section),
		Capacity: string(a.Capacity), System: a.System}
}

// dutyItem is one thing owed on a case, with every limit and how it was reckoned.
type dutyItem struct {
	Line
	Rule        string      `json:"rule"`
	Say         string      `json:"say" doc:"việc phải làm, bằng lời"`
	Owner       string      `json:"owner" doc:"đơn vị phải làm"`
	Officer     string      `json:"officer,omitempty"`
	Section     string      `json:"section,omitempty"`
	Counterpart string      `json:"counterpart,omitempty" doc:"làm cho đơn vị nào"`
	Round       int64       `json:"round"`
	Request     bool        `json:"request,omitempty" doc:"chỉ được đề nghị: không bị tính quá hạn"`
	From        string      `json:"from" doc:"thời điểm bắt đầu tính"`
	InnerOn     string      `json:"inner_on,omitempty" doc:"hạn nội bộ"`
	Missed      bool        `json:"missed" doc:"quá hạn chưa xong"`
	Late        bool        `json:"late" doc:"xong quá hạn"`
	EndedAt     string      `json:"ended_at,omitempty"`
	EndedWhy    string      `json:"ended_why,omitempty"`
	Limits      []limitOut  `json:"limits"`
	Changes     []changeOut `json:"changes,omitempty" doc:"tạm dừng, gia hạn, chuyển, tính lại"`
}

// limitOut is one limit of a duty with its clause and its reckoning, day by day. Where
// several stand, the earliest binds and all are shown.
type limitOut struct {
	Clause    string         `json:"clause,omitempty"`
	Basis     string         `json:"basis" doc:"căn cứ, bằng lời"`
	Limit     string         `json:"limit" doc:"7wd, 8wh, 15d, hoặc một ngày"`
	Binding   bool           `json:"binding" doc:"thời hạn đang ràng buộc"`
	DueOn     string         `json:"due_on"`
	DueAt     string         `json:"due_at"`
	Reckoning []workday.Step `json:"reckoning"`
	Notes     []string       `json:"notes,omitempty"`
}

// changeOut is what moved a due instant: what had been promised stays visible.
type changeOut struct {
	What   string `json:"what"`
	At     string `json:"at"`
	Clause string `json:"clause,omitempty"`
	Reason string `json:"reason"`
	By     string `json:"by"`
	OldDue string `json:"old_due_at"`
	NewDue string `json:"new_due_at"`
}

// duties answers everything owed on a case, ended ones too.
func (c *call) duties() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, err := casefile.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		all, err := duty.OfCase(tx, cf.ID)
		if err != nil {
			return nil, 0, err
		}
		out := page[dutyItem]{Items: []dutyItem{}}
		for _, d := range all {
			item, err := c.duty(tx, cf, d)
			if err != nil {
				return nil, 0, err
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

func (c *call) duty(tx *db.Tx, cf *casefile.Case, d *duty.Duty) (item dutyItem, err error) {
	item = dutyItem{Line: lineOf(cf, d), Rule: d.Rule, Say: c.s.Duties[d.Rule].Say, Owner: string(d.Owner), Officer: string(d.Officer),
		Section: string(d.Section), Counterpart: string(d.Counterpart), Round: d.Round, Request: d.Request, From: instant(d.From),
		InnerOn: d.InnerOn.String(), Missed: d.MissedAtNow(tx.Now), Late: d.Late(), EndedAt: instant(d.EndedAt), EndedWhy: d.EndedWhy, Limits: []limitOut{}}
	limits, _, err := duty.Explain(tx, d)
	if err != nil {
		return item, err
	}
	for _, l := range limits {
		steps := append([]workday.Step{}, l.Due.Reckoning...)
		item.Limits = append(item.Limits, limitOut{Clause: l.Clause, Basis: l.Basis, Limit: l.Text, Binding: l.Binding,
			DueOn: l.Due.On.String(), DueAt: instant(l.Due.At), Reckoning: steps, Notes: l.Due.Notes})
	}
	changes, err := duty.Changes(tx, d.Key)
	for _, x := range changes {
		item.Changes = append(item.Changes, changeOut{What: x.What, At: instant(x.At), Clause: x.Clause, Reason: x.Reason, By: x.By,
			OldDue: instant(x.Old), NewDue: instant(x.New)})
	}
	return item, err
}

// proofOut lets an outsider check that what he was shown stands in the signed log.
type proofOut struct {
	Case       string      `json:"case"`
	Key        string      `json:"key" doc:"khóa công khai của nhật ký"`
	Checkpoint string      `json:"checkpoint" doc:"điểm kiểm có chữ ký"`
	Items      []proofItem `json:"items"`
	Next       string      `json:"next"`
}

type proofItem struct {
	N    int64    `json:"n"`
	Ref  string   `json:"ref"`
	Leaf string   `json:"leaf"`
	Seq  *int64   `json:"seq" doc:"null khi chờ đóng dấu"`
	Path []string `json:"path,omitempty" doc:"đường từ lá đến gốc"`
}

// proof answers what an outsider needs beside the public key. Only events that the
// reader hears are in it: a leaf tells that something happened.
func (c *call) proof() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, err := casefile.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out := proofOut{Case: string(cf.ID), Items: []proofItem{}}
		if out.Key, err = audit.Verifier(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return nil, 0, err
		}
		if out.Checkpoint, err = audit.Checkpoint(tx); err != nil && !errors.Is(err, fault.NotFound) {
			return nil, 0, err
		}
		all, err := casefile.History(tx, who, cf.ID, longestHistory)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range all {
			item, err := proofOf(tx, cf.ID, e)
			if err != nil {
				return nil, 0, err
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

// proofOf gives an event's place in the log and its path to the signed root.
func proofOf(tx *db.Tx, id casefile.ID, e casefile.Event) (item proofItem, err error) {
	item = proofItem{N: e.N, Ref: casefile.EntryRef(id, e.N), Leaf: e.Leaf.String()}
	p, err := audit.Prove(tx, item.Ref)
	if errors.Is(err, fault.Conflict) { // it waits for its position
		return item, nil
	}
	if err != nil {
		return item, err
	}
	item.Seq = &p.Seq
	for _, h := range p.Path {
		item.Path = append(item.Path, h.String())
	}
	return item, nil
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
