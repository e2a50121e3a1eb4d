package directive

import (
	"strconv"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

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

// enclose adds the files of a draft: its unit's alone until the paper is released.
func enclose(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID, paper string, files []casefile.Document) error {
	for i := range files {
		files[i].Audience = org.OfUnit(unit)
	}
	return attach(tx, who, id, 0, paper, files)
}

// freed lets the files of a paper out with the event it became.
func freed(tx *db.Tx, paper string, n int64) error {
	if paper == "" {
		return nil
	}
	return casefile.Release(tx, paper, n)
}
