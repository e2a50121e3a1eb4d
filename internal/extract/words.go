package extract

// The words of the grammar, as tables. They are facts of the language and of the
// organisation of the State, not of any one document.

// fields are what departments and ministries are named after, today and before; they
// end a name where capitals are missing or commas are part of it.
var fields = table(
	"nông nghiệp và môi trường|nông nghiệp và phát triển nông thôn|tài nguyên và môi trường|khoa học và công nghệ|khoa học, công nghệ",
	"giáo dục và đào tạo|văn hóa, thể thao và du lịch|văn hóa và thể thao|văn hóa, thể thao|văn hóa, thông tin và du lịch|văn hóa thể thao và du lịch|văn hóa và thông tin",
	"lao động - thương binh và xã hội|lao động, thương binh và xã hội|lao động thương binh và xã hội|kế hoạch và đầu tư|thông tin và truyền thông",
	"giao thông vận tải|dân tộc và tôn giáo|quy hoạch - kiến trúc|quy hoạch và kiến trúc|công thương|công nghiệp và thương mại|tài chính|tư pháp|nội vụ|y tế|xây dựng|ngoại vụ|ngoại giao|công an|quốc phòng",
	"du lịch|dân tộc|an toàn thực phẩm|tài chính - kế hoạch|gd&đt|gdđt|nn&mt|nnmt|nn và mt|kh&cn|khcn|vhttdl|vh,tt&dl|vhtt&dl|tn&mt|tnmt|kh&đt|tt&tt|lđtb&xh|lđtbxh|gtvt|kh và cn|gd và đt",
	"nông nghiệp & môi trường|giáo dục & đào tạo|khoa học & công nghệ|văn hóa, thể thao & du lịch",
)

// bodyHeads begin the name of one body.
var bodyHeads = table(
	"sở|bộ|ban|ủy ban|ubnd|hđnd|hội đồng nhân dân|hội đồng|công an|công ty|tổng công ty|cục|tổng cục|chi cục|vụ|viện|văn phòng|vp|trung tâm|thanh tra|thuế|cơ quan thuế|kho bạc|ngân hàng|đài|báo|báo và",
	"chi nhánh|trạm|hiệp hội|tổng liên đoàn|tỉnh đoàn|thành đoàn|nhà xuất bản|tạp chí|hội|liên đoàn|liên minh|mặt trận|ubmttq|đảng ủy|tỉnh ủy|thành ủy|huyện ủy|phòng|trường|đoàn|tổ|kiểm toán|tòa án|viện kiểm sát|bảo hiểm|bhxh|thông tấn xã|hải quan|bưu điện|viễn thông|vườn quốc gia|tập đoàn|điện lực|hạt kiểm lâm|kiểm lâm",
	"bệnh viện|học viện|đại học|quỹ|hợp tác xã|đội|bch|bcđ|vietnam|vnpt|viettel|quân khu|quân đoàn|bộ tư lệnh|bộ đội biên phòng|cổng thông tin|cơ quan thường trực|cơ quan thi hành án|thi hành án dân sự|cảng vụ|nhà máy|ttxvn|cơ quan điều tra|thường trực",
)

// roleHeads begin the title of a person who answers for a body.
var roleHeads = table(
	"chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|tổng giám đốc|thủ trưởng|thủ tướng|phó thủ tướng|bộ trưởng|thứ trưởng|tổng thanh tra|thống đốc|chánh văn phòng|phó chánh văn phòng|chánh thanh tra|cục trưởng|tổng cục trưởng|vụ trưởng|trưởng ban|trưởng phòng|trưởng các|trưởng đoàn|người đứng đầu|hiệu trưởng|chỉ huy trưởng|chính ủy|bí thư|viện trưởng|chánh án|tổng biên tập|trưởng công an|trưởng thôn|trưởng bản|trưởng ấp|trưởng xóm|trưởng khu phố|trưởng khu dân cư|chi cục trưởng|trưởng|tư lệnh|đội trưởng|tổ trưởng|hạt trưởng",
)

