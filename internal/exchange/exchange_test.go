package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

const (
	communeCode    = "H44.99.1"
	departmentCode = "H44.20"
)

// A scene is an office with the document system's folders.
type scene struct {
	t      testing.TB
	d      *db.DB
	clock  *lttest.Clock
	o      province.Office
	files  *blob.Store
	intake exchange.Intake
	outlet exchange.Outlet
}

func open(t testing.TB, d *db.DB, clock *lttest.Clock) *scene {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, d: d, clock: clock, o: province.Open(t, d), files: files}
	s.intake = exchange.Intake{DB: d, Files: files, Folder: t.TempDir(), Field: func(*db.Tx, org.UnitID, string) (string, error) { return s.o.Field, nil }}
	s.outlet = exchange.Outlet{DB: d, Files: files, Folder: t.TempDir()}
	lttest.Update(t, d, func(tx *db.Tx) error {
		if err := exchange.SetUnit(tx, org.System("test"), exchange.Unit{Unit: s.o.CommuneUnit, Codes: []string{communeCode, "000.00.01.H44"}, Receives: true}); err != nil {
			return err
		}
		return exchange.SetUnit(tx, org.System("test"), exchange.Unit{Unit: s.o.DepartmentUnit, Codes: []string{departmentCode}})
	})
	return s
}

// letter is a commune's letter that raises a difficulty.
func letter(symbol string) *edxml.Packet {
	return &edxml.Packet{From: edxml.Organ{ID: communeCode, Name: "UBND xã"}, To: []edxml.Organ{{ID: departmentCode, Name: "Sở"}}, Number: symbol,
		IssuedOn: workday.MustDate("2026-02-10"), Subject: "V/v khó khăn, vướng mắc khi thực hiện thủ tục", Content: "Xã gặp vướng mắc, đề nghị Sở hướng dẫn.",
		Signer: "Người Ký", Position: "Chủ tịch", Competence: "TM. ỦY BAN NHÂN DÂN", DocumentID: communeCode + ",2026/02/10," + symbol,
		Trace: []edxml.Trace{{Organ: departmentCode, At: lttest.Start.Add(time.Hour)}}}
}

// reply is the department's letter that answers another by its number.
func reply(symbol, to string) *edxml.Packet {
	return &edxml.Packet{From: edxml.Organ{ID: departmentCode, Name: "Sở"}, To: []edxml.Organ{{ID: communeCode, Name: "UBND xã"}}, Number: symbol,
		IssuedOn: workday.MustDate("2026-02-12"), Subject: "V/v trả lời Công văn số " + to + " ngày 10/02/2026", Content: "Sở hướng dẫn như sau.",
		DocumentID: "x" + symbol, Trace: []edxml.Trace{{Organ: communeCode, At: lttest.Start.Add(50 * time.Hour)}}}
}

func (s *scene) put(name string, p *edxml.Packet) {
	s.t.Helper()
	var out bytes.Buffer
	if err := edxml.Write(&out, p); err != nil {
		s.t.Fatal(err)
	}
	s.raw(name, out.Bytes())
}

func (s *scene) raw(name string, b []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.intake.Folder, name), b, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) round() exchange.Round {
	s.t.Helper()
	r, err := s.intake.Round(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *scene) list(state string) (all []exchange.Document) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) {
		all, _, err = exchange.List(tx, org.System("test"), state, "", 100)
		return err
	})
	return all
}

func (s *scene) count(query string) (n int) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error { return tx.One(query, nil, &n) })
	return n
}

func (s *scene) petition(id casefile.ID) (p *petition.Petition) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) {
		p, err = petition.Get(tx, org.System("test"), id)
		return err
	})
	return p
}

