package directive

import (
	"database/sql"
	"fmt"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// LinesOf returns the assignments of a page of ids, in the order given; those that the
// reader may not see are left out.
func LinesOf(tx *db.Tx, who org.Actor, ids []casefile.ID) (all []Line, err error) {
	defer fault.Wrap(&err, "lines of assignments")
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{who.Reader()}
	marks := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, string(id))
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	found := map[casefile.ID]Line{}
	err = tx.All(`SELECT `+lineColumns+lineFrom+` WHERE a.case_id IN (`+strings.Join(marks, ", ")+`) AND `+access.Visible("c.id", "$1"), args, func(r *sql.Rows) error {
		var l Line
		err := l.scan(r)
		found[l.ID] = l
		return err
	})
	for _, id := range ids {
		if l, ok := found[id]; ok {
			all = append(all, l)
		}
	}
	return all, err
}
