package channel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/petition"
)

// A receiver is a real HTTPS server that checks signatures and remembers what it took.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	answer int
	head   http.Header
	took   []arrived
}

type arrived struct {
	head http.Header
	body []byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{answer: http.StatusNoContent, head: http.Header{}}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body) // a broken body fails the signature
		r.mu.Lock()
		defer r.mu.Unlock()
		r.took = append(r.took, arrived{req.Header.Clone(), body})
		for k, v := range r.head {
			w.Header()[k] = v
		}
		w.WriteHeader(r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]arrived(nil), r.took...)
}

func (r *receiver) says(status int, head http.Header) {
	r.mu.Lock()
	r.answer, r.head = status, head
	r.mu.Unlock()
}

// signed says whether a message carries a signature of the secret, as a receiver that
// knows Standard Webhooks checks it.
func (a arrived) signed(secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(a.head.Get("webhook-id") + "." + a.head.Get("webhook-timestamp") + "."))
	mac.Write(a.body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, s := range strings.Fields(a.head.Get("webhook-signature")) {
		if hmac.Equal([]byte(s), []byte(want)) {
			return true
		}
	}
	return false
}

// hooked is a carrier that knows hooks and trusts the receiver.
func (o *testOffice) hooked(r *receiver) *outbox.Carrier {
	s := &Sender{DB: o.d, Says: petition.Notices, roots: func(t *http.Transport) {
		t.TLSClientConfig = r.Client().Transport.(*http.Transport).TLSClientConfig
	}}
	c := outbox.New(o.d, "node")
	c.First, c.Tries = time.Minute, 3
	c.Define(HookKind, s.Send)
	return c
}

func (o *testOffice) hook(h Hook) HookID {
	o.t.Helper()
	who := lttest.Who(o.t, o.d, lttest.UnitAdmin)
	var id HookID
	o.update(func(tx *db.Tx) (err error) { id, err = AddHook(tx, who, h); return err })
	return id
}

func (o *testOffice) secret(id HookID) (secret string) {
	o.t.Helper()
	who := lttest.Who(o.t, o.d, lttest.UnitAdmin)
	lttest.View(o.t, o.d, func(tx *db.Tx) error {
		s, ok, err := Secret(tx, who, id)
		if err == nil && !ok {
			err = errors.New("the secret is not shown")
		}
		secret = s
		return err
	})
	return secret
}

// record writes an event on the case and follows the log to its end.
func (o *testOffice) record(e casefile.Event) {
	o.t.Helper()
	o.update(func(tx *db.Tx) error {
		c, err := casefile.Lock(tx, org.System("test"), o.id)
		if err == nil {
			_, err = casefile.Record(tx, c, e)
		}
		return err
	})
	o.follow()
}

func (o *testOffice) follow() {
	o.t.Helper()
	if _, err := audit.Sequence(ctx, o.d); err != nil {
		o.t.Fatal(err)
	}
	f := Follower(o.d)
	for n := 1; n > 0; {
		var err error
		if n, err = f.Step(ctx); err != nil {
			o.t.Fatal(err)
		}
	}
}

func answered(text string) casefile.Event {
	return casefile.Event{Kind: "petition.answered", By: org.Actor{Officer: lttest.Leader, Name: "Người Thử", Post: org.Post{Unit: lttest.Department}},
		Audience: casefile.AudienceParties, Text: text}
}

