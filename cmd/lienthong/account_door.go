package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/workday"
)

// `user drop-second`: takes an officer's second factor away when the phone is lost, so that he can set up
// another at the next sign-in.
type userSecondCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
}

// Run is for the administrator whom nobody else could help; he sets up a new second
// factor at the next sign-in.
func (c *userSecondCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		keeper, err := signin.New(a.ctx, d)
		if err != nil {
			return err
		}
		return d.Update(a.ctx, func(tx *db.Tx) error {
			account, err := signin.AccountOf(tx, org.OfficerID(c.Officer))
			if errors.Is(err, fault.NotFound) {
				return fault.Field("--officer", "Cán bộ %q không có tài khoản.", c.Officer)
			}
			if err != nil {
				return err
			}
			return keeper.DropSecond(tx, operator(), account.Officer)
		})
	})
}

// `user log`: who came in, failed, was locked out or changed a password, newest first.
type userLogCmd struct {
	Officer string `help:"Chỉ của một cán bộ." placeholder:"ID"`
	Limit   int    `help:"Bao nhiêu dòng mới nhất." default:"50" placeholder:"N"`
}

// Run prints the book of the door, a line each.
func (c *userLogCmd) Run(a *app) error {
	if c.Limit < 1 {
		return fault.Field("--limit", "Số dòng phải từ 1 trở lên.")
	}
	return a.view(func(tx *db.Tx) (err error) {
		var all []signin.Line
		if c.Officer == "" {
			all, err = signin.Book(tx, "", c.Limit)
		} else {
			var o org.Officer
			if o, err = officerOf(tx, c.Officer); err == nil {
				all, err = signin.BookOf(tx, o.ID, "", c.Limit)
			}
		}
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
		for _, l := range all {
			// a name that nobody has is not kept: it may be a password in the wrong field
			who := string(l.Officer)
			if who == "" {
				who = "(không có ai tên ấy)"
			}
			what := l.Say()
			if l.Detail != "" {
				what += " (" + l.Detail + ")"
			}
			if l.By != "" {
				what += ", do " + l.By
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.At.In(workday.Office).Format("02/01/2006 15:04:05"), who, what, l.Address)
		}
		return w.Flush()
	})
}
