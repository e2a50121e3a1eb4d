package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"

	"lienthong/internal/db/engine"
	"lienthong/internal/fault"
)

// explain gives the drivers' errors the kinds the rest of the program knows:
// a broken unique rule is a Conflict, a store that cannot take it now is Busy.
func explain(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505": // unique_violation
			return fmt.Errorf("%w: %w", fault.Conflict, err)
		case "22021": // character_not_in_repertoire: a zero byte, which no text here holds
			return fmt.Errorf("%w: %w", fault.Refuse(fault.Invalid, "Nội dung có ký tự điều khiển không lưu được."), err)
		case "53100": // disk full
			return fmt.Errorf("%w: %w", fault.Full(), err)
		case "53200", "53300", "57P01", "57P03", // memory, connections, stopping, starting
			"40001", "40P01": // still in each other's way after all retries
			return fmt.Errorf("%w: %w", fault.Busy, err)
		}
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) { // an update's own limit: it waited too long for a lock
		return fmt.Errorf("%w: %w", fault.Busy, err)
	}
	var lite *engine.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT:
			if lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY ||
				strings.Contains(lite.Error(), "UNIQUE") {
				return fmt.Errorf("%w: %w", fault.Conflict, err)
			}
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("%w: %w", fault.Full(), err)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM:
			return fmt.Errorf("%w: %w", fault.Busy, err)
		}
	}
	return err
}

// retryable says whether PostgreSQL asks for the transaction to be run again: a
// serialization failure, a deadlock, or a prepared statement that a migration on
// another node has made stale (the driver prepares it anew).
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01" ||
		pg.Code == "0A000" && strings.Contains(pg.Message, "cached plan"))
}
