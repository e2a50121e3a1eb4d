package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// A department writes an entry, its leader is stopped by what looks personal, approves it,
// and a commune finds it while it writes the same question.
func TestBankJourney(t *testing.T) {
	d, clock := province.SQLite(t)
	s := newProvinceSite(t, d, clock)
	writer, leader, commune := s.as(s.people["specialist"]), s.as(s.people["leader"]), s.as(s.people["xa"])
	form := s.get(writer, "/bank/new")
	form.want(t, 200, "Câu hỏi", "Căn cứ")
	field := ""
	each(form.root, func(n *html.Node) bool {
		if n.Data == "option" && field == "" {
			field = attr(n, "value")
		}
		return false
	})
	made := s.post(writer, "/bank", "key", form.value("key"), "field", field, "question", "Sổ gốc hộ tịch bị mất thì cấp trích lục khai sinh cho bà Lan thế nào?",
		"answer", "Tra cơ sở dữ liệu hộ tịch điện tử rồi cấp bản sao.", "basis", "khoản 2 Điều 9 Nghị định 123/2015/NĐ-CP")
	made.want(t, 303)
	at := made.Header.Get("Location")
	s.get(commune, at).want(t, 404)
	s.get(leader, "/").want(t, 200, "1 mục giải đáp chờ anh/chị duyệt")
	page := s.get(leader, at)
	page.want(t, 200, "bà Lan", "tên người", "Duyệt, đưa vào kho")
	key := func(a answer, act string) (key, version string) {
		each(a.root, func(n *html.Node) bool {
			if n.Data == "form" && attr(n, "action") == at+"/"+act {
				each(n, func(i *html.Node) bool {
					switch attr(i, "name") {
					case "key":
						key = attr(i, "value")
					case "version":
						version = attr(i, "value")
					}
					return false
				})
			}
			return false
		})
		return key, version
	}
	k, v := key(page, "approve")
	s.post(leader, at+"/approve", "key", k, "version", v).want(t, 422, "bà Lan", "Hãy bỏ đi")
	s.post(leader, at+"/approve", "key", k+"x", "version", v, "keep-person:ba lan", "Ví dụ của thông tư.").want(t, 303)
	asked := s.post(commune, "/bank/alike", "title", "Mất sổ hộ tịch gốc", "text", "người dân xin cấp trích lục khai sinh", "field", field)
	asked.want(t, 200, "Câu hỏi này đã được giải đáp", "Dùng câu trả lời này")
	full := s.get(commune, at+"?from=raise")
	full.want(t, 200, "Đã đủ, không gửi kiến nghị", "Vẫn gửi kiến nghị", "khoản 2 Điều 9")
	if strings.Contains(full.text, "Rút khỏi kho") {
		t.Error("a commune may retract")
	}
	k, _ = key(full, "spare")
	s.post(commune, at+"/spare", "key", k).want(t, 303)
	s.get(leader, "/bank/figures").want(t, 200, "Thay cho gửi kiến nghị")
	s.get(commune, "/bank?q=trich+luc+khai+sinh").want(t, 200, "Sổ gốc hộ tịch")
	s.get(commune, "/petitions/new").want(t, 200, "Nội dung khó khăn")
	if a := s.post(s.browser(), "/bank/alike", "title", "Mất sổ hộ tịch gốc, cấp trích lục"); strings.Contains(a.text, "Dùng câu trả lời") {
		t.Error("a stranger is shown answers")
	}
	k, v = key(s.get(leader, at), "retract")
	s.post(leader, at+"/retract", "key", k, "version", v, "reason", "Quy định đã đổi.").want(t, 303)
	s.get(commune, at).want(t, 404)
}

// Who drafts an answer sees what was answered before and copies it, with where it comes from.
func TestBankIsCopiedIntoADraft(t *testing.T) {
	d, clock := province.SQLite(t)
	s := newProvinceSite(t, d, clock)
	var entry, matter casefile.ID
	lttest.Update(t, d, func(tx *db.Tx) error {
		e, err := bank.Propose(tx, s.office.Leader, bank.New{Unit: s.office.DepartmentUnit, Field: s.office.Field, Question: "Sổ gốc bị mất thì cấp trích lục thế nào?",
			Answer: "Tra cơ sở dữ liệu rồi cấp.", Basis: "Luật 60/2014/QH13", Submit: true})
		if err != nil {
			return err
		}
		tried := "Đã tìm."
		p, err := petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: "Mất sổ gốc, không cấp được trích lục", Field: s.office.Field, Text: "Dân chờ lâu.", Tried: &tried})
		if err == nil {
			entry, matter = e.ID, p.ID
		}
		return err
	})
	lttest.Update(t, d, func(tx *db.Tx) error { _, err := bank.Approve(tx, s.office.Leader, entry, bank.Approval{}); return err })
	s.open1(map[string]org.OfficerID{"one": s.office.Leader.Officer})
	c := s.as(s.office.Leader.Officer)
	s.get(c, casePath(matter)).want(t, 200, "Đã giải đáp trước đây", "Chép vào dự thảo")
	form := s.get(c, casePath(matter)+"/answer")
	form.want(t, 200, "Đã giải đáp trước đây")
	copied := s.post(c, bankPath(entry)+"/copy", "key", db.NewSecret(), "petition", string(matter))
	copied.want(t, 303)
	filled := s.get(c, copied.Header.Get("Location"))
	filled.want(t, 200, "Tra cơ sở dữ liệu rồi cấp.", "kho giải đáp, mục có mã theo dõi GD-0001/2026")
	s.get(c, casePath(matter)+"/answer?bank=khong-co").want(t, 200)
}
