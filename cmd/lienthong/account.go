package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/workday"
)

// userCmd groups what is done with accounts of sign-in.
type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Mở tài khoản cho một cán bộ đã có trong danh sách."`
	Disable  userDisableCmd  `cmd:"" help:"Đóng tài khoản: đăng xuất mọi nơi, mật khẩu cũ không còn dùng được."`
	Password userPasswordCmd `cmd:"" help:"Đặt mật khẩu tạm; người dùng phải đổi khi đăng nhập."`
	List     userListCmd     `cmd:"" help:"Liệt kê tài khoản."`
	Second   userSecondCmd   `cmd:"" name:"drop-second" help:"Bỏ xác thực hai lớp của một cán bộ đã mất điện thoại và mã dự phòng, hoặc khi khôi phục mà không còn tệp khoá."`
	Log      userLogCmd      `cmd:"" help:"Nhật ký đăng nhập: ai vào, ai bị từ chối, từ đâu; mới nhất ở trên."`
}

// `user add`: gives an officer of the directory an account. The first password is for one use: nothing
// opens before the officer sets another.
type userAddCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
	Login   string `required:"" help:"Tên đăng nhập." placeholder:"TÊN"`
	Stdin   bool   `help:"Đọc mật khẩu tạm từ đầu vào chuẩn thay vì để chương trình đặt."`
}

// Run opens the account with a password that must be changed at the first sign-in.
func (c *userAddCmd) Run(a *app) error { return setPassword(a, c.Officer, c.Login, c.Stdin) }

// `user password`: sets a password again for an officer who lost his; his sessions end, so that whoever
// had the old one is out too.
type userPasswordCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
	Stdin   bool   `help:"Đọc mật khẩu tạm từ đầu vào chuẩn thay vì để chương trình đặt."`
}

// Run replaces the password, signs the officer out everywhere and revokes his tokens.
func (c *userPasswordCmd) Run(a *app) error { return setPassword(a, c.Officer, "", c.Stdin) }

// setPassword gives an officer a password chosen for him; login "" keeps the one he has.
func setPassword(a *app, officer, login string, stdin bool) error {
	return a.office(func(d *db.DB) error {
		keeper, err := signin.New(a.ctx, d)
		if err != nil {
			return err
		}
		var o org.Officer
		err = d.View(a.ctx, func(tx *db.Tx) error {
			if o, err = officerOf(tx, officer); err != nil {
				return err
			}
			if login != "" {
				return nil
			}
			account, err := signin.AccountOf(tx, o.ID)
			login = account.Login
			return err
		})
		if err != nil {
			return err
		}
		// chosen by the machine unless somebody types one: twelve letters that nobody
		// can guess
		password := signin.Secret(db.NewSecret()[:12])
		if stdin {
			if password, err = readSecret(bufio.NewReader(os.Stdin)); err != nil {
				return err
			}
			// what a person chooses for another keeps the same rules as one's own
			if err := keeper.Rules().CheckPassword(login, o.Name, password); err != nil {
				return err
			}
		}
		// before the transaction: hashing is slow on purpose and must not hold the
		// writer
		phc, err := keeper.Hasher.Hash(a.ctx, password)
		if err != nil {
			return err
		}
		revoked := 0
		err = d.Update(a.ctx, func(tx *db.Tx) (err error) {
			// whoever knew the old password is out at once, on every device, and so are the
			// programs that acted with it
			revoked, err = keeper.SetPassword(tx, operator(), o.ID, login, phc)
			return err
		})
		if err != nil {
			return err
		}
		a.printf("Cán bộ %s (%s), tên đăng nhập %s.\n", o.Name, o.ID, signin.LoginName(login))
		if revoked > 0 {
			a.printf("Đã thu hồi %d mã truy cập của chương trình.\n", revoked)
		}
		if !stdin {
			a.printf("Mật khẩu tạm, chỉ hiện một lần: %s\n", password.Reveal())
		}
		return nil
	})
}

// readSecret takes one line, so that a password never stands on a command line.
func readSecret(r *bufio.Reader) (signin.Secret, error) {
	line, err := r.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return signin.Secret(strings.TrimRight(line, "\r\n")), nil
}

// officerOf finds who was named and refuses by the name of the flag.
func officerOf(tx *db.Tx, id string) (org.Officer, error) {
	o, err := org.OfficerOf(tx, org.OfficerID(id))
	if errors.Is(err, fault.NotFound) {
		return o, fault.Field("--officer", "Không có cán bộ nào mang mã %q.", id)
	}
	return o, err
}

