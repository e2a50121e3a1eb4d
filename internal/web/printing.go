package web

import (
	"net/http"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// printing lists what leaves the pages as a file: papers and slips of a case, lists as
// spreadsheets.
func (s *Server) printing() {
	s.templateRoutes()
	s.handle("GET /cases/{case}/papers/{file}", s.paperFile)
	s.handle("GET /cases/{case}/slips/{file}", s.slipFile)
	s.handle("GET /export/jobs/{job}", s.exportPage)
	s.handle("GET /export/jobs/{job}/file", s.exportFile)
}

// paperFile hands out one paper as PDF or DOCX, always to be saved. Its address ends in
// the paper's id and the form that is wanted.
func (s *Server) paperFile(w http.ResponseWriter, r *http.Request) error {
	return s.printFile(w, r, func(tx *db.Tx, who org.Actor, of casefile.ID, name string) (paper.Print, error) {
		return paper.Compose(tx, who, of, signoff.ID(name))
	})
}

// slipFile hands out a slip for leaders who direct on paper.
func (s *Server) slipFile(w http.ResponseWriter, r *http.Request) error {
	return s.printFile(w, r, func(tx *db.Tx, who org.Actor, of casefile.ID, name string) (paper.Print, error) {
		return paper.Slip(tx, who, of, paper.Kind(name))
	})
}

// printFile reads under the officer's rights first and draws outside the transaction.
func (s *Server) printFile(w http.ResponseWriter, r *http.Request, read func(tx *db.Tx, who org.Actor, of casefile.ID, name string) (paper.Print, error)) error {
	name, ext, _ := strings.Cut(r.PathValue("file"), ".")
	if ext != "pdf" && ext != "docx" {
		return fault.NotFound
	}
	var p paper.Print
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		p, err = read(tx, who, casefile.ID(r.PathValue("case")), name)
		return err
	})
	if err != nil {
		return err
	}
	file, media, body, err := p.File(ext, s.Blobs)
	if err != nil {
		return err
	}
	sendFile(w, file, media, body)
	return nil
}

// sendFile sends bytes that the program made, to be saved under a Vietnamese name and
// never to be shown inside our own pages.
func sendFile(w http.ResponseWriter, name, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", attachment(name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Length", itoa(int64(len(body))))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a browser that went away is not a fault of ours
}

// slipTools are the slips that every case can be printed as.
func slipTools(id casefile.ID) []ui.Button {
	at := "/cases/" + string(id) + "/slips/"
	return []ui.Button{{Label: "In phiếu trình", Href: at + string(paper.Submission) + ".pdf"},
		{Label: "In phiếu giải quyết văn bản", Href: at + string(paper.Incoming) + ".pdf"}}
}

// paperTools are the files that a paper can be had as.
func paperTools(p *signoff.Paper) []ui.Button {
	at := "/cases/" + string(p.Case) + "/papers/" + string(p.ID)
	return []ui.Button{{Label: "Tải PDF", Href: at + ".pdf"}, {Label: "Tải DOCX", Href: at + ".docx"}}
}

// printedAnswer is an answer's letter as a file: its paper, or what went out in one step.
func (x *reading) printedAnswer(a petition.Answer) []ui.File {
	name := a.PaperID
	if name == "" {
		name = paper.AnswerName(a.Round)
	}
	return x.printedAs(name)
}

// printedRaise is the commune's letter as a file.
func (x *reading) printedRaise() []ui.File {
	for _, p := range x.s.Papers {
		if p.Kind == petition.PaperRaise && p.State == signoff.Released {
			return x.printedAs(string(p.ID))
		}
	}
	return x.printedAs(paper.RaisedName)
}

// The printed form of a slip or paper.
func (x *reading) printedAs(name string) []ui.File {
	return []ui.File{{Name: "Bản in theo thể thức (PDF)", Href: "/cases/" + string(x.p.ID) + "/papers/" + name + ".pdf"}}
}
