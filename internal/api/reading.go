package api

import (
	"net/http"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

// reading are the routes that list and look up.
func (s *Server) reading() []route {
	return []route{
		list("/api/v1/inbox", "inbox", "Việc của tôi: việc phải làm đang mở, hạn gần nhất trước.", page[inboxItem]{}, (*call).inbox, slices.Concat(inboxQuery, byPage)...),
		list("/api/v1/board", "board", "Bảng điều hành theo đơn vị; mỗi con số mở ra danh sách của nó.", boardOut{}, (*call).board, append([]param{{"by", "unit"}}, boardQuery...)...),
		list("/api/v1/board/list", "boardList", "Danh sách đứng sau một con số của bảng điều hành.", page[inboxItem]{}, (*call).boardList,
			slices.Concat(boardQuery, figureQuery, byPage)...),
		list("/api/v1/search", "search", "Tìm việc theo chữ, có dấu hay không, hoặc theo mã theo dõi; mới nhất trước.", searchOut{}, (*call).search,
			append([]param{{"q", "từ cần tìm; nhiều từ liền nhau thì để trong ngoặc kép"}}, byPage...)...),
		{method: "POST", path: "/api/v1/uploads", id: "upload", say: "Tải một tệp lên trước; tên phần là file.", tag: tagCase, status: http.StatusCreated, out: typeOf[uploadOut](), do: (*call).upload},
		{method: "GET", path: "/api/v1/documents/{id}", id: "document", say: "Tải một tệp về.", tag: tagCase, status: http.StatusOK, media: "application/octet-stream", do: (*call).document},
		list("/api/v1/me", "me", "Mã truy cập này là của ai, giữ chức danh gì.", meOut{}, (*call).me),
		list("/api/v1/units", "units", "Cơ quan, đơn vị.", page[unitItem]{}, (*call).units, param{"q", "chữ trong tên, có dấu hay không"}, param{"level", "tinh hoặc xa"}, param{"kind", "loại cơ quan"}),
		list("/api/v1/fields", "fields", "Lĩnh vực, với đơn vị chủ trì theo quy định đang áp dụng.", page[fieldItem]{}, (*call).fields),
		list("/api/v1/officers", "officers", "Người giữ chức danh ở một đơn vị.", page[officerItem]{}, (*call).officers, param{"unit", "mã đơn vị"}),
		list("/api/v1/cases/by-code", "caseByCode", "Mã hồ sơ của một mã theo dõi.", page[Line]{}, (*call).byCode, param{"code", "mã theo dõi, như KN-0437/2026"}),
	}
}

// meOut tells a program as whom it acts.
type meOut struct {
	Officer string    `json:"officer"`
	Name    string    `json:"name"`
	Posts   []postOut `json:"posts"`
	Cover   []string  `json:"cover" doc:"những người mà cán bộ này đang làm thay"`
}

// postOut is a post that somebody holds today.
type postOut struct {
	ID      string `json:"id" doc:"dùng cho đầu mục Acting-Post"`
	Unit    string `json:"unit"`
	Section string `json:"section,omitempty"`
	Role    string `json:"role" doc:"leader, head, specialist, clerk, desk hoặc admin"`
	Title   string `json:"title"`
	Deputy  bool   `json:"deputy,omitempty"`
}

func postOf(p org.Post) postOut {
	return postOut{ID: string(p.ID), Unit: string(p.Unit), Section: string(p.Section), Role: string(p.Role), Title: p.Title, Deputy: p.Deputy}
}

func (c *call) me() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		out := meOut{Officer: string(who.Officer), Name: who.Name, Posts: []postOut{}, Cover: []string{}}
		for _, p := range who.Posts {
			out.Posts = append(out.Posts, postOf(p))
		}
		for _, o := range who.Cover {
			out.Cover = append(out.Cover, string(o))
		}
		return &out, 0, nil
	})
}

// unitItem is an agency or commune; its id is what other bodies of this face take.
type unitItem struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Short     string `json:"short" doc:"tên ngắn"`
	Parent    string `json:"parent,omitempty"`
	Kind      string `json:"kind"`
	Level     string `json:"level"`
	Requested bool   `json:"requested,omitempty" doc:"ngành dọc, doanh nghiệp: chỉ được đề nghị"`
}

