package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/workday"
)

// exchangeCmd groups what is done with the province's document system.
type exchangeCmd struct {
	In   exchangeInCmd   `cmd:"" help:"Nhận mọi gói edXML đang có trong một thư mục."`
	Out  exchangeOutCmd  `cmd:"" help:"Ghi các gói edXML đang chờ gửi vào một thư mục."`
	Unit exchangeUnitCmd `cmd:"" help:"Đặt mã định danh của một đơn vị, và có gửi văn bản đến đó hay không."`
	List exchangeListCmd `cmd:"" help:"Liệt kê văn bản đến qua hệ thống quản lý văn bản."`
}

// `exchange in`: takes the packets of a folder once, as the background does: for trying a connection
// before it is switched on.
type exchangeInCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Thư mục có gói .edxml, .xml hoặc .zip."`
}

// Run takes what lies in the folder now; failed packets make the command fail too.
func (c *exchangeInCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		files, err := a.files()
		if err != nil {
			return err
		}
		r, err := newIntake(d, files, c.Dir).Round(a.ctx)
		a.printRound(r)
		if err == nil && r.Failed > 0 {
			err = errFound
		}
		return err
	})
}

// newIntake takes packets out of a folder; a letter's field is proposed by its words.
func newIntake(d *db.DB, files *blob.Store, dir string) *exchange.Intake {
	return &exchange.Intake{DB: d, Files: files, Folder: dir}
}

// printRound says what became of the packets or lines.
func (a *app) printRound(r exchange.Round) {
	a.printf("Nhận %d văn bản vào việc; %d chờ đối chiếu; %d đã có từ trước; %d trạng thái; %d từ chối vì có dấu mật; %d không nhận được.\n",
		r.Taken, r.Waiting, r.Again, r.Statuses, r.Secret, r.Failed)
	for _, p := range r.Problems {
		a.printf("  %s\n", p)
	}
}

// `exchange out`: writes what waits to be sent to a folder that the document system reads.
type exchangeOutCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Thư mục mà hệ thống quản lý văn bản lấy gói."`
}

// Run follows the log to its end and hands over what is due.
func (c *exchangeOutCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		files, err := a.files()
		if err != nil {
			return err
		}
		follower := exchange.Follower(d)
		for n := 1; n > 0; {
			if n, err = follower.Step(a.ctx); err != nil {
				return err
			}
		}
		carrier := outbox.New(d, node())
		carrier.Define(exchange.OutKind, (&exchange.Outlet{DB: d, Files: files, Folder: c.Dir}).Send)
		sent := 0
		for n := 1; n > 0; sent += n {
			if n, err = carrier.Deliver(a.ctx); err != nil {
				return err
			}
		}
		a.printf("Đã thử gửi %d gói.\n", sent)
		return a.deadLetters(d)
	})
}

// deadLetters names the packets that will not leave by themselves.
func (a *app) deadLetters(d *db.DB) error {
	return d.View(a.ctx, func(tx *db.Tx) error {
		all, err := outbox.Letters(tx, "", 100)
		for _, m := range all {
			if m.Kind == exchange.OutKind {
				a.printf("  không gửi được đến %s: %s\n", m.Target, m.LastError)
			}
		}
		return err
	})
}

// `exchange unit`: the identity codes of a unit. Several: packets still come under the codes of before QĐ
// 20/2020/QĐ-TTg.
type exchangeUnitCmd struct {
	Unit     string   `arg:"" help:"Mã đơn vị."`
	Code     []string `help:"Mã định danh (QĐ 20/2020/QĐ-TTg), mã chính trước; cả mã cũ 000.… nếu còn gặp." placeholder:"MÃ"`
	Receives bool     `help:"Văn bản phát hành gửi đến đơn vị này đi qua hệ thống quản lý văn bản."`
}

// Run replaces the codes of one unit.
func (c *exchangeUnitCmd) Run(a *app) error {
	return a.update(func(tx *db.Tx) error {
		err := exchange.SetUnit(tx, org.System(operator()), exchange.Unit{Unit: org.UnitID(c.Unit), Codes: c.Code, Receives: c.Receives})
		if err == nil {
			a.printf("%s: %s%s\n", c.Unit, strings.Join(c.Code, ", "), map[bool]string{true: "; nhận gói edXML"}[c.Receives])
		}
		return err
	})
}

