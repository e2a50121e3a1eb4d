package web

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/signin"
)

// The eight posts of the journey, in a commune and a department on the full path.
const (
	journeyCommune    = "07942"
	journeyDepartment = "so-tu-phap"
	journeyField      = "tu-phap.03"
)

// A province site is the web face over the real Phú Thọ with its invented staff.
type provinceSite struct {
	*site
	office province.Office
	people map[string]org.OfficerID

	blind   bool               // pages are walked, not looked at
	windows map[string]*window // of the browser journey
}

func newProvinceSite(t *testing.T, d *db.DB, clock *lttest.Clock) *provinceSite {
	t.Helper()
	o := province.Open(t, d)
	s := &provinceSite{site: bareSite(t, d, clock), office: o, people: map[string]org.OfficerID{}, windows: map[string]*window{}}
	lttest.View(t, d, func(tx *db.Tx) error {
		for name, who := range map[string]struct {
			unit    org.UnitID
			role    org.Role
			section org.UnitID
		}{
			"xa":         {journeyCommune, org.Specialist, ""},
			"xa-head":    {journeyCommune, org.Head, "same"},
			"xa-leader":  {journeyCommune, org.Leader, ""},
			"xa-clerk":   {journeyCommune, org.Clerk, ""},
			"clerk":      {journeyDepartment, org.Clerk, ""},
			"leader":     {journeyDepartment, org.Leader, ""},
			"head":       {journeyDepartment, org.Head, ""},
			"specialist": {journeyDepartment, org.Specialist, ""},
			"overseer":   {"so-noi-vu", org.Leader, ""},
		} {
			held, err := org.Holders(tx, who.unit, who.role)
			if err != nil {
				return err
			}
			pick := held[0]
			if name == "xa-head" || name == "head" {
				others, err := org.Holders(tx, who.unit, org.Specialist)
				if err != nil {
					return err
				}
				for _, h := range held {
					if h.Post.Section == others[0].Post.Section {
						pick = h
					}
				}
			}
			s.people[name] = pick.Officer.ID
		}
		return nil
	})
	s.open1(s.people)
	return s
}

// open1 gives everybody of the journey an account.
func (s *provinceSite) open1(people map[string]org.OfficerID) {
	s.t.Helper()
	phc, err := s.Keeper.Hasher.Hash(s.t.Context(), word)
	if err != nil {
		s.t.Fatal(err)
	}
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		for _, o := range people {
			if err := signin.Open(tx, o, string(o), phc, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// A visit is one officer in one browser with the page he looks at.
type visit struct {
	s *provinceSite
	c *http.Client
	answer
	path string
}

func (s *provinceSite) visit(name string) *visit { return &visit{s: s, c: s.as(s.people[name])} }

// open goes to a page and wants it to be there.
func (v *visit) open(path string) *visit {
	v.s.t.Helper()
	v.path, v.answer = path, v.s.get(v.c, path)
	if v.StatusCode != http.StatusOK {
		v.s.t.Fatalf("GET %s: %d\n%s", path, v.StatusCode, v.words())
	}
	return v
}

// send fills in the form with an action on this page and sends it; hidden fields go as
// they stand. It returns the answer.
func (v *visit) send(action string, pairs ...string) answer {
	v.s.t.Helper()
	f := find(v.root, func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(attr(n, "action"), action) && attr(n, "method") == "post"
	})
	if f == nil {
		v.s.t.Fatalf("no form %s on %s\n%s", action, v.path, v.words())
	}
	var all []string
	given := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		given[pairs[i]] = true
	}
	walk(f, func(n *html.Node) {
		name, kind := attr(n, "name"), attr(n, "type")
		if n.Data != "input" || name == "" || given[name] {
			return
		}
		if kind == "hidden" || kind == "radio" && has(n, "checked") {
			all = append(all, name, attr(n, "value"))
		}
	})
	return v.s.post(v.c, attr(f, "action"), append(all, pairs...)...)
}

// must is send that wants the act to be done; it follows to where it leads.
func (v *visit) must(action string, pairs ...string) *visit {
	v.s.t.Helper()
	a := v.send(action, pairs...)
	if a.StatusCode != http.StatusSeeOther {
		v.s.t.Fatalf("%s: %d\n%s", action, a.StatusCode, words(a.root))
	}
	return v.open(a.Header.Get("Location"))
}

// wants fails when the page lacks a word.
func (v *visit) wants(all ...string) *visit {
	v.s.t.Helper()
	text := v.words()
	for _, w := range all {
		if !strings.Contains(text, w) {
			v.s.t.Errorf("%s lacks %q:\n%s", v.path, w, text)
		}
	}
	return v
}

// lacks fails when the page has a word.
func (v *visit) lacks(all ...string) *visit {
	v.s.t.Helper()
	for _, w := range all {
		if strings.Contains(v.words(), w) {
			v.s.t.Errorf("%s has %q", v.path, w)
		}
	}
	return v
}

func (v *visit) words() string { return words(v.root) }

func words(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "option" && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

func walk(n *html.Node, fn func(*html.Node)) {
	fn(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, fn)
	}
}

func find(n *html.Node, ok func(*html.Node) bool) (found *html.Node) {
	walk(n, func(n *html.Node) {
		if found == nil && n.Type == html.ElementNode && ok(n) {
			found = n
		}
	})
	return found
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func eachProvince(t *testing.T, fn func(t *testing.T, s *provinceSite)) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) { fn(t, newProvinceSite(t, d, clock)) })
}

