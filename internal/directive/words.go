package directive

import "lienthong/internal/org"

// States are the states of directives and assignments as screens name them.
var States = map[string]string{
	Drafting: "Đang soạn thảo", Proposed: "Chờ xác nhận", Confirmed: "Chờ ban hành nhiệm vụ", Releasing: "Đang ban hành nhiệm vụ",
	Released: "Đã ban hành nhiệm vụ", Withdrawn: "Đã rút",
	Open: "Đang thực hiện", Submitted: "Chờ công nhận kết quả", Accepted: "Đã hoàn thành", Ended: "Thôi thực hiện",
}

// ProposalStates are the states of a proposal as screens name them.
var ProposalStates = map[ProposalState]string{
	IsProposed: "máy đề xuất", IsEdited: "đã sửa", IsAdded: "người thêm", IsSplit: "đã tách", IsMerged: "đã gộp", IsDropped: "đã bỏ",
}

// Urgencies are the degrees of urgency as screens name them.
var Urgencies = map[Urgency]string{Normal: "Thường", Urgent: "Khẩn", Flash: "Hoả tốc"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"directive.received": "Tiếp nhận văn bản chỉ đạo, điều hành", "directive.drafted": "Bắt đầu soạn văn bản giao nhiệm vụ",
	"directive.reread": "Đọc lại văn bản", "directive.described": "Sửa thông tin văn bản", "directive.proposal": "Sửa đề xuất nhiệm vụ",
	"directive.lead_proposed": "Đề xuất phân công nội dung văn bản chưa nêu", "directive.decided": "Quyết định nội dung văn bản chưa nêu",
	"directive.confirmed": "Xác nhận đọc đúng văn bản", "directive.sent_back": "Trả lại người xác nhận",
	"directive.releasing": "Quyết định ban hành nhiệm vụ", "directive.released": "Ban hành nhiệm vụ", "directive.withdrawn": "Rút văn bản",
	"directive.signed": "Ký, phát hành văn bản giao nhiệm vụ", "directive.second_asked": "Gửi văn bản cho người đọc thứ hai (mô hình ngôn ngữ)",
	"directive.second_read":  "Người đọc thứ hai trả lời",
	"directive.series_ended": "Cho thôi nhiệm vụ định kỳ", "directive.series_handed": "Chuyển đơn vị thực hiện nhiệm vụ định kỳ",

	"assignment.opened": "Giao nhiệm vụ", "assignment.due_again": "Đến kỳ thực hiện nhiệm vụ", "assignment.named": "Cử người thực hiện",
	"assignment.progressed": "Báo cáo tiến độ", "assignment.difficulty": "Nêu khó khăn, vướng mắc", "assignment.linked": "Gắn kiến nghị với khó khăn đã nêu",
	"assignment.submitted": "Báo cáo kết quả", "assignment.accepted": "Công nhận hoàn thành", "assignment.returned": "Trả lại, chưa hoàn thành",
	"assignment.extension_asked": "Xin gia hạn", "assignment.extended": "Cho gia hạn", "assignment.extension_refused": "Không cho gia hạn",
	"assignment.dated": "Đặt hạn", "assignment.settled": "Đối chiếu với bảng theo dõi của tỉnh", "assignment.handed": "Chuyển đơn vị thực hiện", "assignment.taken_over": "Trực tiếp chỉ đạo, giải quyết",
	"assignment.sub_assigned": "Giao tiếp một phần", "assignment.coordinators": "Xác định đơn vị phối hợp", "assignment.list_reported": "Báo cáo danh sách đơn vị phối hợp",
	"assignment.parts": "Phân việc cho đơn vị phối hợp", "assignment.contributed": "Phối hợp thực hiện", "assignment.part_urged": "Đôn đốc đơn vị phối hợp",
	"assignment.replied": "Cơ quan được đề nghị trả lời", "assignment.form_asked": "Đề xuất hình thức phối hợp", "assignment.form_decided": "Quyết định hình thức phối hợp",
	"assignment.urged": "Đôn đốc", "assignment.breach": "Báo cáo đơn vị không thực hiện trách nhiệm", "assignment.explanation_asked": "Yêu cầu giải trình",
	"assignment.explained": "Giải trình", "assignment.missed": "Quá hạn", "assignment.ended": "Thôi thực hiện nhiệm vụ",
	"assignment.follows": "Phần việc theo đơn vị chủ trì mới",
}

// Shapes name what was done to proposals, by the fact "what" of "directive.proposal".
var Shapes = map[string]string{"edited": "Sửa một đề xuất nhiệm vụ", "split": "Tách một đề xuất nhiệm vụ", "merged": "Gộp các đề xuất nhiệm vụ",
	"dropped": "Bỏ một đề xuất nhiệm vụ", "added": "Thêm một nhiệm vụ"}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"directive.confirmed": "Có văn bản chờ ban hành nhiệm vụ", "directive.sent_back": "Văn bản được trả lại để xem lại các đề xuất nhiệm vụ",
	"directive.open_question": "Có nội dung văn bản chưa nêu, chờ quyết định", "directive.decided": "Nội dung văn bản chưa nêu đã được quyết định", "directive.released": "Có văn bản chỉ đạo giao nhiệm vụ cho đơn vị",
	"assignment.given": "Đơn vị được giao nhiệm vụ", "assignment.submitted": "Có kết quả nhiệm vụ chờ kiểm tra",
	"assignment.accepted": "Kết quả nhiệm vụ đã được công nhận", "assignment.returned": "Nhiệm vụ bị trả lại, chưa hoàn thành",
	"assignment.touched": "Kết quả nhiệm vụ liên quan đến đơn vị", "assignment.difficulty": "Đơn vị nêu khó khăn khi thực hiện nhiệm vụ",
	"assignment.extension_asked": "Có đề nghị gia hạn chờ quyết định", "assignment.extension_decided": "Đề nghị gia hạn đã được quyết định",
	"assignment.dated": "Nhiệm vụ đã được đặt hạn", "assignment.handed": "Nhiệm vụ được chuyển đến đơn vị", "assignment.taken_over": "Nhiệm vụ được cấp trên trực tiếp chỉ đạo",
	"assignment.list": "Có danh sách đơn vị phối hợp", "assignment.part": "Đơn vị được phân việc phối hợp", "assignment.contributed": "Đơn vị phối hợp đã gửi phần việc",
	"assignment.urged": "Nhiệm vụ được đôn đốc", "assignment.breach": "Có báo cáo đơn vị không thực hiện trách nhiệm", "assignment.explanation_asked": "Đơn vị được yêu cầu giải trình",
	"assignment.explained": "Đơn vị đã giải trình", "assignment.missed": "Nhiệm vụ quá hạn", "assignment.due_soon": "Nhiệm vụ sắp đến hạn",
	"assignment.form": "Có đề xuất hình thức phối hợp", "assignment.form_decided": "Hình thức phối hợp đã được quyết định",
	"assignment.follows": "Đơn vị giao phần việc đã thay đổi", "assignment.ended": "Nhiệm vụ thôi thực hiện",
	"assignment.series_ended": "Nhiệm vụ định kỳ thôi thực hiện", "assignment.series_handed": "Nhiệm vụ định kỳ được chuyển đến đơn vị",
}

// leaders is the role to whom most notices go.
const leaders = org.Leader
