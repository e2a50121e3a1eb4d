package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"lienthong/internal/signin"
)

// Behind a proxy on the same machine every connection is this machine's; who is limited,
// and who may read the figures, is the sender whom the frame found.
func TestBehindAProxyOfThisMachine(t *testing.T) {
	f := one(t)
	rules := f.door.Rules()
	rules.AddressRate = 1
	f.door.SetRules(rules)
	get := func(path, sender string) int {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "127.0.0.1:4711"
		if sender != "" {
			r = r.WithContext(signin.From(r.Context(), netip.MustParseAddr(sender)))
		}
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		return w.Code
	}
	if got := get("/metrics", "203.0.113.9"); got != http.StatusUnauthorized {
		t.Errorf("a stranger reads the figures through the proxy: %d", got)
	}
	if got := get("/metrics", ""); got != http.StatusOK {
		t.Errorf("this machine's own watcher: %d", got)
	}
	for range 10 {
		get("/api/v1/me", "203.0.113.1")
	}
	if a, b := get("/api/v1/me", "203.0.113.1"), get("/api/v1/me", "203.0.113.2"); a != http.StatusTooManyRequests || b != http.StatusUnauthorized {
		t.Errorf("the hasty sender gets %d and another %d, want 429 and 401", a, b)
	}
}
