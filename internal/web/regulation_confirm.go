package web

import (
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// adoptionRoutes are the steps behind the dry run of an adoption.
func (s *Server) adoptionRoutes() {
	s.handle("GET /regulations/adopt/{profile}", s.adoptionPage)
	s.handle("POST /regulations/adopt/{profile}", s.adoption)
	s.handle("GET /regulations/adopt/{profile}/decision", s.decisionPage)
	s.handle("POST /regulations/adopt/{profile}/decision", s.decision)
}

// A rulebook is adopted on the strength of a signed text, by one administrator for the whole province.
func onlyAdopts(who org.Actor) error {
	if !who.Root {
		return fault.Refuse(fault.Denied, "Việc áp dụng quy chế do quản trị của tỉnh làm, theo văn bản của người có thẩm quyền.")
	}
	return nil
}

// signedDay writes 2026-03-02 as people read it.
func signedDay(day string) string {
	d, err := workday.ParseDate(day)
	if err != nil {
		return day
	}
	return d.Long()
}

// next compiles the profile as it would be adopted now, beside the book in force.
func (s *Server) next(tx *db.Tx, profile string) (current, next *regulation.Rulebook, err error) {
	if s.Library == nil || s.Adopt == nil || s.Library.Profiles[profile] == nil {
		return nil, nil, fault.NotFound
	}
	lib, err := s.Library.With(tx)
	if err != nil {
		return nil, nil, err
	}
	if current, err = regulation.Current(tx); err != nil {
		return nil, nil, err
	}
	if next, err = regulation.CompileAll(lib, profile, s.Keys); err != nil {
		return nil, nil, err
	}
	return current, next, s.mayServe(tx, lib, profile)
}

// mayServe refuses what the program would refuse at its next start: texts of another
// place, or ended, or a model that the province has not decided on.
func (s *Server) mayServe(tx *db.Tx, lib *regulation.Library, profile string) error {
	if problems := regulation.Check(lib, profile, s.Keys, regulation.Use{Serve: true, Day: workday.Of(tx.Now)}); len(problems) > 0 {
		return regulation.Refusal(problems)
	}
	return nil
}

// adoptionPage is the second step: what would be in force, on what ground, and who says so.
func (s *Server) adoptionPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyAdopts(who); err != nil {
			return nil, err
		}
		profile := r.PathValue("profile")
		current, next, err := s.next(tx, profile)
		if err != nil {
			return nil, err
		}
		p.Title = "Xác nhận áp dụng bản quy chế mới"
		dry := "/regulations/adopt?profile=" + profile
		head := ui.Head{Title: p.Title, Sub: next.Name(), Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}, {Label: "Xem trước", Href: dry}}}
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Áp dụng", Quiet: []ui.Button{{Label: "Quay lại", Href: dry}},
			Hidden: []ui.Hidden{{Name: "was", Value: current.Hash()}, {Name: "next", Value: next.Hash()}}}
		fields := []input{
			{Kind: note, Input: ui.Input{Label: "Bản đang dùng: " + current.Profile() + ", " + current.Hash()[:12] + ". Bản sẽ áp dụng: " + profile + ", " + next.Hash()[:12] + same(current, next) +
				". Việc mới theo bản mới ngay sau khi áp dụng; việc đang chạy giữ bản cũ."}},
			{Kind: line, Input: ui.Input{Name: "basis", Label: "Văn bản giao áp dụng (số, ngày, người ký)", Required: true, Max: 300, Auto: "off"}},
			{Kind: line, Input: ui.Input{Name: "proof", Label: "Mật khẩu của anh/chị, hoặc mã xác thực hai lớp", Type: "password", Required: true, Auto: "current-password",
				Hint: "Hỏi lại vì áp dụng đổi hạn của mọi việc mới trong tỉnh."}}}
		return formPage(head, nil, t.form(form), t.with(fields)), nil
	})
}

