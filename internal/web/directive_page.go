package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// directiveView is the page of one directive: the document and what was read in it.
type directiveView struct {
	Head      ui.Head
	Next      ui.NextStep
	Facts     []ui.Fact
	Files     []ui.File
	Questions []questionView // that bar the release, or that a person answers here
	Notes     []questionView // only to be known, many alike: folded
	Pieces    []docPiece
	Proposals []proposalView
	Gone      []string // what was split, merged, left out, in a line each
	Thread    []ui.Group
	Series    []ui.Group // what comes again, before its first occasion too
	Entries   []ui.Entry
	Tools     []ui.Button      // describe, add
	Merge     string           // where ticked proposals are merged; "" where nobody edits
	Second    *otherReaderView // nil where the second reader was not asked
	Working   bool             // its assignments are being opened
}

// A questionView is one thing still to be decided, with the way to it.
type questionView struct {
	Say, Href string
	Bars      string // before which step it stands, in words; "" bars nothing
	Undated   bool   // the document states no date
	Act       ui.Button
}

// A docPiece is a run of the document's text; N 0 belongs to no proposal.
type docPiece struct {
	Text  string
	N     int64
	First bool // where the proposal begins: what links lead to
	Class string
}

// A proposalView is one proposal beside the document.
type proposalView struct {
	N                  int64
	Anchor             int64 // whose colour its words have in the document: its own, or another's of the same words
	Title              string
	Chips              []ui.Chip
	Lead, With         string
	Content            string
	When               string
	Late               bool // due before the document's own day
	Why                []string
	Asks               []string
	Guesses            []guessView
	Acts               []proposalAct
	Tick               bool
	Suggested, Decided string
}

// A guessView is a name that matched no unit, with the units that it may mean.
type guessView struct {
	Said  string
	Asks  string // "có phải", or that nothing is like it
	Units []ui.Button
}

// A proposalAct is one act on a proposal and the key that does it.
type proposalAct struct{ Key, Label, Href string }

// A directiveReading is what the page is made of, read in one snapshot.
type directiveReading struct {
	tx    *db.Tx
	who   org.Actor
	names *names
	d     *directive.Directive
	s     *directive.Situation
	acts  []directive.Act
	units []extract.Unit
	key   string
}

func readDirective(tx *db.Tx, who org.Actor, r *http.Request, key string) (x *directiveReading, err error) {
	x = &directiveReading{tx: tx, who: who, names: newNames(tx), key: key}
	if x.d, err = directive.Get(tx, who, casefile.ID(r.PathValue("case"))); err != nil {
		return nil, err
	}
	if x.s, err = directive.Look(tx, who, x.d); err != nil {
		return nil, err
	}
	x.acts = x.s.Acts(who)
	return x, nil
}

// may says whether an act is open to the officer now.
func (x *directiveReading) may(name string) bool {
	return slices.ContainsFunc(x.acts, func(a directive.Act) bool { return a.Name == name })
}

// directive shows one directive: what to do next, what is still open, document and
// proposals beside each other.
func (s *Server) directive(w http.ResponseWriter, r *http.Request) error {
	s.seen(r, casefile.ID(r.PathValue("case")))
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readDirective(tx, who, r, p.Key)
		if err != nil {
			return nil, err
		}
		p.Title = upper(x.d.Title)
		p.Paper.Code = "Mã theo dõi " + x.d.Code
		v, err := x.view()
		return directivePage(v), err
	})
}

