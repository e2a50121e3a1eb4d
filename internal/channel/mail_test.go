package channel

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail"

	"mime"
	"mime/quotedprintable"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/petition"
)

// mailPassword of the server under test, looked for in every log and row.
const testPassword = "mat-khau-may-chu-thu"

// A post office is a real SMTP server on a socket, that remembers what it took.
type postOffice struct {
	addr  string
	roots *x509.CertPool

	mu     sync.Mutex
	refuse *smtp.SMTPError // what it says to a recipient; nil: it takes the mail
	took   []taken
}

type taken struct {
	to   []string
	user string
	tls  bool
	msg  *mail.Message
	text string
}

// newPostOffice starts one that speaks STARTTLS and asks for a password, or TLS from the
// first byte, or neither.
func newPostOffice(t *testing.T, security string) *postOffice {
	t.Helper()
	certs := httptest.NewTLSServer(nil) // for its certificate of 127.0.0.1
	t.Cleanup(certs.Close)
	p := &postOffice{roots: x509.NewCertPool()}
	p.roots.AddCert(certs.Certificate())
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{office: p, conn: c}, nil
	}))
	s.Domain, s.AllowInsecureAuth = "thu.example", false
	s.ReadTimeout, s.WriteTimeout = 10*time.Second, 10*time.Second
	if security != "none" {
		s.TLSConfig = &tls.Config{Certificates: certs.TLS.Certificates}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = l.Addr().String()
	if security == "tls" {
		l = tls.NewListener(l, s.TLSConfig)
	}
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return p
}

func (p *postOffice) all() []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]taken(nil), p.took...)
}

func (p *postOffice) refusing(e *smtp.SMTPError) {
	p.mu.Lock()
	p.refuse = e
	p.mu.Unlock()
}

type session struct {
	office *postOffice
	conn   *smtp.Conn
	got    taken
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "lienthong" || password != testPassword {
			return smtp.ErrAuthFailed
		}
		s.got.user = user
		return nil
	}), nil
}

func (s *session) Reset()        { s.got.to = nil }
func (s *session) Logout() error { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error {
	_, s.got.tls = s.conn.TLSConnectionState()
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if s.office.refuse != nil {
		return s.office.refuse
	}
	s.got.to = append(s.got.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return err
	}
	s.got.msg, s.got.text = m, string(b)
	s.office.mu.Lock()
	s.office.took = append(s.office.took, s.got)
	s.office.mu.Unlock()
	return nil
}

// subject is a mail's subject as a person reads it.
func (x taken) subject(t *testing.T) string {
	s, err := new(mime.WordDecoder).DecodeHeader(x.msg.Header.Get("Subject"))
	if err != nil {
		t.Error(err)
	}
	return s
}

// mailed is an office that sends through a post office.
func (o *testOffice) mailed(p *postOffice, security string) (m *Mailer, c *outbox.Carrier) {
	o.t.Helper()
	o.set("mail.server", p.addr)
	o.set("mail.security", security)
	o.set("mail.from", "lienthong@tinh.example")
	o.set("site.address", "https://lienthong.tinh.example/")
	if security != "none" {
		o.set("mail.user", "lienthong")
		o.update(func(tx *db.Tx) error {
			return SetMailPassword(tx, org.Actor{Officer: "quantri", Root: true}, testPassword)
		})
	}
	m = &Mailer{DB: o.d, Says: petition.Notices, Duties: duty.Kinds{"petition.answer": {Rule: "petition.answer", Say: "Trả lời kiến nghị"}}}
	m.trust = func(c *gomail.Client) error {
		return c.SetTLSConfig(&tls.Config{RootCAs: p.roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12})
	}
	c = outbox.New(o.d, "node")
	c.First, c.Tries = time.Minute, 3
	c.Define(MailKind, m.Send)
	return m, c
}

func TestMail(t *testing.T) {
	for _, security := range []string{"starttls", "tls", "none"} {
		t.Run(security, func(t *testing.T) {
			lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				o, p := newOffice(t, d, clock), newPostOffice(t, security)
				_, c := o.mailed(p, security)
				o.choose(lttest.OfficerA, atOnce())
				o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.arrived"})
				o.step()
				o.carry(c)
				all := p.all()
				if len(all) != 1 {
					t.Fatalf("%d mails; %+v", len(all), o.message())
				}
				m := all[0]
				if m.tls == (security == "none") || (m.user == "lienthong") == (security == "none") {
					t.Errorf("encrypted %v, as %q", m.tls, m.user)
				}
				if len(m.to) != 1 || m.to[0] != string(lttest.OfficerA)+"@so.example" {
					t.Errorf("to %v", m.to)
				}
				if got, want := m.subject(t), "[Liên thông] "+o.code+": Có kiến nghị mới đến đơn vị"; got != want {
					t.Errorf("subject %q, want %q", got, want)
				}
				for _, want := range []string{o.code + ": Có kiến nghị mới đến đơn vị.", "Trả lời kiến nghị – Sở Thử; hạn: hết ngày 24/02/2026.", "https://lienthong.tinh.example/cases/" + string(o.id), "/profile/channels"} {
					if !strings.Contains(m.text, want) {
						t.Errorf("%q is not in:\n%s", want, m.text)
					}
				}
				if strings.Contains(m.text, "Mật") || strings.Contains(m.subject(t), "Mật") {
					t.Errorf("the title is in the mail:\n%s", m.text)
				}
				if got := m.msg.Header.Get("Message-ID"); got != "<"+string(o.message().ID)+"@tinh.example>" {
					t.Errorf("Message-ID %s", got)
				}
			})
		})
	}
}

