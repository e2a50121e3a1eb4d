package extract

import (
	"strings"
	"testing"
)

// headOf letters of 10/01/2026, for the tables below: what is tried is the body.
const paperHead = `UBND TỈNH PHÚ THỌ            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 15/UBND-TH                    Phú Thọ, ngày 10 tháng 01 năm 2026

Kính gửi:
- Các sở, ban, ngành;
- UBND các xã, phường.

UBND tỉnh yêu cầu các cơ quan, đơn vị thực hiện các nội dung sau:

`

// told is what a body gives to whom by when: "1: Sở Y tế > 2026-01-25", the words of a limit
// that is no day in brackets, one task a line.
func told(body string) string {
	var out []string
	for _, p := range Text(paperHead + body + "\n").Tasks {
		s := p.Clause + ": " + strings.Join(p.Lead, " + ")
		switch {
		case p.Deadline != nil:
			s += " > " + *p.Deadline
		case p.Recurrence != nil:
			s += " > " + *p.Recurrence
		}
		if p.Deadline == nil && p.DeadlineText != nil {
			s += " (" + *p.DeadlineText + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func sameTold(t *testing.T, cases map[string]string) {
	t.Helper()
	for body, want := range cases {
		if got := told(body); got != want {
			t.Errorf("%s\n  read:   %s\n  wanted: %s", body, strings.ReplaceAll(got, "\n", "\n          "), strings.ReplaceAll(want, "\n", "\n          "))
		}
	}
}

// A time may stand before the body that is told, with a comma behind it or without.
func TestTimeBeforeTheLead(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Trước ngày 25/01/2026, Sở Y tế báo cáo kết quả kiểm tra các cơ sở khám bệnh.":                           "1: Sở Y tế > 2026-01-25",
		"1. Trước ngày 25/01/2026 Sở Y tế báo cáo kết quả kiểm tra các cơ sở khám bệnh.":                            "1: Sở Y tế > 2026-01-25",
		"1. Trong quý II/2026, yêu cầu Sở Xây dựng rà soát quy hoạch các khu dân cư.":                               "1: Sở Xây dựng > 2026-06-30",
		"1. Trong quý II/2026 yêu cầu Sở Xây dựng rà soát quy hoạch các khu dân cư.":                                "1: Sở Xây dựng > 2026-06-30",
		"1. Định kỳ hằng quý, Sở Tài chính tổng hợp tình hình giải ngân, báo cáo UBND tỉnh.":                        "1: Sở Tài chính > quarterly (Định kỳ hằng quý)",
		"1. Đến 16 giờ 00 ngày 20/01/2026, Sở Nội vụ gửi danh sách về Văn phòng UBND tỉnh.":                         "1: Sở Nội vụ > 2026-01-20T16:00",
		"1. Trước 16h00 ngày 20/01/2026 Sở Nội vụ gửi danh sách về Văn phòng UBND tỉnh.":                            "1: Sở Nội vụ > 2026-01-20T16:00",
		"1. Chậm nhất ngày 31/3/2026, UBND xã Thu Cúc hoàn thành việc kiểm kê đất đai.":                             "1: UBND xã Thu Cúc > 2026-03-31",
		"1. Chậm nhất đến ngày 31/3/2026, giao UBND xã Thu Cúc hoàn thành việc kiểm kê đất đai.":                    "1: UBND xã Thu Cúc > 2026-03-31",
		"1. Trước ngày 25/01/2026, các sở, ban, ngành gửi báo cáo tự kiểm tra về Sở Nội vụ.":                        "1: các sở, ban, ngành > 2026-01-25",
		"1. Thứ Sáu hằng tuần, Văn phòng UBND tỉnh tổng hợp kết quả xử lý kiến nghị.":                               "1: Văn phòng UBND tỉnh > weekly on T6 (Thứ Sáu hằng tuần)",
		"1. Trước ngày 15 hằng tháng, Sở Công Thương báo cáo tình hình cung cầu hàng hóa.":                          "1: Sở Công Thương > monthly on 15 (Trước ngày 15 hằng tháng)",
		"1. Hằng tháng, Sở Y tế báo cáo kết quả tiêm chủng trước ngày 20.":                                          "1: Sở Y tế > monthly on 20 (Hằng tháng, Sở Y tế báo cáo kết quả tiêm chủng trước ngày 20)",
		"1. Hằng tháng, trước ngày 20, Sở Y tế báo cáo kết quả tiêm chủng.":                                         "1: Sở Y tế > monthly on 20 (Hằng tháng, trước ngày 20)",
		"1. Yêu cầu trước ngày 25/01/2026, các đơn vị nộp hồ sơ quyết toán về Sở Tài chính.":                        "1: các đơn vị > 2026-01-25",
		"1. Để kịp chuẩn bị kỳ họp, trước ngày 25/01/2026, Sở Tư pháp gửi ý kiến thẩm định dự thảo nghị quyết.":     "1: Sở Tư pháp > 2026-01-25",
		"1. Đồng thời, trong tháng 02/2026 Công an tỉnh mở đợt cao điểm tấn công trấn áp tội phạm.":                 "1: Công an tỉnh > 2026-02-28",
		"1. Chậm nhất ngày 20/01/2026 (thứ Ba), Sở Nội vụ trình dự thảo quyết định.":                                "1: Sở Nội vụ > 2026-01-20",
		"1. Sở Y tế rà soát các trạm y tế. Trước ngày 25/01/2026, Sở Tài chính bố trí kinh phí sửa chữa.":           "1: Sở Y tế\n1: Sở Tài chính > 2026-01-25",
		"1. Giao Sở Y tế rà soát các trạm y tế; trước ngày 25/01/2026, Sở Tài chính bố trí kinh phí sửa chữa.":      "1: Sở Y tế\n1: Sở Tài chính > 2026-01-25",
		"1. Sở Y tế:\n- Trước ngày 25/01/2026, rà soát thuốc dự trữ tại các bệnh viện.\n- Lập kế hoạch tiêm chủng.": "1.-1: Sở Y tế > 2026-01-25\n1.-2: Sở Y tế",
		"Trước ngày 25/01/2026, Sở Y tế báo cáo UBND tỉnh kết quả kiểm tra các cơ sở khám bệnh.":                    "body: Sở Y tế > 2026-01-25",
	})
}

// One sentence that tells two bodies is two tasks, each with the time of its own part.
func TestTwoBodiesOfOneSentence(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Y tế rà soát thuốc dự trữ trước ngày 25/01/2026; đồng thời giao Sở Tài chính bố trí kinh phí trước ngày 15/02/2026.":         "1: Sở Y tế > 2026-01-25\n1: Sở Tài chính > 2026-02-15",
		"1. Giao Sở Y tế rà soát thuốc dự trữ trước ngày 25/01/2026, đồng thời giao Sở Tài chính bố trí kinh phí trước ngày 15/02/2026.":    "1: Sở Y tế > 2026-01-25\n1: Sở Tài chính > 2026-02-15",
		"1. Giao Sở Y tế rà soát thuốc dự trữ trước ngày 25/01/2026; đồng thời yêu cầu Sở Tài chính bố trí kinh phí trước ngày 15/02/2026.": "1: Sở Y tế > 2026-01-25\n1: Sở Tài chính > 2026-02-15",
		"1. Giao Sở Y tế rà soát thuốc dự trữ; đề nghị Công an tỉnh phối hợp bảo vệ các kho thuốc.":                                         "1: Sở Y tế\n1: Công an tỉnh",
		"1. Giám đốc Sở Y tế rà soát thuốc dự trữ. Đối với vắc xin, đề nghị Sở Tài chính bố trí kinh phí trước ngày 25/01/2026.":            "1: Giám đốc Sở Y tế\n1: Sở Tài chính > 2026-01-25",
		"1. Sở Y tế rà soát thuốc dự trữ; đề nghị Bộ Y tế hỗ trợ vắc xin.":                                                                  "1: Sở Y tế",
		"1. Sở Xây dựng kiểm tra công trình, đồng thời yêu cầu nhà thầu khắc phục hư hỏng.":                                                 "1: Sở Xây dựng",
	})
}

