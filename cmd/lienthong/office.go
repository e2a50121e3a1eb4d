package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/demo"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/setting"
	"lienthong/internal/signin"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// demoProfile is the province that a demonstration shows, demoPassword what opens every
// account of it. A demonstration has no secrets: it is printed at the door.
const (
	demoProfile  = "phu-tho"
	demoPassword = "lien-thong-chay-thu"
)

// A trial is one account of a demonstration: one for each post.
type trial struct {
	Login   string `json:"user"`
	Officer string `json:"officer"`
	Name    string `json:"name"`
	Unit    string `json:"unit"` // an id of the directory
	Post    string `json:"post"`
	Does    string `json:"does"`

	unit    org.UnitID
	section string   // end of its id
	role    org.Role // with nth, which of those who hold it
	nth     int
}

// trials are the posts of the journey of a petition, and those around it.
func trials() []trial {
	const commune, department = "07900", "so-tu-phap"
	return []trial{
		{Login: "xa.chuyenvien", unit: commune, role: org.Specialist, Does: "soạn kiến nghị của xã, phường"},
		{Login: "xa.truongphong", unit: commune, role: org.Head, Does: "xem dự thảo kiến nghị"},
		{Login: "xa.lanhdao", unit: commune, role: org.Leader, Does: "ký kiến nghị"},
		{Login: "xa.vanthu", unit: commune, role: org.Clerk, Does: "cấp số, phát hành kiến nghị"},
		{Login: "xa.motbuoc", unit: "04849", role: org.Leader, Does: "gửi kiến nghị trong một bước"},
		{Login: "so.vanthu", unit: department, role: org.Clerk, Does: "vào sổ kiến nghị đến, phát hành trả lời"},
		{Login: "so.lanhdao", unit: department, role: org.Leader, Does: "phân công, ký trả lời"},
		{Login: "so.phogiamdoc", unit: department, role: org.Leader, nth: 1, Does: "ký thay trong lĩnh vực phụ trách"},
		{Login: "so.truongphong", unit: department, role: org.Head, section: "phong-hanh-chinh-tu-phap", Does: "phân công trong phòng, xem dự thảo"},
		{Login: "so.chuyenvien", unit: department, role: org.Specialist, section: "phong-hanh-chinh-tu-phap", Does: "soạn trả lời"},
		{Login: "so.motbuoc", unit: "so-khoa-hoc-va-cong-nghe", role: org.Leader, Does: "trả lời trong một bước"},
		{Login: "vp.theodoi", unit: "van-phong-ubnd-tinh", role: org.Desk, Does: "theo dõi, đôn đốc; chỉ định chủ trì khi quy chế chưa nêu"},
		{Login: "vp.lanhdao", unit: "van-phong-ubnd-tinh", role: org.Leader, Does: "bảng điều hành của Văn phòng"},
		{Login: "noivu.lanhdao", unit: "so-noi-vu", role: org.Leader, Does: "theo dõi việc thực hiện quy chế, yêu cầu giải trình"},
		{Login: "chutich", unit: "ubnd-tinh", role: org.Leader, Does: "toàn cảnh của tỉnh"},
		{Login: "quantri", unit: "ubnd-tinh", role: org.Admin, Does: "đơn vị, chức danh, tài khoản, lịch làm việc"},
	}
}

