package campaign_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// collects is how long the campaign of these tests takes items.
const collects = 7 * 24 * time.Hour

const theOffice = org.UnitID("van-phong-ubnd-tinh")

// office is a province with one campaign that collects for a week, and the people in it.
type office struct {
	province.Office
	clock  *lttest.Clock
	desk   org.Actor
	member org.Actor // enters for a working group
	other  org.Actor // leads another commune
	unit   org.UnitID
	id     casefile.ID
}

func open(t testing.TB, d *db.DB, clock *lttest.Clock) (o office) {
	t.Helper()
	o.Office, o.clock = province.Open(t, d), clock
	lttest.Update(t, d, func(tx *db.Tx) error {
		return org.Oversee(tx, org.System("test"), theOffice, campaign.CaseKind, true)
	})
	actor := func(unit org.UnitID, role org.Role) (who org.Actor) {
		lttest.View(t, d, func(tx *db.Tx) error {
			held, err := org.Holders(tx, unit, role)
			if err != nil || len(held) == 0 {
				return fmt.Errorf("no %s in %s: %v", role, unit, err)
			}
			who, err = org.ActorOf(tx, held[0].Officer.ID)
			return err
		})
		return who
	}
	o.desk, o.member = actor(theOffice, org.Desk), actor("so-noi-vu", org.Specialist)
	if o.unit = "04849"; o.CommuneUnit == o.unit {
		o.unit = "08494"
	}
	o.other = actor(o.unit, org.Leader)
	lttest.Update(t, d, func(tx *db.Tx) error {
		c, err := campaign.Open(tx, o.desk, campaign.New{Title: "Đợt thử", Number: "1/UBND-TH", IssuedOn: workday.Of(tx.Now), Until: tx.Now.Truncate(time.Minute).Add(collects)})
		if err != nil {
			return err
		}
		o.id = c.ID
		_, err = campaign.Name(tx, o.desk, o.id, o.member.Officer, "Tổ công tác số 1", 0)
		return err
	})
	return o
}

func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

func (o *office) enter(t testing.TB, d *db.DB, who org.Actor, commune org.UnitID, title string) (i *campaign.Item) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		i, err = campaign.Enter(tx, who, o.id, campaign.Entry{Commune: commune, Title: title, Text: title})
		return err
	})
	return i
}

func (o *office) group(t testing.TB, d *db.DB, title string, items ...casefile.ID) (n int64) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		n, err = campaign.Group(tx, o.desk, o.id, campaign.Grouping{Title: title, Lead: o.DepartmentUnit, Items: items})
		return err
	})
	return n
}

// session waits for the end of the collection, plans, begins at its hour, answers every
// group given and ends.
func (o *office) session(t testing.TB, d *db.DB, answers ...campaign.Reply) {
	t.Helper()
	o.clock.Add(collects)
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := campaign.Plan(tx, o.desk, o.id, tx.Now.Add(time.Hour).Truncate(time.Minute), 0)
		return err
	})
	o.clock.Add(time.Hour)
	steps := []func(tx *db.Tx) error{func(tx *db.Tx) error { _, err := campaign.Begin(tx, o.desk, o.id, campaign.Opening{}); return err }}
	for _, a := range answers {
		steps = append(steps, func(tx *db.Tx) error { _, err := campaign.Answer(tx, o.desk, o.id, a); return err })
	}
	steps = append(steps, func(tx *db.Tx) error { _, err := campaign.End(tx, o.desk, o.id, 0); return err })
	for _, step := range steps {
		lttest.Update(t, d, step)
	}
}

