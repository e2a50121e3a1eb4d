package api_test

import (
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/org"
)

// Over a random office every list holds exactly what looking up one by one allows:
// no case more, and none less.
func TestListIsWhatGetAllows(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := crowd.New(t, d, clock, 3)
		f := serve(t, d, clock)
		seen, hidden := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 6).Draw(rt, "steps") {
				c.Step(rt)
			}
			who := rapid.SampledFrom(c.Officers).Draw(rt, "who")
			want := map[string][]string{} // unit, and the cases on which it owes something
			for i, id := range c.Cases {
				a := f.do(who, "GET", "/api/v1/cases/"+string(id)+"/duties", nil)
				found := f.do(who, "GET", "/api/v1/cases/by-code?code="+c.Codes[i], nil).items()
				if (a.status == http.StatusOK) != (len(found) == 1) {
					rt.Fatalf("%s: case %s: %d, by its code %v", who, id, a.status, found)
				}
				if a.status != http.StatusOK {
					hidden++
				}
				for _, x := range a.items() {
					if x["ended_at"] == nil {
						owner := x["owner"].(string)
						want[owner] = append(want[owner], x["id"].(string))
					}
				}
			}
			for _, u := range c.Units {
				got := f.pages(who, "/api/v1/inbox?limit=3&unit="+string(u)+"&cursor=")
				seen += len(got)
				if w := want[string(u)]; !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(w))) {
					rt.Fatalf("%s, inbox of %s: %v, want %v", who, u, got, w)
				}
			}
		})
		if seen == 0 || hidden == 0 {
			t.Errorf("%d seen and %d hidden: the crowd proves nothing", seen, hidden)
		}
	})
}

// pages follows a list to its end and returns the ids of its items.
func (f *face) pages(who org.OfficerID, path string) (ids []string) {
	next, asked := "", map[string]bool{}
	for {
		a := f.do(who, "GET", path+next, nil).want(f.t, http.StatusOK)
		for _, x := range a.items() {
			ids = append(ids, x["id"].(string))
		}
		if next = a.text("next"); next == "" || asked[next] {
			return ids
		}
		asked[next] = true
	}
}