// A commune's letter opens a petition whose limit runs from the letter's arrival, however
// late it is read; the department's letter that quotes it answers it in time.
func TestLetterOpensAnswerJoins(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		s.put("1.edxml", letter("12/UBND-VP"))
		clock.Add(26 * time.Hour)
		if r := s.round(); r.Taken != 1 || r.Failed+r.Waiting != 0 {
			t.Fatalf("%+v %+v", r, s.list(exchange.Waiting))
		}
		opened := s.list(exchange.Opened)
		p := s.petition(opened[0].Case)
		if p.Raiser != s.o.CommuneUnit || p.Lead != s.o.DepartmentUnit || !p.ArrivedAt.Equal(lttest.Start.Add(time.Hour)) || p.Symbol != "12/UBND-VP" {
			t.Fatalf("%+v", p)
		}
		// the answer is read long after it was due, and was in time
		clock.Add(90 * 24 * time.Hour)
		s.put("2.edxml", reply("5/STP-HC", "12 /UBND – VP"))
		if r := s.round(); r.Taken != 1 {
			t.Fatalf("%+v %+v", r, s.list(exchange.Waiting))
		}
		if p = s.petition(p.ID); p.State != petition.Answered {
			t.Fatalf("state %s", p.State)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.OfCase(tx, p.ID)
			for _, x := range all {
				if x.Rule == petition.MustAnswer && (x.Fate != duty.Met || x.Late()) {
					t.Errorf("answer is %s, late %v, ended %s", x.Fate, x.Late(), x.EndedAt)
				}
			}
			answers, err2 := petition.Answers(tx, p.ID)
			if len(answers) != 1 || answers[0].Outcome != petition.Unstated || answers[0].Symbol != "5/STP-HC" {
				t.Errorf("answers %+v", answers)
			}
			if err == nil {
				err = err2
			}
			return err
		})
	})
}

// The same packet twice, and the same document typed here and come as a packet, are one case.
func TestBothWaysAreOneCase(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		tried := "Xã đã tự làm."
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.RaiseNow(tx, s.o.Commune, petition.Raise{Title: "Vướng mắc", Field: s.o.Field, Text: "Vướng mắc.", Tried: &tried,
				Paper: signoff.Outer{Symbol: "07/UBND-VP", IssuedOn: workday.MustDate("2026-02-10")}})
			return err
		})
		clock.Add(2 * time.Hour)
		s.put("1.edxml", letter("7/UBND-VP"))
		s.put("1-lai.edxml", letter("7/UBND - VP"))
		if r := s.round(); r.Taken != 1 || r.Again != 1 {
			t.Fatalf("%+v", r)
		}
		if n := s.count(`SELECT count(*) FROM casefile`); n != 1 {
			t.Errorf("%d cases, want one", n)
		}
		// the other order: the packet first, then somebody types it
		s.put("2.edxml", letter("8/UBND-VP"))
		s.round()
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			_, err := petition.RaiseNow(tx, s.o.Commune, petition.Raise{Title: "Vướng mắc", Field: s.o.Field, Text: "Vướng mắc.", Tried: &tried,
				Paper: signoff.Outer{Symbol: "8/UBND-VP", IssuedOn: workday.MustDate("2026-02-10")}})
			return err
		})
		if fault.Kind(err) != fault.Conflict || s.count(`SELECT count(*) FROM casefile`) != 2 {
			t.Errorf("typed again: %v", err)
		}
	})
}

