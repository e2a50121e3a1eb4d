package org

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// ClauseSigning is where the capacities of signing are laid down.
const ClauseSigning = "NĐ 30/2020/NĐ-CP, Điều 13"

// A Signing is a paper about to be signed: whose, in which capacity, of which kind and
// field, of what value, when.
type Signing struct {
	Unit     UnitID
	Capacity Capacity
	Kind     string // kind of paper; "" not known, which only an unlimited right covers
	Field    string // "" none, which only a right over the whole work covers
	Value    int64  // value of the matter in đồng; 0 none
	On       time.Time
}

// Rights is all that an officer's right to sign for one unit can rest on, on one day.
type Rights struct {
	Unit    Unit
	Day     workday.Date
	Officer Officer
	Posts   []Post               // held that day, in any unit
	Charges []Charge             // in force in the unit
	Orders  []Order              // in force for the unit
	Given   []Authorisation      // to this officer for this unit, lapsed ones too
	heads   func(OfficerID) bool // heads the unit that day
	part    func(Post) bool      // heads a part of the unit
}

// refuseSigning is the refusal of a signature, with the clause it rests on.
func refuseSigning(format string, args ...any) error {
	return &fault.Refusal{Kind: fault.Denied, Say: fmt.Sprintf(format, args...), Clause: ClauseSigning}
}

// Check says on what the signature rests, in Vietnamese, or why it does not hold. It is
// pure: the same rights and paper give the same answer.
func (r Rights) Check(s Signing) (basis string, err error) {
	switch s.Capacity {
	case Own:
		return r.own()
	case ForAll:
		return r.forAll()
	case ForHead:
		return r.forHead(s)
	case ByOrder:
		return r.byOrder(s)
	case Delegated:
		return r.delegated(s)
	case Acting:
		return r.acting()
	}
	return "", fault.Field("capacity", "Không có thể thức đề ký %q; chỉ có TM., KT., TL., TUQ., Q. hoặc ký trực tiếp.", s.Capacity)
}

// headPost is the post in which the officer heads the unit.
func (r Rights) headPost() (Post, bool) {
	for _, p := range r.Posts {
		if p.heads(r.Unit.ID) {
			return p, true
		}
	}
	return Post{}, false
}

func (r Rights) own() (string, error) {
	p, ok := r.headPost()
	switch {
	case !ok:
		return "", refuseSigning("%s không phải người đứng đầu %s nên không được ký trực tiếp.", r.Officer.Name, r.Unit.Short)
	case p.Acting:
		return "", refuseSigning("%s đang giữ quyền người đứng đầu %s nên phải ký với thể thức Q.", r.Officer.Name, r.Unit.Short)
	}
	return fmt.Sprintf("%s, người đứng đầu %s", p.Title, r.Unit.Short), nil
}

func (r Rights) forAll() (string, error) {
	if !r.Unit.Collective() {
		return "", refuseSigning("%s không phải cơ quan làm việc theo chế độ tập thể nên không ký TM.", r.Unit.Short)
	}
	p, ok := r.headPost()
	switch {
	case !ok:
		return "", refuseSigning("Chỉ người đứng đầu ký TM.; cấp phó của %s ký KT. trong lĩnh vực được phân công.", r.Unit.Short)
	case p.Acting:
		return "", refuseSigning("%s đang giữ quyền người đứng đầu %s nên phải ký với thể thức Q.", r.Officer.Name, r.Unit.Short)
	}
	return fmt.Sprintf("%s, thay mặt %s", p.Title, r.Unit.Short), nil
}

func (r Rights) acting() (string, error) {
	p, ok := r.headPost()
	if !ok || !p.Acting {
		return "", refuseSigning("%s không được giao quyền người đứng đầu %s nên không ký Q.", r.Officer.Name, r.Unit.Short)
	}
	return fmt.Sprintf("%s, được giao quyền từ ngày %s", p.Title, p.Since.Long()), nil
}

