package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// regulationCmd groups what is done with regulations kept as data.
type regulationCmd struct {
	From string `help:"Thư mục quy chế thay cho bản đi kèm chương trình." placeholder:"DIR"`

	Check    regulationCheckCmd    `cmd:"" help:"Kiểm tra mọi cấu hình, hoặc một cấu hình."`
	Show     regulationShowCmd     `cmd:"" help:"Xem một khoản, một quy chế, một cấu hình hoặc một khoá quy định."`
	Adopt    regulationAdoptCmd    `cmd:"" help:"Áp dụng một cấu hình trong cơ quan này."`
	Decide   regulationDecideCmd   `cmd:"" help:"Nhập số, ngày quyết định của tỉnh cho một cấu hình mẫu."`
	Coverage regulationCoverageCmd `cmd:"" help:"Bao nhiêu khoản được phần mềm thực hiện và được kiểm chứng."`
}

// library loads the regulations that the commands work on.
func (c *regulationCmd) library() (*regulation.Library, error) {
	var from fs.FS = regulations.FS
	if c.From != "" {
		from = os.DirFS(c.From)
	}
	return regulation.Load(from)
}

// `regulation check`: compiles profiles without a store; what it refuses would be refused by adopt.
// --serve asks more: an office at work may not run on a model that its province has not decided.
type regulationCheckCmd struct {
	Profile string `arg:"" optional:"" help:"Mã cấu hình; bỏ trống là tất cả."`
	Serve   bool   `help:"Kiểm tra như khi chạy cơ quan thật, tại hôm nay."`
}

