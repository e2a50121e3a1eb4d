package org

import (
	"slices"

	"lienthong/internal/workday"
)

// Ids are types, so that a unit cannot be passed where an officer is wanted.
type (
	UnitID    string // the id of agencies.csv; a commune's code of units.csv; code + "." + id for a body of a commune; unit + "/" + slug for a section
	OfficerID string
	PostID    string
)

// A Role is what the holder of a post does in the unit. It is the office's word for
// the part somebody plays on a paper's way, not a title; titles are data.
type Role string

// The parts that posts play inside a unit.
const (
	Leader     Role = "leader"     // lãnh đạo cơ quan: directs, signs
	Head       Role = "head"       // trưởng phòng: directs the section, reviews drafts
	Specialist Role = "specialist" // chuyên viên: drafts
	Clerk      Role = "clerk"      // văn thư: registers, numbers, releases
	Desk       Role = "desk"       // chuyên viên theo dõi của Văn phòng UBND tỉnh
	Admin      Role = "admin"      // quản trị của đơn vị
)

// A Capacity is how a signer signs (thể thức đề ký, NĐ 30/2020): each has its own
// basis, checked at the moment of signing.
type Capacity string

// The capacities of NĐ 30/2020, Annex I.
const (
	Own       Capacity = ""     // the head signs in the unit's own name
	ForAll    Capacity = "TM."  // thay mặt tập thể
	ForHead   Capacity = "KT."  // ký thay: a deputy, in the charge he holds
	ByOrder   Capacity = "TL."  // thừa lệnh
	Delegated Capacity = "TUQ." // thừa uỷ quyền: only on a written authorisation
	Acting    Capacity = "Q."   // quyền
)

// A Post (chức danh) is what an officer holds in a unit; one person may hold several.
type Post struct {
	ID      PostID
	Officer OfficerID
	Unit    UnitID // the unit whose acts it shares in: a department, a commune …
	Section UnitID // the section (phòng) inside the unit, "" when it stands above sections
	Role    Role
	Title   string       // chức danh as it is written: "Phó Giám đốc"
	Deputy  bool         // a deputy of the unit or section: signs KT. in his charges
	Acting  bool         // acting head (quyền): signs Q.
	Since   workday.Date // a post may begin later
	Until   workday.Date // the first day on which it is no longer held; zero: standing
}

// An Actor is who acts: an officer with the posts held now, or the system itself.
// Post is the post in which the act is done; access.Pick chooses it when the
// officer did not.
type Actor struct {
	Officer  OfficerID
	Name     string
	Posts    []Post      // those of today
	Post     Post        // the one he acts from
	Capacity Capacity    // only where he signs
	System   string      // the part of the program that acts by itself ("sweep"), else ""
	Cover    []OfficerID // those whose work this officer does now (làm thay): work and reminders, no signature
	Root     bool        // administers the whole province: an Admin post in the unit above all
}

// System returns the actor for what the program does by itself.
func System(part string) Actor { return Actor{System: part} }

// Reader is the key under which membership rows say what this actor may read.
func (a Actor) Reader() string { return string(a.Officer) }

// In says whether the actor works in unit: holds any post there but that of its
// administrator, who keeps the system and has no part in the matters.
func (a Actor) In(unit UnitID) bool {
	return slices.ContainsFunc(a.Posts, func(p Post) bool { return p.Unit == unit && p.Role != Admin })
}

// Has says whether the actor holds a post of the role in unit.
func (a Actor) Has(unit UnitID, role Role) bool {
	return slices.ContainsFunc(a.Posts, func(p Post) bool { return p.Unit == unit && p.Role == role })
}

// As returns the actor acting in the given post, which must be one of his.
func (a Actor) As(p Post) Actor {
	a.Post = p
	return a
}
