package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract/propose"
	"lienthong/internal/extract/second"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// A otherReaderView is what the second reader proposed, apart from the reader's own proposals
// and named as what it is.
type otherReaderView struct {
	Say   string           // what was asked, of whom, and what came
	New   []secondTaskView // what the reader does not propose
	Alike []secondTaskView // what it proposes too
	Done  []string         // taken over or left
}

// A secondTaskView is one of its proposals.
type secondTaskView struct {
	N                   int64
	Title               string
	Lead, When, Content string
	Differs             []string // from the reader's proposal on the same words
	Why                 []string
	Acts                []ui.Button
}

// secondOf is what the page shows of the second reader; nil where nobody asked it.
func (x *directiveReading) secondOf(live []*directive.Proposal, edits bool) (*otherReaderView, error) {
	s, err := directive.SecondOf(x.tx, x.d.ID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	who := x.names.officer(s.AskedBy) + " hỏi lúc " + moment(s.AskedAt) + "; văn bản gửi đến " + s.Host + ", mô hình " + s.Model
	v := &otherReaderView{}
	switch s.State {
	case directive.SecondAsked:
		v.Say = "Đang đọc. " + who + "."
		return v, nil
	case directive.SecondFailed:
		v.Say = "Không đọc được: " + strings.TrimRight(s.Failure, ".") + ". " + who + "."
		return v, nil
	}
	v.Say = who + ". Trả lời " + itoa(int64(len(s.Proposed))) + " đề xuất; " + itoa(int64(s.Dropped)) + " đề xuất khác bị bỏ vì lời không có trong văn bản."
	for _, t := range s.Proposed {
		switch t.State {
		case directive.SecondTaken:
			v.Done = append(v.Done, "Đã nhận: "+headLine(t.Task.Content))
			continue
		case directive.SecondLeft:
			v.Done = append(v.Done, "Đã bỏ qua: "+headLine(t.Task.Content))
			continue
		}
		one := x.otherProposal(t, edits)
		if p, place := sameWords(&t.Task, live); p != nil {
			one.Title = "Trùng nhiệm vụ " + itoa(place)
			one.Differs = x.differs(&t.Task, &p.Task)
			v.Alike = append(v.Alike, one)
			continue
		}
		v.New = append(v.New, one)
	}
	return v, nil
}

func (x *directiveReading) otherProposal(t directive.SecondTask, edits bool) secondTaskView {
	v := secondTaskView{N: t.N, Title: "Đề xuất thêm", Lead: x.said(t.Task.Leads), When: whenWords(&t.Task), Content: t.Task.Content, Why: t.Task.Why}
	if t.Task.Clause != "" {
		v.Title += ", mục " + t.Task.Clause
	}
	if edits {
		// each button is a form of its own, so each has a key of its own
		hidden := func(act string) []ui.Hidden {
			return []ui.Hidden{{Name: "key", Value: x.key + act + itoa(t.N)}, {Name: "version", Value: itoa(x.d.Version)}, {Name: "t", Value: itoa(t.N)}}
		}
		at := directivePath(x.d.ID)
		v.Acts = []ui.Button{{Label: "Nhận vào các đề xuất", Post: at + "/second-take", Hidden: hidden("take")}, {Label: "Bỏ qua", Post: at + "/second-leave", Hidden: hidden("leave")}}
	}
	return v
}

// sameWords finds the proposal that rests on the same words, with its place on the page:
// half of the shorter of both is enough, because the two readers cut sentences differently.
func sameWords(t *directive.Task, live []*directive.Proposal) (best *directive.Proposal, place int64) {
	most := 0
	for i, p := range live {
		both := min(t.Span[1], p.Task.Span[1]) - max(t.Span[0], p.Task.Span[0])
		shorter := min(t.Span[1]-t.Span[0], p.Task.Span[1]-p.Task.Span[0])
		if both > most && 2*both >= shorter {
			best, place, most = p, int64(i+1), both
		}
	}
	return best, place
}

// differs names what the second reader reads otherwise on the same words.
func (x *directiveReading) differs(t, was *directive.Task) (all []string) {
	if a, b := x.said(t.Leads), x.said(was.Leads); !strings.EqualFold(a, b) && a != "" {
		all = append(all, "chủ trì: "+a)
	}
	if t.Deadline != was.Deadline && t.Deadline != "" {
		all = append(all, "hạn: "+whenWords(t))
	}
	return all
}

// secondInputs say where the text goes before anybody sends it.
func (x *directiveReading) secondInputs(*http.Request, []*directive.Proposal) ([]input, error) {
	c, err := second.Load(x.tx)
	if err != nil {
		return nil, err
	}
	text, err := directive.TextOf(x.tx, x.d)
	if err != nil {
		return nil, err
	}
	if err := c.Allowed(text); err != nil {
		return nil, err
	}
	return []input{{Kind: note, Input: ui.Input{Label: "Toàn văn văn bản (" + itoa(int64(len(text))) + " byte) sẽ rời hệ thống này, gửi đến máy " + c.Host() + ", mô hình " + c.Model +
		". Lịch sử của văn bản ghi ai gửi, gửi đến đâu. Trả lời chỉ là đề xuất để anh/chị đối chiếu; không nhiệm vụ nào được giao."}}}, nil
}

// secondTool is the way to ask; absent where an administrator has not turned it on.
func (x *directiveReading) secondTool() (b ui.Button, err error) {
	if _, err = second.Load(x.tx); err != nil {
		if _, ok := fault.Sentence(err); ok {
			err = nil
		}
		return b, err
	}
	return ui.Button{Label: "Hỏi người đọc thứ hai", Href: directivePath(x.d.ID) + "/second"}, nil
}

// doSecond are the acts on the second reader's part.
func doSecond(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Directive, say string, err error) {
	if act == "second" {
		x, err = propose.AskSecond(tx, who, id, seen(r))
		return x, "Đã gửi cho người đọc thứ hai; đề xuất hiện ở đây khi có trả lời.", err
	}
	n, err := strconv.ParseInt(r.PostForm.Get("t"), 10, 64)
	if err != nil {
		return nil, "", fault.NotFound
	}
	if act == "second-leave" {
		x, err = directive.LeaveSecond(tx, who, id, n, seen(r))
		return x, "Đã bỏ qua đề xuất.", err
	}
	x, err = directive.TakeSecond(tx, who, id, n, seen(r))
	return x, "Đã nhận; đề xuất đứng trong danh sách như do anh/chị thêm.", err
}

// readerKeyPage is the form of the second reader's key.
func (s *Server) readerKeyPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyRoot(who); err != nil {
			return nil, err
		}
		has, err := channel.HasReaderKey(tx)
		if err != nil {
			return nil, err
		}
		p.Title = "Khoá của người đọc thứ hai"
		head := ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: "Kênh thông báo", Href: "/admin/channels"}},
			Sub: map[bool]string{true: "Đã đặt một khoá, được niêm.", false: "Chưa đặt khoá nào; máy trong mạng nội bộ có thể không cần."}[has]}
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Lưu khoá", Quiet: []ui.Button{{Label: "Quay lại", Href: "/admin/channels"}}}
		fields := []input{{Kind: line, Input: ui.Input{Name: "secret", Label: "Khoá", Type: "password", Auto: "new-password", Hint: "Được niêm khi lưu và không hiện lại. Bỏ trống là xoá khoá đang lưu. Bật, tắt và địa chỉ ở Thông số hệ thống (reader.on, reader.address, reader.model)."}}}
		return formPage(head, nil, t.form(form), t.with(fields)), nil
	})
}

// readerKeySave keeps the key; it is taken out of the form, so that not even a hash of it
// stands beside the request.
func (s *Server) readerKeySave(w http.ResponseWriter, r *http.Request) error {
	key := r.PostForm.Get("secret")
	r.PostForm.Del("secret")
	r.Form.Del("secret")
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/admin/channels", Say: "Đã lưu khoá của người đọc thứ hai."}, channel.SetReaderKey(tx, who, key)
	})
	return s.again(w, r, atForm(err), s.readerKeyPage)
}

// anyDiffers opens the list of what both readers propose where they do not agree.
func anyDiffers(all []secondTaskView) bool {
	for _, t := range all {
		if len(t.Differs) > 0 {
			return true
		}
	}
	return false
}
