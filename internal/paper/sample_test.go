package paper

import (
	"strings"

	"lienthong/internal/workday"
)

// sample is a letter with everything that the layout has a place for.
func sample() *Document {
	return &Document{
		Kind: Letter, Over: "Ủy ban nhân dân tỉnh Phú Thọ", Unit: "Sở Nông nghiệp và Môi trường", Symbol: "437/SNNMT-QLĐĐ", Place: "Phú Thọ",
		Date: workday.MustDate("2026-02-09"), Subject: "Trả lời kiến nghị: vướng mắc khi xác định ranh giới thửa đất ẵm ngửa, mỹ mãn ở Đồng Lạc",
		To:       []string{"Ủy ban nhân dân xã Hạ Hòa"},
		Body:     []Block{{Text: strings.Repeat("Sở đã nhận văn bản của Ủy ban nhân dân xã về vướng mắc khi xác định ranh giới, mốc giới thửa đất của các hộ dân ở khu vực giáp ranh sau sắp xếp đơn vị hành chính. ", 3)}, {Heading: "1. Về hồ sơ", Text: "Đề nghị xã đối chiếu bản đồ.\nKỹ thuật viên sẽ có mặt."}},
		Capacity: []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, Signer: "Nguyễn Thị Ỷ Đức", Receivers: []string{"Như trên;", "Giám đốc Sở (để báo cáo);", "Lưu: VT, QLĐĐ."},
		Code: "KN-0437/2026", Address: "https://lienthong.example.vn/cases/01hx0000000000000000000000",
	}
}

// long is a submission of several pages with a table and a landscape annex.
func long() *Document {
	d := sample()
	d.Kind, d.Name, d.Subject = Submission, "TỜ TRÌNH", "Về việc phê duyệt phương án phối hợp giải quyết kiến nghị của cấp xã"
	d.Unit = "Văn phòng Đăng ký đất đai và Phát triển quỹ đất khu vực phía Bắc tỉnh Phú Thọ"
	d.To = []string{"Chủ tịch Ủy ban nhân dân tỉnh", "Các Phó Chủ tịch Ủy ban nhân dân tỉnh phụ trách lĩnh vực nông nghiệp, môi trường và xây dựng"}
	d.State = "Dự thảo, bản 3"
	for range 6 {
		d.Body = append(d.Body, Block{Heading: "2. Về thẩm quyền", Text: strings.Repeat("Căn cứ quy chế phối hợp, cơ quan chủ trì có trách nhiệm lấy ý kiến các cơ quan liên quan trước khi trình. ", 7)})
	}
	rows := [][]string{}
	for _, x := range []string{"Xã Hạ Hòa", "Phường Vĩnh Yên", "Xã Đồng Lương", "Xã Yên Kỳ"} {
		rows = append(rows, []string{"1", x, strings.Repeat("Vướng mắc khi cấp giấy chứng nhận lần đầu. ", 2), "12"})
	}
	t := &Table{Head: []string{"STT", "Xã, phường", "Nội dung kiến nghị", "Số ngày"}, Share: []float64{1, 3, 6, 1.5}, Rows: rows, Right: []bool{false, false, false, true}}
	d.Body = append(d.Body, Block{Table: t}, Block{Text: strings.Repeat("Kính trình Chủ tịch xem xét, quyết định. ", 9)})
	d.Annexes = []Annex{{Name: "Phụ lục I", Title: "Danh sách kiến nghị", Wide: true, Body: []Block{{Table: &Table{Head: t.Head, Share: t.Share, Rows: append(append(append([][]string{}, rows...), rows...), append(append([][]string{}, rows...), rows...)...)}}}}}
	return d
}
