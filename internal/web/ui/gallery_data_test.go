package ui

import "github.com/a-h/templ"

// gallery is every part with invented data, in the pages where it belongs.
func gallery() map[string]templ.Component {
	return map[string]templ.Component{
		"inbox":    Layout(frame("Việc của tôi", "Việc của tôi"), inboxBody()),
		"case":     Layout(casePage(), caseBody()),
		"board":    Layout(frame("Bảng điều hành", "Bảng điều hành"), boardBody()),
		"raise":    Layout(frame("Nêu khó khăn, vướng mắc", "Kiến nghị"), raiseBody(false)),
		"refused":  Layout(frame("Nêu khó khăn, vướng mắc", "Kiến nghị"), raiseBody(true)),
		"empty":    Layout(frame("Kiến nghị", "Kiến nghị"), emptyBody()),
		"denied":   Layout(frame("Không có quyền xem", ""), Halt(denied())),
		"conflict": Layout(frame("Văn bản đã thay đổi", "Kiến nghị"), Halt(conflict())),
		"fault":    Layout(frame("Lỗi hệ thống", ""), Halt(fault())),
		"signin":   SignIn(SignInForm{Office: "Tỉnh Phú Thọ", Action: "/signin", Help: "Quên mật khẩu: gọi quản trị của cơ quan anh/chị."}),
		"code":     SignIn(SignInForm{Office: "Tỉnh Phú Thọ", Action: "/signin", Code: true, Problem: "Mã không đúng hoặc đã hết hiệu lực. Anh/chị nhập mã mới trên điện thoại."}),
	}
}

func frame(title, current string) Page {
	p := Page{
		Title: title, Office: "Tỉnh Phú Thọ", Clock: "Thứ Ba 24/02/2026, 09:12", Key: "k1", Version: "0.1",
		Nav: []NavItem{
			{Label: "Việc của tôi", Short: "Của tôi", Href: "/", Count: 5, Late: true, Main: true},
			{Label: "Kiến nghị", Href: "/petitions", Count: 23, Main: true},
			{Label: "Nhiệm vụ", Href: "/assignments", Count: 12, Main: true},
			{Label: "Lấy ý kiến", Short: "Ý kiến", Href: "/consults", Count: 4, Main: true},
			{Label: "Họp", Href: "/meetings", Count: 1},
			{Label: "Báo cáo", Href: "/reports", Count: 2},
			{Label: "Sự cố liên xã", Href: "/incidents"},
			{Label: "Bảng điều hành", Href: "/board", Apart: true},
			{Label: "Danh bạ đầu mối", Href: "/contacts", Apart: true},
			{Label: "Quy chế", Href: "/regulations", Apart: true},
		},
		Who: &Who{Key: "w1", Name: "Nguyễn Thị Minh Hạnh", Post: "Chuyên viên phòng Công nghệ số", Unit: "Sở Khoa học và Công nghệ", Posts: []PostChoice{
			{ID: "p1", Label: "Chuyên viên", Unit: "Phòng Công nghệ số", Waiting: 5, Current: true},
			{ID: "p2", Label: "Thư ký tổ công tác", Unit: "Tổ công tác chuyển đổi số", Waiting: 1},
		}},
		Paper: Paper{Over: "UBND tỉnh Phú Thọ", Unit: "Sở Khoa học và Công nghệ", At: "In lúc 09:12 ngày 24/02/2026"},
	}
	for i := range p.Nav {
		p.Nav[i].Current = p.Nav[i].Label == current
	}
	return p
}

