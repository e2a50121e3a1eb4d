package signin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

const good = Secret("đường về làng Hạ")

// door opens a store with two officers of an invented unit: "an" works, "quan" administers.
func door(t *testing.T, d *db.DB) *Keeper {
	t.Helper()
	ctx := context.Background()
	k, err := New(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	phc, err := k.Hasher.Hash(ctx, good)
	if err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO unit (id, owner, name, short, abbr, place, kind, level, requested, invented, region, former, source,
			area_km2, population, lat, lon, ordinal, since, folded)
			VALUES ('so-thu', 'so-thu', 'Sở Thử', 'Sở Thử', '', '', 'so', 'tinh', FALSE, TRUE, '', '', '', 0, 0, 0, 0, 1, '2020-01-01', 'so thu')`); err != nil {
			return err
		}
		for i, id := range []string{"an", "quan"} {
			role := []org.Role{org.Specialist, org.Admin}[i]
			if _, err := tx.Exec(`INSERT INTO officer (id, name, folded, email, phone, active, invented) VALUES ($1, $2, $1, '', '', TRUE, TRUE)`,
				id, "Nguyễn Văn "+id); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO post (id, officer, unit, role, title, deputy, acting, since) VALUES ($1, $1, 'so-thu', $2, $3, FALSE, FALSE, '2020-01-01')`,
				id, string(role), "Chức danh "+id); err != nil {
				return err
			}
			if err := Open(tx, org.OfficerID(id), id+".so-thu", phc, false); err != nil {
				return err
			}
		}
		return nil
	})
	return k
}

func from(address string) netip.Addr { return netip.MustParseAddr(address) }

func try(k *Keeper, login string, p, device Secret, address string) (Entry, error) {
	return k.SignIn(context.Background(), Try{Login: login, Password: p, Device: device, Address: from(address), Agent: "thử"})
}

func mustEnter(t *testing.T, k *Keeper, login string, device Secret, address string) Entry {
	t.Helper()
	e, err := try(k, login, good, device, address)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestDelayGrowsByAccount(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		k := door(t, d)
		home := mustEnter(t, k, "An.So-Thu", "", "10.0.0.1") // names are taken in any case
		var last time.Duration
		for i := range 12 {
			_, err := try(k, "an.so-thu", "sai mật khẩu rồi", "", fmt.Sprintf("192.0.2.%d", i+1))
			var wait *Later
			if errors.As(err, &wait) {
				if wait.After < last {
					t.Errorf("try %d waits %s, less than before (%s)", i, wait.After, last)
				}
				last = wait.After
				clock.Add(wait.After)
				continue
			}
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		if last < 2*k.Rules().FirstWait {
			t.Errorf("the longest wait was %s", last)
		}
		clock.Add(k.Rules().LongestWait)
		_, err := try(k, "an.so-thu", "sai mật khẩu rồi", "", "192.0.2.99")
		if !errors.Is(err, fault.Invalid) {
			t.Fatalf("after the wait one try is free: %v", err)
		}
		if _, err := try(k, "an.so-thu", good, "", "192.0.2.100"); !errors.Is(err, fault.TooMany) {
			t.Errorf("the right word too early from a strange browser = %v, want too many", err)
		}
		if e, err := try(k, "an.so-thu", good, home.Device, "10.0.0.1"); err != nil || e.Stage != Full {
			t.Errorf("the known device is kept out: %v", err)
		}
		if _, err := try(k, "quan.so-thu", good, home.Device, "10.0.0.2"); err != nil {
			t.Errorf("another account is kept out: %v", err)
		}
	})
}

func TestDelayGrowsByAddress(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		k := door(t, d)
		r := k.Rules()
		r.AddressFree = 4
		k.SetRules(r)
		for i := range 5 { // many accounts, one sender, one IPv6 network
			if _, err := try(k, fmt.Sprintf("ai-do-%d", i), "sai mật khẩu", "", fmt.Sprintf("2001:db8::%d", i+1)); !errors.Is(err, fault.Invalid) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		if _, err := try(k, "an.so-thu", good, "", "2001:db8::ff"); !errors.Is(err, fault.TooMany) {
			t.Errorf("the same network = %v, want too many", err)
		}
		if _, err := try(k, "an.so-thu", good, "", "2001:db8:1::1"); err != nil {
			t.Errorf("another network: %v", err)
		}
		clock.Add(r.FirstWait)
		if _, err := try(k, "an.so-thu", good, "", "2001:db8::ff"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
		// a success does not wash the address clean
		if _, err := try(k, "ai-do-9", "sai mật khẩu", "", "2001:db8::1"); !errors.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		if _, err := try(k, "ai-do-9", "sai mật khẩu", "", "2001:db8::1"); !errors.Is(err, fault.TooMany) {
			t.Errorf("after a success in between = %v, want too many", err)
		}
	})
}

