package org_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

var admin = org.System("test")

func date(s string) workday.Date { return workday.MustDate(s) }

// demo runs fn on each database with the demonstration office, on Tuesday 10 February
// 2026.
func demo(t *testing.T, fn func(t *testing.T, d *db.DB, clock *lttest.Clock)) {
	t.Helper()
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := org.Seed(tx); err != nil {
				return err
			}
			return org.SeedDemo(tx)
		})
		fn(t, d, clock)
	})
}

func kind(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
	if want != nil {
		if r, ok := fault.Sentence(err); !ok || r.Say == "" {
			t.Errorf("no sentence for the officer in %v", err)
		}
	}
}

// update runs fn alone and returns its error; a refused update leaves nothing behind.
func update(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) error {
	t.Helper()
	return d.Update(t.Context(), fn)
}

func readers(t *testing.T, d *db.DB, id org.OfficerID) (keys []string) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		keys, err = org.Readers(tx, id)
		return err
	})
	return keys
}

func TestSeed(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.View(t, d, func(tx *db.Tx) error {
			communes, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
			if err != nil || len(communes) != 148 {
				t.Errorf("%d communes, %v; want 148", len(communes), err)
			}
			departments, _ := org.Units(tx, org.Filter{Kind: "so"})
			if len(departments) != 12 {
				t.Errorf("%d departments, want 12", len(departments))
			}
			names, err := org.UnitNames(tx, "08515", "so-tu-phap", "van-phong-ubnd-tinh", "08515.phong-kinh-te-xa", "nowhere")
			want := map[org.UnitID]string{"08515": "UBND xã Hy Cương", "so-tu-phap": "Sở Tư pháp", "van-phong-ubnd-tinh": "Văn phòng UBND tỉnh",
				"08515.phong-kinh-te-xa": "Phòng Kinh tế", "nowhere": "nowhere"}
			for id, w := range want {
				if names[id] != w {
					t.Errorf("name of %s = %q, want %q (%v)", id, names[id], w, err)
				}
			}
			return nil
		})
		checkCommune(t, d)
		kind(t, update(t, d, org.Seed), fault.Conflict)
	})
}

func checkCommune(t *testing.T, d *db.DB) {
	lttest.View(t, d, func(tx *db.Tx) error {
		for id, bodies := range map[org.UnitID]string{
			"08515": "van-phong-hdnd-ubnd-cap-xa phong-kinh-te-xa phong-van-hoa-xa-hoi-cap-xa trung-tam-phuc-vu-hanh-chinh-cong-cap-xa tram-y-te-cap-xa",
			"07900": "van-phong-hdnd-ubnd-cap-xa phong-kinh-te-ha-tang-do-thi-phuong phong-van-hoa-xa-hoi-cap-xa trung-tam-phuc-vu-hanh-chinh-cong-cap-xa tram-y-te-cap-xa",
		} {
			all, err := org.Sections(tx, id)
			var got []string
			for _, u := range all {
				got = append(got, strings.TrimPrefix(string(u.ID), string(id)+"."))
			}
			if strings.Join(got, " ") != bodies {
				t.Errorf("bodies of %s = %v, %v; want %s", id, got, err, bodies)
			}
		}
		police, err := org.UnitOf(tx, "08515.cong-an-cap-xa")
		if err != nil || !police.Requested || !police.Agency() || police.Name != "Công an xã Hy Cương" {
			t.Errorf("police = %+v, %v", police, err)
		}
		found, err := org.Find(tx, "hy cuong", 3)
		if err != nil || len(found) == 0 || found[0].ID != "08515" && found[0].Parent != "08515" {
			t.Errorf("Find = %v, %v", found, err)
		}
		tree, err := org.Tree(tx)
		if err != nil || len(tree) != 1 || tree[0].ID != "ubnd-tinh" || len(tree[0].Below) < 170 {
			t.Errorf("tree has %d roots, %v", len(tree), err)
		}
		one, err := org.OneStep(tx)
		if err != nil || len(one) != 10 || one[0].Unit.Level != org.LevelCommune || one[9].Unit.Level != org.LevelProvince {
			t.Errorf("one step: %v, %v", one, err)
		}
		_, err = org.UnitOf(tx, "so-khong-co")
		kind(t, err, fault.NotFound)
		return nil
	})
}

