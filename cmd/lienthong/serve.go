package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strconv"
	"text/tabwriter"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/live"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/setting"
	"lienthong/internal/signin"
	"lienthong/regulations"
)

// openPages is how many pages one node tells of changes; more than a province's
// officers have open at once.
const openPages = 4096

// listening are the flags of demo and serve about the door to the network.
type listening struct {
	Addr        string   `help:"Địa chỉ lắng nghe." default:"127.0.0.1:8080" placeholder:"A"`
	TLSCert     string   `name:"tls-cert" help:"Chứng chỉ TLS, PEM." placeholder:"FILE"`
	TLSKey      string   `name:"tls-key" help:"Khoá của chứng chỉ, PEM." placeholder:"FILE"`
	Quiet       bool     `help:"Chỉ ghi nhật ký khi có lỗi, không ghi từng yêu cầu."`
	Profile     string   `help:"Ghi xem bộ xử lý bận vì đâu vào tệp này cho đến khi dừng." placeholder:"FILE"`
	BehindProxy []string `help:"Mạng của máy chủ trung gian được tin, ví dụ 10.0.0.0/8." placeholder:"CIDR"`
}

// proxies reads the networks whose word about the sender is taken; everyone else's is
// not.
func (l *listening) proxies() (all []netip.Prefix, err error) {
	for _, s := range l.BehindProxy {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fault.Field("--behind-proxy", "Không đọc được mạng %q; hãy ghi như 10.0.0.0/8.", s)
		}
		all = append(all, p)
	}
	// half of a pair would serve in the clear whoever meant to encrypt
	if (l.TLSCert == "") != (l.TLSKey == "") {
		return nil, fault.Field("--tls-cert", "Cần cả --tls-cert và --tls-key.")
	}
	return all, nil
}

// `serve`: the office itself: pages, API, live changes and background works in one process.
type serveCmd struct {
	listening
	Regulations string `help:"Thư mục quy chế thay cho bản đi kèm chương trình." placeholder:"DIR"`
}

// Run serves an existing office until it is told to stop.
func (c *serveCmd) Run(a *app) error {
	// the shipped texts, unless the office keeps its own beside the program
	var from fs.FS = regulations.FS
	if c.Regulations != "" {
		from = os.DirFS(c.Regulations)
	}
	lib, err := regulation.Load(from)
	if err != nil {
		return err
	}
	return a.office(func(d *db.DB) error {
		// refused before the door opens: an office under wrong rules gives wrong dates
		if err := checkOffice(a.ctx, d, lib); err != nil {
			return err
		}
		if err := checkDoor(a.ctx, d); err != nil {
			return err
		}
		return a.serve(d, c.listening, lib, nil, func(url string) error {
			a.printf("Liên thông chạy tại %s\n", url)
			return a.tellAddress(d)
		})
	})
}

// `demo`: a province with invented people in a new or an existing folder, and the same server as serve.
type demoCmd struct {
	listening
	JSON bool `name:"json" help:"In địa chỉ, tài khoản và mã truy cập dạng JSON."`
}

// Run makes the office if there is none, prints who can sign in, and serves.
func (c *demoCmd) Run(a *app) error {
	d, err := a.connect()
	if err != nil {
		return err
	}
	return errors.Join(c.run(a, d), d.Close())
}

// run is Run with the store open.
func (c *demoCmd) run(a *app, d *db.DB) error {
	accounts, err := prepareDemo(a.ctx, d, a.now)
	if err != nil {
		return err
	}
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		return err
	}
	var steps oneStep
	if err := steps.find(a.ctx, d, c.JSON); err != nil {
		return err
	}
	return a.serve(d, c.listening, lib, accounts, func(url string) error {
		if err := demoAddress(a.ctx, d, url); err != nil {
			return err
		}
		if c.JSON {
			_ = json.NewEncoder(a.out).Encode(struct { // plain data: fails only with the pipe it goes into
				URL      string  `json:"url"`
				Password string  `json:"password"`
				Accounts []trial `json:"accounts"`
				OneStep  oneStep `json:"one_step"`
			}{url, demoPassword, accounts, steps})
			return nil
		}
		printDemo(a, url, accounts, steps)
		return nil
	})
}

// tellAddress says that papers will carry no QR code as long as the office has not said at
// which address it is opened: where the program listens need not be where officers reach it.
func (a *app) tellAddress(d *db.DB) error {
	return d.View(a.ctx, func(tx *db.Tx) error {
		s, err := setting.Get(tx, setting.SiteAddress)
		if err == nil && s.Value == "" {
			a.printf("Chưa đặt địa chỉ hệ thống: văn bản in ra không có mã QR. Đặt bằng: lienthong setting set %s https://… --source \"…\"\n", setting.SiteAddress)
		}
		return err
	})
}

