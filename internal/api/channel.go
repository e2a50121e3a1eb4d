package api

import (
	"net/http"
	"strings"

	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
)

const (
	tagChannel  = "Kênh gửi ra ngoài"
	hooksPath   = "/api/v1/hooks"
	lettersPath = "/api/v1/letters"
)

// channelling are the routes of a unit's receivers outside and of what was given up.
func (s *Server) channelling() []route {
	unit := filter.Unit("unit", "Đơn vị").Saying("ở danh sách tin, bỏ trống là mọi đơn vị (quản trị của tỉnh)")
	return []route{
		list(hooksPath, "hooks", "Nơi nhận webhook của một đơn vị (người quản trị).", page[hookOut]{}, (*call).hooks, unit).of(tagChannel),
		act[hookIn]("POST", hooksPath, "addHook", "Thêm nơi nhận; khoá ký trả về một lần ở secret.", (*call).addHook).makes(hookOut{}).of(tagChannel),
		act[noneIn]("POST", hooksPath+"/{id}/rotate", "rotateHook", "Đặt khoá ký mới; khoá cũ còn ký kèm một thời gian.", (*call).rotateHook).gives(hookOut{}).of(tagChannel),
		act[noneIn]("POST", hooksPath+"/{id}/try", "tryHook", "Gửi một tin thử.", (*call).tryHook).gives(hookOut{}).of(tagChannel),
		act[noneIn]("POST", hooksPath+"/{id}/end", "endHook", "Dừng nơi nhận; tin đang chờ bị bỏ, khoá bị xoá.", (*call).endHook).gives(hookOut{}).of(tagChannel),
		list(lettersPath, "letters", "Tin đã ngừng gửi, cũ nhất trước.", page[letterOut]{}, (*call).letters, unit).of(tagChannel),
		act[noneIn]("POST", lettersPath+"/{id}/again", "sendLetterAgain", "Gửi lại một tin đã ngừng gửi.", (*call).letterAgain).gives(letterOut{}).of(tagChannel),
		act[noneIn]("POST", lettersPath+"/{id}/drop", "dropLetter", "Bỏ một tin đã ngừng gửi.", (*call).dropLetter).gives(letterOut{}).of(tagChannel),
	}
}

// hookIn is a receiver as it is entered.
type hookIn struct {
	Unit    string   `json:"unit"`
	What    string   `json:"what" doc:"events: sự kiện CloudEvents; notices: mã, loại, ngày cho cổng SMS, Zalo"`
	Label   string   `json:"label"`
	URL     string   `json:"url" doc:"https"`
	Account string   `json:"account" doc:"mã cán bộ; nơi nhận chỉ được những gì người này được đọc"`
	Kinds   []string `json:"kinds,omitempty" doc:"chỉ các loại này; bỏ trống là mọi loại"`
}

// hookOut is a receiver; its secret is there only for who made it, for a while.
type hookOut struct {
	ID      string   `json:"id"`
	Unit    string   `json:"unit"`
	What    string   `json:"what"` // events or lines
	Label   string   `json:"label"`
	URL     string   `json:"url"`
	Account string   `json:"account"` // reads with the rights of this officer
	Kinds   []string `json:"kinds"`   // empty for all
	MadeAt  string   `json:"made_at"`
	EndedAt string   `json:"ended_at,omitempty"` // "" while it is in use
	Secret  string   `json:"secret,omitempty" doc:"khoá ký theo Standard Webhooks; chỉ người đặt thấy, trong thời gian hook.show"`
}

// A receiver as JSON. The secret is there only in the answer that made or changed it: afterwards nobody
// can read it.
func hookOf(h channel.Hook, secret string) hookOut {
	out := hookOut{ID: string(h.ID), Unit: string(h.Unit), What: h.What, Label: h.Label, URL: h.URL, Account: string(h.Account),
		Kinds: append([]string{}, h.Kinds...), MadeAt: instant(h.MadeAt), Secret: secret}
	if !h.EndedAt.IsZero() {
		out.EndedAt = instant(h.EndedAt)
	}
	return out
}

// letterOut is a message that was given up; its content is not shown.
type letterOut struct {
	ID        string `json:"id"`
	Kind      string `json:"kind" doc:"mail, hook hoặc edxml"`
	Target    string `json:"target" doc:"mã cán bộ hoặc mã nơi nhận"`
	State     string `json:"state"`      // waiting or dead
	Tries     int    `json:"tries"`      // how often it was sent
	LastError string `json:"last_error"` // what the other side said, cut
	QueuedAt  string `json:"queued_at"`
}

