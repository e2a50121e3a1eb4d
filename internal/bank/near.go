package bank

import (
	"context"
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
	// page is how many changed entries one question reads on: a node that has just begun
	// answers at once from what it knows, and knows all after some questions or by Warm.
	page = 250
	// warmPage is how many Warm reads in one snapshot, hold how many it puts in before it lets
	// questions in between.
	warmPage = 2000
	hold     = 250
	// learnPage is how many answered petitions are read at once, learnLeaves how many entries of
	// the log, and learnPages how many such pages one question may read on.
	learnPage, learnLeaves, learnPages = 200, 800, 2
	// mostEntries and mostPetitions bound what a node remembers, the newest, and remembered how
	// far back petitions go. A petition of 2 kB takes about 3 kB here; most of what a province
	// answers in a year is remembered.
	mostEntries   = 200_000
	mostPetitions = 3_000
	remembered    = 2 * 366 * 24 * time.Hour
	candidates    = 60 // likest of which the few that the reader may open are kept
)

// A keeper is what one node keeps in memory to find likenesses: it follows the change
// number of the bank and the cursor of the answered petitions. It holds more than a
// reader may see; whatever it finds is asked of the store again under his rights.
type keeper struct {
	reading sync.Mutex // one reads on at a time; the fields down to since are his
	at      int64      // change number up to which all is read
	behind  bool       // entries up to a change number are still to be read
	change  int64      // of the last entry read, with its id the cursor
	entry   string
	learned place // how far the answered petitions are read
	looked  time.Time

	mu        sync.RWMutex // held for moments: a question waits for no reading
	entries   *like.Index  // entries by their ids, and words in which they were asked for (see aliasOf)
	petitions *like.Index
	least     float64         // likeness from which this office is shown something
	shown     map[string]bool // officer, entry and what, of day
	day       string          // a new day drops what has grown old
}

// The index lives in memory and reads what changed since it last looked.
func keeperOf(tx *db.Tx) (*keeper, error) {
	v, err := tx.Memo("bank.keeper", func() (any, error) {
		begin, err := placeOf(tx, mostPetitions)
		return &keeper{entries: like.New(nil), petitions: like.New(nil), least: like.Shown, learned: begin}, err
	})
	if err != nil {
		return nil, err
	}
	return v.(*keeper), nil
}

