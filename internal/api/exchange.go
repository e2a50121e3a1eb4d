package api

import (
	"net/http"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

const (
	exchangePath = "/api/v1/exchange/documents/"
	tagExchange  = "Văn bản liên thông"
)

// exchanging are the routes of documents that went through the document system.
func (s *Server) exchanging() []route {
	return append(s.exchangingUnits(), []route{
		list("/api/v1/exchange/documents", "exchangeDocuments", "Văn bản đến qua hệ thống quản lý văn bản, theo tình trạng.", page[exchangeOut]{}, (*call).exchangeList,
			slices.Concat(exchange.Conditions, byPage)...).of(tagExchange),
		look(exchangePath+"{id}", "exchangeDocument", "Xem một văn bản đến qua hệ thống quản lý văn bản.", exchangeOut{}, (*call).exchangeGet).of(tagExchange),
		act[joinIn]("POST", exchangePath+"{id}/join", "joinDocument", "Gắn văn bản đang chờ đối chiếu vào một việc, như trả lời hoặc văn bản kèm theo.", (*call).joinDocument).gives(exchangeOut{}).of(tagExchange),
		act[openIn]("POST", exchangePath+"{id}/open", "openFromDocument", "Mở kiến nghị từ văn bản của xã, phường đang chờ đối chiếu.", (*call).openFromDocument).gives(exchangeOut{}).of(tagExchange),
		act[reasonIn]("POST", exchangePath+"{id}/aside", "setDocumentAside", "Để văn bản ra ngoài, có lý do.", (*call).setAside).gives(exchangeOut{}).of(tagExchange),
		act[noneIn]("POST", exchangePath+"{id}/note", "noteDocument", "Ghi nhận đã biết một văn bản bị từ chối vì có dấu mật.", (*call).noteDocument).gives(exchangeOut{}).of(tagExchange),
		list("/api/v1/cases/{id}/sent", "sentPapers", "Văn bản của hồ sơ đã gửi qua hệ thống quản lý văn bản, và phản hồi của nơi nhận.", page[sentOut]{}, (*call).sentPapers).of(tagExchange),
	}...)
}

// exchangeOut is one document; of a secret one only number, day and issuer are there.
type exchangeOut struct {
	ID         string `json:"id"`
	State      string `json:"state" doc:"waiting, joined, opened, aside hoặc secret"`
	WaitsFor   string `json:"waits_for,omitempty" doc:"vì sao chờ: issuer, kind, field, case, many, changed hoặc refused"`
	Issuer     string `json:"issuer,omitempty" doc:"đơn vị ban hành; bỏ trống khi mã định danh chưa có trong danh mục"`
	IssuerCode string `json:"issuer_code,omitempty"` // as the packet has it
	IssuerName string `json:"issuer_name,omitempty"` // also from the packet: a claim
	Addressee  string `json:"addressee,omitempty"`
	Number     string `json:"number" doc:"số, ký hiệu"`
	IssuedOn   string `json:"issued_on"` // 2026-03-02
	Title      string `json:"title,omitempty" doc:"trích yếu"`
	Text       string `json:"text,omitempty"`
	ArrivedAt  string `json:"arrived_at"` // the instant that counts for limits
	Way        string `json:"way" doc:"edxml hoặc xlsx"`
	Case       string `json:"case,omitempty" doc:"hồ sơ đã gắn hoặc đã mở"`
	Signed     bool   `json:"signed" doc:"gói tin có chữ ký số; ở đây không kiểm"`
	Repeats    string `json:"repeats,omitempty" doc:"văn bản đến trước cùng số, ký hiệu, ngày, cơ quan ban hành, có lời văn hoặc tệp khác"`
	// of a document that repeats another, when it is looked at alone
	Differs []string `json:"differs,omitempty" doc:"khác ở đâu: subject, content, files hoặc secret"`
	Version int64    `json:"version"` // for If-Match
}

// A document that came over the connection. IssuerCode and IssuerName are what the packet said, Issuer the
// unit we know it as.
func exchangeOf(d exchange.Document) exchangeOut {
	return exchangeOut{ID: string(d.ID), State: d.State, WaitsFor: d.WaitsFor, Issuer: string(d.Issuer), IssuerCode: d.IssuerCode, IssuerName: d.IssuerName,
		Addressee: string(d.Addressee), Number: d.Symbol, IssuedOn: d.IssuedOn.String(), Title: d.Subject, Text: d.Content, ArrivedAt: instant(d.ArrivedAt),
		Way: d.Way, Case: string(d.Case), Signed: d.Signed, Repeats: string(d.Repeats), Version: d.Version}
}

// What came in, waiting ones unless another state is asked for.
func (c *call) exchangeList() error {
	limit := c.limit()
	q := c.q
	state := q.Get("state")
	if state == "" {
		state = exchange.Waiting
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := exchange.List(tx, who, state, q.Get("cursor"), limit)
		out := page[exchangeOut]{Items: make([]exchangeOut, len(all)), Next: next}
		for i, d := range all {
			out.Items[i] = exchangeOf(d)
		}
		return &out, 0, err
	})
}

// One document, for the clerks of the unit it came to.
func (c *call) exchangeGet() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		d, err := exchange.Get(tx, who, exchange.ID(c.id))
		out := exchangeOf(d)
		if err == nil && d.Repeats != "" {
			var x exchange.Difference
			x, err = exchange.Differs(tx, who, &d)
			out.Differs = x.Parts
		}
		return &out, d.Version, err
	})
}