func (r Rights) forHead(s Signing) (string, error) {
	at := slices.IndexFunc(r.Posts, func(p Post) bool { return p.Unit == r.Unit.ID && p.Role == Leader && p.Deputy })
	if at < 0 {
		return "", refuseSigning("Chỉ cấp phó của người đứng đầu %s ký KT.; %s không giữ chức vụ đó.", r.Unit.Short, r.Officer.Name)
	}
	mine := slices.DeleteFunc(slices.Clone(r.Charges), func(c Charge) bool { return c.Officer != r.Officer.ID })
	if len(mine) == 0 {
		return "", refuseSigning("%s chưa có phân công phụ trách nào có hiệu lực ngày %s nên không ký KT.", r.Officer.Name, r.Day.Long())
	}
	for _, c := range mine {
		if c.Whole || s.Field != "" && coversField(c.Fields, s.Field) {
			return fmt.Sprintf("%s, phân công phụ trách theo %s ngày %s", r.Posts[at].Title, c.Number, c.Date.Long()), nil
		}
	}
	if s.Field == "" {
		return "", refuseSigning("Văn bản chưa ghi lĩnh vực; %s chỉ ký KT. trong lĩnh vực được phân công.", r.Officer.Name)
	}
	return "", refuseSigning("Lĩnh vực %q không thuộc phân công phụ trách của %s theo %s ngày %s.", s.Field, r.Officer.Name, mine[0].Number, mine[0].Date.Long())
}

func (r Rights) byOrder(s Signing) (string, error) {
	why := fmt.Sprintf("%s chưa có quy định giao ký thừa lệnh cho phòng, đơn vị do %s đứng đầu.", r.Unit.Short, r.Officer.Name)
	for _, o := range r.Orders {
		at := slices.IndexFunc(r.Posts, func(p Post) bool { return p.heads(o.Signer) })
		if at < 0 {
			continue
		}
		switch {
		case o.Kind != "" && o.Kind != s.Kind:
			why = fmt.Sprintf("Loại văn bản này không thuộc phạm vi được giao ký thừa lệnh theo %s.", o.Basis)
		case o.Field != "" && !coversField([]string{o.Field}, s.Field):
			why = fmt.Sprintf("Lĩnh vực này không thuộc phạm vi được giao ký thừa lệnh theo %s.", o.Basis)
		default:
			return fmt.Sprintf("%s, ký thừa lệnh theo %s", r.Posts[at].Title, o.Basis), nil
		}
	}
	return "", refuseSigning("%s", why)
}

func (r Rights) delegated(s Signing) (string, error) {
	why := fmt.Sprintf("%s không có văn bản uỷ quyền nào của người đứng đầu %s.", r.Officer.Name, r.Unit.Short)
	for _, a := range r.Given {
		if bad := r.lapsed(a, s); bad != "" {
			why = bad
			continue
		}
		return fmt.Sprintf("uỷ quyền theo %s ngày %s, đến hết ngày %s", a.Number, a.Date.Long(), a.To.Long()), nil
	}
	return "", refuseSigning("%s", why)
}

// lapsed says why an authorisation does not carry a signature; "" when it does.
func (r Rights) lapsed(a Authorisation, s Signing) string {
	paper := fmt.Sprintf("Uỷ quyền theo %s ngày %s", a.Number, a.Date.Long())
	switch {
	case r.Day.Before(a.From):
		return fmt.Sprintf("%s chỉ có hiệu lực từ ngày %s.", paper, a.From.Long())
	case r.Day.After(a.To):
		return fmt.Sprintf("%s đã hết hiệu lực sau ngày %s.", paper, a.To.Long())
	case !a.Revoked.IsZero() && !r.Day.Before(a.Revoked):
		return fmt.Sprintf("%s đã bị thu hồi từ ngày %s.", paper, a.Revoked.Long())
	case len(a.Papers) > 0 && !slices.Contains(a.Papers, s.Kind):
		return paper + " không gồm loại văn bản này."
	case len(a.Fields) > 0 && !coversField(a.Fields, s.Field):
		return paper + " không gồm lĩnh vực này."
	case a.Ceiling > 0 && s.Value > a.Ceiling:
		return paper + " không gồm việc có giá trị lớn như vậy."
	case !r.heads(a.Giver):
		return paper + " không còn hiệu lực: người uỷ quyền không còn đứng đầu cơ quan; cần văn bản mới."
	case !slices.ContainsFunc(r.Posts, r.part):
		return paper + " không còn hiệu lực: người được uỷ quyền không còn đứng đầu phòng, đơn vị thuộc cơ quan; uỷ quyền không chuyển sang người khác."
	}
	return ""
}

// CheckCapacity says why an officer may not sign for a unit in a capacity on the day of
// an instant, or nil when he may. See CheckSigning for kinds and values of papers.
func CheckCapacity(tx *db.Tx, officer OfficerID, unit UnitID, c Capacity, field string, on time.Time) error {
	_, err := CheckSigning(tx, officer, Signing{Unit: unit, Capacity: c, Field: field, On: on})
	return err
}