// Warm reads the bank into the memory of this node beside its questions, until ctx ends: a
// server answers from its first moment, and knows a hundred thousand entries after
// some seconds. begun is called once, when it has read all there is, or cannot.
func Warm(ctx context.Context, d *db.DB, report func(error), begun func()) {
	const again = 15 * time.Second
	for ctx.Err() == nil {
		more := false
		err := d.View(ctx, func(tx *db.Tx) error {
			k, err := keeperOf(tx)
			if err == nil {
				more, err = k.follow(tx, warmPage)
			}
			return err
		})
		report(err)
		wait := again
		if more && err == nil {
			wait = time.Millisecond
		} else if begun != nil {
			begun()
			begun = nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// follow reads some of what changed since the last question, at most so many entries, and
// says whether more is left. While another request does, this one answers from what is
// known already. tx must be a view: what an update has written may still be rolled back.
func (k *keeper) follow(tx *db.Tx, most int) (more bool, err error) {
	defer fault.Wrap(&err, "follow the bank")
	now, err := tx.Version(changes)
	if err != nil {
		return false, err
	}
	if !k.reading.TryLock() {
		return true, nil // what the other has read nobody knows yet: Warm looks again
	}
	defer k.reading.Unlock()
	if k.at < now || k.behind {
		if err := k.readEntries(tx, most); err != nil {
			return false, err
		}
		if !k.behind {
			k.at, k.change, k.entry = now, now, ""
		}
	}
	if tx.Now.Sub(k.looked) > lookEvery {
		least, err := leastOf(tx)
		if err != nil {
			return false, err
		}
		k.looked = tx.Now
		k.mu.Lock()
		k.least = least
		k.mu.Unlock()
	}
	learned, err := k.readPetitions(tx)
	return k.behind || learned, err
}

// readPetitions reads on in the answered petitions; more says that it did not come to the end.
func (k *keeper) readPetitions(tx *db.Tx) (more bool, err error) {
	for range learnPages {
		at := k.learned // moved on only when all of it is read
		ids, err := at.next(tx)
		if err != nil || at == k.learned {
			return false, err
		}
		some, err := petition.Learned(tx, ids)
		if err != nil {
			return false, err
		}
		aliases, err := aliasesOf(tx, some)
		if err != nil {
			return false, err
		}
		items := make([]like.Item, len(some))
		for i, x := range some {
			items[i] = like.Item{ID: string(x.Case), Field: x.Field, Text: x.Text}
		}
		k.learned = at
		k.mu.Lock()
		k.petitions.Put(items...)
		k.petitions.Trim(mostPetitions)
		k.entries.Put(aliases...)
		k.entries.Trim(mostEntries)
		k.mu.Unlock()
	}
	return true, nil
}

// Entries in the order of their change. The order and not a time of reading is the cursor: two changed in
// one instant are both read.
func (k *keeper) readEntries(tx *db.Tx, most int) error {
	type changed struct {
		like.Item
		answer string
		live   bool
	}
	var some []changed
	at, id := k.change, k.entry // moved on only when all of it is read
	// system: words of an index; what is shown of them is read again under the reader's rights
	err := tx.All(`SELECT e.case_id, e.question, e.answer, e.changed, c.field, c.state = '`+Approved+`' AND c.sealed_at IS NULL
		FROM bank_entry e JOIN casefile c ON c.id = e.case_id WHERE (e.changed, e.case_id) > ($1, $2) ORDER BY e.changed, e.case_id LIMIT $3`,
		[]any{at, id, most}, func(r *sql.Rows) error {
			var x changed
			err := r.Scan(&x.ID, &x.Text, &x.answer, &at, &x.Field, &x.live)
			id = x.ID
			some = append(some, x)
			return err
		})
	if err != nil {
		return err
	}
	k.change, k.entry, k.behind = at, id, len(some) == most
	for len(some) > 0 {
		n := min(len(some), hold)
		k.mu.Lock()
		live := make([]like.Item, 0, 2*n)
		for _, x := range some[:n] {
			if x.live {
				live = append(live, x.Item, like.Item{ID: x.ID + alias, Field: x.Field, Text: opening(x.answer)})
			} else {
				k.entries.Drop(x.ID)
				k.entries.Drop(x.ID + alias)
			}
		}
		k.entries.Put(live...)
		k.entries.Trim(mostEntries)
		k.mu.Unlock()
		some = some[n:]
	}
	return nil
}

// answerWords is how much of an answer leads to its entry: people ask in words that the
// answer says and the question does not. More of it was measured to bring nothing.
const answerWords = 40

// opening are the first words of an answer.
func opening(answer string) string {
	words := strings.Fields(answer)
	return strings.Join(words[:min(len(words), answerWords)], " ")
}

// A Likely is an entry, or an answered petition, that is like what is being written.
type Likely struct {
	ID         casefile.ID
	Code       string
	Title      string
	Answer     string // of an entry; "" for a petition
	Field      string
	Lead       org.UnitID
	ApprovedAt time.Time // zero for one that is not approved
	OpenedAt   time.Time // when the entry was written first, the petition raised
	Outdated   bool      // a text it rests on has ended
	Score      float64   // 0 to 1, as package like measures it
	Petition   bool      // a petition that was answered, no entry
}

// Like returns at most k approved entries that are like a text, and as many answered
// petitions that the reader may open, the likest first. It is asked in a view.
func Like(tx *db.Tx, who org.Actor, text, field string, k int) (entries, petitions []Likely, err error) {
	defer fault.Wrap(&err, "what is like this")
	keep, err := keeperOf(tx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := keep.follow(tx, page); err != nil {
		return nil, nil, err
	}
	q := like.Item{Field: field, Text: text}
	keep.mu.RLock()
	near, other := keep.entries.Near(q, candidates, nil), keep.petitions.Near(q, candidates, nil)
	least := keep.least
	keep.mu.RUnlock()
	near, other = once(near, least), once(other, least)
	near = near[:min(len(near), k+k)]
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
	cols := `e.answer, c.opened_at, e.approved_at, EXISTS (SELECT 1 FROM bank_basis b JOIN text_end t ON t.number = b.number WHERE b.case_id = c.id AND t.ended_on <= $2)`
	if petitions {
		from, kind = `casefile c`, `$2 <> ''`
		cols = `'', c.opened_at, NULL, FALSE`
	}
	found := map[string]Likely{}
	err = tx.All(`SELECT c.id, c.code, c.title, c.field, c.lead, `+cols+` FROM `+from+`
		WHERE c.id IN (`+strings.Join(in, ", ")+`) AND c.sealed_at IS NULL AND `+kind+` AND `+access.Visible("c.id", "$1"), args, func(r *sql.Rows) error {
		l := Likely{Petition: petitions}
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.Field, &l.Lead, &l.Answer, db.Instant(&l.OpenedAt), db.Instant(&l.ApprovedAt), &l.Outdated)
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
