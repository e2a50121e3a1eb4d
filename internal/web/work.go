package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// work lists the pages of daily work: one's list, cases, papers, search, notices.
func (s *Server) work() {
	s.handle("GET /notices", s.notices)
	s.handle("POST /notices/{notice}/read", s.readNotice)

	s.filtered()
	s.printing()
	s.bulkRoutes()
	s.grouping()
	s.programming()
	s.banking()
	s.campaigning()
	s.directives()
	s.assignments()
	s.serieses()
	s.tracking()
	s.handle("GET /cases/{case}", s.anyCase)
	s.open("GET "+formsPath+"worker.js", s.formScript)
	s.handle("GET /petitions/new", s.raisePage)
	s.handle("POST /petitions", s.raise)
	s.handle("POST /petitions/proposals", s.proposals)
	s.handle("GET /petitions/{case}", s.petition)
	s.handle("POST /petitions/{case}/register", s.register)
	s.handle("GET /petitions/{case}/direct", s.directPage)
	s.handle("POST /petitions/{case}/direct", s.direct)
	s.handle("GET /petitions/{case}/answer", s.answerPage)
	s.handle("POST /petitions/{case}/answer", s.answer)
	s.handle("GET /petitions/{case}/{act}", s.actPage)
	s.handle("POST /petitions/{case}/{act}", s.act)

	s.handle("GET /papers/{paper}", s.paper)
	s.handle("GET /papers/{paper}/edit", s.editPage)
	s.handle("POST /papers/{paper}/edit", s.edit)
	s.handle("POST /papers/{paper}/signed-on-paper", s.recordSigned)
	s.handle("POST /papers/{paper}/{act}", s.paperAct)
	s.exchangeRoutes()
}

// names finds the short names that sentences need; each is read once a page.
type names struct {
	tx       *db.Tx // names change while pages are read
	officers map[org.OfficerID]string
}

func newNames(tx *db.Tx) *names { return &names{tx, map[org.OfficerID]string{}} }

// unit is a unit's short name; an unknown id stands for itself.
func (n *names) unit(id org.UnitID) string {
	all, err := org.UnitNames(n.tx, id)
	if err != nil {
		return string(id)
	}
	return all[id]
}

// units joins the names of several units.
func (n *names) units(ids []org.UnitID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = n.unit(id)
	}
	return strings.Join(all, "; ")
}

// officer is a person's name; an unknown id stands for itself.
func (n *names) officer(id org.OfficerID) string {
	if name, ok := n.officers[id]; ok {
		return name
	}
	name := string(id)
	if o, err := org.OfficerOf(n.tx, id); err == nil {
		name = o.Name
	}
	n.officers[id] = name
	return name
}

// dueOf puts a running duty's date as lists say it. Red is for the unit that owes: with
// mine false a late one is said without the colour.
func dueOf(rev workday.Revision, d *duty.Duty, now time.Time, mine bool) (u ui.Due) {
	words, tone := duty.DaysLeft(rev, d, now)
	if d.Request && tone == workday.Late {
		words, tone = "được đề nghị, mong nhận trước "+d.Due().Last().Short(), workday.Calm
	}
	u.Words, u.Until = cutDue(words)
	u.Tone = toneOf(tone)
	if u.Tone == ui.Late && !mine {
		u.Tone = ui.Calm
	}
	u.Source = limitOf(d).Basis
	if !d.DueAt.IsZero() {
		u.At = d.DueAt.In(workday.Office).Format(time.RFC3339)
	}
	return u
}

// limitOf is the limit that gives a duty's date, or the first of one without a date.
func limitOf(d *duty.Duty) (l duty.Limit) {
	l, ok := d.Binding()
	if !ok && len(d.Limits) > 0 {
		l = d.Limits[0]
	}
	return l
}

// cutDue parts "còn 2 ngày làm việc, hết thứ Năm 26/02" where it pauses.
func cutDue(words string) (left, until string) {
	left, until, _ = strings.Cut(words, ", ")
	return left, until
}

func toneOf(t workday.Tone) ui.Tone {
	switch t {
	case workday.Late:
		return ui.Late
	case workday.Soon:
		return ui.Soon
	}
	return ui.Calm
}