// `exchange list`: what came in, by where it stands; "waiting" is what a clerk must still decide.
type exchangeListCmd struct {
	State string `help:"waiting, joined, opened, aside hoặc secret." default:"waiting" enum:"waiting,joined,opened,aside,secret"`
	Limit int    `help:"Nhiều nhất bao nhiêu dòng." default:"50" placeholder:"N"`
}

// Run prints documents with why they wait.
func (c *exchangeListCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		all, _, err := exchange.List(tx, org.System(operator()), c.State, "", c.Limit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
		for _, x := range all {
			issuer := x.IssuerName
			if x.Issuer != "" {
				issuer = string(x.Issuer)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ArrivedAt.In(workday.Office).Format("15:04 02/01/2006"), x.Symbol, x.IssuedOn.Long(), issuer, x.Subject,
				exchange.Reasons[x.WaitsFor])
		}
		return w.Flush()
	})
}

// documents takes the list of documents that the document system exported. Where lines cannot
// be taken it takes none, unless it was asked to take the others.
func (c *importCmd) documents(a *app, d *db.DB) error {
	list, err := c.readList(a, d)
	if err != nil {
		return err
	}
	if c.DryRun {
		a.printf("%s: %d văn bản nhận được, %d dòng chưa nhận được. Chưa thay đổi gì.\n", c.File, len(list.Lines), len(list.Bad))
		return nil
	}
	if len(list.Bad) > 0 {
		if !c.Good {
			return fault.Refuse(fault.Invalid, "%d dòng chưa nhận được, nêu ở trên; chưa nhập dòng nào. Sửa rồi nhập lại, hoặc thêm --good để nhập %d dòng kia và ghi các dòng này ra tệp.", len(list.Bad), len(list.Lines))
		}
		// before anything is taken: what is not taken must not be lost
		if err := c.giveBack(a, list); err != nil {
			return err
		}
	}
	files, err := a.files()
	if err != nil {
		return err
	}
	r, err := newIntake(d, files, "").TakeList(a.ctx, list.Lines)
	a.printRound(r)
	if err == nil && r.Failed > 0 {
		err = fault.Refuse(fault.Invalid, "%d dòng không nhận được, xem trên; các dòng khác đã nhận.", r.Failed)
	}
	return err
}

// readList reads the list and says of every line what stands against taking it.
func (c *importCmd) readList(a *app, d *db.DB) (list *exchange.Exported, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if list, err = exchange.ReadList(f); err != nil {
		return nil, err
	}
	var notes []string
	err = d.View(a.ctx, func(tx *db.Tx) error {
		notes = list.Check(tx) // run again it finds the same
		return nil
	})
	for _, say := range append(list.Said(), notes...) {
		a.printf("  %s\n", say)
	}
	return list, err
}

// giveBack writes the lines that are not taken to a sheet of their own; one that is there
// already is not written over.
func (c *importCmd) giveBack(a *app, list *exchange.Exported) error {
	name := cmp.Or(c.Rest, strings.TrimSuffix(c.File, filepath.Ext(c.File))+"-chua-nhap.xlsx")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fault.Field("--rest", "Tệp %s đã có; chọn tên khác bằng --rest.", name)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(list.WriteBad(f), f.Close()); err != nil {
		return err
	}
	a.printf("Đã ghi %d dòng chưa nhập vào %s.\n", len(list.Bad), name)
	return nil
}

// exchangeFolders reads where the document system leaves and takes packets, and tells the
// carrier how to hand one over, before the carrier runs.
func exchangeFolders(ctx context.Context, d *db.DB, carrier *outbox.Carrier, files *blob.Store, report func(error)) (f exchange.Folders) {
	report(d.View(ctx, func(tx *db.Tx) (err error) {
		f, err = exchange.LoadFolders(tx)
		return err
	}))
	if f.Out != "" {
		carrier.Define(exchange.OutKind, (&exchange.Outlet{DB: d, Files: files, Folder: f.Out}).Send)
	}
	return f
}

// takeIn looks into the intake folder as long as the node runs.
func takeIn(ctx context.Context, d *db.DB, files *blob.Store, f exchange.Folders, report func(error)) {
	if f.In != "" {
		in := newIntake(d, files, f.In)
		in.Stale = f.Stale
		in.Run(ctx, f.Every, report)
	}
}

// sendOut queues released papers for the document system, where there is a folder for it.
func sendOut(ctx context.Context, d *db.DB, f exchange.Folders, report func(error)) {
	if f.Out != "" {
		report(exchange.Follower(d).Run(ctx))
	}
}