// What the program cannot place waits; who may, places it; who may not, does not see it.
func TestPlacedByAPerson(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		unknown := letter("12/UBND-VP")
		unknown.From.ID = "H01.1"
		s.put("1.edxml", unknown)
		notice := letter("13/UBND-VP")
		notice.Subject, notice.Content = "V/v mời họp", "Kính mời."
		s.put("2.edxml", notice)
		stray := reply("9/ST", "99/UBND-VP")
		stray.IssuedOn, stray.Trace = workday.MustDate("2026-02-10"), nil
		s.put("3.edxml", stray)
		if r := s.round(); r.Waiting != 3 {
			t.Fatalf("%+v", r)
		}
		waits := map[string]exchange.Document{}
		for _, x := range s.list(exchange.Waiting) {
			waits[x.WaitsFor] = x
		}
		if len(waits) != 3 || waits["issuer"].ID == "" || waits["kind"].ID == "" || waits["case"].ID == "" {
			t.Fatalf("wait for %+v", waits)
		}
		clerk := s.clerk(s.o.DepartmentUnit)
		stranger := s.o.Commune
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, err := exchange.Get(tx, stranger, waits["issuer"].ID); fault.Kind(err) != fault.NotFound {
				t.Errorf("a stranger sees it: %v", err)
			}
			all, _, err := exchange.List(tx, clerk, exchange.Waiting, "", 10)
			if len(all) < 2 {
				t.Errorf("the clerk sees %d", len(all))
			}
			return err
		})
		refuse := func(kind error, fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Update(context.Background(), fn); fault.Kind(err) != kind {
				t.Errorf("%v, want %v", err, kind)
			}
		}
		refuse(fault.Invalid, func(tx *db.Tx) error {
			_, err := exchange.Open(tx, clerk, waits["issuer"].ID, exchange.Opening{Field: s.o.Field})
			return err
		})
		var done exchange.Document
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			done, err = exchange.Open(tx, clerk, waits["issuer"].ID, exchange.Opening{Issuer: s.o.CommuneUnit, Field: s.o.Field})
			return err
		})
		if done.State != exchange.Opened || s.petition(done.Case).Raiser != s.o.CommuneUnit {
			t.Errorf("%+v", done)
		}
		refuse(fault.Conflict, func(tx *db.Tx) error {
			_, err := exchange.Open(tx, clerk, waits["issuer"].ID, exchange.Opening{Issuer: s.o.CommuneUnit, Field: s.o.Field})
			return err
		})
		refuse(fault.Invalid, func(tx *db.Tx) error { _, err := exchange.SetAside(tx, clerk, waits["kind"].ID, " ", 0); return err })
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := exchange.SetAside(tx, clerk, waits["kind"].ID, "Giấy mời, không phải kiến nghị.", waits["kind"].Version)
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := exchange.Join(tx, clerk, waits["case"].ID, exchange.Joining{Case: done.Case, Outcome: petition.Guided})
			return err
		})
		if p := s.petition(done.Case); p.State != petition.Answered {
			t.Errorf("state %s after joining the answer", p.State)
		}
	})
}

func (s *scene) clerk(unit org.UnitID) (who org.Actor) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, org.Clerk)
		if err == nil && len(held) == 0 {
			return fmt.Errorf("%s has no clerk", unit)
		}
		if err == nil {
			who, err = org.ActorOf(tx, held[0].Officer.ID)
		}
		return err
	})
	return who
}

// A packet with a secret file is refused whole: number, day and issuer are all that is
// left of it, in the store and in the folder.
func TestSecretIsRefusedWhole(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		for i, file := range []edxml.File{{Name: "ke hoach (MẬT).txt", Body: strings.NewReader("nội dung")}, {Name: "a.txt", Body: strings.NewReader("TỐI MẬT\nKế hoạch")},
			{Name: "goi.zip", Body: strings.NewReader(zipped(t, "b.txt", "MẬT\nKế hoạch"))}} {
			p := letter(fmt.Sprintf("%d/UBND-VP", i+1))
			p.Content = "Lời văn không được giữ."
			p.Files = []edxml.File{{Name: "ok.txt", Body: strings.NewReader("tệp thường")}, file}
			s.put(fmt.Sprintf("%d.edxml", i), p)
		}
		if r := s.round(); r.Secret != 3 {
			t.Fatalf("%+v", r)
		}
		for _, x := range s.list(exchange.Secret) {
			if x.Subject+x.Content+x.Signer+x.OuterID != "" || x.Symbol == "" || x.Case != "" {
				t.Errorf("kept %+v", x)
			}
		}
		n := 0
		if err := s.files.List(func(blob.Item) error { n++; return nil }); err != nil || n != 0 {
			t.Errorf("%d files kept, %v", n, err)
		}
		if err := filepath.WalkDir(s.intake.Folder, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("%s is left in the folder", path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		clerk := s.clerk(s.o.DepartmentUnit)
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := exchange.Count(tx, clerk, 10)
			if err != nil || c.Alarms != 3 {
				t.Errorf("%+v, %v", c, err)
			}
			_, err = exchange.Note(tx, clerk, s.list(exchange.Secret)[0].ID)
			return err
		})
	})
}

