package web

import (
	"net/http"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
	"lienthong/internal/vntext"
)

// A proposal is a field that the matter being written may belong to.
type proposal struct{ Choice, Label, Why string }

// Proposals worth a look: at most three, and none that is a mere guess beside the first;
// a text of fewer words says too little.
const (
	proposalsMost  = 3
	proposalsLeast = 0.05
	proposalWords  = 3
)

// proposals answers a part of the form: the fields that what is being written may belong
// to. It keeps nothing.
func (s *Server) proposals(w http.ResponseWriter, r *http.Request) error {
	var all []proposal
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		all, err = proposals(tx, typedSoFar(r))
		return err
	})
	if err != nil {
		return err
	}
	return s.render(w, r, proposed(all))
}

// typedMost is how much of a text that is being written is looked at, in bytes: far more
// than tells what it is about, and what is asked at every pause costs the same however
// much was pasted.
const typedMost = 64 << 10

// typedSoFar is what stands in the form while it is written, up to typedMost.
func typedSoFar(r *http.Request) string {
	text := r.PostForm.Get("title") + "\n" + r.PostForm.Get("text")
	if len(text) <= typedMost {
		return text
	}
	return strings.ToValidUTF8(text[:typedMost], "") // a letter may be cut in two
}

// Which fields a text may belong to. A few words say nothing, and a wrong proposal is worse than none.
func proposals(tx *db.Tx, text string) (all []proposal, err error) {
	if len(vntext.Words(text)) < proposalWords {
		return nil, nil
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	m, err := route.Of(tx)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	best := m.Propose(rb, tx.Now, text, proposalsMost)
	if p, ok := m.Outside(rb, tx.Now, text); ok {
		best = append([]route.Proposal{p}, best[:min(len(best), proposalsMost-1)]...)
	}
	for i, p := range best {
		if i == 0 || p.Score >= proposalsLeast {
			all = append(all, proposal{p.Choice, p.Name + " → " + n.unit(p.Unit), upper(p.Reason()) + "."})
		}
	}
	return all, nil
}
