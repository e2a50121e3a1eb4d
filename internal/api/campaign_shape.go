package api

// campaignLine is a campaign in a list.
type campaignLine struct {
	ID        string `json:"id"`
	Code      string `json:"code" doc:"mã theo dõi"`
	Title     string `json:"title"`
	State     string `json:"state" doc:"collecting, session, answered hoặc closed"`
	Number    string `json:"number" doc:"số, ký hiệu văn bản yêu cầu"`
	Until     string `json:"until" doc:"thời điểm đầu tiên không nhận nữa, RFC 3339"`
	SessionAt string `json:"session_at" doc:"giờ họp đã định; rỗng là chưa định"`
	BegunAt   string `json:"begun_at" doc:"lúc họp thật sự bắt đầu"`
	EndedAt   string `json:"ended_at" doc:"lúc họp kết thúc"`
}

// campaignOut is a campaign as this officer may see it.
type campaignOut struct {
	campaignLine
	IssuedOn string            `json:"issued_on"`
	Groups   []themeItem       `json:"groups" doc:"nhóm vấn đề, theo thứ tự chương trình"`
	Communes []campaignCommune `json:"communes" doc:"tiến độ theo xã, phường"`
	Units    []campaignUnit    `json:"units" doc:"tiến độ theo cơ quan trả lời"`
	Version  int64             `json:"version" doc:"phiên bản, cũng là ETag"`
}

type themeItem struct {
	N       int64        `json:"n" doc:"số của nhóm"`
	Title   string       `json:"title"`
	Lead    string       `json:"lead" doc:"cơ quan trả lời"`
	Items   int64        `json:"items" doc:"số nội dung"`
	Open    bool         `json:"open" doc:"còn chờ câu trả lời hoặc báo tiếp"`
	Answers []themeGiven `json:"answers" doc:"cũ trước; câu cuối đang có giá trị"`
}

type themeGiven struct {
	N         int64  `json:"n"`
	Speaker   string `json:"speaker"`
	Outcome   string `json:"outcome"`
	Text      string `json:"text"`
	Number    string `json:"number"`
	NextOn    string `json:"next_on" doc:"ngày báo tiếp"`
	InSession bool   `json:"in_session"`
	Holds     bool   `json:"holds" doc:"đang có giá trị"`
	At        string `json:"at"`
}

type campaignCommune struct {
	Unit      string `json:"unit"`
	Items     int64  `json:"items"`
	Waiting   int64  `json:"waiting" doc:"chờ xã xác nhận"`
	Grouped   int64  `json:"grouped"`
	Told      int64  `json:"told" doc:"đã trả lời, xã chưa cho biết"`
	Settled   int64  `json:"settled"`
	Unsettled int64  `json:"unsettled"`
}

type campaignUnit struct {
	Unit        string `json:"unit"`
	Groups      int64  `json:"groups"`
	Items       int64  `json:"items"`
	Explanation string `json:"explanation" doc:"rỗng: chưa yêu cầu; open, met"`
	DueAt       string `json:"due_at" doc:"thời điểm đầu tiên là muộn"`
	Late        bool   `json:"late"`
	Answered    int64  `json:"answered"`
	Open        int64  `json:"open"`
}

// campaignItemOut is one item.
type campaignItemOut struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	Campaign string `json:"campaign"`
	Commune  string `json:"commune"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Team     string `json:"team" doc:"tổ công tác đã nhập thay; rỗng: xã nhập"`
	State    string `json:"state" doc:"entered, confirmed, refused, told, settled hoặc unsettled"`
	Group    int64  `json:"group" doc:"số của nhóm; 0: chưa xếp"`
	Lead     string `json:"lead"`
	Petition string `json:"petition" doc:"kiến nghị đã chuyển thành"`
	Version  int64  `json:"version"`
}

type campaignSuggestion struct {
	Title string            `json:"title"`
	Items []campaignItemOut `json:"items"`
}

// What the acts take.
type campaignIn struct {
	Title    string   `json:"title"`
	Number   string   `json:"number" doc:"số, ký hiệu văn bản yêu cầu"`
	IssuedOn string   `json:"issued_on" doc:"ngày văn bản, 2006-01-02"`
	Until    string   `json:"until" doc:"thời điểm đầu tiên không nhận nữa, RFC 3339"`
	Communes []string `json:"communes,omitempty" doc:"bỏ trống: mọi xã, phường"`
	Text     string   `json:"text,omitempty"`
}

type campaignMoveIn struct {
	Until string `json:"until" doc:"RFC 3339"`
}

type campaignMemberIn struct {
	Officer string `json:"officer"`
	Team    string `json:"team" doc:"tên tổ công tác"`
}

type campaignItemIn struct {
	Commune string `json:"commune,omitempty"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Field   string `json:"field,omitempty"`
}

type campaignGroupIn struct {
	Title string   `json:"title"`
	Lead  string   `json:"lead" doc:"cơ quan trả lời"`
	Items []string `json:"items" doc:"mã hồ sơ của các nội dung xã đã xác nhận"`
}

type campaignPutIn struct {
	Group int64    `json:"group" doc:"số của nhóm; 0: ra khỏi nhóm"`
	Items []string `json:"items"`
}

type campaignOrderIn struct {
	Order []int64 `json:"order" doc:"số của mọi nhóm, theo thứ tự mới"`
}

type campaignAskIn struct {
	Units    []string `json:"units,omitempty" doc:"bỏ trống: mọi cơ quan chủ trì chưa được yêu cầu"`
	By       string   `json:"by" doc:"giờ nêu trong văn bản, RFC 3339; đúng giờ ấy có muộn hay không là do quy chế"`
	Number   string   `json:"number"`
	IssuedOn string   `json:"issued_on"`
	Text     string   `json:"text,omitempty"`
}

type campaignPlanIn struct {
	At string `json:"at" doc:"giờ họp, RFC 3339"`
}

type campaignBeginIn struct {
	Reason string `json:"reason,omitempty" doc:"vì sao họp trước giờ đã định; chỉ cần khi họp sớm"`
}

type campaignAnswerIn struct {
	Group   int64  `json:"group"`
	Speaker string `json:"speaker,omitempty" doc:"ai trả lời; bắt buộc trong phiên họp"`
	Outcome string `json:"outcome" doc:"resolved, guided, in_progress hoặc referred_up"`
	Text    string `json:"text"`
	Number  string `json:"number,omitempty" doc:"văn bản kèm theo"`
	NextOn  string `json:"next_on,omitempty" doc:"ngày báo tiếp khi việc còn mở"`
}

type campaignConfirmIn struct {
	Accept bool   `json:"accept"`
	Title  string `json:"title,omitempty" doc:"sửa lại"`
	Text   string `json:"text,omitempty" doc:"sửa lại"`
	Reason string `json:"reason,omitempty" doc:"vì sao không phải của xã"`
}

type campaignRaiseIn struct {
	Field string `json:"field"`
	Tried string `json:"tried" doc:"xã đã tự làm gì"`
}
