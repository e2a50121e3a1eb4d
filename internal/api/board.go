package api

import (
	"encoding/json"
	"net/http"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
)

// boardOut is the Figures of the units that the reader oversees or leads.
type boardOut struct {
	Items     []boardItem `json:"items"`
	Next      string      `json:"next"`  // for cursor; "" at the end
	Total     Figures     `json:"total"` // of what is shown, never of more
	Requested []askedItem `json:"requested" doc:"ngành dọc, doanh nghiệp: chỉ được đề nghị, không tính quá hạn"`
	At        string      `json:"at" doc:"số liệu tính đến"`
	From      string      `json:"from"` // due days counted, first
	To        string      `json:"to"`   // and last
	Orphans   *int64      `json:"orphans" doc:"việc không có đơn vị, hạn hoặc lần xem tới; phải bằng 0; chỉ cơ quan theo dõi thấy"`
}

// boardItem is a unit's row. The members of every list's item are there; a unit has
// no code and no date of its own.
type boardItem struct {
	Line
	Figures
}

// Figures are the numbers of one unit, or of all that the reader sees together. Each
// of the counted ones opens its list under /api/v1/board/list.
type Figures struct {
	Open        int64   `json:"open" doc:"đang mở, kể cả quá hạn"`
	Missed      int64   `json:"missed" doc:"quá hạn chưa xong"`
	Inherited   int64   `json:"inherited" doc:"trong số quá hạn: nhận từ đơn vị khác, phần thời gian của đơn vị chưa hết"`
	Soon        int64   `json:"soon" doc:"đến hạn trong 2 ngày làm việc"`
	Dateless    int64   `json:"dateless" doc:"không nêu hạn"`
	Suspended   int64   `json:"suspended" doc:"đang tạm dừng"`
	Met         int64   `json:"met" doc:"xong đúng hạn"`
	Late        int64   `json:"late" doc:"xong quá hạn"`
	Waived      int64   `json:"waived" doc:"cho thôi thực hiện"`
	Unconfirmed int64   `json:"unconfirmed" doc:"đã trả lời, xã chưa xác nhận"`
	Unresolved  int64   `json:"unresolved" doc:"đã trả lời, việc còn mở"`
	InProgress  int64   `json:"in_progress" doc:"trong số việc còn mở: tiếp thu, đang xử lý"`
	ReferredUp  int64   `json:"referred_up" doc:"trong số việc còn mở: vượt thẩm quyền, đã kiến nghị cấp trên"`
	Answered    int64   `json:"answered" doc:"số lần trả lời trong thời gian chọn"`
	HalfDays    int     `json:"half_within_days" doc:"một nửa số lần trả lời mất không quá số ngày làm việc này"`
	Average     float64 `json:"average_days" doc:"số ngày làm việc trung bình, chỉ tính phần của đơn vị"`
}

// askedItem is a body that was only asked: it is late with nothing.
type askedItem struct {
	Unit string `json:"unit"`
	Name string `json:"name"`
	Open int64  `json:"open"` // running, never late: it was only asked
}

// figuresOf keeps the names of this face apart from those of the package board.
func figuresOf(r *board.Row) Figures {
	return Figures{Open: r.Open, Missed: r.Missed, Inherited: r.Inherited, Soon: r.Soon, Dateless: r.Dateless, Suspended: r.Suspended, Met: r.Met, Late: r.Late,
		Waived: r.Waived, Unconfirmed: r.Unconfirmed, Unresolved: r.Unresolved, InProgress: r.InProgress, ReferredUp: r.ReferredUp, Answered: r.Answered, HalfDays: r.Half, Average: r.Average}
}

// board answers the figures of whatever the reader oversees or leads.
func (c *call) board() error {
	if c.wantsSheet() {
		return c.figuresSheet()
	}
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		f := board.FilterOf(c.q)
		b, err := board.ReadFor(tx, who, f, c.s.Duties)
		if err != nil {
			return nil, err
		}
		out := boardOut{Items: []boardItem{}, Requested: []askedItem{}, Total: figuresOf(&b.Total), At: instant(b.At), From: b.Query.From.String(), To: b.Query.To.String()}
		for i := range b.Rows {
			r := &b.Rows[i]
			out.Items = append(out.Items, boardItem{Line{ID: r.Key, Title: r.Name, Lead: string(r.Unit)}, figuresOf(r)})
		}
		for _, a := range b.Requested {
			out.Requested = append(out.Requested, askedItem{string(a.Unit), a.Name, a.N})
		}
		if b.All {
			n := b.Orphans.NoOwner + b.Orphans.NoDue + b.Orphans.NoNext
			out.Orphans = &n
		}
		return json.Marshal(&out)
	})
}

// mapOut is what every commune of today waits for.
type mapOut struct {
	Items []mapItem `json:"items"`
	Next  string    `json:"next"`
	Total Figures   `json:"total" doc:"cộng, kể cả việc không do xã, phường hiện nay nêu"`
	At    string    `json:"at"` // the instant the figures are of
}

// mapItem is one commune; its list is /api/v1/board/list with the same filter and commune.
type mapItem struct {
	Line
	Area   string `json:"area" doc:"địa bàn (tỉnh cũ)"`
	Open   int64  `json:"open" doc:"đang chờ trả lời, kể cả quá hạn"`
	Missed int64  `json:"missed" doc:"trong số đó đã quá hạn"`
}

// boardMap answers the figures of the map: those of the board by commune.
func (c *call) boardMap() error {
	return c.viewSame(func(tx *db.Tx, who org.Actor) ([]byte, error) {
		f := board.FilterOf(c.q)
		m, err := board.MapOf(tx, who, f, c.s.Duties)
		if err != nil {
			return nil, err
		}
		out := mapOut{Items: []mapItem{}, Total: figuresOf(&m.Board.Total), At: instant(m.Board.At)}
		for _, p := range m.Places {
			out.Items = append(out.Items, mapItem{Line{ID: string(p.Unit), Title: p.Name}, p.Area, p.Open, p.Missed})
		}
		return json.Marshal(&out)
	})
}

// boardList is what stands behind one number of the board.
func (c *call) boardList() error {
	if c.wantsSheet() {
		return c.boardSheet()
	}
	limit := c.limit()
	var items []inbox.Item
	var next string
	var now time.Time
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		f := board.FilterOf(c.q)
		now = tx.Now
		items, next, err = board.List(tx, who, f, c.q.Get("cursor"), limit)
		return err
	})
	if err != nil {
		return err
	}
	c.send(http.StatusOK, "application/json", c.appendPage(nil, items, next, now))
	return nil
}
