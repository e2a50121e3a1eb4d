package directive

import (
	"database/sql"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// ReaderFigures count how well the reader did on this office's own documents: released
// directives only, since a reading under way is nobody's verdict yet.
type ReaderFigures struct {
	Documents int64
	Read      int64            // proposals of the reader
	Kept      int64            // taken as they were
	Edited    int64            // with a part changed
	Parts     map[string]int64 // which: lead, coordinating, content, clause, deadline, request
	Split     int64
	Merged    int64
	Dropped   int64 // no task after all
	Added     int64 // missed by the reader
}

// Precision is the share of the reader's proposals that became assignments as they were
// or with a part changed; 0 with none.
func (f ReaderFigures) Precision() float64 { return share(f.Kept+f.Edited, f.Read) }

// Untouched is the share that a person changed nothing of; 0 with none.
func (f ReaderFigures) Untouched() float64 { return share(f.Kept, f.Read) }

func share(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// ReadFigures counts over all released directives. They are figures of the program, of
// no person and no case.
func ReadFigures(tx *db.Tx) (f ReaderFigures, err error) {
	defer fault.Wrap(&err, "figures of the reader")
	f.Parts = map[string]int64{}
	// system: counts without a case
	if err := tx.One(`SELECT count(*) FROM directive WHERE released_at IS NOT NULL`, nil, &f.Documents); err != nil {
		return f, err
	}
	// system: counts without a case
	err = tx.All(`SELECT p.state, p.read <> '', p.from_n <> '', p.changed, count(*) FROM directive_proposal p JOIN directive d ON d.case_id = p.case_id
		WHERE d.released_at IS NOT NULL GROUP BY p.state, p.read <> '', p.from_n <> '', p.changed`, nil, func(r *sql.Rows) error {
		var state ProposalState
		var read, piece bool
		var changed string
		var n int64
		if err := r.Scan(&state, &read, &piece, &changed, &n); err != nil {
			return err
		}
		f.add(state, read, piece, changed, n)
		return nil
	})
	return f, err
}

func (f *ReaderFigures) add(state ProposalState, read, piece bool, changed string, n int64) {
	if !read {
		if state == IsAdded && !piece {
			f.Added += n
		}
		return
	}
	f.Read += n
	switch {
	case state == IsSplit:
		f.Split += n
	case state == IsMerged:
		f.Merged += n
	case state == IsDropped:
		f.Dropped += n
	case changed == "":
		f.Kept += n
	default:
		f.Edited += n
		for _, part := range strings.Split(changed, ",") {
			f.Parts[part] += n
		}
	}
}
