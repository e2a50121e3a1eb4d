package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/web/ui"
)

// What a person may choose for one difference.
const (
	takeSheet = "take"
	keepOurs  = "keep"
)

// settlePath is where one line of a sheet is settled.
func settlePath(file string, line int) string {
	return "/tracker/import/" + file + "/lines/" + strconv.Itoa(line)
}

// keptLine is the line of an address, of a sheet that waits for this officer.
func (s *Server) keptLine(r *http.Request) (e tracker.Entry, err error) {
	_, entries, err := keptSheet(s, r, tracker.ReadSheet)
	if err != nil {
		return e, err
	}
	n, err := strconv.Atoi(r.PathValue("line"))
	at := slices.IndexFunc(entries, func(e tracker.Entry) bool { return e.Line == n })
	if err != nil || at < 0 {
		return e, fault.NotFound
	}
	return entries[at], nil
}

// trackerSettle shows both sides of one line and asks, difference by difference, which stands.
func (s *Server) trackerSettle(w http.ResponseWriter, r *http.Request) error {
	e, err := s.keptLine(r)
	if err != nil {
		return err
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := directive.MayTake(tx, who); err != nil {
			return nil, err
		}
		all, err := tracker.Compare(tx, who, []tracker.Entry{e})
		if err != nil {
			return nil, err
		}
		m := &all[0]
		takes, err := tracker.Takes(tx, who, m)
		if err != nil {
			return nil, err
		}
		back := "/tracker/import/" + r.PathValue("file")
		p.Title = "Quyết định dòng " + itoa(int64(m.Line))
		head := ui.Head{Crumbs: append(trackerCrumbs[:len(trackerCrumbs):len(trackerCrumbs)], ui.Link{Label: "So bảng theo dõi với hệ thống", Href: back}), Title: p.Title, Sub: joinDot(m.Number, m.Content)}
		t := keptOf(r)
		in := t.with(differenceInputs(m, takes))
		if len(in) == 0 {
			return formPage(head, nil, ui.Form{Quiet: []ui.Button{{Label: "Quay lại", Href: back}}}, []input{noteInput("Dòng này không còn điều gì phải quyết định.")}), nil
		}
		in = append(in, t.with([]input{{Kind: area, Input: ui.Input{Name: "note", Label: "Lý do, ghi chú", Rows: 2, Max: 2000}}, {Kind: secret}})...)
		return formPage(head, nil, t.form(ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Ghi quyết định", Quiet: []ui.Button{{Label: "Quay lại", Href: back}}}), in), nil
	})
}

func noteInput(say string) input { return input{Kind: note, Input: ui.Input{Label: say}} }

// differenceInputs are one choice for each open difference; nothing is chosen beforehand, so that
// a person reads both texts.
func differenceInputs(m *tracker.Match, takes []string) (in []input) {
	for _, d := range m.Open() {
		i := input{Kind: radios, Input: ui.Input{Name: "d-" + d.Mark(), Label: d.Column}}
		if slices.Contains(takes, d.Key) {
			i.Options = append(i.Options, ui.Option{Value: takeSheet, Label: "Lấy theo bảng", Hint: d.Theirs})
		} else {
			i.Hint = "Bảng ghi “" + d.Theirs + "”. Điều này không sửa theo bảng được, hoặc không thuộc quyền của anh/chị; nếu bảng đúng thì mở nhiệm vụ và làm ở đó."
		}
		i.Options = append(i.Options, ui.Option{Value: keepOurs, Label: "Giữ như hệ thống", Hint: d.Ours}, ui.Option{Value: "", Label: "Để sau"})
		in = append(in, i)
	}
	return in
}

// trackerSettled writes what was decided, all of it or nothing.
func (s *Server) trackerSettled(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.settleLine(w, r), s.trackerSettle)
}

func (s *Server) settleLine(w http.ResponseWriter, r *http.Request) error {
	e, err := s.keptLine(r)
	if err != nil {
		return err
	}
	if err := confirmed(r); err != nil {
		return err
	}
	in := tracker.Decision{Note: strings.TrimSpace(r.PostForm.Get("note"))}
	for name, v := range r.PostForm {
		mark, ok := strings.CutPrefix(name, "d-")
		switch {
		case !ok || len(v) == 0:
		case v[0] == takeSheet:
			in.Take = append(in.Take, mark)
		case v[0] == keepOurs:
			in.Keep = append(in.Keep, mark)
		}
	}
	slices.Sort(in.Take) // a form's fields come in no order
	slices.Sort(in.Keep)
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		_, err = tracker.Settle(tx, who, e, in)
		return done{To: "/tracker/import/" + r.PathValue("file"), Say: "Đã ghi quyết định cho dòng " + itoa(int64(e.Line)) + "."}, err
	})
}
