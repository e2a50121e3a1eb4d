package main

import (
	"errors"
	"fmt"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// blobCmd are the commands about the store of bytes: the folder beside the data, or the
// bucket that --files names.
type blobCmd struct {
	Check blobCheckCmd `cmd:"" help:"Thử kho tệp và đọc lại mọi tệp đang giữ."`
	Copy  blobCopyCmd  `cmd:"" help:"Chép mọi tệp sang kho khác; chạy lại được, tệp đã có thì bỏ qua."`
}

// `blob check`: reads every file again and compares it with its hash; a disk that lost bytes is found here
// and not on the day they are needed.
type blobCheckCmd struct{}

// Run writes, reads and removes bytes of its own, so that a bucket with a wrong right is
// found before an officer finds it, and then reads everything that is kept.
func (blobCheckCmd) Run(a *app) error {
	files, err := a.files()
	if err != nil {
		return err
	}
	if err := tryBlobs(files); err != nil {
		return fmt.Errorf("%w: %w", fault.Refuse(fault.Conflict, "Kho tệp không ghi, đọc hoặc xoá được như cần."), err)
	}
	n, broken := 0, 0
	err = files.List(func(i blob.Item) error {
		n++
		if err := files.Check(i.Hash); err != nil && !errors.Is(err, fault.NotFound) {
			broken++
			a.printf("Hỏng: %v\n", err)
		}
		return a.ctx.Err()
	})
	if err != nil {
		return err
	}
	a.printf("Kho tệp ghi, đọc, xoá được; đã đọc lại %d tệp, hỏng %d.\n", n, broken)
	if broken > 0 {
		return fault.Refuse(fault.Conflict, "%d tệp hỏng.", broken)
	}
	return nil
}

// tryBlobs puts bytes that nobody else has, reads them back and removes them.
func tryBlobs(files *blob.Store) error {
	h, _, err := files.Put(strings.NewReader("lienthong "+db.NewSecret()), 1<<10)
	if err != nil {
		return err
	}
	return errors.Join(files.Check(h), files.Touch(h), files.Remove(h))
}

// `blob copy`: the files into another store, for a move from the folder to S3 or back; running it again
// copies only what is missing.
type blobCopyCmd struct {
	To string `required:"" help:"Thư mục hoặc kho s3://…" placeholder:"URL"`
}

// Run copies; what is put while it runs is taken by running it again, the last time with
// the office stopped.
func (c *blobCopyCmd) Run(a *app) error {
	from, err := a.files()
	if err != nil {
		return err
	}
	to, err := blob.Open(c.To)
	if err != nil {
		return err
	}
	there := map[blob.Hash]bool{}
	if err := to.List(func(i blob.Item) error { there[i.Hash] = true; return nil }); err != nil {
		return err
	}
	copied := 0
	err = from.List(func(i blob.Item) error {
		if there[i.Hash] {
			return a.ctx.Err()
		}
		err := copyBlob(from, to, i.Hash)
		if errors.Is(err, fault.NotFound) {
			return nil // cleaned away since it was listed
		}
		copied++
		return errors.Join(err, a.ctx.Err())
	})
	if err != nil {
		return err
	}
	a.printf("Đã chép %d tệp, %d tệp đã có sẵn.\n", copied, len(there))
	return nil
}
