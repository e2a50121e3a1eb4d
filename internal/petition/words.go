package petition

// States are the states as screens and papers name them.
var States = map[string]string{
	Draft:    "Đang soạn",
	Received: "Mới đến",
	Directed: "Đang xử lý",
	Answered: "Đã trả lời, xã chưa xác nhận",
	Settled:  "Đã giải quyết",
	Reopened: "Chưa giải quyết được, trả lời tiếp",
	Returned: "Đã trả lại xã",
}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"petition.raised":            "Xã nêu kiến nghị",
	"petition.answered":          "Trả lời kiến nghị",
	"petition.reported":          "Báo tiếp kết quả xử lý",
	"petition.settled":           "Xã xác nhận đã giải quyết được",
	"petition.unsettled":         "Xã cho biết chưa giải quyết được",
	"petition.forwarded":         "Chuyển sang đơn vị khác",
	"petition.contested":         "Đề nghị Văn phòng xác định cơ quan chủ trì",
	"petition.assigned":          "Văn phòng chỉ định cơ quan chủ trì",
	"petition.kept":              "Văn phòng giữ nguyên cơ quan chủ trì",
	"petition.returned":          "Trả lại xã",
	"petition.asked":             "Hỏi lại xã",
	"petition.clarified":         "Xã trả lời câu hỏi",
	"petition.split":             "Hỏi ý kiến đơn vị phối hợp",
	"petition.contributed":       "Đơn vị phối hợp góp ý",
	"petition.missed":            "Quá hạn, chưa xong",
	"petition.urged":             "Đôn đốc",
	"petition.explanation_asked": "Yêu cầu giải trình",
	"petition.explained":         "Giải trình",
	"duty.moved":                 "Hạn tính lại do lịch làm việc thay đổi",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"petition.arrived":           "Có kiến nghị mới đến đơn vị",
	"petition.answered":          "Sở, ngành đã trả lời kiến nghị; xã cho biết đã giải quyết được chưa",
	"petition.reported":          "Sở, ngành báo tiếp kết quả xử lý",
	"petition.settled":           "Xã xác nhận đã giải quyết được",
	"petition.unsettled":         "Xã cho biết chưa giải quyết được; cần trả lời tiếp",
	"petition.forwarded":         "Kiến nghị của xã đã được chuyển sang đơn vị khác",
	"petition.assigned":          "Văn phòng đã chỉ định cơ quan chủ trì",
	"petition.contested":         "Chờ xác định cơ quan chủ trì",
	"petition.returned":          "Kiến nghị được trả lại, kèm căn cứ và lý do",
	"petition.asked":             "Sở, ngành hỏi lại xã",
	"petition.clarified":         "Xã đã trả lời câu hỏi",
	"petition.split":             "Đơn vị chủ trì hỏi ý kiến phần việc của đơn vị",
	"petition.contributed":       "Đơn vị phối hợp đã góp ý",
	"petition.missed":            "Việc đã quá hạn mà chưa xong",
	"petition.urged":             "Cơ quan theo dõi đôn đốc",
	"petition.due_soon":          "Việc sắp đến hạn",
	"petition.explanation_asked": "Được yêu cầu giải trình",
	"petition.explained":         "Đơn vị đã giải trình",
}
