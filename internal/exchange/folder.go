package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
	"lienthong/internal/upload"
)

// The folders inside an intake folder. A packet is taken out of it by renaming it into
// claimed: of several nodes over one folder, one has it.
const (
	claimed = ".dang-nhan"
	done    = "done"
	failed  = "failed"
)

// An Intake takes packets out of a folder that the document system fills.
type Intake struct {
	DB     *db.DB
	Files  *blob.Store
	Folder string  // the document system fills it
	Field  Fielder // nil: ByRoute
	// Stale is how long a claimed packet may lie before it is taken again: the node that had
	// it died. The same packet twice is one document, so that a slow node does no harm. Zero:
	// as the setting exchange.stale is shipped.
	Stale time.Duration
}

// A Round is what one look into the folder did. Each of its figures is a number of packets.
type Round struct {
	Taken, Again, Waiting, Secret, Statuses, Failed int      // packets each; Again came before
	Problems                                        []string // of those that failed: file and reason
}

// Run looks into the folder until ctx ends.
func (i *Intake) Run(ctx context.Context, every time.Duration, report func(error)) {
	for ctx.Err() == nil {
		if _, err := i.Round(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
	}
}

// Round takes every packet that lies in the folder now. A packet that cannot be read goes
// to failed/ with its reason beside it and stops no other; an error is one of the store or
// the folder itself, and the packet stays where it was.
func (i *Intake) Round(ctx context.Context) (r Round, err error) {
	defer fault.Wrap(&err, "intake of %s", i.Folder)
	var rules upload.Rules
	if err := i.DB.View(ctx, func(tx *db.Tx) (err error) { rules, err = upload.Load(tx); return err }); err != nil {
		return r, err
	}
	for _, sub := range []string{claimed, done, failed} {
		if err := os.MkdirAll(filepath.Join(i.Folder, sub), 0o750); err != nil {
			return r, err
		}
	}
	if err := i.reclaim(); err != nil {
		return r, err
	}
	list, err := os.ReadDir(i.Folder)
	if err != nil {
		return r, err
	}
	var names []string
	for _, e := range list {
		if !e.IsDir() && packetName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	for len(names) > 0 && ctx.Err() == nil {
		n := min(batch, len(names))
		if err := i.batch(ctx, rules, names[:n], &r); err != nil {
			return r, err
		}
		names = names[n:]
	}
	return r, ctx.Err()
}

// packetName says whether a file is a whole packet: one that is still being written has
// another ending, or begins with a point.
func packetName(name string) bool {
	return !strings.HasPrefix(name, ".") && slices.Contains([]string{".edxml", ".xml", ".zip"}, strings.ToLower(filepath.Ext(name)))
}

// reclaim gives back what a node claimed and did not finish.
func (i *Intake) reclaim() error {
	list, err := os.ReadDir(filepath.Join(i.Folder, claimed))
	if err != nil {
		return err
	}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || i.DB.Clock().Sub(info.ModTime()) < cmp.Or(i.Stale, setting.Shipped("exchange.stale")) {
			continue
		}
		from := filepath.Join(i.Folder, claimed, e.Name())
		if !packetName(e.Name()) { // the bytes of a file of a packet
			if err := os.Remove(from); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
			continue
		}
		if err := os.Rename(from, filepath.Join(i.Folder, e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// How many packets are read before the first of them is placed, and how many side by
// side: what takes the time is that each file and each document reaches the disk.
const (
	batch  = 64
	atOnce = 16
)

// An item is one packet on its way through a round.
type item struct {
	name, held string // as it came; where it lies while it is worked on
	s          *spools
	in         Incoming
	status     *edxml.Status
	d          Document
	fresh      bool // false for one that had come before
	err        error
}

// batch takes some packets. Those that answer or quote another document are placed after
// the others, one by one in the order of their names, so that an answer finds the letter
// that came with it.
func (i *Intake) batch(ctx context.Context, rules upload.Rules, names []string, r *Round) error {
	all := make([]*item, len(names))
	each(len(names), func(n int) { all[n] = i.read(ctx, rules, names[n]) })
	var now, later []*item
	number := map[string]bool{} // of two packets of one number the first by its name is the first
	for _, x := range all {
		switch {
		case x == nil || x.err != nil:
		case x.status != nil || len(x.in.Answers) > 0 || len(Quoted(x.in.Subject+"\n"+x.in.Content)) > 0 || number[paperName(x.in.Symbol, x.in.IssuedOn.String())]:
			later = append(later, x)
		default:
			number[paperName(x.in.Symbol, x.in.IssuedOn.String())] = true
			now = append(now, x)
		}
	}
	each(len(now), func(n int) { i.settle(ctx, now[n]) })
	for _, x := range later {
		i.settle(ctx, x)
	}
	var errs []error
	for _, x := range all {
		if x != nil {
			errs = append(errs, i.finish(x, r))
		}
	}
	return errors.Join(errs...)
}

// each runs fn for every number below n, some side by side.
func each(n int, fn func(n int)) {
	var wg sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	for k := range n {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			fn(k)
		})
	}
	wg.Wait()
}

// read claims a packet and looks at all of it; nil when another node was faster.
func (i *Intake) read(ctx context.Context, rules upload.Rules, name string) *item {
	x := &item{name: name, held: filepath.Join(i.Folder, claimed, name), s: &spools{folder: filepath.Join(i.Folder, claimed)}}
	if err := os.Rename(filepath.Join(i.Folder, name), x.held); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		x.err, x.held = err, ""
		return x
	}
	now := i.DB.Clock()
	if x.err = os.Chtimes(x.held, now, now); x.err != nil { // the claim is as old as the claim, not as the packet
		return x
	}
	f, err := os.Open(x.held)
	if err != nil {
		x.err = err
		return x
	}
	defer f.Close()
	p, err := edxml.Read(f, edxml.Limits{File: max(rules.MaxFile, 1<<20) * 2, Total: max(rules.MaxTotal, 1<<20) * 2, Files: max(rules.MaxFiles, 20), Keep: x.s.next})
	if err != nil {
		x.err = err
		return x
	}
	if x.status = p.Status; x.status != nil {
		return x
	}
	x.in = Of(p)
	if x.in.Files, x.in.Remark, x.err = i.keep(ctx, rules, p.Files, x.s); errors.Is(x.err, upload.Secret) {
		x.in.Secret, x.err = true, nil
	}
	return x
}

// settle places the document of a packet, or keeps its status.
func (i *Intake) settle(ctx context.Context, x *item) {
	if x.status != nil {
		x.err = i.DB.Update(ctx, func(tx *db.Tx) error { return TakeStatus(tx, *x.status) })
		return
	}
	x.d, x.fresh, x.err = i.Place(ctx, x.in)
}

// finish counts what became of a packet and puts it away.
func (i *Intake) finish(x *item, r *Round) error {
	x.s.remove()
	var wrong *edxml.Damaged
	switch {
	case x.err == nil:
		r.count(x)
		if x.status == nil && (x.in.Secret || x.d.State == Secret) {
			return os.Remove(x.held) // nothing of its text stays here; the document system has it
		}
		return i.putAway(x.held, done, x.name, "")
	case errors.As(x.err, &wrong):
		return i.failed(x, r, wrong.Error())
	case isRefusal(x.err):
		return i.failed(x, r, reasonOf(x.err))
	case x.held == "":
		return x.err
	}
	return errors.Join(x.err, os.Rename(x.held, filepath.Join(i.Folder, x.name)))
}

// A packet that cannot be taken is put away with its reason beside it, where the other side's
// administrator finds it.
func (i *Intake) failed(x *item, r *Round, why string) error {
	r.Failed++
	r.Problems = append(r.Problems, x.name+": "+why)
	return i.putAway(x.held, failed, x.name, why)
}

// count adds a packet that was taken to its figure.
func (r *Round) count(x *item) {
	switch {
	case x.status != nil:
		r.Statuses++
	case !x.fresh:
		r.Again++
	case x.d.State == Waiting:
		r.Waiting++
	case x.d.State == Secret:
		r.Secret++
	default:
		r.Taken++
	}
}

// A refusal is a sentence for a person; anything else is our own trouble and is tried again.
func isRefusal(err error) bool { _, ok := fault.Sentence(err); return ok }

// The sentence of a refusal, or the error as it is.
func reasonOf(err error) string {
	if r, ok := fault.Sentence(err); ok {
		return r.Say
	}
	return err.Error()
}

// putAway moves a packet to done or failed under a name that nothing there has.
func (i *Intake) putAway(held, to, name, why string) error {
	at := filepath.Join(i.Folder, to, name)
	for n := 2; ; n++ {
		if _, err := os.Lstat(at); errors.Is(err, os.ErrNotExist) {
			break
		}
		at = filepath.Join(i.Folder, to, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, filepath.Ext(name)), n, filepath.Ext(name)))
	}
	if why != "" {
		if err := os.WriteFile(at+".txt", []byte(why+"\n"), 0o640); err != nil {
			return err
		}
	}
	return os.Rename(held, at)
}

// Place takes a document in one transaction, or, where the operation it would cause is
// refused, in another one that lets it wait for a person.
func (i *Intake) Place(ctx context.Context, in Incoming) (d Document, fresh bool, err error) {
	field := i.Field
	if field == nil {
		field = ByRoute
	}
	err = i.DB.Update(ctx, func(tx *db.Tx) (err error) {
		d, fresh, err = Take(tx, in, field)
		return err
	})
	if kind := fault.Kind(err); err == nil || !isRefusal(err) || kind != fault.Invalid && kind != fault.Conflict && kind != fault.Denied && kind != fault.NotFound {
		return d, fresh, err
	}
	err = i.DB.Update(ctx, func(tx *db.Tx) (err error) {
		d, fresh, err = Wait(tx, in, "refused")
		return err
	})
	return d, fresh, err
}
