package main

import (
	"encoding/json"
	"os"
	"time"

	"lienthong/internal/bench"
	"lienthong/internal/fault"
)

// benchCmd measures the program on this machine: on SQLite in a folder of its own, or
// on two empty PostgreSQL databases.
type benchCmd struct {
	Cases   []int  `help:"Số việc của cơ quan được đo, tăng dần." default:"10000,100000,1000000"`
	Clients []int  `help:"Số máy khách cùng lúc." default:"1,8,32"`
	Seconds int    `help:"Thời gian mỗi phép đo, tính bằng giây." default:"10"`
	Dir     string `help:"Thư mục làm việc; bỏ trống thì dùng thư mục tạm và xoá khi xong." placeholder:"DIR"`
	BareDB  string `name:"bare-db" help:"Cơ sở dữ liệu PostgreSQL trống thứ hai, cho phần ghi thô." placeholder:"URL"`
	Only    string `help:"Chỉ đo các phép có tên bắt đầu như vậy, ví dụ W1." placeholder:"W"`
	Tasks   int    `help:"Số nhiệm vụ của bảng theo dõi, cho phép đo W5; 0 là không đo." default:"0"`
	Profile string `help:"Ghi xem máy chủ bận vì đâu vào tệp này." placeholder:"FILE"`
	JSON    bool   `name:"json" help:"In kết quả dạng JSON."`
}

// Run measures and prints. It never touches an office: the store named by --db must be empty.
func (c *benchCmd) Run(a *app) (err error) {
	if a.url != "" && c.BareDB == "" {
		return fault.Field("--bare-db", "Đo trên PostgreSQL cần hai cơ sở dữ liệu trống: --db và --bare-db.")
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	dir := c.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "lienthong-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	serve := []string{program, "serve", "--addr", "127.0.0.1:0"}
	if c.Profile != "" {
		serve = append(serve, "--profile", c.Profile)
	}
	report, err := bench.Run(a.ctx, bench.Config{
		Cases: c.Cases, Clients: c.Clients, Length: time.Duration(c.Seconds) * time.Second, Dir: dir, DB: a.url, BareDB: c.BareDB,
		Serve: serve, Only: c.Only, Tasks: c.Tasks,
		Say: func(format string, args ...any) {
			if !c.JSON {
				a.printf(format+"\n", args...)
			}
		},
	})
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(report)
	}
	return report.Print(a.out)
}
