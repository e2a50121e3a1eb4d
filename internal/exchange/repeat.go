package exchange

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// The parts in which a document that comes again may differ from the one before.
const (
	DiffSubject = "subject"
	DiffContent = "content"
	DiffFiles   = "files"
	DiffSecret  = "secret" // one of the two was refused for its mark of secrecy
)

// A Difference is how a document that waits as "changed" differs from the one that came
// before it under the same number.
type Difference struct {
	Before Document // zero where the reader may not see it
	Parts  []string // see DiffSubject and those below it
	Added  []string // names of files that the first did not bring
	Gone   []string // names of files that only the first brought
}

// Differs tells a reader who has the document from Get what it changes.
func Differs(tx *db.Tx, who org.Actor, d *Document) (x Difference, err error) {
	defer fault.Wrap(&err, "difference of document %s", d.ID)
	if x.Before, err = Get(tx, who, d.Repeats); absent(err) {
		return x, nil
	}
	if err != nil {
		return x, err
	}
	mine, err := filesOf(tx, d)
	if err != nil {
		return x, err
	}
	before, err := filesOf(tx, &x.Before)
	x.Added, x.Gone = beyond(mine, before), beyond(before, mine)
	in := Incoming{Subject: d.Subject, Content: d.Content, Way: d.Way, Secret: d.State == Secret, Files: mine}
	x.Parts = in.differs(&x.Before, before)
	return x, err
}

// beyond are the names of files whose bytes the others do not have.
func beyond(all, others []casefile.Document) (names []string) {
	for _, f := range all {
		if !slices.ContainsFunc(others, func(o casefile.Document) bool { return o.Hash == f.Hash }) {
			names = append(names, f.Name)
		}
	}
	return names
}

// cameBefore returns the document that this is, whether the first under its number or one
// that differed from it; nil for one that says something nobody has yet. It holds the
// first, so that two copies of one packet are not two documents.
func (in *Incoming) cameBefore(tx *db.Tx, first *Document) (*Document, error) {
	// system: the program compares documents; nobody reads them
	if _, err := tx.Exec(`UPDATE exchange_document SET version = version WHERE id = $1`, string(first.ID)); err != nil {
		return nil, err
	}
	var all []Document
	// system: the program compares documents; nobody reads them
	err := tx.All(`SELECT `+columns+` FROM exchange_document x WHERE x.id = $1 OR x.repeats = $1 ORDER BY x.id LIMIT 100`, []any{string(first.ID)}, func(r *sql.Rows) error {
		d, err := scan(r)
		all = append(all, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		files, err := filesOf(tx, &all[i])
		if err != nil {
			return nil, err
		}
		if len(in.differs(&all[i], files)) == 0 {
			return &all[i], nil
		}
	}
	return nil, nil
}

// differs are the parts in which what comes says other than a document that is here. A
// list tells only the subject, often cut; a packet that brings less takes nothing away.
func (in *Incoming) differs(was *Document, files []casefile.Document) (parts []string) {
	switch {
	case in.Secret || was.State == Secret:
		if in.Secret != (was.State == Secret) {
			parts = append(parts, DiffSecret)
		}
		return parts
	case was.Subject == "" && was.Content == "": // sealed: what it said is told to nobody
		return nil
	case in.Way == ByList || was.Way == ByList:
		if !sameSubject(in.Subject, was.Subject) {
			parts = append(parts, DiffSubject)
		}
		return parts
	}
	if plain(in.Subject) != plain(was.Subject) {
		parts = append(parts, DiffSubject)
	}
	if plain(in.Content) != plain(was.Content) {
		parts = append(parts, DiffContent)
	}
	if len(beyond(in.Files, files)) > 0 {
		parts = append(parts, DiffFiles)
	}
	return parts
}

// plain is a text as two systems send it alike: blanks and lines differ.
func plain(s string) string { return strings.Join(strings.Fields(vntext.NFC(s)), " ") }

// sameSubject says whether two subjects may be one: lists cut it and leave out "V/v".
func sameSubject(a, b string) bool {
	a, b = vntext.Fold((&Document{Subject: a}).title()), vntext.Fold((&Document{Subject: b}).title())
	return a == "" || b == "" || strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// filesOf are the files that a document brought: its own while it waits, else the case's,
// which may hold them from before.
func filesOf(tx *db.Tx, d *Document) ([]casefile.Document, error) {
	if d.Case != "" {
		return casefile.Documents(tx, org.System("exchange"), d.Case)
	}
	return Files(tx, d.ID)
}

// orMore adds to a document what this way of it has and the other had not: the list has no
// text and no files, the packet has. Where the document has a case, they go there.
func orMore(tx *db.Tx, was *Document, in *Incoming, refs []edxml.Reference) error {
	sealed := was.Subject == "" && was.Content == ""
	if in.Secret || was.State == Secret || sealed || in.Way != ByPacket || was.Way == ByPacket {
		return nil
	}
	was.Way, was.Subject, was.Content, was.OuterID, was.Refs = ByPacket, in.Subject, in.Content, in.OuterID, refs
	named, err := json.Marshal(refs)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE exchange_document SET way = $1, subject = $2, content = $3, outer_id = $4, refs = $5, again = (state = 'waiting') WHERE id = $6`,
		was.Way, was.Subject, was.Content, was.OuterID, string(named), string(was.ID))
	if err != nil {
		return err
	}
	if was.Case == "" {
		return was.keepFiles(tx, in.Files)
	}
	who := org.System("exchange")
	c, err := casefile.Lock(tx, who, was.Case)
	if err != nil {
		return err
	}
	n, err := was.record(tx, c, who, "exchange.known", was.words())
	if err != nil {
		return err
	}
	whole := *was
	whole.EventN = n // the row keeps the event that it became
	return whole.attach(tx, who, in.Files)
}
