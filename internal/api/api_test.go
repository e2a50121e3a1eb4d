package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lienthong/internal/api"
	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/incident"
	"lienthong/internal/kinds"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
	"lienthong/regulations"
)

// A face is the whole JSON face over a test province, with tokens of its people.
type face struct {
	*api.Server
	t      testing.TB
	d      *db.DB
	clock  *lttest.Clock
	office province.Office
	door   *signin.Keeper
	tokens map[org.OfficerID]string
}

// each runs fn over the real mux on both databases.
func each(t *testing.T, fn func(t *testing.T, f *face)) {
	t.Helper()
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) { fn(t, open(t, d, clock)) })
}

// open fills an empty store with the province and serves it.
func open(t testing.TB, d *db.DB, clock *lttest.Clock) *face {
	t.Helper()
	office := province.Open(t, d)
	f := serve(t, d, clock)
	f.office = office
	return f
}

// serve puts the face over a store.
func serve(t testing.TB, d *db.DB, clock *lttest.Clock) *face {
	t.Helper()
	f := &face{t: t, d: d, clock: clock, tokens: map[org.OfficerID]string{}}
	door, err := signin.New(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk, err := signoff.NewDesk(append(petition.Papers(), incident.Papers()...)...)
	if err != nil {
		t.Fatal(err)
	}
	rules := door.Rules()
	rules.TokenRate = 0 // a test of limits sets its own
	rules.AddressRate = 0
	door.SetRules(rules)
	f.door = door
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	f.Server, err = api.New(api.Config{DB: d, Blob: store, Door: door, Desk: desk, Duties: kinds.Duties(), Events: kinds.Events(), Library: lib, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// token returns the bearer token of an officer.
func (f *face) token(id org.OfficerID) string {
	f.t.Helper()
	if f.tokens[id] == "" {
		lttest.Update(f.t, f.d, func(tx *db.Tx) error {
			secret, _, err := f.door.NewToken(tx, "system:test", id, "test", time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), 0)
			f.tokens[id] = secret.Reveal()
			return err
		})
	}
	return f.tokens[id]
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

func (a answer) items() (all []map[string]any) {
	list, _ := a.body["items"].([]any)
	for _, x := range list {
		all = append(all, x.(map[string]any))
	}
	return all
}

// do sends a request as an officer ("" without a token); headers are name, value pairs.
func (f *face) do(who org.OfficerID, method, path string, body any, headers ...string) answer {
	f.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			f.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, path, in)
	r.RemoteAddr = "192.0.2.7:4711"
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+f.token(who))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			f.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return a
}

// want fails the test on another status.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

type object = map[string]any

func (f *face) raiseBody() object {
	return object{"title": "Chưa chứng thực được bản sao điện tử", "text": "Người dân phải quay lại nhiều lần.", "field": f.office.Field, "tried": "Đã gọi tổng đài ba lần."}
}

func (f *face) raise() answer {
	f.t.Helper()
	return f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", f.raiseBody()).want(f.t, http.StatusCreated)
}

// somebody returns an officer with a role in a unit.
func (f *face) somebody(unit org.UnitID, role org.Role) (id org.OfficerID) {
	f.t.Helper()
	lttest.View(f.t, f.d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, role)
		if err == nil && len(held) > 0 {
			id = held[0].Officer.ID
		}
		return err
	})
	if id == "" {
		f.t.Fatalf("nobody is %s of %s", role, unit)
	}
	return id
}
