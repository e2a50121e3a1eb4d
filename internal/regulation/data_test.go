package regulation

import (
	"slices"
	"testing"
	"unicode/utf8"
)

// The counts of the map of duties, by text and by area: rows, and those that software
// can carry. A row lost or an area mistyped shows here.
func TestClauseCounts(t *testing.T) {
	lib := library(t)
	rows := map[string][2]int{"PT06": {98, 90}, "PT1537": {59, 59}, "ND-UBT": {51, 46}, "TX108": {148, 142}, "CP2283": {117, 114}}
	areas := map[string][2]int{
		"M01": {20, 20}, "M02": {36, 36}, "M03": {29, 29}, "M04": {15, 15}, "M05": {32, 32}, "M06": {17, 17},
		"M07": {40, 40}, "M08": {10, 10}, "M09": {67, 67}, "M10": {9, 9}, "M11": {32, 32}, "M12": {23, 23},
		"M13": {69, 52}, "M14": {28, 25}, "M15": {24, 24}, "M16": {5, 5}, "M17": {1, 1}, "M18": {16, 14},
	}
	gotRows, gotAreas, all, operable := map[string][2]int{}, map[string][2]int{}, 0, 0
	for id, r := range lib.Regulations {
		for i := range r.Clauses {
			c, n, m := &r.Clauses[i], gotRows[id], gotAreas[r.Clauses[i].Area]
			n[0], m[0], all = n[0]+1, m[0]+1, all+1
			if c.CanOperate() {
				n[1], m[1], operable = n[1]+1, m[1]+1, operable+1
			}
			gotRows[id], gotAreas[c.Area] = n, m
		}
	}
	if all != 473 || operable != 451 {
		t.Errorf("%d rows, %d operable, want 473 and 451", all, operable)
	}
	for id, want := range rows {
		if gotRows[id] != want {
			t.Errorf("%s: rows and operable %v, want %v", id, gotRows[id], want)
		}
	}
	for area, want := range areas {
		if gotAreas[area] != want {
			t.Errorf("%s: rows and operable %v, want %v", area, gotAreas[area], want)
		}
	}
}

// Every clause that data cites must exist: those of rules that wait for a key too, and
// those that carry a consequence.
func TestEveryCitedClauseExists(t *testing.T) {
	lib := library(t)
	see := func(where string, ids ...ClauseID) {
		for _, id := range ids {
			if _, ok := lib.Clause(id); !ok {
				t.Errorf("%s cites %s, which does not exist", where, id)
			}
		}
	}
	for _, r := range lib.Regulations {
		if r.FromClause != "" {
			see(r.ID, r.FromClause)
		}
		for i := range r.Clauses {
			see(string(r.Clauses[i].ID), clauseIDs(r.Clauses[i].Breach)...)
		}
		for _, f := range r.Fields {
			see(f.ID, f.Clause)
		}
		for _, rule := range slices.Concat(r.Rules, r.Later) {
			see(r.ID+" "+rule.Key, rule.Clauses...)
			for _, v := range rule.Params {
				see(r.ID+" "+rule.Key, v.Clauses...)
			}
		}
	}
	for _, p := range lib.Profiles {
		for _, row := range slices.Concat(p.Fields, p.Holes) {
			see(p.ID, row.Clauses...)
		}
		for _, row := range p.Roles {
			see(p.ID, row.Clauses...)
		}
	}
}

func TestFieldNamesAreShort(t *testing.T) {
	for _, f := range library(t).Regulations["PT06"].Fields {
		if n := utf8.RuneCountInString(f.Name); n > 100 {
			t.Errorf("%s has a name of %d letters", f.ID, n)
		}
	}
}
