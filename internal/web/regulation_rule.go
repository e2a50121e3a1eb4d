package web

import (
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// A ruleView is one rule in words.
type ruleView struct {
	Name, Href, Basis string // the key in words, where it leads, its clause
	Chips             []ui.Chip
	Facts, Values     []ui.Fact
	Notes             []string
}

// short is the rule's values in one line, for a table.
func (v ruleView) short() string {
	var all []string
	for _, f := range v.Values {
		if len(f.Values) > 0 {
			all = append(all, lower(f.Label)+": "+f.Values[0].Label)
		}
	}
	return strings.Join(all[:min(len(all), 3)], "; ")
}

// ruleOf puts one rule into words.
func ruleOf(n *names, rb *regulation.Rulebook, a regulation.Applied) ruleView {
	v := ruleView{Name: keyName(a.Key), Href: "/regulations/rules/" + a.Key, Basis: a.Basis()}
	switch {
	case a.Regulation == "":
		v.Chips = append(v.Chips, ui.Chip{Text: "cài đặt của đơn vị", Tone: ui.Info})
	case a.Model:
		v.Chips = append(v.Chips, ui.Chip{Text: "theo mẫu, chưa có hiệu lực ở tỉnh này", Tone: ui.Soon})
	}
	v.Facts = []ui.Fact{{Label: "Căn cứ", Values: clauseLinks(rb, a)}, {Label: "Áp dụng cho", Values: []ui.Link{{Label: boundUnits(n, a)}}}}
	if a.Note != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: "Ghi chú", Values: []ui.Link{{Label: a.Note}}})
	}
	for _, param := range a.Params() {
		v.Values = append(v.Values, valueFact(n, rb, a, param))
	}
	slices.SortStableFunc(v.Values, func(x, y ui.Fact) int {
		first := func(f ui.Fact) int {
			if f.Label == paramNames["limit"] {
				return 0
			}
			return 1
		}
		return first(x) - first(y)
	})
	return v
}

// ruleWith is ruleOf with the rules over the same units that say otherwise.
func ruleWith(n *names, rb *regulation.Rulebook, a regulation.Applied, tx *db.Tx) ruleView {
	v := ruleOf(n, rb, a)
	of := a.Units()
	if len(of) == 0 {
		of = []string{""}
	}
	for _, u := range of {
		found, err := rb.Rule(a.Key, tx.Now, regulation.UnitID(u), "")
		if err != nil {
			continue // the key is off or begins later: said elsewhere
		}
		for _, other := range append([]regulation.Applied{found}, found.Disagree...) {
			if len(found.Disagree) > 0 && other.Basis() != a.Basis() {
				v.Notes = append(v.Notes, "Có quy định khác về cùng đơn vị: "+other.Basis()+" ("+ruleOf(n, rb, other).short()+"). Hai quy định được hiện cả hai.")
			}
		}
	}
	slices.Sort(v.Notes)
	v.Notes = slices.Compact(v.Notes)
	return v
}

// clauseLinks cite the clauses of a rule; a setting of the office says that it is one.
func clauseLinks(rb *regulation.Rulebook, a regulation.Applied) (all []ui.Link) {
	for _, id := range a.Clauses {
		all = append(all, ui.Link{Label: rb.Citation(id), Href: clausePath(id)})
	}
	if len(all) == 0 {
		all = []ui.Link{{Label: "cài đặt của đơn vị"}}
	}
	return all
}

// groupNames are the names that regulations give to many units at once.
var groupNames = map[string]string{"so-nganh": "các sở, ngành", "ubnd-cap-xa": "UBND các xã, phường", "requested": "cơ quan ngành dọc, doanh nghiệp (đề nghị)"}

// boundUnits says whom a rule binds, with the common names that regulations use.
func boundUnits(n *names, a regulation.Applied) string {
	if len(a.Units()) == 0 {
		return "mọi đơn vị"
	}
	var all []string
	for _, u := range a.Units() {
		if name, ok := groupNames[u]; ok {
			all = append(all, name)
			continue
		}
		all = append(all, n.unit(regulation.UnitID(u)))
	}
	return strings.Join(all, "; ")
}

