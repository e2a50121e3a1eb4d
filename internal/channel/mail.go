package channel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
	"lienthong/internal/workday"
)

// A Server is the mail server of the office, as its settings name it.
type Server struct {
	Host     string
	Port     int    // by the kind of security, unless set
	Security string // starttls, tls or none
	From     string
	User     string
	Timeout  time.Duration

	password string // only in memory; sealed in the store
}

// LoadServer reads the mail server. None set is a fault.NotFound; settings that do not fit
// together are a fault.Invalid that says which.
func LoadServer(tx *db.Tx) (s Server, err error) {
	all, err := setting.Values(tx, "mail.")
	if err != nil {
		return s, err
	}
	if all["mail.server"] == "" {
		return s, fault.Refuse(fault.NotFound, "Chưa đặt máy chủ gửi thư (thông số mail.server).")
	}
	host, port, err := net.SplitHostPort(all["mail.server"])
	s = Server{Host: host, Security: all["mail.security"], From: all["mail.from"], User: all["mail.user"],
		Timeout: time.Duration(setting.Number(all, "mail.timeout"))}
	if err == nil {
		s.Port, err = strconv.Atoi(port)
	}
	if err != nil || s.Port < 1 || s.Port > 65535 || s.Host == "" {
		return s, fault.Refuse(fault.Invalid, "Thông số mail.server phải có dạng máy:cổng, ví dụ thu.tinh.gov.vn:587.")
	}
	if from, err := mail.ParseAddress(s.From); err != nil || from.Name != "" {
		return s, fault.Refuse(fault.Invalid, "Thông số mail.from phải là một địa chỉ thư, ví dụ lienthong@tinh.gov.vn.")
	}
	if s.password, err = mailPassword(tx); err != nil {
		return s, err
	}
	switch {
	case s.Security != "starttls" && s.Security != "tls" && s.Security != "none":
		return s, fault.Refuse(fault.Invalid, "Thông số mail.security là starttls, tls hoặc none.")
	case s.Security == "none" && s.User != "":
		return s, fault.Refuse(fault.Invalid, "Không gửi mật khẩu qua đường không mã hoá: đặt mail.security là starttls hoặc tls, hoặc bỏ mail.user.")
	case s.User != "" && s.password == "":
		return s, fault.Refuse(fault.Invalid, "Chưa đặt mật khẩu máy chủ thư.")
	}
	return s, nil
}

// client is a connection for one mail. Without encryption nothing is sent unless the
// setting says so: a server that stops offering STARTTLS gets no mail.
func (s *Server) client(roots func(*gomail.Client) error) (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTimeout(s.Timeout)}
	switch s.Security {
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.password))
	}
	c, err := gomail.NewClient(s.Host, options...)
	if err == nil && roots != nil {
		err = roots(c)
	}
	return c, err
}

// A Mailer hands mail over to the office's mail server.
type Mailer struct {
	DB     *db.DB
	Duties duty.Kinds
	Says   Says

	trust func(*gomail.Client) error // whom tests trust beside the system's roots
}

// A mailing is one mail with what is needed to send it.
type mailing struct {
	server  Server
	to      *mail.Address
	subject string
	body    string
}

// Send hands one message of the outbox over. Nothing left to tell - read meanwhile, out of
// sight, sealed, or the officer gone - is done without a mail. The receiver knows a
// repeat by the Message-ID, which is the message's own.
func (m *Mailer) Send(ctx context.Context, msg outbox.Message) error {
	var one *mailing
	err := m.DB.View(ctx, func(tx *db.Tx) (err error) {
		one, err = m.compose(tx, msg)
		return err
	})
	if err != nil || one == nil {
		return err
	}
	client, err := one.server.client(m.trust)
	if err != nil {
		return err
	}
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	out.FromMailAddress(&mail.Address{Name: "Liên thông", Address: one.server.From})
	out.ToMailAddress(one.to)
	out.Subject(one.subject)
	out.SetDate()
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	_, domain, _ := strings.Cut(one.server.From, "@")
	out.SetMessageIDWithValue(string(msg.ID) + "@" + domain)
	out.SetBodyString(gomail.TypeTextPlain, one.body)
	return sorted(client.DialAndSendWithContext(ctx, out))
}

// sorted tells an address that will never take the mail from a server that is away. The
// words of the mail server are kept, those of the connection hold no secret.
func sorted(err error) error {
	var se *gomail.SendError
	if errors.As(err, &se) && (se.Reason == gomail.ErrSMTPRcptTo || se.Reason == gomail.ErrSMTPData || se.Reason == gomail.ErrSMTPDataClose) && !se.IsTemp() {
		return fmt.Errorf("%w: %w", outbox.Refused, err)
	}
	return err
}

