package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"lienthong/internal/fault"
)

// fetching are the fields by which a document runs a program or reads another file when it
// is opened or printed.
var fetching = regexp.MustCompile(`(?i)\b(DDE|DDEAUTO|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|RD|DATABASE|MACROBUTTON)\b`)

// harmless refuses a part of a template that would do something on the machine of whoever
// opens a paper made of it: the template is one person's, the papers are the unit's. The
// part is read as XML, as a word processor reads it: how a name is quoted or written in
// entities makes no difference.
func harmless(name string, body []byte) error {
	ext := strings.ToLower(path.Ext(name))
	if ext != ".rels" && ext != ".xml" {
		return nil
	}
	var fields strings.Builder
	inField := false
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // what cannot be read cannot be looked at
			return fault.Field("file", "Tệp không phải là văn bản DOCX đọc được.")
		}
		switch t := token.(type) {
		case xml.Directive: // a DOCX declares no entities
			return fault.Field("file", "Tệp không phải là văn bản DOCX đọc được.")
		case xml.StartElement:
			if err := lookAt(t, &fields); err != nil {
				return err
			}
			inField = t.Name.Local == "instrText"
		case xml.EndElement:
			inField = false
		case xml.CharData:
			if inField {
				fields.Write(t)
			}
		}
	}
	if f := fetching.FindString(fields.String()); f != "" {
		return fault.Field("file", "Mẫu có trường %s, tự chạy chương trình hoặc tự lấy tệp khác khi mở; hãy bỏ đi rồi tải lên lại.", f)
	}
	return nil
}

// lookAt looks at one element: a relation that leads outside, a part that is a program, a
// field in an attribute. A link that a person clicks is his choice; a picture or template
// fetched on opening is not.
func lookAt(t xml.StartElement, fields *strings.Builder) error {
	at := map[string]string{}
	for _, a := range t.Attr {
		at[a.Name.Local] = a.Value
	}
	kind := strings.ToLower(at["Type"] + at["ContentType"])
	switch {
	case t.Name.Local == "Relationship" && strings.EqualFold(at["TargetMode"], "External") && !strings.HasSuffix(kind, "/hyperlink"):
		return fault.Field("file", "Mẫu lấy hình ảnh hoặc mẫu khác từ bên ngoài; hãy nhúng vào tệp rồi tải lên lại.")
	case strings.Contains(kind, "vbaproject") || strings.Contains(kind, "macroenabled") || strings.HasSuffix(kind, "/oleobject") || strings.HasSuffix(kind, "/afchunk") || strings.HasSuffix(kind, "/control"):
		return fault.Field("file", "Mẫu có chương trình hoặc tệp nhúng bên trong; hãy bỏ đi rồi tải lên lại.")
	case t.Name.Local == "fldSimple":
		fields.WriteString(" " + at["instr"] + " ")
	}
	return nil
}