// Run prints every problem; any makes the command fail.
func (c *regulationCheckCmd) Run(a *app, parent *cli) error {
	lib, err := parent.Regulation.library()
	if err != nil {
		return err
	}
	names := []string{c.Profile}
	if c.Profile == "" {
		names = names[:0]
		for name := range lib.Profiles {
			names = append(names, name)
		}
		sort.Strings(names)
	}
	use := regulation.Use{Serve: c.Serve, Day: workday.Of(a.now())}
	if a.given() {
		err := a.view(func(tx *db.Tx) error {
			if lib, err = lib.With(tx); err != nil {
				return err
			}
			use.Units, err = unitsKnown(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	found := 0
	for _, name := range names {
		problems := regulation.Check(lib, name, keys(), use)
		for _, p := range problems {
			a.printf("%s  %s: %s\n", p.Code, p.Where, p.Say)
		}
		if len(problems) == 0 {
			a.printf("%s: đạt.\n", name)
		}
		found += len(problems)
	}
	if found > 0 {
		return errFound
	}
	return nil
}

// unitsKnown reads the ids of the office's units once, for the check. A body that every
// commune has is known by its own part of the id: regulations name it once for all.
func unitsKnown(tx *db.Tx) (func(regulation.UnitID) bool, error) {
	all, err := org.Units(tx, org.Filter{Sections: true, Requested: true})
	known := make(map[regulation.UnitID]bool, len(all))
	for _, u := range all {
		known[u.ID] = true
		if _, body, ok := strings.Cut(string(u.ID), "."); ok {
			known[regulation.UnitID(body)] = true
		}
	}
	return func(u regulation.UnitID) bool { return known[u] }, err
}

// `regulation show`: one clause, regulation, profile or key, with all that hangs on it.
type regulationShowCmd struct {
	ID string `arg:"" help:"Mã: PT06/D6.K2, PT06, phu-tho, petition.answer."`
}

// Run prints what the library holds under the id.
func (c *regulationShowCmd) Run(a *app, parent *cli) error {
	lib, err := parent.Regulation.library()
	if err != nil {
		return err
	}
	text, err := regulation.Show(lib, keys(), c.ID)
	if errors.Is(err, fault.NotFound) {
		return fault.Refuse(fault.NotFound, "Không có khoản, quy chế, cấu hình hay khoá quy định nào mang mã %q.", c.ID)
	}
	a.printf("%s", text)
	return err
}

// `regulation adopt`: the profile becomes the rulebook in force. Running cases keep theirs, except where
// the new one says otherwise: --dry-run lists those first.
type regulationAdoptCmd struct {
	Profile string `arg:"" help:"Mã cấu hình, ví dụ phu-tho."`
	DryRun  bool   `help:"Chỉ liệt kê việc đang chạy sẽ đổi hạn; không thay đổi gì."`
}

// Run compiles the profile and makes it current; running cases keep the rule book
// they started under.
func (c *regulationAdoptCmd) Run(a *app, parent *cli) error {
	lib, err := parent.Regulation.library()
	if err != nil {
		return err
	}
	// the province's own decision, where it has entered one, is part of the book
	if err := a.view(func(tx *db.Tx) error { lib, err = lib.With(tx); return err }); err != nil {
		return err
	}
	next, err := regulation.CompileAll(lib, c.Profile, keys())
	if err != nil {
		return err
	}
	if c.DryRun {
		return a.view(func(tx *db.Tx) error { return dryRun(a, tx, next) })
	}
	err = a.update(func(tx *db.Tx) error { return adopt(tx, lib, next, operator()) })
	if err == nil {
		a.printf("Đã áp dụng cấu hình %s, bản %.12s. Việc đang chạy giữ bản cũ.\n", c.Profile, next.Hash())
	}
	return err
}

// `regulation decide`: writes the number and date of the province's own decision into a profile that stood
// on models until then.
type regulationDecideCmd struct {
	Profile string `arg:"" help:"Mã cấu hình mẫu, ví dụ tinh-mau."`
	Number  string `required:"" help:"Số, ký hiệu quyết định của tỉnh." placeholder:"SỐ"`
	Date    string `required:"" help:"Ngày ký quyết định, ví dụ 2026-03-02." placeholder:"NGÀY"`
}

// Run keeps the decision; the profile is adopted anew for its rules to cite it.
func (c *regulationDecideCmd) Run(a *app, parent *cli) error {
	lib, err := parent.Regulation.library()
	if err != nil {
		return err
	}
	err = a.update(func(tx *db.Tx) error {
		return regulation.Decide(tx, lib, operator(), c.Profile, regulation.Decision{Number: c.Number, Date: c.Date})
	})
	if err == nil {
		a.printf("Đã ghi quyết định %s ngày %s cho cấu hình %s. Chạy 'lienthong regulation adopt %s' để các quy định nêu quyết định này.\n", c.Number, c.Date, c.Profile, c.Profile)
	}
	return err
}

// adopt makes a rule book current and lets the units that its profile names oversee.
func adopt(tx *db.Tx, lib *regulation.Library, rb *regulation.Rulebook, by string) error {
	known, err := unitsKnown(tx)
	if err != nil {
		return err
	}
	if lib, err = lib.With(tx); err != nil {
		return err
	}
	if problems := regulation.Check(lib, rb.Profile(), keys(), regulation.Use{Units: known}); len(problems) > 0 {
		return regulation.Refusal(problems)
	}
	if err := regulation.Adopt(tx, rb, by); err != nil {
		return err
	}
	return oversee(tx, rb)
}

// dryRun prints the running duties that the next rule book would move.
func dryRun(a *app, tx *db.Tx, next *regulation.Rulebook) error {
	_, err := regulation.Current(tx)
	if errors.Is(err, fault.NotFound) {
		a.printf("Chưa áp dụng cấu hình nào: không có việc nào đổi hạn.\n")
		return nil
	}
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
	seen, moved, cursor := 0, 0, ""
	for {
		n, changes, following, err := board.Adoption(tx, next, cursor, 200)
		if err != nil {
			return err
		}
		seen, moved = seen+n, moved+len(changes)
		for _, c := range changes {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s → %s\t%s\n", c.Case, c.Key, c.Unit, day(c.Due), day(c.NewDue), c.Why)
		}
		if cursor = following; cursor == "" {
			break
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.printf("%d việc đang chạy, %d việc đổi hạn nếu chuyển sang bản mới. Chưa thay đổi gì.\n", seen, moved)
	return nil
}

// An instant as a person reads it in the office's time; a zero one is a limit that nobody named, and says
// so.
func day(t time.Time) string {
	if t.IsZero() {
		return "không nêu hạn"
	}
	return t.In(workday.Office).Format("15:04 02/01/2006")
}

// oversee tells the office who reads all cases of a kind: the overseers that the rules
// name on the day of adoption, and no longer those whom only an older book named.
func oversee(tx *db.Tx, rb *regulation.Rulebook) error {
	was, err := org.Overseers(tx)
	if err != nil {
		return err
	}
	who := org.System("adopt")
	for kind, key := range overseeing() {
		named, err := overseersOf(tx, rb, key)
		if err != nil {
			return err
		}
		for _, u := range named {
			if err := org.Oversee(tx, who, u, kind, true); err != nil {
				return err
			}
		}
		for u, kinds := range was {
			if slices.Contains(kinds, kind) && !slices.Contains(named, u) {
				if err := org.Oversee(tx, who, u, kind, false); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// overseersOf returns the units that the rules of key name. A key that is switched
// off, or not in force yet, names nobody.
func overseersOf(tx *db.Tx, rb *regulation.Rulebook, key string) (units []org.UnitID, err error) {
	rules, err := rb.ApplyAll(tx, key, "", "")
	switch fault.Kind(err) {
	case nil:
	case fault.NotFound, fault.Denied, fault.Invalid:
		return nil, nil
	}
	for _, r := range rules {
		if u := r.Role("role").Unit; u != "" && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units, err
}
