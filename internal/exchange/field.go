package exchange

import (
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
)

// sure is from which share of all scores a proposal is taken without a person: routing
// proposes, and a letter on a wrong desk costs more than one that waits.
const sure = 0.5

// ByRoute proposes a field as the form of a commune does, where the first proposal is
// clear and belongs to the unit that the letter was sent to; elsewhere by the words of
// the fields' names.
func ByRoute(tx *db.Tx, to org.UnitID, text string) (field string, err error) {
	m, err := route.Of(tx)
	if err != nil {
		return "", err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return "", err
	}
	for _, p := range m.Propose(rb, tx.Now, text, 1) {
		if p.Unit == to && !p.Hole && p.Score >= sure {
			return p.Choice, nil
		}
	}
	return ByWords(tx, to, text)
}