// onDocument runs an operation on the document of the address.
func (c *call) onDocument(fn func(tx *db.Tx, who org.Actor, id exchange.ID) (exchange.Document, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		d, err := fn(tx, who, exchange.ID(c.id))
		return documentDone(d), err
	})
}

// The answer to an act on a document, under its new version.
func documentDone(d exchange.Document) done {
	out := exchangeOf(d)
	return done{status: http.StatusOK, location: exchangePath + out.ID, version: d.Version, body: &out}
}

// documentAgain reads the document of a repeated request.
func (c *call) documentAgain(tx *db.Tx, who org.Actor, id string) (done, error) {
	d, err := exchange.Get(tx, who, exchange.ID(id))
	return documentDone(d), err
}

// What ties a document to a case.
type joinIn struct {
	Case    string `json:"case" doc:"mã theo dõi, như KN-0437/2026, hoặc mã hồ sơ"`
	Issuer  string `json:"issuer,omitempty" doc:"đơn vị ban hành, khi chương trình không nhận ra"`
	Outcome string `json:"outcome,omitempty" doc:"kết quả, khi văn bản là trả lời của đơn vị chủ trì: resolved, guided, in_progress, referred_up, not_competent hoặc unstated; bỏ trống là văn bản kèm theo"`
	Reason  string `json:"reason,omitempty"` // demanded where nothing in the document says it belongs there
}

// Joins a document to a case, named by id or by the tracking code that a clerk reads on paper.
func (c *call) joinDocument(in *joinIn) error {
	return c.onDocument(func(tx *db.Tx, who org.Actor, id exchange.ID) (d exchange.Document, err error) {
		of := casefile.ID(in.Case)
		if strings.Contains(in.Case, "/") {
			if of, err = casefile.ByCode(tx, who, strings.ToUpper(strings.TrimSpace(in.Case))); fault.Kind(err) == fault.NotFound {
				return d, fault.Field("case", "Không có việc nào mang mã này trong những việc anh/chị được xem.")
			} else if err != nil {
				return d, err
			}
		}
		return exchange.Join(tx, who, id, exchange.Joining{Case: of, Issuer: org.UnitID(in.Issuer), Outcome: petition.Outcome(in.Outcome), Reason: in.Reason, Version: c.version})
	})
}

// What makes a petition of a document.
type openIn struct {
	Field  string `json:"field" doc:"mã lĩnh vực"`
	Issuer string `json:"issuer,omitempty" doc:"xã, phường ban hành, khi chương trình không nhận ra"`
	Title  string `json:"title,omitempty" doc:"bỏ trống là trích yếu của văn bản"`
}

// Opens a petition from a document of a commune that wrote outside the program.
func (c *call) openFromDocument(in *openIn) error {
	return c.onDocument(func(tx *db.Tx, who org.Actor, id exchange.ID) (exchange.Document, error) {
		return exchange.Open(tx, who, id, exchange.Opening{Issuer: org.UnitID(in.Issuer), Field: in.Field, Title: in.Title, Version: c.version})
	})
}

// Puts a document aside with a reason; it is never deleted, since it was received.
func (c *call) setAside(in *reasonIn) error {
	return c.onDocument(func(tx *db.Tx, who org.Actor, id exchange.ID) (exchange.Document, error) {
		return exchange.SetAside(tx, who, id, in.Reason, c.version)
	})
}

// Notes that a person knows of the alarm: a document with a mark of secrecy came by the open way.
func (c *call) noteDocument(*noneIn) error {
	return c.onDocument(func(tx *db.Tx, who org.Actor, id exchange.ID) (exchange.Document, error) {
		return exchange.Note(tx, who, id)
	})
}

// sentOut is a paper on its way to one receiver.
type sentOut struct {
	ID       string `json:"id" doc:"cũng là tên của gói tin"`
	Sender   string `json:"sender"`
	Receiver string `json:"receiver"`
	Number   string `json:"number"` // with symbol
	IssuedOn string `json:"issued_on"`
	QueuedAt string `json:"queued_at"` // released, not yet fetched
	Status   string `json:"status,omitempty" doc:"01 đến 06, 13, 15, 16 (QĐ 28/2018/QĐ-TTg); bỏ trống là chưa có phản hồi"`
	StatusAt string `json:"status_at,omitempty"` // of the last word from the other side
	Say      string `json:"say" doc:"tình trạng bằng lời"`
}

// Where the papers of a case went over the connection and what the other side said of them. Who reads the
// case reads this.
func (c *call) sentPapers() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		if _, err := casefile.Get(tx, who, casefile.ID(c.id)); err != nil {
			return nil, 0, err
		}
		all, err := exchange.SentOf(tx, who, casefile.ID(c.id))
		out := page[sentOut]{Items: make([]sentOut, len(all))}
		for i, o := range all {
			out.Items[i] = sentOut{ID: o.ID, Sender: string(o.Sender), Receiver: string(o.Receiver), Number: o.Symbol, IssuedOn: o.IssuedOn.String(),
				QueuedAt: instant(o.QueuedAt), Status: o.Status, StatusAt: instant(o.StatusAt), Say: o.Say()}
		}
		return &out, 0, err
	})
}
