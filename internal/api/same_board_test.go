package api_test

import (
	"bytes"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/sheet"
)

// TestSameNumberOnBoardMapListAndSheet: whatever narrows it, a figure of the board is as long
// as its list, page by page and as a sheet, the map says the same, and what is missed is what
// the list of petitions calls late.
func TestSameNumberOnBoardMapListAndSheet(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.filled(12)
		overseer := f.somebody("so-noi-vu", org.Leader)
		var area, desk string
		lttest.View(t, f.d, func(tx *db.Tx) error {
			u, err := org.UnitOf(tx, f.office.CommuneUnit)
			if err != nil {
				return err
			}
			id, _, err := org.DeskFor(tx, f.office.Field, f.office.CommuneUnit)
			area, desk = u.Region, string(id)
			return err
		})
		took := map[string]int{}
		figures, r := []string{"open", "missed", "met", "late"}, rand.New(rand.NewPCG(7, 11))
		const filters = 9
		for i := range len(figures) + 2*filters + 16 { // with nothing, with each value of each filter by itself, with a few
			q, drawn := url.Values{}, 0
			draw := func(name string, values ...string) {
				if one := i - len(figures); one >= 0 && one/2 == drawn {
					q.Set(name, values[one%2])
				} else if one >= 2*filters && r.IntN(4) == 0 {
					q.Set(name, values[r.IntN(len(values))])
				}
				drawn++
			}
			draw("state", petition.Answered, petition.Received)
			draw("outcome", string(petition.Guided), string(petition.Resolved))
			draw("field", f.office.Field, "tu-phap")
			draw("commune", string(f.office.CommuneUnit), string(otherCommune(f)))
			both := url.Values{} // what the list of petitions takes too
			for name, v := range q {
				both[name] = v
			}
			draw("area", area, board.None)
			draw("desk", desk, board.None)
			draw("unit", string(f.office.DepartmentUnit), "so-noi-vu")
			draw("from", "2026-03-04", "2026-03-09")
			draw("to", "2026-03-20", "2026-04-12")
			figure := figures[i%len(figures)]
			if len(q) == 1 || q.Has("outcome") || q.Has("from") || q.Has("to") {
				figure = "met" // what runs has no outcome and no day on which it was done
			}
			get := func(path string) answer { return f.do(overseer, "GET", "/api/v1/"+path+q.Encode(), nil).want(t, 200) }
			number := func(a answer) int { return int(a.body["total"].(object)[figure].(float64)) }
			n := map[string]int{"board": number(get("board?"))}
			n["list"] = len(f.pages(overseer, "/api/v1/board/list?limit=5&figure="+figure+"&"+q.Encode()+"&cursor="))
			rows, err := sheet.Read(bytes.NewReader([]byte(get("board/list?format=xlsx&figure=" + figure + "&").raw)))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if strings.HasPrefix(r.Cell(2), "KN-") {
					n["sheet"]++
				}
			}
			if figure == "open" || figure == "missed" {
				n["map"] = number(get("board/map?"))
			} else {
				n["map"] = n["board"]
			}
			if n["petitions"] = n["board"]; figure == "missed" && !q.Has("area") && !q.Has("desk") && !q.Has("unit") {
				n["petitions"] = len(f.pages(overseer, "/api/v1/petitions?limit=5&late=true&"+both.Encode()+"&cursor="))
			}
			for name, k := range n {
				if k != n["list"] {
					t.Fatalf("%s of %s: %v; %s differs", figure, q.Encode(), n, name)
				}
			}
			took[figure] += n["list"]
			for name := range q {
				took[name] += n["list"]
			}
		}
		for _, name := range []string{"open", "missed", "met", "state", "field", "area", "desk", "from", "unit", "commune", "outcome"} {
			if took[name] == 0 {
				t.Errorf("with %s nothing was ever counted: nothing was compared", name)
			}
		}
	})
}
