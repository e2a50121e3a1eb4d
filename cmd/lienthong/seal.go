package main

import (
	"bufio"
	"io"
	"os"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/signin"
)

// sealCmd takes one case out of reach everywhere in this office. Two officers do it,
// each with the own password, read from the standard input and never from the line.
type sealCmd struct {
	Case   string `arg:"" help:"Mã việc: 26 ký tự, hoặc mã theo dõi KN-0437/2026."`
	Record string `required:"" help:"Số, ngày của biên bản niêm phong." placeholder:"SỐ"`
	First  string `required:"" help:"Tên đăng nhập của người thứ nhất." placeholder:"TÊN"`
	Second string `required:"" help:"Tên đăng nhập của người thứ hai." placeholder:"TÊN"`
}

// Run seals, removes the bytes that no other case has, and says what it cannot reach:
// copies that left, and backups made before.
func (c *sealCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		order, err := c.order(a, d, os.Stdin)
		if err != nil {
			return err
		}
		files, err := a.files()
		if err != nil {
			return err
		}
		var bytes []string
		var left []*outbox.Message
		err = d.Update(a.ctx, func(tx *db.Tx) error {
			id, err := caseID(tx, c.Case)
			if err != nil {
				return err
			}
			bytes, left, err = sealCase(tx, id, order)
			return err
		})
		if err != nil {
			return err
		}
		return c.finish(a, files, bytes, left)
	})
}

// order checks both persons at the door. Both must administer the office's units above
// all: sealing is no right of a unit over its own lateness.
func (c *sealCmd) order(a *app, d *db.DB, in io.Reader) (o casefile.Order, err error) {
	keeper, err := signin.New(a.ctx, d)
	if err != nil {
		return o, err
	}
	lines := bufio.NewReader(in)
	o.Record = c.Record
	if o.First, err = c.person(a, d, keeper, lines, c.First); err != nil {
		return o, err
	}
	o.Second, err = c.person(a, d, keeper, lines, c.Second)
	return o, err
}

// Signs one of the two persons in at the terminal. Both come with their own password: the seal is refused
// to one alone.
func (c *sealCmd) person(a *app, d *db.DB, keeper *signin.Keeper, lines *bufio.Reader, login string) (who org.Actor, err error) {
	a.printf("Mật khẩu của %s: ", login)
	password, err := readSecret(lines)
	a.printf("\n")
	if err != nil {
		return who, err
	}
	entry, err := keeper.SignIn(a.ctx, signin.Try{Login: login, Password: password, Agent: "lienthong seal"})
	if err != nil {
		return who, err
	}
	session, err := keeper.Session(a.ctx, entry.Session)
	if err != nil {
		return who, err
	}
	err = d.Update(a.ctx, func(tx *db.Tx) error {
		if who, err = org.ActorOf(tx, entry.Officer); err != nil {
			return err
		}
		return keeper.End(tx, session) // the door was opened only to see who stands there
	})
	return who, err
}

// sealCase ends what is owed, takes back what has not left yet, and empties every place
// where a text of the case stands.
func sealCase(tx *db.Tx, id casefile.ID, o casefile.Order) (bytes []string, left []*outbox.Message, err error) {
	defer fault.Wrap(&err, "seal %s", id)
	c, err := casefile.Lock(tx, org.System("seal"), id)
	if err != nil {
		return nil, nil, err
	}
	if err := duty.WaiveAll(tx, id, "đã niêm phong theo biên bản "+o.Record); err != nil {
		return nil, nil, err
	}
	if left, err = outbox.Withdraw(tx, string(id)); err != nil {
		return nil, nil, err
	}
	bytes, err = casefile.Seal(tx, c, o)
	return bytes, left, err
}

// Removes the bytes after the transaction: a file cannot be brought back by a rollback, a row can. What
// already left for other systems is named, since nobody can fetch it back.
func (c *sealCmd) finish(a *app, files *blob.Store, bytes []string, left []*outbox.Message) error {
	for _, h := range bytes {
		if err := files.Remove(blob.Hash(h)); err != nil {
			return err
		}
	}
	a.printf("Đã niêm phong %s theo biên bản %s; xoá %d tệp.\n", c.Case, c.Record, len(bytes))
	for _, m := range left {
		a.printf("Bản sao đã gửi ra ngoài, không thu lại được: %s tới %s lúc %s.\n", m.Kind, m.Target, day(m.EndedAt))
	}
	a.printf("Các bản sao lưu lập trước lúc này vẫn còn nội dung: huỷ hoặc niêm phong chúng theo biên bản.\n")
	return nil
}