// What stands below a dash or behind the last item is read like any other item.
func TestNothingBelowOrBehindIsLost(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Y tế\n- Tổ chức thực hiện các nhiệm vụ sau:\n+ Rà soát thuốc dự trữ trước ngày 25/01/2026;\n+ Lập danh sách bác sĩ trực.\n- Báo cáo UBND tỉnh.":         "1.-1.+1: Sở Y tế > 2026-01-25\n1.-1.+2: Sở Y tế\n1.-2: Sở Y tế",
		"- Sở Y tế:\n+ Rà soát thuốc dự trữ trước ngày 25/01/2026;\n+ Lập danh sách bác sĩ trực.\n- Sở Nội vụ rà soát biên chế các trạm y tế.":                         "-1.+1: Sở Y tế > 2026-01-25\n-1.+2: Sở Y tế\n-2: Sở Nội vụ",
		"- Sở Y tế chủ trì rà soát thuốc dự trữ, trong đó tập trung vào:\n+ Kiểm tra kho thuốc của các bệnh viện trước ngày 25/01/2026;\n+ Lập danh sách bác sĩ trực.": "-1.+1: Sở Y tế > 2026-01-25\n-1.+2: Sở Y tế",
		"- Sở Y tế rà soát thuốc dự trữ tại các bệnh viện.\n+ Kiểm tra kho thuốc của các bệnh viện trước ngày 25/01/2026;\n+ Lập danh sách bác sĩ trực.":               "-1: Sở Y tế\n-1.+1: Sở Y tế > 2026-01-25\n-1.+2: Sở Y tế",
		"1. Sở Y tế rà soát thuốc dự trữ.\n2. Sở Nội vụ rà soát biên chế.\nĐề nghị Sở Tài chính bố trí kinh phí mua sắm thuốc trước ngày 25/01/2026.":                  "1: Sở Y tế\n2: Sở Nội vụ\n2.¶2: Sở Tài chính > 2026-01-25",
		"1. Sở Y tế rà soát thuốc dự trữ.\n2. Sở Nội vụ rà soát biên chế.\nĐề nghị Sở Tài chính bố trí kinh phí mua sắm thuốc cho các trạm y tế.":                      "1: Sở Y tế\n2: Sở Nội vụ\n2.¶2: Sở Tài chính",
		"1. Sở Y tế rà soát thuốc dự trữ.\n2. Sở Nội vụ rà soát biên chế.\nYêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện.":                               "1: Sở Y tế\n2: Sở Nội vụ",
	})
}

