package story

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/regulation"
)

// A Broken is one way to spoil what a story rests on.
type Broken struct {
	Rule string // a rule's key; "" for an operation
	Way  string // as regulation.Break names it
	Op   string // an operation that is refused
}

// Name says what is broken.
func (b Broken) Name() string {
	if b.Op != "" {
		return b.Op + " refused"
	}
	return b.Rule + " " + b.Way
}

// Proved is what one script proves: the clauses, and the ways of breaking its rules that
// it did not notice, for the story's author.
type Proved struct {
	Clauses  []regulation.ClauseID
	Unheeded []string
}

// Prove plays a script whole and then once for each way in which what it fired can be
// broken. A clause is proven when the script fails under a break of what carries it: for
// a clause that states one parameter, of that parameter; for a clause of a whole rule,
// of any of its parameters, the key switched off only where it has none; for one that
// only an operation names, when that is refused.
func Prove(ctx context.Context, p *Program, o *Offices, dir string, s *Script) (*Proved, error) {
	fired, err := o.play(ctx, p, dir, s, Options{})
	if err != nil {
		return nil, err
	}
	played, at := scene(s)
	rb, err := p.Compile(played)
	if err != nil {
		return nil, err
	}
	on := stage{rb, at}
	out, proven := &Proved{}, map[regulation.ClauseID]bool{}
	try := func(b Broken, opt Options, carries []regulation.ClauseID) error {
		if _, err := o.play(ctx, p, dir, s, opt); err == nil {
			out.Unheeded = append(out.Unheeded, b.Name())
			return nil
		}
		for _, c := range carries {
			proven[c] = true
		}
		return ctx.Err()
	}
	for id, clauses := range fired {
		kind, name, _ := strings.Cut(id, " ")
		if len(clauses) == 0 {
			continue
		}
		if kind == "operation" {
			if err := try(Broken{Op: name}, Options{Deny: name}, on.withoutRule(clauses)); err != nil {
				return nil, err
			}
			continue
		}
		for way, carries := range on.waysOf(p.Keys, name, clauses) {
			opt := Options{Spoil: func(rb *regulation.Rulebook) (*regulation.Rulebook, error) {
				spoilt, err := rb.Break(name, way)
				if fault.Kind(err) == fault.Invalid { // this profile has nothing of the kind
					return rb, nil
				}
				return spoilt, err
			}}
			if err := try(Broken{Rule: name, Way: way}, opt, carries); err != nil {
				return nil, err
			}
		}
	}
	for c := range proven {
		out.Clauses = append(out.Clauses, c)
	}
	slices.Sort(out.Clauses)
	slices.Sort(out.Unheeded)
	return out, nil
}

// play runs a script on a fresh SQLite office.
func (o *Offices) play(ctx context.Context, p *Program, dir string, s *Script, opt Options) (Fired, error) {
	office, err := o.SQLite(ctx, dir)
	if err != nil {
		return nil, err
	}
	fired, err := Play(ctx, p, office, s, opt)
	if closing := office.Close(); err == nil && closing != nil {
		err = fmt.Errorf("close office: %w", closing)
	}
	return fired, err
}

// known keeps the ids that are clauses of the rule book: an operation may also name a
// law that is no regulation here.
func (s stage) known(ids map[string]bool) (all []regulation.ClauseID) {
	for id := range ids {
		if _, ok := s.rb.Clause(regulation.ClauseID(id)); ok {
			all = append(all, regulation.ClauseID(id))
		}
	}
	return all
}

// withoutRule keeps the clauses that no rule carries: that an operation is there at all
// proves nothing about what a rule says of it.
func (s stage) withoutRule(ids map[string]bool) (all []regulation.ClauseID) {
	for _, id := range s.known(ids) {
		if len(s.rb.Resting(id, s.at)) == 0 {
			all = append(all, id)
		}
	}
	return all
}

// waysOf says for each way of breaking a key which of the fired clauses it spoils.
func (s stage) waysOf(keys []regulation.Key, key string, fired map[string]bool) map[string][]regulation.ClauseID {
	ways := s.rb.Ways(key)
	if len(ways) > 1 {
		ways = ways[:len(ways)-1] // off is the crudest: only where nothing finer exists
	}
	if key == regulation.RouteKey {
		ways = []string{regulation.BreakRole}
	}
	out := map[string][]regulation.ClauseID{}
	for _, id := range s.known(fired) {
		for _, way := range ways {
			if s.spoils(keys, key, id, way) {
				out[way] = append(out[way], id)
			}
		}
	}
	return out
}

// spoils says whether breaking the key in a way changes what the clause states: a clause
// of the rule itself rests on every parameter, one of a parameter on that alone.
func (s stage) spoils(keys []regulation.Key, key string, id regulation.ClauseID, way string) bool {
	if key == regulation.RouteKey {
		return true
	}
	params, whole := map[string]regulation.Type{}, true
	for _, k := range keys {
		if k.Name == key {
			for _, p := range k.Params {
				params[p.Name] = p.Type
			}
		}
	}
	for _, a := range s.rb.Resting(id, s.at) {
		if a.Key != key {
			continue
		}
		for _, name := range a.Params() {
			own := a.ClausesOf(name)
			if slices.Equal(own, a.Clauses) || !slices.Contains(own, id) {
				continue
			}
			whole = false
			if wayOf[params[name]] == way {
				return true
			}
		}
		if slices.Contains(a.Clauses, id) && whole {
			return true
		}
	}
	return whole
}

// wayOf says which way of breaking spoils a parameter of a type.
var wayOf = map[regulation.Type]string{
	regulation.Limit: regulation.BreakLimit, regulation.Duration: regulation.BreakLimit,
	regulation.Recurrence: regulation.BreakLimit,
	regulation.Role:       regulation.BreakRole, regulation.Bool: regulation.BreakFlip,
}