func TestManyGuessesAtOnceGainNothing(t *testing.T) {
	d, _ := lttest.Postgres(t)
	k := door(t, d)
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for i := range 30 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := try(k, "an.so-thu", Secret(fmt.Sprintf("đoán lần thứ %d", i)), "", fmt.Sprintf("198.51.100.%d", i+1))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, fault.Invalid) {
				looked++
			}
		}()
	}
	wg.Wait()
	if want := k.Rules().AccountFree + 1; looked != want {
		t.Errorf("%d of 30 guesses at once were looked at, want %d", looked, want)
	}
}

func TestSessionEnds(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		e := mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
		s, err := k.Session(ctx, e.Session)
		if err != nil || s.Officer != "an" || s.Stage != Full {
			t.Fatalf("Session = %+v, %v", s, err)
		}
		for range 5 { // used now and then it lives on
			clock.Add(k.Rules().Idle - time.Minute)
			if clock.Now().After(s.EndsAt) {
				break
			}
			if s, err = k.Session(ctx, e.Session); err != nil {
				t.Fatalf("a used session: %v", err)
			}
			k.Touch(s, clock.Now())
			if err := k.Flush(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := k.Session(ctx, e.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("beyond the absolute limit = %v, want signed out", err)
		}
		idle := mustEnter(t, k, "an.so-thu", e.Device, "10.0.0.1")
		clock.Add(k.Rules().Idle)
		if _, err := k.Session(ctx, idle.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("idle = %v, want signed out", err)
		}
		for _, wrong := range []Secret{"", "x", Secret(db.NewSecret())} {
			if _, err := k.Session(ctx, wrong); !errors.Is(err, fault.SignedOut) {
				t.Errorf("a secret of nobody = %v", err)
			}
		}
	})
}

func TestSignOutEverywhere(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		here, there := mustEnter(t, k, "an.so-thu", "", "10.0.0.1"), mustEnter(t, k, "an.so-thu", "", "10.0.0.2")
		for _, e := range []Entry{here, there} { // both are kept in memory
			if _, err := k.Session(ctx, e.Session); err != nil {
				t.Fatal(err)
			}
		}
		s, err := k.Session(ctx, here.Session)
		if err != nil {
			t.Fatal(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return k.EndAll(tx, "an", s) })
		if _, err := k.Session(ctx, there.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("the other browser = %v, want signed out at once", err)
		}
		if _, err := k.Session(ctx, here.Session); err != nil {
			t.Errorf("this browser: %v", err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			devices, err := Devices(tx, "an")
			if len(devices) != 1 {
				t.Errorf("%d devices are still known, want this one", len(devices))
			}
			return err
		})
	})
}

func TestSessionIsNotReadTwice(t *testing.T) {
	d, clock := lttest.SQLite(t)
	k := door(t, d)
	ctx := context.Background()
	e := mustEnter(t, k, "an.so-thu", "", "10.0.0.1")
	reads := 0
	d.BeforeStatement = func(_ *db.Tx, query string) {
		if strings.Contains(query, "FROM session") {
			reads++
		}
	}
	for range 10 {
		if _, err := k.Session(ctx, e.Session); err != nil {
			t.Fatal(err)
		}
	}
	clock.Add(kept)
	if _, err := k.Session(ctx, e.Session); err != nil || reads != 2 {
		t.Errorf("%d reads, %v; want one now and one after %s", reads, err, kept)
	}
}

