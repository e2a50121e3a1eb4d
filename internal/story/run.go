package story

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// A Program is what a story needs of the program that cmd puts together.
type Program struct {
	Keys   []regulation.Key
	Duties duty.Kinds
	Desk   signoff.Desk
	// Seed fills an empty, migrated store with the units, people and calendar of a
	// demonstration.
	Seed func(ctx context.Context, d *db.DB) error
	// Compile gives the rule book of a shipped profile, Adopt puts a book in force.
	Compile func(profile string) (*regulation.Rulebook, error)
	Adopt   func(tx *db.Tx, rb *regulation.Rulebook) error
	// Command runs a command line of the program over the story's store, whose address and
	// folder of keys it gets, and returns the exit code and what it printed.
	Command func(ctx context.Context, dsn, keys string, clock func() time.Time, args []string) (int, string)
	// Handler is the program's mux over a store, for "get" and "post"; nil while it has none.
	Handler func(ctx context.Context, d *db.DB) (http.Handler, error)
}

// profile is the profile under which stories begin, and start when: the first day on
// which PT06 is in force.
const profile = "phu-tho"

var start = workday.MustDate("2026-02-10").Midnight().Add(7 * time.Hour)

// Options says how one run of a story differs from a plain one.
type Options struct {
	Spoil func(rb *regulation.Rulebook) (*regulation.Rulebook, error) // breaks what is adopted
	Deny  string                                                      // the operation that is refused
}

// Fired is what a run reported: the rules applied and operations recorded, each with
// the clauses it named.
type Fired map[string]map[string]bool

// tracer hears what fires and refuses the operation of Options.Deny.
type tracer struct {
	mu    sync.Mutex
	fired Fired
	deny  string
}

