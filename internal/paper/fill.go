package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"regexp"
	"strings"

	"lienthong/internal/fault"
)

// A TemplateField is one place that a template may name as {{.SoKyHieu}}.
type TemplateField struct {
	Name string
	Say  string
	of   func(d *Document) []string // its lines
}

// TemplateFields are the places of templates in the order of the guide.
var TemplateFields = []TemplateField{
	{"CoQuanCapTren", "cơ quan cấp trên trực tiếp, chữ in hoa", func(d *Document) []string { return one(upper(d.Over)) }},
	{"CoQuan", "cơ quan ban hành, chữ in hoa", func(d *Document) []string { return one(upper(d.Unit)) }},
	{"SoKyHieu", "số, ký hiệu: “37/STP-HCTP”", func(d *Document) []string { return one(d.Symbol) }},
	{"DiaDanh", "địa danh: “Phú Thọ”", func(d *Document) []string { return one(d.Place) }},
	{"NgayThang", "“ngày 03 tháng 8 năm 2025”", func(d *Document) []string { return one(strings.TrimPrefix(d.Dated(), d.Place+", ")) }},
	{"TenLoai", "tên loại văn bản; công văn để trống", func(d *Document) []string { return one(d.Name) }},
	{"TrichYeu", "trích yếu, không có “V/v”", func(d *Document) []string { return one(lowerFirst(d.Subject)) }},
	{"KinhGui", "nơi gửi, mỗi nơi một dòng", func(d *Document) []string { return d.To }},
	{"NoiDung", "nội dung, mỗi đoạn một dòng", (*Document).lines},
	{"TheThucKy", "thể thức đề ký và chức vụ, mỗi dòng một ý", func(d *Document) []string { return d.Capacity }},
	{"NguoiKy", "họ tên người ký", func(d *Document) []string { return one(d.Signer) }},
	{"NoiNhan", "nơi nhận, mỗi nơi một dòng, có gạch đầu dòng", func(d *Document) []string { return dashed(d.Receivers) }},
	{"MaTheoDoi", "mã theo dõi của hệ thống", func(d *Document) []string { return one(d.Code) }},
	{"TrangThai", "“Dự thảo, bản 2”; văn bản đã phát hành để trống", func(d *Document) []string { return one(d.State) }},
}

// A placeholder with one value.
func one(s string) []string { return []string{s} }

// dashed puts a dash before each line; a place of a template brings its own.
func dashed(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		if out[i] = "- " + s; strings.HasPrefix(s, "{{") {
			out[i] = s
		}
	}
	return out
}

// lines are the body as paragraphs; a row of a table is one.
func (d *Document) lines() (all []string) {
	for i := range d.Body {
		b := &d.Body[i]
		if b.Heading != "" {
			all = append(all, b.Heading)
		}
		all = append(all, paragraphs(b.Text)...)
		if b.Table != nil {
			for _, r := range append([][]string{b.Table.Head}, b.Table.Rows...) {
				if len(r) > 0 {
					all = append(all, strings.Join(r, "; "))
				}
			}
		}
	}
	return all
}

// What a template may be: a file of a few pages without pictures in number.
const (
	mostTemplate = 5 << 20
	mostPart     = 20 << 20 // of one part, unpacked
	mostParts    = 500
	mostUnpacked = 40 << 20 // of all parts together: a packed file may be a thousand times as long when it is opened
)

var (
	placeholder = regexp.MustCompile(`\{\{\s*\.?\s*([^{}]*?)\s*\}\}`)
	openBrace   = regexp.MustCompile(`\{\{|\}\}`)
	wordPara    = regexp.MustCompile(`(?s)<w:p(?: [^>]*)?>.*?</w:p>`)
	wordText    = regexp.MustCompile(`(?s)(<w:t(?: [^>]*)?>)(.*?)(</w:t>)`)
)

// Fill puts the document's values into the places of a DOCX template and writes it to w.
// A place that is not known is a fault.Invalid that names it, and so is a file that is no
// DOCX, holds a program (macro), or asks for something from outside.
func Fill(w io.Writer, template []byte, d *Document) (err error) {
	defer fault.Wrap(&err, "fill template")
	parts, err := unpack(template)
	if err != nil {
		return err
	}
	// asked once for the whole file: a place may stand in it several times
	values := map[string][]string{}
	for _, f := range TemplateFields {
		values[f.Name] = f.of(d)
	}
	z := zip.NewWriter(w)
	for _, p := range parts {
		body := p.body
		if textPart(p.name) { // all others go through as they are
			filled, err := fillPart(string(body), values)
			if err != nil {
				return err
			}
			body = []byte(filled)
		}
		out, err := z.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := out.Write(body); err != nil {
			return err
		}
	}
	return z.Close()
}

// textPart says whether a part of a DOCX holds texts that are printed.
func textPart(name string) bool {
	dir, file := path.Split(name)
	return dir == "word/" && path.Ext(file) == ".xml" && (file == "document.xml" || strings.HasPrefix(file, "header") || strings.HasPrefix(file, "footer"))
}

// A file inside a DOCX.
type zipPart struct {
	name string
	body []byte
}

