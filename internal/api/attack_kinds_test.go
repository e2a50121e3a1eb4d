package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lienthong/internal/bank"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// The id of a case of one kind opens nothing of another kind, and no act of another kind
// is done on it: whoever sends it, it is never a fault of ours.
func TestIDsOfOtherKinds(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk, home := f.somebody("van-phong-ubnd-tinh", org.Desk), f.somebody("so-noi-vu", org.Leader)
		petition := f.raise().text("id")
		ids := map[string]string{
			"petitions": petition,
			"groups":    f.do(desk, "POST", "/api/v1/groups", object{"title": "Nhóm", "members": []string{petition}}).want(t, http.StatusCreated).text("id"),
			"scores":    f.do(home, "POST", "/api/v1/scores", object{"year": f.clock.Now().Year()}).want(t, http.StatusCreated).text("id"),
		}
		lttest.Update(t, f.d, func(tx *db.Tx) error {
			e, err := bank.Propose(tx, f.office.Leader, bank.New{Unit: f.office.DepartmentUnit, Field: f.office.Field, Question: "Hỏi?", Answer: "Đáp.", Basis: "Luật 60/2014/QH13", Submit: true})
			if err == nil {
				ids["bank"] = string(e.ID)
			}
			return err
		})
		f.do(f.office.Leader.Officer, "POST", "/api/v1/bank/"+ids["bank"]+"/approve", object{}).want(t, http.StatusOK)
		spec := f.do("", "GET", "/openapi.json", nil).want(t, http.StatusOK)
		paths, _ := spec.body["paths"].(map[string]any)
		if len(paths) < 50 {
			t.Fatalf("%d paths", len(paths))
		}
		body := object{"text": "x", "reason": "x", "title": "x", "petition": petition, "add": []string{petition}, "outcome": "guided", "number": "1/X", "issued_on": "2026-02-10", "settled": true, "item": 1}
		for path, of := range paths {
			kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
			if !strings.Contains(rest, "{id}") || kind == "cases" {
				continue
			}
			for method := range of.(map[string]any) {
				for other, id := range ids {
					if other == kind {
						continue
					}
					for _, who := range []org.OfficerID{desk, home, f.office.Leader.Officer} {
						a := f.do(who, strings.ToUpper(method), strings.ReplaceAll(path, "{id}", id), body)
						if a.status >= 500 || a.status < 300 {
							t.Errorf("%s %s of %s: %d %.200s", method, path, other, a.status, a.raw)
						}
					}
				}
			}
		}
	})
}
