package signoff_test

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/signoff"
)

// The list of waiting papers finds its rows through their index on both databases,
// whatever the number of keys an actor has.
func TestWaitingUsesItsIndex(t *testing.T) {
	each(t, func(s *stage) {
		who := s.who(lttest.HeadA)
		var asked string
		s.db.BeforeStatement = func(_ *db.Tx, query string) {
			if strings.Contains(query, "FROM paper p") {
				asked = query
			}
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			_, _, err := signoff.Waiting(tx, who, signoff.Filter{}, "", 25)
			return err
		})
		s.db.BeforeStatement = nil
		lttest.Update(s, s.db, func(tx *db.Tx) error {
			explain, args, err := explained(tx, asked)
			if err != nil {
				return err
			}
			var plan strings.Builder
			err = tx.All(explain, args, func(r *sql.Rows) error {
				cols, err := r.Columns()
				if err != nil {
					return err
				}
				dest := make([]any, len(cols))
				for i := range dest {
					dest[i] = new(string)
				}
				err = r.Scan(dest...)
				plan.WriteString(*dest[len(dest)-1].(*string) + "\n")
				return err
			})
			if !strings.Contains(plan.String(), "paper_waiting") {
				s.Errorf("the plan:\n%s", plan.String())
			}
			return err
		})
	})
}

// explained returns the statement that shows the plan of a query for any values.
func explained(tx *db.Tx, query string) (explain string, args []any, err error) {
	n := 0
	for strings.Contains(query, "$"+strconv.Itoa(n+1)) {
		n++
	}
	if !tx.Postgres() {
		return `EXPLAIN QUERY PLAN ` + query, append(slices.Repeat([]any{""}, n-1), 25), nil
	}
	for _, set := range []string{
		`SET LOCAL plan_cache_mode = force_generic_plan`,
		`SET LOCAL enable_seqscan = off`, // a table of three rows is always read whole
		`PREPARE shown AS ` + query,
	} {
		if _, err := tx.Exec(set); err != nil {
			return "", nil, err
		}
	}
	return `EXPLAIN EXECUTE shown (` + strings.Repeat(`'', `, n-1) + `25)`, nil, nil
}
