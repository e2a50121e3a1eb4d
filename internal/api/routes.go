package api

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"lienthong/internal/filter"
)

// A route is one line of the table: what the mux answers and what the document says.
type route struct {
	method, path string
	id           string // operationId
	say          string // what it does, in Vietnamese
	tag          string
	open         bool // needs no token
	write        bool // changes something: takes Idempotency-Key
	versioned    bool // takes If-Match, gives ETag
	status       int  // of success
	in, out      reflect.Type
	media        string     // of the answer where it is not JSON
	query        filter.Set // what its address takes
	do           func(c *call) error
}

const (
	petitionsPath = "/api/v1/petitions/"
	papersPath    = "/api/v1/papers/"
)

var (
	byPage = filter.Set{filter.Number("limit", "Số mục một trang", 1, pageLong).Saying("mặc định " + strconv.Itoa(pageShort)),
		filter.Opaque("cursor", "Trang tiếp").Saying("giá trị next của trang trước; bỏ trống là trang đầu")}

	tagPetition = "Kiến nghị"
	tagPaper    = "Văn bản"
	tagCase     = "Hồ sơ công việc"
	tagReading  = "Tra cứu"
	tagNode     = "Máy chủ"
)

// table is every route of the face, in the order of the document.
func (s *Server) table() []route {
	all := []route{
		act[raiseIn]("POST", "/api/v1/petitions", "raisePetition", "Gửi kiến nghị trong một bước (đơn vị có đường đi văn bản một bước).", (*call).raise).makes(Petition{}),
		act[raiseIn]("POST", "/api/v1/petitions/drafts", "draftPetition", "Soạn dự thảo văn bản kiến nghị của xã.", (*call).draftRaise).makes(paperOut{}),
		look("/api/v1/petitions/{id}", "getPetition", "Xem một kiến nghị.", petitionFull{}, (*call).getPetition),
		act[draftIn]("POST", "/api/v1/petitions/{id}/drafts", "draftAnswer", "Soạn dự thảo văn bản trả lời, hoặc văn bản giải trình.", (*call).draftAnswer).makes(paperOut{}),
		act[directIn]("POST", "/api/v1/petitions/{id}/direct", "directPetition", "Phân công, chỉ đạo trong đơn vị chủ trì.", (*call).direct).gives(Petition{}),
		act[noneIn]("POST", "/api/v1/petitions/{id}/register", "registerPetition", "Văn thư vào sổ văn bản đến; hạn vẫn tính từ lúc đến.", (*call).register).gives(Petition{}),
		act[reasonIn]("POST", "/api/v1/petitions/{id}/return-up", "returnUp", "Trả lại cấp trên trong đơn vị, có lý do.", (*call).returnUp).gives(Petition{}),
		act[forwardIn]("POST", "/api/v1/petitions/{id}/forward", "forwardPetition", "Chuyển sang đơn vị khác; chuyển lần hai thì Văn phòng UBND tỉnh quyết định.", (*call).forward).gives(Petition{}),
		act[forwardIn]("POST", "/api/v1/petitions/{id}/assign", "assignLead", "Chỉ định đơn vị chủ trì (Văn phòng UBND tỉnh).", (*call).assign).gives(Petition{}),
		act[returnIn]("POST", "/api/v1/petitions/{id}/return", "returnPetition", "Trả lại xã, có căn cứ.", (*call).giveBack).gives(Petition{}),
		act[answerIn]("POST", "/api/v1/petitions/{id}/answer", "answerPetition", "Trả lời trong một bước (đơn vị có đường đi văn bản một bước).", (*call).answerPetition).gives(Petition{}),
		act[settleIn]("POST", "/api/v1/petitions/{id}/settle", "settlePetition", "Xã cho biết đã giải quyết được hay chưa.", (*call).settle).gives(Petition{}),
		act[reportIn]("POST", "/api/v1/petitions/{id}/report", "reportOnPetition", "Báo tiếp kết quả của việc còn đang xử lý.", (*call).report).gives(Petition{}),
		act[textIn]("POST", "/api/v1/petitions/{id}/ask", "askBack", "Hỏi lại xã; hạn trả lời vẫn chạy.", (*call).ask).gives(Petition{}),
		act[clarifyIn]("POST", "/api/v1/petitions/{id}/clarify", "clarifyPetition", "Xã trả lời câu hỏi của sở, ngành.", (*call).clarify).gives(Petition{}),
		act[splitIn]("POST", "/api/v1/petitions/{id}/split", "splitPetition", "Hỏi ý kiến đơn vị phối hợp về một phần việc.", (*call).split).gives(Petition{}),
		act[textIn]("POST", "/api/v1/petitions/{id}/contribute", "contribute", "Góp ý phần việc được hỏi.", (*call).contribute).gives(Petition{}),
		act[textIn]("POST", "/api/v1/petitions/{id}/urge", "urgePetition", "Đôn đốc (cơ quan theo dõi).", (*call).urge).gives(Petition{}),
		act[explainIn]("POST", "/api/v1/petitions/{id}/explanation", "askExplanation", "Yêu cầu đơn vị chủ trì giải trình (người có thẩm quyền).", (*call).askExplanation).gives(Petition{}),

		look("/api/v1/papers/{id}", "getPaper", "Xem một văn bản, dự thảo của đơn vị mình.", paperOut{}, (*call).getPaper),
		act[editIn]("PUT", "/api/v1/papers/{id}", "revisePaper", "Sửa dự thảo; bản cũ vẫn được giữ.", (*call).revise).gives(paperOut{}).of(tagPaper),
		act[filesIn]("POST", "/api/v1/papers/{id}/files", "refilePaper", "Bỏ, thêm hoặc thay tệp kèm theo dự thảo; nội dung giữ nguyên.", (*call).refile).gives(paperOut{}).of(tagPaper),
		act[stepIn]("POST", "/api/v1/papers/{id}/submit", "submitPaper", "Trình dự thảo.", (*call).submit).gives(paperOut{}).of(tagPaper),
		act[reviewIn]("POST", "/api/v1/papers/{id}/review", "reviewPaper", "Xem, cho ý kiến và chuyển tiếp; có thể sửa thẳng vào bản thảo.", (*call).review).gives(paperOut{}).of(tagPaper),
		act[signIn]("POST", "/api/v1/papers/{id}/sign", "signPaper", "Ký, với thể thức đề ký được kiểm tra lúc ký.", (*call).sign).gives(paperOut{}).of(tagPaper),
		act[onPaperIn]("POST", "/api/v1/papers/{id}/signed-on-paper", "recordSignedPaper", "Văn thư ghi nhận bản lãnh đạo đã ký trên giấy, kèm bản quét.", (*call).signedOnPaper).gives(paperOut{}).of(tagPaper),
		act[releaseIn]("POST", "/api/v1/papers/{id}/release", "releasePaper", "Cấp số và phát hành.", (*call).release).gives(paperOut{}).of(tagPaper),
		act[backIn]("POST", "/api/v1/papers/{id}/send-back", "sendBackPaper", "Trả lại người soạn, có lý do.", (*call).sendBack).gives(paperOut{}).of(tagPaper),
		act[stepIn]("POST", "/api/v1/papers/{id}/recall", "recallPaper", "Người soạn rút dự thảo đã trình.", (*call).recall).gives(paperOut{}).of(tagPaper),

		list("/api/v1/cases/{id}/history", "history", "Diễn biến của một việc.", page[eventItem]{}, (*call).history, byPage...),
		list("/api/v1/cases/{id}/duties", "duties", "Việc phải làm trên hồ sơ, với từng thời hạn và cách tính.", page[dutyItem]{}, (*call).duties),
		list("/api/v1/cases/{id}/proof", "proof", "Chứng thực: vị trí của từng diễn biến trong nhật ký có chữ ký.", proofOut{}, (*call).proof).of(tagCase),
	}
	all = append(append(append(append(all, append(s.grouping(), s.programming()...)...), s.banking()...), append(s.campaigning(), s.contacting()...)...), append(s.scoring(), s.incidents()...)...)
	all = append(all, s.channelling()...)
	all = append(all, s.directing()...)
	all = append(all, s.recurring()...)
	all = append(append(append(all, s.tracking()...), s.importing()...), s.publishing()...)
	all = append(all, s.many()...)
	all = append(all, s.exporting()...)
	all = append(append(all, s.administering()...), s.tuning()...)
	return append(append(append(append(all, s.exchanging()...), s.printing()...), s.reading()...), s.watching()...)
}