// raised goes with a petition through the commune to its release and returns the path
// of its case.
func (s *provinceSite) raised() string {
	xa := s.visit("xa").open("/petitions/new").wants("Khiếu nại, tố cáo của công dân không gửi ở đây")
	xa.must("/petitions", "title", "Chưa thực hiện được chứng thực bản sao điện tử", "field", journeyField,
		"text", "Cán bộ một cửa đăng nhập được nhưng không có chức năng ký số bản sao.", "tried", "Xã đã gọi tổng đài ba lần.", "nosecret", "1")
	paper := xa.path
	xa.wants("chờ trưởng phòng xem", "Rút dự thảo đã trình")
	s.visit("xa-head").open("/").wants("Chờ xem, cho ý kiến", "Văn bản kiến nghị").open(paper).must("/review", "comment", "Đồng ý")
	s.visit("xa-leader").open("/").wants("Chờ ký").open(paper).wants("TM. – thay mặt tập thể", "Không ký được").must("/sign")
	return s.visit("xa-clerk").open("/").wants("Chờ phát hành").open(paper).wants("dự kiến").must("/release", "nosecret", "1").
		wants("cần trả lời", "Diễn biến").path
}

// down goes with a petition to the specialist's desk.
func (s *provinceSite) down(at string) {
	s.visit("clerk").open("/").wants("Chờ vào sổ đến").open(at).wants("chờ anh/chị vào sổ đến").must("/register").wants("Số đến 1")
	s.visit("leader").open("/").wants("Chờ phân công").open(at).wants("chờ anh/chị phân công").open(at+"/direct").
		wants("trưởng phòng phân công tiếp").must("/direct", "to", "s:"+string(s.section("head")), "instruction", "Phòng tham mưu trả lời ngay.").wants("Đã phân công cho")
	s.visit("head").open("/").open(at).wants("chờ anh/chị phân công").open(at+"/direct").
		must("/direct", "to", "o:"+string(s.people["specialist"])+"|"+string(s.section("head")), "instruction", "Soạn trả lời.", "inner_on", "2026-02-12")
}

func (s *provinceSite) section(name string) (section org.UnitID) {
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		who, err := org.ActorOf(tx, s.people[name])
		section = who.Posts[0].Section
		return err
	})
	return section
}

