package edxml

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/workday"
)

// spool holds a file in memory.
type spool struct {
	bytes.Buffer
	r *bytes.Reader
}

func (s *spool) Read(p []byte) (int, error) { return s.reader().Read(p) }
func (s *spool) Seek(o int64, w int) (int64, error) {
	return s.reader().Seek(o, w)
}
func (s *spool) reader() *bytes.Reader {
	if s.r == nil {
		s.r = bytes.NewReader(s.Bytes())
	}
	return s.r
}

func keeping() Limits { return Limits{Keep: func() (Spool, error) { return &spool{}, nil }} }

func sample() *Packet {
	return &Packet{
		From: Organ{ID: "H44.10", Name: "UBND xã Thử"}, To: []Organ{{ID: "H44.20", Name: "Sở Thử"}}, Number: "12", Notation: "UBND-VP", Place: "Xã Thử",
		IssuedOn: workday.MustDate("2026-02-10"), TypeName: "Công văn", Subject: "V/v vướng mắc <chứng thực> & hộ tịch", Content: "Xã gặp vướng mắc.",
		Competence: "TM. ỦY BAN NHÂN DÂN", Position: "Chủ tịch", Signer: "Người Thử", DocumentID: "H44.10,2026/02/10,12/UBND-VP",
		Answers: []Reference{{Organ: "H44.20", Code: "5/ST", IssuedOn: workday.MustDate("2026-01-05"), DocumentID: "x"}},
		Trace:   []Trace{{Organ: "H44.20", At: time.Date(2026, 2, 10, 9, 30, 0, 0, workday.Office)}},
		Files:   []File{{Name: "phụ lục.pdf", Media: "application/pdf", Body: strings.NewReader(strings.Repeat("%PDF nội dung ", 5000))}},
	}
}

func TestWrittenIsRead(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, sample()); err != nil {
		t.Fatal(err)
	}
	p, err := Read(&out, keeping())
	if err != nil {
		t.Fatal(err)
	}
	if p.Symbol() != "12/UBND-VP" || p.Subject != "V/v vướng mắc <chứng thực> & hộ tịch" || p.IssuedOn.String() != "2026-02-10" || p.Signer != "Người Thử" {
		t.Errorf("read %+v", p)
	}
	if len(p.Answers) != 1 || p.Answers[0].Code != "5/ST" || !p.ArrivedAt().Equal(sample().Trace[0].At) {
		t.Errorf("answers %+v, trace %+v", p.Answers, p.Trace)
	}
	body, err := io.ReadAll(p.Files[0].Body)
	if err != nil || len(p.Files) != 1 || p.Files[0].Name != "phụ lục.pdf" || string(body) != strings.Repeat("%PDF nội dung ", 5000) {
		t.Errorf("%d files, %d bytes, %v", len(p.Files), len(body), err)
	}
}

func TestStatusIsRead(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 2, 11, 8, 0, 0, 0, workday.Office)
	if err := WriteStatus(&out, &Status{Of: Reference{Code: "5/ST", DocumentID: "id"}, From: Organ{ID: "H44.10"}, Code: "02", Description: "Sai nơi nhận", At: at}); err != nil {
		t.Fatal(err)
	}
	p, err := Read(&out, Limits{})
	if err != nil || p.Status == nil || p.Status.Code != "02" || !p.Status.At.Equal(at) || p.Status.Of.DocumentID != "id" {
		t.Fatalf("%+v, %v", p, err)
	}
}