// act is a route that changes something with a body of type T.
func act[T any](method, path, id, say string, do func(c *call, in *T) error) route {
	return route{
		method: method, path: path, id: id, say: say, tag: tagPetition, write: true, versioned: true, status: http.StatusOK,
		in: reflect.TypeFor[T](),
		do: func(c *call) error {
			in := new(T)
			if err := c.read(in); err != nil {
				return err
			}
			return do(c, in)
		},
	}
}

func (rt route) gives(out any) route {
	rt.out = reflect.TypeOf(out)
	return rt
}

// makes is gives for a route that makes something: 201, and nothing it could have seen before.
func (rt route) makes(out any) route {
	rt.status, rt.versioned = http.StatusCreated, strings.Contains(rt.path, "{id}")
	return rt.gives(out)
}

func (rt route) of(tag string) route {
	rt.tag = tag
	return rt
}

// look is a route that reads one thing with its version.
func look(path, id, say string, out any, do func(c *call) error) route {
	return route{method: "GET", path: path, id: id, say: say, tag: tagReading, versioned: true, status: http.StatusOK, out: reflect.TypeOf(out), do: do}
}

// list is a route that reads several.
func list(path, id, say string, out any, do func(c *call) error, query ...filter.Condition) route {
	return route{method: "GET", path: path, id: id, say: say, tag: tagReading, status: http.StatusOK, out: reflect.TypeOf(out), query: query, do: do}
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
