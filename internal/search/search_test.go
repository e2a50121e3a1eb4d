package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
)

// catchUp seals the log and lets the indexer read all of it.
func catchUp(t testing.TB, d *db.DB) {
	t.Helper()
	f := search.Indexer(d)
	for _, step := range []func() (int, error){
		func() (int, error) { return audit.Sequence(t.Context(), d) },
		func() (int, error) { return f.Step(t.Context()) },
	} {
		for n := 1; n > 0; {
			var err error
			if n, err = step(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func find(t testing.TB, d *db.DB, who org.Actor, text string) (codes []string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		codes = nil
		hits, _, err := search.Query(tx, who, text, "", 50)
		for _, h := range hits {
			codes = append(codes, h.Code)
		}
		return err
	})
	return codes
}

func TestFindsHoweverTyped(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		tried := "Đã gọi tổng đài ba lần"
		var id casefile.ID
		raise := func(title, text string) {
			lttest.Update(t, d, func(tx *db.Tx) error {
				p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: title, Field: o.Field, Text: text, Tried: &tried})
				if err == nil {
					id = p.ID
				}
				return err
			})
		}
		raise("Chưa thực hiện được chứng thực bản sao điện tử", "Người dân phải quay lại nhiều lần.")
		raise("Đường liên thôn ngập nước", "Bản đồ điện tử sai; sao chưa chứng nhận.")
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Direct(tx, o.Leader, id, direct.In{Officer: o.Specialist, Instruction: "Khẩn trương kiểm tra cống hộp."}, 0)
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, id, petition.Reply{Text: "Đã giao Ban quản lý khơi thông.", Outcome: petition.Guided})
			return err
		})
		catchUp(t, d)
		first, second := "KN-0001/2026", "KN-0002/2026"
		tests := []struct {
			name, text string
			want       []string
		}{
			{"with marks", "chứng thực bản sao điện tử", []string{first}},
			{"without marks", "chung thuc ban sao dien tu", []string{first}},
			{"capitals", "CHỨNG THỰC", []string{first}},
			{"decomposed letters", "chứng thực", []string{first}},
			{"d for đ", "duong lien thon", []string{second}},
			{"words anywhere", "điện tử", []string{second, first}},
			{"a phrase in quotes stands together", `"ban sao"`, []string{first}},
			{"curly quotes", "“sao dien”", []string{first}},
			{"the text of the petition", "quay lai nhieu lan", []string{first}},
			{"what was tried, of both", "tổng đài", []string{second, first}},
			{"the answer", "khoi thong", []string{second}},
			{"an instruction inside the unit is not searched", "cống hộp", nil},
			{"a name inside a text's form is no word of it", "proposal", nil},
			{"code", "KN-0001/2026", []string{first}},
			{"code without zeros and with its year", "kn 2/2026", []string{second}},
			{"beginning of a code", "kn-000", []string{second, first}},
			{"nothing typed", " \"\" ", nil},
			{"operators are words", `điện OR NOT (tử) * ' : & | !`, nil},
		}
		for _, tt := range tests {
			if got := find(t, d, o.Commune, tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %q finds %v, want %v", tt.name, tt.text, got, tt.want)
			}
		}
		var other org.Actor
		lttest.View(t, d, func(tx *db.Tx) error {
			one, err := org.OneStep(tx)
			for _, u := range one {
				if u.Unit.ID != o.CommuneUnit && u.Unit.Level == org.LevelCommune {
					other, err = org.ActorOf(tx, u.Officer)
				}
			}
			return err
		})
		for _, text := range []string{"chứng thực", "KN-0001/2026"} {
			if got := find(t, d, other, text); len(got) > 0 {
				t.Errorf("another commune finds %v for %q", got, text)
			}
		}
	})
}

// A draft is not found by its words, a sealed case not at all.
func TestDraftsAndSealedCasesAreNotFound(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Office(t, d)
		who := lttest.Who(t, d, lttest.Leader)
		var id casefile.ID
		change := func(fn func(tx *db.Tx, c *casefile.Case) error) {
			lttest.Update(t, d, func(tx *db.Tx) error {
				c, err := casefile.Lock(tx, org.System("test"), id)
				if err != nil {
					return err
				}
				if err := fn(tx, c); err != nil {
					return err
				}
				_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.changed", By: org.System("test"), Text: "khoi thong cong"})
				return err
			})
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Hồ chứa nước", State: "open", Lead: lttest.Department})
			if err != nil {
				return err
			}
			id = c.ID
			return casefile.Join(tx, id, casefile.Party{Unit: lttest.Department, Function: "lead"})
		})
		check := func(when string, want int) {
			t.Helper()
			catchUp(t, d)
			for _, text := range []string{"ho chua nuoc", "cong"} {
				if got := find(t, d, who, text); len(got) != want {
					t.Errorf("%s: %q finds %v, want %d", when, text, got, want)
				}
			}
		}
		change(func(*db.Tx, *casefile.Case) error { return nil })
		check("a draft", 0)
		change(func(_ *db.Tx, c *casefile.Case) error { c.Scope = "k:thu"; return nil })
		check("released", 1)
		change(func(_ *db.Tx, c *casefile.Case) error { c.Title = "Hồ chứa nước, cống"; return nil })
		check("indexed again", 1)
		lttest.Update(t, d, func(tx *db.Tx) error { return search.Drop(tx, id) })
		if got := find(t, d, who, "cong"); len(got) != 0 {
			t.Errorf("dropped, and still found: %v", got)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return search.Drop(tx, id) })
		change(func(tx *db.Tx, c *casefile.Case) error { c.SealedAt = tx.Now; return nil })
		check("sealed", 0)
	})
}

