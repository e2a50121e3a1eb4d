package story

import (
	"bytes"
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// packet: packet KN-1 12/UBND-VP 2026-02-10 from=H44.100 to=H44.30 at='2026-02-10 09:15'
// subject='…' [text='…'], as it lies in the folder of the document system. It is written
// and read like any packet, then taken: "opened KN-0001/2026", "joined …", "waiting kind".
// The label names the case that it opened or joined.
func packet(r *run, g given) (string, error) {
	on, err := workday.ParseDate(g.at(2))
	if err != nil {
		return "", err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", g.named["at"], workday.Office)
	if err != nil {
		return "", err
	}
	p := &edxml.Packet{From: edxml.Organ{ID: g.named["from"], Name: "nơi gửi"}, To: []edxml.Organ{{ID: g.named["to"], Name: "nơi nhận"}}, Number: g.at(1), IssuedOn: on,
		Subject: g.named["subject"], Content: g.named["text"], Signer: "Người ký", Position: "Chức vụ", DocumentID: g.at(1), Trace: []edxml.Trace{{Organ: g.named["to"], At: at}}}
	var wire bytes.Buffer
	if err := edxml.Write(&wire, p); err != nil {
		return "", err
	}
	if p, err = edxml.Read(&wire, edxml.Limits{}); err != nil {
		return "", err
	}
	in := exchange.Intake{DB: r.office.DB}
	d, fresh, err := in.Place(r.ctx, exchange.Of(p))
	if err != nil {
		return "", err
	}
	out := fmt.Sprintf("%s %s", d.State, d.WaitsFor)
	if !fresh {
		out = "again " + out
	}
	if d.Case == "" {
		return out, nil
	}
	r.labels[g.at(0)] = string(d.Case)
	return out, r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		p, err := petition.Get(tx, org.System("story"), d.Case)
		out += " " + p.Code
		return err
	})
}
