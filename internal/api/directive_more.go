package api

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	reader "lienthong/internal/extract/read"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/upload"
	"lienthong/internal/vntext"
)

// rereadDirective reads the text again; between the two transactions nobody can change it,
// and the version guards the rest.
func (c *call) rereadDirective(*noneIn) error {
	var text string
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		d, err := directive.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return err
		}
		text, err = directive.TextOf(tx, d)
		return err
	})
	if err != nil {
		return err
	}
	doc := extract.Text(text) // outside a transaction: it is long work without the store
	return c.onDirective(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Directive, error) {
		reading, err := propose.From(tx, doc)
		if err != nil {
			return nil, err
		}
		return directive.Reread(tx, who, id, reading, c.version)
	})
}

// textOf is the text of a document that is entered: as it was sent, or as the first of its
// files has it, read before the transaction as on the page. A file that is not there any
// more leaves it empty: the act itself refuses it, and a repeat is answered from its key.
func (c *call) textOf(in *takeIn) (string, error) {
	text := vntext.NFC(strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n")))
	switch {
	case text == "" && len(in.Attachments) == 0:
		return "", fault.Field("text", "Gửi toàn văn ở text, hoặc tệp văn bản đã tải lên ở attachments.")
	case text != "":
		return text, nil
	}
	var f upload.File
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err == nil {
			err = directive.MayTake(tx, who) // before the work: a PDF may take seconds
		}
		if err == nil {
			f, err = upload.Find(tx, who.Officer, in.Attachments[0])
		}
		return err
	})
	if fault.Kind(err) == fault.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	from, err := c.s.Blob.Open(blob.Hash(f.Hash))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(from)
	if closeErr := from.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", err
	}
	text, err = reader.Bytes(c.ctx, f.Name, b)
	if why, ok := fault.Sentence(err); ok {
		return "", fault.Field("attachments", "Không đọc được “%s”: %s. Gửi toàn văn ở text cùng tệp gốc này ở attachments.", f.Name, strings.TrimRight(why.Say, ". "))
	}
	return vntext.NFC(text), err
}

// readerFigures are counts over all released directives, of no case and no person.
type readerFigures struct {
	Documents int64            `json:"documents" doc:"văn bản đã ban hành nhiệm vụ"`
	Read      int64            `json:"read" doc:"đề xuất của máy"`
	Kept      int64            `json:"kept" doc:"giữ nguyên"`
	Edited    int64            `json:"edited" doc:"sửa một phần"`
	Parts     map[string]int64 `json:"parts" doc:"phần nào bị sửa: lead, coordinating, content, clause, deadline, request"`
	Split     int64            `json:"split"`
	Merged    int64            `json:"merged"`
	Dropped   int64            `json:"dropped" doc:"không phải nhiệm vụ"`
	Added     int64            `json:"added" doc:"máy bỏ sót"`
	Precision float64          `json:"precision" doc:"phần đề xuất thành nhiệm vụ, 0 đến 1"`
	Untouched float64          `json:"untouched" doc:"phần không ai phải sửa, 0 đến 1"`
}

func (c *call) readerFigures() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		f, err := directive.ReadFigures(tx)
		return readerFigures{f.Documents, f.Read, f.Kept, f.Edited, f.Parts, f.Split, f.Merged, f.Dropped, f.Added, f.Precision(), f.Untouched()}, 0, err
	})
}

type returnUpIn struct {
	Reason string `json:"reason"`
	Unit   string `json:"unit,omitempty" doc:"đơn vị phối hợp; bỏ trống là đơn vị chủ trì"`
}

func (c *call) returnAssignmentUp(in *returnUpIn) error {
	return c.onAssignment(func(tx *db.Tx, who org.Actor, id casefile.ID) (*directive.Assignment, error) {
		return directive.ReturnUp(tx, who, id, org.UnitID(in.Unit), in.Reason, c.version)
	})
}

type mergedIn struct {
	From string `json:"from" doc:"đơn vị đã kết thúc hoạt động"`
}

type mergedOut struct {
	Done int  `json:"done" doc:"số nhiệm vụ đã chuyển lần này"`
	Left bool `json:"left" doc:"còn nhiệm vụ của đơn vị đó"`
}

func (c *call) handMerged(in *mergedIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		n, left, err := directive.HandMerged(tx, who, org.UnitID(in.From))
		return mergedDone(mergedOut{n, left}), err
	})
}

// mergedDone keeps what was done in the place that a repeat is answered from: the
// assignments are many, and none of them says it.
func mergedDone(out mergedOut) done {
	return done{status: http.StatusOK, location: assignmentsPath + "merged/" + strconv.Itoa(out.Done) + "-" + strconv.FormatBool(out.Left), body: &out}
}

// mergedOf reads it back; an assignment's own id has no hyphen.
func mergedOf(id string) (out mergedOut, ok bool) {
	n, left, ok := strings.Cut(id, "-")
	if !ok {
		return out, false
	}
	var err error
	out.Done, err = strconv.Atoi(n)
	out.Left = left == "true"
	return out, err == nil
}
