package bulk_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/bulk"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// filled is a province in which one commune raised n petitions.
func filled(t *testing.T, d *db.DB, clock *lttest.Clock, n int) (o province.Office, all []casefile.ID) {
	t.Helper()
	o = province.Open(t, d)
	clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
	tried := "đã tự làm"
	for i := range n {
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: fmt.Sprintf("Vướng mắc %d", i), Field: o.Field, Text: "nội dung", Tried: &tried})
			if err == nil {
				all = append(all, p.ID)
			}
			return err
		})
		clock.Add(time.Minute)
	}
	return o, all
}

func start(t *testing.T, d *db.DB, who org.Actor, in bulk.In) (id string, err error) {
	t.Helper()
	err = d.Update(context.Background(), func(tx *db.Tx) (err error) {
		id, err = bulk.Start(tx, who, in)
		return err
	})
	return id, err
}

func get(t *testing.T, d *db.DB, who org.Actor, id string) (b *bulk.Bulk) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		b, err = bulk.Get(tx, who, id)
		return err
	})
	return b
}

// directed is an order to the first officer of the leader's unit.
func directed(t *testing.T, d *db.DB, o province.Office, cases []casefile.ID) (in bulk.In) {
	t.Helper()
	in = bulk.In{Act: bulk.Direct, Cases: cases, To: direct.In{Instruction: "Tham mưu trả lời."}}
	lttest.View(t, d, func(tx *db.Tx) error {
		held, err := org.Officers(tx, o.DepartmentUnit)
		for _, h := range held {
			if h.Post.Role == org.Specialist {
				in.To.Officer, in.To.Section = h.Officer.ID, h.Post.Section
			}
		}
		return err
	})
	return in
}

// Each item through its own operation: one that is refused leaves its reason and nothing
// else, and holds up no other.
func TestEachItemHasItsLine(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, all := filled(t, d, clock, 4)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, all[1], petition.Reply{Text: "trả lời", Outcome: petition.Guided})
			return err
		})
		id, err := start(t, d, o.Leader, directed(t, d, o, append(all, all[0], "khong-co")))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup // as when the background takes it up too
		for range 3 {
			wg.Go(func() {
				if err := bulk.Do(context.Background(), d, id); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b := get(t, d, o.Leader, id)
		if b.Done != 3 || b.Refused != 2 || b.Open != 0 || len(b.Lines) != 5 {
			t.Fatalf("%+v", b)
		}
		if l := b.Lines[1]; l.State != "refused" || l.Say == "" || l.Code == "" {
			t.Errorf("the answered one: %+v", l)
		}
		if l := b.Lines[4]; l.State != "refused" || l.Title != "" {
			t.Errorf("one that is not there: %+v", l)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			for i, c := range all {
				events, err := casefile.History(tx, o.Leader, c, 50)
				if err != nil {
					return err
				}
				n := 0
				for _, e := range events {
					if e.Kind == "matter.directed" {
						n++
					}
				}
				if want := map[bool]int{true: 0, false: 1}[i == 1]; n != want {
					t.Errorf("item %d was directed %d times, want %d", i, n, want)
				}
			}
			var left string
			return errOr(tx.One(`SELECT input FROM bulk WHERE id = $1`, []any{id}, &left), func() {
				if left != "" {
					t.Errorf("the words stand a second time: %q", left)
				}
			})
		})
	})
}

func errOr(err error, then func()) error {
	if err == nil {
		then()
	}
	return err
}

// A long order is done in the background, also after its node stopped half way.
func TestWorkerGoesOn(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, all := filled(t, d, clock, bulk.AtOnce+2)
		id, err := start(t, d, o.Leader, directed(t, d, o, all))
		if err != nil {
			t.Fatal(err)
		}
		if err := (&bulk.Worker{DB: d, Node: "một"}).Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		if b := get(t, d, o.Leader, id); b.Done != len(all) || b.Open != 0 {
			t.Errorf("%d done, %d open", b.Done, b.Open)
		}
	})
}

func TestStartRefused(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, all := filled(t, d, clock, 1)
		many := make([]casefile.ID, petition.MostPicked+1)
		for i := range many {
			many[i] = casefile.ID(fmt.Sprint(i))
		}
		for name, in := range map[string]bulk.In{
			"no act": {Cases: all}, "nothing picked": {Act: bulk.Urge, Text: "x"}, "too many": {Act: bulk.Urge, Cases: many, Text: "x"},
			"no words": {Act: bulk.Urge, Cases: all, Text: "  "}, "secret": {Act: bulk.Urge, Cases: all, Text: "TỐI MẬT"},
		} {
			if _, err := start(t, d, o.Leader, in); fault.Kind(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		id, err := start(t, d, o.Leader, bulk.In{Act: bulk.Urge, Cases: all, Text: "Đề nghị trả lời."})
		if err != nil {
			t.Fatal(err)
		}
		if err := bulk.Do(context.Background(), d, id); err != nil {
			t.Fatal(err)
		}
		if b := get(t, d, o.Leader, id); b.Refused != 1 || strings.TrimSpace(b.Lines[0].Say) == "" {
			t.Errorf("one who oversees nothing urged: %+v", b)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, err := bulk.Get(tx, o.Commune, id); fault.Kind(err) != fault.NotFound {
				t.Errorf("another reads the order: %v", err)
			}
			return nil
		})
	})
}