// groupNouns are what a group of bodies is made of: "các sở, ban, ngành".
var groupNouns = table(
	"sở|ban|ngành|bộ|cơ quan|đơn vị|địa phương|tổ chức|doanh nghiệp|cá nhân|đoàn thể|hội|hội quần chúng|xã|phường|đặc khu|huyện|thị xã|tỉnh|thành phố|thị trấn|chủ đầu tư|nhà thầu|nhà đầu tư|trường|trường học|cơ sở giáo dục|cơ sở y tế|cơ sở|hộ gia đình|hộ dân|người dân|nhân dân|chủ hồ|chủ hồ chứa|chủ rừng|chủ dự án|chủ công trình|chủ phương tiện|phòng|phòng ban|phòng chuyên môn|khu|cụm|cấp ủy|cấp ủy đảng|chính quyền địa phương|chính quyền các cấp|chính quyền|cơ quan ngang bộ|cơ quan thuộc chính phủ|bộ trưởng|ban quản lý dự án|ban quản lý|công ty|tổng công ty|tập đoàn|ngân hàng thương mại|ngân hàng|tổ chức tín dụng|tổ chức chính trị - xã hội|tổ chức chính trị xã hội|tổ chức chính trị|mặt trận tổ quốc|hiệp hội|cục|vụ|viện|chi cục|thành viên|sở ngành|bộ ngành|đơn vị sự nghiệp|đơn vị sự nghiệp công lập|trung tâm y tế|trường mầm non|mầm non|tiểu học|thcs|thpt|trung học cơ sở|trung học phổ thông|tổ công nghệ số cộng đồng|lực lượng|lực lượng vũ trang|lực lượng công an|cơ quan báo chí|báo|đài|báo chí|bệnh viện|trung tâm|trạm y tế|hợp tác xã|thương nhân|thương nhân đầu mối|hộ kinh doanh|tiểu thương|ngư dân|nông dân|chủ tàu|doanh nghiệp viễn thông|nhà mạng|cấp|cấp xã|cấp tỉnh|cấp huyện|tổ công tác|tổ|đoàn|đoàn kiểm tra|đội|cộng đồng dân cư|gia đình|nhà trường|chủ cơ sở|văn phòng|phòng khám|đồng chí|ủy viên|ban đảng|cơ quan đảng|ban ngành|huyện ủy|đảng ủy|thôn|bản|khu phố|khu dân cư|tổ dân phố|xóm|hồ chứa|đơn vị thi công|đơn vị tư vấn|tư vấn|cơ quan chuyên môn|cơ quan chức năng|cơ quan thông tấn|cơ quan thông tấn báo chí",
)

// groupTails qualify a group: "có liên quan", "trực thuộc Trung ương".
var groupTails = table(
	"thủy điện|thủy lợi|trực thuộc sở|trực thuộc tỉnh|trực thuộc thành phố|phụ trách|liên quan|có liên quan|liên quan khác|khác có liên quan|khác|chức năng|chức năng liên quan|chức năng có liên quan|chuyên môn|trực thuộc trung ương|trực thuộc|thuộc tỉnh|thuộc thành phố|thuộc ubnd tỉnh|thuộc ủy ban nhân dân tỉnh|thuộc ubnd thành phố|thuộc ủy ban nhân dân thành phố|thuộc ubnd|thuộc ủy ban nhân dân|trực thuộc ubnd tỉnh|trực thuộc ủy ban nhân dân tỉnh|thuộc chính phủ|thuộc bộ|thuộc sở|trực thuộc bộ|trực thuộc sở|của tỉnh|của thành phố|của bộ|tỉnh|thành phố|cấp tỉnh|cấp xã|cấp huyện|cấp thành phố|các cấp|cùng cấp|trung ương|ở trung ương|địa phương|ở địa phương|trên địa bàn tỉnh|trên địa bàn thành phố|trên địa bàn toàn tỉnh|trên địa bàn|trên toàn tỉnh|trong tỉnh|toàn tỉnh|toàn ngành|nêu trên|trên|này|được phân công chủ trì soạn thảo|được giao chủ trì soạn thảo|được phân công chủ trì|được giao chủ trì|được giao|được giao nhiệm vụ|được phân công|nơi có dự án đi qua|nơi có dự án|trong cả nước|cả nước|ven biển|miền núi|thuộc phạm vi quản lý|sau đây|dưới đây|có tên trên|có tên nêu trên|đóng trên địa bàn tỉnh|đóng trên địa bàn|cấp trên|công lập|ngoài công lập|mới|thành viên|tại địa phương|được kiểm tra|được thanh tra|được kiểm toán|có dự án|có dự án đi qua|trong khu vực",
)

