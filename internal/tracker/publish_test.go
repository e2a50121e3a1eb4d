package tracker_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// model puts the model profile in force, which makes results public.
func model(t testing.TB, d *db.DB) {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	rb, problems := regulation.Compile(lib, "tinh-mau", province.Keys())
	if len(problems) > 0 {
		t.Fatal(regulation.Refusal(problems))
	}
	lttest.Update(t, d, func(tx *db.Tx) error { return regulation.Adopt(tx, rb, "test") })
}

// accepted reports and accepts the results of some assignments.
func accepted(t testing.TB, d *db.DB, desk org.Actor, n int) {
	t.Helper()
	var lines []directive.Line
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		lines, _, err = tracker.List(tx, desk, tracker.Running, tracker.Filter{}, "", n)
		return err
	})
	for _, l := range lines {
		lttest.Update(t, d, func(tx *db.Tx) error {
			lead, err := holder(tx, l.Lead, org.Leader)
			if err != nil {
				return err
			}
			if _, err := directive.SubmitNow(tx, lead, l.ID, directive.Result{Text: "Đã thực hiện xong."}); err != nil {
				return err
			}
			_, err = directive.Accept(tx, desk, l.ID, directive.Verdict{Quality: "Tốt"})
			return err
		})
	}
}

// A quarter's results are gathered when it is over, looked through, signed and released; only
// then does everybody read them: no line that was left out, no person, nothing sealed.
func TestResultsAreMadePublic(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(workday.MustDate("2026-02-10").At(9 * 60))
		province.Open(t, d)
		model(t, d)
		var tasks []directive.Task
		for i, what := range []string{"Rà soát thủ tục hộ tịch", "Xử lý đơn của một công dân", "Lập danh mục dự án"} {
			tasks = append(tasks, directive.Task{Content: what, Leads: []directive.Name{{Unit: oneStep}}, Deadline: "2026-03-12", Span: directive.Span{10 * i, 10*i + 9}})
		}
		desk := issue(t, d, 1, tasks)
		clock.Add(24 * time.Hour)
		accepted(t, d, desk, 3)
		q := tracker.Quarter{Year: 2026, N: 1}
		begin := func() (p *tracker.Publication, err error) {
			err = d.Update(t.Context(), func(tx *db.Tx) error {
				p, err = tracker.Begin(tx, desk, q)
				return err
			})
			return p, err
		}
		if _, err := begin(); !errors.Is(err, fault.Invalid) {
			t.Fatalf("a quarter that runs: %v", err)
		}
		clock.Set(workday.MustDate("2026-04-06").At(9 * 60))
		p, err := begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := begin(); !errors.Is(err, fault.Conflict) {
			t.Errorf("the same quarter twice: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, err := tracker.Withhold(tx, desk, p.ID, 2, true, "", 0); !errors.Is(err, fault.Invalid) {
				t.Errorf("left out without a reason: %v", err)
			}
			_, err := tracker.Withhold(tx, desk, p.ID, 2, true, "Nêu việc riêng của một công dân.", 0)
			return err
		})
		public := func() (e tracker.Edition, all []tracker.PublicLine, err error) {
			err = d.View(t.Context(), func(tx *db.Tx) error {
				e, all, err = tracker.Public(tx, q)
				return err
			})
			return e, all, err
		}
		if _, _, err := public(); !errors.Is(err, fault.NotFound) {
			t.Fatalf("public before it is released: %v", err)
		}
		release(t, d, p.ID)
		e, all, err := public()
		if err != nil || len(all) != 2 || e.Results != 2 || e.Number == "" {
			t.Fatalf("released: %+v, %d lines, %v", e, len(all), err)
		}
		var b bytes.Buffer
		if err := e.WriteCSV(&b, all); err != nil || strings.Contains(b.String(), "công dân") || !strings.Contains(b.String(), "hộ tịch") {
			t.Errorf("CSV: %s %v", b.String(), err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE casefile SET sealed_at = $1 WHERE title LIKE '%hộ tịch%'`, tx.Now)
			return err
		})
		if _, all, err = public(); err != nil || len(all) != 1 {
			t.Errorf("a sealed case stays public: %+v %v", all, err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			boss, err := holder(tx, "van-phong-ubnd-tinh", org.Leader)
			if err != nil {
				return err
			}
			_, err = tracker.Withdraw(tx, boss, p.ID, "Công khai nhầm kỳ.", 0)
			return err
		})
		if _, _, err := public(); !errors.Is(err, fault.NotFound) {
			t.Errorf("withdrawn and still public: %v", err)
		}
		if _, err := begin(); err != nil {
			t.Errorf("made anew: %v", err)
		}
	})
}

// oneStep is a unit whose papers go in one step.
const oneStep org.UnitID = "so-khoa-hoc-va-cong-nghe"

// release walks the paper of a publication through its unit.
func release(t testing.TB, d *db.DB, id casefile.ID) {
	t.Helper()
	desk, err := signoff.NewDesk(tracker.Papers()...)
	if err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		who, err := holder(tx, "van-phong-ubnd-tinh", org.Desk)
		if err != nil {
			return err
		}
		x, err := tracker.DraftPublication(tx, desk, who, id, "")
		if err != nil {
			return err
		}
		return walk(tx, desk, x)
	})
}

// walk does every step of a paper's path as whoever in its unit has the turn.
func walk(tx *db.Tx, desk signoff.Desk, x *signoff.Paper) (err error) {
	for range 10 {
		var who org.Actor
		for _, role := range []org.Role{org.Desk, org.Specialist, org.Head, org.Leader, org.Clerk} {
			held, err := org.Holders(tx, x.Unit, role)
			if err != nil {
				return err
			}
			for _, h := range held {
				one, err := org.ActorOf(tx, h.Officer.ID)
				if err != nil {
					return err
				}
				if one = one.As(h.Post); who.Officer == "" && !h.Post.Deputy && x.Turn(one) {
					who = one
				}
			}
		}
		switch x.State {
		case signoff.Drafting:
			x, err = desk.Submit(tx, who, x.ID, signoff.Step{})
		case signoff.Reviewing:
			x, err = desk.Review(tx, who, x.ID, signoff.Step{}, nil)
		case signoff.Signing:
			x, err = desk.Sign(tx, who, x.ID, signoff.Signature{})
		case signoff.Releasing:
			x, err = desk.Release(tx, who, x.ID, signoff.Issue{})
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
	return errors.New("the paper does not end")
}
