package web

import (
	"net/url"
	"slices"

	"lienthong/internal/export"
	"lienthong/internal/web/ui"
)

// usualColumns are what a row of petitions tells when its reader chose nothing; the title
// is always there, it is what one clicks.
var usualColumns = []string{"code", "commune", "lead", "state", "outcome", "opened", "due"}

// A columnsBar are the boxes to tick above a list: what each row tells. The choice stands in
// the address, so that a kept filter and the sheet have it too.
type columnsBar struct {
	Action string
	Hidden []ui.Hidden // the filters of the address stay
	All    []ui.Option // ticked or not
	Reset  string      // back to the usual ones; "" while they are shown
}

// chosenColumns reads the columns of an address. The usual ones are no choice: the address
// and the kept filter stay as short as they were.
func chosenColumns(values []string) ([]string, error) {
	keys, err := export.ChosenOf(values, export.PetitionColumns)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "title" })
	if len(keys) == len(usualColumns) && !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(usualColumns, k) }) {
		return nil, nil
	}
	if len(keys) == 0 {
		keys = []string{"title"} // chosen was the title alone
	}
	return keys, nil
}

// columnsOf draws the boxes for a list under the filters of q.
func columnsOf(action string, q url.Values) (v columnsBar) {
	v.Action = action
	chosen := q["columns"]
	for _, name := range sortedNames(q) {
		for _, one := range q[name] {
			if name != "columns" {
				v.Hidden = append(v.Hidden, ui.Hidden{Name: name, Value: one})
			}
		}
	}
	if len(chosen) > 0 {
		rest := url.Values{}
		for _, h := range v.Hidden {
			rest.Add(h.Name, h.Value)
		}
		v.Reset = action + query(rest)
	}
	for _, c := range export.PetitionColumns {
		if c.Key != "title" {
			v.All = append(v.All, ui.Option{Value: c.Key, Label: c.Title, Chosen: tells(chosen, c.Key)})
		}
	}
	return v
}

// tells says whether a row tells the column.
func tells(chosen []string, key string) bool {
	if len(chosen) == 0 {
		return slices.Contains(usualColumns, key)
	}
	return slices.Contains(chosen, key)
}

// sheetColumns are those of the page as the sheet takes them: the title comes along, and
// with no choice the sheet has all.
func sheetColumns(values []string) ([]string, error) {
	keys, err := chosenColumns(values)
	if err != nil || len(keys) == 0 || slices.Contains(keys, "title") {
		return keys, err
	}
	return append(keys, "title"), nil
}