// What was read, sealed, or taken out of sight before the mail leaves is not sent, and the
// message is done.
func TestNothingLeftToTell(t *testing.T) {
	before := map[string]func(o *testOffice){
		"read": func(o *testOffice) {
			who := lttest.Who(o.t, o.d, lttest.OfficerA)
			o.update(func(tx *db.Tx) error { return notice.ReadCase(tx, who, o.id) })
		},
		"out of sight": func(o *testOffice) {
			o.update(func(tx *db.Tx) error {
				return casefile.Leave(tx, o.id, casefile.Party{Unit: lttest.Department, Function: "lead"})
			})
		},
		"gone": func(o *testOffice) {
			o.update(func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM notice WHERE case_id = $1`, string(o.id))
				return err
			})
		},
	}
	for name, change := range before {
		t.Run(name, func(t *testing.T) {
			lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				o, p := newOffice(t, d, clock), newPostOffice(t, "none")
				_, c := o.mailed(p, "none")
				o.choose(lttest.OfficerA, atOnce())
				o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.arrived"})
				o.step()
				change(o)
				o.carry(c)
				if n := len(p.all()); n != 0 || o.message().State != outbox.Sent {
					t.Errorf("%d mails, the message is %s", n, o.message().State)
				}
			})
		})
	}
}

// A server that is away is tried again; an address that it refuses for good is not.
func TestMailServerRefuses(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, p := newOffice(t, d, clock), newPostOffice(t, "none")
		_, c := o.mailed(p, "none")
		o.choose(lttest.OfficerA, atOnce())
		tell := func() {
			o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
			o.step()
			o.carry(c)
		}
		p.refusing(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"})
		tell()
		if m := o.message(); m.State != outbox.Waiting || m.Tries != 1 || m.LastError == "" {
			t.Errorf("%+v", m)
		}
		p.refusing(nil)
		clock.Add(time.Minute)
		o.carry(c)
		if len(p.all()) != 1 {
			t.Errorf("%d mails", len(p.all()))
		}
		p.refusing(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
		tell()
		if m := o.message(); m.State != outbox.Dead || !strings.Contains(m.LastError, "no such user") {
			t.Errorf("%+v", m)
		}
	})
}

// A node dies after the server took the mail and before it is noted: the mail comes once
// more, with the same Message-ID.
func TestMailAtLeastOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, p := newOffice(t, d, clock), newPostOffice(t, "none")
		m, c := o.mailed(p, "none")
		o.choose(lttest.OfficerA, atOnce())
		o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
		o.step()
		sent, release := make(chan struct{}), make(chan struct{})
		dying := outbox.New(d, "dying")
		dying.Hold = 200 * time.Millisecond
		dying.Define(MailKind, func(ctx context.Context, msg outbox.Message) error {
			err := m.Send(ctx, msg)
			close(sent)
			<-release
			return errors.Join(err, errors.New("died"))
		})
		done := make(chan error)
		go func() { _, err := dying.Deliver(ctx); done <- err }()
		<-sent
		time.Sleep(250 * time.Millisecond)
		o.carry(c)
		close(release)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		all := p.all()
		if len(all) != 2 || all[0].msg.Header.Get("Message-ID") != all[1].msg.Header.Get("Message-ID") {
			t.Fatalf("%d mails", len(all))
		}
		if got := o.message(); got.State != outbox.Sent || got.LastError != "" {
			t.Errorf("the late word of the dead node changed it: %+v", got)
		}
	})
}

// An address that would smuggle a header, a server without encryption, a wrong password:
// nothing leaves, and the password stands in no error.
func TestMailAttacks(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, p := newOffice(t, d, clock), newPostOffice(t, "none")
		_, c := o.mailed(p, "none")
		o.choose(lttest.OfficerA, atOnce())
		for _, address := range []string{"", "không phải địa chỉ", "a@so.example\r\nBcc: ke-khac@evil.example", "a@so.example, b@evil.example", "\"a\r\nBcc: b@evil.example\" <a@so.example>"} {
			o.update(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE officer SET email = $1 WHERE id = $2`, address, string(lttest.OfficerA))
				return err
			})
			o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
			o.step()
			o.carry(c)
			if m := o.message(); m.State != outbox.Dead || len(p.all()) != 0 {
				t.Errorf("%q: %s, %d mails", address, m.State, len(p.all()))
			}
		}
		// a server that does not offer STARTTLS gets nothing, least of all the password
		_, c = o.mailed(p, "starttls")
		o.update(func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE officer SET email = 'a@so.example'`); return err })
		o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
		o.step()
		o.carry(c)
		if m := o.message(); m.State != outbox.Waiting || m.LastError == "" || strings.Contains(m.LastError, testPassword) || len(p.all()) != 0 {
			t.Errorf("%+v", m)
		}
		// a wrong password is an error without the password
		q := newPostOffice(t, "starttls")
		_, c = o.mailed(q, "starttls")
		o.update(func(tx *db.Tx) error {
			return SetMailPassword(tx, org.Actor{Officer: "quantri", Root: true}, "sai-"+testPassword)
		})
		clock.Add(time.Hour)
		o.carry(c)
		if m := o.message(); m.Tries < 2 || strings.Contains(m.LastError, testPassword) || len(q.all()) != 0 {
			t.Errorf("%+v", m)
		}
		var sealed string
		lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT sealed FROM channel_secret`, nil, &sealed) })
		if strings.Contains(sealed, testPassword) {
			t.Error("the password stands open in its row")
		}
	})
}

