package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// An adminForm is one act of the administration: its fields, and what it does. Refusals
// come back at the fields; nothing typed is lost.
type adminForm struct {
	Title, Note, Send string
	Root              bool                                    // only for the province's administrators
	Password          bool                                    // carries a new password
	Fields            func(x *office) ([]input, error)        // with what stands now
	Do                func(x *office) (say string, err error) // the operation, and the sentence when it is done
}

// adminForms are the acts by tab and name.
func adminForms() map[string]adminForm {
	all := map[string]adminForm{}
	for _, some := range []map[string]adminForm{structureForms, peopleForms, chargeForms, coverForms, contactForms, pathForms, templateForms, accountForms, hookForms, codeForms} {
		for k, f := range some {
			all[k] = f
		}
	}
	return all
}

// adminAct finds the form of the address.
func adminAct(r *http.Request, who org.Actor) (adminForm, error) {
	f, ok := adminForms()[r.PathValue("tab")+"/"+r.PathValue("act")]
	switch {
	case !ok:
		return f, fault.NotFound
	case f.Root && !who.Root && who.System == "":
		return f, fault.Refuse(fault.Denied, "Việc này do quản trị của tỉnh làm.")
	}
	return f, nil
}

// adminPage is the form of one act.
func (s *Server) adminPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return nil, err
		}
		f, err := adminAct(r, who)
		if err != nil {
			return nil, err
		}
		fields, err := f.Fields(x)
		if err != nil {
			return nil, err
		}
		p.Title = f.Title
		tab := adminPath(x.unit.ID, r.PathValue("tab"))
		head := ui.Head{Title: f.Title, Sub: x.unit.Short, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: x.unit.Short, Href: tab}}}
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: f.Send, Quiet: []ui.Button{{Label: "Quay lại", Href: tab}}}
		if id := r.Form.Get("id"); id != "" && !takesID(fields) {
			form.Hidden = []ui.Hidden{{Name: "id", Value: id}}
		}
		if !f.Password {
			form.Keep = "admin" + strings.ReplaceAll(r.URL.Path, "/", "-") + r.Form.Get("id")
		}
		if f.Note != "" {
			fields = append([]input{{Kind: note, Input: ui.Input{Label: f.Note}}}, fields...)
		}
		return formPage(head, nil, t.form(form), t.with(fields)), nil
	})
}

// takesID says whether the form itself asks for the id, as that of a new unit does.
func takesID(fields []input) bool {
	return slices.ContainsFunc(fields, func(i input) bool { return i.Name == "id" })
}

// adminDo runs one act in one transaction and returns to its list.
func (s *Server) adminDo(w http.ResponseWriter, r *http.Request) error {
	var hash string
	if f := adminForms()[r.PathValue("tab")+"/"+r.PathValue("act")]; f.Password {
		var err error
		if hash, err = s.newPassword(r); err != nil {
			return s.again(w, r, err, s.adminPage)
		}
	}
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return done{}, err
		}
		x.hash = hash
		f, err := adminAct(r, who)
		if err != nil {
			return done{}, err
		}
		say, err := s.run(f, x)
		return done{To: adminPath(x.unit.ID, r.PathValue("tab")), Say: say}, err
	})
	return s.again(w, r, atForm(err), s.adminPage)
}

// run does the act; those about accounts need the keeper of the door besides.
func (s *Server) run(f adminForm, x *office) (string, error) {
	if f.Do != nil {
		return f.Do(x)
	}
	return s.accountAct(x)
}

// atForm lets a refusal that the office's own rules make - already held, already
// ended - come back to the form: no newer text stands against what was typed.
func atForm(err error) error {
	if r, ok := fault.Sentence(err); ok && fault.Kind(err) == fault.Conflict {
		return &fault.Refusal{Kind: fault.Invalid, Field: r.Field, Say: r.Say, Clause: r.Clause}
	}
	return err
}

// get is a field of the form without blanks around it.
func (x *office) get(name string) string { return strings.TrimSpace(x.r.PostForm.Get(name)) }

// day reads one date of the form, also from browsers that have no field for dates.
func (x *office) day(name string) (workday.Date, error) {
	return typedDay(x.r, name, "Ngày không đúng: cần ghi ngày, tháng, năm.")
}

// days reads several days; the first that is spoiled is refused at its field.
func (x *office) days(into map[string]*workday.Date) (err error) {
	names := make([]string, 0, len(into))
	for name := range into {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if *into[name], err = x.day(name); err != nil {
			return err
		}
	}
	return nil
}