// Limits that are no day keep their words; those that are a day are read as one.
func TestWordsOfLimits(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Y tế báo cáo kết quả kiểm tra trong 07 ngày.":                                                     "1: Sở Y tế (trong 07 ngày)",
		"1. Sở Y tế trả lời trong thời hạn 07 ngày kể từ ngày nhận được văn bản này.":                            "1: Sở Y tế (trong thời hạn 07 ngày kể từ ngày nhận được văn bản này)",
		"1. Sở Y tế hoàn thành việc kiểm tra bếp ăn trước Tết Nguyên đán.":                                       "1: Sở Y tế (trước Tết Nguyên đán)",
		"1. Sở Y tế rà soát, báo cáo UBND tỉnh trong tuần này.":                                                  "1: Sở Y tế (trong tuần này)",
		"1. Sở Y tế trình kế hoạch tiêm chủng trong tuần đầu tháng 12/2026.":                                     "1: Sở Y tế > 2026-12-07",
		"1. Sở Y tế trình kế hoạch tiêm chủng trong tuần đầu tháng 12.":                                          "1: Sở Y tế (trong tuần đầu tháng 12)",
		"1. Sở Y tế trình kế hoạch tiêm chủng vào tuần cuối tháng 02/2026.":                                      "1: Sở Y tế > 2026-02-28",
		"1. Sở Y tế cập nhật dữ liệu tiêm chủng. Hạn cuối: 17 giờ 00, ngày 12/3/2026.":                           "1: Sở Y tế > 2026-03-12T17:00",
		"1. Sở Y tế công bố kết quả ngay sau khi kết thúc đợt kiểm tra.":                                         "1: Sở Y tế (ngay sau khi kết thúc đợt kiểm tra)",
		"1. Trong thời hạn 07 ngày kể từ ngày nhận được văn bản này, Sở Y tế trả lời cho công dân.":              "1: Sở Y tế (Trong thời hạn 07 ngày kể từ ngày nhận được văn bản này)",
		"1. Trước Tết Nguyên đán, Sở Y tế hoàn thành việc kiểm tra bếp ăn tập thể.":                              "1: Sở Y tế (Trước Tết Nguyên đán)",
		"1. Ngay sau khi nhận được Công văn này, Sở Y tế tổ chức kiểm tra bếp ăn tập thể.":                       "1: Sở Y tế (Ngay sau khi nhận được Công văn này)",
		"1. Sở Y tế gửi danh sách chậm nhất sau 05 ngày làm việc.":                                               "1: Sở Y tế (chậm nhất sau 05 ngày làm việc)",
		"1. Sở Y tế báo cáo trước ngày 20 của tháng cuối quý.":                                                   "1: Sở Y tế (trước ngày 20 của tháng cuối quý)",
		"1. Sở Y tế cập nhật số liệu định kỳ 10 ngày một lần.":                                                   "1: Sở Y tế (định kỳ 10 ngày một lần)",
		"1. Sở Y tế rà soát thuốc. Định kỳ thứ Năm hàng tuần tổng hợp danh sách kho thiếu thuốc, gửi UBND tỉnh.": "1: Sở Y tế\n1: Sở Y tế > weekly on T5 (Định kỳ thứ Năm hàng tuần)",
		"1. Sở Y tế thường xuyên kiểm tra bếp ăn, kịp thời báo cáo UBND tỉnh.":                                   "1: Sở Y tế",
		"1. Sở Y tế hoàn thành trong 6 tháng đầu năm 2026 việc sắp xếp trạm y tế.":                               "1: Sở Y tế > 2026-06-30",
		"1. Sở Y tế hoàn thành trước khi bước vào năm học mới việc khám sức khỏe học sinh.":                      "1: Sở Y tế (trước khi bước vào năm học mới việc khám sức khỏe học sinh)",
	})
}

