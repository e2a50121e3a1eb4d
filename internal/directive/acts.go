package directive

import (
	"lienthong/internal/access"
	"lienthong/internal/org"
)

var (
	byOffice  = []access.Grant{{Of: access.Overseer, Roles: []org.Role{org.Desk, org.Head, org.Leader}}}
	byDecider = []access.Grant{{Of: access.Overseer, Roles: []org.Role{org.Leader}}}
	byLead    = []access.Grant{{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head}, Directed: true}}
	byHeads   = []access.Grant{{Of: access.Lead, Roles: []org.Role{org.Leader, org.Head}}}
)

// The acts and who may do them. Steps of papers are signoff's.
var (
	actTake    = access.Act{Name: "directive.take", Say: "nhập văn bản chỉ đạo, điều hành", By: byOffice}
	actEdit    = access.Act{Name: "directive.edit", Say: "sửa đề xuất nhiệm vụ", By: byOffice}
	actConfirm = access.Act{Name: "directive.confirm", Say: "xác nhận đọc đúng văn bản", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Desk}}}}
	actRelease = access.Act{Name: "directive.release", Say: "ban hành nhiệm vụ", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Head, org.Leader}}}}
	actPropose = access.Act{Name: "directive.propose", Say: "đề xuất nội dung văn bản chưa nêu", By: byOffice}
	actDecide  = access.Act{Name: "directive.decide", Say: "quyết định nội dung văn bản chưa nêu", By: byDecider}

	actRegister = access.Act{Name: "assignment.register", Say: "vào sổ nhiệm vụ", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Clerk, org.Leader, org.Head}}}}
	actProgress   = access.Act{Name: "assignment.progress", Say: "báo cáo tiến độ nhiệm vụ này", By: byLead}
	actSubmit     = access.Act{Name: "assignment.submit", Say: "báo cáo kết quả nhiệm vụ này", By: byLead}
	actCoordinate = access.Act{Name: "assignment.coordinate", Say: "phân việc phối hợp của nhiệm vụ này", By: byLead}
	actExtend     = access.Act{Name: "assignment.extend", Say: "xin gia hạn nhiệm vụ này", By: byHeads}
	actSub        = access.Act{Name: "assignment.sub", Say: "giao tiếp một phần nhiệm vụ này", By: byHeads}
	actReport     = access.Act{Name: "assignment.breach", Say: "báo cáo việc không thực hiện trách nhiệm", By: byHeads}
	actPart       = access.Act{Name: "assignment.part", Say: "báo phần việc phối hợp", By: []access.Grant{
		{Of: access.Coordinating, Roles: []org.Role{org.Leader, org.Head, org.Specialist}, Directed: true},
		{Of: access.Requested, Roles: []org.Role{org.Leader, org.Head, org.Specialist}}}}
	actAccept = access.Act{Name: "assignment.accept", Say: "công nhận hoặc trả lại kết quả nhiệm vụ", By: byOffice}
	actDate   = access.Act{Name: "assignment.date", Say: "đặt hạn cho nhiệm vụ", By: byOffice}
	actGrant  = access.Act{Name: "assignment.grant", Say: "quyết định đề nghị gia hạn", By: []access.Grant{
		{Of: access.Overseer, Roles: []org.Role{org.Leader, org.Head}}}}
	actForm     = access.Act{Name: "assignment.form", Say: "quyết định hình thức phối hợp", By: byDecider}
	actHand     = access.Act{Name: "assignment.hand", Say: "chuyển nhiệm vụ sang đơn vị khác", By: byOffice}
	actTakeOver = access.Act{Name: "assignment.takeover", Say: "trực tiếp chỉ đạo nhiệm vụ này", By: byDecider}
	actOversee  = access.Act{Name: "assignment.oversee", Say: "đôn đốc nhiệm vụ này", By: byOffice}
	actExplain  = access.Act{Name: "assignment.explain", Say: "yêu cầu giải trình", By: byOffice}
)
