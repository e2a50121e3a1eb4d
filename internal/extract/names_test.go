package extract

import (
	"os"
	"strings"
	"testing"
)

// Names of bodies end where what they are to do begins, whatever verb that is.
func TestNamesEnd(t *testing.T) {
	more, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSpace(bodiesOfAllKinds+string(more)), "\n") {
		for _, what := range []string{" chủ trì rà soát", " tăng cường tuyên truyền", ":", " tổ chức kiểm tra", " xây dựng kế hoạch", " phối hợp với Sở Y tế"} {
			tk := tokens(name + what)
			list, end := bodiesAt(tk, 0)
			got := ""
			if len(list) > 0 {
				got = (name + what)[:tk[end-1].to]
			}
			if got != name {
				t.Errorf("%q before %q is read as %q", name, what, got)
			}
		}
	}
}

const bodiesOfAllKinds = `
Viện kiểm sát nhân dân tỉnh, Tòa án nhân dân tỉnh
Văn phòng Đoàn ĐBQH và HĐND tỉnh
Ngân hàng Nhà nước chi nhánh Khu vực 4
Ngân hàng Nhà nước Khu vực 10
Công ty Điện lực Lào Cai
Hội Nông dân tỉnh
Tỉnh đoàn
Liên minh Hợp tác xã tỉnh
Hội Liên hiệp Phụ nữ tỉnh
Ban Quản lý Khu kinh tế tỉnh
Ban Quản lý các khu công nghiệp tỉnh
Ban Chỉ huy Phòng thủ dân sự tỉnh
Chi cục Thủy lợi
Chi nhánh Văn phòng đăng ký đất đai
Đội Quản lý thị trường số 2
Trạm Y tế các xã, phường
Cổng Thông tin điện tử tỉnh
Các sở, ngành, địa phương liên quan
Trung tâm Phục vụ hành chính công các xã, phường
Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh
Ban Nội chính Tỉnh ủy
Các thành viên Tổ công tác
Các Phó Chủ tịch UBND tỉnh
Thành viên UBND tỉnh
Thủ trưởng các cơ quan, đơn vị thuộc tỉnh
Thủ trưởng các sở, ban, ngành cấp tỉnh; Chủ tịch UBND các xã, phường, đặc khu
Giám đốc các Sở: Tài chính, Xây dựng; Thủ trưởng các cơ quan, đơn vị liên quan
Giám đốc Công an tỉnh
Chỉ huy trưởng Bộ Chỉ huy quân sự tỉnh
Bộ Chỉ huy quân sự tỉnh
Bộ CHQS tỉnh
Chánh Thanh tra tỉnh
Chánh Văn phòng UBND tỉnh
Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ
Bộ trưởng, Thủ trưởng cơ quan ngang bộ
Bộ trưởng các Bộ: Tài chính, Công Thương
Các Bộ: Tài chính, Công Thương, Y tế
Bộ Văn hóa, Thể thao và Du lịch
Ủy ban nhân dân cấp tỉnh
Ủy ban nhân dân cấp xã
UBND cấp xã
UBND tỉnh Lào Cai
UBND thành phố Huế
UBND các tỉnh: Nghệ An, Hà Tĩnh và Quảng Trị
UBND các xã: Hy Cương, Chu Hóa; UBND phường Việt Trì
UBND các xã, phường có rừng
UBND các xã, phường có dự án đi qua
UBND các xã, phường nơi có dự án
UBND các xã, phường trên địa bàn tỉnh
Tập đoàn Điện lực Việt Nam
Tập đoàn Công nghiệp - Viễn thông Quân đội
Tổng công ty Đầu tư phát triển đường cao tốc Việt Nam
Hiệp hội Lương thực Việt Nam
Tổng Liên đoàn Lao động Việt Nam
Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các đoàn thể
Ủy ban MTTQ Việt Nam các cấp
Đài Phát thanh - Truyền hình tỉnh, Báo Lào Cai
Báo và Đài Phát thanh - Truyền hình Nghệ An
Các cơ quan thông tấn, báo chí
Cục Thống kê tỉnh
Thống kê tỉnh
Chi cục Hải quan khu vực VIII
Bảo hiểm xã hội khu vực XXV
Kho bạc Nhà nước khu vực VII
Thuế tỉnh
Thuế cơ sở 3
Hội Chữ thập đỏ tỉnh
Trường Chính trị tỉnh
Trường Đại học Hồng Đức
Bệnh viện Đa khoa tỉnh
Các bệnh viện, trung tâm y tế
Phòng Kinh tế, Hạ tầng và Đô thị
Phòng Văn hóa - Xã hội xã
Văn phòng HĐND và UBND xã
Công an xã, Ban Chỉ huy Quân sự xã
Ban Chỉ huy quân sự xã
Trưởng các thôn, bản
Trưởng thôn
Các trường Mầm non, Tiểu học, THCS
Hiệu trưởng các trường học
Các cơ quan, đơn vị, địa phương
Các đơn vị, địa phương
Các địa phương
Các chủ đầu tư
Chủ đầu tư
Các nhà thầu
Các doanh nghiệp kinh doanh xăng dầu
Các tổ chức tín dụng trên địa bàn
Các đơn vị quản lý, vận hành hồ chứa
Các chủ hồ chứa thủy điện
Công ty TNHH MTV Khai thác công trình thủy lợi
Công ty Cổ phần Môi trường đô thị Nghệ An
Ban Quản lý dự án 85
Ban QLDA đầu tư xây dựng tỉnh
Vườn quốc gia Hoàng Liên
Hạt Kiểm lâm
Bưu điện tỉnh
Viễn thông Lào Cai
VNPT Lào Cai
Sở Nông nghiệp và Môi trường (cơ quan thường trực), Sở Xây dựng
Sở KH&CN
Sở NN&MT
Sở VHTTDL
Sở Văn hóa, Thể thao và Du lịch, Sở Công Thương
Sở Tài chính, Thuế tỉnh, Kho bạc Nhà nước khu vực X
Cục Đường sắt Việt Nam
Cục Hàng không Việt Nam
Vụ Pháp chế
Văn phòng Bộ
Thanh tra Bộ
Các Cục, Vụ, đơn vị thuộc Bộ
Các đơn vị trực thuộc Sở
Các phòng chuyên môn thuộc Sở
Trưởng các phòng, đơn vị thuộc Sở
Ban Tuyên giáo và Dân vận Trung ương
Bộ Tư lệnh Bộ đội Biên phòng
Bộ Tư lệnh Thủ đô Hà Nội
Quân khu 2
Đoàn kiểm tra liên ngành
Tổ công tác
Ban Chỉ đạo chuyển đổi số tỉnh
Hội đồng thi đua khen thưởng
Ủy ban Dân tộc
Viện Hàn lâm Khoa học và Công nghệ Việt Nam
Trung tâm Dự báo khí tượng thủy văn quốc gia
Trung tâm Khuyến nông
Trung tâm Xúc tiến Đầu tư, Thương mại và Du lịch tỉnh
Trung tâm Chuyển đổi số
Các Tổ công nghệ số cộng đồng
Người đứng đầu các cơ quan, đơn vị
Bí thư Đảng ủy các xã, phường
Phó Chủ tịch UBND tỉnh Nguyễn Văn A
`
