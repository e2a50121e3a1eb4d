package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/upload"
	"lienthong/internal/workday"
)

// An Outlet writes packets into the folder that the document system empties.
type Outlet struct {
	DB     *db.DB
	Files  *blob.Store
	Folder string
}

// Send is the outbox's way of handing a packet over: the file appears whole or not at
// all, under the id of the paper, so that a second time replaces the first. The paper is
// drawn here, after the view and long after the release: no transaction waits for it.
func (o *Outlet) Send(ctx context.Context, m outbox.Message) (err error) {
	defer fault.Wrap(&err, "packet %s", m.Payload)
	var l leaving
	err = o.DB.View(ctx, func(tx *db.Tx) (err error) {
		l, err = packetOf(tx, string(m.Payload))
		return err
	})
	if absent(err) {
		return fmt.Errorf("%w: %w", outbox.Refused, err)
	}
	if err != nil {
		return err
	}
	if err := l.draw(o.Files); err != nil {
		return err
	}
	for _, d := range l.docs {
		f, err := o.Files.Open(blob.Hash(d.Hash))
		if err != nil {
			return fmt.Errorf("file %s: %w", d.Name, err)
		}
		defer f.Close()
		l.Appendixes = append(l.Appendixes, d.Name)
		l.Files = append(l.Files, edxml.File{ID: d.ID, Name: d.Name, Media: d.MediaType, Sum: d.Hash, Body: f})
	}
	return o.write(string(m.Payload), l.Packet)
}

// A leaving is a packet on its way out with what it will carry.
type leaving struct {
	*edxml.Packet
	print paper.Print         // the released paper, not drawn yet
	docs  []casefile.Document // the files that were released with it
}

// draw puts the released paper into the packet, as PDF and as DOCX, before every other
// file, and says how many pages it has.
func (l *leaving) draw(files *blob.Store) error {
	var pdf, docx bytes.Buffer
	pages, err := paper.Pages(&pdf, l.print.Document)
	if err != nil {
		return err
	}
	if err := l.print.Write(&docx, files); err != nil {
		return err
	}
	l.Pages = strconv.Itoa(pages)
	for _, f := range []struct {
		ending, media, say string
		body               []byte
	}{{"pdf", "application/pdf", "Văn bản phát hành", pdf.Bytes()}, {"docx", paper.DocxType, "Văn bản phát hành, bản soạn thảo", docx.Bytes()}} {
		sum := sha256.Sum256(f.body)
		l.Files = append(l.Files, edxml.File{ID: "van-ban." + f.ending, Name: l.print.FileName() + "." + f.ending, Media: f.media, Description: f.say,
			Sum: hex.EncodeToString(sum[:]), Body: bytes.NewReader(f.body)})
	}
	return nil
}

// A packet is written beside its place and renamed: the other system never reads half of one.
func (o *Outlet) write(id string, p *edxml.Packet) (err error) {
	if err := os.MkdirAll(o.Folder, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(o.Folder, ".goi-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	err = edxml.Write(f, p)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(o.Folder, id+".edxml"))
}

// packetOf builds the packet of a paper that left, from the case as it stands: what was
// sealed meanwhile leaves no more.
func packetOf(tx *db.Tx, id string) (l leaving, err error) {
	var s Sent
	var outer string
	err = tx.One(`SELECT case_id, event_n, sender, receiver, symbol, issued_on, outer_id FROM exchange_out WHERE id = $1`, []any{id},
		&s.Case, &s.EventN, &s.Sender, &s.Receiver, &s.Symbol, &s.IssuedOn, &outer)
	if err != nil {
		return l, err
	}
	who := org.System("exchange")
	c, err := casefile.Get(tx, who, s.Case)
	if err != nil {
		return l, err
	}
	if !c.SealedAt.IsZero() {
		return l, fmt.Errorf("case %s is sealed: %w", s.Case, outbox.Refused)
	}
	p := &edxml.Packet{IssuedOn: s.IssuedOn, Number: s.Symbol, TypeName: "Công văn", Subject: c.Title, DocumentID: outer}
	l.Packet = p
	if p.From, err = organ(tx, s.Sender); err != nil {
		return l, err
	}
	to, err := organ(tx, s.Receiver)
	if err != nil {
		return l, err
	}
	p.To, p.ToPlaces = []edxml.Organ{to}, []string{to.Name}
	p.Trace = []edxml.Trace{{Organ: p.From.ID, At: tx.Now}}
	if strings.HasPrefix(outer, id) && p.From.ID != "" {
		p.DocumentID = p.From.ID + "," + strings.ReplaceAll(s.IssuedOn.String(), "-", "/") + "," + s.Symbol
	}
	if l.print, err = paper.OfEvent(tx, who, s.Case, s.EventN); err != nil {
		return l, err
	}
	p.Place, p.Content = l.print.Place, l.print.Text()
	if err := fill(tx, p, c, s.EventN); err != nil {
		return l, err
	}
	all, err := casefile.Documents(tx, who, s.Case)
	for _, d := range all {
		if d.EventN == s.EventN && !d.Sealed && d.Scan != upload.Infected {
			l.docs = append(l.docs, d)
		}
	}
	return l, err
}

// fill takes the signer and what is answered from the event.
func fill(tx *db.Tx, p *edxml.Packet, c *casefile.Case, n int64) error {
	e, err := casefile.EventAt(tx, org.System("exchange"), c.ID, n)
	if err != nil {
		return err
	}
	p.Signer, p.Position, p.Competence = e.Facts["signer_name"], e.Facts["signer_title"], e.Facts["capacity"]
	if e.Kind == "petition.raised" {
		return nil
	}
	p.Subject = "Trả lời kiến nghị: " + c.Title
	q, err := petition.Get(tx, org.System("exchange"), c.ID)
	if err != nil || q.Symbol == "" {
		return err
	}
	on, err := workday.ParseDate(q.IssuedOn)
	if err != nil {
		return err
	}
	raiser, err := organ(tx, c.Raiser)
	p.Answers = []edxml.Reference{{Organ: raiser.ID, Code: q.Symbol, IssuedOn: on, DocumentID: raiser.ID + "," + strings.ReplaceAll(q.IssuedOn, "-", "/") + "," + q.Symbol}}
	return err
}

// organ is a unit as packets name it; without a code the packet is not written and says so.
func organ(tx *db.Tx, unit org.UnitID) (o edxml.Organ, err error) {
	u, err := org.UnitOf(tx, unit)
	if err != nil {
		return o, err
	}
	codes, err := UnitOf(tx, unit)
	o.Name = u.Name
	if len(codes.Codes) > 0 {
		o.ID = codes.Codes[0]
	}
	return o, err
}
