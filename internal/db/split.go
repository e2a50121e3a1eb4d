package db

import (
	"fmt"
	"strings"
)

// statements splits a migration at its semicolons and drops what "-- only: postgres"
// or "-- only: sqlite" reserves for the other database. The mark stands before or in
// a statement, or on the line of its semicolon. What stands between quotes ('…', "…",
// $$…$$) is text: neither a semicolon nor two dashes mean anything there.
//
// "-- by key" before a CREATE TABLE keeps its rows in the order of the primary key on
// SQLite (WITHOUT ROWID): one tree where there would be two. It is for rows of some
// hundred bytes; a row over a thousand would spill. PostgreSQL has no such thing.
func statements(text string, postgres bool) (list []string, err error) {
	var s splitter
	for i := 0; i < len(text); {
		i += s.step(text[i:])
	}
	if s.err == nil && strings.TrimSpace(s.code.String()) != "" {
		s.err = fmt.Errorf("no semicolon after: %.80s", strings.TrimSpace(s.code.String()))
	}
	for _, st := range s.list {
		if st.only == "" || (st.only == "postgres") == postgres {
			if st.byKey && !postgres {
				st.code += " WITHOUT ROWID"
			}
			list = append(list, st.code)
		}
	}
	return list, s.err
}

// A statement is one piece of a migration and the database it is only for.
type statement struct {
	code, only string
	byKey      bool // applied before the table is filled
}

// Takes a file of statements apart. It knows quotes and comments and nothing else of SQL.
type splitter struct {
	code     strings.Builder
	only     string
	byKey    bool
	list     []statement
	sameLine bool // the last statement ended on this line
	err      error
}

// step takes the next piece of rest and returns its length.
func (s *splitter) step(rest string) int {
	switch {
	case strings.HasPrefix(rest, "--"):
		line, _, _ := strings.Cut(rest, "\n")
		s.comment(line[2:])
		return len(line)
	case strings.HasPrefix(rest, "$$"):
		return s.quoted(rest, "$$")
	case rest[0] == '\'' || rest[0] == '"':
		// a doubled quote inside is the end of one text and the start of the next
		return s.quoted(rest, rest[:1])
	case rest[0] == ';':
		s.end()
		return 1
	case rest[0] == '\n':
		s.sameLine = false
	}
	s.code.WriteByte(rest[0])
	return 1
}

// Passes over a quoted text: a semicolon in it ends nothing.
func (s *splitter) quoted(rest, quote string) int {
	end := strings.Index(rest[len(quote):], quote)
	if end < 0 {
		s.err = fmt.Errorf("quote %s without its end: %.80s", quote, rest)
		s.code.WriteString(rest)
		return len(rest)
	}
	n := end + 2*len(quote)
	s.code.WriteString(rest[:n])
	return n
}

// Ends a statement; the marks before it belong to it alone.
func (s *splitter) end() {
	if code := strings.TrimSpace(s.code.String()); code != "" {
		s.list = append(s.list, statement{code, s.only, s.byKey})
		s.sameLine = true
	}
	s.code.Reset()
	s.only, s.byKey = "", false
}

// Marks of a statement stand in comments: "only: postgres", "by key".
func (s *splitter) comment(text string) {
	if strings.TrimSpace(text) == "by key" {
		s.byKey = true
		return
	}
	mark, ok := strings.CutPrefix(strings.TrimSpace(text), "only:")
	if !ok {
		return
	}
	mark = strings.TrimSpace(mark)
	if mark != "postgres" && mark != "sqlite" {
		s.err = fmt.Errorf("mark %q names no database", text)
		return
	}
	if s.sameLine && strings.TrimSpace(s.code.String()) == "" {
		s.list[len(s.list)-1].only = mark
		return
	}
	s.only = mark
}
