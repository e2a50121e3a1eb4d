// Package access decides who may read a case and who may act on it.
//
// Reading is data: casefile writes who may read which case, org writes what an
// officer's posts let him read, and every list, count, search and feed joins the two
// through Visible, so that a list never shows what Get would refuse. Acting is a
// pure rule: an Act names the parties and parts of an office that may do it, and May
// compares them with the actor's posts. The package knows no slice and no regulation.
package access

import (
	"slices"

	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Function is what a unit is on one case (words.md: Lead, Coordinating, Requested).
type Function string

// The functions a unit can hold on a case.
const (
	Raiser       Function = "raiser"       // đơn vị kiến nghị
	Lead         Function = "lead"         // chủ trì
	Coordinating Function = "coordinating" // phối hợp
	Requested    Function = "requested"    // được đề nghị
	Former       Function = "former"       // đã giữ việc, đã chuyển đi
	Overseer     Function = "overseer"     // cơ quan theo dõi, đôn đốc
	Told         Function = "told"         // để biết
)

// Facts are what May needs to know of a case: which units hold which function, and
// the officers to whom the matter was directed.
type Facts struct {
	Units    map[Function][]org.UnitID // who stands where on the case
	Officers []org.OfficerID           // in charge or co-working inside the units
}

// A Grant lets the holders of the roles, in a unit that has the function, do an act.
type Grant struct {
	Of       Function   // as what the unit must stand on it
	Roles    []org.Role // which posts of it; none for any
	Directed bool       // also the officers to whom the matter was directed
}

// An Act is something a slice lets people do to a case. Name is its key in the log
// of refusals; Say completes the sentence "Anh/chị không có quyền …".
type Act struct {
	Name string // in logs and tests
	Say  string // in refusals, in Vietnamese
	By   []Grant
}

// May returns nil when the actor may do the act on a case with these facts, in the
// post he acts in or, when he chose none, in any of his posts. The program itself
// may do everything: what it does is a rule's consequence.
func May(who org.Actor, act Act, f Facts) error {
	_, err := Pick(who, act, f)
	return err
}

// Pick is May that also returns the actor in the post that allows the act: one
// person may hold several posts, and the trace must say in which one he acted.
func Pick(who org.Actor, act Act, f Facts) (org.Actor, error) {
	if who.System != "" {
		return who, nil
	}
	posts := who.Posts
	if who.Post.ID != "" {
		posts = []org.Post{who.Post}
	}
	for _, p := range posts {
		if allows(who, p, act, f) {
			return who.As(p), nil
		}
	}
	return who, fault.Refuse(fault.Denied, "Anh/chị không có quyền %s.", act.Say)
}

// Whether one post may do the act. A grant asks for a role in the right unit, or for having been directed
// to the matter there.
func allows(who org.Actor, p org.Post, act Act, f Facts) bool {
	for _, g := range act.By {
		if !slices.Contains(f.Units[g.Of], p.Unit) {
			continue
		}
		if slices.Contains(g.Roles, p.Role) || g.Directed && directed(who, f) {
			return true
		}
	}
	return false
}

// directed says whether the matter was directed to the officer or to one whose work he
// does (làm thay): work goes with a cover, a role does not.
func directed(who org.Actor, f Facts) bool {
	return slices.ContainsFunc(f.Officers, func(o org.OfficerID) bool {
		return o == who.Officer || slices.Contains(who.Cover, o)
	})
}

// Visible is the one SQL condition under which a reader sees a case: a current
// reader row that one of his memberships matches, or a membership in those who
// oversee the case's kind. caseID is the column with the case's id, reader the
// placeholder of org.Actor.Reader.
//
// OFFSET 0 keeps PostgreSQL from reading every reader row into a hash before it looks at
// the first case of a page: each case of a list asks its own few rows.
func Visible(caseID, reader string) string {
	return `(EXISTS (SELECT 1 FROM case_reader vr JOIN membership vm ON vm.reader = vr.reader` +
		` WHERE vr.case_id = ` + caseID + ` AND vr.until_at IS NULL AND vm.actor = ` + reader + ` LIMIT 1 OFFSET 0)` +
		` OR EXISTS (SELECT 1 FROM casefile vc JOIN membership vm ON vm.reader = vc.scope` +
		` WHERE vc.id = ` + caseID + ` AND vm.actor = ` + reader + ` LIMIT 1 OFFSET 0))`
}
