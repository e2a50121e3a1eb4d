package exchange_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/petition"
)

// sent follows the log to its end, hands over what is due and returns the packets.
func (s *scene) sent() (names []string) {
	s.t.Helper()
	s.follow(exchange.Follower(s.d))
	carrier := outbox.New(s.d, "test")
	carrier.Define(exchange.OutKind, s.outlet.Send)
	for n := 1; n > 0; {
		var err error
		if n, err = carrier.Deliver(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
	names, err := filepath.Glob(filepath.Join(s.outlet.Folder, "*.edxml"))
	if err != nil || len(names) == 0 {
		s.t.Fatalf("%d packets, %v", len(names), err)
	}
	return names
}

// follow takes a follower to the end of the log.
func (s *scene) follow(f *audit.Follower) {
	s.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = audit.Sequence(s.t.Context(), s.d); err != nil {
			s.t.Fatal(err)
		}
	}
	for n := 1; n > 0; {
		var err error
		if n, err = f.Step(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// answered is a letter's petition, answered in one step with a file.
func (s *scene) answered(symbol string, text string) casefile.ID {
	s.t.Helper()
	s.put("hoi.edxml", letter(symbol))
	s.round()
	opened := s.list(exchange.Opened)
	hash, size, err := s.files.Put(strings.NewReader("mẫu đơn"), 1<<20)
	if err != nil || len(opened) == 0 {
		s.t.Fatalf("%+v, %v", opened, err)
	}
	lttest.Update(s.t, s.d, func(tx *db.Tx) error {
		_, err := petition.AnswerNow(tx, s.o.Leader, opened[0].Case, petition.Reply{Text: text, Outcome: petition.Guided, Basis: "Điều 5 Luật Thử",
			Files: []casefile.Document{{Name: "mau don.txt", MediaType: "text/plain", Hash: string(hash), Size: size}}})
		return err
	})
	return opened[0].Case
}

// kept keeps the files of a packet in memory.
type kept struct{ *bytes.Buffer }

func (k *kept) Seek(int64, int) (int64, error) { return 0, nil }

// What leaves is the paper: its PDF says the answer, its basis and its result, the DOCX
// and the files of the answer lie beside it, each under the sum of its bytes.
func TestPacketCarriesThePaper(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		long := strings.Repeat("Sở hướng dẫn xã làm theo ba bước, mỗi bước có biểu mẫu kèm theo.\n", 60)
		s.answered("12/UBND-VP", long)
		raw, err := os.ReadFile(s.sent()[0])
		if err != nil {
			t.Fatal(err)
		}
		p, err := edxml.Read(bytes.NewReader(raw), edxml.Limits{Keep: func() (edxml.Spool, error) { return &kept{new(bytes.Buffer)}, nil }})
		if err != nil || len(p.Files) != 3 {
			t.Fatalf("%d files, %v", len(p.Files), err)
		}
		for i, want := range []string{"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text/plain"} {
			body, err := io.ReadAll(p.Files[i].Body)
			sum := sha256.Sum256(body)
			if err != nil || p.Files[i].Media != want || p.Files[i].Sum != hex.EncodeToString(sum[:]) || len(body) == 0 {
				t.Errorf("file %d: %s %q, %d bytes, %v", i, p.Files[i].Media, p.Files[i].Name, len(body), err)
			}
			p.Files[i].Body = &kept{bytes.NewBuffer(body)}
		}
		if p.Pages == "0" || p.Pages == "1" || !slices.Equal(p.Appendixes, []string{"mau don.txt"}) || p.Place == "" || !strings.HasSuffix(p.Files[0].Name, ".pdf") {
			t.Errorf("pages %q, appendixes %q, place %q, name %q", p.Pages, p.Appendixes, p.Place, p.Files[0].Name)
		}
		for _, want := range []string{"ba bước", "Kết quả: đã hướng dẫn.", "Căn cứ: Điều 5 Luật Thử"} {
			if !strings.Contains(p.Content, want) {
				t.Errorf("%q is not in the content", want)
			}
		}
		body, _ := io.ReadAll(p.Files[0].Body)
		text, pages := pdfText(t, body)
		if fmt.Sprint(pages) != p.Pages {
			t.Errorf("%d pages, the packet says %s", pages, p.Pages)
		}
		for _, want := range []string{"ba bước", "Kết quả: đã hướng dẫn.", "Căn cứ: Điều 5 Luật Thử", p.Symbol()} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not on the paper:\n%s", want, text)
			}
		}
	})
}

// pdfText is what a PDF says, in one line, and its pages.
func pdfText(t *testing.T, body []byte) (string, int) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed (Debian: poppler-utils): the text of the PDF was not read")
	}
	at := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(at, body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(context.Background(), "pdftotext", "-layout", at, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " "), strings.Count(string(out), "\f")
}

// A packet of ours is read here: the paper comes with it; one whose file was changed on
// its way is refused and says so.
func TestOwnPacketIsRead(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		id := s.answered("12/UBND-VP", "Sở hướng dẫn.")
		raw, err := os.ReadFile(s.sent()[0])
		if err != nil {
			t.Fatal(err)
		}
		s.raw("ve.edxml", raw)
		if r := s.round(); r.Taken != 1 {
			t.Fatalf("%+v", r)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			docs, err := casefile.Documents(tx, s.o.Leader, id)
			if len(docs) != 3 {
				t.Errorf("%d files on the case", len(docs))
			}
			return err
		})
		end := bytes.LastIndex(raw, []byte("sha256:"))
		copy(raw[end+7:], strings.Repeat("0", 64))
		s.raw("hong.edxml", bytes.ReplaceAll(raw, []byte("<edXML:CodeNumber>"), []byte("<edXML:CodeNumber>9")))
		if r := s.round(); r.Failed != 1 || !strings.Contains(r.Problems[0], "SHA-256") {
			t.Errorf("%+v", r)
		}
	})
}

// A thousand answers leave as packets with their papers in ten seconds.
func BenchmarkThousandLeave(b *testing.B) {
	for range b.N {
		d, clock := province.SQLite(b)
		s := open(b, d, clock)
		clock.Add(2 * time.Hour)
		for n := range 1000 {
			p := letter(fmt.Sprintf("%d/UBND-VP", n+1))
			s.put(fmt.Sprintf("%d.edxml", n), p)
		}
		s.round()
		var cases []casefile.ID
		lttest.View(b, d, func(tx *db.Tx) (err error) {
			cursor := ""
			for {
				all, next, err := exchange.List(tx, org.System("test"), exchange.Opened, cursor, 500)
				for _, x := range all {
					cases = append(cases, x.Case)
				}
				if cursor = next; err != nil || next == "" {
					return err
				}
			}
		})
		for _, id := range cases {
			lttest.Update(b, d, func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, s.o.Leader, id, petition.Reply{Text: strings.Repeat("Sở hướng dẫn xã làm theo ba bước. ", 40), Outcome: petition.Guided})
				return err
			})
		}
		began := time.Now()
		if got := len(s.sent()); got != 1000 {
			b.Fatalf("%d packets", got)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/1000")
	}
}
