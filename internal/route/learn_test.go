package route_test

import (
	"testing"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/route"
)

// An office that answers a kind of question elsewhere than the shipped weights say moves
// its own proposals, and only its own.
func TestLearnMovesTheOfficesOwnModel(t *testing.T) {
	m, rb := shipped(t)
	const text = "Xin hướng dẫn xử lý việc tồn của xã cũ"
	var cases []route.Case
	for range 6 {
		cases = append(cases, route.Case{Text: text, Field: "dan-toc-ton-giao", Unit: "so-dan-toc-va-ton-giao"})
	}
	before := m.Order(text)[0]
	taught := m.Learn(cases)
	if got := taught.Order(text)[0]; got != "dan-toc-ton-giao" {
		t.Errorf("after six cases the first is %s", got)
	}
	if got := m.Order(text)[0]; got != before {
		t.Errorf("the model learned from moved to %s", got)
	}
	// what six cases taught does not spill over what the words plainly say
	for _, e := range unseen(t) {
		a, b := m.Order(e.Text), taught.Order(e.Text)
		if a[0] == e.Field && b[0] == "dan-toc-ton-giao" && a[0] != b[0] {
			t.Errorf("%s moved from %s", e.Text, a[0])
		}
	}
	cases = []route.Case{{Text: "Sổ hộ tịch cũ", Field: "tu-phap", Unit: "so-tu-phap"}, {Text: "hộ tịch điện tử", Field: "tu-phap", Unit: "so-tu-phap"}, {Text: "khai sinh", Field: "tu-phap", Unit: "so-tu-phap"}}
	p := m.Learn(cases).Propose(rb, day, "Sổ hộ tịch bị mất", 1)[0]
	if p.Answered != 1 && p.Answered != 2 {
		t.Errorf("answered %d times before", p.Answered)
	}
}

func follow(t *testing.T, d *db.DB) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	f := route.Follower(d)
	for n := 1; n > 0; {
		var err error
		if n, err = f.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
