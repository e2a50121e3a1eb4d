package api

import (
	"net/http"

	"lienthong/internal/bank"
	"lienthong/internal/bulk"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/search"
)

const (
	bulksPath = "/api/v1/bulk/"
	viewsPath = "/api/v1/views"
)

// figuresMost is how many lines the figures of the bank have at most: some years of a
// province's departments.
const figuresMost = 1000

// bulkIn is one act for many picked petitions.
type bulkIn struct {
	Act    string    `json:"act" doc:"direct: phân công; urge: đôn đốc"`
	Cases  []string  `json:"cases" doc:"mã hồ sơ của các kiến nghị; trùng thì tính một lần"`
	Direct *directIn `json:"direct,omitempty" doc:"giao cho ai, ý kiến chỉ đạo; với direct"`
	Text   string    `json:"text,omitempty" doc:"nội dung đôn đốc; với urge"`
}

// bulkOut is an order with a line for each item.
type bulkOut struct {
	ID      string     `json:"id"`
	Act     string     `json:"act"` // direct or urge
	At      string     `json:"at" doc:"lúc ra lệnh"`
	Done    int        `json:"done" doc:"số việc đã làm"`
	Refused int        `json:"refused" doc:"số việc không làm được, lý do ở từng dòng"`
	Open    int        `json:"open" doc:"số việc đang chờ; hỏi lại sau"`
	Lines   []bulkLine `json:"lines"` // in the order they were picked
}

type bulkLine struct {
	Case  string `json:"case" doc:"mã hồ sơ"`
	Code  string `json:"code" doc:"mã theo dõi; trống khi không còn được xem"`
	Title string `json:"title"`
	State string `json:"state" doc:"open, done, refused"`
	Say   string `json:"say" doc:"vì sao không làm được"`
}

// viewIn is a filter to keep.
type viewIn struct {
	List  string `json:"list" doc:"petitions hoặc search"`
	Name  string `json:"name" doc:"trùng tên thì thay bộ lọc cũ"`
	Query string `json:"query" doc:"điều kiện như trên địa chỉ trang, không có dấu hỏi"`
	Unit  string `json:"unit,omitempty" doc:"mã đơn vị để cả đơn vị dùng (quản trị đơn vị); bỏ trống là của riêng mình"`
}

type viewOut struct {
	ID    string `json:"id"`
	List  string `json:"list"` // petitions, inbox, board
	Name  string `json:"name"`
	Query string `json:"query"` // as it stands in the address of the list
	Unit  string `json:"unit" doc:"trống là của riêng mình"`
	Mine  bool   `json:"mine" doc:"người hỏi bỏ được"`
	Wrong string `json:"wrong" doc:"điều kiện nào không còn dùng được, vì sao; rỗng khi còn dùng được"`
}

type bankCopyIn struct {
	Petition string `json:"petition" doc:"mã hồ sơ kiến nghị mà đơn vị mình chủ trì"`
}

// bankCopied is how the draft of an answer begins with an entry.
type bankCopied struct {
	ID    string `json:"id" doc:"mã mục giải đáp"`
	Code  string `json:"code"`
	Text  string `json:"text" doc:"nội dung trả lời để đưa vào dự thảo"`
	Basis string `json:"basis" doc:"căn cứ, có nêu mục giải đáp"`
}

type bankFigure struct {
	Lead   string `json:"lead" doc:"cơ quan giải đáp"`
	Month  string `json:"month" doc:"như 2026-02"`
	Shown  int64  `json:"shown" doc:"số lần hiện lên khi gõ"`
	Opened int64  `json:"opened" doc:"số lần mở xem"`
	Spared int64  `json:"spared" doc:"số lần thay cho gửi kiến nghị"`
	Copied int64  `json:"copied" doc:"số lần chép vào dự thảo"`
}

// many are the routes of what an officer does with a whole list, and of the bank's use.
func (s *Server) many() []route {
	return []route{
		act[bulkIn]("POST", "/api/v1/bulk", "startBulk", "Phân công hoặc đôn đốc nhiều kiến nghị; mỗi việc được làm riêng, việc không làm được có lý do.", (*call).startBulk).makes(bulkOut{}),
		look(bulksPath+"{id}", "getBulk", "Xem một lệnh làm hàng loạt của chính mình: từng việc ra sao.", bulkOut{}, (*call).getBulk),
		list(viewsPath, "views", "Bộ lọc đã lưu: của mình, rồi của đơn vị.", page[viewOut]{}, (*call).views, filter.Choice("list", "Danh sách", filter.Option{Value: "petitions", Say: "Kiến nghị"}, filter.Option{Value: "search", Say: "Tìm kiếm"}).Saying("bỏ trống là cả hai")),
		act[viewIn]("POST", viewsPath, "keepView", "Lưu một bộ lọc; trả về mọi bộ lọc đang có.", (*call).keepView).gives(page[viewOut]{}).of(tagReading),
		act[noneIn]("DELETE", viewsPath+"/{id}", "dropView", "Bỏ một bộ lọc; trả về các bộ lọc còn lại.", (*call).dropView).gives(page[viewOut]{}).of(tagReading),
		act[bankCopyIn]("POST", banksPath+"{id}/copy", "copyBank", "Chép một mục vào dự thảo trả lời; ghi lại đã dùng cho kiến nghị nào.", (*call).copyBank).gives(bankCopied{}),
		list(banksPath+"figures", "bankFigures", "Kho giải đáp đã giúp bao nhiêu lần, theo cơ quan và tháng.", page[bankFigure]{}, (*call).bankFigures),
	}
}