// `user disable`: closes an account and its sessions. The officer stays in the directory: what he did
// keeps his name.
type userDisableCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
}

// Run closes an account; the officer's posts and what he did stay.
func (c *userDisableCmd) Run(a *app) error {
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
			// a closed account leaves no door open: its programs end with it
			_, err = keeper.CloseAccount(tx, operator(), account.Officer)
			return err
		})
	})
}

// `user list`: the accounts by login, each with its officer's id and name.
type userListCmd struct{}

// Run prints every account by name of sign-in.
func (c *userListCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		logins, err := signin.Logins(tx)
		if err != nil {
			return err
		}
		var rows []string
		for id, login := range logins {
			o, err := org.OfficerOf(tx, id)
			if err != nil {
				return err
			}
			rows = append(rows, fmt.Sprintf("%s\t%s\t%s", login, id, o.Name))
		}
		sort.Strings(rows)
		w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintln(w, r)
		}
		return w.Flush()
	})
}

// tokenCmd groups what is done with the tokens of programs.
type tokenCmd struct {
	New    tokenNewCmd    `cmd:"" help:"Cấp mã cho một chương trình làm việc với quyền của một cán bộ."`
	List   tokenListCmd   `cmd:"" help:"Liệt kê mã đã cấp của một cán bộ."`
	Revoke tokenRevokeCmd `cmd:"" help:"Thu hồi một mã."`
}

// `token new`: an access token for a program that works in an officer's name. It is printed once and kept
// only as a hash.
type tokenNewCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
	Label   string `help:"Dùng vào việc gì." default:"dòng lệnh" placeholder:"TÊN"`
	Days    int    `help:"Hiệu lực bao nhiêu ngày; 0 là theo cài đặt." placeholder:"N"`
	Rate    int    `help:"Số yêu cầu mỗi giây; 0 là theo cài đặt, -1 là không giới hạn." placeholder:"N"`
}

// Run prints the secret alone on its line, this once, so that a script can take it.
func (c *tokenNewCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		keeper, err := signin.New(a.ctx, d)
		if err != nil {
			return err
		}
		var secret signin.Secret
		err = d.Update(a.ctx, func(tx *db.Tx) error {
			o, err := officerOf(tx, c.Officer)
			if err != nil {
				return err
			}
			var ends time.Time
			if c.Days > 0 {
				// it ends at the office's midnight, not at the minute at which it was
				// made
				ends = workday.Of(tx.Now).AddDays(c.Days).Midnight()
			}
			secret, _, err = keeper.NewToken(tx, "system:"+operator(), o.ID, c.Label, ends, c.Rate)
			return err
		})
		if err == nil {
			a.printf("%s\n", secret.Reveal())
		}
		return err
	})
}

// newToken gives an officer a token without a limit of its own rate, for programs that
// try a demonstration.
func newToken(tx *db.Tx, keeper *signin.Keeper, officer org.OfficerID) (string, error) {
	secret, _, err := keeper.NewToken(tx, "system:demo", officer, "chạy thử", time.Time{}, -1)
	return secret.Reveal(), err
}

// `token list`: the tokens of one officer, by what they are for; the tokens themselves are not kept.
type tokenListCmd struct {
	Officer string `required:"" help:"Mã cán bộ." placeholder:"ID"`
}

// Run prints an officer's tokens without their secrets, which are kept nowhere.
func (c *tokenListCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		all, err := signin.Tokens(tx, org.OfficerID(c.Officer))
		for _, t := range all {
			state := "đến " + t.EndsAt.In(workday.Office).Format("02/01/2006")
			if !t.RevokedAt.IsZero() {
				state = "đã thu hồi " + t.RevokedAt.In(workday.Office).Format("02/01/2006")
			}
			a.printf("%s  %s  %s\n", t.ID, state, t.Label)
		}
		return err
	})
}

// `token revoke`: ends one token at once, named by its id: nobody needs to have the secret to end it.
type tokenRevokeCmd struct {
	ID string `arg:"" help:"Mã nhận dạng của mã truy cập (xem token list)."`
}

// Run ends a token; other nodes hear of it within seconds.
func (c *tokenRevokeCmd) Run(a *app) error {
	return a.office(func(d *db.DB) error {
		keeper, err := signin.New(a.ctx, d)
		if err != nil {
			return err
		}
		return d.Update(a.ctx, func(tx *db.Tx) error { return keeper.Revoke(tx, c.ID) })
	})
}