func TestMailSettings(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		load := func() error { return d.View(ctx, func(tx *db.Tx) error { _, err := LoadServer(tx); return err }) }
		refusedAs(t, load(), fault.NotFound)
		o.set("mail.server", "thu.example")
		refusedAs(t, load(), fault.Invalid)
		o.set("mail.server", "thu.example:587")
		refusedAs(t, load(), fault.Invalid)
		o.set("mail.from", "a@b.example\nBcc: c@d.example")
		refusedAs(t, load(), fault.Invalid)
		o.set("mail.from", "a@b.example")
		if err := load(); err != nil {
			t.Error(err)
		}
		o.set("mail.user", "lienthong")
		refusedAs(t, load(), fault.Invalid) // no password
		unit := lttest.Who(t, d, lttest.UnitAdmin)
		refusedAs(t, d.Update(ctx, func(tx *db.Tx) error { return SetMailPassword(tx, unit, "x") }), fault.Denied)
		o.update(func(tx *db.Tx) error { return SetMailPassword(tx, org.Actor{Officer: "quantri", Root: true}, "x") })
		if err := load(); err != nil {
			t.Error(err)
		}
		o.set("mail.security", "none")
		refusedAs(t, load(), fault.Invalid)
		o.set("mail.security", "ssl")
		refusedAs(t, load(), fault.Invalid)
	})
}
