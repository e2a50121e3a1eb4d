package paper

import (
	"errors"
	"strings"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/setting"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// Compose lays out a paper of a case that the reader may see: a released one, or a draft
// of his own unit, which says that it is one. A paper of another case is a fault.NotFound.
//
// What was released in one step has no paper: RaisedName and AnswerName stand in place of
// an id, see Released.
func Compose(tx *db.Tx, who org.Actor, of casefile.ID, id signoff.ID) (d Print, err error) {
	if name := string(id); name == RaisedName || strings.HasPrefix(name, answerPrefix) {
		return Released(tx, who, of, name)
	}
	defer fault.Wrap(&err, "lay out paper %s", id)
	c, err := casefile.Get(tx, who, of)
	if err != nil {
		return d, err
	}
	p, err := signoff.Get(tx, who, id)
	if err != nil {
		return d, err
	}
	if p.Case != c.ID {
		return d, fault.NotFound
	}
	if d.Document, err = Of(tx, who, p); err != nil {
		return d, err
	}
	d.Template, err = templateOf(tx, p.Unit, d.Kind)
	return d, err
}

// Of is Compose for a paper that the caller has from signoff.Get.
func Of(tx *db.Tx, who org.Actor, p *signoff.Paper) (d *Document, err error) {
	x := &composer{tx: tx, who: who}
	c, err := casefile.Get(tx, who, p.Case)
	if err != nil {
		return nil, err
	}
	if x.p = (&petition.Petition{Case: c}); c.Kind == petition.CaseKind {
		if x.p, err = petition.Get(tx, who, p.Case); err != nil {
			return nil, err
		}
	}
	d = &Document{Kind: Letter, Symbol: p.Symbol, Date: p.IssuedOn, Year: workday.Of(tx.Now).Year(), Subject: strings.TrimPrefix(p.Title, "V/v "),
		Signer: p.SignerName, Unnumbered: p.Guidance, Code: x.p.Code, State: stateOf(p)}
	if p.Kind == campaign.PaperExplain {
		d.Kind, d.Name = Report, "BÁO CÁO"
	}
	// guidance takes no number; its day is that of its release
	if p.Guidance && p.IssuedOn.IsZero() && !p.ReleasedAt.IsZero() {
		d.Date = workday.Of(p.ReleasedAt)
	}
	if err := x.issuer(d, p.Unit); err != nil {
		return nil, err
	}
	// an answer goes back to who raised the matter, what is raised to who leads it
	to := x.p.Raiser
	if p.Kind == petition.PaperRaise {
		to = x.p.Lead
	}
	if to != "" {
		if d.To, err = x.fullNames(to); err != nil {
			return nil, err
		}
	}
	// of a released paper the newest text is the signed one
	text, err := p.Newest(tx)
	if err != nil {
		return nil, err
	}
	if d.Body, err = x.body(p, text.Body); err != nil {
		return nil, err
	}
	if d.Capacity, err = x.capacity(p); err != nil {
		return nil, err
	}
	kept, err := x.keptBy(p)
	d.Receivers = []string{"Như trên;", "Lưu: VT" + kept + "."}
	return d, err
}

// A composer reads what papers of one case need.
type composer struct {
	tx  *db.Tx
	who org.Actor
	p   *petition.Petition
}

// stateOf is what a sheet is not yet; "" for one that was released.
func stateOf(p *signoff.Paper) string {
	switch {
	case p.State == signoff.Released:
		return ""
	case p.Signed():
		return "Đã ký, chưa phát hành"
	case p.State == signoff.Dropped:
		return "Dự thảo đã bỏ"
	}
	return "Dự thảo, bản " + itoa(int(p.Version))
}

// issuer fills the box of who issues, the place, and where the QR leads.
func (x *composer) issuer(d *Document, unit org.UnitID) (err error) {
	if err := issued(x.tx, d, unit); err != nil {
		return err
	}
	d.Address, err = caseAddress(x.tx, x.p.ID)
	return err
}

// Head fills the box of who issues for a page that is of no case: the reader's own unit.
func Head(tx *db.Tx, who org.Actor, d *Document) error {
	post := who.Post
	if post.Unit == "" && len(who.Posts) > 0 {
		post = who.Posts[0]
	}
	return issued(tx, d, post.Unit)
}

// The name of whoever issues, with the body above it where the form wants one.
func issued(tx *db.Tx, d *Document, unit org.UnitID) error {
	u, err := org.UnitOf(tx, unit)
	if err != nil {
		return err
	}
	office, err := officeName(tx)
	if err != nil {
		return err
	}
	d.Unit = u.Name
	// departments stand under the province's committee; a commune's committee under none
	if !u.Commune() && u.Parent != "" && office != "" {
		d.Over = "Ủy ban nhân dân " + lowerFirst(office)
	}
	d.Place = afterKind(office)
	if u.Commune() {
		d.Place = afterKind(u.Place)
	}
	return nil
}

// officeName is whose system it is, "Tỉnh Phú Thọ"; "" before a profile is adopted.
func officeName(tx *db.Tx) (string, error) {
	rb, err := regulation.Current(tx)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return rb.Name(), nil
}

// caseAddress is where a case is opened; "" without the setting.
func caseAddress(tx *db.Tx, id casefile.ID) (string, error) {
	var base string
	err := tx.One(`SELECT value FROM setting WHERE name = $1`, []any{setting.SiteAddress}, &base)
	if errors.Is(err, fault.NotFound) || err == nil && base == "" {
		return "", nil
	}
	return strings.TrimSuffix(base, "/") + "/cases/" + string(id), err
}

// afterKind is a place without the word for what kind of place it is: "Phú Thọ".
func afterKind(place string) string {
	for _, kind := range []string{"tỉnh ", "thành phố ", "xã ", "phường ", "đặc khu "} {
		if rest, ok := strings.CutPrefix(lowerFirst(place), kind); ok {
			return rest
		}
	}
	return place
}

// Full names, as places of receipt are written.
func (x *composer) fullNames(units ...org.UnitID) (all []string, err error) {
	for _, id := range units {
		u, err := org.UnitOf(x.tx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, u.Name)
	}
	return all, nil
}

// keptBy names the section that keeps the file, by its abbreviation where it has one.
func (x *composer) keptBy(p *signoff.Paper) (string, error) {
	if p.Section == "" { // drafted above sections
		return "", nil
	}
	u, err := org.UnitOf(x.tx, p.Section)
	if err != nil {
		return "", err
	}
	if u.Abbr != "" {
		return ", " + u.Abbr, nil
	}
	return ", " + u.Short, nil
}

// capacity is what stands above the signature: in whose place the signer signs, then his
// own title. Before a signature it is the head's place.
func (x *composer) capacity(p *signoff.Paper) ([]string, error) {
	u, err := org.UnitOf(x.tx, p.Unit)
	if err != nil {
		return nil, err
	}
	head, err := x.head(u.ID)
	if err != nil {
		return nil, err
	}
	if p.SignedVersion == 0 { // nobody knows yet in which capacity it will be signed
		return []string{upper(head)}, nil
	}
	return org.Heading(u, p.Capacity, head, p.SignerTitle), nil
}

// head is the title of who heads a unit: whoever signs in his place names it.
func (x *composer) head(unit org.UnitID) (string, error) {
	held, err := org.Holders(x.tx, unit, org.Leader)
	if err != nil {
		return "", err
	}
	for _, h := range held {
		if !h.Post.Deputy {
			return h.Post.Title, nil
		}
	}
	return "người đứng đầu", nil // the post is vacant today
}

// body is a paper's text in blocks, with what its form asks besides.
func (x *composer) body(p *signoff.Paper, body string) (all []Block, err error) {
	add := func(label, text string) {
		if text == "" {
			return
		}
		if label != "" {
			text = label + ": " + text
		}
		all = append(all, Block{Text: text})
	}
	if p.Kind == petition.PaperRaise {
		in, err := petition.RaiseDraft(p.Title, body)
		if err != nil {
			return []Block{{Text: body}}, nil // not of that form: printed as it is
		}
		// under the rulebook of the case: the names of fields change with it
		if rb, err := petition.Rules(x.tx, x.p); err == nil && in.Field != "" {
			add("Lĩnh vực", petition.FieldName(rb, in.Field)+".")
		}
		b := petition.Body{Text: in.Text, Basis: in.Basis, Proposal: in.Proposal}
		if in.Tried != nil {
			b.Tried = *in.Tried
		}
		return append(all, raised(b)...), nil
	}
	in, err := petition.ReplyDraft(body)
	if err != nil {
		return []Block{{Text: body}}, nil
	}
	add("", in.Text)
	if say := in.Outcome.Say(); say != "" {
		add("Kết quả", say+".")
	}
	add("Đã kiến nghị", in.ReferredTo)
	if in.Competent != "" {
		names, err := x.fullNames(in.Competent)
		if err != nil {
			return nil, err
		}
		add("Cơ quan có thẩm quyền", names[0]+".")
	}
	if day, err := workday.ParseDate(in.NextReport); err == nil {
		add("Ngày báo tiếp", day.Long()+".")
	}
	add("Căn cứ", in.Basis)
	return all, nil
}

// raised is what a commune wrote, in blocks.
func raised(b petition.Body) (all []Block) {
	for _, one := range []Block{{Text: b.Text}, {Text: labelled("Căn cứ", b.Basis)},
		{Text: labelled("Đơn vị đã xử lý", b.Tried)}, {Text: labelled("Đề xuất", b.Proposal)}} {
		if one.Text != "" {
			all = append(all, one)
		}
	}
	return all
}

// A line with its label; nothing for an empty text.
func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + ": " + text
}