func inboxBody() templ.Component {
	office := "hạn do Văn phòng UBND tỉnh đặt"
	return Stack(
		PageHead(Head{Title: "Việc của tôi", Sub: "5 việc phải làm: 1 quá hạn, 1 hết hạn hôm nay", Tools: []Button{{Label: "In danh sách", Href: "?print"}}}),
		TabBar("Cách xem", []Tab{{"Của tôi", "/", 5, true}, {"Của phòng", "/?of=section", 18, false}, {"Tôi theo dõi", "/?of=watched", 3, false}}),
		Groups("duties", []Group{
			{Title: "Quá hạn chưa xong", Tone: Late, Rows: []Row{{Href: "/c/1", Do: "Trả lời kiến nghị của phường Việt Trì", Code: "KN-0412/2026", About: "Phần mềm một cửa treo khi số hóa nhiều tệp · dự thảo đang chờ trưởng phòng", From: "UBND phường Việt Trì", Due: Due{Tone: Late, Words: "quá 1 ngày làm việc", Source: office}}}},
			{Title: "Hôm nay", Rows: []Row{{Href: "/c/2", Do: "Góp ý dự thảo đề án “Lấy số tự động tại cấp xã”", Code: "LYK-0031/2026", About: "3 câu hỏi gửi riêng Sở · bản thảo lần 2", From: "Văn phòng UBND tỉnh chủ trì", Fresh: true, Due: Due{Tone: Soon, Words: "hôm nay, trước 16:00", Source: office, At: "2026-02-24T16:00:00+07:00"}}}},
			{Title: "Tuần này", Rows: []Row{
				{Href: "/c/3", Do: "Trả lời kiến nghị của xã Hy Cương và 11 xã", Code: "KN-0437/2026", About: "Chưa thực hiện được chứng thực bản sao điện tử", From: "UBND xã Hy Cương", Due: Due{Tone: Soon, Words: "còn 2 ngày làm việc", Until: "hết thứ Năm 26/02", Source: "khoản 2 Điều 6"}, Chips: []Chip{{Tone: Info, Text: "12 xã cùng nêu"}}},
				{Href: "/c/4", Do: "Cập nhật tiến độ: cử kỹ thuật xuống xã, phường", Code: "NV-1537/2.b.1", About: "96 trên 148 xã, phường đã được hỗ trợ", From: "Văn bản 1537/UBND-TH", Due: Due{Words: "còn 3 ngày làm việc", Source: office}},
			}},
			{Title: "Không nêu hạn", Note: "văn bản không ghi ngày", Rows: []Row{{Href: "/c/5", Do: "Đề xuất bộ mã QR tra cứu thủ tục", Code: "NV-1537/2.b.4", About: "phối hợp Trung tâm Phục vụ hành chính công tỉnh", From: "Văn bản 1537/UBND-TH", Due: Due{Words: "không nêu hạn", Source: "đề nghị Văn phòng đặt ngày"}}}},
		}),
		More("/?after=5"),
	)
}

func casePage() Page {
	p := frame("Chưa thực hiện được chứng thực bản sao điện tử", "Kiến nghị")
	p.Paper.Code = "Mã theo dõi KN-0437/2026"
	p.Live, p.Done = "/live", "petition-new"
	p.Flash = &Flash{Tone: Done, Text: "Đã gửi câu hỏi đến UBND xã Hy Cương. ", Next: Link{"Xem câu hỏi", "#e5"}}
	return p
}

func caseBody() templ.Component {
	main := Stack(reckoning(), path(), Timeline("story", story()), AnswerCard(Answer{
		Title: "Sở Tư pháp cho ý kiến", Outcome: Chip{Tone: Done, Text: "đúng hạn"},
		Facts: []Fact{{"Văn bản", []Link{{"số 88/STP-HCTP ngày 13/02/2026", ""}}}, {"Người ký", []Link{{"KT. Giám đốc, Phó Giám đốc Lê Văn Bình", ""}}}},
		Text:  "Chữ ký số của công chức tư pháp hộ tịch đủ điều kiện để chứng thực bản sao điện tử.\nĐề nghị bổ sung chức năng trên hệ thống.",
		Files: []File{{Name: "Công văn 88.pdf", Href: "/f/3", Size: "214 kB"}},
	}))
	side := Stack(
		Framed("Ai làm gì", Facts([]Fact{
			{"Kiến nghị", []Link{{"UBND xã Hy Cương", "/u/1"}, {"và 11 xã", "/g/1"}}}, {"Chủ trì", []Link{{"Sở Khoa học và Công nghệ", ""}}},
			{"Phối hợp", []Link{{"Sở Tư pháp", ""}}}, {"Đề nghị", []Link{{"VNPT Phú Thọ hỗ trợ kỹ thuật", ""}}},
			{"Theo dõi", []Link{{"Sở Nội vụ", ""}, {"Văn phòng UBND tỉnh", ""}}}, {"Xã đã xử lý", []Link{{"Gọi tổng đài, cài lại", ""}}},
		})),
		Duties("Việc phải làm", []DutyItem{
			{Do: "Trả lời xã", Who: "Sở Khoa học và Công nghệ", State: Chip{Tone: Soon, Text: "còn 2 ngày"}, Spent: 5, Of: 7, Note: "5 trên 7 ngày"},
			{Do: "Cho ý kiến về ký số", Who: "Sở Tư pháp", State: Chip{Tone: Done, Text: "đúng hạn"}, Note: "xong 13/02, sớm 2 ngày"},
			{Do: "Báo tiến độ khắc phục", Who: "Sở Khoa học và Công nghệ", State: Chip{Tone: Late, Text: "quá 1 ngày"}, Spent: 9, Of: 7},
			{Do: "Xã cho biết đã giải quyết chưa", Who: "UBND xã Hy Cương", State: Chip{Text: "sau khi trả lời"}, Note: "không đặt hạn"},
		}),
	)
	return Stack(
		PageHead(Head{Crumbs: []Link{{"Kiến nghị", "/petitions"}, {"Mã theo dõi KN-0437/2026", ""}}, Title: "Chưa thực hiện được chứng thực bản sao điện tử trên hệ thống của tỉnh", Chips: []Chip{{Tone: Info, Text: "Đang xử lý"}, {Text: "Tư pháp › Chứng thực", Href: "/petitions?field=1"}, {Text: "12 xã cùng nêu", Href: "/g/1"}}, Tools: []Button{{Label: "In phiếu", Href: "/c/3/print"}}}),
		NextAct(NextStep{Sentence: "Anh/chị cần trả lời UBND xã Hy Cương", Due: Due{Tone: Soon, Words: "còn 2 ngày làm việc", Until: "hết thứ Năm 26/02/2026", Source: "khoản 2 Điều 6 Quy chế kèm theo Quyết định 06/2026/QĐ-CTUBND"}, Main: Button{Label: "Soạn trả lời", Href: "/c/3/draft"}, Quiet: []Button{{Label: "Hỏi lại xã", Href: "/c/3/ask"}, {Label: "Không thuộc thẩm quyền", Post: "/c/3/return", Hidden: []Hidden{{"key", "k1"}}}}}),
		Columns(main, side),
	)
}