func (x *directiveReading) view() (v directiveView, err error) {
	v.Head = ui.Head{Crumbs: []ui.Link{{Label: "Văn bản chỉ đạo, điều hành", Href: "/directives"}}, Title: upper(x.d.Title), Sub: "Mã theo dõi " + x.d.Code,
		Chips: []ui.Chip{{Tone: ui.Info, Text: lower(directive.States[x.d.State])}}}
	if x.d.State == directive.Released {
		v.Head.Chips[0].Tone = ui.Done
	}
	if x.d.Urgency != directive.Normal {
		v.Head.Chips = append(v.Head.Chips, ui.Chip{Tone: ui.Soon, Text: lower(directive.Urgencies[x.d.Urgency])})
	}
	v.Working = x.d.State == directive.Releasing
	v.Next = x.next()
	v.Facts = x.documentFacts()
	docs, err := casefile.Documents(x.tx, x.who, x.d.ID)
	if err != nil {
		return v, err
	}
	for _, d := range docs {
		v.Files = append(v.Files, fileOf(d))
	}
	if v.Entries, err = caseHistory(x.tx, x.who, x.names, x.d.ID, directive.Events, x.d.TextN); err != nil {
		return v, err
	}
	if v.Series, err = x.series(); err != nil {
		return v, err
	}
	if v.Thread, err = x.thread(); err != nil {
		return v, err
	}
	return v, x.fillProposals(&v)
}

// fillProposals puts the document and its proposals on the page.
func (x *directiveReading) fillProposals(v *directiveView) error {
	text, err := directive.TextOf(x.tx, x.d)
	if err != nil {
		return err
	}
	edits := x.may("edit")
	if edits {
		v.Merge = directivePath(x.d.ID) + "/merge"
		v.Tools = []ui.Button{{Label: "Thêm nhiệm vụ", Href: directivePath(x.d.ID) + "/add"}, {Label: "Sửa thông tin văn bản", Href: directivePath(x.d.ID) + "/describe"}}
		if x.units, err = propose.Units(x.tx); err != nil {
			return err
		}
		ask, err := x.secondTool()
		if err != nil {
			return err
		}
		if ask.Label != "" {
			v.Tools = append(v.Tools, ask)
		}
	}
	var live []*directive.Proposal
	for _, p := range x.s.Proposals {
		if p.Stands() {
			live = append(live, p)
			v.Proposals = append(v.Proposals, x.proposal(p, int64(len(live)), edits))
			continue
		}
		v.Gone = append(v.Gone, upper(directive.ProposalStates[p.State])+": "+headLine(p.Task.Content))
	}
	v.Pieces = pieces(text, live)
	for i, p := range live {
		v.Proposals[i].Anchor = anchorOf(v.Pieces, p)
	}
	if v.Second, err = x.secondOf(live, edits); err != nil {
		return err
	}
	for _, q := range x.s.Questions {
		one := questionView{Say: q.Say, Bars: barWords[q.Before()], Undated: q.Kind == directive.AskNoDate, Act: x.answerTo(q)}
		if q.N > 0 {
			one.Href = "#p-" + itoa(q.N)
			one.Say = x.place(q.N) + ": " + q.Say
		}
		if q.Blocks || x.before(q) {
			v.Questions = append(v.Questions, one)
		} else {
			v.Notes = append(v.Notes, one)
		}
	}
	slices.SortStableFunc(v.Questions, func(a, b questionView) int { return boolRank(b.Bars != "") - boolRank(a.Bars != "") })
	if x.d.State == directive.Releasing || x.d.State == directive.Released || x.d.State == directive.Withdrawn {
		v.Questions, v.Notes = nil, nil // each task says for itself what nobody states
	}
	return nil
}

// before says that a question stands before this officer with an answer that the Office
// proposed, so that it must not lie folded among what is only to be known.
func (x *directiveReading) before(q directive.Question) bool {
	return q.Leads && x.may("decide") && slices.ContainsFunc(x.s.Proposals, func(p *directive.Proposal) bool { return p.N == q.N && p.Stands() && p.Suggested() })
}

// barWords say whose a question is and before which step.
var barWords = map[string]string{"confirm": "sửa trước khi xác nhận", "release": "lãnh đạo quyết trước khi ban hành"}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// place names a proposal in a list of questions.
func (x *directiveReading) place(n int64) string {
	at := int64(0)
	for _, p := range x.s.Proposals {
		if p.Stands() {
			at++
		}
		switch {
		case p.N != n:
		case p.Task.Clause != "":
			return "Mục " + p.Task.Clause
		default:
			return "Nhiệm vụ " + itoa(at) // as its card is headed
		}
	}
	return "Đề xuất " + itoa(n)
}