// compose makes the mail of a message now; nil when there is nothing to tell.
func (m *Mailer) compose(tx *db.Tx, msg outbox.Message) (*mailing, error) {
	l, err := letterOfBytes(msg.Payload)
	if err != nil || l == nil {
		return nil, err
	}
	who, err := org.ActorOf(tx, org.OfficerID(msg.Target))
	if errors.Is(err, fault.NotFound) {
		return nil, nil // no longer serves: reads nothing
	}
	if err != nil {
		return nil, err
	}
	notes, err := notice.Still(tx, who, []org.OfficerID{who.Officer, l.Of}, l.Notices)
	if err != nil || len(notes) == 0 && !l.Test {
		return nil, err
	}
	one := &mailing{}
	if one.server, err = LoadServer(tx); err != nil {
		return nil, err
	}
	if one.to, err = addressOf(tx, who.Officer); err != nil {
		return nil, err
	}
	if l.Test {
		one.subject, one.body = "[Liên thông] Thư thử", "Đây là thư thử của hệ thống Liên thông. Máy chủ thư đã được đặt đúng.\n"
		return one, nil
	}
	one.subject, one.body, err = m.words(tx, who, l.Of, notes)
	return one, err
}

// addressOf is an officer's address in the office's own list. One that is missing or is
// no address, or holds more than one line, is refused for good.
func addressOf(tx *db.Tx, id org.OfficerID) (*mail.Address, error) {
	o, err := org.OfficerOf(tx, id)
	if err != nil {
		return nil, err
	}
	a, err := mail.ParseAddress(o.Email)
	if err != nil || strings.ContainsAny(o.Email, "\r\n") {
		return nil, fmt.Errorf("officer %s has no usable address: %w", id, outbox.Refused)
	}
	return &mail.Address{Address: a.Address}, nil
}

// words are the subject and text of a mail: code, what, whose act, until when, the
// address to open; nothing of what somebody wrote.
func (m *Mailer) words(tx *db.Tx, who org.Actor, of org.OfficerID, notes []notice.Note) (subject, body string, err error) {
	site, err := siteOf(tx)
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	if of != "" && of != who.Officer {
		b.WriteString("Anh/chị nhận thư này vì đang làm thay người vắng mặt.\n\n")
	}
	rest := 0
	if len(notes) > mostInMail {
		rest = len(notes) - mostInMail
		notes = notes[:mostInMail]
	}
	for _, n := range notes {
		if err := m.paragraph(tx, &b, who, n, site); err != nil {
			return "", "", err
		}
	}
	if rest > 0 {
		fmt.Fprintf(&b, "Còn %d thông báo khác; mở mục Thông báo để xem.\n\n", rest)
	}
	b.WriteString("--\nThư tự động, không chứa nội dung hồ sơ; anh/chị đăng nhập để xem. Không trả lời thư này.\n")
	if site != "" {
		b.WriteString("Đổi cách nhận thư: " + site + "/profile/channels\n")
	}
	if len(notes) == 1 && rest == 0 {
		return "[Liên thông] " + notes[0].Code + ": " + m.Says.Of(notes[0].Kind), b.String(), nil
	}
	return fmt.Sprintf("[Liên thông] %d thông báo, ngày %s", len(notes)+rest, workday.Of(tx.Now).Long()), b.String(), nil
}

// A note in a letter: the tracking code and what is due, never the title; mail is read by many on its way.
func (m *Mailer) paragraph(tx *db.Tx, b *strings.Builder, who org.Actor, n notice.Note, site string) error {
	d, err := owedOn(tx, n.Case, func(d *duty.Duty) bool { return who.In(d.Owner) })
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%s: %s.\n", n.Code, m.Says.Of(n.Kind))
	if d != nil && m.Duties[d.Rule].Say != "" {
		u, err := org.UnitOf(tx, d.Owner)
		if err != nil {
			return err
		}
		until := Until(d)
		if until == "" {
			until = "không nêu hạn"
			if d.Fate == duty.Suspended {
				until = "đang tạm dừng"
			}
		}
		fmt.Fprintf(b, "Việc đang chờ: %s – %s; hạn: %s.\n", m.Duties[d.Rule].Say, u.Short, until)
	}
	if site != "" {
		fmt.Fprintf(b, "Mở: %s/cases/%s\n", site, n.Case)
	}
	b.WriteString("\n")
	return nil
}

// owedOn is the duty of a case that a message names.
func owedOn(tx *db.Tx, id casefile.ID, mine func(d *duty.Duty) bool) (*duty.Duty, error) {
	all, err := duty.OfCase(tx, id)
	return Owed(all, mine), err
}

// siteOf is the address at which officers open the system, without a stroke at its end.
func siteOf(tx *db.Tx) (string, error) {
	all, err := setting.Values(tx, "site.")
	return strings.TrimRight(all[setting.SiteAddress], "/"), err
}
