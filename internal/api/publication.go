package api

import (
	"bytes"
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
)

// The addresses of lists of results: those that are made, and those that everybody reads.
const (
	publicationsPath = "/api/v1/publications/"
	publicPath       = "/api/v1/public/results"
)

// editionOut is a quarter that is public.
type editionOut struct {
	Quarter  string `json:"quarter" doc:"2026-Q3"`
	Title    string `json:"title"`
	Number   string `json:"number" doc:"văn bản công khai"`
	IssuedOn string `json:"issued_on"`
	Results  int64  `json:"results" doc:"số nhiệm vụ"`
}

// resultOut is a public result: it names no person.
type resultOut struct {
	N        int64  `json:"n"`
	Title    string `json:"title"`
	Lead     string `json:"lead"`
	LeadName string `json:"lead_name"`
	Document string `json:"document" doc:"văn bản giao"`
	DueOn    string `json:"due_on" doc:"rỗng: không nêu hạn"`
	DoneOn   string `json:"done_on"`
	Late     bool   `json:"late"`
	Result   string `json:"result" doc:"văn bản kết quả"`
}

// publicOut is the public list of a quarter.
type publicOut struct {
	editionOut
	Items []resultOut `json:"items"`
	Next  string      `json:"next"`
}

// madeOut is a line of a list that is being made.
type madeOut struct {
	resultOut
	Withheld bool `json:"withheld" doc:"không công khai"`
	Sealed   bool `json:"sealed" doc:"hồ sơ đã niêm phong: không công khai"`
}

// publicationOut is a list that is made, signed and released.
type publicationOut struct {
	ID       string    `json:"id"`
	Code     string    `json:"code"`
	Quarter  string    `json:"quarter"`
	Title    string    `json:"title"`
	State    string    `json:"state" doc:"preparing, released hoặc withdrawn"`
	Paper    string    `json:"paper" doc:"văn bản đang trình ký hoặc đã phát hành"`
	Number   string    `json:"number"`
	Released string    `json:"released_at"`
	Lines    []madeOut `json:"lines"`
	Version  int64     `json:"version"`
}

type quarterIn struct {
	Quarter string `json:"quarter" doc:"2026-Q3; quý đã qua"`
}

type withholdIn struct {
	N        int64  `json:"n"`
	Withheld bool   `json:"withheld"`
	Reason   string `json:"reason,omitempty" doc:"bắt buộc khi không công khai"`
}

type noteIn struct {
	Note string `json:"note,omitempty"`
}

// publishing are the routes of public results.
func (s *Server) publishing() []route {
	format := filter.Choice("format", "Định dạng", filter.Option{Value: "json"}, filter.Option{Value: "xlsx"}, filter.Option{Value: "csv"}).Saying("mặc định json")
	all := []route{
		list("/api/v1/publications", "publications", "Danh sách kết quả theo quý đang lập và đã công khai.", page[publicationOut]{}, (*call).publications),
		act[quarterIn]("POST", "/api/v1/publications", "beginPublication", "Lập danh sách kết quả được công nhận trong một quý.", (*call).beginPublication).makes(publicationOut{}),
		look(publicationsPath+"{id}", "getPublication", "Xem một danh sách, kể cả dòng không công khai.", publicationOut{}, (*call).getPublication),
		act[withholdIn]("POST", publicationsPath+"{id}/withhold", "withholdResult", "Không công khai một dòng, có lý do; hoặc công khai lại.", (*call).withholdResult).gives(publicationOut{}),
		act[noteIn]("POST", publicationsPath+"{id}/drafts", "draftPublication", "Soạn văn bản công khai; phát hành là công khai.", (*call).draftPublication).makes(paperOut{}),
		act[reasonIn]("POST", publicationsPath+"{id}/withdraw", "withdrawPublication", "Rút danh sách đã công khai, có lý do.", (*call).withdrawPublication).gives(publicationOut{}),
		list(publicPath, "publicResults", "Các quý đã công khai kết quả; không cần mã truy cập.", page[editionOut]{}, (*call).publicResults),
		list(publicPath+"/{quarter}", "publicQuarter", "Kết quả công khai của một quý; không cần mã truy cập.", publicOut{}, (*call).publicQuarter, format),
	}
	for i := range all {
		all[i].tag = tagDirective
		all[i].open = i >= len(all)-2
	}
	return all
}

func editionOf(e tracker.Edition) editionOut {
	return editionOut{e.Quarter.String(), "Kết quả thực hiện nhiệm vụ " + e.Quarter.Say(), e.Number, dayText(e.IssuedOn), e.Results}
}

func resultOf(n int64, l *tracker.PublicLine) resultOut {
	return resultOut{n, l.Title, string(l.Lead), l.LeadName, l.Document, dayText(l.DueOn), dayText(l.DoneOn), l.Late, l.Number}
}

