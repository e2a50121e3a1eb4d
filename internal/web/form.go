package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/web/ui"
)

// typed is what a form shows again: what was sent, and what was wrong with it. Its zero
// is a form opened for the first time.
//
// The pattern of a page with a form: a GET handler draws it with keptOf(r); the POST
// handler ends in "return s.again(w, r, err, s.thatGET)".
type typed struct {
	values  url.Values       // as sent, also what was refused
	refused []*fault.Refusal // each beside its field
}

// keptOf returns what was typed when this request is a form that was refused.
func keptOf(r *http.Request) typed {
	q := about(r)
	if q == nil || len(q.refused) == 0 {
		return typed{}
	}
	return typed{r.PostForm, q.refused}
}

// again draws the form again, with what was typed and each refusal at its field, when
// the operation refused the content; any other error is passed on. page is the handler
// of the GET that shows the form.
func (s *Server) again(w http.ResponseWriter, r *http.Request, err error, page handler) error {
	if reformed(r) {
		err = errReform
		r.PostForm.Del("version") // the form is drawn anew: of what stands there now
	}
	kind := fault.Kind(err)
	if err == nil || (kind != fault.Invalid && kind != fault.TooLarge) {
		return err
	}
	all := refusals(err)
	if len(all) == 0 {
		return err
	}
	about(r).refused = all
	if kept := about(r).kept; len(kept) > 0 {
		r.PostForm[keptField] = kept
	}
	if rw, ok := w.(*response); ok && !reformed(r) {
		rw.next = statusOf(err)
	}
	return page(w, r)
}

// reformField asks for a form again, with what it held: the way back from a conflict.
const reformField = "reform"

// reformed says whether a POST only asks for its form again.
func reformed(r *http.Request) bool { return r.PostForm.Get(reformField) != "" }

// errReform stands above a form that was asked for again.
var errReform = fault.Refuse(fault.Invalid, "Việc này đã có diễn biến mới. Nội dung anh/chị đã gõ còn ở dưới: xem lại rồi gửi.")

// neverBack are the fields that a form given back makes anew, or that are no business of
// a page.
var neverBack = map[string]bool{"key": true, "version": true, "keep": true, "nosecret": true, "do": true, "password": true, "old": true,
	"new": true, "repeat": true, "code": true, keptField: true, reformField: true}

// reform is the button that gives a form back with everything that was typed into it.
func reform(r *http.Request) (b ui.Button, ok bool) {
	if r.Method != http.MethodPost || len(typedTexts(r)) == 0 {
		return b, false
	}
	b = ui.Button{Label: "Về biểu mẫu với nội dung đã gõ", Post: r.URL.Path, Hidden: []ui.Hidden{{Name: reformField, Value: "1"}}}
	for _, name := range sortedNames(r.PostForm) {
		for _, v := range r.PostForm[name] {
			if !neverBack[name] {
				b.Hidden = append(b.Hidden, ui.Hidden{Name: name, Value: v})
			}
		}
	}
	for _, token := range about(r).kept {
		b.Hidden = append(b.Hidden, ui.Hidden{Name: keptField, Value: token})
	}
	return b, true
}

// refusals returns every refusal in an error, also of several joined.
func refusals(err error) (all []*fault.Refusal) {
	var walk func(err error)
	walk = func(err error) {
		if r, ok := err.(*fault.Refusal); ok {
			all = append(all, r)
			return
		}
		switch e := err.(type) {
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				walk(one)
			}
		default:
			if inner := errors.Unwrap(err); inner != nil {
				walk(inner)
			}
		}
	}
	walk(err)
	return all
}

// in fills an input with what was typed and with the refusal that names it.
func (t typed) in(i ui.Input) ui.Input {
	if len(t.refused) == 0 {
		return i
	}
	if v, ok := t.values[i.Name]; ok {
		i.Value = strings.Join(v, "\n")
		chosen := map[string]bool{}
		for _, one := range v {
			chosen[one] = true
		}
		for n := range i.Options {
			i.Options[n].Chosen = chosen[i.Options[n].Value]
		}
		if len(v) > 1 && len(i.Options) > 0 {
			i.Value = "" // several boxes: each option says so itself
		}
	} else if i.Type != "file" {
		i.Value = ""
	}
	for _, f := range t.refused {
		if f.Field == i.Name {
			i.Error, i.Rule = f.Say, f.Clause
		}
	}
	return i
}

// form marks a form as refused and lists what to put right. It also sends the name
// under which the browser keeps it, so that update can say when it need not any more.
func (t typed) form(f ui.Form) ui.Form {
	if f.Keep != "" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "keep", Value: f.Keep})
	}
	if len(t.refused) == 0 {
		return f
	}
	f.Refused = true
	if v := t.values.Get("version"); v != "" {
		f.Version = v // what the person saw, not what stands there now
	}
	for _, r := range t.refused {
		f.Faults = append(f.Faults, ui.Fault{Field: r.Field, Text: r.Say})
	}
	return f
}

// A both is a conflict whose two texts are known: what the officer wrote and what stands
// there now.
type both struct {
	err          error   // the conflict itself
	mine, theirs ui.Side // typed here, stands there
}

// Error gives the conflict.
func (b *both) Error() string { return b.err.Error() }

// Unwrap gives the conflict.
func (b *both) Unwrap() error { return b.err }

// sides adds the two texts to a conflict, so that its page shows both; any other error is
// passed on.
func sides(err error, mine, theirs ui.Side) error {
	if !errors.Is(err, fault.Conflict) {
		return err
	}
	return &both{err, mine, theirs}
}

// hiddenNames are fields that are no text of the officer's, or must not be shown.
var hiddenNames = map[string]bool{"key": true, "version": true, "keep": true, "next": true, "password": true, "old": true,
	"new": true, "repeat": true, "code": true, "nosecret": true, "do": true, "name": true, keptField: true, reformField: true}

// text is one thing that was typed.
type text struct{ Name, Value string }

// typedTexts returns what a POST carried that somebody may have written by hand.
func typedTexts(r *http.Request) (all []text) {
	if r.Method != http.MethodPost {
		return nil
	}
	for _, name := range sortedNames(r.PostForm) {
		for _, v := range r.PostForm[name] {
			if !hiddenNames[name] && strings.ContainsAny(v, " \n") {
				all = append(all, text{name, v})
			}
		}
	}
	return all
}
