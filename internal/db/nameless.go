package db

import (
	"database/sql"
	"strings"

	"lienthong/internal/db/engine"
)

// A liteStmt is a statement of one connection, prepared when it is first used: by
// database/sql for its rows, or by the engine alone. Its placeholders have no names, which would be
// looked up at every call.
type liteStmt struct {
	text   string
	order  []int        // which argument each placeholder takes, from 0; nil when they stand in order
	writes bool         // may change rows; false only for what is surely a question
	query  *sql.Stmt    // nil until it was asked
	exec   *engine.Stmt // nil until it was run
}

// newLiteStmt reads a statement; it is not yet prepared.
func newLiteStmt(query string) *liteStmt {
	text, order := nameless(query)
	return &liteStmt{text: text, order: order, writes: !strings.HasPrefix(strings.TrimSpace(text), "SELECT")}
}

// close ends what was prepared.
func (s *liteStmt) close() {
	if s.query != nil {
		s.query.Close()
	}
	if s.exec != nil {
		_ = s.exec.Close() // its last error was the caller's
	}
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
