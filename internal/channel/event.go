package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/audit"
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

// followBatch is how many entries of the log one step looks at.
const followBatch = 200

// Follower queues a message for every entry of the log that a hook's account may read. It
// reads the log, so that a killed process neither forgets an event nor queues it twice.
func Follower(d *db.DB) *audit.Follower {
	return &audit.Follower{DB: d, Name: "channel.events", Batch: followBatch, Read: readEvents}
}

// readEvents finds which entries go to which hooks.
func readEvents(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	all, err := standing(tx, Events)
	if err != nil {
		return nil, err
	}
	type out struct {
		hook HookID
		l    letter
	}
	var outs []out
	for _, h := range all {
		who, ok, err := h.reader(tx)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, leaf := range leaves {
			l, ok, err := h.letter(tx, who, leaf.Ref)
			if err != nil {
				return nil, err
			}
			if ok {
				outs = append(outs, out{h.ID, l})
			}
		}
	}
	return func(tx *db.Tx) error {
		for _, o := range outs {
			if err := put(tx, HookKind, string(o.hook), o.l.Case, o.l); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// letter is what an entry of the log is for a hook; ok is false when it is not for it.
func (h *Hook) letter(tx *db.Tx, who org.Actor, ref string) (l letter, ok bool, err error) {
	id, number, isCase := strings.Cut(ref, "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if !isCase || err != nil {
		return l, false, nil // of the office, not of a case
	}
	e, err := casefile.EventAt(tx, who, casefile.ID(id), n)
	if errors.Is(err, fault.NotFound) {
		return l, false, nil
	}
	return letter{Case: id, N: n}, err == nil && h.takes(e.Kind) && !e.RecordedAt.Before(h.MadeAt), err
}

// A cloudEvent is an event as CloudEvents 1.0 writes it in JSON.
type cloudEvent struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"` // the same at each try: receivers drop what they had
	Source      string `json:"source"`
	Type        string `json:"type"`
	Subject     string `json:"subject,omitempty"` // the tracking code
	Time        string `json:"time"`
	ContentType string `json:"datacontenttype"`
	Data        any    `json:"data"` // never a title or a text
}

// eventData is what a receiver learns of an event: enough to ask for it through the JSON
// face under the account's own rights.
type eventData struct {
	Case       string `json:"case"`
	Code       string `json:"code"`
	CaseKind   string `json:"case_kind"`
	N          int64  `json:"n"`
	Kind       string `json:"kind"`
	Unit       string `json:"unit,omitempty"` // of who acted
	OccurredAt string `json:"occurred_at"`
	DueOn      string `json:"due_on,omitempty"`
	Version    int64  `json:"version"`
}

// lineData is what a gateway learns: code, kind and day, and the same as a sentence.
type lineData struct {
	Code string `json:"code"`
	Kind string `json:"kind"`
	Day  string `json:"day,omitempty"` // of the limit, when there is one
	Text string `json:"text"`
}

// typePrefix begins the type of every event of this program.
const typePrefix = "vn.lienthong."

// A Sender hands messages over to hooks.
type Sender struct {
	DB   *db.DB
	Says Says

	roots func(*http.Transport) // whom tests trust
}

// A sending is one message ready to leave.
type sending struct {
	url     string
	secrets []string // the newest first
	body    []byte   // checked when it is sent, not only when it was made
	guard   guard
	timeout time.Duration
	at      time.Time // of the try, in the signature
}

// Send hands one message of the outbox over. What the account may no longer read is
// done without a message. The receiver knows a repeat by webhook-id.
func (s *Sender) Send(ctx context.Context, m outbox.Message) error {
	var one *sending
	err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		one, err = s.compose(tx, m)
		return err
	})
	if err != nil || one == nil {
		return err
	}
	head := http.Header{"Content-Type": {"application/cloudevents+json; charset=utf-8"}, "User-Agent": {"lienthong"}}
	if err := sign(head, string(m.ID), one); err != nil {
		return err
	}
	return post(ctx, one.guard.client(one.timeout, s.roots), one.url, one.body, head)
}

