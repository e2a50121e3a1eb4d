package search_test

import (
	"math/rand/v2"
	"testing"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
	"lienthong/internal/search"
)

// BenchmarkIndexer follows petitions that go their way while it reads, two hundred at once.
func BenchmarkIndexer(b *testing.B) {
	d, _ := province.SQLite(b)
	o := province.Open(b, d)
	tried := "đã hỏi"
	r := rand.New(rand.NewPCG(1, 2))
	f := search.Indexer(d)
	for b.Loop() {
		b.StopTimer()
		const many = 200
		var ids [many]casefile.ID
		var acts []int
		for i := range 3 * many {
			acts = append(acts, i%many)
		}
		r.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
		done := map[int]int{}
		for _, i := range acts {
			lttest.Update(b, d, func(tx *db.Tx) (err error) {
				switch done[i]++; done[i] {
				case 1:
					var p *petition.Petition
					if p, err = petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Việc " + text(r, 8), Field: o.Field, Text: text(r, 300), Tried: &tried}); err == nil {
						ids[i] = p.ID
					}
				case 2:
					_, err = petition.AnswerNow(tx, o.Leader, ids[i], petition.Reply{Text: text(r, 150), Outcome: petition.Guided, Basis: "QĐ 1"})
				case 3:
					_, err = petition.Settle(tx, o.Commune, ids[i], petition.Verdict{Settled: true})
				}
				return err
			})
		}
		for n := 1; n > 0; {
			var err error
			if n, err = audit.Sequence(b.Context(), d); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		for n := 1; n > 0; {
			var err error
			if n, err = f.Step(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