// A letter that waits or failed: where to and why, never what it says.
func letterOf(m *outbox.Message) letterOut {
	return letterOut{ID: string(m.ID), Kind: m.Kind, Target: m.Target, State: m.State, Tries: m.Tries, LastError: m.LastError, QueuedAt: instant(m.QueuedAt)}
}

// The unit is demanded: a list over all units would be a list of everybody's outside systems.
func (c *call) hooks() error {
	unit := strings.TrimSpace(c.q.Get("unit"))
	if unit == "" {
		return fault.Field("unit", "Nêu mã đơn vị.")
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := channel.Hooks(tx, who, org.UnitID(unit))
		out := page[hookOut]{Items: make([]hookOut, len(all))}
		for i, h := range all {
			out.Items[i] = hookOf(h, "")
		}
		return &out, 0, err
	})
}

// shownHook reads a receiver back with its secret, where it may be seen.
func shownHook(tx *db.Tx, who org.Actor, id channel.HookID) (any, int64, error) {
	h, err := channel.HookOf(tx, who, id)
	if err != nil {
		return nil, 0, err
	}
	secret, _, err := channel.Secret(tx, who, id)
	out := hookOf(h, secret)
	return &out, 0, err
}

// hookAgain reads the receiver of a repeated request.
func (c *call) hookAgain(tx *db.Tx, who org.Actor, id string) (done, error) {
	out, _, err := shownHook(tx, who, channel.HookID(id))
	return done{status: http.StatusOK, location: hooksPath + "/" + id, body: out}, err
}

// A new receiver with its secret, shown once.
func (c *call) addHook(in *hookIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		id, err := channel.AddHook(tx, who, channel.Hook{Unit: org.UnitID(in.Unit), What: in.What, Label: in.Label, URL: in.URL, Account: org.OfficerID(in.Account), Kinds: in.Kinds})
		if err != nil {
			return done{}, err
		}
		d, err := c.hookAgain(tx, who, string(id))
		d.status = http.StatusCreated
		return d, err
	})
}

// onHook runs an act on the receiver of the address.
func (c *call) onHook(do func(tx *db.Tx, who org.Actor, id channel.HookID) error) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := do(tx, who, channel.HookID(c.id)); err != nil {
			return done{}, err
		}
		return c.hookAgain(tx, who, c.id)
	})
}

// A new secret; the old one is valid for a while longer, so that the other side can change without losing
// a letter.
func (c *call) rotateHook(*noneIn) error { return c.onHook(channel.Rotate) }

// Sends a letter that says it is a trial, so that a connection is known to work before the first real one.
func (c *call) tryHook(*noneIn) error { return c.onHook(channel.Try) }

// Ends a receiver; what it already has stays in its list.
func (c *call) endHook(*noneIn) error { return c.onHook(channel.EndHook) }

// mostLetters bounds the list of what was given up.
const mostLetters = 200

// Letters that failed or still wait, of one unit or of the caller's whole reach.
func (c *call) letters() error {
	unit := org.UnitID(strings.TrimSpace(c.q.Get("unit")))
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := channel.Letters(tx, who, unit, mostLetters)
		out := page[letterOut]{Items: make([]letterOut, len(all))}
		for i, m := range all {
			out.Items[i] = letterOf(m)
		}
		return &out, 0, err
	})
}

// letterDone reads one message back, for who looks after it.
func (c *call) letterDone(tx *db.Tx, who org.Actor, id string) (done, error) {
	m, err := channel.LetterOf(tx, who, outbox.ID(id))
	if err != nil {
		return done{}, err
	}
	out := letterOf(m)
	return done{status: http.StatusOK, location: lettersPath + "/" + id, body: &out}, nil
}

// onLetter runs an act on the message of the address.
func (c *call) onLetter(do func(tx *db.Tx, who org.Actor, id outbox.ID) error) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		if err := do(tx, who, outbox.ID(c.id)); err != nil {
			return done{}, err
		}
		return c.letterDone(tx, who, c.id)
	})
}

// Tries a failed letter again, at once.
func (c *call) letterAgain(*noneIn) error { return c.onLetter(channel.Again) }

// Gives a letter up; the notice inside the program stays.
func (c *call) dropLetter(*noneIn) error { return c.onLetter(channel.Drop) }