func TestSecondFactor(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		e := mustEnter(t, k, "quan.so-thu", "", "10.0.0.1")
		if e.Stage != Enrol {
			t.Fatalf("an administrator without a second factor enters as %s", e.Stage)
		}
		s, err := k.Session(ctx, e.Session)
		if err != nil {
			t.Fatal(err)
		}
		var secret, next Secret
		var codes []Secret
		lttest.Update(t, d, func(tx *db.Tx) (err error) { secret, err = k.Offer(tx, s); return err })
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			next, codes, err = k.Confirm(tx, s, Secret(codeAt(t, secret, clock.Now())))
			return err
		})
		if _, err := k.Session(ctx, e.Session); !errors.Is(err, fault.SignedOut) {
			t.Errorf("the session before the second factor still opens: %v", err)
		}
		if s, err := k.Session(ctx, next); err != nil || s.Stage != Full || len(codes) != recoveryCodes {
			t.Fatalf("after enrolment: %s, %v", s.Stage, err)
		}
		again := func(code Secret) (e2 Entry, refused error) {
			t.Helper()
			half := mustEnter(t, k, "quan.so-thu", "", "10.0.0.1")
			if half.Stage != Code {
				t.Fatalf("stage %s, want code", half.Stage)
			}
			s, err := k.Session(ctx, half.Session)
			if err != nil {
				t.Fatal(err)
			}
			err = d.Update(ctx, func(tx *db.Tx) (err error) { e2, refused, err = k.Second(tx, s, code); return err })
			return e2, errors.Join(refused, err)
		}
		used := Secret(codeAt(t, secret, clock.Now()))
		if _, err := again(used); !errors.Is(err, fault.Invalid) {
			t.Errorf("a code used before = %v, want refused", err)
		}
		clock.Add(time.Minute)
		if e, err := again(Secret(codeAt(t, secret, clock.Now()))); err != nil || e.Stage != Full {
			t.Errorf("a fresh code: %v", err)
		}
		if e, err := again(Secret(strings.ToLower(codes[0].Reveal()))); err != nil || e.Stage != Full {
			t.Errorf("a recovery code: %v", err)
		}
		if _, err := again(codes[0]); !errors.Is(err, fault.Invalid) {
			t.Errorf("a recovery code twice = %v, want refused", err)
		}
		for range 10 {
			_, err = again("000000")
		}
		if !errors.Is(err, fault.TooMany) {
			t.Errorf("guessing codes = %v, want too many", err)
		}
	})
}

func codeAt(t *testing.T, secret Secret, at time.Time) string {
	t.Helper()
	c, err := totpCode(secret.Reveal(), at.Unix()/totpPeriod)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChangePassword(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		e, other := mustEnter(t, k, "an.so-thu", "", "10.0.0.1"), mustEnter(t, k, "an.so-thu", "", "10.0.0.2")
		s, err := k.Session(ctx, e.Session)
		if err != nil {
			t.Fatal(err)
		}
		fresh := Secret("một câu khác hẳn")
		if _, err := k.ChangePassword(ctx, s, "không phải", fresh); !errors.Is(err, fault.Invalid) {
			t.Errorf("wrong old password = %v", err)
		}
		next, err := k.ChangePassword(ctx, s, good, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Session(ctx, next); err != nil {
			t.Errorf("the new session: %v", err)
		}
		for _, old := range []Secret{e.Session, other.Session} {
			if _, err := k.Session(ctx, old); !errors.Is(err, fault.SignedOut) {
				t.Errorf("an old session = %v, want signed out", err)
			}
		}
		if _, err := try(k, "an.so-thu", good, "", "10.0.0.9"); !errors.Is(err, fault.Invalid) {
			t.Errorf("the old password = %v", err)
		}
		decomposed := Secret("mo\u0323\u0302t câu khác hẳn") // ộ typed as o + dot below + circumflex
		if _, err := try(k, "an.so-thu", decomposed, "", "10.0.0.9"); err != nil {
			t.Errorf("the same password typed on another system: %v", err)
		}
	})
}

