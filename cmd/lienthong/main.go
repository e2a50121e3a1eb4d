// Command lienthong is the whole program in one binary: the office it serves, and
// what its administrators do at the command line.
//
// Each file beside this one is a group of commands; the list of kinds that ties the
// slices to the kernel is in kinds.go. Commands parse, open the store, call one
// operation of internal/ and print; what is right or wrong is never decided here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"lienthong/internal/fault"
)

// cli is the command line: the store, then the commands in the order help lists them.
type cli struct {
	Data string `help:"Thư mục dữ liệu (SQLite và tệp)." placeholder:"DIR" env:"LIENTHONG_DATA"`
	DB   string `name:"db" help:"Địa chỉ PostgreSQL, thay cho SQLite: postgres://…" placeholder:"URL" env:"LIENTHONG_DB"`

	Files string `name:"files" help:"Kho tệp nhiều máy cùng dùng, thay cho thư mục: s3://kho/thu-muc?endpoint=https://…&region=… (khoá trong AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)." placeholder:"URL" env:"LIENTHONG_FILES"`

	Demo       demoCmd       `cmd:"" help:"Chạy thử: thư mục rỗng trở thành một tỉnh đang làm việc."`
	Serve      serveCmd      `cmd:"" help:"Chạy một cơ quan đã có."`
	Migrate    migrateCmd    `cmd:"" help:"Đưa cơ sở dữ liệu lên bản của chương trình."`
	User       userCmd       `cmd:"" help:"Tài khoản đăng nhập của cán bộ."`
	Token      tokenCmd      `cmd:"" help:"Mã truy cập cho chương trình khác."`
	Key        keyCmd        `cmd:"" help:"Khoá của các bí mật đang lưu."`
	Setting    settingCmd    `cmd:"" help:"Thông số kỹ thuật: xem, đặt, đưa về mặc định."`
	Import     importCmd     `cmd:"" help:"Nạp đơn vị, cán bộ, lịch làm việc, kiến nghị từ tệp CSV."`
	Blob       blobCmd       `cmd:"" help:"Kho tệp: kiểm tra, chép sang kho khác."`
	Exchange   exchangeCmd   `cmd:"" help:"Văn bản liên thông: gói edXML đến và đi, mã định danh."`
	Backup     backupCmd     `cmd:"" help:"Sao lưu ra một thư mục mới."`
	Restore    restoreCmd    `cmd:"" help:"Khôi phục từ bản sao lưu vào thư mục trống."`
	Seal       sealCmd       `cmd:"" help:"Niêm phong một việc: hai người, có số biên bản."`
	Audit      auditCmd      `cmd:"" help:"Sổ kiểm chứng: điểm chốt, kiểm tra, bằng chứng."`
	Job        jobCmd        `cmd:"" help:"Việc chạy nền của máy chủ."`
	Bench      benchCmd      `cmd:"" help:"Đo tốc độ và dung lượng trên máy này."`
	Due        dueCmd        `cmd:"" help:"Tính hạn, kèm cách tính từng ngày."`
	Route      routeCmd      `cmd:"" help:"Đề xuất lĩnh vực, cơ quan cho một khó khăn, vướng mắc."`
	Extract    extractCmd    `cmd:"" help:"Đọc một văn bản chỉ đạo, đề xuất nhiệm vụ; không lưu gì."`
	Regulation regulationCmd `cmd:"" help:"Quy chế: kiểm tra, xem, áp dụng, mức độ bao phủ."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now)
	stop()
	os.Exit(code)
}

// run is the program without its process, so that tests call it: 0 done, 1 refused
// or not found right, 2 a command line that cannot be read.
func run(ctx context.Context, args []string, out, problems io.Writer, now func() time.Time) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("lienthong"), kong.Writers(out, problems), kong.Help(help),
		kong.Exit(func(int) { panic(helped{}) }),
		kong.Description("Liên thông: hệ thống phối hợp của chính quyền địa phương hai cấp."))
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	return guarded(func() int {
		if len(args) == 0 {
			args = []string{"--help"}
		}
		k, err := parser.Parse(args)
		if err != nil {
			fmt.Fprintf(problems, "Không hiểu lệnh: %s\nXem 'lienthong --help'.\n", parseProblem(err))
			return 2
		}
		a := &app{ctx: ctx, out: out, problems: problems, dir: c.Data, url: c.DB, bucket: c.Files, now: now}
		if err := k.Run(a, &c); err != nil {
			fmt.Fprintln(problems, say(err))
			return 1
		}
		return 0
	})
}

// helped ends a run in which kong printed its help.
type helped struct{}

// Kong ends a call for help by leaving the program; here that becomes a panic of our own and ends in an
// exit code. Any other panic goes on.
func guarded(fn func() int) (code int) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(helped); !ok {
				panic(p)
			}
		}
	}()
	return fn()
}

// errFound ends a check that printed what it found: exit 1, nothing more to say.
var errFound = errors.New("có điểm không đúng, xem trên")

// say writes an error for the person at the command line: the refusal's own sentence
// where there is one, else the whole chain, which an administrator may read.
func say(err error) string {
	if r, ok := fault.Sentence(err); ok {
		return "Không thực hiện: " + r.Error()
	}
	return "Không thực hiện: " + err.Error()
}

// version is the revision that the program was built from, as the Go tool noted it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "?"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}
