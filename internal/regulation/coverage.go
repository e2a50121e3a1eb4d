package regulation

import (
	"encoding/json"
	"slices"
	"strings"
)

// Proof is what a full run of the stories wrote down (coverage.json): which clauses
// they proved, and the hash of the stories and rules it holds for.
type Proof struct {
	Hash    string                `json:"hash"`
	Clauses map[ClauseID]Evidence `json:"clauses"`
}

// Evidence is what the stories say about one clause.
type Evidence struct {
	Stories []string `json:"stories"` // they fired it, and failed when its binding was broken
}

// Covered is the answer of `regulation coverage --json`.
type Covered struct {
	Operable int              `json:"operable"` // clauses marked yes or partly
	Carried  int              `json:"carried"`  // a rule or an operation names them
	Proven   int              `json:"proven"`
	Shown    int              `json:"shown"`
	Stale    bool             `json:"stale"` // the proof is of other stories or rules
	Areas    map[string]*Area `json:"areas"`
	Clauses  []Cover          `json:"clauses"` // operable ones, in the order of the texts
}

// Area counts one of the eighteen areas, M01 to M18.
type Area struct {
	Operable int `json:"operable"`
	Carried  int `json:"carried"`
	Proven   int `json:"proven"`
}

// Cover is one operable clause: what carries it and which stories prove it.
type Cover struct {
	ID        ClauseID `json:"id"`
	CarriedBy []string `json:"carried_by"`
	Stories   []string `json:"stories"`
	Shown     string   `json:"shown,omitempty"`
}

// Coverage counts which operable clauses the program carries and which are proven.
// operations says which clauses each operation names; proof is coverage.json (empty:
// nothing is proven), hash that of the stories and rules of this program.
func Coverage(lib *Library, keys []Key, operations map[string][]ClauseID, proof []byte, hash string) (*Covered, error) {
	var p Proof
	if len(proof) > 0 {
		if err := json.Unmarshal(proof, &p); err != nil {
			return nil, err
		}
	}
	carried := lib.carriers(keys)
	for _, op := range sortedKeys(operations) {
		for _, c := range operations[op] {
			carried.add(c, op)
		}
	}
	out := &Covered{Stale: p.Hash != hash, Areas: map[string]*Area{}, Clauses: []Cover{}}
	for _, id := range sortedKeys(lib.Regulations) {
		for i := range lib.Regulations[id].Clauses {
			if c := &lib.Regulations[id].Clauses[i]; c.CanOperate() {
				out.count(c, carried[c.ID], p.Clauses[c.ID], lib.Regulations[id].Shown[c.ID])
			}
		}
	}
	return out, nil
}

// count adds a clause. One that a story proves is counted as proven only, although
// what is shown of it stays with it.
func (o *Covered) count(c *Clause, by []string, e Evidence, shown string) {
	a := o.Areas[c.Area]
	if a == nil {
		a = new(Area)
		o.Areas[c.Area] = a
	}
	o.Operable++
	a.Operable++
	if len(by) > 0 {
		o.Carried++
		a.Carried++
	}
	switch {
	case len(e.Stories) > 0:
		o.Proven++
		a.Proven++
	case shown != "":
		o.Shown++
	}
	o.Clauses = append(o.Clauses, Cover{
		ID: c.ID, CarriedBy: append([]string{}, by...), Stories: append([]string{}, e.Stories...), Shown: shown,
	})
}

// carriers collects what names each clause: keys and operations, each once, sorted.
type carriers map[ClauseID][]string

// A clause may be carried by several; each is named once.
func (c carriers) add(id ClauseID, by string) {
	if i, found := slices.BinarySearch(c[id], by); !found {
		c[id] = slices.Insert(c[id], i, by)
	}
}

// carriers finds the clauses that rules of declared keys name, in any regulation, and
// those of the tables of fields.
func (l *Library) carriers(keys []Key) carriers {
	out := carriers{}
	known := index(keys)
	for _, r := range l.Regulations {
		for _, rule := range slices.Concat(r.Rules, r.Later) {
			if known[rule.Key] == nil {
				continue
			}
			for _, c := range rule.Clauses {
				out.add(c, rule.Key)
			}
			for _, v := range rule.Params {
				for _, c := range v.Clauses {
					out.add(c, rule.Key)
				}
			}
		}
		if known[RouteKey] == nil {
			continue
		}
		for _, f := range r.Fields {
			out.add(f.Clause, RouteKey)
		}
	}
	if known[RouteKey] == nil {
		return out
	}
	for _, p := range l.Profiles {
		for _, row := range slices.Concat(p.Fields, p.Holes) {
			for _, c := range row.Clauses {
				out.add(c, RouteKey)
			}
		}
	}
	return out
}

// Hash returns the hash of the rules and clauses of the library, for Coverage: it moves
// when any of them does. The hash of the stories is joined to it by the caller.
func (l *Library) Hash() string {
	var all strings.Builder
	enc := json.NewEncoder(&all)
	for _, id := range sortedKeys(l.Regulations) {
		_ = enc.Encode(l.Regulations[id]) // plain data: cannot fail into a Builder
	}
	for _, id := range sortedKeys(l.Profiles) {
		_ = enc.Encode(l.Profiles[id])
	}
	return hashOf([]byte(all.String()))
}
