package exchange

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/vntext"
)

// registered finds the case whose paper this document is: its issuer has the number in
// its register already.
func (d *Document) registered(tx *db.Tx) (id casefile.ID, found bool, err error) {
	w := ways(d.Symbol)
	// system: the program compares numbers; nobody reads the case
	err = tx.All(`SELECT case_id FROM register_entry WHERE unit = $1 AND issued_on = $2 AND symbol IN ($3, $4, $5) ORDER BY at LIMIT 1`,
		[]any{string(d.Issuer), d.IssuedOn.String(), w[0], w[1], w[2]}, func(r *sql.Rows) error {
			found = true
			return r.Scan(&id)
		})
	return id, found, err
}

// answers finds the petitions that await an answer of the document's issuer and whose
// papers the document answers or quotes; named says that it names any document.
func (d *Document) answers(tx *db.Tx) (cases []casefile.ID, named bool, err error) {
	for _, ref := range d.Refs {
		found, err := casesOf(tx, ref)
		if err != nil {
			return nil, true, err
		}
		for _, id := range found {
			p, err := petition.Get(tx, org.System("exchange"), id)
			if errors.Is(err, fault.NotFound) {
				continue // a case of another kind
			}
			if err != nil {
				return nil, true, err
			}
			if p.Awaits(d.Issuer) && !slices.Contains(cases, id) {
				cases = append(cases, id)
			}
		}
	}
	return cases, len(d.Refs) > 0, nil
}

// casesOf finds the cases on which a document of that number and day stands, of that
// organ where one is named and known here.
func casesOf(tx *db.Tx, ref edxml.Reference) (all []casefile.ID, err error) {
	issuer := org.UnitID("")
	if ref.Organ != "" {
		if issuer, err = unitOf(tx, edxml.Organ{ID: ref.Organ}); err != nil {
			return nil, err
		}
	}
	if ref.DocumentID != "" { // a packet of ours, by the id that it carried
		// system: the program compares numbers; nobody reads the case
		err := tx.All(`SELECT DISTINCT case_id FROM exchange_out WHERE outer_id = $1 ORDER BY case_id LIMIT 10`, []any{ref.DocumentID}, gather(&all))
		if err != nil || len(all) > 0 {
			return all, err
		}
	}
	if ref.Code == "" || ref.IssuedOn.IsZero() {
		return nil, nil // a number alone is of every year and every unit
	}
	w := ways(ref.Code)
	// system: the program compares numbers; nobody reads the case
	err = tx.All(`SELECT unit, case_id FROM register_entry WHERE issued_on = $1 AND symbol IN ($2, $3, $4) ORDER BY case_id LIMIT 50`,
		[]any{ref.IssuedOn.String(), w[0], w[1], w[2]}, func(r *sql.Rows) error {
			var unit org.UnitID
			var id casefile.ID
			err := r.Scan(&unit, &id)
			if (issuer == "" || issuer == unit) && !slices.Contains(all, id) {
				all = append(all, id)
			}
			return err
		})
	return all, err
}

// Collects ids of rows.
func gather(all *[]casefile.ID) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		*all = append(*all, id)
		return err
	}
}

// asking are the words by which a commune's letter raises a difficulty, without marks.
// One that has none of them waits for a person: the words decide nothing else.
var asking = []string{"kho khan", "vuong mac", "kien nghi", "de xuat", "thao go", "de nghi huong dan", "xin y kien", "xin huong dan", "bat cap", "de nghi so", "de nghi ho tro"}

// raises says whether a letter reads like a difficulty raised.
func raises(subject, content string) bool {
	text := vntext.Fold(subject + " " + content)
	return slices.ContainsFunc(asking, func(words string) bool { return vntext.Phrase(text, words) })
}

// common are the words of names of fields that tell no field.
var common = map[string]bool{"va": true, "quan": true, "ly": true, "nha": true, "nuoc": true, "cong": true, "tac": true, "cac": true, "linh": true, "vuc": true, "ve": true, "cua": true, "theo": true, "hoat": true, "dong": true}

// ByWords proposes a field by the words of its name in the text, among the fields that
// the unit answers; "" where no field or more than one fits best.
func ByWords(tx *db.Tx, to org.UnitID, text string) (field string, err error) {
	fields, err := petition.Fields(tx)
	if err != nil {
		return "", err
	}
	words := map[string]bool{}
	for _, w := range vntext.Words(text) {
		words[w] = true
	}
	folded := vntext.Fold(text)
	best, twice := 0, false
	for _, f := range fields {
		if f.Unit != to || f.Hole {
			continue
		}
		score := 0
		for _, part := range strings.FieldsFunc(f.Name, func(r rune) bool { return strings.ContainsRune(",;()", r) }) {
			name := vntext.Words(part)
			if len(name) > 1 && vntext.Phrase(folded, strings.Join(name, " ")) {
				score += 10 * len(name)
			}
			for _, w := range name {
				if words[w] && !common[w] {
					score++
				}
			}
		}
		switch {
		case score > best:
			field, best, twice = f.ID, score, false
		case score == best && score > 0:
			twice = true
		}
	}
	if best < 2 || twice {
		return "", nil
	}
	return field, nil
}
