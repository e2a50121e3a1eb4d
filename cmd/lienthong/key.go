package main

import (
	"os"

	"lienthong/internal/audit"
	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/signin"
)

// keyCmd groups what is done with the keys that seal secrets at rest.
type keyCmd struct {
	Rotate keyRotateCmd `cmd:"" help:"Đặt khoá mới cho các bí mật đang lưu và niêm lại bằng khoá ấy; khoá cũ còn trong tệp cho tới khi được xoá."`
}

// `key rotate`: makes a new key and seals every kept secret again under it.
type keyRotateCmd struct{}

// Run puts a new key in front of the file's and seals every second factor, the secrets of
// the channels and the key that signs the log under it. A
// server that runs meanwhile reads the file again when it meets the new key.
func (c *keyRotateCmd) Run(a *app) error {
	if os.Getenv(keysVariable) != "" {
		return fault.Refuse(fault.Conflict, "Khoá được cấp qua %s; hãy thêm khoá mới vào đầu ở nơi cấp rồi khởi động lại máy chủ.", keysVariable)
	}
	return a.office(func(d *db.DB) error {
		box := db.FileBox(a.folder())
		d.SetBox(box)
		id, err := box.Rotate()
		if err != nil {
			return err
		}
		keeper, err := signin.New(a.ctx, d)
		if err != nil {
			return err
		}
		n, err := keeper.Reseal(a.ctx)
		if err != nil {
			return err
		}
		more, err := channel.Reseal(a.ctx, d)
		if n += more; err != nil {
			return err
		}
		moved, err := audit.Reseal(a.ctx, d)
		if moved {
			n++
		}
		if err == nil {
			a.printf("Khoá mới %s; đã niêm lại %d bí mật. Sao lưu không chứa tệp khoá: hãy cất riêng.\n", id, n)
		}
		return err
	})
}