func TestEvents(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, r := newOffice(t, d, clock), newReceiver(t)
		o.set("hook.private", "127.0.0.0/8")
		c := o.hooked(r)
		o.record(answered("trước khi có nơi nhận"))
		clock.Add(time.Second)
		id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Hệ thống của sở", URL: r.URL + "/nhan?ma=bi-mat", Account: lttest.OfficerA})
		o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Chỉ một loại", URL: r.URL, Account: lttest.OfficerA, Kinds: []string{"petition.raised"}})
		secret := o.secret(id)
		clock.Add(time.Second)
		o.record(answered(secretTitle))
		other := answered("chỉ cho người khác")
		other.Audience = "o:" + string(lttest.Leader)
		o.record(other)
		o.carry(c)
		all := r.all()
		if len(all) != 1 || !all[0].signed(secret) || all[0].signed("whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 32))) {
			t.Fatalf("%d messages; %+v", len(all), o.message())
		}
		var e struct {
			SpecVersion, ID, Source, Type, Subject, Time string
			Data                                         eventData
		}
		if err := json.Unmarshal(all[0].body, &e); err != nil {
			t.Fatal(err)
		}
		if e.SpecVersion != "1.0" || e.Type != "vn.lienthong.petition.answered" || e.Subject != o.code || e.Data.Case != string(o.id) ||
			e.Data.DueOn != "2026-02-24" || e.Data.Unit != string(lttest.Department) || e.Source == "" || !strings.HasPrefix(e.ID, string(o.id)+"/") {
			t.Errorf("%s", all[0].body)
		}
		if got := all[0].head.Get("Content-Type"); got != "application/cloudevents+json; charset=utf-8" {
			t.Errorf("type %s", got)
		}
		if bytes.Contains(all[0].body, []byte("Mật")) {
			t.Errorf("a text left: %s", all[0].body)
		}
		// what the account may no longer read does not leave
		o.record(answered("x"))
		o.update(func(tx *db.Tx) error {
			return casefile.Leave(tx, o.id, casefile.Party{Unit: lttest.Department, Function: "lead"})
		})
		o.carry(c)
		if len(r.all()) != 1 || o.message().State != outbox.Sent {
			t.Errorf("%d messages after the case was out of sight, %s", len(r.all()), o.message().State)
		}
	})
}

// A gateway gets the line that "Chép lời nhắn" copies, and nothing else.
func TestLines(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, r := newOffice(t, d, clock), newReceiver(t)
		o.set("hook.private", "127.0.0.0/8")
		c := o.hooked(r)
		o.hook(Hook{Unit: lttest.Department, What: Lines, Label: "Nhóm Zalo của sở", URL: r.URL, Account: lttest.OfficerA})
		clock.Add(time.Second)
		o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.arrived"}, notice.Note{Unit: lttest.Commune, Kind: "petition.arrived"},
			notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
		o.step()
		o.carry(c)
		all := r.all()
		if len(all) != 1 {
			t.Fatalf("%d messages; %+v", len(all), o.message())
		}
		var e struct{ Data map[string]string }
		if err := json.Unmarshal(all[0].body, &e); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"code": o.code, "kind": "petition.arrived", "day": "2026-02-24", "text": o.code + ": Có kiến nghị mới đến đơn vị. Hạn: hết ngày 24/02/2026."}
		if len(e.Data) != len(want) {
			t.Errorf("%v", e.Data)
		}
		for k, v := range want {
			if e.Data[k] != v {
				t.Errorf("%s: %q, want %q", k, e.Data[k], v)
			}
		}
		// at night it waits for the office
		clock.Set(at("23:00"))
		o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.urged"})
		o.step()
		if items, _ := o.waiting(); items != 1 {
			t.Errorf("%d wait for the morning", items)
		}
	})
}