// when says an instant in the words of a history: "14:20 thứ Tư 11/02".
func when(t, now time.Time) string {
	d := workday.Of(t)
	day := d.Short()
	if d.Year() != workday.Of(now).Year() {
		day = d.Long()
	}
	return hour(t) + " " + d.WeekdayName() + " " + day
}

func rfc(t time.Time) string { return t.In(workday.Office).Format(time.RFC3339) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// seen is the version of what the officer saw, as the form carries it.
func seen(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// typedDay reads a date of a form, as people type it.
func typedDay(r *http.Request, name, say string) (workday.Date, error) {
	v := strings.TrimSpace(r.PostForm.Get(name))
	if v == "" {
		return workday.Date{}, nil
	}
	d, err := workday.TypedDate(v)
	if err != nil {
		return d, fault.Field(name, "%s", say)
	}
	return d, nil
}

// confirmed wants the sentence under every button that sends a text out.
func confirmed(r *http.Request) error {
	if r.PostForm.Get("nosecret") == "1" {
		return nil
	}
	return fault.Field("nosecret", "Anh/chị cần xác nhận nội dung và tệp kèm theo không chứa bí mật nhà nước rồi mới gửi.")
}

func casePath(id casefile.ID) string { return "/petitions/" + string(id) }

// anyCase leads from a case to the page of its kind: notices and searches know no slice.
func (s *Server) anyCase(w http.ResponseWriter, r *http.Request) error {
	to := ""
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		c, err := casefile.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err == nil {
			to = pageOf(c)
		}
		return err
	})
	if err == nil && to == "" {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onCase runs one operation on the petition of the address and leads back to its page.
// What is refused comes back at its field; what met a change comes back beside it.
func (s *Server) onCase(w http.ResponseWriter, r *http.Request, page handler, run func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, string, error)) error {
	id := casefile.ID(r.PathValue("case"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		p, say, err := run(tx, who, id)
		if err != nil {
			return done{}, err
		}
		return done{To: casePath(id), Version: p.Version + 1, Say: say}, nil
	})
	return s.again(w, r, s.beside(r, err, id), page)
}

// beside shows, with a conflict, what the officer wrote and what happened meanwhile.
func (s *Server) beside(r *http.Request, err error, id casefile.ID) error {
	if fault.Kind(err) != fault.Conflict {
		return err
	}
	mine := ui.Side{Title: "Nội dung anh/chị vừa gửi"}
	var parts []string
	for _, t := range typedTexts(r) {
		parts = append(parts, t.Value)
	}
	mine.Text = strings.Join(parts, "\n\n")
	if mine.Text == "" {
		return err
	}
	theirs := ui.Side{Title: "Diễn biến mới nhất của việc này"}
	readErr := s.view(r, func(tx *db.Tx, who org.Actor) error {
		p, err := petition.Get(tx, who, id)
		if err != nil {
			return err
		}
		all, err := casefile.History(tx, who, p.ID, mostEvents)
		if err != nil || len(all) == 0 {
			return err
		}
		n, e := newNames(tx), all[len(all)-1]
		theirs.By = when(e.OccurredAt, tx.Now) + ", " + byWhom(n, e)
		theirs.Text = strings.TrimSpace(happened(n, p, e) + "\n\n" + petition.TextOf(e))
		return nil
	})
	if readErr != nil {
		return err // what stands there now is not his to see: the refusal alone is right
	}
	return sides(err, mine, theirs)
}

// postChoices are the posts in which the officer may act in a unit: asked only of one
// who holds several and chose none.
func postChoices(who org.Actor, unit org.UnitID) (all []ui.Option) {
	if who.Post.ID != "" {
		return nil
	}
	for _, p := range who.Posts {
		if p.Unit == unit {
			all = append(all, ui.Option{Value: string(p.ID), Label: p.Title})
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// inPost is the actor in the post that the form names; unchanged when it names none.
func inPost(who org.Actor, r *http.Request) (org.Actor, error) {
	id := org.PostID(r.PostForm.Get("post"))
	if id == "" {
		return who, nil
	}
	at := slices.IndexFunc(who.Posts, func(p org.Post) bool { return p.ID == id })
	if at < 0 {
		return who, fault.Field("post", "Anh/chị không giữ chức danh này.")
	}
	return who.As(who.Posts[at]), nil
}