// The journey through eight posts: raised, entered, directed, drafted, sent back, signed,
// released, settled.
func TestJourney(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		s.down(at)
		sp := s.visit("specialist").open("/").wants("Trả lời kiến nghị của", "hạn nội bộ 12/02").open(at).
			wants("Anh/chị cần trả lời", "7 ngày làm việc", "nghỉ Tết", "hết thứ Năm 26/02", "Soạn trả lời", "Hỏi lại xã").
			lacks("Phân công lại", "Đôn đốc")
		sp.open(at+"/answer").must("/answer", "text", "Đã cấp chức năng ký số.", "outcome", "guided", "basis", "Nghị định", "nosecret", "1")
		paper := sp.wants("chờ trưởng phòng xem").path
		s.visit("head").open(paper+"/edit").must("/edit", "title", "V/v trả lời kiến nghị", "text", "Đã cấp chức năng ký số cho xã.", "outcome", "guided", "note", "rõ hơn", "nosecret", "1").
			wants("chờ lãnh đạo ký", "Bản 2").open(paper+"?v=2").wants("so với bản 1", "cho xã.")
		s.visit("leader").open(paper).must("/back", "reason", "Nêu rõ ngày cấp")
		sp.open("/").wants("Bị trả lại").open(paper).wants("bị trả lại", "Nêu rõ ngày cấp")
		sp.open(paper+"/edit").must("/edit", "title", "V/v trả lời kiến nghị", "text", "Đã cấp chức năng ký số cho xã ngày 10/02.", "outcome", "guided", "nosecret", "1")
		s.visit("head").open(paper).must("/review")
		s.visit("leader").open(paper).wants("Ký trực tiếp").must("/sign")
		s.visit("clerk").open(paper).must("/release", "nosecret", "1").wants("đã phát hành", "Đã trả lời, xã chưa xác nhận", "xong đúng hạn")
		s.visit("xa").open("/").wants("xã chưa xác nhận").open(at).wants("đã giải quyết được chưa?", "đã hướng dẫn").lacks("Trình dự thảo: văn bản trả lời").
			open(at+"/settle").must("/settle", "settled", "yes", "nosecret", "1").wants("Đã giải quyết", "đã xác nhận: giải quyết được")
		s.visit("overseer").open(at).wants("xác nhận đã giải quyết được").lacks("Phân công, chỉ đạo")
	})
}

// What a form refuses comes back at its field, with everything that was typed.
func TestRefusedFormKeepsAll(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		v := s.visit("xa").open("/petitions/new")
		a := v.send("/petitions", "title", "", "field", journeyField, "text", "Một nội dung dài", "tried", "", "nosecret", "1")
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("status %d", a.StatusCode)
		}
		if find(a.root, func(n *html.Node) bool {
			return n.Data == "textarea" && strings.Contains(words(n), "Một nội dung dài")
		}) == nil {
			t.Error("the text is lost")
		}
		if find(a.root, func(n *html.Node) bool {
			return n.Data == "option" && has(n, "selected") && attr(n, "value") == journeyField
		}) == nil {
			t.Error("the chosen field is lost")
		}
		if !strings.Contains(words(a.root), "Hãy ghi trích yếu") {
			t.Error("the refusal is not said")
		}
	})
}

// Two act on one case: the second sees his own text beside what happened.
func TestConflictShowsBoth(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		slow := s.visit("leader").open(at + "/ask")
		s.visit("leader").open(at+"/forward").must("/forward", "to", "so-noi-vu", "reason", "Thuộc lĩnh vực nội vụ", "nosecret", "1")
		_ = slow
		a := slow.send("/ask", "text", "Xã làm rõ giúp phần mềm nào", "nosecret", "1")
		if a.StatusCode != http.StatusConflict && a.StatusCode != http.StatusForbidden {
			t.Fatalf("status %d: %s", a.StatusCode, words(a.root))
		}
		if !strings.Contains(a.text, "Xã làm rõ giúp phần mềm nào") {
			t.Error("the text is lost")
		}
	})
}

