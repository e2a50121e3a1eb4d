package web

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// body is one part of a zipped file.
func zipped(t *testing.T, raw, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A released paper is had as PDF and DOCX by whoever may read the case; a draft by its
// own unit alone; slips by all who read the case.
func TestPapersAsFiles(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
		tried := "đã tự làm"
		var p *petition.Petition
		var draft *signoff.Paper
		lttest.Update(t, s.DB, func(tx *db.Tx) (err error) {
			p, err = petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: "Vướng mắc khi chứng thực", Field: s.office.Field, Text: "Nội dung <b> & mỹ mãn", Tried: &tried})
			return err
		})
		lttest.Update(t, s.DB, func(tx *db.Tx) (err error) {
			_, err = petition.AnswerNow(tx, s.office.Leader, p.ID, petition.Reply{Text: "Đồng ý với xã.", Outcome: petition.Guided})
			return err
		})
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			all, err := signoff.OfCase(tx, s.office.Leader, p.ID)
			for _, x := range all {
				if x.Kind == petition.PaperAnswer {
					draft = x
				}
			}
			return err
		})
		s.people["department"], s.people["commune"] = s.office.Leader.Officer, s.office.Commune.Officer
		s.open1(map[string]org.OfficerID{"a": s.office.Leader.Officer, "b": s.office.Commune.Officer})
		reader, stranger := s.as(s.office.Commune.Officer), s.as(s.people["xa"])
		slip := "/cases/" + string(p.ID) + "/slips/"
		a := s.get(reader, slip+"to-trinh.pdf")
		a.want(t, 200)
		if !strings.HasPrefix(a.text, "%PDF-") || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment;") || a.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("slip: %v %.20q", a.Header, a.text)
		}
		docx := s.get(reader, slip+"phieu-giai-quyet.docx")
		docx.want(t, 200)
		if body := zipped(t, docx.text, "word/document.xml"); !strings.Contains(body, "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN") || !strings.Contains(body, "Vướng mắc khi chứng thực") {
			t.Errorf("slip says %s", body)
		}
		s.get(reader, "/petitions/"+string(p.ID)).want(t, 200, "In phiếu trình")
		s.get(stranger, slip+"to-trinh.pdf").want(t, 404)
		s.get(reader, slip+"khac.pdf").want(t, 404)
		s.get(reader, slip+"to-trinh.exe").want(t, 404)
		name := "tra-loi-1" // answered at once: the answer has no paper of its own
		if draft != nil {
			name = string(draft.ID)
		}
		s.get(reader, "/petitions/"+string(p.ID)).want(t, 200, "Bản in theo thể thức (PDF)")
		s.get(reader, "/cases/"+string(p.ID)+"/papers/kien-nghi.pdf").want(t, 200)
		paper := "/cases/" + string(p.ID) + "/papers/" + name
		docx = s.get(reader, paper+".docx")
		docx.want(t, 200)
		if body := zipped(t, docx.text, "word/document.xml"); !strings.Contains(body, "Đồng ý với xã.") {
			t.Errorf("paper says %s", body)
		}
		s.get(reader, paper+".pdf").want(t, 200)
		s.get(stranger, paper+".pdf").want(t, 404)
		s.get(reader, "/cases/"+string(p.ID)+"/papers/tra-loi-2.pdf").want(t, 404)
	})
}
