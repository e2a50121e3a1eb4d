package org

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"lienthong/internal/db"
)

// insertRows is how many rows one INSERT carries: few texts to prepare, and well below
// the number of arguments that either database takes.
const insertRows = 100

// insert adds rows under a heading "INSERT INTO t (…) VALUES ", many a statement.
func insert(tx *db.Tx, heading string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(insertRows, len(rows))
		if err := insertSome(tx, heading, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Rows in one statement, as many as both stores take arguments for.
func insertSome(tx *db.Tx, heading string, rows [][]any) error {
	var b strings.Builder
	b.WriteString(heading)
	args := make([]any, 0, len(rows)*len(rows[0]))
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return errRows
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j, v := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			args = append(args, v)
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(len(args)))
		}
		b.WriteByte(')')
	}
	_, err := tx.Exec(b.String(), args...)
	return err
}

// errRows is what insert says of rows of unlike length: a fault of the program.
var errRows = errors.New("rows of unlike length")

// scanKey gathers a query's single text column.
func scanKey(into map[string]bool) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var k string
		err := r.Scan(&k)
		into[k] = true
		return err
	}
}
