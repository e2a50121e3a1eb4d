package bench

import (
	"math/rand/v2"
	"strings"

	"lienthong/internal/vntext"
)

// syllables are common Vietnamese syllables; joined at random they weigh and compress
// like the office's texts and mean nothing.
var syllables = strings.Fields(`công việc hồ sơ tiếp nhận giải quyết trả kết quả cấp xã phường đặc khu người dân doanh nghiệp
	phần mềm hệ thống kết nối dữ liệu chứng thực bản sao điện tử hộ tịch đất đai xây dựng y tế giáo dục môi trường
	thủ tục hành chính biên chế cán bộ chuyên môn hướng dẫn văn bản quy định thẩm quyền phân cấp kinh phí trang bị
	máy quét đường truyền chữ ký số lưu trữ tài liệu bàn giao tồn đọng kiểm tra đề nghị xem xét sớm khó khăn vướng mắc
	ngân sách thu chi đầu tư công trình thủy lợi nông thôn mới bảo hiểm xã hội lao động trẻ em hộ nghèo dân tộc`)

// A writer makes texts of about a number of bytes; the same seed makes the same texts.
type writer struct{ *rand.Rand }

// The same seed, the same texts.
func newWriter(seed uint64) writer { return writer{rand.New(rand.NewPCG(seed, 7))} }

// text returns n bytes or a few less, in sentences.
func (w writer) text(n int) string {
	var b strings.Builder
	b.Grow(n + 16)
	for at := 0; ; at++ {
		s := syllables[w.IntN(len(syllables))]
		if b.Len()+len(s)+2 > n {
			return strings.TrimSpace(b.String())
		}
		b.WriteString(s)
		if at%17 == 16 {
			b.WriteByte('.')
		}
		b.WriteByte(' ')
	}
}

// title is one line of eight to twelve syllables.
func (w writer) title() string {
	words := make([]string, 8+w.IntN(5))
	for i := range words {
		words[i] = syllables[w.IntN(len(syllables))]
	}
	return "Vướng mắc " + strings.Join(words, " ")
}

// pick returns one element at random.
func pick[T any](w writer, all []T) T { return all[w.IntN(len(all))] }

// phrase is two syllables of the texts, typed without marks.
func phrase(w writer) string {
	at := w.IntN(len(syllables) - 1)
	return vntext.Fold(syllables[at] + " " + syllables[at+1])
}
