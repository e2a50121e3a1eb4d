package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"lienthong/internal/upload"
)

// multi sends a form with one file.
func (v *visit) multi(path, file, content string, pairs ...string) answer {
	v.s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
			v.s.t.Fatal(err)
		}
	}
	if file != "" {
		w, err := m.CreateFormFile(upload.Field, file)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			v.s.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		v.s.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, v.s.url+path, &b)
	if err != nil {
		v.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.s.do(v.c, req)
}

// A leader signs on paper; the clerk records the sheet and the paper goes out.
func TestRecordSignedPaper(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		xa := s.visit("xa").open("/petitions/new")
		xa.must("/petitions", "title", "Chưa chứng thực được bản sao", "field", journeyField, "text", "Không có chức năng.", "tried", "Đã gọi.", "nosecret", "1")
		paper := xa.path
		xa.lacks("Ghi nhận bản ký giấy")
		clerk := s.visit("xa-clerk").open(paper).wants("Ghi nhận bản ký giấy", "Người đã ký trên giấy", "Bản quét đã ký")
		fields := func(more ...string) []string {
			return append([]string{"key", clerk.value("key"), "signer", string(s.people["xa-leader"]), "capacity", "TM.", "signed_on", "10/02/2026", "nosecret", "1"}, more...)
		}
		clerk.multi(paper+"/signed-on-paper", "", "", fields()...).want(t, http.StatusUnprocessableEntity, "bản quét")
		clerk.open(paper)
		done := clerk.multi(paper+"/signed-on-paper", "ký.pdf", "%PDF-1.4\n%%EOF\n", fields("number", "37/UBND-VP", "issued_on", "10/02/2026")...)
		done.want(t, http.StatusSeeOther)
		clerk.open(paper).wants("Ký trên giấy", "37/UBND-VP", "ký.pdf", "Ghi nhận bản ký giấy")
		s.visit("clerk").open(done.Header.Get("Location")).wants("ký.pdf", "37/UBND-VP")
	})
}
