package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"lienthong/internal/outbox"
)

// answerMost bounds what is read of a receiver's answer, in bytes: it is not looked at.
const answerMost = 16 << 10

// inner are networks that are nobody's outside: a hook reaches them only where the setting
// hook.private names them. What netip itself knows (loopback, private, link-local,
// multicast) is asked there.
var inner = prefixes("0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 " +
	"::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fec0::/10")

// Networks written in the code; a wrong one is a mistake of ours.
func prefixes(list string) (all []netip.Prefix) {
	for _, s := range strings.Fields(list) {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

// literal says whether a host is an address in numbers.
func literal(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// A guard lets connections out only to addresses of the open network and to the private
// networks that the office allows. It looks at the address that is really dialled, after
// names were looked up, so that a name that changes its mind does not get through.
type guard struct{ allowed []netip.Prefix }

// The networks a province allows beside the public ones; a word that is none stops the sending, since
// ignoring it would open or close something unseen.
func newGuard(allowed string) (g guard, err error) {
	for _, s := range strings.Fields(allowed) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return g, fmt.Errorf("setting hook.private: %q is no network", s)
		}
		g.allowed = append(g.allowed, p.Masked())
	}
	return g, nil
}

var errInner = errors.New("địa chỉ thuộc mạng nội bộ, không được phép gửi đến (thông số hook.private)")

// takes says whether an address may be dialled.
func (g guard) takes(a netip.Addr) error {
	a = a.Unmap()
	for _, p := range g.allowed {
		if p.Contains(a.WithZone("")) {
			return nil
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return errInner
	}
	for _, p := range inner {
		if p.Contains(a) {
			return errInner
		}
	}
	return nil
}

// control runs between the look-up of a name and the connection.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errInner
	}
	return g.takes(at.Addr())
}

// client sends to receivers: through no proxy, following no redirect, with one time for
// everything.
func (g guard) client(timeout time.Duration, roots func(*http.Transport)) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: g.control}
	t := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout,
		DisableKeepAlives: true, MaxResponseHeaderBytes: answerMost, ForceAttemptHTTP2: true}
	if roots != nil {
		roots(t)
	}
	return &http.Client{Transport: t, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// post sends one signed body. 410 ends the tries at once, any other refusal is tried
// again: a receiver that is set up wrongly is mended. No error holds the address, whose
// query may be a secret of the receiver.
func post(ctx context.Context, client *http.Client, to string, body []byte, head http.Header) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(string(body)))
	if err != nil {
		return fmt.Errorf("địa chỉ không đọc được: %w", outbox.Refused)
	}
	req.Header = head
	if req.URL.Scheme == "http" && !literal(req.URL.Hostname()) {
		return fmt.Errorf("địa chỉ phải là https: %w", outbox.Refused)
	}
	res, err := client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerMost)) // what it says is not looked at
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode == http.StatusGone:
		return fmt.Errorf("nơi nhận trả lời 410: %w", outbox.Refused)
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return fmt.Errorf("nơi nhận chuyển hướng (%d), không đi theo", res.StatusCode)
	}
	return fmt.Errorf("nơi nhận trả lời %d", res.StatusCode)
}