func reckoning() templ.Component {
	return ReckoningStrip(Reckoning{
		Chips: []Chip{{Text: "7 ngày làm việc"}, {Text: "không tính ngày nhận"}, {Text: "lịch làm việc, cập nhật lần 3"}},
		Days: []Day{
			{Kind: Receipt, Weekday: "T3", Date: "10/02", Past: true}, {Weekday: "T4", Date: "11/02", N: 1, Past: true},
			{Weekday: "T5", Date: "12/02", N: 2, Past: true}, {Weekday: "T6", Date: "13/02", N: 3, Past: true},
			{Kind: Gap, Weekday: "T7 – CN", Date: "14–22/02", Why: "9 ngày nghỉ Tết Bính Ngọ"}, {Weekday: "T2", Date: "23/02", N: 4, Past: true},
			{Weekday: "T3", Date: "24/02", N: 5, Today: true}, {Weekday: "T4", Date: "25/02", N: 6}, {Weekday: "T5", Date: "26/02", N: 7, End: true},
		},
		Words: []string{"Sở Tư pháp nhận lúc 08:02 thứ Ba 10/02; chuyển đơn vị không tính lại hạn của xã.", "Chín ngày nghỉ Tết không tính.", "Không tạm dừng, không gia hạn."},
	})
}

func path() templ.Component {
	return PaperPath(Path{Title: "Văn bản trả lời", Note: "hạn được tính khi phát hành", Steps: []Step{
		{Name: "Soạn thảo", Who: "Nguyễn Thị Minh Hạnh", Note: "bản 2, gửi 16:05 thứ Hai 23/02", State: Passed},
		{Name: "Trưởng phòng xem", Who: "Trần Quốc Toản", Since: "từ 16:05 thứ Hai 23/02", State: Here},
		{Name: "Phó Giám đốc ký", Who: "KT. Giám đốc", State: Ahead}, {Name: "Văn thư cấp số, phát hành", State: Ahead},
	}})
}

func story() []Entry {
	return []Entry{
		{ID: "e5", What: "Sở Khoa học và Công nghệ hỏi lại xã", When: "09:11 hôm nay", By: "Nguyễn Thị Minh Hạnh", Text: "Xã cho biết phiên bản ứng dụng ký số đang cài.", Seal: Waiting},
		{ID: "e4", What: "Trưởng phòng phân công chuyên viên", When: "14:20 thứ Tư 11/02", Seal: Locked},
		{ID: "e3", What: "Giám đốc giao phòng Công nghệ số", When: "10:30 thứ Ba 10/02", Text: "Làm việc ngay với VNPT, báo cáo tôi trước khi trả lời xã.", Seal: Locked},
		{ID: "e2", What: "Sở Khoa học và Công nghệ nhận", When: "09:05 thứ Ba 10/02", By: "do Sở Tư pháp chuyển, lý do: phần việc kỹ thuật của hệ thống", Gone: "Nội dung này đã được gỡ theo biên bản số 02/BB ngày 20/02/2026.", Seal: Locked},
		{ID: "e1", What: "UBND xã Hy Cương nêu kiến nghị", When: "08:02 thứ Ba 10/02", By: "soạn 15:40 thứ Hai 09/02", Text: "Cán bộ một cửa đăng nhập được nhưng không có chức năng ký số bản sao; người dân phải quay lại nhiều lần. Xã đã liên hệ tổng đài ba lần, chưa khắc phục được.", Files: []File{{Name: "Ảnh màn hình lỗi.png", Href: "/f/1", Size: "312 kB"}, {Name: "Công văn 18/UBND-VHXH.pdf", Note: "đang quét tệp độc hại"}}, Seal: Locked},
	}
}