// namesOfOne are words in small letters that belong to the name of a body.
var namesOfOne = table(
	"chi nhánh|thi đua khen thưởng|thi đua - khen thưởng|thi đua, khen thưởng|liên ngành|cộng đồng|cộng sản|nhân dân|nhân dân tỉnh|quản lý|chỉ đạo|chỉ huy|công tác|kiểm tra|phục vụ|hành chính công|dự án|đầu tư|xây dựng|các khu công nghiệp|khu công nghiệp|khu kinh tế|các khu kinh tế|công nghiệp|kinh tế|giao thông|công trình|quân sự|phòng thủ dân sự|phòng thủ|dân sự|phòng, chống thiên tai|phòng chống thiên tai|thiên tai|và tìm kiếm cứu nạn|tìm kiếm cứu nạn|cứu nạn|bộ đội biên phòng|biên phòng|nhà nước|khu vực|xã hội|phát thanh và truyền hình|phát thanh - truyền hình|phát thanh, truyền hình|phát thanh truyền hình|phát thanh và truyền hình tỉnh|truyền hình|báo chí|thể thao|văn hóa|du lịch|môi trường|nông nghiệp|đất đai|quỹ đất|phát triển quỹ đất|đăng ký đất đai|đăng ký|kiểm soát bệnh tật|kiểm soát|bệnh tật|khuyến nông|xúc tiến|xúc tiến đầu tư|thương mại|chuyển đổi số|khí tượng thủy văn|thủy văn|điều hành|thông tin|điện tử|tỉnh ủy|đảng|tổ chức|tuyên giáo|dân vận|tuyên giáo và dân vận|nội chính|pháp chế|kế hoạch|tài chính|tổng hợp|hành chính|cổ phần|trách nhiệm hữu hạn|một thành viên|tnhh|mtv|chính phủ|quốc hội|trung ương|thường trực|thường vụ|tôn giáo|nghề nghiệp|việc làm|dịch vụ|dịch vụ việc làm|dịch vụ công|bảo trợ xã hội|trợ giúp pháp lý|thường trực hđnd|thủy lợi|thủy sản|chăn nuôi|thú y|trồng trọt|bảo vệ thực vật|kiểm lâm|quản lý thị trường|thi hành án dân sự|thi hành án|thống kê|hải quan|sự nghiệp|đô thị|hạ tầng|hạ tầng kỹ thuật|dân dụng|cấp nước|thoát nước|điện lực|phòng cháy|kinh tế - xã hội|giám sát|vận hành|khai thác|quản lý khai thác|bảo vệ|rừng|di sản|phát triển|khởi nghiệp|đổi mới sáng tạo|sáng tạo|công nghệ|khoa học|y tế|giáo dục|học tập|tiếp công dân|công dân|an toàn giao thông|liên ngành|thanh tra|tư vấn|đảng bộ|tổ quốc|việt nam|phụ nữ|nông dân|thanh niên|cựu chiến binh|chữ thập đỏ|lao động|hợp tác xã|doanh nghiệp|doanh nghiệp tỉnh|luật sư|luật gia|nhà báo|báo|đồng chí",
)

// lists of words that bind names
var (
	areaNouns = table("tỉnh|thành phố|tp|huyện|thị xã|xã|phường|đặc khu|thị trấn|cấp xã|cấp tỉnh|cấp huyện|cấp|các cấp|địa phương|quận|khu vực|vùng|thôn|bản")
	areaTails = table("trực thuộc trung ương|trên địa bàn tỉnh|trên địa bàn thành phố|trên địa bàn toàn tỉnh|trên địa bàn|trong tỉnh|toàn tỉnh|thuộc tỉnh|có liên quan|liên quan|ven biển|nơi có dự án đi qua|nơi có dự án|các cấp|cấp xã|cấp tỉnh|mới|khác|nêu trên|có dự án|có dự án đi qua|có tên trên|biên giới|miền núi|trong vùng|trong khu vực")
	companyOf = table("công ty|tổng công ty|tập đoàn|ngân hàng|hợp tác xã|doanh nghiệp|quỹ|nhà máy")
)