// Failures are tried again and end among the dead letters, where the unit's administrator
// sends again or drops.
func TestDeadLetters(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, r := newOffice(t, d, clock), newReceiver(t)
		o.set("hook.private", "127.0.0.0/8")
		c := o.hooked(r)
		id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Hệ thống", URL: r.URL + "/x?ma=bi-mat", Account: lttest.OfficerA})
		admin := lttest.Who(t, d, lttest.UnitAdmin)
		try := func() {
			o.update(func(tx *db.Tx) error { return Try(tx, admin, id) })
			for range 3 {
				o.carry(c)
				clock.Add(time.Hour)
			}
		}
		r.says(http.StatusInternalServerError, nil)
		try()
		m := o.message()
		if m.State != outbox.Dead || m.Tries != 3 || strings.Contains(m.LastError, "bi-mat") {
			t.Fatalf("%+v", m)
		}
		ids := map[string]bool{}
		for _, a := range r.all() {
			ids[a.head.Get("webhook-id")] = true
		}
		if len(r.all()) != 3 || len(ids) != 1 {
			t.Errorf("%d tries under %d ids", len(r.all()), len(ids))
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := Letters(tx, admin, lttest.Department, 10)
			if len(all) != 1 || all[0].ID != m.ID {
				t.Errorf("letters %v", all)
			}
			return err
		})
		stranger := lttest.Who(t, d, lttest.OfficerA)
		if err := d.Update(ctx, func(tx *db.Tx) error { return Again(tx, stranger, m.ID) }); !errors.Is(err, fault.NotFound) {
			t.Errorf("a stranger sends again: %v", err)
		}
		refusedAs(t, d.View(ctx, func(tx *db.Tx) error { _, err := Letters(tx, stranger, lttest.Department, 10); return err }), fault.Denied)
		refusedAs(t, d.View(ctx, func(tx *db.Tx) error { _, err := Letters(tx, admin, "", 10); return err }), fault.Denied)
		r.says(http.StatusOK, nil)
		o.update(func(tx *db.Tx) error { return Again(tx, admin, m.ID) })
		o.carry(c)
		if o.message().State != outbox.Sent {
			t.Errorf("%+v", o.message())
		}
		r.says(http.StatusGone, nil)
		try()
		if m := o.message(); m.State != outbox.Dead || m.Tries != 1 {
			t.Errorf("410: %+v", m)
		}
		o.update(func(tx *db.Tx) error { return Drop(tx, admin, o.message().ID) })
		if m := o.message(); m.State != outbox.Withdrawn || len(m.Payload) != 0 {
			t.Errorf("dropped: %+v", m)
		}
		refusedAs(t, d.Update(ctx, func(tx *db.Tx) error { return Drop(tx, admin, o.message().ID) }), fault.Conflict)
	})
}

// A new secret signs beside the old one for a while; the secret is shown to who made it,
// for a while; a hook that ended sends nothing and has no secret.
func TestSecretsOfHooks(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, r := newOffice(t, d, clock), newReceiver(t)
		o.set("hook.private", "127.0.0.0/8")
		c := o.hooked(r)
		id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Hệ thống", URL: r.URL, Account: lttest.OfficerA})
		admin := lttest.Who(t, d, lttest.UnitAdmin)
		first := o.secret(id)
		o.update(func(tx *db.Tx) error { return Rotate(tx, admin, id) })
		second := o.secret(id)
		send := func() arrived {
			o.update(func(tx *db.Tx) error { return Try(tx, admin, id) })
			o.carry(c)
			all := r.all()
			return all[len(all)-1]
		}
		if a := send(); first == second || !a.signed(first) || !a.signed(second) {
			t.Error("both secrets sign in the overlap")
		}
		clock.Add(25 * time.Hour)
		if a := send(); a.signed(first) || !a.signed(second) {
			t.Error("the old secret signs after the overlap, or the new one does not")
		}
		show := func(who org.Actor) (ok bool, err error) {
			err = d.View(ctx, func(tx *db.Tx) error { _, ok, err = Secret(tx, who, id); return err })
			return ok, err
		}
		if ok, err := show(admin); ok || err != nil {
			t.Errorf("shown a day later: %v, %v", ok, err)
		}
		if _, err := show(lttest.Who(t, d, lttest.Leader)); !errors.Is(err, fault.NotFound) {
			t.Errorf("to who does not administer: %v", err)
		}
		if _, err := show(org.Actor{Officer: lttest.Outsider}); !errors.Is(err, fault.NotFound) {
			t.Errorf("to an outsider: %v", err)
		}
		o.update(func(tx *db.Tx) error { return Try(tx, admin, id) })
		o.update(func(tx *db.Tx) error { return EndHook(tx, admin, id) })
		n := len(r.all())
		o.carry(c)
		o.record(answered("x"))
		o.carry(c)
		if len(r.all()) != n {
			t.Error("a hook that ended was sent to")
		}
		var left string
		lttest.View(t, d, func(tx *db.Tx) error {
			return tx.One(`SELECT secret || secret_old FROM channel_hook`, nil, &left)
		})
		if left != "" {
			t.Error("its secrets are kept")
		}
		refusedAs(t, d.Update(ctx, func(tx *db.Tx) error { return Rotate(tx, admin, id) }), fault.Conflict)
	})
}