// TestActor: several posts, one actor; one read once this node has seen him; a change
// is seen at once.
func TestActor(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		var posts []org.Post
		for range 2 {
			lttest.View(t, d, func(tx *db.Tx) error {
				a, err := org.ActorOf(tx, "of-so-tu-phap-specialist-1")
				if err != nil || !a.In("so-tu-phap") || !a.Has("08515", org.Specialist) || a.Root {
					t.Errorf("actor = %+v, %v", a, err)
				}
				before := tx.Stats().Reads
				posts = a.Posts
				_, err = org.UnitNames(tx, "08515")
				if tx.Stats().Reads > before+1 {
					t.Errorf("names cost %d reads", tx.Stats().Reads-before)
				}
				return err
			})
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			_, err := org.ActorOf(tx, "of-so-tu-phap-specialist-1")
			if got := tx.Stats().Reads; got != 1 {
				t.Errorf("a known actor costs %d reads, want 1", got)
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := org.EndPost(tx, admin, "08515", posts[1].ID, workday.Date{}); err != nil {
				return err
			}
			a, err := org.ActorOf(tx, "of-so-tu-phap-specialist-1")
			if a.In("08515") {
				t.Error("the post is still held in the transaction that ended it")
			}
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			a, err := org.ActorOf(tx, "of-so-tu-phap-specialist-1")
			if a.In("08515") {
				t.Error("the post is still held after it ended")
			}
			root, _ := org.ActorOf(tx, "of-ubnd-tinh-admin-1")
			hall, _ := org.UnitOf(tx, "08515.phong-kinh-te-xa")
			own, _ := org.ActorOf(tx, "of-08515-admin-1")
			other, _ := org.ActorOf(tx, "of-07900-admin-1")
			if !org.MayAdminister(root, hall) || !org.MayAdminister(own, hall) || org.MayAdminister(other, hall) {
				t.Error("who may administer a section of a commune is wrong")
			}
			return err
		})
	})
}

// TestReaders: what each post of the demonstration reads.
func TestReaders(t *testing.T) {
	tests := []struct {
		name, officer string
		has, hasNot   string
	}{
		{"a specialist reads his unit and section", "of-so-tu-phap-specialist-1",
			"o:of-so-tu-phap-specialist-1 u:so-tu-phap u:so-tu-phap/van-phong-so u:08515", "u:so-tu-phap/phong-hanh-chinh-tu-phap k:petition u:so-noi-vu"},
		{"a commune leader reads its bodies, not the police", "of-08515-leader-1",
			"u:08515 u:08515.phong-kinh-te-xa u:08515.tram-y-te-cap-xa", "u:08515.cong-an-cap-xa u:ubnd-tinh u:07900"},
		{"the Chairman reads departments and communes, not the vertical bodies", "of-ubnd-tinh-leader-1",
			"u:ubnd-tinh u:chu-tich-ubnd-tinh u:so-tu-phap u:08515 u:van-phong-dang-ky-dat-dai", "u:cong-an-tinh u:so-tu-phap/van-phong-so k:petition"},
		{"a vice chairman reads the departments of his charge", "of-ubnd-tinh-leader-2", "u:so-xay-dung u:ubnd-tinh", "u:so-tu-phap u:08515"},
		{"the people of an overseer read every petition", "of-so-noi-vu-specialist-3", "k:petition u:so-noi-vu", "u:so-tu-phap"},
		{"so do desk officers", "of-van-phong-ubnd-tinh-desk-3", "k:petition u:van-phong-ubnd-tinh", "u:08515"},
		{"an administrator keeps the system and reads no matters", "of-so-noi-vu-admin-1", "o:of-so-noi-vu-admin-1", "k:petition u:so-noi-vu"},
	}
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		for _, tt := range tests {
			got := " " + strings.Join(readers(t, d, org.OfficerID(tt.officer)), " ") + " "
			for _, k := range strings.Fields(tt.has) {
				if !strings.Contains(got, " "+k+" ") {
					t.Errorf("%s: no %s in%s", tt.name, k, got)
				}
			}
			for _, k := range strings.Fields(tt.hasNot) {
				if strings.Contains(got, " "+k+" ") {
					t.Errorf("%s: %s in%s", tt.name, k, got)
				}
			}
		}
	})
}