func boardBody() templ.Component {
	row := func(unit, open, soon, late, half string) []Cell {
		l := Cell{Text: "–"}
		if late != "" {
			l = Cell{Text: late + " việc", Href: "/petitions?late", Tone: Late}
		}
		return []Cell{{Text: unit, Href: "/u/2"}, {Text: open, Href: "/petitions"}, {Text: soon, Href: "/petitions?soon", Tone: Soon}, l, {Text: half}}
	}
	return Stack(
		PageHead(Head{Title: "Bảng điều hành", Sub: "Đang tắc ở đâu, ai phải làm gì. Số liệu đến 09:12 hôm nay; bấm vào số nào cũng ra danh sách.", Tools: []Button{{Label: "In một trang", Href: "?print"}, {Label: "Xuất XLSX", Href: "?xlsx"}}}),
		Filters("/board", []Hidden{{"of", "petition"}}, []Input{
			{Name: "field", Label: "Lĩnh vực", Options: []Option{{Value: "1", Label: "Tư pháp"}, {Value: "2", Label: "Đất đai", Chosen: true}}},
			{Name: "leader", Label: "Lãnh đạo phụ trách", Options: []Option{{Value: "1", Label: "Phó Chủ tịch Nguyễn Văn An"}}},
			{Name: "from", Label: "Từ ngày", Type: "date"},
		}),
		Tiles("tiles", []Tile{{"183", "đang mở", "/petitions", Calm}, {"15", "quá hạn chưa xong", "/petitions?late", Late}, {"33", "đến hạn trong 2 ngày làm việc", "/petitions?soon", Soon}, {"27", "đã phản hồi, chưa giải quyết xong", "/petitions?open", Calm}, {"0", "việc chưa có đơn vị chịu trách nhiệm", "", Done}}),
		TableOf("units", Table{Caption: "Đơn vị phải trả lời", Cols: []Col{{"Đơn vị", false}, {"Đang mở", true}, {"Còn ≤ 2 ngày", true}, {"Quá hạn chưa xong", true}, {"Một nửa trả lời trong", true}},
			Rows: [][]Cell{row("Sở Khoa học và Công nghệ", "41", "9", "6", "5,2 ngày"), row("Sở Nông nghiệp và Môi trường", "38", "7", "5", "6,1 ngày"), row("Sở Tài chính", "27", "6", "2", "4,9 ngày"), row("Sở Nội vụ", "22", "3", "1", "4,0 ngày"), row("Sở Tư pháp", "19", "4", "", "3,6 ngày"), row("Sở Xây dựng", "16", "2", "1", "5,0 ngày")},
			Foot: [][]Cell{{{Text: "Đã gửi đề nghị, không tính hạn: Công an tỉnh 9 · Thuế tỉnh 2 · VNPT Phú Thọ 14", Span: 5}}},
		}),
	)
}