// Each place of a list is a body of its own, and the proposal says so.
func TestEachPlaceLeads(t *testing.T) {
	sameTold(t, map[string]string{
		"1. UBND các xã: Thu Cúc, Yên Lập và Lạc Sơn rà soát hộ thiếu nước.":                          "1: UBND xã Thu Cúc + UBND xã Yên Lập + UBND xã Lạc Sơn",
		"1. Giao Sở Xây dựng, UBND các phường: Việt Trì, Vĩnh Yên chủ trì rà soát quy hoạch.":         "1: Sở Xây dựng + UBND phường Việt Trì + UBND phường Vĩnh Yên",
		"1. UBND các xã, phường rà soát hộ thiếu nước.":                                               "1: UBND các xã, phường",
		"1. Chủ tịch UBND các xã: Thu Cúc, Yên Lập\n- Rà soát hộ thiếu nước.":                         "1.-1: Chủ tịch UBND xã Thu Cúc + Chủ tịch UBND xã Yên Lập",
		"1. Các chủ rừng (Vườn quốc gia Xuân Sơn, các công ty lâm nghiệp):\na) Trực phòng cháy rừng.": "1.a: Các chủ rừng (Vườn quốc gia Xuân Sơn, các công ty lâm nghiệp)",
	})
	d := Text(paperHead + "1. UBND các xã: Thu Cúc, Yên Lập rà soát hộ thiếu nước.\n2. Sở Y tế/Sở Nội vụ rà soát biên chế.\n")
	if len(d.Tasks) != 2 || !d.Tasks[0].Each || d.Tasks[1].Each {
		t.Errorf("%+v", d.Tasks)
	}
}

// A closing line dates what it names and nothing else.
func TestClosingLinesThatName(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Y tế:\na) Rà soát thuốc dự trữ.\nb) Kiểm tra các bếp ăn.\nc) Lập danh sách bác sĩ trực.\nCác nội dung tại điểm a, b khoản này phải thực hiện xong trước ngày 20/02/2026.\n2. Sở Nội vụ rà soát biên chế.": "1.a: Sở Y tế > 2026-02-20\n1.b: Sở Y tế > 2026-02-20\n1.c: Sở Y tế\n2: Sở Nội vụ",
		"1. Về nguồn lực\n- Sở Y tế rà soát thuốc dự trữ.\n- Sở Nội vụ rà soát biên chế.\nCác đơn vị nêu trên gửi báo cáo về Văn phòng UBND tỉnh trước ngày 25/02/2026.\n2. Sở Tư pháp rà soát văn bản.":                 "1.-1: Sở Y tế > 2026-02-25\n1.-2: Sở Nội vụ > 2026-02-25\n2: Sở Tư pháp",
	})
}

// What forbids all the world, names members or pays gives nobody a task.
func TestNoTasks(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Nông nghiệp và Môi trường\na) Cấm tàu thuyền ra khơi từ 12 giờ 00 ngày 18/10/2026.\nb) Kiểm đếm tàu thuyền.":                                                                                  "1.b: Sở Nông nghiệp và Môi trường",
		"1. Sở Y tế rà soát thuốc.\n2. Kinh phí thực hiện do Sở Tài chính bố trí từ nguồn ngân sách tỉnh.":                                                                                                   "1: Sở Y tế",
		"1. Sở Y tế rà soát thuốc.\n2. Kinh phí thực hiện từ nguồn ngân sách giao Chi cục An toàn thực phẩm năm 2026.":                                                                                       "1: Sở Y tế",
		"1. Thành phần Đoàn kiểm tra\na) Ông Lê Văn An, Phó Giám đốc Sở Y tế - Trưởng đoàn;\nb) Bà Trần Thị Bình, chuyên viên Sở Nông nghiệp và Môi trường - Thành viên, Thư ký.\n2. Sở Y tế rà soát thuốc.": "2: Sở Y tế",
	})
}

