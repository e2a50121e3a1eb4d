package search_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/volume"
	"lienthong/internal/org"
	"lienthong/internal/search"
)

var (
	cases    = flag.Int("cases", 50_000, "how many cases a benchmark fills")
	postgres = flag.Bool("postgres", false, "benchmarks on PostgreSQL")
)

// syllables are as unlike in frequency as those of a language: the first is in almost
// every text, the last in few.
var syllables = strings.Fields(`khong lien thong duoc phan mem mot cua so tu phap chung thuc ban sao dien tu dat dai huyen duong
	ngap nuoc truong hoc giao vien tram y te thuoc bao hiem xa hoi ho ngheo lua mua vu sau benh cau cong he dien luoi nha o
	quy hoach xay dung cap phep kinh doanh thue phi le le phi ngan sach von dau tu cong du an giai ngan muon cham tien do`)

func text(r *rand.Rand, words int) string {
	var b strings.Builder
	for range words {
		k := int(float64(len(syllables)) * r.Float64() * r.Float64())
		b.WriteString(syllables[k])
		b.WriteByte(' ')
	}
	return b.String()
}

// words gives every case of a filled store a text, as the indexer would write it.
func words(t testing.TB, d *db.DB, n, length int) {
	r := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < n; from += 1000 {
		lttest.Update(t, d, func(tx *db.Tx) error {
			for i := from; i < min(n, from+1000); i++ {
				marks := []string{search.MarkOf(fmt.Sprintf("u:so-%d", i%volume.Departments)), search.MarkOf(fmt.Sprintf("u:xa-%d", i%volume.Communes))}
				s := text(r, length)
				if i%1000 == 7 {
					s += " cau khi duoc bac qua suoi"
				}
				if err := tx.SearchAdd(int64(i+1), s, marks); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if d.Postgres() {
		lttest.Update(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err })
	}
}

// A search reads no table of cases from end to end.
func TestSearchUsesItsIndex(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		volume.Fill(t, d, 5000)
		words(t, d, 5000, 30)
		who := org.Actor{Officer: volume.Overseer}
		for _, q := range []string{`"bac qua suoi"`, "KN-10000"} {
			for _, p := range volume.Plans(t, d, func(tx *db.Tx) error {
				_, next, err := search.Query(tx, who, q, "", 3)
				if err != nil || next == "" {
					t.Errorf("%s: one page only, %v", q, err)
					return err
				}
				_, _, err = search.Query(tx, who, q, next, 3)
				return err
			}) {
				for _, table := range volume.Whole(p) {
					switch table {
					case "c", "casefile", "search_word", "s", "search_case", "vr", "case_reader":
						t.Errorf("%s reads %s whole:\n%s", q, table, p)
					}
				}
			}
		}
	})
}

// BenchmarkSearch asks for rare and common words as an overseer and as a commune.
func BenchmarkSearch(b *testing.B) {
	open := lttest.SQLite
	if *postgres {
		open = lttest.Postgres
	}
	d, _ := open(b)
	volume.Fill(b, d, *cases)
	words(b, d, *cases, 150)
	for _, reader := range []org.OfficerID{volume.Overseer, volume.Commune} {
		for _, q := range []string{`"bac qua suoi"`, "khong lien thong", `"khong lien thong duoc"`, "chung thuc ban sao dien tu", "muon cham tien do", `"tien do cham"`, "zzz", "KN-1000"} {
			b.Run(string(reader)+"/"+q, func(b *testing.B) {
				found := 0
				for b.Loop() {
					lttest.View(b, d, func(tx *db.Tx) error {
						hits, _, err := search.Query(tx, org.Actor{Officer: reader}, q, "", 25)
						found = len(hits)
						return err
					})
				}
				b.ReportMetric(float64(found), "found")
			})
		}
	}
}
