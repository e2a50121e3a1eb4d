package paper

import (
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Slip prints a case for leaders who direct and sign on paper: Submission is the phiếu
// trình, Incoming the phiếu giải quyết văn bản đến. It holds what the reader may see, in
// the name of the unit in which he works on the case, and lines left free for writing;
// the clerk records what came back on it.
func Slip(tx *db.Tx, who org.Actor, of casefile.ID, kind Kind) (out Print, err error) {
	defer fault.Wrap(&err, "slip of %s", of)
	x := &composer{tx: tx, who: who}
	if x.p, err = petition.Get(tx, who, of); err != nil {
		return out, err
	}
	d := &Document{Kind: kind, Unnumbered: true, Year: workday.Of(tx.Now).Year(), Date: workday.Of(tx.Now), Code: x.p.Code}
	// the same case is printed by the commune and by the department, each in its name
	unit := x.side()
	if err := x.issuer(d, unit); err != nil {
		return out, err
	}
	switch kind {
	case Submission:
		err = x.submission(d)
	case Incoming:
		err = x.incoming(d)
	default:
		err = fault.NotFound
	}
	if err != nil {
		return out, err
	}
	t, err := templateOf(tx, unit, kind)
	return Print{d, t}, err
}

// side is the unit for which the reader prints: his own where it stands on the case, else
// that of his first post.
func (x *composer) side() org.UnitID {
	for _, u := range []org.UnitID{x.p.Lead, x.p.Raiser} {
		if u != "" && x.who.In(u) {
			return u
		}
	}
	if x.who.Post.Unit != "" {
		return x.who.Post.Unit
	}
	if len(x.who.Posts) > 0 {
		return x.who.Posts[0].Unit
	}
	if x.p.Lead != "" {
		return x.p.Lead
	}
	return x.p.Raiser
}

// matter is the table of what the case is; its title is left out where it stands above.
func (x *composer) matter(title string) (*Table, error) {
	t := &Table{Share: []float64{3, 7}}
	row := func(label, text string) {
		if text != "" {
			t.Rows = append(t.Rows, []string{label, text})
		}
	}
	from, err := x.fullNames(x.p.Raiser)
	if err != nil {
		return nil, err
	}
	row("Cơ quan gửi", from[0])
	number := ""
	if x.p.Symbol != "" {
		number = "số " + x.p.Symbol
		if day, err := workday.ParseDate(x.p.IssuedOn); err == nil {
			number += ", " + "ngày " + day.Long()
		}
	}
	if !x.p.ArrivedAt.IsZero() {
		at := x.p.ArrivedAt.In(workday.Office)
		number = strings.TrimPrefix(number+"; đến lúc "+at.Format("15:04")+" ngày "+workday.Of(at).Long(), "; ")
	}
	row("Văn bản đến", number)
	row("Trích yếu", title)
	if rb, err := petition.Rules(x.tx, x.p); err == nil && x.p.Field != "" {
		row("Lĩnh vực", petition.FieldName(rb, x.p.Field))
	}
	if x.p.Lead != "" {
		lead, err := x.fullNames(x.p.Lead)
		if err != nil {
			return nil, err
		}
		row("Cơ quan chủ trì", lead[0])
	}
	due, err := x.due()
	row("Thời hạn trả lời", due)
	return t, err
}

// due is the date of the duty to answer with what it rests on.
func (x *composer) due() (string, error) {
	all, err := duty.OfCase(x.tx, x.p.ID)
	if err != nil {
		return "", err
	}
	d := petition.AnswerDuty(all, x.p)
	if d == nil { // a draft, or a field whose lead is not named yet
		return "", nil
	}
	if !d.EndedAt.IsZero() {
		return "đã xong " + InFull(workday.Of(d.EndedAt)), nil
	}
	if d.DueAt.IsZero() {
		return "không nêu hạn", nil
	}
	// an instant with an hour is exclusive, a day is whole
	say := "trước " + d.DueAt.In(workday.Office).Format("15:04") + " " + InFull(workday.Of(d.DueAt))
	if !d.DueOn.IsZero() {
		say = "hết " + InFull(d.DueOn)
	}
	if l, ok := d.Binding(); ok && l.Basis != "" {
		say += " (" + l.Basis + ")"
	}
	return say, nil
}

// submission is the phiếu trình: the matter, what was done, what is proposed, and the
// opinions of those above.
func (x *composer) submission(d *Document) error {
	d.Name, d.Subject = "PHIẾU TRÌNH GIẢI QUYẾT CÔNG VIỆC", x.p.Title
	t, err := x.matter("")
	if err != nil {
		return err
	}
	b, err := petition.BodyOf(x.tx, x.p)
	if err != nil {
		return err
	}
	d.Body = []Block{{Table: t}, {Heading: "1. Nội dung", Text: b.Text}}
	if rest := raised(petition.Body{Basis: b.Basis, Tried: b.Tried, Proposal: b.Proposal}); len(rest) > 0 {
		d.Body = append(d.Body, rest...)
	}
	answers, err := x.answered()
	if err != nil {
		return err
	}
	if answers != nil {
		d.Body = append(d.Body, Block{Heading: "Đã trả lời", Table: answers})
	}
	// what was directed in the program is printed, so that nobody writes it twice
	directed, err := x.directed()
	if err != nil {
		return err
	}
	// who decides writes and signs in one box, side by side: a matter of some lines then stays
	// on one sheet, which is how it goes from desk to desk
	d.Body = append(d.Body, Block{Heading: "2. Ý kiến của các đơn vị liên quan", Lines: 2}, Block{Heading: "3. Đề xuất của người trình", Lines: 3},
		Block{Table: &Table{Head: []string{"Người trình", "4. Ý kiến lãnh đạo đơn vị trình", "5. Ý kiến lãnh đạo cơ quan"}, Share: []float64{2.2, 4.1, 3.7},
			Rows: [][]string{{x.who.Name, directed, ""}}, Lines: 4}})
	return nil
}

// answered lists the released answers of the case; nil before any.
func (x *composer) answered() (*Table, error) {
	all, err := petition.Answers(x.tx, x.p.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	t := &Table{Head: []string{"Lần", "Cơ quan trả lời", "Văn bản", "Kết quả"}, Share: []float64{1, 4, 3, 4}}
	for _, a := range all {
		names, err := x.fullNames(a.Unit)
		if err != nil {
			return nil, err
		}
		paper := a.Symbol
		if day, err := workday.ParseDate(a.IssuedOn); err == nil {
			paper += " ngày " + day.Long()
		}
		t.Rows = append(t.Rows, []string{itoa(int(a.Round)), names[0], paper, a.Outcome.Say()})
	}
	return t, nil
}

// directed is the unit's own way of the matter so far, for its own people.
func (x *composer) directed() (string, error) {
	all, err := direct.History(x.tx, x.who, x.p.ID, x.p.Lead)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, d := range all {
		if d.Instruction == "" { // directed without words, by another program
			continue
		}
		by, err := org.OfficerOf(x.tx, d.By)
		if err != nil {
			return "", err
		}
		lines = append(lines, by.Name+", "+workday.Of(d.At).Long()+": "+d.Instruction)
	}
	return strings.Join(lines, "\n"), nil
}

// incoming is the phiếu giải quyết văn bản đến of Phụ lục IV: who leads and joins, by
// when, and the opinions from above downwards.
func (x *composer) incoming(d *Document) error {
	d.Name, d.Subject = "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN", ""
	t, err := x.matter(x.p.Title)
	if err != nil {
		return err
	}
	directed, err := x.directed()
	if err != nil {
		return err
	}
	d.Body = []Block{{Table: t},
		{Heading: "Ý kiến của lãnh đạo cơ quan, tổ chức", Text: directed, Lines: 3},
		{Text: "Giao đơn vị, cá nhân chủ trì; phối hợp; thời hạn:", Lines: 2},
		{Heading: "Ý kiến của lãnh đạo đơn vị", Lines: 3}, {Heading: "Đề xuất của người được giao giải quyết", Lines: 3}}
	return nil
}
