package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/web/ui"
)

// pageRows is how many rows a list shows at once.
const pageRows = 25

// search finds cases by words, with marks or without, and by tracking code.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		text := strings.TrimSpace(r.Form.Get("q"))
		f, q, err := listFilter(r)
		if err != nil {
			return nil, err
		}
		p.Title, p.Query = "Tìm kiếm", text
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: "Kết quả tìm “" + text + "”"}}
		if text == "" {
			v.Head.Title = "Tìm kiếm"
			v.Empty = ui.Nothing{Title: "Anh/chị muốn tìm gì?", Text: "Gõ mã theo dõi, trích yếu, tên đơn vị hoặc vài chữ trong nội dung; không cần dấu. Đặt trong ngoặc kép để tìm đúng cụm từ."}
			return listPage(v), nil
		}
		p.Title = "Tìm “" + text + "”"
		q.Set("q", text)
		if err := searchTools(tx, who, p.Key, f, q, &v); err != nil {
			return nil, err
		}
		hits, next, n, more, err := search.FindCounted(tx, who, text, f, r.Form.Get("after"), pageRows)
		if err != nil {
			return nil, err
		}
		mark, err := search.Watermark(tx)
		if err != nil {
			return nil, err
		}
		v.Head.Sub = found(n, more) + "; " + mark.Say(func(t time.Time) string { return when(t, tx.Now) })
		if len(hits) == 0 {
			v.Empty = ui.Nothing{Title: "Không tìm thấy việc nào", Text: "Chỉ tìm trong những việc anh/chị được xem. Thử ít chữ hơn, hoặc gõ mã theo dõi như KN-0437."}
			return listPage(v), nil
		}
		rows, err := hitRows(tx, who, hits)
		if !slices.ContainsFunc(rows, func(r ui.Row) bool { return r.Pick != "" }) {
			v.Bulk = nil // nothing to tick
		}
		v.Groups = []ui.Group{{Title: "Mới nhất trước", Rows: rows}}
		if next != "" {
			q.Set("after", next)
			v.More = "/search?" + q.Encode()
		}
		return listPage(v), err
	})
}

// searchTools narrow what is found by the filters of the list, and keep them.
func searchTools(tx *db.Tx, who org.Actor, key string, f petition.ListFilter, q url.Values, v *listView) (err error) {
	v.Action, v.Hidden = "/search", []ui.Hidden{{Name: "q", Value: q.Get("q")}}
	if v.Filters, err = listInputs(tx, f); err != nil {
		return err
	}
	if v.Bulk, err = bulkActs(tx, who); err != nil {
		return err
	}
	v.Views, err = viewsOf(tx, who, "search", key, q)
	return err
}

// found says how many there are.
func found(n int, more bool) string {
	if more {
		return "Hơn " + grouped(int64(n)) + " việc"
	}
	return grouped(int64(n)) + " việc"
}

// hitRows are found cases as rows, each with the date that runs on it.
func hitRows(tx *db.Tx, who org.Actor, hits []search.Hit) (rows []ui.Row, err error) {
	ids := make([]casefile.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.Case
	}
	running, err := inbox.Of(tx, who, ids)
	if err != nil {
		return nil, err
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	for _, h := range hits {
		row := ui.Row{Href: "/cases/" + string(h.Case), Do: h.Title, Code: h.Code, About: caseKinds[h.Kind].states[h.State], From: n.unit(h.Raiser)}
		if h.Kind == petition.CaseKind {
			row.Pick = string(h.Case)
		} else if say := caseKinds[h.Kind].word; say != "" {
			row.Chips = []ui.Chip{{Text: say}}
		}
		if h.Lead != "" {
			row.About = joinDot(row.About, n.unit(h.Lead)+" chủ trì")
		}
		row.Due = ui.Due{Words: "không còn việc phải làm"}
		for _, i := range running {
			if i.Case == h.Case {
				row.Due = itemDue(&i, rev, tx.Now, who)
				break
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