// Trace implements db.Tracer. Its panic makes the transaction fail with an error of no
// kind: what a program looks like whose operation does not do what the clause says.
func (t *tracer) Trace(kind, name string, clauses []string) {
	if kind == "operation" && name == t.deny {
		panic("operation " + name + " is switched off by the story's runner")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	id := kind + " " + name
	if t.fired[id] == nil {
		t.fired[id] = map[string]bool{}
	}
	for _, c := range clauses {
		t.fired[id][c] = true
	}
}

// run is one story under way.
type run struct {
	ctx     context.Context
	p       *Program
	office  *Office
	mux     http.Handler
	trace   *tracer
	opt     Options
	now     time.Time
	moved   bool // the story has set its clock
	who     org.OfficerID
	post    org.PostID
	labels  map[string]string // what the story calls its cases and papers, to their ids
	tokens  map[org.OfficerID]string
	sheet   map[string]tracker.Entry // lines of the province's own tracker
	out     string
	refused bool // the last act was refused and no line has looked yet
}

// Play runs a script over a fresh office and returns what fired. An error says at which
// line the story failed, and why.
func Play(ctx context.Context, p *Program, office *Office, s *Script, opt Options) (Fired, error) {
	r := &run{ctx: ctx, p: p, office: office, opt: opt, now: start, labels: map[string]string{}, tokens: map[org.OfficerID]string{},
		trace: &tracer{fired: Fired{}, deny: opt.Deny}}
	office.DB.Clock = func() time.Time { return r.now }
	office.DB.Tracer = r.trace
	if err := r.begin(); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	for _, l := range s.Lines {
		if err := r.line(l); err != nil {
			return r.trace.fired, fmt.Errorf("%s:%d: %s: %w", s.Name, l.N, l.Verb, err)
		}
	}
	if r.refused {
		return r.trace.fired, fmt.Errorf("%s: the last act was refused and nobody looked: %s", s.Name, r.out)
	}
	return r.trace.fired, nil
}

// begin spoils the rule book of the fresh office where the run asks for it.
func (r *run) begin() error {
	if r.opt.Spoil == nil {
		return nil
	}
	return r.adopt(profile)
}

// Adopts a profile in the story's office. Spoil lets a test break a rule, to see that the story notices.
func (r *run) adopt(profile string) error {
	rb, err := r.p.Compile(profile)
	if err != nil {
		return err
	}
	if r.opt.Spoil != nil {
		if rb, err = r.opt.Spoil(rb); err != nil {
			return err
		}
	}
	return r.office.DB.Update(r.ctx, func(tx *db.Tx) error { return r.p.Adopt(tx, rb) })
}

// line does one line: a look, a move of the clock or the actor, or an act.
func (r *run) line(l Line) error {
	args := slices.Clone(l.Args)
	for i := range args {
		for label, id := range r.labels {
			args[i] = strings.ReplaceAll(args[i], "{"+label+"}", id)
		}
	}
	if l.Verb == "see" || l.Verb == "not-see" {
		return r.look(l.Verb == "see", args)
	}
	if r.refused {
		return fmt.Errorf("the act before was refused and nobody looked: %s", r.out)
	}
	act, ok := verbs[l.Verb]
	if !ok {
		act, ok = directiveVerbs[l.Verb]
	}
	if !ok {
		act, ok = campaignVerbs[l.Verb]
	}
	if !ok {
		act, ok = resultVerbs[l.Verb]
	}
	if !ok {
		return fmt.Errorf("no such verb; there are %s", strings.Join(append(slices.Sorted(maps.Keys(verbs)), slices.Sorted(maps.Keys(campaignVerbs))...), " "))
	}
	r.now = r.now.Add(time.Second) // no two acts of an office are at one instant
	out, err := act(r, arguments(args))
	if err != nil && fault.Kind(err) == nil {
		return err
	}
	r.out = out
	if err != nil {
		r.refused = true
		r.out = refusal(err)
	}
	return nil
}

// look compares the last answer with what the story expects to stand in it.
func (r *run) look(want bool, args []string) error {
	for _, a := range args {
		if strings.Contains(flat(r.out), flat(a)) != want {
			return fmt.Errorf("%q, got:\n%s", a, r.out)
		}
	}
	if want {
		r.refused = false
	}
	return nil
}

// One line of a text with many: stories are compared by words, not by layout.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// refusal writes what the officer would be told.
func refusal(err error) string {
	words := "refused: " + kindWord(err)
	r, ok := fault.Sentence(err)
	if !ok {
		return words + ": " + err.Error()
	}
	if r.Field != "" {
		words += " [" + r.Field + "]"
	}
	words += " " + r.Say
	if r.Step != "" {
		words += " (" + r.Step + ")"
	}
	return words
}

// The word a story uses for a kind of refusal; the sentence behind it may be written better without
// breaking a story.
func kindWord(err error) string {
	for kind, word := range map[error]string{fault.NotFound: "not found", fault.Invalid: "invalid", fault.Denied: "denied", fault.Conflict: "conflict"} {
		if errors.Is(err, kind) {
			return word
		}
	}
	return fmt.Sprint(fault.Kind(err))
}

// actor is who acts now, read afresh in each transaction as a request does.
func (r *run) actor(tx *db.Tx) (org.Actor, error) {
	if r.who == "" {
		return org.Actor{}, errors.New("nobody acts yet: say 'as' first")
	}
	who, err := org.ActorOf(tx, r.who)
	if err != nil || r.post == "" {
		return who, err
	}
	for _, p := range who.Posts {
		if p.ID == r.post {
			return who.As(p), nil
		}
	}
	return who, fmt.Errorf("%s no longer holds the post %s", r.who, r.post)
}

// update runs an operation as the story's actor.
func (r *run) update(op func(tx *db.Tx, who org.Actor) error) error {
	return r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil {
			return err
		}
		return op(tx, who)
	})
}

// tell writes down what somebody sees: the story's actor, where as names nobody.
func (r *run) tell(as org.Actor, write func(tx *db.Tx, as org.Actor, b *strings.Builder) error) (string, error) {
	var b strings.Builder
	err := r.office.DB.View(r.ctx, func(tx *db.Tx) (err error) {
		b.Reset()
		if as.System == "" {
			if as, err = r.actor(tx); err != nil {
				return err
			}
		}
		return write(tx, as, &b)
	})
	return b.String(), err
}

// act runs an operation as the story's actor and describes the case afterwards.
func (r *run) act(label string, op func(tx *db.Tx, who org.Actor) error) (out string, err error) {
	if err := r.update(op); err != nil {
		return "", err
	}
	return r.describe(label, org.System("story"))
}

// A label that the story did not give is a mistake of the story, not a refusal of the program.
func (r *run) id(label string) (casefile.ID, error) {
	id, ok := r.labels[label]
	if !ok {
		return "", fmt.Errorf("the story knows no %q", label)
	}
	return casefile.ID(id), nil
}