// The commune and others see no step inside the department; a stranger sees nothing.
func TestOthersSeeNoInside(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		s.down(at)
		s.visit("xa").open(at).wants("cần trả lời").lacks("Phòng tham mưu trả lời ngay", "Hạn nội bộ", "Vào sổ văn bản đến")
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			held, err := org.Holders(tx, "so-y-te", org.Specialist)
			s.people["stranger"] = held[0].Officer.ID
			return err
		})
		s.open1(map[string]org.OfficerID{"stranger": s.people["stranger"]})
		if a := s.get(s.as(s.people["stranger"]), at); a.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger gets %d", a.StatusCode)
		}
	})
}

// A petition forwarded twice is contested: the desk reads both views and names the lead.
func TestContested(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		s.visit("leader").open(at+"/forward").must("/forward", "to", "so-noi-vu", "reason", "Thuộc lĩnh vực nội vụ", "nosecret", "1").wants("Đã chuyển")
		s.visit("overseer").open(at+"/forward").must("/forward", "to", journeyDepartment, "reason", "Không phải nội vụ", "nosecret", "1").wants("chờ xác định cơ quan chủ trì")
		s.desk()
		s.visit("desk").open("/").wants("Chờ chỉ định cơ quan chủ trì").open(at+"/assign").wants("Thuộc lĩnh vực nội vụ", "Không phải nội vụ").
			must("/assign", "to", journeyDepartment, "reason", "Việc hộ tịch", "nosecret", "1").wants("chỉ định Sở Tư pháp chủ trì")
	})
}

func (s *provinceSite) desk() {
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		held, err := org.Holders(tx, "van-phong-ubnd-tinh", org.Desk)
		s.people["desk"] = held[0].Officer.ID
		return err
	})
	s.open1(map[string]org.OfficerID{"desk": s.people["desk"]})
}

// A unit whose path is one step answers at once; the two ways give the same page.
func TestAtOnce(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.people["one-xa"], s.people["one-so"] = s.office.Commune.Officer, s.office.Leader.Officer
		s.open1(map[string]org.OfficerID{"a": s.people["one-xa"], "b": s.people["one-so"]})
		xa := s.visit("one-xa").open("/petitions/new").wants("Ký, phát hành và gửi")
		at := xa.must("/petitions", "title", "Máy quét hỏng", "field", s.office.Field, "text", "Không quét được", "tried", "Đã khởi động lại", "nosecret", "1").
			wants("Đã phát hành và gửi", "Mã theo dõi KN-0001/2026").path
		s.visit("one-so").open(at+"/answer").wants("Ký, phát hành và gửi xã").
			must("/answer", "text", "Đã thay máy", "outcome", "resolved", "nosecret", "1").wants("Đã phát hành và gửi")
		xa.open(at+"/settle").must("/settle", "settled", "no", "comment", "Vẫn hỏng", "nosecret", "1").wants("Chưa giải quyết được", "lần 2")
		a := xa.open("/search?q=may+quet")
		_ = a
	})
}

// Notices are said with the words of the office and read once.
func TestNotices(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.raised()
		v := s.visit("clerk").open("/").wants("thông báo mới").open("/notices").wants("Có kiến nghị mới đến đơn vị")
		f := find(v.root, func(n *html.Node) bool { return n.Data == "form" && strings.HasPrefix(attr(n, "action"), "/notices/") })
		v.must(attr(f, "action")).wants("Không có thông báo mới")
	})
}

// What the page offers, the operation does not refuse for want of a right.
func TestActsAgreeWithOperations(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := s.raised()
		for name := range s.people {
			v := s.visit(name).open(at)
			walk(v.root, func(n *html.Node) {
				href := attr(n, "href")
				if n.Data == "a" && strings.HasPrefix(href, at+"/") {
					if a := s.get(v.c, href); a.StatusCode != http.StatusOK {
						t.Errorf("%s is offered %s and gets %d", name, href, a.StatusCode)
					}
				}
			})
		}
		for act := range actSheets {
			v := s.visit("xa-leader")
			if a := s.get(v.c, at+"/"+act); a.StatusCode != http.StatusForbidden {
				t.Errorf("the commune gets %d for %s", a.StatusCode, act)
			}
		}
	})
}