// adoption makes the book current that was seen on the page: neither one that changed in
// the meantime, nor over another that somebody adopted.
func (s *Server) adoption(w http.ResponseWriter, r *http.Request) error {
	if err := s.view(r, func(_ *db.Tx, who org.Actor) error { return onlyAdopts(who) }); err != nil {
		return err
	}
	if vntext.IsBlank(r.PostForm.Get("basis")) {
		return s.again(w, r, fault.Field("basis", "Ghi văn bản giao áp dụng: số, ngày, người ký."), s.adoptionPage)
	}
	proof := signin.Secret(r.PostForm.Get("proof"))
	r.PostForm.Del("proof") // kept nowhere, not even in the hash of the request
	r.Form.Del("proof")
	if err := s.Keeper.Prove(r.Context(), about(r).session, proof); err != nil {
		return s.again(w, r, err, s.adoptionPage)
	}
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if err := onlyAdopts(who); err != nil {
			return done{}, err
		}
		current, next, err := s.next(tx, r.PathValue("profile"))
		if err != nil {
			return done{}, err
		}
		if current.Hash() != r.PostForm.Get("was") || next.Hash() != r.PostForm.Get("next") {
			return done{}, fault.Refuse(fault.Conflict, "Bản quy chế đã đổi từ lúc anh/chị xem trước. Anh/chị xem trước lại rồi xác nhận.")
		}
		if err := s.Adopt(tx, next, string(who.Officer)); err != nil {
			return done{}, err
		}
		unit, err := org.SeatAboveAll(tx, who)
		if err != nil {
			return done{}, err
		}
		return done{To: "/regulations", Say: "Đã áp dụng " + next.Profile() + ", bản " + next.Hash()[:12] + "."},
			org.Note(tx, who, "Regulation.adopt", unit, next.Hash()[:12]+"; "+r.PostForm.Get("basis"))
	})
	return s.again(w, r, atForm(err), s.adoptionPage)
}

// decisionPage enters number and day of the province's own decision about a model.
func (s *Server) decisionPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyAdopts(who); err != nil {
			return nil, err
		}
		profile := r.PathValue("profile")
		if s.Library == nil || s.Library.Profiles[profile] == nil || !regulation.NeedsDecision(s.Library.Profiles[profile]) {
			return nil, fault.NotFound
		}
		p.Title = "Quyết định của tỉnh"
		dry := "/regulations/adopt?profile=" + profile
		head := ui.Head{Title: p.Title, Sub: s.Library.Profiles[profile].Name, Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}, {Label: "Xem trước", Href: dry}}}
		all, err := regulation.Decisions(tx)
		if err != nil {
			return nil, err
		}
		fields := []input{{Kind: note, Input: ui.Input{Label: "Quy định lấy theo mẫu chỉ có hiệu lực ở tỉnh từ quyết định của chính tỉnh. Nhập xong, áp dụng lại cấu hình để các quy định nêu quyết định này."}}}
		for _, d := range all {
			if d.Profile == profile {
				fields = append(fields, input{Kind: note, Input: ui.Input{Label: "Đã nhập: " + d.Number + ", ngày " + signedDay(d.Date) + " (lúc " + moment(d.At) + ", " + newNames(tx).officer(org.OfficerID(d.By)) + ")."}})
			}
		}
		fields = append(fields, input{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu", Required: true, Max: 100, Auto: "off", Hint: "Ví dụ 12/QĐ-UBND."}},
			input{Kind: line, Input: ui.Input{Name: "date", Label: "Ngày ký", Type: "date", Required: true}})
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Ghi quyết định", Quiet: []ui.Button{{Label: "Quay lại", Href: dry}}}
		return formPage(head, nil, t.form(form), t.with(fields)), nil
	})
}

// decision keeps the province's own decision.
func (s *Server) decision(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if err := onlyAdopts(who); err != nil {
			return done{}, err
		}
		if s.Library == nil {
			return done{}, fault.NotFound
		}
		profile := r.PathValue("profile")
		day, err := typedDay(r, "date", "Ngày không đúng: cần ghi ngày, tháng, năm.")
		if err != nil {
			return done{}, err
		}
		if err := regulation.Decide(tx, s.Library, string(who.Officer), profile, regulation.Decision{Number: r.PostForm.Get("number"), Date: day.String()}); err != nil {
			return done{}, err
		}
		unit, err := org.SeatAboveAll(tx, who)
		if err != nil {
			return done{}, err
		}
		return done{To: "/regulations/adopt?profile=" + profile, Say: "Đã ghi quyết định " + r.PostForm.Get("number") + "."},
			org.Note(tx, who, "Regulation.decide", unit, profile+"; "+r.PostForm.Get("number"))
	})
	return s.again(w, r, atForm(err), s.decisionPage)
}