// TestCover: while it lasts, what is addressed to the covered officer, and no more; it
// begins and ends by the day alone.
func TestCover(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		cover := org.Cover{Officer: "of-so-y-te-leader-1", By: "of-so-y-te-leader-2", Reason: "đi công tác", From: date("2026-02-12"), To: date("2026-02-13")}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := org.SetCover(tx, admin, cover)
			return err
		})
		const key = "o:of-so-y-te-leader-1"
		for _, tt := range []struct {
			day  int
			want bool
		}{{10, false}, {12, true}, {13, true}, {14, false}} {
			clock.Set(time.Date(2026, 2, tt.day, 8, 0, 0, 0, workday.Office))
			lttest.Update(t, d, func(tx *db.Tx) error {
				_, err := org.Turn(tx)
				return err
			})
			got := strings.Contains(strings.Join(readers(t, d, cover.By), " "), key)
			if got != tt.want {
				t.Errorf("on the %dth the cover reads %v, want %v", tt.day, got, tt.want)
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				by, err := org.StandIn(tx, cover.Officer)
				a, _ := org.ActorOf(tx, cover.By)
				if (by == cover.By) != tt.want || (len(a.Cover) == 1) != tt.want {
					t.Errorf("on the %dth stand-in = %s, covers %v", tt.day, by, a.Cover)
				}
				// no signature goes with it: the deputy still has only his own charge
				err2 := org.CheckCapacity(tx, cover.By, "so-y-te", org.Own, "y-te", tx.Now)
				kind(t, err2, fault.Denied)
				return err
			})
		}
	})
}

// TestChargeLater: a charge that begins on a later day moves a vice chairman's board on
// that day, and not before.
func TestChargeLater(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		const vice = org.OfficerID("of-ubnd-tinh-leader-2")
		lttest.Update(t, d, func(tx *db.Tx) error {
			return org.SetCharge(tx, admin, org.Charge{Officer: vice, Unit: "ubnd-tinh", Areas: []org.UnitID{"so-tu-phap"}, Number: "9/PC",
				Date: date("2026-02-10"), Since: date("2026-02-23")})
		})
		for _, tt := range []struct{ day, has, hasNot string }{{"2026-02-22", "u:so-xay-dung", "u:so-tu-phap"}, {"2026-02-23", "u:so-tu-phap", "u:so-xay-dung"}} {
			clock.Set(noon(tt.day))
			lttest.Update(t, d, func(tx *db.Tx) error { _, err := org.Turn(tx); return err })
			got := strings.Join(readers(t, d, vice), " ")
			if !strings.Contains(got, tt.has) || strings.Contains(got, tt.hasNot) {
				t.Errorf("on %s he reads %s", tt.day, got)
			}
		}
	})
}

