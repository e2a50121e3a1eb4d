package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// The words of an objection go to the unit that wrote them, to whoever makes the table and to
// the Office; a unit beside them reads that there is one, and what came of it.
func TestObjectionIsNotForAll(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		home, watch := f.somebody("so-noi-vu", org.Leader), f.somebody("van-phong-ubnd-tinh", org.Leader)
		f.raise()
		f.clock.Add(30 * 24 * time.Hour) // the answer is late, so the department has a line
		table := f.do(home, "POST", "/api/v1/scores", object{"year": f.clock.Now().Year()}).want(t, http.StatusCreated)
		path := "/api/v1/scores/" + table.text("id")
		early := f.do(home, "POST", path+"/show", object{}).want(t, http.StatusConflict)
		if !strings.Contains(early.raw, `"clause":"PT06/D7.K2"`) {
			t.Errorf("shown while its year runs: %s", early.raw)
		}
		f.clock.Set(time.Date(f.clock.Now().Year()+1, 1, 4, 8, 0, 0, 0, workday.Office))
		f.do(home, "POST", path+"/recount", object{}).want(t, http.StatusOK)
		f.do(home, "POST", path+"/show", object{}).want(t, http.StatusOK)
		item := f.do(home, "GET", path+"/items?side=answers&figure=late&unit="+string(f.office.DepartmentUnit), nil).want(t, http.StatusOK).items()
		if len(item) != 1 {
			t.Fatalf("late answers: %v", item)
		}
		const words = "Sở phải chờ ý kiến của Bộ."
		department, commune := f.office.Leader.Officer, f.office.Commune.Officer
		f.do(department, "POST", path+"/objections", object{"item": item[0]["n"], "text": words}).want(t, http.StatusOK)
		decided := f.do(home, "POST", path+"/decisions", object{"objection": 1, "accept": false, "reason": "Không thuộc trường hợp này."}).want(t, http.StatusOK)
		if !strings.Contains(decided.raw, words) {
			t.Errorf("who decides reads what he decides on: %s", decided.raw)
		}
		for who, reads := range map[org.OfficerID]bool{department: true, home: true, watch: true, commune: false} {
			got := f.do(who, "GET", path, nil).want(t, http.StatusOK)
			if strings.Contains(got.raw, words) != reads || strings.Contains(got.raw, `"closed":true`) == reads || !strings.Contains(got.raw, `"decision":"declined"`) {
				t.Errorf("%s: %s", who, got.raw)
			}
		}
	})
}
