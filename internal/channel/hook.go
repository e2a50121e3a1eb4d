package channel

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
	"lienthong/internal/vntext"
)

// A HookID names a hook.
type HookID string

// What a hook receives.
const (
	Events = "events"  // signed events of the cases that its account may read
	Lines  = "notices" // code, kind and day of what the unit is told, for gateways of SMS and Zalo

)

// A Hook (webhook) is a receiver that a unit's administrator entered.
type Hook struct {
	ID       HookID
	Unit     org.UnitID
	What     string // Events or Lines
	Label    string
	URL      string
	Account  org.OfficerID // it receives what this account may read, and no more
	Kinds    []string      // none: every kind
	SecretBy org.OfficerID // who may look at it for a while
	SecretAt time.Time
	OldUntil time.Time // until when the secret before signs too; zero: none
	MadeBy   org.OfficerID
	MadeAt   time.Time
	EndedAt  time.Time // zero while it stands

	secret, old string // sealed
}

const hookColumns = `id, unit, what, label, url, account, kinds, secret, secret_old, old_until, secret_by, secret_at, made_by, made_at, ended_at`

// A receiver's row; the secrets stay sealed until a letter is signed.
func (h *Hook) scan(r *sql.Rows) error {
	var kinds string
	err := r.Scan(&h.ID, &h.Unit, &h.What, &h.Label, &h.URL, &h.Account, &kinds, &h.secret, &h.old, db.Instant(&h.OldUntil),
		&h.SecretBy, db.Instant(&h.SecretAt), &h.MadeBy, db.Instant(&h.MadeAt), db.Instant(&h.EndedAt))
	h.Kinds = strings.Fields(kinds)
	return err
}

// A receiver that names no kind takes all.
func (h *Hook) takes(kind string) bool { return len(h.Kinds) == 0 || slices.Contains(h.Kinds, kind) }

// Receivers in the order they were made.
func hooks(tx *db.Tx, where string, args ...any) (all []Hook, err error) {
	err = tx.All(`SELECT `+hookColumns+` FROM channel_hook WHERE `+where+` ORDER BY made_at, id`, args, func(r *sql.Rows) error {
		var h Hook
		err := h.scan(r)
		all = append(all, h)
		return err
	})
	return all, err
}

// standing returns the hooks that receive now.
func standing(tx *db.Tx, what string) ([]Hook, error) {
	return hooks(tx, `ended_at IS NULL AND what = $1`, what)
}

// Hooks returns a unit's hooks that stand, for who administers it.
func Hooks(tx *db.Tx, who org.Actor, unit org.UnitID) ([]Hook, error) {
	if err := administers(tx, who, unit); err != nil {
		return nil, err
	}
	return hooks(tx, `ended_at IS NULL AND unit = $1`, string(unit))
}

// HookOf returns one hook for who administers its unit; for anyone else it does not exist.
func HookOf(tx *db.Tx, who org.Actor, id HookID) (h Hook, err error) {
	all, err := hooks(tx, `id = $1`, string(id))
	if err != nil {
		return h, err
	}
	if len(all) == 0 || administers(tx, who, all[0].Unit) != nil {
		return h, fault.NotFound
	}
	return all[0], nil
}

// Letters leave in the unit's name: its administrator sets them up, or the province's.
func administers(tx *db.Tx, who org.Actor, unit org.UnitID) error {
	u, err := org.UnitOf(tx, unit)
	if err != nil {
		return err
	}
	if !org.MayAdminister(who, u) {
		return fault.Refuse(fault.Denied, "Kênh gửi của đơn vị do người quản trị của đơn vị hoặc của tỉnh đặt.")
	}
	return nil
}

// AddHook enters a receiver and makes its secret, which Secret shows to who made it for
// a while. What happened before is not sent to it.
func AddHook(tx *db.Tx, who org.Actor, h Hook) (id HookID, err error) {
	defer fault.Wrap(&err, "add hook of %s", h.Unit)
	if err := administers(tx, who, h.Unit); err != nil {
		return "", err
	}
	if err := h.check(tx); err != nil {
		return "", err
	}
	h.ID = HookID(tx.NewID())
	sealed, err := newSecret(tx, h.ID)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO channel_hook (`+hookColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', NULL, $9, $10, $9, $10, NULL)`,
		string(h.ID), string(h.Unit), h.What, h.Label, h.URL, string(h.Account), strings.Join(h.Kinds, " "), sealed, string(who.Officer), tx.Now)
	return h.ID, err
}

// longest bounds a hook's texts, in bytes.
const longest = 500

// What must be right before a receiver is kept; the address is checked again at each sending, since names
// move.
func (h *Hook) check(tx *db.Tx) error {
	h.Label, h.URL = strings.TrimSpace(h.Label), strings.TrimSpace(h.URL)
	if h.Label == "" || len(h.Label) > longest {
		return fault.Field("label", "Ghi tên ngắn để biết nơi nhận là hệ thống nào.")
	}
	if h.What != Events && h.What != Lines {
		return fault.Field("what", "Chọn gửi sự kiện hay lời nhắn.")
	}
	if err := checkURL(h.URL); err != nil {
		return err
	}
	for _, k := range h.Kinds {
		if len(k) > longest || !kindForm.MatchString(k) {
			return fault.Field("kinds", "Loại %q không đúng dạng, ví dụ petition.answered.", k)
		}
	}
	serving, err := org.Officers(tx, h.Unit)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(serving, func(x org.Held) bool { return x.Officer.ID == h.Account && x.Post.Role != org.Admin }) {
		return fault.Field("account", "Tài khoản nhận phải đang giữ một chức danh (không phải quản trị) tại đơn vị; nơi nhận chỉ được đọc những gì tài khoản ấy được đọc.")
	}
	if mark, found := vntext.SecretMark(h.Label); found {
		return fault.Field("label", "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	_, ok, err := h.reader(tx)
	if err == nil && !ok {
		err = fault.Field("account", "Tài khoản này còn giữ chức danh ở đơn vị khác, nên nơi nhận của đơn vị này sẽ đọc cả việc của đơn vị ấy; hãy chọn tài khoản khác.")
	}
	return err
}

// reader is the account as which the hook reads now. ok is false once it serves
// in another unit, or no more in the hook's: who administers one unit lets nothing of
// another out, and an account that moves does not take the hook along.
func (h *Hook) reader(tx *db.Tx) (who org.Actor, ok bool, err error) {
	who, err = org.ActorOf(tx, h.Account)
	if errors.Is(err, fault.NotFound) {
		return who, false, nil // no longer serves: reads nothing
	}
	elsewhere := slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Unit != h.Unit })
	return who, err == nil && who.In(h.Unit) && !elsewhere, err
}

