package web

import (
	"net/url"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// Whatever the address of a list may hold is refused by name when it is nonsense; the page
// keeps what was typed and the rest of the address, and leads to the list without it.
func TestListsRefuseNonsense(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		c, asked := s.visit("overseer").c, 0
		for _, l := range s.filteredPages() {
			path, get := strings.CutPrefix(l.pattern, "GET ")
			if !get {
				continue
			}
			path = strings.NewReplacer("{$}", "", "{case}", db.NewID(s.clock.Now())).Replace(path)
			lists := map[string][]string{path: wrongable(l)}
			if l.takes == nil {
				lists = map[string][]string{}
				for _, list := range []string{"petitions", "inbox", "board", "board-list", "board-page", "tracker"} {
					lists["/export/"+list] = wrongable(filteredPage{takes: exportConditions(list)})
				}
			}
			for path, all := range lists {
				for _, name := range all {
					asked++
					page := s.get(c, path+"?"+name+"=vo-ly&con=lai")
					page.want(t, 422, "Điều kiện lọc chưa đúng", "“vo-ly”")
					for _, kept := range []string{`name="con" value="lai"`, `href="` + path + `?con=lai"`, ` name="` + name + `"`} {
						if !strings.Contains(page.text, kept) {
							t.Errorf("%s?%s=vo-ly has no %s", path, name, kept)
						}
					}
				}
			}
		}
		if asked < 90 {
			t.Errorf("only %d conditions were asked", asked)
		}
		s.get(c, "/petitions?from=05/03/2026&to=01/03/2026").want(t, 422, "ngày cuối đứng trước ngày đầu")
		s.get(c, "/petitions?late=false&state=").want(t, 200)
	})
}

// wrongable are the conditions of a list that can be wrong.
func wrongable(l filteredPage) (all []string) {
	for _, c := range l.takes {
		if !c.Shape.Free {
			all = append(all, c.Name)
		}
	}
	return all
}

// A filter that was kept while its field was there is shown with what is wrong, and can be
// mended or dropped.
func TestKeptViewThatIsNoLongerTaken(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.many(1)
		v := s.visit("leader")
		refused := s.post(v.c, "/views", "key", db.NewSecret(), "list", "petitions", "name", "Sai", "query", "state=abc")
		refused.want(t, 422, "Tình trạng")
		v.open("/petitions?state=received").must("/views", "name", "Đã cũ")
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE list_view SET query = $1 WHERE name = $2`, url.Values{"field": {"linh-vuc-cu"}, "state": {"received"}}.Encode(), "Đã cũ")
			return err
		})
		v.open("/petitions").wants("Đã cũ (điều kiện không còn dùng được)")
		s.get(v.c, "/petitions?field=linh-vuc-cu&state=received").want(t, 422, "Lĩnh vực: không có lĩnh vực nào mang mã “linh-vuc-cu”")
		v.must("/drop").lacks("Đã cũ")
	})
}

// The directory says whom to ask about a field: its unit is named, and what others have for
// everything is left out.
func TestContactsOfAField(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		v := s.visit("specialist").open("/danh-ba").wants("Hỏi về lĩnh vực")
		all := strings.Count(v.text, "<tr")
		v.open("/danh-ba?field=dan-toc-ton-giao").wants("Sở Dân tộc và Tôn giáo phụ trách", "đứng đầu danh sách")
		if n := strings.Count(v.text, "<tr"); n < 1 || n >= all {
			t.Errorf("%d lines of a field, %d of all", n, all)
		}
		v.lacks("Đầu mối của Sở Nội vụ")
	})
}