// answerTo is the way to answer a question: the leader decides what the document leaves
// open, the Office proposes it, the desk officer mends what was read wrongly.
func (x *directiveReading) answerTo(q directive.Question) ui.Button {
	at := directivePath(x.d.ID)
	n := "?n=" + itoa(q.N)
	switch {
	case q.N == 0 && q.Kind == directive.AskNumber && x.may("edit"):
		return ui.Button{Label: "Ghi số, ngày", Href: at + "/describe"}
	case q.N == 0 && x.may("edit"):
		return ui.Button{Label: "Thêm nhiệm vụ", Href: at + "/add"}
	case q.N == 0:
		return ui.Button{}
	case q.Leads && x.may("decide"):
		return ui.Button{Label: "Quyết định", Href: at + "/decide" + n}
	case q.Leads && x.may("propose"):
		return ui.Button{Label: "Đề xuất", Href: at + "/propose" + n}
	case !q.Leads && x.may("edit"):
		return ui.Button{Label: "Sửa", Href: at + "/edit" + n}
	}
	return ui.Button{}
}

// proposal draws one proposal; place is where it stands in the order of the text.
func (x *directiveReading) proposal(p *directive.Proposal, place int64, edits bool) (v proposalView) {
	t := &p.Task
	v = proposalView{N: p.N, Title: "Nhiệm vụ " + itoa(place), Content: t.Content, Why: t.Why, Lead: x.said(t.Leads), With: x.said(t.Coordinating), Tick: edits}
	if t.Clause != "" {
		v.Title += ", mục " + t.Clause
	}
	if p.State != directive.IsProposed {
		v.Chips = append(v.Chips, ui.Chip{Tone: ui.Info, Text: shapedWords(p)})
	}
	if t.Request {
		v.Chips = append(v.Chips, ui.Chip{Text: "đề nghị, không giao"})
	}
	if t.Each {
		v.Chips = append(v.Chips, ui.Chip{Text: "mỗi cơ quan một nhiệm vụ"})
	}
	v.When = whenWords(t)
	for _, q := range x.s.Questions {
		if q.N == p.N {
			v.Asks = append(v.Asks, q.Say)
		}
	}
	if t.Proposal != nil && (t.LeadOpen || t.Deadline == "") {
		v.Suggested = "Đề xuất " + strings.Trim(strings.Join([]string{x.names.unit(t.Proposal.Unit), untilText(t.Proposal.Until)}, ", "), ", ") + ": " + t.Proposal.Reason
	}
	if edits {
		v.Guesses = x.guesses(p)
		at, n := directivePath(x.d.ID), "?n="+itoa(p.N)
		v.Acts = []proposalAct{{"e", "Sửa", at + "/edit" + n}, {"s", "Tách", at + "/split" + n}, {"x", "Bỏ", at + "/drop" + n}}
	}
	return v
}

// shapedWords say what people made of a proposal; a piece of a split and what was merged are
// nobody's addition.
func shapedWords(p *directive.Proposal) string {
	switch {
	case p.State == directive.IsAdded && len(p.From) == 1:
		return "tách ra"
	case p.State == directive.IsAdded && len(p.From) > 1:
		return "gộp lại"
	}
	return directive.ProposalStates[p.State]
}