func zipped(t *testing.T, name, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A damaged packet stops no other, and its reason lies beside it. A file packed by the
// sending system is kept unpacked.
func TestDamagedAndPacked(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		s.raw("0.edxml", []byte("<edXML><hỏng"))
		s.raw("viet-do.tmp", []byte("chưa xong"))
		p := letter("12/UBND-VP")
		p.Files = []edxml.File{{Name: "cv.txt", Body: strings.NewReader(zipped(t, "cv.txt", "nội dung"))}, {Name: "a.exe", Body: strings.NewReader("MZ")}}
		s.put("1.edxml", p)
		if r := s.round(); r.Taken != 1 || r.Failed != 1 {
			t.Fatalf("%+v", r)
		}
		why, err := os.ReadFile(filepath.Join(s.intake.Folder, "failed", "0.edxml.txt"))
		if err != nil || !strings.Contains(string(why), "gói tin hỏng ở phần") {
			t.Errorf("%q, %v", why, err)
		}
		for _, name := range []string{"done/1.edxml", "viet-do.tmp"} {
			if _, err := os.Stat(filepath.Join(s.intake.Folder, name)); err != nil {
				t.Error(err)
			}
		}
		x := s.list(exchange.Opened)[0]
		lttest.View(t, d, func(tx *db.Tx) error {
			docs, err := casefile.Documents(tx, org.System("test"), x.Case)
			if len(docs) != 1 || docs[0].Size != int64(len("nội dung")) || docs[0].Number != "12/UBND-VP" {
				t.Errorf("%+v", docs)
			}
			steps, err2 := exchange.Steps(tx, x.ID)
			if err2 != nil || !strings.Contains(steps[0].Reason, "a.exe") {
				t.Errorf("%+v, %v", steps, err2)
			}
			return err
		})
	})
}

// A released answer leaves as a packet; what became of it comes back; a refusal is told
// to the clerk.
func TestReleasedLeaves(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		s.put("1.edxml", letter("12/UBND-VP"))
		s.round()
		id := s.list(exchange.Opened)[0].Case
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, s.o.Leader, id, petition.Reply{Text: "Sở hướng dẫn.", Outcome: petition.Guided})
			return err
		})
		f, err := os.Open(s.sent()[0])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p, err := edxml.Read(f, edxml.Limits{})
		if err != nil || p.From.ID != departmentCode || p.To[0].ID != communeCode || !strings.HasPrefix(p.Content, "Sở hướng dẫn.") || len(p.Answers) != 1 || p.Answers[0].Code != "12/UBND-VP" {
			t.Fatalf("%+v, %v", p, err)
		}
		came := clock.Now()
		for i, code := range []string{"01", "01", "02"} {
			var out bytes.Buffer
			status := &edxml.Status{Of: edxml.Reference{DocumentID: p.DocumentID, Code: p.Symbol(), IssuedOn: p.IssuedOn}, From: edxml.Organ{ID: communeCode},
				Code: code, Description: "Gửi nhầm nơi nhận", At: came.Add(time.Duration(i/2) * time.Second)}
			if err := edxml.WriteStatus(&out, status); err != nil {
				t.Fatal(err)
			}
			clock.Add(time.Minute)
			s.raw(fmt.Sprintf("st%d.xml", i), out.Bytes())
			if r := s.round(); r.Statuses != 1 || r.Failed != 0 {
				t.Fatalf("%s: %+v", code, r)
			}
		}
		// whose code nobody knows does not speak for the receiver
		var out bytes.Buffer
		stranger := &edxml.Status{Of: edxml.Reference{DocumentID: p.DocumentID, Code: p.Symbol(), IssuedOn: p.IssuedOn}, From: edxml.Organ{ID: "H99.31"}, Code: "03", At: clock.Now()}
		if err := edxml.WriteStatus(&out, stranger); err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Minute)
		s.raw("stranger.xml", out.Bytes())
		if r := s.round(); r.Statuses != 0 {
			t.Errorf("a stranger's status was taken: %+v", r)
		}
		clerk := s.clerk(s.o.DepartmentUnit)
		lttest.View(t, d, func(tx *db.Tx) error {
			sent, err := exchange.SentOf(tx, clerk, id)
			if len(sent) != 1 || sent[0].Say() != "từ chối tiếp nhận" {
				t.Errorf("%+v, %v", sent, err)
			}
			all, err := exchange.StatusesOf(tx, sent[0].ID)
			if len(all) != 2 {
				t.Errorf("%+v", all)
			}
			told, err2 := notice.Unread(tx, clerk, 10)
			found := false
			for _, n := range told {
				found = found || n.Kind == "exchange.refused"
			}
			if !found || err2 != nil {
				t.Errorf("the clerk is not told: %+v %v", told, err2)
			}
			return err
		})
	})
}

