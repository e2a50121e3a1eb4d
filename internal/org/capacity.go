package org

import (
	"fmt"
	"time"

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
	Kind     string    // kind of paper; "" not known, which only an unlimited right covers
	Field    string    // "" none, which only a right over the whole work covers
	Value    int64     // value of the matter in đồng; 0 none
	On       time.Time // capacities are judged at the moment of signing
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

// Who signs in his own name is the head himself. One who only acts as head signs "Q.".
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

// TM. is signed for a collective, by its head; a deputy signs KT. and says so.
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
