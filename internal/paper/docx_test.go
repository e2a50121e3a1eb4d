package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"lienthong/internal/fault"
)

// texts reads a DOCX back: every part must be sound XML; the paragraphs of the body are
// returned, one a line.
func texts(raw []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		d := xml.NewDecoder(r)
		inText := false
		for {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return "", err
			}
			switch t := tok.(type) {
			case xml.StartElement:
				inText = t.Name.Local == "t"
			case xml.EndElement:
				inText = false
				if t.Name.Local == "p" && f.Name == "word/document.xml" {
					out.WriteString("\n")
				}
			case xml.CharData:
				if inText && f.Name == "word/document.xml" {
					out.Write(t)
				}
			}
		}
	}
	return out.String(), nil
}

func TestDOCX(t *testing.T) {
	for _, d := range []*Document{sample(), long()} {
		var b bytes.Buffer
		if err := DOCX(&b, d); err != nil {
			t.Fatal(err)
		}
		got, err := texts(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{nation, "\n" + motto + "\n", "437/SNNMT-QLĐĐ", "ngày 09 tháng 02 năm 2026", "Nguyễn Thị Ỷ Đức", "- Lưu: VT, QLĐĐ.", "KT. GIÁM ĐỐC"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in the file:\n%s", want, got)
			}
		}
		if d.Annexes != nil && !strings.Contains(got, "Phụ lục I\nDANH SÁCH KIẾN NGHỊ\n") {
			t.Error("the annex is not in the file")
		}
	}
}