func TestResealMovesEverySecret(t *testing.T) {
	d, clock := lttest.SQLite(t)
	box := db.FileBox(t.TempDir())
	d.SetBox(box)
	o := newOffice(t, d, clock)
	id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Hệ thống", URL: "https://nhan.example", Account: lttest.OfficerA})
	o.update(func(tx *db.Tx) error {
		return SetMailPassword(tx, org.Actor{Officer: "quantri", Root: true}, testPassword)
	})
	before := o.secret(id)
	if _, err := box.Rotate(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if n, err := Reseal(ctx, d); n != want || err != nil {
			t.Errorf("%d moved, want %d; %v", n, want, err)
		}
	}
	if o.secret(id) != before {
		t.Error("the secret changed")
	}
}

func TestWhoMayAddAHook(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		newOffice(t, d, clock)
		admin := lttest.Who(t, d, lttest.UnitAdmin)
		good := Hook{Unit: lttest.Department, What: Events, Label: "x", URL: "https://nhan.example/x", Account: lttest.OfficerA}
		try := func(who org.Actor, change func(h *Hook)) error {
			h := good
			change(&h)
			return d.Update(ctx, func(tx *db.Tx) error { _, err := AddHook(tx, who, h); return err })
		}
		refusedAs(t, try(lttest.Who(t, d, lttest.Leader), func(*Hook) {}), fault.Denied)
		refusedAs(t, try(admin, func(h *Hook) { h.Unit = lttest.Commune }), fault.Denied)
		refusedAs(t, try(admin, func(h *Hook) { h.Account = lttest.CommuneOfficer }), fault.Invalid)
		refusedAs(t, try(admin, func(h *Hook) { h.Account = lttest.UnitAdmin }), fault.Invalid)
		refusedAs(t, try(admin, func(h *Hook) { h.Label = "  " }), fault.Invalid)
		refusedAs(t, try(admin, func(h *Hook) { h.What = "" }), fault.Invalid)
		refusedAs(t, try(admin, func(h *Hook) { h.Kinds = []string{"Petition\nx"} }), fault.Invalid)
		for _, u := range []string{"", "nhan.example", "http://nhan.example/x", "ftp://nhan.example", "https://ten:mat-khau@nhan.example", "https://nhan.example/#x", "https://", "file:///etc/passwd", "https:nhan", "https://nhan.example/" + strings.Repeat("x", 600)} {
			refusedAs(t, try(admin, func(h *Hook) { h.URL = u }), fault.Invalid)
		}
		if err := try(admin, func(*Hook) {}); err != nil {
			t.Error(err)
		}
	})
}

func TestGuard(t *testing.T) {
	refused := strings.Fields(`127.0.0.1 127.255.0.9 10.0.0.1 172.16.5.5 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3 255.255.255.255 224.0.0.1 240.0.0.1
		192.0.0.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12:3456::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1::1 2001::1 fec0::1`)
	open := strings.Fields(`8.8.8.8 203.162.4.1 2606:4700:4700::1111 ::ffff:8.8.8.8`)
	shut, err := newGuard("")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range refused {
		if shut.takes(netip.MustParseAddr(a)) == nil {
			t.Errorf("%s is let out", a)
		}
	}
	for _, a := range open {
		if err := shut.takes(netip.MustParseAddr(a)); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	some, err := newGuard("10.1.0.0/16 ::1/128")
	if err != nil {
		t.Fatal(err)
	}
	for a, want := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "10.2.0.1": false, "::1": true, "127.0.0.1": false} {
		if got := some.takes(netip.MustParseAddr(a)) == nil; got != want {
			t.Errorf("%s: %v, want %v", a, got, want)
		}
	}
	if _, err := newGuard("10.1"); err == nil {
		t.Error("a network that is none is taken")
	}
}