// predicates begin what a body is to do; they stand in small letters after its name.
var predicates = table(
	"chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|khẩn trương|tiếp tục|tăng cường|chủ động|tập trung|theo dõi|căn cứ|theo|tổ chức|chỉ đạo|rà soát|nghiên cứu|tham mưu|hướng dẫn|đôn đốc|báo cáo|thực hiện|triển khai|xây dựng|kiểm tra|đẩy mạnh|đẩy nhanh|bảo đảm|đảm bảo|thông báo|cử|bố trí|cung cấp|phân công|giao|trình|ban hành|hoàn thành|hoàn thiện|xem xét|cân đối|tổng hợp|đề xuất|quán triệt|nâng cao|duy trì|kịp thời|thường xuyên|nghiêm túc|quyết liệt|sớm|phải|cần|không|lập|thành lập|giải quyết|xử lý|trực tiếp|quan tâm|quản lý|kiểm soát|giám sát|thanh tra|đánh giá|cập nhật|tuyên truyền|phổ biến|thông tin|vận động|hỗ trợ|tạo điều kiện|tháo gỡ|sử dụng|ưu tiên|khắc phục|rút kinh nghiệm|kiểm điểm|làm rõ|làm việc|tiếp thu|bổ sung|sửa đổi|điều chỉnh|thẩm định|phê duyệt|công bố|công khai|niêm yết|đăng tải|đăng|đưa tin|gửi|nộp|cho ý kiến|có ý kiến|có văn bản|có phương án|có giải pháp|có biện pháp|có kế hoạch|giải trình|trả lời|tích cực|đổi mới|đề cao|siết chặt|chấn chỉnh|ngăn chặn|phòng ngừa|phát hiện|đấu tranh|điều tra|bám sát|nắm bắt|nắm|sẵn sàng|huy động|di dời|sơ tán|trực ban|tiếp nhận|hoàn tất|kết nối|tích hợp|số hóa|ứng dụng|đầu tư|lắp đặt|vận hành|khai thác|thu hồi|bàn giao|giải ngân|giải phóng|đấu thầu|lựa chọn|thực hành|tiết kiệm|cắt giảm|đơn giản|thu|chi|quyết toán|chuẩn bị|đề nghị|yêu cầu|kiến nghị|phát huy|thúc đẩy|phát động|biểu dương|khen thưởng|đào tạo|tập huấn|bồi dưỡng|tuyển dụng|sắp xếp|kiện toàn|củng cố|nêu cao|là|thay mặt|thừa|tham gia|dự|mời|đồng thời|tùy|trên cơ sở|trong phạm vi|trong quá trình|trong|trước|chậm nhất|định kỳ|hàng|hằng|tiến hành|dự thảo|soạn thảo|xác định|xác minh|xác nhận|chuyển|tiếp|ký|chấp hành|tuân thủ|làm|làm tốt|lồng ghép|rà soát|vận dụng|tham khảo|đề ra|điều hành|điều phối|điều tiết|dự báo|cảnh báo|theo thẩm quyền|nghiêm|nhanh chóng|cùng|thống nhất|lưu ý|chú trọng|coi|khuyến khích|cho|đối với|liên hệ|khai báo|đăng ký|kê khai|cam kết|thiết lập|quy định|quyết định|bảo vệ|cải thiện|chăm lo|tặng|thăm|hạn chế|mở|nhận|nghiệm thu|khởi công|thi công|cấp|xét|lấy ý kiến|tiêu hủy|trích|phân bổ|ủy quyền|phân cấp|tìm|đón|trang bị|tăng|giảm|dừng|tạm dừng|đình chỉ|kết luận|gia cố|tuần tra|canh gác|trực|phân loại|phân tích|thống kê|theo sát|đồng hành|tôn trọng|tránh|để|sơ kết|tổng kết|xử phạt|kiên quyết|tuyệt đối|đa dạng|thẩm tra|áp dụng|khảo sát|thí điểm|thu hút|tự rà soát|tăng tốc|rà soát lại|tự kiểm tra|khôi phục|truyền thông|đặt|quy hoạch|bám|lãnh đạo|khoanh|đưa|cụ thể hóa|gắn|tận dụng|sản xuất|lưu trữ|dành|phát|đo đạc|ghi|làm đầu mối|chịu",
	"định hướng|tạm gác|tạm hoãn|hoãn|nâng cấp|mở rộng|tăng thời lượng|khuyến cáo|kêu gọi|ra quân|phát triển|khởi động|ổn định|chăm sóc|khống chế|cách ly|kích hoạt|chi trả|thanh toán|tạm ứng|tính toán|cấp phép|thu gom|vận chuyển|dọn|khơi thông|nạo vét|sửa chữa|duy tu|bảo trì|trồng|tháo dỡ|cưỡng chế|giải tỏa|xóa|thay thế|hợp nhất|sáp nhập|tiếp dân|đối thoại|gặp|trao đổi|ký kết|hợp tác|xúc tiến|quảng bá|giới thiệu|bình ổn|dự trữ|kết thúc|thu thập|phân quyền|chứng thực|nhân rộng|tôn vinh|bình chọn|tinh giản|luân chuyển|điều động|bổ nhiệm|trưng dụng|khoanh vùng|có hình thức|có cơ chế|có chính sách|có lộ trình|có báo cáo|cứu chữa|cứu trợ|thăm hỏi|tổng rà soát|tổng kiểm tra|rà soát|tự đánh giá|xử trí|thi đua|thí điểm|đánh bắt|phân bố|lắng nghe|làm tốt|giữ vững|truy quét|triệt phá|trấn áp|đi đầu|gương mẫu|nêu gương|giám định|kiểm định|kiểm kê|kiểm đếm|lập|cấp phát|phát hành|lưu hành|mua sắm|cho thuê|đấu giá|định giá|thu nộp|nộp|cổ phần hóa|tái cơ cấu|quy đổi|đưa vào|đấu nối|bố phòng|thanh lý|bảo dưỡng|bảo quản|bảo tồn|tu bổ|tôn tạo|khai quật|sưu tầm|biên soạn|biên tập|xuất bản|song song|liên thông|liên kết|đồng bộ|rút ngắn|giảm thiểu|tối ưu|đa dạng hóa|hiện đại hóa|minh bạch|đối chiếu|quyết toán|tất toán",
)