func drain(t testing.TB, d *db.DB) {
	t.Helper()
	r := job.New(d, "test")
	r.Define(campaign.JobKind, campaign.Step)
	if err := r.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// What counts, and who may say so.
func TestItemsCountOnceConfirmed(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		own := o.enter(t, d, o.Commune, o.CommuneUnit, "Máy quét hỏng")
		given := o.enter(t, d, o.member, o.CommuneUnit, "Thiếu máy in")
		if own.State != campaign.Confirmed || given.State != campaign.Entered {
			t.Fatalf("own %s, entered for it %s", own.State, given.State)
		}
		group := func(tx *db.Tx) error {
			_, err := campaign.Group(tx, o.desk, o.id, campaign.Grouping{Title: "Nhóm", Lead: o.DepartmentUnit, Items: []casefile.ID{given.ID}})
			return err
		}
		confirm := func(who org.Actor, w campaign.Word) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := campaign.Confirm(tx, who, given.ID, w); return err }
		}
		tests := []struct {
			name string
			act  func(tx *db.Tx) error
			want error
		}{
			{"grouped before its commune's word", group, fault.Conflict},
			{"another commune confirms", confirm(o.other, campaign.Word{Accept: true}), fault.NotFound},
			{"who entered it confirms", confirm(o.member, campaign.Word{Accept: true}), fault.Denied},
			{"the Office confirms", confirm(o.desk, campaign.Word{Accept: true}), fault.Denied},
			{"refused without a reason", confirm(o.Commune, campaign.Word{}), fault.Invalid},
			{"a stale page", confirm(o.Commune, campaign.Word{Accept: true, Version: 99}), fault.Conflict},
			{"a department opens a campaign", func(tx *db.Tx) error {
				_, err := campaign.Open(tx, o.Leader, campaign.New{Title: "x", Number: "1", IssuedOn: workday.Of(tx.Now), Until: tx.Now.Add(time.Hour)})
				return err
			}, fault.Denied},
			{"a secret mark", func(tx *db.Tx) error {
				_, err := campaign.Enter(tx, o.Commune, o.id, campaign.Entry{Title: "Việc", Text: "Tài liệu TUYỆT MẬT"})
				return err
			}, fault.Invalid},
			{"for a commune that is none", func(tx *db.Tx) error {
				_, err := campaign.Enter(tx, o.member, o.id, campaign.Entry{Commune: "so-y-te", Title: "Việc", Text: "Việc"})
				return err
			}, fault.Invalid},
			{"for another commune", func(tx *db.Tx) error {
				_, err := campaign.Enter(tx, o.other, o.id, campaign.Entry{Commune: o.CommuneUnit, Title: "Việc", Text: "Việc"})
				return err
			}, fault.Denied},
			{"corrected and confirmed", confirm(o.Commune, campaign.Word{Accept: true, Text: "Thiếu hai máy in"}), nil},
			{"confirmed twice", confirm(o.Commune, campaign.Word{Accept: true}), fault.Conflict},
			{"grouped", group, nil},
			{"grouped twice", group, fault.Conflict},
		}
		for _, tt := range tests {
			if err := try(d, tt.act); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		clock.Add(collects)
		err := try(d, func(tx *db.Tx) error {
			_, err := campaign.Enter(tx, o.Commune, o.id, campaign.Entry{Title: "Muộn", Text: "Muộn"})
			return err
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("after the date: %v", err)
		}
	})
}

// Of a confirmation and a refusal at once one is done; of two endings one.
func TestRaces(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		given := o.enter(t, d, o.member, o.CommuneUnit, "Thiếu máy in")
		word := func(w campaign.Word) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := campaign.Confirm(tx, o.Commune, given.ID, w); return err }
		}
		once(t, d, word(campaign.Word{Accept: true}), word(campaign.Word{Reason: "Không phải của xã."}))
		own := o.enter(t, d, o.Commune, o.CommuneUnit, "Máy quét hỏng")
		n := o.group(t, d, "Thiết bị", own.ID)
		o.session(t, d, campaign.Reply{Theme: n, Speaker: "Giám đốc", Outcome: petition.Resolved, Text: "Đã cấp."})
		end := func(tx *db.Tx) error { _, err := campaign.Close(tx, o.desk, o.id, 0); return err }
		once(t, d, end, end)
	})
}