// Every part that is wrong is named.
func TestDamagedIsNamed(t *testing.T) {
	var whole bytes.Buffer
	if err := Write(&whole, sample()); err != nil {
		t.Fatal(err)
	}
	text := whole.String()
	tests := []struct{ name, text, part string }{
		{"empty", "", "edXML"},
		{"no XML", "xin chào", "edXML"},
		{"cut in the file", text[:strings.Index(text, "</ContentTransferEncoded>")-500], "AttachmentEncoded"},
		{"cut in the header", text[:strings.Index(text, "<edXML:Content>")+20], "Content"},
		{"file not base64", strings.Replace(text, "<ContentTransferEncoded>", "<ContentTransferEncoded>$$$$", 1), "AttachmentEncoded"},
		{"no number", strings.NewReplacer(">12<", "><", ">UBND-VP<", "><").Replace(text), "MessageHeader/Code"},
		{"no issuer", strings.NewReplacer("<edXML:OrganId>H44.10</edXML:OrganId>", "", "UBND xã Thử", "").Replace(text), "MessageHeader/From"},
		{"a wrong day", strings.Replace(text, "2026/02/10</edXML:PromulgationDate>", "30/30/2026</edXML:PromulgationDate>", 1), "PromulgationInfo/PromulgationDate"},
		{"a wrong instant", strings.Replace(text, "2026/02/10 09:30:00", "hôm qua", 1), "TraceHeaderList/TraceHeader/Timestamp"},
		{"no header", "<edXML><a/></edXML>", "MessageHeader"},
		{"UTF-16", "\xff\xfe<", "edXML"},
		{"another charset", `<?xml version="1.0" encoding="TCVN"?><edXML/>`, "edXML"},
		{"deep", strings.Repeat("<a>", 100), "a"},
		{"a zip without XML", zipped(t, "a.txt", "x"), "tệp nén"},
		{"a broken zip", "PK\x03\x04zzzz", "tệp nén"},
		{"an unknown status", strings.Replace(statusText(t), "<edXML:StatusCode>01", "<edXML:StatusCode>99", 1), "Status/StatusCode"},
	}
	for _, tt := range tests {
		_, err := Read(strings.NewReader(tt.text), keeping())
		var d *Damaged
		if !errors.As(err, &d) || d.Part != tt.part {
			t.Errorf("%s: %v, want part %s", tt.name, err, tt.part)
		}
	}
}

func statusText(t *testing.T) string {
	var out bytes.Buffer
	if err := WriteStatus(&out, &Status{Of: Reference{Code: "5/ST"}, Code: "01"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func zipped(t *testing.T, pairs ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(w, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The same document in the envelopes of other systems.
func TestOtherEnvelopes(t *testing.T) {
	p := sample()
	p.Files = nil
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	plain := out.String()
	soap := "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/xml\r\n\r\n" +
		strings.NewReplacer("<edXML xmlns", "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"s\" xmlns", "</edXML>", "</SOAP-ENV:Envelope>", "edXML:", "edXml:").Replace(plain) +
		"\r\n--b\r\nContent-Id: <f1>\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\nContent-Transfer-Encoding: base64\r\n\r\neGlu\r\n--b--\r\n"
	tests := map[string]string{"zip": zipped(t, "goi.edxml", plain, "a.txt", "xin"), "SOAP with attachments": soap, "with a mark of UTF-8": "\ufeff" + plain}
	for name, text := range tests {
		got, err := Read(strings.NewReader(text), keeping())
		if err != nil || got.Symbol() != "12/UBND-VP" {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if name == "with a mark of UTF-8" {
			continue
		}
		body, _ := io.ReadAll(got.Files[0].Body)
		if len(got.Files) != 1 || got.Files[0].Name != "a.txt" || string(body) != "xin" {
			t.Errorf("%s: files %+v %q", name, got.Files, body)
		}
	}
}

func TestLimits(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, sample()); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]Limits{"a file too large": {File: 1000}, "all too large": {Total: 1000}, "header too long": {Header: 500}} {
		if _, err := Read(bytes.NewReader(out.Bytes()), l); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Whatever is written is read back the same.
func TestWriteReadProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := sample()
		p.Subject = clean(rapid.StringN(1, 50, 200).Draw(t, "subject"))
		p.Files[0].Body = strings.NewReader(rapid.StringN(0, 300, 1000).Draw(t, "body"))
		var out bytes.Buffer
		if err := Write(&out, p); err != nil {
			return
		}
		if _, err := Read(&out, keeping()); err != nil {
			t.Fatalf("%q: %v", p.Subject, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	if err := Write(&out, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\n<a/>"))
	f.Add([]byte("<edXML><Attachment><ContentTransferEncoded><![CDATA[eGlu]]></ContentTransferEncoded></Attachment></edXML>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		limit := keeping()
		limit.File, limit.Total, limit.Header = 1<<20, 1<<20, 1<<20
		p, err := Read(bytes.NewReader(b), limit)
		if err == nil && p.Status == nil && p.check() != nil {
			t.Error("a packet without its document was taken")
		}
	})
}