// binding are small words that bind what stands around them; none begins an order.
var binding = table("của|về|tại|với|và|là|để|được|do|thì|mà|nên|ở|từ|bị|gồm|bao gồm|khi|nếu|như|hoặc|hay|các|những|nhằm|bằng|ra|vào|trên|dưới|theo|có|này|đó|nêu|sau|việc|cho|đến|khác|nói|cũng|sẽ|rất|mới|qua|trong|tiếp theo|liên quan|gây|tự|sẽ|thuộc|ngày")

// nounish are verbs that names of bodies are made of as well.
var nounish = table("thông tin|đăng ký|quản lý|vận hành|bảo vệ|kiểm soát|giám sát|truyền thông|tổng hợp|khai thác|phát triển|xây dựng|đầu tư|thẩm định|lưu trữ|đào tạo|bồi dưỡng|xúc tiến|thống kê|kiểm định|cung cấp|điều hành|hỗ trợ|tư vấn|nghiên cứu")

// findings are predicates of what is or was; a sentence that has one reports.
var findings = table("đã|đang|còn|chưa|vẫn|có nhiều|luôn|nhận được|cơ bản|vừa|bị|ghi nhận|đạt|có những|nhận thấy|tại văn bản|tại công văn|tại tờ trình|tại báo cáo")

// orderVerbs give work to the body that follows; requests ask for it.
var (
	orderVerbs = table("giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|yêu cầu|đề nghị|phân công|chỉ đạo|kính đề nghị|trân trọng đề nghị|lưu ý|giao đồng chí|nhắc nhở|phê bình và yêu cầu|đề nghị và giao|kiến nghị|ủy quyền cho|ủy quyền")
	assigns    = table("giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|phân công|yêu cầu|đề nghị|kính đề nghị|trân trọng đề nghị")
	requests   = table("đề nghị|kính đề nghị|trân trọng đề nghị|kiến nghị")
)