// checkURL takes https, and http only for an address in numbers, which the guard then
// looks up among the allowed private networks when it sends.
func checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || len(text) > longest || u.Opaque != "":
		return fault.Field("url", "Ghi địa chỉ đầy đủ của nơi nhận, ví dụ https://nhan.tinh.gov.vn/lien-thong.")
	case u.Scheme != "https" && !(u.Scheme == "http" && literal(u.Hostname())):
		return fault.Field("url", "Địa chỉ phải là https; http chỉ dùng với địa chỉ IP trong mạng nội bộ được phép.")
	case u.User != nil:
		return fault.Field("url", "Không ghi tên và mật khẩu trong địa chỉ; nơi nhận kiểm tra chữ ký.")
	case u.Fragment != "":
		return fault.Field("url", "Địa chỉ không có phần sau dấu #.")
	}
	return nil
}

// newSecret makes a secret of Standard Webhooks, sealed for a hook.
func newSecret(tx *db.Tx, id HookID) (sealed string, err error) {
	if !tx.HasBox() {
		return "", noBox()
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return tx.Seal(secretMark+base64.StdEncoding.EncodeToString(raw), hookSeal(string(id)))
}

// secretMark begins a secret of Standard Webhooks.
const secretMark = "whsec_"

// Rotate gives a hook a new secret; the one before signs beside it as long as the setting
// hook.overlap says, so that the receiver can change without losing a message.
func Rotate(tx *db.Tx, who org.Actor, id HookID) (err error) {
	defer fault.Wrap(&err, "rotate the secret of hook %s", id)
	h, err := HookOf(tx, who, id)
	if err != nil {
		return err
	}
	if !h.EndedAt.IsZero() {
		return fault.Refuse(fault.Conflict, "Kênh này đã dừng.")
	}
	overlap, err := setting.SpanOf(tx, "hook.overlap")
	if err != nil {
		return err
	}
	sealed, err := newSecret(tx, id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE channel_hook SET secret = $1, secret_old = $2, old_until = $3, secret_by = $4, secret_at = $5 WHERE id = $6`,
		sealed, h.secret, tx.Now.Add(overlap), string(who.Officer), tx.Now, string(id))
	return err
}

// Secret shows a hook's secret to who made it, as long as the setting hook.show says; ok is
// false for anyone else and afterwards.
func Secret(tx *db.Tx, who org.Actor, id HookID) (secret string, ok bool, err error) {
	h, err := HookOf(tx, who, id)
	if err != nil {
		return "", false, err
	}
	show, err := setting.SpanOf(tx, "hook.show")
	if err != nil || h.SecretBy != who.Officer || !tx.Now.Before(h.SecretAt.Add(show)) || !h.EndedAt.IsZero() {
		return "", false, err
	}
	secret, err = tx.Unseal(h.secret, hookSeal(string(id)))
	return secret, err == nil, err
}

// EndHook stops a receiver: nothing more is sent, what waits is given up, its secrets
// are gone.
func EndHook(tx *db.Tx, who org.Actor, id HookID) (err error) {
	defer fault.Wrap(&err, "end hook %s", id)
	h, err := HookOf(tx, who, id)
	if err != nil {
		return err
	}
	if !h.EndedAt.IsZero() {
		return fault.Refuse(fault.Conflict, "Kênh này đã dừng.")
	}
	if _, err := tx.Exec(`DELETE FROM channel_item WHERE way = $1 AND target = $2`, wayHook, string(id)); err != nil {
		return err
	}
	if err := outbox.WithdrawTo(tx, HookKind, string(id)); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE channel_hook SET ended_at = $1, secret = '', secret_old = '', old_until = NULL WHERE id = $2`, tx.Now, string(id))
	return err
}

// Try sends a trial message to a hook: no case stands in it.
func Try(tx *db.Tx, who org.Actor, id HookID) error {
	h, err := HookOf(tx, who, id)
	if err != nil {
		return err
	}
	if !h.EndedAt.IsZero() {
		return fault.Refuse(fault.Conflict, "Kênh này đã dừng.")
	}
	return put(tx, HookKind, string(id), "", letter{Test: true})
}

// TryMail sends a trial mail to the administrator himself.
func TryMail(tx *db.Tx, who org.Actor) error {
	if err := root(who); err != nil {
		return err
	}
	o, err := org.OfficerOf(tx, who.Officer)
	if err != nil {
		return err
	}
	if o.Email == "" {
		return fault.Refuse(fault.Invalid, "Anh/chị chưa có địa chỉ thư trong danh sách cán bộ.")
	}
	return put(tx, MailKind, string(who.Officer), "", letter{Test: true})
}
