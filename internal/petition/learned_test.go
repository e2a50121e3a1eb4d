package petition_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
)

// What was answered is learned once, in the order of the answers, with who had it first;
// what waits teaches nothing yet.
func TestLearned(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
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
		at := int64(0)
		// what entries of the log answered that were not read yet
		learn := func(want int) (all []petition.Example) {
			t.Helper()
			if _, err := audit.Sequence(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				leaves, err := audit.ByPosition(tx, at, 1000)
				if err != nil {
					return err
				}
				var refs []string
				for _, l := range leaves {
					refs = append(refs, l.Ref)
				}
				at += int64(len(leaves))
				ids, err := petition.AnsweredIn(tx, refs)
				if err != nil {
					return err
				}
				all, err = petition.Learned(tx, ids)
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
		newest(t, d, first.ID, second.ID)
	})
}

// The newest are those raised last, whoever was answered first.
func newest(t *testing.T, d *db.DB, first, second casefile.ID) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		for most, want := range []casefile.ID{second, first, "", ""} {
			if id, err := petition.Newest(tx, most); err != nil || id != want {
				t.Errorf("behind the %d newest: %q, want %q, %v", most, id, want, err)
			}
		}
		all, err := petition.AnsweredAfter(tx, "", tx.Now.Add(-time.Hour), 9)
		if err != nil || !slices.Equal(all, []casefile.ID{first, second}) {
			t.Errorf("answered: %v, %v", all, err)
		}
		all, err = petition.AnsweredAfter(tx, first, tx.Now.Add(-time.Hour), 9)
		if err != nil || !slices.Equal(all, []casefile.ID{second}) {
			t.Errorf("behind the first: %v, %v", all, err)
		}
		all, err = petition.AnsweredAfter(tx, "", tx.Now.Add(time.Hour), 9)
		if err != nil || len(all) != 0 {
			t.Errorf("long ago: %v, %v", all, err)
		}
		return nil
	})
}
