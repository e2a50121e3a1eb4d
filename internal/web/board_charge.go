package web

import (
	"slices"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// presetCharge opens a board to a deputy with the fields and areas in his charge, as long as he
// has asked for nobody's. What he widened to all stays wide in every address that follows
// from it; the empty choice of the form of filters, asked, widens too. own says that he has a
// charge which is not everything.
func presetCharge(tx *db.Tx, who org.Actor, f board.Filter, asked bool) (_ board.Filter, own bool, err error) {
	charges, err := org.ChargesOf(tx, who.Officer)
	if err != nil || len(charges) == 0 {
		return f, false, err
	}
	units, whole, err := board.InCharge(tx, who.Officer)
	if err != nil || whole || len(units) == 0 {
		return f, false, err
	}
	switch {
	case f.Charge != "":
	case asked:
		f.Charge = board.Everything
	default:
		f.Charge = who.Officer
	}
	return f, true, nil
}

// chargeHidden keeps the charge where the form of filters does not ask for it.
func chargeHidden(f board.Filter, filters []ui.Input) (all []ui.Hidden) {
	if f.Charge != "" && !slices.ContainsFunc(filters, func(i ui.Input) bool { return i.Name == "charge" }) {
		all = append(all, ui.Hidden{Name: "charge", Value: string(f.Charge)})
	}
	return all
}

// chargeChips say whose part is shown to somebody with a charge of his own, and lead from it
// to all and back.
func chargeChips(f board.Filter, own bool, path func(board.Filter) string) []ui.Chip {
	if !own {
		return nil
	}
	if f.Charge == board.Everything {
		f.Charge = ""
		return []ui.Chip{{Text: "Mọi lĩnh vực, địa bàn"}, {Text: "Về phần tôi phụ trách", Href: path(f)}}
	}
	f.Charge = board.Everything
	return []ui.Chip{{Text: "Chỉ lĩnh vực, địa bàn phụ trách"}, {Text: "Xem tất cả", Href: path(f)}}
}
