package bank

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
)

// Walk returns the petitions that a node reads which begins now and remembers so many.
func Walk(tx *db.Tx, most int) (all []casefile.ID, err error) {
	p, err := placeOf(tx, most)
	if err != nil {
		return nil, err
	}
	for {
		was := p
		ids, err := p.next(tx)
		if err != nil || p == was {
			return all, err
		}
		all = append(all, ids...)
	}
}
