// Package route proposes the field of a difficulty, and with it the unit that answers,
// while a commune writes it.
//
// Two readers vote: a lexicon, the words by which officers name a field of Điều 4, and a
// linear model over syllables and pairs of them, fitted beforehand (weights.tsv). What
// the office forwarded and answered since moves the second one (Learned). Which unit has
// a field, what a field leaves out and which hole goes to the Office is the rulebook's.
//
// A proposal is never a decision: a person chooses the field. Nothing leaves the process.
package route

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/regulation"
)

// A Proposal is one field that a text may belong to.
type Proposal struct {
	ID       string            // one of the fourteen fields
	Choice   string            // what a form should choose: the part of the field, the exclusion, or ID itself
	Name     string            // the name of Choice, with the field above it
	Unit     regulation.UnitID // who has Choice on that day
	Score    float64           // 0 to 1; the scores of all fields sum to 1
	Words    []string          // what decided, as it was typed, the weightiest first
	Clause   string            // the citation of Choice, in Vietnamese
	Short    string            // the citation as a list gives it
	Hole     bool              // the text leaves Choice to nobody: Unit is the Office
	Why      string            // the reason in one Vietnamese sentence
	Answered int               // petitions of this office with the first of Words that Unit answered
}

// Propose returns the fields a text may belong to on the office's day of at, best first,
// at most n. A text without any known word gives none. A field that the rulebook gives to
// nobody is left out.
func (m *Model) Propose(rb *regulation.Rulebook, at time.Time, text string, n int) (all []Proposal) {
	r := m.read(text)
	if r.empty() {
		return nil
	}
	score := m.scores(r)
	order := make([]int, len(Fields))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	for _, f := range order {
		if len(all) == n {
			break
		}
		if p, ok := m.proposal(rb, at, r, f); ok {
			p.Score = math.Round(score[f]*1000) / 1000
			all = append(all, p)
		}
	}
	return all
}

// Outside proposes the hole for what stands outside the fourteen fields (police, army,
// tax) where the text speaks for it more than for any field; ok is false elsewhere.
func (m *Model) Outside(rb *regulation.Rulebook, at time.Time, text string) (p Proposal, ok bool) {
	r := m.read(text)
	if r.empty() || !m.beyond(r) {
		return p, false
	}
	route, err := rb.UnitFor(outside, at)
	if err != nil {
		return p, false
	}
	p = Proposal{ID: outside, Choice: outside, Score: math.Round(m.columns(r)[nFields]*1000) / 1000}
	p.take(rb, route)
	p.Words = r.words(func(h *hit) float64 { return h.weight(outside) })
	p.Why = p.why()
	return p, true
}

// proposal says where field f of the reading goes; false where the rulebook gives it to nobody.
func (m *Model) proposal(rb *regulation.Rulebook, at time.Time, r *reading, f int) (p Proposal, ok bool) {
	p = Proposal{ID: Fields[f], Choice: r.part(f)}
	route, err := rb.UnitFor(p.Choice, at)
	if err != nil {
		p.Choice = p.ID
		if route, err = rb.UnitFor(p.ID, at); err != nil {
			return p, false
		}
	}
	p.take(rb, route)
	top := p.Choice
	p.Words = r.words(func(h *hit) float64 {
		w := h.field[f]
		if h.weight(top) > 0 { // the words of the part itself come first
			w *= 2
		}
		return w
	})
	if len(p.Words) == 0 {
		p.Words = m.telling(r, f)
	}
	p.Answered = m.answered(r, p.Unit, p.Words)
	p.Why = p.why()
	return p, true
}

// Names the choice for a person: a subfield with its field, and an exclusion as standing near it.
func (p *Proposal) take(rb *regulation.Rulebook, route regulation.Route) {
	p.Unit, p.Hole, p.Name = route.Unit, route.Hole, route.Name
	for _, f := range rb.Catalogue() {
		switch {
		case f.ID != p.ID || f.ID == p.Choice:
		case strings.Contains(p.Choice, "."):
			p.Name = f.Name + " › " + route.Name
		default: // an exclusion: beside the field, not in it
			p.Name = route.Name + " (gần lĩnh vực " + f.Name + ")"
		}
	}
	if len(route.Clauses) > 0 {
		p.Clause, p.Short = rb.Citation(route.Clauses[0]), rb.ShortCitation(route.Clauses[0])
	}
}

// Reason is Why without the name, with the clause as a list gives it: for a page that
// shows the name already.
func (p *Proposal) Reason() string { return p.because("", p.Short) }

// Why, in one line: the name, and the clause that gives the field to the unit.
func (p *Proposal) why() string { return p.because(p.Name+", ", p.Clause) }

// because puts the reason into a sentence: the words, the clause, what else the one who
// chooses should know.
func (p *Proposal) because(name, clause string) string {
	parts := []string{"theo cách dùng từ chung của câu"}
	if len(p.Words) > 0 {
		parts[0] = "vì có “" + strings.Join(p.Words, "”, “") + "”"
	}
	if clause != "" {
		parts = append(parts, name+clause)
	}
	if p.Hole {
		parts = append(parts, "quy chế chưa nêu cơ quan chủ trì, Văn phòng UBND tỉnh tiếp nhận")
	}
	if p.Answered > 0 {
		parts = append(parts, strconv.Itoa(p.Answered)+" kiến nghị tương tự đã do cơ quan này trả lời")
	}
	return strings.Join(parts, "; ")
}
