package petition

import (
	"strconv"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// A signature says who answers for a released paper with his name: the one who signed
// it, not the clerk who numbered it.
type signature struct {
	officer  org.OfficerID
	name     string
	title    string
	capacity org.Capacity
	issuer   org.UnitID // of a paper that came through the document system: whoever took it in is another
}

// Who signed a paper, in which capacity.
func signatureOf(x *signoff.Paper) signature {
	return signature{officer: x.Signer, name: x.SignerName, title: x.SignerTitle, capacity: x.Capacity}
}

// ownSignature is that of one who signs and releases in one act.
func ownSignature(who org.Actor) signature {
	return signature{officer: who.Officer, name: who.Name, title: who.Post.Title, capacity: who.Capacity}
}

// pairs are the signature as facts of an event, with the name of the day: people change
// theirs, a signed paper does not.
func (s signature) pairs() []string {
	return []string{"signer", string(s.officer), "signer_name", s.name, "signer_title", s.title, "capacity", string(s.capacity), "issuer", string(s.issuer)}
}

// Numbers among the facts of an event.
func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Clauses as one text.
func clauseList(ids []regulation.ClauseID) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, " ")
}

// enter gives a paper that is released in one act its number in the unit's register
// of official letters, or keeps the number it got from the document system.
func enter(tx *db.Tx, who org.Actor, unit org.UnitID, id casefile.ID, given signoff.Outer) (signoff.Entry, error) {
	return signoff.Enter(tx, who, signoff.Entry{Unit: unit, Section: who.Post.Section, Book: signoff.Kind{}.Book(), Case: id}, given)
}

// numberOf returns the number of a released paper.
func numberOf(x *signoff.Paper) signoff.Entry {
	return signoff.Entry{Unit: x.Unit, Number: x.Number, Symbol: x.Symbol, IssuedOn: x.IssuedOn, Case: x.Case, Paper: x.ID}
}

// day reads a stored day; "" is the zero Date.
func day(s string) (d workday.Date, err error) {
	if s == "" {
		return d, nil
	}
	return workday.ParseDate(s)
}
