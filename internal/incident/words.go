package incident

// The kinds of incident that rules may name.
const (
	Disaster       = "natural-disaster"
	Epidemic       = "epidemic"
	Environment    = "environment"
	Security       = "security"
	Defence        = "defence"
	Infrastructure = "infrastructure"
	Development    = "development"
	Common         = "common"
)

// Types are the kinds of incident in the order of forms.
var Types = []string{Disaster, Epidemic, Environment, Infrastructure, Development, Common, Security, Defence}

// TypeSay names the kinds as screens and papers do.
var TypeSay = map[string]string{
	Disaster:       "Thiên tai",
	Epidemic:       "Dịch bệnh",
	Environment:    "Sự cố môi trường",
	Infrastructure: "Hạ tầng giao thông liên xã",
	Development:    "Phát triển kinh tế - xã hội liên xã",
	Common:         "Việc chung, việc liên xã khác",
	Security:       "Sự cố an ninh",
	Defence:        "Việc quốc phòng",
}

// SealedSay is all that an incident of a sealed kind says.
const SealedSay = "Đã báo cáo bằng văn bản theo đường mật"

// States are the states as screens and papers name them.
var States = map[string]string{Drafting: "Báo cáo đang trình ký", Open: "Đang xử lý", Ended: "Đã kết thúc, chờ rút kinh nghiệm", Reviewed: "Đã rút kinh nghiệm"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"incident.reported":  "Báo cáo đột xuất",
	"incident.confirmed": "Lãnh đạo xác nhận báo cáo gửi từ hiện trường",
	"incident.widened":   "Thêm đơn vị vào hồ sơ sự cố",
	"incident.situation": "Báo tình hình",
	"incident.asked":     "Đề nghị nguồn lực",
	"incident.given":     "Đáp ứng nguồn lực",
	"incident.declined":  "Không đáp ứng được nguồn lực",
	"incident.decided":   "Quyết định",
	"incident.done":      "Báo kết quả thực hiện quyết định",
	"incident.linked":    "Nối việc khác vào sự cố",
	"incident.demanded":  "Yêu cầu báo tình hình",
	"incident.missed":    "Quá hạn, chưa xong",
	"incident.urged":     "Đôn đốc",
	"incident.ended":     "Kết thúc xử lý sự cố",
	"incident.reopened":  "Mở lại hồ sơ sự cố",
	"incident.reviewed":  "Rút kinh nghiệm",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"incident.reported":  "Có báo cáo đột xuất về sự cố; đơn vị chủ trì xử lý",
	"incident.spot":      "Có báo cáo đột xuất gửi từ hiện trường, chờ lãnh đạo xác nhận",
	"incident.joined":    "Đơn vị được đưa vào hồ sơ sự cố liên xã; báo tình hình trên địa bàn",
	"incident.situation": "Có báo cáo tình hình mới của sự cố",
	"incident.asked":     "Có đề nghị nguồn lực cho sự cố",
	"incident.answered":  "Đề nghị nguồn lực đã được trả lời",
	"incident.decided":   "Có quyết định xử lý sự cố giao đơn vị và người thực hiện",
	"incident.done":      "Quyết định xử lý sự cố đã có kết quả",
	"incident.demanded":  "Được yêu cầu báo tình hình sự cố",
	"incident.missed":    "Việc xử lý sự cố đã quá hạn mà chưa xong",
	"incident.due_soon":  "Việc xử lý sự cố sắp đến hạn",
	"incident.urged":     "Được đôn đốc xử lý sự cố",
	"incident.ended":     "Sự cố đã kết thúc; chờ rút kinh nghiệm",
	"incident.reopened":  "Hồ sơ sự cố được mở lại; tiếp tục xử lý",
	"incident.reviewed":  "Đã có rút kinh nghiệm của sự cố",
}
