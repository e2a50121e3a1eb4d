package petition_test

import (
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
)

// What was answered is learned once, in the order of the answers, with who had it first;
// what waits teaches nothing yet.
func TestLearned(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		other := oneStep(t, d, "so-tu-phap")
		first := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		second := raise(t, d, o.Commune, "Chứng thực bản sao", o.Field)
		raise(t, d, o.Commune, "Còn chờ", o.Field)
		if err := forward(d, o.Leader, second.ID, "so-tu-phap"); err != nil {
			t.Fatal(err)
		}
		if err := reply(d, other, second.ID); err != nil {
			t.Fatal(err)
		}
		since := ""
		learn := func(want int) (all []petition.Example) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) (err error) {
				all, since, err = petition.Learned(tx, since)
				return err
			})
			if len(all) != want {
				t.Fatalf("%d examples, want %d: %+v", len(all), want, all)
			}
			return all
		}
		x := learn(1)[0]
		if x.Case != second.ID || x.Unit != "so-tu-phap" || x.First != o.DepartmentUnit || x.Field != o.Field || !strings.HasPrefix(x.Text, "chung thuc ban sao ") {
			t.Errorf("learned %+v", x)
		}
		learn(0)
		clock.Add(1e9)
		if err := reply(d, o.Leader, first.ID); err != nil {
			t.Fatal(err)
		}
		if x := learn(1)[0]; x.Case != first.ID || x.First != x.Unit {
			t.Errorf("learned %+v", x)
		}
	})
}