func TestKey(t *testing.T) {
	for _, tt := range []struct{ a, b string }{{"05/STP-HCTP", "5/stp – hctp"}, {"Số: 12/UBND-VP", "12 / UBND-VP"}, {"0012/QĐ-UBND", "12/qđ-ubnd"}} {
		if exchange.Key(tt.a) != exchange.Key(tt.b) {
			t.Errorf("%q and %q: %q, %q", tt.a, tt.b, exchange.Key(tt.a), exchange.Key(tt.b))
		}
	}
	if exchange.Key("1/A") == exchange.Key("10/A") {
		t.Error("1 and 10 are one number")
	}
}

func TestQuoted(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Trả lời Công văn số 12/UBND-VP ngày 10/02/2026 của UBND xã", "12/UBND-VP 2026-02-10"},
		{"văn bản số: 05/UBND – KT, đề ngày 1 tháng 3 năm 2026", "05/UBND–KT 2026-03-01"},
		{"số 7/BC-UBND ngày 30/02/2026", ""},
		{"hơn 12/20 hộ, ngày 10/02/2026", ""},
		{"Tờ trình số 15/TTr-UBND ngày 05-9-2025", "15/TTr-UBND 2025-09-05"},
	}
	for _, tt := range tests {
		got := ""
		for _, r := range exchange.Quoted(tt.text) {
			got += r.Code + " " + r.IssuedOn.String()
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A thousand packets in ten seconds.
func BenchmarkThousandPackets(b *testing.B) {
	for range b.N {
		d, clock := province.SQLite(b)
		o := province.Open(b, d)
		files, err := blob.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		lttest.Update(b, d, func(tx *db.Tx) error {
			if err := exchange.SetUnit(tx, org.System("test"), exchange.Unit{Unit: o.CommuneUnit, Codes: []string{communeCode}}); err != nil {
				return err
			}
			return exchange.SetUnit(tx, org.System("test"), exchange.Unit{Unit: o.DepartmentUnit, Codes: []string{departmentCode}})
		})
		clock.Add(2 * time.Hour)
		in := exchange.Intake{DB: d, Files: files, Folder: b.TempDir(), Field: func(*db.Tx, org.UnitID, string) (string, error) { return o.Field, nil }}
		for n := range 1000 {
			var out bytes.Buffer
			p := letter(fmt.Sprintf("%d/UBND-VP", n+1))
			p.Files = []edxml.File{{Name: "cv.txt", Body: strings.NewReader(strings.Repeat(fmt.Sprintf("dòng %d\n", n), 2000))}}
			if err := edxml.Write(&out, p); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(in.Folder, fmt.Sprintf("%d.edxml", n)), out.Bytes(), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		began := time.Now()
		r, err := in.Round(context.Background())
		if err != nil || r.Taken != 1000 {
			b.Fatalf("%+v, %v", r, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/1000")
	}
}
