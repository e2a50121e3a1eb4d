package petition

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// release lets the files of a paper out with the event it became; an act without a
// paper has none.
func release(tx *db.Tx, paper string, n int64) error {
	if paper == "" {
		return nil
	}
	return casefile.Release(tx, paper, n)
}

// enclose adds the files of a draft: its unit's alone until the paper is released,
// whatever other posts their sender holds.
func enclose(tx *db.Tx, who org.Actor, paper *signoff.Paper, files []casefile.Document) error {
	for i := range files {
		files[i].Audience = org.OfUnit(paper.Unit)
	}
	return attach(tx, who, paper.Case, 0, string(paper.ID), files)
}

// attach adds the files of an act to the case.
func attach(tx *db.Tx, who org.Actor, id casefile.ID, n int64, paper string, files []casefile.Document) error {
	for _, f := range files {
		f.Case, f.EventN, f.PaperID, f.AddedBy = id, n, paper, who.Officer
		if _, err := casefile.Attach(tx, f); err != nil {
			return err
		}
	}
	return nil
}