// What is sealed between the reading and the writing of a batch does not come back.
func TestSealOvertakesTheIndexer(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		var id casefile.ID
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Nội dung kín", Field: o.Field, Text: "một", Tried: new("đã tự làm")})
			if err == nil {
				id = p.ID
			}
			return err
		})
		if _, err := audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		f := search.Indexer(d)
		read := f.Read
		f.Read = func(tx *db.Tx, leaves []audit.Leaf) (func(*db.Tx) error, error) {
			write, err := read(tx, leaves)
			return func(tx *db.Tx) error {
				c, err := casefile.Lock(tx, org.System("test"), id)
				if err != nil {
					return err
				}
				c.SealedAt = tx.Now
				tx.Last("zzz", func() error { return write(tx) }) // after the case's row is written
				return nil
			}, err
		}
		if _, err := f.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			var n int
			err := tx.One(`SELECT count(*) FROM search_word`, nil, &n)
			if n != 0 {
				t.Errorf("%d rows of words of a sealed case", n)
			}
			return err
		})
	})
}

// A case that has gone on is left to the last of its entries: however the log is cut into
// steps, it is written once, and found by its last words.
func TestAFastCaseIsWrittenOnce(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := province.Open(t, d)
		catchUp(t, d)
		lttest.Update(t, d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Cầu treo", Field: o.Field, Text: "một", Tried: new("đã tự làm")})
			if err != nil {
				return err
			}
			if _, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Giao thông hướng dẫn", Outcome: petition.Guided, Basis: "Quyết định 1"}); err != nil {
				return err
			}
			_, err = petition.Settle(tx, o.Commune, p.ID, petition.Verdict{Settled: true})
			return err
		})
		if _, err := audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		writes, steps := 0, 0
		d.Listen = func(query string, _ []any) {
			if strings.Contains(query, "search_word") {
				writes++
			}
		}
		f := search.Indexer(d)
		for f.Batch = 1; ; steps++ {
			n, err := f.Step(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		d.Listen = nil
		if steps < 3 || writes != 1 {
			t.Errorf("%d writes of the words in %d steps", writes, steps)
		}
		if got := find(t, d, o.Commune, `"giao thong"`); len(got) != 1 {
			t.Errorf("found %v", got)
		}
	})
}

// Searching finds exactly what Get gives, in pages of any length.
func TestFoundIsWhatGetAllows(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := crowd.New(t, d, clock, 4)
		seen := 0
		rapid.Check(t, func(rt *rapid.T) {
			c.Cases = c.Cases[max(0, len(c.Cases)-12):] // those of earlier checks stay in the store
			for range rapid.IntRange(1, 5).Draw(rt, "steps") {
				c.Step(rt)
			}
			open := map[casefile.ID]bool{}
			lttest.Update(t, d, func(tx *db.Tx) error {
				for _, id := range c.Cases { // each party's change comes with an event, as slices do
					f, err := casefile.Lock(tx, org.System("test"), id)
					if err != nil {
						return err
					}
					if open[id] = f.Scope != ""; open[id] {
						if _, err := casefile.Record(tx, f, casefile.Event{Kind: "thu.noted", By: org.System("test"), Text: "ghi thêm"}); err != nil {
							return err
						}
					}
				}
				return nil
			})
			catchUp(t, d)
			step := rapid.IntRange(1, 5).Draw(rt, "page")
			for _, who := range c.Actors() {
				lttest.View(t, d, func(tx *db.Tx) error {
					var want []casefile.ID
					for _, id := range c.Cases {
						if _, err := casefile.Get(tx, who, id); err == nil && open[id] {
							want = append(want, id)
						}
					}
					got, err := all(tx, who, `"viec thu"`, step)
					if err != nil {
						return err
					}
					got = slices.DeleteFunc(got, func(id casefile.ID) bool { return !slices.Contains(c.Cases, id) })
					slices.Sort(got)
					slices.Sort(want)
					if !slices.Equal(got, want) {
						rt.Fatalf("%s finds %v, want %v", who.Officer, got, want)
					}
					seen += len(got)
					return nil
				})
			}
		})
		if seen == 0 {
			t.Error("nothing was ever found: the property proved nothing")
		}
	})
}

func all(tx *db.Tx, who org.Actor, text string, step int) (ids []casefile.ID, err error) {
	for cursor := ""; ; {
		hits, next, err := search.Query(tx, who, text, cursor, step)
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			ids = append(ids, h.Case)
		}
		if next == "" {
			return ids, nil
		}
		cursor = next
	}
}

func TestPhrases(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Điện tử", "dien|tu"},
		{`bản "Điện  Tử" sao`, "ban|dien tu|sao"},
		{`"chưa đóng`, "chua dong"},
		{"a a a", "a"},
		{"", ""},
	}
	for _, tt := range tests {
		got, err := search.Phrases(tt.text)
		if strings.Join(got, "|") != tt.want || err != nil {
			t.Errorf("%q: %q, %v; want %q", tt.text, got, err, tt.want)
		}
	}
	if _, err := search.Phrases(strings.Repeat("x ", 50)); fault.Kind(err) != fault.Invalid {
		t.Errorf("fifty words: %v, want a refusal", err)
	}
}

// Very long texts do not stop the index.
func TestLongTextsAreIndexed(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		var b strings.Builder
		for i := range 8000 {
			fmt.Fprintf(&b, "%d ", i)
		}
		text := b.String() + strings.Repeat("x", 3000) + " cuối cùng"
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Dài", Field: o.Field, Text: text, Tried: new("đã tự làm")})
			return err
		})
		catchUp(t, d)
		if got := find(t, d, o.Commune, `"cuoi cung"`); len(got) != 1 {
			t.Errorf("the end of a long text finds %v", got)
		}
	})
}
