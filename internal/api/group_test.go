package api_test

import (
	"testing"

	"lienthong/internal/org"
)

// A member of a group is told as the petition itself is, whatever became of it in the group,
// and the common answer is there also when it was given in one step.
func TestGroupTellsItsMembersAsTheyStand(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk, head := f.somebody("van-phong-ubnd-tinh", org.Desk), f.office.Leader.Officer
		var ids []string
		for range 2 {
			ids = append(ids, f.raise().text("id"))
		}
		at := "/api/v1/groups/" + f.do(desk, "POST", "/api/v1/groups", object{"title": "Nhóm", "members": ids}).want(t, 201).text("id")
		same := func(place string) {
			t.Helper()
			g := f.do(desk, "GET", at, nil).want(t, 200)
			for _, m := range g.body["members"].([]any) {
				m := m.(object)
				own := f.do(desk, "GET", "/api/v1/petitions/"+m["id"].(string), nil).want(t, 200)
				for _, name := range []string{"code", "title", "lead", "state", "due_on", "due_at", "fate", "raiser"} {
					if m[name] != own.body[name] {
						t.Errorf("the %s of a member is %v, the petition's own %v", name, m[name], own.body[name])
					}
				}
				if m["place"] != place {
					t.Errorf("in the group: %v, want %q", m["place"], place)
				}
			}
		}
		same("")
		if g := f.do(desk, "GET", at, nil); g.body["answer"] != nil {
			t.Errorf("answered before it is: %s", g.raw)
		}
		f.do(head, "POST", at+"/answer", object{"text": "Làm theo hướng dẫn chung.", "outcome": "guided", "basis": "Luật 60/2014/QH13"}).want(t, 200)
		same("answered")
		a, _ := f.do(desk, "GET", at, nil).body["answer"].(object)
		if a["text"] != "Làm theo hướng dẫn chung." || a["outcome"] != "guided" || a["basis"] != "Luật 60/2014/QH13" || a["unit"] != string(f.office.DepartmentUnit) || a["answered_at"] == "" {
			t.Errorf("the common answer: %v", a)
		}
	})
}
