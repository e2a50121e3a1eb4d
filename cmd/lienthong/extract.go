package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"lienthong/internal/extract"
	"lienthong/internal/extract/measure"
	"lienthong/internal/extract/read"
	"lienthong/internal/extract/second"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// extractCmd reads a directive and prints the tasks it proposes; nothing is stored.
type extractCmd struct {
	File  string `arg:"" optional:"" help:"Văn bản: .txt, .docx, .pdf, .doc." type:"path"`
	JSON  bool   `name:"json" help:"In dạng JSON."`
	Score string `help:"Đo trên thư mục văn bản đã chú giải (TÊN.txt, TÊN.json)." placeholder:"THƯ-MỤC" type:"path"`

	Second string `help:"Hỏi thêm người đọc thứ hai ở địa chỉ này (giao thức chat completions); khoá đọc từ LIENTHONG_READER_KEY. Văn bản rời máy này." placeholder:"ĐỊA-CHỈ"`
	Model  string `help:"Mô hình của người đọc thứ hai." placeholder:"TÊN"`

	PDFLayer string `name:"pdf-layer" hidden:"" type:"path"`
}

// Run prints what was read: JSON, or a short list for a person.
func (c *extractCmd) Run(a *app) error {
	switch {
	case c.PDFLayer != "": // the program started by itself, see read.LayerFlag
		return read.Layer(c.PDFLayer, a.out)
	case c.Score != "":
		return scoreFolder(a, c.Score)
	case c.File == "":
		return fault.Refuse(fault.Invalid, "cần tên tệp văn bản, hoặc --score và thư mục đã chú giải")
	}
	text, err := read.File(a.ctx, c.File)
	if err != nil {
		return err
	}
	// a state secret has no place on this machine; its text is not shown further
	if mark, found := vntext.SecretMark(text); found {
		return fault.Refuse(fault.Invalid, "văn bản có dấu %s, không đọc trên máy này", mark)
	}
	d := reading{Document: extract.Text(text)}
	if c.Second != "" {
		if d.Second, err = c.second(a, text, d.Date); err != nil {
			return err
		}
	}
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(d)
	}
	printDirective(a, d.Document)
	if d.Second != nil {
		fmt.Fprintln(a.out, "\nNgười đọc thứ hai (mô hình ngôn ngữ) đề xuất, chưa ai đối chiếu:")
		printProposals(a, d.Second)
	}
	return nil
}

// A reading is what the grammar read and, where it was asked, what the second reader
// proposed: apart, so that nobody takes one for the other.
type reading struct {
	extract.Document
	Second []extract.Proposal `json:"second,omitempty"`
}

// mostSecond and secondWait bound what one call from a command line sends and waits for;
// a server's own bounds are settings.
const (
	mostSecond = 200 << 10
	secondWait = 2 * time.Minute
)

// second asks the second reader and says on the side what left and what was dropped.
func (c *extractCmd) second(a *app, text string, issued *string) ([]extract.Proposal, error) {
	to := second.Config{Address: c.Second, Model: c.Model, Key: os.Getenv("LIENTHONG_READER_KEY"), Timeout: secondWait, Most: mostSecond}
	var on time.Time
	if issued != nil {
		on, _ = time.Parse(time.DateOnly, *issued) // a day that the reader itself wrote
	}
	answer, err := to.Ask(a.ctx, text, on)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.problems, "đã gửi %d byte đến %s; bỏ %d đề xuất không có trong văn bản\n", answer.Sent, to.Host(), answer.Dropped)
	return append([]extract.Proposal{}, answer.Tasks...), nil
}

// scoreFolder measures the reader on annotated documents; what differs goes to the
// problems, the figures to the output.
func scoreFolder(a *app, dir string) error {
	r, err := measure.Folder(dir, a.problems)
	if err != nil {
		return fault.Refuse(fault.Invalid, "không đo được: thư mục %s không có văn bản đã chú giải", dir)
	}
	fmt.Fprintf(a.out, "documents %d, tasks %d, proposed %d, matched %d\n", r.Documents, r.Truth, r.Predicted, r.Matched)
	fmt.Fprintf(a.out, "header %.4f\ntasks F1 %.4f\nlead F1 %.4f\n", r.Header(), r.Found(), r.Lead())
	fmt.Fprintf(a.out, "deadline %.4f (of those with one %d/%d, false %d)\n", r.Deadline(), r.DatedRight, r.Dated, r.FalseDates)
	fmt.Fprintf(a.out, "recurrence %d/%d\ncoordinating F1 %.4f\n", r.RecurringRight, r.Recurring, r.Coordinating())
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
	printProposals(a, d.Tasks)
	for _, w := range d.Warnings {
		fmt.Fprintln(a.out, "Lưu ý:", w)
	}
}

func printProposals(a *app, tasks []extract.Proposal) {
	for _, t := range tasks {
		due := "không nêu hạn"
		switch {
		case t.Deadline != nil:
			due = *t.Deadline
		case t.DeadlineText != nil:
			due = "“" + *t.DeadlineText + "”"
		}
		fmt.Fprintf(a.out, "\n[%s] %s (%s)\n    %s\n", t.Clause, strings.Join(t.Lead, "; "), due, t.Content)
	}
}
