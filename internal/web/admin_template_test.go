package web

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/paper"
)

// template is a DOCX whose only paragraph holds that text.
func docxTemplate(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:body></w:document>`}} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sendTemplate fills in the form "Đặt mẫu" with a file.
func (s *site) sendTemplate(c *http.Client, unit, kind, key string, file []byte) answer {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, v := range map[string]string{"kind": kind, "key": key} {
		if err := m.WriteField(name, v); err != nil {
			s.t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("file", "Mẫu của sở.docx")
	if err == nil {
		_, err = w.Write(file)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, s.url+"/admin/units/"+unit+"/templates/set", &b)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return s.do(c, req)
}

// A unit's administrator puts a template in place, looks at it and takes it away; a place
// that is spelt wrong is named and nothing is kept.
func TestTemplatesOfAUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.oneFactor() // a second one is not what is tried here
		unit := string(lttest.Department)
		admin, officer := s.as(lttest.UnitAdmin), s.as(lttest.OfficerA)
		tab := "/admin/units/" + unit + "/templates"
		s.get(admin, tab).want(t, 200, "thể thức NĐ 30/2020 có sẵn", "{{.SoKyHieu}}")
		s.get(admin, tab+"/set").want(t, 200, "Tệp mẫu DOCX")
		s.get(officer, tab).want(t, 403)
		start := s.get(admin, tab+"/start/cong-van")
		start.want(t, 200)
		if !strings.Contains(zipped(t, start.text, "word/document.xml"), "{{.NoiDung}}") {
			t.Error("what one begins with has no places")
		}
		s.sendTemplate(admin, unit, "cong-van", "khoa-chong-gui-trung-1", docxTemplate(t, "{{.SoKyHiu}}")).want(t, 422, "SoKyHiu")
		s.sendTemplate(admin, unit, "cong-van", "khoa-chong-gui-trung-2", []byte("không phải")).want(t, 422)
		s.sendTemplate(officer, unit, "cong-van", "khoa-chong-gui-trung-3", docxTemplate(t, "x")).want(t, 403)
		s.get(admin, tab+"/preview/cong-van").want(t, 404)
		s.sendTemplate(admin, unit, "khac", "khoa-chong-gui-trung-4", docxTemplate(t, "x")).want(t, 422)
		s.sendTemplate(admin, unit, "cong-van", "khoa-chong-gui-trung-5", docxTemplate(t, "Riêng {{.SoKyHieu}}")).want(t, 303)
		s.get(admin, tab).want(t, 200, "Mẫu của sở.docx", "Bỏ mẫu")
		s.get(admin, "/admin/units/"+unit+"/log").want(t, 200, "Đặt mẫu văn bản")
		look := s.get(admin, tab+"/preview/cong-van")
		look.want(t, 200)
		if !strings.Contains(zipped(t, look.text, "word/document.xml"), "Riêng 37/VD-VP") {
			t.Error("the preview is not filled")
		}
		s.get(officer, tab+"/preview/cong-van").want(t, 403)
		s.post(admin, tab+"/drop", "id", "cong-van", "key", "khoa-chong-gui-trung-6").want(t, 303)
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			all, err := paper.Templates(tx, org.UnitID(unit))
			if len(all) != 0 {
				t.Errorf("left: %v", all)
			}
			return err
		})
	})
}