// prepareDemo makes an empty store a running province and returns its accounts. What
// is there already stays: accounts are opened last, and mark a finished office.
func prepareDemo(ctx context.Context, d *db.DB, now func() time.Time) (all []trial, err error) {
	defer fault.Wrap(&err, "prepare demonstration")
	if _, err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if _, err := audit.Prepare(ctx, d); err != nil {
		return nil, err
	}
	var open int
	err = d.View(ctx, func(tx *db.Tx) error {
		logins, err := signin.Logins(tx)
		open = len(logins)
		return err
	})
	if err != nil {
		return nil, err
	}
	if open == 0 {
		if err := fillDemo(ctx, d, now); err != nil {
			return nil, err
		}
	}
	err = d.View(ctx, func(tx *db.Tx) error {
		all = trials()
		for i := range all {
			if err := all[i].find(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// demoBy marks what a demonstration set itself.
const demoBy = "cli:demo"

// demoAddress sets the address that is printed on papers to where the demonstration listens,
// unless a person chose another one.
func demoAddress(ctx context.Context, d *db.DB, url string) error {
	return d.Update(ctx, func(tx *db.Tx) error {
		s, err := setting.Get(tx, setting.SiteAddress)
		if err != nil || s.Value == url || s.Set && !strings.HasPrefix(s.Source, demoBy) {
			return err
		}
		return setting.Set(tx, demoBy, setting.SiteAddress, url, "chạy thử: nơi máy chủ đang mở")
	})
}

// fillDemo seeds units and people, puts the profile in force before the first example
// begins, plays the examples and opens the accounts.
func fillDemo(ctx context.Context, d *db.DB, now func() time.Time) error {
	rev, err := shippedRevision()
	if err != nil {
		return err
	}
	// the examples lie in the working days before today, so that some are late and some
	// are not
	began, err := demo.Begins(rev, now())
	if err != nil {
		return err
	}
	// the office is founded in its own past: rules must be in force before the first
	// example
	clock := d.Clock
	d.Clock = func() time.Time { return began }
	err = foundDemo(ctx, d)
	d.Clock = clock
	if err != nil {
		return err
	}
	paper, err := desk()
	if err != nil {
		return err
	}
	if err := demo.Fill(ctx, d, paper, duties(), now()); err != nil {
		return err
	}
	phc, err := signin.NewHasher().Hash(ctx, demoPassword)
	if err != nil {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error {
		for _, t := range trials() {
			if err := t.find(tx); err != nil {
				return err
			}
			if err := signin.Open(tx, org.OfficerID(t.Officer), t.Login, phc, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// foundDemo gives the store its units, people, calendar and rule book, unless an
// earlier try that was stopped did so.
func foundDemo(ctx context.Context, d *db.DB) error {
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		return err
	}
	rb, err := regulation.CompileAll(lib, demoProfile, keys())
	if err != nil {
		return err
	}
	if err := seed(ctx, d, true); err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error { return adopt(tx, lib, rb, "demo") })
}

// find looks up who holds the post of a trial account.
func (t *trial) find(tx *db.Tx) error {
	held, err := org.Officers(tx, t.unit)
	if err != nil {
		return err
	}
	u, err := org.UnitOf(tx, t.unit)
	if err != nil {
		return err
	}
	// counts down over those who fit: the second leader is the first deputy
	nth := t.nth
	for _, h := range held {
		if h.Post.Role != t.role || t.section != "" && h.Post.Section != t.unit+"/"+org.UnitID(t.section) {
			continue
		}
		if nth--; nth < 0 {
			t.Officer, t.Name, t.Post, t.Unit = string(h.Officer.ID), h.Officer.Name, h.Post.Title, u.Short
			return nil
		}
	}
	return fault.Refuse(fault.NotFound, "Không có ai giữ vai trò %s ở %s.", t.role, t.unit)
}

// checkOffice refuses to serve what this program cannot serve rightly: an office
// without a rule book, under texts that do not bind it today, or with rules or duties
// of a kind that no part of the program knows.
func checkOffice(ctx context.Context, d *db.DB, lib *regulation.Library) error {
	return d.View(ctx, func(tx *db.Tx) error {
		rb, err := regulation.Current(tx)
		if errors.Is(err, fault.NotFound) {
			return fault.Refuse(fault.Conflict, "Cơ quan chưa áp dụng quy chế nào; chạy 'lienthong regulation adopt phu-tho' trước.")
		}
		if err != nil {
			return err
		}
		if lib.Profiles[rb.Profile()] == nil {
			return fault.Refuse(fault.Conflict, "Cấu hình %q không đi kèm chương trình; hãy chỉ thư mục quy chế bằng --regulations.", rb.Profile())
		}
		// with the province's own decision about a model, where it has entered one
		if lib, err = lib.With(tx); err != nil {
			return err
		}
		// checked at each start and not only at adoption: a text may have ended since
		if problems := regulation.Check(lib, rb.Profile(), keys(), regulation.Use{Serve: true, Day: workday.Of(tx.Now)}); len(problems) > 0 {
			return regulation.Refusal(problems)
		}
		return knownKinds(tx, rb)
	})
}

// checkDoor refuses to serve an office in which the password that every demonstration
// prints opens an account: whoever read the guide would be inside. Only the names that a
// demonstration opens are tried, and each hash once: they all have the same.
func checkDoor(ctx context.Context, d *db.DB) error {
	var hashes []string
	err := d.View(ctx, func(tx *db.Tx) error {
		hashes = nil
		for _, t := range trials() {
			phc, err := signin.HashOf(tx, t.Login)
			if err != nil {
				return err
			}
			if phc != "" && !slices.Contains(hashes, phc) {
				hashes = append(hashes, phc)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	hasher := signin.NewHasher()
	for _, phc := range hashes {
		open, err := hasher.Matches(ctx, phc, demoPassword)
		if err != nil {
			return err
		}
		if open {
			return fault.Refuse(fault.Conflict, "Đây là cơ quan chạy thử: mật khẩu in sẵn của bản chạy thử vẫn mở được tài khoản. Hãy lập cơ quan mới ở thư mục khác, hoặc đổi các mật khẩu ấy.")
		}
	}
	return nil
}

// knownKinds refuses rules, duties and notices that the lists of kinds do not have: an
// office that an other program worked on.
func knownKinds(tx *db.Tx, rb *regulation.Rulebook) error {
	declared := map[string]bool{}
	for _, k := range keys() {
		declared[k.Name] = true
	}
	for _, name := range rb.Keys() {
		if !declared[name] {
			return fault.Refuse(fault.Conflict, "Quy định %q không có trong chương trình này.", name)
		}
	}
	rules, err := duty.Rules(tx)
	kinds := duties()
	for _, r := range rules {
		if _, ok := kinds[r]; !ok {
			return fault.Refuse(fault.Conflict, "Có việc theo quy định %q mà chương trình này không biết.", r)
		}
	}
	if err != nil {
		return err
	}
	told, err := notice.Kinds(tx)
	says := notices()
	for _, k := range told {
		if says[k] == "" {
			return fault.Refuse(fault.Conflict, "Có thông báo loại %q mà chương trình này không biết.", k)
		}
	}
	return err
}
