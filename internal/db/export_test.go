package db

import (
	"context"
	"fmt"
)

// LimitPages lets the store grow to so many pages and no more, as a full disk would.
func (d *DB) LimitPages(n int) error {
	_, err := d.lite.writer.conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA max_page_count = %d", n))
	return err
}
