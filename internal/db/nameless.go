package db

import (
	"database/sql"
	"strings"
)

// A liteStmt is a prepared statement whose placeholders have no names. The driver
// looks a named one up at every call, one by one: a tenth of a write's time (measured
// with the bench's operations).
type liteStmt struct {
	*sql.Stmt
	order  []int // which argument each placeholder takes, from 0; nil when they stand in order
	writes bool  // may change rows; false only for what is surely a question
	ends   bool  // ends the transaction
}

// args brings arguments into the order of the placeholders.
func (s *liteStmt) args(args []any) []any {
	if s.order == nil {
		return args
	}
	all := make([]any, len(s.order))
	for i, n := range s.order {
		if n >= len(args) {
			return args // too few: the driver says so
		}
		all[i] = args[n]
	}
	return all
}

// nameless turns $1, $2 … outside quotes into ?, and says which argument each takes.
func nameless(query string) (text string, order []int) {
	var b strings.Builder
	inOrder := true
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '\'' || c == '"':
			end := strings.IndexByte(query[i+1:], c)
			if end < 0 {
				b.WriteString(query[i:])
				return b.String(), order
			}
			b.WriteString(query[i : i+end+2])
			i += end + 1
		case c == '$' && i+1 < len(query) && digit(query[i+1]):
			n := 0
			for i+1 < len(query) && digit(query[i+1]) {
				i++
				n = n*10 + int(query[i]-'0')
			}
			inOrder = inOrder && n == len(order)+1
			order = append(order, n-1)
			b.WriteByte('?')
		default:
			b.WriteByte(c)
		}
	}
	if inOrder {
		order = nil
	}
	return b.String(), order
}

// ASCII only: names of parameters have no other digits.
func digit(c byte) bool { return c >= '0' && c <= '9' }
