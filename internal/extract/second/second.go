// Package second asks a language model to read a directive beside the grammar: the second
// reader (người đọc thứ hai). Any server that speaks the chat completions of OpenAI can be
// asked; where it stands, which model, how long and how much are settings, its key is
// sealed. It is off until an administrator turns it on.
//
// The answer is distrusted whole: a task whose words do not stand in the text is dropped,
// a body that the text does not name is no lead, a day is what our own grammar reads in
// the words quoted. So the worst a text or a model can do is propose; a person decides.
// A text with a mark of secrecy is refused before a byte leaves.
//
// What becomes of the proposals is directive's, the carrying is extract/propose's.
package second

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/extract"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
	"lienthong/internal/vntext"
)

// A Config says whom to ask and within which bounds.
type Config struct {
	Address string // of the interface, such as https://may.tinh.gov.vn/v1
	Model   string
	Key     string // "" where the server asks for none
	Timeout time.Duration
	Most    int64 // bytes of a text that may leave
}

// Off is what is said where nobody turned the second reader on.
var Off = fault.Refuse(fault.Conflict, "Chưa bật người đọc thứ hai; quản trị của tỉnh bật ở thông số reader.on sau khi đặt địa chỉ và mô hình.")

// Load reads the settings; Off where it is not turned on. The key is not among them.
func Load(tx *db.Tx) (c Config, err error) {
	all, err := setting.Values(tx, "reader.")
	if err != nil {
		return c, err
	}
	if setting.Number(all, "reader.on") != 1 {
		return c, Off
	}
	c = Config{Address: all["reader.address"], Model: all["reader.model"], Timeout: time.Duration(setting.Number(all, "reader.timeout")), Most: setting.Number(all, "reader.most")}
	return c, c.Check()
}

// Check refuses what cannot be asked safely: no address or model, a password in the
// address, a way in the clear to anywhere but a machine of the inner network.
func (c Config) Check() error {
	u, err := url.Parse(c.Address)
	switch {
	case c.Address == "" || err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fault.Refuse(fault.Invalid, "Địa chỉ của người đọc thứ hai (reader.address) phải có dạng https://máy/v1.")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fault.Refuse(fault.Invalid, "Địa chỉ của người đọc thứ hai không được chứa mật khẩu hoặc tham số; khoá đặt riêng và được niêm.")
	case strings.TrimSpace(c.Model) == "":
		return fault.Refuse(fault.Invalid, "Chưa đặt tên mô hình của người đọc thứ hai (reader.model).")
	case u.Scheme == "http" && !inside(u.Hostname()):
		return fault.Refuse(fault.Invalid, "Địa chỉ http chỉ dùng cho máy trong mạng nội bộ ghi bằng số; nơi khác phải là https.")
	}
	return nil
}

// inside tells an address in numbers that no line outside the office carries.
func inside(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && (a.Unmap().IsLoopback() || a.Unmap().IsPrivate()) || host == "localhost"
}

// Host is where the bytes go, as the history names it; never more of the address.
func (c Config) Host() string {
	u, err := url.Parse(c.Address)
	if err != nil {
		return ""
	}
	return u.Host
}

// endpoint is the address that is asked.
func (c Config) endpoint() string {
	const path = "/chat/completions"
	base := strings.TrimRight(c.Address, "/")
	if strings.HasSuffix(base, path) {
		return base
	}
	return base + path
}

// Allowed refuses a text that must not leave: one with a mark of secrecy anywhere, one
// that is empty or too long. It is asked before anything is sent, and again by Ask.
func (c Config) Allowed(text string) error {
	if mark, found := vntext.SecretMark(text); found {
		return fault.Refuse(fault.Denied, "Văn bản có dấu chỉ độ mật “%s”; không gửi ra ngoài chương trình.", mark)
	}
	if vntext.IsBlank(text) {
		return fault.Refuse(fault.Invalid, "Văn bản không có chữ để đọc.")
	}
	if int64(len(text)) > c.Most {
		return fault.Refuse(fault.TooLarge, "Văn bản dài %d byte, quá mức %d byte được gửi cho người đọc thứ hai (reader.most).", len(text), c.Most)
	}
	return nil
}

// An Answer is what is left of the model's answer after it was checked against the text.
type Answer struct {
	Tasks   []extract.Proposal
	Dropped int // proposals whose words do not stand in the text, or that say nothing
	Sent    int // bytes that left
	Got     int // bytes that came back
}
