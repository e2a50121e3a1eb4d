package web

import (
	"cmp"
	"slices"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// boardHidden keeps what the form of filters does not ask.
func boardHidden(f board.Filter) (all []ui.Hidden) {
	all = append(all, ui.Hidden{Name: "rule", Value: f.Rule})
	for _, u := range f.Units {
		all = append(all, ui.Hidden{Name: "unit", Value: string(u)})
	}
	for _, h := range []ui.Hidden{{Name: "by", Value: string(f.By)}, {Name: "state", Value: f.State}, {Name: "outcome", Value: string(f.Outcome)}, {Name: "cause", Value: string(f.Cause)}} {
		if h.Value != "" {
			all = append(all, h)
		}
	}
	return all
}

// boardFilters are what people narrow a board by. Who leads one unit chooses no deputy
// of the province.
func boardFilters(tx *db.Tx, b *board.Board, f board.Filter) (all []ui.Input, err error) {
	fields, err := petition.Fields(tx)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return nil, err
	}
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Value: f.Field}
	for _, c := range fields {
		field.Options = append(field.Options, ui.Option{Value: c.ID, Label: c.Name})
	}
	commune := ui.Input{Name: "commune", Label: "Xã, phường kiến nghị", Value: string(f.Commune)}
	communes, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(communes, func(a, b org.Unit) int { return cmp.Compare(a.Short, b.Short) })
	for _, u := range communes {
		commune.Options = append(commune.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	all = []ui.Input{field, areaFilter(communes, f), commune}
	if b.All {
		desk, err := deskFilter(tx, f)
		if err != nil {
			return nil, err
		}
		if len(desk.Options) > 0 {
			all = append(all, desk)
		}
		charge, err := chargeFilter(tx, f)
		if err != nil {
			return nil, err
		}
		if len(charge.Options) > 0 {
			all = append(all, charge)
		}
	}
	to := f.To.String()
	if to == openEnd {
		to = ""
	}
	return append(all, ui.Input{Name: "from", Label: "Việc đã xong: hạn từ ngày", Type: "date", Value: f.From.String()},
		ui.Input{Name: "to", Label: "đến ngày", Type: "date", Value: to}), nil
}

// chargeFilter offers the vice chairmen of the province by the fields in their charge.
func chargeFilter(tx *db.Tx, f board.Filter) (in ui.Input, err error) {
	in = ui.Input{Name: "charge", Label: "Phó Chủ tịch phụ trách", Value: string(f.Charge)}
	if f.Charge == board.Everything { // else a filter that changes would narrow it again
		in.Options = append(in.Options, ui.Option{Value: string(board.Everything), Label: "mọi lĩnh vực, địa bàn"})
	}
	top, err := org.Units(tx, org.Filter{Level: org.LevelProvince, Kind: org.KindCommittee})
	if err != nil {
		return in, err
	}
	for _, u := range top {
		all, err := board.ChargedIn(tx, u.ID)
		if err != nil {
			return in, err
		}
		for _, c := range all {
			in.Options = append(in.Options, ui.Option{Value: string(c.Officer), Label: c.Name})
		}
	}
	return in, nil
}