// A long name is broken in lines of like length, and the day stands in the row of the number.
func TestDOCXHead(t *testing.T) {
	var b bytes.Buffer
	if err := DOCX(&b, sample()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	parted := regexp.MustCompile(`SỞ NÔNG NGHIỆP</w:t></w:r><w:r><w:br/></w:r><w:r>.*VÀ MÔI TRƯỜNG`)
	if !parted.Match(raw) {
		t.Error("the issuer's name is left to the word processor to break")
	}
	rows := strings.Split(string(raw), "</w:tr>")
	if strings.Contains(rows[0], "Số: ") || !strings.Contains(rows[1], "Số: ") || !strings.Contains(rows[1], "ngày 09 tháng 02") {
		t.Error("number and day are not in one row below both boxes")
	}
}

// Annexes that go with another paper have no upper boxes, and say with which paper they go.
func TestAnnexesAlone(t *testing.T) {
	d := &Document{Alone: true, Symbol: "1186/UBND-MH", Code: "DTT-0001/2026", Annexes: []Annex{{Name: "Phụ lục", Title: "Bảng tổng hợp", Wide: true, Body: []Block{{Text: "Nội dung."}}}}}
	pages := printed(t, "annex", d)
	var b bytes.Buffer
	if err := DOCX(&b, d); err != nil {
		t.Fatal(err)
	}
	word, err := texts(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []string{squeezed(strings.Join(pages, " ")), squeezed(word)} {
		if len(pages) != 1 || strings.Contains(all, nation) || !strings.Contains(all, "Phụ lục BẢNG TỔNG HỢP (Kèm theo văn bản số 1186/UBND-MH) Nội dung.") {
			t.Errorf("%d pages: %s", len(pages), all)
		}
	}
}

// docxOf is a template with that body.
func docxOf(t *testing.T, body string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>`+body+`</w:body></w:document>`)
	for i := 0; i+1 < len(more); i += 2 {
		put(more[i], more[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFill(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a place on its own", `<w:p><w:r><w:t>{{.SoKyHieu}}</w:t></w:r></w:p>`, "437/SNNMT-QLĐĐ\n"},
		{"inside a sentence", `<w:p><w:r><w:t>Số: {{SoKyHieu}}, {{ .DiaDanh }}.</w:t></w:r></w:p>`, "Số: 437/SNNMT-QLĐĐ, Phú Thọ.\n"},
		{"parted by the word processor", `<w:p><w:r><w:t>Số: {{.So</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Ky</w:t></w:r><w:r><w:t>Hieu}} kèm</w:t></w:r></w:p>`, "Số: 437/SNNMT-QLĐĐ kèm\n"},
		{"a paragraph for each line", `<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r><w:t>{{.NoiNhan}}</w:t></w:r></w:p>`, "- Như trên;\n- Giám đốc Sở (để báo cáo);\n- Lưu: VT, QLĐĐ.\n"},
		{"lines in a sentence", `<w:p><w:r><w:t>Ký: {{.TheThucKy}}</w:t></w:r></w:p>`, "Ký: KT. GIÁM ĐỐCPHÓ GIÁM ĐỐC\n"},
		{"no place", `<w:p w:x="1"><w:r><w:t>Trang { này }</w:t></w:r></w:p>`, "Trang { này }\n"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := Fill(&b, docxOf(t, tt.body), sample()); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got, err := texts(b.Bytes()); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
	d := sample()
	d.Subject = `a <b> & "c"`
	var b bytes.Buffer
	if err := Fill(&b, docxOf(t, `<w:p><w:r><w:t>{{.TrichYeu}}</w:t></w:r></w:p>`), d); err != nil {
		t.Fatal(err)
	}
	if got, err := texts(b.Bytes()); err != nil || got != `a <b> & "c"`+"\n" {
		t.Errorf("marks of XML come back as %q, %v", got, err)
	}
}

func TestFillRefuses(t *testing.T) {
	p := func(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }
	tests := []struct {
		name string
		file []byte
		say  string
	}{
		{"a place that is not known", docxOf(t, p("{{.SoKyHiu}}")), "SoKyHiu"},
		{"a place that does not end", docxOf(t, p("Số {{.SoKyHieu")), "lẻ"},
		{"a program of templates", docxOf(t, p("{{range .X}}")), "range"},
		{"no docx", []byte("xin chào"), "DOCX"},
		{"no document in it", func() []byte {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			_, _ = z.Create("x")
			_ = z.Close()
			return b.Bytes()
		}(), "DOCX"},
		{"a macro", docxOf(t, p("x"), "word/vbaProject.bin", "x"), "chương trình"},
		{"a picture from outside", docxOf(t, p("x"), "word/_rels/document.xml.rels", `<Relationships><Relationship Id="r" Type="x/image" Target="http://x/y.png" TargetMode="External"/></Relationships>`), "bên ngoài"},
		{"a template from outside whose address ends like a link", docxOf(t, p("x"), "word/_rels/settings.xml.rels", `<Relationships><Relationship Id="r" Type="x/attachedTemplate" Target="http://x/hyperlink" TargetMode="External"/></Relationships>`), "bên ngoài"},
		{"in other quotes", docxOf(t, p("x"), "word/_rels/settings.xml.rels", `<Relationships><Relationship Id='r' Type='x/attachedTemplate' Target='http://x/' TargetMode='External'/></Relationships>`), "bên ngoài"},
		{"in entities", docxOf(t, p("x"), "word/_rels/settings.xml.rels", `<r:Relationships xmlns:r="y"><r:Relationship Id="r" Type="x/attachedTemplate" Target="http://x/" TargetMode="&#69;xternal"/></r:Relationships>`), "bên ngoài"},
		{"entities of its own", docxOf(t, p("x"), "word/settings.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`), "DOCX"},
		{"a macro under another name", docxOf(t, p("x"), "word/_rels/document.xml.rels", `<Relationships><Relationship Id="r" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="tep.bin"/></Relationships>`), "chương trình"},
		{"a field that runs a program", docxOf(t, `<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\windows\cmd.exe</w:instrText></w:r></w:p>`), "DDEAUTO"},
		{"a field that fetches", docxOf(t, `<w:p><w:fldSimple w:instr=" IncludePicture &quot;http://x/y.png&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>`), "IncludePicture"},
		{"parts that are long when they are opened", func() []byte {
			long := "<x>" + strings.Repeat(" ", 15<<20) + "</x>"
			return docxOf(t, p("x"), "word/a.xml", long, "word/b.xml", long, "word/c.xml", long)
		}(), "quá lớn"},
	}
	for _, tt := range tests {
		err := Fill(io.Discard, tt.file, sample())
		if fault.Kind(err) != fault.Invalid || !strings.Contains(err.Error(), tt.say) {
			t.Errorf("%s: %v, want a refusal with %q", tt.name, err, tt.say)
		}
	}
	if err := CheckTemplate(docxOf(t, p("{{.NoiDung}}"), "word/_rels/document.xml.rels", `<Relationships><Relationship Id="r" Type="x/hyperlink" Target="http://x/" TargetMode="External"/></Relationships>`)); err != nil {
		t.Errorf("a link that a person may follow: %v", err)
	}
}

// What DOCX writes is itself a sound template: whoever begins one starts from it.
func TestOwnLayoutIsATemplate(t *testing.T) {
	var b bytes.Buffer
	if err := DOCX(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if err := CheckTemplate(b.Bytes()); err != nil {
		t.Error(err)
	}
	for _, k := range Kinds {
		b.Reset()
		if err := DOCX(&b, Starter(k.Kind)); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Fill(&out, b.Bytes(), sample()); err != nil {
			t.Errorf("%s: %v", k.Kind, err)
			continue
		}
		got, err := texts(out.Bytes())
		if err != nil || strings.Contains(got, "{{") || !strings.Contains(got, "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG") || !strings.Contains(got, "\n- Như trên;\n- Giám đốc") {
			t.Errorf("%s: %v\n%s", k.Kind, err, got)
		}
	}
}