// said writes bodies as the document names them, with the unit where that is another word.
func (x *directiveReading) said(all []directive.Name) string {
	var out []string
	for _, n := range all {
		s := n.Said
		switch {
		case n.Group != "":
			s += " (mỗi đơn vị một nhiệm vụ)"
		case n.Unit == "":
			s += " (chưa ghép được)"
		default:
			if name := x.names.unit(n.Unit); !strings.EqualFold(name, s) {
				s = name + " (văn bản ghi “" + n.Said + "”)"
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// whenWords says by when a task is due and in whose words.
func whenWords(t *directive.Task) string {
	var s string
	switch {
	case t.Recurrence == directive.Continuous:
		s = "thường xuyên"
	case t.Recurrence != "":
		s = rhythmWords(t.Recurrence)
	case t.Deadline != "":
		s = untilText(t.Deadline)
	default:
		s = "không nêu hạn"
	}
	switch {
	case t.DateBasis != "":
		s += "; " + t.DateBasis
	case t.Words != "":
		s += "; văn bản ghi “" + t.Words + "”"
	}
	if t.Inherited {
		s += ", ở câu cuối của phần này"
	}
	return s
}

// untilText writes a day, or a day and an hour, as people do.
func untilText(s string) string {
	day, hour, _ := strings.Cut(s, "T")
	d, err := workday.ParseDate(day)
	if err != nil {
		return s
	}
	if hour != "" {
		return hour[:min(5, len(hour))] + " ngày " + d.Long()
	}
	return "ngày " + d.Long()
}

// rhythmWords says a recurrence as an officer does.
func rhythmWords(s string) string {
	what, day, _ := strings.Cut(s, " ")
	day, _, _ = strings.Cut(day, ",")
	if day == "last" {
		day = "ngày cuối"
	}
	return map[string]string{"daily": "hằng ngày", "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "halfyear": "6 tháng một lần", "yearly": "hằng năm"}[what] + " " + day
}

// guesses offer, for each name that matched no unit, the units it is likest to.
func (x *directiveReading) guesses(p *directive.Proposal) (all []guessView) {
	for i, names := range [][]directive.Name{p.Task.Leads, p.Task.Coordinating} {
		for _, n := range names {
			if n.Unit != "" || n.Group != "" {
				continue
			}
			g := guessView{Said: n.Said, Asks: "không giống đơn vị nào trong danh mục"}
			for k, c := range extract.Match(n.Said, x.units) {
				if k == 3 {
					break
				}
				g.Asks = "có phải"
				g.Units = append(g.Units, ui.Button{Label: x.names.unit(org.UnitID(c.ID)), Post: directivePath(x.d.ID) + "/match",
					Hidden: []ui.Hidden{{Name: "key", Value: x.key + "m" + itoa(p.N) + c.ID}, {Name: "version", Value: itoa(x.d.Version)}, {Name: "n", Value: itoa(p.N)}, {Name: "said", Value: n.Said}, {Name: "unit", Value: c.ID}}})
			}
			if i == 1 { // the document's words stay in the content of the task
				g.Units = append(g.Units, ui.Button{Label: "Không lập phần việc phối hợp", Post: directivePath(x.d.ID) + "/unname",
					Hidden: []ui.Hidden{{Name: "key", Value: x.key + "u" + itoa(p.N) + n.Said}, {Name: "version", Value: itoa(x.d.Version)}, {Name: "n", Value: itoa(p.N)}, {Name: "said", Value: n.Said}}})
			}
			all = append(all, g)
		}
	}
	return all
}

// documentFacts are what was read of the document itself.
func (x *directiveReading) documentFacts() (all []ui.Fact) {
	add := func(label, value string) {
		if value != "" {
			all = append(all, fact(label, value))
		}
	}
	add("Loại", upper(x.d.Type))
	add("Số, ký hiệu", x.d.Number)
	if !x.d.IssuedOn.IsZero() {
		add("Ngày", x.d.IssuedOn.Long())
	}
	add("Cơ quan ban hành", x.d.Issuer)
	add("Người ký", x.d.Signer)
	if x.d.ConfirmedBy != "" {
		add("Xác nhận đọc đúng", x.names.officer(x.d.ConfirmedBy)+", "+when(x.d.ConfirmedAt, x.tx.Now))
	}
	if x.d.ReleasedBy != "" {
		add("Ban hành nhiệm vụ", x.names.officer(x.d.ReleasedBy)+", "+when(x.d.ReleasedAt, x.tx.Now))
	}
	return all
}

// thread lists the assignments that came of the directive.
func (x *directiveReading) thread() ([]ui.Group, error) {
	if x.d.State != directive.Released {
		return nil, nil
	}
	all, err := directive.Thread(x.tx, x.who, x.d.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rows, err := assignmentRows(x.tx, x.who, all)
	return []ui.Group{{Title: "Nhiệm vụ đã giao", Rows: rows}}, err
}

// series lists what the directive asks for again and again.
func (x *directiveReading) series() ([]ui.Group, error) {
	if x.d.State != directive.Released {
		return nil, nil
	}
	all, _, err := directive.SeriesList(x.tx, x.who, directive.SeriesFilter{Directive: x.d.ID}, "", pageRows)
	return seriesRows(x.tx, all), err
}

// fewNotes is how many things that are only to be known stand open above the document.
const fewNotes = 3

// notesLine says what lies folded: mostly tasks for which the document states no date.
func notesLine(notes []questionView) string {
	undated := 0
	for _, n := range notes {
		if n.Undated {
			undated++
		}
	}
	if undated == len(notes) {
		return itoa(int64(undated)) + " nhiệm vụ không nêu hạn: vẫn ban hành được, hạn do người có thẩm quyền đặt sau"
	}
	return itoa(int64(len(notes))) + " nội dung để biết, trong đó " + itoa(int64(undated)) + " nhiệm vụ không nêu hạn"
}

// fewRows is how many assignments stand open above the document.
const fewRows = 12

// pieces cuts a document at the places that proposals came from. Colours go round, so
// that neighbours differ; who leads and by when is underlined.
func pieces(text string, live []*directive.Proposal) (all []docPiece) {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	for _, p := range live {
		for _, s := range spansOf(p) {
			cuts = append(cuts, min(max(s[0], 0), len(runes)), min(max(s[1], 0), len(runes)))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	begun := map[int64]bool{}
	for i := 0; i+1 < len(cuts); i++ {
		one := docPiece{Text: string(runes[cuts[i]:cuts[i+1]])}
		for at, p := range live {
			t := &p.Task
			if cuts[i] < t.Span[0] || cuts[i] >= t.Span[1] {
				continue
			}
			one.N, one.First = p.N, !begun[p.N]
			one.Class = "span c" + itoa(int64(at%4))
			if within(cuts[i], t.LeadSpan) {
				one.Class += " lead"
			}
			if within(cuts[i], t.DeadlineSpan) {
				one.Class += " date"
			}
			begun[p.N] = true
			break
		}
		all = append(all, one)
	}
	return all
}

// anchorOf is the proposal under whose colour the words of p stand: its own, or, for pieces of
// a split, which share their words, the one that is drawn.
func anchorOf(all []docPiece, p *directive.Proposal) int64 {
	at, other := 0, p.N
	for _, one := range all {
		if one.N == p.N {
			return p.N
		}
		to := at + len([]rune(one.Text))
		if one.N > 0 && at <= p.Task.Span[0] && p.Task.Span[0] < to {
			other = one.N
		}
		at = to
	}
	return other
}

func spansOf(p *directive.Proposal) (all []directive.Span) {
	all = []directive.Span{p.Task.Span}
	for _, s := range []*directive.Span{p.Task.LeadSpan, p.Task.DeadlineSpan} {
		if s != nil {
			all = append(all, *s)
		}
	}
	return all
}

func within(at int, s *directive.Span) bool { return s != nil && at >= s[0] && at < s[1] }

// headLine is the beginning of a text, for one line.
func headLine(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}

// next is the one thing this officer does now on the directive.
func (x *directiveReading) next() (n ui.NextStep) {
	for i, a := range x.acts {
		b := x.button(a)
		if b.Label == "" {
			continue
		}
		if i == 0 && a.Waits {
			n.Main = b
			n.Sentence, n.Note = x.sentence(a)
			continue
		}
		n.Quiet = append(n.Quiet, b)
	}
	if n.Main.Label == "" {
		n.Sentence, n.Note = x.waiting()
		if x.s.Bars("confirm") > 0 && x.may("edit") || x.s.Bars("release") > 0 && x.may("propose") {
			n.Main = ui.Button{Label: "Xem từng nội dung", Href: "#open"}
		}
	}
	return n
}

func (x *directiveReading) button(a directive.Act) ui.Button {
	switch a.Name {
	case "paper":
		return ui.Button{Label: a.Say, Href: paperPath(a.Paper)}
	case "confirm", "release":
		return ui.Button{Label: a.Say, Post: directivePath(x.d.ID) + "/" + a.Name, Hidden: []ui.Hidden{{Name: "key", Value: x.key + a.Name}, {Name: "version", Value: itoa(x.d.Version)}}}
	case "edit", "propose":
		return ui.Button{} // each stands beside its proposal
	case "decide":
		if !a.Waits {
			return ui.Button{}
		}
		return ui.Button{Label: "Xem từng nội dung", Href: "#open"}
	}
	return ui.Button{Label: a.Say, Href: directivePath(x.d.ID) + "/" + a.Name}
}

func (x *directiveReading) sentence(a directive.Act) (say, note string) {
	switch a.Name {
	case "confirm":
		say = "Anh/chị đối chiếu từng đề xuất với văn bản rồi xác nhận"
		if open := x.s.Bars("release"); open > 0 {
			note = "Văn bản để ngỏ " + itoa(int64(open)) + " nội dung, lãnh đạo quyết định trước khi ban hành; máy đọc đúng thì anh/chị vẫn xác nhận."
		}
	case "release":
		say, note = "Chuyên viên đã xác nhận đọc đúng văn bản; chờ anh/chị ban hành nhiệm vụ", "Mọi nhiệm vụ được giao cùng một lúc, hoặc không nhiệm vụ nào."
	case "decide":
		say = "Văn bản để ngỏ một số nội dung, chờ anh/chị quyết định"
	default:
		say = a.Say
	}
	return say, note
}

// waiting says what stands before the next step, and whose that is, when this officer has
// no step to take.
func (x *directiveReading) waiting() (say, note string) {
	mend, open := x.s.Bars("confirm"), x.s.Bars("release")
	switch x.d.State {
	case directive.Proposed:
		if mend > 0 {
			return "Còn " + itoa(int64(mend)) + " nội dung phải đối chiếu, sửa trước khi xác nhận", x.leftOpen(open)
		}
		return "Văn phòng đang đối chiếu các đề xuất với văn bản", x.leftOpen(open)
	case directive.Confirmed:
		switch {
		case mend > 0:
			return "Có " + itoa(int64(mend)) + " nội dung phải sửa lại: lãnh đạo phòng trả lại người xác nhận", x.leftOpen(open)
		case open > 0:
			return "Còn " + itoa(int64(open)) + " nội dung văn bản để ngỏ, chờ lãnh đạo quyết định rồi mới ban hành được nhiệm vụ", ""
		}
		return "Chờ lãnh đạo phòng của người xác nhận ban hành nhiệm vụ", ""
	case directive.Releasing:
		return "Đang giao nhiệm vụ; trang tự cập nhật khi xong", ""
	case directive.Released:
		return "Nhiệm vụ đã được giao cho các đơn vị", ""
	}
	return directive.States[x.d.State], ""
}

// leftOpen says how much the leader has to decide before the release.
func (x *directiveReading) leftOpen(n int) string {
	if n == 0 {
		return ""
	}
	return "Ngoài ra văn bản để ngỏ " + itoa(int64(n)) + " nội dung, lãnh đạo quyết định trước khi ban hành."
}
