package api

import (
	"mime"
	"net/http"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
)

// printing are the routes that hand out papers as files.
func (s *Server) printing() []route {
	file := func(path, id, say string, do func(c *call) error) route {
		return route{method: "GET", path: path, id: id, say: say, tag: tagPaper, status: http.StatusOK, media: "application/octet-stream", do: do}
	}
	return []route{
		file("/api/v1/cases/{id}/papers/{name}", "paperFile", "Tải một văn bản theo thể thức: name là mã văn bản kèm .pdf hoặc .docx.", (*call).paperFile),
		file("/api/v1/cases/{id}/slips/{name}", "slipFile", "In phiếu của một việc: name là to-trinh.pdf (phiếu trình) hoặc phieu-giai-quyet.pdf, hoặc đuôi .docx.", (*call).slipFile),
	}
}

// A paper of a case as PDF or DOCX, drawn now from what the case says.
func (c *call) paperFile() error {
	return c.printFile(func(tx *db.Tx, who org.Actor, name string) (paper.Print, error) {
		return paper.Compose(tx, who, casefile.ID(c.id), signoff.ID(name))
	})
}

// A slip of a case for a leader who directs by hand.
func (c *call) slipFile() error {
	return c.printFile(func(tx *db.Tx, who org.Actor, name string) (paper.Print, error) {
		return paper.Slip(tx, who, casefile.ID(c.id), paper.Kind(name))
	})
}

// printFile reads under the token's rights and draws outside the transaction.
func (c *call) printFile(read func(tx *db.Tx, who org.Actor, name string) (paper.Print, error)) error {
	name, ext, _ := strings.Cut(c.r.PathValue("name"), ".")
	if ext != "pdf" && ext != "docx" || !db.Storable(name) {
		return fault.NotFound
	}
	var p paper.Print
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		p, err = read(tx, who, name)
		return err
	})
	if err != nil {
		return err
	}
	file, media, body, err := p.File(ext, c.s.Blob)
	if err == nil {
		c.sendFile(file, media, body)
	}
	return err
}

// sendFile answers bytes that the program made, to be saved.
func (c *call) sendFile(name, media string, body []byte) {
	h := c.w.Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": upload.Name(name)}))
	c.send(http.StatusOK, media, body)
}