// The guard looks at what is really dialled: an address in numbers, a name of this
// machine, a redirect into it; and a receiver that answers slowly or without end is left.
func TestAttacksThroughAReceiver(t *testing.T) {
	d, clock := lttest.SQLite(t)
	o, r := newOffice(t, d, clock), newReceiver(t)
	c := o.hooked(r)
	admin := lttest.Who(t, d, lttest.UnitAdmin)
	port := r.Listener.Addr().String()[strings.LastIndex(r.Listener.Addr().String(), ":"):]
	send := func(url string) *outbox.Message {
		id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "x", URL: url, Account: lttest.OfficerA})
		o.update(func(tx *db.Tx) error { return Try(tx, admin, id) })
		if _, err := c.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
		return o.message()
	}
	for _, u := range []string{r.URL, "https://localhost" + port, "https://[::1]" + port, "https://[::ffff:127.0.0.1]" + port, "http://127.0.0.1" + port} {
		if m := send(u); m.State == outbox.Sent || m.LastError == "" {
			t.Errorf("%s: %+v", u, m)
		}
	}
	if len(r.all()) != 0 {
		t.Fatal("the inner network was reached")
	}
	o.set("hook.private", "127.0.0.0/8")
	r.says(http.StatusTemporaryRedirect, http.Header{"Location": {"https://169.254.169.254/latest/meta-data"}})
	if m := send(r.URL + "/a"); m.State == outbox.Sent || !strings.Contains(m.LastError, "chuyển hướng") || len(r.all()) != 1 {
		t.Errorf("a redirect: %+v", m)
	}
	o.set("hook.timeout", "1s")
	slow := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		w.WriteHeader(http.StatusOK)
		for req.Context().Err() == nil { // without end
			if _, err := w.Write(make([]byte, 4<<10)); err != nil {
				return
			}
		}
	}))
	defer slow.Close()
	began := time.Now()
	if m := send(slow.URL); m.State != outbox.Sent || time.Since(began) > 5*time.Second {
		t.Errorf("an endless answer: %s after %v", m.State, time.Since(began))
	}
	silent := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body) // so that the server sees the client leave
		<-req.Context().Done()
	}))
	defer silent.Close()
	if m := send(silent.URL); m.State == outbox.Sent || m.LastError == "" {
		t.Errorf("a silent receiver: %+v", m)
	}
}

// No secret and no address with a receiver's own secret in it reaches a log or an error.
func TestNoSecretInErrorsOrLogs(t *testing.T) {
	d, clock := lttest.SQLite(t)
	o, r := newOffice(t, d, clock), newReceiver(t)
	var log bytes.Buffer
	c := o.hooked(r)
	c.Log = func(err error) { slog.New(slog.NewTextHandler(&log, nil)).Error("background", "err", err) }
	id := o.hook(Hook{Unit: lttest.Department, What: Events, Label: "x", URL: r.URL + "/x?khoa=bi-mat-noi-nhan", Account: lttest.OfficerA})
	secret := o.secret(id)
	admin := lttest.Who(t, d, lttest.UnitAdmin)
	o.update(func(tx *db.Tx) error { return Try(tx, admin, id) })
	life, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	c.Worker(life)
	m := o.message()
	var rows string
	lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT secret FROM channel_hook`, nil, &rows) })
	for name, text := range map[string]string{"log": log.String(), "error": m.LastError, "row": rows, "message": string(m.Payload) + m.Target} {
		if strings.Contains(text, secret) || strings.Contains(text, strings.TrimPrefix(secret, "whsec_")) || strings.Contains(text, "bi-mat-noi-nhan") {
			t.Errorf("%s holds a secret: %s", name, text)
		}
	}
	if m.LastError == "" {
		t.Error("the inner network was reached")
	}
}

// A hook reads as its account does in the hook's unit: an account that serves elsewhere
// too, or moved there, takes nothing of that unit out.
func TestAnAccountDoesNotTakeItsHookAlong(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, r := newOffice(t, d, clock), newReceiver(t)
		o.set("hook.private", "127.0.0.0/8")
		c := o.hooked(r)
		o.hook(Hook{Unit: lttest.Department, What: Events, Label: "Hệ thống của sở", URL: r.URL, Account: lttest.OfficerA})
		clock.Add(time.Second)
		o.record(answered("đã xếp hàng"))
		o.update(func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, org.System("test"), org.Post{Officer: lttest.OfficerA, Unit: lttest.Commune, Role: org.Specialist, Title: "Kiêm nhiệm"})
			return err
		})
		o.record(answered("sau khi kiêm nhiệm"))
		o.carry(c)
		if n := len(r.all()); n != 0 {
			t.Errorf("%d messages left under an account that serves in two units", n)
		}
		err := d.Update(ctx, func(tx *db.Tx) error {
			_, err := AddHook(tx, lttest.Who(t, d, lttest.UnitAdmin), Hook{Unit: lttest.Department, What: Events, Label: "x", URL: "https://nhan.example/x", Account: lttest.OfficerA})
			return err
		})
		refusedAs(t, err, fault.Invalid)
	})
}
