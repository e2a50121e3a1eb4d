package like

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/vntext"
)

var few = []Item{
	{"1", "tu-phap", "Cấp bản sao trích lục khai sinh khi sổ gốc bị mất thì làm thế nào?"},
	{"2", "xay-dung", "Nhà ở riêng lẻ ở nông thôn có phải xin giấy phép xây dựng không?"},
	{"3", "tai-nguyen", "Tách thửa đất nông nghiệp cho con, diện tích tối thiểu là bao nhiêu?"},
	{"4", "noi-vu", "Phụ cấp cho người hoạt động không chuyên trách ở thôn chi từ nguồn nào?"},
	{"5", "tai-chinh", "Trụ sở dôi dư sau sắp xếp giao cho ai quản lý?"},
}

func TestNear(t *testing.T) {
	x := New(few)
	tests := []struct{ question, want string }{
		{"mất sổ gốc, trích lục khai sinh cấp lại ra sao", "1"},
		{"xin phep xay dung nha o nong thon", "2"},
		{"Chia thửa đất ruộng cho con", "3"},
		{"cán bộ KCT ở thôn được phụ cấp lấy tiền đâu", "4"},
		{"quản lý nhà đất dôi dư khi sáp nhập", "5"},
		{"karaoke mở đến mấy giờ", ""},
		{"", ""},
		{"đề nghị hướng dẫn", ""},
	}
	for _, tt := range tests {
		hits := x.Near(Item{Text: tt.question}, 1, nil)
		got := ""
		if len(hits) > 0 {
			got = hits[0].ID
		}
		if got != tt.want {
			t.Errorf("%q is like %v, want %q", tt.question, hits, tt.want)
		}
	}
	same := x.Near(few[1], 3, nil)
	for _, h := range same {
		if h.ID == "2" {
			t.Error("an item is returned as like itself")
		}
	}
	asked := 0
	hits := x.Near(Item{Text: few[0].Text}, 1, func(id string) bool { asked++; return id != "1" })
	if slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == "1" }) || asked == 0 {
		t.Errorf("what may not be seen was returned: %v", hits)
	}
}

// A part of a field is not another field; another field weakens a likeness.
func TestPartsOfAField(t *testing.T) {
	x := New([]Item{{ID: "1", Field: "tu-phap", Text: "Mất sổ gốc hộ tịch thì cấp trích lục khai sinh ra sao?"}})
	score := func(field string) float64 {
		h := x.Near(Item{Field: field, Text: "xin trích lục khai sinh mà mất sổ gốc"}, 1, nil)
		if len(h) == 0 {
			return 0
		}
		return h[0].Score
	}
	if same := score("tu-phap"); score("tu-phap.03") != same || score("") != same || score("noi-vu.01") >= same || same == 0 {
		t.Errorf("field %v, part %v, none %v, another %v", same, score("tu-phap.03"), score(""), score("noi-vu.01"))
	}
}

func TestPutAndDrop(t *testing.T) {
	x := New(few)
	x.Put(Item{ID: "6", Text: "Quán karaoke được mở cửa đến mấy giờ?"})
	if h := x.Near(Item{Text: "giờ mở cửa quán karaoke"}, 1, nil); len(h) != 1 || h[0].ID != "6" {
		t.Fatalf("%v", h)
	}
	x.Put(Item{ID: "6", Text: "Chợ dân sinh do ai quản lý?"})
	if h := x.Near(Item{Text: "giờ mở cửa quán karaoke"}, 1, nil); len(h) != 0 {
		t.Errorf("the replaced text is found: %v", h)
	}
	for i := range 40 {
		x.Put(Item{ID: fmt.Sprint("n", i), Text: fmt.Sprint("tạm ", i)})
	}
	for i := range 40 {
		x.Drop(fmt.Sprint("n", i))
	}
	x.Drop("no such")
	if x.Len() != 6 || len(x.entries) > 30 {
		t.Errorf("%d items in %d entries", x.Len(), len(x.entries))
	}
	if h := x.Near(Item{Text: "trụ sở dôi dư ai quản lý"}, 1, nil); len(h) != 1 || h[0].ID != "5" {
		t.Errorf("%v", h)
	}
}