// once runs two operations at once and wants exactly one of them done, the other refused
// as a conflict.
func once(t *testing.T, d *db.DB, a, b func(tx *db.Tx) error) {
	t.Helper()
	errs := make(chan error, 2)
	for _, op := range []func(tx *db.Tx) error{a, b} {
		go func() { errs <- try(d, op) }()
	}
	done := 0
	for range 2 {
		switch err := <-errs; {
		case err == nil:
			done++
		case !errors.Is(err, fault.Conflict):
			t.Errorf("refused as %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d of two were done", done)
	}
}

// An answer that its department changes is kept beside the older one, holds, and reaches
// every commune again; a job's step done twice reaches nobody twice.
func TestAnswerIsChanged(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		var items []casefile.ID
		for n := range 60 { // more than one step of the job
			items = append(items, o.enter(t, d, o.Commune, o.CommuneUnit, fmt.Sprintf("Vướng mắc %d", n)).ID)
		}
		n := o.group(t, d, "Nhóm", items...)
		o.session(t, d, campaign.Reply{Theme: n, Speaker: "Giám đốc", Outcome: petition.Guided, Text: "Làm theo hướng dẫn cũ."})
		drain(t, d)
		o.reached(t, d, items, 1, "Làm theo hướng dẫn cũ.")
		settle := func(tx *db.Tx) error {
			_, err := campaign.Settle(tx, o.Commune, items[0], campaign.Verdict{Settled: true})
			return err
		}
		lttest.Update(t, d, settle)
		change := func(who org.Actor) error {
			return try(d, func(tx *db.Tx) error {
				_, err := campaign.Answer(tx, who, o.id, campaign.Reply{Theme: n, Outcome: petition.Guided, Text: "Làm theo hướng dẫn mới."})
				return err
			})
		}
		if err := change(o.desk); !errors.Is(err, fault.Denied) {
			t.Errorf("the Office changes an answer: %v", err)
		}
		if err := change(o.Leader); err != nil {
			t.Fatal(err)
		}
		drain(t, d)
		drain(t, d)
		o.reached(t, d, items, 2, "Làm theo hướng dẫn mới.")
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := campaign.Themes(tx, o.desk, o.id)
			if err != nil {
				return err
			}
			if a := all[0].Answers; len(a) != 2 || a[0].Text != "Làm theo hướng dẫn cũ." || a[1].Text != "Làm theo hướng dẫn mới." || !a[0].InSession || a[1].InSession {
				t.Errorf("answers %+v", a)
			}
			return nil
		})
	})
}

// reached wants every item to have been told the nth answer, once, with its word open.
func (o *office) reached(t *testing.T, d *db.DB, items []casefile.ID, round int64, text string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		for _, id := range items {
			i, err := campaign.GetItem(tx, o.Commune, id)
			if err != nil {
				return err
			}
			events, err := casefile.History(tx, o.Commune, id, 100)
			if err != nil {
				return err
			}
			told := int64(0)
			for _, e := range events {
				if e.Kind == "campaign.answer_reached" {
					told++
				}
			}
			if last := events[len(events)-1]; i.State != campaign.Told || i.Round != round || told != round || last.Text != text {
				t.Errorf("%s: %s round %d told %d, last %s %q", id, i.State, i.Round, told, last.Kind, last.Text)
			}
			duties, err := duty.OfCase(tx, id)
			if err != nil {
				return err
			}
			open := 0
			for _, x := range duties {
				if x.Rule == campaign.MustSettle && x.Fate == duty.Open {
					open++
				}
			}
			if open != 1 {
				t.Errorf("%s: %d words owed", id, open)
			}
		}
		return nil
	})
}

