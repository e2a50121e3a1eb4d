package main

import (
	"context"
	"errors"
	"strings"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// migrateCmd brings a store up to this program's schema, and can fill a new one with
// the shipped reference tables.
type migrateCmd struct {
	Seed bool `help:"Cơ quan mới: nạp danh mục đơn vị và lịch nghỉ đi kèm chương trình (tỉnh Phú Thọ)."`
}

// Run migrates; run twice it changes nothing.
func (c *migrateCmd) Run(a *app) error {
	d, err := a.connect()
	if err != nil {
		return err
	}
	return errors.Join(c.migrate(a, d), d.Close())
}

// Says which steps ran, so that the administrator sees that the second call does nothing.
func (c *migrateCmd) migrate(a *app, d *db.DB) error {
	applied, err := d.Migrate(a.ctx)
	if err != nil {
		return err
	}
	if len(applied) == 0 {
		a.printf("Cơ sở dữ liệu đã ở bản của chương trình.\n")
	} else {
		a.printf("Đã áp dụng %d bước: %s.\n", len(applied), strings.Join(applied, ", "))
	}
	key, err := audit.Prepare(a.ctx, d)
	if err != nil {
		return err
	}
	a.printf("Khoá kiểm chứng của máy chủ: %s\n", key)
	if !c.Seed {
		return nil
	}
	if err := seed(a.ctx, d, false); err != nil {
		return err
	}
	a.printf("Đã nạp danh mục đơn vị và lịch nghỉ. Bước tiếp: lienthong regulation adopt phu-tho.\n")
	return nil
}

// seed fills an empty store with the shipped units and calendar, and for a
// demonstration with invented people. It is one transaction: half a province is none.
func seed(ctx context.Context, d *db.DB, people bool) (err error) {
	defer fault.Wrap(&err, "seed office")
	return d.Update(ctx, func(tx *db.Tx) error {
		if err := org.Seed(tx); err != nil {
			return err
		}
		if people {
			if err := org.SeedDemo(tx); err != nil {
				return err
			}
		}
		return duty.SeedCalendar(tx)
	})
}