// Trimmed are those that were put in first; one that was replaced is as new as its last text.
func TestTrim(t *testing.T) {
	x := New(few)
	x.Put(few[0])
	x.Trim(5)
	x.Trim(2)
	if x.Len() != 2 {
		t.Fatalf("%d items", x.Len())
	}
	for _, it := range few {
		hits := x.Near(Item{Text: it.Text}, 1, nil)
		if stays := it.ID == "1" || it.ID == "5"; stays != (len(hits) == 1 && hits[0].ID == it.ID) {
			t.Errorf("%s: %v", it.ID, hits)
		}
	}
}

// Marks, capitals and spaces change nothing; a text is wholly like itself; scores stay in 0 to 1.
func TestLikenessOfAnyText(t *testing.T) {
	lines := strings.Fields(vntext.NFC("đất đai giấy chứng nhận khai sinh xây dựng phép nhà ở thôn xã trụ sở phụ cấp học phí rừng điện"))
	rapid.Check(t, func(r *rapid.T) {
		text := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(lines), 3, 25).Draw(r, label), " ")
		}
		a, b := text("a"), text("b")
		if s := Score(a, strings.ToUpper(vntext.Fold(a))); s < 0.999 {
			r.Fatalf("%q without marks: %v", a, s)
		}
		if x, y := Score(a, b), Score(b, a); x < 0 || x > 1.000001 || x-y > 1e-9 || y-x > 1e-9 {
			r.Fatalf("%v and %v", x, y)
		}
		index := New([]Item{{ID: "a", Text: a}, {ID: "b", Text: b}})
		hits := index.Near(Item{Text: a}, 2, nil)
		if len(hits) == 0 || hits[0].Score < 0.999 {
			r.Fatalf("%q does not find itself: %v", a, hits)
		}
		for _, h := range hits {
			if h.Score > 1 {
				r.Fatalf("%v", hits)
			}
		}
	})
}

func TestCluster(t *testing.T) {
	items := slices.Clone(few)
	items = append(items,
		Item{"6", "", "Đề nghị hướng dẫn tách thửa đất nông nghiệp, diện tích tối thiểu được tách"},
		Item{"7", "", "Diện tích tối thiểu tách thửa đất nông nghiệp chia cho con là bao nhiêu m2"},
		Item{"8", "", "Trụ sở cũ dôi dư sau sắp xếp chưa rõ giao ai quản lý"})
	got := Cluster(items, Together)
	if len(got) != 2 || len(got[0]) != 3 || len(got[1]) != 2 {
		t.Fatalf("%v", got)
	}
	slices.Sort(got[0])
	if !slices.Equal(got[0], []int{2, 5, 6}) {
		t.Errorf("%v", got)
	}
	if Cluster(nil, Together) != nil {
		t.Error("nothing makes a group")
	}
}

// many invents texts: kinds of difficulties, each said with its own words around it.
func many(n, kinds int) []Item {
	r := rand.New(rand.NewPCG(1, 2))
	syllable := make([]string, 1500)
	for i := range syllable {
		syllable[i] = string("bcdghklmnprstvx"[r.IntN(15)]) + string("aeiouy"[r.IntN(6)]) + string("cmnptiou"[r.IntN(8)]) + fmt.Sprint(r.IntN(9))
	}
	// few syllables make most of every text, as in the language
	pick := func() string { f := r.Float64(); return syllable[int(f*f*f*float64(len(syllable)))] }
	kind := make([][]string, kinds)
	for k := range kind {
		for range 14 {
			kind[k] = append(kind[k], pick())
		}
	}
	all := make([]Item, n)
	for i := range all {
		k := kind[i%kinds]
		words := slices.Clone(k[r.IntN(4):])
		for range 20 {
			words = append(words, pick())
		}
		all[i] = Item{ID: fmt.Sprint(i), Text: strings.Join(words, " ")}
	}
	return all
}

func BenchmarkNear(b *testing.B) {
	all := many(100_000, 20_000)
	x := New(all)
	for i := 0; b.Loop(); i++ {
		x.Near(Item{Text: all[i%len(all)].Text}, 3, nil)
	}
}

func BenchmarkIndex(b *testing.B) {
	all := many(100_000, 20_000)
	for b.Loop() {
		New(all)
	}
}

// 148 communes with 20 items each.
func BenchmarkCluster(b *testing.B) {
	all := many(148*20, 200)
	for b.Loop() {
		Cluster(all, Together)
	}
}