// The day of a heading that gives no task itself holds below it, and gives way to any other.
func TestDayOfAHeading(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Sở Nội vụ hoàn thành các việc sau trước ngày 20/01/2026:\na) Rà soát biên chế.\nb) Lập danh sách cán bộ nghỉ hưu trước ngày 15/01/2026.\n2. Sở Y tế kiểm tra bếp ăn.": "1.a: Sở Nội vụ > 2026-01-20\n1.b: Sở Nội vụ > 2026-01-15\n2: Sở Y tế",
		"1. Sở Y tế kiểm tra bếp ăn trước ngày 30/01/2026, cụ thể:\n+ Trước ngày 20/01/2026 kiểm tra trường học;\n+ Khu công nghiệp Thụy Vân.":                                    "1: Sở Y tế > 2026-01-30\n1.+1: Sở Y tế > 2026-01-20",
	})
}

// Who is told stays words where no table knows the name, and is never the body above instead.
func TestBodiesNoTableKnows(t *testing.T) {
	sameTold(t, map[string]string{
		"1. Giao già làng, trưởng bản:\n- Vận động bà con không đốt nương.":                        "1.-1: già làng, trưởng bản",
		"1. Giao bà con xã viên hợp tác xã chủ động thu hoạch lúa.":                                "1: bà con xã viên hợp tác xã",
		"1. Sở Y tế\n- Giao chỉ tiêu cụ thể cho các bệnh viện, kiểm tra hằng tháng.":               "1.-1: Sở Y tế > monthly (hằng tháng)",
		"1. Ban cán sự các xóm\n1.1) Họp dân, đăng ký danh hiệu.":                                  "1.1: Ban cán sự các xóm",
		"1. Giao các khoa, phòng thuộc Trung tâm:\n1.1. Khoa Xét nghiệm: trả kết quả xét nghiệm.":  "1.1: Khoa Xét nghiệm",
		"1. Giao Sở Tư pháp tham mưu quy chế, giao Sở Tài chính bố trí kinh phí trước 18/01/2026.": "1: Sở Tư pháp\n1: Sở Tài chính > 2026-01-18",
		"1. Vận động xã hội hóa (Ủy ban MTTQ Việt Nam tỉnh chủ trì; xong trong quý III/2026).":     "1: Ủy ban MTTQ Việt Nam tỉnh > 2026-09-30",
		"1. Sở Y tế di chuyển kho thuốc trước tháng 11/2026.":                                      "1: Sở Y tế > 2026-10-31",
	})
}

// A day outside every task, and an order that none was made of, are said beside the task before.
func TestWhatIsLostIsSaid(t *testing.T) {
	for body, want := range map[string]string{
		"1. Sở Y tế rà soát thuốc.\n2. Việc báo cáo kết quả thực hiện trước ngày 05/02/2026 theo quy định chung.": "“trước ngày 05/02/2026” ở mục 2, ngoài mọi nhiệm vụ",
		"1. Sở Y tế rà soát thuốc, báo cáo trước ngày 31/02/2026.":                                                "“trước ngày 31/02/2026”, chưa đọc thành hạn",
		"1. Sở Y tế rà soát thuốc từ ngày 01/6/2026.":                                                             "“từ ngày 01/6/2026”, chưa đọc thành hạn",
		"1. Sở Y tế rà soát thuốc, yêu cầu Sở Nội vụ phối hợp theo đúng quy định của pháp luật.":                  "trong câu còn “yêu cầu Sở Nội vụ”",
	} {
		d := Text(paperHead + body + "\n")
		if got := strings.Join(d.Warnings, "\n"); !strings.Contains(got, want) || len(d.Tasks) == 0 || len(d.Tasks[0].Warnings) == 0 {
			t.Errorf("%s: warnings %q", body, got)
		}
	}
	// the day of a paper that is cited, and what was over, are no limits
	for _, body := range []string{"1. Sở Y tế thực hiện Công văn số 12/UBND-VX ngày 05/02/2026 của UBND tỉnh.", "1. Sở Y tế khắc phục tồn tại từ ngày 01/6/2024."} {
		if d := Text(paperHead + body + "\n"); len(d.Tasks) != 1 || len(d.Tasks[0].Warnings) != 0 {
			t.Errorf("%s: %+v", body, d.Tasks)
		}
	}
}
