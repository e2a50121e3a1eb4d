package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signin"
)

// A face is the program as its clients see it: an address, tokens of its officers, and
// one browser that is signed in.
type face struct {
	url    string
	client *http.Client // connections are kept, as browsers do
	tokens map[org.OfficerID]string
	cookie string // of the browser's session
}

const (
	benchLogin    = "do-tai"
	benchPassword = signin.Secret("Thước đo 4711 của trạm Tân Sơn")
)

// doors gives every seat and the overseer a token, and the first department's officer an
// account, all of them by the office's own functions.
func doors(ctx context.Context, d *db.DB, o *Office) (tokens map[org.OfficerID]string, err error) {
	keeper, err := signin.New(ctx, d)
	if err != nil {
		return nil, err
	}
	phc, err := signin.NewHasher().Hash(ctx, benchPassword)
	if err != nil {
		return nil, err
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		tokens = map[org.OfficerID]string{}
		// one browser stands for all of a department: the limit a session is not measured
		_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ('limit.token', '1000000', 'bench', $1) ON CONFLICT (name) DO NOTHING`, tx.Now)
		if err != nil {
			return err
		}
		if err := signin.Open(tx, o.Departments[0].Who.Officer, benchLogin, phc, false); err != nil {
			return err
		}
		who := []org.Actor{o.Overseer}
		if o.Follower.Officer != "" && o.Follower.Officer != o.Overseer.Officer {
			who = append(who, o.Follower)
		}
		for _, w := range o.Issuers {
			if w.Officer != o.Overseer.Officer && w.Officer != o.Follower.Officer {
				who = append(who, w)
			}
		}
		for _, s := range append(o.Communes, o.Departments...) {
			who = append(who, s.Who)
		}
		for _, w := range who {
			secret, _, err := keeper.NewToken(tx, "system:bench", w.Officer, "đo tải", time.Time{}, -1)
			if err != nil {
				return err
			}
			tokens[w.Officer] = secret.Reveal()
		}
		return nil
	})
	return tokens, err
}

// A client as a browser is one: it keeps connections and follows nothing by itself.
func newFace(address string, tokens map[org.OfficerID]string) *face {
	return &face{url: address, tokens: tokens, client: &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signIn signs the browser in through the form.
func (f *face) signIn(ctx context.Context) error {
	form := url.Values{"name": {benchLogin}, "password": {benchPassword.Reveal()}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url+"/signin", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := f.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var all []string
	for _, c := range res.Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	if res.StatusCode != http.StatusSeeOther || len(all) == 0 {
		return fmt.Errorf("sign-in: %s", res.Status)
	}
	f.cookie = strings.Join(all, "; ")
	return nil
}

// ask sends one request of an officer's program and decodes the answer into out.
func (f *face) ask(ctx context.Context, who org.OfficerID, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, f.url+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+f.tokens[who])
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	raw, err := f.do(r)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(raw, out)
}

// page opens a page in the browser that is signed in.
func (f *face) page(ctx context.Context, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Cookie", f.cookie)
	_, err = f.do(r)
	return err
}

// One request; a status of 300 and above is an error with what the server said.
func (f *face) do(r *http.Request) ([]byte, error) {
	res, err := f.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %.300s", r.Method, r.URL.Path, res.Status, raw)
	}
	return raw, err
}

// lifecycle is W1 for one client: raise, direct, answer, settle.
func (f *face) lifecycle(ctx context.Context, o *Office, w writer, s *stopwatch) error {
	commune, department := pick(w, o.Communes), pick(w, o.Departments)
	var made struct {
		ID string `json:"id"`
	}
	raise := map[string]any{"title": w.title(), "field": pick(w, department.Fields), "text": w.text(raiseBytes), "tried": w.text(triedBytes)}
	answer := map[string]any{"text": w.text(answerBytes), "outcome": "resolved"}
	if err := s.time(func() error {
		return f.ask(ctx, commune.Who.Officer, http.MethodPost, "/api/v1/petitions", raise, &made)
	}); err != nil {
		return err
	}
	for _, step := range []struct {
		who  org.OfficerID
		act  string
		body any
	}{
		{department.Who.Officer, "direct", map[string]any{"officer": department.Specialist}},
		{department.Who.Officer, "answer", answer},
		{commune.Who.Officer, "settle", map[string]any{"settled": true}},
	} {
		if err := s.time(func() error {
			return f.ask(ctx, step.who, http.MethodPost, "/api/v1/petitions/"+made.ID+"/"+step.act, step.body, nil)
		}); err != nil {
			return err
		}
	}
	return nil
}

// A workload is one of the loads of a run.
type workload struct {
	name string
	one  func(ctx context.Context, w writer, s *stopwatch) error
}

// asked numbers the addresses of anew.
var asked atomic.Uint64

// anew writes an address as nobody has written it before, so that its answer is made and not
// given again: some letters by their codes, then empty parameters, which nobody reads.
func anew(path string) string {
	n := asked.Add(1)
	at, query, _ := strings.Cut(path, "?")
	var b strings.Builder
	for _, c := range []byte(query) {
		if c == '=' || c == '&' || n%2 == 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
		if c != '=' && c != '&' {
			n /= 2
		}
	}
	return at + "?" + b.String() + strings.Repeat("&", int(n))
}

// anewPage is anew for a page, which is kept under what its address means: a parameter that
// no page reads is left alone there.
func anewPage(path string) string { return path + "&lan=" + strconv.FormatUint(asked.Add(1), 10) }

// workloads are W1 to W4 and the case page. What officers and programs ask for again while
// nothing has changed is given from what was made; "anew" is the same without that.
func (f *face) workloads(o *Office) []workload {
	get := func(name string, who func(w writer) org.OfficerID, path func(w writer) string) workload {
		return workload{name, func(ctx context.Context, w writer, s *stopwatch) error {
			return s.time(func() error { return f.ask(ctx, who(w), http.MethodGet, path(w), nil, nil) })
		}}
	}
	department := func(w writer) org.OfficerID { return pick(w, o.Departments).Who.Officer }
	overseer := func(writer) org.OfficerID { return o.Overseer.Officer }
	page := func(name string, path func(w writer) string) workload {
		return workload{name, func(ctx context.Context, w writer, s *stopwatch) error {
			at := path(w)
			return s.time(func() error { return f.page(ctx, at) })
		}}
	}
	board := func(path string) func(w writer) string {
		return func(writer) string { return anew(path) }
	}
	return []workload{
		{"W1 lifecycle", func(ctx context.Context, w writer, s *stopwatch) error { return f.lifecycle(ctx, o, w, s) }},
		get("W2 inbox json", department, func(writer) string { return "/api/v1/inbox?limit=25" }),
		get("W2 inbox json anew", department, func(writer) string { return anew("/api/v1/inbox?limit=25") }),
		page("W2 inbox page", func(writer) string { return "/" }),
		page("W2 inbox page anew", func(writer) string { return anewPage("/?list=") }),
		get("W3 board json", overseer, func(writer) string { return "/api/v1/board?by=unit" }),
		get("W3 by unit anew", overseer, board("/api/v1/board?by=unit")),
		get("W3 by commune anew", overseer, board("/api/v1/board?by=commune")),
		get("W3 by field anew", overseer, board("/api/v1/board?by=field")),
		get("W3 by area anew", overseer, board("/api/v1/board?by=area")),
		get("W3 by desk anew", overseer, board("/api/v1/board?by=desk")),
		get("W3 map anew", overseer, board("/api/v1/board/map?by=commune")),
		get("W4 search", overseer, func(w writer) string {
			return "/api/v1/search?q=" + url.QueryEscape(`"`+phrase(w)+`"`)
		}),
		f.casePage(o),
	}
}

// casePage opens the pages of what the browser's officer has running, one after the other.
func (f *face) casePage(o *Office) workload {
	ids := sync.OnceValues(func() (all []string, err error) {
		var list struct {
			Items []struct {
				ID   string `json:"id"`
				Rule string `json:"rule"`
			} `json:"items"`
		}
		err = f.ask(context.Background(), o.Departments[0].Who.Officer, http.MethodGet, "/api/v1/inbox?limit=100", nil, &list)
		for _, i := range list.Items {
			if strings.HasPrefix(i.Rule, petition.CaseKind+".") {
				all = append(all, i.ID)
			}
		}
		if err == nil && len(all) == 0 {
			err = errors.New("no case runs")
		}
		return all, err
	})
	return workload{"case page", func(ctx context.Context, w writer, s *stopwatch) error {
		all, err := ids()
		if err != nil {
			return err
		}
		return s.time(func() error { return f.page(ctx, "/petitions/"+pick(w, all)) })
	}}
}