func TestCheckPassword(t *testing.T) {
	d, _ := lttest.SQLite(t)
	r := door(t, d).Rules()
	for p, want := range map[Secret]string{
		"":                      "ít nhất",
		"ngắn quá":              "ít nhất",
		"matkhau123":            "thường gặp",
		"MẬT KHẨU 2026":         "thường gặp",
		"1234567890":            "liền nhau",
		"9876543210":            "liền nhau",
		"0912345679":            "chữ số",
		"aaaaaaaaaaaa":          "lặp lại",
		"nguyenvanan2026":       "họ tên",
		"an.so-thu-x":           "tên đăng nhập",
		" có dấu cách đầu":      "dấu cách",
		"chiều nay mưa to":      "",
		"Tr0ng-vườn-có-4-cây":   "",
		"mật ong rừng Xuân Sơn": "",
	} {
		err := r.CheckPassword("an.so-thu", "Nguyễn Văn An", p)
		if want == "" && err != nil {
			t.Errorf("%q = %v, want taken", p.Reveal(), err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q = %v, want %q", p.Reveal(), err, want)
		}
	}
}

func TestTokens(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		ctx := context.Background()
		k := door(t, d)
		var secret Secret
		var id string
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			secret, id, err = k.NewToken(tx, "system:cli", "an", "đồng bộ", clock.Now().Add(time.Hour), 2)
			return err
		})
		tok, err := k.Token(ctx, secret)
		if err != nil || tok.Officer != "an" {
			t.Fatalf("Token = %+v, %v", tok, err)
		}
		taken := 0
		for range 100 {
			if err = k.Allow(tok, clock.Now()); err != nil {
				break
			}
			taken++
		}
		var wait *Later
		if !errors.As(err, &wait) || wait.After < time.Second || taken != 2*burstSeconds {
			t.Errorf("%d taken, then %v; want %d, then a wait", taken, err, 2*burstSeconds)
		}
		if err := k.Allow(tok, clock.Now().Add(wait.After)); err != nil {
			t.Errorf("after the wait: %v", err)
		}
		var stored string
		lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT hash FROM token WHERE id = $1`, []any{id}, &stored) })
		if strings.Contains(stored, secret.Reveal()) || strings.Contains(secret.Reveal(), stored) {
			t.Error("the table holds the secret itself")
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return k.Revoke(tx, id) })
		if _, err := k.Token(ctx, secret); !errors.Is(err, fault.SignedOut) {
			t.Errorf("revoked = %v, want signed out at once", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			secret, _, err = k.NewToken(tx, "system:cli", "an", "ngắn", clock.Now().Add(time.Minute), 0)
			return err
		})
		clock.Add(time.Minute)
		if _, err := k.Token(ctx, secret); !errors.Is(err, fault.SignedOut) {
			t.Errorf("over = %v, want signed out", err)
		}
	})
}

func TestSettings(t *testing.T) {
	d, _ := lttest.SQLite(t)
	set := func(name, value string) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, 'thử', $3)`, name, value, tx.Now)
			return err
		})
	}
	set("signin.idle", "30m")
	set("limit.token", "7")
	set("signin.admins_second", "false")
	k, err := New(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if r := k.Rules(); r.Idle != 30*time.Minute || r.TokenRate != 7 || r.AdminsSecond {
		t.Errorf("rules = %+v", r)
	}
	set("signin.absolute", "một ngày")
	if _, err := New(context.Background(), d); err == nil {
		t.Error("a setting nobody can read is passed over")
	}
}

// Only two hashes run at once, and who waits too long is told so.
func TestHasherIsBounded(t *testing.T) {
	h := NewHasher()
	for range hashesAtOnce {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := h.Hash(ctx, good); !errors.Is(err, fault.Busy) {
		t.Errorf("with all places taken = %v, want busy", err)
	}
	h.waiting.Store(hashQueue)
	if _, err := h.Matches(context.Background(), "", good); !errors.Is(err, fault.Busy) {
		t.Errorf("with a full queue = %v, want busy at once", err)
	}
}

func TestSecretsNeverReachTheLog(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(Redacted(slog.NewJSONHandler(&out, nil)))
	raw := db.NewSecret()
	token := "lt_" + db.NewSecret()
	log.With("cookie", raw).WithGroup("g").Info("tìm "+token, "password", "abc-xyz", "err", fmt.Errorf("with %s", raw),
		"try", Try{Password: "abc-xyz"}, slog.Group("in", "Authorization", "Bearer abc-xyz"), "db", "postgres://u:abc-xyz@h/d", "secret", Secret("abc-xyz"))
	text := out.String() + fmt.Sprintf("%v %+v %#v %s %q", Secret("abc-xyz"), Try{Password: "abc-xyz"}, Secret("abc-xyz"), Secret("abc-xyz"), Secret("abc-xyz"))
	j, err := json.Marshal(Try{Password: "abc-xyz"})
	if err != nil {
		t.Fatal(err)
	}
	text += string(j)
	for _, s := range []string{raw, token, "abc-xyz"} {
		if strings.Contains(text, s) {
			t.Errorf("a secret came out: %s", text)
		}
	}
}
