package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"lienthong/internal/extract"
	"lienthong/internal/extract/read"
)

// extractCmd reads a directive and prints the tasks it proposes; nothing is stored.
type extractCmd struct {
	File string `arg:"" help:"Văn bản: .txt, .docx, .pdf, .doc." type:"path"`
	JSON bool   `name:"json" help:"In dạng JSON."`
}

// Run prints what was read: JSON, or a short list for a person.
func (c *extractCmd) Run(a *app) error {
	text, err := read.File(a.ctx, c.File)
	if err != nil {
		return err
	}
	d := extract.Text(text)
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(d)
	}
	printDirective(a, d)
	return nil
}

func printDirective(a *app, d extract.Document) {
	for _, f := range []struct {
		name  string
		value *string
	}{{"Số", d.Number}, {"Ngày", d.Date}, {"Cơ quan", d.Issuer}, {"Loại", d.Type}, {"Trích yếu", d.Subject}, {"Người ký", d.Signer}} {
		v := "không thấy"
		if f.value != nil {
			v = *f.value
		}
		fmt.Fprintf(a.out, "%-10s %s\n", f.name+":", v)
	}
	for _, t := range d.Tasks {
		due := "không nêu hạn"
		switch {
		case t.Deadline != nil:
			due = *t.Deadline
		case t.DeadlineText != nil:
			due = "“" + *t.DeadlineText + "”"
		}
		fmt.Fprintf(a.out, "\n[%s] %s (%s)\n    %s\n", t.Clause, strings.Join(t.Lead, "; "), due, t.Content)
	}
	for _, w := range d.Warnings {
		fmt.Fprintln(a.out, "Lưu ý:", w)
	}
}
