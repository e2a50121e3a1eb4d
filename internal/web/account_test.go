package web

import (
	"bufio"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/signin"
)

func (a answer) all(tag string) (texts []string) {
	each(a.root, func(n *html.Node) bool {
		if n.Data == tag && n.FirstChild != nil {
			texts = append(texts, n.FirstChild.Data)
		}
		return false
	})
	return texts
}

// shownSecret is a secret as the page writes it for typing by hand.
var shownSecret = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){3,}`)

func TestAnAdministratorSetsUpASecondFactor(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.browser()
		in := s.post(c, "/signin", "name", string(lttest.UnitAdmin), "password", word, "next", "/profile")
		if to := in.Header.Get("Location"); to != "/second?next=%2Fprofile" {
			t.Fatalf("an administrator is sent to %s", to)
		}
		if a := s.get(c, "/profile"); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/second") {
			t.Fatalf("nothing may open before: %d %s", a.StatusCode, a.Header.Get("Location"))
		}
		s.post(c, "/second/offer", "key", s.get(c, "/second").value("key")).want(t, 303)
		page := s.get(c, "/second")
		page.want(t, 200, "Quét mã vuông")
		qr := s.get(c, "/second/qr.png")
		if qr.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(qr.text, "\x89PNG") {
			t.Errorf("the picture is %s", qr.Header.Get("Content-Type"))
		}
		s.post(c, "/second", "key", page.value("key"), "code", "000000").want(t, 422, "Mã không khớp")
		secret := signin.Secret(strings.ReplaceAll(shownSecret.FindString(page.text), " ", ""))
		code := func() string {
			v, err := totp.GenerateCode(secret.Reveal(), s.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		confirmed := s.post(c, "/second", "key", page.value("key"), "code", code())
		confirmed.want(t, 200, "Mã dự phòng")
		if n := len(confirmed.all("li")); n != 10 {
			t.Errorf("%d recovery codes, want 10", n)
		}
		s.get(c, "/profile").want(t, 200, "Tài khoản của tôi")

		// a screen left open: what is in force is not replaced without proof
		s.post(c, "/second/offer", "key", db.NewSecret()).want(t, 422, "Mật khẩu hoặc mã không đúng")
		s.post(c, "/second/offer", "key", db.NewSecret(), "proof", "đoán bừa vậy").want(t, 422, "Mật khẩu hoặc mã không đúng")
		s.get(c, "/second").want(t, 200, "Mật khẩu hiện tại, hoặc mã xác thực đang dùng")
		if a := s.get(c, "/second/qr.png"); a.StatusCode != 404 {
			t.Errorf("a secret is drawn without proof: %d", a.StatusCode)
		}
		s.post(c, "/second/offer", "key", db.NewSecret(), "proof", word).want(t, 303)
		s.get(c, "/second").want(t, 200, "Quét mã vuông")
		other := s.browser()
		s.post(other, "/signin", "name", string(lttest.UnitAdmin), "password", word)
		s.get(other, "/second/qr.png").want(t, 303) // half open: only the code is asked
		s.post(c, "/admin/units/"+string(lttest.Department)+"/accounts/drop-second", "key", db.NewSecret(), "id", string(lttest.UnitAdmin)).want(t, 403)
		s.post(c, "/admin/units/"+string(lttest.Department)+"/accounts/reset", "key", db.NewSecret(), "id", string(lttest.UnitAdmin), "password", "mot cau rat dai va la").want(t, 403)

		s.clock.Add(time.Minute)
		c = s.browser()
		in = s.post(c, "/signin", "name", string(lttest.UnitAdmin), "password", word, "next", "/profile")
		if to := in.Header.Get("Location"); to != "/signin/code?next=%2Fprofile" {
			t.Fatalf("sent to %s", to)
		}
		s.get(c, "/profile").want(t, 303)
		s.get(c, "/signin/code?next=%2Fprofile").want(t, 200, "Mã xác thực")
		s.post(c, "/signin/code", "code", "123", "next", "/profile").want(t, 422, "không đúng")
		last := s.post(c, "/signin/code", "code", code(), "next", "/profile")
		last.want(t, 303)
		s.get(c, "/profile").want(t, 200)
	})
}

func TestProfile(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c, other := s.as(lttest.OfficerA), s.as(lttest.OfficerA)
		page := s.get(c, "/profile")
		page.want(t, 200, "Đang đăng nhập ở", "trình duyệt này", "Kết thúc phiên này")
		s.post(c, "/post", "key", page.value("key"), "post", "không phải của mình").want(t, 403)
		s.post(c, "/profile/everywhere", "key", db.NewSecret()).want(t, 303)
		s.get(other, "/thu").want(t, 303)
		s.get(c, "/thu").want(t, 200)
		var post string
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			return tx.One(`SELECT id FROM post WHERE officer = $1`, []any{string(lttest.OfficerA)}, &post)
		})
		s.post(c, "/post", "key", db.NewSecret(), "post", post).want(t, 303)
		s.get(c, "/profile").want(t, 200, "Từ giờ anh/chị làm việc với chức danh", "(đang chọn)")
		s.post(c, "/password", "old", word, "new", "một câu khác hẳn", "repeat", "một câu khác").want(t, 422, "không giống nhau")
		s.post(c, "/password", "old", "không phải mật khẩu", "new", "một câu khác hẳn", "repeat", "một câu khác hẳn").want(t, 422, "không đúng")
		s.post(c, "/password", "old", word, "new", "1234567890", "repeat", "1234567890").want(t, 422, "dãy liền nhau")
		s.post(c, "/password", "old", word, "new", "một câu khác hẳn", "repeat", "một câu khác hẳn").want(t, 303)
		s.get(c, "/profile").want(t, 200, "Đã đổi mật khẩu.", "Nhật ký đăng nhập", "Đăng xuất mọi nơi", "Sai mật khẩu")
		if strings.Contains(s.log.String(), "một câu khác") {
			t.Error("a new password is in the log")
		}
	})
}

func TestTrialAccountsStandAtTheDoor(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	if strings.Contains(s.get(s.browser(), "/signin").text, "Tài khoản dùng thử") {
		t.Error("an office shows accounts to try")
	}
	s.Trial = &Trial{Password: word, Accounts: []TrialAccount{{"a.b", "Nguyễn Thử", "Giám đốc", "Sở Thử"}, {"c.d", "Trần Thử", "Văn thư", "Xã Thử"}}}
	s.get(s.browser(), "/signin").want(t, 200, "Tài khoản dùng thử", "Giám đốc, Sở Thử", word)
	found := s.get(s.browser(), "/signin?tim=van+thu")
	found.want(t, 200, "Văn thư, Xã Thử")
	if strings.Contains(found.text, "Giám đốc") {
		t.Error("the search finds all")
	}
	if got := s.get(s.browser(), "/signin?name=a.b").value("name"); got != "a.b" {
		t.Errorf("name %q, want the one chosen", got)
	}
}

func TestPolicyReports(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	req := s.form("/csp-report")
	req.Header.Set("Content-Type", "application/csp-report")
	req.Body = http.NoBody
	s.do(s.browser(), req).want(t, 422)
	report := `{"csp-report":{"effective-directive":"img-src","blocked-uri":"https://x.example/a.png?secret=1","document-uri":"https://h/cases/1?q=kín"}}`
	req, err := http.NewRequest(http.MethodPost, s.url+"/csp-report", strings.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	s.do(s.browser(), req).want(t, 204)
	if got := s.Reports(); len(got) != 1 || got[0] != (Report{"img-src", "https://x.example/a.png", "https://h/cases/1"}) {
		t.Errorf("reports = %+v", got)
	}
}

func TestLive(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.as(lttest.OfficerA)
		req, err := http.NewRequest(http.MethodGet, s.url+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := make(chan string, 100)
		go func() {
			defer close(lines)
			for in := bufio.NewScanner(res.Body); in.Scan(); {
				lines <- in.Text()
			}
		}()
		waitFor := func(want string) {
			t.Helper()
			end := time.After(5 * time.Second)
			for {
				select {
				case l, ok := <-lines:
					if l == want {
						return
					}
					if !ok {
						t.Fatalf("the stream ended before %q", want)
					}
				case <-end:
					t.Fatalf("no %q", want)
				}
			}
		}
		waitFor("retry: 5000")
		s.post(c, "/thu", "key", db.NewSecret(), "title", "a", "text", "b").want(t, 303)
		waitFor("event: changed")
		// the stream ends with the session
		s.post(c, "/signout").want(t, 303)
		lttest.Update(t, s.DB, func(tx *db.Tx) error { tx.Touch(string(lttest.Department)); return nil })
		closed := time.After(5 * time.Second) // far before the heartbeat would end it
		for more := true; more; {
			select {
			case _, more = <-lines:
			case <-closed:
				t.Fatal("the stream outlives the session")
			}
		}
		deadline := time.Now().Add(3 * time.Second)
		for s.Hub.Open() > 0 && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
		if n := s.Hub.Open(); n != 0 {
			t.Errorf("%d streams still open", n)
		}
	})
}
