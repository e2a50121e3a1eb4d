package exchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/upload"
)

// The folders inside an intake folder. A packet is taken out of it by renaming it into
// claimed: of several nodes over one folder, one has it.
const (
	claimed = ".dang-nhan"
	done    = "done"
	failed  = "failed"
)

// stale is how long a claimed packet may lie before it is taken again: the node that had
// it died. The same packet twice is one document, so that a slow node does no harm.
const stale = 10 * time.Minute

// An Intake takes packets out of a folder that the document system fills.
type Intake struct {
	DB     *db.DB
	Files  *blob.Store
	Folder string
	Field  Fielder // nil: ByWords
}

// A Round is what one look into the folder did. Each of its figures is a number of packets.
type Round struct {
	Taken, Again, Waiting, Secret, Statuses, Failed int
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
	for _, e := range list {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if e.IsDir() || !packetName(e.Name()) {
			continue
		}
		if err := i.packet(ctx, rules, e.Name(), &r); err != nil {
			return r, err
		}
	}
	return r, nil
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
		if err != nil || i.DB.Clock().Sub(info.ModTime()) < stale {
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

// packet claims one packet, takes it, and puts it away.
func (i *Intake) packet(ctx context.Context, rules upload.Rules, name string, r *Round) error {
	from, held := filepath.Join(i.Folder, name), filepath.Join(i.Folder, claimed, name)
	if err := os.Rename(from, held); err != nil {
		if errors.Is(err, os.ErrNotExist) { // another node was faster
			return nil
		}
		return err
	}
	now := i.DB.Clock()
	if err := os.Chtimes(held, now, now); err != nil { // the claim is as old as the claim, not as the packet
		return err
	}
	s := &spools{folder: filepath.Join(i.Folder, claimed)}
	state, err := i.take(ctx, rules, held, s, r)
	s.remove()
	var wrong *edxml.Damaged
	switch {
	case err == nil && state == Secret:
		return os.Remove(held) // nothing of its text stays here; the document system has it
	case err == nil:
		return i.putAway(held, done, name, "")
	case errors.As(err, &wrong):
		r.Failed++
		r.Problems = append(r.Problems, name+": "+wrong.Error())
		return i.putAway(held, failed, name, wrong.Error())
	case isRefusal(err):
		say := reasonOf(err)
		r.Failed++
		r.Problems = append(r.Problems, name+": "+say)
		return i.putAway(held, failed, name, say)
	}
	return errors.Join(err, os.Rename(held, from))
}

func isRefusal(err error) bool { _, ok := fault.Sentence(err); return ok }

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

// take reads a packet and takes the document or the status in it.
func (i *Intake) take(ctx context.Context, rules upload.Rules, path string, s *spools, r *Round) (state string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	p, err := edxml.Read(f, edxml.Limits{File: max(rules.MaxFile, 1<<20) * 2, Total: max(rules.MaxTotal, 1<<20) * 2, Files: max(rules.MaxFiles, 20), Keep: s.next})
	if err != nil {
		return "", err
	}
	if p.Status != nil {
		r.Statuses++
		return "", i.DB.Update(ctx, func(tx *db.Tx) error { return TakeStatus(tx, *p.Status) })
	}
	in := Of(p)
	if in.Files, in.Remark, err = i.keep(ctx, rules, p.Files, s); errors.Is(err, upload.Secret) {
		in.Secret, err = true, nil
	}
	if err != nil {
		return "", err
	}
	d, fresh, err := i.Place(ctx, in)
	if err != nil {
		return "", err
	}
	switch {
	case !fresh:
		r.Again++
	case d.State == Waiting:
		r.Waiting++
	case d.State == Secret:
		r.Secret++
	default:
		r.Taken++
	}
	if in.Secret {
		return Secret, nil
	}
	return d.State, nil
}

// Place takes a document in one transaction, or, where the operation it would cause is
// refused, in another one that lets it wait for a person.
func (i *Intake) Place(ctx context.Context, in Incoming) (d Document, fresh bool, err error) {
	field := i.Field
	if field == nil {
		field = ByWords
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
