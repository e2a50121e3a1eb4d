package web

import (
	"strings"

	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// keyNames are the rule keys in the office's words, where no duty names them.
var keyNames = map[string]string{
	petition.MustRaise: "Nêu kiến nghị", "petition.forward": "Chuyển kiến nghị sang đơn vị khác", "petition.remind": "Nhắc trước hạn",
	"petition.return": "Căn cứ trả lại kiến nghị", "petition.breach": "Báo cáo khi đơn vị chậm trả lời", regulation.RouteKey: "Lĩnh vực về cơ quan nào",
	regulation.AmendKey: "Kiến nghị sửa đổi quy chế", petition.MustOversee: "Theo dõi, đôn đốc việc trả lời",
}

// keyName is what a rule is about, in the office's words.
func keyName(key string) string {
	if name, ok := keyNames[key]; ok {
		return name
	}
	if k, ok := dutyKinds()[key]; ok {
		return k.Say
	}
	return key
}

// paramNames and wordNames put parameters and words of rules into the office's words.
var (
	paramNames = map[string]string{"limit": "Thời hạn", "from": "Tính từ", "met_by": "Xong khi", "overseers": "Cơ quan theo dõi, đôn đốc",
		"restart_on_forward": "Chuyển đơn vị khác thì tính lại hạn", "breach": "Hậu quả khi chậm", "tried": "Phải nêu việc xã đã xử lý",
		"who": "Ai cho biết", "role": "Cơ quan", "contested": "Khi có ý kiến khác, ai xác định chủ trì", "hole": "Lĩnh vực quy chế chưa nêu thì về",
		"by": "Ai được yêu cầu", "before": "Nhắc trước", "office_hours": "Chỉ nhắc trong giờ làm việc", "grounds": "Các căn cứ", "to": "Gửi đến", "through": "Gửi qua"}
	wordNames = map[string]string{"true": "có", "false": "không", "first-arrival": "lúc việc đến sở, ngành đầu tiên", "release": "đơn vị phát hành văn bản",
		"none": "quy chế không nêu", "report": "báo cáo", "raiser": "đơn vị kiến nghị"}
)

// timeWords puts the words of clauses' times into the office's; what a text implies
// without saying it is marked.
var timeWords = map[string]string{
	"none": "không nêu hạn", "promptly": "kịp thời", "urgently (no number)": "khẩn trương", "soon (no number)": "sớm", "regularly": "thường xuyên",
	"continuing": "thường xuyên", "daily": "hằng ngày", "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "6-monthly": "6 tháng",
	"yearly": "hằng năm", "Dec 5 yearly": "trước 05/12 hằng năm", "Dec 31 yearly": "trước 31/12 hằng năm", "every Friday 12:00": "trước 12:00 thứ Sáu hằng tuần",
	"weekly, after Friday 12:00": "hằng tuần, sau 12:00 thứ Sáu",
	"per plan":                   "theo kế hoạch", "on request": "khi có yêu cầu", "on issue": "khi ban hành", "on occurrence": "khi phát sinh", "or on occurrence": "hoặc khi phát sinh",
	"on registration": "khi đăng ký", "on settlement": "khi giải quyết xong", "by law": "theo pháp luật", "by rule": "theo quy định",
	"set by lead unit": "do đơn vị chủ trì đặt", "set by lead unit or Standing leadership": "do đơn vị chủ trì hoặc Thường trực đặt",
	"set by head of group": "do trưởng đoàn đặt", "set time limit": "theo thời hạn được giao", "deadline": "theo thời hạn được giao", "before the deadline": "trước hạn",
	"procedure time limit": "theo thời hạn của thủ tục", "time limit of the work item": "theo thời hạn của công việc", "after comment deadline": "sau hạn góp ý",
	"before implementation": "trước khi thực hiện", "before submission": "trước khi trình", "before the process": "trước khi thực hiện quy trình",
	"before the session": "trước phiên họp", "before the absence": "trước khi vắng mặt", "before the request is sent": "trước khi gửi yêu cầu",
	"at publication": "khi công bố", "meeting time": "đúng giờ họp", "when the delay is known": "khi biết sẽ chậm",
	"minimum lead time (not stated)": "trước một thời gian (không nêu số)", "periodic": "định kỳ", "periodic (interval not stated)": "định kỳ (không nêu kỳ)",
}

// unitWords names the units of a limit's token, as clauses write them.
var unitWords = map[string]string{"WD": " ngày làm việc", "D": " ngày"}

// deadlineWords puts a clause's time, such as "P7WD after trigger", into words.
func deadlineWords(token string) string {
	var parts []string
	for part := range strings.SplitSeq(token, ";") {
		part = strings.TrimSpace(part)
		implied := ""
		if bare, ok := strings.CutPrefix(part, "implied: "); ok {
			part, implied = bare, " (hiểu từ ngữ cảnh)"
		}
		parts = append(parts, timeWord(part)+implied)
	}
	return strings.Join(parts, "; ")
}

// timeWord is one part of a clause's time; what no one foresaw sends the reader to the text.
func timeWord(part string) string {
	if words, ok := timeWords[part]; ok {
		return words
	}
	if len(part) >= len("2006-01-02") {
		if d, err := workday.ParseDate(part[:10]); err == nil {
			if clock := strings.TrimSpace(part[10:]); clock != "" {
				return clock + " ngày " + d.Long()
			}
			return "ngày " + d.Long()
		}
	}
	if num, ok := strings.CutPrefix(strings.TrimSuffix(part, " after trigger"), "P"); ok {
		if i := strings.IndexFunc(num, func(r rune) bool { return r < '0' || r > '9' }); i > 0 && unitWords[num[i:]] != "" {
			return num[:i] + unitWords[num[i:]]
		}
	}
	if all := strings.Split(part, ", "); len(all) > 1 {
		for i := range all {
			all[i] = timeWord(all[i])
		}
		return strings.Join(all, ", ")
	}
	return "theo văn bản"
}