// CheckSigning returns what a signature rests on, a few words in Vietnamese to be kept
// with it, or the refusal (fault.Denied with its clause). It is asked at the moment of
// signing, with the rights of that day.
func CheckSigning(tx *db.Tx, officer OfficerID, s Signing) (basis string, err error) {
	defer fault.Wrap(&err, "capacity of %s", officer)
	house, err := rightsIn(tx, s.Unit, workday.Of(s.On))
	if err != nil {
		return "", err
	}
	o, err := OfficerOf(tx, officer)
	if err != nil {
		return "", err
	}
	if !o.Active {
		return "", refuseSigning("%s không còn làm việc.", o.Name)
	}
	posts, err := postsOf(tx, officer, house.Day)
	if err != nil {
		return "", err
	}
	return house.of(o, posts).Check(s)
}

// rightsIn reads what rights in a unit rest on, for any officer.
func rightsIn(tx *db.Tx, unit UnitID, day workday.Date) (r Rights, err error) {
	d, err := units(tx)
	if err != nil {
		return r, err
	}
	if r.Unit, err = UnitOf(tx, unit); err != nil {
		return r, err
	}
	r.Day = day
	if r.Charges, err = Charges(tx, unit, day); err != nil {
		return r, err
	}
	if r.Orders, err = Orders(tx, unit, day); err != nil {
		return r, err
	}
	if r.Given, err = Authorisations(tx, unit); err != nil {
		return r, err
	}
	all, err := holders(tx, unit, day)
	r.heads = func(id OfficerID) bool {
		return slices.ContainsFunc(all, func(h Held) bool { return h.Officer.ID == id && h.Post.heads(unit) })
	}
	r.part = func(p Post) bool { return d.headsPartOf(p, unit) }
	return r, err
}

// of narrows the rights in a unit to one officer.
func (r Rights) of(o Officer, posts []Post) Rights {
	r.Officer, r.Posts = o, posts
	r.Given = slices.DeleteFunc(slices.Clone(r.Given), func(a Authorisation) bool { return a.Taker != o.ID })
	return r
}

// A Signer is one who could sign, in which capacity, and on what it rests.
type Signer struct {
	Officer  Officer
	Title    string
	Capacity Capacity
	Basis    string
}

// WhoCouldSign returns everyone who could sign a paper of a field for a unit on the day
// of an instant, the head first. Rights limited to kinds of papers are left out; ask
// CheckSigning for those.
func WhoCouldSign(tx *db.Tx, unit UnitID, field string, on time.Time) (all []Signer, err error) {
	defer fault.Wrap(&err, "who could sign for %s", unit)
	house, err := rightsIn(tx, unit, workday.Of(on))
	if err != nil {
		return nil, err
	}
	people, err := candidates(tx, house)
	if err != nil {
		return nil, err
	}
	for _, c := range []Capacity{ForAll, Own, Acting, ForHead, ByOrder, Delegated} {
		for _, h := range people {
			posts, err := postsOf(tx, h.Officer.ID, house.Day)
			if err != nil {
				return nil, err
			}
			say, err := house.of(h.Officer, posts).Check(Signing{Unit: unit, Capacity: c, Field: field, On: on})
			if err == nil {
				all = append(all, Signer{Officer: h.Officer, Title: h.Post.Title, Capacity: c, Basis: say})
			}
		}
	}
	return all, nil
}

// candidates are the leaders of the unit, the heads that orders name, and the takers of
// authorisations, each once.
func candidates(tx *db.Tx, r Rights) (people []Held, err error) {
	from := []UnitID{r.Unit.ID}
	for _, o := range r.Orders {
		signer, err := UnitOf(tx, o.Signer)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(from, signer.Owner) {
			from = append(from, signer.Owner)
		}
	}
	for _, u := range from {
		all, err := holders(tx, u, r.Day)
		if err != nil {
			return nil, err
		}
		people = append(people, slices.DeleteFunc(all, func(h Held) bool { return h.Post.Role != Leader && h.Post.Role != Head })...)
	}
	seen := map[OfficerID]bool{}
	return slices.DeleteFunc(people, func(h Held) bool {
		was := seen[h.Officer.ID]
		seen[h.Officer.ID] = true
		return was
	}), nil
}

// Heading returns the lines over a signature in capitals: for whom, in whose place, and
// the signer's title (NĐ 30/2020/NĐ-CP, Phụ lục I). head is the title of the unit's head.
func Heading(u Unit, c Capacity, head, title string) (lines []string) {
	if u.Collective() && c != Own {
		lines = append(lines, "TM. ỦY BAN NHÂN DÂN")
	}
	switch c {
	case Own, ForAll:
		lines = append(lines, title)
	case Acting:
		lines = append(lines, "Q. "+head)
	default:
		lines = append(lines, string(c)+" "+head, title)
	}
	for i, l := range lines {
		lines[i] = strings.ToUpper(l)
	}
	return lines
}