// sign writes the headers of Standard Webhooks: HMAC-SHA256 over id, instant and body, one
// signature for each secret that holds now.
func sign(head http.Header, id string, one *sending) error {
	at := strconv.FormatInt(one.at.Unix(), 10)
	var signatures []string
	for _, secret := range one.secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
		if err != nil {
			return errors.New("a secret of a hook is damaged") // never the secret itself
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", id, at)
		mac.Write(one.body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	head.Set("webhook-id", id)
	head.Set("webhook-timestamp", at)
	head.Set("webhook-signature", strings.Join(signatures, " "))
	return nil
}

// compose makes the message now; nil when there is nothing that may be told.
func (s *Sender) compose(tx *db.Tx, m outbox.Message) (*sending, error) {
	l, err := letterOfBytes(m.Payload)
	if err != nil || l == nil {
		return nil, err
	}
	all, err := hooks(tx, `id = $1 AND ended_at IS NULL`, m.Target)
	if err != nil || len(all) == 0 {
		return nil, err // stopped
	}
	h := all[0]
	e, err := s.event(tx, &h, m, l)
	if err != nil || e == nil {
		return nil, err
	}
	values, err := setting.Values(tx, "hook.")
	if err != nil {
		return nil, err
	}
	one := &sending{url: h.URL, timeout: time.Duration(setting.Number(values, "hook.timeout")), at: tx.Now}
	if one.guard, err = newGuard(values["hook.private"]); err != nil {
		return nil, err
	}
	if one.secrets, err = h.secrets(tx); err != nil {
		return nil, err
	}
	one.body, err = json.Marshal(e)
	return one, err
}

// secrets are those that sign now, the newest first.
func (h *Hook) secrets(tx *db.Tx) (all []string, err error) {
	sealed := []string{h.secret}
	if h.old != "" && tx.Now.Before(h.OldUntil) {
		sealed = append(sealed, h.old)
	}
	for _, s := range sealed {
		plain, err := tx.Unseal(s, hookSeal(string(h.ID)))
		if err != nil {
			return nil, err
		}
		all = append(all, plain)
	}
	return all, nil
}

// event makes the event of a letter; nil when the account may not read it now.
func (s *Sender) event(tx *db.Tx, h *Hook, m outbox.Message, l *letter) (*cloudEvent, error) {
	source, err := siteOf(tx)
	if err != nil {
		return nil, err
	}
	if source == "" {
		source = "urn:lienthong"
	}
	e := &cloudEvent{SpecVersion: "1.0", ID: string(m.ID), Source: source, Type: typePrefix + "test", Time: stamp(m.QueuedAt), ContentType: "application/json",
		Data: lineData{Kind: "test", Text: "Tin thử của hệ thống Liên thông."}}
	if l.Test {
		return e, nil
	}
	who, ok, err := h.reader(tx)
	if err != nil || !ok {
		return nil, err
	}
	if l.Case == "" {
		return s.line(tx, h, who, e, l)
	}
	found, err := casefile.EventAt(tx, who, casefile.ID(l.Case), l.N)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := casefile.Get(tx, who, casefile.ID(l.Case))
	if err != nil {
		return nil, err
	}
	d, err := owedOn(tx, c.ID, func(d *duty.Duty) bool { return d.Owner == h.Unit })
	e.ID, e.Type, e.Subject, e.Time = casefile.EntryRef(c.ID, l.N), typePrefix+found.Kind, c.Code, stamp(found.RecordedAt)
	e.Data = eventData{Case: string(c.ID), Code: c.Code, CaseKind: c.Kind, N: l.N, Kind: found.Kind, Unit: string(found.By.Post.Unit),
		OccurredAt: stamp(found.OccurredAt), DueOn: day(d), Version: c.Version}
	return e, err
}

// line makes the short message of a notice to the unit.
func (s *Sender) line(tx *db.Tx, h *Hook, who org.Actor, e *cloudEvent, l *letter) (*cloudEvent, error) {
	notes, err := notice.Still(tx, who, nil, l.Notices)
	if err != nil || len(notes) == 0 {
		return nil, err
	}
	n := notes[0]
	d, err := owedOn(tx, n.Case, func(d *duty.Duty) bool { return d.Owner == h.Unit })
	e.ID, e.Type, e.Subject, e.Time = n.ID, typePrefix+"notice", n.Code, stamp(n.At)
	e.Data = lineData{Code: n.Code, Kind: n.Kind, Day: day(d), Text: Line(n.Code, s.Says.Of(n.Kind), d)}
	return e, err
}

// An instant as other systems read it, in the office's time.
func stamp(t time.Time) string { return t.In(workday.Office).Format(time.RFC3339) }

// letterOfBytes reads what put wrote; nil for one whose bytes were taken away by a seal.
func letterOfBytes(raw []byte) (*letter, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	l := new(letter)
	if err := json.Unmarshal(raw, l); err != nil {
		return nil, fmt.Errorf("letter: %w: %w", outbox.Refused, err)
	}
	return l, nil
}