// anybody reads without an officer, within the limit of requests that an address has.
func (c *call) anybody(fn func(tx *db.Tx) error) error {
	if err := c.limitAddress(); err != nil {
		return err
	}
	return c.s.DB.View(c.ctx, fn)
}

// publicResults lists the quarters that are public.
func (c *call) publicResults() error {
	out := page[editionOut]{Items: []editionOut{}}
	err := c.anybody(func(tx *db.Tx) error {
		all, err := tracker.Editions(tx)
		out.Items = out.Items[:0]
		for _, e := range all {
			out.Items = append(out.Items, editionOf(e))
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, 0, &out)
}

// publicQuarter is one quarter, as JSON, a spreadsheet or CSV.
func (c *call) publicQuarter() error {
	quarter, err := tracker.ParseQuarter(c.r.PathValue("quarter"))
	if err != nil {
		return err
	}
	var e tracker.Edition
	var all []tracker.PublicLine
	if err := c.anybody(func(tx *db.Tx) (err error) {
		e, all, err = tracker.Public(tx, quarter)
		return err
	}); err != nil {
		return err
	}
	var b bytes.Buffer
	switch c.q.Get("format") {
	case "", "json":
		out := publicOut{editionOut: editionOf(e), Items: []resultOut{}}
		for i := range all {
			out.Items = append(out.Items, resultOf(int64(i+1), &all[i]))
		}
		return c.answer(http.StatusOK, 0, &out)
	case "xlsx":
		if err := e.WriteSheet(&b, all); err != nil {
			return err
		}
		c.sendFile(e.FileName()+".xlsx", sheet.MediaType, b.Bytes())
	case "csv":
		if err := e.WriteCSV(&b, all); err != nil {
			return err
		}
		c.sendFile(e.FileName()+".csv", tracker.CSVType, b.Bytes())
	default:
		return fault.Field("format", "Định dạng là xlsx hoặc csv, hoặc bỏ trống.")
	}
	return nil
}

// publicationFull is a list as whoever makes it sees it.
func publicationFull(tx *db.Tx, p *tracker.Publication, version int64) (out publicationOut, err error) {
	out = publicationOut{ID: string(p.ID), Code: p.Code, Quarter: p.Quarter.String(), Title: p.Title, State: p.State, Paper: string(p.PaperID), Number: p.Number,
		Released: instant(p.ReleasedAt), Lines: []madeOut{}, Version: version}
	lines, err := p.Lines(tx)
	for i := range lines {
		out.Lines = append(out.Lines, madeOut{resultOf(lines[i].N, &lines[i]), lines[i].Withheld, lines[i].Sealed})
	}
	return out, err
}

// publications lists what the caller's unit makes.
func (c *call) publications() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := tracker.Publications(tx, who)
		out := page[publicationOut]{Items: []publicationOut{}}
		for _, p := range all {
			item, err := publicationFull(tx, p, p.Version)
			if err != nil {
				return nil, 0, err
			}
			item.Lines = []madeOut{} // a list of lists: each is read at its own address
			out.Items = append(out.Items, item)
		}
		return &out, 0, err
	})
}

func (c *call) getPublication() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		p, err := tracker.GetPublication(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := publicationFull(tx, p, p.Version)
		return &out, p.Version, err
	})
}

func (c *call) publicationAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	p, err := tracker.GetPublication(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return publicationDone(tx, p, p.Version)
}

func publicationDone(tx *db.Tx, p *tracker.Publication, version int64) (done, error) {
	out, err := publicationFull(tx, p, version)
	return done{location: publicationsPath + string(p.ID), version: version, body: &out}, err
}

func (c *call) beginPublication(in *quarterIn) error {
	quarter, err := tracker.ParseQuarter(in.Quarter)
	if err != nil {
		return err
	}
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := tracker.Begin(tx, who, quarter)
		if err != nil {
			return d, err
		}
		d, err = publicationDone(tx, p, p.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

func (c *call) withholdResult(in *withholdIn) error {
	return c.onPublication(func(tx *db.Tx, who org.Actor, id casefile.ID) (*tracker.Publication, error) {
		return tracker.Withhold(tx, who, id, in.N, in.Withheld, in.Reason, c.version)
	})
}

func (c *call) withdrawPublication(in *reasonIn) error {
	return c.onPublication(func(tx *db.Tx, who org.Actor, id casefile.ID) (*tracker.Publication, error) {
		return tracker.Withdraw(tx, who, id, in.Reason, c.version)
	})
}

// onPublication runs an operation on the list of the address and answers how it stands then.
func (c *call) onPublication(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*tracker.Publication, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return publicationDone(tx, p, p.Version+1)
	})
}

func (c *call) draftPublication(in *noteIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		var x *signoff.Paper
		if x, err = tracker.DraftPublication(tx, c.s.Desk, who, casefile.ID(c.id), in.Note); err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}