// startBulk writes the order down and does a short one before it answers; a long one goes
// on in the background and the answer says how many are open.
func (c *call) startBulk(in *bulkIn) error {
	order := bulk.In{Act: bulk.Act(in.Act), Text: in.Text}
	for _, id := range in.Cases {
		order.Cases = append(order.Cases, casefile.ID(id))
	}
	if order.Act == bulk.Direct {
		if in.Direct == nil {
			return fault.Field("direct", "Hãy nêu giao cho ai và ý kiến chỉ đạo.")
		}
		var err error
		if order.To, err = in.Direct.order(); err != nil {
			return err
		}
	}
	d, repeated, err := c.once(func(tx *db.Tx, who org.Actor) (done, error) {
		id, err := bulk.Start(tx, who, order)
		return done{status: http.StatusCreated, location: bulksPath + id}, err
	})
	if err != nil {
		return err
	}
	if id := d.location[len(bulksPath):]; !repeated {
		if len(order.Cases) <= bulk.AtOnce {
			if err := bulk.Do(c.ctx, c.s.DB, id); err != nil {
				c.s.Log.Warn("bulk", "err", err) // the background goes on with what is open
			}
		}
		// read after the items were done: the caller sees each one's fate at once
		if err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
			who, err := c.actor(tx)
			if err != nil {
				return err
			}
			d.body, err = bulkRead(tx, who, id)
			return err
		}); err != nil {
			return err
		}
	}
	return c.answered(d, repeated)
}

func bulkRead(tx *db.Tx, who org.Actor, id string) (*bulkOut, error) {
	b, err := bulk.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	out := &bulkOut{ID: b.ID, Act: string(b.Act), At: instant(b.At), Done: b.Done, Refused: b.Refused, Open: b.Open, Lines: []bulkLine{}}
	for _, l := range b.Lines {
		out.Lines = append(out.Lines, bulkLine{Case: string(l.Case), Code: l.Code, Title: l.Title, State: l.State, Say: l.Say})
	}
	return out, nil
}

// bulkAgain answers a repeated order with how far it is now.
func (c *call) bulkAgain(tx *db.Tx, who org.Actor, id string) (done, error) {
	out, err := bulkRead(tx, who, id)
	return done{location: bulksPath + id, body: out}, err
}

func (c *call) getBulk() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		out, err := bulkRead(tx, who, c.id)
		return out, 0, err
	})
}

// viewsDone answers with every kept filter, of one list or ("") of all.
func viewsDone(tx *db.Tx, who org.Actor, of string) (done, error) {
	out := page[viewOut]{Items: []viewOut{}}
	for _, list := range search.Lists {
		if of != "" && of != list {
			continue
		}
		all, err := search.Views(tx, who, list, export.ListConditions(list))
		if err != nil {
			return done{}, err
		}
		for _, v := range all {
			out.Items = append(out.Items, viewOut{v.ID, v.List, v.Name, v.Query, string(v.Unit), v.Mine, v.Wrong})
		}
	}
	return done{status: http.StatusOK, location: viewsPath, body: &out}, nil
}

func (c *call) views() error {
	of := c.q.Get("list")
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		d, err := viewsDone(tx, who, of)
		return d.body, 0, err
	})
}

func (c *call) keepView(in *viewIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := search.Keep(tx, who, search.View{List: in.List, Name: in.Name, Query: in.Query, Unit: org.UnitID(in.Unit)}, export.ListConditions(in.List)); err != nil {
			return done{}, err
		}
		return viewsDone(tx, who, "")
	})
}

func (c *call) dropView(*noneIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := search.Unkeep(tx, who, c.id); err != nil {
			return done{}, err
		}
		return viewsDone(tx, who, "")
	})
}

// copyBank hands out the words of an entry for a draft. A repeat reads the entry itself.
func (c *call) copyBank(in *bankCopyIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		e, err := bank.Copy(tx, who, casefile.ID(c.id), casefile.ID(in.Petition))
		if err != nil {
			return done{}, err
		}
		text, basis := e.Quoted()
		return done{status: http.StatusOK, location: banksPath + c.id + "/copied", body: &bankCopied{string(e.ID), e.Code, text, basis}}, nil
	})
}

// copiedAgain answers a repeated copy with the entry as it may be read now.
func (c *call) copiedAgain(tx *db.Tx, who org.Actor) (done, error) {
	e, err := bank.Get(tx, who, casefile.ID(c.id))
	if err != nil {
		return done{}, err
	}
	text, basis := e.Quoted()
	return done{location: banksPath + c.id + "/copied", body: &bankCopied{string(e.ID), e.Code, text, basis}}, nil
}

func (c *call) bankFigures() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := bank.Figures(tx, who, figuresMost)
		out := page[bankFigure]{Items: []bankFigure{}}
		for _, f := range all {
			out.Items = append(out.Items, bankFigure{string(f.Lead), f.Month, f.Shown, f.Opened, f.Spared, f.Copied})
		}
		return &out, 0, err
	})
}
