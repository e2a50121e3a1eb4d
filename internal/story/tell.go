package story

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signin"
	"lienthong/internal/workday"
)

// describe says how a petition stands as somebody sees it: state, lead, what is owed.
//
//	state answered, round 1, lead so-y-te, hops 0
//	owes petition.answer so-y-te due 2026-02-26, met late
//	answer 1 guided number 1/SYT
func (r *run) describe(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		p, err := petition.Get(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "state %s, round %d, lead %s, hops %d\n", p.State, p.Round, p.Lead, p.Hops)
		if p.Hole != "" {
			fmt.Fprintf(b, "hole %s\n", p.Hole)
		}
		all, err := duty.OfCase(tx, id)
		if err != nil {
			return err
		}
		for _, d := range all {
			fmt.Fprintf(b, "%s\n", owed(d, tx.Now))
		}
		answers, err := petition.Answers(tx, id)
		for _, a := range answers {
			fmt.Fprintf(b, "answer %d %s number %s settled %s\n", a.Round, a.Outcome, a.Symbol, a.Settled)
		}
		return err
	})
}

// A duty as a story says it: rule, owner, day and how it stands now.
func owed(d *duty.Duty, now time.Time) string {
	s := fmt.Sprintf("owes %s %s ", d.Rule, d.Owner)
	switch {
	case d.DueAt.IsZero():
		s += "no date, "
	case d.DueOn.IsZero():
		s += "due " + d.DueAt.In(workday.Office).Format("2006-01-02 15:04") + ", "
	default:
		s += "due " + d.DueOn.String() + ", "
	}
	s += string(d.Fate)
	switch {
	case d.Late():
		s += " late"
	case d.MissedAtNow(now):
		s += " missed"
	}
	if l, ok := d.Binding(); ok {
		s += " under " + l.Basis
	}
	return s
}

// lookAt: look KN-1 shows the petition as the present actor sees it.
func lookAt(r *run, g given) (string, error) { return r.describe(g.at(0), org.Actor{}) }

// historyOf: history KN-1 shows the events that the present actor may read.
func historyOf(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		if _, err := casefile.Get(tx, who, id); err != nil {
			return err
		}
		all, err := casefile.History(tx, who, id, 1000)
		for _, e := range all {
			fmt.Fprintf(b, "%d %s %s %s %s\n", e.N, e.Kind, e.By.Post.Unit, e.By.System, e.Text)
		}
		return err
	})
}

// notices shows the unread notices of the present actor: kind and code.
func notices(r *run, _ given) (string, error) {
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		all, err := notice.Unread(tx, who, 50)
		for _, n := range all {
			fmt.Fprintf(b, "%s %s %s\n", n.Kind, n.Code, n.Title)
		}
		if len(all) == 0 {
			b.WriteString("no notices")
		}
		return err
	})
}

// get: get /api/v1/petitions/{KN-1} – as the present actor, with his token.
func get(r *run, g given) (string, error) { return r.request("GET", g.at(0), "") }

// post: post /api/v1/petitions/{KN-1}/settle '{"settled":true}' – JSON, or a form.
func post(r *run, g given) (string, error) { return r.request("POST", g.at(0), g.at(1)) }

// callIt: call KN-1 names what the last answer of the JSON face is about.
func callIt(r *run, g given) (string, error) {
	_, body, _ := strings.Cut(r.out, "\n")
	var made struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || made.ID == "" {
		return "", fmt.Errorf("the last answer names nothing: %s", r.out)
	}
	r.labels[g.at(0)] = made.ID
	return r.out, nil
}

// Sends a request through the whole door, for stories about what a face shows or hides.
func (r *run) request(method, path, body string) (string, error) {
	if r.p.Handler == nil {
		return "", fmt.Errorf("the program has no mux here")
	}
	if r.mux == nil {
		mux, err := r.p.Handler(r.ctx, r.office.DB)
		if err != nil {
			return "", err
		}
		r.mux = mux
	}
	token, err := r.token()
	if err != nil {
		return "", err
	}
	req := httptest.NewRequest(method, path, bytes.NewBufferString(body))
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, req)
	res := w.Result()
	answer, err := io.ReadAll(res.Body)
	return fmt.Sprintf("%d %s\n%s", res.StatusCode, http.StatusText(res.StatusCode), answer), err
}

// token gives the present actor a token of his own, once.
func (r *run) token() (string, error) {
	if t, ok := r.tokens[r.who]; ok {
		return t, nil
	}
	keeper, err := signin.New(r.ctx, r.office.DB)
	if err != nil {
		return "", err
	}
	var secret signin.Secret
	err = r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		if r.who == "" {
			return fault.SignedOut
		}
		secret, _, err = keeper.NewToken(tx, "system:story", r.who, "story", time.Time{}, -1)
		return err
	})
	r.tokens[r.who] = secret.Reveal()
	return secret.Reveal(), err
}

// figures: figures so-y-te – the board's row of a unit, as the present actor may see it.
//
//	figures so-y-te open 1 missed 0 inherited 0 met 2 late 1
func figures(r *run, g given) (string, error) {
	var out string
	err := r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil {
			return err
		}
		b, err := board.Read(tx, who, board.Query{Units: []org.UnitID{org.UnitID(g.at(0))}}, r.p.Duties)
		if err != nil {
			return err
		}
		out = "no figures"
		for _, row := range b.Rows {
			out = fmt.Sprintf("figures %s open %d missed %d inherited %d met %d late %d", row.Unit, row.Open, row.Missed, row.Inherited, row.Met, row.Late)
		}
		return nil
	})
	return out, err
}