// TestRefusals: each operation says in Vietnamese what it cannot take, and leaves the
// office as it was.
func TestRefusals(t *testing.T) {
	deputy := org.OfficerID("of-so-y-te-leader-2")
	tests := []struct {
		name string
		do   func(tx *db.Tx) error
		want error
	}{
		{"a unit under nothing known", func(tx *db.Tx) error {
			return org.AddUnit(tx, admin, org.Unit{ID: "x", Parent: "nowhere", Name: "X", Kind: "so"})
		}, fault.Invalid},
		{"an id used before", func(tx *db.Tx) error {
			return org.AddUnit(tx, admin, org.Unit{ID: "so-y-te", Parent: "ubnd-tinh", Name: "X", Kind: "so"})
		}, fault.Conflict},
		{"a section without a name", func(tx *db.Tx) error { _, err := org.AddSection(tx, admin, "so-y-te", "x", "  "); return err }, fault.Invalid},
		{"a second head", func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, admin, org.Post{Officer: deputy, Unit: "so-y-te", Role: org.Leader, Title: "Giám đốc"})
			return err
		}, fault.Invalid},
		{"a head of section without a section", func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, admin, org.Post{Officer: deputy, Unit: "so-y-te", Role: org.Head, Title: "Trưởng phòng"})
			return err
		}, fault.Invalid},
		{"a section of another unit", func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, admin, org.Post{Officer: deputy, Unit: "so-y-te", Section: "so-tu-phap/van-phong-so", Role: org.Specialist, Title: "Chuyên viên"})
			return err
		}, fault.Invalid},
		{"a charge for the head", func(tx *db.Tx) error {
			return org.SetCharge(tx, admin, org.Charge{Officer: "of-so-y-te-leader-1", Unit: "so-y-te", Whole: true, Number: "1/PC", Date: date("2026-02-01")})
		}, fault.Invalid},
		{"a charge without a paper", func(tx *db.Tx) error {
			return org.SetCharge(tx, admin, org.Charge{Officer: deputy, Unit: "so-y-te", Whole: true})
		}, fault.Invalid},
		{"an authorisation passed on by a deputy", func(tx *db.Tx) error {
			_, err := org.Authorise(tx, admin, authorisation(deputy, "of-so-y-te-head-1"))
			return err
		}, fault.Denied},
		{"an authorisation to a specialist", func(tx *db.Tx) error {
			_, err := org.Authorise(tx, admin, authorisation("of-so-y-te-leader-1", "of-so-y-te-specialist-1"))
			return err
		}, fault.Invalid},
		{"an authorisation without an end", func(tx *db.Tx) error {
			a := authorisation("of-so-y-te-leader-1", "of-so-y-te-head-1")
			a.To = workday.Date{}
			_, err := org.Authorise(tx, admin, a)
			return err
		}, fault.Invalid},
		{"a cover from another unit", func(tx *db.Tx) error {
			_, err := org.SetCover(tx, admin, org.Cover{Officer: deputy, By: "of-so-tu-phap-head-1", Reason: "nghỉ phép", From: date("2026-02-12"), To: date("2026-02-13")})
			return err
		}, fault.Invalid},
		{"a path that does not end in a release", func(tx *db.Tx) error {
			return org.SetPath(tx, admin, "so-y-te", "", []org.Step{{Stage: org.Draft, Role: org.Specialist}, {Stage: org.Sign, Role: org.Leader}})
		}, fault.Invalid},
		{"a release by the clerk of what nobody signed", func(tx *db.Tx) error {
			return org.SetPath(tx, admin, "so-y-te", "", []org.Step{{Stage: org.Draft, Role: org.Specialist}, {Stage: org.Release, Role: org.Clerk}})
		}, fault.Invalid},
		{"a contact from another unit", func(tx *db.Tx) error {
			return org.SetContact(tx, admin, org.Contact{Unit: "so-y-te", Officer: "of-so-tu-phap-head-1"})
		}, fault.Invalid},
		{"a desk for one who has no desk", func(tx *db.Tx) error { return org.SetDesk(tx, admin, org.Watch{Field: "y-te", Officer: deputy}) }, fault.Invalid},
		{"a merger into oneself", func(tx *db.Tx) error {
			return org.MergeUnit(tx, admin, []org.UnitID{"08515"}, "08515", date("2026-03-01"), "NQ 1")
		}, fault.Invalid},
		{"an unknown officer", func(tx *db.Tx) error { _, err := org.ActorOf(tx, "of-khong-co"); return err }, fault.NotFound},
	}
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		before := readers(t, d, deputy)
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) { kind(t, update(t, d, tt.do), tt.want) })
		}
		if got := readers(t, d, deputy); strings.Join(got, " ") != strings.Join(before, " ") {
			t.Errorf("a refused operation changed reading: %v, was %v", got, before)
		}
	})
}

func authorisation(giver, taker org.OfficerID) org.Authorisation {
	return org.Authorisation{Unit: "so-y-te", Giver: giver, Taker: taker, Papers: []string{"cong-van"}, Number: "12/UQ-SYT",
		Date: date("2026-02-01"), From: date("2026-02-02"), To: date("2026-02-27")}
}

