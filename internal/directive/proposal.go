package directive

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A ProposalState is what people made of a proposal.
type ProposalState string

// The states of a proposal. The first three become assignments.
const (
	IsProposed ProposalState = "proposed" // as the reader saw it
	IsEdited   ProposalState = "edited"
	IsAdded    ProposalState = "added" // by a person, or a piece of a split or a merger
	IsSplit    ProposalState = "split"
	IsMerged   ProposalState = "merged"
	IsDropped  ProposalState = "dropped"
)

// A Proposal is one task that was read in a directive, and what people made of it.
type Proposal struct {
	N       int64
	State   ProposalState
	From    []int64 // the proposals it was made of
	Task    Task    // as it stands
	Read    *Task   // as the reader proposed it; nil where a person added it
	Changed []string
	By      org.OfficerID // who changed it last
	At      time.Time
}

// Stands says whether the proposal becomes an assignment.
func (p *Proposal) Stands() bool {
	return p.State == IsProposed || p.State == IsEdited || p.State == IsAdded
}

// Proposals returns the proposals of a directive in the order of the text, those that no
// longer stand too. The caller has the directive from Get.
func Proposals(tx *db.Tx, id casefile.ID) (all []*Proposal, err error) {
	// system: the caller holds the directive through Get
	err = tx.All(`SELECT n, state, from_n, body, read, changed, by, at FROM directive_proposal WHERE case_id = $1 ORDER BY n`,
		[]any{string(id)}, func(r *sql.Rows) error {
			p := new(Proposal)
			all = append(all, p)
			return p.scan(r)
		})
	slices.SortStableFunc(all, func(a, b *Proposal) int { return cmp.Compare(a.place(), b.place()) })
	return all, err
}

// place is where a proposal begins in the document, in letters; what a person added without
// a place in the text stands behind all that has one.
func (p *Proposal) place() int {
	if p.Task.Span == (Span{}) {
		return math.MaxInt
	}
	return p.Task.Span[0]
}

func (p *Proposal) scan(r *sql.Rows) error {
	var from, body, read, changed string
	if err := r.Scan(&p.N, &p.State, &from, &body, &read, &changed, &p.By, db.Instant(&p.At)); err != nil {
		return err
	}
	for _, s := range strings.Split(from, ",") {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			p.From = append(p.From, n)
		}
	}
	if changed != "" {
		p.Changed = strings.Split(changed, ",")
	}
	if read != "" {
		p.Read = new(Task)
		if err := json.Unmarshal([]byte(read), p.Read); err != nil {
			return err
		}
	}
	if body == "" { // taken out of reach by a seal
		return nil
	}
	return json.Unmarshal([]byte(body), &p.Task)
}

// standing are those that become assignments.
func standing(all []*Proposal) (some []*Proposal) {
	for _, p := range all {
		if p.Stands() {
			some = append(some, p)
		}
	}
	return some
}

// proposalOf returns one proposal that stands, of a directive that is held.
func proposalOf(tx *db.Tx, id casefile.ID, n int64) (*Proposal, error) {
	all, err := Proposals(tx, id)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.N == n && p.Stands() {
			return p, nil
		}
		if p.N == n {
			return nil, fault.Refuse(fault.Conflict, "Đề xuất số %d không còn hiệu lực: %s.", n, ProposalStates[p.State])
		}
	}
	return nil, fault.Field("n", "Văn bản này không có đề xuất số %d.", n)
}

// keep writes proposals after the last one.
func keep(tx *db.Tx, id casefile.ID, by org.OfficerID, all ...*Proposal) error {
	var n int64
	// system: the directive is held
	if err := tx.One(`SELECT coalesce(max(n), 0) FROM directive_proposal WHERE case_id = $1`, []any{string(id)}, &n); err != nil {
		return err
	}
	if n+int64(len(all)) > 2*mostTasks {
		return fault.Refuse(fault.Invalid, "Một văn bản chỉ nhận tối đa %d nhiệm vụ.", mostTasks)
	}
	for _, p := range all {
		n++
		p.N, p.By, p.At = n, by, tx.Now
		body, err := json.Marshal(p.Task)
		if err != nil {
			return err
		}
		read := ""
		if p.Read != nil {
			b, err := json.Marshal(p.Read)
			if err != nil {
				return err
			}
			read = string(b)
		}
		_, err = tx.Exec(`INSERT INTO directive_proposal (case_id, n, state, from_n, body, read, changed, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			string(id), p.N, string(p.State), numbers(p.From), string(body), read, strings.Join(p.Changed, ","), string(by), tx.Now)
		if err != nil {
			return err
		}
	}
	return nil
}

// save writes what became of a proposal.
func (p *Proposal) save(tx *db.Tx, id casefile.ID, by org.OfficerID) error {
	if p.Read != nil {
		p.Changed = differs(p.Read, &p.Task)
	}
	body, err := json.Marshal(p.Task)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE directive_proposal SET state = $1, body = $2, changed = $3, by = $4, at = $5 WHERE case_id = $6 AND n = $7`,
		string(p.State), string(body), strings.Join(p.Changed, ","), string(by), tx.Now, string(id), p.N)
	return err
}

// differs names the parts in which a person's task is not the reader's: what the figures
// of the reader count.
func differs(read, now *Task) (parts []string) {
	add := func(name string, same bool) {
		if !same {
			parts = append(parts, name)
		}
	}
	add("lead", sameUnits(read.Leads, now.Leads))
	add("coordinating", sameUnits(read.Coordinating, now.Coordinating))
	add("content", read.Content == now.Content)
	add("clause", read.Clause == now.Clause)
	add("deadline", read.Deadline == now.Deadline && read.Recurrence == now.Recurrence)
	add("request", read.Request == now.Request)
	return parts
}

func sameUnits(a, b []Name) bool {
	ids := func(all []Name) (out []string) {
		for _, n := range all {
			out = append(out, string(n.Unit)+n.Group)
		}
		slices.Sort(out)
		return out
	}
	return reflect.DeepEqual(ids(a), ids(b))
}

func numbers(all []int64) string {
	s := make([]string, len(all))
	for i, n := range all {
		s[i] = fmt.Sprint(n)
	}
	return strings.Join(s, ",")
}
