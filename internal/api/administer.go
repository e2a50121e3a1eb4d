package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/signin"
)

const accountsPath = "/api/v1/accounts"

// tagAdmin marks what administrators do.
const tagAdmin = "Quản trị"

// accountIn is one act on the account of an officer.
type accountIn struct {
	Unit     string `json:"unit" doc:"mã đơn vị mà người gọi quản trị và cán bộ giữ chức danh"`
	Officer  string `json:"officer,omitempty" doc:"mã cán bộ; chỉ khi mở tài khoản, các việc khác ghi ở địa chỉ"`
	Login    string `json:"login,omitempty" doc:"tên đăng nhập; chỉ khi mở tài khoản"`
	Password string `json:"password,omitempty" doc:"mật khẩu tạm, dùng một lần; khi mở và khi đặt lại"`
}

// accountOut is how an account stands. It never holds anything that lets somebody in.
type accountOut struct {
	Officer    string `json:"officer" doc:"mã cán bộ"`
	Name       string `json:"name"`
	Login      string `json:"login" doc:"rỗng: chưa có tài khoản"`
	State      string `json:"state" doc:"none, open, must_change, closed"`
	Second     bool   `json:"second" doc:"đã đặt xác thực hai lớp"`
	Tried      int64  `json:"tried" doc:"số lần gõ sai liên tiếp đang bị tính"`
	PasswordAt string `json:"password_at" doc:"lúc đặt mật khẩu; rỗng khi chưa có tài khoản"`
	Revoked    int    `json:"revoked,omitempty" doc:"số mã truy cập của chương trình vừa bị thu hồi"`
}

// administering are the routes of accounts, under the rights of the page "Quản trị": who
// administers the officer's unit, and nobody his own.
func (s *Server) administering() []route {
	on := func(what signin.Act, id, say string) route {
		return act[accountIn]("POST", accountsPath+"/{name}/"+string(what), id, say, onAccount(what)).gives(accountOut{}).of(tagAdmin)
	}
	open := act[accountIn]("POST", accountsPath, "openAccount", "Mở tài khoản cho cán bộ của đơn vị, với mật khẩu tạm phải đổi khi đăng nhập.", onAccount(signin.OpenAccount)).makes(accountOut{}).of(tagAdmin)
	return []route{
		list(accountsPath, "accounts", "Tài khoản của cán bộ trong một đơn vị (quản trị của đơn vị).", page[accountOut]{}, (*call).accounts, filter.Unit("unit", "Đơn vị")).of(tagAdmin),
		open,
		on(signin.ResetIt, "resetAccount", "Đặt mật khẩu tạm; mọi phiên đăng nhập và mã truy cập của người đó kết thúc. Mở lại được tài khoản đã đóng."),
		on(signin.CloseIt, "closeAccount", "Đóng tài khoản: đăng xuất mọi nơi, thu hồi mã truy cập."),
		on(signin.Unlock, "unlockAccount", "Bỏ qua các lần gõ sai, để người đó thử lại được ngay."),
		on(signin.DropIt, "dropSecond", "Bỏ xác thực hai lớp của người mất điện thoại và hết mã dự phòng."),
	}
}

// onAccount is one act on one account.
func onAccount(what signin.Act) func(c *call, in *accountIn) error {
	return func(c *call, in *accountIn) error {
		officer := org.OfficerID(c.r.PathValue("name"))
		if what == signin.OpenAccount {
			officer = org.OfficerID(in.Officer)
		}
		hash := ""
		if what == signin.OpenAccount || what == signin.ResetIt {
			var err error
			if hash, err = c.newPassword(in, officer); err != nil {
				return err
			}
		}
		status := http.StatusOK
		if what == signin.OpenAccount {
			status = http.StatusCreated
		}
		return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
			unit, err := org.UnitOf(tx, org.UnitID(in.Unit))
			if err != nil {
				return done{}, err
			}
			o, revoked, err := c.s.Door.Administer(tx, who, signin.Order{Act: what, Unit: unit, Officer: officer, Login: in.Login, Hash: hash})
			if err != nil {
				return done{}, err
			}
			out, err := accountRead(tx, o)
			out.Revoked = revoked
			return done{status: status, location: accountsPath + "/" + in.Unit + "/" + string(o.ID), body: &out}, err
		})
	}
}

// newPassword checks and hashes the password before the transaction, which must stay
// short, and takes it out of the body: not even the hash that tells a repeat holds it. The
// officer is looked up first, so that nothing is said about one whom the caller does not
// administer.
func (c *call) newPassword(in *accountIn, officer org.OfficerID) (string, error) {
	password := signin.Secret(in.Password)
	in.Password = ""
	var err error
	if c.body, err = json.Marshal(in); err != nil {
		return "", err
	}
	var o org.Officer
	err = c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		o, err = signin.Administered(tx, who, org.UnitID(in.Unit), officer)
		return err
	})
	if err != nil {
		return "", err
	}
	login := signin.LoginName(in.Login)
	if login == "" {
		login = o.Name
	}
	err = c.s.Door.Rules().CheckPassword(login, o.Name, password)
	if refused, ok := fault.Sentence(err); ok {
		return "", fault.Field("password", "%s", refused.Say)
	}
	if err != nil {
		return "", err
	}
	return c.s.Door.Hasher.Hash(c.ctx, password)
}

// accountRead is how the account of an officer stands.
func accountRead(tx *db.Tx, o org.Officer) (out accountOut, err error) {
	out = accountOut{Officer: string(o.ID), Name: o.Name, State: "none"}
	a, err := signin.AccountOf(tx, o.ID)
	if errors.Is(err, fault.NotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Login, out.Second, out.PasswordAt, out.State = a.Login, a.Second, instant(a.SetAt), "open"
	switch {
	case a.Closed():
		out.State = "closed"
	case a.MustChange:
		out.State = "must_change"
	}
	out.Tried, err = signin.Tried(tx, a.Login)
	return out, err
}

// accountAgain reads the account of a repeated request, under today's rights over it.
func (c *call) accountAgain(tx *db.Tx, who org.Actor, at string) (done, error) {
	unit, officer, _ := strings.Cut(strings.TrimPrefix(at, accountsPath+"/"), "/")
	o, err := signin.Administered(tx, who, org.UnitID(unit), org.OfficerID(officer))
	if err != nil {
		return done{}, err
	}
	out, err := accountRead(tx, o)
	return done{location: at, body: &out}, err
}

// accounts lists the people of one unit, each once, for its administrators.
func (c *call) accounts() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		unit, err := org.UnitOf(tx, org.UnitID(c.q.Get("unit")))
		if err != nil {
			return nil, 0, err
		}
		if !org.MayAdminister(who, unit) {
			return nil, 0, fault.Refuse(fault.Denied, "Anh/chị không quản trị đơn vị này. Người giữ vị trí quản trị của đơn vị hoặc của tỉnh làm được việc này.")
		}
		held, err := org.Officers(tx, unit.ID)
		if err != nil {
			return nil, 0, err
		}
		out := page[accountOut]{Items: []accountOut{}}
		seen := map[org.OfficerID]bool{}
		for _, h := range held {
			if seen[h.Officer.ID] {
				continue
			}
			seen[h.Officer.ID] = true
			one, err := accountRead(tx, h.Officer)
			if err != nil {
				return nil, 0, err
			}
			out.Items = append(out.Items, one)
		}
		return &out, 0, nil
	})
}
