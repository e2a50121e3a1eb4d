package lttest

import (
	"context"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// The units of the test office: an invented province with a department of two sections
// on the full path of papers, a commune on the full path, and a department and a commune
// on a path of one step.
const (
	Province   org.UnitID = "tinh-thu"
	Department org.UnitID = "so-thu"
	SectionA   org.UnitID = "so-thu/a" // abbreviation PA
	SectionB   org.UnitID = "so-thu/b"
	Commune    org.UnitID = "xa-thu"
	Body       org.UnitID = "xa-thu/van-phong"
	OneStep    org.UnitID = "so-mot" // a department whose leader does all in one act
	OneCommune org.UnitID = "xa-mot" // a commune whose leader does all in one act
)

// Field is the field that the deputy of the department has in his charge; OtherField is
// one that he has not.
const (
	Field      = "tu-phap"
	OtherField = "xay-dung"
)

// People of the test office: the unit, a dot, and the part he plays.
const (
	Leader    org.OfficerID = "so-thu.leader"    // giám đốc
	Deputy    org.OfficerID = "so-thu.deputy"    // phó giám đốc, in charge of Field
	Clerk     org.OfficerID = "so-thu.clerk"     // văn thư
	HeadA     org.OfficerID = "so-thu.head-a"    // trưởng phòng A
	HeadB     org.OfficerID = "so-thu.head-b"    // trưởng phòng B
	OfficerA  org.OfficerID = "so-thu.officer-a" // chuyên viên phòng A
	OfficerA2 org.OfficerID = "so-thu.officer-a2"
	OfficerB  org.OfficerID = "so-thu.officer-b"
	UnitAdmin org.OfficerID = "so-thu.admin"

	CommuneLeader  org.OfficerID = "xa-thu.leader" // chủ tịch UBND xã
	CommuneDeputy  org.OfficerID = "xa-thu.deputy" // phó chủ tịch, in charge of the whole work
	CommuneClerk   org.OfficerID = "xa-thu.clerk"
	CommuneHead    org.OfficerID = "xa-thu.head"
	CommuneOfficer org.OfficerID = "xa-thu.officer"

	OneLeader        org.OfficerID = "so-mot.leader"
	OneOfficer       org.OfficerID = "so-mot.officer"
	OneCommuneLeader org.OfficerID = "xa-mot.leader"
	Outsider         org.OfficerID = "tinh-thu.officer"
)

var maker = org.System("test")

// since is long before Start, so that posts and paths hold on every day of a test.
var since = workday.MustDate("2025-07-01")

// Office fills an empty store with the test office.
func Office(t testing.TB, d *db.DB) {
	t.Helper()
	Update(t, d, func(tx *db.Tx) error {
		for _, step := range []func(*db.Tx) error{officeUnits, officePeople, officeCharges, officePaths} {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Who returns an officer as he acts now, in whichever of his posts allows the act.
func Who(t testing.TB, d *db.DB, id org.OfficerID) (who org.Actor) {
	t.Helper()
	err := d.View(context.Background(), func(tx *db.Tx) (err error) {
		who, err = org.ActorOf(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// A small province: a department of two sections, one of one step, a commune. Enough for every rule about
// units.
func officeUnits(tx *db.Tx) error {
	for _, u := range []org.Unit{
		{ID: Province, Name: "Ủy ban nhân dân tỉnh Thử", Short: "UBND tỉnh Thử", Abbr: "UBND", Kind: org.KindCommittee, Level: org.LevelProvince},
		{ID: Department, Parent: Province, Name: "Sở Thử", Abbr: "ST", Kind: "so", Level: org.LevelProvince},
		{ID: SectionA, Parent: Department, Owner: Department, Name: "Phòng A", Abbr: "PA", Kind: org.KindSection, Level: org.LevelProvince},
		{ID: SectionB, Parent: Department, Owner: Department, Name: "Phòng B", Kind: org.KindSection, Level: org.LevelProvince},
		{ID: OneStep, Parent: Province, Name: "Sở Một", Abbr: "SM", Kind: "so", Level: org.LevelProvince},
		{ID: Commune, Parent: Province, Name: "Ủy ban nhân dân xã Thử", Short: "UBND xã Thử", Abbr: "UBND", Place: "xã Thử", Kind: org.KindCommittee, Level: org.LevelCommune},
		{ID: Body, Parent: Commune, Owner: Commune, Name: "Văn phòng", Kind: org.KindSection, Level: org.LevelCommune},
		{ID: OneCommune, Parent: Province, Name: "Ủy ban nhân dân xã Một", Short: "UBND xã Một", Abbr: "UBND", Place: "xã Một", Kind: org.KindCommittee, Level: org.LevelCommune},
	} {
		u.Since, u.Invented = since, true
		if err := org.AddUnit(tx, maker, u); err != nil {
			return err
		}
	}
	return nil
}

// An officer in each role, and two in one section, for what one of them may and the other not.
func officePeople(tx *db.Tx) error {
	for _, p := range []org.Post{
		{Officer: Leader, Unit: Department, Role: org.Leader, Title: "Giám đốc"},
		{Officer: Deputy, Unit: Department, Role: org.Leader, Title: "Phó Giám đốc", Deputy: true},
		{Officer: Clerk, Unit: Department, Role: org.Clerk, Title: "Văn thư"},
		{Officer: HeadA, Unit: Department, Section: SectionA, Role: org.Head, Title: "Trưởng phòng A"},
		{Officer: HeadB, Unit: Department, Section: SectionB, Role: org.Head, Title: "Trưởng phòng B"},
		{Officer: OfficerA, Unit: Department, Section: SectionA, Role: org.Specialist, Title: "Chuyên viên"},
		{Officer: OfficerA2, Unit: Department, Section: SectionA, Role: org.Specialist, Title: "Chuyên viên"},
		{Officer: OfficerB, Unit: Department, Section: SectionB, Role: org.Specialist, Title: "Chuyên viên"},
		{Officer: UnitAdmin, Unit: Department, Role: org.Admin, Title: "Quản trị"},
		{Officer: CommuneLeader, Unit: Commune, Role: org.Leader, Title: "Chủ tịch"},
		{Officer: CommuneDeputy, Unit: Commune, Role: org.Leader, Title: "Phó Chủ tịch", Deputy: true},
		{Officer: CommuneClerk, Unit: Commune, Role: org.Clerk, Title: "Văn thư"},
		{Officer: CommuneHead, Unit: Commune, Section: Body, Role: org.Head, Title: "Chánh Văn phòng"},
		{Officer: CommuneOfficer, Unit: Commune, Section: Body, Role: org.Specialist, Title: "Công chức"},
		{Officer: OneLeader, Unit: OneStep, Role: org.Leader, Title: "Giám đốc"},
		{Officer: OneOfficer, Unit: OneStep, Role: org.Specialist, Title: "Chuyên viên"},
		{Officer: OneCommuneLeader, Unit: OneCommune, Role: org.Leader, Title: "Chủ tịch"},
		{Officer: Outsider, Unit: Province, Role: org.Specialist, Title: "Chuyên viên"},
	} {
		name := "Người Thử " + string(p.Officer)
		if _, err := org.AddOfficer(tx, maker, p.Unit, org.Officer{ID: p.Officer, Name: name, Invented: true}); err != nil {
			return err
		}
		p.Since = since
		if _, err := org.AssignPost(tx, maker, p); err != nil {
			return err
		}
	}
	return nil
}

// What the deputies are in charge of; without it they sign nothing.
func officeCharges(tx *db.Tx) error {
	for _, c := range []org.Charge{
		{Officer: Deputy, Unit: Department, Fields: []string{Field}, Number: "01/TB-ST"},
		{Officer: CommuneDeputy, Unit: Commune, Whole: true, Number: "01/TB-UBND"},
	} {
		c.Date, c.Since = since, since
		if err := org.SetCharge(tx, maker, c); err != nil {
			return err
		}
	}
	return nil
}

// officePaths sets the paths of each unit itself, so that a test sees all of them here.
func officePaths(tx *db.Tx) error {
	full := []org.Step{
		{Stage: org.Draft, Role: org.Specialist}, {Stage: org.Review, Role: org.Head},
		{Stage: org.Sign, Role: org.Leader}, {Stage: org.Release, Role: org.Clerk},
	}
	for unit, steps := range map[org.UnitID][]org.Step{
		Department: full, Commune: full,
		OneStep: {{Stage: org.Release, Role: org.Leader}}, OneCommune: {{Stage: org.Release, Role: org.Leader}},
	} {
		if err := org.SetPath(tx, maker, unit, "", steps); err != nil {
			return err
		}
	}
	return nil
}
