package org

import (
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

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
	// with the rights of the day of signing: who was in charge then is asked, not who is
	// now
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
