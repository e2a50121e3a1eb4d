package bank

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/like"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// changes is the name of the number that grows with every change of the bank.
const changes = "bank"

const (
	page = 5000 // entries read at once when a node begins
	// learnPages is how many pages of answered petitions one question may read on: a node
	// that has just begun knows the newest of them after some questions, none waits long.
	learnPages = 2
	// mostPetitions bounds the answered petitions a node remembers, and remembered how far
	// back they go: what a province answers in two years.
	mostPetitions = 20_000
	remembered    = 2 * 366 * 24 * time.Hour
	candidates    = 60 // likest petitions of which the few that the reader may open are kept
)

// A keeper is what one node keeps in memory to find likenesses: it follows the change
// number of the bank and the cursor of the answered petitions. It holds more than a
// reader may see; whatever it finds is asked of the store again under his rights.
type keeper struct {
	mu        sync.RWMutex
	entries   *like.Index
	at        int64 // change number read up to
	petitions *like.Index
	since     string          // cursor of petition.Learned
	order     []string        // ids by age, for dropping the oldest
	shown     map[string]bool // officer, entry and what, of day
	day       string          // a new day drops what has grown old
}

// The index lives in memory and reads what changed since it last looked; a node that starts reads all of
// it once.
func keeperOf(tx *db.Tx) (*keeper, error) {
	v, err := tx.Memo("bank.keeper", func() (any, error) {
		return &keeper{entries: like.New(nil), petitions: like.New(nil), since: db.FormatInstant(tx.Now.Add(-remembered)) + " "}, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*keeper), nil
}

// follow reads what changed since the last question. While another request does, this one
// answers from what is known already. tx must be a view: what an update has written may
// still be rolled back.
func (k *keeper) follow(tx *db.Tx) (err error) {
	defer fault.Wrap(&err, "follow the bank")
	now, err := tx.Version(changes)
	if err != nil {
		return err
	}
	if !k.mu.TryLock() {
		return nil
	}
	defer k.mu.Unlock()
	if k.at < now {
		if err := k.readEntries(tx); err != nil {
			return err
		}
		k.at = now
	}
	for range learnPages {
		more, next, err := petition.Learned(tx, k.since)
		if err != nil || next == k.since {
			return err
		}
		k.since = next
		for _, x := range more {
			k.petitions.Put(like.Item{ID: string(x.Case), Field: x.Field, Text: x.Text})
			k.order = append(k.order, string(x.Case))
		}
		for k.petitions.Len() > mostPetitions && len(k.order) > 0 {
			k.petitions.Drop(k.order[0])
			k.order = k.order[1:]
		}
	}
	return nil
}

// Entries in the order of their change. The order and not a time of reading is the cursor: two changed in
// one instant are both read.
func (k *keeper) readEntries(tx *db.Tx) error {
	at, id := k.at, ""
	first := k.at == 0
	var begin []like.Item
	for {
		n := 0
		// system: words of an index; what is shown of them is read again under the reader's rights
		err := tx.All(`SELECT e.case_id, e.question, e.changed, c.field, c.state = '`+Approved+`' AND c.sealed_at IS NULL
			FROM bank_entry e JOIN casefile c ON c.id = e.case_id WHERE (e.changed, e.case_id) > ($1, $2) ORDER BY e.changed, e.case_id LIMIT $3`,
			[]any{at, id, page}, func(r *sql.Rows) error {
				var it like.Item
				var live bool
				if err := r.Scan(&it.ID, &it.Text, &at, &it.Field, &live); err != nil {
					return err
				}
				n, id = n+1, it.ID
				switch {
				case live && first:
					begin = append(begin, it)
				case live:
					k.entries.Put(it)
				default:
					k.entries.Drop(it.ID)
				}
				return nil
			})
		if err != nil {
			return err
		}
		if n < page {
			break
		}
	}
	if first {
		k.entries = like.New(begin)
	}
	return nil
}

// A Likely is an entry, or an answered petition, that is like what is being written.
type Likely struct {
	ID         casefile.ID
	Code       string
	Title      string
	Answer     string // of an entry; "" for a petition
	Field      string
	Lead       org.UnitID
	ApprovedAt time.Time
	Outdated   bool    // a text it rests on has ended
	Score      float64 // 0 to 1, as package like measures it
	Petition   bool    // a petition that was answered, no entry
}

// Like returns at most k approved entries that are like a text, and as many answered
// petitions that the reader may open, the likest first. It is asked in a view.
func Like(tx *db.Tx, who org.Actor, text, field string, k int) (entries, petitions []Likely, err error) {
	defer fault.Wrap(&err, "what is like this")
	keep, err := keeperOf(tx)
	if err != nil {
		return nil, nil, err
	}
	if err := keep.follow(tx); err != nil {
		return nil, nil, err
	}
	q := like.Item{Field: field, Text: text}
	keep.mu.RLock()
	near, other := keep.entries.Near(q, k+k, nil), keep.petitions.Near(q, candidates, nil)
	keep.mu.RUnlock()
	if entries, err = open(tx, who, near, k, false); err != nil {
		return nil, nil, err
	}
	petitions, err = open(tx, who, other, k, true)
	return entries, petitions, err
}

// open reads what was found under the reader's rights and keeps the first k in order.
func open(tx *db.Tx, who org.Actor, hits []like.Hit, k int, petitions bool) (all []Likely, err error) {
	if len(hits) == 0 {
		return nil, nil
	}
	args := []any{who.Reader(), today(tx)}
	var in []string
	for _, h := range hits {
		args = append(args, h.ID)
		in = append(in, fmt.Sprintf("$%d", len(args)))
	}
	from, kind := `casefile c JOIN bank_entry e ON e.case_id = c.id`, `c.state = '`+Approved+`'`
	cols := `e.answer, e.approved_at, EXISTS (SELECT 1 FROM bank_basis b JOIN text_end t ON t.number = b.number WHERE b.case_id = c.id AND t.ended_on <= $2)`
	if petitions {
		from, kind = `casefile c`, `$2 <> ''`
		cols = `'', c.opened_at, FALSE`
	}
	found := map[string]Likely{}
	err = tx.All(`SELECT c.id, c.code, c.title, c.field, c.lead, `+cols+` FROM `+from+`
		WHERE c.id IN (`+strings.Join(in, ", ")+`) AND c.sealed_at IS NULL AND `+kind+` AND `+access.Visible("c.id", "$1"), args, func(r *sql.Rows) error {
		l := Likely{Petition: petitions}
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.Field, &l.Lead, &l.Answer, db.Instant(&l.ApprovedAt), &l.Outdated)
		found[string(l.ID)] = l
		return err
	})
	for _, h := range hits {
		if l, ok := found[h.ID]; ok && len(all) < k {
			l.Score = h.Score
			all = append(all, l)
		}
	}
	return all, err
}

// Fresh returns those of the entries of which "what" was not yet counted for this officer
// today, and remembers them: who types on sees the same entry many times. A node
// remembers by itself, so that a count may be a little high, never a write a keystroke.
func Fresh(tx *db.Tx, who org.Actor, what string, ids ...casefile.ID) (all []casefile.ID, err error) {
	k, err := keeperOf(tx)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if day := today(tx); k.day != day || len(k.shown) > mostShown {
		k.day, k.shown = day, map[string]bool{}
	}
	for _, id := range ids {
		key := what + " " + string(who.Officer) + " " + string(id)
		if !k.shown[key] {
			k.shown[key] = true
			all = append(all, id)
		}
	}
	return all, nil
}

// mostShown bounds what a node remembers of one day.
const mostShown = 100_000
