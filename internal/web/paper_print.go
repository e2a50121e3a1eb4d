package web

import (
	"strings"

	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// An officialPaper is a paper in the parts that the layout of official papers has
// (NĐ 30/2020, Phụ lục I): each stands in its own place on the sheet.
type officialPaper struct {
	Over      string // the body above; empty where the unit speaks for itself
	Unit      string
	Number    string // "Số: 37/STP-HCTP"; open while there is none
	Subject   string
	Dated     string // place and day
	To        string
	Body      []part
	Capacity  []string // lines above the name: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"
	Signer    string
	Receivers []string
	Code      string // tracking code, in the foot
	State     string // what the sheet is not yet: a draft, unsigned
}

// official lays a paper out as it is printed. What it has no value for yet stays open, as
// on a draft on paper.
func (s *Server) official(x *reading, p *signoff.Paper, body []part) (o officialPaper, err error) {
	u, err := org.UnitOf(x.tx, p.Unit)
	if err != nil {
		return o, err
	}
	o = officialPaper{Unit: strings.ToUpper(u.Name), Subject: "V/v " + lower(strings.TrimPrefix(p.Title, "V/v ")), Body: body, Signer: p.SignerName}
	if !u.Commune() && u.Parent != "" {
		o.Over = strings.ToUpper("Ủy ban nhân dân " + s.Office)
	}
	place := afterKind(s.Office)
	if u.Commune() {
		place = afterKind(u.Place)
	}
	o.Number, o.Dated = "Số: ……/……", place+", ngày …… tháng …… năm "+itoa(int64(workday.Of(x.tx.Now).Year()))
	if p.Symbol != "" {
		o.Number = "Số: " + p.Symbol
		o.Dated = place + inFull(p.IssuedOn)
	}
	if p.Guidance {
		o.Number = "(hướng dẫn nghiệp vụ, không lấy số)"
	}
	o.To = x.names.unit(x.p.Raiser)
	if p.Kind == petition.PaperRaise {
		o.To = x.names.unit(x.p.Lead)
	}
	if o.Capacity, err = x.capacityLines(p, u); err != nil {
		return o, err
	}
	o.Receivers = []string{"Như trên;", "Lưu: VT" + keptBy(x.names, p) + "."}
	switch {
	case p.State == signoff.Released:
	case p.Signed():
		o.State = "Đã ký, chưa phát hành"
	default:
		o.State = "Dự thảo, bản " + itoa(p.Version)
	}
	return o, nil
}

// afterKind is a place without the word for what kind of place it is: "Phú Thọ".
func afterKind(place string) string {
	for _, kind := range []string{"tỉnh ", "thành phố ", "xã ", "phường ", "đặc khu "} {
		if rest, ok := strings.CutPrefix(lower(place), kind); ok {
			return rest
		}
	}
	return place
}

// keptBy names the section that keeps the file, by its abbreviation in paper symbols.
func keptBy(n *names, p *signoff.Paper) string {
	if p.Section == "" {
		return ""
	}
	return ", " + n.unit(p.Section)
}

// capacityLines stand above the signature: in whose place the signer signs, then his own
// title.
func (x *reading) capacityLines(p *signoff.Paper, u org.Unit) ([]string, error) {
	held, err := org.Holders(x.tx, u.ID, org.Leader)
	if err != nil {
		return nil, err
	}
	head := "người đứng đầu"
	for _, h := range held {
		if !h.Post.Deputy {
			head = h.Post.Title
			break
		}
	}
	if p.SignedVersion == 0 {
		return []string{strings.ToUpper(head)}, nil
	}
	return org.Heading(u, p.Capacity, head, p.SignerTitle), nil
}

// inFull is a day as papers write it; days and the first two months have two digits.
func inFull(d workday.Date) string {
	day, rest, _ := strings.Cut(d.Long(), "/")
	month, year, _ := strings.Cut(rest, "/")
	if month > "02" {
		month = strings.TrimPrefix(month, "0")
	}
	return ", ngày " + day + " tháng " + month + " năm " + year
}
