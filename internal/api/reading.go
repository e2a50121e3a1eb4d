package api

import (
	"net/http"
	"slices"
	"strings"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/search"
)

// reading are the routes that list and look up.
func (s *Server) reading() []route {
	boards := board.Conditions(s.Duties)
	figures := slices.DeleteFunc(slices.Clone(boards), func(x filter.Condition) bool { return x.Name == "figure" })
	return []route{
		list("/api/v1/inbox", "inbox", "Việc của tôi: việc phải làm đang mở, hạn gần nhất trước.", page[inboxItem]{}, (*call).inbox, slices.Concat(inbox.Conditions(s.Duties), byPage, filter.Set{asSheet, dutyColumns})...),
		list("/api/v1/petitions", "petitions", "Kiến nghị được xem, kể cả đã xong; mới nhất trước.", page[petitionItem]{}, (*call).petitions, slices.Concat(export.PetitionConditions, byPage, filter.Set{asSheet})...),
		list("/api/v1/board", "board", "Bảng điều hành theo đơn vị; mỗi con số mở ra danh sách của nó.", boardOut{}, (*call).board, slices.Concat(figures, filter.Set{asSheet})...),
		list("/api/v1/board/hops", "boardHops", "Kiến nghị qua nhiều đơn vị: thời gian ở từng đơn vị.", hopsOut{}, (*call).boardHops, figures...),
		list("/api/v1/board/hops/list", "boardStays", "Các lượt đứng sau một con số của thời gian từng chặng.", page[stayItem]{}, (*call).boardStays,
			slices.Concat(figures, byPage)...),
		list("/api/v1/board/map", "boardMap", "Xã, phường đang chờ sở, ngành trả lời: số liệu của bản đồ.", mapOut{}, (*call).boardMap, figures...),
		list("/api/v1/board/list", "boardList", "Danh sách đứng sau một con số của bảng điều hành.", page[inboxItem]{}, (*call).boardList,
			slices.Concat(boards, byPage, filter.Set{asSheet, dutyColumns})...),
		list("/api/v1/search", "search", "Tìm việc theo chữ, có dấu hay không, hoặc theo mã theo dõi; mới nhất trước.", searchOut{}, (*call).search,
			slices.Concat(search.Conditions, byPage)...),
		{method: "POST", path: "/api/v1/uploads", id: "upload", say: "Tải một tệp lên trước; tên phần là file.", tag: tagCase, status: http.StatusCreated, out: typeOf[uploadOut](), do: (*call).upload},
		{method: "POST", path: "/api/v1/uploads/pieces", id: "beginPieces", say: "Bắt đầu tải một tệp theo từng mẩu (tus 1.0.0): Upload-Length, Upload-Metadata gồm filename, item (khóa của tệp ở máy gửi), sha256.", tag: tagCase, status: http.StatusCreated, do: (*call).pieces},
		{method: "HEAD", path: "/api/v1/uploads/pieces/{id}", id: "piecesReceived", say: "Đã nhận được bao nhiêu byte; Upload-Complete: ?1 là trọn tệp, dùng được trong attachments.", tag: tagCase, status: http.StatusOK, do: (*call).pieces},
		{method: "PATCH", path: "/api/v1/uploads/pieces/{id}", id: "sendPiece", say: "Gửi mẩu tiếp theo, bắt đầu đúng ở Upload-Offset; đường truyền đứt thì phần đã đến được giữ.", tag: tagCase, status: http.StatusNoContent, do: (*call).pieces},
		{method: "DELETE", path: "/api/v1/uploads/pieces/{id}", id: "dropPieces", say: "Bỏ một tệp đã tải lên mà chưa gắn vào việc nào.", tag: tagCase, status: http.StatusNoContent, do: (*call).pieces},
		{method: "GET", path: "/api/v1/documents/{id}", id: "document", say: "Tải một tệp về.", tag: tagCase, status: http.StatusOK, media: "application/octet-stream", do: (*call).document},
		{method: "POST", path: "/api/v1/route", id: "route", say: "Đề xuất lĩnh vực và cơ quan cho một khó khăn, vướng mắc; không lưu gì.", tag: tagReading, status: http.StatusOK,
			in: typeOf[routeIn](), out: typeOf[routeOut](), do: reads((*call).route)},
		list("/api/v1/me", "me", "Mã truy cập này là của ai, giữ chức danh gì.", meOut{}, (*call).me),
		list("/api/v1/units", "units", "Cơ quan, đơn vị.", page[unitItem]{}, (*call).units, filter.Words("q", "Tên").Saying("có dấu hay không"), filter.Choice("level", "Cấp", filter.Option{Value: org.LevelProvince, Say: "Tỉnh"}, filter.Option{Value: org.LevelCommune, Say: "Xã"}), filter.UnitKind("kind", "Loại cơ quan")),
		list("/api/v1/fields", "fields", "Lĩnh vực, với đơn vị chủ trì theo quy định đang áp dụng.", page[fieldItem]{}, (*call).fields),
		list("/api/v1/officers", "officers", "Người giữ chức danh ở một đơn vị.", page[officerItem]{}, (*call).officers, filter.Unit("unit", "Đơn vị")),
		list("/api/v1/cases/by-code", "caseByCode", "Mã hồ sơ của một mã theo dõi.", page[Line]{}, (*call).byCode, filter.Words("code", "Mã theo dõi").Saying("như KN-0437/2026")),
	}
}

// meOut tells a program as whom it acts.
type meOut struct {
	Officer string    `json:"officer"`
	Name    string    `json:"name"`
	Posts   []postOut `json:"posts"` // those held today
	Cover   []string  `json:"cover" doc:"những người mà cán bộ này đang làm thay"`
}

// postOut is a post that somebody holds today.
type postOut struct {
	ID      string `json:"id" doc:"dùng cho đầu mục Acting-Post"`
	Unit    string `json:"unit"`
	Section string `json:"section,omitempty"` // "" for the whole unit
	Role    string `json:"role" doc:"leader, head, specialist, clerk, desk hoặc admin"`
	Title   string `json:"title"`
	Deputy  bool   `json:"deputy,omitempty"` // signs KT., if anything
}

// A post of the caller, to choose with in the header of a call.
func postOf(p org.Post) postOut {
	return postOut{ID: string(p.ID), Unit: string(p.Unit), Section: string(p.Section), Role: string(p.Role), Title: p.Title, Deputy: p.Deputy}
}

// me needs no right: whoever holds a token may know whose it is.
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

// byCode finds the case of a tracking code, for programs that keep codes.
func (c *call) byCode() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		id, err := casefile.ByCode(tx, who, strings.ToUpper(strings.TrimSpace(c.q.Get("code"))))
		// an empty list and not 404: a code that is nobody's and one that may not be
		// seen look alike
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