// TestMerge: a dated merger ends posts, and the receiving unit reads on.
func TestMerge(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := org.RenameUnit(tx, admin, "08515", "Ủy ban nhân dân xã Hy Cương mới", "UBND xã Hy Cương mới", "NQ 2 (minh họa)"); err != nil {
				return err
			}
			return org.MergeUnit(tx, admin, []org.UnitID{"04849"}, "08515", date("2026-03-02"), "NQ 1 (minh họa)")
		})
		if strings.Contains(strings.Join(readers(t, d, "of-08515-clerk-1"), " "), "u:04849") {
			t.Error("the receiving commune reads before the merger")
		}
		clock.Set(time.Date(2026, 3, 2, 7, 0, 0, 0, workday.Office))
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := org.Turn(tx)
			return err
		})
		if !strings.Contains(strings.Join(readers(t, d, "of-08515-clerk-1"), " "), "u:04849") {
			t.Error("the receiving commune does not read what the merged one read")
		}
		if got := readers(t, d, "of-04849-clerk-1"); len(got) != 1 {
			t.Errorf("the merged commune's clerk still reads %v", got)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			next, err := org.Successor(tx, "04849")
			former, _ := org.FormerNames(tx, "08515")
			if next != "08515" || len(former) != 1 || former[0].Short != "UBND xã Hy Cương" {
				t.Errorf("successor %s, former names %v", next, former)
			}
			log, _ := org.Log(tx, "08515", "", 10)
			if len(log) != 1 || log[0].Act != "RenameUnit" || log[0].By != "system:test" {
				t.Errorf("log = %+v", log)
			}
			return err
		})
	})
}

// TestPath: a unit's own path before the default, one of a kind before any.
func TestPath(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		stages := func(unit org.UnitID, paper string) (s string) {
			lttest.View(t, d, func(tx *db.Tx) error {
				steps, err := org.Path(tx, unit, paper)
				for _, p := range steps {
					s += string(p.Stage) + ":" + string(p.Role) + " "
				}
				return err
			})
			return strings.TrimSpace(s)
		}
		const full, one = "draft:specialist review:head sign:leader release:clerk", "release:leader"
		if got := stages("so-y-te", "cong-van"); got != full {
			t.Errorf("default path = %s", got)
		}
		if got := stages("so-ngoai-vu", "cong-van"); got != one {
			t.Errorf("path of one step = %s", got)
		}
		for _, steps := range [][]org.Step{{{Stage: org.Release, Role: org.Leader}}, nil} {
			lttest.Update(t, d, func(tx *db.Tx) error { return org.SetPath(tx, admin, "so-y-te", "cong-van", steps) })
			want := full
			if steps != nil {
				want = one
			}
			if got := stages("so-y-te", "cong-van"); got != want || stages("so-y-te", "bao-cao") != full {
				t.Errorf("own path = %s, want %s", got, want)
			}
		}
	})
}

// TestWhoFollows: desks, contacts, the leader in charge and who is above.
func TestWhoFollows(t *testing.T) {
	demo(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, tt := range []struct {
				field string
				unit  org.UnitID
				want  string
			}{
				{"xay-dung.04.01", "08515", "desk-3"}, {"xay-dung", "04831", "desk-4"}, {"y-te", "08515", "desk-5"}, {"", "08515", "desk-1"}, {"an-ninh-mang", "08515", "desk-2"},
			} {
				got, ok, err := org.DeskFor(tx, tt.field, tt.unit)
				if err != nil || !ok || !strings.HasSuffix(string(got), tt.want) {
					t.Errorf("DeskFor(%s, %s) = %s, want %s (%v)", tt.field, tt.unit, got, tt.want, err)
				}
			}
			leader, ok, err := org.LeaderFor(tx, "so-y-te", "y-te.03")
			if err != nil || !ok || leader != "of-so-y-te-leader-2" {
				t.Errorf("LeaderFor = %s, %v", leader, err)
			}
			for officer, want := range map[org.OfficerID]org.OfficerID{"of-so-y-te-specialist-1": "of-so-y-te-head-1", "of-so-y-te-head-1": "of-so-y-te-leader-1",
				"of-so-y-te-leader-2": "of-so-y-te-leader-1", "of-so-y-te-leader-1": ""} {
				got, ok, err := org.Above(tx, officer, "so-y-te", "")
				if err != nil || ok != (want != "") || ok && got != want {
					t.Errorf("Above(%s) = %s, want %s (%v)", officer, got, want, err)
				}
			}
			c, ok, err := org.ContactFor(tx, "so-y-te", "y-te.01")
			if err != nil || !ok || c.Field != "y-te" || c.Deputy == "" {
				t.Errorf("ContactFor = %+v, %v", c, err)
			}
			return nil
		})
	})
}
