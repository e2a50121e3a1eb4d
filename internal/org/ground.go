package org

import (
	"fmt"
	"slices"
)

// acting is the ground of Q.: the office decided that somebody holds the head's post
// until there is one. The day it began stands in the ground, because it tells which
// decision is meant.
func (r Rights) acting() (string, error) {
	p, ok := r.headPost()
	if !ok || !p.Acting {
		return "", refuseSigning("%s không được giao quyền người đứng đầu %s nên không ký Q.", r.Officer.Name, r.Unit.Short)
	}
	return fmt.Sprintf("%s, được giao quyền từ ngày %s", p.Title, p.Since.Long()), nil
}

// forHead is the ground of KT.: a deputy signs in the head's place only in what was
// assigned to him. A refusal names the paper of assignment, so that he sees where to
// look.
func (r Rights) forHead(s Signing) (string, error) {
	at := slices.IndexFunc(r.Posts, func(p Post) bool { return p.Unit == r.Unit.ID && p.Role == Leader && p.Deputy })
	if at < 0 {
		return "", refuseSigning("Chỉ cấp phó của người đứng đầu %s ký KT.; %s không giữ chức vụ đó.", r.Unit.Short, r.Officer.Name)
	}
	// the charges in hand are of the whole unit; another deputy's give no right
	mine := slices.DeleteFunc(slices.Clone(r.Charges), func(c Charge) bool { return c.Officer != r.Officer.ID })
	if len(mine) == 0 {
		return "", refuseSigning("%s chưa có phân công phụ trách nào có hiệu lực ngày %s nên không ký KT.", r.Officer.Name, r.Day.Long())
	}
	for _, c := range mine {
		if c.Whole || s.Field != "" && coversField(c.Fields, s.Field) {
			return fmt.Sprintf("%s, phân công phụ trách theo %s ngày %s", r.Posts[at].Title, c.Number, c.Date.Long()), nil
		}
	}
	// a paper without a field may still be signed by whom the whole work was given to
	if s.Field == "" {
		return "", refuseSigning("Văn bản chưa ghi lĩnh vực; %s chỉ ký KT. trong lĩnh vực được phân công.", r.Officer.Name)
	}
	return "", refuseSigning("Lĩnh vực %q không thuộc phân công phụ trách của %s theo %s ngày %s.", s.Field, r.Officer.Name, mine[0].Number, mine[0].Date.Long())
}

// byOrder is the ground of TL.: the head of a part signs what the unit's own rules leave
// to that part. Of several orders the first that fits carries; when none does, the
// reason of the last one is told.
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

// delegated is the ground of TUQ.: a paper of the head himself, for a time and a content
// (NĐ 30/2020/NĐ-CP, Điều 13). Whoever holds several needs one that carries.
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
	// a delegation is personal at both ends: it ends with the giver's office and with
	// the taker's
	case !r.heads(a.Giver):
		return paper + " không còn hiệu lực: người uỷ quyền không còn đứng đầu cơ quan; cần văn bản mới."
	case !slices.ContainsFunc(r.Posts, r.part):
		return paper + " không còn hiệu lực: người được uỷ quyền không còn đứng đầu phòng, đơn vị thuộc cơ quan; uỷ quyền không chuyển sang người khác."
	}
	return ""
}
