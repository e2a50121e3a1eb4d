// Package measure compares what the reader proposes with documents that a person
// annotated, and says how well it does: header fields, tasks, leads, deadlines.
//
// A folder holds NAME.txt with NAME.json of the same shape as the reader prints. Tasks
// are matched one to one inside a document by the overlap of their first words, best
// first; look-alikes are told apart by word order, place in the list and clause.
package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lienthong/internal/extract"
)

// A Result counts over all documents; the figures are its methods.
type Result struct {
	Documents                      int
	HeaderRight, HeaderAll         int
	Truth, Predicted, Matched      int
	LeadRight, DeadlineRight       int
	Dated, DatedRight, FalseDates  int
	Recurring, RecurringRight      int
	CoordTruth, CoordPred, CoordOK int
}

// Header is the share of header fields that are right.
func (r Result) Header() float64 { return share(r.HeaderRight, r.HeaderAll) }

// Found is the F1 of finding the tasks.
func (r Result) Found() float64 { return f1(r.Matched, r.Predicted, r.Truth) }

// Lead is the F1 of tasks whose set of leads is exactly right.
func (r Result) Lead() float64 { return f1(r.LeadRight, r.Predicted, r.Truth) }

// Deadline is the share of matched tasks whose deadline is right, none counting as right
// where there is none.
func (r Result) Deadline() float64 { return share(r.DeadlineRight, r.Matched) }

// Coordinating is the F1 of single coordinating names on matched tasks.
func (r Result) Coordinating() float64 { return f1(r.CoordOK, r.CoordPred, r.CoordTruth) }

// share is 1 where there was nothing to get wrong.
func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// f1 joins precision and recall.
func f1(tp, pred, truth int) float64 {
	if pred+truth == 0 {
		return 1
	}
	return 2 * float64(tp) / float64(pred+truth)
}

// Folder reads every annotated document of a folder and tells w what differs.
func Folder(dir string, w io.Writer) (r Result, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return r, err
	}
	for _, f := range files {
		text, err := os.ReadFile(strings.TrimSuffix(f, ".json") + ".txt")
		if err != nil {
			continue // an annotation without its text
		}
		b, err := os.ReadFile(f)
		if err != nil {
			return r, err
		}
		var t truth
		if err := json.Unmarshal(b, &t); err != nil {
			return r, fmt.Errorf("%s: %w", f, err)
		}
		r.add(filepath.Base(strings.TrimSuffix(f, ".json")), t, extract.Text(string(text)), w)
	}
	if r.Documents == 0 {
		return r, fmt.Errorf("no annotated documents in %s", dir)
	}
	return r, nil
}

// truth is an annotated document; unscored names header fields left out.
type truth struct {
	extract.Document
	Unscored []string   `json:"header_unscored"`
	Tasks    []truthJob `json:"tasks"`
}

type truthJob struct {
	extract.Proposal
	Core string `json:"content_core"`
}

// add counts one document.
func (r *Result) add(name string, t truth, p extract.Document, w io.Writer) {
	r.Documents++
	r.header(name, t, p, w)
	pairs := match(t.Tasks, p.Tasks)
	r.Truth += len(t.Tasks)
	r.Predicted += len(p.Tasks)
	r.Matched += len(pairs)
	found, used := map[int]bool{}, map[int]bool{}
	for _, m := range pairs {
		found[m.truth], used[m.pred] = true, true
		r.task(name, t.Tasks[m.truth], p.Tasks[m.pred], w)
	}
	for i, x := range t.Tasks {
		if !found[i] {
			fmt.Fprintf(w, "%s %s missed: %.80s\n", name, x.Clause, x.Content)
		}
	}
	for i, x := range p.Tasks {
		if !used[i] {
			fmt.Fprintf(w, "%s %s extra: %.80s\n", name, x.Clause, x.Content)
		}
	}
}

// header counts the fields of a letterhead; nothing is right only where nothing is there.
func (r *Result) header(name string, t truth, p extract.Document, w io.Writer) {
	for _, f := range []struct {
		name string
		t, p *string
		same func(a, b string) bool
	}{
		{"number", t.Number, p.Number, func(a, b string) bool { return joined(a) == joined(b) }},
		{"date", t.Date, p.Date, func(a, b string) bool { return a == b }},
		{"issuer", t.Issuer, p.Issuer, func(a, b string) bool { return flat(a) == flat(b) }},
		{"type", t.Type, p.Type, func(a, b string) bool { return flat(a) == flat(b) }},
		{"subject", t.Subject, p.Subject, sameSubject},
	} {
		if contains(t.Unscored, f.name) {
			continue
		}
		ok := f.t == nil && f.p == nil || f.t != nil && f.p != nil && f.same(*f.t, *f.p)
		r.HeaderAll++
		if ok {
			r.HeaderRight++
			continue
		}
		fmt.Fprintf(w, "%s %s: %s, not %s\n", name, f.name, shown(f.p), shown(f.t))
	}
}

// shown is a field for the list of differences.
func shown(s *string) string {
	if s == nil {
		return "nothing"
	}
	return *s
}

// contains looks for a field among those left out.
func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// task counts one matched pair.
func (r *Result) task(name string, t truthJob, p extract.Proposal, w io.Writer) {
	want, got := agencies(t.Lead), agencies(p.Lead)
	if same(want, got) {
		r.LeadRight++
	} else {
		fmt.Fprintf(w, "%s %s lead: %v, not %v\n", name, t.Clause, p.Lead, t.Lead)
	}
	ct, cp := agencies(t.Coordinating), agencies(p.Coordinating)
	r.CoordTruth += len(ct)
	r.CoordPred += len(cp)
	for c := range ct {
		if cp[c] {
			r.CoordOK++
		}
	}
	r.deadline(name, t, p, w)
}

// deadline counts days and rhythms apart: a wrong day is worse than none.
func (r *Result) deadline(name string, t truthJob, p extract.Proposal, w io.Writer) {
	right := t.Deadline == nil && p.Deadline == nil
	if t.Deadline != nil && p.Deadline != nil { // an hour counts where the truth has one
		right = strings.HasPrefix(*p.Deadline, *t.Deadline)
	}
	if right {
		r.DeadlineRight++
	} else {
		fmt.Fprintf(w, "%s %s deadline: %s, not %s\n", name, t.Clause, shown(p.Deadline), shown(t.Deadline))
	}
	switch {
	case t.Deadline != nil:
		r.Dated++
		if right {
			r.DatedRight++
		}
	case p.Deadline != nil:
		r.FalseDates++
	}
	if t.Recurrence != nil || p.Recurrence != nil {
		r.Recurring++
		if t.Recurrence != nil && p.Recurrence != nil && *t.Recurrence == *p.Recurrence {
			r.RecurringRight++
		}
	}
}
