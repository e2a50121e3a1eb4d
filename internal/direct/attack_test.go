package direct_test

import (
	"strings"
	"testing"

	"lienthong/internal/direct"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// What stays inside a unit bears no mark of state secrecy either, and has an end.
func TestInstructionsBearNoMark(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		s.want("a secret instruction", s.down(lttest.Leader, direct.In{Officer: lttest.OfficerA, Instruction: "Làm ngay (TUYỆT MẬT)"}), fault.Invalid)
		s.must(s.down(lttest.Leader, direct.In{Officer: lttest.OfficerA, Instruction: "Làm ngay"}))
		s.want("a secret reason", s.up(lttest.OfficerA, "MẬT\nKhông phải việc của tôi"), fault.Invalid)
		s.want("a boundless reason", s.up(lttest.OfficerA, strings.Repeat("dài ", 10_000)), fault.Invalid)
		s.must(s.up(lttest.OfficerA, "Không phải việc của tôi"))
	})
}