func raiseBody(refused bool) templ.Component {
	f := Form{Action: "/petitions", Key: "k1", Keep: "petition-new", Upload: true, Send: "Trình lãnh đạo", Second: "Lưu dự thảo", SecondDo: "save", Quiet: []Button{{Label: "Thôi", Href: "/petitions"}}}
	problem := Input{Name: "problem", Label: "Khó khăn, vướng mắc", Hint: "Nêu việc gì, ở đâu, từ bao giờ.", Required: true, Max: 4000}
	field := Input{Name: "field", Label: "Lĩnh vực", Required: true, Blank: "– chọn lĩnh vực –", Hint: "Chưa rõ lĩnh vực thì chọn mục cuối: Văn phòng UBND tỉnh sẽ chuyển.", Options: []Option{{Value: "1", Label: "Chứng thực", Group: "Tư pháp"}, {Value: "2", Label: "Hộ tịch", Group: "Tư pháp"}, {Value: "9", Label: "An ninh mạng (quy chế chưa nêu)", Group: "Khác"}}}
	tried := Input{Name: "tried", Label: "Xã đã xử lý", Hint: "Đã làm gì, kết quả ra sao.", Required: true, Max: 2000}
	if refused {
		f.Refused = true
		f.Faults = []Fault{{"tried", "Chưa nêu xã đã xử lý thế nào"}, {"field", "Chưa chọn lĩnh vực"}}
		problem.Value = "Cán bộ một cửa đăng nhập được nhưng không có chức năng ký số bản sao."
		tried.Error, tried.Rule = "Xã cần nêu đã xử lý thế nào trước khi kiến nghị.", "điểm g khoản 2 Điều 5 Quy chế kèm theo Quyết định 06/2026/QĐ-CTUBND"
		field.Error = "Anh/chị chọn một lĩnh vực."
	}
	fields := templ.Join(
		Field(Input{Name: "title", Label: "Trích yếu", Required: true, Max: 200, Value: "Chưa chứng thực được bản sao điện tử"}),
		TextArea(problem), Select(field), TextArea(tried),
		Radios(Input{Name: "kind", Label: "Mức độ", Value: "n", Options: []Option{{Value: "n", Label: "Thường"}, {Value: "u", Label: "Khẩn", Hint: "Người dân đang phải chờ tại quầy."}}}),
		Checks(Input{Name: "also", Label: "Gửi để biết", Options: []Option{{Value: "1", Label: "Sở Nội vụ"}, {Value: "2", Label: "Văn phòng UBND tỉnh", Chosen: true}}}),
		Field(Input{Name: "on", Label: "Ngày văn bản", Type: "date"}),
		Field(Input{Name: "symbol", Label: "Số, ký hiệu trên hệ thống văn bản", Options: []Option{{Value: "18/UBND-VHXH", Label: "10/02/2026"}}}),
		Check(Input{Name: "share", Label: "Cho các xã khác xem câu trả lời", Hint: "Đưa vào kho giải đáp."}),
		FileInput(Input{Name: "files", Label: "Tệp kèm theo", Hint: "Mỗi tệp không quá 20 MB.", Multiple: true}),
		ConfirmSecret(Input{}),
	)
	return Stack(
		PageHead(Head{Crumbs: []Link{{"Kiến nghị", "/petitions"}}, Title: "Nêu khó khăn, vướng mắc", Sub: "Khiếu nại, tố cáo của công dân không gửi ở đây."}),
		Framed("", SheetOf(f, fields)),
	)
}

func emptyBody() templ.Component {
	return Stack(PageHead(Head{Title: "Kiến nghị"}), Empty(Nothing{Title: "Không có kiến nghị nào đang chờ", Text: "Khi xã, phường nêu khó khăn thuộc lĩnh vực của đơn vị, việc sẽ hiện ở đây.", Next: Button{Label: "Xem các kiến nghị đã trả lời", Href: "/petitions?of=answered"}}))
}

func denied() Problem {
	return Problem{Kind: "Không có quyền xem", Title: "Việc này không gửi đến đơn vị của anh/chị", Text: "Chỉ xã nêu kiến nghị, đơn vị có việc phải làm và cơ quan theo dõi được xem. Nếu việc đã được chuyển đến đơn vị, anh/chị hỏi văn thư để vào sổ.", Next: []Button{{Label: "Về Việc của tôi", Href: "/"}}}
}

func conflict() Problem {
	return Problem{Title: "Dự thảo đã có người sửa trong lúc anh/chị soạn", Text: "Chưa ghi gì. Hai bản ở dưới; nội dung anh/chị gõ vẫn còn.",
		Yours:  &Side{"Bản của anh/chị", "gõ lúc 09:10 hôm nay", "Sở đã cùng VNPT cập nhật phần mềm."},
		Theirs: &Side{"Bản đang lưu", "Trần Quốc Toản sửa lúc 09:08 hôm nay", "Sở đã cùng VNPT cập nhật phần mềm; các xã tải lại trước ngày 27/02."},
		Next:   []Button{{Label: "Sửa tiếp từ bản đang lưu", Href: "/c/3/draft"}, {Label: "Ghi bản của tôi thành bản mới", Post: "/c/3/draft", Hidden: []Hidden{{"version", "5"}}}}}
}

func fault() Problem {
	return Problem{Title: "Lỗi hệ thống", Text: "Yêu cầu của anh/chị chưa được ghi. Nội dung đã gõ vẫn còn trong trang trước; anh/chị quay lại và gửi lần nữa.", Number: "SC-7F3A-21", Next: []Button{{Label: "Quay lại", Href: "/"}}}
}
