package web

import (
	"strings"

	"lienthong/internal/paper"
	"lienthong/internal/signoff"
)

// An officialPaper is a paper in the parts that the layout of official papers has
// (NĐ 30/2020, Phụ lục I): each stands in its own place on the sheet.
type officialPaper struct {
	Over      string // the body above; empty where the unit speaks for itself
	Unit      string
	Number    string // "Số: 37/STP-HCTP"; open while there is none
	Subject   string
	Dated     string   // place and day
	To        string   // the addressee
	Body      []part   // paragraphs, as typed
	Capacity  []string // lines above the name: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"
	Signer    string
	Receivers []string // "Nơi nhận"
	Code      string   // tracking code, in the foot
	State     string   // what the sheet is not yet: a draft, unsigned
}

// official lays a paper out as it is printed from the page: the same parts as its PDF.
func (s *Server) official(x *reading, p *signoff.Paper, body []part) (o officialPaper, err error) {
	d, err := paper.Of(x.tx, x.who, p)
	if err != nil {
		return o, err
	}
	o = officialPaper{Over: strings.ToUpper(d.Over), Unit: strings.ToUpper(d.Unit), Number: d.Number(), Subject: d.About(), Dated: d.Dated(),
		To: strings.Join(d.To, "; "), Body: body, Capacity: d.Capacity, Signer: d.Signer, Receivers: d.Receivers, State: d.State}
	if p.Guidance {
		o.Number = "(hướng dẫn nghiệp vụ, không lấy số)"
	}
	return o, nil
}