// unpack reads a template's parts and refuses what it must not hold.
func unpack(template []byte) (parts []zipPart, err error) {
	bad := func(format string, args ...any) error { return fault.Field("file", format, args...) }
	if len(template) > mostTemplate {
		return nil, bad("Mẫu nặng quá 5 MB.")
	}
	z, err := zip.NewReader(bytes.NewReader(template), int64(len(template)))
	if err != nil || len(z.File) > mostParts {
		return nil, bad("Tệp không phải là văn bản DOCX đọc được.")
	}
	found, total := false, 0
	for _, f := range z.File {
		if strings.Contains(strings.ToLower(f.Name), "vbaproject") || strings.HasPrefix(f.Name, "word/embeddings/") || strings.HasPrefix(f.Name, "word/activeX/") {
			return nil, bad("Mẫu có chương trình hoặc tệp nhúng bên trong; hãy bỏ đi rồi tải lên lại.")
		}
		r, err := f.Open()
		if err != nil {
			return nil, bad("Tệp không phải là văn bản DOCX đọc được.")
		}
		// one byte more than allowed, so that a part that is too long is noticed
		body, err := io.ReadAll(io.LimitReader(r, mostPart+1))
		r.Close()
		total += len(body)
		if err != nil || len(body) > mostPart || total > mostUnpacked {
			return nil, bad("Tệp không phải là văn bản DOCX đọc được, hoặc quá lớn khi mở ra.")
		}
		if err := harmless(f.Name, body); err != nil {
			return nil, err
		}
		found = found || f.Name == "word/document.xml"
		parts = append(parts, zipPart{f.Name, body})
	}
	if !found {
		return nil, bad("Tệp không phải là văn bản DOCX đọc được.")
	}
	return parts, nil
}

// fillPart fills one part, paragraph by paragraph: a word processor may have parted a
// place into several runs. A paragraph that is nothing but a place of several lines comes
// once for each line; anywhere else lines are parted by breaks.
func fillPart(part string, values map[string][]string) (out string, err error) {
	out = wordPara.ReplaceAllStringFunc(part, func(p string) string {
		if err != nil || strings.Count(p, "<w:p>")+strings.Count(p, "<w:p ") > 1 {
			return p // a box of text inside: its own paragraphs are reached when they stand alone
		}
		var filled string
		if filled, err = fillParagraph(p, values); err != nil {
			return p
		}
		return filled
	})
	return out, err
}

// Word processors cut a text into runs at will: a placeholder is looked for in the joined text and put
// into its first run.
func fillParagraph(p string, values map[string][]string) (string, error) {
	// what a reader sees as one sentence may be a dozen runs
	spans := wordText.FindAllStringSubmatchIndex(p, -1)
	var joined strings.Builder
	for _, s := range spans {
		joined.WriteString(p[s[4]:s[5]])
	}
	text := joined.String()
	places := placeholder.FindAllStringSubmatchIndex(text, -1)
	if len(places) == 0 {
		if openBrace.MatchString(text) {
			return "", fault.Field("file", "Trong mẫu có dấu {{ hoặc }} lẻ ở đoạn “%.60s”.", text)
		}
		return p, nil
	}
	for _, at := range places {
		if _, ok := values[text[at[2]:at[3]]]; !ok {
			return "", fault.Field("file", "Mẫu có trường {{.%.60s}} mà hệ thống không biết. Các trường dùng được: %s.", text[at[2]:at[3]], fieldNames())
		}
	}
	if whole := places[0]; len(places) == 1 && strings.TrimSpace(text[:whole[0]]+text[whole[1]:]) == "" {
		var all strings.Builder
		lines := values[text[whole[2]:whole[3]]]
		if len(lines) == 0 { // an empty paragraph keeps the room the template gave it
			lines = one("")
		}
		for _, line := range lines {
			all.WriteString(replaceSpans(p, spans, places, func(string) string { return escaped(line) }))
		}
		return all.String(), nil
	}
	return replaceSpans(p, spans, places, func(name string) string {
		lines := make([]string, len(values[name]))
		for i, line := range values[name] {
			lines[i] = escaped(line)
		}
		return strings.Join(lines, `</w:t><w:br/><w:t xml:space="preserve">`)
	}), nil
}

// replaceSpans writes a paragraph with its places replaced: the value goes into the run in
// which the place begins, the rest of the place is taken out of the runs behind.
func replaceSpans(p string, spans, places [][]int, value func(name string) string) string {
	var text strings.Builder
	for _, s := range spans {
		text.WriteString(p[s[4]:s[5]])
	}
	all := text.String()
	var b strings.Builder
	// last counts in p, from in the joined text: a place is found in the one, and
	// written into the other
	last, from := 0, 0
	for _, s := range spans {
		to := from + s[5] - s[4]
		b.WriteString(p[last:s[2]])
		// a run that ends in a blank would lose it
		b.WriteString(`<w:t xml:space="preserve">`)
		at := from
		for _, place := range places {
			if place[1] <= from || place[0] >= to { // of other runs
				continue
			}
			b.WriteString(all[at:max(at, place[0])])
			if place[0] >= from {
				b.WriteString(value(all[place[2]:place[3]]))
			}
			at = min(to, place[1])
		}
		b.WriteString(all[at:to])
		last, from = s[5], to
	}
	return b.String() + p[last:]
}

// The placeholders there are, for the sentence that refuses another.
func fieldNames() string {
	names := make([]string, len(TemplateFields))
	for i, f := range TemplateFields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}
