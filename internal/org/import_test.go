package org_test

import (
	"fmt"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// TestImport: bad lines are named, a dry run changes nothing, a good file is taken whole.
func TestImport(t *testing.T) {
	const units = "id,parent,owner,name,kind\n" +
		"ban-moi,ubnd-tinh,,Ban Quản lý mới,ban\n" +
		"ban-moi/phong-a,ban-moi,ban-moi,Phòng A,phong\n" +
		"BAN,ubnd-tinh,,Chữ hoa,ban\n" +
		"ban-mo-coi,khong-co,,Ban mồ côi,ban\n" +
		"so-y-te,ubnd-tinh,,Sở Y tế,so\n" +
		"thieu-o,ubnd-tinh\n"
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, org.Seed)
		rows, bad := org.ImportUnits(strings.NewReader(units))
		if got := fmt.Sprint(lines(bad)); got != "[4 7]" {
			t.Errorf("lines refused by the file = %s, %v", got, bad)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			bad, err := org.CheckUnits(tx, rows)
			if got := fmt.Sprint(lines(bad)); got != "[5 6]" {
				t.Errorf("lines refused by the store = %s, %v", got, bad)
			}
			return err
		})
		kind(t, update(t, d, func(tx *db.Tx) error { _, err := org.SaveUnits(tx, admin, rows); return err }), fault.Invalid)
		lttest.View(t, d, func(tx *db.Tx) error {
			_, err := org.UnitOf(tx, "ban-moi")
			kind(t, err, fault.NotFound)
			return nil
		})
		lttest.Update(t, d, func(tx *db.Tx) error { _, err := org.SaveUnits(tx, admin, rows[:2]); return err })
		importOfficers(t, d)
	})
}

func importOfficers(t *testing.T, d *db.DB) {
	// the second name comes decomposed, from another system
	file := "\ufeffid,name,unit,section,role,title,deputy\n" +
		"an,Nguyễn Văn An,ban-moi,,leader,Trưởng ban,không\n" +
		"binh,Tra\u0302\u0300n Thi\u0323 Bình,ban-moi,,leader,Phó Trưởng ban,có\n" +
		"an,Nguyễn Văn An,ban-moi,ban-moi/phong-a,head,Trưởng phòng,\n" +
		"chi,Lê Thị Chi,ban-moi,,leader,Trưởng ban,không\n" +
		"dung,Phạm Dũng,ban-moi,,clerk,Văn thư,chắc\n"
	rows, bad := org.ImportOfficers(strings.NewReader(file))
	if got := fmt.Sprint(lines(bad)); got != "[6]" {
		t.Errorf("lines refused by the file = %s, %v", got, bad)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		bad, err := org.CheckOfficers(tx, rows)
		if got := fmt.Sprint(lines(bad)); got != "[5]" {
			t.Errorf("lines refused by the store = %s, %v", got, bad)
		}
		return err
	})
	lttest.Update(t, d, func(tx *db.Tx) error { _, err := org.SaveOfficers(tx, admin, rows[:3]); return err })
	lttest.View(t, d, func(tx *db.Tx) error {
		found, err := org.FindOfficers(tx, "TRAN THI", 5)
		if err != nil || len(found) != 1 || found[0].Name != "Trần Thị Bình" {
			t.Errorf("FindOfficers = %+v, %v", found, err)
		}
		a, err := org.ActorOf(tx, "an")
		if len(a.Posts) != 2 {
			t.Errorf("posts of one person on two lines = %+v", a.Posts)
		}
		return err
	})
	if got := strings.Join(readers(t, d, "an"), " "); got != "all o:an u:ban-moi u:ban-moi/phong-a" {
		t.Errorf("an reads %s", got)
	}
	for _, heading := range []string{"", "id,name\n", "id,name,unit,role,title,mat-khau\n"} {
		if _, bad := org.ImportOfficers(strings.NewReader(heading)); len(bad) != 1 || bad[0].Line != 1 {
			t.Errorf("heading %q: %v", heading, bad)
		}
	}
}

func lines(bad []org.LineError) (all []int) {
	for _, b := range bad {
		all = append(all, b.Line)
	}
	return all
}