// printDemo is what one reads at the first start: the address, the accounts, what each
// is for.
func printDemo(a *app, url string, accounts []trial, steps oneStep) {
	a.printf("Liên thông chạy thử tại %s\nMọi tài khoản dùng mật khẩu: %s\n\n", url, demoPassword)
	w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
	for _, t := range accounts {
		fmt.Fprintf(w, "%s\t%s\t%s, %s\t%s\n", t.Login, t.Name, t.Post, t.Unit, t.Does)
	}
	fmt.Fprintf(w, "\nĐơn vị đi một bước (người làm trọn việc):\n")
	for _, s := range append(steps.Communes, steps.Departments...) {
		fmt.Fprintf(w, "  %s\t%s\n", s.Unit, s.Officer)
	}
	_ = w.Flush() // to the terminal: nobody could be told
}

// oneStep are the units on a path of one step, for programs that try the office.
type oneStep struct {
	Communes    []oneStepUnit `json:"communes"`
	Departments []oneStepUnit `json:"departments"`
}

// A unit whose papers go one step (no section between officer and leader), as the list of the demo prints
// it: stories and measurements need one.
type oneStepUnit struct {
	Unit    string `json:"unit"`
	Officer string `json:"officer"`
	Token   string `json:"token,omitempty"` // "" when none was asked for
}

// find lists the units, each with a token of its officer where one is asked for.
func (s *oneStep) find(ctx context.Context, d *db.DB, tokens bool) error {
	keeper, err := signin.New(ctx, d)
	if err != nil {
		return err
	}
	list := func(tx *db.Tx) error {
		s.Communes, s.Departments = nil, nil
		all, err := org.OneStep(tx)
		if err != nil {
			return err
		}
		for _, u := range all {
			x := oneStepUnit{Unit: string(u.Unit.ID), Officer: string(u.Officer)}
			if tokens {
				secret, err := newToken(tx, keeper, u.Officer)
				if err != nil {
					return err
				}
				x.Token = secret
			}
			if u.Unit.Commune() {
				s.Communes = append(s.Communes, x)
			} else {
				s.Departments = append(s.Departments, x)
			}
		}
		return nil
	}
	if !tokens {
		return d.View(ctx, list)
	}
	return d.Update(ctx, list)
}

// serve answers requests until the program is told to stop, then lets what runs end.
func (a *app) serve(d *db.DB, l listening, lib *regulation.Library, accounts []trial, ready func(url string) error) error {
	proxies, err := l.proxies()
	if err != nil {
		return err
	}
	profiled, err := profile(l.Profile)
	if err != nil {
		return err
	}
	defer profiled()
	files, err := a.files()
	if err != nil {
		return err
	}
	keeper, err := signin.New(a.ctx, d)
	if err != nil {
		return err
	}
	if accounts != nil { // who tries the program has no second factor at hand
		rules := keeper.Rules()
		rules.AdminsSecond = false
		keeper.SetRules(rules)
	}
	// one line a request is for trials and small offices; a busy one asks for quiet
	level := slog.LevelInfo
	if l.Quiet {
		level = slog.LevelWarn
	}
	log := slog.New(signin.Redacted(slog.NewTextHandler(a.problems, &slog.HandlerOptions{Level: level})))
	limitMemory()
	hub := live.New(openPages)
	d.Changed = hub.Changed
	face, err := newFace(a.ctx, d, files, keeper, hub, log, lib, accounts)
	if err != nil {
		return err
	}
	face.TLS, face.Proxies = l.TLSCert != "", proxies
	// opened before the background starts: a second program on the same address fails
	// without touching anything
	listener, err := net.Listen("tcp", l.Addr)
	if err != nil {
		return fault.Refuse(fault.Conflict, "Không mở được địa chỉ %s: %v.", l.Addr, err)
	}
	if err := ready(address(listener, l.TLSCert != "")); err != nil {
		return errors.Join(err, listener.Close())
	}
	// stopped here too when the listener fails, not only when the program is told to
	// stop
	ctx, stop := context.WithCancel(a.ctx)
	wait := background(ctx, d, files, keeper, hub, log)
	// several nodes may share this store; each tells the others what changed
	if d.Postgres() {
		go hub.Share(ctx, a.url, func(err error) { log.Error("live", "err", err) })
	}
	// returns when the program is told to stop and the running requests have ended
	err = face.Serve(ctx, listener, l.TLSCert, l.TLSKey)
	stop()
	wait()
	return err
}

// address is where a browser finds the listener; the port may have been chosen by the
// system.
// Where every address of the machine is listened to, it is named as the machine names itself.
func address(l net.Listener, secure bool) string {
	at := l.Addr().String()
	if tcp, ok := l.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		at = net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	if secure {
		return "https://" + at
	}
	return "http://" + at
}