// valueFact is one value of a rule in words, with the clause it rests on where that is
// not the rule's own, and the mark where the text leaves it open.
func valueFact(n *names, rb *regulation.Rulebook, a regulation.Applied, param string) ui.Fact {
	label := paramNames[param]
	if label == "" {
		label = param
	}
	f := ui.Fact{Label: label}
	limits := a.Limits(param)
	for i, word := range a.List(param) {
		l := ui.Link{Label: wordOf(n, rb, a, param, word)}
		if i < len(limits) {
			l.Label = limits[i].Words()
			if param == "before" {
				l.Label += " trước ngày cuối"
			}
		}
		f.Values = append(f.Values, l)
	}
	if own := a.ClausesOf(param); len(own) > 0 && !slices.Equal(own, a.Clauses) {
		for _, id := range own {
			f.Values = append(f.Values, ui.Link{Label: "theo " + rb.Citation(id), Href: clausePath(id)})
		}
	}
	if note := a.NoteOf(param); note != "" {
		f.Values = append(f.Values, ui.Link{Label: "chưa nêu rõ: " + note})
	}
	return f
}

// wordOf puts one value into words: a role is the unit that plays it today.
func wordOf(n *names, rb *regulation.Rulebook, a regulation.Applied, param, word string) string {
	for _, role := range a.Roles(param) {
		if role.Role == word && role.Unit != "" {
			return n.unit(role.Unit)
		}
	}
	if name, ok := wordNames[word]; ok {
		return name
	}
	return word
}

// fieldRows are the fields at the top of the catalogue with the unit that has each, its
// clauses and marks, and the parts that go the same way in one line; a part that goes
// elsewhere has a row of its own. A declared hole says so.
func fieldRows(n *names, rb *regulation.Rulebook, tx *db.Tx) (t ui.Table, holes int) {
	t = ui.Table{Caption: "Lĩnh vực và cơ quan phụ trách, ngày " + workday.Of(tx.Now).Long(),
		Cols: []ui.Col{{Label: "Lĩnh vực"}, {Label: "Cơ quan"}, {Label: "Căn cứ"}, {Label: "Gồm"}, {Label: "Ghi chú"}}}
	above := map[string]int{} // the row of a field
	for _, f := range rb.Catalogue() {
		row, hole := fieldRow(n, rb, f, tx)
		if hole {
			holes++
		}
		at, part := above[f.Parent]
		if part && !hole && t.Rows[at][1] == row[1] {
			t.Rows[at][3].Text = strings.TrimPrefix(t.Rows[at][3].Text+"; "+f.Name, "; ")
			above[f.ID] = at // its own parts stand with it
			continue
		}
		if part {
			row[0].Text = t.Rows[at][0].Text + " › " + f.Name
		}
		above[f.ID] = len(t.Rows)
		t.Rows = append(t.Rows, row)
	}
	return t, holes
}

// fieldRow is one field: its unit, the clause that says so, its marks.
func fieldRow(n *names, rb *regulation.Rulebook, f regulation.Field, tx *db.Tx) (row []ui.Cell, hole bool) {
	r, err := rb.UnitFor(f.ID, tx.Now)
	if err != nil { // its row begins later or has ended: the only refusal of a field in the list
		return []ui.Cell{{Text: f.Name}, {Text: "chưa có cơ quan phụ trách hôm nay", Tone: ui.Soon}, {Text: rb.Citation(f.Clause), Href: clausePath(f.Clause)}, {}, {}}, false
	}
	unit, note := ui.Cell{Text: n.unit(r.Unit)}, r.Note
	if r.Hole {
		unit = ui.Cell{Text: "quy chế chưa nêu; chuyển " + n.unit(r.Unit), Tone: ui.Soon}
	}
	for _, o := range r.Overlaps {
		note = strings.TrimSpace(note + " Trùng với lĩnh vực khác: " + o.Note)
	}
	basis := ui.Cell{}
	if len(r.Clauses) > 0 {
		basis = ui.Cell{Text: rb.Citation(r.Clauses[0]), Href: clausePath(r.Clauses[0])}
	}
	return []ui.Cell{{Text: f.Name}, unit, basis, {}, {Text: note}}, r.Hole
}