// Whatever was entered by whom, a list shows exactly what Get gives.
func TestListIsGet(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, clock)
		var ids []casefile.ID
		people := []org.Actor{o.Commune, o.other, o.member, o.desk, o.Leader}
		enter := []struct {
			who  org.Actor
			unit org.UnitID
		}{{o.Commune, o.CommuneUnit}, {o.other, o.unit}, {o.member, o.CommuneUnit}, {o.member, o.unit}}
		rapid.Check(t, func(rt *rapid.T) {
			e := enter[rapid.IntRange(0, len(enter)-1).Draw(rt, "who")]
			i := o.enter(t, d, e.who, e.unit, fmt.Sprintf("Việc %d", len(ids)))
			ids = append(ids, i.ID)
			if i.State == campaign.Confirmed && rapid.Bool().Draw(rt, "group") {
				o.group(t, d, fmt.Sprintf("Nhóm %d", len(ids)), i.ID)
			}
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, who := range people {
				listed := map[casefile.ID]bool{}
				for cursor := ""; ; {
					some, next, err := campaign.Items(tx, who, o.id, campaign.Filter{}, cursor, 7)
					if err != nil {
						return err
					}
					for _, i := range some {
						listed[i.ID] = true
					}
					if cursor = next; next == "" {
						break
					}
				}
				for _, id := range ids {
					_, err := campaign.GetItem(tx, who, id)
					if (err == nil) != listed[id] {
						t.Errorf("%s %s: get %v, listed %t", who.Officer, id, err, listed[id])
					}
				}
			}
			return nil
		})
	})
}

// BenchmarkSuggest puts 148 communes with 20 items each into groups: at most two seconds.
// Read and grouped on both databases; the texts are invented, two hundred matters in
// several wordings.
func BenchmarkSuggest(b *testing.B) {
	for name, start := range map[string]func(testing.TB) (*db.DB, *lttest.Clock){"sqlite": lttest.SQLite, "postgres": lttest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d, clock := start(b)
			o := open(b, d, clock)
			o.fill(b, d)
			b.ResetTimer()
			for b.Loop() {
				lttest.View(b, d, func(tx *db.Tx) error {
					all, err := campaign.Suggest(tx, o.desk, o.id)
					b.ReportMetric(float64(len(all)), "groups")
					return err
				})
			}
		})
	}
}

// fill enters twenty items for every commune.
func (o *office) fill(b *testing.B, d *db.DB) {
	what := []string{"chữ ký số", "máy quét", "trụ sở làm việc", "kinh phí chi lương", "phần mềm một cửa", "cán bộ địa chính", "xe ô tô công", "trạm y tế", "đường truyền mạng", "đất nông nghiệp",
		"hộ tịch điện tử", "rác thải sinh hoạt", "trường mầm non", "chợ xã", "quy hoạch chung", "dữ liệu dân cư", "con dấu", "phụ cấp kiêm nhiệm", "nghĩa trang", "nước sạch"}
	wrong := []string{"chưa được cấp", "bị hỏng, không dùng được", "thiếu so với nhu cầu", "chưa có hướng dẫn", "chồng chéo thẩm quyền", "chậm được bàn giao", "chưa đồng bộ", "không đủ tiêu chuẩn", "chưa rõ định mức", "xuống cấp"}
	tail := []string{"đề nghị sở hướng dẫn", "xã không tự giải quyết được", "ảnh hưởng việc tiếp dân", "kéo dài từ tháng trước"}
	var communes []org.UnitID
	lttest.View(b, d, func(tx *db.Tx) error {
		all, err := org.Units(tx, org.Filter{Level: org.LevelCommune})
		for _, u := range all {
			communes = append(communes, u.ID)
		}
		return err
	})
	for c, u := range communes {
		lttest.Update(b, d, func(tx *db.Tx) error {
			held, err := org.Holders(tx, u, org.Leader)
			if err != nil {
				return err
			}
			who, err := org.ActorOf(tx, held[0].Officer.ID)
			for n := 0; err == nil && n < 20; n++ {
				k := (c*20 + n) * 7
				text := what[k%len(what)] + " của xã " + wrong[k/len(what)%len(wrong)] + ", " + tail[(c+n)%len(tail)]
				_, err = campaign.Enter(tx, who, o.id, campaign.Entry{Title: text, Text: text + ". " + tail[(c+n+1)%len(tail)] + "."})
			}
			return err
		})
	}
}