// units lists all that stand today in one page: there are some two hundred.
func (c *call) units() error {
	q := c.r.URL.Query()
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		all, err := org.Units(tx, org.Filter{Level: q.Get("level"), Kind: q.Get("kind"), Requested: true})
		if err != nil {
			return nil, 0, err
		}
		out := page[unitItem]{Items: []unitItem{}}
		for _, u := range all {
			if named(u, q.Get("q")) {
				out.Items = append(out.Items, unitItem{ID: string(u.ID), Name: u.Name, Short: u.Short, Parent: string(u.Parent), Kind: u.Kind, Level: u.Level, Requested: u.Requested})
			}
		}
		return &out, 0, nil
	})
}

// named says whether a unit's names hold every word asked for.
func named(u org.Unit, text string) bool {
	have := vntext.Fold(u.Name + " " + u.Short)
	for _, word := range strings.Fields(vntext.Fold(text)) {
		if !strings.Contains(have, word) {
			return false
		}
	}
	return true
}

// fieldItem is a field with whoever leads it by the rulebook in force today.
type fieldItem struct {
	ID      string   `json:"id"`
	Parent  string   `json:"parent,omitempty"`
	Name    string   `json:"name"`
	Unit    string   `json:"unit" doc:"đơn vị chủ trì hôm nay; rỗng khi không có"`
	Hole    bool     `json:"hole,omitempty" doc:"quy chế chưa nêu đơn vị nào; Văn phòng UBND tỉnh xác định"`
	Clauses []string `json:"clauses,omitempty"`
}

func (c *call) fields() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, 0, err
		}
		out := page[fieldItem]{Items: []fieldItem{}}
		for _, f := range rb.Catalogue() {
			item := fieldItem{ID: f.ID, Parent: f.Parent, Name: f.Name}
			// a field that nobody has today is listed as such, not refused
			if r, err := rb.UnitFor(f.ID, tx.Now); err == nil {
				item.Unit, item.Hole = string(r.Unit), r.Hole
				for _, id := range r.Clauses {
					item.Clauses = append(item.Clauses, string(id))
				}
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

// officerItem is an officer with one of his posts: one item a post.
type officerItem struct {
	ID   string  `json:"id"`
	Name string  `json:"name"`
	Post postOut `json:"post"`
}

// officers lists the people of a unit, for who directs or forwards.
func (c *call) officers() error {
	unit := org.UnitID(c.r.URL.Query().Get("unit"))
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		if err := knownUnit(tx, "unit", unit); err != nil {
			return nil, 0, err
		}
		held, err := org.Officers(tx, unit)
		out := page[officerItem]{Items: []officerItem{}}
		for _, h := range held {
			out.Items = append(out.Items, officerItem{ID: string(h.Officer.ID), Name: h.Officer.Name, Post: postOf(h.Post)})
		}
		return &out, 0, err
	})
}

// knownUnit refuses a unit that does not exist, by the parameter's name.
func knownUnit(tx *db.Tx, field string, unit org.UnitID) error {
	if unit == "" {
		return fault.Field(field, "Hãy nêu mã đơn vị.")
	}
	_, err := org.UnitOf(tx, unit)
	if fault.Kind(err) == fault.NotFound {
		return fault.Field(field, "Không có đơn vị nào mang mã “%.60s”.", string(unit))
	}
	return err
}

// byCode finds the case of a tracking code, for programs that keep codes.
func (c *call) byCode() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		id, err := casefile.ByCode(tx, who, strings.ToUpper(strings.TrimSpace(c.r.URL.Query().Get("code"))))
		if fault.Kind(err) == fault.NotFound {
			return &page[Line]{Items: []Line{}}, 0, nil
		}
		if err != nil {
			return nil, 0, err
		}
		c.id = string(id)
		_, head, err := c.theCase(tx, who)
		return &page[Line]{Items: []Line{head}}, 0, err
	})
}
